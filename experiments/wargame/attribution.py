"""What an order was worth, whose doing the scores were, and what a seat could have done better: all by replays.

Every figure is a difference under the same luck, of the part of a score that measures give (bargains kept and shared
points are not the model's). Intervals are over the game's runs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.wargame import bots, plans, replays, rules
from stackcraft.experiments.wargame.contracts import sentence
from stackcraft.experiments.wargame.effects import best_steps
from stackcraft.experiments.wargame.replays import Change
from stackcraft.experiments.wargame.rules import KEPT_OF_PURSE, PC_KEPT
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.experiments.wargame.state import Chair, State, give

USE = {"home": "use", "firms": "firm_use", "bloc": "bloc_use"}  # what each kind of seat's mandate calls use
EXACT = 7  # up to so many seats that acted, every coalition is played
PERMUTATIONS = 24  # beyond, so many orders of joining, each with its mirror
RUNS_OF_COALITIONS = 8
MOST_WHAT_IFS = 60
Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Played:
    """The game as it was and each seat's own par, replayed: measures by seat, and points by seat and run."""

    state: State
    base: dict[str, dict[str, np.ndarray]]
    par: dict[str, dict[str, np.ndarray]]

    @classmethod
    def of(cls, state: State) -> Played:
        """Replay a game, and once more without each seat that did something."""
        without = replays.pars(state)
        base, *found = replays.play(state, [replays.course(state), *without.values()])
        return cls(state, base, base | {seat: one[seat] for seat, one in zip(without, found, strict=True)})

    def points(self, seat: str, measures: Mapping[str, Mapping[str, np.ndarray]]) -> np.ndarray:
        """The measures' part of a seat's score in another course, run by run."""
        return replays.points(self.state, seat, measures[seat], self.par[seat])


def interval(values: np.ndarray) -> dict[str, float]:
    """Mean and 95 % interval over runs, and the played run's own value."""
    mean, low, high = paired_interval(values)
    found = {"mean": mean, "low": low, "high": high, "played": float(values[0])}
    return {name: round(float(one), 2) + 0.0 if math.isfinite(one) else 0.0 for name, one in found.items()}


# what if


def what_ifs(played: Played, say: Say | None = None) -> list[dict[str, Any]]:
    """Return for each order and contract of the game what it brought its own seat, and whom else it moved.

    And for each promise that an order broke, what breaking it brought over keeping it (`kind` "breach", `promise` the
    contract's number).

    A list of {kind, turn, seat, order, contract, sentence, own, partner, use, others: [{seat, mean, low, high,
    played}]}, the weightiest first. `own`, `partner` (of a contract) and `others` are points of the score with it less
    points without it, `use` is in points of use.
    """
    state, asked = played.state, _asked(played.state)
    courses = [replays.course(state, change) for _, change in asked]
    found = []
    for (about, _), other in zip(asked, replays.play(state, courses, progress=_told(say, "what if")), strict=True):
        moved = {}
        for seat in state.seats:
            gap = played.points(seat, played.base) - played.points(seat, other)
            moved[seat] = {"seat": seat, **interval(gap)}
        own, partner = moved.pop(about["seat"]), moved.get(about.pop("partner", None))
        others = sorted(moved.values(), key=lambda one: -abs(one["mean"]))
        use = USE[SEATS[about["seat"]].kind]
        gap = played.base[about["seat"]][use] - other[about["seat"]][use]
        moved = [one for one in others if _clear(one)][:3]
        found.append({**about, "own": own, "partner": partner, "use": interval(gap), "others": moved})
    return sorted(found, key=lambda one: -abs(one["own"]["mean"]))


def _clear(one: Mapping[str, Any]) -> bool:
    return (one["low"] > 0 or one["high"] < 0) and abs(one["mean"]) >= 0.2


