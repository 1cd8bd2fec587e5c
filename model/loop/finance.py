"""Finance into price, and who approves (DESCRIPTION.md, 7.5)."""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.codes import (
    CONCESSIONAL,
    DIRECT,
    GRANT,
    GUARANTEE,
    INSURANCE,
    N_FINANCIERS,
    N_INSTRUMENTS,
    OPERATED,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import INSTRUMENT, uniform

# Why a financier turns a tender down: too risky, its year's lending spoken for, its ceiling reached or its authority
# lapsed, frozen for arrears, a country too rich for it, the programme's money too short.
NO_RISK, NO_ROOM, NO_CAP, FROZEN, INELIGIBLE, NO_MONEY = 1, 2, 3, 4, 5, 6


@compiled
def _whole_power(base, n):
    """base**n by squaring, so that every machine multiplies in the same order."""
    result = 1.0
    while n > 0:
        if n & 1:
            result *= base
        base *= base
        n >>= 1
    return result


@compiled
def present_value(rate, tenor, grace, cost_of_capital):
    """Present value of a dollar lent, at the borrower's cost of capital.

    Equal principal payments half-yearly after the grace, interest on what is outstanding; all rates a year, nominal,
    halved per half-year. tenor and grace in years (grace within the tenor). Closed form of the two annuity sums.
    """
    n = int(2.0 * tenor + 0.5)
    g = min(int(2.0 * grace + 0.5), n - 1)
    m = n - g
    i, r = 0.5 * rate, 0.5 * cost_of_capital
    if r < 1e-9:
        return 1.0 + i * g + i * (m + 1) * 0.5
    d = 1.0 / (1.0 + r)
    dg, dm = _whole_power(d, g), _whole_power(d, m)
    waiting = d * (1.0 - dg) / (1.0 - d)  # sum of d^k, k = 1..g
    level = d * (1.0 - dm) / (1.0 - d)  # sum of d^j, j = 1..m
    rising = (level - m * dm * d) / (1.0 - d)  # sum of j d^j
    return i * waiting + dg * (level / m + i * (level - (rising - level) / m))


@compiled
def instrument_factor(p, financier, instrument, cost_of_capital):
    """What a dollar financed by one instrument costs the buyer, at its own cost of capital."""
    rate, tenor, grace = 0.01 * financier.rate_pct, financier.tenor_years, financier.grace_years
    if instrument == GRANT:
        return 1.0 - p.grant_share
    if instrument == CONCESSIONAL:
        value = present_value(max(rate - 0.01 * p.concession_points, 0.0), tenor, grace, cost_of_capital)
    elif instrument == DIRECT:
        value = present_value(rate, tenor, grace, cost_of_capital)
    elif instrument == GUARANTEE:
        # The covered part at the guaranteed rate, the rest at the buyer's own cost, the fee on all that is outstanding.
        covered = present_value(0.01 * p.guaranteed_rate, tenor, grace, cost_of_capital)
        fee = present_value(0.01 * (p.guaranteed_rate + p.guarantee_fee), tenor, grace, cost_of_capital) - covered
        value = p.guarantee_cover * covered + (1.0 - p.guarantee_cover) + fee
    elif instrument == INSURANCE:
        insured = max(cost_of_capital - 0.01 * p.insurance_points, 0.0)
        value = p.guarantee_cover * present_value(insured, tenor, grace, cost_of_capital) + (1.0 - p.guarantee_cover)
    else:
        value = 1.0 - p.equity_relief
    return min(value, 1.0)  # nobody takes finance dearer than its own


@compiled
def refresh_finance(run):
    """Factors of every financier in every country; computed again only where a financier's terms changed."""
    w, p, k = run.state, run.parameters, run.facts
    for f in range(N_FINANCIERS):
        lever = run.financier.at[f]
        changed = w.finance_terms[f, 0] != lever.rate_pct or w.finance_terms[f, 1] != lever.tenor_years
        changed = changed or w.finance_terms[f, 2] != lever.grace_years or w.finance_terms[f, 9] != 1.0
        for i in range(N_INSTRUMENTS):
            changed = changed or w.finance_terms[f, 3 + i] != lever.instrument_mix[i]
        if not changed:
            continue
        w.finance_terms[f, 0], w.finance_terms[f, 1], w.finance_terms[f, 2] = (
            lever.rate_pct,
            lever.tenor_years,
            lever.grace_years,
        )
        w.finance_terms[f, 9] = 1.0
        for i in range(N_INSTRUMENTS):
            w.finance_terms[f, 3 + i] = lever.instrument_mix[i]
        for c in range(run.facts.countries):
            total, need = 0.0, need_of_loan(run, c)
            weights = sum_of_weights(lever, need)
            for i in range(N_INSTRUMENTS):
                weight = weight_of_instrument(lever, i, need, weights)
                if weight > 0.0:
                    total += weight * instrument_factor(p, lever, i, k.cost_of_capital[c])
            w.finance_factor[f, c] = total


@compiled
def need_of_loan(run, c):
    """How far a buyer needs a loan and not just cover, 0-1, by what its own borrowing costs."""
    p = run.parameters
    return min(max((run.facts.cost_of_capital[c] - p.loan_need_from) / p.loan_need_span, 0.0), 1.0)


@compiled
def sum_of_weights(lever, need):
    """Weights of a mix with its loans weighed by need; 0 where nothing else is offered."""
    total = 0.0
    for i in range(N_INSTRUMENTS):
        total += lever.instrument_mix[i] * (need if i == DIRECT or i == CONCESSIONAL else 1.0)
    return total


@compiled
def weight_of_instrument(lever, i, need, total):
    """Chance that a deal is financed by instrument `i`; a lender that offers loans alone lends to whoever asks."""
    if total <= 0.0:
        return lever.instrument_mix[i]
    return lever.instrument_mix[i] * (need if i == DIRECT or i == CONCESSIONAL else 1.0) / total


@compiled
def draw_instrument(run, f, c, l):
    """The instrument by which a financier would support this month's tender of a cell: a deal has one."""
    lever, need = run.financier.at[f], need_of_loan(run, c)
    total, left, last = sum_of_weights(lever, need), 0.0, 0
    u = uniform(run.state.key, INSTRUMENT.stream, run.facts.iso_number[c], l, run.state.month, INSTRUMENT.first + f)
    for i in range(N_INSTRUMENTS):
        weight = weight_of_instrument(lever, i, need, total)
        if weight > 0.0:
            last = i
            left += weight
            if u < left:
                return i
    return last


@compiled
def asks_chance(run, c, home):
    """Chance that a buyer asks a home for public finance.

    By income; less the further it votes from the home, and while it cannot service its debts.
    """
    p, k = run.parameters, run.facts
    chance = p.asks[home, k.income_group[c]] * (1.0 - p.asks_distance * k.distance_rank[c, home])
    return chance * (p.asks_in_distress if run.state.month < run.state.debt_until[c] else 1.0)


@compiled
def default_chance(run, c, years):
    """Chance that a project in this country defaults within `years`, at normal use."""
    p, stress = run.parameters, 1.0
    if run.state.month < run.state.debt_until[c]:
        stress = p.debt_distress_factor
    return 1.0 - exp(-p.base_default / p.book_multiplier * run.facts.default_multiplier[c] * stress * years)


@compiled
def loss_share(p, mode):
    """Loss given default; there is no hardware to seize where the seller operates the cloud."""
    return p.loss_given_default + (p.cloud_loss if mode == OPERATED else 0.0)


@compiled
def carried(p, instrument):
    """Share of the financed part that shows as exposure.

    Loans and equity whole, guarantees and insurance their cover, grants none.
    """
    if instrument == GRANT:
        return 0.0
    return p.guarantee_cover if instrument == GUARANTEE or instrument == INSURANCE else 1.0


@compiled
def money_of(run, f, c, mode, instrument, financed, own):
    """What finance means to the home's money, bn$ at present value: (grant, charge, set aside for losses).

    `financed` is lent or covered, of which `own` is the financier's. It earns fees and interest above what its home
    pays to borrow; the programme is charged for what these fall short of the loss expected, and never paid for more.
    """
    p, lever = run.parameters, run.financier.at[f]
    grant = financed * p.grant_share if instrument == GRANT else 0.0
    lent, earned = financed * own, 0.0
    if instrument == CONCESSIONAL or instrument == DIRECT:
        rate = rate_of_loan(p, lever, instrument)
        earned = lent * (present_value(rate, lever.tenor_years, lever.grace_years, p.discount_rate) - 1.0)
    elif instrument == GUARANTEE or instrument == INSURANCE:
        earned = 0.01 * p.guarantee_fee * lent * 0.5 * lever.tenor_years  # half is outstanding on average
    expected = default_chance(run, c, lever.tenor_years) * loss_share(p, mode) * lent * carried(p, instrument)
    return grant, max(expected - earned, 0.0), max(expected, earned)


@compiled
def rate_of_loan(p, lever, instrument):
    """Interest a year of a loan; a concessional one gives some of the financier's rate up."""
    rate = 0.01 * lever.rate_pct
    return max(rate - 0.01 * p.concession_points, 0.0) if instrument == CONCESSIONAL else rate


@compiled
def refusal(run, f, c, mode, inaction, delay_months):
    """0 if financier `f` would finance in this country, else why not: NO_RISK, NO_CAP, FROZEN or INELIGIBLE.

    EL = PD LGD (1 - cover) <= risk_tolerance + strategic_premium inaction, the premium until its sunset year.
    """
    w, p, lever = run.state, run.parameters, run.financier.at[f]
    if run.facts.income_group[c] > p.highest_income[f]:
        return INELIGIBLE
    if (
        w.exposure[f] > p.freeze_floor_bn
        and w.overdue[f] >= p.freeze_above[f] * w.exposure[f]
        and p.freeze_above[f] < 1.0
    ):
        return FROZEN
    if w.month >= 12.0 * (lever.cap_date - w.start_year):
        return NO_CAP
    expected = (
        default_chance(run, c, lever.tenor_years) * loss_share(p, mode) * (1.0 - p.scrutiny_effect * delay_months)
    )
    tolerance = lever.risk_tolerance
    if w.month < 12.0 * (lever.sunset_year - w.start_year):
        tolerance += lever.strategic_premium * inaction
    return 0 if expected <= tolerance else NO_RISK


@compiled
def year_limit(run, f):
    """New commitments that a financier may make in a year, bn$: a bigger programme of its home lends more."""
    limit, home = run.financier.at[f].commitment_limit_bn, run.facts.financier_home[f]
    if home >= 0:
        limit *= run.home.at[home].budget_bn / run.parameters.budget_reference_bn[home]
    return limit


@compiled
def part_with_room(run, f, exposure):
    """The part of an exposure in bn$ for which a financier has room, and if that is too little why: NO_CAP or NO_ROOM.

    One deal takes no more than `largest_deal` of a year's lending; a part below `least_part` is not worth a contract.
    """
    w, p = run.state, run.parameters
    if exposure <= 0.0:
        return 1.0, 0
    limit = year_limit(run, f)
    under_cap = run.financier.at[f].cap_bn - w.exposure[f]
    this_year = min(limit - w.committed[f], p.largest_deal * limit)
    part = min(1.0, min(under_cap, this_year) / exposure)
    if part >= p.least_part:
        return part, 0
    return part, NO_CAP if under_cap < this_year else NO_ROOM


@compiled
def partner_of(run, home, c, exposure, mode):
    """A co-financier that serves the side, approves by its own rule and has room, and the share it takes.

    -1 and 0 if none.

    The stricter approval rule holds: a loan that the partner would not touch is carried by the lender alone.
    """
    for other in range(N_FINANCIERS):
        share = min(run.financier.at[other].co_finance, run.parameters.co_finance_limit)
        if run.facts.financier_home[other] >= 0 or run.facts.financier_serves[other, home] <= 0.0 or share <= 0.0:
            continue
        part, _ = part_with_room(run, other, share * exposure)
        if part >= 1.0 and refusal(run, other, c, mode, 0.0, 0.0) == 0:
            return other, share
    return -1, 0.0


@compiled
def choose_financier(run, home, c, l, value, mode, inaction):
    """The financier of a home that saves the buyer most, of those that approve and have room for enough of the deal.

    Returns it, the price with finance over the price without, its partner, the partner's share, the instrument and the
    part of what may be financed that is; -1, 1, -1, 0, -1, 0 if none.
    """
    p, k, w, book = run.parameters, run.facts, run.state, run.book
    best, best_factor, best_partner, best_share, best_instrument, best_part = -1, 1.0, -1, 0.0, -1, 0.0
    short = False
    for f in range(N_FINANCIERS):
        if k.financier_home[f] != home:
            continue
        lever, instrument, financed = run.financier.at[f], draw_instrument(run, f, c, l), p.financed_share[l]
        partner, share, part = -1, 0.0, 0.0
        why = refusal(run, f, c, mode, inaction, run.home.at[home].agency_lag_months)
        if why == 0:
            whole = financed * value * carried(p, instrument)
            partner, share = partner_of(run, home, c, whole, mode)
            part, why = part_with_room(run, f, whole * (1.0 - share))
        if why == 0:
            grant, charge, _ = money_of(run, f, c, mode, instrument, financed * value, 1.0 - share)
            part = min(part, (w.purse[home] - p.overhead_bn) / max(grant + charge, 1e-12))
            if part < p.least_part:
                why = NO_MONEY
        if why == 0:
            saved = financed * part * (1.0 - instrument_factor(p, lever, instrument, k.cost_of_capital[c]))
            if 1.0 - saved < best_factor:
                best, best_factor, best_partner, best_share = f, 1.0 - saved, partner, share
                best_instrument, best_part = instrument, part
        elif why == NO_RISK:
            book.refused_for_risk[f] += 1.0
        elif why == NO_ROOM:
            book.refused_for_room[f] += 1.0
        elif why == NO_CAP:
            book.refused_under_cap[f] += 1.0
        elif why == FROZEN:
            book.refused_frozen[f] += 1.0
        elif why == INELIGIBLE:
            book.refused_ineligible[f] += 1.0
        else:
            short = True
    if best < 0 and short:
        book.support_short_of_money[home] += 1.0
    return best, best_factor, best_partner, best_share, best_instrument, best_part
