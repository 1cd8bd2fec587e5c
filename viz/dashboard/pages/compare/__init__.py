"""The page Compare: two scenarios and their difference."""
