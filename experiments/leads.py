"""The numbers that reports and screens show, computed from the results and from nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.statistics import clear_of_zero, mean_over_runs
from stackcraft.model.indicators import with_all


class LeadState(IntEnum):
    """Who leads in a country and by how many of `LEAD_STEPS`, in the order of the legend; of changes, who gains."""

    CN3 = 0
    CN2 = 1
    CN1 = 2
    CONTESTED = 3
    US1 = 4
    US2 = 5
    US3 = 6
    INDEPENDENT = 7
    NONE = 8

    @property
    def key(self) -> str:
        """The name that maps and style sheets use."""
        return self.name.lower()

    @property
    def owner(self) -> str:
        """Who leads: "US", "CN", "independent"; "contested" or "none" where nobody does."""
        return {"US": "US", "CN": "CN"}.get(self.name[:2], self.key)


STATES = tuple(state.key for state in LeadState)
CONTESTED_LEAD = 0.05  # a lead below this is contested
AGREEMENT = 2 / 3  # a lead on which fewer runs agree is said to be so only on average
OPEN = 4 / 9  # a race is marked open from this chance on that two runs disagree: as one stack in two runs of three
SURE = 1.96  # standard errors to either side of an estimate
LEAD_STEPS = (0.20, 0.50)  # where the bins of the US-China lead change
CHANGE_STEPS = (0.03, 0.10)  # the same for a change between two arms
CHANGE_LEAST = 0.005


class OpenRaces(NamedTuple):
    """In how many countries the race is open, with the ends of a 95 % interval; NaN where runs are too few to say."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Leads:
    """Who leads where: `shares` (year, layer + 1, country, 3), `agreement` and `state` (year, layer + 1, country).

    Layer 0 is the mean over layers. `agreement` is the share of runs in which the stack that leads on average leads;
    `state` indexes STATES. `disagreement`, shaped as `agreement`, estimates the chance that two runs drawn at random
    have different leaders, and `error` (year, layer + 1) is the standard error of its sum over countries.
    """

    shares: np.ndarray
    agreement: np.ndarray
    state: np.ndarray
    disagreement: np.ndarray
    error: np.ndarray

    @property
    def led(self) -> np.ndarray:
        """Where some stack leads on average."""
        return (self.state != LeadState.CONTESTED) & (self.state != LeadState.NONE)

    @property
    def open(self) -> np.ndarray:
        """Where the race is open: two runs may well have different leaders. Marks on maps; to count, `open_races`."""
        return np.nan_to_num(self.disagreement) >= OPEN

    def open_races(self, year: int = -1, layer: int = 0) -> OpenRaces:
        """Return in how many countries two runs drawn at random have different leaders, on average over such pairs.

        More runs narrow the interval and do not move the number: each country counts by the chance, not by a mark that
        luck may tip.
        """
        mean = sum_of(self.disagreement[year, layer])
        half = SURE * float(self.error[year, layer])
        return OpenRaces(mean, max(mean - half, 0.0), min(mean + half, float(self.state.shape[-1])))

    def counts(self, year: int = -1, layer: int = 0) -> dict[str, int]:
        """Return how many countries each stack leads, how many are contested or without data."""
        return count_owners(self.state[year, layer])


def count_owners(states: np.ndarray) -> dict[str, int]:
    """Return how many of some states belong to each owner, as `LeadState.owner` names them."""
    found = Counter(LeadState(int(state)).owner for state in states)
    return {owner: found[owner] for owner in ("US", "CN", "independent", "contested", "none")}


def leads(results, kind: str = "installed") -> Leads:
    """Return means, agreement and state of every country and layer, year by year to keep memory small."""
    shares, agreement, disagreement, error = [], [], [], []
    for year in range(results.sizes["year"]):
        data = results[kind].isel(year=year).transpose("run", "country", "layer", "stack").values
        data = with_all(np.asarray(data, float))
        mean = mean_over_runs(data)
        shares.append(mean.swapaxes(0, 1))
        agreement.append(agreement_of(data, mean).swapaxes(0, 1))
        chance, doubt = disagreement_of(data)
        disagreement.append(chance.swapaxes(0, 1))
        error.append(doubt)
    stacked = np.stack(shares)
    return Leads(stacked, np.stack(agreement), states_of(stacked), np.stack(disagreement), np.stack(error))


def sum_of(chances: np.ndarray) -> float:
    """Return the sum over countries; NaN where none has a value."""
    return float(np.nansum(chances)) if np.isfinite(chances).any() else math.nan


