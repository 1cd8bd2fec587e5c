"""A team's page: what its template needs, built from what the member may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.wargame import briefs
from stackcraft.viz.wargame.pages.frame import percent, plain_number, render, text
from stackcraft.viz.wargame.pages.orders import all_places, place_name, text_of, widgets
from stackcraft.viz.wargame.pages.shared import phase_title, titles_of
from stackcraft.viz.wargame.pages.world import legend_rows, table_rows

TABS = ("orders", "talk", "world", "us")
FIRST_TAB = {"head": "orders", "negotiator": "talk", "treasurer": "orders", "analyst": "world"}
OPEN_PHASES = ("brief", "talk", "orders")
View = Mapping[str, Any]


def context(view: View, asked: Mapping[str, str], solo: bool = False) -> dict[str, Any]:
    """Return what `team.html` shows. `asked` is the query of the address: tab, layer, and an offer begun."""
    own, game = view["own"], view["game"]
    tab = asked.get("tab", "")
    if tab not in TABS:
        tab = FIRST_TAB.get(view["reader"].get("job") or "", "orders")
    mine = [one["code"] for one in own["countries"]]
    countries = view["map"]["countries"]
    seat = next(one for one in view["seats"] if one["seat"] == own["seat"])
    may_draft = game["phase"] in OPEN_PHASES and not game["resolving"]
    return {
        "view": view,
        "seat": seat,
        "tab": tab,
        "last_turn": own["history"][-1] if own["history"] else None,
        "titles": titles_of(view),
        "phase_title": phase_title(view),
        "todo": todo(view, solo),
        "saved_by": _name_of(own["draft"]["by"], own["people"]),
        "pen_holder": next((one["name"] for one in own["people"] if one["pen"]), ""),
        "may_draft": may_draft,
        "may_lock": may_draft and game["phase"] in ("talk", "orders"),
        "may_offer": may_draft and game["phase"] != "orders",
        "contracts": [one for one in view["contracts"] if one["state"] in ("in force", "kept", "broken", "lapsed")],
        "offer": offer_form(view, asked),
        "layers": list(LAYERS),
        "layer": asked.get("layer", "") if asked.get("layer", "") in LAYERS else "",
        "legend_rows": legend_rows(),
        "own_rows": table_rows(countries, mine),
        "homes": [
            (titles_of(view).get(home, home), levers) for home, levers in view["public"]["homes"].items() if levers
        ],
        "brief": brief_of(own["seat"]),
        "country_names": ", ".join(one["name"] for one in own["countries"]),
        "names_on": game["names"],
        "books": _country_books(own["books"]),
        "home_books": _home_books(own["books"]),
        "step": f"{game['turn']}-{game['phase']}",
    }


def _name_of(actor: str | None, people: Sequence[View]) -> str:
    """Return who somebody of the own seat is; a bot, the facilitator and who has left have no name here."""
    return next((one["name"] for one in people if one["person"] == actor), text("orders.somebody"))


brief_of = cache(briefs.brief_of)


def order_cards(view: View) -> Markup:
    """Return the cards of a seat's orders: the part of the page that is the same for everybody in the seat."""
    own, game = view["own"], view["game"]
    shown = widgets(own)
    typed = any(order["typed"] or order["widget"] == "three" for order in shown)
    return Markup(
        render(
            "order_cards.html",
            first_orders=[order for order in shown if order["first"]],
            more_orders=[order for order in shown if not order["first"]],
            all_places=all_places() if typed else [],
            may_draft=game["phase"] in OPEN_PHASES and not game["resolving"],
            locked=own["locked"]["locked"],
        )
    )


