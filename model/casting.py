"""The cast of a scenario: actors with the facts of their world, their strategies, and what is set from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.names import SIDES, VENDORS, kind_of, members
from stackcraft.agents.strategies.registry import find_preset, find_strategy
from stackcraft.agents.view import PublicFacts
from stackcraft.model.inputs import Inputs, load_inputs

if TYPE_CHECKING:
    from stackcraft.model.scenario import Scenario

PUBLIC = (
    "iso_number", "income_group", "gdp", "population", "readiness", "ally", "nonaligned", "scepticism", "regulation",
    "cost_of_capital", "hub_degree", "peer_index", "peer_weight",
)  # fmt: skip


def public_facts(inputs: Inputs) -> PublicFacts:
    """Return the facts about the countries that every actor knows."""
    return PublicFacts(iso3=tuple(inputs.iso3), **{name: getattr(inputs, name) for name in PUBLIC})


def status_quo(inputs: Inputs, runs: int) -> Cast:
    """Return a cast that holds the status quo, with the levers' defaults from the facts of its world."""
    facts = {
        "importer": {name: getattr(inputs, name) for name in ("sovereignty", "clarity", "ban_us", "ban_cn")},
        "vendor": {"rnd_share": inputs.vendors.rnd_share[: len(VENDORS)]},
        "financier": {name: getattr(inputs.financiers, name) for name in ("cap_bn", "commitment_limit_bn")},
    }
    return Cast(runs, inputs.iso3, facts)


def cast_of(scenario: Scenario, inputs: Inputs, runs: int) -> Cast:
    """Return the cast of a scenario: its presets, strategies and levers in every run."""
    cast = status_quo(inputs, runs)
    for side, preset in scenario.presets.items():
        cast.set_preset(side, preset)
    for actor, strategy in scenario.strategies.items():
        cast.set_strategy(actor, strategy)
    if scenario.levers:
        cast.add_layer(scenario.levers)
    return cast


def preview(scenario: Scenario, year: int | None = None) -> dict[str, np.ndarray]:
    """Return the levers in a January (the first if left out) without a simulation, by kind, structured (actors,).

    See `Cast.preview`, and `answers` for who decides from what it sees instead.
    """
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    levers = cast_of(scenario, inputs, 1).preview(scenario.years[0] if year is None else year, public_facts(inputs))
    return {kind: array[0] for kind, array in levers.items()}


def answers(scenario: Scenario) -> tuple[str, ...]:
    """Return the sides and actors, as the scenario names them, whose strategy answers what it sees."""
    importers = load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3
    sides = [side for side in SIDES if not find_preset(scenario.presets[side], side).traits.constant]

    def constant(actor: str, strategy: Any) -> bool:
        return find_strategy(strategy, kind_of(members(actor, importers)[0], importers)).traits.constant

    return (*sides, *(actor for actor, strategy in scenario.strategies.items() if not constant(actor, strategy)))
