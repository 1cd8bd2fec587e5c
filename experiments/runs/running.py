"""Running a scenario from the first year to the last, with a call for each year that begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stackcraft.model.scenario import Scenario

if TYPE_CHECKING:
    from stackcraft.model import Simulation


def run_scenario(
    scenario: Scenario, *, threads: int | None = None, progress: Callable[[int], None] | None = None, **options
) -> Simulation:
    """Return the simulation of `scenario` at its last year, with its own runs and seed.

    `threads` is how many threads share the runs (None: the simulation's default); `progress` is called with the
    year that has just begun. Other options go to `Simulation`. Raises what `Simulation` raises.
    """
    from stackcraft.model import Simulation

    if threads is not None:
        options["threads"] = threads
    simulation = Simulation(scenario, runs=scenario.runs, seed=scenario.seed, **options)
    first, last = scenario.years
    for year in range(first, last):
        simulation.step()
        if progress:
            progress(year + 1)
    return simulation
