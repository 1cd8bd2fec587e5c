"""What every answer needs of a request: which game, who asks, what they may see, and how refusals are said."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame import addresses, keys
from stackcraft.viz.wargame.forms import TooLarge
from stackcraft.viz.wargame.house import DESK, DOOR, SCREEN, House, Table
from stackcraft.viz.wargame.limits import BODY_BYTES, Limits, TooMany
from stackcraft.viz.wargame.pages.frame import render, text
from stackcraft.viz.wargame.pages.world import legend_rows

LOG = logging.getLogger(__name__)
MOST_PEOPLE = 6
Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """Raised where somebody may not see or do something, with the sentence that says why."""

    def __init__(self, message: str, status: int = 403, way: str = "/game", way_title: str = "") -> None:
        super().__init__(message)
        self.message, self.status, self.way, self.way_title = message, status, way, way_title


def house_of(request: Request) -> House:
    """Return the games of this server."""
    return request.app.state.house


def limits_of(request: Request) -> Limits:
    """Return the limits of this server."""
    return request.app.state.limits


def keys_of(request: Request) -> keys.Keys:
    """Return the doors of this server."""
    return request.app.state.keys


def base_of(request: Request) -> str:
    """Return the address under which others reach this server."""
    return request.app.state.base


def address_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""


def live(request: Request) -> bool:
    """Return whether our own script asks, which wants an answer rather than a page."""
    return request.headers.get("x-live") == "1"


async def table_of(request: Request) -> Table:
    """Return the game that the address names. Raises `Refused`, `TooMany` for too many wrong codes from one address."""
    code = request.path_params["code"]
    known = any(name in request.cookies for name in (keys.MEMBER, keys.DESK, keys.SCREEN))
    if not known:
        limits_of(request).check("wrong code", address_of(request))
    table = await house_of(request).table(code[:12])
    if table is None:
        limits_of(request).count("wrong code", address_of(request))
        raise Refused(text("refused.code", code=code[:12]), 404, "/game", text("refused.again"))
    return table


def member_of(request: Request, table: Table) -> Reader:
    """Return who asks, a member of this game. Raises `Refused`."""
    reader = keys.member(request, table)
    if reader is None:
        raise Refused(text("refused.stranger"), 403, f"/game/{table.name}", text("refused.home"))
    return reader


def is_desk(request: Request) -> bool:
    """Return whether the facilitator asks."""
    return keys_of(request).opens("desk", request.cookies.get(keys.DESK))


def is_screen(request: Request, table: Table) -> bool:
    """Return whether a projector of this game asks, or the facilitator, who may open one."""
    return keys_of(request).opens(table.name, request.cookies.get(keys.SCREEN)) or is_desk(request)


def for_desk(request: Request, table: Table | None = None) -> Reader:
    """Return the facilitator as a reader. Raises `Refused`."""
    if not is_desk(request):
        way = f"/game/{table.name}/enter" if table else "/game"
        raise Refused(text("refused.stranger"), 403, way, text("refused.home"))
    return Reader("facilitator")


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page that nobody keeps."""
    return HTMLResponse(render(template, **values), status)


def common(request: Request, table: Table, reader: str) -> dict[str, Any]:
    """Return what every page of a game gives to its template."""
    code = table.name
    kind = reader if reader in (DESK, SCREEN, DOOR) else "seat"
    return {
        "code": table.game.state.code,
        "name": code,
        "base_address": base_of(request),
        "join_address": f"{base_of(request)}/game/{table.game.state.code}",
        "local_name": f"{addresses.local_name()}:{base_of(request).rpartition(':')[2]}",
        "stream": f"/game/{code}/stream/{kind}",
        "version": str(table.feed.of(reader)),
        "said": request.app.state.said.pop((table.name, reader), None),
        "most_people": MOST_PEOPLE,
        "legend_rows": legend_rows(),
    }


def answered(handler: Handler) -> Handler:
    """Return a handler whose refusals are sentences: as a page, or as JSON to our script."""

    async def answer(request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            return await handler(request)
        except Refused as error:
            status, message, way, way_title = error.status, error.message, error.way, error.way_title
        except TooMany as error:
            kind = error.kind.replace(" ", "_")
            status, message, way, way_title = 429, text(f"refused.slow_{kind}", seconds=error.seconds), "", ""
            headers["Retry-After"] = str(error.seconds)
        except TooLarge:
            status, message, way, way_title = 413, text("refused.large", most=BODY_BYTES // 1024), "", ""
        except InputError as error:
            status, message, way, way_title = 422, str(error), "", ""
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            LOG.exception("%s %s", request.method, request.url.path)
            status, message, way, way_title = 500, text("refused.fault"), "", ""
        if live(request):
            return JSONResponse({"message": message}, status, headers=headers)
        title = text("refused.title")
        response = page(
            "refused.html", status, title=title, message=message, way=way, way_title=way_title or text("refused.home")
        )
        response.headers.update(headers)
        return response

    return answer
