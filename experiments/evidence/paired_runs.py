"""Readings of many variants, each under the same luck: what the tests of claims and of levers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.experiments.readings import READINGS
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.indicators import Records
from stackcraft.model.snapshots import parameters_of
from stackcraft.model.variants import Variant

BATCH = 192  # runs side by side: enough to spread the fixed costs, little enough for memory
NO_WORLD = -1


@dataclass(frozen=True)
class Cell:
    """One run of one variant: in one of the worlds that are given, or `NO_WORLD` for that of the replicate."""

    variant: Variant
    replicate: int
    world: int = NO_WORLD


class Readings:
    """What was read from every cell."""

    def __init__(self, rows: Mapping[Cell, np.ndarray]) -> None:
        self._rows = rows
        self._column = {name: column for column, name in enumerate(READINGS)}

    def values(self, variant: Variant, reading: str, replicates: Iterable[int], world: int = NO_WORLD) -> np.ndarray:
        """Return the reading of each replicate, (replicates,). Raises `KeyError` if a run is missing."""
        column = self._column[reading]
        return np.array([self._rows[Cell(variant, replicate, world)][column] for replicate in replicates])


def batches_of(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Return the cells, each once, in batches of runs that lie side by side."""
    ordered = sorted(set(cells), key=_order)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]


def run_cells(
    cells: Iterable[Cell],
    *,
    base: Scenario,
    seed: int,
    worlds: np.ndarray | None = None,
    threads: int | None = None,
    note: Callable[[str], None] | None = None,
) -> Readings:
    """Run every cell and read everything from it.

    `base` gives world and years; `worlds` the parameters that cells name. `note` is called with how far it is.
    """
    rows: dict[Cell, np.ndarray] = {}
    batches = batches_of(cells)
    for number, batch in enumerate(batches):
        if note is not None:
            note(f"{number * BATCH} of {sum(map(len, batches))} runs")
        rows |= zip(batch, run_batch(batch, base, worlds, seed=seed, threads=threads), strict=True)
    return Readings(rows)


def run_batch(cells: Sequence[Cell], base: Scenario, worlds: np.ndarray | None = None, **options: Any) -> np.ndarray:
    """Run one batch and return its readings, (runs, readings); a run that failed is NaN throughout.

    `options` are those of `run_variants`.
    """
    parameters = parameters_of(base, len(cells), [cell.replicate for cell in cells])
    for run, cell in enumerate(cells):
        if cell.world != NO_WORLD:
            parameters[run] = worlds[cell.world]
    variants, replicates = [cell.variant for cell in cells], [cell.replicate for cell in cells]
    return run_variants(base, variants, replicates, _read, parameters=parameters, **options)


def _read(simulation: Simulation) -> np.ndarray:
    records = Records.of_simulation(simulation)
    table = np.stack([reading(records) for reading in READINGS.values()], axis=1)
    table[simulation.world.state["status"] != 0] = np.nan
    return table


def _order(cell: Cell) -> tuple:
    """Cells of one world together: constants are solved once for each parameter set and switches in a batch."""
    variant = cell.variant
    return (cell.world, variant.off, variant.parameters, cell.replicate, variant.levers, variant.presets)
