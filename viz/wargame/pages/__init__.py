"""A file a page: what a reader may see, made ready for its template."""
