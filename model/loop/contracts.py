"""What becomes of contracts that end: a new term, a successor, a holdover while the buyer tries again, or lapse."""

from stackcraft.model.loop.cells import add_stock, wait_until
from stackcraft.model.loop.codes import CONTRACT_END, LAPSED, N_SLOTS, OPERATING, RENEWED, SUPPLY, SWITCHED
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import bought, power_of_deal
from stackcraft.model.loop.lifecycle import leave
from stackcraft.model.loop.sign import book_offer, is_inroad, own_the_cloud, take_on

ANYBODY = -1  # instead of a vendor


@compiled
def ending_contract(run, c, l):
    """A slot whose contract ends this month, or -1."""
    for i in range(N_SLOTS):
        if run.state.next_month[c, l, i] == run.state.month and run.state.stage[c, l, i] == OPERATING:
            if run.deals.at[c, l, i].cause == CONTRACT_END:
                return i
    return -1


@compiled
def expiring(run, c, l, i, months, whose):
    """1 if slot `i` operates under a contract that ends within so many months.

    `whose`: the vendor that must hold it, ANYBODY for any.
    """
    w = run.state
    if w.stage[c, l, i] != OPERATING or (whose != ANYBODY and run.deals.at[c, l, i].vendor != whose):
        return 0
    return 1 if run.state.ends[c, l, i] < w.month + months + 1.0 else 0


@compiled
def put_off(run, c, l, vendor):
    """What other vendors than `vendor` end in this month waits for the next: a cell holds one tender at a time."""
    w = run.state
    for i in range(N_SLOTS):
        if w.next_month[c, l, i] == w.month and w.stage[c, l, i] == OPERATING:
            if run.deals.at[c, l, i].vendor != vendor:
                wait_until(run, c, l, i, w.month + 1.0, CONTRACT_END)


@compiled
def due_together(run, c, l, vendor, most):
    """Capacity, bn$ a year, of a vendor's contracts that end about now and are tendered as one.

    Those that would make it more than `most` go on until after this renewal and are tendered then.
    """
    w, p, together = run.state, run.parameters, 0.0
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, p.renewal_months, vendor) == 1:
            capacity = run.deals.at[c, l, i].capacity
            if together == 0.0 or together + capacity <= most:
                together += capacity
            else:
                w.ends[c, l, i] = w.month + p.renewal_months + 1.0 + p.holdover_months
                wait_until(run, c, l, i, w.ends[c, l, i], CONTRACT_END)
    return together


@compiled
def holder(run, c, l, vendor, months):
    """The slot of a vendor's largest contract among those that end, or -1."""
    slot = -1
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months, vendor) == 1:
            if slot < 0 or run.deals.at[c, l, i].capacity > run.deals.at[c, l, slot].capacity:
                slot = i
    return slot


@compiled
def renew(run, c, l, vendor, size, whose, months):
    """If the winner holds one of the ending contracts it goes on at once with the new size.

    The others of `whose` (ANYBODY for all that end) end.

    Returns its slot or -1.
    """
    slot = holder(run, c, l, vendor, months)
    if slot < 0:
        return -1
    deal = run.deals.at[c, l, slot]
    for i in range(N_SLOTS):
        if i != slot and expiring(run, c, l, i, months, whose) == 1:
            outcome = RENEWED if run.deals.at[c, l, i].vendor == vendor else SWITCHED  # of its own vendor: merged
            leave(run, c, l, i, outcome, float(run.state.month), deal.stack)
    prolong(run, c, l, slot, size)
    return slot


@compiled
def prolong(run, c, l, slot, size):
    """A contract goes on for another term with what the size asked for buys, on what its vendor offers now.

    An inroad grows no larger than software alone can serve.
    """
    w, p, book, deal = run.state, run.parameters, run.book, run.deals.at[c, l, slot]
    vendor = deal.vendor
    size = bought(run, c, l, vendor, size)
    if is_inroad(l, deal):
        size = min(size, max(deal.capacity, p.software_share * size))
    grown = size - deal.capacity
    w.capacity[c, l] += grown
    add_stock(run, c, l, vendor, grown)
    deal.used = min(deal.used * deal.capacity / max(size, 1e-300), 1.0)
    deal.capacity, deal.value = size, size * p.term_years[l]
    deal.megawatts = power_of_deal(p, l, deal.deal_class, deal.value, 0.0)
    deal.renewals += 1
    deal.holdover = 0
    take_on(run, c, l, slot, vendor)
    own_the_cloud(run, c, l, slot)
    book_offer(run, c, l, slot)
    w.ends[c, l, slot] = max(w.ends[c, l, slot], float(w.month)) + 12.0 * p.term_years[l]
    wait_until(run, c, l, slot, w.ends[c, l, slot], CONTRACT_END)
    book.renewed_deals[deal.stack] += 1.0
    w.last_award[c, l], w.last_vendor[c, l] = w.month, vendor
    if deal.lock_silicon > 0.0 and deal.renewals == 1:
        # What was hidden is seen: a lasting doubt.
        w.belief_against[c, deal.stack, SUPPLY] += p.resentment * deal.lock_silicon
    if deal.ledger >= 0:
        run.ledger.at[deal.ledger].renewals = deal.renewals


@compiled
def hand_over(run, c, l, whose, months):
    """The ending contracts of `whose` go on until their successor starts."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months, whose) == 1:
            deal = run.deals.at[c, l, i]
            deal.holdover = 1
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def extend(run, c, l, whose):
    """The deal fell through: the ending contracts of `whose` go on for some months, then are tendered again."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, run.parameters.renewal_months, whose) == 1:
            run.state.ends[c, l, i] = run.state.month + run.parameters.holdover_months
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def any_expiring(run, c, l):
    """True if a contract of the cell ends within the open months."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, run.parameters.open_months, ANYBODY) == 1:
            return True
    return False


@compiled
def hold_over(run, c, l):
    """Contracts that end while a deal is on its way in the cell go on for some months at a time.

    Its own successor ends them.
    """
    w = run.state
    for i in range(N_SLOTS):
        if w.next_month[c, l, i] == w.month and w.stage[c, l, i] == OPERATING:
            wait_until(run, c, l, i, w.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def lapse(run, c, l):
    """Contracts that end and find no successor."""
    w = run.state
    for i in range(N_SLOTS):
        if w.next_month[c, l, i] == w.month and w.stage[c, l, i] == OPERATING:
            run.book.lapsed_deals[run.deals.at[c, l, i].stack] += 1.0
            leave(run, c, l, i, LAPSED, float(w.month), -1)
