"""The cases of scenario discovery: the rows of a study as points, and which of them are of interest.

A row is of interest where its mean over replicates lies beyond a threshold, or where at least a given share of its
replicates does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.layout import check_option, check_share, clusters, read_cube
from stackcraft.experiments.analyses.wording import figure

FEWEST_ROWS = 20
FEWEST_CASES = 5


@dataclass(frozen=True)
class Interest:
    """Which cases are of interest, and what a rule for them may use.

    Of interest is what lies beyond `threshold`, or beyond the `quantile` of all rows (of all runs for outcome "share"),
    on the `side` "above" or "below"; without either, the uppermost quarter for "above", the lowest for "below". A row
    is judged by the `outcome` "mean" of its runs, or by whether at least a `share` of them lies beyond ("share").
    `factors` are those that a rule may use: all uncertainties if left out, or everything where a study has none.
    `fixed` keeps one row of a block, such as {"policies": 3}; over blocks that hold no factor of the rule and are not
    fixed, outcomes are taken together.
    """

    threshold: float | None = None
    quantile: float | None = None
    side: str = "above"
    outcome: str = "mean"
    share: float = 0.5
    factors: Sequence[str] | None = None
    fixed: Mapping[str, int] | None = None

    def check(self) -> None:
        """Raise `InputError` for an option that is out of range."""
        check_option("side", self.side, ("above", "below"))
        check_option("outcome", self.outcome, ("mean", "share"))
        check_share("quantile", self.quantile)
        if not 0.0 < self.share <= 1.0:
            raise InputError(f"share={self.share:g} is out of bounds; give a number above 0 and up to 1")
        if self.threshold is not None and self.quantile is not None:
            raise InputError(
                f"threshold={self.threshold:g} and quantile={self.quantile:g} are both given; give one of them"
            )

    def as_used(self, cases: Cases) -> dict[str, Any]:
        """Return every option with the threshold and the factors that were used, for who repeats the analysis."""
        used = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "quantile"}
        return {**used, "threshold": cases.threshold, "factors": list(cases.columns), "fixed": dict(self.fixed or {})}


@dataclass(frozen=True, eq=False)
class Cases:
    """Rows with their factors and outcome.

    `columns` name -> (rows,) numbers, or text for categories; `kinds` and `units` by name; `values` (rows, runs of a
    row), NaN where missing; `replicate` (runs of a row,) which replicate each of them is; `interest` (rows,) bool;
    `world` (rows,) which rows belong to one draw of the uncertainties. `question` says in words what a case of interest
    is, `notes` how rows were made.
    """

    columns: Mapping[str, np.ndarray]
    kinds: Mapping[str, str]
    units: Mapping[str, str]
    values: np.ndarray
    replicate: np.ndarray
    world: np.ndarray
    interest: np.ndarray
    threshold: float
    side: str
    outcome: str
    share: float
    question: str
    notes: tuple[str, ...]

    def interest_under(self, weights: np.ndarray) -> np.ndarray:
        """Return which rows are of interest when replicates count as `weights`, (rows,) bool.

        `weights` is (replicates,); the threshold stays.
        """
        return of_interest(self.values, self.threshold, self.side, self.outcome, self.share, weights[self.replicate])[0]


def of_interest(
    values: np.ndarray,
    threshold: float,
    side: str = "above",
    outcome: str = "mean",
    share: float = 0.5,
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows lie beyond `threshold`, (rows,) bool, and the number that was judged, (rows,).

    That number is the weighted mean, or the share beyond. `values` (rows, runs), NaN left out; `weights` (runs,).
    "above" and "below" are strict. A row without a run is never of interest.
    """
    weights = np.ones(values.shape[1]) if weights is None else weights
    known = ~np.isnan(values)
    total = known @ weights
    beyond = values > threshold if side == "above" else values < threshold
    summed = (np.where(known, values, 0.0) if outcome == "mean" else (beyond & known).astype(float)) @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        judged = summed / total
    if outcome == "share":
        return (total > 0) & (judged >= share), judged
    return (total > 0) & (judged > threshold if side == "above" else judged < threshold), judged


