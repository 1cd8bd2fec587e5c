"""Orders as a page shows them, and a posted form as the orders of a draft.

A form names its fields `o.<order>.value`, `.where`, `.part`, and `o.<order>.x1.where`, `.x1.value` for exceptions.
An empty value stands for "as it is".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from stackcraft.agents.countries import meant, usual_name
from stackcraft.agents.names import IMPORTERS
from stackcraft.experiments.wargame.rules import AS_NOW
from stackcraft.viz.wargame.pages.frame import plain_number, text
from stackcraft.viz.words.numbers import capital

Fields = Mapping[str, Sequence[str]]
MOST_PILLS = 8
MOST_OPTIONS = 20  # more places than this are typed, with a list to pick from
_EXCEPTION = re.compile(r"(?P<order>.+)\.x(?P<number>\d+)")


def place_name(code: str) -> str:
    """Return the name of a country or a vendor."""
    return usual_name(code) or capital(code.replace("_", " "))


@cache
def all_places() -> list[tuple[str, str]]:
    """Return code and name of every country that buys, by name."""
    return sorted(((code, place_name(code)) for code in IMPORTERS), key=lambda one: one[1])


def text_of(value: Any) -> str:
    """Return a value as a form holds it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def widgets(own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a seat's orders with what their forms need, from its own part of the view."""
    drafted: dict[str, list[Mapping[str, Any]]] = {}
    for row in own["draft"]["orders"]:
        drafted.setdefault(row["order"], []).append(row)
    return [_widget(order, drafted.get(order["order"], []), _places(order, own)) for order in own["orders"]]


def _places(order: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return code and name of whom an order may name."""
    return [(one["code"], one["name"]) for one in own["places"].get(order["where"] or "", ())]


def _widget(order: Mapping[str, Any], rows: list[Mapping[str, Any]], places: list[tuple[str, str]]) -> dict[str, Any]:
    whole = next((row for row in rows if not row.get("where")), None)  # perhaps of one layer only
    value = order["now"] if whole is None else whole["value"]
    options = _options(order, value)
    names = dict(places)
    kind = order["form"]
    widget = {"layers": "boxes", "countries": "three", "act": "act"}.get(kind)
    widget = widget or ("pills" if len(options) <= MOST_PILLS else "select")
    chosen: Any = value if kind == "countries" else next((row["where"] for row in rows if row.get("where")), "")
    return {
        **order,
        "widget": widget,
        "select_title": text("orders.to"),
        "options": options,
        "changed": bool(rows),
        "rows": [
            {
                "where": row["where"],
                "value": text_of(row["value"]),
                "list": row["value"] if isinstance(row["value"], list) else [],
            }
            for row in rows
            if row.get("where") and kind != "act"
        ],
        "part": (whole or {}).get("part") or "",
        "countries": places,
        "typed": len(places) > MOST_OPTIONS,
        "chosen": list(chosen or []) if kind == "countries" else chosen,
        "now_text": _now_label(order),
        "new_text": _label(order["new"], order["new_label"])
        if whole is not None and not whole["part"]
        else _somewhere(rows, names),
        "exceptions_text": ", ".join(
            " ".join(part for part in (names.get(one["where"], ""), _layer(one["part"]), one["label"]) if part)
            for one in order["exceptions"]
        ),
        "sum_pc": sum(row.get("pc") or 0 for row in rows),
        "sum_money": sum(row.get("money") or 0 for row in rows),
        "problem": order["problem"] or next((row["problem"] for row in rows if row.get("problem")), None),
    }


def _new_text(order: Mapping[str, Any], whole: Any, rows: list[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    if whole is not None and not whole["part"]:
        return _label(order["new"], order["new_label"])
    return _somewhere(rows, names)


def _somewhere(rows: list[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    places = [names.get(row["where"] or "", "") or _layer(row["part"]) for row in rows]
    return text("orders.in_one", place=", ".join(place for place in places if place))


def _layer(part: str | None) -> str:
    return text(f"frame.layer_{part}") if part else ""


def _options(order: Mapping[str, Any], value: Any) -> list[dict[str, Any]]:
    """Return what may be picked; the one in force has an empty value, so that leaving it is no change."""
    now = order["now"]
    if order["form"] == "layers":
        return [
            {"value": layer, "raw": layer, "label": text(f"frame.layer_{layer}"), "checked": layer in (value or []),
             "now": layer in (now or []), "pc": None}
            for layer in order["parts"] or [one["value"] for one in order["choices"]]
        ]  # fmt: skip
    rows = []
    for choice in order["choices"]:
        if choice["value"] == AS_NOW and now is None:
            continue  # nothing was ordered yet: what is in force has no name, and stands first
        value_of, is_now = choice["value"], _equal(choice["value"], now)
        rows.append(
            {
                "value": "" if is_now else text_of(value_of),
                "raw": text_of(value_of),
                "label": _label(value_of, choice["label"]),
                "now": is_now,
                "checked": _equal(value_of, value),
                "pc": choice["pc"],
            }
        )
    if order["form"] in ("level", "choice", "switch") and not any(row["now"] for row in rows):
        rows.insert(0, {"value": "", "raw": text_of(now), "label": _now_label(order), "now": True,
                        "checked": _equal(now, value), "pc": None})  # fmt: skip
    return rows


def _label(value: Any, label: str) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool) and label not in ("yes", "no")
    return plain_number(value) if number else label


def _now_label(order: Mapping[str, Any]) -> str:
    if order["now"] is None and order["form"] == "choice":
        return text("orders.as_today")
    return _label(order["now"], order["now_label"])


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-6
    return one == other


# a posted form


def read_orders(fields: Fields, own: Mapping[str, Any], undo: str = "") -> list[dict[str, Any]]:
    """Return the orders of a posted form, those that change nothing left out; `undo` is one to leave out as well."""
    rows = []
    for order in own["orders"]:
        if order["order"] != undo:
            named = {**order, "places": [one["code"] for one in own["places"].get(order["where"] or "", ())]}
            rows += _main_row(fields, named) + _exceptions(fields, named)
    return rows


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name) or ("",)
    return values[0].strip()


def _main_row(fields: Fields, order: Mapping[str, Any]) -> list[dict[str, Any]]:
    name, kind = order["order"], order["form"]
    if kind == "act":
        where = _place(_one(fields, f"o.{name}.where"), order)
        if order["where"]:
            return [{"order": name, "value": True, "where": where, "part": None}] if where else []
        return [{"order": name, "value": True, "where": None, "part": None}] if _one(fields, f"o.{name}.value") else []
    if kind in ("layers", "countries"):
        if f"o.{name}.shown" not in fields:
            return []
        value = [one for one in fields.get(f"o.{name}.value", ()) if one.strip()]
        value = [_place(one, order) or one for one in value] if kind == "countries" else value
        same = set(value) == set(order["now"] or [])
        return [] if same else [{"order": name, "value": value, "where": None, "part": None}]
    written = _one(fields, f"o.{name}.value")
    if not written:
        return []
    part = _one(fields, f"o.{name}.part") or None
    return [{"order": name, "value": _value(written, order), "where": None, "part": part}]


def _exceptions(fields: Fields, order: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for key in fields:
        match = _EXCEPTION.fullmatch(key[2:].removesuffix(".where")) if key.endswith(".where") else None
        if match and match["order"] == order["order"] and (where := _place(_one(fields, key), order)):
            stem = key.removesuffix(".where")
            if order["form"] == "layers":
                value: Any = [one for one in fields.get(f"{stem}.value", ()) if one.strip()]
            else:
                value = _value(_one(fields, f"{stem}.value"), order)
            rows.append({"order": order["order"], "value": value, "where": where, "part": None})
    return rows


def _place(written: str, order: Mapping[str, Any]) -> str:
    """Return the code that a code or a name means; what nobody is called comes back as it is."""
    if not written or written in order["places"]:
        return written
    found = meant(written, IMPORTERS if order["form"] == "countries" else order["places"])
    return found[0] if found else written


def _value(written: str, order: Mapping[str, Any]) -> Any:
    """Return what a form's text stands for: the value of the choice that it names, else a number, else the text."""
    for choice in order["choices"]:
        if text_of(choice["value"]) == written:
            return choice["value"]
    if written == "none":
        return None
    try:
        return float(written)
    except ValueError:
        return written
