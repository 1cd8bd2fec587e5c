"""Scripted events: what each kind needs, whether one makes sense, and the table that the compiled months read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from stackcraft.agents.countries import code_of
from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.names import FINANCIERS, INSTRUMENTS, LAYERS, SIDES, STACKS, VENDORS
from stackcraft.model.layouts import event_dtype
from stackcraft.model.loop.codes import CHIPS, CLOUD, E_DEAL, EVENT_KINDS
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.scripted_deals import ScriptedDeal, load_scripted_deals

# What an event can have beside its date, and an example of each.
EXAMPLES = {
    "stack": '"US"', "country": '"KEN"', "size": "1.0", "layer": '"cloud"', "vendor": '"us_country_lab"',
    "value_bn": "1.5", "megawatts": "100", "financier": '"us_exim"', "instrument": '"guarantee"',
    "financed": "0.85", "supply_bond": "0.9", "hosting": "1.0",
}  # fmt: skip
SHARES = ("financed", "supply_bond", "hosting")  # parts that are shares, 0 to 1
OF_FINANCE = ("instrument", "financed")  # parts that need a financier


@dataclass(frozen=True)
class Event:
    """Something scripted to happen; `what` is one of `EVENTS`, which says what else each kind needs.

    `month` is 1 to 12, `stack` "US", "CN" or "independent", `country` an ISO alpha-3 code. `size` scales the event, 1
    being the usual one. A "deal" also has a `layer`, a `vendor`, a `value_bn` (bn $) and `megawatts`; a "lapse" ends
    the deals of a `vendor` on a `layer` of a country. None leaves it to the event: it is for everybody, or drawn.

    A deal may be `financed` (a share of its value) by a `financier` and an `instrument`, without being asked for its
    approval; None is what the layer allows and the instrument that the financier uses most. It may promise a
    `supply_bond` and `hosting` (both 0 to 1) of its own; None is what the vendor's home and the vendor offer.
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
    financier: str | None = None
    instrument: str | None = None
    financed: float | None = None
    supply_bond: float | None = None
    hosting: float | None = None

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
    "chip_breakthrough": EventKind(
        "a side's chips take a leap; at size 1 by half of what China's lag behind", ("stack",)
    ),
    "ai_bust": EventKind("investment in AI collapses and vendors must live on their cash"),
    "debt_distress": EventKind(
        "a country cannot service its debts; without a country, none can", (), ("country", "size")
    ),
    "power": EventKind("an energy crisis holds back new data centres everywhere"),
    "frontier_jump": EventKind(
        "a vendor's models take a step ahead, of a stack or of any", (), ("stack", "size"), sides=False
    ),
    "tariff": EventKind("a home government starts a row over tariffs", ("stack",)),
    "attack": EventKind("a data centre of a stack is attacked", ("stack",), ("country", "size"), sides=False),
    "government_change": EventKind("a new government thinks anew about sovereignty and partners", ("country",)),
    "cut_off": EventKind("a home government cuts a country off from its stack", ("stack", "country")),
    "deal": EventKind(
        "a deal is signed as announced",
        ("country", "layer", "vendor", "value_bn"),
        ("megawatts", "financier", *OF_FINANCE, "supply_bond", "hosting"),
    ),
    "lapse": EventKind("a vendor's deals on a layer of a country end", ("country", "layer", "vendor"), ()),
    "diversion": EventKind("chips that a side sold to a country are found to be diverted", ("stack", "country")),
    "restriction": EventKind(
        "a home government restricts what it sold to a country: a diverted deal ends, or else the largest",
        ("stack", "country"),
    ),
    "concession": EventKind(
        "a country gives in to a home government that uses its leverage; the size is the stake", ("stack", "country")
    ),
}


