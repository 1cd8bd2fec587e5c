"""The first page: what this is, my country, a question with a surprise, scenarios."""
