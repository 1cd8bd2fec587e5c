"""January of the first year: contracts, organic stock, beliefs and tastes from the facts."""

import math

from tests.reference import luck
from tests.reference.demand import of_government


def merged(shares, stack):
    """Contracts of a cell from installed shares by vendor.

    Small ones join the largest of their stack, traces of a stack go, five stay.
    """
    left = {v: share for v, share in enumerate(shares) if share > 0}
    for s in set(stack.values()):
        own = [v for v in left if stack[v] == s]
        if not own:
            continue
        total, largest = sum(left[v] for v in own), max(own, key=lambda v: left[v])
        for v in own:
            if v != largest and left[v] < 0.1:
                left[largest] += left.pop(v)
        if total < 0.01:
            del left[largest]
    while len(left) > 5:
        del left[min(left, key=lambda v: left[v])]
    return {v: share / sum(left.values()) for v, share in left.items()}


def organic_share(world, c, l):
    """Share of a cell that firms and people buy on their own."""
    return world.parameters.organic_layers[l] * world.facts.organic_share[c] if world.on["organic"] else 0.0


def contracts(world, c, l):
    """(capacity, months left, months of the whole term) by vendor."""
    k, months = world.facts, 12 * world.parameters.term_years[l]
    governments = k.capacity[c][l] * (1 - organic_share(world, c, l))
    stack = {v: int(k.vendor_stack[v]) for v in range(world.vendors)}
    return {
        v: (
            governments * share,
            months * luck.drawn(world, "contract_age", c, l, int(k.vendor_stack[v]), month=0),
            months,
        )
        for v, share in merged(k.installed[c][l][: world.vendors], stack).items()
    }


def used(world, c, l, one):
    """Share of an old contract's capacity that is in use: what its fit and the country's skills allow."""
    k = world.facts
    governments = k.capacity[c][l] * (1 - organic_share(world, c, l))
    p = world.parameters
    ceiling = min(1, p.use_ceiling + p.use_ceiling_absorption * k.absorption[c])
    return min(1, of_government(world, c, l) / governments * one.fit) * ceiling


def prior(world, c, s):
    """[(for, against)] of being cut off, being breached, commitments kept."""
    k, strength = world.facts, world.parameters.belief_strength
    means = k.prior_supply[c][s], k.prior_security[c][s], 1 - k.prior_commitment[c][s]
    return [(strength * (1 - against), strength * against) for against in means]


def taste(world, c, i):
    """A lognormal factor with mean 1 and the given coefficient of variation."""
    if not world.on["tastes"]:
        return 1.0
    variance = math.log(1 + world.parameters.taste_spread**2)
    return math.exp(math.sqrt(variance) * luck.normal(world, "taste", c, 0, i, month=0) - variance / 2)
