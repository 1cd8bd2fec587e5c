"""One tender is decided: clubs, bids, support, packages, the race, the bargain, the second source, renewal.

Changes the plain world.

Bids are known by their vendor, packages by 16 + home.
"""

import math

from tests.reference import choice, luck, packages
from tests.reference.approval import reserve, reserve_offer
from tests.reference.bids import bidding, reach
from tests.reference.cells import add_stock
from tests.reference.contracts import ending, extend, hand_over, lapse, leave, wait
from tests.reference.lifecycle import power_of_deal
from tests.reference.plain import (
    CHIPS,
    CLOUD,
    FROM_HEDGE,
    FROM_PACKAGE,
    FROM_RENEWAL,
    FROM_TENDER,
    OPERATING,
    SOFTWARE,
    agreed,
    deal,
    deals_of,
    write,
)
from tests.reference.signing import bought, cheapen, licence_refused, own_the_cloud, pay_for_offer, sign, take_on

PACKAGE = 16


def price_taste(world, c):
    """How a buyer minds price: more where it is poor."""
    p = world.parameters
    return (p.price_taste + p.price_taste_income * (1 - world.facts.income_rank[c])) * world.state.taste[c][0]


def award_of_the_club(world, c, l):
    """(whether the buyer is in a club, the vendor a fellow member chose last of late, or None)."""
    w, club, months = world.state, world.importer[c].club, world.parameters.club_months
    if math.isnan(club):
        return False, None
    fellows = [
        (w.last_award[j][l], -j) for j in range(world.countries)
        if j != c and world.importer[j].club == club and w.month - months <= w.last_award[j][l] < w.month
    ]  # fmt: skip
    return True, int(w.last_vendor[-max(fellows)[1]][l]) if fellows else None


def support(world, c, l, v, offers, gap):
    """(home whose finance the vendor takes, what it adds to utility); (None, 0) if none reaches it.

    `gap`: the finance gap's utility.
    """
    best = None, 0.0
    for h, offer in offers.items():
        far = reach(world, c, h, v)
        worth = -price_taste(world, c) * math.log(1 - far * (1 - offer.factor)) - gap * far
        if worth > best[1]:
            best = h, worth
    return best


def weights_of(world, utility, stack):
    """What races: by stack exp(mu I), or how many of its bids are good enough; and for nothing, by key None."""
    p, found = world.parameters, {None: math.exp(world.parameters.outside_option)}
    good = choice.good_enough(utility, p.satisficing_margin) if utility else ()
    if p.satisficing:  # nothing wins always or never
        found[None] = math.inf if max(utility.values(), default=-math.inf) < p.outside_option else 0.0
    for s in {stack[v] for v in (good if p.satisficing else utility)}:
        own = [utility[v] for v in utility if stack[v] == s]
        inclusive = math.log(sum(math.exp(u / p.nest_scale) for u in own)) - p.count_correction * math.log(len(own))
        found[s] = sum(stack[v] == s for v in good) if p.satisficing else math.exp(p.nest_scale * inclusive)
    return found


def race_of_stacks(world, c, l, weights):
    """(stack that wins or None for nothing, the second or None)."""
    times = {
        s: luck.waited(world, "race_stack", c, l, 3 if s is None else s) / weight
        for s, weight in weights.items()
        if weight > 0
    }
    nothing = times.pop(None, math.inf)
    order = sorted(times, key=times.get)
    if not order or nothing < times[order[0]]:
        return None, order[0] if order else None
    return order[0], order[1] if len(order) > 1 else None


def race_of_bids(world, stream, c, l, utility, best):
    """The bid that wins within its stack; `best`: the best bid's utility of any stack."""
    p = world.parameters

    def time(bid):
        number = 100_000 + bid - PACKAGE if bid >= PACKAGE else int(world.facts.vendor_number[bid])
        return luck.waited(world, stream, c, l, number) / (
            1 if p.satisficing else math.exp(utility[bid] / p.nest_scale)
        )

    good = [bid for bid, u in utility.items() if u >= best - p.satisficing_margin] if p.satisficing else utility
    return min(good, key=time)


