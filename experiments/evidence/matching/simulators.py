"""Running worlds: points of the unit cube become parameters, and every target is read of every replicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from stackcraft.experiments.evidence.matching.declared import Input, Matching
from stackcraft.experiments.evidence.matching.rules import rule_of
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Simulation
from stackcraft.model.parameters import assign
from stackcraft.model.snapshots import parameters_of
from stackcraft.model.variants import Variant

AT_ONCE = 96  # runs of a simulation side by side: more need memory and save no time


class Simulator(Protocol):
    """What is matched: the model, or anything else with inputs and targets."""

    def run(self, points: np.ndarray, replicates: np.ndarray, check: Callable[[], object]) -> dict[str, np.ndarray]:
        """Return readings (worlds, replicates) by target, for points (worlds, inputs) of the unit cube.

        `replicates` (worlds, replicates) number the luck. `check` is called now and then, and may raise to give up.
        """
        ...

    @property
    def at_once(self) -> int:
        """How many runs are a part of reasonable size."""
        ...


class ModelSimulator:
    """The model under the simulations of a matching."""

    at_once = AT_ONCE

    def __init__(self, matching: Matching, threads: int | None = None) -> None:
        self.matching, self.threads = matching, threads
        self.rules = {
            one.name: rule_of(one, matching.simulations, matching.folder, f"target {one.name}")
            for one in matching.targets
        }

    def run(self, points: np.ndarray, replicates: np.ndarray, check: Callable[[], object]) -> dict[str, np.ndarray]:
        """See `Simulator`."""
        worlds, number = replicates.shape
        taken: dict[tuple[str, str], np.ndarray] = {}
        for name, ran in self.matching.simulations.items():
            extracts = {target: rule.needs[name] for target, rule in self.rules.items() if name in rule.needs}
            if not extracts:
                continue
            parameters = np.repeat(placed(self.matching.inputs, points, ran.scenario), number)
            ledgers = [world * number + place for world in range(worlds) for place in range(min(ran.ledgers, number))]
            found = run_variants(
                ran.scenario, [Variant()] * (worlds * number), replicates.reshape(-1), _taking(extracts),
                parameters=parameters, threads=self.threads, each_january=check, ledger_runs=ledgers,
            )  # fmt: skip
            taken |= {(target, name): values for target, values in found.items()}
        return {
            target: np.stack([
                rule.value({
                    name: taken[target, name][world * number : (world + 1) * number] for name in rule.needs
                })
                for world in range(worlds)
            ])
            for target, rule in self.rules.items()
        }  # fmt: skip


def _taking(extracts: Mapping[str, Callable[[Simulation], np.ndarray]]) -> Callable[[Simulation], dict]:
    return lambda simulation: {target: extract(simulation) for target, extract in extracts.items()}


def values_of(inputs: Sequence[Input], points: np.ndarray) -> np.ndarray:
    """Return the values of parameters (worlds, inputs) at points of the unit cube; whole numbers are rounded."""
    low, high = (np.array([getattr(one, end) for one in inputs]) for end in ("low", "high"))
    values = low + points * (high - low)
    whole = np.array([one.whole for one in inputs])
    return np.where(whole, np.round(values), values)


def placed(inputs: Sequence[Input], points: np.ndarray, scenario) -> np.ndarray:
    """Return parameters, structured (worlds,): those of a scenario, with the inputs' values at points of the cube."""
    array = parameters_of(scenario, len(points))
    for name, column in zip((one.name for one in inputs), values_of(inputs, points).T, strict=True):
        assign(array, name, column)
    return array
