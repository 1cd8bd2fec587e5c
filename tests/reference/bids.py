"""Who bids for a tender and who is considered: service, bans, licences, the go / no-go, advocacy and acquaintance."""

import math

from tests.reference import luck
from tests.reference.approval import mix_of
from tests.reference.choice import tailored
from tests.reference.plain import INDEPENDENT, home_of


def may_sell(world, c, l, v):
    """Whether a vendor serves the layer, is in business, and is not banned, sanctioned or under embargo."""
    k, w, h = world.facts, world.state, int(world.facts.vendor_home[v])
    if not k.serves[l][v] or not w.alive[v]:
        return False
    if h < 0:
        return True
    banned = (world.importer[c].ban_us, world.importer[c].ban_cn)[h][l] >= 0.5
    return not banned and k.tier[c][h] < 3 and w.month >= w.sanctioned_until[c][h]


def closeness(world, h, v):
    """How far a home's support reaches a vendor, 0-1.

    Its own by closeness, allied ones as far as content from allies counts.
    """
    p, k, home, offer = world.parameters, world.facts, world.home[h], world.vendor[v]
    if k.vendor_home[v] == h:
        leads = 1.0
        if k.home_revenue[v] < p.ready_revenue_bn:  # too small to lead a consortium
            leads = 1 - home.consortium_required
        close = min(1, p.support_closeness * offer.affiliation) * (1 - max(0, -offer.relation))
        return leads * close * (1 - p.support_deniability * home.deniability)
    allied = k.vendor_stack[v] == INDEPENDENT and not k.domestic[v] and not k.hub[v]
    return home.allied_content if allied else 0.0


def reach(world, c, h, v):
    """The same in one country: a compact opens the home's support to allied vendors and to the country's own."""
    if world.facts.vendor_home[v] < 0 and not world.facts.hub[v]:
        return max(closeness(world, h, v), world.home[h].compact[c])
    return closeness(world, h, v)


def cover(world, f, l):
    """Share of the buyer's credit risk that a financier takes off the vendor.

    Equity takes a part, a guarantee what it covers.
    """
    p, mix = world.parameters, mix_of(world.financier[f])
    lent = mix["grant"] + mix["concessional_loan"] + mix["direct_loan"] + p.equity_cover * mix["equity"]
    return p.financed_share[l] * (lent + p.guarantee_cover * (mix["guarantee"] + mix["insurance"]))


def margin(world, v):
    """What a vendor keeps of its price, less research above what is usual."""
    p, offer = world.parameters, world.vendor[v]
    return offer.markup / (1 + offer.markup) - p.research_margin * max(0, offer.rnd_share - p.usual_research)


def goes(world, c, v, covered, mood):
    """The go / no-go: what the tender earns, less respect for the buyer's rules and the risk left after cover, against
    the hurdle.

    `mood`, 0-1, is luck: the lower, the more a tender earns beyond the vendor's usual margin and the less its risk
    counts.
    """
    p, k, home = world.parameters, world.facts, home_of(world, v)
    respect = 0.0 if home is None else home.respect_regulation
    risk = p.vendor_risk * max(0, k.cost_of_capital[c] - p.safest_rate) * (p.vendor_caution + mood) * (1 - covered)
    earned = margin(world, v) + p.margin_spread * (1 - 2 * mood)
    return earned - p.regulation_margin * respect * k.regulation[c] - risk >= p.hurdle


def teams(world, c, v):
    """Log of the teams a vendor spends on a country over their mean, within limits.

    Left open they go to clear buyers and large demand.
    """
    p, k, given = world.parameters, world.facts, world.vendor[v].teams

    def spent(j):
        if not math.isnan(given[0]):
            return given[j]
        return world.importer[j].clarity * (k.demand_share[j] * world.countries) ** 0.25

    mean = sum(spent(j) for j in range(world.countries)) / world.countries
    return min(max(math.log(max(spent(c) / max(mean, 1e-12), 1e-3)), -p.team_weight_limit), p.team_weight_limit)


def log_odds_of_consideration(world, c, v, in_club):
    """Log odds that a bid is looked at."""
    p, k, offer, home = world.parameters, world.facts, world.vendor[v], home_of(world, v)
    advocacy = p.independent_advocacy
    if home is not None:
        advocacy = (
            home.advocacy * (1 - p.advocacy_industry_led * home.industry_led)
            + p.advocacy_consortium * home.consortium_required
        )
    odds = (
        p.considered_base + p.considered_advocacy * advocacy + world.importer[c].clarity + teams(world, c, v) + in_club
    )
    odds -= p.customisation_teams * tailored(world, v)[0]  # teams that tailor bid elsewhere less
    if k.hub[v]:
        near = sum(weight * k.gulf[j] for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True))
        odds += p.hub_considered + p.hub_considered_gulf * k.gulf[c] + p.hub_considered_reexport * near * offer.reexport
    return odds


def bidding(world, c, l, financiers, held, in_club=0.0):
    """(vendors that bid, vendors whose bid is considered).

    `financiers` (home): whose finance is offered, -1 for none.

    `held`: shares of ending contracts by vendor; a vendor that serves already is considered and asks for no margin.
    """
    bid, considered = [], []
    for v in range(world.vendors):
        if not may_sell(world, c, l, v):
            continue
        h, own = int(world.facts.vendor_home[v]), int(world.facts.vendor_number[v])
        if world.on["go_no_go"] and held[v] <= 0:
            f = financiers[h] if h >= 0 else -1
            covered = cover(world, f, l) * closeness(world, h, v) if f >= 0 else 0.0
            if not goes(world, c, v, covered, luck.drawn(world, "eligible", c, l, own)):
                continue
        bid.append(v)
        if world.on["consideration"] and held[v] <= 0:
            odds = log_odds_of_consideration(world, c, v, in_club)
            if luck.drawn(world, "considered", c, l, own) >= 1 / (1 + math.exp(-odds)):
                continue
        considered.append(v)
    return bid, considered