def chance_of_hedge(world, c, s):
    """Probability that a buyer takes a second source beside stack s."""
    p, w, importer = world.parameters, world.state, world.importer[c]
    if not math.isnan(importer.hedge):
        return importer.hedge
    fear = w.belief_against[c][s][0] / (w.belief_against[c][s][0] + w.belief_for[c][s][0])
    doubt = p.hedge_doubt * world.facts.ally[c][s] * (1 - w.kept[c][s])
    beyond = min(fear, p.hedge_fear_limit) / p.hedge_fear_usual - 1
    inclined = p.hedge_base + p.hedge_fear * beyond + doubt + importer.sovereignty + w.sovereignty_shift[c]
    return 1 / (1 + math.exp(-inclined))


def contested(largest):
    """0 where one stack is nearly sure to win, 2 where none is likely to."""
    return 0 if largest > 0.8 else 1 if largest > 0.6 else 2


def count_win(world, c, l, vendor, s, chances):
    """The yearbook's tables of wins."""
    k, book = world.facts, world.book
    book.tenders_won[s] += 1
    book.wins_vendor[vendor] += 1
    exporting = k.tercile_exporting_us if s == 0 else k.tercile_exporting_cn
    for name, row in (
        ("income", k.income_group), ("nonaligned", k.tercile_nonaligned), ("sceptical", k.tercile_sceptical),
        ("sovereign", k.tercile_sovereign), ("exporting", exporting)):  # fmt: skip
        getattr(book, f"wins_{name}")[int(row[c])][s] += 1
    book.wins_contested[contested(max(chances))][s] += 1
    book.wins_allied[s] += k.ally[c][0] >= 0.5
    book.wins_small[s] += k.home_revenue[vendor] < world.parameters.ready_revenue_bn
    if k.vendor_home[vendor] < 0:
        for h in (0, 1):
            book.allied_cobids[h] += reach(world, c, h, vendor) * (world.state.target[h][c][l] > 0)


def prolong(world, c, l, i, size):
    """A contract goes on for another term at a new size, on what its vendor offers now."""
    p, w, one = world.parameters, world.state, deal(world, c, l, i)
    size = bought(world, c, l, one.vendor, size)
    if l in (CHIPS, CLOUD) and one.deal_class == SOFTWARE:  # more than software serves is left to a new tender
        size = min(size, max(one.capacity, p.software_share * size))
    w.capacity[c][l] += size - one.capacity
    add_stock(world, c, l, one.vendor, size - one.capacity)
    take_on(world, c, l, i, one.vendor)
    ends = max(one.ends, w.month) + 12 * p.term_years[l]
    write(
        world,
        c,
        l,
        i,
        used=min(one.used * one.capacity / size, 1),
        capacity=size,
        value=size * p.term_years[l],
        megawatts=power_of_deal(p, l, one.deal_class, size * p.term_years[l]),
        renewals=one.renewals + 1,
        holdover=0,
        ends=ends,
    )
    own_the_cloud(world, c, l, i)
    pay_for_offer(world, c, l, i)
    wait(world, c, l, i, ends)
    world.book.renewed_deals[one.stack] += 1
    w.last_award[c][l], w.last_vendor[c][l] = w.month, one.vendor
    if one.renewals == 0:  # lock-in through silicon comes to light
        w.belief_against[c][one.stack][0] += p.resentment * deal(world, c, l, i).lock_silicon


def largest_of(world, c, l, vendor, months):
    """The place of a vendor's largest contract among those that end within so many months, or None."""
    own = [(one.capacity, -i) for i, one in ending(world, c, l, months) if one.vendor == vendor]
    return -max(own)[1] if own else None


