"""What each reader may see: the only place from which a game's contents leave it.

`view(game, reader)` builds a plain table up from what that reader is allowed, never by taking things away from a whole
state, so a new secret stays unseen until somebody writes it into a view. Everything in it is plain values (dict, list,
str, int, float, bool, None): ready for JSON.

Readers
-------
`Reader("member", seat="asean", person="p3")`, `Reader("projector")`, `Reader("facilitator")`, `Reader("observer")`.
`game.reader(token)` finds the reader of a token; `game.view("asean")` is short for a member of that seat.

Shape
-----
Every view has these keys::

    game      {code, title, game, opening: [str], not_this, names: bool, seed: None before the reveal,
               version, phase, turn, turns, years_a_turn, year, first_year, last_year, over,
               revealed, open, resolving}
              phase: lobby | brief | talk | orders | resolve | results | over; turn is 0 in the lobby;
              year is the January that comes next; version grows with every logged command
    clock     {state: off | running | paused, left_s: float | None, ends_at: ISO time | None}
    reader    {role: member | projector | facilitator | observer, seat, person, name, job, pen: bool}
    seats     [{seat, title, kind: home | firms | bloc, lead, countries, sign: o | ... | / | [x] | ! | B,
                state: empty | waiting | drafting | locked | dropped | bot, people: int, open: bool, missed: int,
                names: [pseudonyms] in the own seat and for the facilitator, else None}]
    news      [{turn, year, month: 1-12 | None, kind, text}], newest first; public lines, and the own seat's
    board     {headline: [{seat, title, stack, announced_bn, signed, delivered_bn: None while playing}],
               use: None while playing, then [{seat, title, stack, use_percent}]}
    contracts [contract] that the reader may see (public ones, the own seat's; all for the facilitator)
    map       {turn, countries: {ISO3: [US, CN, independent]}}: public installed shares, all layers, a year old and
              noisy. By layer: `public_map(game)`
    public    {year, world: {stack: share}, trust: {stack: mean 0-1}, cut_offs: int,
               homes: {seat: [{order, title, value, label}]}}: the homes' visible levers of last turn
    results   None before the first result, then {turn, from_year, to_year, sentences: [str], deals:
              [{country, layer, stack, vendor, value_bn, sentence}]}: what happened and why
    own       None, or for a member: see below
    desk      None, or for the facilitator: see below
    reveal    None before the reveal, then {cards: {seat: card}, orders: [{turn, seat, order, title, value, where, part,
              label, why}], scores: {seat: score}, no_luck: {seat: points},
              hazards: {ISO3: {stack: [supply, security, commitment]}}, luck: {seat: [score in each run]},
              forecasts: [{turn, seat, question, forecast, outcome, brier}], overrides: [{turn, what, reason}]}

`own`, for members::

    seat, title, kind, lead, countries: [{code, name}], actors: [names of the model's actors]
    mandate   [{measure, title, weight}]
    card      {card, title, text, measures: [{measure, title, weight}]}
    purse     {now, reserved, after, income, unit: "bn $"}     after: when the draft is paid
    pc        {now, after, income, most_kept}                  political capital
    orders    [{order, group, title, sentence, usual, form: level | choice | layers | switch | countries | act,
                now, now_label, new, new_label, where: buyer | member | vendor | contract | None (see places),
                exceptions: [{where, part, value, label}] that stand, parts: [layers] | [], low, high, step,
                choices: [{value, label, pc}], up, down: PC a step, pc: cost of the draft's change,
                money: bn $ a year of it, hidden: bool, first: bool (else behind "more"), problem: str | None}]
    places    {buyer: [{code, name}], member: [{code, name}], vendor: [{code, name}], contract: [{code, name}]}
              whom an order with that `where` may name
    draft     {orders: [{order, value, where, part, sentence, pc, money, problem}], why, by, at,
               pc, money, problems: [str], warnings: [str]}
    locked    {locked: bool, by, at}
    forecast  {question, event, mine}: the question of this turn, and what the reader alone expects
    nudged    ISO time at which the facilitator asked how far the team is, or None
    offers    {inbox: [contract], sent: [contract]}: those still open
    forms     [{form, title, sentence, judged_by, by: [kinds of seat that may do it], to: [kinds for whom],
                mine: bool (the seat may do it), theirs: bool (it may be done for the seat),
                terms: [{name, title, kind: countries | layers | number | choice | text, choices, low, high, default}]}]
    partners  [{seat, title}]
    people    [{person, name, job, seen: ISO time, pen: bool}]
    books     {year, countries: {ISO3: {name, shares: {layer: [3]}, use, demand,
              value, control, dependence, leverage: {US, CN}, hazards: {stack: [supply, security, commitment]}}},
              home: {use_percent, announced_bn, cost_bn, trust, concessions, incidents} | None,
              vendors: {vendor: {revenue_bn, cash_bn}} | None}
    score     None before turn 3 is played, then {points, parts: [{measure, title, weight, value, par, spread, points,
              counts: bool}], kept, missing_bn, facilitator, shared}
    history   [{turn, orders: [{order, value, where, part, sentence}], why, forecast: the reader's own}]

A contract::

    {id, from, to, turn, until, penalty_bn, public: bool,
     state: offered | countered | withdrawn | declined | accepted | in force | kept | broken | lapsed,
     form, title, does: sentence of what `from` does, wants: sentence of what `to` does in return or None,
     clause: {form, terms} that `from` carries out, in_return: the same of `to` or None,
     or_else: sentence of what `from` does if it is not accepted, for the two sides, or None,
     costs: {seat: bn $} for the two sides, value_bn: of a package or None, broken_by: seat | None,
     warning: str | None, judged_by: sentence, mine: from | to | None,
     can: [accept | counter | decline | withdraw]}

`desk`, for the facilitator::

    seats     [{seat, title, people: [{person, name, job, seen, dropped}], drafted: bool, locked: bool, missed, pc,
                purse, bot: str | None, pen: person | None, nudged: bool}]
    envelopes {seat: [{order, value, where, part, sentence}]} once opened (logged), else None
    cards     [{card, title, news, hint, needs: [country | stack], country, stack: whom it names where nobody else is
                named, felt_by: [str], armed: turn | None}]
    people    [{person, name, seat, job, seen}]
    log       [{seq, at, turn, phase, actor, kind, text, hides: bool}], newest first, 200 at most;
              hides: it holds words that can be hidden
    next      one sentence: what comes next
    say       one sentence: what to say now
    overrides [{turn, what, reason}]
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import contracts, rules, sealing
from stackcraft.experiments.wargame.commands import DROPPED_SECONDS
from stackcraft.experiments.wargame.seats import SEATS, card_of
from stackcraft.experiments.wargame.state import Contract, State

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame

ROLES = ("member", "projector", "facilitator", "observer")
SIGNS = {"empty": "o", "waiting": "...", "drafting": "/", "locked": "[x]", "dropped": "!", "bot": "B"}


@dataclass(frozen=True)
class Reader:
    """Who reads: a role, and for members their seat and, if they are a person, who."""

    role: str
    seat: str | None = None
    person: str | None = None


def view(game: Wargame, reader: Reader) -> dict[str, Any]:
    """Return what a reader may see, as the module says. Raises `InputError` for a reader who does not exist."""
    from stackcraft.experiments.wargame import views_desk, views_own

    if reader.role not in ROLES:
        raise InputError(f"reader {reader.role!r}; give {', '.join(ROLES)}")
    if reader.role == "member":
        reader = _checked_member(game.state, reader)
    member = reader.role == "member" and reader.seat is not None
    return {
        "game": _game(game),
        "clock": _clock(game.state),
        "reader": _reader(game.state, reader),
        "seats": [_seat(game, reader, seat) for seat in game.state.seats],
        "news": _news(game.state, reader),
        "board": _board(game),
        "contracts": _contracts(game.state, reader),
        "map": _map(game),
        "public": _public(game),
        "results": _results(game.state),
        "own": views_own.own(game, reader) if member else None,
        "desk": views_desk.desk(game) if reader.role == "facilitator" else None,
        "reveal": _reveal(game) if game.state.revealed else None,
    }


def public_map(game: Wargame) -> dict[str, Any]:
    """Return {turn, layers: {ISO3: {layer: [US, CN, independent]}}}: public shares, the same for every reader."""
    from stackcraft.agents.names import LAYERS

    turn = max(game.records, default=0)
    layers = game.records[turn]["public"]["layers"] if game.records else {}
    return {"turn": turn, "layers": {code: dict(zip(LAYERS, one, strict=True)) for code, one in layers.items()}}


def _checked_member(state: State, reader: Reader) -> Reader:
    if reader.person is not None:
        person = state.people.get(reader.person)
        if person is None or not person.here:
            raise InputError("this person is not at the table; join again")
        return Reader("member", person.seat, person.person)  # the seat is the log's, whatever the reader says
    if reader.seat not in state.chairs:
        raise InputError(f"{reader.seat} is not in this game; its seats are {', '.join(state.seats)}")
    return reader


def _game(game: Wargame) -> dict[str, Any]:
    state = game.state
    named = ("title", "game", "opening", "not_this", "names", "first_year", "last_year")
    told = {name: state.config[name] for name in named}
    return {
        **told, "code": state.code, "seed": state.config["seed"] if state.revealed else None,
        "version": state.version, "phase": state.phase, "turn": state.turn, "turns": state.turns,
        "years_a_turn": state.years_a_turn, "year": state.year, "over": game.over, "revealed": state.revealed,
        "open": state.doors, "resolving": state.phase == "resolve",
    }  # fmt: skip


def _clock(state: State) -> dict[str, Any]:
    clock = state.clock
    if clock.ends_at is not None:
        left = max(0.0, (clock.ends_at - datetime.now(UTC)).total_seconds())
        return {"state": "running", "left_s": round(left, 1), "ends_at": clock.ends_at.isoformat()}
    return {"state": "off" if clock.left is None else "paused", "left_s": clock.left, "ends_at": None}


def _reader(state: State, reader: Reader) -> dict[str, Any]:
    person = state.people.get(reader.person or "")
    return {
        "role": reader.role, "seat": reader.seat, "person": reader.person, "name": person and person.name,
        "job": person and person.job,
        "pen": bool(person and reader.seat and state.chairs[reader.seat].pen == person.person),
    }  # fmt: skip


def _seat(game: Wargame, reader: Reader, seat: str) -> dict[str, Any]:
    state, chair = game.state, game.state.chairs[seat]
    people = state.members(seat)
    named = reader.role == "facilitator" or (reader.role == "member" and reader.seat == seat)
    now = seat_state(game, seat)
    return {
        "seat": seat, "title": chair.form.title, "kind": chair.form.kind, "lead": chair.form.lead,
        "countries": list(chair.form.countries), "state": now, "sign": SIGNS[now], "people": len(people),
        "open": chair.open, "missed": chair.missed, "names": [one.name for one in people] if named else None,
    }  # fmt: skip


def seat_state(game: Wargame, seat: str) -> str:
    """Return in one word what a seat is doing; it does not say what it writes."""
    chair, people = game.state.chairs[seat], game.state.members(seat)
    if chair.bot is not None:
        return "bot"
    if chair.locked:
        return "locked"
    if not people:
        return "drafting" if chair.draft else "empty"
    if all(silent(game, one.person) > DROPPED_SECONDS for one in people):
        return "dropped"
    return "drafting" if chair.draft else "waiting"


def silent(game: Wargame, person: str) -> float:
    """For how many seconds somebody gave no sign of life."""
    return time.monotonic() - game.seen.get(person, float("-inf"))


def _news(state: State, reader: Reader) -> list[dict[str, Any]]:
    mine = [
        one for one in state.played.news
        if (one["seat"] is None or one["seat"] == reader.seat or reader.role == "facilitator")
        and one["seq"] not in state.hidden
    ]  # fmt: skip
    return [{name: one[name] for name in ("turn", "year", "month", "kind", "text")} for one in reversed(mine)]


def _board(game: Wargame) -> dict[str, Any]:
    state, record = game.state, _record(game)
    sides = [SEATS[seat] for seat in ("us", "cn")]
    lasting = game.over
    headline = [
        {
            "seat": side.seat, "title": side.title, "stack": side.side,
            "announced_bn": record["public"]["announced_bn"][side.side],
            "signed": record["public"]["signed"][side.side],
            "delivered_bn": record["secret"]["delivered_bn"][side.side] if lasting else None,
        }
        for side in sides
    ] if record else []  # fmt: skip
    headline.sort(key=lambda one: -one["announced_bn"])
    use = None
    if lasting and record and state.phase in ("results", "over"):
        lasts = record["secret"]["use"]
        use = [
            {"seat": one.seat, "title": one.title, "stack": one.side, "use_percent": lasts[one.side]} for one in sides
        ]
        use.sort(key=lambda one: -one["use_percent"])
    return {"headline": headline, "use": use}


def _record(game: Wargame) -> dict[str, Any] | None:
    """The record of the last turn played."""
    return game.records[max(game.records)] if game.records else None


def _contracts(state: State, reader: Reader) -> list[dict[str, Any]]:
    settled = ("in force", "kept", "broken", "accepted")
    shown = [
        one for one in state.contracts.values()
        if reader.role == "facilitator"
        or (reader.role == "member" and reader.seat in (one.by, one.to))
        or (one.public and one.state in settled)
        or one.state == "broken"
    ]  # fmt: skip
    return [contract_view(state, one, reader.seat if reader.role == "member" else None) for one in shown]


def contract_view(state: State, contract: Contract, seat: str | None) -> dict[str, Any]:
    """A contract as a reader sees it who may see it; `seat` is the reader's own."""
    form = contracts.FORMS[contract.does["form"]]
    said = [contracts.sentence(clause, doer, other) for clause, doer, other in contract.clauses()]
    mine = "from" if seat == contract.by else "to" if seat == contract.to else None
    can = [] if contract.state != "offered" or state.phase not in ("brief", "talk", "orders") else (
        ["withdraw"] if mine == "from" else ["accept", *(["counter"] if state.phase != "orders" else []), "decline"]
        if mine == "to" else [])  # fmt: skip
    threat = contract.or_else and mine and sealing.order_sentence(state, contract.by, contract.or_else)
    return {
        "id": contract.id, "from": contract.by, "to": contract.to, "turn": contract.turn, "until": contract.until,
        "penalty_bn": contract.penalty_bn, "public": contract.public, "state": contract.state, "form": form.form,
        "title": form.title, "does": said[0], "wants": said[1] if len(said) > 1 else None,
        "or_else": threat or None, "costs": sealing.contract_costs(contract) if mine or seat is None else {},
        "value_bn": round(sum(contract.values.values()), 3) or None,
        "warning": _warning(contract, mine), "judged_by": form.judged_by, "mine": mine, "can": can,
        "broken_by": contract.breaker, "clause": contract.does, "in_return": contract.wants,
    }  # fmt: skip


