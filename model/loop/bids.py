"""Who bids (DESCRIPTION.md, 7.3): service, bans, licences, the go / no-go, and whether a bid is considered."""

from numba import uint64

from stackcraft.model.loop.arithmetic import sigmoid
from stackcraft.model.loop.codes import (
    CONCESSIONAL,
    DIRECT,
    EMBARGOED_TIER,
    EQUITY,
    GRANT,
    GUARANTEE,
    INSURANCE,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import CONSIDERED, ELIGIBLE, GOES, as_uniform, mix, site, uniform


@compiled
def admitted(run, c, l, h):
    """True unless a home's vendors are banned from the layer of a country, under embargo or sanctioned."""
    banned = run.importer.at[c].ban_us[l] if h == 0 else run.importer.at[c].ban_cn[l]
    return (
        banned < 0.5 and run.facts.tier[c, h] < EMBARGOED_TIER and run.state.month >= run.state.sanctioned_until[c, h]
    )


@compiled
def shut_out(h, open_us, open_cn):
    """True if a vendor's home `h` is shut out of a cell.

    `admitted` of either home, asked once for all of its vendors.
    """
    return (h == 0 and not open_us) or (h == 1 and not open_cn)


@compiled
def may_sell(run, c, l, v):
    """True if the vendor serves the layer, is in business and is not shut out of the country."""
    k = run.facts
    if k.serves[l, v] <= 0.0 or run.state.alive[v] <= 0.0:
        return False
    return k.vendor_home[v] < 0 or admitted(run, c, l, k.vendor_home[v])


@compiled
def cover(run, f, l):
    """Share of the buyer's credit risk that finance takes off the vendor."""
    mix = run.financier.at[f].instrument_mix
    whole = mix[GRANT] + mix[CONCESSIONAL] + mix[DIRECT] + run.parameters.equity_cover * mix[EQUITY]
    return run.parameters.financed_share[l] * (
        whole + run.parameters.guarantee_cover * (mix[GUARANTEE] + mix[INSURANCE])
    )


@compiled
def goes(run, c, v, covered, mood):
    """The go / no-go: what the tender earns, less the risk left after cover, must beat the hurdle.

    `mood`, 0 (best) to 1, is luck.
    """
    p, k = run.parameters, run.facts
    spread = max(0.0, k.cost_of_capital[c] - p.safest_rate)
    risk = p.vendor_risk * spread * (p.vendor_caution + mood) * (1.0 - covered)
    hurdle = p.hurdle + risk - p.margin_spread * (1.0 - 2.0 * mood)
    return run.market.margin[v] - p.regulation_margin * k.regulation[c] * run.market.respect[v] >= hurdle


@compiled
def consideration(run, c, v):
    """Log odds that a vendor's bid is considered in a country."""
    m, p, k = run.market, run.parameters, run.facts
    odds = m.considered[v] + run.importer.at[c].clarity + m.team_weight[c, v]
    if k.hub[v] > 0.0:
        reexport = k.hub_reach[c] * run.vendor.at[v].reexport
        odds += p.hub_considered + p.hub_considered_gulf * k.gulf[c] + p.hub_considered_reexport * reexport
    return odds


@compiled
def refresh_consideration(run):
    """After prices and teams: who bids without cover whatever the luck, and the chance that a bid is considered."""
    for c in range(run.facts.countries):
        for v in range(run.facts.vendors):
            run.market.always_bids[c, v] = 1.0 if goes(run, c, v, 0.0, 1.0) else 0.0
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
        if decides and m.always_bids[c, v] <= 0.0 and held[v] <= 0.0:
            covered = 0.0
            if h >= 0 and x.offers.financier[d.tender, h] >= 0:
                covered = cover(run, x.offers.financier[d.tender, h], l) * m.intensity[h, v]
            if not goes(
                run, c, v, covered, uniform(w.key, ELIGIBLE, number, l, w.month, GOES.first + k.vendor_number[v])
            ):
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
