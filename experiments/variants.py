"""Run many variants of a scenario at once, under the same luck, and draw the parameters of other worlds.

Run 17 of every variant draws the same luck, so a difference of two variants, run by run, is what the change did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from stackcraft.model.parameters import judged
from stackcraft.model.scenario import Scenario
from stackcraft.model.simulation import Simulation
from stackcraft.model.snapshots import parameters_of
from stackcraft.model.variants import Variant, lay_on, parameters_with, switches_with
from stackcraft.model.worlds import at_points

Value = TypeVar("Value")


def run_variants(
    base: Scenario,
    variants: Sequence[Variant],
    replicates: Sequence[int],
    read: Callable[[Simulation], Value],
    *,
    parameters: np.ndarray | None = None,
    **options: Any,
) -> Value:
    """Run variants of a scenario side by side and return what `read` takes from the simulation, which is then closed.

    `variants` and `replicates` have one entry for each run. `parameters` (runs,) are those of each run before its
    variant, by default the scenario's in the world of its replicate. `each_january` is called before every year, and
    may raise to give up; other `options` are the simulation's. Raises `InputError`.
    """
    each_january = options.pop("each_january", None)
    with side_by_side(base, variants, replicates, parameters=parameters, **options) as simulation:
        while not simulation.done:
            if each_january is not None:
                each_january()
            simulation.step()
        return read(simulation)


def side_by_side(
    base: Scenario,
    variants: Sequence[Variant],
    replicates: Sequence[int],
    *,
    parameters: np.ndarray | None = None,
    **options: Any,
) -> Simulation:
    """Return the simulation of `run_variants` on its first January. It keeps no deals unless `ledger_runs` asks."""
    if parameters is None:
        parameters = parameters_of(base, len(variants), replicates)
    return Simulation(
        base,
        runs=len(variants),
        replicates=[int(replicate) for replicate in replicates],
        parameters=parameters_with(parameters, variants),
        switches=switches_with(base.off, variants),
        cast=partial(lay_on, variants=variants),
        **{"ledger_runs": 0, **options},
    )


def hypercube(worlds: int, seed: int = 0) -> np.ndarray:
    """Draw the parameters of worlds, structured (worlds,): a Latin hypercube over the plausible ranges of the judged.

    What is sourced and not marked as a judgement keeps its value, and so does what has a range of no width: a
    convention, or a choice between forms of the model. Whole numbers are rounded.
    """
    from scipy.stats import qmc

    rng = np.random.default_rng(seed)
    return at_points(qmc.LatinHypercube(d=len(judged()), rng=rng).random(worlds))
