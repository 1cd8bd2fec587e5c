"""Through what changes work, found out while somebody waits: see `stackcraft.experiments.reasons`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from stackcraft.experiments.live.ensemble import key_of
from stackcraft.experiments.live.queue import Task, give_up_when
from stackcraft.experiments.reasons import Reasons, moved, read
from stackcraft.experiments.variants import side_by_side
from stackcraft.model.blocs import members_of
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

RUNS = 8
RUNS_A_PART = 4  # of one change: the ledger of a run takes some 14 MB until it is read


@dataclass(frozen=True, eq=False)
class ReasonsWork:
    """The work of reading through what changes work; gives `Reasons`, to be asked of a queue.

    `changes` maps a name to the scenario that is compared with `scenario`, or to assignments laid over it. `code` reads
    one country or bloc alone; `until` ends the runs at an earlier January.
    """

    scenario: Scenario
    changes: Mapping[Any, Scenario | tuple[str, ...]]
    code: str = ""
    until: int | None = None
    runs: int = RUNS

    @cached_property
    def key(self) -> str:
        told = [[str(name), key_of(one) if isinstance(one, Scenario) else one] for name, one in self.changes.items()]
        return key_of(self.scenario.with_changes(runs=self.runs), "reasons", told, self.code, self.until)

    @cached_property
    def batches(self) -> list[tuple[Any, range]]:
        """(change, replicates) of each part, the question itself, which is None, first."""
        parts = [range(at, min(at + RUNS_A_PART, self.runs)) for at in range(0, self.runs, RUNS_A_PART)]
        return [(name, chosen) for name in (None, *self.changes) for chosen in parts]

    def parts(self) -> Sequence[Task]:
        return [Task(self._part(name, chosen), rank=2) for name, chosen in self.batches]

    def _part(self, name: Any, chosen: range) -> Callable[[Callable[[], bool]], np.ndarray]:
        return lambda stop: self.readings(name, chosen, give_up_when(stop))

    def readings(self, name: Any, chosen: Sequence[int], check: Callable[[], Any]) -> np.ndarray:
        """Run one change, or the question itself (None), and read it; `check` may raise to give up."""
        change = () if name is None else self.changes[name]
        scenario, levers = (change, ()) if isinstance(change, Scenario) else (self.scenario, change)
        place = None
        if self.code:
            codes = [str(code) for code in load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3]
            place = np.array([codes.index(one) for one in members_of(self.code, codes)])
        options = {"threads": 1, "seed": scenario.seed, "ledger_runs": len(chosen)}
        years = None if self.until is None else self.until - scenario.years[0] + 1
        with side_by_side(scenario, [Variant(tuple(levers))] * len(chosen), list(chosen), **options) as simulation:
            while not simulation.done and (self.until is None or simulation.year < self.until):
                check()
                simulation.step()
            return read(simulation, place, years)

    def shows(self, done: set[int]) -> bool:
        return False

    def fold(self, pieces: Mapping[int, np.ndarray]) -> Reasons:
        tables: dict[Any, list[np.ndarray]] = {}
        for number in sorted(pieces):
            tables.setdefault(self.batches[number][0], []).append(pieces[number])
        whole = {name: np.concatenate(found) for name, found in tables.items()}
        base = whole.pop(None)
        years = (self.scenario.years[0], self.until or self.scenario.years[1])
        return Reasons(self.code, years, self.runs, {name: moved(base, table) for name, table in whole.items()}, {})

    def size(self, value: Reasons) -> int:
        return value.nbytes()
