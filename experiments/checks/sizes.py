"""Deals are of a size that a country would sign: power follows money, money follows GDP; exclusion keeps its word."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, equal, report, within
from stackcraft.experiments.checks.published import IEA_OUTSIDE_BOTH_HOMES_TWH, LOAD_FACTORS
from stackcraft.model import Simulation
from stackcraft.model.country_profiles import EXCLUSION
from stackcraft.model.parameters import PARAMETERS

RUNS, SEED, FIRST = 16, 5, 2025
SHOWN = ("KEN", "JPN", "ARE", "BRA", "GBR", "IND")
ROUNDED = 1e-6  # the ledger keeps single precision
HOURS = 8.76  # thousands in a year
NEAR = 2.0  # a level is right within this factor


def checks(threads=None):
    """On the status quo of the real world."""
    with Simulation(status_quo(), runs=RUNS, seed=SEED, ledger_runs=RUNS, threads=threads) as simulation:
        deals = simulation.run().deals
        inputs, power = simulation.inputs, simulation.results["power_mw"].values.sum(axis=2).mean(axis=0) / 1000
    yield from money_and_power(deals)
    yield from shares_of_gdp(deals, inputs)
    yield from exclusion(deals, inputs)
    yield from power_in_operation(power)


def money_and_power(deals):
    """Every deal's megawatts and the capital part of its value."""
    share = deals["layer"].map(dict(zip(LAYERS, PARAMETERS["capital_share"].default, strict=True))).astype(float)
    sites = deals["layer"].isin(["chips", "cloud"]) & (deals["deal_class"] != "software")
    each = (deals["value_bn"] * share / deals["megawatts"])[sites].to_numpy(float)
    low, high = (PARAMETERS[name].default for name in ("capital_bn_per_mw", "dearest_bn_per_mw"))
    middle = ", ".join(f"{1000 * q:.1f}" for q in np.quantile(each, (0, 0.05, 0.5, 0.95, 1)))
    outside = int(((each < low * (1 - ROUNDED)) | (each > high * (1 + ROUNDED)) | ~np.isfinite(each)).sum())
    yield equal(
        "sizes",
        "cost of a MW",
        "data centres whose capital part costs less than 35 or more than 60 m$ a MW",
        outside,
        f"{len(each)} deals; least, 5 %, median, 95 %, most: {middle} m$",
    )
    without = deals.loc[~sites, "megawatts"].to_numpy(float)
    yield equal(
        "sizes", "no site, no power", "deals of software or other layers with megawatts", int((without != 0).sum())
    )


def shares_of_gdp(deals, inputs):
    """The largest deal of each country over its GDP of the year, which grows as in demand."""
    row = {code: place for place, code in enumerate(inputs.iso3)}
    place = deals["country"].map(row).to_numpy(int)
    growth = np.array(PARAMETERS["gdp_growth"].default)[inputs.income_group[place]]
    gdp = inputs.gdp[place] * np.exp(growth * (deals["signed"].to_numpy(float) - FIRST))
    share = (deals["value_bn"] / gdp)[deals["origin"] != "scripted"]
    largest = share.groupby(deals["country"]).max()
    shown = []
    for code in SHOWN:
        deal = deals.loc[share[deals["country"] == code].idxmax()]
        words = f"{code} {deal['value_bn']:.1f} bn$ for {deal['layer']}, {deal['megawatts']:.0f} MW"
        shown.append(f"{words}, {100 * largest[code]:.2f} %")
    yield within(
        "sizes",
        "largest deal",
        "largest deal of any country over the GDP of its year",
        largest.max(),
        PARAMETERS["deal_share_of_gdp"].default * (1 + 1e-3),
        "; ".join(shown),
    )


def exclusion(deals, inputs):
    """Chinese deals in countries that exclude Chinese vendors for security."""
    network = LAYERS.index("network")
    degree = dict(zip(inputs.iso3, inputs.ban_cn[:, network], strict=True))
    deals = deals.assign(degree=deals["country"].map(degree).astype(float), chinese=deals["stack"] == "CN")
    signed = deals[(deals["origin"] != "scripted") & (deals["origin"] != "legacy")]
    barred = signed[(signed["degree"] >= 1) & (signed["layer"] == "network") & signed["chinese"]]
    yield equal(
        "sizes", "banned networks", "Chinese network contracts signed where they are banned by law", len(barred)
    )
    share, words = {}, []
    for name, strictness in EXCLUSION.items():
        here = signed[(signed["degree"] == strictness) & (signed["layer"] == "network")]
        share[name] = here["chinese"].sum() / max(len(here), 1)
        value = here.loc[here["chinese"], "value_bn"].sum() / max(here["value_bn"].sum(), 1e-12)
        words.append(f"{name} {100 * share[name]:.1f} % ({100 * value:.1f} % of value)")
    order = [share[name] for name in ("open", "restricted", "de_facto_ban", "ban")]
    yield at_least(
        "sizes",
        "stricter, fewer",
        "least step down of the Chinese share of network contracts from open over restricted and de facto to banned",
        -np.diff(order).max(),
        0.0,
        ", ".join(words),
    )
    large = signed[(signed["degree"] >= EXCLUSION["de_facto_ban"]) & signed["chinese"] & (signed["value_bn"] > 1)]
    by_layer = large.groupby("layer", observed=True)["value_bn"].agg(["size", "sum", "max"])
    yield report(
        "sizes",
        "large Chinese deals",
        "Chinese deals above 1 bn$ a run where they are banned by law or in practice",
        len(large) / RUNS,
        "; ".join(f"{layer} {n / RUNS:.1f} of {total / RUNS:.1f} bn$" for layer, n, total, _ in by_layer.itertuples()),
    )


def power_in_operation(power):
    """GW of the data centres in operation by January, against what all data centres outside both homes draw."""
    grown = power[2031 - FIRST] - power[0]
    draw = {year: twh / HOURS for year, twh in IEA_OUTSIDE_BOTH_HOMES_TWH.items()}
    more = draw[2030] - draw[2024]
    low, high = (more / factor for factor in LOAD_FACTORS[::-1])
    yield within(
        "sizes",
        "power to 2030",
        "growth of power in operation, 2025 to 2030, and of what all data centres there draw: larger over smaller",
        max(grown / more, more / grown),
        NEAR,
        f"{power[0]:.1f} to {power[2031 - FIRST]:.1f} GW; all data centres draw {draw[2024]:.1f} to {draw[2030]:.1f} "
        f"GW, {more:.1f} more, which takes {low:.1f} to {high:.1f} GW of sites",
    )
