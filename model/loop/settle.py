"""M7: one tender after another is decided: bids, support, packages, the race, the second source; then the deals are signed.

Everything is decided on the month's opening state; what a tender signs touches only its own cells, and shared limits were
handed out before (`support.py`) or are ranked here by the tender's own hash (`supply`).
"""

import numpy as np

from model.loop.arithmetic import log, sigmoid
from model.loop.bids import fill_eligible
from model.loop.cells import add_stock, wait_until
from model.loop.choice import NOTHING, probability_of_stack, race_bid, race_stack, weigh_bids
from model.loop.compiled import compiled
from model.loop.explain import write_ledger
from model.loop.lifecycle import leave
from model.loop.luck import BARGAIN, HEDGE, RACE_HEDGE, RACE_STACK, RACE_VENDOR, RATION, bits, uniform
from model.loop.packages import ending_shares, offer_packages
from model.loop.settled import count_friction, count_win
from model.loop.sign import book_offer, licence_refused, own_the_cloud, sign, take_on
from model.loop.sizes import (
    BIDS, CHIPS, CLOUD, CONTRACT_END, OPERATING, FROM_HEDGE, FROM_PACKAGE, FROM_RENEWAL, FROM_TENDER, HOMES, LAYERS, ON_BARGAINING,
    ON_HEDGE, PACKAGE, RENEWED, SLOTS, SOFTWARE, SWITCHED, R_FINANCE, R_PRICE, T_FINANCE_GAP, VENDORS,
)
from model.loop.support import contract_value, release_offer, take_exposure
from model.loop.tenders import RENEWAL, expiring, lapse
from model.loop.utility import bid_utilities, clear_base, country_terms, price_taste, reach_of_support, support_price


@compiled
def add_support(run, x, i, c):
    """Put the offers of finance of tender `i` into prices and finance gaps; a vendor takes the better of two offers."""
    alpha = price_taste(run, c)
    for v in range(VENDORS):
        best, gain = -1, 0.0
        if x.bids.held[v] > 0.0:
            x.offer_home[v] = -1
            continue  # who runs the contract builds nothing that needs finance
        for h in range(HOMES):
            if x.offer_financier[i, h] < 0:
                continue
            reach = reach_of_support(run, c, h, v)
            worth = support_price(run, c, h, v, x.offer_factor[i, h], alpha) - x.bids.base[T_FINANCE_GAP, x.bids.stack[v]] * reach
            equal = worth == gain and worth > 0.0 and bits(run.state.key, RATION, run.facts.iso_number[c], v, run.state.month, 7) & 1 == 1
            if worth > gain or equal:
                best, gain = h, worth
        x.offer_home[v] = best
        if best >= 0:
            relief = -x.bids.base[T_FINANCE_GAP, x.bids.stack[v]] * reach_of_support(run, c, best, v)
            x.bids.rows[R_PRICE, v] += gain - relief
            x.bids.rows[R_FINANCE, v] += relief
            x.bids.utility[v] += gain


@compiled
def club_award(run, c, l):
    """The vendor that a fellow member of the buyers' club chose for this layer of late, or -1; and 1 if in a club."""
    club = run.importer.at[c].club
    if np.isnan(club):
        return -1, 0.0
    w, best, month = run.state, -1, -1
    for j in range(run.facts.countries):
        if j != c and run.importer.at[j].club == club and w.last_award[j, l] >= w.month - run.parameters.club_months and w.last_award[j, l] < w.month and w.last_award[j, l] > month:
            best, month = w.last_vendor[j, l], w.last_award[j, l]
    return best, 1.0


