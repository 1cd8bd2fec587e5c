"""Scripted events and the deals that were announced in the real world, as the loop reads them."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS, STACKS, VENDORS
from stackcraft.model.events import event_array
from stackcraft.model.layouts import event_dtype
from stackcraft.model.loop.codes import E_DEAL
from stackcraft.model.scripted_deals import load_scripted_deals


def event_table(scenario, inputs) -> np.ndarray:
    """The scenario's events and the announced deals that fall into its years, structured, in order of months."""
    rows = [tuple(row) for row in event_array(scenario.events, scenario.years, inputs.iso3)]
    if "scripted_deals" not in scenario.off:
        for deal in load_scripted_deals(scenario.world):
            rows += deal_rows(deal, *scenario.years, inputs)
    table = np.zeros(len(rows), event_dtype())
    for place, row in enumerate(sorted(rows)):
        table[place] = row
    return table


def deal_rows(deal, first: int, last: int, inputs) -> list[tuple]:
    """One event for each layer of an announced deal, led by the first of its vendors that serves the layer.

    The value is split evenly over the layers.
    """
    value = deal.value_bn
    if not first <= deal.announced < last or value is None or deal.iso3 not in inputs.iso3:
        return []
    month, rows = int((deal.announced - first) * 12), []
    for name in deal.layers:
        layer = LAYERS.index(name)
        serving = [
            VENDORS.index(one)
            for one in (deal.vendor, *deal.other_vendors)
            if inputs.vendors.serves[VENDORS.index(one), layer] > 0
        ]
        if serving:
            rows.append(
                (
                    month,
                    E_DEAL,
                    inputs.iso3.index(deal.iso3),
                    STACKS.index(deal.stack),
                    layer,
                    serving[0],
                    deal.announced_mw or 0.0,
                    value / len(deal.layers),
                )
            )
    return rows
