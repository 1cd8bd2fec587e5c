"""Ways in: the code of a game, a seat to take, and links or words that open one again."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame import keys
from stackcraft.viz.wargame.asking import Refused, address_of, common, house_of, keys_of, limits_of, page, table_of
from stackcraft.viz.wargame.forms import one, read_form
from stackcraft.viz.wargame.house import DOOR, Table
from stackcraft.viz.wargame.pages.frame import text
from stackcraft.viz.wargame.pages.shared import with_counts


async def front(request: Request) -> Response:
    """The first page: which game?"""
    return page("door.html")


async def find(request: Request) -> Response:
    """The code that somebody typed."""
    limits_of(request).check("wrong code", address_of(request))
    code = one(await read_form(request), "code").upper()
    name = house_of(request).name_of(code[:12])
    if name is None:
        limits_of(request).count("wrong code", address_of(request))
        raise Refused(text("refused.code", code=code[:12]), 404, "/game", text("refused.again"))
    return RedirectResponse(f"/game/{code}", 303)


async def join_page(request: Request) -> Response:
    """Seats to choose from; who has one already goes there."""
    table = await table_of(request)
    if keys.member(request, table) is not None:
        return RedirectResponse(f"/game/{table.name}/seat", 303)
    shown = with_counts(table.view(Reader("observer")))
    given = {"refresh": 5, "code": request.path_params["code"], "key": secrets.token_hex(12)}
    return page("join.html", **{**common(request, table, DOOR), **shown, **given})


async def join(request: Request) -> Response:
    """Take a seat. Who has one already goes there, and a button pressed twice gives one person."""
    table = await table_of(request)
    if keys.member(request, table) is not None:
        return RedirectResponse(f"/game/{table.name}/seat", 303)
    limits_of(request).count("join", address_of(request))
    fields = await read_form(request)
    body = {"seat": one(fields, "seat") or None, "name": one(fields, "name") or None}
    body["code"] = request.path_params["code"].upper()
    try:
        answer = table.apply("join", None, one(fields, "key")[:64] or None, **body)
        if not table.game.state.people[answer["person"]].here:  # an old page, from before somebody left
            answer = table.apply("join", None, **body)
    except InputError as error:
        raise Refused(str(error), 409, f"/game/{table.name}", text("refused.again")) from None
    return seated(table, answer)


def seated(table: Table, answer: dict[str, Any], words: str = "") -> Response:
    """Return the way to a seat, with its token in a cookie."""
    path = f"/game/{table.name}"
    response = RedirectResponse(f"{path}/seat?tab=us", 303)
    keys.set_cookie(response, keys.MEMBER, answer["token"], path)
    if phrase := answer.get("phrase") or words:
        keys.set_cookie(response, keys.WORDS, phrase, path)
    return response


async def enter_page(request: Request) -> Response:
    """Where a link with a secret leads, and where four words are typed."""
    table = await table_of(request)
    return page("enter.html", code=table.name, said=request.app.state.said.pop((table.name, DOOR), None))


async def enter(request: Request) -> Response:
    """A secret: of the facilitator, of a projector, of a member, or four words."""
    table = await table_of(request)
    limits_of(request).check("wrong code", address_of(request))
    secret = one(await read_form(request), "secret")
    path = f"/game/{table.name}"
    if keys_of(request).opens("desk", secret):
        response = RedirectResponse(f"{path}/desk", 303)
        keys.set_cookie(response, keys.DESK, secret, "/game")
        return response
    if keys_of(request).opens(table.name, secret):
        response = RedirectResponse(f"{path}/screen", 303)
        keys.set_cookie(response, keys.SCREEN, secret, path)
        return response
    if keys.member_of(secret, table) is not None:
        return seated(table, {"token": secret}, request.cookies.get(keys.WORDS, ""))
    try:
        phrase = "-".join(secret.lower().replace("-", " ").split())
        answer = table.apply("rejoin", None, phrase=phrase, code=table.game.state.code)
    except InputError:
        limits_of(request).count("wrong code", address_of(request))
        raise Refused(text("refused.secret"), 403, f"{path}/enter", text("refused.again")) from None
    return seated(table, answer, phrase)
