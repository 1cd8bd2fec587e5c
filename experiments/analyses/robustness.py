"""Which choice holds up across worlds: regret, satisficing, mean and worst case, with intervals.

Regret of a choice in a world is what the best choice there is worth, less what it is worth (Savage 1951, "The theory of
statistical decision", Journal of the American Statistical Association 46:55-67). Satisficing is the share of worlds in
which it is good enough (the domain criterion; see McPhail et al. 2018, "Robustness metrics: how are they calculated,
when should they be used and why do they give different results?", Earth's Future 6:169-191, which compares these
rules).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.finding import Bars, Column, Finding, Heat, Table, headings
from stackcraft.experiments.analyses.layout import (
    NOBODY_CHOOSES,
    about,
    check_count,
    check_option,
    clusters,
    missing_sentence,
    read_cube,
    resample,
    resample_replicates,
    row_names,
)
from stackcraft.experiments.analyses.wording import count, figure
from stackcraft.experiments.statistics import percentile_interval

# By what a choice is judged: name -> (in words, whether more of it is better; None: as the measure is).
RULES: dict[str, tuple[str, bool | None]] = {
    "mean": ("the mean over worlds", None),
    "worst_case": ("the worst world", None),
    "largest_regret": ("the largest regret", False),
    "regret_90": ("the 90th percentile of regret", False),
    "satisficing": ("the share of worlds in which it is good enough", True),
}
MOST_DRAWN = 40


def regret(means: np.ndarray, better: str = "high") -> np.ndarray:
    """Return what the best choice of each world has over each choice, (choices, worlds), never negative.

    `means` is (choices, worlds).
    """
    return means.max(axis=0) - means if better == "high" else means - means.min(axis=0)


def scores(
    means: np.ndarray, *, better: str = "high", threshold: float, weights: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Each rule's number for each choice, (choices,): see `RULES`.

    `means` (choices, worlds) without NaN; `weights` (worlds,) whole numbers, how often each world counts (once). Good
    enough: at least
    `threshold` for better "high", at most for "low".
    """
    weights = np.ones(means.shape[1]) if weights is None else weights
    counted = means[:, np.repeat(np.arange(means.shape[1]), weights.astype(int))]
    lost = regret(counted, better)
    good = counted >= threshold if better == "high" else counted <= threshold
    return {
        "mean": counted.mean(axis=1),
        "worst_case": counted.min(axis=1) if better == "high" else counted.max(axis=1),
        "largest_regret": lost.max(axis=1),
        "regret_90": np.quantile(lost, 0.9, axis=1),
        "satisficing": good.mean(axis=1),
    }


def best(rule: str, values: np.ndarray, better: str = "high") -> np.ndarray:
    """Which choices are best by a rule, (choices,) bool: all that share the best number, to rounding."""
    top = values.max() if _more(rule, better) else values.min()
    return np.abs(values - top) <= 1e-12 * max(1.0, abs(top))


def _more(rule: str, better: str) -> bool:
    """Whether more of a rule's number is better."""
    more = RULES[rule][1]
    return better == "high" if more is None else more