def disagreement_of(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance that two runs have different leaders, (country, ...), and its sum's standard error, (...).

    From shares (run, country, ..., 3); the sum is over countries. Of all pairs of different runs, the share with
    different leaders, 1 less the sum over stacks of n_s (n_s - 1) / (n (n - 1)): its mean is the chance itself, however
    many runs there are. The error is the jackknife's: the sum again without each run. NaN for fewer than two, or three,
    runs.
    """
    valid = np.isfinite(data).all(-1)
    leader = np.where(valid, _largest(np.nan_to_num(data, nan=-1)), -1)
    led = np.stack([(leader == stack).sum(0) for stack in range(data.shape[-1])])
    runs, agree = led.sum(0), (led * (led - 1)).sum(0)
    with np.errstate(all="ignore"):
        chance = np.where(runs > 1, 1 - agree / (runs * (runs - 1)), np.nan)
        # Without a run, its leader has one run fewer, and loses twice the pairs it made with the others.
        others = np.zeros(leader.shape)
        for stack in range(data.shape[-1]):
            others += np.where(leader == stack, led[stack] - 1, 0)
        without = np.where(valid, 1 - (agree - 2 * others) / ((runs - 1) * (runs - 2)), chance)
    sums = np.nansum(np.where(runs > 2, without, np.nan), axis=1)
    number = len(data)
    error = np.sqrt((number - 1) / max(number, 1) * ((sums - sums.mean(axis=0)) ** 2).sum(axis=0))
    return chance, np.where((runs > 2).any(axis=0), error, np.nan)


def agreement_of(data: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return the share of runs in which the stack that leads on average leads, from shares (run, ..., 3)."""
    first = np.argmax(np.nan_to_num(mean, nan=-1), axis=-1)
    if np.isfinite(data.sum(axis=0)).all():  # the usual case: every value is a number
        return (_largest(data) == first).sum(0) / max(len(data), 1)
    valid = np.isfinite(data).all(-1)
    same = (np.argmax(np.nan_to_num(data, nan=-1), axis=-1) == first) & valid
    return same.sum(0) / np.maximum(valid.sum(0), 1)


def _largest(shares: np.ndarray) -> np.ndarray:
    """`argmax` over the last axis of three numbers, several times as fast."""
    one, two, three = (shares[..., stack] for stack in range(3))
    return np.where(three > np.maximum(one, two), 2, two > one)


def states_of(shares: np.ndarray) -> np.ndarray:
    """Return the `LeadState` of every cell, from shares (..., 3)."""
    filled = np.nan_to_num(shares, nan=0.0)
    order = np.sort(filled, axis=-1)
    gap = order[..., 2] - order[..., 1]
    first = np.argmax(filled, axis=-1)
    lead = filled[..., 0] - filled[..., 1]
    step = 1 + sum((np.abs(lead) > edge).astype(int) for edge in LEAD_STEPS)
    state = np.where(first == 0, 3 + step, np.where(first == 1, 3 - step, LeadState.INDEPENDENT))
    state = np.where(gap < CONTESTED_LEAD, LeadState.CONTESTED, state)
    return np.where(np.isfinite(shares).all(-1), state, LeadState.NONE)


@dataclass(frozen=True)
class Changes:
    """What B does that A does not: mean `shares` (year, layer + 1, country, 3), where it is `sure`, and the `state`."""

    shares: np.ndarray
    sure: np.ndarray
    state: np.ndarray


def changes(first, second, kind: str = "installed") -> Changes:
    """Paired differences `second` less `first`, run by run; `sure` where the 95 % interval leaves out 0."""

    def of_year(results, year: int) -> np.ndarray:
        data = results[kind].isel(year=year).transpose("run", "country", "layer", "stack").values
        return with_all(np.asarray(data, float))

    return changes_of(change_of(of_year(first, year), of_year(second, year)) for year in range(first.sizes["year"]))


def change_of(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One year's paired differences, from shares (run, country, layer + 1, 3) as `with_all` gives them.

    Their means (layer + 1, country, 3), and where the change of the lead, and where that of the independent share, is
    clear of zero, both (layer + 1, country).
    """
    difference = second - first
    lead, third = difference[..., 0] - difference[..., 1], difference[..., 2]
    return (
        mean_over_runs(difference).swapaxes(0, 1),
        clear_of_zero(lead).swapaxes(0, 1),
        clear_of_zero(third).swapaxes(0, 1),
    )


def changes_of(years: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Changes:
    """The changes of all years together, each as `change_of` gives it."""
    mean, sure_lead, sure_third = (np.stack(found) for found in zip(*years, strict=True))
    filled = np.nan_to_num(mean, nan=0.0)
    lead = filled[..., 0] - filled[..., 1]
    step = 1 + sum((np.abs(lead) > edge).astype(int) for edge in CHANGE_STEPS)
    state = np.where(lead > 0, 3 + step, 3 - step)
    state = np.where(sure_lead & (np.abs(lead) >= CHANGE_LEAST), state, LeadState.CONTESTED)
    third = (
        sure_third & (filled[..., 2] >= CHANGE_LEAST) & (filled[..., 2] > np.maximum(filled[..., 0], filled[..., 1]))
    )
    state = np.where(third, LeadState.INDEPENDENT, state)
    return Changes(mean, sure_lead | third, np.where(np.isfinite(mean).all(-1), state, LeadState.NONE))


def world_shares(results, kind: str = "installed") -> np.ndarray:
    """World shares with the mean over layers first: (run, year, weight, layer + 1, stack)."""
    data = results[f"world_{kind}"].transpose("run", "year", "weight", "layer", "stack").values
    return with_all(np.asarray(data, float))


def weight_index(results, name: str) -> int:
    return [str(weight) for weight in results["weight"].values].index(name)


def end_shares(results, weight: str = "country", kind: str = "installed") -> dict[str, np.ndarray]:
    """Shares of the last year over all layers by stack, each of shape (run,)."""
    data = world_shares(results, kind)[:, -1, weight_index(results, weight), 0]
    return {stack: data[:, i] for i, stack in enumerate(STACKS)}


def hazards(results, year: int) -> dict[tuple[str, str], dict[str, float]]:
    """Return believed and true yearly hazards by stack and channel: means, and the spread of countries."""
    found = {}
    for stack in STACKS:
        for channel in (str(name) for name in results["channel"].values):
            pick = {"channel": channel, "stack": stack}
            believed = np.nanmean(
                results["perceived_hazard"].isel(year=year).sel(pick).transpose("run", "country").values, axis=0
            )
            true = results["true_hazard"].isel(year=year).sel(pick).values
            low, high = np.nanquantile(believed, [0.1, 0.9]) if np.isfinite(believed).any() else (math.nan, math.nan)
            found[stack, channel] = {
                "believed": float(np.nanmean(believed)),
                "low": float(low),
                "high": float(high),
                "true": float(np.nanmean(true)) if np.isfinite(true).any() else math.nan,
            }
    return found
