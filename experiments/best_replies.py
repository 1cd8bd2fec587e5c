"""How far each vendor's defaults are from its own best reply, for the levers that lose at both ends.

A vendor is worth what it earns abroad: its profit (`profit_bn`), discounted, and beside that what it still sells in the
last year, at `MULTIPLE` yearly revenues. One vendor moves one lever over a small grid while everybody else keeps to the
scenario, under the same luck. `stackcraft check vendors` shows it for every vendor.

At its best, a vendor's research takes the share of its revenue that is its margin times the elasticity of its revenue
to research (Dorfman and Steiner 1954), so `elasticity` stands beside what would be `needed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import VENDORS
from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant, crossed

DISCOUNT = 0.08  # a year: a usual cost of capital of large firms
LATER_GROWTH = 0.03  # a year, after the last year: below the world economy's in current dollars
USUAL = {"markup": 0.5, "rnd_share": 0.15}  # what most vendors ask and spend
# Yearly revenues that the standing business is worth at the end: what usual vendors keep of them, growing for good.
MULTIPLE = (USUAL["markup"] / (1 + USUAL["markup"]) - USUAL["rnd_share"]) / (DISCOUNT - LATER_GROWTH)
GRID: Mapping[str, tuple[float, ...]] = {
    "markup": (0.1, 0.3, 0.5, 0.75, 1.0, 1.5),
    "rnd_share": (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4),
    "customisation": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
}


class BestReply(NamedTuple):
    """One lever of one vendor: its default, and what the vendor is worth (bn$) at each value of the grid.

    `lost` is the share of the best mean worth that the default leaves, with the 95 % interval of that share. `revenue`
    is that of all years, bn$, and `markup` the vendor's.
    """

    vendor: str
    lever: str
    default: float
    values: tuple[float, ...]
    worth: tuple[float, ...]
    lost: float
    interval: tuple[float, float]
    revenue: tuple[float, ...]
    markup: float

    @property
    def best(self) -> float:
        """The value of the grid at which the vendor is worth most."""
        return self.values[int(np.argmax(self.worth))]

    @property
    def inside(self) -> bool:
        """Whether the best is at neither end of the grid: both ends lose."""
        return self.values[0] < self.best < self.values[-1]

    @property
    def elasticity(self) -> float:
        """Growth of the revenue over that of the lever, in logarithms, between the default's neighbours of the grid."""
        place = self.values.index(self.default)
        one, other = max(place - 1, 0), min(place + 1, len(self.values) - 1)
        if self.values[one] <= 0 or min(self.revenue[one], self.revenue[other]) <= 0:
            return float("nan")
        return float(np.log(self.revenue[other] / self.revenue[one]) / np.log(self.values[other] / self.values[one]))

    @property
    def needed(self) -> float:
        """The elasticity at which a lever that takes a share of revenue would pay at its default."""
        return self.default / (self.markup / (1 + self.markup))

    def __str__(self) -> str:
        shown = ", ".join(f"{value:g}: {worth:.4g}" for value, worth in zip(self.values, self.worth, strict=True))
        return (
            f"{self.vendor}.{self.lever}: default {self.default:g}, best {self.best:g}, "
            f"{self.lost:.1%} lost ({self.interval[0]:.1%} to {self.interval[1]:.1%}); worth in bn$ {shown}"
        )


def worth(profit: np.ndarray, revenue: np.ndarray) -> np.ndarray:
    """What a vendor is worth, bn$, (runs,), from its profit and revenue of each year, (runs, years)."""
    discounted = (1.0 + DISCOUNT) ** -np.arange(1, profit.shape[1] + 1)
    return profit @ discounted + MULTIPLE * discounted[-1] * revenue[:, -1]


def best_replies(
    vendors: Sequence[str] | None = None,
    *,
    scenario: Scenario | None = None,
    grid: Mapping[str, Sequence[float]] = GRID,
    runs: int = 16,
    **options: Any,
) -> list[BestReply]:
    """Measure the worth of vendors (all but the domestic champion by default) over the grid of each lever.

    `scenario` is the status quo unless given; `options` are the simulation's. The default joins every grid.
    """
    scenario = scenario or Scenario.load("baseline")
    vendors = VENDORS[:-1] if vendors is None else tuple(vendors)
    return [reply for vendor in vendors for reply in replies_of(vendor, scenario, grid, runs, **options)]


def replies_of(
    vendor: str, scenario: Scenario, grid: Mapping[str, Sequence[float]] = GRID, runs: int = 16, **options: Any
) -> list[BestReply]:
    """Measure the worth of one vendor over the grid of each lever, all side by side."""
    place = VENDORS.index(vendor)
    levers = LEVER_SETS["vendor"].defaults(VENDORS, 1)[place]
    asked = [(lever, value) for lever, values in grid.items() for value in sorted({float(levers[lever]), *values})]
    variants = [Variant((f"{vendor}.{lever}={value}",)) for lever, value in asked]
    profit, revenue = run_variants(scenario, *crossed(variants, range(runs)), _earned, **options)
    profit, revenue = (one[..., place].reshape(len(asked), runs, -1) for one in (profit, revenue))
    found = {at: (worth(profit[row], revenue[row]), revenue[row].sum(axis=1)) for row, at in enumerate(asked)}
    return [_reply(vendor, lever, levers, found) for lever in grid]


def _reply(vendor: str, lever: str, levers: Any, by_value: Mapping[tuple, tuple[np.ndarray, np.ndarray]]) -> BestReply:
    """`by_value` has worth and revenue by lever and value, (runs,); `levers` the vendor's own."""
    found = {value: worths for (what, value), (worths, _) in by_value.items() if what == lever}
    default, most = float(levers[lever]), max(found, key=lambda value: found[value].mean())
    scale = max(abs(found[most].mean()), 1e-300)
    lost, low, high = (float(part / scale) for part in paired_interval(found[most] - found[default]))
    means = tuple(float(one.mean()) for one in found.values())
    sold = tuple(float(by_value[lever, value][1].mean()) for value in found)
    return BestReply(
        vendor, lever, default, tuple(found), means, lost, (low, high), sold, markup=float(levers["markup"])
    )


def _earned(simulation: Any) -> tuple[np.ndarray, np.ndarray]:
    """Profit and revenue of the years that were run, each (runs, years, vendors)."""
    book = simulation.world.book
    return book["profit_bn"][:, 1:].copy(), book["revenue_bn"][:, 1:].copy()