@compiled
def decide_tender(run, x, i):
    """Decide tender `i` of the month and sign what follows."""
    w, p, k, book = run.state, run.parameters, run.facts, run.book
    c, l, kind = x.tender_country[i], x.tender_layer[i], x.tender_kind[i]
    size, megawatts = x.tender_size[i], x.tender_megawatts[i]
    number, month, key = k.iso_number[c], w.month, w.key
    renewal = kind == RENEWAL
    fellow, in_club = club_award(run, c, l)
    x.rebate[0] = p.club_rebate if in_club > 0.0 else 0.0  # the winner's; bargaining may add to it
    x.rebate[1] = x.rebate[0]
    price_shift = log(1.0 - x.rebate[0] * p.pass_through[l]) if in_club > 0.0 else 0.0
    bids = x.bids
    if not renewal or ending_shares(run, c, l, p.renewal_months, bids) <= 0.0:
        for v in range(k.vendors):
            bids.held[v] = 0.0
    fresh = megawatts  # MW that do not run yet
    if renewal:
        fresh *= max(size - x.tender_expiring[i], 0.0) / size
    clear_base(bids)
    country_terms(run, c, bids)
    bid_utilities(run, c, l, renewal, price_shift, bids)
    fill_eligible(run, x, c, l, i, in_club)
    if fellow >= 0 and bids.eligible[fellow] > 0.0:
        for v in range(k.vendors):
            if v != fellow:
                bids.eligible[v] = 0.0
    for b in range(VENDORS, BIDS):
        bids.eligible[b] = 0.0
        bids.utility[b] = -50.0
    # What would have happened without support, by the same luck.
    supported = x.offer_financier[i, 0] >= 0 or x.offer_financier[i, 1] >= 0
    before_us, before_cn, without = 0.0, 0.0, NOTHING
    if supported:
        offer_packages(run, x, c, l, size, fresh)
        outside = weigh_bids(run, bids)
        before_us = probability_of_stack(bids, outside, 0)
        before_cn = probability_of_stack(bids, outside, 1)
        without, _ = race_stack(key, RACE_STACK, number, l, month, bids, outside)
        add_support(run, x, i, c)
    offer_packages(run, x, c, l, size, fresh)
    outside = weigh_bids(run, bids)
    count_friction(run, x, outside)
    winner_stack, second_stack = race_stack(key, RACE_STACK, number, l, month, bids, outside)
    book.tenders += 1.0
    book.choices += 1.0
    count_bids(run, x, c)
    bid = NOTHING
    if winner_stack >= 0:
        bid = race_bid(key, RACE_VENDOR, number, l, month, bids, winner_stack, -1)
    if bid >= 0 and fails_bargain(run, x, c, l, bid, second_stack, contract_value(p, l, size)):
        bid, winner_stack = NOTHING, NOTHING
    if bid < 0:
        book.nothing_bought += 1.0
        give_back(run, x, i, -1)
        if renewal:
            lapse(run, c, l)
        return
    vendor = x.package_vendor[bid - PACKAGE, l] if bid >= PACKAGE else bid
    runner = runner_up(run, x, c, l, bid, winner_stack, second_stack) if run.ledger.rows > 0 else NOTHING
    count_win(run, x, c, l, vendor, winner_stack, outside)
    for h in range(HOMES):
        if x.offer_financier[i, h] >= 0:
            after = probability_of_stack(bids, outside, h)
            book.win_chance_added[h] += after - (before_us if h == 0 else before_cn)
            if winner_stack == h and without != h:
                book.additional_wins[h] += 1.0
    home = supporting_home(run, x, i, vendor)
    slot = settle_winner(run, x, i, c, l, vendor, bid, runner, home, renewal, size, megawatts, second_stack, before_us, before_cn, outside)
    if bid >= PACKAGE and slot >= 0:
        settle_package(run, x, i, c, l, bid - PACKAGE, slot)


@compiled
def supporting_home(run, x, i, vendor):
    """The home whose offer reaches the winner, or -1; offers that do not are given back."""
    chosen = x.offer_home[vendor] if x.offer_financier[i, 0] >= 0 or x.offer_financier[i, 1] >= 0 else -1
    give_back(run, x, i, chosen)
    return chosen


@compiled
def give_back(run, x, i, kept):
    """Release what was reserved for the offers of tender `i`, but for the home `kept`."""
    for h in range(HOMES):
        if h != kept and x.offer_financier[i, h] >= 0:
            release_offer(run, x, i, h)


@compiled
def count_bids(run, x, c):
    """Single bids considered, and how many the clearer buyers saw."""
    clear = run.facts.tercile_clear[c] == 2
    if clear:
        run.book.tenders_clear_buyers += 1.0
    us = x.bids.stack_count[0] - x.bids.eligible[PACKAGE]
    cn, own = x.bids.stack_count[1] - x.bids.eligible[PACKAGE + 1], x.bids.stack_count[2]
    considered, seen = run.book.bids_considered, run.book.bids_clear_buyers
    considered[0], considered[1], considered[2] = considered[0] + us, considered[1] + cn, considered[2] + own
    if clear:
        seen[0], seen[1], seen[2] = seen[0] + us, seen[1] + cn, seen[2] + own


