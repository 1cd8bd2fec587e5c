"""What people see and drive: the command line, the report, the dashboard."""
