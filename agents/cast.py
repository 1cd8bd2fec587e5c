"""The cast: who holds which strategy in which run, and the levers that come of it each January.

Precedence, lowest first: default, side preset, actor strategy, then layers of assignments (scenario, command line),
then seats. Everything is an array over (runs, actors); one call of a strategy serves every run and actor that
holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents import assignments
from agents.assignments import Assignment
from agents.declare import InputError
from agents.levers import LEVER_SETS, flat
from agents.names import IMPORTERS, KINDS, SIDES, actors_of, kind_of, members, side_actors
from agents.strategies.base import Strategy
from agents.strategies.presets import STATUS_QUO, SidePreset
from agents.strategies.registry import find_preset, find_strategy
from agents.view import View

PLANNED_KINDS = ("home_government", "financier", "vendor")  # the kinds a side preset sets


@dataclass
class Part:
    """One kind of actor: its levers now and a year ago, and which strategy each actor holds in each run."""

    kind: str
    actors: tuple[str, ...]
    base: np.ndarray  # (actors,) structured defaults
    levers: np.ndarray  # (runs, actors) structured, this year
    last: np.ndarray  # (runs, actors) structured, last year
    holding: np.ndarray  # (runs, actors) positions in `strategies`
    strategies: list[Strategy] = field(default_factory=list)
    settled: object = None  # what the levers were last decided from, if nothing in it can change by itself


@dataclass(frozen=True)
class Layer:
    """Assignments of one rank for some runs."""

    assignments: tuple[Assignment, ...]
    runs: np.ndarray  # positions


class Cast:
    """All actors of a world in all runs.

    `facts` maps a kind of actor to the columns its defaults come from. All actors start with the strategy
    "default" and both sides with the status quo.
    """

    def __init__(
        self, runs: int, importers: Sequence[str] = IMPORTERS, facts: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.runs = runs
        self.importers = tuple(importers)
        self.parts: dict[str, Part] = {}
        for kind in KINDS:
            actors = actors_of(kind, self.importers)
            base = LEVER_SETS[kind].defaults(actors, len(self.importers), (facts or {}).get(kind))
            base.flags.writeable = False
            levers = np.repeat(base[np.newaxis], runs, axis=0)
            self.parts[kind] = Part(
                kind, actors, base, levers, levers.copy(), np.zeros(levers.shape, np.int64), [find_strategy("default", kind)]
            )
        self.presets: dict[str, list[SidePreset]] = {side: [find_preset(STATUS_QUO, side)] for side in SIDES}
        self.preset_holding = np.zeros((runs, len(SIDES)), np.int64)
        self.plan = np.full((runs, len(SIDES)), -1, np.int64)  # what adaptive presets settled on
        self.layers: list[Layer] = []

    def set_strategy(self, actor: str, strategy: str | type[Strategy] | Strategy, runs: Any = slice(None)) -> None:
        """Give an actor, or a group, a strategy in some runs. Raises `InputError` with the nearest name."""
        actors = members(actor, self.importers)
        part = self.parts[kind_of(actors[0], self.importers)]
        position = _position(part.strategies, find_strategy(strategy, part.kind))
        for name in actors:
            part.holding[runs, part.actors.index(name)] = position
        part.settled = None

    def set_preset(self, side: str, preset: str | type[SidePreset] | SidePreset, runs: Any = slice(None)) -> None:
        """Give a side a preset in some runs; its plan starts anew. Raises `InputError` with the nearest name."""
        found = find_preset(preset, side)
        position = _position(self.presets[side], found)
        self.preset_holding[runs, SIDES.index(side)] = position
        self.plan[runs, SIDES.index(side)] = -1
        self._unsettle()

    def add_layer(self, given: Sequence[str | Assignment], runs: Any = slice(None)) -> None:
        """Lay assignments over what strategies decide; a later layer goes over an earlier one.

        All years are tried on the defaults at once, so that nothing is refused in mid-run.
        """
        parsed = tuple(assignments.parse(one, self.importers) if isinstance(one, str) else one for one in given)
        assignments.check([parsed], self.importers)
        self.layers.append(Layer(parsed, np.arange(self.runs)[runs]))
        self._unsettle()

    def levers(self, kind: str) -> np.ndarray:
        """This year's levers of a kind of actor, structured, shape (runs, actors)."""
        return self.parts[kind].levers

    def view_fields(self, kind: str) -> dict[str, Any]:
        """The fields of a kind's view that the cast knows, to be taken before `decide`.

        `levers` is filled with last year's when `decide` begins, and stays as it is while strategies decide.
        """
        part = self.parts[kind]
        known = {"kind": kind, "actors": part.actors, "runs": self.runs, "base": part.base, "levers": _sealed(part.last)}
        if kind == "home_government":
            known |= {"rival": _sealed(self.rival()), "plan": _sealed(self.plan.copy())}
        return known

    def rival(self) -> np.ndarray:
        """For each home, the rival's levers of this year as they can be seen: for the views of next January.

        Structured, shape (runs, 2); what is hidden is NaN.
        """
        return LEVER_SETS["home_government"].visible(self.parts["home_government"].levers)[:, ::-1]

    def reads(self, kind: str) -> frozenset[str]:
        """The optional fields of a kind's view that somebody looks at."""
        wanted = frozenset().union(*(strategy.traits.reads for strategy in self._held(self.parts[kind])))
        if kind in PLANNED_KINDS:
            wanted = wanted.union(*(preset.traits.reads for preset in self._held_presets()))
        return wanted

    def looks_ahead(self) -> np.ndarray:
        """Which runs hold, for which side, a preset that looks ahead; bool, shape (runs, 2)."""
        answer = np.zeros_like(self.preset_holding, dtype=bool)
        for column, side in enumerate(SIDES):
            asks = np.array([preset.traits.needs_look_ahead for preset in self.presets[side]])
            answer[:, column] = asks[self.preset_holding[:, column]]
        return answer

    def decide(self, views: Mapping[str, View]) -> None:
        """Decide the levers of one January, for every kind of actor, in place.

        `views` maps each kind to its view. Raises `InputError` where a strategy's decision is out of bounds.
        """
        for part in self.parts.values():
            flat(part.last)[...] = flat(part.levers)
        self._settle_plans(views["home_government"])
        for kind in KINDS:
            self._decide_kind(self.parts[kind], views[kind])

    def _settle_plans(self, view: Any) -> None:
        for column, side in enumerate(SIDES):
            for position, preset in enumerate(self.presets[side]):
                held = self.preset_holding[:, column] == position
                if not held.any():
                    continue
                plan = preset.plan(view)
                if plan is not None:
                    self.plan[held, column] = np.asarray(plan)[held]

    def _decide_kind(self, part: Part, view: View) -> None:
        in_force = tuple(sum(one.in_force(view.year) for one in layer.assignments) for layer in self.layers)
        held = self._held(part)
        presets = self._held_presets() if part.kind in PLANNED_KINDS else []
        constant = all(one.traits.constant for one in (*held, *presets))
        if constant and part.settled == in_force:
            return
        flat(part.levers)[...] = flat(part.base)
        written: set[str] = set()
        if part.kind in PLANNED_KINDS:
            written |= self._apply_presets(part, view)
        for position, strategy in enumerate(part.strategies):
            mask = part.holding == position
            if mask.any():
                written |= self._write(part, strategy, strategy.decide(view), mask)
        for layer in self.layers:
            mine = [one for one in layer.assignments if one.kind == part.kind]
            assignments.apply(mine, view.year, {part.kind: part.levers}, self.importers, layer.runs)
        # A seat sits at one table: its orders hold in the runs in which its actor holds it.
        for position, strategy in enumerate(part.strategies):
            if strategy.traits.seat:
                self._apply_seat(part, strategy, position, view.year)
        LEVER_SETS[part.kind].validate(part.levers, part.actors, written)
        part.settled = in_force if constant else None

    def _apply_presets(self, part: Part, view: View) -> set[str]:
        written: set[str] = set()
        for column, side in enumerate(SIDES):
            own = np.isin(part.actors, side_actors(side, part.kind))
            for position, preset in enumerate(self.presets[side]):
                held = self.preset_holding[:, column] == position
                if held.any():
                    plan = np.where(held, self.plan[:, column], -1)  # another preset's plan means nothing to this one
                    decision = preset.decide(view, plan)
                    written |= self._write(part, preset, decision, held[:, np.newaxis] & own)
        return written

    def _apply_seat(self, part: Part, seat: Strategy, position: int, year: int) -> None:
        orders = seat.orders(year)
        for column, actor in enumerate(part.actors):
            runs = np.flatnonzero(part.holding[:, column] == position)
            mine = [one for one in orders if one.actors == (actor,)]
            if len(runs) and mine:
                assignments.apply(mine, year, {part.kind: part.levers}, self.importers, runs)

    @staticmethod
    def _write(part: Part, who: Strategy | SidePreset, decision: Mapping[str, Any], mask: np.ndarray) -> set[str]:
        try:
            LEVER_SETS[part.kind].apply(part.levers, decision, mask)
        except InputError as error:
            raise InputError(f"{who.name}: {error}") from None
        return set(decision)

    @staticmethod
    def _held(part: Part) -> list[Strategy]:
        return [strategy for position, strategy in enumerate(part.strategies) if (part.holding == position).any()]

    def _held_presets(self) -> list[SidePreset]:
        return [
            preset
            for column, side in enumerate(SIDES)
            for position, preset in enumerate(self.presets[side])
            if (self.preset_holding[:, column] == position).any()
        ]

    def _unsettle(self) -> None:
        for part in self.parts.values():
            part.settled = None

    def snapshot(self) -> dict[str, np.ndarray]:
        """Everything that a later January depends on, as arrays. Strategies themselves are not in it."""
        state = {"plan": self.plan.copy(), "preset_holding": self.preset_holding.copy()}
        for kind, part in self.parts.items():
            state[f"{kind}_levers"] = flat(part.levers).copy()
            state[f"{kind}_last"] = flat(part.last).copy()
            state[f"{kind}_holding"] = part.holding.copy()
        return state

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Go back to a snapshot of a cast with the same runs, importers and strategies."""
        self.plan[...] = state["plan"]
        self.preset_holding[...] = state["preset_holding"]
        for kind, part in self.parts.items():
            flat(part.levers)[...] = state[f"{kind}_levers"]
            flat(part.last)[...] = state[f"{kind}_last"]
            part.holding[...] = state[f"{kind}_holding"]
        self._unsettle()


def _sealed(array: np.ndarray) -> np.ndarray:
    """The array as a view can show it: nobody can write into it."""
    shown = array.view()
    shown.flags.writeable = False
    return shown


def _position(held: list, new: Strategy | SidePreset) -> int:
    """Where `new` stands in the list; a stateless strategy of the same class and name is held once."""
    for position, one in enumerate(held):
        if one is new or (type(one) is type(new) and not vars(new) and not vars(one)):
            return position
    held.append(new)
    return len(held) - 1


