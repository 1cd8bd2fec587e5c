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


def midpoint_mean(coerce, lever, cost, points=5):
    """The same mean by the midpoint rule, as the model takes it."""
    stakes = [(i + 0.5) / points for i in range(points)]
    return sum(coerce * lever * stake / (coerce * lever * stake + cost) for stake in stakes) / points


def error_of_the_rule(coerce, lever, cost, points=5):
    """How far the midpoint rule is above the integral, relative to it.

    The chance is concave in the stake, so the rule is never below.
    """
    return midpoint_mean(coerce, lever, cost, points) / mean_chance(coerce, lever, cost) - 1


def standing_guarantee(world, h):
    """What buyers can still believe of a home's guarantee: nothing for some years after one was broken."""
    return world.home[h].guarantee if world.state.month >= world.state.broken_until[h] else 0.0


def true_supply_hazard(world, c, h, mean=mean_chance):
    """Disputes a year x mean chance of coercion, calmed by a guarantee that still stands."""
    p, home = world.parameters, world.home[h]
    rate = min(p.dispute_rate * world.facts.distance[c][h], 1)
    calm = math.exp(-p.guarantee_hazard * standing_guarantee(world, h))
    return rate * mean(home.coerce, leverage(world, c, h), p.coercion_cost[h]) * calm
