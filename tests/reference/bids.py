"""Who bids for a tender and who is considered: service, bans, licences, the go / no-go, advocacy and acquaintance."""

import math

from tests.reference import choice, luck
from tests.reference.choice import tailored
from tests.reference.plain import INDEPENDENT, NETWORK, agreed, home_of


def chance_admitted(world, c, l, h):
    """Chance that a home's vendors may bid: none under embargo or sanctions, less by the degree of exclusion."""
    ban = (world.importer[c].ban_us, world.importer[c].ban_cn)[h]
    if world.facts.tier[c][h] >= 3 or world.state.month < world.state.sanctioned_until[c][h]:
        return 0.0
    return 1 - max(ban[l], world.parameters.exclusion_reach[l] * ban[NETWORK])


def could_sell(world, c, l, v):
    """Whether a vendor serves the layer, is in business, and may be admitted at all."""
    h = int(world.facts.vendor_home[v])
    serves = bool(world.facts.serves[l][v] and world.state.alive[v])
    return serves and (h < 0 or chance_admitted(world, c, l, h) > 0)


def may_sell(world, c, l, v):
    """Whether a vendor could sell and its home's vendors are admitted to this month's tender."""
    h = int(world.facts.vendor_home[v])
    if not could_sell(world, c, l, v):
        return False
    return h < 0 or luck.drawn(world, "eligible", c, l, 600 + h) < chance_admitted(world, c, l, h)


def evaded(world, c, l, v):
    """Part of what a vendor runs that goes on although its home has put the country under embargo; 0 without one."""
    h = int(world.facts.vendor_home[v])
    return world.parameters.embargo_evaded[l] if h >= 0 and world.facts.tier[c][h] >= 3 else 0.0


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


def cover(p, l, offer):
    """Share of the buyer's credit risk that an offer of finance takes off the vendor.

    Equity takes a part, a guarantee what it covers.
    """
    taken = {"equity": p.equity_cover, "guarantee": p.guarantee_cover, "insurance": p.guarantee_cover}
    return p.financed_share[l] * offer.part * taken.get(offer.instrument, 1)


def margin(world, v):
    """What a vendor keeps of its price."""
    return world.vendor[v].markup / (1 + world.vendor[v].markup)


def chance_of_bid(world, c, v, covered):
    """The go / no-go: a logistic law of what is left of the margin.

    Less what must pay for research and overheads, respect for the buyer's rules, and the risk left after cover.
    """
    p, k, home = world.parameters, world.facts, home_of(world, v)
    respect = 0.0 if home is None else agreed(home, "respect_regulation", c)
    burden = (1 - p.requirement_passed) * choice.cost_of_requirements(world, v, c)
    risk = p.vendor_risk * max(0, k.cost_of_capital[c] - p.safest_rate) * (1 - covered)
    left = (1 - p.hurdle) * margin(world, v) - p.regulation_margin * respect * k.regulation[c] - burden - risk
    return 1 / (1 + math.exp(-left / p.margin_spread))


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
    odds -= p.haste * math.log(world.importer[c].pace)
    odds -= p.customisation_teams * tailored(world, v)[0]  # teams that tailor bid elsewhere less
    if k.hub[v]:
        near = sum(weight * k.gulf[j] for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True))
        odds += p.hub_considered + p.hub_considered_gulf * k.gulf[c] + p.hub_considered_reexport * near * offer.reexport
    return odds


def bidding(world, c, l, offers, held, in_club=0.0):
    """(vendors that bid, vendors whose bid is considered).

    `offers`: of finance, by home.

    `held`: shares of ending contracts by vendor; a vendor that serves already is considered and asks for no margin.
    """
    bid, considered = [], []
    for v in range(world.vendors):
        if not may_sell(world, c, l, v):
            continue
        h, own = int(world.facts.vendor_home[v]), int(world.facts.vendor_number[v])
        if world.on["go_no_go"] and held[v] <= 0:
            covered = cover(world.parameters, l, offers[h]) * closeness(world, h, v) if h in offers else 0.0
            if luck.drawn(world, "eligible", c, l, own) >= chance_of_bid(world, c, v, covered):
                continue
        bid.append(v)
        if world.on["consideration"] and held[v] <= 0:
            odds = log_odds_of_consideration(world, c, v, in_club)
            if luck.drawn(world, "considered", c, l, own) >= 1 / (1 + math.exp(-odds)):
                continue
        considered.append(v)
    return bid, considered
