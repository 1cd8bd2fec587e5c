"""A summary's numbers as tables, to be written to files: what a screen shows, at full precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from stackcraft.agents.errors import InputError, hint
from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.leads import LeadState, world_shares
from stackcraft.experiments.live.pairs import PairSummary
from stackcraft.experiments.live.summary import KINDS, Cells, Summary, cells_of
from stackcraft.experiments.statistics import band
from stackcraft.model.inputs import load_inputs

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def country_frame(
    summary: Summary, year: int | None = None, layer: str = "all", kind: str = "installed"
) -> pd.DataFrame:
    """Return a row for each country: shares with their bands, who leads and by how much, and how sure.

    Shares are means over runs with the 5th and 95th percentile. `year` None is the last. `lead` is US less Chinese
    share; `leader` "US", "CN", "independent", "contested" or "none"; `agreement` the share of runs in which the stack
    that leads on average leads; `disagreement` the chance that two runs have different leaders, and `open` where that
    is high. Raises `InputError` for a year, layer or kind that is not there.
    """
    at, where = _places(summary.years, year, layer, kind)
    return _country_frame(summary.cells(kind), at, where, summary.codes, summary.years[at], layer, kind)


def country_frame_of_results(
    results: xr.Dataset, year: int | None = None, layer: str = "all", kind: str = "installed"
) -> pd.DataFrame:
    """Return the same table, equal to the bit, from the results of a simulation or of a `results.nc`.

    Raises `InputError` as `country_frame`.
    """
    years = tuple(int(one) for one in results["year"].values)
    at, where = _places(years, year, layer, kind)
    data = (
        results[kind]
        .transpose("run", "year", "country", "layer", "stack")
        .isel(year=[at])
        .values[results["status"].values == 0]
    )
    codes = [str(code) for code in results["country"].values]
    return _country_frame(cells_of([data]), 0, where, codes, years[at], layer, kind)


def _country_frame(
    cells: Cells, at: int, where: int, codes: Sequence[str], year: int, layer: str, kind: str
) -> pd.DataFrame:
    import pandas as pd

    shares = cells.shares[at, where]
    table = {"country": list(codes), "name": _names(codes), "year": year, "layer": layer, "kind": kind}
    table |= {stack: shares[:, i] for i, stack in enumerate(STACKS)}
    for end, bound in (("p05", cells.low), ("p95", cells.high)):
        for i, stack in enumerate(STACKS):
            values = np.full(len(shares), np.nan) if bound is None else bound[at, where, :, i].astype(float)
            table[f"{stack}_{end}"] = values
    table |= {
        "lead": shares[:, 0] - shares[:, 1],
        "leader": [LeadState(int(state)).owner for state in cells.state[at, where]],
        "agreement": cells.agreement[at, where],
        "disagreement": cells.disagreement[at, where],
        "open": cells.open[at, where],
    }
    return pd.DataFrame(table)


def curve_frame(summary: Summary) -> pd.DataFrame:
    """Return mean world shares over runs with their bands, a row for each year, layer, weighting, kind and stack."""
    import pandas as pd

    weights = [str(one) for one in summary.world["weight"].values]
    parts = []
    for kind in KINDS:
        middle, low, high = band(world_shares(summary.world, kind))
        index = pd.MultiIndex.from_product(
            [summary.years, weights, ("all", *LAYERS), STACKS], names=["year", "weight", "layer", "stack"])  # fmt: skip
        columns = {"mean": middle.ravel(), "p05": low.ravel(), "p95": high.ravel()}
        frame = pd.DataFrame(columns, index=index).reset_index()
        frame.insert(0, "kind", kind)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def difference_frame(
    pair: PairSummary, year: int | None = None, layer: str = "all", kind: str = "installed"
) -> pd.DataFrame:
    """Return a row for each country: mean shares in A and B, their paired difference, and whether it is clear of 0.

    Arguments as for `country_frame`.
    """
    import pandas as pd

    at, where = _places(pair.a.years, year, layer, kind)
    moved = pair.changes[kind]
    codes = pair.a.codes
    table = {"country": list(codes), "name": _names(codes), "year": pair.a.years[at], "layer": layer, "kind": kind}
    for letter, arm in (("a", pair.a), ("b", pair.b)):
        table |= {f"{stack}_{letter}": arm.cells(kind).shares[at, where, :, i] for i, stack in enumerate(STACKS)}
    table |= {f"{stack}_difference": moved.shares[at, where, :, i] for i, stack in enumerate(STACKS)}
    return pd.DataFrame(table | {"clear_of_zero": moved.sure[at, where]})


def _names(codes: Sequence[str]) -> list[str]:
    """The names of countries, of the world or made up; the code of one that neither has."""
    known = {}
    for world in ("synthetic", "world"):
        inputs = load_inputs(world)
        known |= dict(zip(map(str, inputs.iso3), map(str, inputs.name), strict=True))
    return [known.get(code, code) for code in codes]


def _places(years: Sequence[int], year: int | None, layer: str, kind: str) -> tuple[int, int]:
    layers = ("all", *LAYERS)
    year = years[-1] if year is None else year
    if year not in years:
        raise InputError(f"year {year} is not in this run, which goes from {years[0]} to {years[-1]}")
    for what, given, options in (("layer", layer, layers), ("kind", kind, KINDS)):
        if given not in options:
            raise InputError(f"{what} {given!r} is unknown{hint(given, options)} ({', '.join(options)})")
    return list(years).index(year), layers.index(layer)
