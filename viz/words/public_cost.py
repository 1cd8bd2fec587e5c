"""What support costs the public, in words: one definition wherever it is shown, always with how sure it is.

Public cost is the indicator `cost`: what support has cost a home's budget since the start, at present value, less what
comes back. A level carries the band in which nine runs of ten lie, a difference the 95 % interval of paired runs.
"""

from __future__ import annotations

import math

import numpy as np

from stackcraft.agents.names import HOMES
from stackcraft.experiments.statistics import Interval, band, paired_interval
from stackcraft.model.indicators import INDICATORS, Records
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.numbers import change_in_unit, money

COST = INDICATORS["cost"]


def spent(records: Records) -> np.ndarray:
    """Return what support has cost each home's public in every run, (runs, homes), $bn at present value."""
    return COST.everywhere(records)[:, : len(HOMES)]


def added(before: Records, after: Records) -> np.ndarray:
    """Return what the second adds to each home's public cost, paired run by run, (runs, homes)."""
    return spent(after) - spent(before)


def level(values: np.ndarray) -> str:
    """Return a cost with its band over runs, (runs,): "$30 bn ($28 bn to $33 bn)"."""
    return _ranged(band(values), money)


def change(values: np.ndarray) -> str:
    """Return a paired difference of costs, (runs,), with its 95 % interval: "+$2 bn (+$1.5 bn to +$2.5 bn)"."""
    return _ranged(paired_interval(values), lambda bn: change_in_unit(bn, COST.unit))


def _ranged(one: Interval, shown) -> str:
    mean, low, high = (float(value) for value in one)
    if not math.isfinite(low) or shown(low) == shown(high):
        return shown(mean)
    return text("cost.ranged", mean=shown(mean), low=shown(low), high=shown(high))


def sentence(year: int, start: int, cost: np.ndarray) -> str:
    """Say what both programmes cost the public since `start`; `cost` as `spent` gives it."""
    if year <= start:
        return text("cost.nothing_yet", year=year)
    us, cn = (level(values) for values in np.asarray(cost, float).T)
    yearly = [money(float(np.nanmean(values)) / (year - start)) for values in np.asarray(cost, float).T]
    told = text("cost.spent", year=year, us=us, cn=cn, us_yearly=yearly[0], cn_yearly=yearly[1])
    below = (np.nanmean(cost, axis=0) < 0).any()
    return f"{told} {text('cost.comes_back')}" if below else told


def added_sentence(year: int, start: int, cost: np.ndarray) -> str:
    """Say what the second of two scenarios adds to the public cost since `start`; `cost` as `added` gives it."""
    if year <= start:
        return text("cost.nothing_yet", year=year)
    us, cn = (text("cost.same") if (values == 0).all() else change(values) for values in np.asarray(cost, float).T)
    return text("cost.added", year=year, us=us, cn=cn)
