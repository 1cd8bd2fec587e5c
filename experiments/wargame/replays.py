"""Other courses of a game: the same luck with some orders, contracts or seats changed, played from its log.

A course is what every turn plays. `course(state)` is the game as it was; a `Change` takes orders, contracts, turns or
seats out of it, or puts others in. `play` simulates many courses side by side in few simulations and gives each seat's
measures. Nothing here touches the game's own worlds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stackcraft.experiments.wargame import rules, scores, sealing
from stackcraft.experiments.wargame.rules import PC_KEPT
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.experiments.wargame.state import Chair, Contract, State, give
from stackcraft.experiments.wargame.worlds import book_of
from stackcraft.model import Scenario, Simulation
from stackcraft.model.events import Event

AT_ONCE = 128  # runs side by side; a run takes some 5 MB
RUNS_OF_PAR = 8  # worlds for which each seat's par is played while a game waits: some seconds for eight seats
PARS_AT_ONCE = 32  # runs side by side then: a class's machine keeps its memory


@dataclass(frozen=True)
class Change:
    """What is otherwise than in the game.

    `orders`: (turn, seat, order, where, part) taken out; `instead`: orders put in, by turn and seat; `contracts`: those
    that never came about; `seats`: seats that gave no orders and agreed to nothing; `turns`: turns in which nobody gave
    an order or agreed to anything; `pc`: political capital that seats have left in the end.
    """

    orders: frozenset[tuple[Any, ...]] = frozenset()
    instead: tuple[tuple[int, str, tuple[tuple[str, Any], ...]], ...] = ()
    contracts: frozenset[int] = frozenset()
    promises: frozenset[int] = frozenset()
    seats: frozenset[str] = frozenset()
    turns: frozenset[int] = frozenset()
    pc: tuple[tuple[str, int], ...] = ()

    def keeps(self, turn: int, seat: str, order: Mapping[str, Any]) -> bool:
        """Whether an order of the game is still given."""
        key = (turn, seat, order["order"], order["where"], order["part"])
        return seat not in self.seats and turn not in self.turns and key not in self.orders

    def agrees(self, contract: Contract) -> bool:
        """Whether a contract still comes about."""
        gone = contract.id in self.contracts or contract.since in self.turns
        return not gone and contract.by not in self.seats and contract.to not in self.seats


@dataclass
class Course:
    """What each turn plays: {assignments, events, years}; what each purse pays in all, bn $; what is left of PC.

    Political capital left is taken as it was in the game whatever orders are taken out; who did nothing has all of it.
    """

    turns: list[dict[str, Any]]
    spent: dict[str, float] = field(default_factory=dict)
    pc: dict[str, int] = field(default_factory=dict)

    @property
    def events(self) -> str:
        """What happens beside levers, as a text: courses with the same one can be played side by side."""
        return json.dumps([one["events"] for one in self.turns], sort_keys=True)


def course(state: State, change: Change | None = None) -> Course:
    """Return the course of a game's turns so far, changed or as it was."""
    change = change or Change()
    chairs = {seat: Chair(seat) for seat in state.seats}
    turns, spent, left = [], dict.fromkeys(state.seats, 0.0), dict.fromkeys(state.seats, 0)
    ends = _ends(state) | {number: state.contracts[number].until for number in change.promises}
    for turn in sorted(state.played.results):
        before = _table(state, turn, chairs)
        given = _without_breaches(before, change, turn, _orders(state, change, turn))
        contracts = [one for one in state.contracts.values() if one.since is not None and change.agrees(one)]
        standing = [one for one in contracts if one.since <= turn <= ends[one.id]]
        entered = [one.id for one in contracts if one.since == turn]
        events = sealing.events_of(before, given, entered, state.year_of(turn))
        assignments = sealing.assignments(before, given, standing)
        turns.append({"assignments": assignments, "events": events, "years": state.years_a_turn})
        for seat, bn in sealing.payments(before, given, entered).items():
            spent[seat] += bn
        for seat, one in given.items():
            left[seat] = (
                min(left[seat], PC_KEPT) + state.config["pc"] - _pc(before, seat, one, state.played.history[turn])
            )
            for order in one["orders"]:
                give(before, chairs[seat], order)
    return Course(turns, spent, left | dict(change.pc))


def _pc(before: State, seat: str, given: Mapping[str, Any], sealed: Mapping[str, Any]) -> int:
    """The political capital that a turn's orders cost: what is taken out of a game is not paid for."""
    if given["orders"] == sealed[seat]["orders"]:
        return sealed[seat]["pc"]  # as it was paid then, whatever today's prices are
    return sum(
        rules.price(
            rules.find_order(seat, before.seats, one["order"]),
            before.now(seat, one["order"], one["where"], one["part"]),
            one["value"],
            one["where"],
        )
        for one in given["orders"]
    )


def _orders(state: State, change: Change, turn: int) -> dict[str, Any]:
    """The orders of a turn by seat, as sealed, without what is taken out and with what is put in."""
    given = {
        seat: {**one, "orders": [order for order in one["orders"] if change.keeps(turn, seat, order)]}
        for seat, one in state.played.history[turn].items()
    }
    for when, seat, orders in change.instead:
        if when == turn:
            given[seat]["orders"] = given[seat]["orders"] + [dict(order) for order in (dict(one) for one in orders)]
    return given


def _without_breaches(before: State, change: Change, turn: int, given: dict[str, Any]) -> dict[str, Any]:
    """The orders of a turn without those that would break a promise that is kept."""
    kept = [replace(before.contracts[number], state="in force") for number in sorted(change.promises)]
    kept = [one for one in kept if one.since is not None and one.since <= turn <= one.until]
    return (
        {
            seat: {
                **one,
                "orders": [
                    order
                    for order in one["orders"]
                    if not any(sealing.breaks(before, contract, seat, order) for contract in kept)
                ],
            }
            for seat, one in given.items()
        }
        if kept
        else given
    )


