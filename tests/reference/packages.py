"""A package adds the open layers in which its stack beats buying nothing and is close to the best rival.

Spend-weighted utility.
"""

import math

from tests.reference import choice, luck
from tests.reference.bids import may_sell
from tests.reference.contracts import ending
from tests.reference.demand import of_government
from tests.reference.plain import CHIPS, CLOUD, INDEPENDENT
from tests.reference.tenders import electricity_room, largest, megawatts_of

SMALLEST_BN = 2e-5


def member(bids, margin, outside):
    """The vendor that joins a package in another layer, None if none does.

    `bids`: [(vendor, utility, ours)]; `outside`: of nothing.
    """
    ours = [(utility, vendor) for vendor, utility, mine in bids if mine]
    theirs = [utility for _, utility, mine in bids if not mine]
    if ours and max(ours)[0] >= max([outside, *(best - margin for best in theirs)]):
        return max(ours)[1]
    return None


def value_of(joined, utilities, between, missing, kappa, alpha, discount_of, through, size_for_discount):
    """Spend-weighted mean of the members' utilities, what they add to each other where the stack was missing, and the
    discount as far as it passes `through`.
    """
    spend = sum(amount for _, amount in joined.values())
    mean = sum(utilities[layer] * amount for layer, (_, amount) in joined.items()) / spend
    together = (
        sum(
            between[layer][other] * missing[other] * amount
            for layer, (_, amount) in joined.items()
            for other in joined
            if other != layer
        )
        / spend
    )
    discount = sum(discount_of[vendor] * through[layer] * amount for layer, (vendor, amount) in joined.items()) / spend
    bonus = kappa * together
    if len(joined) >= size_for_discount:
        bonus -= alpha * math.log(1 - discount)
    return mean + bonus


def room(world, c, l):
    """What a package may cover in another layer, bn$ a year: contracts about to end, else unmet need.

    Nothing while a deal is on its way, and no more than one deal.
    """
    p, w, wanted = world.parameters, world.state, of_government(world, c, l)
    if w.pipeline[c][l]:
        return 0.0
    up = sum(one.capacity for _, one in ending(world, c, l, p.open_months))
    if up > 0:
        return up if up <= largest(world, c, l) else 0.0
    if w.capacity[c][l] >= p.unserved_below * wanted:
        return 0.0
    return min(wanted - w.capacity[c][l], largest(world, c, l))


def within_electricity(world, c, l, size, taken):
    """What of a new site's size electricity can run, where the package takes `taken` MW in other layers."""
    p = world.parameters
    if not world.on["power"] or l not in (CHIPS, CLOUD):
        return size
    return min(
        size, max(electricity_room(world, c) - taken, 0) * p.capital_bn_per_mw / (p.term_years[l] * p.capital_share[l])
    )


def new_megawatts(tender):
    """MW of a tender that do not run yet: of a renewal, what it adds."""
    if tender.layer not in (CHIPS, CLOUD):
        return 0.0
    return tender.megawatts * (max(tender.size - tender.ending, 0) / tender.size if tender.kind == "renewal" else 1)


def shares_that_end(world, c, l, months):
    """Shares of the contracts that end by vendor, None if none does."""
    held = [0.0] * 16
    for _, one in ending(world, c, l, months):
        held[one.vendor] += one.capacity
    return [part / sum(held) for part in held] if sum(held) > 0 else None


def offered(world, tender, utility):
    """(packages that are bid: home -> (utility, layer -> (vendor, spend)), how many other layers were looked at).

    `utility`: vendor -> utility of the bids that are considered for the tender itself; the home's best of them leads.
    """
    p, k, c, l = world.parameters, world.facts, tender.country, tender.layer
    leads, found = {}, {}
    offered = p.package_offered * min(1, world.state.month / max(12 * p.package_years, 1))
    invited = world.on["packages"] and luck.drawn(world, "package_offered", c, l, 0) < offered
    for h in range(len(world.home)):
        own = [v for v in utility if k.vendor_home[v] == h]
        if own and invited:
            leads[h] = max(own, key=utility.get)
    if not leads:
        return found, 0
    packages = {h: {l: (lead, tender.size * p.term_years[l])} for h, lead in leads.items()}
    bids, taken = {}, dict.fromkeys(leads, new_megawatts(tender))
    for m in range(world.layers):
        size = room(world, c, m) if m != l else 0.0
        if size < SMALLEST_BN:
            continue
        held = shares_that_end(world, c, m, p.open_months)
        bids[m] = {
            v: math.fsum(choice.terms(world, c, m, v, held, sale=True).values())
            for v in range(world.vendors)
            if may_sell(world, c, m, v)
        }
        for h, joined in packages.items():
            joins = luck.drawn(world, "eligible", c, m, 300 + h) < world.home[h].allied_content

            def ours(v, h=h, joins=joins):
                allied = k.vendor_stack[v] == INDEPENDENT and not k.domestic[v] and not k.hub[v]
                return k.vendor_home[v] == h or (allied and joins)

            margin = p.package_margin + p.consortium_margin * world.home[h].consortium_required
            vendor = member([(v, u, ours(v)) for v, u in bids[m].items()], margin, p.outside_option)
            here = (
                size if held else within_electricity(world, c, m, size, taken[h])
            )  # contracts that end have their electricity
            if vendor is not None and here >= SMALLEST_BN:
                joined[m] = vendor, here * p.term_years[m]
                if not held and m in (CHIPS, CLOUD):
                    taken[h] += megawatts_of(p, m, here)
    for h, joined in packages.items():
        rule = world.home[h].consortium_required
        partial = len(joined) < p.package_size and luck.drawn(world, "package_offered", c, l, 2 + h) < rule
        if len(joined) < 2 or partial:  # a full consortium rule lets no smaller package through
            continue
        utilities = {m: utility[v] if m == l else bids[m][v] for m, (v, _) in joined.items()}
        w = world.state
        alpha = (p.price_taste + p.price_taste_income * (1 - k.income_rank[c])) * w.taste[c][0]
        missing = [1 - w.share[c][m][h] for m in range(world.layers)]
        discounts = {v: world.vendor[v].bundle_discount for v in range(world.vendors)}
        worth = value_of(
            joined,
            utilities,
            p.complementarity_between,
            missing,
            p.complementarity * w.taste[c][2],
            alpha,
            discounts,
            p.pass_through,
            p.package_size,
        )
        found[h] = worth, joined
    return found, len(bids)