def renew(world, c, l, place, size, months, whose=None):
    """The contract goes on, merged with what else its vendor ends.

    What others end is lost to it, unless only the contracts `whose` end are up.
    """
    goes_on = deal(world, c, l, place)
    for i, one in ending(world, c, l, months, whose):
        if i != place:
            outcome = "merged" if one.vendor == goes_on.vendor else "switched"
            leave(world, c, l, i, outcome, float(world.state.month), goes_on.stack)
    prolong(world, c, l, place, size)


def held_shares(world, c, l, whose):
    """Shares of the contracts that end, by vendor: all with the one whose they are."""
    held = [0.0] * 16
    for _, one in ending(world, c, l, world.parameters.renewal_months, whose):
        held[one.vendor] += one.capacity
    return [part / max(sum(held), 1e-300) for part in held]


def count_support(book, homes, after, before, winners):
    """Count what support did; `after`, `before`: chances of stacks, `winners`: that win with it and without it."""
    for h in homes:
        book.win_chance_added[h] += after[h] - before[h]
        book.additional_wins[h] += winners[0] == h and winners[1] != h


def count_homes_without_bid(world, bid):
    """Count the tender for every home none of whose vendors bid."""
    for h in (0, 1):
        world.book.tenders_without_bid[h] += not any(world.facts.vendor_home[v] == h for v in bid)


def count_friction(world, c, utility, stack):
    """Add what friction over regulation takes from each home's chance of winning."""
    p, k = world.parameters, world.facts
    before = choice.of_stacks(p, utility, stack)
    for h in (0, 1):
        friction = p.regulation_friction * k.regulation[c] * (1 - agreed(world.home[h], "respect_regulation", c))
        raised = choice.raised(utility, stack, h, friction * world.on["regulation"])
        world.book.friction_losses[h] += choice.of_stacks(p, raised, stack)[h] - before[h]


def count_bids(world, c, stacks):
    """Count the single bids that were considered, and those before the clearest third of the buyers."""
    clear = world.facts.tercile_clear[c] == 2
    world.book.tenders_clear_buyers += clear
    for s in stacks:
        world.book.bids_considered[s] += 1
        world.book.bids_clear_buyers[s] += clear


def decide(world, tender, offers):
    """What becomes of a tender.

    "nothing", "broken off", "refused", "renewed", "signed", "no supply" or "no place". `offers`: by home.
    """
    p, k, book = world.parameters, world.facts, world.book
    c, l, renewal = tender.country, tender.layer, tender.kind == "renewal"
    held = held_shares(world, c, l, tender.holder) if renewal else [0.0] * 16
    in_club, fellow = award_of_the_club(world, c, l)
    bid, considered = bidding(world, c, l, offers, held, float(in_club))
    count_homes_without_bid(world, bid)
    if fellow in considered:
        considered = [fellow]
    terms = {v: choice.terms(world, c, l, v, held if renewal else None, sale=True) for v in considered}
    of_club = p.club_rebate if in_club else 0.0
    gain = -price_taste(world, c) * math.log(1 - of_club * p.pass_through[l])
    utility = {v: math.fsum(terms[v].values()) + gain for v in considered}
    stack = {v: int(k.vendor_stack[v]) for v in considered}

    def shares(utility):
        return choice.of_stacks(p, utility, stack)

    def with_packages(singles):
        bundles, looked_at = packages.offered(world, tender, singles)
        book.choices += looked_at
        return bundles, singles | {PACKAGE + h: worth for h, (worth, _) in bundles.items()}

    stack |= {PACKAGE + h: h for h in (0, 1)}
    taken, before, without = dict.fromkeys(considered), None, None
    if offers:  # what would have happened without them, by the same luck
        unsupported = with_packages(utility)[1]
        before, (without, _) = shares(unsupported), race_of_stacks(world, c, l, weights_of(world, unsupported, stack))
        for v in considered:
            if held[v] <= 0:  # who runs the contract builds nothing that needs finance
                taken[v], gain = support(world, c, l, v, offers, terms[v]["finance_gap"])
                utility[v] += gain
    bundles, utility = with_packages(utility)
    count_friction(world, c, utility, stack)
    book.tenders += 1
    book.choices += 1
    count_bids(world, c, [stack[v] for v in considered])
    vendor, bundle, why, value, rebate = None, None, "nothing", tender.size * p.term_years[l], of_club
    before_licences = len(utility)
    winner, second, best, utility = licensed_winner(world, c, l, utility, stack, bundles)
    refused = len(utility) < before_licences
    rivals = {v: u for v, u in utility.items() if stack[v] == second}
    if winner is not None:
        vendor = best
        leading = bundles[vendor - PACKAGE][1][l][0] if vendor >= PACKAGE else vendor
        others = [u for v, u in utility.items() if v < PACKAGE and v != leading]
        won = bargained(world, c, l, winner, utility[vendor], others, value)
        rebate = 1 - (1 - of_club) * (1 - (won or 0.0))
        if won is None:
            vendor, why = None, "broken off"
        elif vendor >= PACKAGE:
            bundle = bundles[vendor - PACKAGE][1]
            vendor = bundle[l][0]
    home = None if vendor is None else taken[vendor]
    for h, offer in offers.items():
        if h != home:
            reserve_offer(world, offer, h, -1)
    if vendor is None:
        return no_deal(world, tender, "refused" if refused else why)
    count_win(world, c, l, vendor, winner, shares(utility))
    if not refused:
        count_support(book, offers, shares(utility), before, (winner, without))
    became, place = settle(
        world,
        tender,
        vendor,
        home,
        offers.get(home),
        rivals,
        max(utility.values()),
        winner,
        bundle is not None,
        (rebate, of_club),
    )
    if bundle is not None and place is not None:
        settle_package(world, c, l, winner, bundle, place)
    return became


