"""Posted forms: read with a limit, and turned into the commands of a game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from stackcraft.agents.errors import InputError
from stackcraft.viz.wargame.limits import BODY_BYTES, TEXT_SIGNS
from stackcraft.viz.wargame.pages.frame import text
from stackcraft.viz.wargame.pages.orders import read_orders

Fields = dict[str, list[str]]
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 400
TERM = "term."
RETURN_TERM = "return."


class TooLarge(Exception):
    """Raised for a body beyond the limit."""


async def read_form(request: Any) -> Fields:
    """Return the fields of a posted form. Raises `TooLarge`, or `InputError` for what is not a form."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_BYTES:
        raise TooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES:
            raise TooLarge
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        raise InputError(text("refused.form"))
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (UnicodeError, ValueError):
        raise InputError(text("refused.form")) from None
    for values in fields.values():
        if any(len(value) > 2 * TEXT_SIGNS for value in values):
            raise InputError(text("refused.text", most=TEXT_SIGNS))
    return fields


def one(fields: Mapping[str, Sequence[str]], name: str, default: str = "") -> str:
    """Return the first value of a field without blanks around it."""
    return (fields.get(name) or [default])[0].strip()


def number(fields: Mapping[str, Sequence[str]], name: str, default: float | None = None) -> float | None:
    """Return a field as a number. Raises `InputError` for something else."""
    written = one(fields, name)
    if not written:
        return default
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e9:
        raise InputError(f"{written[:40]!r} is not a number that can be used here")
    return value


def whole(fields: Mapping[str, Sequence[str]], name: str, default: int | None = None) -> int | None:
    """Return a field as a whole number. Raises `InputError` for something else."""
    value = number(fields, name, default)
    if value is not None and value != int(value):
        raise InputError(f"{value:g} is not a whole number")
    return None if value is None else int(value)


# what a member may send


def draft_body(fields: Fields, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of `draft`: orders and why."""
    orders = read_orders(fields, view["own"], undo=one(fields, "undo"))
    return {"orders": orders, "why": one(fields, "why") or None}


def chance(fields: Fields) -> float | None:
    """Return the forecast of a form, given in per cent. Raises `InputError`."""
    percent = number(fields, "forecast")
    return None if percent is None else percent / 100


def offer_body(fields: Fields, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of `offer` and `counter` without whom it goes to or what it answers."""
    forms = {form["form"]: form for form in view["own"]["forms"]}
    name, back = one(fields, "form"), one(fields, "back")
    for form in (name, back or name):
        if form not in forms:
            raise InputError(f"{form[:20]!r} is not a form of agreement")
    made = _clause(fields, forms[name], TERM)
    return {
        "offer": {**made, "in_return": _clause(fields, forms[back], RETURN_TERM)} if back else made,
        "until": whole(fields, "until", view["game"]["turn"]),
        "penalty_bn": number(fields, "penalty"),
        "public": one(fields, "public") == "1",
    }


def _clause(fields: Fields, form: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return what one side does; a term that is left empty is as the form has it."""
    terms: dict[str, Any] = {}
    for term in form["terms"]:
        name, kind = prefix + term["name"], term["kind"]
        if kind in ("countries", "layers") and term["name"] != "country":
            terms[term["name"]] = [value for value in fields.get(name, []) if value]
        elif kind == "number":
            terms[term["name"]] = number(fields, name)
        elif one(fields, name):
            terms[term["name"]] = _choice(one(fields, name), term) if kind == "choice" else one(fields, name)
    return {"form": form["form"], "terms": {key: value for key, value in terms.items() if value not in (None, [])}}


def _choice(written: str, term: Mapping[str, Any]) -> Any:
    from stackcraft.viz.wargame.pages.orders import text_of

    for choice in term.get("choices") or ():
        value = choice["value"] if isinstance(choice, Mapping) else choice
        if text_of(value) == written:
            return value
    return written


# what a facilitator may send


def desk_body(kind: str, fields: Fields) -> dict[str, Any]:
    """Return the body of a facilitator's command."""
    if kind == "override":
        return _override(fields)
    wanted: dict[str, Sequence[str]] = {
        "extend": ("seconds",), "rewind": ("turn",), "inject": ("card", "country", "stack"), "announce": ("text",),
        "assign": ("person", "seat"), "merge": ("seat", "into"), "kick": ("person",), "open_seat": ("seat",),
        "close_seat": ("seat",), "hand_to_bot": ("seat",), "take_over": ("seat",), "nudge": ("seat",), "hide": ("seq",),
    }  # fmt: skip
    body: dict[str, Any] = {name: one(fields, name) or None for name in wanted.get(kind, ())}
    for name in ("turn", "seq", "seconds"):
        if name in body:
            body[name] = whole(fields, name)
    if kind == "doors":
        body["open"] = one(fields, "open") == "1"
    return {name: value for name, value in body.items() if value is not None}


def _override(fields: Fields) -> dict[str, Any]:
    what, reason = one(fields, "what"), one(fields, "reason")
    if what == "score":
        return {"seat": one(fields, "seat"), "points": number(fields, "points"), "reason": reason}
    if what == "contract":
        return {"contract": whole(fields, "contract"), "state": one(fields, "state"), "reason": reason}
    return {"lever": one(fields, "lever"), "reason": reason}
