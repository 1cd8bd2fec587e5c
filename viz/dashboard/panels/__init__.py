"""Numbers into words, tables and pictures: functions that need no browser."""
