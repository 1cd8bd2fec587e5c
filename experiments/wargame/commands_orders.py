"""Commands by which a seat decides: orders, offers and answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from stackcraft.agents.errors import InputError, shown
from stackcraft.experiments.wargame import contracts, sealing
from stackcraft.experiments.wargame.commands import FACILITATOR, PEOPLE, TABLE, Asked, Made, command
from stackcraft.experiments.wargame.state import Contract, State

MOST_WHY = 140
MOST_ORDERS = 60  # in a draft
MOST_OFFERS = 12  # open ones a seat


@command("draft", PEOPLE, TABLE, FACILITATOR)
def _draft(asked: Asked) -> Made:
    seat, state = asked.seat(), asked.state
    asked.in_phase("brief", "talk", "orders")
    if state.chairs[seat].locked:
        raise InputError("the orders are locked; unlock them first")
    given = asked.body.get("orders", [])
    if isinstance(given, list) and len(given) > MOST_ORDERS:
        raise InputError(f"{len(given)} orders; give {MOST_ORDERS} at most")
    orders = sealing.checked_orders(state, seat, given)
    found = sealing.evaluated(state, seat, orders)
    body = {"seat": seat, "orders": orders, "why": asked.text("why", MOST_WHY), "forecast": _chance(asked)}
    return Made("drafted", body, {name: found[name] for name in ("problems", "warnings", "pc", "money")})


def _chance(asked: Asked) -> float | None:
    """The forecast of a body, a probability or nothing. Raises `InputError`."""
    given = asked.body.get("forecast")
    if given is not None and (isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given <= 1):
        raise InputError(f"forecast {shown(given)} should be a probability from 0 to 1")
    return given


@command("forecast", PEOPLE)
def _forecast(asked: Asked) -> Made:
    """Orders are a team's, forecasts a person's: the pen and the lock have no say in them."""
    asked.in_phase("brief", "talk", "orders")
    return Made("forecast", {"seat": asked.seat(), "forecast": _chance(asked)})


@command("lock", PEOPLE, TABLE, FACILITATOR)
def _lock(asked: Asked) -> Made:
    seat, state = asked.with_pen(), asked.state
    asked.in_phase("talk", "orders")
    chair = state.chairs[seat]
    problems = sealing.evaluated(state, seat, (chair.draft or {}).get("orders") or [])["problems"]
    if problems:
        raise InputError(f"the orders cannot be locked: {problems[0]}")
    return Made("locked", {"seat": seat})


@command("unlock", PEOPLE, TABLE, FACILITATOR)
def _unlock(asked: Asked) -> Made:
    asked.in_phase("talk", "orders")
    return Made("unlocked", {"seat": asked.with_pen()})


# agreements


@command("offer", PEOPLE, TABLE, FACILITATOR)
def _offer(asked: Asked) -> Made:
    seat = asked.seat()
    contract = _new_contract(asked, seat, asked.chair("to"))
    return Made("offered", {"contract": asdict(contract)}, {"contract": contract.id})


@command("counter", PEOPLE, TABLE)
def _counter(asked: Asked) -> Made:
    seat, old = asked.seat(), _open_contract(asked)
    if old.to != seat:
        raise InputError("this offer was not made to you")
    contract = _new_contract(asked, seat, old.by)
    return Made("offered", {"contract": asdict(contract), "counters": old.id}, {"contract": contract.id})


def _new_contract(asked: Asked, seat: str, to: str) -> Contract:
    asked.in_phase("brief", "talk")
    state, given = asked.state, asked.body.get("offer")
    if to == seat:
        raise InputError("an offer goes to another seat")
    if sum(one.by == seat and one.state == "offered" for one in state.contracts.values()) >= MOST_OFFERS:
        raise InputError(f"{MOST_OFFERS} of your offers are open; withdraw one first")
    given = given.as_dict() if isinstance(given, contracts.Offer) else given
    does = contracts.checked_clause(given, seat, to)
    wants = contracts.checked_clause(given["in_return"], to, seat) if given.get("in_return") else None
    until = asked.body.get("until") or state.turns
    if isinstance(until, bool) or not isinstance(until, int) or not state.turn <= until <= state.turns:
        raise InputError(f"until {shown(until)}; give a turn from {state.turn} to {state.turns}")
    penalty = asked.body.get("penalty_bn")
    penalty = (contracts.BONDS[0] if does["form"] == "A2" else 0.0) if penalty is None else penalty
    low, high = contracts.BONDS if does["form"] == "A2" else (0.0, contracts.BONDS[1])
    if isinstance(penalty, bool) or not isinstance(penalty, (int, float)) or not low <= penalty <= high:
        raise InputError(f"penalty {shown(penalty)}; give {low:g} to {high:g} bn $")
    contract = Contract(
        state.last_contract + 1, seat, to, state.turn, until, round(float(penalty), 4),
        asked.body.get("public", True) is not False, does, wants, _or_else(asked, given, seat),
    )  # fmt: skip
    for clause, _, _ in contract.clauses():
        if clause["form"] == "A1":
            _check_package(state, clause["terms"])
            value = contracts.package_value(clause["terms"], state.world()["demand"], state.config["terms"])
            contract.values.update(value)
    return contract


def _or_else(asked: Asked, given: dict[str, Any], seat: str) -> dict[str, Any] | None:
    threat = given.get("or_else")
    return sealing.checked_orders(asked.state, seat, [threat])[0] if threat else None


def _check_package(state: State, terms: dict[str, Any]) -> None:
    for other in state.contracts.values():
        for clause, _, _ in other.clauses():
            if (clause["form"] == "A1" and other.state == "accepted" and clause["terms"]["country"] == terms["country"]
                    and set(clause["terms"]["layers"]) & set(terms["layers"])):  # fmt: skip
                raise InputError(
                    f"no. {other.id} builds there this turn already: one package a layer and country a turn"
                )


def _open_contract(asked: Asked) -> Contract:
    contract = asked.state.contracts.get(asked.body.get("contract"))
    if contract is None or asked.seat() not in (contract.by, contract.to):
        raise InputError(f"there is no offer {shown(asked.body.get('contract'))} of yours")
    if contract.state != "offered":
        raise InputError(f"offer {contract.id} is {contract.state}; it can no longer be answered")
    return contract


@command("accept", PEOPLE, TABLE)
def _accept(asked: Asked) -> Made:
    seat, contract, state = asked.with_pen(), _open_contract(asked), asked.state
    asked.in_phase("brief", "talk", "orders")
    if contract.to != seat:
        raise InputError("this offer was made by you; the other side accepts it")
    for clause, _, _ in contract.clauses():
        if clause["form"] == "A1":
            _check_package(state, clause["terms"])
    for one, bn in sealing.contract_costs(contract).items():
        chair = state.chairs[one]
        orders = (chair.draft or {}).get("orders") or []
        free = chair.purse - sealing.evaluated(state, one, orders)["money"]
        if bn > free + 1e-9:
            whose = "your purse" if one == seat else f"the purse of {chair.form.title}"
            raise InputError(f"{whose} is too small: {bn:.2f} bn $ are needed; a smaller size may do")
    return Made("accepted", {"contract": contract.id})


@command("decline", PEOPLE, TABLE)
def _decline(asked: Asked) -> Made:
    contract = _open_contract(asked)
    if contract.to != asked.seat():
        raise InputError("this offer was made by you; withdraw it")
    return Made("declined", {"contract": contract.id})


@command("withdraw", PEOPLE, TABLE)
def _withdraw(asked: Asked) -> Made:
    contract = _open_contract(asked)
    if contract.by != asked.seat():
        raise InputError("this offer was made to you; decline it")
    return Made("withdrawn", {"contract": contract.id})
