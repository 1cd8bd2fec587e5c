"""What people and the facilitator do through forms: each a command of the game, with words for whoever did it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.commands import DROPPED_SECONDS
from stackcraft.experiments.wargame.state import PHASES
from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame import solo
from stackcraft.viz.wargame.forms import Fields, chance, desk_body, draft_body, number, offer_body, one, whole
from stackcraft.viz.wargame.house import House, Table
from stackcraft.viz.wargame.pages.frame import text
from stackcraft.viz.wargame.pages.shared import phase_title

DESK_KINDS = (
    "advance", "advance_slowest", "nudge", "pause", "resume", "extend", "rewind", "inject", "announce", "override",
    "assign", "merge", "kick", "open_seat", "close_seat", "hand_to_bot", "take_over", "envelopes", "new_code", "doors",
    "hide", "reveal",
)  # fmt: skip
MOST_PREVIEWS = 3  # that wait for the worker, so that no turn waits long for previews


# members


async def member_do(house: House, table: Table, reader: Reader, kind: str, fields: Fields) -> dict[str, Any]:
    """Do a member's command and return the words about it. Raises `InputError`, one sentence."""
    if table.busy and kind not in ("name", "job", "leave"):
        raise InputError(text("refused.resolving"))
    written = whole(fields, "turn")
    if written is not None and written != table.game.state.turn:  # kept by a phone that was away, or by an old page
        raise InputError(text("refused.stale", turn=written))
    key = one(fields, "key")[:64] or None
    person = reader.person
    if one(fields, "undo"):
        kind = "draft"
    if kind == "go_on" and table.solo == person:
        if "why" in fields and table.game.state.phase in solo.OPEN:
            _draft(table, reader, "go_on", fields, key)
        return solo.go_on(house, table)
    if kind in ("draft", "lock"):
        return _draft(table, reader, kind, fields, key)
    if kind == "preview":
        return await _preview(house, table, reader, fields, key)
    if kind == "had_not" and table.solo == person:
        await solo.had_not(house, table, reader.seat or "", one(fields, "which"))
        return {"message": "", "tab": "orders"}
    if kind in ("offer", "counter"):
        body = offer_body(fields, table.view(reader))
        target = {"contract": whole(fields, "contract")} if kind == "counter" else {"to": one(fields, "to")}
        table.apply(kind, person, key, **target, **body)
        return {"message": text("said.offered"), "tab": "talk", "go": f"/game/{table.name}/seat?tab=talk"}
    if kind == "leave":
        table.apply(kind, person, key)
        return {"left": True, "go": "/game"}
    if kind not in SIMPLE:
        raise InputError(f"{kind[:20]!r} cannot be done here")
    tab, said, body = SIMPLE[kind]
    table.apply(kind, person, key, **body(fields))
    return {"message": text(f"said.{said}"), "tab": tab}


# Commands of members that need nothing but their fields: the tab that is shown next, what is said, and the body.
SIMPLE: dict[str, tuple[str, str, Callable[[Fields], dict[str, Any]]]] = {
    **{kind: ("talk", kind, lambda fields: {"contract": whole(fields, "contract")})
       for kind in ("accept", "decline", "withdraw")},
    "name": ("us", "changed", lambda fields: {"name": one(fields, "name")}),
    "job": ("us", "changed", lambda fields: {"job": one(fields, "job")}),
    "pass_pen": ("us", "pass_pen", lambda fields: {"person": one(fields, "person")}),
    "take_pen": ("orders", "take_pen", lambda fields: {}),
    "unlock": ("orders", "unlock", lambda fields: {}),
    "forecast": ("orders", "forecast", lambda fields: {"forecast": chance(fields)}),
}  # fmt: skip


def _draft(table: Table, reader: Reader, kind: str, fields: Fields, key: str | None) -> dict[str, Any]:
    if "forecast" in fields:  # from a form without our script, or of solo: one form holds both
        _forecast_with_it(table, reader, chance(fields), key)
    answer = table.apply("draft", reader.person, key, **draft_body(fields, table.view(reader)))
    problems = list(answer.get("problems") or ())
    if kind != "draft" and problems:
        raise InputError(str(problems[0]))
    if kind == "lock":
        table.apply("lock", reader.person, f"{key}-lock" if key else None)
        return {"message": text("said.lock"), "tab": "orders"}
    return {"message": text("said.saved"), "tab": "orders"}


def _forecast_with_it(table: Table, reader: Reader, expected: float | None, key: str | None) -> None:
    chair = table.game.state.chairs[reader.seat]
    if chair.forecasts.get(reader.person) != expected:
        table.apply("forecast", reader.person, f"{key}-forecast" if key else None, forecast=expected)


