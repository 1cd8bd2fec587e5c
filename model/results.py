"""Results as an xarray Dataset, and deals as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackcraft.agents.names import (
    BELIEF_CHANNELS,
    DEAL_CLASSES,
    FINANCIERS,
    HOMES,
    INCOME_GROUPS,
    INSTRUMENTS,
    LAYERS,
    MODES,
    SITE_CLASSES,
    STACKS,
    VENDORS,
    WEIGHTS,
)
from stackcraft.model.indicators import median_months
from stackcraft.model.labels import COORDINATES, DEAL_COLUMNS, long_name
from stackcraft.model.loop import codes
from stackcraft.model.loop.codes import ORIGINS, OUTCOMES, PACKAGE, TERMS
from stackcraft.model.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TERCILES = ("low", "middle", "high")
STATUSES = dict(enumerate(codes.STATUSES))


def dataset(simulation) -> xr.Dataset:
    """Return every measure of the years so far, as `stackcraft.model.measures` declares it.

    Each variable carries `long_name`, `units`, `description` and `flow` (1: it adds up over the year), each coordinate
    `long_name` and `description`.
    """
    import xarray as xr

    world, rows = simulation.world, simulation.year - simulation.years[0] + 1
    book = world.book[:, :rows]
    coords = {
        "run": np.arange(world.runs),
        "year": np.arange(simulation.years[0], simulation.years[0] + rows),
        "country": np.array(simulation.inputs.iso3),
        "layer": list(LAYERS),
        "stack": list(STACKS),
        "vendor": list(VENDORS),
        "home": list(HOMES),
        "financier": list(FINANCIERS),
        "channel": list(BELIEF_CHANNELS),
        "income_group": list(INCOME_GROUPS),
        "weight": list(WEIGHTS),
        "tercile": list(TERCILES),
    }
    variables = {}
    for one in MEASURES:
        if one.name == "operation_months":
            about = "median months to operation of the deals that began to operate"
            months = median_months(book[one.name])
            variables["months_to_operation"] = (
                ("run", "year", "stack"),
                months,
                {"units": "months", "description": about, "flow": 0},
            )
            continue
        values = book[one.name]
        if "country" in one.dims:  # the loop may have more places than there are countries
            values = values[:, :, : len(simulation.inputs.iso3)]
        if "vendor" in one.dims:
            axis = 2 + one.dims.index("vendor")
            values = np.take(values, range(len(VENDORS)), axis=axis)
        attributes = {"units": one.unit, "description": one.sentence, "flow": int(one.flow)}
        variables[one.name] = (("run", "year", *one.dims), values, attributes)
    for name, (dims, values, attributes) in simulation.own_measures().items():
        variables[name] = (("run", "year", *dims), values, attributes)
    variables["payoff"] = (
        ("run", "home"),
        simulation.payoff(),
        {"units": "bn$", "description": "payoff of each home so far, by the payoff prices", "flow": 0},
    )
    variables["status"] = (
        ("run",),
        world.state["status"].copy(),
        {"units": "code", "description": "; ".join(f"{code} {text}" for code, text in STATUSES.items()), "flow": 0},
    )
    for name, (_, _, about) in variables.items():
        about["long_name"] = long_name(name)
    for name, (title, meaning) in COORDINATES.items():
        coords[name] = (name, coords[name], {"long_name": title, "description": meaning})
    attributes = {
        "title": simulation.scenario.title or simulation.scenario.name,
        "scenario": simulation.scenario.name,
        "seed": simulation.seed,
        "facts_hash": simulation.inputs.facts_hash,
        "note": "A simulation of what-ifs, not a forecast. Records are taken on 1 January: stocks as of that day, "
        "flows over the twelve months before.",
    }
    return xr.Dataset(variables, coords, attributes)


def deal_table(simulation) -> pd.DataFrame:
    """Return a row for each deal of the runs that keep a ledger; NaN or None where there is nothing to say.

    Dates are decimal years. `attrs["units"]` and `attrs["descriptions"]` say by column what it holds.
    """
    import pandas as pd

    world = simulation.world
    frames = []
    for run in np.flatnonzero(world.ledger_row >= 0):
        number = min(int(world.state["deals_signed"][run]), world.ledger["at"].shape[1])
        frames.append(table_of_rows(simulation, int(run), world.ledger["at"][world.ledger_row[run], :number]))
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    table.attrs = {
        "units": {name: DEAL_COLUMNS[name][0] for name in table.columns},
        "descriptions": {name: DEAL_COLUMNS[name][1] for name in table.columns},
    }
    return table


def table_of_rows(simulation, run: int, rows: np.ndarray) -> pd.DataFrame:
    """Return rows of a run's ledger as `deal_table` has them; for a few of them, at a small part of its cost."""
    import pandas as pd

    first, world = simulation.years[0], simulation.world
    countries = np.array(simulation.inputs.iso3)

    def names(options, values):
        """Return the name for each number; None where the number is out of range."""
        table = np.array([*options, None], dtype=object)
        return table[np.where((values >= 0) & (values < len(options)), values, len(options))]

    def bidder(values):
        return names([*VENDORS, None, "us_package", "cn_package"], values)

    columns = {
        "run": np.full(len(rows), run),
        "deal": rows["deal"],
        "package": rows["package"],
        "country": countries[rows["country"]],
        "layer": names(LAYERS, rows["layer"]),
        "vendor": names(VENDORS, rows["vendor"]),
        "stack": names(STACKS, rows["stack"]),
        "deal_class": names(DEAL_CLASSES, rows["deal_class"]),
        "mode": names(MODES, rows["mode"]),
        "site": names(SITE_CLASSES, rows["kind"]),
        "megawatts": rows["megawatts"],
        "value_bn": rows["value_bn"],
        "announced_bn": rows["value_bn"] * _announced_over_signed(rows, world.parameters[run]),
        "capacity": rows["capacity"],
    }
    for name in ("signed", "financed", "operating", "ended"):
        columns[name] = first + rows[name] / 12.0
    columns |= {
        "outcome": names(OUTCOMES, rows["outcome"]),
        "origin": names(ORIGINS, rows["origin"]),
        "supported": rows["supported"].astype(bool),
        "financier": names(FINANCIERS, rows["financier"]),
        "instrument": names(INSTRUMENTS, rows["instrument"]),
        "loan_bn": rows["loan_bn"],
        "grant_bn": rows["grant_bn"],
        "term_years": rows["term_years"],
        "utilisation": rows["utilisation"],
        "renewals": rows["renewals"],
        "utility": rows["utility"],
        "winning_bid": bidder(rows["bid"]),
        "runner_up": bidder(rows["runner_up"]),
        "runner_up_utility": rows["runner_up_utility"],
        "win_probability": rows["win_probability"],
        "win_probability_unsupported": rows["win_probability_unsupported"],
        "tender_layer": names(LAYERS, rows["tender_layer"]),
        "tender_month": rows["tender_month"],
        "nest_scale": rows["nest_scale"],
        "outside": rows["outside"],
        "correction": rows["correction"],
        "satisficing_margin": rows["margin"],
    }
    for position, name in enumerate(TERMS):
        columns[f"term_{name}"] = rows["terms"][:, position]
        columns[f"runner_up_term_{name}"] = rows["runner_up_terms"][:, position]
    for position, name in enumerate(VENDORS):
        columns[f"bid_{name}"] = rows["bids"][:, position]
    columns["bid_us_package"], columns["bid_cn_package"] = rows["bids"][:, PACKAGE], rows["bids"][:, PACKAGE + 1]
    return pd.DataFrame(columns)


def _announced_over_signed(rows: np.ndarray, parameters: np.void) -> np.ndarray:
    """Return by how much more each deal was announced than signed, (rows,), as `sign.announced_over_signed` has it."""
    largest = max(parameters["largest_site_mw"], parameters["mega_mw"])
    site_mw = rows["megawatts"] / (np.floor(rows["megawatts"] / largest) + 1.0)
    sovereign = (rows["deal_class"] == codes.SOVEREIGN) & (rows["origin"] != codes.SCRIPTED)
    return np.where(sovereign & (site_mw >= parameters["mega_mw"]), parameters["mega_announcement"], 1.0)
