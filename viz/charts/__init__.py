"""Charts drawn as SVG text, for reports and the dashboard."""
