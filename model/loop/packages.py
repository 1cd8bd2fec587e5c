"""Packages (DESCRIPTION.md, 7.3): one offer over several layers of a country, by one home's stack.

A package adds to the tendered layer every other open layer where the stack's own bid is close to the best rival bid. Its utility
is the spend-weighted mean of its members', with the bundle discount and the members' complementarity.
"""

from model.loop.arithmetic import log
from model.loop.bids import may_sell
from model.loop.compiled import compiled
from model.loop.demand import government_demand
from model.loop.luck import ELIGIBLE, PACKAGE_OFFERED, uniform
from model.loop.sizes import (
    HOMES, LAYERS, ON_PACKAGES, PACKAGE, SLOTS, T_PACKAGE, STACKS, TASTE_COMPLEMENT, TERMS, VENDORS,
)
from model.loop.tenders import SMALLEST_BN, expiring
from model.loop.utility import bid_utilities, price_taste, term_of


@compiled
def open_size(run, c, l):
    """Size of what a package may cover in another layer: unmet need, or contracts about to end; 0 if closed."""
    w, p = run.state, run.parameters
    if w.pipeline[c, l] > 0:
        return 0.0
    ending = 0.0
    for i in range(SLOTS):
        if expiring(run, c, l, i, p.open_months) == 1:
            ending += run.deals.at[c, l, i].capacity
    demand = government_demand(run, c, l)
    have = w.capacity[c, l]
    if ending > 0.0:
        return ending
    if have < p.unserved_below * demand:
        return demand - have
    return 0.0


@compiled
def ending_shares(run, c, l, months, held):
    """Share that each vendor holds of the contracts that end within so many months; True if there are any.

    Overwrites `held` (VENDORS,).
    """
    total = 0.0
    for v in range(VENDORS):
        held[v] = 0.0
    for i in range(SLOTS):
        if expiring(run, c, l, i, months) == 1:
            held[run.deals.at[c, l, i].vendor] += run.deals.at[c, l, i].capacity
            total += run.deals.at[c, l, i].capacity
    for v in range(VENDORS):
        held[v] /= max(total, 1e-300)
    return total > 0.0


@compiled
def best_bid(run, c, l, h, utility, by_home):
    """The best bid of a home's stack in a layer (its own vendors, allied ones if they may join), or the best rival's; -1 if none."""
    k, best = run.facts, -1
    joins = uniform(run.state.key, ELIGIBLE, k.iso_number[c], l, run.state.month, 300 + h) < run.home.at[h].allied_content
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        own = k.vendor_home[v] == h
        allied = k.vendor_home[v] < 0 and k.domestic[v] == 0.0 and k.hub[v] == 0.0 and joins
        if (own or allied) != by_home:
            continue
        if may_sell(run, c, l, v) and (best < 0 or utility[v] > utility[best]):
            best = v
    return best


@compiled
def offer_packages(run, x, c, l, size):
    """Add package bids to x.utility, x.eligible; x.package_vendor (HOMES, LAYERS) holds members, -1 if none."""
    w, p, k = run.state, run.parameters, run.facts
    offered = False
    for h in range(HOMES):
        bid = PACKAGE + h
        x.eligible[bid] = 0.0
        x.utility[bid] = -50.0
        for m in range(LAYERS):
            x.package_vendor[h, m] = -1
            x.package_members[h, m] = 0.0
        chance = p.package_offered + p.consortium_packages * run.home.at[h].consortium_required
        if run.on.at[ON_PACKAGES] and uniform(w.key, PACKAGE_OFFERED, k.iso_number[c], l, w.month, h) < chance:
            lead = -1
            for v in range(VENDORS):
                if x.eligible[v] > 0.0 and k.vendor_home[v] == h and (lead < 0 or x.utility[v] > x.utility[lead]):
                    lead = v
            if lead >= 0:
                x.package_vendor[h, l] = lead
                x.package_members[h, l] = size * p.term_years[l]
                for t in range(TERMS):
                    x.package_terms[h, t] = term_of(x.base, x.rows, t, lead, k.vendor_stack[lead]) * x.package_members[h, l]
                offered = True
    if not offered:
        return
    for t in range(TERMS):
        for s in range(STACKS):
            x.other_base[t, s] = x.base[t, s]  # a country's own terms are the same on every layer
    for m in range(LAYERS):
        if m == l:
            continue
        room = open_size(run, c, m)
        if room < SMALLEST_BN:
            continue
        ending = ending_shares(run, c, m, p.open_months, x.other_held)
        bid_utilities(run, c, m, ending, x.other_held, 0.0, x.other_base, x.other_rows, x.other_utility)
        run.book.choices += 1.0
        for h in range(HOMES):
            if x.package_vendor[h, l] < 0:
                continue
            own = best_bid(run, c, m, h, x.other_utility, True)
            if own < 0:
                continue
            rival = best_bid(run, c, m, h, x.other_utility, False)
            if rival >= 0 and x.other_utility[own] < x.other_utility[rival] - p.package_margin:
                continue
            x.package_vendor[h, m] = own
            x.package_members[h, m] = room * p.term_years[m]
            for t in range(TERMS):
                x.package_terms[h, t] += term_of(x.other_base, x.other_rows, t, own, k.vendor_stack[own]) * x.package_members[h, m]
    for h in range(HOMES):
        price_package(run, x, c, l, h)


@compiled
def price_package(run, x, c, l, h):
    """Utility of a package from its members; a single layer is no package."""
    p = run.parameters
    layers, spend, discount, together = 0, 0.0, 0.0, 0.0
    for m in range(LAYERS):
        if x.package_vendor[h, m] >= 0:
            layers += 1
            spend += x.package_members[h, m]
            discount += run.vendor.at[x.package_vendor[h, m]].bundle_discount * x.package_members[h, m]
            for n in range(LAYERS):
                if n != m and x.package_vendor[h, n] >= 0:
                    missing = 1.0 - run.state.share[c, n, h]
                    together += p.complementarity_between[m, n] * missing * x.package_members[h, m]
    if layers < 2:
        x.package_vendor[h, l] = -1
        return
    for t in range(TERMS):
        x.package_terms[h, t] /= spend
    bonus = p.complementarity * run.state.taste[c, TASTE_COMPLEMENT] * together / spend
    if layers >= p.package_size:
        bonus -= price_taste(run, c) * log(1.0 - discount / spend)
    x.package_terms[h, T_PACKAGE] = bonus
    total = 0.0
    for t in range(TERMS):
        total += x.package_terms[h, t]
    x.utility[PACKAGE + h] = total
    x.eligible[PACKAGE + h] = 1.0
