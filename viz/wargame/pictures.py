"""Maps and codes as pictures, and the large parts of pages; each is made once for what it shows and kept."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.wargame.views import Reader
from stackcraft.viz.wargame import addresses, commands
from stackcraft.viz.wargame.asking import base_of, table_of
from stackcraft.viz.wargame.house import Table
from stackcraft.viz.wargame.pages import team
from stackcraft.viz.wargame.pages.world import map_svg, other_countries, seats_svg


def map_address(table: Table, layer: str, seat: str | None) -> str:
    """Return the address of the public map, which changes with each turn's results."""
    turns = len(table.game.state.played.results)
    taken_back = len(table.game.state.void)  # grows with a rewind
    return f"/game/{table.name}/map.svg?at={turns}-{taken_back}&layer={layer}&own={seat or ''}"


def other_rows(table: Table, view: dict[str, Any]) -> Any:
    """Return the table of other countries, made once for each seat and turn."""
    key = ("table", map_address(table, "", view["own"]["seat"]))
    if key not in table.maps:
        mine = [one["code"] for one in view["own"]["countries"]]
        table.maps[key] = other_countries(view["map"]["countries"], mine)
    return table.maps[key]


def order_cards(table: Table, view: dict[str, Any]) -> Any:
    """Return the cards of a seat's orders, made anew only where something that they show has changed."""
    own, game = view["own"], view["game"]
    drafted = own["draft"]["orders"]
    shown = (own["orders"], drafted, own["places"], own["locked"]["locked"], game["phase"], game["resolving"])
    if table.cards.get(own["seat"], (None, None))[0] != shown:
        table.cards[own["seat"]] = (shown, team.order_cards(view))
    return table.cards[own["seat"]][1]


async def map_picture(request: Request) -> Response:
    """The public map as a picture, by layer, with the countries of one seat outlined."""
    table = await table_of(request)
    layer, own = request.query_params.get("layer", ""), request.query_params.get("own", "")
    layer, own = layer if layer in LAYERS else "", own if own in table.game.state.seats else ""
    # Kept for the turn that is on the table, whatever turn the address says: or somebody could have today's map kept
    # for the class to see after the next turn.
    key = ("map", map_address(table, layer, own))
    if key not in table.maps:
        view = table.view(Reader("observer"))
        seat = next((seat for seat in view["seats"] if seat["seat"] == own), None)
        countries = commands.public_map(table, layer) if layer else view["map"]["countries"]
        if len(table.maps) > 60:
            table.maps.clear()
        table.maps[key] = map_svg(countries, seat["countries"] if seat else ())
    return Response(table.maps[key], media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=600"})


async def seats_picture(request: Request) -> Response:
    """The map of the lobby: which seats are taken."""
    table = await table_of(request)
    return Response(
        seats_svg(table.view(Reader("observer"))["seats"]),
        media_type="image/svg+xml",
        headers={"Cache-Control": "no-cache"},
    )


async def qr(request: Request) -> Response:
    """The QR code of the address to join at, or of one seat."""
    table = await table_of(request)
    seat = request.query_params.get("seat", "")
    known = seat in table.game.state.seats
    address = f"{base_of(request)}/game/{table.game.state.code}" + (f"?seat={seat}" if known else "")
    return Response(addresses.qr_svg(address), media_type="image/svg+xml", headers={"Cache-Control": "no-cache"})
