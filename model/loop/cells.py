"""Bookkeeping of a cell (country, layer): what is installed, by vendor and by stack, and its deals' places."""

from stackcraft.model.loop.codes import EMPTY, N_SLOTS, NO_EVENT
from stackcraft.model.loop.compiled import compiled


@compiled
def refresh_share(run, c, l):
    """Installed share of each stack, by what a sale is made of; an empty cell keeps what it last ran."""
    k, total, us, cn = run.facts, 0.0, 0.0, 0.0
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        stock = run.state.stock[c, l, v]
        total += stock
        us += stock * run.market.attribution[l, v, 0]
        cn += stock * run.market.attribution[l, v, 1]
    set_share(run, c, l, total, us, cn)


@compiled
def set_share(run, c, l, total, us, cn):
    """Write a cell's shares from what is installed in all and of either home; an empty cell keeps what it last ran."""
    if total <= 1e-15:
        return
    part = 1.0 / total
    run.state.share[c, l, 0] = us * part
    run.state.share[c, l, 1] = cn * part
    run.state.share[c, l, 2] = max(1.0 - (us + cn) * part, 0.0)


@compiled
def add_stock(run, c, l, v, amount):
    """Add (or take away) installed capacity of a vendor, bn$ a year."""
    run.state.stock[c, l, v] = max(run.state.stock[c, l, v] + amount, 0.0)
    refresh_share(run, c, l)


@compiled
def free_slot(run, c, l):
    """A free place for a deal, or -1."""
    for i in range(N_SLOTS):
        if run.state.stage[c, l, i] == EMPTY:
            return i
    return -1


@compiled
def vacate(run, c, l, i):
    """Give a place back; a loan that paid for it is owed on without it."""
    row = run.deals.at[c, l, i].loan_row
    if row >= 0:
        run.state.loan_slot[row] = -1
        run.deals.at[c, l, i].loan_row = -1
    run.state.stage[c, l, i] = EMPTY
    run.state.next_month[c, l, i] = -1
    run.deals.at[c, l, i].cause = NO_EVENT


@compiled
def wait_until(run, c, l, i, clock, cause):
    """Let a place wait for its next event at `clock`, a month with its fraction.

    An event falls into a later month than this.
    """
    deal = run.deals.at[c, l, i]
    deal.clock = clock
    deal.cause = cause
    month = int(clock)
    run.state.next_month[c, l, i] = min(max(month, run.state.month + 1), 30000)


@compiled
def public_spending(run, h, amount):
    """Book public cost at present value and take it from the year's budget."""
    run.state.budget[h] -= amount
    book_cost(run, h, amount)


@compiled
def book_cost(run, h, amount):
    """Book public cost at present value without touching the budget (losses, subsidy elements of loans)."""
    run.book.public_cost_bn[h] += amount * discounted(run.parameters.discount_rate, run.state.month)


@compiled
def discounted(rate, month):
    """What a dollar of this year is worth at the start."""
    value = 1.0
    for _ in range(month // 12):
        value /= 1.0 + rate
    return value
