"""Lever assignments: `actor.lever[.part]['['countries']'][@year]=value`, the one way to set a lever from outside.

Examples: `us_government.supply_bond=0.9`; `cn_government.subsidy.network@2030=0.3` from January 2030 on;
`us_government.supply_bond[IDN]=0.9` in one country alone, `[IDN,VNM]` in several (`=none`: as everywhere again);
`us_vendors.affiliation=0.1` for a group; `us_government.compact.KEN=1` for one part;
`us_exim.instrument_mix=0,0,0.5,0.5,0,0` for all parts in order; `KEN.hedge=none` leaves the lever to its rule.

Shares that must sum to 1 keep every part that is named; the others share what is left in their old proportions
(evenly, if they were zero or none). Named parts above 1 are refused, and so are complete sets that do not sum to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from stackcraft.agents.countries import code_of
from stackcraft.agents.declare import Declaration, parts_of_shape
from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import IMPORTER_GROUP, IMPORTERS, a_kind, actors_of, kind_of, known_actor, members
from stackcraft.agents.renamed import assignment_of_today

YEARS = (1900, 2200)
COMPLETE_TOLERANCE = 0.01  # a complete set of shares may be off by this much, as rounded shares are

FORM = "actor.lever[.part][@year]=value"
FORM_IN = "us_government.supply_bond[IDN]=0.9"


class Assignment(str):
    """One checked assignment: its text, and what the text means.

    It is a text, so files, addresses and hashes hold it as it was written. `value` is a float (NaN for none), or a
    tuple of one float a part; without a `year` it holds from the first January on. `countries` are those for which
    it makes an exception; empty, it sets the general value.
    """

    kind: str
    actors: tuple[str, ...]
    lever: str
    part: str | None
    countries: tuple[str, ...]
    year: int | None
    value: float | tuple[float, ...]

    def __new__(cls, text: str, **meaning: object) -> Assignment:
        """Return the text with its meaning, which `parse` finds."""
        assignment = super().__new__(cls, text)
        assignment.__dict__.update(meaning)
        return assignment

    @property
    def text(self) -> str:
        """The plain text."""
        return str(self)

    @property
    def target(self) -> str:
        """What stands before the equals sign: "us_exim.rate_pct@2030"."""
        return self.text.partition("=")[0].strip()

    @property
    def declaration(self) -> Declaration:
        """The lever that it sets."""
        return LEVER_SETS[self.kind][self.lever]

    @property
    def field(self) -> str:
        """The field of the actors' levers that it writes."""
        return self.declaration.exceptions_of if self.countries else self.lever

    def for_actors(self, actors: tuple[str, ...]) -> Assignment:
        """Return the same assignment for some actors only."""
        return Assignment(self.text, **{**self.__dict__, "actors": actors})

    def in_force(self, year: int) -> bool:
        """Return whether it holds in `year`."""
        return self.year is None or self.year <= year


def parse(text: str, importers: Sequence[str] = IMPORTERS) -> Assignment:
    """Read and check one assignment. Raises `InputError`: one line that names what is wrong and the nearest name."""
    try:
        return _parse(assignment_of_today(str(text)), tuple(importers))
    except InputError as error:
        raise InputError(f"{text}: {error}") from None


def parse_all(texts: Iterable[str], importers: Sequence[str] = IMPORTERS) -> tuple[Assignment, ...]:
    """Read and check several assignments, in order."""
    return tuple(parse(text, importers) for text in texts)


def apply(
    assignments: Iterable[Assignment],
    year: int,
    levers: Mapping[str, np.ndarray],
    importers: Sequence[str] = IMPORTERS,
    runs: slice | np.ndarray = slice(None),
) -> None:
    """Write the assignments in force in `year` into `levers`, in place.

    `levers` maps a kind of actor to its structured array, shape (runs, actors); `runs` selects along the first
    axis. Among assignments of one lever the latest year wins, then the last one given; shares are completed once
    all are known. Raises `InputError` where shares cannot sum to 1.
    """
    pending: dict[tuple[str, str, str], dict[str, float]] = {}
    for assignment in in_force(assignments, year):
        lever, kind = assignment.declaration, assignment.kind
        if lever.simplex:
            for actor in assignment.actors:
                _note_share(pending.setdefault((kind, lever.simplex, actor), {}), assignment, importers)
            continue
        field = levers[kind][assignment.field]
        axes = [np.arange(field.shape[0])[runs], [_columns(kind, tuple(importers))[one] for one in assignment.actors]]
        if assignment.countries:
            axes.append([importers.index(country) for country in assignment.countries])
        where = np.ix_(*axes)
        if assignment.part is not None:
            where = (*where, part_names(lever, importers).index(assignment.part))
        field[where] = assignment.value
    for (kind, simplex, actor), named in pending.items():
        _complete_shares(levers[kind], kind, simplex, actor, named, importers, runs)


