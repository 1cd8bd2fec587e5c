"""The loan book (DESCRIPTION.md, 7.6): half-yearly service, default, recovery.

For every loan and the book as a whole: disbursed = principal repaid + outstanding + written off; recoveries are booked
apart.
"""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.cells import book_cost
from stackcraft.model.loop.codes import DEFAULTED, N_FINANCIERS, N_LAYERS, N_SLOTS, OPERATING
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.lifecycle import leave, repay
from stackcraft.model.loop.luck import DEFAULT, deal_slot, uniform


@compiled
def service(outstanding, rate, payments_left, grace_left):
    """One half-year of a loan: (interest, principal). Nothing of the principal falls due during grace."""
    interest = 0.5 * rate * outstanding
    if grace_left > 0:
        return interest, 0.0
    if payments_left <= 1:
        return interest, outstanding
    return interest, outstanding / payments_left


@compiled
def default_hazard(base, multiplier, under_use, enough, use, stress):
    """Yearly hazard of default: the base, by rating, by how far use is below `enough`, by debt distress."""
    return base * multiplier * (1.0 + under_use * max(0.0, enough - use)) * stress


@compiled
def serve_loans(run):
    """M5, every half-year: service, default, recovery of every loan that is being paid back."""
    w = run.state
    if run.on.loans == 0:
        return
    if w.month % 6 == 0:
        countries, layers = run.facts.countries, N_LAYERS
        for c in range(countries):
            for l in range(layers):
                for i in range(N_SLOTS):
                    if w.stage[c, l, i] == OPERATING and run.deals.at[c, l, i].loan > 0.0:
                        serve_one(run, c, l, i)
    if w.month % 12 == 0:
        year = w.month // 12
        for f in range(N_FINANCIERS):
            w.overdue[f] = max(0.0, w.overdue[f] - w.arrears_end[f, year])
            w.arrears_end[f, year] = 0.0
            due = w.recovery_due[f, year]
            if due > 0.0:
                w.loans_recovered += due
                w.recovery_due[f, year] = 0.0
                home = run.facts.financier_home[f]
                if home >= 0:
                    book_cost(run, home, -due)
                    run.book.default_loss_bn[home] -= due


@compiled
def serve_one(run, c, l, i):
    """One loan at its half-yearly date."""
    w, p, k, deal = run.state, run.parameters, run.facts, run.deals.at[c, l, i]
    if run.on.defaults != 0:
        stress = p.debt_distress_factor if w.month < w.debt_until[c] else 1.0
        hazard = default_hazard(
            p.base_default, k.default_multiplier[c], p.under_use_default, p.under_use_from, deal.used, stress
        )
        slot = deal_slot(k.vendor_number[deal.vendor], deal.origin)
        if uniform(w.key, DEFAULT, k.iso_number[c], l, w.month, slot) < 1.0 - exp(-0.5 * hazard):
            default(run, c, l, i)
            return
    _, principal = service(deal.loan, deal.rate, deal.payments_left, deal.grace_left)
    if deal.grace_left > 0:
        deal.grace_left -= 1
    else:
        deal.payments_left -= 1
    deal.loan -= principal
    w.loans_repaid += principal
    repay(run, deal, principal)


@compiled
def default(run, c, l, i):
    """A borrower stops paying.

    Some lenders extend maturity once; otherwise the loan is written off, recoveries follow, the deal ends.
    """
    w, p, k, deal = run.state, run.parameters, run.facts, run.deals.at[c, l, i]
    f = deal.financier
    later = min(w.month // 12 + int(p.recovery_years), w.arrears_end.shape[1] - 1)
    if f >= 0 and p.extends[f] > 0.5 and deal.extended == 0:
        deal.extended = 1
        arrears = deal.loan / max(deal.payments_left, 1)
        deal.payments_left += int(2.0 * p.extension_years)
        w.overdue[f] += arrears
        w.arrears_end[f, later] += arrears
        return
    loss = deal.loan
    w.loans_written_off += loss
    run.book.defaulted_deals[deal.stack] += 1.0
    repay(run, deal, loss)
    if f >= 0:
        w.overdue[f] += loss
        recovered = loss * (1.0 - p.loss_given_default)
        w.recovery_due[f, later] += recovered
        w.arrears_end[f, later] += loss
        home = k.financier_home[f]
        if home >= 0:
            book_cost(run, home, loss)
            run.book.default_loss_bn[home] += loss
    deal.loan = 0.0
    leave(run, c, l, i, DEFAULTED, float(w.month), -1)
