"""Findings of a study, drawn: as charts, as a report that opens offline, and in the terminal."""
