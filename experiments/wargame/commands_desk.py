"""Commands of the facilitator, and of the clock: phases, news, overrides, doors, the reveal."""

from __future__ import annotations

from collections.abc import Callable

from stackcraft.agents.assignments import parse
from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.experiments.wargame import injects, sealing, tokens
from stackcraft.experiments.wargame.commands import DROPPED_SECONDS, FACILITATOR, Asked, Made, command
from stackcraft.experiments.wargame.state import PHASES, State

MOST_REASON = 280


@command("advance", FACILITATOR, "clock")
def _advance(asked: Asked) -> Made:
    state = asked.state
    if state.phase == "resolve":
        raise InputError("the turn is being resolved; wait a moment")
    if state.phase == "over":
        raise InputError("the game is over")
    if state.phase == "orders":
        return Made("resolving", sealing.resolving(state))
    turn, phase = state.turn, state.phase
    if phase in ("lobby", "results"):
        phase, turn = ("over", turn) if turn == state.turns else ("brief", turn + 1)
    else:
        phase = PHASES[PHASES.index(phase) + 1]
    return Made("phase", {"phase": phase, "turn": turn, "seconds": state.seconds_of(phase)}, {"phase": phase})


@command("advance_slowest", FACILITATOR)
def _advance_slowest(asked: Asked) -> Made:
    """Nobody waits any longer for teams that are away: their drafts are sealed as they stand."""
    asked.in_phase("talk", "orders")
    absent = [seat for seat in asked.state.seats if absent_from(asked.state, seat, asked.silent)]
    if not absent:
        chairs = asked.state.chairs.values()
        open_still = [one.form.title for one in chairs if asked.state.members(one.seat) and not (one.locked or one.bot)]
        who = (
            f"{', '.join(open_still)} {'is' if len(open_still) == 1 else 'are'} still at it"
            if open_still
            else "all are in"
        )
        raise InputError(f"no team is away: {who}; nudge or advance")
    return Made("locked_absent", {"seats": absent}, {"seats": absent})


def absent_from(state: State, seat: str, silent: Callable[[str], float]) -> bool:
    """Whether a seat that is not locked is played by people, none of whom gave a sign of life."""
    chair, people = state.chairs[seat], state.members(seat)
    away = bool(people) and all(silent(one.person) > DROPPED_SECONDS for one in people)
    return chair.locked is None and chair.bot is None and away


@command("nudge", FACILITATOR)
def _nudge(asked: Asked) -> Made:
    asked.in_phase("brief", "talk", "orders")
    seat = asked.chair("seat")
    if asked.state.chairs[seat].locked or asked.state.chairs[seat].bot:
        raise InputError(f"{asked.state.chairs[seat].form.title} is in already")
    if not asked.state.members(seat):
        raise InputError(f"nobody sits in {asked.state.chairs[seat].form.title}")
    return Made("nudged", {"seat": seat})


@command("pause", FACILITATOR)
def _pause(asked: Asked) -> Made:
    return Made("clock", {"running": False})


@command("resume", FACILITATOR)
def _resume(asked: Asked) -> Made:
    return Made("clock", {"running": True})


@command("extend", FACILITATOR)
def _extend(asked: Asked) -> Made:
    seconds = asked.body.get("seconds", 60)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds <= 3600:
        raise InputError(f"{shown(seconds)} seconds; give 1 to 3600")
    clock = asked.state.clock
    if clock.ends_at is None and clock.left is None:
        raise InputError("no clock is running in this phase")
    return Made("clock", {"running": clock.ends_at is not None, "seconds": seconds})


@command("rewind", FACILITATOR)
def _rewind(asked: Asked) -> Made:
    turn = asked.body.get("turn")
    if turn not in asked.state.openings:
        raise InputError(
            f"turn {shown(turn)} has not begun; give {', '.join(map(str, asked.state.openings)) or 'none'}"
        )
    return Made("rewound", {"turn": turn})


@command("inject", FACILITATOR)
def _inject(asked: Asked) -> Made:
    state, body = asked.state, asked.body
    asked.in_phase("brief", "talk", "orders", "results", "lobby")
    turn = state.turn if state.phase in PHASES[:3] else state.turn + 1
    if turn > state.turns:
        raise InputError("no turn is left in which it could happen")
    named = {name: body.get(name) for name in ("country", "stack", "month")}
    return Made("inject", injects.armed(state, str(body.get("card")), turn, **named), {"turn": turn})


@command("announce", FACILITATOR)
def _announce(asked: Asked) -> Made:
    return Made("announced", {"text": asked.text("text", MOST_REASON, needed=True)})


@command("override", FACILITATOR)
def _override(asked: Asked) -> Made:
    body, state = asked.body, asked.state
    reason = asked.text("reason", MOST_REASON, needed=True)
    if body.get("lever"):
        return Made("overridden", {"lever": parse(body["lever"]).text, "what": body["lever"], "reason": reason})
    if body.get("contract") is not None:
        if body["contract"] not in state.contracts:
            raise InputError(f"there is no contract {shown(body['contract'])}")
        if body.get("state") not in ("in force", "kept", "broken", "lapsed"):
            raise unknown("state of a contract", body.get("state"), ("in force", "kept", "broken", "lapsed"))
        what = f"agreement no. {body['contract']} ({body['state']})"
        return Made(
            "overridden", {"contract": body["contract"], "state": body["state"], "what": what, "reason": reason}
        )
    points = body.get("points")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not -50 <= points <= 50:
        raise InputError("override needs a lever, a contract with a state, or a seat with points from -50 to 50")
    seat = asked.chair("seat")
    what = f"the score of {state.chairs[seat].form.title} by {points:+g}"
    return Made("overridden", {"seat": seat, "points": points, "what": what, "reason": reason})


@command("envelopes", FACILITATOR)
def _envelopes(asked: Asked) -> Made:
    return Made("envelopes", {})


@command("new_code", FACILITATOR)
def _new_code(asked: Asked) -> Made:
    code = tokens.new_code()
    return Made("code", {"code": code}, {"code": code})


@command("doors", FACILITATOR)
def _doors(asked: Asked) -> Made:
    return Made("code", {"open": bool(asked.body.get("open"))})


@command("hide", FACILITATOR)
def _hide(asked: Asked) -> Made:
    seq = asked.body.get("seq")
    if not isinstance(seq, int) or not 1 <= seq <= asked.state.version:
        raise InputError(f"there is no row {shown(seq)}")
    return Made("hidden", {"seq": seq})


@command("reveal", FACILITATOR)
def _reveal(asked: Asked) -> Made:
    asked.in_phase("results", "over")
    return Made("revealed", {})