def _table(state: State, turn: int, chairs: Mapping[str, Chair]) -> State:
    """The state that sealing reads, as it stood before a turn, with these orders in force."""
    table = State()
    table.config, table.turn = state.config, turn
    table.played = replace(
        table.played,
        chairs={seat: Chair(seat, standing=dict(chair.standing)) for seat, chair in chairs.items()},
        contracts=dict(state.contracts),
        injects=[inject for when, move in state.played.moves.items() if when == turn for inject in move["injected"]],
        overrides=[one for one in state.played.overrides if one["turn"] <= turn],
    )
    return table


def _ends(state: State) -> dict[int, int]:
    """The last turn in which each contract stood."""
    ends = {one.id: one.until for one in state.contracts.values()}
    for turn, move in state.played.moves.items():
        for broken in move["broken"]:
            ends[broken["contract"]] = turn - 1
    for turn, result in state.played.results.items():
        for number, judged in result["judged"].items():
            if judged["state"] == "broken":
                ends[int(number)] = min(ends[int(number)], turn)
    return ends


# playing


def play(
    state: State,
    courses: Sequence[Course],
    *,
    runs: int | None = None,
    threads: int | None = 1,
    every: bool = False,
    at_once: int = AT_ONCE,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, dict[str, np.ndarray]]]:
    """Simulate courses under the game's own luck and return each seat's measures: [{seat: {measure: (runs,)}}].

    `runs` is how many of the game's runs to play, the played one first (default: all). With `every` the measures are
    those of all cards, not only of the seat's own. Takes about 0.01 s of one core for each course, run and year.
    """
    number = state.config["shadows"] + 1 if runs is None else min(runs, state.config["shadows"] + 1)
    groups: dict[str, list[int]] = {}
    for place, one in enumerate(courses):
        groups.setdefault(one.events, []).append(place)
    found: list[Any] = [None] * len(courses)
    done = 0
    for places in groups.values():
        most = max(1, at_once // number)
        for first in range(0, len(places), most):
            part = places[first : first + most]
            for place, one in zip(
                part, _side_by_side(state, [courses[k] for k in part], number, threads, every), strict=True
            ):
                found[place] = one
            done += len(part)
            if progress is not None:
                progress(done, len(courses))
    return found


def _side_by_side(
    state: State, courses: Sequence[Course], runs: int, threads: int | None, every: bool
) -> list[dict[str, Any]]:
    """The measures of courses that differ in levers only, from one simulation."""
    config = state.config
    world = Scenario.from_dict(config["scenario"])
    replicates = np.tile(np.arange(runs), len(courses))
    with Simulation(world, seed=config["seed"], replicates=replicates, ledger_runs=0, threads=threads) as simulation:
        own_layers = len(simulation.cast.layers)
        for turn in range(len(courses[0].turns)):
            del simulation.cast.layers[own_layers:]
            for place, one in enumerate(courses):
                simulation.cast.add_layer(one.turns[turn]["assignments"], slice(place * runs, (place + 1) * runs))
            if events := courses[0].turns[turn]["events"]:
                simulation.add_events([Event(**one) for one in events])
            for _ in range(courses[0].turns[turn]["years"]):
                simulation.step()
        book = book_of(simulation.world.book[:, : simulation.year - simulation.years[0] + 1], simulation.inputs)
        return [_measures(state, book, one, slice(place * runs, (place + 1) * runs), every)
                for place, one in enumerate(courses)]  # fmt: skip


def _measures(
    state: State, book: scores.Book, one: Course, runs: slice, every: bool
) -> dict[str, dict[str, np.ndarray]]:
    here = replace(book, rows=book.rows[runs])
    found = {}
    for seat in state.seats:
        own = scores.with_purse(here, one.spent.get(seat, 0.0), float(one.pc.get(seat, 0)))
        names = (scores.every_measure(SEATS[seat].kind) if every
                 else scores.weights_of(SEATS[seat], state.config["cards"][seat]))  # fmt: skip
        found[seat] = scores.measured(own, SEATS[seat], names)
    return found


def points(state: State, seat: str, measures: Mapping[str, np.ndarray], par: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the part of a seat's score that measures give, run by run."""
    weights = scores.weights_of(SEATS[seat], state.config["cards"][seat])
    return scores.points(SEATS[seat], weights, measures, par, len(state.played.results) * state.years_a_turn)


def nobody(state: State) -> Change:
    """The change that leaves nothing but news: nobody gives an order, nobody agrees to anything."""
    return Change(seats=frozenset(state.seats))


def pars(state: State) -> dict[str, Course]:
    """Return the course of each seat's par: that seat alone gives no order and agrees to nothing.

    Seats that did nothing in the game are left out: their par is the game as it was.
    """
    return {seat: course(state, Change(seats=frozenset([seat]))) for seat in seats_that_acted(state)}


def seats_that_acted(state: State) -> list[str]:
    """The seats that gave an order or agreed to something, in the game's order."""
    acted = {seat for one in state.played.history.values() for seat, sealed in one.items() if sealed["orders"]}
    acted |= {seat for one in state.contracts.values() if one.since is not None for seat in (one.by, one.to)}
    return [seat for seat in state.seats if seat in acted]


def each(items: Iterable[Any]) -> list[Any]:
    """A list without repeats, in order."""
    return list(dict.fromkeys(items))
