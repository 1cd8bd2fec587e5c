"""What a seat's members see of their own seat; the shape is in `views`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stackcraft.agents.countries import usual_name
from stackcraft.experiments.wargame import contracts, effects, outcomes, rules, sealing, views
from stackcraft.experiments.wargame.seats import MANDATES, SEATS
from stackcraft.experiments.wargame.state import Chair, State

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame

SCORE_FROM_TURN = 3  # the private score is shown once this turn is played


def own(game: Wargame, reader: views.Reader) -> dict[str, Any]:
    """Return a member's own part of the view."""
    state, seat = game.state, reader.seat
    chair = state.chairs[seat]
    draft = chair.draft or {"orders": [], "why": None, "forecast": None, "by": None, "at": None}
    found = sealing.evaluated(state, seat, draft["orders"] or [])
    mine = draft["forecast"] if reader.person is None else chair.forecasts.get(reader.person)
    event, question = outcomes.question(state, seat, max(state.turn, 1))
    form = chair.form
    return {
        "seat": seat, "title": form.title, "kind": form.kind, "lead": form.lead,
        "countries": _named(form.countries), "actors": list(form.actors),
        "mandate": views.weights_view(MANDATES[form.kind]),
        "card": views.card_view(form.kind, state.config["cards"][seat]),
        "purse": {
            "now": round(chair.purse, 3), "reserved": found["money"], "after": round(chair.purse - found["money"], 3),
            "income": round(form.income * state.years_a_turn, 3), "unit": "bn $",
        },
        "pc": {
            "now": chair.pc, "after": chair.pc - found["pc"], "income": state.config["pc"], "most_kept": rules.PC_KEPT
        },
        "orders": [_order(state, chair, form, found["orders"]) for form in rules.orders_of(seat, state.seats).values()],
        "places": _places(state, seat),
        "draft": {**{name: draft[name] for name in ("why", "by", "at")}, **found},
        "locked": {"locked": chair.locked is not None, **(chair.locked or {"by": None, "at": None})},
        "forecast": {"question": question, "event": event, "mine": mine},
        "nudged": chair.nudged,
        "offers": _offers(state, seat),
        "forms": _forms(form.kind),
        "partners": [{"seat": one, "title": SEATS[one].title} for one in state.seats if one != seat],
        "people": _people(game, seat),
        "books": (views._record(game) or {}).get("books", {}).get(seat),
        "score": _score(state, seat),
        "history": [
            {"turn": turn, "orders": [views.order_view(state, seat, one) for one in seats[seat]["orders"]],
             "why": seats[seat]["why"], "forecast": _forecast(seats[seat], reader.person)}
            for turn, seats in sorted(state.played.history.items())
        ],
    }  # fmt: skip


def _forecast(sealed: dict[str, Any], person: str | None) -> float | None:
    """What the reader expected of a turn; a script reads what its seat expected."""
    return sealed["forecast"] if person is None else (sealed.get("forecasts") or {}).get(person)


def _named(codes: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"code": code, "name": usual_name(code)} for code in codes]


def _order(state: State, chair: Chair, form: rules.OrderForm, drafted: list[dict[str, Any]]) -> dict[str, Any]:
    """An order with where it stands, where the draft would put it, and at what price."""
    mine = [one for one in drafted if one["order"] == form.order]
    general = [one for one in mine if one["where"] is None and one["part"] is None]
    now = state.now(chair.seat, form.order)
    new = general[0]["value"] if general else now
    exceptions = [
        {"where": where, "part": part, "value": value, "label": rules.label(form, value)}
        for (order, where, part), value in chair.standing.items()
        if order == form.order and (where is not None or part is not None)
    ]
    problems = [one["problem"] for one in mine if one["problem"]]
    return {
        "order": form.order, "group": form.group, "title": form.title, "sentence": form.sentence,
        "usual": form.usual if form.quiet else effects.usual(chair.seat, form.order) or form.usual,
        "form": form.form, "now": now, "now_label": rules.label(form, now) if form.form != "act" else "",
        "new": new, "new_label": rules.label(form, new) if form.form != "act" else "", "where": form.where,
        "exceptions": exceptions, "parts": list(form.parts), "low": form.low, "high": form.high, "step": form.step,
        "choices": rules.choices(form, now), "up": form.up, "down": form.down, "pc": sum(one["pc"] for one in mine),
        "money": round(sum(one["money"] for one in mine), 4), "hidden": form.hidden, "first": form.first,
        "problem": problems[0] if problems else None,
    }  # fmt: skip


def _places(state: State, seat: str) -> dict[str, list[dict[str, str]]]:
    form = SEATS[seat]
    standing = [one for one in state.contracts.values() if one.state == "in force" and seat in (one.by, one.to)]
    buyers = rules.buyers() if form.kind == "home" else ()
    return {
        "buyer": _named(buyers),
        "member": _named(form.countries),
        "vendor": [{"code": one, "name": one.replace("_", " ")} for one in form.vendors],
        "contract": [
            {"code": str(one.id), "name": contracts.sentence(one.does, one.by, one.to) or ""} for one in standing
        ],
    }


def _offers(state: State, seat: str) -> dict[str, list[dict[str, Any]]]:
    waiting = [one for one in state.contracts.values() if one.state == "offered"]
    return {
        "inbox": [views.contract_view(state, one, seat) for one in waiting if one.to == seat],
        "sent": [views.contract_view(state, one, seat) for one in waiting if one.by == seat],
    }


def _forms(kind: str) -> list[dict[str, Any]]:
    return [
        {
            "form": form.form, "title": form.title, "sentence": form.sentence, "judged_by": form.judged_by,
            "by": list(form.by), "to": list(form.to), "mine": kind in form.by, "theirs": kind in form.to,
            "terms": [
                {"name": term.name, "title": term.title, "kind": term.kind, "choices": list(term.choices),
                 "low": term.low, "high": term.high, "default": term.default}
                for term in form.terms
            ],
        }
        for form in contracts.FORMS.values()
        if kind in form.by or kind in form.to
    ]  # fmt: skip


def _people(game: Wargame, seat: str) -> list[dict[str, Any]]:
    pen = game.state.chairs[seat].pen
    return [
        {
            "person": one.person,
            "name": one.name,
            "job": one.job,
            "seen": seen(game, one.person),
            "pen": one.person == pen,
        }
        for one in game.state.members(seat)
    ]


def seen(game: Wargame, person: str) -> str | None:
    """When somebody last gave a sign of life, as ISO time; None if never since the game was opened."""
    gap = views.silent(game, person)
    if gap == float("inf"):
        return None
    return (datetime.now(UTC) - timedelta(seconds=gap)).isoformat(timespec="seconds")


def _score(state: State, seat: str) -> dict[str, Any] | None:
    """The private score, as it happened, once enough turns are played."""
    turn = max(state.played.scores, default=0)
    if turn < min(SCORE_FROM_TURN, state.turns):
        return None
    return views._without_runs(state.played.scores[turn][seat])
