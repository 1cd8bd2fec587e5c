"""Who bids (DESCRIPTION.md, 7.3): service, bans, licences, the go / no-go, and whether a bid is considered."""

from model.loop.arithmetic import sigmoid
from model.loop.compiled import compiled
from model.loop.luck import CONSIDERED, ELIGIBLE, uniform
from model.loop.sizes import (
    CONCESSIONAL, DIRECT, EQUITY, GRANT, GUARANTEE, INSURANCE, ON_CONSIDERATION, ON_GO_NO_GO, VENDORS,
)


@compiled
def may_sell(run, c, l, v):
    """True if the vendor serves the layer, is in business and is not shut out of the country."""
    w, k = run.state, run.facts
    if k.serves[l, v] <= 0.0 or w.alive[v] <= 0.0:
        return False
    h = k.vendor_home[v]
    if h < 0:
        return True
    if h == 0 and run.importer.at[c].ban_us[l] >= 0.5:
        return False
    if h == 1 and run.importer.at[c].ban_cn[l] >= 0.5:
        return False
    return k.tier[c, h] < 3 and w.month >= w.sanctioned_until[c, h]


@compiled
def cover(run, f, l):
    """Share of the buyer's credit risk that finance takes off the vendor."""
    mix = run.financier.at[f].instrument_mix
    whole = mix[GRANT] + mix[CONCESSIONAL] + mix[DIRECT] + run.parameters.equity_cover * mix[EQUITY]
    return run.parameters.financed_share[l] * (whole + run.parameters.guarantee_cover * (mix[GUARANTEE] + mix[INSURANCE]))


@compiled
def goes(run, c, v, covered, mood):
    """The go / no-go: what the tender earns, less the risk left after cover, must beat the hurdle. `mood`, 0 (best) to 1, is luck."""
    p, k = run.parameters, run.facts
    spread = max(0.0, k.cost_of_capital[c] - p.safest_rate)
    risk = p.vendor_risk * spread * (p.vendor_caution + mood) * (1.0 - covered)
    margin = run.market.margin[v] - p.regulation_margin * run.market.respect[v] * k.regulation[c] - risk + p.margin_spread * (1.0 - 2.0 * mood)
    return margin >= p.hurdle


@compiled
def consideration(run, c, v):
    """Log odds that a vendor's bid is considered in a country."""
    m, p, k = run.market, run.parameters, run.facts
    odds = m.considered[v] + run.importer.at[c].clarity + m.team_weight[c, v]
    if k.hub[v] > 0.0:
        odds += p.hub_considered + p.hub_considered_gulf * k.gulf[c] + p.hub_considered_reexport * k.hub_reach[c] * run.vendor.at[v].reexport
    return odds


@compiled
def refresh_consideration(run):
    """January, after prices and teams: the chance that each vendor's bid is considered in each country."""
    for c in range(run.facts.countries):
        for v in range(VENDORS):
            run.market.chance_considered[c, v] = sigmoid(consideration(run, c, v))


@compiled
def fill_eligible(run, c, l, offers, held, club, eligible):
    """1 for each vendor whose bid is considered, 0 for the others; books tenders without a bid of either home.

    `offers` (HOMES,): the financier of each home's offer, -1 for none. `held` (VENDORS,): shares of the ending contracts;
    who holds one serves already and needs no introduction. `club`: log odds that a buyers' club adds.
    """
    w, k, m = run.state, run.facts, run.market
    number = k.iso_number[c]
    bids_of_us, bids_of_cn = 0.0, 0.0
    for v in range(VENDORS):
        eligible[v] = 0.0
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        if not may_sell(run, c, l, v):
            continue
        h = k.vendor_home[v]
        own = k.vendor_number[v]
        if run.on.at[ON_GO_NO_GO] and held[v] <= 0.0:
            covered = 0.0
            if h >= 0 and offers[h] >= 0:
                covered = cover(run, offers[h], l) * m.intensity[h, v]
            # Luck is drawn only where it can decide.
            if not goes(run, c, v, covered, 1.0):
                if not goes(run, c, v, covered, uniform(w.key, ELIGIBLE, number, l, w.month, own)):
                    continue
        if h == 0:
            bids_of_us += 1.0
        elif h == 1:
            bids_of_cn += 1.0
        if run.on.at[ON_CONSIDERATION] and held[v] <= 0.0:
            chance = m.chance_considered[c, v]
            if club > 0.0:
                chance = sigmoid(consideration(run, c, v) + club)
            if uniform(w.key, CONSIDERED, number, l, w.month, own) >= chance:
                continue
        eligible[v] = 1.0
    if bids_of_us <= 0.0:
        run.book.tenders_without_bid[0] += 1.0
    if bids_of_cn <= 0.0:
        run.book.tenders_without_bid[1] += 1.0
