"""Who approves a loan, with whom beside, and who is supported.

Claims on slots, money and financiers in falling order of score.
"""

import math

from tests.reference import luck
from tests.reference.finance import default_chance, instrument_cost
from tests.reference.plain import CLOUD, NETWORK, Offer

INSTRUMENTS = ("grant", "concessional_loan", "direct_loan", "guarantee", "insurance", "equity")


def mix_of(lever):
    """Share of the financed part by instrument."""
    return dict(zip(INSTRUMENTS, lever.instrument_mix, strict=True))


def carried(p, lever):
    """Share of the financed part that is exposure.

    Loans and equity whole, guarantees and insurance as far as they cover.
    """
    mix = mix_of(lever)
    whole = mix["concessional_loan"] + mix["direct_loan"] + mix["equity"]
    return whole + p.guarantee_cover * (mix["guarantee"] + mix["insurance"])


def loss_given_default(p, operated):
    """What is lost of a loan in default; a cloud that its seller operates leaves no hardware to seize."""
    return p.loss_given_default + (p.cloud_loss if operated else 0)


def factor(world, f, c):
    """What a dollar financed by `f` costs country c, over the instruments of its mix."""
    lever = world.financier[f]
    return sum(
        part * instrument_cost(world.parameters, lever, name, world.facts.cost_of_capital[c])
        for name, part in mix_of(lever).items()
        if part > 0
    )


def refusal(world, f, c, exposure, operated, inaction=0.0, delay_months=0.0):
    """Why financier `f` turns an exposure in bn$ down: "ineligible", "frozen", "room" or "risk".

    None if it approves.
    """
    p, w, lever, h = world.parameters, world.state, world.financier[f], int(world.facts.financier_home[f])
    if world.facts.income_group[c] > p.highest_income[f]:
        return "ineligible"
    if (
        p.freeze_above[f] < 1
        and w.exposure[f] > p.freeze_floor_bn
        and w.overdue[f] / w.exposure[f] >= p.freeze_above[f]
    ):
        return "frozen"
    today = w.start_year + w.month / 12
    programme = world.home[h].budget_bn / p.budget_reference_bn[h] if h >= 0 else 1.0
    this_year = lever.commitment_limit_bn * programme
    if today >= lever.cap_date or w.exposure[f] + exposure > lever.cap_bn or w.committed[f] + exposure > this_year:
        return "room"
    distressed = w.month < w.debt_until[c]
    chance = default_chance(p, world.facts.default_multiplier[c], lever.tenor_years, distressed)
    expected = chance * loss_given_default(p, operated) * (1 - p.scrutiny_effect * delay_months)
    tolerance = lever.risk_tolerance + (lever.strategic_premium * inaction if today < lever.sunset_year else 0)
    return None if expected <= tolerance else "risk"


def partner(world, h, c, exposure, operated):
    """(co-financier that serves the side and approves its part by its own rule, that part).

    (-1, 0) if there is none.
    """
    for f, lever in enumerate(world.financier):
        part = min(lever.co_finance, world.parameters.co_finance_limit)
        beside = world.facts.financier_home[f] < 0 and world.facts.financier_serves[f][h] > 0
        if beside and part > 0 and refusal(world, f, c, part * exposure, operated) is None:
            return f, part
    return -1, 0.0


def cheapest(world, h, c, l, value, operated, inaction):
    """The home's cheapest financier that approves, as `financier`, `factor`, `partner`, `share` (None if none does),
    and the refusals.
    """
    p, best, refused = world.parameters, None, {}
    for f, lever in enumerate(world.financier):
        if world.facts.financier_home[f] != h:
            continue
        exposure = p.financed_share[l] * value * carried(p, lever)
        other, share = partner(world, h, c, exposure, operated)
        why = refusal(world, f, c, exposure * (1 - share), operated, inaction, world.home[h].agency_lag_months)
        if why is not None:
            refused[f] = why
            continue
        price = p.financed_share[l] * factor(world, f, c) + 1 - p.financed_share[l]
        if price < (1.0 if best is None else best.factor):
            best = Offer(financier=f, factor=price, partner=other, share=share)
    return best, refused


def in_the_programme(world, c, l, h):
    """Whether a home's programme takes a tender of this layer.

    Networks and operated cloud only as far as its rules let them in.
    """
    degree = {NETWORK: world.home[h].include_network, CLOUD: world.home[h].cloud_counts}.get(l)
    return degree is None or luck.drawn(world, "eligible", c, l, 200 + h) < degree


def claims(world, tenders):
    """(tender, home) of every claim on support in falling order of score, then of the tender's own hash."""
    p, w, found = world.parameters, world.state, []
    for i, tender in enumerate(tenders):
        c, l = tender.country, tender.layer
        for h, home in enumerate(world.home):
            able = w.target[h][c][l] > 0 and tender.megawatts >= home.min_package_mw and p.financed_share[l] > 0
            if able and world.facts.tier[c][h] < 3 and in_the_programme(world, c, l, h):
                found.append((-w.target[h][c][l], -luck.bits(*luck.site(world, "ration", c, l, h)), i, h))
    return [(i, h) for _, _, i, h in sorted(found)]


def reserve(world, parts, sign=1):
    """Add (or, with -1, take back) what financiers have promised; `parts`: [(financier or -1, bn$)]."""
    for f, amount in parts:
        if f >= 0:
            world.state.exposure[f] += sign * amount
            world.state.committed[f] += sign * amount


def allot(world, tenders):
    """Offers by (tender, home), and refusals [(financier, why)].

    Slots and exposures of `world` go down and up on the way.

    A claim takes a slot, needs money for the programme's overhead, and a financier that approves.
    """
    p, w, offers, refused = world.parameters, world.state, {}, []
    if not (world.on["targeting"] and world.on["finance"]):
        return offers, refused
    for i, h in claims(world, tenders):
        c, l = tenders[i].country, tenders[i].layer
        if w.slots_left[h] < 1 or w.budget[h] < p.overhead_bn:
            continue
        value = tenders[i].size * p.term_years[l]
        rivals = 1 - w.win_unsupported[c][l][h] - w.win_nothing[c][l]
        offer, turned_down = cheapest(world, h, c, l, value, operated=l == CLOUD, inaction=p.inaction_weight * rivals)
        refused += turned_down.items()
        if offer is None:
            continue
        w.slots_left[h] -= 1
        exposure = p.financed_share[l] * value * carried(p, world.financier[offer.financier])
        offer.reserved = [(offer.financier, (1 - offer.share) * exposure), (offer.partner, offer.share * exposure)]
        reserve(world, offer.reserved)
        offers[i, h] = offer
    return offers, refused


def years_to_lose(p, multiplier, tolerance, operated=False):
    """Tenor in years at which the expected loss of a loan meets a tolerance: where approval tips over."""
    return -math.log(1 - tolerance / loss_given_default(p, operated)) / (p.base_default * multiplier)
