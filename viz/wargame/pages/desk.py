"""The facilitator's page: what its template needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackcraft.experiments.wargame.briefs import brief_of
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.viz.wargame.pages.frame import ago, text
from stackcraft.viz.wargame.pages.orders import place_name
from stackcraft.viz.wargame.pages.shared import with_counts

View = Mapping[str, Any]


def context(view: View) -> dict[str, Any]:
    """Return what `desk.html` shows."""
    shown = with_counts(view)
    by_seat = {one["seat"]: one for one in view["desk"]["seats"]}
    titles, names = shown["titles"], {one["person"]: one["name"] for one in view["desk"]["people"]}
    seats = [_seat(one, by_seat[one["seat"]]) for one in shown["view"]["seats"]]
    log = [
        {**row, "actor_text": actor_text(row["actor"], titles, names), "words": words(row["text"], titles)}
        for row in view["desk"]["log"]
    ]
    cards = [{**card, "felt_text": _felt(card["felt_by"], titles)} for card in view["desk"]["cards"]]
    desk = {**view["desk"], "log": log, "cards": cards}
    return {
        **shown,
        "view": {**shown["view"], "desk": desk},
        "seats": seats,
        "all_countries": [
            (one["title"], [(code, place_name(code)) for code in one["countries"]])
            for one in view["seats"]
            if one["countries"]
        ],
        "step": f"{view['game']['turn']}-{view['game']['phase']}",
    }


def _seat(seat: View, desk: View) -> dict[str, Any]:
    seen = max((one["seen"] for one in desk["people"] if one["seen"]), default=None)
    return {
        **seat,
        "persons": desk["people"],
        "pc": desk["pc"],
        "purse": desk["purse"],
        "bot": desk["bot"],
        "nudged": desk["nudged"],
        "seen": "" if seat["state"] in ("bot", "empty") else ago(seen),
    }


def actor_text(actor: str | None, titles: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return who wrote a line of the log, as people read it."""
    if not actor:
        return text("desk.actor_nobody")
    if actor in ("facilitator", "clock", "game"):
        return text(f"desk.actor_{actor}")
    if actor.startswith("bot:"):
        return text("desk.actor_bot", seat=titles.get(actor[4:], actor[4:]))
    return names.get(actor, actor)


def words(line: str, titles: Mapping[str, str]) -> str:
    """Return a line of the log with the titles of seats in place of their names."""
    return " ".join(titles.get(word, word) for word in line.split(" "))


def _felt(felt_by: Any, titles: Mapping[str, str]) -> str:
    names = [felt_by] if isinstance(felt_by, str) else list(felt_by or ())
    known = {**{seat: form.title for seat, form in SEATS.items()}, **titles}
    return ", ".join(known.get(one, str(one)) for one in names) or text("desk.everybody")


def cards(view: View, base: str) -> dict[str, Any]:
    """Return what `cards.html` shows: one card a seat, with its brief."""
    return {
        "seats": [
            {
                **one,
                "brief": brief_of(one["seat"])["who"],
                "country_names": ", ".join(place_name(code) for code in one["countries"]),
                "address": f"{base}/game/{view['game']['code']}",
            }
            for one in view["seats"]
        ]
    }