def in_force(assignments: Iterable[Assignment], year: int) -> list[Assignment]:
    """Return the assignments that hold in `year`, in the order in which they are to be written."""
    holding = (assignment for assignment in assignments if assignment.in_force(year))
    return sorted(holding, key=lambda assignment: -np.inf if assignment.year is None else assignment.year)


def check(layers: Iterable[Sequence[Assignment]], importers: Sequence[str] = IMPORTERS) -> None:
    """Try every layer of assignments on the defaults in every year that changes something.

    Shows before a run starts what `apply` would refuse in the middle of it. Raises `InputError`.
    """
    layers = [tuple(layer) for layer in layers]
    every = [assignment for layer in layers for assignment in layer]
    for year in sorted({assignment.year or YEARS[0] for assignment in every}):
        levers = {
            kind: LEVER_SETS[kind].defaults(actors_of(kind, importers), len(importers))[np.newaxis]
            for kind in {assignment.kind for assignment in every}
        }
        for layer in layers:
            apply(layer, year, levers, importers)


def part_names(lever: Declaration, importers: Sequence[str] = IMPORTERS) -> tuple[str, ...]:
    """Return the names of a lever's parts, in array order; empty for a scalar."""
    if lever.shape == "scalar":
        return ()
    return tuple(importers) if lever.shape == "country" else next(iter(parts_of_shape(lever.shape).values()))


def parse_target(text: str, importers: Sequence[str] = IMPORTERS) -> Assignment:
    """Read `actor.lever[.part][@year]` as an assignment without a value. Raises `InputError`."""
    target, at, year_text = assignment_of_today(str(text)).strip().partition("@")
    year = _parse_year(year_text) if at else None
    target, bracket, inside = target.strip().partition("[")
    pieces = target.split(".")
    if len(pieces) not in (2, 3) or not all(pieces):
        raise InputError(f"this names no lever; write {FORM}")
    importers = tuple(importers)
    actor = known_actor(pieces[0].strip(), importers)
    actors = members(actor, importers)
    if not actors:
        raise InputError(f"group {actor!r} is empty in this world")
    kind = kind_of(actors[0], importers)
    lever = LEVER_SETS[kind][pieces[1]]
    parts = part_names(lever, importers)
    part = pieces[2] if len(pieces) == 3 else None
    if part and lever.shape == "country":
        part = known_actor(part.strip(), importers)
    if part is not None and part not in parts:
        if not parts:
            alone = f", or {actor}.{lever.name}[KEN]=value for one country" if lever.by_country else ""
            raise InputError(f"lever {lever.name} has no parts; write {actor}.{lever.name}=value{alone}")
        if lever.shape == "country":
            code_of(part, importers)
        raise unknown(lever.shape.replace("_", " "), part, parts, f"lever {lever.name}")
    name = ".".join((actor, lever.name, *([part] if part is not None else [])))
    countries: tuple[str, ...] = ()
    if bracket:
        named = _parse_countries(inside, lever, kind, importers)
        countries = tuple(dict.fromkeys(country for one in named for country in members(one, importers)))
        name += f"[{','.join(named)}]"
    text = f"{name}@{year_text}" if at else name
    return Assignment(text, kind=kind, actors=actors, lever=lever.name, part=part, countries=countries, year=year)


def _parse_countries(text: str, lever: Declaration, kind: str, importers: tuple[str, ...]) -> list[str]:
    """The countries (or `importers`) named between brackets, each by its code."""
    if not lever.by_country:
        able = [one.name for one in LEVER_SETS[kind] if one.by_country]
        rest = f"; these take some: {', '.join(able)}" if able else f"; {a_kind(kind)} makes none"
        raise InputError(f"lever {lever.name} takes no exceptions by country{rest}")
    pieces = [piece.strip() for piece in text.removesuffix("]").split(",")]
    if not text.endswith("]") or not all(pieces):
        raise InputError(f"between brackets stand countries; write {FORM_IN}")
    named = [known_actor(piece, importers) for piece in pieces]
    for country in named:
        if country != IMPORTER_GROUP and country not in importers:
            code_of(country, importers)
            raise unknown("country", country, importers)
    return named


@lru_cache(maxsize=4096)
def _parse(text: str, importers: tuple[str, ...]) -> Assignment:
    target, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise InputError(f"this is not an assignment; write {FORM}")
    given = target.strip()
    meaning = parse_target(given, importers)
    if meaning.text != given:  # a country by another name than its code
        text = text.strip().replace(given, meaning.text, 1)
    lever = LEVER_SETS[meaning.kind][meaning.lever]
    if meaning.countries and value.strip().lower() == "none":  # the exception ends
        number: float | tuple[float, ...] = np.nan
    else:
        number = _parse_value(value.strip(), lever, meaning.part, part_names(lever, importers))
    return Assignment(text, **{**meaning.__dict__, "value": number})


