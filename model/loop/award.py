"""M8: what a decided tender signs: the winner's part, a second source's, the other layers of a package."""

import numpy as np

from stackcraft.model.loop.arithmetic import sigmoid
from stackcraft.model.loop.choice import race_bid
from stackcraft.model.loop.codes import (
    FROM_HEDGE,
    FROM_PACKAGE,
    FROM_RENEWAL,
    FROM_TENDER,
    N_LAYERS,
    N_SLOTS,
    OPERATING,
    PACKAGE,
    SUPPLY,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import ANYBODY, any_expiring, expiring, extend, hand_over, renew
from stackcraft.model.loop.explain import write_ledger
from stackcraft.model.loop.luck import HEDGE, RACE_HEDGE, uniform
from stackcraft.model.loop.public_support import contract_value, release_offer, take_exposure
from stackcraft.model.loop.sign import licence_refused, sign, start_draft
from stackcraft.model.loop.utility import reach_of_support


@compiled
def chance_of_hedge(run, c, s):
    """Probability of a second source: the lever where it is set, else by what the buyer fears and wants.

    Fear of being cut off, doubt about the alliance and appetite for control raise it.
    """
    p, w = run.parameters, run.state
    lever = run.importer.at[c].hedge
    if not np.isnan(lever):
        return lever
    fear = w.belief_against[c, s, SUPPLY] / (w.belief_against[c, s, SUPPLY] + w.belief_for[c, s, SUPPLY])
    doubt = p.hedge_doubt * run.facts.ally[c, s] * (1.0 - w.kept[c, s])
    appetite = run.importer.at[c].sovereignty + w.sovereignty_shift[c]
    return sigmoid(
        p.hedge_base + p.hedge_fear * (min(fear, p.hedge_fear_limit) / p.hedge_fear_usual - 1.0) + doubt + appetite
    )


@compiled
def settle_winner(run, x):
    """Sign the winner's part, and a second source's if the buyer hedges.

    Returns the winner's slot, -1 if nothing came of it.
    """
    w, p, d = run.state, run.parameters, x.decision
    c, l, vendor = d.country, d.layer, d.vendor
    second = second_source(run, x)
    part = 1.0 - p.hedge_share if second >= 0 else 1.0
    slot = -1
    if d.renewal and vendor == d.ending:
        slot = renew(run, c, l, vendor, d.size * part, d.ending, p.renewal_months)
    if slot < 0:
        slot = sign_winner(run, x, part)
        if slot < 0:
            fall_through(run, x)
            return -1
        if d.renewal:
            hand_over(run, c, l, d.ending, p.renewal_months)
    if d.home >= 0:
        give_way(run, x, slot, part)
    cheapen(run, c, l, slot, d.rebate[0])
    write_ledger(run, x, l, slot, d.bid, d.runner_up)
    if second >= 0 and w.supply_left[l, second] >= contract_value(p, l, d.size) * p.hedge_share:
        sign_second_source(run, x, second)
    return slot


@compiled
def fall_through(run, x):
    """Nothing came of a decided tender: contracts that end go on for a while, and reserved support is given back."""
    d = x.decision
    if d.renewal:
        extend(run, d.country, d.layer, d.ending)
    if d.home >= 0:
        release_offer(run, x.offers, d.tender, d.home)


@compiled
def second_source(run, x):
    """The vendor from which a buyer that hedges takes a part, of the stack that came second; -1 if none.

    None either where another stack than the winner's runs beside the contract that ends: that is a second source. Its
    licence may be refused like the winner's: then the winner takes all.
    """
    w, d, bids = run.state, x.decision, x.bids
    c, l, s = d.country, d.layer, bids.stack[d.bid]
    if run.on.hedge == 0 or d.second_stack < 0 or d.second_stack == s or has_other_stack(run, d, s):
        return -1
    chance = max(chance_of_hedge(run, c, s), run.importer.at[c].second_source[l])
    if uniform(w.key, HEDGE, run.facts.iso_number[c], l, w.month, 0) >= chance:
        return -1
    second = race_bid(w.key, RACE_HEDGE, run.facts.iso_number[c], l, w.month, bids, d.second_stack, -1)
    if second >= VENDOR_PLACES or licence_refused(run, c, l, second) >= 0:
        return -1
    return second


@compiled
def has_other_stack(run, d, s):
    """True if another stack than `s` operates where tender `d` is held under a contract that it does not renew."""
    c, l = d.country, d.layer
    for i in range(N_SLOTS):
        if run.state.stage[c, l, i] == OPERATING and run.deals.at[c, l, i].stack != s:
            if not d.renewal or expiring(run, c, l, i, run.parameters.renewal_months, d.ending) == 0:
                return True
    return False


@compiled
def sign_winner(run, x, part):
    """Sign `part` of what was tendered with the winner.

    Returns the slot, -1 if it cannot supply or there is no place.
    """
    p, d, draft = run.parameters, x.decision, x.draft
    l, value = d.layer, contract_value(p, d.layer, d.size)
    if run.state.supply_left[l, d.vendor] < value * part:
        run.book.supply_shortfalls[run.facts.vendor_stack[d.vendor]] += 1.0
        return -1
    start_draft(draft, d.country, l, d.vendor, FROM_RENEWAL if d.renewal else FROM_TENDER)
    if d.bid >= PACKAGE:
        draft.origin, draft.package = FROM_PACKAGE, run.state.packages
    draft.size, draft.value = d.size * part, value * part
    if d.home >= 0:
        draft.home = d.home
        draft.financier = x.offers.financier[d.tender, d.home]
        draft.instrument = x.offers.instrument[d.tender, d.home]
        draft.financed = x.offers.financed[d.tender, d.home]
        draft.partner = x.offers.partner[d.tender, d.home]
        draft.partner_share = x.offers.partner_share[d.tender, d.home]
    return sign(run, draft)


@compiled
def give_way(run, x, slot, part):
    """What was reserved of public finance gives way to what was signed."""
    d = x.decision
    c, l, home = d.country, d.layer, d.home
    release_offer(run, x.offers, d.tender, home)
    f, deal = x.offers.financier[d.tender, home], run.deals.at[c, l, slot]
    if deal.financier != f or deal.signed != float(run.state.month):
        return
    run.book.finance_relief_bn[c] += (
        deal.value * reach_of_support(run, c, home, d.vendor) * (1.0 - x.offers.factor[d.tender, home])
    )
    take_exposure(run, f, deal.commitment)
    if deal.partner >= 0:
        take_exposure(run, deal.partner, deal.commitment * deal.partner_ratio)


@compiled
def sign_second_source(run, x, second):
    """Sign a second source's part with a vendor that runs nothing here yet."""
    p, d, draft = run.parameters, x.decision, x.draft
    c, l, value = d.country, d.layer, contract_value(p, d.layer, d.size)
    start_draft(draft, c, l, second, FROM_HEDGE)
    draft.size, draft.value = d.size * p.hedge_share, value * p.hedge_share
    slot = sign(run, draft)
    run.book.second_source_cost_bn[c] += p.hedge_price * value
    if slot >= 0:
        cheapen(run, c, l, slot, d.rebate[1])
        write_ledger(run, x, l, slot, second, d.bid)


@compiled
def settle_package(run, x, lead):
    """Sign the other layers of a package that won; slot `lead` holds its first.

    A bundle of enough layers lowers their prices.
    """
    w, p, d, slots = run.state, run.parameters, x.decision, x.packages.slot
    c, h, joined = d.country, d.bid - PACKAGE, 1
    for m in range(N_LAYERS):
        slots[m] = lead
        if m != d.layer:
            slots[m] = sign_member(run, x, m)
            joined += 1 if slots[m] >= 0 else 0
    w.packages += 1
    if joined >= p.package_size:
        for m in range(N_LAYERS):
            if slots[m] >= 0:
                vendor = run.deals.at[c, m, slots[m]].vendor
                cheapen(run, c, m, slots[m], run.vendor.at[vendor].bundle_discount)
    run.book.packages_won[h] += 1.0
    run.book.package_layers[h] += joined


@compiled
def sign_member(run, x, m):
    """Sign or renew layer `m` of a package that won; returns the slot, -1 if nothing came of it."""
    w, p, d, draft = run.state, run.parameters, x.decision, x.draft
    c, h = d.country, d.bid - PACKAGE
    vendor, value = x.packages.vendor[h, m], x.packages.members[h, m]
    if vendor < 0 or w.pipeline[c, m] > 0:
        return -1
    if w.supply_left[m, vendor] < value or licence_refused(run, c, m, vendor) >= 0:
        return -1
    size = value / p.term_years[m]
    slot, ending = -1, any_expiring(run, c, m)
    if ending:
        slot = renew(run, c, m, vendor, size, ANYBODY, p.open_months)
    if slot < 0:
        start_draft(draft, c, m, vendor, FROM_PACKAGE)
        draft.size, draft.value, draft.package = size, value, w.packages
        slot = sign(run, draft)
        if slot >= 0 and ending:
            hand_over(run, c, m, ANYBODY, p.open_months)
    if slot >= 0 and run.deals.at[c, m, slot].signed == float(w.month):
        # No chances are kept for it: only the package as a whole was chosen.
        d.before[0], d.before[1], d.outside = 0.0, 0.0, 0.0
        write_ledger(run, x, m, slot, d.bid, -1)
    return slot


@compiled
def cheapen(run, c, l, slot, rebate):
    """A rebate on the list price, from which the buyer's whole cost follows as far as prices pass through."""
    deal = run.deals.at[c, l, slot]
    less = 1.0 - rebate * run.parameters.pass_through[l]
    deal.price *= less
    deal.paid *= less
