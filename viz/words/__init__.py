"""Sentences written from numbers, for the report, the dashboard and the terminal."""
