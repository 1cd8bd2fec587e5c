"""How much variance common luck saved in a study.

Replicate r has the same luck in every design row, so rows are compared replicate by replicate. Where both rows respond
alike to luck, it cancels: Var(A - B) = Var A + Var B - 2 Cov(A, B). With independent luck the covariance would be nil,
hence (Var A + Var B) / Var(A - B) says how many times more runs an equally sure difference would have needed (common
random numbers; A. M. Law, Simulation Modeling and Analysis, 5th ed., section 11.2).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.finding import Bars, Finding, Table, headings
from stackcraft.experiments.analyses.layout import about, missing_sentence
from stackcraft.experiments.analyses.pairs import pairs_in_a_world
from stackcraft.experiments.analyses.slices import ROUNDING, chosen_year
from stackcraft.experiments.analyses.wording import count, figure
from stackcraft.experiments.statistics import NORMAL_95, percentile_interval, t_quantile

LEAST_REPLICATES = 4  # with three, intervals from resampling hold the truth far too seldom
FEW_REPLICATES = 10
STEPS = (1, 2, 5, 10, 100, 1_000, 10_000)  # between the bars of the chart: times the runs


@dataclass(frozen=True)
class Saved:
    """What common luck saved over many pairs.

    `ratios` (pairs,) is NaN for pairs without any luck and infinite where the difference never varies; both are left
    out of the rest. `median` and `pooled` (summed variances) come with 95 % intervals. In trials with normal luck, 4 to
    160 replicates and 1 to 72 pairs those of the median held the truth 91 to 100 times of 100, those of the pooled
    ratio 81 to 99 times.
    """

    ratios: np.ndarray
    median: float
    median_interval: tuple[float, float]
    pooled: float
    pooled_interval: tuple[float, float]

    @property
    def usable(self) -> np.ndarray:
        return self.ratios[np.isfinite(self.ratios)]


def luck_saved(first: np.ndarray, second: np.ndarray, *, resamples: int = 500, seed: int = 0) -> Saved:
    """(Var A + Var B) / Var(A - B) for pairs of rows, both (pairs, replicates); NaN where a run is missing.

    A pair uses the replicates that both rows have, at least four. Intervals: resampled replicates, the same for all
    pairs, with Student's t on the logarithm, since plain quantiles of so few replicates are too narrow. Raises
    `InputError` for fewer.
    """
    if first.shape != second.shape or first.ndim != 2:
        raise InputError(f"first has shape {first.shape}, second {second.shape}; give both as (pairs, replicates)")
    both = np.isfinite(first) & np.isfinite(second)
    enough = both.sum(axis=1) >= LEAST_REPLICATES
    if not enough.any():
        raise InputError(
            f"no pair of rows has {LEAST_REPLICATES} replicates in common; run the study with more replicates"
        )
    ones = np.ones((1, first.shape[1]))
    a, b = (_centred(side, both) for side in (first, second))
    alone, apart = (values[:, 0] for values in _variances(a, b, both, ones))
    alone, apart = np.where(enough, alone, np.nan), np.where(enough, apart, np.nan)
    floor = (ROUNDING * np.where(both, np.maximum(np.abs(first), np.abs(second)), 0.0).max(axis=1)) ** 2
    alone, apart = (np.where(values <= floor, 0.0, values) for values in (alone, apart))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(alone > 0, alone / apart, np.nan)
    use = np.isfinite(ratios)
    if not use.any():
        nothing = (np.nan, np.nan)
        return Saved(ratios, np.nan, nothing, np.nan, nothing)
    luck = np.random.default_rng(seed)
    weights = luck.multinomial(first.shape[1], np.full(first.shape[1], 1.0 / first.shape[1]), size=resamples).astype(
        float
    )
    alone_again, apart_again = _variances(a[use], b[use], both[use], weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        again = np.where(apart_again > floor[use, None], alone_again / apart_again, np.nan)
        pooled_again = alone_again.sum(axis=0) / apart_again.sum(axis=0)
    told = np.isfinite(again).any(axis=0)
    median, pooled = float(np.median(ratios[use])), float(alone[use].sum() / apart[use].sum())
    replicates = int(np.median(both[use].sum(axis=1)))
    return Saved(
        ratios,
        median,
        _interval(median, np.nanmedian(again[:, told], axis=0), replicates),
        pooled,
        _interval(pooled, pooled_again[told], replicates),
    )


def _centred(values: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Deviations from the mean of each row, 0 where a run is not used: sums of squares then lose no digits."""
    filled = np.where(both, values, 0.0)
    mean = filled.sum(axis=1, keepdims=True) / np.maximum(both.sum(axis=1, keepdims=True), 1)
    return np.where(both, values - mean, 0.0)


