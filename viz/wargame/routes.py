"""Which address is answered by what, and the streams that tell open pages that there is something new."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from stackcraft.viz.wargame import doors, keys, pictures, posts, screens
from stackcraft.viz.wargame.asking import Handler, Refused, answered, for_desk, is_screen, member_of, table_of
from stackcraft.viz.wargame.house import DESK, DOOR, SCREEN
from stackcraft.viz.wargame.pages.frame import text
from stackcraft.viz.wargame.stream import messages

MOST_STREAMS = {DOOR: 400, SCREEN: 20, DESK: 20}
STREAMS_OF_A_PERSON = 8
DESK_GATHERS = 0.6  # seconds: that page shows every seat's every draft, and forty people draft at once


async def stream(request: Request) -> Response:
    """The stream of versions of one kind of page."""
    table = await table_of(request)
    kind = request.path_params["kind"]
    token = request.cookies.get(keys.MEMBER)
    if kind == "seat":
        reader = member_of(request, table).person
        alive = lambda: keys.member_of(token, table) is not None  # noqa: E731
    elif kind not in MOST_STREAMS:  # or anybody could listen in the name of a person, and keep that person present
        raise Refused(text("refused.lost"), 404)
    else:
        reader = kind
        if kind == DESK:
            for_desk(request, table)
        elif kind == SCREEN and not is_screen(request, table):
            raise Refused(text("refused.stranger"))
        alive = lambda: True  # noqa: E731
    if len(table.feed.listening.get(reader, ())) >= MOST_STREAMS.get(reader, STREAMS_OF_A_PERSON):
        return JSONResponse({"message": text("refused.slow_preview", seconds=30)}, 429, headers={"Retry-After": "30"})
    last = request.headers.get("last-event-id") or request.query_params.get("last", "")
    known = int(last) if last.isdecimal() and len(last) < 20 else None
    return StreamingResponse(
        messages(table.feed, reader, known, alive, DESK_GATHERS if kind == DESK else None),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _route(path: str, handler: Handler, *methods: str) -> Route:
    return Route(path, answered(handler), methods=list(methods or ("GET",)))


ROUTES = [
    _route("/", doors.front),
    _route("/find", doors.find, "POST"),
    _route("/games", screens.games_page),
    _route("/games", posts.games_do, "POST"),
    _route("/{code}", doors.join_page),
    _route("/{code}/join", doors.join, "POST"),
    _route("/{code}/enter", doors.enter_page),
    _route("/{code}/enter", doors.enter, "POST"),
    _route("/{code}/seat", screens.seat_page),
    _route("/{code}/status", screens.status_page),
    _route("/{code}/do", posts.member_do, "POST"),
    _route("/{code}/desk", screens.desk_page),
    _route("/{code}/desk/do", posts.desk_do, "POST"),
    _route("/{code}/cards", screens.cards_page),
    _route("/{code}/screen", screens.screen_page),
    _route("/{code}/debrief", screens.debrief),
    _route("/{code}/grades.csv", screens.grades),
    _route("/{code}/stream/{kind:str}", stream),
    _route("/{code}/map.svg", pictures.map_picture),
    _route("/{code}/seats.svg", pictures.seats_picture),
    _route("/{code}/qr.svg", pictures.qr),
]
