"""What a home could take away, and how likely it is to threaten."""

import math

from tests.reference.plain import agreed


def weights_of_layers(p):
    """Weight of each layer in leverage and sovereignty, one in all."""
    return [weight / sum(p.layer_weight) for weight in p.layer_weight]


def leverage(world, c, h):
    """Sum over layers of w_l S cut (1 - the next stack's share), by what could be cut off at the last record."""
    w, total = world.state, 0.0
    for l, weight in enumerate(weights_of_layers(world.parameters)):
        if w.standing[c][l][h] <= 0:
            continue
        substitute = max(w.share[c][l][s] for s in range(world.stacks) if s != h)
        total += weight * w.share[c][l][h] * w.exposed[c][l][h] / w.standing[c][l][h] * (1 - substitute)
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


def standing_bond(world, c, h):
    """What a country can still believe of a home's supply bond: nothing for some years after one was broken."""
    return agreed(world.home[h], "supply_bond", c) if world.state.month >= world.state.broken_until[h] else 0.0


def weight_of_sanctions(world, c, h):
    """How likely sanctions are to meet this country: by voting distance, allies hardly ever."""
    return max(world.facts.distance[c][h], 1e-6) * (1 - world.parameters.sanctions_ally * world.facts.ally[c][h])


def true_supply_hazard(world, c, h, mean=mean_chance):
    """Disputes a year x mean chance of coercion, calmed by a supply bond that is still believed.

    And its part of the home's sanctions.
    """
    p, home = world.parameters, world.home[h]
    sanctions = 0.0
    if world.on["shocks"]:
        everybody = sum(weight_of_sanctions(world, j, h) for j in range(world.countries))
        sanctions = p.sanctions_rate[h] * weight_of_sanctions(world, c, h) / everybody
    rate = min(p.dispute_rate * world.facts.distance[c][h], 1)
    calm = math.exp(-p.supply_bond_hazard * standing_bond(world, c, h))
    return rate * mean(agreed(home, "coerce", c), leverage(world, c, h), p.coercion_cost[h]) * calm + sanctions
