"""What several pages take from a view in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackcraft.viz.wargame.pages.frame import text

View = Mapping[str, Any]


def titles_of(view: View) -> dict[str, str]:
    """Return the title of every seat by its name."""
    return {one["seat"]: one["title"] for one in view["seats"]}


def phase_title(view: View) -> str:
    """Return the name of the phase that the game is in."""
    game = view["game"]
    return text(f"frame.phase_{game['phase']}")


def people_text(seat: View, short: bool = False) -> str:
    """Return how many people sit in a seat, or who plays it without any."""
    if seat["state"] == "bot":
        return text("lobby.bot")
    if short:
        return text("lobby.count", count=seat["people"])
    return text("lobby.one_person") if seat["people"] == 1 else text("lobby.seat_people", count=seat["people"])


def with_counts(view: View) -> dict[str, Any]:
    """Return the view's seats with the words of how many people there are, and the sums over seats."""
    seats = [
        {**seat, "people_text": people_text(seat), "people_short": people_text(seat, short=True)}
        for seat in view["seats"]
    ]
    return {
        "view": {**view, "seats": seats},
        "people": sum(seat["people"] for seat in seats),
        "filled": sum(1 for seat in seats if seat["people"]),
        "filled_names": "-".join(seat["seat"] for seat in seats if seat["people"]),
        "titles": titles_of(view),
        "phase_title": phase_title(view),
    }
