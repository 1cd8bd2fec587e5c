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
from stackcraft.experiments.analyses.finding import Finding, Heat, Table, headings
from stackcraft.experiments.analyses.layout import about, missing_sentence
from stackcraft.experiments.analyses.luck import split_variance
from stackcraft.experiments.analyses.slices import ROUNDING, Slice, block_of_kind, chosen_year, for_each, slices
from stackcraft.experiments.analyses.wording import MOST_BARS, bars, count, figure, listed, plus_minus, ranked
from stackcraft.experiments.extras import need
from stackcraft.experiments.statistics import NORMAL_95

LEAST_POINTS = 8
SHARE = "share of variance"
MOST_PAIRS = 15  # strongest pairs in the table
HARDLY = 0.01  # a total index whose interval stays below this hardly matters (judgement)
FEW_REPLICATES = 10
MUCH_LIFT = 0.05  # of a total index (judgement)
WIDE = 0.1  # intervals wider than this leave the order of factors open (judgement)


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of one measure, each with the half-width of its 95 % interval; arrays are (factors,).

    `second` and `second_half` are (factors, factors) with values above the diagonal, None where the design has no
    second order.
    `lift`: the part of each total index that comes from luck left in the means over replicates; NaN with one replicate.
    `luck`: share of the variance of a single run that is luck; NaN where it is not known. `points` base points were
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

    @property
    def clear(self) -> np.ndarray:
        """Which total indices stand clear of zero and of luck, (factors,) bool."""
        return self.total - self.total_half > np.maximum(np.nan_to_num(self.lift), HARDLY)


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
            f"{len(values)} rows are not a Sobol design of {number} factors; give a multiple of {step} (second order: "
            f"{'yes' if second_order else 'no'})"
        )
    runs = values.reshape(-1, step, values.shape[1])
    there = np.isfinite(runs).all(axis=1)
    use = there.any(axis=1)
    left_out = int((~use).sum())
    if use.sum() < LEAST_POINTS:
        raise InputError(
            f"{int(use.sum())} base points have all their runs; Sobol indices need at least {LEAST_POINTS}, better "
            "hundreds"
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
    """Return first, total and second order from `rows` (base points, rows a point), centred.

    These are SALib's estimators for all factors at once. For resampling: with a hundred factors SALib's loop over pairs
    would take minutes. Returns (factors,), (factors,), (factors, factors).
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
    """Return weighted means over the replicates that a base point has, (points, rows a point).

    They are plain means where none has weight.
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
    """Return the share of luck in the variance of a single run.

    It is taken from the rows that are independent draws: both corners of each base point.
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
    combinations (factor to value). Second order is given where one combination is left. Raises `InputError` without a
    block of kind sobol.
    """
    axis = block_of_kind(results, "sobol", block)
    chosen = results.study.design.blocks[axis]
    names = [factor.name for factor in chosen.factors]
    second_order = bool(chosen.settings.get("second_order", True))
    here = slices(results, measure, year, axis, at, over)
    done, found, unfinished = for_each(
        here, lambda one: sobol_indices(one.values, names, second_order=second_order, resamples=resamples, seed=seed)
    )
    options = {"block": chosen.name, "at": dict(at or {}), "over": over, "resamples": resamples}
    title = f"What moves {measure}, {chosen_year(results, year)}: Sobol indices"
    replicates = done[0].values.shape[1]
    say = _in_full(measure, done[0], found[0], replicates) if len(found) == 1 else _in_short(measure, done, found)
    sentences, tables, charts = say
    sentences += _intervals([one for one in found if not one.constant], replicates, resamples)
    if unfinished:
        sentences.append(f"Too few runs yet for {listed(unfinished)}: not in the figures.")
    sentences += missing_sentence(np.stack([piece.values for piece in done]))
    if left_out := sum(one.left_out for one in found):
        points = (
            f"{count(left_out, 'base point')} without a whole set of runs {'is' if left_out == 1 else 'are'} left out"
        )
        sentences.append(f"{points}; if runs fail more in some places, the indices hold for the rest only.")
    went_in = about(results, measure, chosen_year(results, year), analysis_seed=seed, **options)
    return Finding("sobol", title, tuple(sentences), tuple(tables), tuple(charts), went_in)


# Wording


def _intervals(found: Sequence[Indices], replicates: int, resamples: int) -> list[str]:
    """Return what is to be said of luck and of the intervals."""
    if not found:
        return []
    drawn = "base points and, at once, of replicates" if replicates > 1 else "base points"
    sentences = [
        *_luck(found, replicates),
        f"Intervals are 95 %: 1.96 standard deviations over {resamples} resamples of {drawn}.",
    ]
    widest = max(float(np.nanmax(one.total_half)) for one in found)
    if widest > WIDE:
        sentences.append(
            f"The widest interval of a total index is ± {widest:.2f}: too wide to rank factors that lie close; four "
            "times the base points would halve it."
        )
    return sentences


def _in_full(measure: str, piece: Slice, one: Indices, replicates: int) -> tuple[list[str], list, list]:
    """Return sentences, tables and charts for one combination of everything else."""
    where = f" ({piece.label})" if piece.label != "all runs" else ""
    points = f"{one.points:,} base points of {count(len(one.factors), 'factor')}"
    over = f"{points}, mean over {count(replicates, 'replicate')}"
    if one.constant:
        nothing = "nothing moves it, and there is no variance to share out"
        return [f"{measure}{where} is {figure(one.mean)} in every row ({over}): {nothing}."], [], []
    mean = f"{measure}{where} has mean {figure(one.mean)} and standard deviation {figure(one.deviation)} over {over}."
    order = np.argsort(-one.total, kind="stable")
    pairs = _pairs(one)
    tables = [_shares(one, order)]
    charts: list = [
        bars("Total index", SHARE, one.factors, one.total, one.total_half, order),
        bars("First-order index", SHARE, one.factors, one.first, one.first_half, order),
    ]
    if pairs:
        columns = headings("factor", "with", "second order|3", "±|3")
        note = f"The {MOST_PAIRS} strongest of {len(pairs)}." if len(pairs) > MOST_PAIRS else ""
        tables.append(Table("What pairs do together", columns, tuple(pairs[:MOST_PAIRS]), note))
        charts.append(_pair_heat(one, order[:12]))
    return [mean, *_what_moves_it(one), *_in_pairs(pairs), *_hardly(one, order)], tables, charts


def _what_moves_it(indices: Indices) -> list[str]:
    if indices.clear.any():
        named, more = ranked(indices.factors, indices.total, indices.total_half, indices.clear)
        index = "the total index, a factor's share of the variance alone and together with others"
        first = f"It is moved most by {named}: {index}.{more}"
    else:
        first = (
            "No factor's total index stands clear of zero and of luck: this design is too small, or what varies is "
            "luck."
        )
    alone = float(indices.first.sum())
    half = float(np.sqrt((indices.first_half**2).sum()))
    rest = (
        "the rest comes from what factors do together"
        if alone + half < 1.0
        else "what factors do together adds nothing that can be told from zero"
    )
    share = f"{plus_minus(alone, half)} of the variance (sum of first-order indices)"
    return [first, f"By themselves the factors account for {share}; {rest}."]


def _in_pairs(pairs: Sequence[tuple]) -> list[str]:
    if not pairs:
        return []
    values, halves = np.array([pair[2] for pair in pairs]), np.array([pair[3] for pair in pairs])
    clear = values > halves
    if not clear.any():
        return ["No pair's second-order index stands clear of zero."]
    named, more = ranked([f"{pair[0]} with {pair[1]}" for pair in pairs], values, halves, clear)
    return [f"The strongest pairs: {named}.{more}"]


def _hardly(indices: Indices, order: np.ndarray) -> list[str]:
    small = indices.total + indices.total_half < HARDLY + np.nan_to_num(indices.lift)
    names = [indices.factors[place] for place in order if small[place]]
    return [f"Hardly matter here (total index surely below {HARDLY:g} above luck): {listed(names)}."] if names else []


def _shares(indices: Indices, order: np.ndarray) -> Table:
    columns = headings("factor", "first order|3", "±|3", "total|3", "±|3", "of total: luck|3")
    arrays = (indices.first, indices.first_half, indices.total, indices.total_half, indices.lift)
    rows = tuple((indices.factors[place], *_floats(*(array[place] for array in arrays))) for place in order)
    note = "± : half-width of the 95 % interval. Small negative values are sampling error."
    return Table("Shares of the variance", columns, rows, note)


def _in_short(measure: str, here: Sequence[Slice], found: Sequence[Indices]) -> tuple[list[str], list, list]:
    """Return sentences, tables and charts that compare many combinations."""
    factors = found[0].factors
    labels = [piece.label for piece in here]
    constant = [label for label, one in zip(labels, found, strict=True) if one.constant]
    every = [(label, one) for label, one in zip(labels, found, strict=True) if not one.constant]
    sentences = [
        (
            f"The indices of {measure} were worked out for each of {len(here)} combinations of what the design is "
            "crossed with."
        )
    ]
    if constant:
        sentences.append(f"It never varies in {listed(constant)}: nothing to share out there.")
    if not every:
        return sentences, [], []
    totals = np.array([one.total for _, one in every])
    halves = np.array([one.total_half for _, one in every])
    order = np.argsort(-np.median(totals, axis=0), kind="stable")
    first = order[0]
    leaders = [one.factors[int(np.argmax(one.total))] for _, one in every]
    sentences.append(
        f"{factors[first]} has the largest total index in the middle of the combinations (median "
        f"{np.median(totals[:, first]):.2f}, from {totals[:, first].min():.2f} to {totals[:, first].max():.2f}); it "
        f"leads in {leaders.count(factors[first])} of {len(every)}."
    )
    apart = [place for place in order if (totals - halves)[:, place].max() > (totals + halves)[:, place].min()]
    if apart:
        sentences.append(
            f"How much it matters depends on the combination for {listed([factors[place] for place in apart])}: "
            "intervals of some combinations do not meet."
        )
    else:
        sentences.append(
            "For no factor do the intervals of two combinations lie apart: the combinations agree as far as can be "
            "told."
        )
    sentences.append(
        'Choose one combination with at to see first and second order in full, or average over them with over="mean".'
    )

    def range_of(place: int) -> tuple:
        column = totals[:, place]
        return (
            factors[place],
            *_floats(np.median(column), column.min(), column.max()),
            every[int(column.argmax())][0],
            float(np.median(halves[:, place])),
        )

    columns = headings("factor", "median total|3", "least|3", "most|3", "most in", "median ±|3")
    tables = [Table("Total index over the combinations", columns, tuple(range_of(place) for place in order))]
    columns = headings(
        "combination", "leading factor", "total|3", "±|3", "sum of first order|3", "luck in a run|3", "base points|0"
    )
    rows = []
    for label, one in every:
        lead = int(np.argmax(one.total))
        rows.append(
            (
                label,
                one.factors[lead],
                *_floats(one.total[lead], one.total_half[lead], one.first.sum(), one.luck),
                one.points,
            )
        )
    tables.append(Table("Each combination", columns, tuple(rows)))
    shown = order[:MOST_BARS]
    heat = Heat(
        "Total index by combination",
        SHARE,
        tuple(factors[place] for place in shown),
        tuple(label for label, _ in every),
        tuple(tuple(float(one.total[place]) for _, one in every) for place in shown),
    )
    return sentences, tables, [heat]


def _luck(found: Sequence[Indices], replicates: int) -> list[str]:
    if replicates == 1:
        return [
            (
                "There is one replicate, so luck cannot be told from the factors: total indices and what pairs do "
                "hold luck as well."
            )
        ]
    shares = [one.luck for one in found if np.isfinite(one.luck)]
    if not shares:
        return ["Too few base points have every replicate to say how much of the variance is luck."]
    share = f"{shares[0]:.1%}" if len(shares) == 1 else f"{min(shares):.1%} to {max(shares):.1%}"
    lift = max(float(np.nanmax(one.lift)) for one in found)
    rough = f"; from {replicates} replicates that is rough" if replicates < FEW_REPLICATES else ""
    run = f"Luck makes up {share} of the variance of a single run (spread over replicates within a row{rough})"
    said = [f"{run}; in the mean over {replicates} replicates it lifts no total index by more than {lift:.3f}."]
    return said + (
        ["That is much: more replicates are needed before small indices mean anything."] if lift > MUCH_LIFT else []
    )


def _pairs(indices: Indices) -> list[tuple]:
    if indices.second is None:
        return []
    places = zip(*np.triu_indices(len(indices.factors), 1), strict=True)
    pairs = [
        (indices.factors[a], indices.factors[b], *_floats(indices.second[a, b], indices.second_half[a, b]))
        for a, b in places
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def _pair_heat(indices: Indices, shown: np.ndarray) -> Heat:
    names = tuple(indices.factors[place] for place in shown)
    both = np.fmax(indices.second, indices.second.T)
    marked = tuple(
        (row, column)
        for row, a in enumerate(shown)
        for column, b in enumerate(shown)
        if a != b and indices.second[min(a, b), max(a, b)] - indices.second_half[min(a, b), max(a, b)] > 0
    )
    values = tuple(tuple(float(both[a, b]) for b in shown) for a in shown)
    return Heat("What pairs do together", SHARE, names, names, values, marked, "Framed: clear of zero.")


def _floats(*values: float) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
