"""Scripted events: what each kind needs, whether one makes sense, and the table that the compiled months read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from stackcraft.agents.countries import code_of
from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.names import LAYERS, SIDES, STACKS, VENDORS
from stackcraft.model.layouts import event_dtype
from stackcraft.model.loop.codes import E_DEAL, EVENT_KINDS
from stackcraft.model.scripted_deals import ScriptedDeal, load_scripted_deals

# What an event can have beside its date, and an example of each.
EXAMPLES = {
    "stack": '"US"', "country": '"KEN"', "size": "1.0", "layer": '"cloud"', "vendor": '"us_country_lab"',
    "value_bn": "1.5", "megawatts": "100",
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """Something scripted to happen; `what` is one of `EVENTS`, which says what else each kind needs.

    `month` is 1 to 12, `stack` "US", "CN" or "independent", `country` an ISO alpha-3 code. `size` scales the event, 1
    being the usual one. A "deal" also has a `layer`, a `vendor`, a `value_bn` (bn $) and `megawatts`; a "lapse" ends
    the deals of a `vendor` on a `layer` of a country. None leaves it to the event: it is for everybody, or drawn.
    """

    what: str
    year: int
    month: int = 1
    stack: str | None = None
    country: str | None = None
    size: float | None = None
    layer: str | None = None
    vendor: str | None = None
    value_bn: float | None = None
    megawatts: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what is set, as plain values."""
        return {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name) is not None}


@dataclass(frozen=True)
class EventKind:
    """A kind of event: one sentence, what it needs and what it may have.

    `sides` says that only stacks with a home government can be named.
    """

    sentence: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ("size",)
    sides: bool = True


EVENTS = {
    "alliance_doubt": EventKind(
        "a home government's commitment to its allies, or to one, comes into doubt", ("stack",), ("country", "size")
    ),
    "breach": EventKind("a security breach of a stack becomes known", ("stack",), ("country", "size"), sides=False),
    "sanctions": EventKind("a home government puts sanctions on a country", ("stack",), ("country", "size")),
    "chip_breakthrough": EventKind("a side's chips make up half of what they lag behind", ("stack",)),
    "ai_bust": EventKind("investment in AI collapses and vendors must live on their cash"),
    "debt_distress": EventKind(
        "a country cannot service its debts; without a country, none can", (), ("country", "size")
    ),
    "power": EventKind("an energy crisis holds back new data centres everywhere"),
    "frontier_jump": EventKind("a vendor's models take a step ahead"),
    "tariff": EventKind("a home government starts a row over tariffs", ("stack",)),
    "attack": EventKind("a data centre of a stack is attacked", ("stack",), ("country", "size"), sides=False),
    "government_change": EventKind("a new government thinks anew about sovereignty and partners", ("country",)),
    "cut_off": EventKind("a home government cuts a country off from its stack", ("stack", "country")),
    "deal": EventKind("a deal is signed as announced", ("country", "layer", "vendor", "value_bn"), ("megawatts",)),
    "lapse": EventKind("a vendor's deals on a layer of a country end", ("country", "layer", "vendor"), ()),
}


def mistakes_of_event(event: Event, years: Sequence[int], importers: Sequence[str]) -> list[str]:
    """Return what is wrong with an event, a line each; empty if it can happen.

    `years` are the scenario's first and last.
    """
    if not isinstance(event.what, str) or event.what not in EVENTS:
        return [str(unknown("event", event.what, EVENTS))]
    kind = EVENTS[event.what]
    mistakes = list(_mistakes_of_date(event, years))
    options = {"stack": SIDES if kind.sides else STACKS, "country": importers, "layer": LAYERS, "vendor": VENDORS}
    for part, example in EXAMPLES.items():
        value = getattr(event, part)
        if value is None:
            if part in kind.needs:
                mistakes.append(f"needs a {part}, such as {part} = {example}")
        elif part not in (*kind.needs, *kind.may):
            mistakes.append(f"takes no {part}; leave {part} out")
        elif part in options:
            if value not in options[part]:
                what = unknown_country if part == "country" else unknown
                mistakes.append(str(what(part, value, options[part])))
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
            mistakes.append(f"{part} {shown(value)} should be a number above 0, such as {example}")
    return mistakes


def unknown_country(what: str, name: object, importers: Sequence[str]) -> str:
    """Return why a name is not a country's, in one line."""
    try:
        return f"{what} {code_of(str(name), importers)!r} is not written as a code"
    except InputError as error:
        return str(error)


def _mistakes_of_date(event: Event, years: Sequence[int]) -> Iterator[str]:
    if not is_whole(event.year):
        yield f"year {shown(event.year)} should be a year, such as 2030"
    elif len(years) == 2 and all(map(is_whole, years)) and not years[0] <= event.year < years[1]:
        yield f"year {shown(event.year)} is outside the years {years[0]} to {years[1] - 1} of the scenario"
    if not is_whole(event.month) or not 1 <= event.month <= 12:
        yield f"month {shown(event.month)} should be a number from 1 to 12"


def event_table(scenario, inputs) -> np.ndarray:
    """Return the scenario's events and the announced deals that fall into its years, structured, in order of months."""
    rows = [tuple(row) for row in event_array(scenario.events, scenario.years, inputs.iso3)]
    if "scripted_deals" not in scenario.off:
        for deal in load_scripted_deals(scenario.world):
            rows += deal_rows(deal, *scenario.years, inputs)
    return np.array(sorted(rows), event_dtype())


def event_array(events: Iterable[Event], years: Sequence[int], importers: Sequence[str]) -> np.ndarray:
    """Return checked events as a structured array, in the order given.

    Months count from 0 in January of the first year; -1 means none. A deal's `size` is its megawatts.
    """
    events = list(events)
    array = np.zeros(len(events), event_dtype())
    for row, event in zip(array, events, strict=True):
        row["month"] = 12 * (event.year - years[0]) + event.month - 1
        row["kind"] = EVENT_KINDS.index(event.what)
        row["country"] = -1 if event.country is None else list(importers).index(event.country)
        row["side"] = 0 if event.stack is None else STACKS.index(event.stack)
        row["layer"] = 0 if event.layer is None else LAYERS.index(event.layer)
        row["vendor"] = 0 if event.vendor is None else VENDORS.index(event.vendor)
        row["value"] = event.value_bn or 0.0
        row["size"] = (event.megawatts or 0.0) if event.what == "deal" else 1.0 if event.size is None else event.size
    return array


def deal_rows(deal: ScriptedDeal, first: int, last: int, inputs) -> list[tuple]:
    """Return one event for each layer of an announced deal, led by the first of its vendors that serves the layer.

    The value is split evenly over the layers.
    """
    value = deal.value_bn
    if not first <= deal.announced < last or value is None or deal.iso3 not in inputs.iso3:
        return []
    month, country, stack = int((deal.announced - first) * 12), inputs.iso3.index(deal.iso3), STACKS.index(deal.stack)
    vendors = [VENDORS.index(name) for name in (deal.vendor, *deal.other_vendors)]
    rows = []
    for layer in map(LAYERS.index, deal.layers):
        serving = [vendor for vendor in vendors if inputs.vendors.serves[vendor, layer] > 0]
        if serving:
            size, share = deal.announced_mw or 0.0, value / len(deal.layers)
            rows.append((month, E_DEAL, country, stack, layer, serving[0], size, share))
    return rows


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)
