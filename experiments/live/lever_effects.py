"""The effects of each lever moved to either end of its range under the same luck, and of the nine recommendations.

Changes lie side by side along the run axis of a few simulations; run 3 of every change draws the same luck as run 3 of
the question itself, so a difference of the two is what the change did. First a few runs of everything, then more:
intervals narrow as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import SIDES as HOME_STACKS
from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.ensemble import key_of
from stackcraft.experiments.live.moves import (
    ALONE,
    EVERYTHING,
    HIGH,
    LEVER,
    LOW,
    TOGETHER,
    WITHOUT,
    Change,
    changes,
    no_change,
    now,
    recommendations,
    side_of,
)
from stackcraft.experiments.live.queue import Task, give_up_when
from stackcraft.experiments.statistics import Interval, paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.model.indicators import INDICATORS, Records, with_all
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant, crossed

RUNS = 8
FIRST_RUNS = 4
RUNS_A_PART = 24
SHOW_EVERY = 4  # parts
KINDS = ("installed", "utilised")
SIDES = {"us": "US", "cn": "CN", "independent": "independent"}  # first part of an outcome's name -> stack
# The indicators that are read for each stack; each names the second part of an outcome.
READ = ("share", "used_share", "retention", "cost", "private", "announced", "delivered", "built")
READ_OF_HOMES = ("security_incidents", "incident_loss", "profit", "payoff")  # of the two sides with a home alone
HOME_SIDES = tuple(side for side, stack in SIDES.items() if stack in HOME_STACKS)
OUTCOMES = (
    *(f"{side}_{what}" for side in SIDES for what in READ),
    *(f"{side}_{what}" for side in HOME_SIDES for what in READ_OF_HOMES),
)


NOT_MEASURED = Interval(np.nan)


@dataclass(frozen=True)
class LeverEffect:
    """One lever: its value now, and what moving it to either end does to an outcome."""

    name: str
    now: float
    low_value: float
    high_value: float
    low: Interval
    high: Interval

    @property
    def reach(self) -> float:
        """The larger of the two effects, without sign; 0 where nothing is measured yet."""
        return max(abs(one.mean) if np.isfinite(one.mean) else 0.0 for one in (self.low, self.high))

    @property
    def clear(self) -> bool:
        return self.low.clear or self.high.clear


@dataclass(frozen=True)
class Contribution:
    """What one recommendation does to an outcome: alone, and as the last to join the other eight."""

    number: str
    title: str
    alone: Interval
    last: Interval


@dataclass(frozen=True)
class AffordableMove:
    """A lever's move that a budget pays for. `cost` is what it adds to its side's public cost, bn$ over the years.

    `per_bn` is the effect for each bn$ added, NaN where it adds nothing that can be told from zero.
    """

    name: str
    end: str
    value: float
    effect: Interval
    cost: Interval
    retention: Interval
    per_bn: float


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects of every change on every outcome, as far as they have been run.

    `made` (changes,) counts the runs of each; `world` (changes, outcomes, 3) holds mean, low and high; `country`, where
    it is known, (changes, kinds, countries, 3 stacks, 3) the same for shares over all layers. `base` has the question's
    own means by outcome.
    """

    scenario: Scenario
    wanted: int
    changes: tuple[Change, ...]
    made: np.ndarray
    world: np.ndarray
    now: Mapping[str, float]
    base: Mapping[str, float]
    codes: tuple[str, ...] = ()
    country: np.ndarray | None = None
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, int]:
        return tuple(self.scenario.years)

    @property
    def complete(self) -> bool:
        """Whether every run that was asked for is in it."""
        return bool((self.made >= self.wanted).all())

    @property
    def runs(self) -> int:
        """The fewest runs of any change that has been tried."""
        return int(self.made[self.made > 0].min()) if (self.made > 0).any() else 0

    def effect(self, kind: str, name: str, outcome: str, end: str = "", country: str = "") -> Interval:
        """The effect of one change. Shares are those of `country` where it is given; other outcomes are the world's.

        Raises `InputError` for an outcome or a country that there is not.
        """
        if outcome not in OUTCOMES:
            raise unknown("outcome", outcome, OUTCOMES)
        place = self._places.get((kind, name, end))
        if place is None or self.made[place] == 0:
            return NOT_MEASURED
        side, _, what = outcome.partition("_")
        if not country or what not in ("share", "used_share"):
            return Interval(*(float(value) for value in self.world[place, OUTCOMES.index(outcome)]))
        if self.country is None:
            return NOT_MEASURED
        if country not in self.codes:
            raise unknown("country", country, self.codes)
        stack = STACKS.index(SIDES[side])
        found = self.country[place, int(what == "used_share"), self.codes.index(country), stack]
        return Interval(*(float(value) for value in found))

    def levers(self, outcome: str, country: str = "") -> list[LeverEffect]:
        """Every lever by its reach, the longest first; those not run yet are left out."""
        found = []
        for name in dict.fromkeys(one.name for one in self.changes if one.kind == LEVER):
            low, high = (self.effect(LEVER, name, outcome, end, country) for end in (LOW, HIGH))
            ends = {one.end: one.value for one in self.changes if one.kind == LEVER and one.name == name}
            if np.isfinite(low.mean) or np.isfinite(high.mean):
                found.append(LeverEffect(name, self.now.get(name, np.nan), ends[LOW], ends[HIGH], low, high))
        return sorted(found, key=lambda one: -one.reach)

    def recommendations(self, outcome: str, country: str = "") -> list[Contribution]:
        """Return what each of the nine recommendations does, in order."""

        def effect(kind: str, number: str) -> Interval:
            return self.effect(kind, number, outcome, country=country)

        return [
            Contribution(one.number, one.title, effect(ALONE, one.number), effect(WITHOUT, one.number))
            for one in recommendations()
        ]

    def together(self, outcome: str, country: str = "") -> Interval:
        """What all nine recommendations do together."""
        return self.effect(TOGETHER, EVERYTHING, outcome, country=country)

    @cached_property
    def _places(self) -> dict[tuple[str, str, str], int]:
        return {(one.kind, one.name, one.end): place for place, one in enumerate(self.changes)}

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.world.nbytes + self.made.nbytes + (0 if self.country is None else self.country.nbytes)