def todo(view: View, solo: bool = False) -> str:
    """Return the one thing to do now."""
    game, own = view["game"], view["own"]
    phase = game["phase"]
    if phase == "lobby":
        return text("todo.lobby")
    if game["over"]:
        return text("todo.over" if game["revealed"] else "todo.last")
    if game["resolving"] or phase == "resolve":
        return text("todo.resolve")
    if phase == "results":
        return text("todo.results")
    if solo and not own["draft"]["problems"]:
        return text("todo.solo_inbox" if own["offers"]["inbox"] else "todo.solo")
    if own["locked"]["locked"]:
        return text("todo.locked_offers" if own["offers"]["inbox"] else "todo.locked")
    if own["offers"]["inbox"]:
        return text("todo.inbox", count=len(own["offers"]["inbox"]))
    if own["draft"]["problems"]:
        return text("todo.problem")
    if phase == "orders":
        return text("todo.lock" if view["reader"]["pen"] else "todo.ask_lock")
    return text("todo.draft" if not own["draft"]["orders"] else "todo.offer")


def _country_books(books: View | None) -> list[dict[str, Any]]:
    if not books:
        return []
    return [
        {"name": row["name"], "use": percent(_ratio(row["use"], row["demand"])), "control": percent(row["control"]),
         "us": percent(row["leverage"]["US"]), "cn": percent(row["leverage"]["CN"])}
        for row in books["countries"].values()
    ]  # fmt: skip


def _ratio(part: float | None, whole: float | None) -> float | None:
    """Return used capacity as a share of demand, whichever way the books hold it."""
    if part is None:
        return None
    return part / whole if whole else part


def _home_books(books: View | None) -> list[tuple[str, str]]:
    if not books:
        return []
    rows = [(text(f"us.home_{name}"), plain_number(value)) for name, value in (books["home"] or {}).items()]
    for vendor, numbers in (books["vendors"] or {}).items():
        rows.append((place_name(vendor), text("us.vendor_books", revenue=plain_number(numbers["revenue_bn"]),
                                              cash=plain_number(numbers["cash_bn"]))))  # fmt: skip
    return rows


# a new offer, step by step


def offer_form(view: View, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the offer that is being written: to whom, what we do, what they do in return, and the terms of both."""
    own, kinds = view["own"], {one["seat"]: one["kind"] for one in view["seats"]}
    made: dict[str, Any] = {"to": "", "form": None, "back": None, "contract": "", "penalty": "0.5"}
    answered = next((one for one in own["offers"]["inbox"] if str(one["id"]) == asked.get("counter")), None)
    to = answered["from"] if answered else asked.get("to", "")
    if to not in {one["seat"] for one in own["partners"]}:
        return made
    ours = [one for one in own["forms"] if own["kind"] in one["by"] and kinds[to] in one["to"]]
    theirs = [one for one in own["forms"] if kinds[to] in one["by"] and own["kind"] in one["to"]]
    made.update(to=to, forms=ours, backs=theirs)
    if answered:
        made.update(contract=answered["id"], penalty=plain_number(answered["penalty_bn"]))
    for name, options, doer, other in (("form", ours, own["seat"], to), ("back", theirs, to, own["seat"])):
        form = next((one for one in options if one["form"] == asked.get(name)), None)
        if form is not None:
            buyer = doer if kinds[doer] == "bloc" else other
            made[name] = {**form, "terms": [_term(term, view, buyer) for term in form["terms"]]}
    return made


def _term(term: View, view: View, buyer: str) -> dict[str, Any]:
    """Return a term with its options; `buyer` is the seat whose countries may be named."""
    choices: Sequence[Any] = term["choices"]
    if term["kind"] == "countries":
        choices = next(one["countries"] for one in view["seats"] if one["seat"] == buyer)
    elif term["kind"] == "layers":
        choices = LAYERS
    many = term["kind"] in ("countries", "layers") and term["name"] != "country"
    options = [
        {"value": text_of(one), "label": _choice_label(one, term["kind"]), "checked": one == term["default"]}
        for one in choices
    ]
    value = "" if term["default"] is None or options else plain_number(term["default"])
    return {**term, "options": options, "many": many, "value": value}


def _choice_label(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return text("talk.yes" if value else "talk.no")
    if not isinstance(value, str):
        return plain_number(value)
    if kind == "layers":
        return text(f"frame.layer_{value}")
    return place_name(value) if kind == "countries" else value.replace("_", " ")
