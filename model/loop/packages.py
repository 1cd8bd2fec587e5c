"""Packages (DESCRIPTION.md, 7.3): one offer over several layers of a country, by one home's stack.

A package adds to the tendered layer every other open layer where the stack's own bid beats buying nothing and is close
to the best rival bid. A home that asks for full consortia takes in weaker layers too, and lets no package below full
size through. Its utility is the spend-weighted mean of its members', with the bundle discount and the members'
complementarity.
"""

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.bids import admitted, shut_out
from stackcraft.model.loop.codes import (
    AT_RENEWAL,
    AT_SALE,
    CHIPS,
    CLOUD,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    N_TERMS,
    PACKAGE,
    R_AFFILIATION,
    R_GRACES,
    T_PACKAGE,
    TASTE_COMPLEMENTARITY,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import ANYBODY, expiring
from stackcraft.model.loop.demand import government_demand, largest_deal, megawatts_of, most_that_runs
from stackcraft.model.loop.luck import ALLY_JOINS, ELIGIBLE, INVITED, PACKAGE_OFFERED, WHOLE_ONLY, uniform
from stackcraft.model.loop.tenders import SMALLEST_BN
from stackcraft.model.loop.utility import bid_utilities, price_taste, term_of


@compiled
def open_size(run, c, l, ending):
    """Size of what a package may cover in another layer: contracts about to end, else unmet need, up to one deal.

    0 if there is neither, or if what ends is more than one deal.
    """
    most = largest_deal(run, c, l)
    if ending > 0.0:
        return ending if ending <= most else 0.0
    demand, have = government_demand(run, c, l), run.state.capacity[c, l]
    if have >= run.parameters.unserved_below * demand:
        return 0.0
    return min(demand - have, most)


@compiled
def ending_shares(run, c, l, whose, months, bids):
    """Share that each vendor holds of the contracts that end within so many months.

    Only those of vendor `whose`, unless it is ANYBODY. Returns their capacity, bn$ a year.

    Overwrites `bids.held`, which means nothing where nothing ends.
    """
    total = 0.0
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months, whose) == 1:
            total += run.deals.at[c, l, i].capacity
    if total <= 0.0:
        return 0.0
    for v in range(run.facts.vendors):
        bids.held[v] = 0.0
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months, whose) == 1:
            bids.held[run.deals.at[c, l, i].vendor] += run.deals.at[c, l, i].capacity / total
    return total


@compiled
def best_bids(run, x, c, l):
    """For each home the best bid of its stack in a layer, of allied vendors too if they may join, and the best rival's.

    Reads the utilities in `x.other_bids`; overwrites `x.packages.best_own` and `best_rival` (N_HOMES,), -1 for none.
    """
    k, utility = run.facts, x.other_bids.utility
    number, month, key = k.iso_number[c], run.state.month, run.state.key
    own_us, own_cn, rival_us, rival_cn = -1, -1, -1, -1
    content = run.home.at[0].allied_content
    joins_us = content > 0.0 and uniform(key, ELIGIBLE, number, l, month, ALLY_JOINS.first) < content
    content = run.home.at[1].allied_content
    joins_cn = content > 0.0 and uniform(key, ELIGIBLE, number, l, month, ALLY_JOINS.first + 1) < content
    open_us, open_cn = admitted(run, c, l, 0), admitted(run, c, l, 1)
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        h, u = k.vendor_home[v], utility[v]
        if run.state.alive[v] <= 0.0 or shut_out(h, open_us, open_cn):
            continue
        ally = h < 0 and k.domestic[v] == 0.0 and k.hub[v] == 0.0
        if h == 0 or (ally and joins_us):
            own_us = v if own_us < 0 or u > utility[own_us] else own_us
        else:
            rival_us = v if rival_us < 0 or u > utility[rival_us] else rival_us
        if h == 1 or (ally and joins_cn):
            own_cn = v if own_cn < 0 or u > utility[own_cn] else own_cn
        else:
            rival_cn = v if rival_cn < 0 or u > utility[rival_cn] else rival_cn
    x.packages.best_own[0], x.packages.best_own[1], x.packages.best_rival[0], x.packages.best_rival[1] = (
        own_us,
        own_cn,
        rival_us,
        rival_cn,
    )


@compiled
def offer_packages(run, x, c, l, size, megawatts):
    """Add package bids to x.bids; `x.packages.vendor` (N_HOMES, N_LAYERS) holds members, -1 if none.

    A package's utility is summed from its members' utilities; its terms are put together only for a run that keeps a
    ledger.
    """
    if not begin_packages(run, x, c, l, size):
        return
    k, bids, others = run.facts, x.bids, x.other_bids
    for t in range(N_TERMS):
        for s in range(N_STACKS):
            others.base[t, s] = bids.base[t, s]  # a country's own terms are the same on every layer
    for v in range(k.vendors):
        others.rows[R_AFFILIATION, v], others.rows[R_GRACES, v] = bids.rows[R_AFFILIATION, v], bids.rows[R_GRACES, v]
    for h in range(N_HOMES):
        x.packages.megawatts[h] = megawatts if l == CHIPS or l == CLOUD else 0.0
    for m in range(N_LAYERS):
        if m != l and run.state.pipeline[c, m] <= 0:
            widen_packages(run, x, c, l, m)
    for h in range(N_HOMES):
        if x.packages.vendor[h, l] >= 0:
            price_package(run, x, c, l, h)


