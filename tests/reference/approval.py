"""Who approves a loan, with whom beside, and who is supported.

Claims on slots, money and financiers in falling order of score.
"""

import math

from tests.reference import luck
from tests.reference.finance import default_chance, instrument_cost, present_value
from tests.reference.plain import CHIPS, CLOUD, NETWORK, Offer

INSTRUMENTS = ("grant", "concessional_loan", "direct_loan", "guarantee", "insurance", "equity")

TABLES = {
    "risk": "refused_for_risk", "room": "refused_for_room", "cap": "refused_under_cap", "frozen": "refused_frozen",
    "ineligible": "refused_ineligible",
}  # fmt: skip


def mix_of(lever):
    """Share of the financed part by instrument."""
    return dict(zip(INSTRUMENTS, lever.instrument_mix, strict=True))


def carried(p, instrument):
    """Share of the financed part that is exposure.

    Loans and equity whole, guarantees and insurance as far as they cover, nothing of a grant.
    """
    return {"grant": 0, "guarantee": p.guarantee_cover, "insurance": p.guarantee_cover}.get(instrument, 1)


def loss_given_default(p, operated):
    """What is lost of a loan in default; a cloud that its seller operates leaves no hardware to seize."""
    return p.loss_given_default + (p.cloud_loss if operated else 0)


def chances(world, f, c):
    """Chance of each instrument of a financier's mix in a country: loans go where borrowing is dear.

    A lender that has nothing but loans to offer lends all the same.
    """
    p, mix = world.parameters, mix_of(world.financier[f])
    need = min(max((world.facts.cost_of_capital[c] - p.loan_need_from) / p.loan_need_span, 0), 1)
    weighed = {name: part * (need if name.endswith("loan") else 1) for name, part in mix.items()}
    total = sum(weighed.values())
    return mix if total <= 0 else {name: part / total for name, part in weighed.items()}


def instrument_of(world, f, c, l):
    """The instrument that a financier would use for this month's tender of a cell."""
    u, last = luck.drawn(world, "eligible", c, l, 500 + f), ""
    for name, chance in chances(world, f, c).items():
        if chance > 0:
            last, u = name, u - chance
            if u < 0:
                break
    return last


def factor(world, f, c):
    """What a dollar financed by `f` costs country c, expected over its instruments."""
    lever = world.financier[f]
    return sum(
        part * instrument_cost(world.parameters, lever, name, world.facts.cost_of_capital[c])
        for name, part in chances(world, f, c).items()
        if part > 0
    )


def chance_of_asking(world, c, h):
    """Chance that a buyer asks a home for public finance."""
    p, k = world.parameters, world.facts
    chance = p.asks[h][k.income_group[c]] * (1 - p.asks_distance * k.distance_rank[c][h])
    return chance * p.asks_in_distress if world.state.month < world.state.debt_until[c] else chance


def money(world, f, c, operated, instrument, financed, own):
    """(grant, what the programme is charged, what is set aside), bn$ at present value.

    The charge is what interest and fees fall short of the loss expected of the lender's own part.
    """
    p, lever = world.parameters, world.financier[f]
    earned = 0.0
    if instrument.endswith("loan"):
        worth = present_value(rate(p, lever, instrument), lever.tenor_years, lever.grace_years, p.discount_rate)
        earned = financed * own * (worth - 1)
    elif instrument in ("guarantee", "insurance"):
        earned = p.guarantee_fee / 100 * financed * own * lever.tenor_years / 2
    distressed = world.state.month < world.state.debt_until[c]
    chance = default_chance(p, world.facts.default_multiplier[c], lever.tenor_years, distressed)
    loss = chance * loss_given_default(p, operated) * financed * own * carried(p, instrument)
    return financed * p.grant_share * (instrument == "grant"), max(loss - earned, 0), max(loss, earned)


def rate(p, lever, instrument):
    """Interest a year."""
    return max((lever.rate_pct - p.concession_points * (instrument == "concessional_loan")) / 100, 0)


