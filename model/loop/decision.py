"""M7: one tender after another is decided: bids, support, packages, the race and the bargain.

`award.py` signs what follows.

Everything is decided on the month's opening state; what a tender signs touches only its own cells. Shared limits were
handed out before (`public_support.py`), or go to the tender that comes first in an order that `tenders.py` draws by
their own hashes (a vendor's supply).
"""

import numpy as np

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.award import settle_package, settle_winner
from stackcraft.model.loop.bids import fill_eligible
from stackcraft.model.loop.choice import NO_WINNER, probability_of_stack, race_bid, race_stack, weigh_bids
from stackcraft.model.loop.codes import (
    AT_RENEWAL,
    AT_SALE,
    N_BIDS,
    N_HOMES,
    PACKAGE,
    R_FINANCE_GAP,
    R_PRICE,
    T_FINANCE_GAP,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import extend, lapse
from stackcraft.model.loop.count import count_bids, count_friction, count_win
from stackcraft.model.loop.luck import BARGAIN, BETTER_OFFER, RACE_STACK, RACE_VENDOR, RATION, bits, uniform
from stackcraft.model.loop.packages import ending_shares, offer_packages
from stackcraft.model.loop.public_support import contract_value, release_offer
from stackcraft.model.loop.sign import licence_refused
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
def add_support(run, x):
    """Put the offers of finance into prices and finance gaps; a vendor takes the better of two offers."""
    d, bids, offers = x.decision, x.bids, x.offers
    i, c = d.tender, d.country
    alpha = price_taste(run, c)
    for v in range(VENDOR_PLACES):
        best, gain = -1, 0.0
        if bids.held[v] > 0.0:
            d.offer_home[v] = -1
            continue  # who runs the contract builds nothing that needs finance
        for h in range(N_HOMES):
            if offers.financier[i, h] < 0:
                continue
            reach = reach_of_support(run, c, h, v)
            worth = (
                support_price(run, c, h, v, offers.factor[i, h], alpha)
                - bids.base[T_FINANCE_GAP, bids.stack[v]] * reach
            )
            if worth > gain or (worth == gain and worth > 0.0 and prefers_second(run, c, v)):
                best, gain = h, worth
        d.offer_home[v] = best
        if best >= 0:
            relief = -bids.base[T_FINANCE_GAP, bids.stack[v]] * reach_of_support(run, c, best, v)
            bids.rows[R_PRICE, v] += gain - relief
            bids.rows[R_FINANCE_GAP, v] += relief
            bids.utility[v] += gain


@compiled
def prefers_second(run, c, v):
    """Whether a vendor takes the second of two offers that are worth the same: a draw of even chances."""
    return bits(run.state.key, RATION, run.facts.iso_number[c], v, run.state.month, BETTER_OFFER.first) & 1 == 1


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
    d, bids, book = x.decision, x.bids, run.book
    open_decision(run, x, i)
    invite_bids(run, x)
    if d.supported:
        decide_without_support(run, x)
        add_support(run, x)
    offer_packages(run, x, d.country, d.layer, d.size, d.new_megawatts)
    d.outside = weigh_bids(run, bids)
    count_friction(run, bids, d.outside)
    count_bids(run, bids, d.country)
    book.tenders += 1.0
    book.choices += 1.0
    refused = pick_winner(run, x)
    if d.bid < 0 or fails_bargain(run, x):
        book.nothing_bought += 1.0
        give_back(run, x, -1)
        if d.renewal and refused:
            extend(run, d.country, d.layer, d.ending)
        elif d.renewal:
            lapse(run, d.country, d.layer)
        return
    d.runner_up = runner_up(run, x) if run.ledger.rows > 0 else NO_WINNER
    count_win(run, x)
    if not refused:
        count_support(run, x)
    d.home = d.offer_home[d.vendor] if d.supported else -1
    give_back(run, x, d.home)
    slot = settle_winner(run, x)
    if d.bid >= PACKAGE and slot >= 0:
        settle_package(run, x, slot)


@compiled
def open_decision(run, x, i):
    """Fill x.decision with what tender `i` is, and `x.bids.held` with who holds the contracts that end."""
    p, d, tenders, bids = run.parameters, x.decision, x.tenders, x.bids
    d.tender, d.country, d.layer, d.renewal = i, tenders.country[i], tenders.layer[i], tenders.kind[i] == RENEWAL
    d.size, d.megawatts = tenders.size[i], tenders.megawatts[i]
    d.new_megawatts = d.megawatts
    d.supported = x.offers.financier[i, 0] >= 0 or x.offers.financier[i, 1] >= 0
    d.ending = tenders.ending[i]
    if not d.renewal or ending_shares(run, d.country, d.layer, d.ending, p.renewal_months, bids) <= 0.0:
        for v in range(run.facts.vendors):
            bids.held[v] = 0.0
    if d.renewal:
        d.new_megawatts *= max(d.size - tenders.expiring[i], 0.0) / d.size


@compiled
def invite_bids(run, x):
    """Fill `x.bids` with single bids, unsupported, and who bids; a buyers' club brings a rebate."""
    p, d, bids = run.parameters, x.decision, x.bids
    c, l = d.country, d.layer
    fellow, in_club = club_award(run, c, l)
    d.rebate[0] = p.club_rebate if in_club > 0.0 else 0.0  # bargaining may add to the winner's
    d.rebate[1] = d.rebate[0]
    price_shift = log(1.0 - d.rebate[0] * p.pass_through[l]) if in_club > 0.0 else 0.0
    clear_base(bids)
    country_terms(run, c, bids)
    bid_utilities(run, c, l, AT_RENEWAL if d.renewal else AT_SALE, price_shift, bids)
    fill_eligible(run, x, in_club)
    if fellow >= 0 and bids.eligible[fellow] > 0.0:
        for v in range(run.facts.vendors):
            if v != fellow:
                bids.eligible[v] = 0.0
    for b in range(VENDOR_PLACES, N_BIDS):
        bids.eligible[b] = 0.0
        bids.utility[b] = -50.0


@compiled
def decide_without_support(run, x):
    """What would have happened without support, by the same luck: the stack that wins, and each home's chance."""
    d, bids = x.decision, x.bids
    offer_packages(run, x, d.country, d.layer, d.size, d.new_megawatts)
    d.outside = weigh_bids(run, bids)
    for h in range(N_HOMES):
        d.before[h] = probability_of_stack(bids, d.outside, h)
    d.without, _ = race(run, x)


@compiled
def pick_winner(run, x):
    """Fill `x.decision` with the bid that wins and gets its licences, -1 if none does; True if any was refused.

    Where a home refuses a licence the buyer takes the best of what does not need it: that bid and all of the home's
    own stack drop out, and the same luck decides among the others.
    """
    d, bids, refused = x.decision, x.bids, False
    d.stack, d.second_stack = race(run, x)
    while d.stack >= 0:
        d.bid = race_within(run, x, d.stack, -1)
        d.vendor = leading_vendor(x)
        home = licence_refused(run, d.country, d.layer, d.vendor)
        if home < 0:
            return refused
        refused = True
        for b in range(N_BIDS):
            if b == d.bid or bids.stack[b] == home:
                bids.eligible[b] = 0.0
        d.outside = weigh_bids(run, bids)
        d.stack, d.second_stack = race(run, x)
    d.bid = NO_WINNER
    return refused


@compiled
def race(run, x):
    """The stack that wins the tender and the one that comes second; NO_WINNER where there is none."""
    w, d = run.state, x.decision
    return race_stack(w.key, RACE_STACK, run.facts.iso_number[d.country], d.layer, w.month, x.bids, d.outside)


@compiled
def race_within(run, x, s, excluded):
    """The bid that wins within stack `s`; `excluded` may not win."""
    w, d = run.state, x.decision
    return race_bid(w.key, RACE_VENDOR, run.facts.iso_number[d.country], d.layer, w.month, x.bids, s, excluded)


@compiled
def count_support(run, x):
    """Add to the yearbook what the homes' offers did to their chances of winning."""
    d, book = x.decision, run.book
    for h in range(N_HOMES):
        if x.offers.financier[d.tender, h] >= 0:
            book.win_chance_added[h] += probability_of_stack(x.bids, d.outside, h) - d.before[h]
            if d.stack == h and d.without != h:
                book.additional_wins[h] += 1.0


@compiled
def give_back(run, x, kept):
    """Release what was reserved for the offers to a tender, but for that of the home `kept`."""
    i = x.decision.tender
    for h in range(N_HOMES):
        if h != kept and x.offers.financier[i, h] >= 0:
            release_offer(run, x.offers, i, h)


@compiled
def leading_vendor(x):
    """The vendor of the winning bid for the tendered layer; of a package, its member there."""
    d = x.decision
    return x.packages.vendor[d.bid - PACKAGE, d.layer] if d.bid >= PACKAGE else d.bid


@compiled
def fails_bargain(run, x):
    """A close bid of another vendor wins the buyer a price cut (which moves no share); a hard bargain may also fail.

    True if it fails.
    """
    p, d, bids = run.parameters, x.decision, x.bids
    bargain = run.importer.at[d.country].bargain
    if run.on.bargaining == 0 or bargain <= 0.0:
        return False
    rival, vendor = -1e9, d.vendor
    for b in range(VENDOR_PLACES):
        if b != vendor and bids.eligible[b] > 0.0:
            rival = max(rival, bids.utility[b])
    if rival < bids.utility[d.bid] - p.bargain_margin:
        return False
    number = run.facts.iso_number[d.country]
    if uniform(run.state.key, BARGAIN, number, d.layer, run.state.month, 0) < p.bargain_failure * bargain:
        return True
    value = contract_value(p, d.layer, d.size)
    run.book.rent_captured_bn[bids.stack[d.bid]] += p.bargain_rebate * bargain * value
    d.rebate[0] = 1.0 - (1.0 - d.rebate[0]) * (1.0 - p.bargain_rebate * bargain)
    return False


@compiled
def runner_up(run, x):
    """The bid that came second: the best drawn of the second stack, or of the same stack if there is no other.

    -1 if none.
    """
    d = x.decision
    return race_within(run, x, d.second_stack, -1) if d.second_stack >= 0 else race_within(run, x, d.stack, d.bid)
