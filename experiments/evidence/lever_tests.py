"""Run the trial of every lever, which shows both what it brings and what it costs; see `agents/trials.py`.

`python -m stackcraft.experiments.evidence.lever_tests` runs all of them, or those of the levers named after it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stackcraft.agents.errors import unknown
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.trials import Trial
from stackcraft.experiments.evidence.claim_tests import SEED, UNTIL
from stackcraft.experiments.evidence.paired_runs import Cell, run_cells
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

RUNS = 32
VERDICTS = {(True, True): "both sides seen", (True, False): "no cost seen", (False, True): "no gain seen"}


class LeverTest(NamedTuple):
    """The test of one lever, with the trial that the lever declares."""

    kind: str
    lever: str
    trial: Trial

    def sides(self, for_cost: bool = False) -> tuple[Variant, Variant]:
        """Return the two settings in which the gain is seen, or the cost."""
        trial = self.trial
        parameters = (*trial.parameters, *trial.cost_parameters) if for_cost else trial.parameters
        off = trial.cost_off if for_cost else ()
        return tuple(
            Variant((*trial.setting, *levers), parameters=parameters).without(*off)
            for levers in (trial.low, trial.high)
        )


LEVER_TESTS = tuple(
    LeverTest(kind, ".".join(filter(None, (lever.name, lever.trial.part))), lever.trial)
    for kind, levers in LEVER_SETS.items()
    for lever in levers
)


class Side(NamedTuple):
    """What moving a lever did to one reading: the mean effect, its 95 % interval, and whether the side was seen."""

    reading: str
    effect: float
    interval: tuple[float, float]
    seen: bool

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.reading} {self.effect:+.3g}" + (f" ({low:+.3g} to {high:+.3g})" if math.isfinite(low) else "")


class LeverResult(NamedTuple):
    """What the test of one lever measured."""

    test: LeverTest
    gain: Side
    cost: Side

    @property
    def verdict(self) -> str:
        """Which sides of the lever showed."""
        return VERDICTS.get((self.gain.seen, self.cost.seen), "inert")


def run(
    names: Sequence[str] | None = None,
    *,
    runs: int = RUNS,
    seed: int = SEED,
    threads: int | None = None,
    world: str = "world",
    until: int = UNTIL,
    note: Callable[[str], None] | None = None,
) -> list[LeverResult]:
    """Run the tests of all levers, or of those named, with `runs` paired runs on `world` to the January of `until`."""
    chosen = [test for test in LEVER_TESTS if names is None or test.lever in names]
    base = Scenario.load("baseline").with_changes(world=world, years=(2025, until))
    cells = [
        Cell(setting, replicate)
        for test in chosen
        for for_cost in (False, True)
        for setting in test.sides(for_cost)
        for replicate in range(runs)
    ]
    readings = run_cells(cells, base=base, seed=seed, threads=threads, note=note)

    def side(test: LeverTest, for_cost: bool) -> Side:
        reading, direction = test.trial.cost if for_cost else test.trial.gain
        low, high = (readings.values(setting, reading, range(runs)) for setting in test.sides(for_cost))
        effect, *interval = paired_interval(high - low)
        return Side(reading, effect, tuple(interval), interval[0] > 0 if direction > 0 else interval[1] < 0)

    return [LeverResult(test, side(test, False), side(test, True)) for test in chosen]


def main(names: Sequence[str]) -> int:
    """Test every lever, or those named, and print what was measured; 1 if a side of any does not show."""
    known = [test.lever for test in LEVER_TESTS]
    for name in names:
        if name not in known:
            print(unknown("lever", name, known), file=sys.stderr)
            return 2
    results = run(names or None, note=lambda text: print(text, file=sys.stderr))
    for result in results:
        kind, lever, _ = result.test
        print(f"{kind} {lever}: {result.verdict}; gain: {result.gain}; cost: {result.cost}")
    whole = sum(result.gain.seen and result.cost.seen for result in results)
    print(f"Both sides of {whole} of {len(results)} levers are seen, with 95 % intervals off zero.")
    return 0 if whole == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
