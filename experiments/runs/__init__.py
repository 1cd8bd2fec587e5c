"""One run or two: running a scenario, what it leaves behind, and how it is repeated and compared."""
