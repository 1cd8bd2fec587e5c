"""What is read of a simulation to be held against what happened: arrays by run, January and country.

Each function takes a simulation that has been run, and the arguments that a target declares.
"""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import GROUPS
from stackcraft.model import Simulation

CONTINENTS = {"africa": "Africa"}


def held(simulation: Simulation, layer: str, stack: str) -> np.ndarray:
    """Capacity of a layer in bn$ a year, of one stack or of "all", (runs, years, countries)."""
    results = simulation.results
    capacity = results["capacity"].sel(layer=layer)
    if stack != "all":
        capacity = capacity * results["installed"].sel(layer=layer, stack=stack)
    return capacity.transpose("run", "year", "country").values.astype(float)


def chance_of_sale(simulation: Simulation, layer: str, stack: str) -> np.ndarray:
    """Chance that a tender without support goes to a stack, as last surveyed, (runs, years, countries)."""
    chance = simulation.results["win_probability"].sel(layer=layer, stack=stack)
    return chance.transpose("run", "year", "country").values.astype(float)


def use_per_head(simulation: Simulation, layer: str) -> np.ndarray:
    """Use of a layer, thousand $ a head and year, (runs, years, countries); heads of the last January."""
    used = simulation.results["used"].sel(layer=layer).transpose("run", "year", "country").values.astype(float)
    inputs = simulation.inputs
    heads = inputs.population if inputs.given is None else inputs.given.population[-1]
    return used / heads[None, None, :]


def world_share(simulation: Simulation, layer: str, stack: str, year: int) -> np.ndarray:
    """Share of a stack in a layer's installed capacity in all importing countries, one January, (runs,)."""
    share = simulation.results["world_installed"].sel(layer=layer, stack=stack, weight="capability", year=year)
    return share.values.astype(float)


def lent_a_year(simulation: Simulation, financiers: str, place: str) -> np.ndarray:
    """Loans of a group of financiers for deals in a region, bn$ a year, over runs that keep a ledger, (runs,)."""
    deals, years = simulation.deals, simulation.years[1] - simulation.years[0]
    inputs = simulation.inputs
    there = {code for code, region in zip(inputs.iso3, inputs.region, strict=True) if region == CONTINENTS[place]}
    found = deals[deals["financier"].isin(GROUPS[financiers]) & deals["country"].isin(there)]
    runs = np.flatnonzero(simulation.world.ledger_row >= 0)
    by_run = found.groupby("run")["loan_bn"].sum()
    return np.array([float(by_run.get(run, 0.0)) / years for run in runs])
