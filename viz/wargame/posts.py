"""Posted forms: commands of members and of the facilitator, answered to our script as JSON and to a form as a page."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from stackcraft.agents.errors import InputError
from stackcraft.viz.wargame import commands, keys
from stackcraft.viz.wargame.asking import for_desk, house_of, limits_of, live, member_of, table_of
from stackcraft.viz.wargame.forms import one, read_form
from stackcraft.viz.wargame.house import DESK, Table


async def member_do(request: Request) -> Response:
    """A command of a member."""
    table = await table_of(request)
    reader = member_of(request, table)
    limits_of(request).count("command", (table.name, reader.person))
    fields = await read_form(request)
    kind = one(fields, "kind") or "draft"
    if kind in ("offer", "counter"):
        limits_of(request).count("offer", (table.name, reader.seat))
    house = house_of(request)
    return await done(request, table, reader.person, commands.member_do(house, table, reader, kind, fields))


async def desk_do(request: Request) -> Response:
    """A command of the facilitator."""
    table = await table_of(request)
    for_desk(request, table)
    fields = await read_form(request)
    return await done(request, table, DESK, commands.desk_do(house_of(request), table, fields))


async def done(request: Request, table: Table, reader: str, act: Awaitable[dict[str, Any]]) -> Response:
    """Do a command and answer: words and where to go on, as JSON to our script and as a page to a form."""
    try:
        told = {"message": "", **await act}
        bad = False
    except InputError as error:
        told, bad = {"message": str(error)}, True
    if live(request):
        return JSONResponse(told, 422 if bad else 200, headers={"Cache-Control": "no-store"})
    if told["message"]:
        request.app.state.said[(table.name, reader)] = {"message": told["message"], "bad": bad}
    if told.get("left"):
        response = RedirectResponse("/game", 303)
        response.delete_cookie(keys.MEMBER, path=f"/game/{table.name}")
        response.delete_cookie(keys.WORDS, path=f"/game/{table.name}")
        return response
    place = "desk" if reader == DESK else "seat"
    tab = f"?tab={told['tab']}" if told.get("tab") else ""
    return RedirectResponse(told.get("go") or f"/game/{table.name}/{place}{tab}", 303)


async def games_do(request: Request) -> Response:
    """Make or delete a game."""
    for_desk(request)
    fields = await read_form(request)
    try:
        return RedirectResponse(await commands.games_do(request.app.state, fields), 303)
    except InputError as error:
        request.app.state.said[("", DESK)] = {"message": str(error), "bad": True}
        return RedirectResponse("/game/games", 303)
