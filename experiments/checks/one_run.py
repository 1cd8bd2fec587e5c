"""One run of a simulation as the kernels see it, and its utilities and choice probabilities as arrays."""

from __future__ import annotations

import numpy as np

from model import Simulation
from model.loop.bids import refresh_consideration
from model.loop.choice import weigh
from model.loop.market import refresh_market, team_weights
from model.loop.run import Run, scratch
from model.loop.sizes import BIDS, ROWS, STACKS, TERMS, VENDORS
from model.loop.utility import bid_utilities, country_terms, refresh_appeal, term_of
from model.records import as_records, empty_ledgers, event_record, market_dtype


def run_record(simulation: Simulation, number: int = 0) -> Run:
    """Run `number`, whose records share memory with the simulation; what a January prepares is computed afresh."""
    world = simulation.world
    home, financier, vendor, importer = world._wide(simulation._levers(simulation.cast))
    market = np.zeros(1, market_dtype(world.facts["gdp"].shape[1]))
    row = min(simulation.year - simulation.years[0], world.book.shape[1] - 1)
    deals, on = (as_records(array) for array in (world.deals, world.switches))
    run = Run(
        world.state[number], world.book[number, row], deals[number], world.facts[0], world.parameters[number], home[number],
        financier[number], vendor[number], importer[number], market[0], on[number], empty_ledgers(1)[0], event_record(world.events)[0],
    )
    refresh(run)
    return run


def refresh(run: Run) -> None:
    """What buyers weigh, after the state was changed from outside: prices, standards, appeal, peers' shares of the opening."""
    refresh_market(run)
    team_weights(run)
    refresh_consideration(run)
    refresh_appeal(run)
    run.state["opening_share"][...] = run.state["share"]


def workspace(simulation: Simulation) -> np.void:
    """Scratch space for one run."""
    return scratch(simulation.world.facts)[0]


def bids(run: Run, country: int, layer: int, renewal: bool = False, held=None) -> tuple[np.ndarray, np.ndarray]:
    """Terms (TERMS, VENDORS) and utility (VENDORS,) of every unsupported bid in a cell, by the production utility."""
    base, rows, utility = np.zeros((TERMS, STACKS)), np.zeros((ROWS, VENDORS)), np.zeros(BIDS)
    country_terms(run, country, base, rows)
    held = np.zeros(VENDORS) if held is None else held
    bid_utilities(run, country, layer, renewal, held, 0.0, base, rows, utility)
    stack = run.facts["vendor_stack"]
    terms = np.array([[term_of(base, rows, t, v, stack[v]) for v in range(VENDORS)] for t in range(TERMS)])
    return terms, utility[:VENDORS]


def choice_probabilities(
    utility, eligible, stack, nest_scale: float, correction: float, outside: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """P(bid), P(stack) and P(nothing) by the production kernel; `utility`, `eligible`, `stack` have one place a bid.

    `outside` is exp(V0), or 0 where something must be bought.
    """
    number = len(utility)
    padded, may, nest = np.full(BIDS, -50.0), np.zeros(BIDS), np.full(BIDS, STACKS - 1)
    padded[:number], may[:number], nest[:number] = utility, eligible, stack
    weight, total, stack_weight, count = np.zeros(BIDS), np.zeros(STACKS), np.zeros(STACKS), np.zeros(STACKS)
    weigh(padded, may, nest, nest_scale, correction, weight, total, stack_weight, count)
    whole = outside + stack_weight.sum()
    of_stack = stack_weight / whole
    within = np.divide(weight, total[nest], out=np.zeros(BIDS), where=total[nest] > 0)
    return (of_stack[nest] * within)[:number], of_stack, outside / whole
