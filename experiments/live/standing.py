"""Where every lever stands under a scenario, without a simulation: for screens that show levers before anything has
run.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import KINDS, SIDES, actors_of, kind_of, members, side_actors
from stackcraft.agents.strategies.base import Table
from stackcraft.agents.strategies.presets import AdaptivePreset, SidePreset, TablePreset
from stackcraft.agents.strategies.registry import find_preset, find_strategy
from stackcraft.model.inputs import load_inputs
from stackcraft.model.simulation import FACT_DEFAULTS

if TYPE_CHECKING:
    from stackcraft.model.inputs import Inputs
    from stackcraft.model.scenario import Scenario


def standing(scenario: Scenario, year: int | None = None) -> dict[str, np.ndarray]:
    """The levers of each kind of actor in a January (the first one if left out), structured, shape (actors,).

    A strategy that answers what it sees is not asked: its levers stand where the table behind it, or the default, puts
    them (see `deciders`).
    """
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    found = {kind: _start(kind, inputs) for kind in KINDS}
    for side in SIDES:
        for kind in ("home_government", "financier", "vendor"):
            _lay_preset(found[kind], kind, side, _table(find_preset(scenario.presets[side], side)))
    for actor, given in scenario.strategies.items():
        kind = kind_of(members(actor, inputs.iso3)[0], inputs.iso3)
        strategy = find_strategy(given, kind)
        if isinstance(strategy, Table):
            mask = np.isin(actors_of(kind, inputs.iso3), members(actor, inputs.iso3))
            LEVER_SETS[kind].apply(found[kind][np.newaxis], strategy.table, mask[np.newaxis])
    parsed = assignments.parse_all(scenario.levers, tuple(inputs.iso3))
    lay(found, parsed, scenario.years[0] if year is None else year, inputs.iso3)
    return found


def lay(
    levers: dict[str, np.ndarray], given: tuple[assignments.Assignment, ...], year: int, importers: list[str]
) -> None:
    """Lay assignments over levers as `standing` gives them, in place."""
    wide = {kind: array[np.newaxis] for kind, array in levers.items()}
    assignments.apply(given, year, wide, tuple(importers))


def deciders(scenario: Scenario) -> tuple[str, ...]:
    """Sides and actors whose strategy settles its levers anew from what it sees, as the scenario names them."""
    sides = [
        side
        for side in SIDES
        if not isinstance(find_preset(scenario.presets[side], side), TablePreset) or _adaptive(scenario, side)
    ]
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    actors = []
    for actor, given in scenario.strategies.items():
        if not find_strategy(given, kind_of(members(actor, inputs.iso3)[0], inputs.iso3)).traits.constant:
            actors.append(actor)
    return (*sides, *actors)


def _adaptive(scenario: Scenario, side: str) -> bool:
    return not find_preset(scenario.presets[side], side).traits.constant


def _start(kind: str, inputs: Inputs) -> np.ndarray:
    """Defaults before anybody decides, with the facts that the engine takes them from."""
    facts = {
        "importer": {name: getattr(inputs, name) for name in FACT_DEFAULTS},
        "vendor": {"rnd_share": inputs.vendors.rnd_share[:15]},
        "financier": {name: getattr(inputs.financiers, name) for name in ("cap_bn", "commitment_limit_bn")},
    }
    return LEVER_SETS[kind].defaults(actors_of(kind, inputs.iso3), len(inputs.iso3), facts.get(kind))


def _table(preset: SidePreset) -> TablePreset | None:
    """The table that a preset starts from."""
    if isinstance(preset, AdaptivePreset):
        return preset.candidates[0]()
    return preset if isinstance(preset, TablePreset) else None


def _lay_preset(levers: np.ndarray, kind: str, side: str, preset: TablePreset | None) -> None:
    if preset is None:
        return
    actors = actors_of(kind)
    mask = np.isin(actors, side_actors(side, kind))
    view = SimpleNamespace(kind=kind, actors=actors, base=levers)  # all that a table looks at
    decision = TablePreset.decide(preset, view, np.full(1, -1))
    LEVER_SETS[kind].apply(levers[np.newaxis], decision, mask[np.newaxis])
