"""Random scenarios: any preset, levers and parameters within their bounds, some submodels off, some events."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import FINANCIERS, HOMES, KINDS, PEER_GRAPHS, VENDORS
from stackcraft.agents.strategies.registry import preset_names
from stackcraft.experiments.checks.base import status_quo
from stackcraft.model import Scenario
from stackcraft.model.events import Event
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import PARAMETERS

# Adaptive presets look ahead, which costs a second world each January: not in every random scenario.
SLOW = ("adaptive",)


def random_scenario(seed: int, years: tuple[int, int] = (2025, 2032), world: str = "synthetic") -> Scenario:
    """A scenario drawn from everything that a user can write; the same for the same seed."""
    generator = np.random.default_rng(seed)
    base = status_quo(world=world, years=years)
    sides = {
        side: str(generator.choice([name for name in preset_names(side) if name not in SLOW])) for side in ("US", "CN")
    }
    drawn = base.with_changes(
        name=f"random-{seed}",
        presets=sides,
        levers=_levers(generator, years),
        parameters=_parameters(generator),
        off=[str(name) for name in generator.choice(SUBMODELS, generator.integers(0, 4), replace=False)],
        events=_events(generator, years),
    )
    graph, rule = str(generator.choice(PEER_GRAPHS)), {"satisficing": int(generator.random() < 0.3)}
    return drawn.with_changes(peer_graph=graph, parameters=rule)


def _levers(generator, years) -> list[str]:
    actors = {"home_government": HOMES, "financier": FINANCIERS, "vendor": VENDORS, "importer": ("importers",)}
    given = []
    for _ in range(generator.integers(1, 12)):
        kind = str(generator.choice(KINDS))
        levers = [
            one for one in LEVER_SETS[kind] if not getattr(one, "simplex", "") and one.shape in ("scalar", "layer")
        ]
        one = levers[generator.integers(len(levers))]
        actor = str(generator.choice(actors[kind]))
        value = generator.uniform(one.low, one.high)
        value = round(value) if one.whole else round(float(value), 3)
        year = int(generator.integers(years[0], years[1])) if generator.random() < 0.5 else None
        given.append(f"{actor}.{one.name}{f'@{year}' if year else ''}={value}")
    return given


def _parameters(generator) -> dict[str, float]:
    names = [name for name, one in PARAMETERS.items() if one.shape == "scalar" and not one.whole]
    chosen = generator.choice(names, generator.integers(0, 12), replace=False)
    return {str(name): float(generator.uniform(PARAMETERS[name].low, PARAMETERS[name].high)) for name in chosen}


def _events(generator, years) -> list[Event]:
    events = []
    for what in generator.choice(
        ["alliance_doubt", "breach", "ai_bust", "tariff", "power"], generator.integers(0, 3), replace=False
    ):
        stack = {"stack": str(generator.choice(["US", "CN"]))} if what in ("alliance_doubt", "breach", "tariff") else {}
        events.append(
            Event(what=str(what), year=int(generator.integers(*years)), month=int(generator.integers(1, 13)), **stack)
        )
    return events
