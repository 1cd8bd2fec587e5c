"""Is the start quiet: does the first year of the status quo move shares, contracts and capacity as later years do.

The share that moves in a year is half the sum over stacks of the absolute change of the world's installed share, the
mean over runs, in points.
"""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS, WEIGHTS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.one_run import run_record
from stackcraft.model import Simulation
from stackcraft.model.loop.codes import ORGANIC_MONTHS

RUNS = 256
FIRST_RUNS = 1024  # of the first year alone: with fewer, one country's luck moves the world by population
YEARS = (2025, 2045)
LATER = 2030  # from when on a year counts as usual
LEAST_MOVE = 0.2  # points a year: a usual year counts as moving at least so much
MOST_TIMES = 1.5
# Points that the first year may move besides, where a published figure says that what is newly used differs from what
# is installed. Models: in January 2026 DeepSeek alone had 11 to 20 % of the users in Ethiopia, Madagascar, Malawi,
# Niger, Uganda and Zimbabwe (Microsoft AI Economy Institute, Global AI Adoption in 2025), where the facts of 2025 have
# 4 to 8 % installed of all Chinese models. Half of all contracts for models end within a year, so that the installed
# share may move by half of the smallest difference, (11 - 8) / 2, in the first.
SOURCED_POINTS = {"models": 1.5}
MOST_POINTS = 2.0


def checks(threads=None, world: str = "world", runs: int = RUNS):
    """The status quo of the real world."""
    scenario = status_quo(world=world, years=YEARS)
    with Simulation(scenario, runs=runs, seed=scenario.seed, threads=threads) as simulation:
        number = len(simulation.inputs)
        gdp, low = np.asarray(simulation.inputs.gdp), np.asarray(simulation.inputs.income_group) == 0
        chosen, open_to = choices(simulation)
        book = simulation.run().world.book
        shares = book["world_installed"].mean(axis=0)  # (year, weight, layer, stack)
        installed = book["installed"][:, 0, :number].mean(axis=0, dtype=float)
        capacity, demand = (
            book[name][:, :, :number].sum(axis=2, dtype=float).mean(axis=0) for name in ("capacity", "demand")
        )
        changed_hands = book["switched_deals"].sum(axis=2).mean(axis=0)
    usual = moves(shares)[1]
    with Simulation(
        scenario.with_changes(years=(YEARS[0], YEARS[0] + 1)), runs=4 * runs, seed=scenario.seed, threads=threads
    ) as simulation:
        first = moves(simulation.run().world.book["world_installed"][:, :2].mean(axis=0))[0]
    for layer, name in enumerate(LAYERS):
        times = np.maximum(first[:, layer] - SOURCED_POINTS.get(name, 0.0), 0.0) / usual[:, layer]
        words = ", ".join(
            f"{weight} {one:.1f} against {other:.1f}"
            for weight, one, other in zip(WEIGHTS, first[:, layer], usual[:, layer], strict=True)
        )
        claim = f"{name}: share that moves in the first year over a usual one's, the largest of all weightings"
        yield within("start", f"{name}, first year", claim, times.max(), MOST_TIMES, f"points: {words}")
    early, late = changed_hands[2], changed_hands[11]
    words = f"{early:.0f} in 2026, {late:.0f} in 2035"
    claim = "contracts that change hands in 2026 over those of 2035"
    yield within("start", "contracts", claim, early / max(late, 1.0), MOST_TIMES, words)
    weights = {"country": np.ones(number), "gdp": gdp, "low_income": low * 1.0}
    gaps = choice_gaps(chosen, met_by(installed, open_to), weights)
    for layer, name in enumerate(LAYERS):
        words = ", ".join(
            f"{weight} {gap[layer, 0]:+.1f}/{gap[layer, 1]:+.1f}/{gap[layer, 2]:+.1f}" for weight, gap in gaps.items()
        )
        value = max(np.abs(gap[layer]).max() for gap in gaps.values())
        claim = (
            f"{name}: unsupported choice of January less what is installed of those who may sell, points, the largest"
        )
        yield within("start", f"{name}, choice", claim, value, MOST_POINTS, f"US/CN/independent: {words}")
    # January's record holds the demand of October, when the last quarter began: nine months' growth.
    demand[1] = demand[0] * (demand[1] / demand[0]) ** (12 / (12 - ORGANIC_MONTHS))
    growth = 100 * (capacity[1] / capacity[0] - demand[1] / demand[0])
    for layer, name in enumerate(LAYERS):
        words = (
            f"{capacity[1, layer] / capacity[0, layer] - 1:.0%} against {demand[1, layer] / demand[0, layer] - 1:.0%}"
        )
        claim = f"{name}: growth of capacity less growth of demand in the first year, points"
        yield within("start", f"{name}, capacity", claim, growth[layer], 0.0, words)


def moves(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points that move in the first year and in a usual one, (weight, layer).

    `shares` (year, weight, layer, stack).
    """
    moved = 50 * np.abs(np.diff(shares, axis=0)).sum(axis=-1)
    later = moved[LATER - YEARS[0] :]
    return moved[0], np.maximum(later.mean(axis=0), LEAST_MOVE) if len(later) else np.full(moved.shape[1:], np.nan)


def choices(simulation: Simulation) -> tuple[np.ndarray, np.ndarray]:
    """Return shares of stacks in unsupported choices, the mean over runs, and which sell: (country, layer, stack).

    A sale counts for the stacks that it is made of, as installed shares do. What firms and people go on with in spite
    of an embargo is chosen too.
    """
    number, state = len(simulation.inputs), simulation.world.state
    parts = np.asarray(run_record(simulation).market["attribution"])  # (layer, vendor, stack)
    by_vendor = state["organic_choice"][:, :number].mean(axis=0)
    stack_of, stacks = np.asarray(run_record(simulation).facts["vendor_stack"]), np.arange(parts.shape[2])
    sells = np.einsum("clv,vs->cls", by_vendor, stack_of[:, None] == stacks) > 0
    return np.einsum("clv,lvs->cls", by_vendor, parts), sells


def met_by(installed: np.ndarray, open_to: np.ndarray) -> np.ndarray:
    """Return installed shares among the stacks that are chosen; what others sold before runs on."""
    left = np.where(open_to, installed, 0.0)
    return left / np.maximum(left.sum(axis=-1, keepdims=True), 1e-300)


def choice_gaps(chosen: np.ndarray, installed: np.ndarray, weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return chosen less installed shares, points, (layer, stack) by weighting; both (country, layer, stack)."""
    return {
        name: 100 * np.einsum("c,cls->ls", weight / max(weight.sum(), 1e-300), chosen - installed)
        for name, weight in weights.items()
    }