def paired_means(values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Means over replicates that every choice has in that world, (choices, worlds), NaN for a world with none.

    `values` (choices, worlds, replicates), NaN where missing; `weights` (replicates,). Common luck makes the comparison
    a paired one, so a replicate that one choice lacks is left out for all.
    """
    whole = ~np.isnan(values).any(axis=0)
    weights = np.ones(values.shape[-1]) if weights is None else weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.where(whole, values, 0.0) @ weights) / (whole @ weights)


def bootstrap(
    values: np.ndarray, cluster: np.ndarray, *, better: str = "high", threshold: float, draws: int = 1000, seed: int = 0
) -> dict[str, np.ndarray]:
    """The scores under bootstrap draws of worlds and replicates, each (draws, choices).

    `values` (choices, worlds, replicates); `cluster` (worlds,) which worlds are drawn together (all the same: worlds
    are a fixed list and only replicates are drawn). The same worlds and replicates are drawn for every choice.
    """
    luck = np.random.default_rng(seed)
    found = {rule: np.full((draws, len(values)), np.nan) for rule in RULES}
    whole = ~np.isnan(values).any(axis=0)
    known = np.where(whole, values, 0.0)
    for draw in range(draws):
        counts = resample_replicates(luck, values.shape[-1])
        weights = resample(luck, cluster)
        total = whole @ counts
        here = (total > 0) & (weights > 0)
        if here.any():
            means = (known @ counts)[:, here] / total[here]
            for rule, numbers in scores(means, better=better, threshold=threshold, weights=weights[here]).items():
                found[rule][draw] = numbers
    return found


def table_of_values(
    results: Any, measure: str, year: int | None, worlds: Sequence[str]
) -> tuple[np.ndarray, list[str], list[str], np.ndarray]:
    """Return values (choices, worlds, replicates), names of choices and worlds, and the worlds' clusters.

    `worlds` are blocks that nobody chooses. Raises `InputError` where nothing is chosen, or there is only one world.
    """
    cube = read_cube(results, measure, year)
    blocks = list(results.study.design.blocks)
    outer = [axis for axis, block in enumerate(blocks) if block.name not in worlds]
    inner = [axis for axis, block in enumerate(blocks) if block.name in worlds]
    chosen, given = ([blocks[axis] for axis in axes] for axes in (outer, inner))
    if any(block.name == "together" and block.size > 1 for block in chosen):
        raise InputError(
            "this study draws uncertainties and levers in one design (together), so no two choices meet in the same "
            "world; cross [design] uncertainties with policies instead"
        )
    choices, number = (int(np.prod([block.size for block in some], dtype=int)) for some in (chosen, given))
    if choices < 2 or number < 2:
        lack, add = ("choice", "policies or strategies") if choices < 2 else ("world", "uncertainties")
        raise InputError(
            f"robustness compares choices across worlds, and this study has one {lack}; add {add} to its design"
        )
    values = cube.transpose(*outer, *inner, cube.ndim - 1).reshape(choices, number, -1)
    names = (
        row_names(given)
        if len(given) > 1 or given[0].name != "uncertainties"
        else [f"world {place}" for place in range(number)]
    )
    return values, row_names(chosen), names, clusters(given)


def analyse(
    results: Any,
    measure: str,
    year: int | None = None,
    *,
    better: str = "high",
    threshold: float | None = None,
    worlds: Sequence[str] = NOBODY_CHOOSES,
    draws: int = 1000,
    seed: int = 0,
) -> Finding:
    """Choices (rows of policies and strategies) across worlds (rows of the blocks `worlds`), by every rule.

    `better` says whether a high or a low measure is better; `threshold` what is good enough (the median over all
    choices and worlds if left out); `draws` bootstrap draws of worlds and replicates. Raises `InputError`.
    """
    check_option("better", better, ("high", "low"))
    check_count("draws", draws, 1)
    known = [block.name for block in results.study.design.blocks]
    for name in worlds:
        if name not in (*known, *NOBODY_CHOOSES):
            raise unknown("block", name, known, "this study")
    values, names, world_names, cluster = table_of_values(results, measure, year, worlds)
    means = paired_means(values)
    kept = ~np.isnan(means).any(axis=0)
    if kept.sum() < 2:
        raise InputError(
            f"measure {measure!r}: only {count(int(kept.sum()), 'world')} with a replicate that every choice has, and "
            "at least two are needed; finish or repair the study"
        )
    dropped = int((~kept).sum())
    values, means, cluster = values[:, kept], means[:, kept], cluster[kept]
    world_names = [name for name, keep in zip(world_names, kept, strict=True) if keep]
    from_median = threshold is None
    threshold = float(np.median(means)) if threshold is None else float(threshold)
    numbers = scores(means, better=better, threshold=threshold)
    drawn = bootstrap(values, cluster, better=better, threshold=threshold, draws=draws, seed=seed)
    ends = {rule: percentile_interval(drawn[rule]) for rule in RULES}
    wins = {rule: _wins(rule, drawn[rule], better) for rule in RULES}
    lost = regret(means, better)
    first = lost <= 1e-12 * np.maximum(1.0, np.abs(means).max(axis=0))
    sentences = [
        f"{count(len(names), 'choice')} in {count(means.shape[1], 'world')}; a {better} {measure} is better. Good "
        f"enough means {'at least' if better == 'high' else 'at most'} {figure(threshold)}"
        + (", the median over all choices and worlds." if from_median else ".")
    ]
    sentences += [_winner(rule, numbers[rule], ends[rule], wins[rule], names, better, draws) for rule in RULES]
    sentences += _agreement(numbers, names, better, first)
    fixed = len(np.unique(cluster)) < 2
    sentences.append(
        f"Intervals are 95 %, from {draws:,} bootstrap draws of "
        f"{'replicates; the worlds are a fixed list' if fixed else 'worlds and replicates'}, the same for every choice "
        "(common luck). With few replicates regret is too high on average, because the best of each world is picked "
        "from noisy means; and worlds that were not run may be worse than the worst here."
    )
    if any(((numbers[rule] < ends[rule][0]) | (numbers[rule] > ends[rule][1])).any() for rule in RULES):
        sentences.append(
            "An interval that leaves out its own value is a sign that noise drives the number: give the study more "
            "replicates."
        )
    if dropped:
        sentences.append(f"{count(dropped, 'world')} without a replicate that every choice has left out.")
    sentences += missing_sentence(values)
    return Finding(
        "robustness",
        f"Which choice holds up: {measure}",
        tuple(sentences),
        (_score_table(names, numbers, ends, first), _winner_table(names, numbers, drawn, wins, better)),
        _charts(measure, names, world_names, numbers, ends, lost),
        about(
            results,
            measure,
            year,
            better=better,
            threshold=threshold,
            worlds=list(worlds),
            draws=draws,
            analysis_seed=seed,
        ),
    )


def _wins(rule: str, drawn: np.ndarray, better: str) -> np.ndarray:
    """In what share of the draws each choice is best, (choices,); those that tie share the draw."""
    real = drawn[~np.isnan(drawn).any(axis=1)]
    won = np.array([best(rule, one, better) for one in real])
    return (won / won.sum(axis=1, keepdims=True)).mean(axis=0)


def _winner(
    rule: str, values: np.ndarray, ends: tuple, wins: np.ndarray, names: Sequence[str], better: str, draws: int
) -> str:
    top = np.flatnonzero(best(rule, values, better))
    place = int(top[0])
    if len(top) > 1:
        return (
            f"By {RULES[rule][0]} {len(top)} choices share the first place ({_some([names[one] for one in top])}) at "
            f"{figure(values[place])}."
        )
    sure = "clear" if wins[place] >= 0.95 else "likely" if wins[place] >= 0.7 else "open"
    return (
        f"By {RULES[rule][0]} {names[place]} is best: {figure(values[place])} (95 % {figure(ends[0][place])} to "
        f"{figure(ends[1][place])}); it is first in {wins[place]:.0%} of {draws:,} draws, so that is {sure}."
    )


def _some(names: Sequence[str]) -> str:
    return "; ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _agreement(numbers: Mapping[str, np.ndarray], names: Sequence[str], better: str, first: np.ndarray) -> list[str]:
    common = np.all([best(rule, numbers[rule], better) for rule in RULES], axis=0)
    said = [
        f"All rules agree on {_some([names[place] for place in np.flatnonzero(common)])}."
        if common.any()
        else "The rules do not agree: which choice is best depends on how one decides."
    ]
    said += [f"{names[place]} is best in every world." for place in np.flatnonzero(first.all(axis=1))]
    return said


def _score_table(
    names: Sequence[str], numbers: Mapping[str, np.ndarray], ends: Mapping[str, tuple], first: np.ndarray
) -> Table:
    columns = [Column("choice")]
    for rule in RULES:
        unit, digits = ("% of worlds", 1) if rule == "satisficing" else ("", 4)
        columns += [
            Column(rule.replace("_", " "), unit, digits),
            Column("from", unit, digits),
            Column("to", unit, digits),
        ]
    rows = []
    for place in np.argsort(numbers["regret_90"], kind="stable"):
        row: list[Any] = [names[place]]
        for rule in RULES:
            scale = 100.0 if rule == "satisficing" else 1.0
            row += [
                scale * float(numbers[rule][place]),
                scale * float(ends[rule][0][place]),
                scale * float(ends[rule][1][place]),
            ]
        rows.append((*row, 100.0 * float(first[place].mean())))
    return Table(
        "Every choice by every rule",
        (*columns, Column("best of its world", "% of worlds", 1)),
        tuple(rows),
        "From least regret to most, by the 90th percentile; from and to: 95 % intervals.",
    )


def _winner_table(
    names: Sequence[str],
    numbers: Mapping[str, np.ndarray],
    drawn: Mapping[str, np.ndarray],
    wins: Mapping[str, np.ndarray],
    better: str,
) -> Table:
    rows = []
    for rule, (words, _) in RULES.items():
        values = numbers[rule]
        top = np.flatnonzero(best(rule, values, better))
        place, sign = int(top[0]), 1.0 if _more(rule, better) else -1.0
        rival = max((one for one in range(len(names)) if one != place), key=lambda one: sign * values[one])
        low, high = percentile_interval(sign * (drawn[rule][:, place] - drawn[rule][:, rival]))
        lead = (sign * float(values[place] - values[rival]), float(low), float(high))
        rows.append(
            (
                words,
                _some([names[one] for one in top]),
                100.0 * float(wins[rule][top].sum()),
                names[rival],
                *((100.0 * one if rule == "satisficing" else one) for one in lead),
            )
        )
    return Table(
        "Best by each rule",
        headings("by", "best", "first in|1|% of draws", "next", "lead over it|4", "from|4", "to|4"),
        tuple(rows),
        "The lead is paired, so it is often surer than either value; for the share of worlds it is in percentage "
        "points. Below zero the next one would be ahead.",
    )


def _charts(
    measure: str,
    names: Sequence[str],
    world_names: Sequence[str],
    numbers: Mapping[str, np.ndarray],
    ends: Mapping[str, tuple],
    lost: np.ndarray,
) -> tuple[Any, ...]:
    order = np.argsort(numbers["regret_90"], kind="stable")[:MOST_DRAWN]
    cut = "" if len(names) <= MOST_DRAWN else f"The {MOST_DRAWN} of least regret; the table has all {len(names)}."
    charts: list[Any] = [
        Bars(
            f"{title}: {measure}",
            unit,
            tuple(names[place] for place in order),
            *(tuple(float(scale * part[place]) for place in order) for part in (numbers[rule], *ends[rule])),
            note=cut,
        )
        for title, unit, rule, scale in (
            ("90th percentile of regret", "", "regret_90", 1.0),
            ("Good enough", "% of worlds", "satisficing", 100.0),
        )
    ]
    if lost.shape[1] <= 60:
        charts.append(
            Heat(
                f"Regret in each world: {measure}",
                "",
                tuple(names[place] for place in order),
                tuple(world_names),
                tuple(tuple(float(value) for value in lost[place]) for place in order),
                tuple(
                    (row, int(column))
                    for row, place in enumerate(order)
                    for column in np.flatnonzero(lost[place] == 0.0)
                ),
                "Framed: the best choice of that world.",
            )
        )
    return tuple(charts)
