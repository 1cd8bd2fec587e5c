"""Who buys this month and how much: arrivals, renewals, top-ups, electricity.

What lapses or is held over changes the plain world.
"""

import math

from tests.reference import demand, luck
from tests.reference.contracts import due, ending, hold_over, lapse
from tests.reference.plain import CHIPS, CLOUD, Tender

SMALLEST_BN = 2e-5


def growth(p, l, years):
    """Demand of a layer over its start, without the growth of GDP."""
    return math.exp(p.growth[l] * p.growth_fade_years * (1 - math.exp(-years / p.growth_fade_years)))


def wanted(world, c, l):
    """What a buyer orders for: perceived demand some years ahead, for what is ordered now runs only then."""
    p, years = world.parameters, world.state.month / 12
    seen = demand.of_government(world, c, l)
    if world.on["demand_bias"]:
        seen = demand.perceived(world, c, l, luck.normal(world, "demand_bias", c, l, 0))
    return seen * (growth(p, l, years + p.planning_years) / growth(p, l, years) if world.on["demand_growth"] else 1)


def megawatts_of(p, l, size):
    """Power of a site that serves so many bn$ a year."""
    return size * p.term_years[l] * p.capital_share[l] / p.capital_bn_per_mw


def electricity_room(world, c):
    """MW that data centres may still take.

    What may be taken, growing, less what chips and cloud draw and will draw.
    """
    p, w = world.parameters, world.state
    limit = world.facts.electricity_headroom_mw[c] * math.exp(p.electricity_growth * w.month / 12)
    if w.month < w.power_until:
        limit *= p.power_shock_factor
    limit *= 1 + p.power_lift * max(home.power_package for home in world.home)
    drawn = sum(megawatts_of(p, l, w.capacity[c][l] + w.pending[c][l]) for l in (CHIPS, CLOUD))
    return limit - p.electricity_taken * drawn


def kind_of_tender(world, c, l, chance):
    """ "renewal" where a contract ends, "new" or "top-up" where the month's draw says so.

    None if there is no tender.
    """
    p, w = world.parameters, world.state
    if due(world, c, l):
        return "renewal"
    if luck.drawn(world, "arrival", c, l, 0) >= chance:
        return None
    return (
        "new" if w.capacity[c][l] + w.pending[c][l] < p.unserved_below * demand.of_government(world, c, l) else "top-up"
    )


def tender(world, c, l, kind, spoken_for=0.0):
    """The tender with its size in bn$ a year and MW, or None if there is nothing worth a tender.

    `spoken_for`: MW of its country's others.
    """
    p, w = world.parameters, world.state
    want, have = wanted(world, c, l), w.capacity[c][l] + w.pending[c][l]
    up = sum(one.capacity for _, one in ending(world, c, l, p.renewal_months)) if kind == "renewal" else 0.0
    if kind == "renewal":
        size = min(max(want - (have - up), p.renewal_smallest * up), p.renewal_largest * up)
    elif kind == "top-up" and want <= p.top_up_above * have:
        return None
    else:
        size = want - have
    if size < SMALLEST_BN:
        return None
    megawatts = megawatts_of(p, l, size)
    if l in (CHIPS, CLOUD) and world.on["power"] and kind != "renewal":
        room = max(electricity_room(world, c) - spoken_for, 0)
        if megawatts > room:
            world.book.megawatts_deferred += megawatts - room
            size, megawatts = size * room / megawatts, room
            if size < SMALLEST_BN:
                return None
    return Tender(c, l, kind, size, megawatts, up)


def gathered(world, chance):
    """This month's tenders in the order of their own hashes; `chance[c][l]` of one where no contract ends."""
    found = []
    for c in range(world.countries):
        for l in range(world.layers):
            busy = world.state.pipeline[c][l] > 0
            if busy:
                hold_over(world, c, l)
                continue
            kind = kind_of_tender(world, c, l, chance[c][l])
            chips = (
                found[-1]
                if found and (found[-1].country, found[-1].layer) == (c, CHIPS) and found[-1].kind != "renewal"
                else None
            )
            one = tender(world, c, l, kind, chips.megawatts if chips else 0.0) if kind else None
            if one:
                found.append(one)
            elif kind == "renewal":
                lapse(world, c, l)
    return sorted(found, key=lambda one: luck.bits(*luck.site(world, "ration", one.country, one.layer, 9)))
