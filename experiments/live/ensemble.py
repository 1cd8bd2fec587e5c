"""Ensembles that fill in: a first picture from a few runs, then the band; and the one run that is shown in detail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.experiments.live.queue import Stopped, Task
from stackcraft.experiments.live.summary import Piece, Summary, fold, read
from stackcraft.model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from stackcraft.model import Simulation

FIRST_RUNS = 2  # a part of the first picture: there is one for each of the first two workers
RUNS_A_PART = 15


def key_of(scenario: Scenario, *more: Any) -> str:
    """What tells one question from another: all of a scenario that touches its numbers, and what else is given."""
    values = {key: value for key, value in scenario.as_dict().items() if key not in ("name", "title", "story")}
    return json.dumps([values, *more], sort_keys=True, default=str)


def split(runs: int) -> list[range]:
    """Replicates 0 to `runs` in parts: two small ones for the first picture, then larger ones.

    The last is a little smaller than the one before: its worker has just put the half-way picture together.
    """
    ends = [min(runs, FIRST_RUNS), min(runs, 2 * FIRST_RUNS)]
    while ends[-1] < runs:
        ends.append(min(runs, ends[-1] + RUNS_A_PART))
    if len(ends) > 4 and runs - ends[-2] > 2:
        ends[-2] += 1
    starts = [0, *ends[:-1]]
    return [range(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def played(scenario: Scenario, stop: Callable[[], bool], **options: Any) -> Simulation:
    """Return the simulation at its last year, run on one thread.

    Raises `Stopped` at the first January on which nobody waits for it.
    """
    from stackcraft.model import Simulation

    simulation = Simulation(scenario, threads=1, seed=scenario.seed, **options)
    try:
        while not simulation.done:
            if stop():
                raise Stopped
            simulation.step()
    except BaseException:
        simulation.close()
        raise
    return simulation


@dataclass(frozen=True, eq=False)
class Ensemble:
    """All runs of a scenario as a `Summary`: to be asked of a queue."""

    scenario: Scenario

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario, "ensemble")

    def parts(self) -> Sequence[Task]:
        return [
            Task(self._part(chosen), rank=0 if number < 2 else 1)
            for number, chosen in enumerate(split(self.scenario.runs))
        ]

    def _part(self, chosen: range) -> Callable[[Callable[[], bool]], Piece]:
        def run(stop: Callable[[], bool]) -> Piece:
            with played(self.scenario, stop, replicates=list(chosen), ledger_runs=0) as simulation:
                return read(simulation)

        return run

    def shows(self, done: set[int]) -> bool:
        """Once both parts of the first picture are there, and once more about half-way."""
        halfway = (len(split(self.scenario.runs)) + 2) // 2
        return {0, 1} <= done and len(done) in (2, halfway)

    def fold(self, pieces: Mapping[int, Piece]) -> Summary:
        return fold(self.scenario, list(pieces.values()), self.scenario.runs)

    def size(self, value: Summary) -> int:
        return value.nbytes()


@dataclass(frozen=True)
class RunRecord:
    """One run in full: `results` (one run, every measure) and `deals` with the terms of each choice."""

    scenario: Scenario
    replicate: int
    results: xr.Dataset
    deals: pd.DataFrame
    inputs: Any


@dataclass(frozen=True, eq=False)
class OneRun:
    """One replicate of a scenario with its ledger, as a `RunRecord`."""

    scenario: Scenario
    replicate: int

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario, "one run", self.replicate)

    def parts(self) -> Sequence[Task]:
        return [Task(self._run, rank=0)]

    def _run(self, stop: Callable[[], bool]) -> RunRecord:
        with played(self.scenario, stop, replicates=[self.replicate], ledger_runs=1) as simulation:
            results = simulation.results.copy(deep=True)
            return RunRecord(self.scenario, self.replicate, results, simulation.deals, simulation.inputs)

    def shows(self, done: set[int]) -> bool:
        return False

    def fold(self, pieces: Mapping[int, RunRecord]) -> RunRecord:
        return pieces[0]

    def size(self, value: RunRecord) -> int:
        return int(value.results.nbytes) + int(value.deals.memory_usage(deep=False).sum())


def replicates_of(summary: Summary) -> np.ndarray:
    """The replicates of a summary's sound runs, shape (runs,)."""
    return np.asarray(summary.world["run"].values)
