"""What becomes of contracts: they end, wait for a successor, go on.

Every function changes the plain world it is given.
"""

from tests.reference.cells import add_stock
from tests.reference.plain import CLOUD, CONTRACT_END, LEGACY, NO_EVENT, OPERATING, deal, deals_of, write


def wait(world, c, l, i, clock, cause=CONTRACT_END):
    """Let a place wait for its next event; it falls into a later month than this."""
    write(world, c, l, i, clock=clock, cause=cause, next_month=max(int(clock), world.state.month + 1))


def vacate(world, c, l, i):
    """Give a place back; the country goes on owing what was lent for it."""
    row = deal(world, c, l, i).loan_row
    if row >= 0:
        world.state.loan_slot[row] = -1
    write(world, c, l, i, stage=0, next_month=-1, cause=NO_EVENT, loan_row=-1)


def release(world, f, partner, ratio, amount):
    """Exposure that ends: the lender's, and the partner's in proportion."""
    if f >= 0:
        world.state.exposure[f] -= amount
    if partner >= 0:
        world.state.exposure[partner] -= amount * ratio


def give_up(world, c, l, i):
    """A deal ends on its way; what was committed and not lent is free again."""
    w, one = world.state, deal(world, c, l, i)
    w.pending[c][l] = max(w.pending[c][l] - one.capacity, 0)
    w.pipeline[c][l] -= 1
    release(world, one.financier, one.partner, one.partner_ratio, one.commitment)
    write(world, c, l, i, commitment=0.0)
    vacate(world, c, l, i)
    if w.pipeline[c][l] == 0:
        for j, other in deals_of(world, c, l, OPERATING):
            if other.holdover:
                until = float(w.month + world.parameters.holdover_after_failure)
                write(world, c, l, j, holdover=0, ends=until)
                wait(world, c, l, j, until)


def leave(world, c, l, i, outcome, clock, successor=-1):
    """An operating deal ends at `clock`.

    Capacity and stock go; a loan stays.
    """
    w, book, one = world.state, world.book, deal(world, c, l, i)
    w.capacity[c][l] = max(w.capacity[c][l] - one.capacity, 0)
    count_leaver(world, one, clock, successor)
    if outcome == "switched":
        book.switched_deals[one.stack] += 1
        book.switching_cost_bn[c] += world.parameters.switching_cost * one.capacity * one.paid
        book.crossed_deals[one.stack] += successor not in (-1, one.stack)
        book.cloud_switches += l == CLOUD
    vacate(world, c, l, i)
    add_stock(world, c, l, one.vendor, -one.capacity)


def count_leaver(world, one, clock, successor):
    """An adopter that leaves is counted in the January after its years.

    Retained if it served them, or if its own stack follows.
    """
    w, due = world.state, one.operating + 12 * world.parameters.retained_years
    if one.origin == LEGACY or due <= world.state.month // 12 * 12:
        return
    served = clock >= due and not one.holdover
    year = next(y for y in range(1, 40) if 12 * y >= due or y == 39)
    w.left_due[one.stack][year] += 1
    if served or successor == one.stack:
        w.left_retained[one.stack][year] += 1
        w.left_use[one.stack][year] += one.used


def end_together(world, c, l, v):
    """What one vendor runs in a cell ends on one date, the latest of all."""
    own = [(i, one) for i, one in deals_of(world, c, l, OPERATING) if one.vendor == v]
    last = max(one.ends for _, one in own)
    for i, _ in own:
        write(world, c, l, i, ends=last)
        wait(world, c, l, i, last)


def ending(world, c, l, months, whose=None):
    """(place, deal) of the contracts that end within so many months, of one vendor or of any."""
    until = world.state.month + months + 1
    return [
        (i, one)
        for i, one in deals_of(world, c, l, OPERATING)
        if one.ends < until and (whose is None or one.vendor == whose)
    ]


def wait_a_month(world, c, l, v):
    """What other vendors end this month waits: a cell holds one tender at a time."""
    for i, one in due(world, c, l):
        if one.vendor != v:
            wait(world, c, l, i, float(world.state.month + 1))


def ending_together(world, c, l, v, most):
    """Capacity of a vendor's contracts that are renewed as one; what would make it more than one deal waits."""
    p, w, taken = world.parameters, world.state, []
    for i, one in ending(world, c, l, p.renewal_months, v):
        if taken and sum(taken) + one.capacity > most:
            until = float(w.month + p.renewal_months + 1 + p.holdover_months)
            write(world, c, l, i, ends=until)
            wait(world, c, l, i, until)
        else:
            taken.append(one.capacity)
    return sum(taken)


def due(world, c, l):
    """(place, deal) of the contracts whose term is up this month."""
    return [(i, one) for i, one in deals_of(world, c, l, OPERATING) if one.next_month == world.state.month]


def lapse(world, c, l):
    """Contracts whose term is up find no successor."""
    for i, one in due(world, c, l):
        world.book.lapsed_deals[one.stack] += 1
        leave(world, c, l, i, "lapsed", float(world.state.month))


def hold_over(world, c, l):
    """A deal is on its way in the cell: what ends goes on for some months at a time, and is not up for a tender."""
    for i, _ in due(world, c, l):
        wait(world, c, l, i, float(world.state.month + world.parameters.holdover_months))


def hand_over(world, c, l, months, whose=None):
    """What ends goes on until its successor starts."""
    for i, _ in ending(world, c, l, months, whose):
        write(world, c, l, i, holdover=1)
        wait(world, c, l, i, float(world.state.month + world.parameters.holdover_months))


def extend(world, c, l, whose):
    """The new deal fell through: what ends goes on for some months, then the cell tenders again."""
    until = float(world.state.month + world.parameters.holdover_months)
    for i, _ in ending(world, c, l, world.parameters.renewal_months, whose):
        write(world, c, l, i, ends=until)
        wait(world, c, l, i, until)
