"""The pages that somebody has open while a game is played, and what they take away from it afterwards."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame import commands, debriefs, keys, solo
from stackcraft.viz.wargame.asking import (
    Refused,
    base_of,
    common,
    for_desk,
    house_of,
    is_desk,
    is_screen,
    live,
    member_of,
    page,
    table_of,
)
from stackcraft.viz.wargame.house import DESK, SCREEN
from stackcraft.viz.wargame.pages import desk, games, team
from stackcraft.viz.wargame.pages.frame import text
from stackcraft.viz.wargame.pages.shared import with_counts
from stackcraft.viz.wargame.pictures import map_address, order_cards, other_rows


async def seat_page(request: Request) -> Response:
    """A member's page."""
    table = await table_of(request)
    reader = member_of(request, table)
    missed = commands.missed(table, reader.person, live(request))
    table.seen(reader.person)
    view = table.view(reader)
    shown = team.context(view, request.query_params, bool(table.solo))
    given = common(request, table, reader.person)
    token = request.cookies[keys.MEMBER]
    return page(
        "team.html",
        **{
            **given,
            **shown,
            "missed": missed,
            "solo": bool(table.solo),
            "coach": solo.coach(table, view),
            "had_nots": solo.had_nots(table, view),
            "preview": commands.preview_of(table, reader.seat),
            "phrase": request.cookies.get(keys.WORDS, ""),
            "own_link": f"{base_of(request)}/game/{table.name}/enter#{token}",
            "store": f"stackcraft-{table.name}-{reader.person}",
            "map_address": map_address(table, shown["layer"], reader.seat),
            "other_countries": other_rows(table, view),
            "order_cards": order_cards(table, view),
        },
    )


async def status_page(request: Request) -> Response:
    """Phase and clock alone, for a frame in pages that cannot load themselves again."""
    table = await table_of(request)
    member_of(request, table)
    return page("status.html", **{**with_counts(table.view(Reader("observer"))), "refresh": 5})


async def desk_page(request: Request) -> Response:
    """The facilitator's page."""
    table = await table_of(request)
    reader = for_desk(request, table)
    shown = desk.context(table.view(reader))
    token = commands.screen_token(request.app.state, table)
    return page(
        "desk.html",
        **{
            **common(request, table, DESK),
            **shown,
            "screen_link": f"{base_of(request)}/game/{table.name}/enter#{token}",
            "failed": table.failed,
        },
    )


async def screen_page(request: Request) -> Response:
    """The projector's page: public, whoever opened it."""
    table = await table_of(request)
    if not is_screen(request, table):
        raise Refused(text("refused.stranger"), 403, f"/game/{table.name}/enter", text("refused.home"))
    shown = with_counts(table.view(Reader("projector")))
    return page(
        "screen.html",
        **{
            **common(request, table, SCREEN),
            **shown,
            "screen": True,
            "refresh": 5,
            "map_address": map_address(table, "", ""),
            "step": f"{shown['view']['game']['turn']}-{shown['view']['game']['phase']}",
        },
    )


async def cards_page(request: Request) -> Response:
    """Printable cards of the seats."""
    table = await table_of(request)
    reader = for_desk(request, table)
    return page("cards.html", **{**common(request, table, DESK), **desk.cards(table.view(reader), base_of(request))})


async def games_page(request: Request) -> Response:
    """All games of this machine."""
    for_desk(request)
    return page("games.html", **games.context(house_of(request)), said=request.app.state.said.pop(("", DESK), None))


async def debrief(request: Request) -> Response:
    """The debrief, once it is open to whoever asks."""
    table = await table_of(request)
    if keys.member(request, table) is None and not is_screen(request, table):
        raise Refused(text("refused.stranger"), 403, f"/game/{table.name}", text("refused.home"))
    place = "desk" if is_desk(request) and keys.member(request, table) is None else "seat"
    return await debriefs.page(house_of(request), table, f"/game/{table.name}/{place}")


async def grades(request: Request) -> Response:
    """The table of who did what, for the facilitator."""
    table = await table_of(request)
    for_desk(request, table)
    return await debriefs.table_for_grades(house_of(request), table)
