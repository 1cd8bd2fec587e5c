"""What a country stands to lose and what it pays.

Contracts on the terms of their signing or last renewal, private purchases on today's.
"""

from tests.reference.choice import cut, list_price
from tests.reference.plain import OPERATING, deals_of


def holdings(world, c, l):
    """(vendor, stack, bn$ a year, how easily it is cut off, what is paid over the reference) of all that is installed
    in a cell.
    """
    held = [(one.vendor, one.stack, one.capacity, one.cut, one.paid) for _, one in deals_of(world, c, l, OPERATING)]
    for v in range(world.vendors):
        if world.facts.serves[l][v] and world.state.organic[c][l][v] > 0:
            held.append(
                (
                    v,
                    int(world.facts.vendor_stack[v]),
                    world.state.organic[c][l][v],
                    cut(world, l, v, c),
                    list_price(world, l, v, c),
                )
            )
    return held


def exposures(world, c, l):
    """(installed, the same by how easily it is cut off), each by stack.

    A domestic champion cannot be cut off from outside.
    """
    standing, exposed = [0.0] * world.stacks, [0.0] * world.stacks
    for v, s, amount, cutable, _ in holdings(world, c, l):
        if not world.facts.domestic[v]:
            standing[s] += amount
            exposed[s] += amount * cutable
    return standing, exposed


def bill(world, c):
    """What a country pays a year for all that is installed, bn$, and for raising its part of its champion's price."""
    p, w, on = world.parameters, world.state, world.on["champions"]
    raised = p.welfare_funds * p.champion_rebate * world.importer[c].champion * w.champion[c] if on else 0.0
    domestic = sum(
        one.capacity * one.paid
        for l in range(world.layers)
        for _, one in deals_of(world, c, l, OPERATING)
        if world.facts.domestic[one.vendor]
    )
    full = sum(amount * paid for l in range(world.layers) for *_, amount, _, paid in holdings(world, c, l))
    return full + raised * domestic


def refresh(world):
    """Write exposures and bills of the record into the plain world."""
    w = world.state
    for c in range(world.countries):
        w.bill[c] = bill(world, c)
        for l in range(world.layers):
            w.standing[c][l], w.exposed[c][l] = exposures(world, c, l)
