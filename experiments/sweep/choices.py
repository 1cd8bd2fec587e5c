"""Factors of a study that are more than a number: levers, bundles of them, strategies, and the structure of the model.

Each function takes what the study file says and raises `InputError` with one line for what is wrong with it. `iso3` are
the importing countries of the study's world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from stackcraft.agents import assignments
from stackcraft.agents.declare import Declaration
from stackcraft.agents.errors import InputError, hint, unknown
from stackcraft.agents.names import SIDES, kind_of, members
from stackcraft.agents.strategies import registry
from stackcraft.agents.strategies.presets import STATUS_QUO
from stackcraft.experiments.sweep.factors import Factor, numeric
from stackcraft.experiments.sweep.references import scenario_named
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.scenario import Scenario

Iso3 = tuple[str, ...]


def lever(name: str, scenario: Scenario, iso3: Iso3) -> Declaration:
    """The declaration behind "actor.lever[.part][@year]"."""
    if "." not in name.partition("@")[0]:
        raise InputError(f"{name}: write actor.lever, such as us_government.supply_bond")
    try:
        one = assignments.parse_target(name, iso3)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    if one.year is not None and not scenario.years[0] <= one.year < scenario.years[1]:
        raise InputError(
            f"{name}: {one.year} is outside the years {scenario.years[0]} to {scenario.years[1] - 1} in which levers "
            "act"
        )
    return one.declaration


def lever_factor(name: str, given: Any, declaration: Declaration | None, iso3: Iso3) -> Factor:
    """A lever as a factor; each of its values is tried."""
    factor = numeric(name, "lever", given, declaration)
    if declaration is not None:
        for value in factor.values or factor.levels or (factor.low, factor.high):
            assignments.parse(f"{name}={value}", iso3)
    return factor


def bundle(name: str, given: Any, folder: Path, iso3: Iso3) -> Factor:
    """Return the factor of levers that are on or off together.

    They are given as a list of assignments, the levers and presets of a scenario, or both in a table.
    """
    presets: dict[str, str] = {}
    sentence = ""
    if isinstance(given, str):
        scenario = scenario_named(given, folder)
        usual = Scenario()
        for key in ("parameters", "strategies", "events", "off", "world", "peer_graph"):
            if getattr(scenario, key) != getattr(usual, key):
                raise InputError(
                    f"{name}: scenario {given} also changes {key}, which a bundle cannot switch on and off; give a "
                    "scenario of levers and presets"
                )
        given = {
            "levers": list(scenario.levers),
            "presets": {side: preset for side, preset in scenario.as_dict()["presets"].items() if preset != STATUS_QUO},
        }
        sentence = scenario.title
    if isinstance(given, Mapping):
        for key in given:
            if key not in ("levers", "presets", "title"):
                raise unknown("key", key, ("levers", "presets", "title"), f"bundle {name}")
        sentence, presets, given = (
            sentence or str(given.get("title", "")),
            given.get("presets", {}),
            given.get("levers", []),
        )
        if not isinstance(presets, Mapping):
            raise InputError(f'{name}: presets should be a table such as {{ US = "contested-first" }}')
        presets = {side: registry.find_preset(preset, side).name for side, preset in presets.items()}
    if not isinstance(given, list) or not given + list(presets) or not all(isinstance(text, str) for text in given):
        raise InputError(
            f'{name}: give a list of assignments such as ["us_government.supply_bond=0.9"], or the name of a '
            "scenario that changes levers"
        )
    parsed = [assignments.parse(text, iso3) for text in given]
    assignments.check([parsed], iso3)
    return Factor(
        name,
        "bundle",
        "switch",
        sentence=sentence or "; ".join(given),
        settings={"levers": tuple(given), "presets": presets},
    )


def strategy(name: str, given: Any, iso3: Iso3) -> Factor:
    if name in SIDES:
        known, find = registry.preset_names(name), lambda text: registry.find_preset(text, name)
    else:
        kind = kind_of(members(name, iso3)[0], iso3)
        known, find = registry.strategy_names(kind), lambda text: registry.find_strategy(text, kind)
    names = list(known) if given == "all" else given
    if not isinstance(names, list) or not names or not all(isinstance(text, str) for text in names):
        raise InputError(f'{name} = {given!r}: give a list of strategies such as {list(known)[:2]}, or "all"')
    found = tuple(find(text).name for text in names)
    if len(set(found)) < len(found):
        raise InputError(f"{name}: {', '.join(names)} name one strategy twice")
    return Factor(name, "strategy", "category", values=found, sentence=f"strategy of {name}")


def structure(name: str, given: Any) -> Factor:
    options = ["off", *(one.name for one in fields(Scenario) if one.name == "peer_graph"), *structural()]
    if name not in options:
        raise InputError(
            f"{name!r} is not a part of the structure{hint(name, options)}; give one of {', '.join(options)}"
        )
    if not isinstance(given, list) or not given:
        raise InputError(f"{name} = {given!r}: give a list of alternatives")
    if name == "off":
        return off(given)
    if name == "peer_graph":
        for text in given:
            Scenario.load("baseline").with_changes(peer_graph=text)
        if len(set(given)) < len(given):
            raise InputError("peer_graph: one alternative is named twice")
        return Factor(name, "structure", "category", values=tuple(given), sentence="who looks to whom")
    return numeric(name, "structure", {"values": given}, PARAMETERS[name])


def off(given: list[Any]) -> Factor:
    labels = {}
    for names in given:
        if not isinstance(names, list) or not all(isinstance(text, str) for text in names):
            raise InputError(f'off: {names!r} is not a list of submodels; write off = [[], ["peers"]]')
        for text in names:
            if text not in SUBMODELS:
                raise InputError(f"off: submodel {text!r} is unknown{hint(text, SUBMODELS)}")
        labels["+".join(sorted(set(names))) or "nothing"] = tuple(sorted(set(names)))
    if len(labels) < len(given):
        raise InputError("off: one alternative is named twice")
    return Factor(
        "off", "structure", "category", values=tuple(labels), sentence="submodels switched off", settings=labels
    )


def structural() -> list[str]:
    """Parameters that change the structure of the model rather than a quantity in it."""
    return [name for name, one in PARAMETERS.items() if "structure" in one.tags]