def refusal(world, f, c, operated, inaction=0.0, delay_months=0.0):
    """Why financier `f` turns a country down: "ineligible", "frozen", "cap" (its authority) or "risk".

    None if it approves.
    """
    p, w, lever = world.parameters, world.state, world.financier[f]
    if world.facts.income_group[c] > p.highest_income[f]:
        return "ineligible"
    if (
        p.freeze_above[f] < 1
        and w.exposure[f] > p.freeze_floor_bn
        and w.overdue[f] / w.exposure[f] >= p.freeze_above[f]
    ):
        return "frozen"
    today = w.start_year + w.month / 12
    if today >= lever.cap_date:
        return "cap"
    distressed = w.month < w.debt_until[c]
    chance = default_chance(p, world.facts.default_multiplier[c], lever.tenor_years, distressed)
    expected = chance * loss_given_default(p, operated) * (1 - p.scrutiny_effect * delay_months)
    tolerance = lever.risk_tolerance + (lever.strategic_premium * inaction if today < lever.sunset_year else 0)
    return None if expected <= tolerance else "risk"


def room(world, f, exposure):
    """(part of an exposure that fits, None), or ("cap" or "room" that leaves too little)."""
    p, w, lever, h = world.parameters, world.state, world.financier[f], int(world.facts.financier_home[f])
    if exposure == 0:
        return 1.0, None
    a_year = lever.commitment_limit_bn * (world.home[h].budget_bn / p.budget_reference_bn[h] if h >= 0 else 1)
    rooms = {"cap": lever.cap_bn - w.exposure[f], "room": min(a_year - w.committed[f], p.largest_deal * a_year)}
    tightest = min(("room", "cap"), key=rooms.get)
    part = min(1, rooms[tightest] / exposure)
    return part, None if part >= p.least_part else tightest


def partner(world, h, c, exposure, operated):
    """(co-financier that serves the side and approves its part by its own rule, that part).

    (-1, 0) if there is none.
    """
    for f, lever in enumerate(world.financier):
        part = min(lever.co_finance, world.parameters.co_finance_limit)
        beside = world.facts.financier_home[f] < 0 and world.facts.financier_serves[f][h] > 0
        if beside and part > 0 and refusal(world, f, c, operated) is None and room(world, f, part * exposure)[0] == 1:
            return f, part
    return -1, 0.0


def best_offer(world, h, c, l, value, operated, inaction):
    """The offer of a home's financiers that saves the buyer most (None if there is none), and why others made none."""
    p, best, refused = world.parameters, None, {}
    may = p.financed_share[l] * value
    for f, lever in enumerate(world.financier):
        if world.facts.financier_home[f] != h:
            continue
        name, why = (
            instrument_of(world, f, c, l),
            refusal(world, f, c, operated, inaction, world.home[h].agency_lag_months),
        )
        if why is None:
            other, share = partner(world, h, c, may * carried(p, name), operated)
            part, why = room(world, f, may * carried(p, name) * (1 - share))
        if why is None:
            grant, charge, _ = money(world, f, c, operated, name, may, 1 - share)
            if grant + charge > 0:
                part = min(part, (world.state.purse[h] - p.overhead_bn) / (grant + charge))
            if part < p.least_part:
                why = "money"
        if why is not None:
            refused[f] = why
            continue
        cost = instrument_cost(p, lever, name, world.facts.cost_of_capital[c])
        price = 1 - p.financed_share[l] * part * (1 - cost)
        if price < (1.0 if best is None else best.factor):
            best = Offer(financier=f, factor=price, partner=other, share=share, instrument=name, part=part)
    if best is not None:
        promise(world, best, h, c, may, operated)
    return best, refused


def promise(world, offer, h, c, may, operated):
    """Fill in what an offer reserves of its lenders' room and of the programme's budget."""
    p = world.parameters
    exposure = may * offer.part * carried(p, offer.instrument)
    offer.reserved = [(offer.financier, (1 - offer.share) * exposure), (offer.partner, offer.share * exposure)]
    grant, charge, _ = money(world, offer.financier, c, operated, offer.instrument, may * offer.part, 1 - offer.share)
    offer.money = p.overhead_bn + grant + charge


