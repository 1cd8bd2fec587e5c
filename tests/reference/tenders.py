"""Who buys this month and how much: arrivals, renewals, top-ups, electricity.

What lapses or is held over changes the plain world.
"""

import math

from tests.reference import demand, luck
from tests.reference.bids import could_sell, evaded
from tests.reference.contracts import due, ending_together, hold_over, lapse, wait_a_month
from tests.reference.lifecycle import megawatts_of
from tests.reference.plain import CHIPS, CLOUD, Tender, deals_of

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


def largest(world, c, l):
    """The largest size of one deal, bn$ a year: its value is a share of this year's GDP."""
    p, k = world.parameters, world.facts
    years = world.state.month / 12 if world.on["demand_growth"] else 0
    gdp = k.gdp[c] * math.exp(p.gdp_growth[int(k.income_group[c])] * years)
    beyond = max(k.gdp[c] / p.deal_gdp_bn, 1)
    return p.deal_share_of_gdp * gdp / math.sqrt(beyond) / p.term_years[l]


def power_of(world, c, from_stage):
    """MW of a country's data centres: deals that have come so far, and what firms and people run on their own."""
    p, w = world.parameters, world.state
    deals = sum(one.megawatts for l in (CHIPS, CLOUD) for _, one in deals_of(world, c, l) if one.stage >= from_stage)
    return deals + sum(megawatts_of(p, l, math.fsum(w.organic[c][l])) for l in (CHIPS, CLOUD))


def electricity_room(world, c):
    """MW that data centres may still take.

    What may be taken, growing, less what data centres draw and will draw.
    """
    p, w = world.parameters, world.state
    limit = world.facts.electricity_headroom_mw[c] * math.exp(p.electricity_growth * w.month / 12)
    if w.month < w.power_until:
        limit *= p.power_shock_factor
    limit *= 1 + p.power_lift * max(home.power_package for home in world.home)
    return limit - p.electricity_taken * power_of(world, c, 1)


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
    most = largest(world, c, l)
    up, holder = 0.0, -1
    if kind == "renewal":
        holder = due(world, c, l)[0][1].vendor
        wait_a_month(world, c, l, holder)
        up = ending_together(world, c, l, holder, most)
        size = up * min(max(want / have, p.renewal_smallest), p.renewal_largest)
        if goes_on(world, c, l, holder, size):
            return None
    elif kind == "top-up" and want <= p.top_up_above * have:
        return None
    else:
        size = want - have
    size = min(size, most)
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
    return Tender(c, l, kind, size, megawatts, up, holder)


def goes_on(world, c, l, v, size):
    """Whether a contract is renewed without a tender, for it is small or runs in spite of an embargo, or lapses."""
    from tests.reference.decision import largest_of, renew  # which need this module themselves

    months, kept = world.parameters.renewal_months, evaded(world, c, l, v)
    if not kept and min(size, largest(world, c, l)) >= SMALLEST_BN:
        return False
    if kept or could_sell(world, c, l, v):
        renew(world, c, l, largest_of(world, c, l, v, months), size * (kept or 1.0), months, v)
    else:
        lapse(world, c, l)
    return True


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
    return sorted(found, key=lambda one: luck.bits(*luck.site(world, "ration", one.country, one.layer, 9)))
