"""What Sobol indices say, in sentences, tables and charts: for one combination of everything else in full, for many in
short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.experiments.analyses.finding import Bars, Column, Finding, Heat, Table
from stackcraft.experiments.analyses.layout import figure, missing_sentence
from stackcraft.experiments.analyses.slices import Slice, chosen_year, count, listed, plus_minus

if TYPE_CHECKING:
    from stackcraft.experiments.analyses.sobol import Indices

MOST_BARS = 20
MOST_PAIRS = 15  # strongest pairs in the table
HARDLY = 0.01  # a total index whose interval stays below this hardly matters (judgement)
FEW_REPLICATES = 10
MUCH_LIFT = 0.05  # of a total index (judgement)
WIDE = 0.1  # intervals wider than this leave the order of factors open (judgement)


def finding(
    results: Any,
    measure: str,
    year: int | None,
    here: Sequence[Slice],
    found: Sequence[Indices],
    unfinished: Sequence[str],
    resamples: int,
    about: tuple,
) -> Finding:
    """The finding over every combination."""
    title = f"What moves {measure}, {chosen_year(results, year)}: Sobol indices"
    replicates = here[0].values.shape[1]
    if len(found) == 1:
        sentences, tables, charts = _one(measure, here[0], found[0], replicates)
    else:
        sentences, tables, charts = _many(measure, here, found)
    every = [one for one in found if not one.constant]
    if every:
        sentences += _luck(every, replicates)
        drawn = "base points and, at once, of replicates" if replicates > 1 else "base points"
        sentences.append(f"Intervals are 95 %: 1.96 standard deviations over {resamples} resamples of {drawn}.")
        widest = max(float(np.nanmax(one.total_half)) for one in every)
        if widest > WIDE:
            sentences.append(
                f"The widest interval of a total index is ± {widest:.2f}: too wide to rank factors that lie close; four times the base points would halve it."
            )
    if unfinished:
        sentences.append(f"Too few runs yet for {listed(unfinished)}: not in the figures.")
    left_out = sum(one.left_out for one in found)
    sentences += missing_sentence(np.stack([one.values for one in here]))
    if left_out:
        points = (
            f"{count(left_out, 'base point')} without a whole set of runs {'is' if left_out == 1 else 'are'} left out"
        )
        sentences.append(f"{points}; if runs fail more in some places, the indices hold for the rest only.")
    return Finding("sobol", title, tuple(sentences), tuple(tables), tuple(charts), about)


def _one(measure: str, piece: Slice, one: Indices, replicates: int) -> tuple[list[str], list, list]:
    where = f" ({piece.label})" if piece.label != "all runs" else ""
    over = (
        f"{one.points:,} base points of {count(len(one.factors), 'factor')}, mean over {count(replicates, 'replicate')}"
    )
    if one.constant:
        return (
            [
                f"{measure}{where} is {figure(one.mean)} in every row ({over}): nothing moves it, and there is no variance to share out."
            ],
            [],
            [],
        )
    sentences = [
        f"{measure}{where} has mean {figure(one.mean)} and standard deviation {figure(one.deviation)} over {over}."
    ]
    order = np.argsort(-one.total, kind="stable")
    top = [place for place in order if one.total[place] - one.total_half[place] > max(_known(one.lift[place]), HARDLY)][
        :3
    ]
    if top:
        named = listed(
            [f"{one.factors[place]} ({plus_minus(one.total[place], one.total_half[place])})" for place in top]
        )
        sentences.append(
            f"It is moved most by {named}: the total index, a factor's share of the variance alone and together with others."
        )
    else:
        sentences.append(
            "No factor's total index stands clear of zero and of luck: this design is too small, or what varies is luck."
        )
    alone = float(one.first.sum())
    half = float(np.sqrt((one.first_half**2).sum()))
    rest = (
        "the rest comes from what factors do together"
        if alone + half < 1.0
        else "what factors do together adds nothing that can be told from zero"
    )
    sentences.append(
        f"By themselves the factors account for {plus_minus(alone, half)} of the variance (sum of first-order indices); {rest}."
    )
    pairs = _pairs(one)
    if one.second is not None and len(one.factors) > 1:
        clear = [pair for pair in pairs if pair[2] - pair[3] > 0]
        named = listed([f"{a} with {b} ({plus_minus(value, width)})" for a, b, value, width in clear[:3]])
        sentences.append(
            f"The strongest pairs: {named}." if clear else "No pair's second-order index stands clear of zero."
        )
    hardly = [
        one.factors[place]
        for place in order
        if one.total[place] + one.total_half[place] < HARDLY + _known(one.lift[place])
    ]
    if hardly:
        sentences.append(f"Hardly matter here (total index surely below {HARDLY:g} above luck): {listed(hardly)}.")

    columns = (
        Column("factor"),
        Column("first order", digits=3),
        Column("±", digits=3),
        Column("total", digits=3),
        Column("±", digits=3),
        Column("of total: luck", digits=3),
    )
    rows = tuple(
        (
            one.factors[place],
            *_floats(one.first[place], one.first_half[place], one.total[place], one.total_half[place], one.lift[place]),
        )
        for place in order
    )
    tables = [
        Table(
            "Shares of the variance",
            columns,
            rows,
            "± : half-width of the 95 % interval. Small negative values are sampling error.",
        )
    ]
    shown = order[:MOST_BARS]
    charts: list = [
        _bars("Total index", one.factors, one.total, one.total_half, shown),
        _bars("First-order index", one.factors, one.first, one.first_half, shown),
    ]
    if pairs:
        columns = (Column("factor"), Column("with"), Column("second order", digits=3), Column("±", digits=3))
        note = f"The {MOST_PAIRS} strongest of {len(pairs)}." if len(pairs) > MOST_PAIRS else ""
        tables.append(Table("What pairs do together", columns, tuple(pairs[:MOST_PAIRS]), note))
        charts.append(_pair_heat(one, order[:12]))
    return sentences, tables, charts


def _many(measure: str, here: Sequence[Slice], found: Sequence[Indices]) -> tuple[list[str], list, list]:
    factors = found[0].factors
    labels = [piece.label for piece in here]
    constant = [label for label, one in zip(labels, found, strict=True) if one.constant]
    every = [(label, one) for label, one in zip(labels, found, strict=True) if not one.constant]
    sentences = [
        f"The indices of {measure} were worked out for each of {len(here)} combinations of what the design is crossed with."
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
        f"{factors[first]} has the largest total index in the middle of the combinations (median {np.median(totals[:, first]):.2f}, "
        f"from {totals[:, first].min():.2f} to {totals[:, first].max():.2f}); it leads in {leaders.count(factors[first])} of {len(every)}."
    )
    apart = [place for place in order if (totals - halves)[:, place].max() > (totals + halves)[:, place].min()]
    if apart:
        sentences.append(
            f"How much it matters depends on the combination for {listed([factors[place] for place in apart])}: intervals of some combinations do not meet."
        )
    else:
        sentences.append(
            "For no factor do the intervals of two combinations lie apart: the combinations agree as far as can be told."
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

    columns = (
        Column("factor"),
        Column("median total", digits=3),
        Column("least", digits=3),
        Column("most", digits=3),
        Column("most in"),
        Column("median ±", digits=3),
    )
    tables = [Table("Total index over the combinations", columns, tuple(range_of(place) for place in order))]
    columns = (
        Column("combination"),
        Column("leading factor"),
        Column("total", digits=3),
        Column("±", digits=3),
        Column("sum of first order", digits=3),
        Column("luck in a run", digits=3),
        Column("base points", digits=0),
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
        "share of variance",
        tuple(factors[place] for place in shown),
        tuple(label for label, _ in every),
        tuple(tuple(float(one.total[place]) for _, one in every) for place in shown),
    )
    return sentences, tables, [heat]


def _luck(found: Sequence[Indices], replicates: int) -> list[str]:
    if replicates == 1:
        return [
            "There is one replicate, so luck cannot be told from the factors: total indices and what pairs do hold luck as well."
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


def _pairs(one: Indices) -> list[tuple]:
    if one.second is None:
        return []
    places = zip(*np.triu_indices(len(one.factors), 1), strict=True)
    pairs = [(one.factors[a], one.factors[b], *_floats(one.second[a, b], one.second_half[a, b])) for a, b in places]
    return sorted(pairs, key=lambda pair: -pair[2])


def _pair_heat(one: Indices, shown: np.ndarray) -> Heat:
    names = tuple(one.factors[place] for place in shown)
    both = np.fmax(one.second, one.second.T)
    marked = tuple(
        (row, column)
        for row, a in enumerate(shown)
        for column, b in enumerate(shown)
        if a != b and one.second[min(a, b), max(a, b)] - one.second_half[min(a, b), max(a, b)] > 0
    )
    values = tuple(tuple(float(both[a, b]) for b in shown) for a in shown)
    return Heat("What pairs do together", "share of variance", names, names, values, marked, "Framed: clear of zero.")


def _bars(title: str, names: Sequence[str], values: np.ndarray, halves: np.ndarray, shown: np.ndarray) -> Bars:
    note = f"The {len(shown)} largest of {len(names)}." if len(shown) < len(names) else ""
    low, high = ((values + sign * halves)[shown] for sign in (-1, 1))
    return Bars(
        title,
        "share of variance",
        tuple(names[place] for place in shown),
        tuple(map(float, values[shown])),
        tuple(map(float, low)),
        tuple(map(float, high)),
        note,
    )


def _known(value: float) -> float:
    return float(value) if np.isfinite(value) else 0.0


def _floats(*values: float) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
