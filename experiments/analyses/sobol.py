"""Sobol indices: which factors, alone and together, the variance of a measure comes from.

First order: the share of the variance that a factor accounts for by itself. Total: with everything that it does
together with others. Second order: what a pair does together beyond both alone. Estimators of Saltelli and others
(2010, Computer Physics Communications 181, 259-270) and, for pairs, Saltelli (2002, same journal 145, 280-297), as
SALib has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import sobol_wording
from stackcraft.experiments.analyses.finding import Finding
from stackcraft.experiments.analyses.layout import about
from stackcraft.experiments.analyses.luck import split_variance
from stackcraft.experiments.analyses.slices import NORMAL_95, ROUNDING, block_of_kind, chosen_year, for_each, slices
from stackcraft.experiments.extras import need

LEAST_POINTS = 8


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of one measure, each with the half-width of its 95 % interval; arrays are (factors,).

    `second` and `second_half` are (factors, factors) with values above the diagonal, None where the design has no
    second order.
    `lift`: the part of each total index that comes from luck left in the means over replicates; NaN with one replicate.
    `luck`: share of the variance of a single run that is luck; NaN where it cannot be told. `points` base points were
    used.
    """

    factors: tuple[str, ...]
    first: np.ndarray
    first_half: np.ndarray
    total: np.ndarray
    total_half: np.ndarray
    second: np.ndarray | None
    second_half: np.ndarray | None
    lift: np.ndarray
    luck: float
    points: int
    left_out: int
    mean: float
    deviation: float

    @property
    def constant(self) -> bool:
        """Whether the measure never varies, so that there is nothing to share out."""
        return self.deviation == 0.0


def sobol_indices(
    values: np.ndarray, factors: Sequence[str], *, second_order: bool = True, resamples: int = 200, seed: int = 0
) -> Indices:
    """Indices of the mean over replicates of `values`, (rows, replicates) or (rows,).

    Rows come in the order of `SALib.sample.sobol.sample`: for each base point 2 D + 2 rows, or D + 2 without second
    order. A replicate missing from one row of a base point is left out of the whole point, so that rows are compared
    under the same luck; a point without any is left out. Intervals: standard deviation over `resamples` draws of base
    points and, at once, of replicates. Raises `InputError` for a number of rows that does not fit, or fewer than eight
    points.
    """
    number = len(factors)
    step = 2 * number + 2 if second_order else number + 2
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if len(values) % step:
        raise InputError(
            f"{len(values)} rows are no Sobol design of {number} factors; give a multiple of {step} (second order: {'yes' if second_order else 'no'})"
        )
    runs = values.reshape(-1, step, values.shape[1])
    there = np.isfinite(runs).all(axis=1)
    use = there.any(axis=1)
    left_out = int((~use).sum())
    if use.sum() < LEAST_POINTS:
        raise InputError(
            f"{int(use.sum())} base points have all their runs; Sobol indices need at least {LEAST_POINTS}, better hundreds"
        )
    runs, there = np.where(there[use][:, None, :], runs[use], 0.0), there[use]
    means = _means(runs, there, np.ones(runs.shape[2]))
    mean, deviation = float(means.mean()), float(means.std())
    if deviation <= ROUNDING * float(np.abs(means).max()):
        nothing = np.full(number, np.nan)
        return Indices(tuple(factors), *(nothing,) * 4, None, None, nothing, np.nan, len(runs), left_out, mean, 0.0)

    problem = {"num_vars": number, "names": list(factors), "bounds": [[0.0, 1.0]] * number}
    # SALib's own intervals leave out the luck of the replicates (and its seed 0 means no seed): the fewest resamples,
    # unused.
    found = need("SALib.analyze.sobol", "analysis").analyze(
        problem, means.ravel(), calc_second_order=second_order, num_resamples=2, seed=1
    )
    halves = _half_widths(runs, there, mean, second_order, resamples, seed)
    second = np.asarray(found["S2"], dtype=float) if second_order else None
    return Indices(
        tuple(factors),
        np.asarray(found["S1"]),
        halves[0],
        np.asarray(found["ST"]),
        halves[1],
        second,
        halves[2],
        _lift(runs, there, means, number),
        _luck_share(runs, there),
        len(runs),
        left_out,
        mean,
        deviation,
    )


