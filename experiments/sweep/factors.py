"""What a study varies: factors, with types and bounds taken from the declarations of levers and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stackcraft.agents.declare import Declaration
from stackcraft.agents.errors import InputError, nearest, unknown
from stackcraft.model.parameters import locate

GROUPS = ("uncertainty", "lever", "bundle", "strategy", "structure")
KINDS = ("real", "whole", "category", "switch")


@dataclass(frozen=True)
class Factor:
    """One thing that differs between the rows of a study.

    `group` says whose it is: an uncertainty that nobody chooses, a lever, a bundle of levers that is on or off, a
    strategy, or the structure of the model. `kind`: real or whole between `low` and `high`, a category with one of
    `values` (as text), or a switch, 0 or 1. `levels` are the numbers to use where a study names some instead of a
    range. `settings` maps a category to what it stands for.
    """

    name: str
    group: str
    kind: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    unit: str = ""
    sentence: str = ""
    judgement: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def choices(self) -> tuple | None:
        """Every value it can take where they can be listed, else None."""
        if self.kind == "category":
            return self.values
        if self.levels:
            return self.levels
        return (0.0, 1.0) if self.kind == "switch" else None

    def at(self, unit: np.ndarray) -> np.ndarray:
        """Values for places in [0, 1], any shape: along the range, or the listed values in equal parts."""
        unit = np.asarray(unit, dtype=float)
        listed = self.choices
        if listed is None and self.kind == "whole":
            count = round(self.high - self.low) + 1
            return self.low + np.minimum((unit * count).astype(int), count - 1)
        if listed is None:
            return self.low + unit * (self.high - self.low)
        values = np.array(listed, dtype=object if self.kind == "category" else float)
        return values[np.minimum((unit * len(values)).astype(int), len(values) - 1)]

    def grid(self, levels: int) -> tuple:
        """The values of a grid: all that are listed, or `levels` even steps from low to high."""
        listed = self.choices
        if listed is not None:
            return tuple(listed)
        if self.kind == "whole":
            return tuple(float(value) for value in np.unique(np.round(np.linspace(self.low, self.high, levels))))
        return (
            tuple(float(value) for value in np.linspace(self.low, self.high, levels))
            if levels > 1
            else (0.5 * (self.low + self.high),)
        )

    def mistake(self, value: Any) -> str:
        """What is wrong with a value of a table, or nothing."""
        if self.kind == "category":
            text = str(value)
            return (
                ""
                if text in self.values
                else f"{self.name}: {text!r} is none of its values; did you mean {nearest(text, self.values)}?"
            )
        if isinstance(value, (bool, np.bool_)):
            value = float(value)
        try:
            number = float(value)
        except (TypeError, ValueError):
            return f"{self.name}: {value!r} is not a number; give one from {self.low:g} to {self.high:g}"
        if not self.low <= number <= self.high:
            return f"{self.name}={number:g} is out of bounds; give one from {self.low:g} to {self.high:g}"
        if self.levels and number not in self.levels:
            return f"{self.name}={number:g} is none of its values {', '.join(f'{level:g}' for level in self.levels)}"
        if self.kind in ("whole", "switch") and number != round(number):
            return f"{self.name}={number:g} must be whole"
        return ""


def numeric(name: str, group: str, given: Any, one: Declaration | None) -> Factor:
    """A factor from what a study says of a lever or a parameter: {} (the plausible range), [low, high], or a table.

    Where no plausible range is declared, or one of no width, {} means the bounds.

    The table may hold `low`, `high` or `values`. Without a declaration (a plain function as the model) bounds must be
    given. Raises `InputError`.
    """
    if isinstance(given, Sequence) and not isinstance(given, str):
        if len(given) != 2 or not all(_number(value) for value in given):
            raise InputError(
                f"{name} = {list(given)!r}: give two bounds [low, high], or {{ values = [...] }} for a list of values"
            )
        given = {"low": given[0], "high": given[1]}
    if not isinstance(given, Mapping):
        raise InputError(
            f"{name} = {given!r}: give {{}} for the declared range, two bounds [low, high], or {{ values = [...] }}"
        )
    known = ("low", "high", "values")
    for key in given:
        if key not in known:
            raise unknown("key", key, known, name)
    common = {
        "group": group,
        "unit": one.unit if one else "",
        "sentence": one.sentence if one else "",
        "judgement": bool(one and one.judgement),
    }
    if "values" in given:
        return _listed(name, given, one, common)
    usual = dict(zip(("low", "high"), _range(name, one), strict=True)) if one else {}
    low, high = (given.get(key, usual.get(key)) for key in ("low", "high"))
    if not _number(low) or not _number(high):
        raise InputError(f"{name}: give low and high as numbers")
    for bound in (low, high):
        if one is not None:
            one.check(bound, name)
    if low > high:
        raise InputError(f"{name}: low {low:g} is above high {high:g}; give the smaller one first")
    if low == high:
        raise InputError(f"{name}: low and high are both {low:g}, so nothing varies; widen them or leave it out")
    kind = (
        "switch"
        if one is not None and one.unit in ("0/1", "0 or 1")
        else "whole"
        if one is not None and one.whole
        else "real"
    )
    if kind == "switch" and (low, high) != (0, 1):
        raise InputError(f"{name} is 0 or 1; give {{}}")
    return Factor(name, kind=kind, low=float(low), high=float(high), **common)


def _range(name: str, one: Declaration) -> tuple[float, float]:
    if one.plausible is None:
        return one.low, one.high
    low, high = one.range(locate(name)[1] or ())
    return (low, high) if low < high else (one.low, one.high)


def _listed(name: str, given: Mapping[str, Any], one: Declaration | None, common: dict[str, Any]) -> Factor:
    values = given["values"]
    if "low" in given or "high" in given:
        raise InputError(f"{name}: give either bounds or values, not both")
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise InputError(f"{name}: values = {values!r} is not a list of values such as [0, 0.5, 1]")
    for value in values:
        if one is not None:
            one.check(value, name)
    if all(_number(value) for value in values):
        if len(set(values)) < len(values):
            raise InputError(f"{name}: values {list(values)} name one twice")
        numbers = tuple(float(value) for value in values)
        return Factor(name, kind="real", low=min(numbers), high=max(numbers), levels=numbers, **common)
    if one is None:
        raise InputError(f"{name}: values {list(values)!r} are not numbers")
    texts = tuple(
        ",".join(_text(part) for part in value) if isinstance(value, Sequence) else _text(value) for value in values
    )
    if len(set(texts)) < len(texts):
        raise InputError(f"{name}: values {list(values)} name one twice")
    return Factor(name, kind="category", values=texts, settings=dict(zip(texts, values, strict=True)), **common)


def _text(value: Any) -> str:
    """A number as text that reads back to the same bits."""
    return repr(float(value)).removesuffix(".0")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and bool(np.isfinite(value))