def _asked(state: State) -> list[tuple[dict[str, Any], Change]]:
    asked: list[tuple[dict[str, Any], Change]] = []
    for turn, seats in sorted(state.played.history.items()):
        for seat, sealed in seats.items():
            for order in sealed["orders"] if turn in state.played.results else ():
                key = (turn, seat, order["order"], order["where"], order["part"])
                about = {"kind": "order", "turn": turn, "seat": seat, "order": order["order"], "contract": None,
                         "sentence": order["sentence"]}  # fmt: skip
                asked.append((about, Change(orders=frozenset([key]))))
    for one in state.contracts.values():
        if one.since is not None:
            said = "; in return ".join(filter(None, (sentence(clause, *who) for clause, *who in one.clauses())))
            about = {"kind": "contract", "turn": one.since, "seat": one.by, "order": None, "contract": one.id,
                     "sentence": said, "partner": one.to}  # fmt: skip
            asked.append((about, Change(contracts=frozenset([one.id]))))
    return [*_breaches(state), *asked][:MOST_WHAT_IFS]


def _breaches(state: State) -> Iterator[tuple[dict[str, Any], Change]]:
    """Give for each promise that an order broke what breaking it is compared with: the same promise kept."""
    for turn, move in sorted(state.played.moves.items()):
        for broken in move["broken"] if turn in state.played.results else ():
            contract, seat = state.contracts[broken["contract"]], broken["by"]
            said = "; in return ".join(filter(None, (sentence(clause, *who) for clause, *who in contract.clauses())))
            about = {"kind": "breach", "turn": turn, "seat": seat, "order": None, "contract": None,
                     "promise": contract.id, "sentence": f"broke its promise: {said}",
                     "partner": contract.to if seat == contract.by else contract.by}  # fmt: skip
            yield about, Change(promises=frozenset([contract.id]))


def what_if(state: State, change: Change) -> dict[str, dict[str, float]]:
    """Return by seat what the game's course brought over a changed one, in points; some replays, some seconds."""
    played = Played.of(state)
    other = replays.play(state, [replays.course(state, change)])[0]
    return {seat: interval(played.points(seat, played.base) - played.points(seat, other)) for seat in state.seats}


# whose doing


def whose(played: Played, say: Say | None = None) -> dict[str, Any]:
    """Return what each seat's moves did to every seat's measures, in points: Shapley values over coalitions.

    {by, exact, coalitions, runs, seats, table: {whose moves: {to whom: interval}}, total: {seat: interval}}. Parts of a
    column add up to its total, the game as it was less a world without anybody's moves; a score counts a seat's own
    moves alone. Seats that did nothing have part nothing and are left out of the rows.
    """
    actors = replays.seats_that_acted(played.state)
    everybody = frozenset(played.state.seats)
    return _shapley(played, actors, lambda kept: Change(seats=everybody - kept), "seats", say)


def whose_turn(played: Played, say: Say | None = None) -> dict[str, Any]:
    """Return what each turn's moves did to every seat's measures, in the same form as `whose`."""
    turns = sorted(played.state.played.results)
    return _shapley(played, turns, lambda kept: Change(turns=frozenset(turns) - kept), "turns", say)


def _shapley(
    played: Played, players: Sequence[Any], change: Callable[[frozenset], Change], by: str, say: Say | None
) -> dict[str, Any]:
    orders = None if len(players) <= EXACT else _joining(len(players), played.state.config["seed"])
    wanted = _coalitions(players, orders)
    courses = [replays.course(played.state, change(one)) for one in wanted]
    runs = min(RUNS_OF_COALITIONS, played.state.config["shadows"] + 1)
    measures = replays.play(played.state, courses, runs=runs, progress=_told(say, f"whose doing, by {by}"))
    value = {
        kept: {seat: played.points(seat, one) for seat in played.state.seats}
        for kept, one in zip(wanted, measures, strict=True)
    }
    table = {}
    for place, player in enumerate(players):
        parts = _parts(players, place, value, orders, played.state.seats)
        table[str(player)] = {seat: interval(one) for seat, one in parts.items()}
    everything, nothing = frozenset(players), frozenset()
    return {
        "by": by, "exact": orders is None, "coalitions": len(wanted), "runs": runs,
        "players": [str(one) for one in players], "seats": list(played.state.seats), "table": table,
        "total": {seat: interval(value[everything][seat] - value[nothing][seat]) for seat in played.state.seats},
    }  # fmt: skip


