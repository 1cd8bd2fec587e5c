"""Scenario discovery: which combinations of uncertainties make the outcome good or bad.

Boxes are found by the Patient Rule Induction Method (`stackcraft.experiments.analyses.peeling`, with its sources):
peel, choose a box of the trajectory, paste, and drop what may be chance. A box is judged by coverage (how many of the
cases of interest it holds) and density (how many of its rows are such cases).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.experiments.analyses.cases import FEWEST_CASES, Cases, Interest, read_cases
from stackcraft.experiments.analyses.finding import Finding, Lines, Points, Table, headings
from stackcraft.experiments.analyses.layout import (
    about,
    check_count,
    check_option,
    check_share,
    missing_sentence,
    read_cube,
    resample,
    resample_replicates,
)
from stackcraft.experiments.analyses.peeling import (
    Box,
    Columns,
    Limit,
    Reproduced,
    choose,
    contains,
    paste,
    peel,
    prune,
    quasi_p_values,
    reproduce,
)
from stackcraft.experiments.analyses.wording import figure
from stackcraft.experiments.statistics import percentile_interval

MOST_POINTS = 2000  # drawn; the numbers use every row


@dataclass(frozen=True)
class Discovered:
    """One box.

    It has the trajectory it comes from, its place there, the box after pasting and pruning, its quasi-p-values, and the
    rows looked at.
    """

    trajectory: tuple[Box, ...]
    chosen: int
    box: Box
    quasi_p: Mapping[tuple[str, str], float]
    among: np.ndarray


def discover(
    columns: Columns,
    interest: np.ndarray,
    *,
    boxes: int = 1,
    alpha: float = 0.05,
    least_mass: float = 0.05,
    criterion: str = "lenient",
    least_density: float | None = None,
    level: float = 0.05,
) -> tuple[Discovered, ...]:
    """Up to `boxes` boxes, each among the rows that those before it left (covering).

    A box is kept if it is denser than all rows together, and a second one only if it has `least_density` where that is
    asked; so there may be none. `columns` name -> (rows,), `interest` (rows,) bool; options as in `peel`, `choose` and
    `prune`.
    """
    found: list[Discovered] = []
    among = np.ones(len(interest), dtype=bool)
    base = float(interest.mean())
    while len(found) < boxes and (interest & among).sum() >= FEWEST_CASES:
        trajectory = peel(columns, interest, alpha=alpha, least_mass=least_mass, criterion=criterion, among=among)
        chosen = choose(trajectory, least_density=least_density)
        box = paste(columns, interest, trajectory[chosen], alpha=alpha, among=among)
        box = prune(columns, interest, box, level=level, among=among)
        if not box.limits or box.density <= base or (found and box.density < (least_density or 0.0)):
            break
        found.append(Discovered(trajectory, chosen, box, quasi_p_values(columns, interest, box, among), among))
        among = among & ~contains(box.limits, columns)
    return tuple(found)


def bootstrap_rows(cases: Cases, inside: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Coverage and density of a given box, `inside` (rows,) bool, when whole worlds are drawn again, each (draws,)."""
    luck = np.random.default_rng(seed)
    return _held([(cases.interest, resample(luck, cases.world)) for _ in range(draws)], inside)


