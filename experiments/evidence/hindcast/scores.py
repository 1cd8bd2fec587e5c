"""Scores of forecasts against what happened, paired differences with intervals, reliability.

Every score is a loss, the smaller the better, but AUC and Spearman's rank correlation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata, spearmanr

LEAST_CHANCE = 1e-3  # chances are kept this far from 0 and 1, so that one surprise does not outweigh all else
GAINS = ("auc", "spearman")  # the larger the better


def log_score(chance: np.ndarray, happened: np.ndarray) -> float:
    """Mean of -ln of the chance that was given to what happened, in nats."""
    kept = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(-np.mean(np.where(happened > 0, np.log(kept), np.log(1 - kept))))


def brier(chance: np.ndarray, happened: np.ndarray) -> float:
    """Mean squared difference of chance and event."""
    return float(np.mean((chance - happened) ** 2))


def auc(chance: np.ndarray, happened: np.ndarray) -> float:
    """The chance that a country with the event was ranked above one without; ties count half. NaN without both."""
    events = happened > 0
    number, others = int(events.sum()), int((~events).sum())
    if not number or not others:
        return float("nan")
    return float((rankdata(chance)[events].sum() - number * (number + 1) / 2) / (number * others))


def spearman(values: np.ndarray, seen: np.ndarray) -> float:
    """Rank correlation; NaN where either is the same everywhere."""
    if np.ptp(values) == 0 or np.ptp(seen) == 0:
        return float("nan")
    return float(spearmanr(values, seen).statistic)


def crps(draws: np.ndarray, seen: float) -> float:
    """Continuous ranked probability score of draws, E|X - x| - E|X - X'| / 2, in the unit of what is seen.

    With the fair correction for a finite number of draws (Ferro 2014, QJRMS 140).
    """
    draws, number = np.sort(np.asarray(draws, dtype=float)), len(draws)
    off = np.abs(draws - seen).mean()
    if number < 2:
        return float(off)
    # sum over pairs of |x_i - x_j| from the order: sum_i (2 i - n + 1) x_i
    pairs = 2.0 * ((2 * np.arange(number) - number + 1) * draws).sum()
    return float(off - pairs / (2.0 * number * (number - 1)))


def log_of_count(draws: np.ndarray, seen: int) -> float:
    """-ln of the share of draws that are the count seen, each count given half a draw more (Jeffreys)."""
    largest = int(max(draws.max(), seen)) + 1
    return float(-np.log(((draws == seen).sum() + 0.5) / (len(draws) + 0.5 * (largest + 1))))


YES_NO = {"log": log_score, "brier": brier, "auc": auc}


def resampled(blocks: np.ndarray, number: int, seed: int) -> np.ndarray:
    """Positions of countries, drawn with replacement within each block, (number, countries)."""
    rng = np.random.default_rng(seed)
    places = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    return np.concatenate([rng.choice(place, (number, len(place))) for place in places], axis=1)


def interval(values: np.ndarray, share: float) -> tuple[float, float]:
    """The middle `share` of resampled values; NaN are left out."""
    low, high = np.nanquantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def paired(
    score: Callable[[np.ndarray, np.ndarray], float],
    ours: np.ndarray,
    theirs: np.ndarray,
    seen: np.ndarray,
    samples: np.ndarray,
) -> np.ndarray:
    """Score of ours less that of theirs on each resample of the same countries, (samples,)."""
    return np.array([score(ours[one], seen[one]) - score(theirs[one], seen[one]) for one in samples])


def skill(ours: float, theirs: float) -> float:
    """1 - ours / theirs of a loss: 0 as good as the baseline, 1 perfect, below 0 worse."""
    return 1.0 - ours / theirs if theirs else float("nan")


def verdict(name: str, low: float, high: float) -> str:
    """What the interval of a paired difference says of the model."""
    better, worse = (low > 0, high < 0) if name in GAINS else (high < 0, low > 0)
    return "better" if better else "worse" if worse else "no difference shown"


def reliability(chance: np.ndarray, happened: np.ndarray, bins: int) -> list[tuple[float, float, int]]:
    """Mean chance, share that happened and number of countries, for bins of equal numbers by chance."""
    order = np.argsort(chance, kind="stable")
    return [
        (float(chance[part].mean()), float(happened[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    ]
