"""Fit and utilisation, in small steps."""

import math
from dataclasses import dataclass, field

from tests.reference.cells import attribution
from tests.reference.choice import list_price
from tests.reference.demand import of_government
from tests.reference.plain import APPLICATIONS, CLOUD, MODELS, OPERATED, OPERATING, deals_of


def misfit(offered, needed):
    """1 - cos^2 of the angle between two mixes.

    Those of deals are kept in single precision, which products must not be rounded to.
    """
    offered, needed = [float(part) for part in offered], [float(part) for part in needed]
    dot = math.fsum(a * b for a, b in zip(offered, needed, strict=True))
    lengths = math.sqrt(math.fsum(a * a for a in offered)) * math.sqrt(math.fsum(b * b for b in needed))
    return 1 - (dot / lengths) ** 2


def fit(p, wrong, customisation, option_value, turnkey):
    """1 - (1 - cos^2)(1 - customisation / 2)(1 - option value / 2)(1 + 0.3 turnkey), within 0 and 1."""
    left = (
        wrong
        * (1 - p.customisation_fit * customisation)
        * (1 - p.option_fit * option_value)
        * (1 + p.turnkey_misfit * turnkey)
    )
    return min(max(1 - left, 0), 1)


def trained(p, absorption, capacity_building):
    """A' = A + 0.25 capacity_building (1 - A)."""
    return absorption + p.capacity_building_effect * capacity_building * (1 - absorption)


def use(p, used, demanded, fitted, absorption, years, steps=20_000):
    """d used / dt = (0.3 + 1.2 A')(min(1, demand x fit)(0.4 + 0.6 A') - used), shares of capacity, by small steps."""
    ceiling = min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption)
    for _ in range(steps):
        used += (
            years
            / steps
            * (p.use_speed + p.use_speed_absorption * absorption)
            * (min(1, demanded * fitted) * ceiling - used)
        )
    return used


def reputation(world):
    """Mean use of a vendor's operating deals less what is neutral, a part of it from peers, the rest from here.

    (country, vendor).
    """
    p, k = world.parameters, world.facts
    operating = {(c, l): deals_of(world, c, l, OPERATING) for c in range(world.countries) for l in range(world.layers)}
    own = []
    for c in range(world.countries):
        row = []
        for v in range(world.vendors):
            uses = [
                one.used - p.reputation_neutral
                for l in range(world.layers)
                for _, one in operating[c, l]
                if one.vendor == v
            ]
            row.append(sum(uses) / len(uses) if uses else 0.0)
        own.append(row)
    return [
        [
            (1 - p.reputation_peers) * own[c][v]
            + p.reputation_peers
            * sum(weight * own[j][v] for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True))
            for v in range(world.vendors)
        ]
        for c in range(world.countries)
    ]


def relaxed(p, used, demanded, fitted, absorption, years):
    """The same in closed form: the distance to what can be used shrinks by exp(-speed x years)."""
    reachable = min(1, demanded * fitted) * min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption)
    return reachable + (used - reachable) * math.exp(-(p.use_speed + p.use_speed_absorption * absorption) * years)


@dataclass
class HalfYear:
    """What half a year of use leaves, bn$."""

    revenue: list[float]  # by vendor
    spent: list[float]  # by country
    data: list[float]  # use of models, by vendor
    applications: list[float]  # use of applications, by stack
    deal: dict = field(default_factory=dict)  # share in use, by (country, layer, place)
    cell: dict = field(default_factory=dict)  # in use, by (country, layer)
    stack: dict = field(default_factory=dict)  # in use by stack, by (country, layer)
    reexports: list[float] = field(default_factory=lambda: [0.0] * 2)  # of the hub's sales, by home


def half_year(world):
    """Return what half a year of use leaves.

    Every deal relaxes; operated cloud pools its customers' demand and keeps a floor; firms' and people's own purchases
    are used in full. A contract earns and costs what was agreed; what firms and people buy, the list price.
    """
    p, w, k = world.parameters, world.state, world.facts
    found = HalfYear(
        revenue=[0.0] * world.vendors,
        spent=[0.0] * world.countries,
        data=[0.0] * world.vendors,
        applications=[0.0] * world.stacks,
    )

    def sold(c, l, v, amount, in_use, stack, price, paid):
        earned = amount / 2 * price
        found.revenue[v] += earned
        found.spent[c] += amount / 2 * paid
        made_of = attribution(world, l, v)
        for s in range(world.stacks):
            found.stack[c, l][s] += in_use * made_of[s]
        if k.hub[v]:
            for h in range(2):
                found.reexports[h] += earned * made_of[h]
        found.cell[c, l] += in_use
        if l == MODELS:
            found.data[v] += in_use / 2
        if l == APPLICATIONS and stack is not None:
            found.applications[stack] += in_use / 2

    for c in range(world.countries):
        for l in range(world.layers):
            found.cell[c, l], found.stack[c, l] = 0.0, [0.0] * world.stacks
            demanded = of_government(world, c, l) / w.capacity[c][l] if w.capacity[c][l] > 0 else math.inf
            for i, one in deals_of(world, c, l, OPERATING):
                used = 1.0
                if world.on["utilisation"]:
                    absorption = trained(p, w.absorption[c], one.capacity_building)
                    used = relaxed(p, one.used, demanded, one.fit, absorption, 0.5)
                    if l == CLOUD and one.mode == OPERATED:
                        used = max(used, p.cloud_floor * min(1, demanded))
                found.deal[c, l, i] = used
                sold(c, l, one.vendor, one.capacity, used * one.capacity, one.stack, one.price, one.paid)
            if world.on["organic"] and p.organic_layers[l] > 0:
                for v in range(world.vendors):
                    if k.serves[l][v]:
                        price = list_price(world, l, v, c)
                        sold(c, l, v, w.organic[c][l][v], w.organic[c][l][v], None, price, price)
    return found
