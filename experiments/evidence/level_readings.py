"""What levels are made of: public figures as spans, and what is read of the model to be set against them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.evidence import calibration
from stackcraft.model import Simulation
from stackcraft.model.tables import FACTS

PUBLIC = FACTS / "public_magnitudes.csv"
OF_DEALS = ("deals_a_year", "lent_in", "delivered", "cost_of_megawatt")  # readings of the runs that keep their deals
HOURS = 8.76  # thousand hours a year: TWh over this is the mean load in GW

Span = tuple[float, float]


@dataclass(frozen=True)
class Public:
    """The table of public figures: each as a span, which is of no width where the source gives one number."""

    rows: Mapping[str, Mapping[str, str]]

    def span(self, name: str, times: float = 1.0, over: float = 1.0) -> Span:
        """Return a figure `times` something, `over` something."""
        row = self.rows[name]
        low, high = (float(row[end] or row["value"]) for end in ("low", "high"))
        factor = times / over
        return low * factor, high * factor

    def value(self, name: str) -> float:
        """Return the middle of a figure."""
        return sum(self.span(name)) / 2

    def exactly(self, value: float) -> Span:
        """Return a span of no width."""
        return value, value

    def total(self, *names: str) -> float:
        """Return the sum of some figures."""
        return sum(map(self.value, names))

    def sum_of(self, *names: str) -> Span:
        """Return `total` as a span."""
        return self.exactly(self.total(*names))

    def product(self, one: str, other: str) -> Span:
        """Return a figure times another."""
        return self.exactly(self.value(one) * self.value(other))

    def rise(self, first: str, last: str) -> Span:
        """Return the growth from one figure to another, %."""
        return self.exactly(100 * (self.value(last) / self.value(first) - 1))

    def outside(self, year: int = 2024) -> float:
        """Return the share of data centres' electricity that is used outside the two homes."""
        return 1 - self.total(f"iea_united_{year}", f"iea_china_{year}") / self.value(f"iea_world_{year}")

    def by_gdp(self, name: str) -> Span:
        """Return the part of the world's total outside the homes by GDP."""
        return self.exactly(self.value(name) * self.value("gdp_outside") / 100)

    def to_gdp(self, name: str) -> Span:
        """Return the part of the world's total outside the homes, from data centres' electricity to GDP."""
        return self.value(name) * self.outside(), self.by_gdp(name)[1]

    def to_clusters(self, name: str) -> Span:
        """Return the part of the world's total outside the homes, from AI clusters to data centres' electricity."""
        value = self.value(name)
        return value * self.span("clusters_outside")[0] / 100, value * self.outside()

    def without_its_home(self, home: str, *shares: str) -> Span:
        """Return the share of some vendors outside the homes, %, if the home's part of the world is all theirs."""
        at_home = 100 * self.value(home) / self.value("iea_world_2024")
        return self.exactly(100 * (self.total(*shares) - at_home) / (100 * self.outside()))

    def gigawatts(self, year: int, *places: str) -> float:
        """Return the mean load of data centres, GW: in some regions, or outside the two homes."""
        if places:
            return self.total(*(f"iea_{place}_{year}" for place in places)) / HOURS
        return self.value(f"iea_world_{year}") * self.outside(year) / HOURS

    def power(self, year: int, *places: str) -> Span:
        """Return `gigawatts` as a span."""
        return self.exactly(self.gigawatts(year, *places))

    def power_added(self, first: int, last: int, *places: str) -> Span:
        """Return how `gigawatts` rise."""
        return self.exactly(self.gigawatts(last, *places) - self.gigawatts(first, *places))

    def digital(self) -> float:
        """Return the share of information and communication in Chinese loans to Africa."""
        return self.value("cla_information_2000_2023") / self.value("cla_all_2000_2023")

    def digital_part(self, name: str) -> Span:
        """Return the digital part of Chinese finance of all sectors."""
        return self.span(name, self.digital())

    def digital_part_or_sum(self, name: str, digital: str, years: int) -> Span:
        """Return a span from the digital part of a year to a sum of digital loans over some years, a year."""
        return self.digital_part(name)[0], self.span(digital, 1 / years)[1]

    def part_for_ai(self, financier: str, low: str, high: str) -> Span:
        """Return the part for AI, as the table of financiers assumes it, of what a financier commits in all sectors."""
        return tuple(self.value(name) * ai_share(financier) for name in (low, high))

    def source(self, *names: str) -> str:
        """Return who published these figures."""
        return "; ".join(dict.fromkeys(self.rows[name]["publisher"].partition(", as ")[0] for name in names))

    def years(self, *names: str) -> str:
        """Return the years of these figures."""
        return ", ".join(sorted({self.rows[name]["year"] for name in names if self.rows[name]["year"]}))


def public(path: Path = PUBLIC) -> Public:
    """Read the table of public figures."""
    with path.open(newline="", encoding="utf-8") as file:
        return Public({row["id"]: row for row in csv.DictReader(file)})


def ai_share(financier: str) -> float:
    """Return the share of a financier's commitments that goes to AI, as the table of financiers assumes it."""
    with (FACTS / "world" / "financiers.csv").open(newline="", encoding="utf-8") as file:
        return next(float(row["ai_share"]) for row in csv.DictReader(file) if row["financier"] == financier)


