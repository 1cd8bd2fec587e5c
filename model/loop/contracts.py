"""What becomes of contracts that end: a new term, a successor, a holdover while the buyer tries again, or lapse."""

from stackcraft.model.loop.cells import add_stock, wait_until
from stackcraft.model.loop.codes import CONTRACT_END, LAPSED, N_SLOTS, OPERATING, RENEWED, SUPPLY, SWITCHED
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.lifecycle import leave
from stackcraft.model.loop.sign import book_offer, own_the_cloud, take_on


@compiled
def ending_contract(run, c, l):
    """A slot whose contract ends this month, or -1."""
    for i in range(N_SLOTS):
        if run.state.next_month[c, l, i] == run.state.month and run.state.stage[c, l, i] == OPERATING:
            if run.deals.at[c, l, i].cause == CONTRACT_END:
                return i
    return -1


@compiled
def expiring(run, c, l, i, months):
    """1 if slot `i` operates under a contract that ends within so many months."""
    w = run.state
    if w.stage[c, l, i] != OPERATING:
        return 0
    return 1 if run.state.ends[c, l, i] < w.month + months + 1.0 else 0


@compiled
def holder(run, c, l, vendor, months):
    """The slot of a vendor's largest contract among those that end, or -1."""
    slot = -1
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months) == 1 and run.deals.at[c, l, i].vendor == vendor:
            if slot < 0 or run.deals.at[c, l, i].capacity > run.deals.at[c, l, slot].capacity:
                slot = i
    return slot


@compiled
def renew(run, c, l, vendor, size, kept, months):
    """If the winner holds one of the ending contracts it goes on at once with the new size.

    The others end, but for slot `kept`.

    Returns its slot or -1.
    """
    slot = holder(run, c, l, vendor, months)
    if slot < 0:
        return -1
    deal = run.deals.at[c, l, slot]
    for i in range(N_SLOTS):
        if i != slot and i != kept and expiring(run, c, l, i, months) == 1:
            outcome = RENEWED if run.deals.at[c, l, i].vendor == vendor else SWITCHED  # of its own vendor: merged
            leave(run, c, l, i, outcome, float(run.state.month), deal.stack)
    prolong(run, c, l, slot, size)
    return slot


@compiled
def prolong(run, c, l, slot, size):
    """A contract goes on for another term with a new size, on what its vendor offers now."""
    w, p, book, deal = run.state, run.parameters, run.book, run.deals.at[c, l, slot]
    vendor = deal.vendor
    grown = size - deal.capacity
    w.capacity[c, l] += grown
    add_stock(run, c, l, vendor, grown)
    deal.used = min(deal.used * deal.capacity / max(size, 1e-300), 1.0)
    deal.capacity, deal.value = size, size * p.term_years[l]
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
def hand_over(run, c, l, months):
    """The ending contracts go on until their successor starts."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, months) == 1:
            deal = run.deals.at[c, l, i]
            deal.holdover = 1
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def extend(run, c, l):
    """The deal fell through: the ending contracts go on for some months, then the cell tenders again."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, run.parameters.renewal_months) == 1:
            run.state.ends[c, l, i] = run.state.month + run.parameters.holdover_months
            wait_until(run, c, l, i, run.state.month + run.parameters.holdover_months, CONTRACT_END)


@compiled
def any_expiring(run, c, l):
    """True if a contract of the cell ends within the open months."""
    for i in range(N_SLOTS):
        if expiring(run, c, l, i, run.parameters.open_months) == 1:
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
