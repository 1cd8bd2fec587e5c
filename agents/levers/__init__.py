"""Every lever, declared once, in four sets: one for each kind of actor.

The state of a kind's levers is a structured NumPy array of shape (runs, actors) with one field a lever: a float,
or a small array of floats (layers, countries, instruments, ...). `none` is NaN. Kernels read fields by name:
`home[side].supply_bond`, `vendor[v].lock_contract`. A lever that may differ by country has a second field by country,
`home[side].supply_bond_in[c]`, in which NaN stands for the general value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents.declare import Declaration, parts_of_shape
from stackcraft.agents.errors import InputError, ShapeError, hint, nearest, shown, unknown
from stackcraft.agents.levers import financier, home, importer, vendor
from stackcraft.agents.names import KINDS, a_kind
from stackcraft.agents.renamed import LEVERS as OLD_NAMES

SIMPLEX_TOLERANCE = 1e-6


class LeverSet:
    """The levers of one kind of actor, in declared order."""

    def __init__(self, kind: str, levers: Sequence[Declaration]) -> None:
        self.kind = kind
        self.levers = {lever.name: lever for lever in levers}
        # The fields that hold exceptions by country, each with its lever.
        self.exceptions = {lever.exceptions_of: lever for lever in levers if lever.by_country}
        if len(self.levers) != len(levers):
            raise ValueError(f"two levers of {a_kind(kind)} have the same name")

    def __iter__(self):
        return iter(self.levers.values())

    def __len__(self) -> int:
        return len(self.levers)

    def __contains__(self, name: object) -> bool:
        return name in self.levers

    def __getitem__(self, name: str) -> Declaration:
        """The declaration called `name`. Raises `InputError` with the nearest name."""
        if name not in self.levers:
            others = [a_kind(kind) for kind, one in LEVER_SETS.items() if name in one.levers]
            if others:
                raise InputError(f"{name} is a lever of {' and '.join(others)}, not of {a_kind(self.kind)}")
            once = {old: new for old, new in OLD_NAMES.items() if new in self.levers}
            near = nearest(name, (*self.levers, *once))
            if near in once and hint(name, once):
                raise InputError(f"lever of {a_kind(self.kind)} {name!r} is unknown; did you mean {once[near]}?")
            raise unknown(f"lever of {a_kind(self.kind)}", name, self.levers)
        return self.levers[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The levers' names, in order."""
        return tuple(self.levers)

    def width(self, name: str, countries: int) -> int:
        """How many numbers the lever holds; 0 for a scalar."""
        shape = self[name].shape
        if shape == "scalar":
            return 0
        return countries if shape == "country" else len(next(iter(parts_of_shape(shape).values())))

    def dtype(self, countries: int) -> np.dtype:
        """The structured type of one actor's levers in a world of `countries` importers."""
        return _dtype(self.kind, countries)

    def defaults(self, actors: Sequence[str], countries: int, facts: Mapping[str, Any] | None = None) -> np.ndarray:
        """The levers before anybody decides, structured, shape (actors,).

        `facts` maps column names to arrays whose first axis is `actors`; a lever that names a column takes it.
        Raises `InputError` where a fact is out of the lever's bounds.
        """
        table = np.zeros(len(actors), dtype=self.dtype(countries))
        for lever in self:
            column = None if facts is None else facts.get(lever.facts) if lever.facts else None
            if column is not None:
                values = lever.check(column, f"{self.kind} facts, column {lever.facts}")
                if values.shape != table[lever.name].shape:
                    raise InputError(
                        f"{self.kind} facts, column {lever.facts} has shape {values.shape}; "
                        f"give {table[lever.name].shape}"
                    )
                table[lever.name] = values
                continue
            for position, actor in enumerate(actors):
                value = lever.default_by.get(actor, lever.default)
                table[lever.name][position] = np.nan if value is None else value
        for name in self.exceptions:
            table[name] = np.nan
        return table

    def apply(self, levers: np.ndarray, decision: Mapping[str, Any], mask: np.ndarray | None = None) -> None:
        """Write what a strategy decided into `levers`, shape (runs, actors), in place.

        Each value broadcasts to (runs, actors), or (runs, actors, parts) for a lever with parts; None is NaN.
        `mask`, shape (runs, actors) or broadcasting to it, says for whom. Raises `InputError` for a name that is
        not a lever, `ShapeError` for a shape that does not fit. Bounds are checked by `validate`.
        """
        for name, value in decision.items():
            lever = self.exceptions[name] if name in self.exceptions else self[name]
            field = levers[name]
            if value is None:
                value = np.nan if name in self.exceptions else lever.check(None, f"{self.kind} lever {name}")
            try:
                values = np.asarray(value, dtype=float)
            except (TypeError, ValueError, OverflowError):
                what = f"{self.kind} lever {name}={shown(value)}"
                raise InputError(f"{what} is not a number; give one from {lever.bounds}") from None
            where: Any = True
            if mask is not None:
                where = mask[(..., *[np.newaxis] * (field.ndim - mask.ndim))]
            try:
                np.copyto(field, values, where=where)
            except ValueError:
                raise ShapeError(
                    f"{self.kind} lever {name} was given shape {values.shape}; give {field.shape}"
                ) from None

    def validate(
        self, levers: np.ndarray, actors: Sequence[str] | None = None, names: Collection[str] | None = None
    ) -> None:
        """Check bounds, whole numbers and shares that must sum to 1, for every run and actor.

        `levers` has shape (runs, actors) or (actors,); `names` limits the check to some levers. Raises `InputError`
        that names the first actor and lever at fault.
        """
        fields = [(lever, lever.name) for lever in self]
        fields += [(_or_none(lever), name) for name, lever in self.exceptions.items()]
        for lever, name in fields:
            if names is not None and name not in names:
                continue
            values = levers[name]
            if _plainly_fine(lever, values):
                continue
            try:
                lever.check(values)
            except InputError:
                # Say which actor: check one at a time only once something is known to be wrong.
                for position in range(levers.shape[-1]):
                    who = f"actor {position}" if actors is None else actors[position]
                    lever.check(values[:, position] if levers.ndim > 1 else values[position], f"{who}.{name}")
        for simplex, parts in self.simplexes().items():
            if names is not None and not set(parts) & set(names):
                continue
            stacked = levers[parts[0]] if len(parts) == 1 else np.stack([levers[part] for part in parts], axis=-1)
            total = stacked.sum(axis=-1)
            missing = np.isnan(stacked)
            partly = missing.any(axis=-1) & ~missing.all(axis=-1)
            wrong = partly | (~missing.any(axis=-1) & (np.abs(total - 1) > SIMPLEX_TOLERANCE))
            if wrong.any():
                where = np.argwhere(wrong)[0]
                who = f"actor {where[-1]}" if actors is None else actors[where[-1]]
                says = "are partly none" if partly[tuple(where)] else f"sum to {total[tuple(where)]:g}"
                raise InputError(f"{who}: shares of {simplex} ({', '.join(parts)}) {says}; they must sum to 1")

    def simplexes(self) -> dict[str, tuple[str, ...]]:
        """The levers behind each set of shares that sums to 1: one with parts, or several scalars."""
        result: dict[str, tuple[str, ...]] = {}
        for lever in self:
            if lever.simplex:
                result[lever.simplex] = (*result.get(lever.simplex, ()), lever.name)
        return result

    def visible(self, levers: np.ndarray) -> np.ndarray:
        """A copy of `levers` in which what a rival cannot see is NaN."""
        seen = levers.copy()
        for lever in self:
            if lever.hidden:
                for name in filter(None, (lever.name, lever.exceptions_of)):
                    seen[name] = np.nan
        return seen