def _warning(contract: Contract, mine: str | None) -> str | None:
    if mine is None or contract.state != "in force" or not contract.penalty_bn:
        return None
    return f"Whoever breaks it pays {contract.penalty_bn:g} bn $, and everybody hears of it."


def _map(game: Wargame) -> dict[str, Any]:
    record = _record(game)
    return {"turn": max(game.records, default=0), "countries": record["public"]["countries"] if record else {}}


def _public(game: Wargame) -> dict[str, Any]:
    """The public record, and where the homes' visible orders stood when the last turn was played."""
    record = _record(game)
    named = {name: record["public"][name] for name in ("year", "world", "trust", "cut_offs")} if record else {}
    return {**named, "homes": {seat: _visible(game.state, seat) for seat in ("us", "cn") if seat in game.state.chairs}}


def _visible(state: State, seat: str) -> list[dict[str, Any]]:
    shown = []
    for form in rules.orders_of(seat, state.seats).values():
        if not form.hidden and form.form in ("level", "choice", "switch"):
            value = state.now(seat, form.order)
            shown.append({"order": form.order, "title": form.title, "value": value, "label": rules.label(form, value)})
    return shown


def _results(state: State) -> dict[str, Any] | None:
    if not state.played.results:
        return None
    turn = max(state.played.results)
    result = state.played.results[turn]
    return {
        "turn": turn, "from_year": state.year_of(turn), "to_year": state.year_of(turn + 1),
        "sentences": [one["sentence"] for one in result["reasons"]], "deals": [dict(one) for one in result["reasons"]],
    }  # fmt: skip


