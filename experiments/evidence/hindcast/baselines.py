"""Naive forecasts that the model has to match: rates carried forward, and logits on a few facts of the start.

Those of yes-no outcomes are fitted on the six years before the scored ones: facts of January 2013, events of 2013-18;
they are then given the facts of January 2019. Hazards are fitted on the decisions of 2018 alone and carried forward for
six years. All arrays are by country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.evidence.hindcast.links import fit_logit, within
from stackcraft.experiments.evidence.hindcast.outcomes import FROM, Outcome
from stackcraft.model import start
from stackcraft.model.inputs import Inputs, load_inputs

HORIZON = 6  # years that are scored, and as many before them on which baselines are fitted
DECIDING = 2018  # the year whose decisions hazards are fitted on
HAZARD_PRIOR = 1.0  # standard deviation of a slope: five events say little
DRAWS = 4000
FASTEST = 2.0  # a trend is carried forward at no more than this


@dataclass(frozen=True)
class Facts:
    """What baselines may know: the inputs as of a January, and how many of the side's clouds were in each country."""

    inputs: Inputs
    side: str = "US"

    @classmethod
    def of(cls, january: int, side: str = "US") -> Facts:
        """The facts of a January."""
        return cls(load_inputs(f"world@{january}"), side)

    @property
    def log_gdp(self) -> np.ndarray:
        return np.log(self.inputs.gdp)

    @property
    def log_gdp_per_head(self) -> np.ndarray:
        return np.log(self.inputs.gdp / self.inputs.population)

    @property
    def reach(self) -> np.ndarray:
        """ln(1 + regions of the side within reach): nearer ones count for more."""
        world = self.inputs.world
        near = np.exp(-start.distances(world) / start.CLOUD_REACH_KM)
        np.fill_diagonal(near, 0.0)
        regions = world.countries.numbers(f"cloud_regions_{self.side.lower()}")
        return np.log1p((near * regions[None, :]).sum(axis=1))[world.rows]

    @property
    def votes(self) -> np.ndarray:
        """Rank of the distance in votes to the side's home."""
        return self.inputs.distance_rank[:, 0 if self.side == "US" else 1]

    @property
    def neighbours(self) -> np.ndarray:
        """Share of the other countries of the sub-region where the side has a region."""
        groups = np.array(self.inputs.subregion)
        there = self.inputs.world.column(f"cloud_regions_{self.side.lower()}") > 0
        same = (groups[:, None] == groups[None, :]) & ~np.eye(len(groups), dtype=bool)
        return (same * there[None, :]).sum(axis=1) / np.maximum(same.sum(axis=1), 1)


VARIABLES = {
    "gdp_logit": ("log_gdp",),
    "gdp_per_head_logit": ("log_gdp", "log_gdp_per_head"),
    "gravity_logit": ("log_gdp", "log_gdp_per_head", "reach", "votes"),
    "neighbours": ("neighbours",),
}
HAZARDS = {"votes_hazard": "votes", "ties_hazard": "ties", "gdp_hazard": "log_gdp_per_head"}


def base_rate(outcome: Outcome) -> np.ndarray:
    """The share that had the event in the six years before, of those who had not had it."""
    there, later = outcome.there_in(FROM - HORIZON), outcome.there_in(FROM)
    waiting = there == 0
    return np.full(len(there), later[waiting].mean())


def by_logit(name: str, outcome: Outcome, side: str) -> np.ndarray:
    """A logit on a few facts, fitted on the six years before."""
    there, later = outcome.there_in(FROM - HORIZON), outcome.there_in(FROM)
    waiting = there == 0
    then, now = Facts.of(FROM - HORIZON, side), Facts.of(FROM, side)
    columns = VARIABLES[name]
    x, x_now = (np.stack([getattr(facts, column) for column in columns], axis=1) for facts in (then, now))
    return fit_logit(x[waiting], later[waiting]).chance(x_now)


def by_hazard(name: str, outcome: Outcome) -> np.ndarray:
    """Hazard of the year of the first decisions, carried forward for six years; on one fact, or alike for all."""
    there, later = outcome.there_in(DECIDING), outcome.there_in(DECIDING + 1)
    waiting = there == 0
    if name == "base_rate_hazard":
        hazard = np.full(len(there), later[waiting].mean())
    else:
        then, now = (_hazard_variable(HAZARDS[name], january) for january in (DECIDING, FROM))
        hazard = fit_logit(then[waiting], later[waiting], prior=HAZARD_PRIOR).chance(now)
    return within(np.repeat(hazard[None], HORIZON, axis=0), 0)


def _hazard_variable(name: str, january: int) -> np.ndarray:
    facts = Facts.of(january, "CN")
    return (facts.inputs.ally[:, 0] if name == "ties" else getattr(facts, name))[:, None]


def yes_no(name: str, outcome: Outcome, side: str = "US") -> np.ndarray:
    """The chances of a baseline by name, (countries,)."""
    if name == "base_rate":
        return base_rate(outcome)
    return by_hazard(name, outcome) if name.endswith("_hazard") else by_logit(name, outcome, side)


def count(name: str, outcome: Outcome, side: str, seed: int) -> np.ndarray:
    """Draws of how many candidates have the event, (DRAWS,).

    By chances that are drawn country by country; a trend is a Poisson law with the events of the six years before times
    their growth over the six years before these, at most doubled.
    """
    rng = np.random.default_rng(seed)
    if name == "trend_count":
        counted = [np.nansum(outcome.there_in(year)) for year in (FROM - 2 * HORIZON, FROM - HORIZON, FROM)]
        earlier, recent = counted[1] - counted[0], counted[2] - counted[1]
        return rng.poisson(recent * min(recent / max(earlier, 1.0), FASTEST), DRAWS)
    chance = yes_no({"base_rate_count": "base_rate", "gravity_count": "gravity_logit"}[name], outcome, side)
    return drawn_counts(chance[outcome.candidate][None], DRAWS, rng)


def drawn_counts(chance: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the number of events for chances (runs, countries): each run in turn, (draws,)."""
    rows = chance[np.arange(draws) % len(chance)]
    return (rng.random(rows.shape) < rows).sum(axis=1)


def ranking(name: str) -> np.ndarray:
    """What a baseline ranks countries by, as of January 2019."""
    facts = Facts.of(FROM)
    if name == "internet_users":
        users = facts.inputs.world.column("internet_users_pct")
        return np.where(np.isnan(users), np.nanmedian(users), users)
    return facts.inputs.readiness if name == "readiness_index" else facts.log_gdp_per_head


YES_NO = ("base_rate", *VARIABLES, "base_rate_hazard", *HAZARDS)
COUNTS = ("base_rate_count", "trend_count", "gravity_count")
RANKINGS = ("internet_users", "gdp_per_head", "readiness_index")
LEVELS = ("start_level",)
