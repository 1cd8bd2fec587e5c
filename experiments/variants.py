"""Many settings at once, under the same luck: the engine behind the trace of the claims and the witnesses of the
levers.

A setting is a change to the baseline: levers, presets, parameters, submodels switched off. Settings lie side by side
along the run axis of a few batches, so that what several questions share is run once, and run 17 of every setting draws
the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.agents.declare import Declaration
from stackcraft.experiments.readings import READINGS, Outcome
from stackcraft.model import Scenario, Simulation
from stackcraft.model.batch import all_on
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import assign, defaults, parts, scalars

BATCH = 192  # runs side by side: enough to spread the fixed costs, little enough for memory
NO_WORLD = -1


@dataclass(frozen=True)
class Setting:
    """A change to the baseline.

    `levers` are assignments, later ones over earlier ones; `presets` (side, name) pairs; `parameters` (name, value)
    pairs;
    `off` names submodels that are switched off.
    """

    levers: tuple[str, ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    off: tuple[str, ...] = ()

    def without(self, *submodels: str) -> Setting:
        """The same with more submodels switched off."""
        return Setting(self.levers, self.presets, self.parameters, tuple(sorted({*self.off, *submodels})))


@dataclass(frozen=True)
class Cell:
    """One run of one setting: in a world drawn from the ranges of the parameters, or `NO_WORLD` for the defaults."""

    setting: Setting
    replicate: int
    world: int = NO_WORLD


class Readings:
    """What was read from every cell so far: `values(setting, reading)` is an array over replicates."""

    def __init__(self) -> None:
        self._rows: dict[Cell, dict[str, float]] = {}

    def __contains__(self, cell: Cell) -> bool:
        return cell in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, cell: Cell, row: dict[str, float]) -> None:
        """Keep one run's readings."""
        self._rows[cell] = row

    def values(self, setting: Setting, reading: str, runs: int, world: int = NO_WORLD) -> np.ndarray:
        """The reading of each replicate, shape (runs,). Raises `KeyError` if a run is missing."""
        return np.array([self._rows[Cell(setting, replicate, world)][reading] for replicate in range(runs)])


def hypercube(worlds: int, seed: int = 0) -> np.ndarray:
    """Parameters of `worlds` worlds, structured, shape (worlds,): a Latin hypercube over every judged scalar, within
    its bounds.

    What is sourced and not marked as a judgement keeps its value, and so does what chooses between forms of the model
    (tag "structure"). Whole numbers are rounded.
    """
    from scipy.stats import qmc

    array = defaults(worlds)
    varied = judged()
    points = qmc.LatinHypercube(d=len(varied), rng=np.random.default_rng(seed)).random(worlds)
    for column, (name, one) in enumerate(varied):
        values = one.low + points[:, column] * (one.high - one.low)
        assign(array, name, np.round(values) if one.whole or one.unit == "0/1" else values)
    return array


def judged() -> list[tuple[str, Declaration]]:
    """Every judged scalar that can vary, under its full name."""
    zeros = fixed_zeros()
    return [
        (name, one)
        for name, one in scalars()
        if one.judgement and one.low < one.high and name not in zeros and "structure" not in one.tags
    ]


def fixed_zeros() -> set[str]:
    """Parts that are zero because there is nothing there (a layer with itself, a home without a rate): they stay zero."""
    from stackcraft.model.parameters import PARAMETERS

    names = set()
    for name, one in PARAMETERS.items():
        table = np.asarray(one.default, dtype=float)
        if name in (
            "complementarity_between",
            "finance_gap_layer",
            "licence_layers",
            "financed_share",
            "chip_breakthrough_rate",
        ):
            names |= {f"{name}.{text}" for text, index in parts(one) if table[index] == 0.0}
    return names


def run_cells(
    cells: Iterable[Cell],
    *,
    base: Scenario,
    seed: int,
    known: Readings | None = None,
    worlds: np.ndarray | None = None,
    threads: int | None = None,
    note: Callable[[str], None] | None = None,
) -> Readings:
    """Run every cell that is not known yet and read everything from it.

    `base` gives world and years; `worlds` the parameters of the drawn worlds. `note` is told how far it is.
    """
    known = known if known is not None else Readings()
    wanted = sorted({cell for cell in cells if cell not in known}, key=_order)
    for start in range(0, len(wanted), BATCH):
        if note:
            note(f"{start} of {len(wanted)} runs")
        chunk = wanted[start : start + BATCH]
        for cell, row in zip(chunk, _run(chunk, base, seed, worlds, threads), strict=True):
            known.put(cell, row)
    return known


def _order(cell: Cell) -> tuple:
    """Cells of one world together: constants are solved once for each parameter set and switches in a batch."""
    setting = cell.setting
    return (cell.world, setting.off, setting.parameters, cell.replicate, setting.levers, setting.presets)


def _run(
    cells: Sequence[Cell], base: Scenario, seed: int, worlds: np.ndarray | None, threads: int | None
) -> list[dict]:
    number = len(cells)
    parameters = defaults(number)
    for name, value in base.parameters.items():
        assign(parameters, name, value)
    switches = all_on(number, [name for name in base.off if name in SUBMODELS])
    groups: dict[Setting, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.world != NO_WORLD:
            parameters[place] = worlds[cell.world]
        for name, value in cell.setting.parameters:
            assign(parameters[place : place + 1], name, value)
        for name in cell.setting.off:
            switches[place, SUBMODELS.index(name)] = 0
        groups.setdefault(cell.setting, []).append(place)

    def lay_on(cast) -> None:
        for setting, places in groups.items():
            for side, preset in setting.presets:
                cast.set_preset(side, preset, np.array(places))
            if setting.levers:
                cast.add_layer(setting.levers, np.array(places))

    with Simulation(
        base,
        runs=number,
        seed=seed,
        replicates=[cell.replicate for cell in cells],
        parameters=parameters,
        switches=switches,
        ledger_runs=0,
        threads=threads,
        cast=lay_on,
    ) as simulation:
        simulation.run()
        outcome = Outcome(simulation)
        table = {name: reading(outcome) for name, reading in READINGS.items()}
        sound = simulation.world.state["status"] == 0
    return [
        {name: float(column[place]) if sound[place] else np.nan for name, column in table.items()}
        for place in range(number)
    ]
