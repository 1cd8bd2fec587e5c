"""Solve the constants of the start for every world that comes with the project, so that ensembles start at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stackcraft.model import Scenario, Simulation, solved_starts, worlds
from stackcraft.model.batch import all_on
from stackcraft.model.parameters import defaults

AT_ONCE = 48  # runs of a batch: few enough for a small machine


def parameters() -> np.ndarray:
    """Return the parameters of the default world and of every plausible one, structured, (worlds,)."""
    if not worlds.SHIPPED.is_file():
        return defaults(1)
    table = worlds.read(worlds.SHIPPED)
    return np.concatenate([defaults(1), worlds.of_worlds(table, np.arange(len(table)))])


def _simulation(of: np.ndarray) -> Simulation:
    return Simulation(Scenario.load("baseline"), runs=len(of), parameters=of, ledger_runs=0)


def keys() -> list[str]:
    """Return the key of each world's constants on the present facts and parameters."""
    everything = parameters()
    switches = all_on(1)[0]
    with _simulation(everything[:1]) as simulation:
        shared = simulation.world.start_keys_shared()
    return [solved_starts.key(shared, one, switches) for one in everything]


def solve(each: Callable[[], object] = lambda: None) -> dict[str, np.ndarray]:
    """Return the constants of every world, (layer, stack), by key. `each` is called often, and may raise to stop."""
    everything, found = parameters(), {}
    for first in range(0, len(everything), AT_ONCE):
        each()
        with _simulation(everything[first : first + AT_ONCE]) as simulation:
            batch = simulation.world
            chosen = np.arange(batch.runs)
            found |= zip(batch.start_keys(chosen), batch.solve(chosen), strict=True)
    return found


def fit() -> bool:
    """Return whether the stored table has every world, and the default's constants as the present code solves them."""
    stored, wanted = solved_starts.stored(), keys()
    if not set(wanted) <= set(stored):
        return False
    with _simulation(parameters()[:1]) as simulation:
        again = simulation.world.solve(np.arange(1))[0]
    return bool(np.allclose(again, stored[wanted[0]], rtol=0, atol=solved_starts.CLOSE))