def mistakes_of_event(event: Event, years: Sequence[int], importers: Sequence[str]) -> list[str]:
    """Return what is wrong with an event, a line each; empty if it can happen.

    `years` are the scenario's first and last.
    """
    if not isinstance(event.what, str) or event.what not in EVENTS:
        return [str(unknown("event", event.what, EVENTS))]
    kind = EVENTS[event.what]
    mistakes = list(_mistakes_of_date(event, years))
    options = {
        "stack": SIDES if kind.sides else STACKS, "country": importers, "layer": LAYERS, "vendor": VENDORS,
        "financier": FINANCIERS, "instrument": INSTRUMENTS,
    }  # fmt: skip
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
        elif part in SHARES:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
                mistakes.append(f"{part} {shown(value)} should be a share from 0 to 1, such as {example}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
            mistakes.append(f"{part} {shown(value)} should be a number above 0, such as {example}")
    if event.what == "deal" and event.financier is None:
        mistakes += [
            f"{part} needs a financier, such as financier = {EXAMPLES['financier']}"
            for part in OF_FINANCE
            if getattr(event, part) is not None
        ]
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


BUILT = ("growth", "term_years", "capital_share")  # what of a layer is built first in a year, over its demand
# Part of an AI data centre's cost that is accelerators and the systems around them: 35 of 50 to 60 bn$ a GW (Nvidia,
# results for the second quarter of its fiscal year 2026).
ACCELERATORS_OF_SITE = 0.64


def event_table(scenario, inputs) -> np.ndarray:
    """Return the scenario's events and the announced deals that fall into its years, structured, in order of months."""
    rows = [tuple(row) for row in event_array(scenario.events, scenario.years, inputs.iso3)]
    if "scripted_deals" not in scenario.off:
        for deal in load_scripted_deals(scenario.world):
            rows += deal_rows(deal, *scenario.years, inputs)
    return np.array(sorted(rows), event_dtype())


def event_array(events: Iterable[Event], years: Sequence[int], importers: Sequence[str]) -> np.ndarray:
    """Return checked events as a structured array, in the order given.

    Months count from 0 in January of the first year; -1 means none. A deal's `size` is its megawatts, its `bond` its
    supply bond.
    """
    events = list(events)
    array = np.zeros(len(events), event_dtype())
    for row, event in zip(array, events, strict=True):
        row["month"] = 12 * (event.year - years[0]) + event.month - 1
        row["kind"] = EVENT_KINDS.index(event.what)
        row["country"] = -1 if event.country is None else list(importers).index(event.country)
        row["side"] = -1 if event.stack is None else STACKS.index(event.stack)
        row["layer"] = 0 if event.layer is None else LAYERS.index(event.layer)
        row["vendor"] = 0 if event.vendor is None else VENDORS.index(event.vendor)
        row["value"] = event.value_bn or 0.0
        row["financier"] = -1 if event.financier is None else FINANCIERS.index(event.financier)
        row["instrument"] = -1 if event.instrument is None else INSTRUMENTS.index(event.instrument)
        row["financed"] = -1.0 if event.financed is None else event.financed
        row["bond"] = -1.0 if event.supply_bond is None else event.supply_bond
        row["hosting"] = -1.0 if event.hosting is None else event.hosting
        row["size"] = (event.megawatts or 0.0) if event.what == "deal" else 1.0 if event.size is None else event.size
    return array


def deal_rows(deal: ScriptedDeal, first: int, last: int, inputs) -> list[tuple]:
    """Return one event for each layer of an announced deal, led by the first of its vendors that serves the layer.

    The value is split over the layers by the part that is built first of what demand grows by in a year: a data centre
    that is announced with its models is a data centre above all. Of one that is announced with accelerators and as a
    cloud, `ACCELERATORS_OF_SITE` is chips. Whoever is known to finance the deal finances what the layer allows.
    """
    value = deal.value_bn
    if not first <= deal.announced < last or value is None or deal.iso3 not in inputs.iso3:
        return []
    month, country, stack = int((deal.announced - first) * 12), inputs.iso3.index(deal.iso3), STACKS.index(deal.stack)
    vendors = [VENDORS.index(name) for name in (deal.vendor, *deal.other_vendors)]
    layers, growth = list(map(LAYERS.index, deal.layers)), [PARAMETERS[name].default for name in BUILT]
    built = np.prod([np.asarray(one)[layers] for one in growth], axis=0) * inputs.demand[country, layers]
    if CHIPS in layers and CLOUD in layers:
        chips, cloud = layers.index(CHIPS), layers.index(CLOUD)
        site = built[chips] + built[cloud]
        built[chips], built[cloud] = ACCELERATORS_OF_SITE * site, (1 - ACCELERATORS_OF_SITE) * site
    rows = []
    for layer, part in zip(layers, built / built.sum(), strict=True):
        serving = [vendor for vendor in vendors if inputs.vendors.serves[vendor, layer] > 0]
        if serving:
            size = deal.announced_mw or 0.0
            share, financier = (
                float(value * part),
                FINANCIERS.index(deal.financier) if deal.financier in FINANCIERS else -1,
            )
            rows.append(
                (month, E_DEAL, country, stack, layer, serving[0], size, share, financier, -1, -1.0, -1.0, -1.0)
            )
    return rows


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)
