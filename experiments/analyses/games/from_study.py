"""The game in a study: which rows pair which strategies, and both sides' payoffs as samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.games.resampling import usable

SIDES = ("US", "CN")


@dataclass(frozen=True, eq=False)
class StudiedGame:
    """Samples of both payoffs, (worlds, replicates, rows, columns), and the names of the strategies.

    `left_out` of `draws` draws of luck (world, replicate) lack a value in some pair; `missing` single runs are the
    reason.
    `weights` are the payoffs' own weights that differ between worlds.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    first: np.ndarray
    second: np.ndarray
    draws: int
    left_out: int
    missing: int
    weights: tuple[str, ...] = ()


def read_game(
    results: Any, us: str, cn: str, year: int | None = None, at: Mapping[str, Any] | None = None
) -> StudiedGame:
    """The game of a study whose strategies block crosses those of US with those of CN.

    Uncertainties are worlds to average over. Whatever else the rows differ in (levers, bundles, structure, other
    actors' strategies) must be settled through `at`, factor to value. Raises `InputError` for an unknown measure, a
    design without a game in it, a pair without any run, or fewer than two draws of luck.
    """
    for measure in (us, cn):
        if measure not in results.measures:
            raise unknown("measure", measure, tuple(results.measures), "this study")
    if us == cn:
        raise InputError(
            f"both sides' payoff is {us}; name one measure for each side, such as us='payoff_us', cn='payoff_cn'"
        )
    blocks = results.study.design.blocks
    rows = _rows_at(blocks, at or {})
    axis = _axis_of_strategies(blocks)
    worlds = [
        number
        for number, block in enumerate(blocks)
        if number != axis and all(factor.group == "uncertainty" for factor in block.factors)
    ]
    for number, block in enumerate(blocks):
        if number != axis and number not in worlds:
            _refuse_differences(block, block.table.iloc[rows[number]], [])
    names, places = _pairs(blocks[axis], rows[axis])
    samples = []
    for measure in (us, cn):
        cube = np.asarray(results.cube(measure, year), dtype=float)
        for number, chosen in enumerate(rows):
            if number != axis:
                cube = np.take(cube, chosen, axis=number)
        cube = np.moveaxis(cube, axis, 0).reshape(
            cube.shape[axis], -1, cube.shape[-1]
        )  # (strategies, worlds, replicates)
        samples.append(np.moveaxis(cube[places], (0, 1), (2, 3)))
    weights = tuple(
        factor.name for number in worlds for factor in blocks[number].factors if factor.name.startswith("payoff_")
    )
    return replace(_checked(*names, *samples, us, cn), weights=weights)


def _rows_at(blocks, at: Mapping[str, Any]) -> list[np.ndarray]:
    """Each block's rows that have the values asked for."""
    known = [name for block in blocks for name in block.table.columns]
    for name in at:
        if name not in known:
            raise unknown("factor", name, known, "at")
    rows = []
    for block in blocks:
        keep = np.ones(block.size, dtype=bool)
        for name in block.table.columns:
            if name in at:
                values = block.table[name].to_numpy()
                numbers = values.dtype.kind in "fiub"
                try:
                    here = (
                        np.isclose(values.astype(float), float(at[name]))
                        if numbers
                        else values.astype(str) == str(at[name])
                    )
                except (TypeError, ValueError):
                    raise InputError(f"at: {name} = {at[name]!r} is not a number") from None
                if not here.any():
                    raise InputError(f"at: no row has {name} = {at[name]!r}; there is {_some(values)}")
                keep &= here
        if not keep.any():
            raise InputError(f"at: no row has all of {dict(at)!r} together")
        rows.append(np.flatnonzero(keep))
    return rows


def _axis_of_strategies(blocks) -> int:
    for number, block in enumerate(blocks):
        if set(SIDES) <= {factor.name for factor in block.factors if factor.group == "strategy"}:
            return number
    raise InputError(
        'the study crosses no strategies of both sides; give it a table [strategies] with US = "all" and CN = "all", '
        "or lists of presets"
    )


def _refuse_differences(block, table, besides: list[str]) -> None:
    for name in table.columns:
        if name not in besides and table[name].nunique() > 1:
            raise InputError(
                f"the rows of {block.name} also differ in {name}: choose one value with at={{{name!r}: value}}; there "
                f"is {_some(table[name])}"
            )


def _pairs(block, rows: np.ndarray) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], np.ndarray]:
    """The names of both sides' strategies in the study's order, and the block's row of every pair."""
    table = block.table.iloc[rows]
    _refuse_differences(block, table, list(SIDES))
    names = tuple(tuple(dict.fromkeys(table[side].astype(str))) for side in SIDES)
    places = np.full([len(side) for side in names], -1)
    for place, row, column in zip(rows, *(table[side].astype(str) for side in SIDES), strict=True):
        pair = names[0].index(row), names[1].index(column)
        if places[pair] >= 0:
            raise InputError(
                f"{block.name}: US {row} against CN {column} stands in two rows; each pair must be there once"
            )
        places[pair] = place
    if (places < 0).any():
        row, column = np.argwhere(places < 0)[0]
        raise InputError(
            f"{block.name}: {(places < 0).sum()} of {places.size} pairs are not in the design, such as US "
            f"{names[0][row]} "
            f'against CN {names[1][column]}; a game needs every pair: use the design kind = "grid"'
        )
    return names, places


def _checked(
    rows: tuple[str, ...], columns: tuple[str, ...], first: np.ndarray, second: np.ndarray, us: str, cn: str
) -> StudiedGame:
    there = np.isfinite(first) & np.isfinite(second)
    empty = np.argwhere(~there.any(axis=(0, 1)))
    if len(empty):
        row, column = empty[0]
        raise InputError(
            f"{len(empty)} of {len(rows) * len(columns)} pairs have no run with both {us} and {cn}, such as US "
            f"{rows[row]} against CN {columns[column]}; finish the sweep, or take one of the two out of the study"
        )
    valid = usable(first, second)
    if valid.sum() < 2:
        raise InputError(
            f"{valid.sum()} of {valid.size} draws of luck (world, replicate) have a value in every pair; at least 2 "
            "are needed: give the study more replicates"
        )
    return StudiedGame(rows, columns, first, second, int(valid.size), int((~valid).sum()), int((~there).sum()))


def _some(values) -> str:
    found = list(dict.fromkeys(str(value) for value in values))
    return ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
