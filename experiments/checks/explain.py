"""Every deal explains itself: terms add up to the utility that decided, and the stored bids decide the same again."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, equal, within
from stackcraft.experiments.checks.drivers import key_of, one_bid_race, one_race
from stackcraft.model import Simulation
from stackcraft.model.loop.choice import weigh, weigh_good_enough
from stackcraft.model.loop.codes import CN, FROM_HEDGE, PACKAGE, SCRIPTED, US
from stackcraft.model.loop.luck import RACE_HEDGE, RACE_VENDOR
from stackcraft.model.loop.run import bids_of

PACKAGE_NUMBER = 100_000


def checks(threads=None):
    """A whole run on the real facts."""
    scenario = status_quo()
    with Simulation(scenario, runs=1, seed=scenario.seed, ledger_runs=1, threads=threads).run() as simulation:
        sums, runner_sums, wrong, number, kinds = explained(simulation)
    yield at_least("explain", "deals", "deals, renewals and second sources looked at in one run", number, 1000, kinds)
    yield within("explain", "terms", "winner's terms against the stored utility: largest gap", sums, 1e-12)
    yield within(
        "explain", "runner-up's terms", "runner-up's terms against the stored utility: largest gap", runner_sums, 1e-12
    )
    yield equal("explain", "choices", "choices that the stored bids and the keyed race do not reproduce", wrong)


def explained(simulation: Simulation) -> tuple[float, float, int, int, str]:
    """Largest gap of the winners' and the runners-up's terms, choices not reproduced, rows, and what they were."""
    world, inputs = simulation.world, simulation.inputs
    stack, number = bidders(inputs)
    sums, runner_sums, wrong, rows_seen, packages, hedges = 0.0, 0.0, 0, 0, 0, 0
    for run in np.flatnonzero(world.ledger_row >= 0):
        rows = world.ledger["at"][world.ledger_row[run], : int(world.state["deals_signed"][run])]
        rows = rows[rows["origin"] != SCRIPTED]  # nobody bid for these: there is nothing to explain
        key = key_of(world.seed, world.replicate[run])
        sums = max(sums, np.abs(rows["terms"].sum(axis=1) - rows["utility"]).max(initial=0.0))
        second = rows["runner_up"] >= 0
        gap = np.abs(rows["runner_up_terms"][second].sum(axis=1) - rows["runner_up_utility"][second])
        runner_sums = max(runner_sums, gap.max(initial=0.0))
        for row in rows:
            wrong += not reproduced(row, key, int(inputs.iso_number[row["country"]]), stack, number)
        rows_seen += len(rows)
        packages += int((rows["bid"] >= PACKAGE).sum())
        hedges += int((rows["origin"] == FROM_HEDGE).sum())
    return float(sums), float(runner_sums), wrong, rows_seen, f"{packages} by packages, {hedges} second sources"


def bidders(inputs) -> tuple[np.ndarray, np.ndarray]:
    """Stack and own number of every bid, (BIDS,): vendors, then a package of each home."""
    stack = np.append(inputs.vendors.stack, (US, CN)).astype(np.int64)
    number = np.append(inputs.vendors.number, (PACKAGE_NUMBER, PACKAGE_NUMBER + 1)).astype(np.int64)
    return stack, number


def reproduced(row, key, country: int, stack, number) -> bool:
    """Return whether the stored bids, ranked again by the keyed race, give the deal's stack, bid and vendor."""
    bids = bids_of(np.nan_to_num(row["bids"], nan=-50.0), ~np.isnan(row["bids"]), stack, number)
    if np.isnan(row["margin"]):
        weigh(bids[0], row["nest_scale"], row["correction"])
    else:
        weigh_good_enough(bids[0], row["margin"], -np.inf)
    site = (key, country, int(row["tender_layer"]), int(row["tender_month"]))
    bid, winner, second = one_race(*site, bids, row["outside"])
    if winner < 0 or bid < 0:
        return False
    if row["origin"] == FROM_HEDGE:
        other = one_bid_race(RACE_HEDGE, *site, bids, second, -1)
        return other == row["bid"] == row["vendor"] and stack[other] == row["stack"] and row["runner_up"] == bid
    if bid != row["bid"] or abs(row["utility"] - row["bids"][bid]) > 0.0:
        return False
    if bid < PACKAGE and row["vendor"] != bid:
        return False
    if bid >= PACKAGE and row["layer"] != row["tender_layer"]:
        return True  # another layer of the package: it shares the tender's choice and has no runner-up of its own
    runner = (
        one_bid_race(RACE_VENDOR, *site, bids, second, -1)
        if second >= 0
        else one_bid_race(RACE_VENDOR, *site, bids, winner, bid)
    )
    return runner == row["runner_up"]
