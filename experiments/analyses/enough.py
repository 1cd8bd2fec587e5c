"""Are there enough replicates: how wide intervals are, and how many runs a given precision needs.

The 95 % interval of a mean of n runs is t(n - 1) s / sqrt(n) to either side, with Student's t. Rows are compared
replicate by replicate, since they share their luck, so the interval of a difference comes from the differences within
replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.finding import Chart, Finding, Lines, Table, headings
from stackcraft.experiments.analyses.layout import about, missing_sentence
from stackcraft.experiments.analyses.pairs import choose_pairs, pairs_in_a_world
from stackcraft.experiments.analyses.slices import chosen_year
from stackcraft.experiments.analyses.wording import count, figure
from stackcraft.experiments.statistics import half_width

LEAST_REPLICATES = 3
FEW_REPLICATES = 10
MOST_RUNS = 10**9


@dataclass(frozen=True, eq=False)
class Widths:
    """How sure many means (or differences) are.

    `deviations` (rows,) are those over replicates, `runs` how many each has, `halves` the half-widths of their 95 %
    intervals.
    """

    deviations: np.ndarray
    runs: np.ndarray
    halves: np.ndarray


def runs_needed(deviation: float, precision: float) -> int:
    """The smallest number of runs, at least 2, whose interval is no wider than `precision` to either side.

    Raises `InputError` for a precision that is not above 0, or that would take more than a thousand million runs.
    """
    if not precision > 0:
        raise InputError(f"precision = {precision!r}; give the half-width you want of an interval, a number above 0")
    low, high = 1, 2
    while half_width(deviation, high) > precision:
        low, high = high, 2 * high
        if high > MOST_RUNS:
            raise InputError(
                f"precision = {precision:g} would take more than {MOST_RUNS:,} runs; the standard deviation over luck "
                f"is {figure(deviation)}"
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if half_width(deviation, middle) > precision else (low, middle)
    return high


def deviation_interval(deviation: float, runs: int) -> tuple[float, float]:
    """95 % interval of a standard deviation found from `runs` normal values (chi-squared)."""
    from scipy.stats import chi2

    low, high = (deviation * np.sqrt((runs - 1) / chi2.ppf(tail, runs - 1)) for tail in (0.975, 0.025))
    return float(low), float(high)


def widths(values: np.ndarray) -> Widths:
    """Of the mean of each row, (rows, replicates); NaN is left out, and so are rows with fewer than three runs."""
    runs = np.isfinite(values).sum(axis=1)
    use = runs >= LEAST_REPLICATES
    deviations = np.nanstd(values[use], axis=1, ddof=1)
    return Widths(deviations, runs[use], half_width(deviations, runs[use]))


def width_curve(values: np.ndarray, runs: Sequence[int], share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the median half-width with only the first n replicates, and the one that `share` of the rows keep.

    Both (len(runs),), NaN where n is more than there are.
    """
    median, outer = np.full(len(runs), np.nan), np.full(len(runs), np.nan)
    for place, number in enumerate(runs):
        if 2 <= number <= values.shape[1]:
            first = values[:, :number]
            first = first[np.isfinite(first).all(axis=1)]
            if len(first):
                halves = half_width(first.std(axis=1, ddof=1), number)
                median[place], outer[place] = np.median(halves), _at_share(halves, share)
    return median, outer


def _at_share(values: np.ndarray, share: float) -> float:
    """The smallest of `values` that at least `share` of them do not exceed."""
    return float(np.quantile(values, share, method="inverted_cdf"))


def analyse(
    results: Any,
    measure: str,
    year: int | None = None,
    *,
    precision: float | None = None,
    share: float = 0.95,
    most_pairs: int = 2000,
    seed: int = 0,
) -> Finding:
    """Return how sure row means and their differences are, and how many replicates a precision needs.

    `precision` is the half-width wanted, in the measure's unit, for `share` of the rows or pairs. Pairs are rows in the
    same world that differ in policies, strategies or structure; any pairs where there are none. Raises `InputError`.
    """
    matrix = results.matrix(measure, year)
    replicates = matrix.shape[1]
    if replicates < LEAST_REPLICATES:
        raise InputError(
            f"the study has {count(replicates, 'replicate')}; whether that is enough shows from {LEAST_REPLICATES} on, "
            f"better {FEW_REPLICATES}"
        )
    if not 0 < share <= 1:
        raise InputError(f"share = {share!r}; give a number above 0, up to 1, such as 0.95")
    if precision is not None and not precision > 0:
        raise InputError(f"precision = {precision!r}; give the half-width you want of an interval, a number above 0")
    rows = widths(matrix)
    if not len(rows.halves):
        raise InputError(
            f"{measure}: no design row has {LEAST_REPLICATES} runs; wait for the study to go on, or run it with more "
            "replicates"
        )
    kinds = [("mean of a row", matrix, rows)]
    pairs, same_world = _pairs(results, matrix, most_pairs, seed)
    if len(pairs[0]):
        apart = matrix[pairs[0]] - matrix[pairs[1]]
        if len((between := widths(apart)).halves):
            kinds.append(("difference of two rows", apart, between))

    sentences = [_now(name, found, replicates, share, precision) for name, _, found in kinds]
    if len(kinds) > 1:
        compared = (
            "that lie in the same world and differ in policies, strategies or structure"
            if same_world
            else "of any kind, as no two lie in the same world"
        )
        drawn = f" (drawn from {pairs[2]:,})" if pairs[2] > len(pairs[0]) else ""
        sentences.append(
            f"Differences are taken replicate by replicate, between {count(len(kinds[1][2].halves), 'pair')} of rows "
            f"{compared}{drawn}."
        )
    for name, _, found in kinds:
        sentences.append(_more(name, found, replicates, share, precision))
    sentences.append(
        "Intervals are 95 %, Student's t over replicates of a row. They speak of luck only: not of what is unknown "
        f"about the world.{_rough(replicates)}"
    )
    sentences += missing_sentence(matrix)
    return Finding(
        "enough",
        f"Are there enough replicates: {measure}, {chosen_year(results, year)}",
        tuple(sentences),
        (_now_table(kinds, share), _needs_table(kinds, share, precision)),
        (_chart(kinds, replicates, share, precision),),
        about(
            results,
            measure,
            chosen_year(results, year),
            analysis_seed=seed,
            precision=precision,
            share=share,
            most_pairs=most_pairs,
        ),
    )


