"""The page Explore: levers, the map, and the panels beside it."""