def _joining(number: int, seed: int) -> list[tuple[int, ...]]:
    luck = np.random.default_rng([seed, 0x54A9])
    drawn = [tuple(int(one) for one in luck.permutation(number)) for _ in range(PERMUTATIONS)]
    return [one for order in drawn for one in (order, order[::-1])]


def _coalitions(players: Sequence[Any], orders: Sequence[tuple[int, ...]] | None) -> list[frozenset]:
    if orders is None:
        sizes = range(len(players) + 1)
        return [frozenset(one) for size in sizes for one in itertools.combinations(players, size)]
    needed = {frozenset(players[k] for k in order[:size]) for order in orders for size in range(len(players) + 1)}
    return sorted(needed, key=lambda one: (len(one), sorted(map(str, one))))


def _parts(
    players: Sequence[Any], place: int, value: Mapping[frozenset, Mapping[str, np.ndarray]],
    orders: Sequence[tuple[int, ...]] | None, seats: Sequence[str],
) -> dict[str, np.ndarray]:  # fmt: skip
    """A player's Shapley part of every seat's points, run by run."""
    player, number = players[place], len(players)
    parts = {seat: np.zeros_like(next(iter(value.values()))[seat]) for seat in seats}
    if orders is None:
        for kept in value:
            if player not in kept:
                weight = math.factorial(len(kept)) * math.factorial(number - len(kept) - 1) / math.factorial(number)
                for seat in seats:
                    parts[seat] += weight * (value[kept | {player}][seat] - value[kept][seat])
        return parts
    for order in orders:
        before = frozenset(players[k] for k in order[: order.index(place)])
        for seat in seats:
            parts[seat] += (value[before | {player}][seat] - value[before][seat]) / len(orders)
    return parts


# regret


def regrets(played: Played, say: Say | None = None) -> dict[str, Any]:
    """Return for each seat what every library strategy would have brought it, the others' moves and the luck the same.

    {seat: {best, gain: interval, all: [{strategy, gain}]}}; agreements stay as they were, only orders are exchanged.
    """
    state, asked = played.state, []
    for seat in state.seats:
        for strategy in plans.strategies(seat):
            if strategy not in (plans.RANDOM, plans.STATUS_QUO):
                asked.append((seat, strategy, replays.course(state, instead_of(state, seat, strategy))))
    runs = min(RUNS_OF_COALITIONS, state.config["shadows"] + 1)
    measures = replays.play(state, [one for *_, one in asked], runs=runs, progress=_told(say, "regret"))
    found: dict[str, Any] = {seat: {"all": []} for seat in state.seats}
    for (seat, strategy, _), other in zip(asked, measures, strict=True):
        gap = played.points(seat, other) - played.points(seat, played.base)[:runs]
        found[seat]["all"].append({"strategy": strategy, "gain": interval(gap)})
    for one in found.values():
        one["all"].sort(key=lambda line: -line["gain"]["mean"])
        one |= {"best": one["all"][0]["strategy"], "gain": one["all"][0]["gain"]}
    return found


def instead_of(state: State, seat: str, strategy: str) -> Change:
    """The change that puts a strategy's affordable orders in the place of a seat's own."""
    planned = planned_orders(state, seat, strategy)
    return Change(orders=_given(state, (seat,)), instead=planned.instead(seat), pc=((seat, planned.pc),))


def _given(state: State, seats: Sequence[str]) -> frozenset[tuple[Any, ...]]:
    """Every order that seats gave in the game."""
    return frozenset(
        (turn, seat, order["order"], order["where"], order["part"])
        for turn, sealed in state.played.history.items()
        for seat in seats
        for order in sealed[seat]["orders"]
    )


