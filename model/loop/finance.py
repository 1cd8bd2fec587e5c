"""Finance into price, and who approves (DESCRIPTION.md, 7.5)."""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.codes import (
    CONCESSIONAL,
    DIRECT,
    EQUITY,
    GRANT,
    GUARANTEE,
    INSURANCE,
    N_FINANCIERS,
    N_INSTRUMENTS,
    OPERATED,
)
from stackcraft.model.loop.compiled import compiled

NO_RISK, NO_ROOM, FROZEN, INELIGIBLE = 1, 2, 3, 4


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
            total = 0.0
            for i in range(N_INSTRUMENTS):
                if lever.instrument_mix[i] > 0.0:
                    total += lever.instrument_mix[i] * instrument_factor(p, lever, i, k.cost_of_capital[c])
            w.finance_factor[f, c] = total


@compiled
def default_chance(run, c, years):
    """Chance that a project in this country defaults within `years`, at normal use."""
    p, stress = run.parameters, 1.0
    if run.state.month < run.state.debt_until[c]:
        stress = p.debt_distress_factor
    return 1.0 - exp(-p.base_default * run.facts.default_multiplier[c] * stress * years)


@compiled
def loss_share(p, mode):
    """Loss given default; there is no hardware to seize where the seller operates the cloud."""
    return p.loss_given_default + (p.cloud_loss if mode == OPERATED else 0.0)


@compiled
def carried_share(p, lever):
    """Share of the financed part that shows as exposure.

    Loans and equity whole, guarantees and insurance their cover, grants none.
    """
    mix = lever.instrument_mix
    return mix[CONCESSIONAL] + mix[DIRECT] + mix[EQUITY] + p.guarantee_cover * (mix[GUARANTEE] + mix[INSURANCE])


@compiled
def refusal(run, f, c, exposure, mode, inaction, delay_months):
    """0 if financier `f` approves an exposure in bn$, else why not: NO_RISK, NO_ROOM, FROZEN or INELIGIBLE.

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
    lapsed = w.month >= 12.0 * (lever.cap_date - w.start_year)
    limit = lever.commitment_limit_bn
    home = run.facts.financier_home[f]
    if home >= 0:
        limit *= run.home.at[home].budget_bn / p.budget_reference_bn[home]  # a bigger programme lends more
    if lapsed or w.exposure[f] + exposure > lever.cap_bn or w.committed[f] + exposure > limit:
        return NO_ROOM
    expected = (
        default_chance(run, c, lever.tenor_years) * loss_share(p, mode) * (1.0 - p.scrutiny_effect * delay_months)
    )
    tolerance = lever.risk_tolerance
    if w.month < 12.0 * (lever.sunset_year - w.start_year):
        tolerance += lever.strategic_premium * inaction
    return 0 if expected <= tolerance else NO_RISK


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
        if refusal(run, other, c, share * exposure, mode, 0.0, 0.0) == 0:
            return other, share
    return -1, 0.0


@compiled
def choose_financier(run, home, c, l, value, mode, inaction):
    """The cheapest financier of a home that approves.

    Returns it, the price with finance over the price without, its partner and the partner's share; -1, 1, -1, 0 if
    none.
    """
    p, k, g = run.parameters, run.facts, run.home.at[home]
    best, best_factor, best_partner, best_share = -1, 1.0, -1, 0.0
    financed = p.financed_share[l]
    if financed <= 0.0:
        return best, best_factor, best_partner, best_share
    for f in range(N_FINANCIERS):
        if k.financier_home[f] != home:
            continue
        lever = run.financier.at[f]
        whole = financed * value * carried_share(p, lever)
        partner, share = partner_of(run, home, c, whole, mode)
        if partner < 0:
            share = 0.0
        why = refusal(run, f, c, whole * (1.0 - share), mode, inaction, g.agency_lag_months)
        if why == NO_RISK:
            run.book.refused_for_risk[f] += 1.0
        elif why == NO_ROOM:
            run.book.refused_for_room[f] += 1.0
        elif why == FROZEN:
            run.book.refused_frozen[f] += 1.0
        elif why == 0:
            factor = financed * run.state.finance_factor[f, c] + 1.0 - financed
            if factor < best_factor:
                best, best_factor, best_partner, best_share = f, factor, partner, share
    return best, best_factor, best_partner, best_share
