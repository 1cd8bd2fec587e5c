"""The mean of paired differences with its interval."""

from __future__ import annotations

import math

import numpy as np


def interval(differences_by_run: np.ndarray) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Mean over runs (first axis) and its 95% interval by Student's t; no bounds from one run."""
    runs = len(differences_by_run)
    mean = differences_by_run.mean(axis=0)
    if runs < 2:
        return mean, None, None
    from scipy.special import stdtrit

    half = float(stdtrit(runs - 1, 0.975)) * differences_by_run.std(axis=0, ddof=1) / math.sqrt(runs)
    return mean, mean - half, mean + half