@dataclass(frozen=True)
class Planned:
    """The orders of a strategy by turn, {order, value, where, part, sentence}, and the political capital left."""

    orders: Mapping[int, list[dict[str, Any]]]
    pc: int

    def instead(self, seat: str) -> tuple[Any, ...]:
        """The orders as a `Change` takes them."""
        return tuple((turn, seat, tuple(tuple(sorted(order.items())) for order in orders))
                     for turn, orders in self.orders.items())  # fmt: skip


def planned_orders(state: State, seat: str, strategy: str) -> Planned:
    """Return the orders that a bot of this strategy could have afforded, turn by turn, without agreements."""
    chair, pc, purse, planned = Chair(seat), 0, 0.0, {}
    table = State()
    table.config, table.played = state.config, type(table.played)(chairs={seat: chair})
    forms = rules.orders_of(seat, state.seats)
    for turn in sorted(state.played.results):
        pc = (min(pc, PC_KEPT) if turn > 1 else 0) + state.config["pc"]
        purse = max(purse, 0.0) * KEPT_OF_PURSE + SEATS[seat].income * state.years_a_turn
        own = {
            "seat": seat,
            "orders": [{"order": name, "now": table.now(seat, name)} for name in forms],
            "pc": {"now": pc},
            "purse": {"now": purse, "reserved": 0.0},
            "card": {"card": state.config["cards"][seat]},
        }
        chosen = _chosen(state, seat, strategy, own, turn)
        pc -= sum(rules.price(forms[one["order"]], table.now(seat, one["order"]), one["value"]) for one in chosen)
        planned[turn] = [{**one, "where": None, "part": None, "sentence": ""} for one in chosen]
        for order in planned[turn]:
            give(table, chair, order)
    return Planned(planned, pc)


def _chosen(state: State, seat: str, strategy: str, own: Mapping[str, Any], turn: int) -> list[dict[str, Any]]:
    if strategy == plans.THOUGHTFUL:
        return best_steps(seat, own, state.seats)
    if strategy == plans.RANDOM:
        luck = bots.luck_of(state.config["seed"], turn, 2, seat)
        return bots.affordable(own, state.seats, bots.random_wishes(own, state.seats, luck), luck)
    return bots.affordable(own, state.seats, plans.targets(seat, strategy, state.seats))


def by_bots(state: State, idle: frozenset[str] = frozenset()) -> Change:
    """The change in which bots of the seed's usual strategies play every seat but `idle`, without agreements."""
    seats = [seat for seat in state.seats if seat not in idle]
    planned = {seat: planned_orders(state, seat, plans.drawn(seat, None, state.config["seed"])) for seat in seats}
    return Change(
        orders=_given(state, state.seats),
        instead=tuple(one for seat, plan in planned.items() for one in plan.instead(seat)),
        contracts=frozenset(state.contracts),
        seats=idle,
        pc=tuple((seat, plan.pc) for seat, plan in planned.items()),
    )


def beside_bots(played: Played, say: Say | None = None) -> dict[str, dict[str, Any]]:
    """Return by seat what its own moves brought it in points, and what a bot's would have in a game of bots alone.

    {seat: {class: interval, bots: interval}}; each side is held against its own par.
    """
    state, runs = played.state, min(RUNS_OF_COALITIONS, played.state.config["shadows"] + 1)
    changes = [by_bots(state), *(by_bots(state, frozenset([seat])) for seat in state.seats)]
    courses = [replays.course(state, change) for change in changes]
    bots_played, *pars = replays.play(state, courses, runs=runs, progress=_told(say, "beside bots"))
    return {
        seat: {
            "class": interval(played.points(seat, played.base)),
            "bots": interval(replays.points(state, seat, bots_played[seat], par[seat])),
        }
        for seat, par in zip(state.seats, pars, strict=True)
    }


def _told(say: Say | None, what: str) -> Callable[[int, int], None] | None:
    return None if say is None else lambda done, of: say(what, done, of)