def _pairs(results: Any, matrix: np.ndarray, most: int, seed: int) -> tuple[tuple[np.ndarray, np.ndarray, int], bool]:
    pairs = pairs_in_a_world(results, most, seed)
    if len(pairs.first):
        return (pairs.first, pairs.second, pairs.all), True
    return choose_pairs(np.zeros(len(matrix), dtype=int), most, seed), False


def _now(name: str, found: Widths, replicates: int, share: float, precision: float | None) -> str:
    outer = _at_share(found.halves, share)
    text = (
        f"With {replicates} runs the {name} is known to ± {figure(np.median(found.halves))} (median of "
        f"{len(found.halves):,}), and to ± {figure(outer)} or better in {share:.0%} of them"
    )
    if precision is None:
        return text + "."
    return text + f"; {(found.halves <= precision).mean():.0%} are known to the wanted ± {precision:g}."


def _more(name: str, found: Widths, replicates: int, share: float, precision: float | None) -> str:
    deviation = _at_share(found.deviations, share)
    if deviation == 0:
        return f"The {name} does not vary with luck in {share:.0%} of cases: more runs would change nothing."
    wanted = precision if precision is not None else float(half_width(deviation, replicates)) / 2.0
    told = figure(wanted) if precision is None else f"{precision:g}"
    whose = "" if precision is not None else ", half of now,"
    needed = runs_needed(deviation, wanted)
    low, high = (runs_needed(end, wanted) for end in deviation_interval(deviation, replicates))
    sure = f"(95 % interval of that number {low:,} to {high:,}, if luck is about normal)"
    if needed <= replicates:
        tail = f"; at the upper end {high - replicates:,} more would be wanted" if high > replicates else ""
        return (
            f"For ± {told}{whose} in {share:.0%} of cases the {name} needs about {needed:,} runs {sure}: the "
            f"{replicates} there are suffice{tail}."
        )
    return (
        f"For ± {told}{whose} in {share:.0%} of cases the {name} needs about {needed:,} runs {sure}: "
        f"{needed - replicates:,} more than the {replicates} there are."
    )


def _rough(replicates: int) -> str:
    return f" {replicates} replicates are few to judge by." if replicates < FEW_REPLICATES else ""


def _now_table(kinds: Sequence[tuple], share: float) -> Table:
    columns = headings(
        "what", "how many|0", "median deviation over luck|4", "median ±|4", f"± kept by {share:.0%}|4", "widest ±|4"
    )
    rows = tuple(
        (
            name,
            len(one.halves),
            float(np.median(one.deviations)),
            float(np.median(one.halves)),
            _at_share(one.halves, share),
            float(one.halves.max()),
        )
        for name, _, one in kinds
    )
    return Table("How sure it is now", columns, rows, "In the unit of the measure.")


def _needs_table(kinds: Sequence[tuple], share: float, precision: float | None) -> Table:
    columns = headings("what", "wanted ±|5", "runs in all|0", "low|0", "high|0", "more than now|0")
    rows = []
    for name, values, found in kinds:
        deviation, replicates = _at_share(found.deviations, share), values.shape[1]
        if deviation == 0:
            continue
        now = float(half_width(deviation, replicates))
        for wanted in sorted({now, now / 2, now / 4, now / 10, *([precision] if precision else [])}, reverse=True):
            needed = runs_needed(deviation, wanted * (1 + 1e-12))
            low, high = (runs_needed(end, wanted) for end in deviation_interval(deviation, replicates))
            rows.append((name, wanted, needed, low, high, max(needed - replicates, 0)))
    return Table(
        f"Runs a precision needs, for {share:.0%} of cases",
        columns,
        tuple(rows),
        "low and high: 95 % interval of the number, from that of the standard deviation.",
    )


def _chart(kinds: Sequence[tuple], replicates: int, share: float, precision: float | None) -> Chart:
    fewer = (number for number in (3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128) if number < replicates)
    runs = sorted({2, *fewer, *(replicates * times for times in (1, 2, 4, 8))})
    curves = []
    for name, values, found in kinds:
        curves.append((f"{name}, seen (median)", tuple(map(float, width_curve(values, runs, share)[0]))))
        expected = half_width(np.median(found.deviations), np.array(runs))
        curves.append((f"{name}, expected", tuple(map(float, expected))))
    if precision is not None:
        curves.append(("wanted", (float(precision),) * len(runs)))
    title = "Half-width of the 95 % interval against runs"
    return Lines(
        title,
        "runs",
        "± (unit of the measure)",
        tuple(map(float, runs)),
        tuple(curves),
        note="seen: with the first runs only; expected: from the standard deviation over all of them.",
    )
