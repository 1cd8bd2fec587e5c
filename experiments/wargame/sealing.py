"""From drafts to what is played: what a draft costs and breaks, and the canonical list that a turn's resolution plays.

`evaluated` is the one judge of a draft: pages ask it at every keystroke, and sealing asks it again.
"""

from __future__ import annotations

from typing import Any

from stackcraft.agents.countries import usual_name
from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import contracts, rules
from stackcraft.experiments.wargame.state import Chair, Contract, Order, State, give


def checked_orders(state: State, seat: str, orders: Any) -> list[Order]:
    """Return a draft's orders in plain form, the last for each place. Raises `InputError` for one nobody could give."""
    if not isinstance(orders, (list, tuple)) or not all(isinstance(one, dict) for one in orders):
        raise InputError('orders are a list of tables such as {"order": "H1", "value": 0.4}')
    kept: dict[tuple[Any, ...], Order] = {}
    for given in orders:
        form = rules.find_order(seat, state.seats, given.get("order"))
        where, part = given.get("where") or None, given.get("part") or None
        value = rules.checked(form, state.chairs[seat].form, given.get("value"), where, part)
        kept[(form.order, where, part)] = {"order": form.order, "value": value, "where": where, "part": part}
    return list(kept.values())


def evaluated(state: State, seat: str, orders: list[Order]) -> dict[str, Any]:
    """Return what a draft costs and what is wrong with it: {orders, pc, money, problems, warnings}.

    Each order comes back with `pc`, `money` (bn $ a year of the change), `problem` and `warning`; `money` of the whole
    is bn $ this turn, with orders that stand and offers accepted.
    """
    chair, lines = state.chairs[seat], []
    pc, running = 0, standing_money(state, chair, orders)
    reserved = sum(_cost_to(contract, seat) for contract in state.contracts.values() if contract.state == "accepted")
    money = round(running * state.years_a_turn + reserved, 4)
    for order in orders:
        line = _line(state, chair, order)
        pc += line["pc"]
        if line["problem"] is None and pc > chair.pc:
            line["problem"] = (
                f"{line['title']}: too dear; {pc} PC are needed, {chair.pc} are there: take something back"
            )
        lines.append(line)
    problems = [line["problem"] for line in lines if line["problem"]]
    if money > chair.purse + 1e-9 and running > standing_money(state, chair, []):
        problems.append(f"The purse holds {chair.purse:.2f} bn $, this takes {money:.2f}: take an order back")
    warnings = [line["warning"] for line in lines if line["warning"]]
    return {"orders": lines, "pc": pc, "money": money, "problems": problems, "warnings": warnings}


def _line(state: State, chair: Chair, order: Order) -> dict[str, Any]:
    """One order of a draft with its price and what is to be said of it."""
    form = rules.find_order(chair.seat, state.seats, order["order"])
    now = state.now(chair.seat, order["order"], order["where"], order["part"])
    broken = [one for one in state.contracts.values() if breaks(state, one, chair.seat, order)]
    warning = None
    if broken:
        names = ", ".join(f"{contracts.FORMS[one.does['form']].title} (no. {one.id})" for one in broken)
        warning = f"{form.title}: breaks {names}; penalty {sum(one.penalty_bn for one in broken):g} bn $, made public"
    a_year = rules.money(form, state.start(chair.seat, form.order, order["where"]), order["value"])
    return {
        **order,
        "title": form.title,
        "sentence": order_sentence(state, chair.seat, order),
        "pc": rules.price(form, now, order["value"], order["where"]),
        "money": round(a_year / _members(chair, order), 4),
        "problem": _problem(state, chair, order),
        "warning": warning,
    }


def _members(chair: Chair, order: Order) -> int:
    return len(chair.form.countries) if order["where"] and chair.form.countries else 1