@compiled
def fails_bargain(run, x, c, l, bid, second_stack, value):
    """A close rival wins the buyer a price cut (which moves no share); a hard bargain may also fail. True if it fails."""
    p = run.parameters
    bargain = run.importer.at[c].bargain
    if run.on.at[ON_BARGAINING] == 0 or bargain <= 0.0 or second_stack < 0:
        return False
    rival = -1e9
    for b in range(BIDS):
        if x.bids.stack[b] == second_stack and x.bids.eligible[b] > 0.0:
            rival = max(rival, x.bids.utility[b])
    if rival < x.bids.utility[bid] - p.bargain_margin:
        return False
    if uniform(run.state.key, BARGAIN, run.facts.iso_number[c], l, run.state.month, 0) < p.bargain_failure * bargain:
        return True
    run.book.rent_captured_bn[x.bids.stack[bid]] += p.bargain_rebate * bargain * value
    x.rebate[0] = 1.0 - (1.0 - x.rebate[0]) * (1.0 - p.bargain_rebate * bargain)
    return False


@compiled
def runner_up(run, x, c, l, bid, winner_stack, second_stack):
    """The bid that came second: the best drawn of the second stack, or of the same stack if there is no other; -1 if none."""
    key, number, month = run.state.key, run.facts.iso_number[c], run.state.month
    if second_stack >= 0:
        return race_bid(key, RACE_VENDOR, number, l, month, x.bids, second_stack, -1)
    return race_bid(key, RACE_VENDOR, number, l, month, x.bids, winner_stack, bid)


@compiled
def chance_of_hedge(run, c, s):
    """Probability of a second source: the lever, or fear of being cut off, doubt about the alliance and appetite for control."""
    p, w = run.parameters, run.state
    lever = run.importer.at[c].hedge
    if not np.isnan(lever):
        return lever
    fear = w.belief_against[c, s, 0] / (w.belief_against[c, s, 0] + w.belief_for[c, s, 0])
    doubt = p.hedge_doubt * run.facts.ally[c, s] * (1.0 - w.kept[c, s])
    appetite = run.importer.at[c].sovereignty + w.sovereignty_shift[c]
    return sigmoid(p.hedge_base + p.hedge_fear * (min(fear, p.hedge_fear_limit) / p.hedge_fear_usual - 1.0) + doubt + appetite)


@compiled
def settle_winner(run, x, i, c, l, vendor, bid, runner, home, renewal, size, megawatts, second_stack, before_us, before_cn, outside):
    """Sign the winner's part, and a second source's if the buyer hedges. Returns the winner's slot, -1 if nothing came of it."""
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
    if run.on.at[ON_HEDGE] and second_stack >= 0 and second_stack != x.bids.stack[bid]:
        u = uniform(w.key, HEDGE, k.iso_number[c], l, w.month, 0)
        if u < chance_of_hedge(run, c, x.bids.stack[bid]):
            second = race_bid(w.key, RACE_HEDGE, k.iso_number[c], l, w.month, x.bids, second_stack, -1)
            if second >= VENDORS:
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
        slot = sign(run, c, l, vendor, size * part, value * part, megawatts * part, origin, home, f, package,
                    x.offer_partner[i, home] if home >= 0 else -1, x.offer_partner_share[i, home] if home >= 0 else 0.0)
        if slot >= 0 and renewal:
            hand_over(run, c, l, p.renewal_months)
        if slot < 0 and renewal:
            extend(run, c, l)
    if home >= 0:
        # What was reserved gives way to what was signed.
        release_offer(run, x, i, home)
        if slot >= 0 and run.deals.at[c, l, slot].financier == f and run.deals.at[c, l, slot].signed == float(w.month):
            deal = run.deals.at[c, l, slot]
            approved = value * part * (p.software_share if deal.deal_class == SOFTWARE and (l == CHIPS or l == CLOUD) else 1.0)
            run.book.finance_relief_bn[c] += approved * reach_of_support(run, c, home, vendor) * (1.0 - x.offer_factor[i, home])
            take_exposure(run, f, run.deals.at[c, l, slot].commitment)
            partner = run.deals.at[c, l, slot].partner
            if partner >= 0:
                take_exposure(run, partner, run.deals.at[c, l, slot].commitment * run.deals.at[c, l, slot].partner_ratio)
    if slot >= 0:
        cheapen(run, c, l, slot, x.rebate[0])
        write_ledger(run, x, i, c, l, slot, vendor, bid, runner, before_us, before_cn, outside)
    if kept >= 0 and slot >= 0 and w.stage[c, l, kept] == OPERATING:
        prolong(run, c, l, kept, size * p.hedge_share)
        cheapen(run, c, l, kept, x.rebate[1])
    elif second >= 0 and slot >= 0 and w.supply_left[l, second] >= value * p.hedge_share:
        other = sign(run, c, l, second, size * p.hedge_share, value * p.hedge_share, megawatts * p.hedge_share, FROM_HEDGE, -1, -1, -1,
                     -1, 0.0)
        run.book.second_source_cost_bn[c] += p.hedge_price * value / p.term_years[l]
        if other >= 0:
            cheapen(run, c, l, other, x.rebate[1])
            write_ledger(run, x, i, c, l, other, second, second, bid, before_us, before_cn, outside)
    return slot