def publicly_paid(name: str, side: str) -> bool:
    """Whether a lever is one of the side's government or public financiers: what public money can be spent on."""
    return side_of(name) == side and not name.partition(".")[0].endswith("_vendors")


def affordable_moves(
    matters: Effects, budget_bn: float, outcome: str = "us_share", country: str = "", side: str = "US"
) -> list[AffordableMove]:
    """Return the moves of a side's government and public financiers that a budget pays for, the best effect first.

    A move costs what it adds to its side's public cost over all years, as measured: a mean over runs, less what the
    question itself costs. Moves are measured one at a time: together they may do more or less than the sum. Costs that
    cannot be told from zero count as they are, which the interval of the cost shows. Raises `InputError` for a budget
    that is not an amount.
    """
    if not np.isfinite(budget_bn) or budget_bn < 0:
        raise InputError(f"a budget of {budget_bn:g} bn$ buys nothing; give an amount from 0 on")
    own = {"US": "us", "CN": "cn"}.get(side)
    if own is None:
        raise unknown("side", side, ("US", "CN"))
    kept = f"{outcome.partition('_')[0]}_retention"
    found = []
    for one in matters.changes:
        if one.kind != LEVER or not publicly_paid(one.name, side):
            continue
        effect = matters.effect(LEVER, one.name, outcome, one.end, country)
        cost = matters.effect(LEVER, one.name, f"{own}_cost", one.end)
        if (
            not np.isfinite(effect.mean)
            or not np.isfinite(cost.mean)
            or cost.mean > budget_bn
            or effect.mean == cost.mean == 0
        ):
            continue
        per_bn = effect.mean / cost.mean if cost.clear and cost.mean > 0 else np.nan
        found.append(
            AffordableMove(
                one.name, one.end, one.value, effect, cost, matters.effect(LEVER, one.name, kept, one.end), per_bn
            )
        )
    wanted = -1 if outcome.endswith("_cost") else 1  # of a cost, less is better
    return sorted(found, key=lambda one: -wanted * one.effect.mean)


@dataclass(frozen=True)
class EffectsPiece:
    """What is read of some changes in some replicates, by change; -1 is the question itself.

    `world` has outcomes (runs, outcomes), NaN where a run failed.
    """

    replicates: tuple[int, ...]
    world: dict[int, np.ndarray]
    country: dict[int, np.ndarray]  # float32 (runs, kinds, countries, 3)


BASE = -1


