"""What is kept of an ensemble: means, bands and agreement by country, and the world's measures run by run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.experiments.leads import Leads, agreement_of, disagreement_of, states_of
from stackcraft.experiments.statistics import band, few
from stackcraft.model.indicators import Records, with_all
from stackcraft.model.measures import MEASURES
from stackcraft.model.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from stackcraft.model import Simulation

KINDS = ("installed", "utilised")
# Kept as means over runs: what is recorded of each country on 1 January and not kept run by run.
COUNTRY_MEANS = tuple(one.name for one in MEASURES if "country" in one.dims and not one.flow and one.name not in KINDS)
LEFT_OUT = ("quality", "alive", "operation_months")  # large, and on no screen
LEFT_OUT_WITH_ITS_PAIR = -1  # the status of a sound run whose twin failed


@dataclass(frozen=True)
class Cells(Leads):
    """Who holds what where, over runs: as `Leads`, with the ends of the band, shaped as `shares`; None for few runs."""

    low: np.ndarray | None = None
    high: np.ndarray | None = None


@dataclass(frozen=True)
class Piece:
    """What is read from one batch of runs before its worlds are let go: arrays lead with (run, year)."""

    replicates: np.ndarray
    cells: dict[str, np.ndarray]  # kind -> float32 (run, year, country, layer, stack)
    world: dict[str, tuple]  # name -> (dims, values (run, ...), attributes)
    country: dict[str, tuple]  # name -> (dims without run, sum over sound runs, attributes)
    coords: dict[str, Any]
    status: np.ndarray


@dataclass(frozen=True)
class Summary:
    """An ensemble as screens need it.

    `runs` of `wanted` are made, of which `failed` are left out. `installed` and `utilised` are `Cells`; `world` is a
    Dataset of every measure without a country axis, run by run; `country` one of means over runs. `representative` is
    the replicate whose end is nearest to the middle of all.
    """

    scenario: Scenario
    runs: int
    wanted: int
    failed: int
    years: tuple[int, ...]
    codes: tuple[str, ...]
    installed: Cells
    utilised: Cells
    world: xr.Dataset
    country: xr.Dataset
    representative: int

    @property
    def complete(self) -> bool:
        """Whether all runs that were asked for are in it."""
        return self.runs == self.wanted

    def cells(self, kind: str) -> Cells:
        """The cells of "installed" or "utilised"."""
        return {"installed": self.installed, "utilised": self.utilised}[kind]

    def records(self, year: int | None = None) -> Records:
        """Return the world's measures for indicators: those up to a year, or all."""
        return Records.of_results(self.world.sel(year=slice(None, year)))

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = [
            getattr(cells, name)
            for cells in (self.installed, self.utilised)
            for name in ("shares", "agreement", "state", "disagreement", "low", "high")
        ]
        return (
            sum(array.nbytes for array in arrays if array is not None)
            + int(self.world.nbytes)
            + int(self.country.nbytes)
        )


def read(simulation: Simulation, sound: np.ndarray | None = None) -> Piece:
    """What a summary needs of a simulation that has been run; copies, so the simulation can be closed.

    `sound`, (runs,), says which runs count where that is not the simulation's own to say: a pair leaves out what failed
    in either arm.
    """
    results = simulation.results
    status = results["status"].values.copy()
    if sound is not None:
        status[~sound & (status == 0)] = LEFT_OUT_WITH_ITS_PAIR
    sound = status == 0
    world, country = {}, {}
    for name, array in results.data_vars.items():
        if name in COUNTRY_MEANS:
            values = np.asarray(array.values[sound], float).sum(axis=0)
            country[str(name)] = (array.dims[1:], values, dict(array.attrs))
        elif "country" not in array.dims and "run" in array.dims and name not in LEFT_OUT:
            world[str(name)] = (array.dims, np.array(array.values), dict(array.attrs))
    cells = {kind: np.array(results[kind].values) for kind in KINDS}
    coords = {str(name): np.asarray(values.values) for name, values in results.coords.items() if name != "run"}
    return Piece(np.array(simulation.world.replicate, np.int64), cells, world, country, coords, status)


