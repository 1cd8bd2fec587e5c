"""The ledger of the run that is shown: rows of plain values, and why each deal went as it did."""

from __future__ import annotations

import json
import math
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.contracts import is_renewal, stage, vendor_titles
from stackcraft.viz.dashboard.parts.why import why
from stackcraft.viz.dashboard.strings import text

KINDS = {
    "signed": "year",
    "country": "text",
    "layer": "text",
    "stack": "text",
    "vendor": "text",
    "value_bn": "money",
    "stage": "text",
    "financier": "text",
    "operating": "year",
    "ended": "year",
    "outcome": "text",
    "renewals": "number",
}
FILTERS = ("stack", "layer", "stage", "financier", "outcome")
COUNTED = ("contract", "renewal", "announced_bn", "delivered_bn")  # columns that the line of counts and sums adds up


def ledger_columns() -> list[dict[str, str]]:
    """The columns of the ledger: key, title and kind."""
    return [{"key": key, "title": text(f"deals.column_{key}"), "kind": kind} for key, kind in KINDS.items()]


def ledger_rows(record: Any) -> list[dict[str, Any]]:
    """A row a deal of the run that is shown, latest first: plain values and words, None where there is nothing to say.

    Rows of renewals are about a contract that has its own row, so `announced_bn` and `delivered_bn` count contracts
    only, and those of the run: deals signed before the start have no row.
    """
    deals = record.deals
    if not len(deals):
        return []
    names = words.country_names(record.inputs)
    titles = vendor_titles(record.inputs)
    renewal, reached = is_renewal(deals), stage(deals)
    layers = {layer: words.layer_title(layer) for layer in words.LAYER_TITLES}
    vendors = {
        vendor: words.capital(words.vendor_title(vendor, titles)) for vendor in deals["vendor"].dropna().unique()
    }
    stages_named = {name: text(f"deals.is_{name}") for name in set(reached)}
    found = []
    columns = {
        name: deals[name].tolist()
        for name in (
            "deal",
            "signed",
            "country",
            "layer",
            "stack",
            "vendor",
            "value_bn",
            "announced_bn",
            "financier",
            "operating",
            "ended",
            "outcome",
            "renewals",
        )
    }
    for i, number in enumerate(columns["deal"]):
        value, financier, outcome = float(columns["value_bn"][i]), columns["financier"][i], str(columns["outcome"][i])
        built = not math.isnan(columns["operating"][i])
        event = bool(renewal[i])
        found.append(
            {
                "deal": int(number),
                "signed": _year(columns["signed"][i]),
                "country": names.get(str(columns["country"][i]), str(columns["country"][i])),
                "layer": layers[str(columns["layer"][i])],
                "stack": words.STACK_SHORT[str(columns["stack"][i])],
                "vendor": vendors[columns["vendor"][i]],
                "value_bn": round(value, 6),
                "stage": stages_named[reached[i]],
                "financier": words.FINANCIER_TITLES.get(financier, financier)
                if isinstance(financier, str)
                else text("deals.no_financier"),
                "operating": _year(columns["operating"][i]),
                "ended": _year(columns["ended"][i]),
                "outcome": text("deals.outcome_renewal") if event else text(f"country.outcome_{outcome}"),
                "renewals": int(columns["renewals"][i]),
                "contract": int(not event),
                "renewal": int(event),
                "announced_bn": 0.0 if event else round(float(columns["announced_bn"][i]), 6),
                "delivered_bn": round(value, 6) if built else 0.0,
            }
        )
    return sorted(found, key=lambda row: (-row["signed"], row["deal"]))


def ledger_strings() -> dict[str, str]:
    """The words of the ledger, for the browser; its placeholders are filled there."""
    names = [
        "search",
        "all",
        "summary",
        "none",
        "page",
        "before",
        "next",
        "why",
        "why_of",
        "looking",
        "clear",
        "sort",
        "caption",
        "trillion",
        "bn",
        "m",
    ]
    kept = {key: f"{{{key}}}" for key in (*COUNTED, "count", "page", "pages", "deal")}
    return {name: text(f"deals.ledger_{name}", **kept) for name in names}


_PACKED: dict[int, bytes] = {}


def packed_ledger(record: Any) -> bytes:
    """The ledger's rows for the browser, packed once a record and shared by all who look at it."""
    key = id(record)
    if key not in _PACKED:
        weakref.finalize(record, _PACKED.pop, key, None)
        _PACKED[key] = pack(ledger_rows(record), ("deal", *KINDS, *COUNTED))
    return _PACKED[key]


def pack(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> bytes:
    """Rows as columns in UTF-8 JSON; words are given once, in order of their first use, and are referred to by number.

    Bytes are shared, not copied, and are a tenth of the size of a list of rows.
    """
    columns: dict[str, Any] = {}
    for key in keys:
        values = [row[key] for row in rows]
        if any(isinstance(value, str) for value in values):
            names = {name: i for i, name in enumerate(dict.fromkeys(str(value) for value in values))}
            columns[key] = {"names": list(names), "codes": [names[str(value)] for value in values]}
        else:
            columns[key] = values
    return json.dumps(
        {"length": len(rows), "columns": columns}, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _year(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None


def explain(record: Any, number: int) -> str:
    """Why a deal went as it did, as markup for the ledger; "" for a deal that is not there."""
    deals = record.deals
    mine = deals[deals["deal"] == number]
    return str(why(mine.iloc[0].to_dict(), vendor_titles(record.inputs))) if len(mine) else ""