def in_the_programme(world, c, l, h):
    """Whether a home's programme takes a tender of this layer.

    Networks and operated cloud only as far as its rules let them in.
    """
    degree = {NETWORK: world.home[h].include_network, CLOUD: world.home[h].cloud_counts}.get(l)
    return degree is None or luck.drawn(world, "eligible", c, l, 200 + h) < degree


def may_support(world, tender, h):
    """Whether a home's programme may support a tender at all."""
    p, c, l, home = world.parameters, tender.country, tender.layer, world.home[h]
    large = l not in (CHIPS, CLOUD) or tender.megawatts >= home.min_package_mw
    worth = tender.size * p.term_years[l] >= p.least_supported_bn and p.financed_share[l] > 0
    return large and worth and world.facts.tier[c][h] < 3 and in_the_programme(world, c, l, h)


def claims(world, tenders, count):
    """(tender, home) of every claim on support in falling order of score, then of the tender's own hash.

    `count(what, home)` hears of those that make none.
    """
    w, found = world.state, []
    for i, tender in enumerate(tenders):
        c, l = tender.country, tender.layer
        for h in range(len(world.home)):
            if not may_support(world, tender, h):
                continue
            if luck.drawn(world, "eligible", c, l, 400 + h) >= chance_of_asking(world, c, h):
                count("unasked", h)
                continue
            count("asked", h)
            if w.target[h][c][l] > 0:
                found.append((-w.target[h][c][l], -luck.bits(*luck.site(world, "ration", c, l, h)), i, h))
            else:
                count("short_of_slots", h)
    return [(i, h) for _, _, i, h in sorted(found)]


def reserve(world, parts, sign=1):
    """Add (or, with -1, take back) what financiers have promised; `parts`: [(financier or -1, bn$)]."""
    for f, amount in parts:
        if f >= 0:
            world.state.exposure[f] += sign * amount
            world.state.committed[f] += sign * amount


def reserve_offer(world, offer, h, sign=1):
    """The same for all that an offer reserves."""
    reserve(world, offer.reserved, sign)
    world.state.purse[h] -= sign * offer.money


def allot(world, tenders):
    """Offers by (tender, home), and refusals [(financier, why)], with the homes' tables of who got none.

    Slots, budgets and exposures of `world` go down and up on the way.

    A claim takes a slot, needs money of the programme, and a financier that approves.
    """
    p, w, offers, refused = world.parameters, world.state, {}, []
    if not (world.on["targeting"] and world.on["finance"]):
        return offers, refused

    def count(what, h):
        getattr(world.book, f"support_{what}")[h] += 1

    for i, h in claims(world, tenders, count):
        c, l = tenders[i].country, tenders[i].layer
        if w.slots_left[h] < 1 or w.purse[h] < p.overhead_bn:
            count("short_of_slots" if w.slots_left[h] < 1 else "short_of_money", h)
            continue
        value = tenders[i].size * p.term_years[l]
        rivals = 1 - w.win_unsupported[c][l][h] - w.win_nothing[c][l]
        offer, turned_down = best_offer(world, h, c, l, value, operated=l == CLOUD, inaction=p.inaction_weight * rivals)
        refused += [(f, why) for f, why in turned_down.items() if why != "money"]
        if offer is None:
            if "money" in turned_down.values():
                count("short_of_money", h)
            continue
        w.slots_left[h] -= 1
        reserve_offer(world, offer, h)
        offers[i, h] = offer
    return offers, refused


def years_to_lose(p, multiplier, tolerance, operated=False):
    """Tenor in years at which the expected loss of a loan meets a tolerance: where approval tips over."""
    return -math.log(1 - tolerance / loss_given_default(p, operated)) / (
        p.base_default / p.book_multiplier * multiplier
    )
