"""What becomes of contracts: they end, wait for a successor, go on.

Every function changes the plain world it is given.
"""

from tests.reference.cells import add_stock
from tests.reference.plain import CLOUD, CONTRACT_END, LEGACY, NO_EVENT, OPERATING, deal, deals_of, write


def wait(world, c, l, i, clock, cause=CONTRACT_END):
    """Let a place wait for its next event; it falls into a later month than this."""
    write(world, c, l, i, clock=clock, cause=cause, next_month=max(int(clock), world.state.month + 1))


def release(world, one, amount):
    """Exposure that ends: the lender's, and the partner's in proportion."""
    if one.financier >= 0:
        world.state.exposure[one.financier] -= amount
    if one.partner >= 0:
        world.state.exposure[one.partner] -= amount * one.partner_ratio


def leave(world, c, l, i, outcome, clock, successor=-1):
    """An operating deal ends at `clock`.

    Capacity and stock go, and a loan is paid back at once unless that is what failed.
    """
    w, book, one = world.state, world.book, deal(world, c, l, i)
    w.capacity[c][l] = max(w.capacity[c][l] - one.capacity, 0)
    if one.loan > 0 and outcome != "defaulted":
        w.loans_repaid += one.loan
        release(world, one, one.loan)
        write(world, c, l, i, loan=0.0)
    count_leaver(world, one, clock, successor)
    if outcome == "switched":
        book.switched_deals[one.stack] += 1
        book.crossed_deals[one.stack] += successor not in (-1, one.stack)
        book.cloud_switches += l == CLOUD
    write(world, c, l, i, stage=0, next_month=-1, cause=NO_EVENT)
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


def ending(world, c, l, months):
    """(place, deal) of the contracts that end within so many months."""
    return [(i, one) for i, one in deals_of(world, c, l, OPERATING) if one.ends < world.state.month + months + 1]


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


def hand_over(world, c, l, months):
    """What ends goes on until its successor starts."""
    for i, _ in ending(world, c, l, months):
        write(world, c, l, i, holdover=1)
        wait(world, c, l, i, float(world.state.month + world.parameters.holdover_months))


def extend(world, c, l):
    """The new deal fell through: what ends goes on for some months, then the cell tenders again."""
    until = float(world.state.month + world.parameters.holdover_months)
    for i, _ in ending(world, c, l, world.parameters.renewal_months):
        write(world, c, l, i, ends=until)
        wait(world, c, l, i, until)