def _problem(state: State, chair: Chair, order: Order) -> str | None:
    """What the rules cannot know without the game: leverage for a cut-off, contracts to walk away from."""
    where = order["where"]
    if order["order"] == "H10":
        leverage = state.world()["leverage"][chair.form.side].get(where, 0.0)
        if leverage <= rules.CUT_OFF_LEVERAGE:
            return (
                f"Cut off: {usual_name(where)} depends too little on us ({leverage:.2f} of 0.10): name another country"
            )
    if order["order"] == "W1":
        contract = state.contracts.get(int(where)) if str(where).isdecimal() else None
        if contract is None or contract.state != "in force" or chair.seat not in (contract.by, contract.to):
            return f"Walk away: no. {where} is not an agreement of yours that stands"
    if order["order"] == "B4" and not any(
        is_club(one) and one.state == "in force" and chair.seat in (one.by, one.to) for one in state.contracts.values()
    ):
        return "Leave the club: you are in no club"
    return None


def is_club(contract: Contract) -> bool:
    """Whether two blocs buy together by this contract."""
    return any(clause["form"] == "A5" for clause, _, _ in contract.clauses())


def breaks(state: State, contract: Contract, seat: str, order: Order) -> bool:
    """Whether an order of `seat` would break a contract that stands."""
    if contract.state != "in force" or seat not in (contract.by, contract.to):
        return False
    if order["order"] == "W1":
        return order["where"] == str(contract.id)
    if order["order"] == "B4":
        return is_club(contract)
    now = state.now(seat, order["order"], order["where"], order["part"])
    return any(doer == seat and contracts.broken_by(clause, other, order, now)
               for clause, doer, other in contract.clauses())  # fmt: skip


def order_sentence(state: State, seat: str, order: Order) -> str:
    """An order in words: "Bind ourselves in Indonesia: 0.1 to 0.4"."""
    form = rules.find_order(seat, state.seats, order["order"])
    where = order["where"]
    place = "" if not where else f", no. {where}" if form.where == "contract" else f" in {usual_name(where)}"
    place = f" by {where}" if form.where == "vendor" and where else place
    part = f", {order['part']}" if order["part"] else ""
    if form.form == "act":
        return f"{form.title}{place}"
    now = state.now(seat, order["order"], where, order["part"])
    return f"{form.title}{place}{part}: {rules.label(form, now)} to {rules.label(form, order['value'])}"


def standing_money(state: State, chair: Chair, draft: list[Order]) -> float:
    """What a seat's orders cost its purse, bn $ a year: those that stand, with a draft laid over them."""
    values = dict(chair.standing)
    for order in draft:
        if order["where"] is None:
            values = {key: value for key, value in values.items() if key[0] != order["order"]}
        values[(order["order"], order["where"], order["part"])] = order["value"]
    total = 0.0
    for (name, where, part), value in values.items():
        form = rules.find_order(chair.seat, state.seats, name)
        share = 1 / _members(chair, {"where": where})
        total += rules.money(form, state.start(chair.seat, name, where), value, share) if part is None else 0.0
    return round(total, 6)


def _cost_to(contract: Contract, seat: str) -> float:
    value = sum(contract.values.values())
    return sum(contracts.costs(clause, doer, other, value).get(seat, 0.0) for clause, doer, other in contract.clauses())


def contract_costs(contract: Contract) -> dict[str, float]:
    """What a contract takes from each purse, bn $."""
    return {seat: round(_cost_to(contract, seat), 4) for seat in (contract.by, contract.to)}


# sealing a turn