@compiled
def holder(run, c, l, vendor, months):
    """The slot of a vendor's largest contract among those that end, or -1."""
    slot = -1
    for i in range(SLOTS):
        if expiring(run, c, l, i, months) == 1 and run.deals.at[c, l, i].vendor == vendor:
            if slot < 0 or run.deals.at[c, l, i].capacity > run.deals.at[c, l, slot].capacity:
                slot = i
    return slot


@compiled
def renew(run, c, l, vendor, size, kept, months):
    """If the winner holds one of the ending contracts it goes on at once with the new size; the others end, but for slot `kept`.

    Returns its slot or -1.
    """
    slot = holder(run, c, l, vendor, months)
    if slot < 0:
        return -1
    deal = run.deals.at[c, l, slot]
    for i in range(SLOTS):
        if i != slot and i != kept and expiring(run, c, l, i, months) == 1:
            outcome = RENEWED if run.deals.at[c, l, i].vendor == vendor else SWITCHED  # of its own vendor: merged
            leave(run, c, l, i, outcome, float(run.state.month), deal.stack)
    prolong(run, c, l, slot, size)
    return slot


@compiled
def prolong(run, c, l, slot, size):
    """A contract goes on for another term with a new size, on what its vendor offers now."""
    w, p, book, deal = run.state, run.parameters, run.book, run.deals.at[c, l, slot]
    vendor = deal.vendor
    grown = size - deal.capacity
    w.capacity[c, l] += grown
    add_stock(run, c, l, vendor, grown)
    deal.used = min(deal.used * deal.capacity / max(size, 1e-300), 1.0)
    deal.capacity, deal.value = size, size * p.term_years[l]
    deal.renewals += 1
    deal.holdover = 0
    take_on(run, c, l, slot, vendor)
    own_the_cloud(run, c, l, slot)
    book_offer(run, c, l, slot)
    w.ends[c, l, slot] = max(w.ends[c, l, slot], float(w.month)) + 12.0 * p.term_years[l]
    wait_until(run, c, l, slot, w.ends[c, l, slot], CONTRACT_END)
    book.renewed_deals[deal.stack] += 1.0
    w.last_award[c, l], w.last_vendor[c, l] = w.month, vendor
    if deal.lock_silicon > 0.0 and deal.renewals == 1:
        # What was hidden is seen: a lasting doubt.
        w.belief_against[c, deal.stack, 0] += p.resentment * deal.lock_silicon
    if deal.ledger >= 0:
        run.ledger.at[deal.ledger].renewals = deal.renewals


@compiled
def hand_over(run, c, l, months):
    """The ending contracts go on until their successor starts."""
    for i in range(SLOTS):
        if expiring(run, c, l, i, months) == 1:
            deal = run.deals.at[c, l, i]
            deal.holdover = 1
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def extend(run, c, l):
    """The deal fell through: the ending contracts go on for some months, then the cell tenders again."""
    for i in range(SLOTS):
        if expiring(run, c, l, i, run.parameters.renewal_months) == 1:
            run.state.ends[c, l, i] = run.state.month + run.parameters.holdover_months
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def settle_package(run, x, i, c, l, h, lead):
    """Sign the other layers of a package that won; slot `lead` holds its first. A bundle of enough layers lowers their prices."""
    w, p = run.state, run.parameters
    joined = 1
    for m in range(LAYERS):
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
        for m in range(LAYERS):
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


@compiled
def any_expiring(run, c, l):
    """True if a contract of the cell ends within the open months."""
    for i in range(SLOTS):
        if expiring(run, c, l, i, run.parameters.open_months) == 1:
            return True
    return False
