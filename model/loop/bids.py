"""Who bids (DESCRIPTION.md, 7.3): service, bans, licences, the go / no-go, and whether a bid is considered."""

from numba import uint64

from stackcraft.model.loop.arithmetic import log, sigmoid
from stackcraft.model.loop.codes import EMBARGOED_TIER, EQUITY, GUARANTEE, INSURANCE, NETWORK, VENDOR_PLACES
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import ADMITTED, CONSIDERED, ELIGIBLE, GOES, as_uniform, mix, site, uniform


@compiled
def exclusion(run, c, l, h):
    """Degree, 0-1, in which a country shuts a home's vendors out of a layer.

    Its own for the layer, or what its exclusion from networks, which is for security, brings with it: the larger.
    """
    ban = run.importer.at[c].ban_us if h == 0 else run.importer.at[c].ban_cn
    return max(ban[l], run.parameters.exclusion_reach[l] * ban[NETWORK])


@compiled
def chance_admitted(run, c, l, h):
    """Chance that a home's vendors may bid for a tender: 0 under embargo, sanctions or a full ban."""
    if run.facts.tier[c, h] >= EMBARGOED_TIER or run.state.month < run.state.sanctioned_until[c, h]:
        return 0.0
    return 1.0 - exclusion(run, c, l, h)


@compiled
def admitted(run, c, l, h):
    """True if a home's vendors may bid for this month's tender of a cell."""
    chance = chance_admitted(run, c, l, h)
    if chance <= 0.0 or chance >= 1.0:
        return chance > 0.0
    drawn = uniform(run.state.key, ELIGIBLE, run.facts.iso_number[c], l, run.state.month, ADMITTED.first + h)
    return drawn < chance


@compiled
def shut_out(h, open_us, open_cn):
    """True if a vendor's home `h` is shut out of a cell.

    `admitted` of either home, asked once for all of its vendors.
    """
    return (h == 0 and not open_us) or (h == 1 and not open_cn)


@compiled
def may_sell(run, c, l, v):
    """True if the vendor serves the layer, is in business and is not shut out of the country for certain."""
    k = run.facts
    if k.serves[l, v] <= 0.0 or run.state.alive[v] <= 0.0:
        return False
    return k.vendor_home[v] < 0 or chance_admitted(run, c, l, k.vendor_home[v]) > 0.0


@compiled
def evaded(run, c, l, v):
    """Share of what runs of a vendor that goes on at the end of a term in spite of its home's embargo; 0 if none is on.

    Open weights are copied, accounts are held by way of third countries, chips are smuggled.
    """
    h = run.facts.vendor_home[v]
    return run.parameters.embargo_evaded[l] if h >= 0 and run.facts.tier[c, h] >= EMBARGOED_TIER else 0.0


@compiled
def cover(p, instrument, financed):
    """Share of the buyer's credit risk that finance of a share of the deal takes off the vendor."""
    if instrument == EQUITY:
        return financed * p.equity_cover
    return financed * (p.guarantee_cover if instrument == GUARANTEE or instrument == INSURANCE else 1.0)


@compiled
def chance_of_bid(run, c, v, covered):
    """The go / no-go: the chance that a tender earns enough, by what is left of the margin after the risk.

    A part `hurdle` of the margin must pay for research and overheads, so a vendor that sells at a thin margin asks
    for less; what single tenders earn beyond or below the usual follows a logistic law of scale `margin_spread`.
    What the buyer requires and respect for its rules come off what it earns.
    """
    p, k, m = run.parameters, run.facts, run.market
    spread = max(0.0, k.cost_of_capital[c] - p.safest_rate)
    risk = p.vendor_risk * spread * (1.0 - covered)
    e = m.offer[c]
    risk += p.regulation_margin * k.regulation[c] * m.respect[e, v] + m.burden[e, v]
    return sigmoid((m.margin[v] * (1.0 - p.hurdle) - risk) / p.margin_spread)


@compiled
def consideration(run, c, v):
    """Log odds that a vendor's bid is considered in a country."""
    m, p, k = run.market, run.parameters, run.facts
    odds = m.considered[v] + run.importer.at[c].clarity + m.team_weight[c, v] - p.haste * log(run.importer.at[c].pace)
    if k.hub[v] > 0.0:
        reexport = k.hub_reach[c] * run.vendor.at[v].reexport
        odds += p.hub_considered + p.hub_considered_gulf * k.gulf[c] + p.hub_considered_reexport * reexport
    return odds


@compiled
def refresh_consideration(run):
    """After prices and teams: the chance that a vendor bids without cover, and that a bid is considered."""
    for c in range(run.facts.countries):
        for v in range(run.facts.vendors):
            run.market.chance_bid[c, v] = chance_of_bid(run, c, v, 0.0)
        for v in range(VENDOR_PLACES):
            run.market.chance_considered[c, v] = sigmoid(consideration(run, c, v))


@compiled
def draw_considered(run, drawn, number, l):
    """Fill `drawn` (VENDOR_PLACES,) with each vendor's draw for this tender.

    Apart from what reads them, so that the loop vectorises.
    """
    k, key = run.facts, uint64(run.state.key)
    here = site(CONSIDERED, number, l, run.state.month, 0)
    for v in range(k.vendors):
        drawn[v] = as_uniform(mix(mix((here | uint64(k.vendor_number[v])) ^ key) + key))


@compiled
def fill_eligible(run, x, club):
    """`x.bids.eligible`: 1 for each vendor whose bid is considered, 0 for the others.

    Books tenders without a bid of either home.

    Who holds an ending contract (`x.bids.held`) serves already and needs no introduction. `club`: log odds that a
    buyers' club adds.
    """
    w, k, m, d, bids = run.state, run.facts, run.market, x.decision, x.bids
    c, l, held, eligible = d.country, d.layer, bids.held, bids.eligible
    number = k.iso_number[c]
    bids_of_us, bids_of_cn = 0.0, 0.0
    open_us, open_cn = admitted(run, c, l, 0), admitted(run, c, l, 1)
    decides, considers = run.on.go_no_go != 0, run.on.consideration != 0
    if considers:
        draw_considered(run, bids.drawn, number, l)
    for v in range(k.vendors):
        eligible[v] = 0.0
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        h = k.vendor_home[v]
        if w.alive[v] <= 0.0 or shut_out(h, open_us, open_cn):
            continue
        if decides and held[v] <= 0.0:
            goes = m.chance_bid[c, v]
            if h >= 0 and x.offers.financier[d.tender, h] >= 0:
                covered = cover(run.parameters, x.offers.instrument[d.tender, h], x.offers.financed[d.tender, h])
                goes = chance_of_bid(run, c, v, covered * m.intensity[h, v])
            if uniform(w.key, ELIGIBLE, number, l, w.month, GOES.first + k.vendor_number[v]) >= goes:
                continue
        if h == 0:
            bids_of_us += 1.0
        elif h == 1:
            bids_of_cn += 1.0
        if considers and held[v] <= 0.0:
            chance = m.chance_considered[c, v]
            if club > 0.0:
                chance = sigmoid(consideration(run, c, v) + club)
            if bids.drawn[v] >= chance:
                continue
        eligible[v] = 1.0
    if bids_of_us <= 0.0:
        run.book.tenders_without_bid[0] += 1.0
    if bids_of_cn <= 0.0:
        run.book.tenders_without_bid[1] += 1.0