def estimates(rows: np.ndarray, second_order: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """First, total and second order from `rows` (base points, rows a point), centred. SALib's estimators for all
    factors at once.

    For resampling: with a hundred factors SALib's loop over pairs would take minutes. Returns (factors,), (factors,),
    (factors, factors).
    """
    points, step = rows.shape
    number = (step - 2) // 2 if second_order else step - 2
    a, b, changed = rows[:, :1], rows[:, -1:], rows[:, 1 : 1 + number]
    variance = np.r_[a, b].var()
    if variance <= np.finfo(float).tiny:
        nothing = np.full(number, np.nan)
        return nothing, nothing, np.full((number, number), np.nan) if second_order else None
    first = (b * (changed - a)).mean(axis=0) / variance
    total = 0.5 * ((a - changed) ** 2).mean(axis=0) / variance
    if not second_order:
        return first, total, None
    back = rows[:, 1 + number : 1 + 2 * number]
    together = (back.T @ changed / points - (a * b).mean()) / variance - first[:, None] - first[None, :]
    return first, total, np.where(np.triu(np.ones((number, number), dtype=bool), 1), together, np.nan)


def _means(runs: np.ndarray, there: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted means over the replicates that a base point has, (points, rows a point); plain ones where none has
    weight.
    """
    number = there @ weights
    plain = number == 0
    summed = runs @ weights
    if plain.any():
        summed[plain], number[plain] = runs[plain].sum(axis=2), there[plain].sum(axis=1)
    return summed / number[:, None]


def _half_widths(
    runs: np.ndarray, there: np.ndarray, mean: float, second_order: bool, resamples: int, seed: int
) -> list[np.ndarray | None]:
    luck = np.random.default_rng(seed)
    points, _, replicates = runs.shape
    means = _means(runs, there, np.ones(replicates)) - mean
    draws = []
    for _ in range(resamples):
        if replicates > 1:
            weights = np.bincount(luck.integers(replicates, size=replicates), minlength=replicates).astype(float)
            means = _means(runs, there, weights) - mean
        draws.append(estimates(means[luck.integers(points, size=points)], second_order))
    return [
        None if draws[0][order] is None else NORMAL_95 * np.std([draw[order] for draw in draws], axis=0, ddof=1)
        for order in range(3)
    ]


def _lift(runs: np.ndarray, there: np.ndarray, means: np.ndarray, number: int) -> np.ndarray:
    """What luck adds to each total index, (factors,).

    The square of a difference of two means over R replicates holds, besides the square of the true difference, 1 / R of
    the variance of the difference over replicates.
    """
    replicates = there.sum(axis=1)
    told = replicates > 1
    if told.sum() < LEAST_POINTS:
        return np.full(number, np.nan)
    apart = runs[told, :1] - runs[told, 1 : 1 + number]
    replicates = replicates[told, None]
    centred = np.where(there[told][:, None, :], apart - apart.sum(axis=2, keepdims=True) / replicates[..., None], 0.0)
    noise = (centred**2).sum(axis=2) / (replicates - 1) / replicates
    return 0.5 * noise.mean(axis=0) / means[:, [0, -1]].var()


def _luck_share(runs: np.ndarray, there: np.ndarray) -> float:
    """Share of luck in the variance of a single run, from the rows that are independent draws: both corners of each
    base point.
    """
    full = there.all(axis=1)
    if runs.shape[2] < 2 or full.sum() < LEAST_POINTS:
        return np.nan
    design, shared, own = split_variance(runs[full][:, [0, -1]].reshape(-1, runs.shape[2]))
    return (shared + own) / (design + shared + own)


def analyse(
    results: Any,
    measure: str,
    year: int | None = None,
    *,
    block: str | None = None,
    at: Mapping[str, Any] | None = None,
    over: str = "each",
    resamples: int = 200,
    seed: int = 0,
) -> Finding:
    """Sobol indices of a measure over the study's Sobol block.

    What the block is crossed with is taken one combination at a time, or averaged (`over="mean"`); `at` chooses
    combinations (factor to value). Second order is told where one combination is left. Raises `InputError` without a
    block of kind sobol.
    """
    axis = block_of_kind(results, "sobol", block)
    chosen = results.study.design.blocks[axis]
    names = [one.name for one in chosen.factors]
    second_order = bool(chosen.settings.get("second_order", True))
    here = slices(results, measure, year, axis, at, over)
    done, found, unfinished = for_each(
        here, lambda one: sobol_indices(one.values, names, second_order=second_order, resamples=resamples, seed=seed)
    )
    options = {"block": chosen.name, "at": dict(at or {}), "over": over, "resamples": resamples}
    return sobol_wording.finding(
        results,
        measure,
        year,
        done,
        found,
        unfinished,
        resamples,
        about(results, measure, chosen_year(results, year), analysis_seed=seed, **options),
    )
