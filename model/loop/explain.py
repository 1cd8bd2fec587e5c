"""The ledger: one row a deal, with the bids and the utility terms that decided."""

import numpy as np

from stackcraft.model.loop.choice import probability_of_stack
from stackcraft.model.loop.codes import (
    FROM_RENEWAL,
    IN_PIPELINE,
    LEDGER_FULL,
    N_BIDS,
    N_HOMES,
    N_TERMS,
    PACKAGE,
    RENEWED,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.utility import term_of


@compiled
def write_ledger(run, x, l, slot, bid, runner_up):
    """Write one deal of the tender that is decided where the run keeps a ledger; else only count it.

    Winner's and runner-up's terms, and every bid, so that the choice can be checked and explained. `l`: the deal's
    layer, another than the tender's for a member of a package.
    """
    d = x.decision
    if run.ledger.rows == 0:
        run.state.deals_signed += 1
        return
    number = open_row(run, d.country, l, slot)
    if number < 0:
        return
    p, row = run.parameters, run.ledger.at[number]
    row.runner_up, row.bid, row.tender_layer = runner_up, bid, d.layer
    row.nest_scale, row.outside, row.correction = p.nest_scale, d.outside, p.count_correction
    row.margin = p.satisficing_margin if p.satisficing > 0.5 else np.nan
    row.utility, row.runner_up_utility = x.bids.utility[bid], x.bids.utility[runner_up] if runner_up >= 0 else np.nan
    stack = x.bids.stack[bid]
    row.win_probability = probability_of_stack(x.bids, d.outside, stack)
    row.win_probability_unsupported = np.nan
    if d.supported and stack < N_HOMES:
        row.win_probability_unsupported = d.before[stack]
    for t in range(N_TERMS):
        row.terms[t] = bid_term(x, bid, t)
        row.runner_up_terms[t] = bid_term(x, runner_up, t) if runner_up >= 0 else np.nan
    for b in range(N_BIDS):
        row.bids[b] = x.bids.utility[b] if x.bids.eligible[b] > 0.0 else np.nan


@compiled
def open_row(run, c, l, slot):
    """Start a deal's row with what it is; returns its number, -1 where the run keeps no ledger or it is full."""
    w, p, deal = run.state, run.parameters, run.deals.at[c, l, slot]
    number = w.deals_signed
    w.deals_signed += 1
    if run.ledger.rows == 0:
        return -1
    if number >= run.ledger.rows:
        w.status = LEDGER_FULL
        return -1
    row = run.ledger.at[number]
    renewed = deal.renewals > 0 and deal.signed != float(w.month)
    if not renewed:
        deal.ledger = number
    row.deal, row.package, row.country, row.layer = number, deal.package, c, l
    row.vendor, row.stack = deal.vendor, deal.stack
    row.deal_class, row.mode, row.kind = deal.deal_class, deal.mode, deal.kind
    row.origin = FROM_RENEWAL if renewed else deal.origin
    row.outcome = RENEWED if renewed else IN_PIPELINE
    row.supported, row.renewals = deal.supported, deal.renewals
    row.financier, row.instrument = deal.financier, deal.instrument
    row.novated_to, row.tender_month = -1, w.month
    row.megawatts, row.value_bn, row.capacity, row.signed = deal.megawatts, deal.value, deal.capacity, float(w.month)
    row.financed, row.operating, row.ended = np.nan, np.nan, np.nan
    row.loan_bn, row.grant_bn, row.term_years, row.utilisation = deal.commitment, deal.grant, p.term_years[l], np.nan
    return number


@compiled
def write_announced(run, c, l, slot):
    """A scripted deal has no tender behind it: no bids, no terms."""
    number = open_row(run, c, l, slot)
    if number < 0:
        return
    row = run.ledger.at[number]
    row.runner_up, row.bid, row.tender_layer = -1, -1, l
    row.nest_scale, row.outside, row.correction, row.margin = np.nan, np.nan, np.nan, np.nan
    row.utility, row.runner_up_utility = np.nan, np.nan
    row.win_probability, row.win_probability_unsupported = np.nan, np.nan
    for t in range(N_TERMS):
        row.terms[t], row.runner_up_terms[t] = np.nan, np.nan
    for b in range(N_BIDS):
        row.bids[b] = np.nan


@compiled
def bid_term(x, bid, t):
    """One utility term of a bid, single or package."""
    if bid >= PACKAGE:
        return x.packages.terms[bid - PACKAGE, t]
    return term_of(x.bids, t, bid)
