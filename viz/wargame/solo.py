"""A game for one person: bots in every other seat, no clock, a coach's line a turn, and the debrief at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.had_not import had_not as had_not_given
from stackcraft.experiments.wargame.seats import find_seat
from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame.house import House, Table
from stackcraft.viz.wargame.pages.frame import text

WATCH_SECONDS = 15.0  # a turn, when a bot is watched
COACHED_TURNS = 4
OPEN = ("brief", "talk", "orders")


def prepare(table: Table, seat: str, watch: bool) -> str:
    """Seat one person, give the other seats to bots, begin, and return the person's token. Raises `InputError`."""
    find_seat(seat)
    game = table.game
    if seat not in game.state.seats:
        raise InputError(f"--seat {seat} is not in this game; choose one of {', '.join(game.state.seats)}")
    answer = game.apply("join", None, code=game.state.code, seat=seat, name=text("solo.name"))
    game.fill_with_bots()
    table.solo = answer["person"]
    table.watched = seat if watch else ""
    if watch:
        game.apply("hand_to_bot", "facilitator", seat=seat)
    game.apply("advance", "facilitator")
    table.tell()
    return answer["token"]


def coach(table: Table, view: Mapping[str, Any]) -> str:
    """Return the one thing that a beginner is told this turn; nothing later, or in a class."""
    turn = view["game"]["turn"]
    if not table.solo or not 1 <= turn <= COACHED_TURNS or view["game"]["over"]:
        return ""
    return text(f"solo.coach_{view['own']['kind']}_{turn}")


def go_on(house: House, table: Table) -> dict[str, Any]:
    """Seal the draft and play the years, or go on to the next turn's news. Raises `InputError`."""
    game = table.game
    if game.state.phase in OPEN:
        seal(table)
    else:
        table.apply("advance", "facilitator")
        if game.state.phase == "over" and not game.state.revealed:
            table.apply("reveal", "facilitator")
    if game.state.phase == "resolve":
        house.resolve(table)
    return {"message": "", "tab": "orders"}


def seal(table: Table) -> None:
    """Go through the phases up to the one that plays the years."""
    while table.game.state.phase in OPEN:
        table.apply("advance", "facilitator")


def had_nots(table: Table, view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the orders of the turn just played, each with what is known of the turn without it; in solo alone."""
    history, game = view["own"]["history"], view["game"]
    if not table.solo or table.watched or not history or game["phase"] not in ("results", "over"):
        return []
    last = history[-1]
    places = range(len(last["orders"]))
    return [
        {"which": f"{last['turn']}-{place}", "sentence": last["orders"][place]["sentence"],
         **_known(table.had_not.get(f"{last['turn']}-{place}"))}
        for place in places
    ]  # fmt: skip


def _known(found: dict[str, Any] | None) -> dict[str, Any]:
    """What was found of a turn without an order, and whether it comes to nothing as numbers are shown."""
    parts = [*found["measures"], found["points"]] if found else []
    return {"found": found, "nothing": all(max(abs(one["mean"]), abs(one["played"])) < 0.05 for one in parts)}


async def had_not(house: House, table: Table, seat: str, which: str) -> None:
    """Work out what the turn just played would have been without one order of the seat. Raises `InputError`."""
    shown = {one["which"] for one in had_nots(table, table.view(Reader("member", seat=seat)))}
    if which not in shown:
        raise InputError(text("refused.no_order"))
    if which not in table.had_not:
        turn, _, place = which.partition("-")
        table.had_not[which] = await house.in_worker(had_not_given, table.game.state, int(turn), seat, int(place))
        table.tell()


async def watch(house: House, table: Table) -> None:
    """Have a bot play the watched seat, a turn in fifteen seconds, until the game is over."""
    game = table.game
    while game.state.phase != "over":
        began = time.monotonic()
        seal(table)
        house.resolve(table)
        while table.busy or game.state.phase == "resolve":
            await asyncio.sleep(0.1)
        await asyncio.sleep(max(1.0, WATCH_SECONDS - (time.monotonic() - began)))
        table.apply("advance", "facilitator")
    if not game.state.revealed:
        table.apply("reveal", "facilitator")
