"""What the facilitator sees beside what everybody sees; the shape is in `views`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackcraft.experiments.wargame import content, views, views_own
from stackcraft.experiments.wargame.commands import DROPPED_SECONDS
from stackcraft.experiments.wargame.log import Row
from stackcraft.experiments.wargame.state import State

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame

ROWS_SHOWN = 200
NEXT = {
    "lobby": "Next: turn 1 begins with the news.", "brief": "Next: talk.", "talk": "Next: orders.",
    "orders": "Next: the drafts are sealed and the turn is played, about a second.",
    "resolve": "The turn is being played.", "results": "Next: the news of the next turn.", "over": "The game is over.",
}  # fmt: skip
SAY = {
    "lobby": "Welcome. Scan the code, take a seat, read your card.",
    "brief": "Read the news. Who is touched by it?",
    "talk": "Talk to whoever can give you what you need. Offers count until the orders begin.",
    "orders": "Last orders. Drafts count as they stand.",
    "resolve": "Which of you expects to be cut off? We shall see.",
    "results": "What surprised you? Ask those who know why.",
    "over": "Before we look at the scores: what was your most expensive promise?",
}  # fmt: skip


def desk(game: Wargame) -> dict[str, Any]:
    """Return the facilitator's own part of the view: no draft, unless the envelopes of this turn were opened."""
    state = game.state
    return {
        "seats": [_seat(game, seat) for seat in state.seats],
        "envelopes": _envelopes(state) if state.envelopes == state.turn else None,
        "cards": [
            {"card": one.card, "title": one.title, "news": one.text(), "hint": one.hint, "needs": list(one.needs),
             "felt_by": list(one.felt_by), "country": one.country, "stack": one.stack, "armed": _armed(state, one.card)}
            for one in content.injects().values()
        ],
        "people": [_person(game, one.person) for one in state.people.values() if one.here],
        "log": [_line(state, row) for row in reversed(state.rows[-ROWS_SHOWN:])],
        "next": NEXT["over" if game.over else state.phase],
        "say": SAY["over" if game.over else state.phase],
        "overrides": [{name: one[name] for name in ("turn", "what", "reason")} for one in state.played.overrides],
    }  # fmt: skip


def _seat(game: Wargame, seat: str) -> dict[str, Any]:
    chair = game.state.chairs[seat]
    return {
        "seat": seat, "title": chair.form.title,
        "people": [_person(game, one.person) for one in game.state.members(seat)],
        "drafted": chair.draft is not None, "locked": chair.locked is not None, "missed": chair.missed, "pc": chair.pc,
        "purse": round(chair.purse, 3), "bot": chair.bot, "pen": chair.pen, "nudged": chair.nudged is not None,
    }  # fmt: skip


def _person(game: Wargame, person: str) -> dict[str, Any]:
    one = game.state.people[person]
    dropped = views.silent(game, person) > DROPPED_SECONDS
    return {
        "person": person, "name": one.name, "seat": one.seat, "job": one.job, "seen": views_own.seen(game, person),
        "dropped": dropped,
    }  # fmt: skip


def _envelopes(state: State) -> dict[str, list[dict[str, Any]]]:
    from stackcraft.experiments.wargame import sealing

    found = {}
    for seat, chair in state.chairs.items():
        orders = (chair.draft or {}).get("orders") or []
        lines = sealing.evaluated(state, seat, orders)["orders"]
        found[seat] = [{name: one[name] for name in ("order", "value", "where", "part", "sentence")} for one in lines]
    return found


def _armed(state: State, card: str) -> int | None:
    return next((one["turn"] for one in state.played.injects if one["card"] == card), None)


def _line(state: State, row: Row) -> dict[str, Any]:
    return {
        "seq": row.seq, "at": row.at, "turn": row.turn, "phase": row.phase, "actor": row.actor, "kind": row.kind,
        "text": _words(state, row) + (" (taken back)" if row.seq in state.void else ""),
        "hides": _has_words(state, row) and row.seq not in state.hidden,
    }  # fmt: skip


def _has_words(state: State, row: Row) -> bool:
    """Whether a row holds words of people, or of the facilitator, that others read or will read after the reveal."""
    if row.actor.startswith("bot:"):
        return False
    if row.kind == "offered":
        contract = row.body["contract"]
        return any("text" in clause["terms"] for clause in (contract["does"], contract["wants"]) if clause)
    if row.kind == "drafted":
        return state.revealed and bool(row.body.get("why"))
    return row.kind in ("joined", "announced") or (row.kind == "named" and "name" in row.body)


def _words(state: State, row: Row) -> str:
    """A row in a few words, without what is sealed."""
    body = row.body
    who = state.people[row.actor].name if row.actor in state.people else row.actor
    if row.seq in state.hidden:
        return f"{who}: hidden"
    texts = {
        "created": lambda: f"the game {body['code']} is made",
        "joined": lambda: f"{body['name']} joins {body['seat']}",
        "drafted": lambda: f"{body['seat']} drafts",
        "locked": lambda: f"{body['seat']} locks",
        "unlocked": lambda: f"{body['seat']} unlocks",
        "forecast": lambda: f"{who} forecasts",
        "locked_absent": lambda: f"no longer waits for {', '.join(body['seats'])}",
        "nudged": lambda: f"asks {body['seat']} how far they are",
        "offered": lambda: f"{body['contract']['by']} offers no. {body['contract']['id']} to {body['contract']['to']}",
        "phase": lambda: f"turn {body['turn']}: {body['phase']}",
        "resolving": lambda: f"turn {body['turn']} is sealed",
        "resolved": lambda: f"turn {body['turn']} is played",
        "announced": lambda: f"announced: {body['text']}",
        "overridden": lambda: f"changed {body['what']}: {body['reason']}",
        "rewound": lambda: f"back to turn {body['turn']}",
        "inject": lambda: f"card {body['card']} for turn {body['turn']}",
    }
    if row.kind in texts:
        return texts[row.kind]()
    subject = body.get("seat") or body.get("contract") or body.get("person") or ""
    return f"{row.kind} {subject}".strip()
