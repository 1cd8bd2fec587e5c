"""Many runs: comparisons, checks, evidence, studies and their analyses, and work for people who watch."""