def no_deal(world, tender, why):
    """Nothing is signed: contracts that end lapse, or wait a while where licences were refused. Returns why."""
    world.book.nothing_bought += 1
    if tender.kind == "renewal" and why == "refused":
        extend(world, tender.country, tender.layer, tender.holder)
    elif tender.kind == "renewal":
        lapse(world, tender.country, tender.layer)
    return why


def licensed_winner(world, c, l, utility, stack, bundles):
    """(stack that wins, the second, the bid that wins, utilities of the bids that were not shut out).

    Whom a home refuses a licence drops out, with all of that home's stack.
    """
    while True:
        winner, second = race_of_stacks(world, c, l, weights_of(world, utility, stack))
        if winner is None:
            return None, second, None, utility
        own = {v: u for v, u in utility.items() if stack[v] == winner}
        best = race_of_bids(world, "race_vendor", c, l, own, max(utility.values()))
        h = licence_refused(world, c, l, bundles[best - PACKAGE][1][l][0] if best >= PACKAGE else best)
        if h is None:
            return winner, second, best, utility
        utility = {v: u for v, u in utility.items() if v != best and stack[v] != h}


def bargained(world, c, l, winner, utility, rivals, value):
    """The price cut that a close rival wins the buyer, as a share of the list price.

    None if a hard bargain breaks off the tender.
    """
    p, bargain = world.parameters, world.importer[c].bargain
    if not world.on["bargaining"] or bargain <= 0 or not rivals or max(rivals) < utility - p.bargain_margin:
        return 0.0
    if luck.drawn(world, "bargain", c, l, 0) < p.bargain_failure * bargain:
        return None
    world.book.rent_captured_bn[winner] += p.bargain_rebate * bargain * value
    return p.bargain_rebate * bargain


