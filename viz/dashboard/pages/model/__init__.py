"""The page Model: the diagram, assumptions, sources and checks."""