@dataclass(frozen=True, eq=False)
class EffectsWork:
    """The work of finding the effects of levers and recommendations on a scenario, for a queue; gives `Effects`.

    `levers` are tried in place of all that there are.
    """

    scenario: Scenario
    runs: int = RUNS
    levers: tuple[str, ...] | None = None

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario.with_changes(runs=self.runs), "matters", self.levers)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return changes(self.levers)

    @cached_property
    def idle(self) -> list[bool]:
        """Changes that change nothing here."""
        return no_change(self.scenario, self.changes)

    @cached_property
    def now(self) -> dict[str, float]:
        return now(self.scenario, list(dict.fromkeys(one.name for one in self.changes if one.kind == LEVER)))

    @cached_property
    def batches(self) -> list[tuple[int, tuple[int, ...], range]]:
        """(rank, changes, replicates) of each part: everything with the first runs, then everything with the rest."""
        todo = [BASE, *(place for place, none in enumerate(self.idle) if not none)]
        first = min(FIRST_RUNS, self.runs)
        starts = [0, *range(first, self.runs, first)]
        found = []
        for rank, start in enumerate(starts):
            replicates = range(start, min(start + first, self.runs))
            size = max(1, RUNS_A_PART // len(replicates))
            found += [(rank, tuple(todo[place : place + size]), replicates) for place in range(0, len(todo), size)]
        return found

    def parts(self) -> Sequence[Task]:
        return [Task(self._part(places, replicates), rank) for rank, places, replicates in self.batches]

    def _part(self, places: tuple[int, ...], replicates: range) -> Callable[[Callable[[], bool]], EffectsPiece]:
        def run(stop: Callable[[], bool]) -> EffectsPiece:
            number = len(replicates)
            tried = [Variant() if place == BASE else Variant(self.changes[place].levers) for place in places]
            world, country = run_variants(
                self.scenario, *crossed(tried, replicates), read, threads=1, each_january=give_up_when(stop)
            )
            rows = [slice(block * number, (block + 1) * number) for block in range(len(places))]
            by_place = lambda array: {place: array[row].copy() for place, row in zip(places, rows, strict=True)}  # noqa: E731
            return EffectsPiece(tuple(replicates), by_place(world), by_place(country))

        return run

    def shows(self, done: set[int]) -> bool:
        """Every few parts, once the question itself has been run."""
        return 0 in done and len(done) % SHOW_EVERY == 0

    def fold(self, pieces: Mapping[int, EffectsPiece]) -> Effects | None:
        """What is known so far; None before the question itself has been run."""
        world, country = _joined(pieces.values())
        if BASE not in world:
            return None
        if all(np.isnan(row).all() for row in world[BASE].values()):
            raise RuntimeError("every run failed: a value was not finite, or a store was full")
        codes = tuple(load_inputs(self.scenario.world, peer_graph=self.scenario.peer_graph).iso3)
        number = len(self.changes)
        made = np.zeros(number, np.int64)
        effects = np.full((number, len(OUTCOMES), 3), np.nan)
        shares = np.full((number, len(KINDS), len(codes), len(STACKS), 3), np.nan, np.float32)
        together = next((place for place, one in enumerate(self.changes) if one.kind == TOGETHER), None)
        for place, change in enumerate(self.changes):
            if change.kind == WITHOUT:  # what the one left out adds to the other eight
                more, less = together, place
            else:
                more, less = place, BASE
            pairs = [self._pairs(table, more, less) for table in (world, country)]
            made[place] = len(pairs[0])
            if made[place]:
                effects[place], shares[place] = (np.stack(paired_interval(table), axis=-1) for table in pairs)
        base = dict(zip(OUTCOMES, paired_interval(np.stack(list(world[BASE].values()))).mean.tolist(), strict=True))
        return Effects(self.scenario, self.runs, self.changes, made, effects, self.now, base, codes, shares)

    def _pairs(self, table: dict[int, dict[int, np.ndarray]], more: int, less: int) -> np.ndarray:
        """`more` less `less`, run by run; what changes nothing is the question itself."""
        one, two = (table.get(BASE if place != BASE and self.idle[place] else place, {}) for place in (more, less))
        both = [replicate for replicate in one if replicate in two]
        return np.stack([one[replicate] - two[replicate] for replicate in both]) if both else np.empty(0)

    def size(self, value: Effects) -> int:
        return value.nbytes()


def _joined(pieces: Any) -> tuple[dict[int, dict[int, np.ndarray]], dict[int, dict[int, np.ndarray]]]:
    """World and country readings by change and replicate."""
    world: dict[int, dict[int, np.ndarray]] = {}
    country: dict[int, dict[int, np.ndarray]] = {}
    for piece in pieces:
        for place, rows in piece.world.items():
            for row, replicate in enumerate(piece.replicates):
                world.setdefault(place, {})[replicate] = rows[row]
                country.setdefault(place, {})[replicate] = piece.country[place][row]
    return world, country


def read(simulation: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return outcomes (runs, outcomes) and countries' shares over all layers; failed runs are NaN.

    Shares are float32 (runs, kinds, countries, 3).
    """
    records = Records.of_simulation(simulation)
    sound = simulation.world.state["status"] == 0
    values = {name: INDICATORS[name].everywhere(records) for name in (*READ, *READ_OF_HOMES)}
    columns = (outcome.partition("_") for outcome in OUTCOMES)
    world = np.stack([values[what][:, STACKS.index(SIDES[side])] for side, _, what in columns], axis=1)
    country = np.stack([with_all(records.last(kind))[..., 0, :] for kind in KINDS], axis=1)
    world[~sound], country[~sound] = np.nan, np.nan
    return world, country.astype(np.float32)