class Model:
    """What the readings look at: the measures of one run, and its deals if it keeps them. `run` is its position."""

    def __init__(self, simulation: Simulation, run: int = 0, deals: Any = None) -> None:
        self.simulation, self.run = simulation, run
        self.inputs = simulation.inputs
        self.results = simulation.results.isel(run=[run])
        self.parameters = simulation.world.parameters[run]
        self._deals = deals

    @cached_property
    def deals(self) -> Any:
        """Every deal that the run signed, as a table."""
        everything = self.simulation.deals if self._deals is None else self._deals
        return everything[everything["run"] == int(self.results["run"].values[0])]

    def stock(self, name: str, year: int, **where: Any) -> float:
        """Return a stock of 1 January, summed over what is left."""
        return float(self.results[name].sel(year=year, **where).mean("run").sum())

    def yearly(self, name: str, **where: Any) -> float:
        """Return a flow a year, mean over years and summed over what is left."""
        return float(self.results[name].isel(year=slice(1, None)).sel(**where).mean(("run", "year")).sum())

    def growth(self, name: str, layer: str) -> float:
        """Return the growth of a stock on a layer from the first January to the next, %."""
        return 100 * (self.stock(name, 2026, layer=layer) / self.stock(name, 2025, layer=layer) - 1)

    def percent(self, part: str, whole: str) -> float:
        """Return one flow over another, %."""
        return 100 * self.yearly(part) / self.yearly(whole)

    def commitments(self, *financiers: str) -> float:
        """Return what some financiers commit, bn$ a year."""
        return sum(self.yearly("commitments_bn", financier=name) for name in financiers)

    def share(self, layer: str, stack: str) -> float:
        """Return the installed share of a stack in January 2025, countries weighted by demand, %."""
        demand = self.results["demand"].sel(year=2025, layer=layer).mean("run")
        installed = self.results["installed"].sel(year=2025, layer=layer, stack=stack).mean("run")
        return 100 * float((demand * installed).sum() / demand.sum())

    def countries(self, *regions: str) -> list[str]:
        """Return the importers of some regions or sub-regions."""
        places = zip(self.inputs.iso3, self.inputs.region, self.inputs.subregion, strict=True)
        return [code for code, region, subregion in places if {region, subregion} & set(regions)]

    def stock_in(self, regions: Iterable[str], name: str, year: int, **where: Any) -> float:
        """Return `stock` summed over the importers of some regions or sub-regions."""
        return self.stock(name, year, country=self.countries(*regions), **where)

    def capacity_of(self, stack: str, country: str, layer: str, year: int) -> float:
        """Return the part of a country's capacity that is a stack's, bn$ a year."""
        share = self.stock("installed", year, country=country, layer=layer, stack=stack)
        return share * self.stock("capacity", year, country=country, layer=layer)

    def gigawatts(self, year: int, *regions: str) -> float:
        """Return what the capacity of chips and cloud draws, GW: its capital part at the capital cost of a megawatt."""
        total = 0.0
        where = {"country": self.countries(*regions)} if regions else {}
        for layer in ("chips", "cloud"):
            place, p = LAYERS.index(layer), self.parameters
            built = (
                self.stock("capacity", year, layer=layer, **where) * p["term_years"][place] * p["capital_share"][place]
            )
            total += built / p["capital_bn_per_mw"] / 1000
        return float(total)

    def gigawatts_added(self, first: int, last: int, *regions: str) -> float:
        """Return how `gigawatts` rise."""
        return self.gigawatts(last, *regions) - self.gigawatts(first, *regions)

    def use(self, name: str) -> float:
        """Return a figure of `calibration.use`, %."""
        return 100 * dict(calibration.use(self.simulation, [self.run]))[name]

    def signed(self, **where: Any) -> Any:
        """Return new deals, renewals and what stood at the start left out, where columns have (one of) these values."""
        deals = self.deals
        deals = deals[~deals["origin"].isin(("legacy", "renewal", "scripted"))]
        for name, wanted in where.items():
            deals = deals[deals[name].isin([wanted] if isinstance(wanted, str) else list(wanted))]
        return deals

    def per_year(self, values: Any) -> float:
        """Return a sum over deals as one a year."""
        years = self.simulation.year - self.simulation.years[0]
        return float(np.sum(values)) / years

    def deals_a_year(self, **where: Any) -> float:
        """Return the number of `signed` deals a year."""
        return self.per_year(np.ones(len(self.signed(**where))))

    def lent_in(self, region: str, *financiers: str) -> float:
        """Return loans and grants of some financiers in a region, bn$ a year."""
        chosen = self.deals[
            self.deals["financier"].isin(financiers) & self.deals["country"].isin(self.countries(region))
        ]
        return self.per_year(chosen["loan_bn"].fillna(0) + chosen["grant_bn"].fillna(0))

    def delivered(self, stack: str, region: str, before: int) -> float:
        """Return the share of the value of a stack's deals signed before a year that has begun to operate, %."""
        deals = self.signed(stack=stack, country=self.countries(region))
        deals = deals[deals["signed"] < before]
        return 100 * float(deals.loc[deals["operating"].notna(), "value_bn"].sum() / deals["value_bn"].sum())

    def cost_of_megawatt(self) -> float:
        """Return the median over deals of the capital part of a contract over its megawatts, m$."""
        deals = self.signed(layer=("chips", "cloud"))
        deals = deals[deals["megawatts"] > 1]
        shares = dict(zip(LAYERS, self.parameters["capital_share"], strict=True))
        capital = deals["capacity"] * deals["term_years"] * deals["layer"].map(shares).astype(float)
        return float((1000 * capital / deals["megawatts"]).median())
