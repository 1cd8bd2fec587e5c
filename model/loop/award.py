"""M8: what a decided tender signs: the winner's part, a second source's, the other layers of a package."""

import numpy as np

from stackcraft.model.loop.arithmetic import sigmoid
from stackcraft.model.loop.choice import race_bid
from stackcraft.model.loop.codes import (
    CHIPS,
    CLOUD,
    FROM_HEDGE,
    FROM_PACKAGE,
    FROM_RENEWAL,
    FROM_TENDER,
    N_LAYERS,
    OPERATING,
    PACKAGE,
    SOFTWARE,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import any_expiring, extend, hand_over, holder, prolong, renew
from stackcraft.model.loop.explain import write_ledger
from stackcraft.model.loop.luck import HEDGE, RACE_HEDGE, uniform
from stackcraft.model.loop.public_support import contract_value, release_offer, take_exposure
from stackcraft.model.loop.sign import licence_refused, sign
from stackcraft.model.loop.utility import reach_of_support


@compiled
def chance_of_hedge(run, c, s):
    """Probability of a second source: the lever, or fear of being cut off, doubt about the alliance and appetite for
    control.
    """
    p, w = run.parameters, run.state
    lever = run.importer.at[c].hedge
    if not np.isnan(lever):
        return lever
    fear = w.belief_against[c, s, 0] / (w.belief_against[c, s, 0] + w.belief_for[c, s, 0])
    doubt = p.hedge_doubt * run.facts.ally[c, s] * (1.0 - w.kept[c, s])
    appetite = run.importer.at[c].sovereignty + w.sovereignty_shift[c]
    return sigmoid(
        p.hedge_base + p.hedge_fear * (min(fear, p.hedge_fear_limit) / p.hedge_fear_usual - 1.0) + doubt + appetite
    )


@compiled
def settle_winner(
    run, x, i, c, l, vendor, bid, runner, home, renewal, size, megawatts, second_stack, before_us, before_cn, outside
):
    """Sign the winner's part, and a second source's if the buyer hedges. Returns the winner's slot, -1 if nothing came
    of it.
    """
    w, p, k = run.state, run.parameters, run.facts
    f = x.offer_financier[i, home] if home >= 0 else -1
    value = contract_value(p, l, size)
    if licence_refused(run, c, l, vendor):
        if home >= 0:
            release_offer(run, x, i, home)
        if renewal:
            extend(run, c, l)
        return -1
    part, second = 1.0, -1
    if run.on.hedge and second_stack >= 0 and second_stack != x.bids.stack[bid]:
        u = uniform(w.key, HEDGE, k.iso_number[c], l, w.month, 0)
        if u < chance_of_hedge(run, c, x.bids.stack[bid]):
            second = race_bid(w.key, RACE_HEDGE, k.iso_number[c], l, w.month, x.bids, second_stack, -1)
            if second >= VENDOR_PLACES:
                second = -1
            if second >= 0:
                part = 1.0 - p.hedge_share
    package = w.packages if bid >= PACKAGE else -1
    slot, kept = -1, -1
    if renewal:
        if second >= 0:
            kept = holder(run, c, l, second, p.renewal_months)
        slot = renew(run, c, l, vendor, size * part, kept, p.renewal_months)
    if slot < 0:
        origin = FROM_PACKAGE if bid >= PACKAGE else (FROM_RENEWAL if renewal else FROM_TENDER)
        if w.supply_left[l, vendor] < value * part:
            run.book.supply_shortfalls[k.vendor_stack[vendor]] += 1.0
            if renewal:
                extend(run, c, l)
            if home >= 0:
                release_offer(run, x, i, home)
            return -1
        slot = sign(
            run,
            c,
            l,
            vendor,
            size * part,
            value * part,
            megawatts * part,
            origin,
            home,
            f,
            package,
            x.offer_partner[i, home] if home >= 0 else -1,
            x.offer_partner_share[i, home] if home >= 0 else 0.0,
        )
        if slot >= 0 and renewal:
            hand_over(run, c, l, p.renewal_months)
        if slot < 0 and renewal:
            extend(run, c, l)
    if home >= 0:
        # What was reserved gives way to what was signed.
        release_offer(run, x, i, home)
        if slot >= 0 and run.deals.at[c, l, slot].financier == f and run.deals.at[c, l, slot].signed == float(w.month):
            deal = run.deals.at[c, l, slot]
            approved = (
                value * part * (p.software_share if deal.deal_class == SOFTWARE and (l == CHIPS or l == CLOUD) else 1.0)
            )
            run.book.finance_relief_bn[c] += (
                approved * reach_of_support(run, c, home, vendor) * (1.0 - x.offer_factor[i, home])
            )
            take_exposure(run, f, run.deals.at[c, l, slot].commitment)
            partner = run.deals.at[c, l, slot].partner
            if partner >= 0:
                take_exposure(
                    run, partner, run.deals.at[c, l, slot].commitment * run.deals.at[c, l, slot].partner_ratio
                )
    if slot >= 0:
        cheapen(run, c, l, slot, x.rebate[0])
        write_ledger(run, x, i, c, l, slot, vendor, bid, runner, before_us, before_cn, outside)
    if kept >= 0 and slot >= 0 and w.stage[c, l, kept] == OPERATING:
        prolong(run, c, l, kept, size * p.hedge_share)
        cheapen(run, c, l, kept, x.rebate[1])
    elif second >= 0 and slot >= 0 and w.supply_left[l, second] >= value * p.hedge_share:
        other = sign(
            run,
            c,
            l,
            second,
            size * p.hedge_share,
            value * p.hedge_share,
            megawatts * p.hedge_share,
            FROM_HEDGE,
            -1,
            -1,
            -1,
            -1,
            0.0,
        )
        run.book.second_source_cost_bn[c] += p.hedge_price * value / p.term_years[l]
        if other >= 0:
            cheapen(run, c, l, other, x.rebate[1])
            write_ledger(run, x, i, c, l, other, second, second, bid, before_us, before_cn, outside)
    return slot


@compiled
def settle_package(run, x, i, c, l, h, lead):
    """Sign the other layers of a package that won; slot `lead` holds its first. A bundle of enough layers lowers their
    prices.
    """
    w, p = run.state, run.parameters
    joined = 1
    for m in range(N_LAYERS):
        x.package_slot[m] = lead if m == l else -1
        vendor = x.package_vendor[h, m]
        if m == l or vendor < 0 or w.pipeline[c, m] > 0:
            continue
        value = x.package_members[h, m]
        size = value / p.term_years[m]
        if w.supply_left[m, vendor] < value or licence_refused(run, c, m, vendor):
            continue
        megawatts = size * p.term_years[m] * p.capital_share[m] / p.capital_bn_per_mw
        slot, ending = -1, any_expiring(run, c, m)
        if ending:
            slot = renew(run, c, m, vendor, size, -1, p.open_months)
        if slot < 0:
            slot = sign(run, c, m, vendor, size, value, megawatts, FROM_PACKAGE, -1, -1, w.packages, -1, 0.0)
            if slot >= 0 and ending:
                hand_over(run, c, m, p.open_months)
        if slot >= 0:
            joined += 1
            x.package_slot[m] = slot
            if run.deals.at[c, m, slot].signed == float(w.month):
                write_ledger(run, x, i, c, m, slot, vendor, PACKAGE + h, -1, 0.0, 0.0, 0.0)
    w.packages += 1
    if joined >= p.package_size:
        for m in range(N_LAYERS):
            if x.package_slot[m] >= 0:
                vendor = run.deals.at[c, m, x.package_slot[m]].vendor
                cheapen(run, c, m, x.package_slot[m], run.vendor.at[vendor].bundle_discount)
    run.book.packages_won[h] += 1.0
    run.book.package_layers[h] += joined


@compiled
def cheapen(run, c, l, slot, rebate):
    """A rebate on the list price, from which the buyer's whole cost follows as far as prices pass through."""
    deal = run.deals.at[c, l, slot]
    less = 1.0 - rebate * run.parameters.pass_through[l]
    deal.price *= less
    deal.paid *= less
