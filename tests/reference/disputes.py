"""What a home could take away, and how likely it is to threaten."""

import math

from tests.reference.choice import cut
from tests.reference.plain import INDEX_WEIGHTS


def leverage(world, c, h):
    """Sum over layers of w_l S cut (1 - the next stack's share)."""
    w, total = world.state, 0.0
    for l in range(world.layers):
        own = {v: w.stock[c][l][v] for v in range(world.vendors) if world.facts.vendor_home[v] == h}
        if sum(own.values()) <= 0:
            continue
        cutable = sum(amount * cut(world, l, v) for v, amount in own.items()) / sum(own.values())
        substitute = max(w.share[c][l][s] for s in range(world.stacks) if s != h)
        total += INDEX_WEIGHTS[l] * w.share[c][l][h] * cutable * (1 - substitute)
    return total


def mean_chance(coerce, lever, cost):
    """Mean of a x / (a x + c0) over stakes x in U(0, 1), a = coerce L: 1 - (c0 / a) ln(1 + a / c0)."""
    a = coerce * lever
    return 1 - cost / a * math.log(1 + a / cost) if a > 0 else 0.0


def true_supply_hazard(world, c, h):
    """Disputes a year x mean chance of coercion, calmed by a guarantee that still stands."""
    p, home = world.parameters, world.home[h]
    rate = min(p.dispute_rate * world.facts.distance[c][h], 1)
    standing = home.guarantee if world.state.month >= world.state.broken_until[h] else 0.0
    return rate * mean_chance(home.coerce, leverage(world, c, h), p.coercion_cost[h]) * math.exp(-p.guarantee_hazard * standing)
