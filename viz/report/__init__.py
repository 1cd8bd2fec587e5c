"""The report of a run or of a comparison: one HTML file that opens offline, written by `build`."""
