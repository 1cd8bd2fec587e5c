"""The cast: who holds which strategy in which run, and the levers that come of it each January.

Precedence, lowest first: default, side preset, actor strategy, then layers of assignments (scenario, command line),
then seats. Everything is an array over (runs, actors); one call of a strategy serves every run and actor that
holds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.assignments import Assignment
from stackcraft.agents.errors import InputError, ShapeError
from stackcraft.agents.levers import LEVER_SETS, flat
from stackcraft.agents.names import IMPORTERS, KINDS, SIDES, actors_of, kind_of, members, side_actors
from stackcraft.agents.strategies.base import Strategy
from stackcraft.agents.strategies.presets import STATUS_QUO, SidePreset
from stackcraft.agents.strategies.registry import find_preset, find_strategy
from stackcraft.agents.strategies.scripted import Fixed, SeatStrategy
from stackcraft.agents.view import VIEWS, PublicFacts, PublicRecord, UnreadError, View

PLANNED_KINDS = ("home_government", "financier", "vendor")  # the kinds a side preset sets


@dataclass
class ActorKind:
    """One kind of actor: its levers now and a year ago, and which strategy each actor holds in each run."""

    kind: str
    actors: tuple[str, ...]
    base: np.ndarray  # (actors,) structured defaults
    levers: np.ndarray  # (runs, actors) structured, this year
    last: np.ndarray  # (runs, actors) structured, last year
    holding: np.ndarray  # (runs, actors) positions in `strategies`
    strategies: list[Strategy] = field(default_factory=list)
    settled: object = None  # what the levers were last decided from, if nothing in it can change by itself


# Who wrote which levers for whom, (runs, actors).
Writer: TypeAlias = tuple[Strategy | SidePreset, frozenset[str], np.ndarray]


@dataclass(frozen=True)
class Overrides:
    """Assignments of one rank for some runs; they win over what strategies decide."""

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
        self.kinds: dict[str, ActorKind] = {}
        for kind in KINDS:
            actors = actors_of(kind, self.importers)
            base = LEVER_SETS[kind].defaults(actors, len(self.importers), (facts or {}).get(kind))
            base.flags.writeable = False
            levers = np.repeat(base[np.newaxis], runs, axis=0)
            holding, strategies = np.zeros(levers.shape, np.int64), [find_strategy("default", kind)]
            self.kinds[kind] = ActorKind(kind, actors, base, levers, levers.copy(), holding, strategies)
        self.presets: dict[str, list[SidePreset]] = {side: [find_preset(STATUS_QUO, side)] for side in SIDES}
        self.preset_holding = np.zeros((runs, len(SIDES)), np.int64)
        self.plan = np.full((runs, len(SIDES)), -1, np.int64)  # what adaptive presets settled on
        self.layers: list[Overrides] = []

    def set_strategy(self, actor: str, strategy: str | type[Strategy] | Strategy, runs: Any = slice(None)) -> None:
        """Give an actor, or a group, a strategy in some runs. Raises `InputError` with the nearest name."""
        actors = members(actor, self.importers)
        those = self.kinds[kind_of(actors[0], self.importers)]
        found = find_strategy(strategy, those.kind)
        if isinstance(found, SeatStrategy):
            if strangers := [name for name in actors if name not in found.actors]:
                raise InputError(
                    f"{strangers[0]} cannot hold a seat that plays {', '.join(found.actors)}; make one for it too"
                )
            found.join(self)
        position = _position(those.strategies, found)
        for name in actors:
            those.holding[runs, those.actors.index(name)] = position
        those.settled = None

    def set_preset(self, side: str, preset: str | type[SidePreset] | SidePreset, runs: Any = slice(None)) -> None:
        """Give a side a preset in some runs; its plan starts again. Raises `InputError` with the nearest name."""
        found = find_preset(preset, side)
        position = _position(self.presets[side], found)
        self.preset_holding[runs, SIDES.index(side)] = position
        self.plan[runs, SIDES.index(side)] = -1
        self._unsettle()

    def add_layer(self, given: Sequence[str | Assignment], runs: Any = slice(None)) -> None:
        """Lay assignments over what strategies decide; a later layer goes over an earlier one.

        All years are tried on the defaults at once, so that nothing is refused in mid-run.
        """
        parsed = tuple(one if isinstance(one, Assignment) else assignments.parse(one, self.importers) for one in given)
        assignments.check([parsed], self.importers)
        self.layers.append(Overrides(parsed, np.arange(self.runs)[runs]))
        self._unsettle()

    def begin(self, reference: Cast) -> None:
        """Stand where a cast of one run stands, as everybody does before the first January is decided."""
        for kind, those in self.kinds.items():
            flat(those.levers)[...] = flat(reference.levers(kind))
            flat(those.last)[...] = flat(those.levers)
        self._unsettle()

    def levers(self, kind: str) -> np.ndarray:
        """Levers of a kind of actor as last decided, or as they stood before that; structured, shape (runs, actors)."""
        return self.kinds[kind].levers

    def view_fields(self, kind: str) -> dict[str, Any]:
        """The fields of a kind's view that the cast knows, to be taken before `decide`.

        `levers` is filled with last year's when `decide` begins, and stays as it is while strategies decide.
        """
        those = self.kinds[kind]
        known = {
            "kind": kind,
            "actors": those.actors,
            "runs": self.runs,
            "base": those.base,
            "levers": _sealed(those.last),
        }
        if kind == "home_government":
            known |= {"rival": _sealed(self.rival()), "plan": _sealed(self.plan.copy())}
        return known

    def blank_views(self, year: int, facts: PublicFacts) -> dict[str, View]:
        """Return the views of a January of which nothing is known but the facts, by kind of actor."""
        return {
            kind: VIEWS[kind](**self.view_fields(kind), year=year, start_year=year, facts=facts, public=PublicRecord())
            for kind in KINDS
        }

    def preview(self, year: int, facts: PublicFacts) -> dict[str, np.ndarray]:
        """Return the levers of one January as far as they follow without seeing anything, by kind of actor.

        Structured, shape (runs, actors). Strategies and presets that answer what they see are asked for what they
        start from; nothing in the cast changes. Raises `InputError` where a strategy's decision is out of bounds.
        """
        levers = {}
        for kind, view in self.blank_views(year, facts).items():
            those = replace(self.kinds[kind], levers=np.empty_like(self.kinds[kind].levers))
            self._lay(those, view, lambda who, view, *plan: _asked(who, "preview", view))
            levers[kind] = those.levers
        return levers

    def rival(self) -> np.ndarray:
        """Return for each home the rival's visible levers as last decided, for the views of next January.

        Structured, shape (runs, 2); what is hidden is NaN.
        """
        return LEVER_SETS["home_government"].visible(self.kinds["home_government"].levers)[:, ::-1]

    def reads(self, kind: str) -> frozenset[str]:
        """The optional fields of a kind's view that somebody looks at."""
        wanted = frozenset().union(*(strategy.traits.reads for strategy in self._held(self.kinds[kind])))
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
        plan = self.plan.copy()
        for those in self.kinds.values():
            flat(those.last)[...] = flat(those.levers)
        try:
            self._settle_plans(views["home_government"])
            for kind in KINDS:
                self._decide_kind(self.kinds[kind], views[kind])
        except BaseException:  # as if nobody had decided: with a strategy mended, this January can be decided again
            self.plan[...] = plan
            for those in self.kinds.values():
                flat(those.levers)[...] = flat(those.last)
            self._unsettle()
            raise
        for seat in self._seats():
            seat.close(views[seat.kind].year, self)

    def _seats(self) -> list[SeatStrategy]:
        return [one for those in self.kinds.values() for one in those.strategies if isinstance(one, SeatStrategy)]

    def _settle_plans(self, view: Any) -> None:
        for column, side in enumerate(SIDES):
            for position, preset in enumerate(self.presets[side]):
                held = self.preset_holding[:, column] == position
                if not held.any():
                    continue
                plan = _asked(preset, "plan", view)
                if plan is None:
                    continue
                if np.shape(plan) != (self.runs,):
                    raise ShapeError(
                        f"{preset.name}: plan gave shape {np.shape(plan)}; give ({self.runs},), a whole number a run"
                    )
                self.plan[held, column] = np.asarray(plan)[held]

    def _decide_kind(self, those: ActorKind, view: View) -> None:
        in_force = tuple(sum(one.in_force(view.year) for one in layer.assignments) for layer in self.layers)
        held = self._held(those)
        presets = self._held_presets() if those.kind in PLANNED_KINDS else []
        constant = all(one.traits.constant for one in (*held, *presets))
        if constant and those.settled == in_force:
            return
        self._lay(those, view, lambda who, view, *plan: _asked(who, "decide", view, *plan))
        those.settled = in_force if constant else None

    def _lay(self, those: ActorKind, view: View, ask: Callable[..., Any]) -> None:
        """Write the levers of a kind in the order of precedence: the one place that decides who wins.

        `ask(strategy, view)` and `ask(preset, view, plan)` say what each sets.
        """
        flat(those.levers)[...] = flat(those.base)
        writers = self._lay_presets(those, view, ask) if those.kind in PLANNED_KINDS else []
        for position, strategy in enumerate(those.strategies):
            mask = those.holding == position
            if mask.any():
                writers.append(_write(those, strategy, ask(strategy, view), mask))
        for layer in self.layers:
            mine = [one for one in layer.assignments if one.kind == those.kind]
            assignments.apply(mine, view.year, {those.kind: those.levers}, self.importers, layer.runs)
        # A seat sits at one table: its orders hold in the runs in which its actor holds it.
        for position, strategy in enumerate(those.strategies):
            if strategy.traits.seat:
                self._apply_seat(those, strategy, position, view.year)
        try:
            LEVER_SETS[those.kind].validate(
                those.levers, those.actors, frozenset().union(*(names for _, names, _ in writers))
            )
        except InputError as error:
            raise InputError(f"{_at_fault(those, writers)}{error}") from None

    def _lay_presets(self, those: ActorKind, view: View, ask: Callable[..., Any]) -> list[Writer]:
        writers: list[Writer] = []
        for column, side in enumerate(SIDES):
            own = np.isin(those.actors, side_actors(side, those.kind))
            for position, preset in enumerate(self.presets[side]):
                held = self.preset_holding[:, column] == position
                if held.any():
                    plan = np.where(held, self.plan[:, column], -1)  # another preset's plan means nothing to this one
                    writers.append(_write(those, preset, ask(preset, view, plan), held[:, np.newaxis] & own))
        return writers

    def _apply_seat(self, those: ActorKind, seat: Strategy, position: int, year: int) -> None:
        orders = seat.orders(year, self)
        for column, actor in enumerate(those.actors):
            runs = np.flatnonzero(those.holding[:, column] == position)
            mine = [one for one in orders if one.actors == (actor,)]
            if len(runs) and mine:
                assignments.apply(mine, year, {those.kind: those.levers}, self.importers, runs)

    @staticmethod
    def _held(those: ActorKind) -> list[Strategy]:
        return [strategy for position, strategy in enumerate(those.strategies) if (those.holding == position).any()]

    def _held_presets(self) -> list[SidePreset]:
        return [
            preset
            for column, side in enumerate(SIDES)
            for position, preset in enumerate(self.presets[side])
            if (self.preset_holding[:, column] == position).any()
        ]

    def _unsettle(self) -> None:
        for those in self.kinds.values():
            those.settled = None

    def snapshot(self) -> dict[str, np.ndarray]:
        """Return all that a later January depends on, as arrays; of strategies and presets only the names."""
        state = {"plan": self.plan.copy(), "preset_holding": self.preset_holding.copy()}
        for side, presets in self.presets.items():
            state[f"{side}_presets"] = np.array([one.name for one in presets])
        for kind, those in self.kinds.items():
            state[f"{kind}_levers"] = flat(those.levers).copy()
            state[f"{kind}_last"] = flat(those.last).copy()
            state[f"{kind}_holding"] = those.holding.copy()
            state[f"{kind}_strategies"] = np.array([one.name for one in those.strategies])
        if seats := self._seats():
            state["seats"] = np.array(json.dumps([seat.minutes(self) for seat in seats]))
        return state

    def restore(self, state: Mapping[str, np.ndarray], keep_strategies: bool = False) -> None:
        """Go back to a snapshot of a cast with the same runs and importers.

        Who held what is found again by name; with `keep_strategies` this cast's own strategies and presets stay, and
        the snapshot only says what was decided so far. Raises `InputError` for a name that is not to be found.
        """
        for column, (side, presets) in enumerate(self.presets.items()):
            names, held = state[f"{side}_presets"], state["preset_holding"][:, column]
            if not keep_strategies:
                self.preset_holding[:, column] = _places(names, held, presets, find_preset, side)
            # What another preset settled on means nothing to this one.
            mine = np.array([one.name for one in presets])[self.preset_holding[:, column]]
            self.plan[:, column] = np.where(names[held] == mine, state["plan"][:, column], -1)
        for kind, those in self.kinds.items():
            flat(those.levers)[...] = state[f"{kind}_levers"]
            flat(those.last)[...] = state[f"{kind}_last"]
            if not keep_strategies:
                those.holding[...] = _places(
                    state[f"{kind}_strategies"], state[f"{kind}_holding"], those.strategies, find_strategy, kind
                )
        stored = json.loads(str(state["seats"])) if "seats" in state else []
        for seat in self._seats():
            for minutes in sorted(stored, key=lambda one: one["actors"] != list(seat.actors)):
                if set(minutes["actors"]) & set(seat.actors):
                    seat.resume(self, minutes)
                    break
        self._unsettle()

    def share(self, other: Cast) -> None:
        """Hold the same strategies, presets and layers of assignments as another cast of as many runs."""
        for side, presets in other.presets.items():
            self.presets[side] = list(presets)
        for kind, those in other.kinds.items():
            self.kinds[kind].strategies = list(those.strategies)
            self.kinds[kind].holding[...] = those.holding
        self.preset_holding[...] = other.preset_holding
        self.layers = list(other.layers)
        for seat in self._seats():
            seat.join(self)
        self._unsettle()


