"""Bots: seats that nobody plays. A bot sees its own seat's view, as a person would, and sends ordinary commands.

A bot follows a library preset or strategy as steps that it can afford (`plans.targets`), makes one offer a turn,
accepts what costs it little and fits its strategy, and asks for a smaller package where the whole is too dear. The
same seed gives the same bot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from stackcraft.experiments.wargame import plans, rules
from stackcraft.experiments.wargame.contracts import SIZES, Offer
from stackcraft.experiments.wargame.seats import SEATS

WANTED = 0.5  # a home whose plan goes this far with an order also offers it as a promise
SHARE_OF_PURSE = 0.5  # a bot spends at most this part of its purse on one agreement
CROWDED = 0.6  # a bloc that wants two sources takes no package from a stack with this share of it
PACKED = ("cloud", "chips", "network")  # what bots offer to build
RANDOM_ORDERS = 4  # that a random player wishes for in a turn
CHOICE_GAP = 0.35  # a choice counts as much as a level that is this far off
HABIT = {
    "cut_off": 0.3,
    "own_use": 0.8,
    "us_trust": 0.4,
    "us_leads": 0.9,
}  # how often each has come true in bots' games


class Bot(Protocol):
    """What a bot has to answer. `view` is what `Wargame.view` gives its seat."""

    def move(self, view: dict[str, Any]) -> dict[str, Any]:
        """Return {orders, why, forecast, offers}: orders as `draft` takes them, offers as `offer` does."""
        ...

    def answer(self, view: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
        """Return {answer: accept | decline | counter, offer, ...} for an offer made to its seat."""
        ...


class StatusQuo:
    """Changes nothing, and agrees to nothing."""

    def move(self, view: dict[str, Any]) -> dict[str, Any]:
        """No orders, no offers, and a forecast of one half."""
        return {"orders": [], "why": None, "forecast": 0.5, "offers": []}

    def answer(self, view: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
        """Decline."""
        return {"answer": "decline"}


class Planner:
    """Follows a strategy as steps that it can afford."""

    def __init__(self, seat: str, strategy: str, seed: int) -> None:
        self.seat, self.strategy, self.seed = seat, strategy, seed

    # orders

    def move(self, view: dict[str, Any]) -> dict[str, Any]:
        """Steps towards the plan, the widest gap first, one offer, and a forecast by habit."""
        own = view["own"]
        orders = self._orders(view, own)
        asked = (own.get("forecast") or {}).get("event")
        return {
            "orders": orders,
            "why": f"plan: {self.strategy}" if orders else None,
            "forecast": HABIT.get(asked, 0.5),
            "offers": list(self._offers(view, own)),
        }

    def _orders(self, view: Mapping[str, Any], own: Mapping[str, Any]) -> list[dict[str, Any]]:
        seats = tuple(one["seat"] for one in view["seats"])
        wanted = plans.targets(self.seat, self.strategy, seats)
        return affordable(own, seats, wanted)

    def luck(self, view: Mapping[str, Any], use: int) -> np.random.Generator:
        """This turn's luck of this bot, for one use of it."""
        return luck_of(self.seed, view["game"]["turn"], use, self.seat)

    # agreements

    def _offers(self, view: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        game, form = view["game"], SEATS[self.seat]
        others = [one["seat"] for one in view["seats"] if one["seat"] != self.seat]
        blocs = [seat for seat in others if SEATS[seat].kind == "bloc"]
        luck = self.luck(view, 1)
        if form.kind == "bloc":
            if self.strategy == "club" and game["turn"] == 1 and blocs:
                yield self._offer(game, str(luck.choice(blocs)), Offer.club())
            return
        if not blocs:
            return
        to = str(luck.choice(blocs))
        yield self._offer(game, to, self._promise(view, own, to, luck))

    def _promise(self, view: Mapping[str, Any], own: Mapping[str, Any], to: str, luck: np.random.Generator) -> Offer:
        seats = tuple(one["seat"] for one in view["seats"])
        wanted = plans.targets(self.seat, self.strategy, seats)
        country, layer = str(luck.choice(SEATS[to].countries)), str(luck.choice(PACKED))
        promises = [Offer.package(country, (layer,), size=0.25)]
        if SEATS[self.seat].kind == "home":
            if (wanted.get("H1") or 0) >= WANTED:
                promises.append(Offer.guarantee())
            if (wanted.get("H2") or 0) >= WANTED:
                promises.append(Offer.hosting(0.8))
            if (wanted.get("H7") or 0) >= WANTED:
                promises.append(Offer.co_build())
        return promises[int(luck.integers(len(promises)))]

    @staticmethod
    def _offer(game: Mapping[str, Any], to: str, offer: Offer) -> dict[str, Any]:
        return {"to": to, "offer": offer.as_dict(), "until": game["turns"], "penalty_bn": 0.5, "public": True}

    def answer(self, view: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
        """Accept what helps and can be paid; take half a package where the whole is too dear; decline the rest."""
        own = view["own"]
        cost = float(contract["costs"].get(self.seat, 0.0))
        room = SHARE_OF_PURSE * float(own["purse"]["after"])
        asked, given = self._clauses(contract)
        if not all(self._bearable(view, one) for one in asked):
            return {"answer": "decline"}
        if cost > room:
            smaller = self._smaller(contract, given)
            return {"answer": "counter", **smaller} if smaller else {"answer": "decline"}
        if any(one["form"] == "A1" and self._crowded(view, contract["from"]) for one in given):
            return {"answer": "decline"}
        return {"answer": "accept"}

    def _clauses(self, contract: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What the seat would have to do, and what it would get."""
        does, wants = contract.get("clause"), contract.get("in_return")
        mine, theirs = (does, wants) if contract["from"] == self.seat else (wants, does)
        return [one for one in (mine,) if one], [one for one in (theirs,) if one]

    def _bearable(self, view: Mapping[str, Any], clause: Mapping[str, Any]) -> bool:
        """Whether the strategy can live with what a clause asks of the seat."""
        form, seats = clause["form"], tuple(one["seat"] for one in view["seats"])
        wanted = plans.targets(self.seat, self.strategy, seats)
        if form in ("A2", "A3", "A4") and SEATS[self.seat].kind == "home":
            return (wanted.get({"A2": "H1", "A3": "H2", "A4": "H7"}[form]) or 0) >= WANTED
        if form == "A5":
            return self.strategy in ("club", "price-taker")
        if form == "A7":
            return self.strategy == "price-taker"
        return form in ("A1", "A4", "A6", "A8", "A9")

    def _crowded(self, view: Mapping[str, Any], seller: str) -> bool:
        if self.strategy not in ("hedge", "sovereign-first") or SEATS[seller].side is None:
            return False
        place, shares = ("US", "CN").index(SEATS[seller].side), view["map"]["countries"]
        mine = [shares[code][place] for code in SEATS[self.seat].countries if code in shares]
        return bool(mine) and sum(mine) / len(mine) > CROWDED

    def _smaller(self, contract: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The same package one size smaller, asked for with a word of thanks; None if there is none."""
        for clause in given:
            sizes = [size for size in SIZES if size < clause["terms"].get("size", 0.0)]
            if clause["form"] == "A1" and sizes:
                smaller = {"form": "A1", "terms": {**clause["terms"], "size": max(sizes)}}
                words = {"form": "A9", "terms": {"text": "A smaller one, please."}, "in_return": smaller}
                return {"offer": words, "until": contract["until"], "penalty_bn": contract["penalty_bn"]}
        return None


class Random(Planner):
    """Gives random orders that it can afford, and agrees to nothing."""

    def _orders(self, view: Mapping[str, Any], own: Mapping[str, Any]) -> list[dict[str, Any]]:
        luck, seats = self.luck(view, 2), tuple(one["seat"] for one in view["seats"])
        return affordable(own, seats, random_wishes(own, seats, luck), luck)

    def _offers(self, view: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield from ()

    def answer(self, view: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
        """Decline."""
        return {"answer": "decline"}


class Thoughtful(Planner):
    """Buys those of the measured orders that help its mandate and its card most for their price."""

    def _orders(self, view: Mapping[str, Any], own: Mapping[str, Any]) -> list[dict[str, Any]]:
        from stackcraft.experiments.wargame.effects import best_steps

        return best_steps(self.seat, own, tuple(one["seat"] for one in view["seats"]))


def make(seat: str, strategy: str | None, seed: int) -> Bot:
    """Return the bot of a seat; the same seed gives the same bot. Raises `InputError` for an unknown strategy."""
    name = plans.drawn(seat, strategy, seed)
    if name == plans.STATUS_QUO:
        return StatusQuo()
    kinds = {plans.RANDOM: Random, plans.THOUGHTFUL: Thoughtful}
    return kinds.get(name, Planner)(seat, name, seed)


def luck_of(seed: int, turn: int, use: int, seat: str) -> np.random.Generator:
    """A bot's luck of one turn, for one use of it."""
    return np.random.default_rng([seed, 0xB07, turn, use, *seat.encode()])


# buying steps


def random_wishes(own: Mapping[str, Any], seats: tuple[str, ...], luck: np.random.Generator) -> dict[str, Any]:
    """A few orders drawn from those that the seat may give, each with a value drawn from its choices."""
    forms, wanted = rules.orders_of(own["seat"], seats), {}
    lines = [line for line in own["orders"] if forms[line["order"]].form in ("level", "choice", "switch")]
    for place in luck.permutation(len(lines))[:RANDOM_ORDERS]:
        line = lines[int(place)]
        options = rules.choices(forms[line["order"]], line["now"])
        wanted[line["order"]] = options[int(luck.integers(len(options)))]["value"]
    return wanted


def affordable(
    own: Mapping[str, Any], seats: tuple[str, ...], wanted: Mapping[str, Any], luck: np.random.Generator | None = None
) -> list[dict[str, Any]]:
    """Return orders towards what is wanted, a step at a time, the widest gap first, until nothing more can be paid.

    `own` is the seat's view; `luck` shuffles what would go first.
    """
    lines = {line["order"]: line for line in own["orders"]}
    forms = rules.orders_of(own["seat"], seats)
    gaps = {name: _gap(forms[name], lines[name], value) for name, value in wanted.items() if name in lines}
    names = sorted((name for name in gaps if gaps[name] > 0), key=lambda name: (-round(gaps[name], 3), name))
    if luck is not None:
        names = [names[int(place)] for place in luck.permutation(len(names))]
    pc, purse = int(own["pc"]["now"]), float(own["purse"]["now"]) - float(own["purse"]["reserved"])
    chosen: dict[str, Any] = {}
    moved = True
    while moved:
        moved = False
        for name in names:
            step = _next(forms[name], chosen.get(name, lines[name]["now"]), wanted[name])
            if step is None:
                continue
            after = {**chosen, name: step}
            price = sum(rules.price(forms[one], lines[one]["now"], value) for one, value in after.items())
            if price <= pc and _dear(forms, lines, after) <= purse:
                chosen, moved = after, True
    return [{"order": name, "value": value} for name, value in chosen.items()]


def _dear(forms: Mapping[str, rules.OrderForm], lines: Mapping[str, Any], chosen: Mapping[str, Any]) -> float:
    """What the chosen orders take from the purse in three years, bn $, at most."""
    return 3.0 * sum(rules.money(forms[name], 0.0, value) for name, value in chosen.items()
                     if isinstance(value, (int, float)) and forms[name].form == "level")  # fmt: skip


def _gap(form: rules.OrderForm, line: Mapping[str, Any], value: Any) -> float:
    if form.form != "level":
        return CHOICE_GAP if line["now"] != value else 0.0
    if line["now"] is None or value is None:
        return 1.0 if line["now"] != value else 0.0
    return abs(float(value) - float(line["now"])) / (form.high - form.low)


def _next(form: rules.OrderForm, now: Any, wanted: Any) -> Any:
    """The next value on the way, or None where no step comes nearer."""
    if form.form != "level" or now is None or wanted is None:
        return wanted if now != wanted else None
    up = float(wanted) > float(now)
    step = min(float(now) + form.step, form.high) if up else max(float(now) - form.step, form.low)
    step = round(step, 4)
    return step if abs(step - wanted) < abs(float(now) - wanted) - 1e-9 else None
