"""Scripted events and the deals that were announced in the real world, as the loop reads them."""

from __future__ import annotations

import numpy as np

from agents.names import LAYERS, STACKS, VENDORS
from model.loop.sizes import E_DEAL, EVENT_NAMES
from model.records import event_dtype
from model.scripted_deals import load_scripted_deals


def event_table(scenario, inputs) -> np.ndarray:
    """The scenario's events and the announced deals that fall into its years, structured, in order of months."""
    first, last = scenario.years
    position = {code: place for place, code in enumerate(inputs.iso3)}
    rows = []
    for one in scenario.events:
        stack = STACKS.index(one.stack) if one.stack else (1 if one.what == "chip_breakthrough" else 0)
        month = (one.year - first) * 12 + one.month - 1
        rows.append((month, EVENT_NAMES.index(one.what), position.get(one.country, -1), stack, -1, -1, 1.0, 0.0))
    if "scripted_deals" not in scenario.off:
        for deal in load_scripted_deals(scenario.world):
            rows += deal_rows(deal, first, last, position)
    table = np.zeros(len(rows), event_dtype())
    for place, row in enumerate(sorted(rows)):
        table[place] = row
    return table


def deal_rows(deal, first: int, last: int, position: dict[str, int]) -> list[tuple]:
    """One event for each layer of an announced deal; its value is split evenly."""
    value = deal.value_bn
    if not first <= deal.announced < last or value is None or deal.iso3 not in position:
        return []
    month = int((deal.announced - first) * 12)
    megawatts = deal.announced_mw or 0.0
    return [
        (month, E_DEAL, position[deal.iso3], STACKS.index(deal.stack), LAYERS.index(layer), VENDORS.index(deal.vendor), megawatts,
         value / len(deal.layers))
        for layer in deal.layers
    ]