def _asked(who: Strategy | SidePreset, what: str, view: View, *more: Any) -> Any:
    """What a strategy answers. A fault in one from outside the project names it; the cause goes along."""
    try:
        return getattr(who, what)(view.limited_to(who.traits.reads), *more)
    except UnreadError as error:
        raise InputError(f"{who.name}: {error}") from None
    except InputError:
        raise
    except Exception as error:  # whatever somebody else's strategy raises
        if type(who).__module__.startswith("stackcraft."):
            raise
        says = " ".join(str(error).split())
        raise InputError(f"{who.name}: {what} failed in {view.year}: {type(error).__name__}: {says}") from error


def _write(those: ActorKind, who: Strategy | SidePreset, decision: Mapping[str, Any], mask: np.ndarray) -> Writer:
    if not isinstance(decision, Mapping):
        raise InputError(
            f"{who.name}: decide gave {decision!r:.60}; give a table of levers, {{}} to leave all of them alone"
        )
    try:
        LEVER_SETS[those.kind].apply(those.levers, decision, mask)
    except InputError as error:
        raise type(error)(f"{who.name}: {error}") from None
    return who, frozenset(decision), mask


def _at_fault(those: ActorKind, writers: Sequence[Writer]) -> str:
    """The name of the last that wrote a bad value, as the beginning of a message."""
    for who, names, mask in reversed(writers):
        try:
            LEVER_SETS[those.kind].validate(those.levers[mask], np.array(those.actors)[np.nonzero(mask)[1]], names)
        except InputError:
            return f"{who.name}: "
    return ""


def _places(names: np.ndarray, holding: np.ndarray, held: list, find: Callable, kind: str) -> np.ndarray:
    """`holding`, positions in `names`, as positions in `held`; what is missing there is found by name and added."""
    place = np.zeros(len(names), np.int64)
    for position in np.unique(holding):
        name, before = str(names[position]), int((names[:position] == names[position]).sum())
        alike = [own for own, one in enumerate(held) if one.name == name]
        if len(alike) > before:  # several may have the same name, such as seats: they keep their order
            place[position] = alike[before]
        elif name in (Fixed.name, SeatStrategy.name):  # a name that says nothing about its script or orders
            raise InputError(f"the snapshot holds a strategy {name!r} that was passed as an object; pass it again")
        else:
            try:
                place[position] = _position(held, find(name, kind))
            except InputError as error:
                raise InputError(f"the snapshot holds what it cannot make again, pass it once more: {error}") from None
    return place[holding]


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
