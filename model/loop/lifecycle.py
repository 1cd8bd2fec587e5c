"""Life of a deal (DESCRIPTION.md, 7.9): signed, financed, built, operating, contract end; or cancelled on the way.

Times are drawn at the entry of a stage, one unit exponential per cause, keyed on the deal's site; the earliest cause
wins. Clocks are exact; an event is handled in the month into which it falls.
"""

import math

from numba import int16

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.cells import add_stock, vacate, wait_until
from stackcraft.model.loop.codes import (
    BUILDING,
    BUILT,
    CANCEL,
    CANCELLED,
    CLOUD,
    CONTRACT_END,
    FINANCE,
    FROM_RENEWAL,
    IN_OPERATION,
    LEGACY,
    N_LAYERS,
    N_SLOTS,
    OPERATING,
    SIGNED,
    SWITCHED,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.loan_book import lend, repay
from stackcraft.model.loop.luck import (
    BUILD_CLOCK,
    CANCEL_CLOCK,
    FINANCE_CLOCK,
    NOVATION,
    deal_slot,
    exponential,
    uniform,
)
from stackcraft.model.loop.prefetch import ask_for

BUILD_PHASES = 3


@compiled
def build_time(key, country, layer, month, slot, mean):
    """Erlang-3, `mean` in all.

    Three unit exponentials add up to minus the logarithm of a product of three uniforms.
    """
    product = 1.0
    for phase in range(BUILD_PHASES):
        product *= uniform(key, BUILD_CLOCK, country, layer, month, slot * BUILD_PHASES + phase)
    return -log(product) * mean / BUILD_PHASES


@compiled
def absorption(finance_mean, build_mean, cancel_finance, cancel_build):
    """Chance of operating, mean months if it operates, mean months to either end.

    The expected form of the two stages.

    Competing exponentials: finance at 1/m_f against c_f, then three phases at 3/m_b against c_b each.
    """
    f, b = 1.0 / finance_mean, BUILD_PHASES / build_mean
    through_finance, through_phase = f / (f + cancel_finance), b / (b + cancel_build)
    operate, waited, reached = through_finance, 1.0 / (f + cancel_finance), through_finance
    for _ in range(BUILD_PHASES):
        waited += reached / (b + cancel_build)
        reached *= through_phase
        operate *= through_phase
    months = 1.0 / (f + cancel_finance) + BUILD_PHASES / (b + cancel_build)
    return operate, months, waited


@compiled
def chance_to_operate(run, kind):
    """Chance that a deal of this kind comes to operate."""
    p = run.parameters
    operate, _, _ = absorption(
        p.finance_months[kind], p.build_months[kind], p.cancel_before_finance[kind], p.cancel_while_building[kind]
    )
    return operate


@compiled
def start_finance(run, c, l, i, clock, delay):
    """Enter the stage that ends with finance.

    `delay` months (licence, designation, grid) come before its clock starts.
    """
    p, deal, k = run.parameters, run.deals.at[c, l, i], run.facts
    run.state.stage[c, l, i] = SIGNED
    if run.on.lifecycle == 0:
        wait_until(run, c, l, i, clock, FINANCE)
        return
    # Two draws a month may meet in one cell: the vendor's number keeps them apart.
    slot, site_month = deal_slot(k.vendor_number[deal.vendor], deal.origin), int(deal.signed)
    speed = 1.0 - p.turnkey_speed * deal.turnkey
    financed = (
        delay
        + exponential(run.state.key, FINANCE_CLOCK, k.iso_number[c], l, site_month, slot)
        * p.finance_months[deal.kind]
        * speed
    )
    rate = p.cancel_before_finance[deal.kind] * deal.cancel_factor
    cancelled = exponential(run.state.key, CANCEL_CLOCK, k.iso_number[c], l, site_month, slot * 2) / max(rate, 1e-12)
    if cancelled < financed:
        wait_until(run, c, l, i, clock + cancelled, CANCEL)
    else:
        wait_until(run, c, l, i, clock + financed, FINANCE)


@compiled
def start_building(run, c, l, i, clock, share_left):
    """Enter the stage that ends with operation.

    `share_left` of the building remains (a novation keeps what is built).
    """
    p, deal, k = run.parameters, run.deals.at[c, l, i], run.facts
    run.state.stage[c, l, i] = BUILDING
    if run.on.lifecycle == 0:
        wait_until(run, c, l, i, clock, BUILT)
        return
    slot, site_month = deal_slot(k.vendor_number[deal.vendor], deal.origin), int(deal.signed)
    speed = (1.0 - p.turnkey_speed * deal.turnkey) * share_left
    built = build_time(run.state.key, k.iso_number[c], l, site_month, slot, p.build_months[deal.kind]) * speed
    rate = p.cancel_while_building[deal.kind] * deal.cancel_factor
    cancelled = exponential(run.state.key, CANCEL_CLOCK, k.iso_number[c], l, site_month, slot * 2 + 1) / max(
        rate, 1e-12
    )
    if cancelled < built:
        wait_until(run, c, l, i, clock + cancelled, CANCEL)
    else:
        wait_until(run, c, l, i, clock + built, BUILT)


@compiled
def due_in_cell(w, c, l):
    """How many slots of a cell wait for this month. Without a branch: in most countries and cells it is none."""
    month, number = int16(w.month), 0
    for i in range(N_SLOTS):
        number += 1 if w.next_month[c, l, i] == month else 0
    return number


@compiled
def look_ahead(run, ends):
    """Fill `ends` (countries,) with how many slots of a country wait for this month, and ask for their deals."""
    w = run.state
    for c in range(run.facts.countries):
        ends[c] = 0
        for l in range(N_LAYERS):
            ends[c] += due_in_cell(w, c, l)
        if ends[c] == 0:
            continue
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.next_month[c, l, i] == w.month:
                    ask_for(run.deals.at[c, l, i])


@compiled
def stage_events(run, ends):
    """M4: handle every stage end that falls into this month, but contract ends, which `tenders.py` gathers.

    `ends` says for later in the month how many contracts of each country end.
    """
    w = run.state
    countries, layers = run.facts.countries, N_LAYERS
    look_ahead(run, ends)
    for c in range(countries):
        if ends[c] == 0:
            continue
        ends[c] = 0
        for l in range(layers):
            if due_in_cell(w, c, l) == 0:
                continue
            for i in range(N_SLOTS):
                if w.next_month[c, l, i] != w.month:
                    continue
                cause = run.deals.at[c, l, i].cause
                if cause == CONTRACT_END:
                    ends[c] += 1  # it may still be put off or go with another event of this month
                elif cause == FINANCE:
                    financed = run.deals.at[c, l, i].clock
                    note(run, run.deals.at[c, l, i].ledger, 0, financed)
                    lend(run, c, l, i)
                    start_building(run, c, l, i, financed, 1.0)
                elif cause == CANCEL:
                    fail(run, c, l, i)
                elif cause == BUILT:
                    begin_operation(run, c, l, i)


@compiled
def note(run, row, what, clock):
    """Write a date (0 financed, 1 operating, 2 ended) into the ledger."""
    if row >= 0:
        if what == 0:
            run.ledger.at[row].financed = clock
        elif what == 1:
            run.ledger.at[row].operating = clock
        else:
            run.ledger.at[row].ended = clock


@compiled
def note_outcome(run, row, outcome):
    """Write what became of a deal into the ledger."""
    if row >= 0:
        run.ledger.at[row].outcome = outcome


@compiled
def begin_operation(run, c, l, i):
    """The site starts: capacity counts, predecessors leave."""
    w, p, deal, book = run.state, run.parameters, run.deals.at[c, l, i], run.book
    start = deal.clock
    w.stage[c, l, i] = OPERATING
    w.pending[c, l] = max(w.pending[c, l] - deal.capacity, 0.0)
    w.pipeline[c, l] -= 1
    for j in range(N_SLOTS):
        if j != i and w.stage[c, l, j] == OPERATING and run.deals.at[c, l, j].holdover == 1:
            leave(run, c, l, j, SWITCHED, start, deal.stack)
    w.capacity[c, l] += deal.capacity
    add_stock(run, c, l, deal.vendor, deal.capacity)
    deal.operating = start
    w.ends[c, l, i] = start + 12.0 * p.term_years[l]
    if deal.origin == FROM_RENEWAL:  # what it took over keeps a term of its own
        wait_until(run, c, l, i, w.ends[c, l, i], CONTRACT_END)
    else:
        end_together(run, c, l, i)
    book.operating_deals[deal.stack] += 1.0
    book.delivered_bn[deal.stack] += deal.value
    months = min(int(start - deal.signed), book.operation_months.shape[1] - 1)
    book.operation_months[deal.stack, months] += 1.0
    note(run, deal.ledger, 1, start)
    note_outcome(run, deal.ledger, IN_OPERATION)


@compiled
def end_together(run, c, l, i):
    """What is added to what a vendor runs in a cell ends with it, on the latest date of all, and is renewed as one."""
    w, vendor = run.state, run.deals.at[c, l, i].vendor
    ends = w.ends[c, l, i]
    for j in range(N_SLOTS):
        if w.stage[c, l, j] == OPERATING and run.deals.at[c, l, j].vendor == vendor:
            ends = max(ends, w.ends[c, l, j])
    for j in range(N_SLOTS):
        if w.stage[c, l, j] == OPERATING and run.deals.at[c, l, j].vendor == vendor:
            w.ends[c, l, j] = ends
            wait_until(run, c, l, j, ends, CONTRACT_END)


@compiled
def fail(run, c, l, i):
    """A deal fails before operation; some failed builds are taken over by another vendor of the stack."""
    w, p, deal, k, book = run.state, run.parameters, run.deals.at[c, l, i], run.facts, run.book
    if w.stage[c, l, i] == BUILDING:
        slot = deal_slot(k.vendor_number[deal.vendor], deal.origin)
        if uniform(w.key, NOVATION, k.iso_number[c], l, int(deal.signed), slot) < p.novation:
            heir = largest_other(run, c, l, deal.vendor)
            if heir >= 0:
                deal.vendor = heir
                book.novated_deals[deal.stack] += 1.0
                if deal.ledger >= 0:
                    run.ledger.at[deal.ledger].novated_to = heir
                start_building(run, c, l, i, deal.clock, p.novation_left)
                return
    book.cancelled_deals[deal.stack] += 1.0
    give_up(run, c, l, i, CANCELLED, deal.clock)


@compiled
def give_up(run, c, l, i, outcome, clock):
    """A deal ends before it operates: what is not yet lent is not lent, a predecessor stays for a while."""
    w, p, deal = run.state, run.parameters, run.deals.at[c, l, i]
    w.pending[c, l] = max(w.pending[c, l] - deal.capacity, 0.0)
    w.pipeline[c, l] -= 1
    repay(run, deal.financier, deal.partner, deal.partner_ratio, deal.commitment)
    deal.commitment = 0.0
    note_outcome(run, deal.ledger, outcome)
    note(run, deal.ledger, 2, clock)
    vacate(run, c, l, i)
    if w.pipeline[c, l] == 0:
        for j in range(N_SLOTS):
            if w.stage[c, l, j] == OPERATING and run.deals.at[c, l, j].holdover == 1:
                run.deals.at[c, l, j].holdover = 0  # the cell tenders again after that
                w.ends[c, l, j] = w.month + p.holdover_after_failure
                wait_until(run, c, l, j, w.ends[c, l, j], CONTRACT_END)


@compiled
def largest_other(run, c, l, vendor):
    """The vendor of the same stack, other than `vendor`, with most of its revenue abroad; -1 if there is none."""
    k, best, most = run.facts, -1, -1.0
    for v in range(VENDOR_PLACES):
        if (
            v != vendor
            and k.vendor_stack[v] == k.vendor_stack[vendor]
            and k.serves[l, v] > 0.0
            and run.state.alive[v] > 0.0
        ):
            if k.home_revenue[v] > most:
                best, most = v, k.home_revenue[v]
    return best


@compiled
def count_leaver(run, deal, clock, successor):
    """Five-year retention of a deal that ends before a January has counted it.

    It is retained if it ran out its years, or if its own stack follows.

    It waits for the January after its years, when those that started with it and stay are counted: else shares of young
    adopters would count the leavers alone.
    """
    w, due = run.state, 12.0 * run.parameters.retained_years
    over = deal.operating + due
    if deal.origin == LEGACY or over <= w.month - w.month % 12:
        return
    year = min(int(math.ceil(over / 12.0)), w.left_due.shape[1] - 1)
    w.left_due[deal.stack, year] += 1.0
    if successor == deal.stack or (clock - deal.operating >= due and deal.holdover == 0):
        w.left_retained[deal.stack, year] += 1.0
        w.left_use[deal.stack, year] += deal.used


@compiled
def leave(run, c, l, i, outcome, clock, successor):
    """An operating deal ends: capacity and stock go; a loan still due is owed on by the country.

    `successor`: the stack that takes over, -1 if none. An adopter that goes on with the same stack is not lost to it.
    """
    w, deal, book = run.state, run.deals.at[c, l, i], run.book
    w.capacity[c, l] = max(w.capacity[c, l] - deal.capacity, 0.0)
    count_leaver(run, deal, clock, successor)
    if outcome == SWITCHED:
        book.switched_deals[deal.stack] += 1.0
        book.switching_cost_bn[c] += run.parameters.switching_cost * deal.capacity * deal.paid
        if successor >= 0 and successor != deal.stack:
            book.crossed_deals[deal.stack] += 1.0
        if l == CLOUD:
            book.cloud_switches += 1.0
    note_outcome(run, deal.ledger, outcome)
    note(run, deal.ledger, 2, clock)
    if deal.ledger >= 0:
        run.ledger.at[deal.ledger].utilisation = deal.used
    vendor, capacity = deal.vendor, deal.capacity
    vacate(run, c, l, i)
    add_stock(run, c, l, vendor, -capacity)
