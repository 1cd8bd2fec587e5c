"""Stages of deals in a run: financed, built, cancelled, taken over, in operation. Changes the plain world."""

from tests.reference import luck
from tests.reference.cells import add_stock
from tests.reference.contracts import end_together, give_up, leave, wait
from tests.reference.loans import lend
from tests.reference.plain import BUILDING, BUILT, CANCEL, FINANCE, FROM_RENEWAL, OPERATING, deal, deals_of, write


def build(world, c, l, i, clock, left=1.0):
    """Three phases of building against cancelling, of which `left` remains to be built."""
    p, one = world.parameters, deal(world, c, l, i)
    write(world, c, l, i, stage=BUILDING)
    if not world.on["lifecycle"]:
        return wait(world, c, l, i, clock, BUILT)
    slot, signed = int(world.facts.vendor_number[one.vendor]) * 16 + one.origin, int(one.signed)
    phases = sum(luck.waited(world, "build_clock", c, l, 3 * slot + phase, signed) for phase in range(3))
    built = phases * p.build_months[one.kind] / 3 * (1 - p.turnkey_speed * one.turnkey) * left
    cancelled = luck.waited(world, "cancel_clock", c, l, 2 * slot + 1, signed) / (
        p.cancel_while_building[one.kind] * one.cancel_factor
    )
    if cancelled < built:
        return wait(world, c, l, i, clock + cancelled, CANCEL)
    return wait(world, c, l, i, clock + built, BUILT)


def begin(world, c, l, i):
    """A site starts: its capacity counts, and what waited for it leaves."""
    w, book, one = world.state, world.book, deal(world, c, l, i)
    write(world, c, l, i, stage=OPERATING)
    w.pending[c][l] = max(w.pending[c][l] - one.capacity, 0)
    w.pipeline[c][l] -= 1
    for j, other in deals_of(world, c, l, OPERATING):
        if j != i and other.holdover:
            leave(world, c, l, j, "switched", one.clock, one.stack)
    w.capacity[c][l] += one.capacity
    add_stock(world, c, l, one.vendor, one.capacity)
    ends = one.clock + 12 * world.parameters.term_years[l]
    write(world, c, l, i, operating=one.clock, ends=ends)
    if one.origin == FROM_RENEWAL:  # what it took over keeps its own term
        wait(world, c, l, i, ends)
    else:
        end_together(world, c, l, one.vendor)
    book.operating_deals[one.stack] += 1
    book.delivered_bn[one.stack] += one.value
    book.operation_months[one.stack][min(int(one.clock - one.signed), book.operation_months.shape[1] - 1)] += 1


def heir(world, l, v):
    """The largest other vendor of the same stack that serves the layer and is in business, or None."""
    k = world.facts
    others = [
        u for u in range(world.vendors)
        if u != v and k.vendor_stack[u] == k.vendor_stack[v] and k.serves[l][u] and world.state.alive[u]
    ]  # fmt: skip
    return max(others, key=lambda u: k.home_revenue[u], default=None)


def fail(world, c, l, i):
    """A deal fails on its way: some sites are taken over, with part of the building done.

    Otherwise what waited for it stays a while.
    """
    book, one = world.book, deal(world, c, l, i)
    if one.stage == BUILDING:
        slot = int(world.facts.vendor_number[one.vendor]) * 16 + one.origin
        taker = heir(world, l, one.vendor)
        if taker is not None and luck.drawn(world, "novation", c, l, slot, int(one.signed)) < world.parameters.novation:
            write(world, c, l, i, vendor=taker)
            book.novated_deals[one.stack] += 1
            build(world, c, l, i, one.clock, world.parameters.novation_left)
            return
    book.cancelled_deals[one.stack] += 1
    give_up(world, c, l, i)


def month(world):
    """Every stage that ends this month; contracts that end are the tenders' matter."""
    for c in range(world.countries):
        for l in range(world.layers):
            for i in range(len(world.state.stage[c][l])):
                one = deal(world, c, l, i)
                if one.stage == 0 or one.next_month != world.state.month:
                    continue
                if one.cause == FINANCE:
                    lend(world, c, l, i)
                    build(world, c, l, i, one.clock)
                elif one.cause == CANCEL:
                    fail(world, c, l, i)
                elif one.cause == BUILT:
                    begin(world, c, l, i)