def _variances(a: np.ndarray, b: np.ndarray, both: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Var A + Var B and Var(A - B) of every pair, (pairs, resamples).

    Replicates count `weights` (resamples, replicates) times.
    """
    number = np.maximum(both @ weights.T, 1.0)

    def variance(values: np.ndarray) -> np.ndarray:
        return np.maximum((values**2) @ weights.T / number - (values @ weights.T / number) ** 2, 0.0)

    return variance(a) + variance(b), variance(a - b)


def _interval(value: float, draws: np.ndarray, replicates: int) -> tuple[float, float]:
    """Return a 95 % interval, worked out on the logarithm.

    It is Student's t times the standard error that the middle 95 % of the draws show, corrected for their n in place of
    n - 1.
    """
    draws = draws[np.isfinite(draws) & (draws > 0)]
    if not len(draws):
        return np.nan, np.nan
    low, high = percentile_interval(np.log(draws))
    error = (high - low) / (2.0 * NORMAL_95) * np.sqrt(replicates / (replicates - 1))
    factor = float(np.exp(t_quantile(replicates) * error))
    return value / factor, value * factor


def split_variance(values: np.ndarray) -> tuple[float, float, float]:
    """Return the variance of a single run by source: the design, luck that rows share, luck of a row's own.

    `values` is (rows, replicates) without gaps, two of each or more: y = mean + row + replicate + rest, with unbiased
    estimates from the mean squares of a two-way table without repetition (H. Scheffé, The Analysis of Variance, section
    7.4); an estimate below nil is nil.
    """
    rows, replicates = values.shape
    by_row, by_replicate, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    rest = values - by_row[:, None] - by_replicate[None, :] + mean
    own = float((rest**2).sum() / ((rows - 1) * (replicates - 1)))
    shared = max(float(by_replicate.var(ddof=1)) - own / rows, 0.0)
    design = max(float(by_row.var(ddof=1)) - own / replicates, 0.0)
    return design, shared, own


def analyse(
    results: Any, measure: str, year: int | None = None, *, most_pairs: int = 2000, resamples: int = 500, seed: int = 0
) -> Finding:
    """Return what common luck saved in this study, over pairs of rows in the same world.

    The rows of a pair differ only in policies, strategies or structure. Raises `InputError` for an unknown measure,
    fewer than three replicates, or a study whose rows are all worlds of their own.
    """
    matrix = results.matrix(measure, year)
    if matrix.shape[1] < LEAST_REPLICATES:
        raise InputError(
            f"the study has {count(matrix.shape[1], 'replicate')}; what luck saves shows from {LEAST_REPLICATES} on, "
            f"better {FEW_REPLICATES}"
        )
    pairs = pairs_in_a_world(results, most_pairs, seed)
    if not len(pairs.first):
        raise InputError(
            "no two rows of this study lie in the same world and differ in policies, strategies or structure; cross "
            "the uncertainties with one of these"
        )
    saved = luck_saved(matrix[pairs.first], matrix[pairs.second], resamples=resamples, seed=seed)
    differs = np.array(pairs.differs)
    rows = [_row("all pairs", saved)]
    kinds = sorted(set(pairs.differs))
    if len(kinds) > 1:
        for kind in kinds:
            here = differs == kind
            if np.isfinite(saved.ratios[here]).any():
                rows.append(
                    _row(
                        kind,
                        luck_saved(
                            matrix[pairs.first][here], matrix[pairs.second][here], resamples=resamples, seed=seed
                        ),
                    )
                )
    columns = headings(
        "pairs differ in",
        "pairs|0",
        "median ratio|2|times",
        "low|2",
        "high|2",
        "least|2",
        "most|2",
        "ratio of summed variances|2|times",
        "low|2",
        "high|2",
    )
    note = (
        "Ratio: (Var A + Var B) / Var(A - B). low and high: 95 % interval, replicates resampled; for the ratio of "
        "summed variances it may be too narrow where pairs are few."
    )
    table = Table("What common luck saved", columns, tuple(rows), note)
    return Finding(
        "luck",
        f"How much luck in common saved: {measure}, {chosen_year(results, year)}",
        tuple(_sentences(matrix, measure, saved, pairs, resamples)),
        (table,),
        (_chart(saved),) if len(saved.usable) else (),
        about(
            results, measure, chosen_year(results, year), analysis_seed=seed, most_pairs=most_pairs, resamples=resamples
        ),
    )


def _row(name: str, saved: Saved) -> tuple:
    usable = saved.usable
    ends = (float(usable.min()), float(usable.max())) if len(usable) else (np.nan, np.nan)
    return (name, len(usable), saved.median, *saved.median_interval, *ends, saved.pooled, *saved.pooled_interval)


def _sentences(matrix: np.ndarray, measure: str, saved: Saved, pairs: Any, resamples: int) -> list[str]:
    usable, said = saved.usable, []
    compared = f"{count(len(pairs.first), 'pair')} of rows" + (
        f" (drawn from {pairs.all:,})" if pairs.all > len(pairs.first) else ""
    )
    never, none = int(np.isposinf(saved.ratios).sum()), int(np.isnan(saved.ratios).sum())
    if len(usable):
        low, high = saved.median_interval
        said.append(
            f"{compared} in the same world were compared replicate by replicate: the summed variance of two rows is "
            f"{figure(saved.median)} times the variance of their difference (median; 95 % interval {figure(low)} to "
            f"{figure(high)}; over the pairs from {figure(usable.min())} to {figure(usable.max())})."
        )
        if low > 1.0:
            said.append(
                "Common luck saved runs: with independent luck an equally sure difference would have needed "
                f"{figure(saved.median)} times as many."
            )
        elif high < 1.0:
            said.append(
                "Common luck saved nothing here; it cost: differences vary more than with independent luck, which "
                f"would have needed {figure(saved.median)} times as many runs."
            )
        else:
            said.append(
                "Common luck saved nothing here that can be told from chance: the interval holds 1, which is what "
                "independent luck would give."
            )
        worse = float((usable < 1.0).mean())
        if low > 1.0 and worse > 0.05:
            said.append(f"For {worse:.0%} of the pairs the ratio is below 1: there common luck saved nothing.")
    if never:
        said.append(
            f"For {count(never, 'pair')} the difference was the same in every replicate, so no luck is left in it; "
            f"{'it is' if never == 1 else 'they are'} not in the figures above."
        )
    if none:
        said.append(
            f"{count(none, 'pair')} had no luck at all in {measure}, or too few runs in common, and "
            f"{'is' if none == 1 else 'are'} left out."
        )
    if not len(usable):
        said.insert(
            0,
            f"{compared} were compared; in none of them does the difference of {measure} vary with luck, so there is "
            "no ratio to give.",
        )
    replicates = matrix.shape[1]
    rough = (
        f" With {replicates} replicates single ratios are rough; the range is wider than the truth."
        if replicates < FEW_REPLICATES
        else ""
    )
    said.append(
        f"The intervals are 95 %, from {resamples} resamples of the {replicates} replicates, the same draw for all "
        f"pairs.{rough}"
    )
    return [*said, *missing_sentence(matrix)]


def _chart(saved: Saved) -> Bars:
    """Return how many of the pairs saved how much: the ratios span decades, so shares of pairs are drawn."""
    labels = ["below 1: nothing saved"]
    labels += [f"{low:,} to {high:,}" for low, high in itertools.pairwise(STEPS)]
    labels += [f"{STEPS[-1]:,} or more"]
    counts = np.bincount(np.searchsorted(STEPS, saved.usable, side="right"), minlength=len(labels))
    used = slice(int(np.flatnonzero(counts)[0]), int(np.flatnonzero(counts)[-1]) + 1)
    return Bars(
        "Pairs by how many times more runs independent luck would have needed",
        "% of pairs",
        tuple(labels[used]),
        tuple(100.0 * float(count) / len(saved.usable) for count in counts[used]),
        note="The table has the median and the ends.",
    )