def sealed(state: State, chair: Chair) -> dict[str, Any]:
    """Return a seat's orders of this turn as they will be played.

    A draft counts as it stands; what it cannot pay is taken back from its end. Without a draft last turn's orders hold.
    """
    draft = chair.draft or {"orders": [], "why": None, "forecast": None}
    orders, left_out = list(draft["orders"] or []), []
    for order in [one for one in orders if _problem(state, chair, one)]:
        orders.remove(order)
        left_out.append(order)
    while orders and evaluated(state, chair.seat, orders)["problems"]:
        left_out.append(orders.pop())
    found = evaluated(state, chair.seat, orders)
    for order in _threats(state, chair.seat):
        if evaluated(state, chair.seat, [*orders, order])["problems"]:
            left_out.append(order)
        else:
            orders.append(order)
            found = evaluated(state, chair.seat, orders)
    lines = [{name: line[name] for name in ("order", "value", "where", "part", "sentence")} for line in found["orders"]]
    return {
        "orders": lines, "left_out": left_out, "pc": found["pc"], "why": draft["why"], "forecast": draft["forecast"],
        "forecasts": dict(sorted(chair.forecasts.items())),
        "drafted": chair.draft is not None, "locked": chair.locked is not None,
    }  # fmt: skip


def _threats(state: State, seat: str) -> list[Order]:
    """The orders that a seat has tied to offers of this turn that were not accepted."""
    return [
        one.or_else
        for one in state.contracts.values()
        if one.by == seat and one.or_else and one.turn == state.turn and one.state in ("offered", "declined")
    ]


def resolving(state: State) -> dict[str, Any]:
    """Return all that a turn's resolution plays, as one canonical list.

    Orders by seat, then agreements by number, then the facilitator's overrides: what comes later wins. `assignments`
    are the levers in force from the turn's first January, `events` fall into its years.
    """
    seats = {seat: sealed(state, chair) for seat, chair in sorted(state.chairs.items())}
    broken = _broken(state, seats)
    gone = {one["contract"] for one in broken}
    entered = [one.id for one in state.contracts.values() if one.state == "accepted"]
    lapsed = [one.id for one in state.contracts.values() if one.state == "offered"]
    standing = [one for one in state.contracts.values()
                if (one.state == "in force" and one.id not in gone) or one.id in entered]  # fmt: skip
    year = state.year_of(state.turn)
    return {
        "turn": state.turn,
        "year": year,
        "years": state.years_a_turn,
        "sealed": seats,
        "entered": entered,
        "lapsed": lapsed,
        "broken": broken,
        "payments": payments(state, seats, entered),
        "assignments": assignments(state, seats, standing),
        "events": events_of(state, seats, entered, year),
        "injected": [one for one in state.played.injects if one["turn"] == state.turn],
        "news": _news(state, seats, entered, broken, year),
    }


