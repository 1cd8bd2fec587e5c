"""Blocs of countries: regional organisations, and lists of one's own, that are looked at and set as one.

`bloc_of("ASEAN", importers)` and `bloc_of("KEN,UGA,TZA", importers)` give a `Bloc`. Membership is a table of facts with
its source for each bloc, under `facts/blocs/`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackcraft.agents.countries import folded

FOLDER = Path(__file__).parent / "facts" / "blocs"
PARTS = ","  # parts the codes of a list of one's own
FEWEST = 2  # countries of such a list


@dataclass(frozen=True)
class Bloc:
    """Countries as one: `code` as addresses write it, the codes of `members`; `name` is "" for a list of one's own."""

    code: str
    members: tuple[str, ...]
    name: str = ""
    aliases: tuple[str, ...] = ()
    year: int = 0
    source: str = ""
    note: str = ""


@cache
def known() -> tuple[Bloc, ...]:
    """Return every bloc that comes with the project."""
    members: dict[str, list[str]] = {}
    for row in _rows("members"):
        members.setdefault(row["bloc"], []).append(row["iso3"])
    return tuple(
        Bloc(
            row["code"], tuple(members[row["code"]]), row["name"], tuple(row["aliases"].split(";")),
            int(row["year"]), row["source"], row["note"],
        )
        for row in _rows("blocs")
    )  # fmt: skip


def _rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def bloc_of(words: str, importers: Sequence[str]) -> Bloc | None:
    """Return the bloc of that code, name or alias, or the list of at least two codes; None for anything else.

    Members that the world of `importers` lacks are left out; a bloc that is left with fewer than two is not one.
    """
    importers = [str(code) for code in importers]
    sought = folded(words)
    found = next(
        (one for one in known() if sought in {folded(name) for name in (one.code, one.name, *one.aliases)}), None
    )
    if found is None:
        codes = tuple(dict.fromkeys(part.strip().upper() for part in words.split(PARTS)))
        if len(codes) < FEWEST or not set(codes) <= set(importers):
            return None
        return Bloc(PARTS.join(codes), codes)
    there = tuple(code for code in found.members if code in set(importers))
    if len(there) < FEWEST:
        return None
    return Bloc(found.code, there, found.name, found.aliases, found.year, found.source, found.note)


def members_of(code: str, importers: Sequence[str]) -> tuple[str, ...]:
    """Return the countries behind a code: the members of a bloc, or the one country."""
    if code in importers:
        return (code,)
    bloc = bloc_of(code, importers)
    return (code,) if bloc is None else bloc.members
