"""A file a page: what it asks of the queue, and what it shows of the answer."""