@compiled
def packages_invited(run):
    """Share of tenders that packages may bid for this month: full-stack offers are new, and come in over some years."""
    p = run.parameters
    return p.package_offered * min(1.0, run.state.month / max(12.0 * p.package_years, 1.0))


@compiled
def begin_packages(run, x, c, l, size):
    """Start a package of each home whose own vendors bid for the tendered layer, if the buyer takes packages at all.

    Returns True if there is one.
    """
    w, k, bids, began = run.state, run.facts, x.bids, False
    invited = run.on.packages and (
        uniform(w.key, PACKAGE_OFFERED, k.iso_number[c], l, w.month, INVITED.first) < packages_invited(run)
    )
    for h in range(N_HOMES):
        bids.eligible[PACKAGE + h] = 0.0
        bids.utility[PACKAGE + h] = -50.0
        x.packages.vendor[h, l] = -1
        lead = best_own_bid(run, bids, l, h) if invited else -1
        if lead >= 0:
            for m in range(N_LAYERS):
                x.packages.vendor[h, m] = -1
                x.packages.members[h, m] = 0.0
            begin_package(run, x, l, h, lead, size)
            began = True
    return began


@compiled
def best_own_bid(run, bids, l, h):
    """The best bid of a home's own vendors among those considered for a layer; -1 if there is none."""
    k, best = run.facts, -1
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        if bids.eligible[v] > 0.0 and k.vendor_home[v] == h and (best < 0 or bids.utility[v] > bids.utility[best]):
            best = v
    return best


@compiled
def widen_packages(run, x, c, l, m):
    """Let an open layer `m` join the packages for a tender of layer `l`, where the stack's own bid is good enough."""
    p, packages, others = run.parameters, x.packages, x.other_bids
    ending = ending_shares(run, c, m, ANYBODY, p.open_months, others)
    room = open_size(run, c, m, ending)
    if room < SMALLEST_BN:
        return
    bid_utilities(run, c, m, AT_RENEWAL if ending > 0.0 else AT_SALE, 0.0, others)
    run.book.choices += 1.0
    best_bids(run, x, c, m)
    for h in range(N_HOMES):
        own, rival = packages.best_own[h], packages.best_rival[h]
        if packages.vendor[h, l] < 0 or own < 0:
            continue
        margin = p.package_margin + p.consortium_margin * run.home.at[h].consortium_required
        if rival >= 0 and others.utility[own] < others.utility[rival] - margin:
            continue
        if others.utility[own] < p.outside_option:
            continue  # nobody takes into a package what it would rather not buy at all
        size = room
        if ending <= 0.0 and (m == CHIPS or m == CLOUD):
            size = min(room, most_that_runs(run, c, m, packages.megawatts[h]))
            if size < SMALLEST_BN:
                continue
            packages.megawatts[h] += megawatts_of(p, m, size)
        join_package(run, x, m, h, own, size)


@compiled
def begin_package(run, x, l, h, lead, size):
    """A package starts with the stack's best bid for the tendered layer."""
    spend = size * run.parameters.term_years[l]
    x.packages.vendor[h, l], x.packages.members[h, l] = lead, spend
    x.packages.utility[h] = x.bids.utility[lead] * spend
    if run.ledger.rows > 0:
        for t in range(N_TERMS):
            x.packages.terms[h, t] = term_of(x.bids, t, lead) * spend


@compiled
def join_package(run, x, m, h, vendor, room):
    """Another layer joins a package."""
    spend = room * run.parameters.term_years[m]
    x.packages.vendor[h, m], x.packages.members[h, m] = vendor, spend
    x.packages.utility[h] += x.other_bids.utility[vendor] * spend
    if run.ledger.rows > 0:
        for t in range(N_TERMS):
            x.packages.terms[h, t] += term_of(x.other_bids, t, vendor) * spend


@compiled
def price_package(run, x, c, l, h):
    """Utility of a package from its members; a single layer is not a package."""
    p = run.parameters
    layers, spend, discount, together = 0, 0.0, 0.0, 0.0
    for m in range(N_LAYERS):
        if x.packages.vendor[h, m] >= 0:
            layers += 1
            spend += x.packages.members[h, m]
            discount += (
                run.vendor.at[x.packages.vendor[h, m]].bundle_discount * p.pass_through[m] * x.packages.members[h, m]
            )
            for n in range(N_LAYERS):
                if n != m and x.packages.vendor[h, n] >= 0:
                    missing = 1.0 - run.state.share[c, n, h]
                    together += p.complementarity_between[m, n] * missing * x.packages.members[h, m]
    complete, partial = run.home.at[h].consortium_required, False
    if layers < p.package_size and complete > 0.0:
        partial = (
            uniform(run.state.key, PACKAGE_OFFERED, run.facts.iso_number[c], l, run.state.month, WHOLE_ONLY.first + h)
            < complete
        )
    if layers < 2 or partial:
        x.packages.vendor[h, l] = -1
        return
    bonus = p.complementarity * run.state.taste[c, TASTE_COMPLEMENTARITY] * together / spend
    if layers >= p.package_size:
        bonus -= price_taste(run, c) * log(1.0 - discount / spend)
    if run.ledger.rows > 0:
        for t in range(N_TERMS):
            x.packages.terms[h, t] /= spend
        x.packages.terms[h, T_PACKAGE] = bonus
    x.bids.utility[PACKAGE + h] = x.packages.utility[h] / spend + bonus
    x.bids.eligible[PACKAGE + h] = 1.0