def card_view(kind: str, card: str) -> dict[str, Any]:
    """A secret card with its measures."""
    one = card_of(kind, card)
    return {"card": one.card, "title": one.title, "text": one.text, "measures": weights_view(one.weights)}


def weights_view(weights: dict[str, float]) -> list[dict[str, Any]]:
    """Measures with their titles and weights."""
    from stackcraft.experiments.wargame.scores import MEASURES

    return [{"measure": name, "title": MEASURES[name].title, "weight": weight} for name, weight in weights.items()]


def order_view(state: State, seat: str, order: dict[str, Any]) -> dict[str, Any]:
    """A sealed order, with its title and what its value means."""
    form = rules.find_order(seat, state.seats, order["order"])
    kept = {name: order[name] for name in ("order", "value", "where", "part", "sentence")}
    return {**kept, "title": form.title, "label": rules.label(form, order["value"])}


def _reveal(game: Wargame) -> dict[str, Any]:
    state, record = game.state, _record(game)
    scores = state.played.scores[max(state.played.scores)] if state.played.scores else {}
    return {
        "cards": {seat: card_view(SEATS[seat].kind, card) for seat, card in state.config["cards"].items()},
        "orders": [
            {"turn": turn, "seat": seat, **order_view(state, seat, order), "why": one["why"]}
            for turn, seats in sorted(state.played.history.items())
            for seat, one in seats.items()
            for order in one["orders"]
        ],
        "scores": {seat: _without_runs(one) for seat, one in scores.items()},
        "no_luck": {seat: one["no_luck"] for seat, one in scores.items()},
        "luck": {seat: one["by_run"] for seat, one in scores.items()},
        "hazards": record["secret"]["hazards"] if record else {},
        "forecasts": [
            {"turn": turn, "seat": seat, **{name: one[name] for name in ("question", "forecast", "outcome", "brier")}}
            for turn, result in sorted(state.played.results.items())
            for seat, one in result["forecasts"].items()
        ],
        "overrides": [{name: one[name] for name in ("turn", "what", "reason")} for one in state.played.overrides],
    }  # fmt: skip


def _without_runs(score: dict[str, Any]) -> dict[str, Any]:
    """A score as its own seat may read it: as it happened, nothing of the other runs."""
    return {name: score[name] for name in ("points", "parts", "kept", "missing_bn", "facilitator", "shared")}
