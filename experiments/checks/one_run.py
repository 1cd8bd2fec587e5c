"""One run of a simulation as the kernels see it, and its utilities and choice probabilities as arrays."""

from __future__ import annotations

import numpy as np

from stackcraft.model import Simulation
from stackcraft.model.layouts import empty_ledgers, market_dtype
from stackcraft.model.loop.bids import refresh_consideration
from stackcraft.model.loop.choice import weigh
from stackcraft.model.loop.codes import AMONG_ALL, N_BIDS, N_TERMS, VENDOR_PLACES
from stackcraft.model.loop.market import refresh_market, team_weights
from stackcraft.model.loop.run import Run, bids_of, run_of, scratch
from stackcraft.model.loop.utility import bid_utilities, country_terms, refresh_appeal, term_of


def run_record(simulation: Simulation, number: int = 0) -> Run:
    """Run `number`, whose records share memory with the simulation; what a January prepares is computed afresh."""
    batch = simulation.world
    arrays = batch.arrays(simulation._levers(simulation.cast))._replace(
        market=np.zeros(1, market_dtype(batch.facts["gdp"].shape[1])),
        no_ledger=empty_ledgers(1),
        ledger_row=np.full(batch.runs, -1),
    )
    run = run_of.py_func(arrays, number, min(simulation.year - simulation.years[0], batch.book.shape[1] - 1))
    refresh(run)
    return run


def refresh(run: Run) -> None:
    """What buyers weigh, after the state was changed from outside.

    Prices, standards, appeal, peers' shares of the opening.
    """
    refresh_market(run)
    team_weights(run)
    refresh_consideration(run)
    refresh_appeal(run)
    run.state["opening_share"][...] = run.state["share"]


def workspace(simulation: Simulation) -> np.void:
    """Scratch space for one run."""
    return scratch(simulation.world.facts)[0]


def bids(run: Run, country: int, layer: int, occasion: int = AMONG_ALL, held=None) -> tuple[np.ndarray, np.ndarray]:
    """Return terms (N_TERMS, VENDOR_PLACES) and utility (VENDOR_PLACES,) of every unsupported bid in a cell."""
    found = bids_of(np.zeros(VENDOR_PLACES), 0.0, run.facts["vendor_stack"])[0]
    country_terms(run, country, found)
    found["held"] = 0.0 if held is None else held
    bid_utilities(run, country, layer, occasion, 0.0, found)
    terms = np.array([[term_of(found, t, v) for v in range(VENDOR_PLACES)] for t in range(N_TERMS)])
    return terms, found["utility"][:VENDOR_PLACES].copy()


def choice_probabilities(
    utility, eligible, stack, nest_scale: float, correction: float, outside: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """P(bid), P(stack) and P(nothing) by the production kernel.

    `utility`, `eligible`, `stack` have one place a bid.

    `outside` is exp(V0), or 0 where something must be bought.
    """
    number, found = len(utility), bids_of(utility, eligible, stack)[0]
    weigh(found, nest_scale, correction)
    whole = outside + found["stack_weight"].sum()
    of_stack, sums = found["stack_weight"] / whole, found["stack_sum"][found["stack"]]
    within = np.divide(found["weight"], sums, out=np.zeros(N_BIDS), where=sums > 0)
    return (of_stack[found["stack"]] * within)[:number], of_stack, outside / whole