HOME_GOVERNMENT = LeverSet("home_government", home.LEVERS)
FINANCIER = LeverSet("financier", financier.LEVERS)
VENDOR = LeverSet("vendor", vendor.LEVERS)
IMPORTER = LeverSet("importer", importer.LEVERS)
LEVER_SETS: dict[str, LeverSet] = dict(zip(KINDS, (HOME_GOVERNMENT, FINANCIER, VENDOR, IMPORTER), strict=True))


def exceptions(importers: Sequence[str], values: Mapping[str, Any]) -> np.ndarray:
    """Return a decision on a lever's exceptions: what `values` gives to some countries, the general value elsewhere.

    Shape (countries,), or (countries, parts) where the values are lists. A strategy that posts the bond to two
    countries returns `{"supply_bond": 0.2, "supply_bond_in": exceptions(view.facts.iso3, {"IDN": 0.9, "VNM": 0.9})}`.
    """
    importers = tuple(importers)
    parts = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
    array = np.full((len(importers), *parts), np.nan)
    for code, value in values.items():
        if code not in importers:
            raise unknown("country", code, importers)
        array[importers.index(code)] = value
    return array


def _or_none(lever: Declaration) -> Declaration:
    """The declaration of a lever's exceptions: the same bounds, or none."""
    return replace(lever, none_means="the general value")


def _plainly_fine(lever: Declaration, values: np.ndarray) -> bool:
    """Whether the smallest and the largest value settle that all are in bounds; a full check is dearer."""
    if lever.whole:
        return False
    # With fmin and fmax what is NaN (none) does not count; with min and max it makes the answer no.
    low = np.fmin.reduce(values, axis=None) if lever.none_means else values.min()
    high = np.fmax.reduce(values, axis=None) if lever.none_means else values.max()
    return bool(low >= lever.low and high <= lever.high)


@cache
def _dtype(kind: str, countries: int) -> np.dtype:
    lever_set = LEVER_SETS[kind]
    fields = []
    for lever in lever_set:
        width = lever_set.width(lever.name, countries)
        fields.append((lever.name, np.float64, (width,)) if width else (lever.name, np.float64))
        if lever.by_country:
            fields.append((lever.exceptions_of, np.float64, (countries, width) if width else (countries,)))
    return np.dtype(fields, align=True)


def flat(levers: np.ndarray) -> np.ndarray:
    """A structured array of levers seen as plain floats, shape (..., numbers an actor); no copy."""
    return levers.view(np.float64).reshape(*levers.shape, levers.dtype.itemsize // 8)