async def _preview(house: House, table: Table, reader: Reader, fields: Fields, key: str | None) -> dict[str, Any]:
    """Keep the draft, and imagine what it may do; the team reads it until the draft changes."""
    chair = table.game.state.chairs[reader.seat]
    if not chair.locked:
        _draft(table, reader, "draft", fields, key)
    orders = [dict(one) for one in (chair.draft or {}).get("orders") or ()]
    if not orders:
        raise InputError(text("refused.no_draft"))
    if house.previewing >= MOST_PREVIEWS:
        raise InputError(text("refused.busy_preview"))
    house.previewing += 1
    try:
        found = await house.in_worker(table.game.preview, reader.seat, orders)
    finally:
        house.previewing -= 1
    table.previews[reader.seat] = {"turn": table.game.state.turn, "orders": orders, **found}
    table.tell("draft", reader.person)
    return {"message": text("said.preview"), "tab": "orders"}


def preview_of(table: Table, seat: str) -> dict[str, Any] | None:
    """Return the preview of the draft as it stands; None where none was made of this one, or its turn is played."""
    state, made = table.game.state, table.previews.get(seat)
    if state.phase not in PHASES[:3]:
        return None
    draft = (state.chairs[seat].draft or {}).get("orders") or []
    return made if made and (made["turn"], made["orders"]) == (state.turn, draft) else None


def missed(table: Table, person: str, live: bool) -> str:
    """Return what somebody missed who comes back after having been away; nothing for everybody else."""
    game = table.game.state
    now, at = (game.turn, game.phase), time.monotonic()
    before = table.visits.get(person)
    if live and before is not None and before[1] != "":
        table.visits[person] = (now, before[1] if at - before[2] < DROPPED_SECONDS else "", at)
    else:
        away = before is not None and at - before[2] > DROPPED_SECONDS and before[0][0] != now[0]
        words = text("team.missed", what=_passed(table, before[0])) if away and before else ""
        table.visits[person] = (now, words, at)
    return table.visits[person][1]


def _passed(table: Table, before: tuple[int, str]) -> str:
    game = table.view(Reader("observer"))
    old = text("talk.turn", turn=before[0]) if before[0] else text("frame.phase_lobby")
    return text("said.passed", old=old, new=f"{text('talk.turn', turn=game['game']['turn'])}, {phase_title(game)}")


# the facilitator


async def desk_do(house: House, table: Table, fields: Fields) -> dict[str, Any]:
    """Do a command of the facilitator and return the words about it. Raises `InputError`, one sentence."""
    kind, key = one(fields, "kind"), one(fields, "key")[:64] or None
    if table.busy:
        raise InputError(text("refused.resolving"))
    if kind == "fill_with_bots":
        table.game.fill_with_bots()
        table.tell()
        return {"message": text("said.filled")}
    if kind not in DESK_KINDS:
        raise InputError(f"{kind[:20]!r} cannot be done here")
    state, seen = table.game.state, one(fields, "step")
    if kind == "advance" and seen and seen != f"{state.turn}-{state.phase}":  # two clicks, or the clock was faster
        raise InputError(text("refused.moved"))
    if kind == "rewind":
        await house.rewind(table, key, **desk_body(kind, fields))
    else:
        table.apply(kind, "facilitator", key, **desk_body(kind, fields))
        if kind == "advance_slowest" and table.game.all_in():
            table.apply("advance", "facilitator", f"{key}-advance" if key else None)
    if table.game.state.phase == "resolve":
        house.resolve(table)
    return {"message": text(f"said.desk_{kind}")}


def screen_token(state: Any, table: Table) -> str:
    """Return a token for a projector of this game; one a server and game."""
    if table.name not in state.screens:
        state.screens[table.name] = state.keys.make(table.name)
    return state.screens[table.name]


async def games_do(state: Any, fields: Fields) -> str:
    """Make or delete a game and return where to go on. Raises `InputError`."""
    house: House = state.house
    if one(fields, "kind") == "delete":
        name = house.name_of(one(fields, "code"))
        if name is None:
            raise InputError(text("refused.code", code=one(fields, "code")[:12]))
        house.delete(name)
        state.keys.forget(name)
        state.screens.pop(name, None)
        return "/game/games"
    seed = number(fields, "seed")
    table = await house.create(
        one(fields, "scenario"),
        seats=one(fields, "seats"),
        turns=whole(fields, "turns", 3),
        years_a_turn=whole(fields, "years_a_turn", 3),
        **({} if seed is None else {"seed": int(seed)}),
    )
    return f"/game/{table.name}/desk"


# pictures


def public_map(table: Table, layer: str) -> dict[str, list[float]]:
    """Return the public shares of every country in one layer."""
    from stackcraft.experiments.wargame.views import public_map as by_layer

    return {code: shares[layer] for code, shares in by_layer(table.game)["layers"].items()}
