"""One block of a study against everything that it is crossed with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from stackcraft.agents.errors import InputError, unknown

ROUNDING = 2e-7  # of the largest value: sweeps keep single precision, so smaller differences say nothing
MOST_SLICES = 60  # more than these nobody reads
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Slice:
    """One combination of everything outside a block.

    `label` is what it is called, `values` its runs, (rows of the block, replicates).
    """

    label: str
    values: np.ndarray


def block_of_kind(results: Any, kind: str, block: str | None = None) -> int:
    """The axis of the block whose design is of this kind, or of the named one. Raises `InputError` if there is none."""
    blocks = results.study.design.blocks
    if block is not None:
        names = [block.name for block in blocks]
        if block not in names:
            raise unknown("block", block, names, "this study")
        axis = names.index(block)
        if blocks[axis].kind != kind:
            raise InputError(
                f"block {block} is a {blocks[axis].kind} design; this analysis needs design.{block} = {{ kind = "
                f'"{kind}", ... }}'
            )
        return axis
    found = [axis for axis, one in enumerate(blocks) if one.kind == kind]
    if not found:
        here = ", ".join(f"{block.name}: {block.kind}" for block in blocks) or "none"
        raise InputError(
            f"no block of this study is a {kind} design ({here}); give one in [design], such as uncertainties = {{ "
            f'kind = "{kind}", ... }}'
        )
    return found[0]


def slices(
    results: Any, measure: str, year: int | None, axis: int, at: Mapping[str, Any] | None = None, over: str = "each"
) -> list[Slice]:
    """Return the runs of the block on `axis`, once for every combination of the others, or averaged over them.

    They are averaged for `over="mean"`. `at` chooses among the combinations: factor name to value, or block name to row
    number. Combinations without a single run are not there. Raises `InputError` for an unknown measure, factor or
    value, and for more combinations than can be read.
    """
    if over not in ("each", "mean"):
        raise unknown("over", str(over), ("each", "mean"))
    blocks = results.study.design.blocks
    cube = np.moveaxis(results.cube(measure, year), axis, 0)
    others = [block for place, block in enumerate(blocks) if place != axis]
    flat = cube.reshape(cube.shape[0], -1, cube.shape[-1])
    chosen = [(place, rows) for place, rows in enumerate(itertools.product(*(range(block.size) for block in others)))]
    for name, value in (at or {}).items():
        chosen = _only(chosen, others, name, value)
    chosen = [(place, rows) for place, rows in chosen if np.isfinite(flat[:, place]).any()]
    if not chosen:
        raise InputError(f"{measure}: no run gave a value here; look at the study's failures, or wait for it to go on")
    if over == "mean" and len(chosen) > 1:
        return [Slice(f"mean over {len(chosen)} combinations", flat[:, [place for place, _ in chosen]].mean(axis=1))]
    if len(chosen) > MOST_SLICES:
        names = ", ".join(block.name for block in others)
        raise InputError(
            f"{len(chosen)} combinations of {names} are too many to read; choose some with at, such as "
            f'at={_example(others)}, or give over="mean"'
        )
    return [Slice(_label(others, rows), flat[:, place]) for place, rows in chosen]


def for_each(pieces: Sequence[Slice], work: Callable[[Slice], Answer]) -> tuple[list[Slice], list[Answer], list[str]]:
    """The answer for every slice that has enough runs for one, and the labels of those that have not.

    Raises the first slice's `InputError` if none has.
    """
    done, answers, refused = [], [], []
    for piece in pieces:
        try:
            answers.append(work(piece))
            done.append(piece)
        except InputError as error:
            refused.append((piece.label, error))
    if not answers:
        raise refused[0][1]
    return done, answers, [label for label, _ in refused]


def _only(chosen: list, others: Sequence[Any], name: str, value: Any) -> list:
    for position, block in enumerate(others):
        if name == block.name:
            if not str(value).isdecimal() or int(value) >= block.size:
                raise InputError(
                    f"at: {name}={value!r} is not a row of that block; give a whole number from 0 to {block.size - 1}"
                )
            return [one for one in chosen if one[1][position] == int(value)]
        if name in block.table.columns:
            column = block.table[name]
            texts = [_text(one) for one in column]
            if _text(value) not in texts:
                raise unknown("value", _text(value), sorted(set(texts)), f"at {name}")
            return [one for one in chosen if texts[one[1][position]] == _text(value)]
    raise unknown(
        "factor",
        name,
        [factor.name for block in others for factor in block.factors] + [block.name for block in others],
        "at: what this block is crossed with",
    )


def _text(value: Any) -> str:
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value)


def _label(others: Sequence[Any], rows: Sequence[int]) -> str:
    parts = []
    for block, row in zip(others, rows, strict=True):
        if block.size > 1 and len(block.factors) > 4:
            parts.append(f"{block.name} {row}")
        elif block.size > 1:
            parts += [
                f"{name}={_text(block.table[name].iloc[row])}"
                for name in block.table.columns
                if block.table[name].nunique() > 1
            ]
    return ", ".join(parts) or "all runs"


def _example(others: Sequence[Any]) -> str:
    block = max(others, key=lambda one: one.size)
    if len(block.table.columns) == 0:
        return "{}"
    name = block.table.columns[0]
    return "{" + f"{name!r}: {_text(block.table[name].iloc[0])!r}" + "}"


def chosen_year(results: Any, year: int | None) -> int:
    """The year that is read: the last kept one where none is named."""
    return results.years[-1] if year is None else year
