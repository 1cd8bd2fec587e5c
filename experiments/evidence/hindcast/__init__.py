"""The model against what happened: targets and readings declared before any score, outcomes, baselines, scores."""
