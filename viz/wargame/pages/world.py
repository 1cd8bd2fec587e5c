"""The map and the tables of what everybody knows: who provides how much of each country's AI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.countries import usual_name
from stackcraft.experiments.leads import STATES, states_of
from stackcraft.viz.map.shapes import CIRCLE_RADIUS, shapes
from stackcraft.viz.map.world_map import draw
from stackcraft.viz.wargame.pages.frame import HERE, percent, render, text

Shares = Mapping[str, Iterable[float]]
LEGEND_STATES = ("us3", "us2", "us1", "contested", "cn1", "cn2", "cn3", "independent")


def legend_rows() -> list[tuple[str, str]]:
    """Return the states that the legend names, with their words."""
    return [(state, text(f"frame.map_{state}")) for state in LEGEND_STATES]


@cache
def _style() -> str:
    return (HERE.parent / "look.css").read_text(encoding="utf-8")


def map_svg(countries: Shares, outlined: Sequence[str] = ()) -> bytes:
    """Return the map of who leads where as a picture of its own; countries `outlined` have a thick border."""
    codes = list(countries)
    if not codes:
        return b""
    shares = np.array([list(countries[code]) for code in codes], float)
    states = {code: STATES[int(state)] for code, state in zip(codes, states_of(shares), strict=True)}
    labels = {
        code: text("world.label", name=usual_name(code) or code, us=percent(us), cn=percent(cn), other=percent(other))
        for code, (us, cn, other) in zip(codes, shares, strict=True)
    }
    drawn = str(draw(states, labels, text("world.map_title"), text("world.map_text")))
    drawn = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    own = "text { font-family: sans-serif; } .own { fill: none; stroke: var(--text); stroke-width: 9; }"
    drawn = drawn.replace("<defs>", f"<style>{_style()} {own}</style><defs>", 1)
    marks = "".join(_outline(code) for code in outlined if code in shapes())
    return drawn.replace("</svg>", f"{marks}</svg>").encode()


def _outline(code: str) -> str:
    shape = shapes()[code]
    circle = (
        shape.circle
        and f'<circle class="own" cx="{shape.circle[0]:.0f}" cy="{shape.circle[1]:.0f}" r="{CIRCLE_RADIUS}"/>'
    )
    return circle or f'<path class="own" d="{shape.path}"/>'


def seats_svg(seats: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the map of the lobby: countries of a seat that somebody has taken are filled, those of the others pale."""
    fills = {code: "taken" if seat["people"] else "free" for seat in seats for code in seat["countries"]}
    for seat in seats:
        home = {"us": "USA", "cn": "CHN"}.get(seat["seat"])
        if home:
            fills[home] = "taken" if seat["people"] else "free"
    plain = "".join(shape.path for code, shape in shapes().items() if code not in fills)
    own = ".taken { fill: var(--accent); stroke: var(--card); } .free { fill: var(--us1); stroke: var(--card); }"
    style = f"{_style()} {own}"
    paths = "".join(
        f'<path class="{fill}" d="{shapes()[code].path}"/>' for code, fill in fills.items() if code in shapes()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4000 1734"><style>{style}</style>'
        f'<path class="other" d="{plain}"/>{paths}</svg>'
    ).encode()


def other_countries(countries: Shares, mine: Sequence[str]) -> Markup:
    """Return the table of all countries but those of one seat; it changes with a turn's results alone."""
    rows = table_rows(countries, [code for code in countries if code not in mine])
    return Markup(render("world_table.html", rows=rows))


def table_rows(countries: Shares, codes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of the table beside the map, by name."""
    rows = [{"name": usual_name(code) or code, "shares": list(countries[code])} for code in codes if code in countries]
    return sorted(rows, key=lambda row: row["name"])
