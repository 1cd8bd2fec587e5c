"""The world map: country shapes, the tile grid, and the map of a report."""
