"""The changes that are tried: each lever at either end of its range; nine recommendations alone, together, missing."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import actors_of, kind_of, members, stack_of
from stackcraft.model.casting import answers, preview
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario, shipped

if TYPE_CHECKING:
    from stackcraft.agents.declare import Declaration

POLICIES = Path(__file__).resolve().parents[1] / "studies" / "policies.toml"
# Whose levers are tried, in order: single actors, and groups whose members are set alike.
ACTORS = (
    *("us_government", "cn_government", "us_financiers", "cn_financiers", "private_capital", "gulf_fund"),
    *("us_vendors", "cn_vendors", "independent_vendors", "importers"),
)
BANS = ("importers.ban_us", "importers.ban_cn")  # what they do to a stack is plain: tables have them, findings do not
ALONE, TOGETHER, WITHOUT, LEVER = "alone", "together", "without", "lever"
LOW, HIGH = "low", "high"
EVERYTHING = "all"


@dataclass(frozen=True)
class Change:
    """One thing tried: `levers` laid over a scenario.

    `kind` is "lever" (`name` the lever, `end` "low" or "high", `value` that end), "alone" (`name` the number of a
    recommendation), "together" (all of them) or "without" (all but the one named).
    """

    kind: str
    name: str
    end: str = ""
    value: float = np.nan
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """One of the nine published recommendations: its number, its scenario's title, and the levers that it moves."""

    number: str
    title: str
    levers: tuple[str, ...]


def declaration(name: str) -> Declaration:
    """The declaration behind "us_government.supply_bond" or "us_vendors.markup". Raises `InputError`."""
    return assignments.parse_target(name).declaration


def lever_names() -> tuple[str, ...]:
    """Return every lever that has two ends to move it to, for each actor or group (see `has_ends`)."""
    return tuple(
        f"{actor}.{lever.name}"
        for actor in ACTORS
        for lever in LEVER_SETS[kind_of(members(actor)[0])]
        if has_ends(lever)
    )


def has_ends(lever: Declaration) -> bool:
    """Return whether a lever can be moved to its lowest and its highest value by one number.

    Lists of countries, shares that divide a whole and the number of a club cannot.
    """
    return lever.name != "club" and (lever.shape == "scalar" or (lever.shape == "layer" and not lever.simplex))


def side_of(name: str) -> str:
    """The stack whose side pulls a lever: "US", "CN" or "independent"."""
    return stack_of(name)


@cache
def recommendations() -> tuple[Recommendation, ...]:
    """The nine, as the study of policies bundles them: so that those which move the same weights can be combined."""
    bundles = tomllib.loads(POLICIES.read_text(encoding="utf-8"))["bundles"]
    found = []
    for name, given in bundles.items():
        if name.startswith("recommendation_"):
            number = name.split("_")[1]
            (own,) = (one for one in shipped() if one.startswith(f"recommendation-{number}-"))
            scenario = Scenario.load(own)
            found.append(
                Recommendation(number, scenario.title, tuple(scenario.levers if isinstance(given, str) else given))
            )
    return tuple(found)


def changes(levers: Sequence[str] | None = None) -> tuple[Change, ...]:
    """Everything that is tried, the recommendations first; `levers` in place of `lever_names`."""
    nine = recommendations()
    every = [lever for one in nine for lever in one.levers]
    found = [Change(TOGETHER, EVERYTHING, levers=tuple(every))]
    found += [Change(ALONE, one.number, levers=one.levers) for one in nine]
    found += [
        Change(WITHOUT, one.number, levers=tuple(lever for other in nine if other is not one for lever in other.levers))
        for one in nine
    ]
    for name in lever_names() if levers is None else levers:
        declared = declaration(name)
        for end, value in ((LOW, declared.low), (HIGH, declared.high)):
            found.append(Change(LEVER, name, end, float(value), (f"{name}={value:g}",)))
    return tuple(found)


def no_change(scenario: Scenario, tried: Sequence[Change]) -> list[bool]:
    """Whether each change leaves every lever as it stands in every year, so that there is nothing to run.

    Never where a strategy answers what it sees: it may look at a lever in other ways than the kernels do.
    """
    if answers(scenario):
        return [False] * len(tried)
    importers = load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3
    own = scenario.levers
    years = sorted(
        {scenario.years[0], *(one.year for one in own if one.year and scenario.years[0] < one.year < scenario.years[1])}
    )
    before = {year: preview(scenario, year) for year in years}

    def same(change: Change) -> bool:
        given = assignments.parse_all(change.levers, tuple(importers))
        for year in years:
            after = {kind: array.copy() for kind, array in before[year].items()}
            wide = {kind: array[np.newaxis] for kind, array in after.items()}
            assignments.apply(given, year, wide, tuple(importers))
            for one in given:
                names = LEVER_SETS[one.kind].simplexes().get(LEVER_SETS[one.kind][one.lever].simplex, (one.field,))
                if any(
                    not np.allclose(
                        after[one.kind][name], before[year][one.kind][name], rtol=0, atol=1e-12, equal_nan=True
                    )
                    for name in names
                ):
                    return False
        return True

    return [same(change) for change in tried]


def now(scenario: Scenario, names: Sequence[str]) -> dict[str, float]:
    """Return where each lever is in the first January: the mean over the actors of a group and over parts."""
    importers = tuple(load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
    levers = preview(scenario)
    values = {}
    for name in names:
        target = assignments.parse_target(name, importers)
        own = np.isin(actors_of(target.kind, importers), target.actors)
        values[name] = float(np.mean(levers[target.kind][target.lever][own]))
    return values
