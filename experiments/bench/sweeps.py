"""What a sweep costs beside the bare engine: the same rows of a study, run in batches alone and through the whole
sweep.

The bare engine builds the same simulations and runs them on the same number of threads; it measures nothing and keeps
nothing. Both take turns in one sitting.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep import Study, sweep
from stackcraft.experiments.sweep.parts import first_stage, parts
from stackcraft.experiments.sweep.study import Design
from stackcraft.experiments.sweep.work import set_up
from stackcraft.model.batch import threads_available

TARGET_SHARE = 0.9
TARGET_BYTES = 1000.0


def run(
    study: Study,
    *,
    batches: int = 4,
    repeats: int = 3,
    threads: int | None = None,
    note: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Rates of the bare engine and of the sweep over the study's first `batches` parts, runs a second: medians of
    `repeats`.

    The result holds `bare`, `sweep`, `share` (sweep over bare), `bytes_per_run`, `runs`, `threads` and each sitting's
    rates. Raises `InputError` for a study of a plain function.
    """
    if study.model is not None:
        raise InputError("a plain function has no bare engine to compare with; give a study of the simulation")
    threads = threads or threads_available()
    small = first_rows(study, batches)
    chosen = list(parts(small, first_stage(small)))
    runs = sum(part.runs for part in chosen)
    note("warming up")
    bare(small, chosen[:1], threads)
    rates: dict[str, list[float]] = {"bare": [], "sweep": []}
    size = 0
    folder = Path(tempfile.mkdtemp(prefix="stackcraft-bench-"))
    try:
        for turn in range(repeats):
            note(f"bare engine, {turn + 1} of {repeats}")
            rates["bare"].append(runs / bare(small, chosen, threads))
            note(f"sweep, {turn + 1} of {repeats}")
            begun = time.perf_counter()
            sweep(small, folder / str(turn), threads=threads)
            rates["sweep"].append(runs / (time.perf_counter() - begun))
            size = sum(path.stat().st_size for path in (folder / str(turn) / "runs").iterdir())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    median = {name: statistics.median(found) for name, found in rates.items()}
    return {
        "runs": runs,
        "threads": threads,
        "batches": len(chosen),
        "measures": len(study.measures),
        "years": len(study.years),
        **median,
        "share": median["sweep"] / median["bare"],
        "bytes_per_run": size / runs,
        "sittings": rates,
    }


def first_rows(study: Study, batches: int) -> Study:
    """The study cut down to the design rows of its first parts."""
    rows = min(study.design.rows, max(1, batches * study.part_runs // study.replicates))
    kept = np.arange(rows) if study.design.kept is None else study.design.kept[:rows]
    return replace(study, design=Design(study.design.blocks, kept))


def bare(study: Study, chosen: list[Any], threads: int) -> float:
    """Seconds that the simulations of some parts take, one after another on `threads` threads, with nothing measured or
    kept.
    """
    begun = time.perf_counter()
    for part in chosen:
        unique, inverse = np.unique(part.design_ids, return_inverse=True)
        with set_up(study, study.design.table(unique), inverse, part.replicates, threads) as simulation:
            simulation.run()
    return time.perf_counter() - begun
