"""The same luck: nothing that is not touched changes, whatever the batch and the threads."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import equal, within
from stackcraft.experiments.runs.compare import compare_results
from stackcraft.model import Scenario, Simulation

RUN, SMALL, LARGE = 17, 64, 256
LEVER, FROM = "KEN.hedge", 2035
STATE = ("state", "deals", "book")


def checks(threads=None):
    """Baseline against itself, a late lever, batch sizes, threads; all on the real facts."""
    yield from repeated(status_quo(years=(2025, 2030)), threads=threads)
    yield from late_lever(status_quo(years=(2025, 2038)), threads=threads)
    yield from batches(status_quo(years=(2025, 2028)), threads=threads)


def repeated(scenario: Scenario, runs: int = 4, threads=None):
    """The baseline compared with the baseline."""
    with simulate(scenario, runs, threads=threads) as first, simulate(scenario, runs, threads=threads) as second:
        found = compare_results(scenario, scenario, first.results, second.results)
        largest = max((abs(row.difference) for row in found.differences if np.isfinite(row.difference)), default=0.0)
    yield equal(
        "luck",
        "baseline against baseline",
        "results of which any bit differs",
        len(found.changed),
        ", ".join(found.changed),
    )
    yield within("luck", "no difference", "largest paired difference of the comparison", largest, 0.0)


def late_lever(
    scenario: Scenario, runs: int = 4, lever: str = LEVER, value: float = 1.0, year: int = FROM, threads=None
):
    """A lever of one country that acts from a year on."""
    changed = scenario.with_changes(levers=(f"{lever}@{year}={value}",))
    with simulate(scenario, runs, threads=threads) as first, simulate(changed, runs, threads=threads) as second:
        before, after = first.world.book, second.world.book
        rows = year - scenario.years[0] + 1  # the record of 1 January of `year` is still untouched
        early = differing(before[:, :rows], after[:, :rows])
        late = differing(before[:, rows:], after[:, rows:])
    yield equal("luck", f"{lever} from {year}", f"measures that differ in any bit before {year}", early)
    yield equal(
        "luck",
        f"{lever} does act",
        f"1 if nothing differs after {year} either",
        int(late == 0),
        f"{late} measures differ",
    )


def batches(scenario: Scenario, run: int = RUN, small: int = SMALL, large: int = LARGE, threads=None):
    """One run in a small and in a large batch, and on one and on two threads."""
    with simulate(scenario, small, threads=1) as few, simulate(scenario, large, threads=2) as many:
        different = sum(differing(*(getattr(one.world, name)[run] for one in (few, many))) for name in STATE)
    yield equal(
        "luck",
        f"run {run} of {small} and of {large}",
        "fields of state, deals and record that differ in any bit",
        different,
    )
    with simulate(scenario, small, threads=1) as one, simulate(scenario, small, threads=2) as two:
        different = sum(differing(getattr(one.world, name), getattr(two.world, name)) for name in STATE)
    yield equal("luck", "one and two threads", f"fields that differ in any bit, {small} runs", different)


def simulate(scenario: Scenario, runs: int, **options) -> Simulation:
    """The scenario at its last year."""
    return Simulation(scenario, runs=runs, seed=7, **options).run()


def differing(a: np.ndarray, b: np.ndarray) -> int:
    """How many fields of two structured arrays differ in any bit."""
    return sum(not same_bits(a[name], b[name]) for name in a.dtype.names)


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays hold the same bits, field by field.

    Bytes between the fields of a record do not count.
    """
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.names:
        return all(same_bits(a[name], b[name]) for name in a.dtype.names)
    return np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
