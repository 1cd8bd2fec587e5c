"""Rows of the loan book (DESCRIPTION.md, 7.6): a loan stands until it is repaid or written off.

The borrower is the country. A loan outlives the contract that it paid for, whether that ends, is lost or never built.
"""

from stackcraft.model.loop.codes import FINE, LOAN_ROWS, LOANS_FULL
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.finance import loss_share
from stackcraft.model.loop.luck import DEALS_OF_A_VENDOR, VENDOR_NUMBERS, deal_slot

LUCK_OF_A_MONTH = VENDOR_NUMBERS * DEALS_OF_A_VENDOR  # slots of the loans that are signed in one cell and month


@compiled
def lend(run, c, l, i):
    """Pay out what is committed to a deal: from here on it is a row of the book, tied to the deal while that stands."""
    w, k, deal, row = run.state, run.facts, run.deals.at[c, l, i], run.state.loans
    if deal.commitment <= 0.0:
        return
    if row >= LOAN_ROWS:
        w.status = LOANS_FULL if w.status == FINE else w.status
        return
    w.loans += 1
    w.loan_owed[row], w.loan_ratio[row] = deal.commitment, deal.partner_ratio
    w.loan_lost[row] = loss_share(run.parameters, deal.mode)
    w.loan_luck[row] = deal_slot(k.vendor_number[deal.vendor], deal.origin) + LUCK_OF_A_MONTH * int(deal.signed)
    w.loan_country[row], w.loan_layer[row], w.loan_slot[row], w.loan_stack[row] = c, l, i, deal.stack
    w.loan_payments[row], w.loan_grace[row], w.loan_extended[row] = deal.payments, deal.grace, 0
    w.loan_financier[row], w.loan_partner[row] = deal.financier, deal.partner
    deal.loan_row = row
    w.loans_disbursed += deal.commitment
    deal.commitment = 0.0


@compiled
def close_loan(run, row):
    """Take a loan out of the book; the last row takes its place."""
    w, last = run.state, run.state.loans - 1
    if w.loan_slot[row] >= 0:
        run.deals.at[w.loan_country[row], w.loan_layer[row], w.loan_slot[row]].loan_row = -1
    w.loan_owed[row], w.loan_ratio[row], w.loan_lost[row] = w.loan_owed[last], w.loan_ratio[last], w.loan_lost[last]
    w.loan_luck[row], w.loan_country[row], w.loan_layer[row] = (
        w.loan_luck[last],
        w.loan_country[last],
        w.loan_layer[last],
    )
    w.loan_slot[row], w.loan_stack[row] = w.loan_slot[last], w.loan_stack[last]
    w.loan_payments[row], w.loan_grace[row] = w.loan_payments[last], w.loan_grace[last]
    w.loan_extended[row] = w.loan_extended[last]
    w.loan_financier[row], w.loan_partner[row] = w.loan_financier[last], w.loan_partner[last]
    if row < last and w.loan_slot[row] >= 0:
        run.deals.at[w.loan_country[row], w.loan_layer[row], w.loan_slot[row]].loan_row = row
    w.loan_owed[last], w.loan_slot[last] = 0.0, -1
    w.loans = last


@compiled
def repay(run, f, partner, ratio, amount):
    """Exposure that ends: the financier's, and in proportion its partner's."""
    if f >= 0:
        run.state.exposure[f] -= amount
    if partner >= 0:
        run.state.exposure[partner] -= amount * ratio
