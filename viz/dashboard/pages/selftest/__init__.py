"""The page that says whether every part of the dashboard is there."""
