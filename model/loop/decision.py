"""M7: one tender after another is decided: bids, support, packages, the race and the bargain; `award.py` signs what
follows.

Everything is decided on the month's opening state; what a tender signs touches only its own cells. Shared limits were
handed out before (`support.py`), or go to whoever comes first in an order that `tenders.py` draws by the tenders' own
hashes (a vendor's supply).
"""

import numpy as np

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.award import settle_package, settle_winner
from stackcraft.model.loop.bids import fill_eligible
from stackcraft.model.loop.choice import NO_WINNER, probability_of_stack, race_bid, race_stack, weigh_bids
from stackcraft.model.loop.codes import N_BIDS, N_HOMES, PACKAGE, R_FINANCE_GAP, R_PRICE, T_FINANCE_GAP, VENDOR_PLACES
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import lapse
from stackcraft.model.loop.count import count_bids, count_friction, count_win
from stackcraft.model.loop.luck import BARGAIN, BETTER_OFFER, RACE_STACK, RACE_VENDOR, RATION, bits, uniform
from stackcraft.model.loop.packages import ending_shares, offer_packages
from stackcraft.model.loop.public_support import contract_value, release_offer
from stackcraft.model.loop.tenders import RENEWAL
from stackcraft.model.loop.utility import (
    bid_utilities,
    clear_base,
    country_terms,
    price_taste,
    reach_of_support,
    support_price,
)


@compiled
def add_support(run, x, i, c):
    """Put the offers of finance of tender `i` into prices and finance gaps; a vendor takes the better of two offers."""
    alpha = price_taste(run, c)
    for v in range(VENDOR_PLACES):
        best, gain = -1, 0.0
        if x.bids.held[v] > 0.0:
            x.offer_home[v] = -1
            continue  # who runs the contract builds nothing that needs finance
        for h in range(N_HOMES):
            if x.offer_financier[i, h] < 0:
                continue
            reach = reach_of_support(run, c, h, v)
            worth = (
                support_price(run, c, h, v, x.offer_factor[i, h], alpha)
                - x.bids.base[T_FINANCE_GAP, x.bids.stack[v]] * reach
            )
            equal = (
                worth == gain
                and worth > 0.0
                and bits(run.state.key, RATION, run.facts.iso_number[c], v, run.state.month, BETTER_OFFER.first) & 1
                == 1
            )
            if worth > gain or equal:
                best, gain = h, worth
        x.offer_home[v] = best
        if best >= 0:
            relief = -x.bids.base[T_FINANCE_GAP, x.bids.stack[v]] * reach_of_support(run, c, best, v)
            x.bids.rows[R_PRICE, v] += gain - relief
            x.bids.rows[R_FINANCE_GAP, v] += relief
            x.bids.utility[v] += gain


@compiled
def club_award(run, c, l):
    """The vendor that a fellow member of the buyers' club chose for this layer of late, or -1; and 1 if in a club."""
    club = run.importer.at[c].club
    if np.isnan(club):
        return -1, 0.0
    w, best, month = run.state, -1, -1
    since = w.month - run.parameters.club_months
    for j in range(run.facts.countries):
        if j != c and run.importer.at[j].club == club:
            award = w.last_award[j, l]
            if award >= since and award < w.month and award > month:
                best, month = w.last_vendor[j, l], award
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
    for b in range(VENDOR_PLACES, N_BIDS):
        bids.eligible[b] = 0.0
        bids.utility[b] = -50.0
    # What would have happened without support, by the same luck.
    supported = x.offer_financier[i, 0] >= 0 or x.offer_financier[i, 1] >= 0
    before_us, before_cn, without = 0.0, 0.0, NO_WINNER
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
    bid = NO_WINNER
    if winner_stack >= 0:
        bid = race_bid(key, RACE_VENDOR, number, l, month, bids, winner_stack, -1)
    if bid >= 0 and fails_bargain(run, x, c, l, bid, second_stack, contract_value(p, l, size)):
        bid, winner_stack = NO_WINNER, NO_WINNER
    if bid < 0:
        book.nothing_bought += 1.0
        give_back(run, x, i, -1)
        if renewal:
            lapse(run, c, l)
        return
    vendor = x.package_vendor[bid - PACKAGE, l] if bid >= PACKAGE else bid
    runner = runner_up(run, x, c, l, bid, winner_stack, second_stack) if run.ledger.rows > 0 else NO_WINNER
    count_win(run, x, c, l, vendor, winner_stack, outside)
    for h in range(N_HOMES):
        if x.offer_financier[i, h] >= 0:
            after = probability_of_stack(bids, outside, h)
            book.win_chance_added[h] += after - (before_us if h == 0 else before_cn)
            if winner_stack == h and without != h:
                book.additional_wins[h] += 1.0
    home = supporting_home(run, x, i, vendor)
    slot = settle_winner(
        run,
        x,
        i,
        c,
        l,
        vendor,
        bid,
        runner,
        home,
        renewal,
        size,
        megawatts,
        second_stack,
        before_us,
        before_cn,
        outside,
    )
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
    for h in range(N_HOMES):
        if h != kept and x.offer_financier[i, h] >= 0:
            release_offer(run, x, i, h)


@compiled
def fails_bargain(run, x, c, l, bid, second_stack, value):
    """A close rival wins the buyer a price cut (which moves no share); a hard bargain may also fail. True if it fails."""
    p = run.parameters
    bargain = run.importer.at[c].bargain
    if run.on.bargaining == 0 or bargain <= 0.0 or second_stack < 0:
        return False
    rival = -1e9
    for b in range(N_BIDS):
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
    """The bid that came second: the best drawn of the second stack, or of the same stack if there is no other; -1 if
    none.
    """
    key, number, month = run.state.key, run.facts.iso_number[c], run.state.month
    if second_stack >= 0:
        return race_bid(key, RACE_VENDOR, number, l, month, x.bids, second_stack, -1)
    return race_bid(key, RACE_VENDOR, number, l, month, x.bids, winner_stack, bid)
