"""Who supports which tender (DESCRIPTION.md, 7.2 and 7.5): claims on slots, money and financiers, ranked by score."""

from stackcraft.model.loop.codes import CHIPS, CLOUD, EMBARGOED_TIER, N_HOMES, NETWORK, OPERATED, SOLD
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.finance import asks_chance, carried, choose_financier, money_of
from stackcraft.model.loop.luck import ASKS_FINANCE, CLAIM_TIE, ELIGIBLE, RATION, TAKES_LAYER, bits, uniform

SURE, CLOSE = 0.8, 0.6  # largest chances at which a contest counts as sure or close, in the yearbook only


@compiled
def contract_value(p, l, size):
    """Value of a contract in bn$: capacity a year x term."""
    return size * p.term_years[l]


@compiled
def layer_counts(run, c, l, home):
    """True if a home's programme takes this layer here.

    Networks and operated cloud only as far as its rules let them in.
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
def large_enough(run, h, l, value, megawatts):
    """True if a home's programme looks at a deal of this size; the least megawatts are asked of data centres alone."""
    if value < run.parameters.least_supported_bn:
        return False
    return megawatts >= run.home.at[h].min_package_mw or (l != CHIPS and l != CLOUD)


@compiled
def may_support(run, tenders, i, h):
    """True if a home's programme may support tender `i` at all."""
    p, c, l = run.parameters, tenders.country[i], tenders.layer[i]
    if p.financed_share[l] <= 0.0 or run.facts.tier[c, h] >= EMBARGOED_TIER:
        return False
    if not large_enough(run, h, l, contract_value(p, l, tenders.size[i]), tenders.megawatts[i]):
        return False
    return layer_counts(run, c, l, h)


@compiled
def asks(run, c, l, h):
    """True if the buyer of this month's tender asks a home for public finance."""
    number, month = run.facts.iso_number[c], run.state.month
    return uniform(run.state.key, ELIGIBLE, number, l, month, ASKS_FINANCE.first + h) < asks_chance(run, c, h)


@compiled
def allot_support(run, x, number):
    """Fill `x.offers` for this month's tenders; a factor of 1 and a financier of -1 where there is no offer.

    Claims are ranked by score, ties by the tender's own hash; a claim for which nothing is left gets nothing.
    """
    w, tenders, book, claims = run.state, x.tenders, run.book, 0
    for i in range(number):
        c, l = tenders.country[i], tenders.layer[i]
        for h in range(N_HOMES):
            x.offers.factor[i, h] = 1.0
            x.offers.financier[i, h] = -1
            if run.on.targeting == 0 or run.on.finance == 0 or not may_support(run, tenders, i, h):
                continue
            if not asks(run, c, l, h):
                book.support_unasked[h] += 1.0
                continue
            book.support_asked[h] += 1.0
            if w.target[h, c, l] <= 0.0:
                book.support_short_of_slots[h] += 1.0
                continue
            x.claims.tender[claims], x.claims.home[claims], x.claims.score[claims] = i, h, w.target[h, c, l]
            rank_claim(run, tenders, x.claims, claims)
            claims += 1
    for position in range(claims):
        claim = x.claims.order[position]
        offer_support(run, x, x.claims.tender[claim], x.claims.home[claim])


@compiled
def rank_claim(run, tenders, claims, new):
    """Put claim `new` into its place in the order of those before it, by score and then by the tenders' own hashes."""
    score, tie, j = claims.score[new], tie_of_claim(run, tenders, claims, new), new
    while j > 0:
        before = claims.order[j - 1]
        other = claims.score[before]
        if other > score or (other == score and tie_of_claim(run, tenders, claims, before) >= tie):
            break
        claims.order[j] = before
        j -= 1
    claims.order[j] = new


@compiled
def tie_of_claim(run, tenders, claims, claim):
    """Random bits by which claims of equal score are ranked, the lower the later."""
    i, w = claims.tender[claim], run.state
    number = run.facts.iso_number[tenders.country[i]]
    return bits(w.key, RATION, number, tenders.layer[i], w.month, CLAIM_TIE.first + claims.home[claim])


@compiled
def offer_support(run, x, i, h):
    """One claim: a slot, the programme's money, and a financier that approves; what it may take is reserved."""
    w, p = run.state, run.parameters
    if w.slots_left[h] < 1.0:
        run.book.support_short_of_slots[h] += 1.0
        return
    if w.purse[h] < p.overhead_bn:
        run.book.support_short_of_money[h] += 1.0
        return
    c, l, offers = x.tenders.country[i], x.tenders.layer[i], x.offers
    value = contract_value(p, l, x.tenders.size[i])
    mode = OPERATED if l == CLOUD else SOLD
    inaction = p.inaction_weight * (1.0 - w.win_unsupported[c, l, h] - w.win_nothing[c, l])
    f, factor, partner, share, instrument, part = choose_financier(run, h, c, l, value, mode, inaction)
    if f < 0:
        return
    w.slots_left[h] -= 1.0
    financed = p.financed_share[l] * part
    whole = financed * value * carried(p, instrument)
    grant, charge, _ = money_of(run, f, c, mode, instrument, financed * value, 1.0 - share)
    offers.partner[i, h], offers.partner_share[i, h] = partner, share
    offers.exposure[i, h] = whole * (1.0 - share)
    offers.partner_exposure[i, h] = whole * share
    offers.money[i, h] = p.overhead_bn + grant + charge
    reserve_offer(run, offers, i, h, f, 1.0)
    offers.factor[i, h] = factor
    offers.financier[i, h], offers.instrument[i, h], offers.financed[i, h] = f, instrument, financed
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
def reserve_offer(run, offers, i, h, f, sign):
    """Reserve, with -1 give back, what an offer by financier `f` may take of its room, its partner's and the purse."""
    take_exposure(run, f, sign * offers.exposure[i, h])
    if offers.partner[i, h] >= 0:
        take_exposure(run, offers.partner[i, h], sign * offers.partner_exposure[i, h])
    run.state.purse[h] -= sign * offers.money[i, h]


@compiled
def release_offer(run, offers, i, h):
    """Give back what was reserved for an offer."""
    reserve_offer(run, offers, i, h, offers.financier[i, h], -1.0)


@compiled
def contest_tercile(largest_share):
    """0 where one stack is sure to win, 2 where none has much more than half a chance, 1 in between."""
    if largest_share > SURE:
        return 0
    return 1 if largest_share > CLOSE else 2