def _broken(state: State, seats: dict[str, Any]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for seat, one in seats.items():
        for order in one["orders"]:
            for contract in state.contracts.values():
                if contract.id not in found and breaks(state, contract, seat, order):
                    found[contract.id] = {"contract": contract.id, "by": seat, "order": order["order"]}
    return sorted(found.values(), key=lambda one: one["contract"])


def payments(state: State, seats: dict[str, Any], entered: list[int]) -> dict[str, float]:
    """What a turn takes from each purse, bn $: orders in force, and agreements that enter."""
    paid = {
        seat: standing_money(state, state.chairs[seat], one["orders"]) * state.years_a_turn
        for seat, one in seats.items()
    }
    for number in entered:
        for seat, bn in contract_costs(state.contracts[number]).items():
            paid[seat] += bn
    return {seat: round(bn, 4) for seat, bn in paid.items() if bn}


def assignments(state: State, seats: dict[str, Any], standing: list[Contract]) -> list[str]:
    """The levers in force, on a copy of the seats to which this turn's orders have been given."""
    after = State()
    after.config, after.turn = state.config, state.turn
    texts: list[str] = []
    for seat, chair in sorted(state.chairs.items()):
        texts += laid(state, seat, seats[seat]["orders"])
        after.chairs[seat] = Chair(seat, standing=dict(chair.standing))
        for order in seats[seat]["orders"]:
            give(after, after.chairs[seat], order)
    clubs = contracts.clubs({one.id: (one.by, one.to) for one in standing if is_club(one)})
    for contract in sorted(standing, key=lambda one: one.id):
        for clause, doer, other in contract.clauses():
            texts += contracts.assignments(clause, clubs.get(contract.id, contract.id), doer, other, after.now)
            if clause["form"] == "A8" and clause["terms"]["aid"] and state.chairs[doer].form.kind == "home":
                texts.append(_aid(state, doer, clause["terms"]["bn"] / (state.turns_of(contract) * state.years_a_turn)))
            if clause["form"] == "A6":
                allied = min(1.0, (after.now(doer, "H9.allied") or 0.0) + 0.3)
                texts.append(f"{state.chairs[doer].form.government}.allied_content={allied:g}")
    return texts + [one["lever"] for one in state.played.overrides if "lever" in one]


def laid(state: State, seat: str, orders: list[Order], hidden: bool = True) -> list[str]:
    """The levers of a seat's orders: those that stand and others on top; without `hidden`, only what others can see."""
    chair = Chair(seat, standing=dict(state.chairs[seat].standing))
    for order in orders:
        give(state, chair, order)
    texts = []
    for (name, where, part), value in chair.standing.items():
        form = rules.find_order(seat, state.seats, name)
        if hidden or not form.hidden:
            texts += rules.assignments(form, chair.form, value, where, part, state.start(seat, name, where))
    return texts


def _aid(state: State, seat: str, a_year: float) -> str:
    usual = state.config["start"][seat].get("aid_bn", 1.0)
    return f"{state.chairs[seat].form.government}.aid_bn={min(10.0, usual + a_year):g}"


def events_of(state: State, seats: dict[str, Any], entered: list[int], year: int) -> list[dict[str, Any]]:
    """What happens in a turn beside levers: news from outside, packages, cut-offs."""
    events = [event for one in state.played.injects if one["turn"] == state.turn for event in one["events"]]
    for number in entered:
        contract = state.contracts[number]
        for clause, doer, _ in contract.clauses():
            events += contracts.events(clause, doer, contract.values, year)
    for seat, one in seats.items():
        for order in one["orders"]:
            if order["order"] == "H10":
                events.append({"what": "cut_off", "year": year, "month": 3, "stack": state.chairs[seat].form.side,
                               "country": order["where"], "size": 1.0})  # fmt: skip
    return events


def _news(
    state: State, seats: dict[str, Any], entered: list[int], broken: list[dict[str, Any]], year: int
) -> list[dict[str, Any]]:
    news: list[dict[str, Any]] = []

    def tell(text: str, kind: str, month: int | None = None, seat: str | None = None) -> None:
        line = {"turn": state.turn, "year": year, "month": month, "kind": kind, "text": text}
        news.append({**line, "seat": seat, "seq": None})

    for number in entered:
        contract = state.contracts[number]
        said = [contracts.sentence(clause, doer, other) for clause, doer, other in contract.clauses()]
        for seat in (None,) if contract.public else (contract.by, contract.to):
            tell(f"Agreed: {'; in return '.join(said)}.", "contract", 1, seat)
    for one in broken:
        contract = state.contracts[one["contract"]]
        said = contracts.sentence(contract.does, contract.by, contract.to)
        title = state.chairs[one["by"]].form.title
        tell(f"{title} breaks an agreement ({said}); it pays {contract.penalty_bn:g} bn $.", "broken", 1)
    for seat, one in seats.items():
        for order in one["orders"]:
            if order["order"] == "H10":
                tell(f"{state.chairs[seat].form.title} cuts {usual_name(order['where'])} off.", "cut_off", 3)
        for order in one["left_out"]:
            title = rules.find_order(seat, state.seats, order["order"]).title
            tell(f"{title} could not be paid for and was left out.", "left_out", None, seat)
    for inject in (one for one in state.played.injects if one["turn"] == state.turn):
        tell(inject["text"], "inject", inject["events"][0].get("month", 1) if inject["events"] else None)
    return news
