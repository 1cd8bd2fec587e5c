"""Scripted events: what each kind needs, whether one makes sense, and the record that the compiled months read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackcraft.agents.errors import nearest
from stackcraft.agents.names import LAYERS, SIDES, STACKS, VENDORS
from stackcraft.model.loop.codes import EVENT_NAMES

if TYPE_CHECKING:
    from stackcraft.model.scenario import Event

# Which parts an event can have beside its date, and an example of each.
EXAMPLES = {
    "stack": '"US"', "country": '"KEN"', "size": "1.0", "layer": '"cloud"', "vendor": '"us_country_lab"', "value_bn": "1.5",
    "megawatts": "100",
}  # fmt: skip


@dataclass(frozen=True)
class EventKind:
    """A kind of event: one sentence, the parts it needs and those it may have. `sides`: only stacks with a home
    government.
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
    """What is wrong with an event, a line each; empty if it can happen. `years` are the scenario's first and last."""
    if not isinstance(event.what, str) or event.what not in EVENTS:
        return [f"event {event.what!r} is unknown; did you mean {nearest(str(event.what), EVENTS)}?"]
    kind, found = EVENTS[event.what], []
    if not _whole(event.year):
        found.append(f"year {event.year!r} should be a year, such as 2030")
    elif len(years) == 2 and all(map(_whole, years)) and not years[0] <= event.year < years[1]:
        found.append(f"year {event.year} is outside the years {years[0]} to {years[1] - 1} of the scenario")
    if not _whole(event.month) or not 1 <= event.month <= 12:
        found.append(f"month {event.month!r} should be a number from 1 to 12")
    options = {"stack": SIDES if kind.sides else STACKS, "country": importers, "layer": LAYERS, "vendor": VENDORS}
    for part, example in EXAMPLES.items():
        value = getattr(event, part)
        if value is None:
            if part in kind.needs:
                found.append(f"needs a {part}, such as {part} = {example}")
        elif part not in (*kind.needs, *kind.may):
            found.append(f"takes no {part}; leave {part} out")
        elif part in options:
            if value not in options[part]:
                found.append(f"{part} {value!r} is unknown; did you mean {nearest(str(value), options[part])}?")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
            found.append(f"{part} {value!r} should be a number above 0, such as {example}")
    return found


def event_array(events: Iterable[Event], years: Sequence[int], importers: Sequence[str]) -> np.ndarray:
    """Checked events as the structured array that the compiled months read, in the order given.

    Months count from 0 in January of the first year; -1 stands for no country. A deal's `size` is its megawatts.
    """
    from stackcraft.model.layouts import event_dtype

    events = list(events)
    array = np.zeros(len(events), event_dtype())
    for row, event in zip(array, events, strict=True):
        row["month"] = 12 * (event.year - years[0]) + event.month - 1
        row["kind"] = EVENT_NAMES.index(event.what)
        row["country"] = -1 if event.country is None else list(importers).index(event.country)
        row["side"] = 0 if event.stack is None else STACKS.index(event.stack)
        row["layer"] = 0 if event.layer is None else LAYERS.index(event.layer)
        row["vendor"] = 0 if event.vendor is None else VENDORS.index(event.vendor)
        row["value"] = event.value_bn or 0.0
        row["size"] = (event.megawatts or 0.0) if event.what == "deal" else 1.0 if event.size is None else event.size
    return array


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
