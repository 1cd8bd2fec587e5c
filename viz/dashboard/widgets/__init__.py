"""Widgets of our own: plain JavaScript, no library."""
