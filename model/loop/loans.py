"""Service of the loan book (DESCRIPTION.md, 7.6): half-yearly payments, default, recovery.

For every loan and the book as a whole: disbursed = principal repaid + outstanding + written off; recoveries are booked
apart.
"""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.cells import book_cost
from stackcraft.model.loop.codes import BUILDING, DEFAULTED, N_FINANCIERS, OPERATING
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.lifecycle import give_up, leave
from stackcraft.model.loop.loan_book import close_loan, repay
from stackcraft.model.loop.luck import DEFAULT, uniform


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
    """M5, every half-year: service, default, recovery of every loan."""
    w = run.state
    if run.on.loans == 0:
        return
    if w.month % 6 == 0:
        for row in range(w.loans - 1, -1, -1):  # from the last: one that is closed is replaced by one already served
            serve_one(run, row)
    if w.month % 12 == 0:
        year = w.month // 12
        for f in range(N_FINANCIERS):
            w.overdue[f] = max(0.0, w.overdue[f] - w.arrears_end[f, year])
            w.arrears_end[f, year] = 0.0
            due = w.recovery_due[f, year]
            if due > 0.0:
                w.recovery_due[f, year] = 0.0
                recover(run, f, due)


@compiled
def hazard_of_loan(run, row):
    """Yearly hazard of default of a loan.

    While its site is built there is no use yet; once its contract has gone the country owes as on any other debt.
    """
    w, p, k, c = run.state, run.parameters, run.facts, run.state.loan_country[row]
    use, base = p.under_use_from, p.base_default / p.book_multiplier
    slot = w.loan_slot[row]
    if slot >= 0:
        stage = w.stage[c, w.loan_layer[row], slot]
        if stage == OPERATING:
            use = run.deals.at[c, w.loan_layer[row], slot].used
        elif stage == BUILDING:
            base *= p.building_default
    stress = p.debt_distress_factor if w.month < w.debt_until[c] else 1.0
    return default_hazard(base, k.default_multiplier[c], p.under_use_default, p.under_use_from, use, stress)


@compiled
def serve_one(run, row):
    """One loan at its half-yearly date."""
    w, k, book, f = run.state, run.facts, run.book, run.state.loan_financier[row]
    book.loan_years[f] += 0.5
    if run.on.defaults != 0:
        number = k.iso_number[w.loan_country[row]]
        u = uniform(w.key, DEFAULT, number, w.loan_layer[row], w.month, w.loan_luck[row])
        if u < 1.0 - exp(-0.5 * hazard_of_loan(run, row)):
            default(run, row)
            return
    _, principal = service(w.loan_owed[row], 0.0, w.loan_payments[row], w.loan_grace[row])
    if w.loan_grace[row] > 0:
        w.loan_grace[row] -= 1
    else:
        w.loan_payments[row] -= 1
    w.loan_owed[row] -= principal
    w.loans_repaid += principal
    repay(run, f, w.loan_partner[row], w.loan_ratio[row], principal)
    if w.loan_owed[row] <= 0.0:
        close_loan(run, row)


@compiled
def default(run, row):
    """A borrower stops paying.

    Some lenders extend maturity once; otherwise the loan is written off, recoveries follow, and what it paid for ends.
    """
    w, p, f = run.state, run.parameters, run.state.loan_financier[row]
    owed, stack = w.loan_owed[row], w.loan_stack[row]
    later = min(w.month // 12 + int(p.recovery_years), w.arrears_end.shape[1] - 1)
    if p.extends[f] > 0.5 and w.loan_extended[row] == 0:
        w.loan_extended[row] = 1
        arrears = owed / max(w.loan_payments[row], 1)
        w.loan_payments[row] += int(2.0 * p.extension_years)
        w.overdue[f] += arrears
        w.arrears_end[f, later] += arrears
        run.book.extended_loans[f] += 1.0
        return
    w.loans_written_off += owed
    run.book.written_off_loans[f] += 1.0
    run.book.written_off_bn[f] += owed
    run.book.lost_bn[f] += owed * w.loan_lost[row]
    run.book.defaulted_deals[stack] += 1.0
    repay(run, f, w.loan_partner[row], w.loan_ratio[row], owed)
    w.overdue[f] += owed
    w.arrears_end[f, later] += owed
    w.recovery_due[f, later] += owed * (1.0 - w.loan_lost[row])
    bear_loss(run, f, owed)
    c, l, slot = w.loan_country[row], w.loan_layer[row], w.loan_slot[row]
    close_loan(run, row)
    if slot >= 0:
        if w.stage[c, l, slot] == OPERATING:
            leave(run, c, l, slot, DEFAULTED, w.month + 1.0, -1)  # payments fall due at the end of the month
        else:
            give_up(run, c, l, slot, DEFAULTED, w.month + 1.0)


@compiled
def bear_loss(run, f, loss):
    """A loss falls on what the financier has set aside, then on its home."""
    w, home = run.state, run.facts.financier_home[f]
    covered = min(w.reserve[f], loss)
    w.reserve[f] -= covered
    if home >= 0:
        w.uncovered[f] += loss - covered
        book_cost(run, home, loss - covered)
        run.book.default_loss_bn[home] += loss


@compiled
def recover(run, f, amount):
    """A recovery gives the home back what losses cost it beyond the reserve; the rest goes into the reserve."""
    w, home = run.state, run.facts.financier_home[f]
    w.loans_recovered += amount
    back = min(w.uncovered[f], amount)
    w.reserve[f] += amount - back
    if home >= 0:
        w.uncovered[f] -= back
        book_cost(run, home, -back)
        run.book.default_loss_bn[home] -= amount
