"""Means over runs, 95 % intervals of paired differences, and the band in which nine runs of ten lie.

Arrays lead with the run axis; what has no value in a run is NaN and does not count. Everything that reports, screens,
sweeps and stored measurements say about spread is computed here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEVEL = 0.95  # of every interval
NORMAL_95 = 1.959963984540054  # half-width of a 95 % interval in standard errors, of what is about normal
MIDDLE = (0.025, 0.975)  # the shares of draws between which the middle 95 % lie
BAND = (0.05, 0.95)  # the shares of runs between which a band lies
FEWEST_FOR_BAND = 5  # with fewer runs a band would be little more than the least and the largest
TOLERANCE = 1e-12  # differences of shares this small are rounding


class Interval(NamedTuple):
    """A mean over runs with its lower and upper end: numbers, or arrays of the same shape; NaN where there are none."""

    mean: np.ndarray | float
    low: np.ndarray | float = np.nan
    high: np.ndarray | float = np.nan

    @property
    def clear(self) -> np.ndarray | bool:
        """Whether the interval leaves out zero."""
        return (self.low > 0) | (self.high < 0)


def mean_over_runs(values: np.ndarray) -> np.ndarray:
    """Return the mean over the first axis, leaving out NaN; NaN where nothing is left."""
    total = values.sum(0)
    if len(values) and np.isfinite(total).all():  # nothing to leave out: the same bits without looking at every value
        return total / len(values)
    number = np.isfinite(values).sum(0)
    return np.where(number > 0, np.nansum(values, 0) / np.maximum(number, 1), np.nan)


def t_quantile(runs: np.ndarray | int) -> np.ndarray:
    """Return how many standard errors a 95 % interval reaches to either side of a mean of `runs`; NaN below two."""
    from scipy.special import stdtrit  # the t quantile, without the weight of scipy.stats

    runs = np.asarray(runs, dtype=float)
    levels, place = np.unique(runs, return_inverse=True)
    quantile = np.where(levels > 1, stdtrit(np.maximum(levels - 1, 1), (1 + LEVEL) / 2), np.nan)
    return quantile[place].reshape(runs.shape)


def half_width(deviation: np.ndarray | float, runs: np.ndarray | int) -> np.ndarray:
    """Return half the 95 % t-interval of a mean of `runs` values with this standard deviation; NaN below two runs."""
    return t_quantile(runs) * np.asarray(deviation, dtype=float) / np.sqrt(runs)


def paired_interval(differences: np.ndarray) -> Interval:
    """Return the mean of paired differences (runs, ...) and its 95 % t-interval over runs; no ends below two values."""
    values = _runs(differences)
    known = np.isfinite(values)
    number = len(values) if known.all() else known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / np.float64(number)
        squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
        half = half_width(np.sqrt(squares / np.maximum(np.float64(number) - 1, 1)), number)
    ends = Interval(mean, mean - half, mean + half)
    return ends if values.ndim > 1 else Interval(*(float(end) for end in ends))


def _runs(values: np.ndarray) -> np.ndarray:
    """As an array of float; of a single series only the runs that have a value."""
    values = np.asarray(values, dtype=float)
    return values[np.isfinite(values)] if values.ndim == 1 else values


def clear_of_zero(differences: np.ndarray) -> np.ndarray:
    """Return where the interval of the mean over runs leaves out 0, rounding apart; one run is taken at its word."""
    found = paired_interval(differences)
    if len(differences) < 2:
        return np.abs(np.nan_to_num(found.mean)) > 0
    return (found.low > TOLERANCE) | (found.high < -TOLERANCE)


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share that was counted, after Wilson (1927); from 0 to 1 where nothing was."""
    from scipy.stats import binomtest

    if not whole:
        return 0.0, 1.0
    found = binomtest(part, whole).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def few(runs: int) -> bool:
    """Return whether there are too few runs for a band."""
    return runs < FEWEST_FOR_BAND


def band(values: np.ndarray) -> Interval:
    """Return the mean over runs (first axis) with the 5th and 95th percentile; no ends where runs are few."""
    values = _runs(values)
    enough = ~few(np.isfinite(values).sum(axis=0))
    low, high = (np.where(enough, end, np.nan) for end in quantiles(values, BAND))
    found = Interval(mean_over_runs(values), low, high)
    return found if values.ndim > 1 else Interval(*(float(end) for end in found))


def quantiles(values: np.ndarray, shares: tuple[float, ...]) -> list[np.ndarray]:
    """Return quantiles over the first axis, interpolated as NumPy does, leaving out NaN; NaN where nothing is left."""
    values = np.asarray(values, dtype=float)
    if not len(values):
        return [np.full(values.shape[1:], np.nan) for _ in shares]
    ordered = np.sort(values, axis=0)  # NaN comes last
    if np.isfinite(ordered[-1]).all():
        pick = lambda place: ordered[place]  # noqa: E731
        last = len(ordered) - 1
    else:
        pick = lambda place: np.take_along_axis(ordered, place[np.newaxis], axis=0)[0]  # noqa: E731
        last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    found = []
    for share in shares:
        below = np.floor(share * last).astype(int)
        above, part = np.minimum(below + 1, last), share * last - below
        first, second = pick(below), pick(above)
        found.append(np.where(part < 0.5, first + (second - first) * part, second - (second - first) * (1 - part)))
    return found


def percentile_interval(draws: np.ndarray, axis: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the middle 95 % of bootstrap draws along `axis`; NaN where no draw has a value."""
    low, high = quantiles(np.moveaxis(np.asarray(draws, dtype=float), axis, 0), MIDDLE)
    return low, high
