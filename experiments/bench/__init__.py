"""How fast the model is on this machine: `run()` measures it in one sitting and gives plain numbers.

What is timed is what a user waits for: a simulation built, run over all its years and read out as a Dataset, with
everything in it (loop, January, strategies, measures). Nothing here is written down beforehand but the targets.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS, VENDORS
from stackcraft.experiments.bench import growth, outside, phases, timing
from stackcraft.experiments.runs.manifest import version
from stackcraft.model import Scenario

SCENARIO = "baseline"
BATCH, REPEATS = 256, 3
TARGET_MS, WARNING_MS = 25.0, 30.0
TARGET_RATIO = 1.8
TARGET_ALONE_S, TARGET_SHELL_S, TARGET_MEMORY_GB = 0.1, 4.0, 2.0
QUIET = 1.7  # two plain busy loops run at least this much faster than one where two cores are quiet: a judgement
BUSY_WALL = 1.08  # wall time over processor time from which one thread was kept waiting
SMALL = 16  # runs of the profile and of the growth tables
COUNTED = 4  # runs whose counts are compared with those of the command `run`


def run(
    *,
    note: Callable[[str], None] = lambda text: None,
    runs: int = BATCH,
    seed: int | None = None,
    threads: int = 2,
    repeats: int = REPEATS,
) -> dict[str, Any]:
    """Measure speed and memory; medians of `repeats` in one sitting. `note` is told what is being measured.

    `runs` is the size of the batch, `threads` what is set against one thread. The result holds `ms_per_run` (wall time
    a run of the batch on one thread), `targets`, `counts`, `where` (time by submodel), `growth`, `twins`, `machine`,
    `setting`, `notes`. Raises `InputError` for a size below 1.
    """
    for name, value in (("runs", runs), ("threads", threads), ("repeats", repeats)):
        if value < 1:
            raise InputError(f"{name}={value}; give at least 1")
    scenario = Scenario.load(SCENARIO)
    scenario = scenario.with_changes(runs=runs, seed=scenario.seed if seed is None else seed)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    note("warming up")
    timing.once(scenario, runs=1, threads=1)

    note(f"one run alone, {2 * repeats + 1} times")
    alone = timing.repeated(scenario, 2 * repeats + 1, runs=1, threads=1)
    note(f"batch of {runs}, on one thread and on {threads}, {repeats} times each")
    sitting = timing.sitting(scenario, repeats, runs, threads)
    note(f"from the shell to the first line, {repeats} times")
    shell = outside.first_line(scenario, repeats)
    note("the counts of the command `run`")
    counts = _counts(scenario, sitting["counts"])
    note(f"memory of a batch of {runs}")
    memory = outside.peak_gb(scenario, runs)
    note("where the time goes")
    where = phases.profile(scenario, min(SMALL, runs))
    grown = growth.tables(scenario, min(SMALL, runs), sorted({1, 4, 16, 64, runs} & set(range(runs + 1))), note)
    note("the readable twins")
    twins = outside.twins()

    one = sitting["one"]
    ms = 1000.0 * one["wall"] / runs
    busy = one["wall"] > BUSY_WALL * one["cpu"]
    ratio = sitting["ratio"]
    notes = []
    if busy:
        notes.append(
            f"The core was shared: the batch took {one['wall']:.2f} s of wall time for {one['cpu']:.2f} s of work; "
            "on a quiet core"
            f" expect about {1000.0 * one['cpu'] / runs:.1f} ms a run."
        )
    if ratio is None:
        notes.append("One core only, or one thread asked for: the rate on two threads was not measured.")
    elif sitting["plain_ratio"] < QUIET:
        notes.append(
            f"The cores were busy: two plain busy loops came to {sitting['plain_ratio']:.2f} times the rate of one, "
            "so the rate on"
            f" {threads} threads says little. Measure again on a quiet machine."
        )
    if ms > WARNING_MS:
        notes.append(f"Warning: {ms:.1f} ms a run and core is above {WARNING_MS:g}.")
    if runs != BATCH:
        notes.append(f"The targets are for a batch of {BATCH}; this one had {runs} runs.")
    targets = [
        _target(f"a run and core in a batch of {runs}", ms, "ms", TARGET_MS, "at most"),
        _target(f"rate on {threads} threads against one", ratio, "times", TARGET_RATIO, "at least"),
        _target("one run alone", alone["wall"], "s", TARGET_ALONE_S, "at most"),
        _target(
            f"shell to first line, warm, {outside.shell_runs(scenario)} runs", shell, "s", TARGET_SHELL_S, "at most"
        ),
        _target(f"peak memory of a batch of {runs}", memory, "GB", TARGET_MEMORY_GB, "at most"),
    ]
    return {
        "ms_per_run": ms,
        "ms_per_run_of_processor_time": 1000.0 * one["cpu"] / runs,
        "targets": targets,
        "counts": counts,
        "where": where,
        "growth": grown,
        "twins": twins,
        "setting": {
            "scenario": scenario.name,
            "seed": scenario.seed,
            "runs": runs,
            "repeats": repeats,
            "years": list(scenario.years),
            "countries": sitting["countries"],
            "layers": len(LAYERS),
            "vendors": len(VENDORS),
            "version": version(),
        },
        "machine": {
            "processor": outside.processor(),
            "cores": timing.threads_available(),
            "load_before": load,
            "plain_loops_on_threads": sitting["plain_ratio"],
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "numba": outside.numba_version(),
        },
        "notes": notes,
    }


def _target(name: str, value: float | None, unit: str, target: float, sense: str) -> dict[str, Any]:
    """One figure beside its target; `met` is None where nothing was measured."""
    met = None if value is None else (value <= target if sense == "at most" else value >= target)
    return {"name": name, "value": value, "unit": unit, "target": target, "sense": sense, "met": met}


def _counts(scenario: Scenario, of_batch: dict[str, Any]) -> dict[str, Any]:
    """Means a run of what was counted in the batch, and whether `run` counts the same on this seed, run by run."""
    compared = min(COUNTED, scenario.runs)
    of_command = outside.counts_of_command(scenario, compared)
    same = all((of_command[name] == of_batch[name][:compared]).all() for name in timing.COUNTS)
    means = {name: float(values.mean()) for name, values in of_batch.items()}
    return {**means, "same_as_run": bool(same), "runs_compared": compared}