def read_cases(results: Any, measure: str, year: int | None = None, interest: Interest = Interest()) -> Cases:
    """Return the cases of a study. Raises `InputError` for options out of range and too few cases or rows."""
    interest.check()
    side, outcome, share, threshold = interest.side, interest.outcome, interest.share, interest.threshold
    cube = read_cube(results, measure, year)
    blocks = list(results.study.design.blocks)
    cube, blocks, notes = _fix(cube, blocks, interest.fixed or {})
    chosen = _factors(blocks, interest.factors)
    kept = [axis for axis, block in enumerate(blocks) if any(factor.name in chosen for factor in block.factors)]
    pooled = [axis for axis in range(len(blocks)) if axis not in kept]
    rows = int(np.prod([blocks[axis].size for axis in kept]))
    values = cube.transpose(*kept, *pooled, cube.ndim - 1).reshape(rows, -1)
    if any(blocks[axis].size > 1 for axis in pooled):
        notes.append(
            "Outcomes are taken together over the rows of "
            + " and ".join(blocks[axis].name for axis in pooled if blocks[axis].size > 1)
            + "."
        )
    world = clusters([blocks[axis] for axis in kept])
    if not np.any(world):
        world = np.arange(rows)
    known = ~np.isnan(values).all(axis=1)
    columns, kinds, units = _columns([blocks[axis] for axis in kept], chosen)
    columns = {name: column[known] for name, column in columns.items() if len(np.unique(column[known])) > 1}
    values, world = values[known], world[known]
    if len(values) < FEWEST_ROWS or not columns:
        raise InputError(
            f"{len(values)} rows with a value and {len(columns)} factors that differ are too little to look for rules; "
            f"give at least {FEWEST_ROWS} rows, such as a latin design"
        )
    if odd := sorted(
        {blocks[axis].kind for axis in kept} & {"grid", "table", "morris", "subsets", "shapley", "one_out"}
    ):
        notes.append(
            f"The rows are those of a {' and '.join(odd)} design: shares are shares of its rows, not of the ranges; a "
            "latin design would fill the ranges evenly."
        )
    if threshold is None:
        usual = 0.75 if side == "above" else 0.25
        quantile = usual if interest.quantile is None else interest.quantile
        judged = values if outcome == "share" else np.nanmean(values, axis=1)
        threshold = float(np.nanquantile(judged, quantile))
    which, judged = of_interest(values, threshold, side, outcome, share)
    question = f"{measure} is {side} {figure(threshold)}" + (
        " in the mean over replicates" if outcome == "mean" else f" in at least {share:.0%} of replicates"
    )
    number = int(which.sum())
    if min(number, len(which) - number) < FEWEST_CASES:
        raise InputError(
            f"{number} of {len(which)} rows are of interest ({question}), which leaves nothing to tell apart; what was "
            f"judged goes from {figure(judged.min())} to {figure(judged.max())}: give another threshold or quantile"
        )
    replicates = cube.shape[-1]
    replicate = np.tile(np.arange(replicates), values.shape[1] // replicates)
    return Cases(
        columns,
        {name: kinds[name] for name in columns},
        units,
        values,
        replicate,
        world,
        which,
        threshold,
        side,
        outcome,
        share,
        question,
        tuple(notes),
    )


def _fix(cube: np.ndarray, blocks: list[Any], fixed: Mapping[str, int]) -> tuple[np.ndarray, list[Any], list[str]]:
    names = [block.name for block in blocks]
    for name, row in fixed.items():
        if name not in names:
            raise unknown("block", name, names, "this study")
        size = blocks[names.index(name)].size
        if not 0 <= row < size:
            raise InputError(f"row {row} of block {name} does not exist; give one from 0 to {size - 1}")
    place = tuple(fixed.get(name, slice(None)) for name in names)
    notes = [f"Only row {row} of {name} is looked at." for name, row in fixed.items()]
    return cube[place], [block for block in blocks if block.name not in fixed], notes


def _factors(blocks: Sequence[Any], names: Sequence[str] | None) -> list[str]:
    known = {factor.name: factor for block in blocks for factor in block.factors}
    if names is not None:
        for name in names:
            if name not in known:
                raise unknown("factor", name, known, "this study")
        chosen = list(dict.fromkeys(names))
    else:
        chosen = [name for name, one in known.items() if one.group == "uncertainty"] or list(known)
    if not chosen:
        raise InputError("nothing varies in this study; add uncertainties or levers to its design")
    return chosen


def _columns(
    blocks: Sequence[Any], chosen: Sequence[str]
) -> tuple[dict[str, np.ndarray], dict[str, str], dict[str, str]]:
    columns, kinds, units = {}, {}, {}
    places = np.indices(tuple(block.size for block in blocks)).reshape(len(blocks), -1)
    for block, place in zip(blocks, places, strict=True):
        for factor in block.factors:
            if factor.name in chosen:
                column = block.table[factor.name].to_numpy()[place]
                columns[factor.name] = column.astype(str) if factor.kind == "category" else column.astype(float)
                kinds[factor.name], units[factor.name] = factor.kind, factor.unit
    return {name: columns[name] for name in chosen}, kinds, units
