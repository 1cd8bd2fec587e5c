"""One block of a study against everything that it is crossed with, and wording that several analyses share."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.finding import Bars
from stackcraft.experiments.analyses.layout import figure

NORMAL_95 = 1.959963984540054  # half-width of a 95 % interval in standard errors
ROUNDING = 2e-7  # of the largest value: sweeps keep single precision, so smaller differences say nothing
MOST_BARS = 20  # of a chart; the table has them all
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
            if not str(value).isdigit() or int(value) >= block.size:
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


# Wording


def plus_minus(value: float, half: float) -> str:
    """A value with the half-width of its interval, both to the same place."""
    if not np.isfinite(half) or half == 0:
        return figure(value)
    place = min(max(1 - int(np.floor(np.log10(half))), 0), 8)
    return f"{value:,.{place}f} ± {half:,.{place}f}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names as a list in a sentence; beyond `most` only how many more."""
    names = list(names)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "none"


def ranked(
    names: Sequence[str], values: np.ndarray, halves: np.ndarray, clear: np.ndarray, most: int = 3
) -> tuple[str, str]:
    """Return the largest values in words, the largest first, and a sentence to add if some of these are not clear.

    No factor is passed over: the one that leads the table leads the sentence. Those after the last clear one are left
    out.
    """
    order = np.argsort(-np.asarray(values), kind="stable")[:most]
    last = max((rank for rank, place in enumerate(order) if clear[place]), default=most)
    unclear = ["" if clear[place] else ", not clear" for place in order[: last + 1]]
    parts = [
        f"{names[place]} ({plus_minus(values[place], halves[place])}{note})"
        for place, note in zip(order, unclear, strict=False)
    ]
    more = " Not clear: the interval reaches what luck, or nothing at all, would give." if any(unclear) else ""
    return listed(parts), more


def bars(
    title: str, unit: str, names: Sequence[str], values: np.ndarray, halves: np.ndarray, order: np.ndarray
) -> Bars:
    """Return the first values of an order as bars with their intervals; a note says of how many."""
    shown = order[:MOST_BARS]
    note = f"The {len(shown)} largest of {len(order)}." if len(shown) < len(order) else ""
    parts = (tuple(map(float, part[shown])) for part in (values, values - halves, values + halves))
    return Bars(title, unit, tuple(names[place] for place in shown), *parts, note)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 run, 2 runs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def by_chance(factors: int) -> list[str]:
    """What to expect of many 95 % intervals at once: one in forty lies clear on one side although there is nothing."""
    return [f"Of {factors} factors about {factors / 40:.0f} would seem clear by chance alone."] if factors >= 40 else []


def chosen_year(results: Any, year: int | None) -> int:
    """The year that is read: the last kept one where none is named."""
    return results.years[-1] if year is None else year
