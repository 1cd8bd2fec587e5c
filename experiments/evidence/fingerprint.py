"""The fingerprint of the model's results: a few numbers for each of some hundred runs that between them use all of it.

What is stored with the project was measured on a model that gave these results. Code that is made faster or clearer
and leaves every number of the fingerprint as it was leaves those measurements as they were, too.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stackcraft.agents.strategies.registry import preset_names
from stackcraft.experiments.checks.scenarios import SLOW, random_scenario
from stackcraft.experiments.live.moves import changes
from stackcraft.experiments.variants import hypercube, run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.files import write_whole
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import defaults
from stackcraft.model.variants import Variant

STORED = Path(__file__).with_suffix(".csv")
YEARS, SEED = (2025, 2031), 7
WORLDS, RANDOM_SCENARIOS, BATCH = 16, 8, 96
CLOSE = 1e-9  # relative: what another processor's exponentials may differ by
COLUMNS = ("run", "mean")

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """One run of the fingerprint: a variant of the baseline, and the row of its drawn world, if it has one."""

    name: str
    variant: Variant
    world: int | None = None


def cases() -> tuple[Case, ...]:
    """Return every variant: levers at either end, the recommendations, presets, submodels off, drawn worlds."""
    found = [Case("status quo", Variant())]
    found += [
        Case(" ".join(filter(None, (one.kind, one.name, one.end))), Variant(levers=one.levers)) for one in changes()
    ]
    found += [
        Case(f"preset {side} {name}", Variant(presets=((side, name),)))
        for side in ("US", "CN")
        for name in preset_names(side)
        if name not in SLOW
    ]
    found += [Case(f"without {name}", Variant(off=(name,))) for name in SUBMODELS]
    return (*found, *(Case(f"world {row}", Variant(), row) for row in range(WORLDS)))


def measure(*, threads: int | None = None, each_january: Callable[[], object] | None = None) -> dict[str, float]:
    """Run every case and return one number for each, and one for each field of the yearbook over all of them.

    A number is a weighted mean of everything that the yearbook holds, relative to its size, with weights that differ
    from place to place: two things that change places change it.
    """
    fields, found = {}, {}
    for names, readings in _batches(threads, each_january):
        for field, values in readings.items():
            fields.setdefault(field, []).append(values)
        found |= zip(names, np.mean(list(readings.values()), axis=0).tolist(), strict=True)
    return found | {f"field {name}": float(np.mean(np.concatenate(values))) for name, values in fields.items()}


def _batches(threads: int | None, each_january: Callable[[], object] | None) -> Iterator[tuple[list[str], dict]]:
    base = Scenario.load("baseline").with_changes(years=YEARS, seed=SEED)
    drawn = np.concatenate([hypercube(WORLDS, SEED), defaults(1)])
    everything = cases()
    for start in range(0, len(everything), BATCH):
        batch = everything[start : start + BATCH]
        rows = [WORLDS if one.world is None else one.world for one in batch]
        readings = run_variants(
            base,
            [one.variant for one in batch],
            [0] * len(batch),
            _readings,
            parameters=drawn[rows],
            threads=threads,
            each_january=each_january,
        )
        yield [one.name for one in batch], readings
    for seed in range(RANDOM_SCENARIOS):
        with Simulation(random_scenario(seed), runs=1, ledger_runs=0, threads=threads) as simulation:
            yield [f"random scenario {seed}"], _readings(simulation.run())


def _readings(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return the weighted mean of each field of the yearbook in each run, (runs,), between -1.5 and 1.5."""
    book, found = simulation.world.book, {}
    for field in book.dtype.names:
        values = np.nan_to_num(book[field].reshape(len(book), -1).astype(float))
        weights = np.random.default_rng(0).uniform(0.5, 1.5, values.shape[1])
        found[field] = (values * weights).sum(axis=1) / np.maximum(np.abs(values).sum(axis=1), 1e-300)
    return found


def store(found: Numbers, model: str, path: Path = STORED) -> None:
    """Write the numbers, with the hash of the code, parameters and facts that they were measured on."""
    rows = "".join(f'"{name}",{value!r}\n' for name, value in found.items())
    write_whole(f"# model: {model}\n{','.join(COLUMNS)}\n{rows}".encode(), path)


def stored(path: Path = STORED) -> tuple[dict[str, float], str]:
    """Return the stored numbers and the hash of what they were last measured on; both are empty without a file."""
    if not path.is_file():
        return {}, ""
    model, *lines = path.read_text(encoding="utf-8").splitlines()
    numbers = {row["run"]: float(row["mean"]) for row in csv.DictReader(lines)}
    return numbers, model.removeprefix("# model: ")


def moved(before: Numbers, after: Numbers) -> list[str]:
    """Return the names of the numbers that differ, or that only one of the two has."""
    same = {name for name in before.keys() & after.keys() if np.isclose(before[name], after[name], rtol=CLOSE, atol=0)}
    return sorted((before.keys() | after.keys()) - same)
