"""Wall and processor time of whole batches, medians of one sitting."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from stackcraft.model import Scenario, Simulation
from stackcraft.model.batch import threads_available
from stackcraft.model.loop.noise import gaussians

__all__ = ["COUNTS", "counts_of", "once", "repeated", "sitting", "threads_available"]

# Measures that say how much work a run was.
COUNTS = ("tenders", "choices", "signed_deals", "renewed_deals")


def once(scenario: Scenario, *, runs: int, threads: int, **options: Any) -> dict[str, Any]:
    """One batch from the scenario to its Dataset: wall and processor seconds, and what was counted."""
    wall, work = time.perf_counter(), time.process_time()
    with Simulation(scenario, runs=runs, seed=scenario.seed, threads=threads, **options) as simulation:
        results = simulation.run().results
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - work}
        return took | {"counts": counts_of(results), "countries": results.sizes["country"]}


def counts_of(results: Any) -> dict[str, np.ndarray]:
    """Totals of each run, (runs,), over all years and stacks."""
    return {name: results[name].sum([dim for dim in results[name].dims if dim != "run"]).values for name in COUNTS}


def repeated(scenario: Scenario, repeats: int, **options: Any) -> dict[str, float]:
    """Medians of wall and processor seconds."""
    found = [once(scenario, **options) for _ in range(repeats)]
    return {key: statistics.median(one[key] for one in found) for key in ("wall", "cpu")}


def sitting(scenario: Scenario, repeats: int, runs: int, threads: int) -> dict[str, Any]:
    """Batches on one thread and on several in turn, so that a change of the machine's mood meets both.

    `ratio` is the rate on several threads over that on one, `plain_ratio` the same for a busy loop that shares nothing:
    what the cores gave at the time. Both are None where there is one thread.
    """
    several = min(threads, threads_available())
    one, more, plain = [], [], []
    for _ in range(repeats):
        one.append(once(scenario, runs=runs, threads=1))
        if several > 1:
            more.append(once(scenario, runs=runs, threads=several))
            plain.append(plain_ratio(several))
    median = {key: statistics.median(found[key] for found in one) for key in ("wall", "cpu")}
    result = {
        "one": median,
        "ratio": None,
        "plain_ratio": None,
        "counts": one[0]["counts"],
        "countries": one[0]["countries"],
    }
    if several > 1:
        result["ratio"] = median["wall"] / statistics.median(found["wall"] for found in more)
        result["plain_ratio"] = statistics.median(plain)
    return result


def plain_ratio(threads: int) -> float:
    """Rate of keyed draws on several threads over that on one, a tenth of a second or so each."""

    def work(place: int) -> None:
        gaussians(1, np.zeros(200, np.uint64), 1, np.arange(place, place + 200), 0, 0, 40)

    work(0)
    start = time.perf_counter()
    for place in range(threads):
        work(place)
    alone = time.perf_counter() - start
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))  # the threads start here
        start = time.perf_counter()
        list(pool.map(work, range(threads)))
        together = time.perf_counter() - start
    return alone / together
