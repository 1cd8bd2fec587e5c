"""One run of a simulation as the kernels see it, and its utilities and choice probabilities as arrays."""

from __future__ import annotations

import numpy as np

from model import Simulation
from model.loop.choice import weigh
from model.loop.market import refresh_market
from model.loop.run import Run, scratch
from model.loop.sizes import BIDS, STACKS, TERMS, VENDORS
from model.loop.utility import bid_terms
from model.records import market_dtype


def run_record(simulation: Simulation, number: int = 0) -> Run:
    """Run `number`, whose records share memory with the simulation; prices are computed afresh from its levers."""
    world = simulation.world
    home, financier, vendor, importer = world._wide(simulation._levers(simulation.cast))
    market = np.zeros(1, market_dtype(len(simulation.inputs)))
    row = min(simulation.year - simulation.years[0], world.book.shape[1] - 1)
    run = Run(
        world.state[number], world.book[number, row], world.deals[number], world.facts[0], world.parameters[number], home[number],
        financier[number], vendor[number], importer[number], market[0], world.switches[number], world.ledger[0, :0], world.events,
    )
    refresh_market(run)
    return run


def workspace(simulation: Simulation) -> np.void:
    """Scratch space for one run."""
    vendors = simulation.inputs.vendors
    return scratch(len(simulation.inputs), vendors.number, vendors.stack)[0]


def bids(run: Run, country: int, layer: int, renewal: bool = False, held=None) -> tuple[np.ndarray, np.ndarray]:
    """Terms (TERMS, VENDORS) and utility (VENDORS,) of every unsupported bid in a cell, by the production utility."""
    base, terms, utility = np.zeros((TERMS, STACKS)), np.zeros((TERMS, VENDORS)), np.zeros(BIDS)
    bid_terms(run, country, layer, renewal, np.zeros(VENDORS) if held is None else held, 0.0, base, terms, utility)
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