def fold(scenario: Scenario, pieces: Sequence[Piece], wanted: int, cells: Mapping[str, Cells] | None = None) -> Summary:
    """Return the summary of the runs in `pieces`, in the order of their replicates.

    `cells` by kind are taken as they are where they are known already. Raises `RuntimeError` where every run failed.
    """
    import xarray as xr

    pieces = in_order(pieces)
    replicates = np.concatenate([piece.replicates for piece in pieces])
    status = np.concatenate([piece.status for piece in pieces])
    sound = status == 0
    if not sound.any():
        raise RuntimeError("every run failed: a value was not finite, or a store was full")
    first = pieces[0]
    world = {
        name: (dims, np.concatenate([piece.world[name][1] for piece in pieces])[sound], attributes)
        for name, (dims, _, attributes) in first.world.items()
    }
    country = {
        name: (dims, (sum(piece.country[name][1] for piece in pieces) / sound.sum()).astype(np.float32), attributes)
        for name, (dims, _, attributes) in first.country.items()
    }
    named = dict(first.coords)
    used = lambda table: {dim for dims, *_ in table.values() for dim in dims}  # noqa: E731
    dataset = xr.Dataset(
        world, {"run": replicates[sound], **{name: named[name] for name in used(world) if name in named}}
    )
    means = xr.Dataset(country, {name: named[name] for name in used(country) if name in named})
    if cells is None:
        cells = {kind: cells_of(sound_cells(pieces, kind)) for kind in KINDS}
    return Summary(
        scenario=scenario, runs=len(replicates), wanted=wanted, failed=int((~sound).sum()),
        years=tuple(int(year) for year in named["year"]), codes=tuple(str(code) for code in named["country"]),
        world=dataset, country=means, representative=_representative(dataset), **cells,
    )  # fmt: skip


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces by their replicates: a mean must not depend on which part was done first."""
    return sorted(pieces, key=lambda piece: int(piece.replicates[0]))


def sound_cells(pieces: Sequence[Piece], kind: str) -> list[np.ndarray]:
    """The cells of the sound runs of every piece."""
    return [piece.cells[kind] if not piece.status.any() else piece.cells[kind][piece.status == 0] for piece in pieces]


def summarise(simulation: Simulation) -> Summary:
    """The summary of a simulation that has been run."""
    return fold(simulation.scenario, [read(simulation)], simulation.runs)


def cells_of(batches: Sequence[np.ndarray]) -> Cells:
    """Return means, band and agreement over the runs of all batches, each (run, year, country, layer, stack)."""
    return cells_from(cells_of_year(year_of(batches, year)) for year in range(batches[0].shape[1]))


def year_of(batches: Sequence[np.ndarray], year: int) -> np.ndarray:
    """One year's shares of all batches, (run, country, layer + 1, stack), the mean over layers first."""
    return with_all(np.concatenate([batch[:, year] for batch in batches]).astype(float))


def cells_of_year(data: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return mean, agreement, disagreement, its error and, unless runs are few, the band of one year.

    From shares as `year_of` gives them.
    """
    mean, low, high = band(data)
    chance, error = disagreement_of(data)
    found = (mean.swapaxes(0, 1), agreement_of(data, mean).swapaxes(0, 1), chance.swapaxes(0, 1), error)
    if few(len(data)):
        return found
    return (*found, *(bound.swapaxes(0, 1).astype(np.float32) for bound in (low, high)))


def cells_from(years: Iterable[tuple[np.ndarray, ...]]) -> Cells:
    """The cells of all years together, each as `cells_of_year` gives it."""
    shares, agreement, chance, error, *band = (np.stack(found) for found in zip(*years, strict=True))
    return Cells(shares, agreement, states_of(shares), chance, error, *band)


def _representative(world: xr.Dataset) -> int:
    """The replicate whose world shares at the end are nearest to the median of all."""
    ends = world["world_installed"].isel(year=-1).transpose("run", ...).values.reshape(world.sizes["run"], -1)
    ends = np.nan_to_num(ends)
    distance = np.abs(ends - np.median(ends, axis=0)).sum(axis=1)
    return int(world["run"].values[int(np.argmin(distance))])
