"""What a scenario is called: a title made of its changes, long and short, and the names of files that hold it.

`names_of(base, scenario)` is the one place that makes them. The long form is for titles of files and pictures, the
short one for sentences, the file form for the names of files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.names import actors_of
from stackcraft.model import blocs
from stackcraft.model.casting import preview
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.compare.changed import changes_of_rules, lever_title
from stackcraft.viz.dashboard.strings import text

MOST_COUNTRIES = 4  # that are named together; more are counted
MOST_NAMED = 6  # changes that a long title lists; the rest are counted
LONGEST_FILE_PART = 60  # letters of a file's name that say what was changed
BARE_UNITS = ("share", "0-1", "0 or 1", "0/1", "-1 to 1", "year")


@dataclass(frozen=True)
class Names:
    """`long` "Status quo of 2025 with: US government: bond 0.1 → 0.9", `short` "US government: bond 0.9", `file`."""

    long: str
    short: str
    file: str


def names_of(base: Scenario, scenario: Scenario, own: str = "") -> Names:
    """Return the names of a scenario that was changed from `base`; `own` is a title that somebody gave it."""
    title = own or words.said(base.title or base.name)
    changes = list(_changes(base, scenario))
    if not changes:
        return Names(title, title, file_part(title))
    long = text("names.titled" if own else "names.changed", title=title, changes=_listed([long for long, _ in changes]))
    short = changes[0][1]
    if len(changes) > 1:
        key = "names.short_two" if len(changes) == 2 else "names.short_many"
        short = text(key, first=short, second=changes[1][1], more=len(changes) - 1)
    short = own or short
    return Names(long, short, file_part(short))


def file_name(names: Names, what: str, ending: str, country: str = "") -> str:
    """Return "stackcraft-kenya-us-government-bond-0.9-table.csv"; `country` is its name, or "" on other pages."""
    parts = ["stackcraft", file_part(country), names.file, what]
    return "-".join(part for part in parts if part) + (f".{ending}" if ending else "")


def file_part(words: str) -> str:
    """Return words as a part of a file's name: small letters, digits, points and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")
    return found if len(found) <= LONGEST_FILE_PART else found[:LONGEST_FILE_PART].rpartition("-")[0].strip("-.")


def _listed(items: list[str]) -> str:
    rest = len(items) - MOST_NAMED
    told = "; ".join(items[:MOST_NAMED])
    if rest <= 0:
        return told
    return text("names.and_one_more" if rest == 1 else "names.and_more", changes=told, more=rest)


def _changes(base: Scenario, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Each change in words, with the value it had before and without."""
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    importers, countries = tuple(inputs.iso3), words.country_names(inputs)
    held = {one.target: one for one in base.levers}
    levers = [one for one in scenario.levers if str(held.get(one.target, "")) != str(one)]
    before = preview(base) if levers else {}
    for one, title in _together(levers, importers, countries):
        what, after = title, _with_unit(one.text.partition("=")[2], one)
        was = _before(one, before, importers)
        short = text("names.set_later" if one.year else "names.set", what=what, after=after)
        yield (text("names.moved", what=what, before=was, after=after) if was else short), short
    for change in changes_of_rules(base, scenario):
        short = text("names.set", what=change.what, after=change.b)
        yield text("names.moved", what=change.what, before=change.a, after=change.b), short


def _together(
    levers: Sequence[assignments.Assignment], importers: tuple[str, ...], countries: Mapping[str, str]
) -> Iterator[tuple[assignments.Assignment, str]]:
    """Each assignment with its title; what is set alike for several countries comes once, under the name of all."""
    alike: dict[tuple[str, str], list[assignments.Assignment]] = {}
    for one in levers:
        head, _, rest = one.text.partition(".")
        alike.setdefault((rest, "") if head in countries else (rest, head), []).append(one)
    for found in alike.values():
        first = found[0]
        if len(found) == 1:
            yield first, lever_title(first.target, first, countries)
            continue
        codes = [one.text.partition(".")[0] for one in found]
        bloc = next((one for one in blocs.known() if set(one.members) & set(importers) == set(codes)), None)
        name = bloc.name if bloc else words.listed([countries[code] for code in codes])
        if not bloc and len(codes) > MOST_COUNTRIES:
            name = text("names.countries", number=len(codes))
        head, _, rest = first.target.partition(".")
        yield first, lever_title(f"*.{rest}", first, {**countries, "*": name})


def _before(one: assignments.Assignment, levers: dict, importers: tuple[str, ...]) -> str:
    """The value of a lever before, where it is one number for everybody that the assignment concerns; else ""."""
    if one.year is not None or one.declaration.simplex or one.declaration.shape == "country":
        return ""
    values = levers[one.kind][one.lever][np.isin(actors_of(one.kind, importers), one.actors)]
    if one.part is not None:
        values = values[:, assignments.part_names(one.declaration, importers).index(one.part)]
    values = np.unique(np.asarray(values, float))
    return f"{values[0]:.3g}" if len(values) == 1 and np.isfinite(values[0]) else ""


def _with_unit(value: str, one: assignments.Assignment) -> str:
    unit = one.declaration.unit
    if value.strip() == "none":
        return text("names.by_rule")
    return value if unit in BARE_UNITS else text("names.with_unit", value=value, unit=unit)
