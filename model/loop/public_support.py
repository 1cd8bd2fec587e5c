"""Who supports which tender (DESCRIPTION.md, 7.2 and 7.5): claims on slots, money and financiers, ranked by score."""

from stackcraft.model.loop.codes import CLOUD, EMBARGOED_TIER, N_HOMES, NETWORK, OPERATED, SOLD
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.finance import carried_share, choose_financier
from stackcraft.model.loop.luck import CLAIM_TIE, ELIGIBLE, RATION, TAKES_LAYER, bits, uniform

SURE, CLOSE = 0.8, 0.6  # largest chances at which a contest counts as sure or close, in the yearbook only


@compiled
def contract_value(p, l, size):
    """Value of a contract in bn$: capacity a year x term."""
    return size * p.term_years[l]


@compiled
def layer_counts(run, c, l, home):
    """True if a home's programme takes this layer here: networks and operated cloud only as far as the rules let them
    in.
    """
    g = run.home.at[home]
    if l == NETWORK:
        degree = g.include_network
    elif l == CLOUD:
        degree = g.cloud_counts
    else:
        return True
    return (
        uniform(run.state.key, ELIGIBLE, run.facts.iso_number[c], l, run.state.month, TAKES_LAYER.first + home) < degree
    )


@compiled
def allot_support(run, x, number):
    """Fill offer_factor and offer_financier (tender, home) of this month's tenders; 1 and -1 where there is no offer.

    Claims are ranked by score, ties by the tender's own hash; whoever does not fit goes unsupported.
    """
    w, p, k = run.state, run.parameters, run.facts
    claims = 0
    for i in range(number):
        c, l = x.tender_country[i], x.tender_layer[i]
        for h in range(N_HOMES):
            x.offer_factor[i, h] = 1.0
            x.offer_financier[i, h] = -1
            if run.on.targeting == 0 or run.on.finance == 0:
                continue
            if w.target[h, c, l] <= 0.0 or x.tender_megawatts[i] < run.home.at[h].min_package_mw:
                continue
            if p.financed_share[l] <= 0.0 or k.tier[c, h] >= EMBARGOED_TIER or not layer_counts(run, c, l, h):
                continue
            j = claims
            score = w.target[h, c, l]
            tie = bits(w.key, RATION, k.iso_number[c], l, w.month, CLAIM_TIE.first + h)
            while j > 0:
                before = x.order[j - 1]
                other = x.claim_score[before]
                if other > score:
                    break
                if other == score:
                    t, g = x.claim_tender[before], x.claim_home[before]
                    number = k.iso_number[x.tender_country[t]]
                    if bits(w.key, RATION, number, x.tender_layer[t], w.month, CLAIM_TIE.first + g) >= tie:
                        break
                x.order[j] = before
                j -= 1
            x.order[j] = claims
            x.claim_tender[claims], x.claim_home[claims], x.claim_score[claims] = i, h, score
            claims += 1
    for position in range(claims):
        one = x.order[position]
        offer_support(run, x, x.claim_tender[one], x.claim_home[one])


@compiled
def offer_support(run, x, i, h):
    """One claim: a slot, the programme's overhead, and a financier that approves; the exposure is reserved."""
    w, p = run.state, run.parameters
    if w.slots_left[h] < 1.0 or w.budget[h] < p.overhead_bn:
        return
    c, l = x.tender_country[i], x.tender_layer[i]
    value = contract_value(p, l, x.tender_size[i])
    mode = OPERATED if l == CLOUD else SOLD
    inaction = p.inaction_weight * (1.0 - w.win_unsupported[c, l, h] - w.win_nothing[c, l])
    f, factor, partner, share = choose_financier(run, h, c, l, value, mode, inaction)
    if f < 0:
        return
    w.slots_left[h] -= 1.0
    whole = p.financed_share[l] * value * carried_share(p, run.financier.at[f])
    x.offer_partner[i, h], x.offer_partner_share[i, h] = partner, share
    x.offer_exposure[i, h] = whole * (1.0 - share)
    x.offer_partner_exposure[i, h] = whole * share
    take_exposure(run, f, x.offer_exposure[i, h])
    if partner >= 0:
        take_exposure(run, partner, x.offer_partner_exposure[i, h])
    x.offer_factor[i, h] = factor
    x.offer_financier[i, h] = f
    run.book.supported_tenders[h] += 1.0
    run.book.supported_countries[c, h] += 1.0
    win = max(w.win_unsupported[c, l, 0], max(w.win_unsupported[c, l, 1], w.win_unsupported[c, l, 2]))
    run.book.supported_contested[contest_tercile(win), h] += 1.0


@compiled
def take_exposure(run, f, exposure):
    """Add to (or take from) what a financier has committed, bn$."""
    run.state.exposure[f] += exposure
    run.state.committed[f] += exposure


@compiled
def release_offer(run, x, i, h):
    """Give back what was reserved for an offer."""
    take_exposure(run, x.offer_financier[i, h], -x.offer_exposure[i, h])
    if x.offer_partner[i, h] >= 0:
        take_exposure(run, x.offer_partner[i, h], -x.offer_partner_exposure[i, h])


@compiled
def contest_tercile(largest_share):
    """0 where one stack is sure to win, 2 where none has much more than half a chance, 1 in between."""
    if largest_share > SURE:
        return 0
    return 1 if largest_share > CLOSE else 2
