"""The compiled months and Januaries."""