def _parse_year(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4 and YEARS[0] <= int(digits) <= YEARS[1]):
        raise InputError(f"{text!r} after @ is not a year; write a whole year such as @2035")
    return int(digits)


def _parse_value(text: str, lever: Declaration, part: str | None, parts: tuple[str, ...]) -> float | tuple[float, ...]:
    if text.lower() == "none":
        if part is not None:
            raise InputError(f"{lever.name} is none as a whole or not at all; leave out the part")
        return float(lever.check(None))
    pieces = [piece.strip() for piece in text.strip("[]()").split(",")]
    numbers = []
    for piece in pieces:
        try:
            number = float(piece)
        except ValueError:
            raise InputError(f"{piece!r} is not a number; give one from {lever.bounds}") from None
        if not np.isfinite(number):
            raise InputError(f"{piece!r} is not a finite number; give one from {lever.bounds}")
        numbers.append(float(lever.check(number)))
    if len(numbers) == 1 and (part is not None or not lever.simplex or lever.shape == "scalar"):
        return numbers[0]
    if part is not None or not parts:
        raise InputError(f"{lever.name}{'.' + part if part else ''} takes one number, not {len(numbers)}")
    if len(numbers) != len(parts):
        names = ", ".join(parts) if len(parts) <= 8 else f"{len(parts)} countries"
        raise InputError(f"{lever.name} takes {len(parts)} numbers ({names}), not {len(numbers)}, or name one part")
    if lever.simplex:
        _refuse_unless_complete(sum(numbers), lever.simplex)
    return tuple(numbers)


@lru_cache(maxsize=16)
def _columns(kind: str, importers: tuple[str, ...]) -> dict[str, int]:
    """The position of each actor of a kind."""
    return {actor: position for position, actor in enumerate(actors_of(kind, importers))}


def _note_share(named: dict[str, float], assignment: Assignment, importers: Sequence[str]) -> None:
    """Remember what an assignment says of a set of shares; a whole set replaces what was named before."""
    if assignment.part is not None:
        if set(named) == {"none"}:
            named.clear()
        named[assignment.part] = float(assignment.value)
    elif assignment.declaration.shape == "scalar":
        named[assignment.lever] = float(assignment.value)
    else:
        named.clear()
        if isinstance(assignment.value, tuple):
            named.update(zip(part_names(assignment.declaration, importers), assignment.value, strict=True))
        else:
            named["none"] = np.nan


def _complete_shares(
    levers: np.ndarray,
    kind: str,
    simplex: str,
    actor: str,
    named: dict[str, float],
    importers: Sequence[str],
    runs: slice | np.ndarray,
) -> None:
    """Write the named shares of one actor and let the others share what is left."""
    lever_names = LEVER_SETS[kind].simplexes()[simplex]
    column = _columns(kind, tuple(importers))[actor]
    if "none" in named:
        levers[lever_names[0]][runs, column] = np.nan
        return
    whole = len(lever_names) == 1  # one lever with parts, or several scalar levers
    parts = part_names(LEVER_SETS[kind][lever_names[0]], importers) if whole else lever_names
    if whole:
        old = levers[lever_names[0]][runs, column]
    else:
        old = np.stack([levers[name][runs, column] for name in lever_names], axis=-1)
    is_named = np.array([part in named for part in parts])
    total = sum(named.values())
    where = f"{actor}.{simplex}: shares {', '.join(f'{part}={share:g}' for part, share in list(named.items())[:8])}"
    new = np.where(is_named, [named.get(part, 0.0) for part in parts], 0.0) + np.zeros_like(old)
    if is_named.all():
        try:
            _refuse_unless_complete(total, simplex)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        new = new / total
    else:
        if total > 1 + 1e-9:
            raise InputError(f"{where} sum to {total:g}; give shares that sum to 1 at most, the others share the rest")
        rest = np.where(is_named, 0.0, np.nan_to_num(old))
        rest_total = rest.sum(axis=-1, keepdims=True)
        even = np.where(is_named, 0.0, 1.0 / (~is_named).sum())
        shares = np.where(rest_total > 0, rest / np.where(rest_total > 0, rest_total, 1.0), even)
        new = new + shares * max(0.0, 1.0 - total)
    if whole:
        levers[lever_names[0]][runs, column] = new
    else:
        for position, name in enumerate(lever_names):
            levers[name][runs, column] = new[..., position]


def _refuse_unless_complete(total: float, simplex: str) -> None:
    if abs(total - 1) > COMPLETE_TOLERANCE:
        raise InputError(f"all shares of {simplex} are given and sum to {total:g}; make them sum to 1")