def bootstrap_replicates(cases: Cases, inside: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the same when replicates are drawn again, the same ones in every row (common luck).

    Rows near the threshold then change sides. The threshold stays. Their mean lies below the values of all replicates,
    because each draw adds noise to who is of interest.
    """
    luck = np.random.default_rng(seed)
    replicates, once = int(cases.replicate.max()) + 1, np.ones(len(inside))
    return _held([(cases.interest_under(resample_replicates(luck, replicates)), once) for _ in range(draws)], inside)


def _held(drawn: Sequence[tuple[np.ndarray, np.ndarray]], inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.array(
            [
                (weights @ (interest & inside)) / np.array([weights @ interest, weights @ inside])
                for interest, weights in drawn
            ]
        )
    return found[:, 0], found[:, 1]


@dataclass(frozen=True)
class Options(Interest):
    """How boxes are looked for, and which cases are of interest (see `cases.Interest`).

    `boxes`, `alpha` (share peeled at a time), `least_mass` (smallest box, share of rows), `criterion` and
    `least_density` are as in `discover`; `draws` bootstrap draws of worlds, and of replicates; `resamples` halves for
    the resampling test.
    """

    boxes: int = 1
    alpha: float = 0.05
    least_mass: float = 0.05
    criterion: str = "lenient"
    least_density: float | None = None
    draws: int = 200
    resamples: int = 20

    def check(self) -> None:
        super().check()
        check_option("criterion", self.criterion, ("lenient", "density"))
        check_share("alpha", self.alpha, 0.0, 0.5)
        check_share("least_mass", self.least_mass, 0.0, 1.0)
        check_share("least_density", self.least_density, 0.0, 1.0 + 1e-9)
        for name, least in (("boxes", 1), ("draws", 1), ("resamples", 2)):
            check_count(name, getattr(self, name), least)


def analyse(
    results: Any, measure: str, year: int | None = None, options: Options = Options(), *, seed: int = 0
) -> Finding:
    """Return boxes in which cases of interest are dense. Raises `InputError`."""
    cases = read_cases(results, measure, year, options)
    boxes, draws, resamples = options.boxes, options.draws, options.resamples
    peeling = {"alpha": options.alpha, "least_mass": options.least_mass, "criterion": options.criterion}
    least_density = options.least_density
    found = discover(cases.columns, cases.interest, boxes=boxes, least_density=least_density, **peeling)
    base = float(cases.interest.mean())
    sentences = [
        (
            f"A case of interest is one where {cases.question}: {int(cases.interest.sum()):,} of "
            f"{len(cases.interest):,} rows ({base:.1%})."
        )
    ]
    tables, charts = [], []
    for number, one in enumerate(found, start=1):
        inside = contains(one.box.limits, cases.columns) & one.among
        ends = [percentile_interval(draw) for draw in bootstrap_rows(cases, inside, draws, seed)]
        redrawn = (
            [float(np.nanmean(draw)) for draw in bootstrap_replicates(cases, inside, draws, seed)]
            if cases.replicate.any()
            else None
        )
        # The rows of earlier boxes are out of the question in the resampling test too.
        again = reproduce(
            cases.columns,
            cases.interest,
            one.box,
            resamples=resamples,
            groups=cases.world,
            among=one.among,
            seed=seed,
            **peeling,
        )
        sentences += _sentences(cases, number, one, ends, redrawn, again, base)
        tables += [_limits_table(cases, number, one, again), _trajectory_table(number, one)]
        charts += _charts(cases, number, one, inside)
    if not found:
        sentences.append(
            "No box is denser in such cases than all rows together, so none is reported: the factors do not single "
            "them out."
        )
    elif boxes > len(found):
        sentences.append(
            "What is left holds no further box that is denser than all rows "
            f"together{'' if least_density is None else f' and has a density of {least_density:.0%}'}."
        )
    if found:
        sentences.append(
            f"Intervals are 95 %, from {draws:,} bootstrap draws of "
            f"{'worlds' if len(np.unique(cases.world)) < len(cases.world) else 'rows'} with the box held fixed; they "
            "leave out that the box was chosen on the same rows, which the halves left out show. A small "
            "quasi-p-value is needed for a restriction, but does not prove it."
        )
    if found and len(np.unique(cases.world)) < len(cases.world):
        sentences.append(
            "Several rows share a world here and are not independent of each other, which makes quasi-p-values too "
            "small."
        )
    sentences += [*cases.notes, *missing_sentence(read_cube(results, measure, year))]
    return Finding(
        "prim",
        f"Where {cases.question}",
        tuple(sentences),
        tuple(tables),
        tuple(charts),
        about(results, measure, year, **options.as_used(cases), analysis_seed=seed),
    )


def in_words(name: str, limit: Limit, kind: str, unit: str = "") -> str:
    """A restriction in plain words: "supply_fear at least 0.4", "peers is on"."""
    after = f" {unit}" if unit and unit not in ("0/1", "-", "share", "fraction") else ""
    if limit.values is not None:
        return f"{name} is {' or '.join(limit.values)}"
    if kind == "switch":
        return f"{name} is {'on' if limit.low is not None else 'off'}"
    if limit.low is not None and limit.high is not None:
        return f"{name} from {figure(limit.low)} to {figure(limit.high)}{after}"
    return (
        f"{name} at least {figure(limit.low)}{after}"
        if limit.low is not None
        else f"{name} at most {figure(limit.high)}{after}"
    )


def box_in_words(box: Box, cases: Cases) -> str:
    """All restrictions of a box, joined by "and"."""
    return " and ".join(
        in_words(name, limit, cases.kinds[name], cases.units[name]) for name, limit in box.limits.items()
    )


def _sentences(
    cases: Cases,
    number: int,
    found: Discovered,
    ends: list,
    redrawn: list[float] | None,
    again: Reproduced,
    base: float,
) -> list[str]:
    box = found.box
    (coverage_low, coverage_high), (density_low, density_high) = ends
    said = [
        (
            f"Box {number}: {box_in_words(box, cases)}. It holds {box.coverage:.0%} of the cases of interest "
            f"(coverage; 95 % {coverage_low:.0%} to {coverage_high:.0%}), and {box.density:.0%} of its {box.rows:,} "
            f"rows are such cases (density; {density_low:.0%} to {density_high:.0%}), against {base:.0%} of all rows."
        )
    ]
    if redrawn is not None:
        moved = max(abs(box.coverage - redrawn[0]), abs(box.density - redrawn[1]))
        said.append(
            f"With replicates drawn again, so that rows near the threshold change sides, it holds {redrawn[0]:.0%} of "
            f"them at a density of {redrawn[1]:.0%} on "
            f"average{': more replicates would sharpen this.' if moved > 0.05 else '.'}"
        )
    held = again.density[~np.isnan(again.density)]
    if len(held):
        said.append(
            "Boxes of about that density found on random halves of the rows have, in the other halves, a density of "
            f"{held.mean():.0%} and a coverage of {again.coverage.mean():.0%} on average over {len(held)} resamples "
            f"(densities from {held.min():.0%} to {held.max():.0%})."
        )
    unstable = [name for name in box.limits if min(again.by_coverage[name], again.by_density[name]) < 0.7]
    said.append(
        f"Not stable: {', '.join(unstable)} (limited again in less than 70 % of the resamples)."
        if unstable
        else "Each of its variables is limited again in at least 70 % of the resamples."
    )
    return said


def _limits_table(cases: Cases, number: int, found: Discovered, again: Reproduced) -> Table:
    rows = []
    # The strongest restriction first.
    order = sorted(
        found.box.limits, key=lambda name: min(p for (other, _), p in found.quasi_p.items() if other == name)
    )
    for name in order:
        limit, column, kind = found.box.limits[name], cases.columns[name], cases.kinds[name]
        within = (
            ", ".join(np.unique(column))
            if kind == "category"
            else "off, on"
            if kind == "switch"
            else f"{figure(column.min())} to {figure(column.max())}"
        )
        p = [value for (other, _), value in found.quasi_p.items() if other == name]
        rows.append(
            (
                name,
                in_words("", limit, kind).strip(),
                within,
                cases.units[name],
                max(p),
                again.by_coverage[name] * 100,
                again.by_density[name] * 100,
            )
        )
    return Table(
        f"Box {number}: restrictions",
        headings(
            "factor",
            "in the box",
            "studied",
            "unit",
            "quasi-p-value|4",
            "again, equal coverage|0|% of resamples",
            "again, equal density|0|% of resamples",
        ),
        tuple(rows),
        "Quasi-p-value: the chance of such a density if the restriction did nothing (the larger of two where both "
        "ends are limited). Again: in how many boxes found on random halves of the rows the factor is limited.",
    )


def _trajectory_table(number: int, one: Discovered) -> Table:
    rows = tuple(
        (
            step,
            len(box.limits),
            box.coverage * 100,
            box.density * 100,
            box.mass * 100,
            box.rows,
            "taken" if step == one.chosen else "",
        )
        for step, box in enumerate(one.trajectory)
    )
    return Table(
        f"Box {number}: peeling trajectory",
        headings("step", "factors limited", "coverage|1|%", "density|1|%", "mass|1|%", "rows", ""),
        rows,
        "Another box of the trajectory may suit another purpose: more coverage or more density. The one taken was "
        "pasted and pruned afterwards.",
    )


def _charts(cases: Cases, number: int, found: Discovered, inside: np.ndarray) -> list[Any]:
    steps = tuple(float(step) for step in range(len(found.trajectory)))
    charts: list[Any] = [
        Lines(
            f"Box {number}: what each peel costs and gains",
            "step of the peeling",
            "%",
            steps,
            (
                ("coverage", tuple(box.coverage * 100 for box in found.trajectory)),
                ("density", tuple(box.density * 100 for box in found.trajectory)),
                ("mass", tuple(box.mass * 100 for box in found.trajectory)),
            ),
            note=f"Step {found.chosen} was taken.",
        )
    ]
    strongest = sorted((p, name) for (name, side), p in found.quasi_p.items() if cases.kinds[name] in ("real", "whole"))
    pair = list(dict.fromkeys(name for _, name in strongest))[:2]
    if len(pair) < 2:
        return charts
    x, y = (cases.columns[name] for name in pair)
    shown = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).astype(int))
    box = []
    for name, column in zip(pair, (x, y), strict=True):
        limit = found.box.limits[name]
        box += [
            float(column.min()) if limit.low is None else limit.low,
            float(column.max()) if limit.high is None else limit.high,
        ]
    charts.append(
        Points(
            f"Box {number} in its two strongest factors that are numbers",
            f"{pair[0]} {cases.units[pair[0]]}".strip(),
            f"{pair[1]} {cases.units[pair[1]]}".strip(),
            tuple(x[shown].tolist()),
            tuple(y[shown].tolist()),
            tuple(int(value) for value in cases.interest[shown]),
            ("other", "of interest"),
            (tuple(box),),
            "Other restrictions of the box are not seen here." if len(found.box.limits) > 2 else "",
        )
    )
    return charts