def settle(world, tender, vendor, home, offer, rivals, best, winner, bundled, rebates):
    """Sign or renew the winner's part, and a second source's where the buyer hedges.

    (what came of it, the winner's place or None).

    `rivals`: utilities of the second stack's bids; `best`: that of the best bid of any. `rebates`: the winner's, and
    that of a second source, which bargains with nobody.
    """
    p, w, book, c, l = world.parameters, world.state, world.book, tender.country, tender.layer
    renewal, months = tender.kind == "renewal", p.renewal_months
    if offer is not None:
        reserve_offer(world, offer, home, -1)  # gives way to what is signed
    second = None
    chance = max(chance_of_hedge(world, c, winner), world.importer[c].second_source[l])
    up = [i for i, _ in ending(world, c, l, months, tender.holder)] if renewal else []
    others = [i for i, one in deals_of(world, c, l, OPERATING) if one.stack != winner]
    alone = set(others) <= set(up)  # else a second source is there already
    if world.on["hedge"] and rivals and alone and luck.drawn(world, "hedge", c, l, 0) < chance:
        second = race_of_bids(world, "race_hedge", c, l, rivals, best)
        if second >= PACKAGE or licence_refused(world, c, l, second) is not None:
            second = None  # the winner takes all
    part = 1.0 if second is None else 1 - p.hedge_share
    place = largest_of(world, c, l, vendor, months) if renewal and vendor == tender.holder else None
    if place is not None:
        what = "renewed"
        renew(world, c, l, place, tender.size * part, months, tender.holder)
    else:
        what, value = "signed", tender.size * part * p.term_years[l]
        if w.supply_left[l][vendor] < value:
            book.supply_shortfalls[int(world.facts.vendor_stack[vendor])] += 1
            if renewal:
                extend(world, c, l, tender.holder)
            return "no supply", None
        origin = FROM_PACKAGE if bundled else FROM_RENEWAL if renewal else FROM_TENDER
        number = w.packages if bundled else -1
        place = sign(world, c, l, vendor, tender.size * part, origin, home, offer, number)
        if renewal and place is not None:
            hand_over(world, c, l, months, tender.holder)
        if place is None:
            if renewal:
                extend(world, c, l, tender.holder)
            return "no place", None
        one = deal(world, c, l, place)
        if one.supported:
            reserve(world, [(one.financier, one.commitment), (one.partner, one.commitment * one.partner_ratio)])
            book.finance_relief_bn[c] += one.value * reach(world, c, home, vendor) * (1 - offer.factor)
    cheapen(world, c, l, place, rebates[0])
    w.deals_signed += 1
    if second is not None and w.supply_left[l][second] >= tender.size * p.term_years[l] * p.hedge_share:
        other = sign(world, c, l, second, tender.size * p.hedge_share, FROM_HEDGE)
        book.second_source_cost_bn[c] += p.hedge_price * tender.size * p.term_years[l]
        if other is not None:
            cheapen(world, c, l, other, rebates[1])
            w.deals_signed += 1
    return what, place


def settle_package(world, c, lead, h, bundle, place):
    """The other layers of a package that won.

    Contracts about to end go on or are followed, unmet need is signed for.

    `place`: the slot of its first layer. The bundle's discount comes off the prices that were agreed.
    """
    p, w, signed = world.parameters, world.state, {lead: place}
    for m in sorted(bundle):
        vendor, value = bundle[m]
        if m == lead or w.pipeline[c][m] or w.supply_left[m][vendor] < value:
            continue
        if licence_refused(world, c, m, vendor) is not None:
            continue
        size = value / p.term_years[m]
        place, up = largest_of(world, c, m, vendor, p.open_months), bool(ending(world, c, m, p.open_months))
        if place is not None:
            renew(world, c, m, place, size, p.open_months)
        else:
            place = sign(world, c, m, vendor, size, FROM_PACKAGE, package=w.packages)
            if place is None:
                continue
            if up:
                hand_over(world, c, m, p.open_months)
            w.deals_signed += 1
        signed[m] = place
    w.packages += 1
    for m, place in signed.items() if len(signed) >= p.package_size else ():
        cheapen(world, c, m, place, world.vendor[deal(world, c, m, place).vendor].bundle_discount)
    world.book.packages_won[h] += 1
    world.book.package_layers[h] += len(signed)
