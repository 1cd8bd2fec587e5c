"""Folding: how each kind of row changes the state of a game. Nothing here draws luck, looks at a clock or simulates."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta

from stackcraft.experiments.wargame.log import Row
from stackcraft.experiments.wargame.rules import KEPT_OF_PURSE, PC_KEPT
from stackcraft.experiments.wargame.state import Chair, Clock, Contract, Person, State, give

HIDDEN = "(hidden)"
HANDLERS: dict[str, Callable[[State, Row], None]] = {}


def on(*kinds: str) -> Callable[[Callable[[State, Row], None]], Callable[[State, Row], None]]:
    """Say which kinds of row a function folds."""

    def register(function: Callable[[State, Row], None]) -> Callable[[State, Row], None]:
        HANDLERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def fold(state: State, row: Row) -> None:
    """Take in a row, in place. Rows without consequences for the state are kept in the list alone."""
    if row.kind in HANDLERS:
        HANDLERS[row.kind](state, row)
    state.rows.append(row)


@on("created")
def _created(state: State, row: Row) -> None:
    state.config, state.code = row.body, row.body["code"]
    for seat in row.body["seats"]:
        state.chairs[seat] = Chair(seat)
    state.played.injects = [dict(one) for one in row.body["injects"]]


@on("joined")
def _joined(state: State, row: Row) -> None:
    body = row.body
    state.people[body["person"]] = Person(
        body["person"], body["name"], body["seat"], None, [body["token"]], body["phrase"]
    )
    _sit(state, body["person"], body["seat"])


@on("rejoined")
def _rejoined(state: State, row: Row) -> None:
    person = state.people[row.body["person"]]
    person.tokens.append(row.body["token"])
    person.here = True
    _sit(state, person.person, person.seat)


def _sit(state: State, person: str, seat: str | None) -> None:
    if seat is not None:
        chair = state.chairs[seat]
        chair.bot = None
        holder = state.people.get(chair.pen or "")
        if holder is None or not holder.here or holder.seat != seat:
            chair.pen = person


def _stand_up(state: State, person: str) -> None:
    for chair in state.chairs.values():
        if chair.pen == person:
            others = [one.person for one in state.members(chair.seat) if one.person != person]
            chair.pen = others[0] if others else None


@on("left", "kicked")
def _left(state: State, row: Row) -> None:
    person = state.people[row.body["person"]]
    person.here = False
    if row.kind == "kicked":
        person.tokens, person.phrase = [], ""
    _stand_up(state, person.person)


@on("named")
def _named(state: State, row: Row) -> None:
    person = state.people[row.actor]
    person.name, person.job = row.body.get("name", person.name), row.body.get("job", person.job)


@on("pen")
def _pen(state: State, row: Row) -> None:
    state.chairs[row.body["seat"]].pen = row.body["person"]


@on("assigned")
def _assigned(state: State, row: Row) -> None:
    for person, seat in row.body["moves"].items():
        _stand_up(state, person)
        state.people[person].seat = seat
        _sit(state, person, seat)


@on("drafted")
def _drafted(state: State, row: Row) -> None:
    said = {name: row.body.get(name) for name in ("orders", "why", "forecast")}
    state.chairs[row.body["seat"]].draft = {**said, "by": row.actor, "at": row.at}


@on("forecast")
def _forecast(state: State, row: Row) -> None:
    own = state.chairs[row.body["seat"]].forecasts
    if row.body["forecast"] is None:
        own.pop(row.actor, None)
    else:
        own[row.actor] = row.body["forecast"]


@on("locked", "unlocked")
def _locked(state: State, row: Row) -> None:
    chair = state.chairs[row.body["seat"]]
    chair.locked, chair.nudged = {"by": row.actor, "at": row.at} if row.kind == "locked" else None, None


@on("locked_absent")
def _locked_absent(state: State, row: Row) -> None:
    for seat in row.body["seats"]:
        state.chairs[seat].locked = {"by": row.actor, "at": row.at}


@on("nudged")
def _nudged(state: State, row: Row) -> None:
    state.chairs[row.body["seat"]].nudged = row.at


@on("offered")
def _offered(state: State, row: Row) -> None:
    contract = Contract(**row.body["contract"])
    state.contracts[contract.id] = contract
    state.last_contract = max(state.last_contract, contract.id)
    if row.body.get("counters"):
        state.contracts[row.body["counters"]].state = "countered"


@on("accepted", "declined", "withdrawn")
def _answered(state: State, row: Row) -> None:
    state.contracts[row.body["contract"]].state = row.kind


@on("phase")
def _phase(state: State, row: Row) -> None:
    state.phase, state.turn = row.body["phase"], row.body["turn"]
    seconds = row.body.get("seconds")
    ends = None if seconds is None else datetime.fromisoformat(row.at) + timedelta(seconds=seconds)
    state.clock = Clock(ends)
    for chair in state.chairs.values():
        chair.nudged = None
    if state.phase == "brief":
        _open_turn(state)


def _open_turn(state: State) -> None:
    income = state.config["pc"]
    for chair in state.chairs.values():
        kept = min(chair.pc, PC_KEPT) if state.turn > 1 else 0
        chair.pc = kept + income
        chair.purse = max(chair.purse, 0.0) * KEPT_OF_PURSE + chair.form.income * state.years_a_turn
        chair.draft = chair.locked = None
        chair.forecasts = {}
    state.envelopes = None
    state.openings[state.turn] = copy.deepcopy(state.played)


@on("clock")
def _clock(state: State, row: Row) -> None:
    clock, at = state.clock, datetime.fromisoformat(row.at)
    left = clock.left if clock.ends_at is None else (clock.ends_at - at).total_seconds()
    left = max(left or 0.0, 0.0) + row.body.get("seconds", 0.0)
    running = row.body["running"]
    state.clock = Clock(at + timedelta(seconds=left)) if running else Clock(None, left)


@on("resolving")
def _resolving(state: State, row: Row) -> None:
    body, turn = row.body, row.body["turn"]
    state.phase, state.clock = "resolve", Clock()
    state.played.moves[turn] = body
    state.played.history[turn] = body["sealed"]
    for seat, sealed in body["sealed"].items():
        chair = state.chairs[seat]
        chair.pc -= sealed["pc"]
        chair.missed = 0 if sealed["drafted"] or chair.bot else chair.missed + 1
        for order in sealed["orders"]:
            give(state, chair, order)
    for number in body["lapsed"]:
        state.contracts[number].state = "lapsed"
    for number in body["entered"]:
        contract = state.contracts[number]
        contract.state, contract.since = "in force", turn
    for seat, bn in body["payments"].items():
        _pay(state.chairs[seat], bn)
    for broken in body["broken"]:
        _break(state, broken["contract"], broken["by"])
    state.played.news += body["news"]


def _pay(chair: Chair, bn: float) -> None:
    chair.purse -= bn
    chair.spent_bn += bn
    if chair.purse < 0:
        chair.missing_bn -= chair.purse
        chair.purse = 0.0


def _break(state: State, number: int, by: str) -> None:
    contract = state.contracts[number]
    contract.state, contract.breaker = "broken", by
    state.chairs[by].broken += 1
    other = contract.to if by == contract.by else contract.by
    _pay(state.chairs[by], contract.penalty_bn)
    state.chairs[other].purse += contract.penalty_bn


@on("resolved")
def _resolved(state: State, row: Row) -> None:
    body = row.body
    state.played.results[body["turn"]] = body
    for number, judged in body["judged"].items():
        contract = state.contracts[int(number)]
        if judged["state"] == "broken":
            _break(state, contract.id, judged["by"])
        else:
            contract.state = "kept"
            for seat in (contract.by, contract.to):
                state.chairs[seat].kept += 1
    state.played.news += body["news"]
    state.played.injects = [one for one in state.played.injects if one["turn"] > body["turn"]]
    state.phase, state.clock = "results", Clock()


@on("scored")
def _scored(state: State, row: Row) -> None:
    state.played.scores[row.body["turn"]] = row.body["scores"]


@on("rewound")
def _rewound(state: State, row: Row) -> None:
    turn = row.body["turn"]
    first = next(one.seq for one in state.rows if one.kind == "phase" and one.seq not in state.void
                 and one.body["turn"] == turn)  # fmt: skip
    state.void |= {one.seq for one in state.rows if one.seq > first and one.kind in TAKEN_BACK}
    before, state.played = state.played, copy.deepcopy(state.openings[turn])
    for seat, chair in state.chairs.items():  # who sits where stays
        chair.open, chair.bot, chair.pen = before.chairs[seat].open, before.chairs[seat].bot, before.chairs[seat].pen
    state.phase, state.turn, state.clock, state.envelopes = "brief", turn, Clock(), None
    state.revealed = False


TAKEN_BACK = (
    "drafted", "forecast", "locked", "locked_absent", "unlocked", "nudged", "offered", "accepted", "declined",
    "withdrawn", "phase", "resolving", "resolved", "scored", "inject", "announced", "overridden", "envelopes",
)  # fmt: skip


@on("inject")
def _inject(state: State, row: Row) -> None:
    state.played.injects.append(row.body)


@on("announced")
def _announced(state: State, row: Row) -> None:
    line = {"turn": state.turn, "year": state.year, "month": None, "kind": "announcement", "text": row.body["text"]}
    state.played.news.append({**line, "seat": None, "seq": row.seq})


@on("overridden")
def _overridden(state: State, row: Row) -> None:
    body = row.body
    state.played.overrides.append({**body, "turn": state.turn})
    if "contract" in body:
        state.contracts[body["contract"]].state = body["state"]
    if "seat" in body:
        state.chairs[body["seat"]].points += body["points"]
    text = f"The facilitator has changed {body['what']}: {body['reason']}"
    line = {"turn": state.turn, "year": state.year, "month": None, "kind": "override", "text": text}
    state.played.news.append({**line, "seat": body.get("seat"), "seq": row.seq})


@on("opened", "closed")
def _opened(state: State, row: Row) -> None:
    state.chairs[row.body["seat"]].open = row.kind == "opened"


@on("bot")
def _bot(state: State, row: Row) -> None:
    chair = state.chairs[row.body["seat"]]
    chair.bot, chair.missed = row.body["bot"], 0


@on("code")
def _code(state: State, row: Row) -> None:
    state.code, state.doors = row.body.get("code", state.code), row.body.get("open", state.doors)


@on("envelopes")
def _envelopes(state: State, row: Row) -> None:
    state.envelopes = state.turn


@on("hidden")
def _hidden(state: State, row: Row) -> None:
    """A text that the facilitator hides: a name, a reason, words of an offer, an announcement."""
    state.hidden.add(row.body["seq"])
    hidden = state.rows[row.body["seq"] - 1]
    if hidden.kind in ("joined", "named"):
        person = state.people[hidden.body.get("person", hidden.actor)]
        person.name = f"Person {person.person.removeprefix('p')}"
    elif hidden.kind == "offered" and hidden.body["contract"]["id"] in state.contracts:
        for clause, _, _ in state.contracts[hidden.body["contract"]["id"]].clauses():
            if "text" in clause["terms"]:
                clause["terms"]["text"] = HIDDEN
    elif hidden.kind == "drafted":
        why, seat = hidden.body.get("why"), hidden.body["seat"]
        sealed = [turn[seat] for turn in state.played.history.values()]
        for one in (state.chairs[seat].draft, *sealed):
            if why and one is not None and one["why"] == why:
                one["why"] = HIDDEN


@on("revealed")
def _revealed(state: State, row: Row) -> None:
    state.revealed = True
