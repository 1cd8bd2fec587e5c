"""Fit and utilisation, in small steps."""

import math


def misfit(offered, needed):
    """1 - cos^2 of the angle between two mixes."""
    dot = sum(a * b for a, b in zip(offered, needed, strict=True))
    lengths = math.sqrt(sum(a * a for a in offered)) * math.sqrt(sum(b * b for b in needed))
    return 1 - (dot / lengths) ** 2


def fit(p, wrong, customisation, option_value, turnkey):
    """1 - (1 - cos^2)(1 - customisation / 2)(1 - option value / 2)(1 + 0.3 turnkey), within 0 and 1."""
    left = wrong * (1 - p.customisation_fit * customisation) * (1 - p.option_fit * option_value) * (1 + p.turnkey_misfit * turnkey)
    return min(max(1 - left, 0), 1)


def trained(p, absorption, capacity_building):
    """A' = A + 0.25 capacity_building (1 - A)."""
    return absorption + p.capacity_building_effect * capacity_building * (1 - absorption)


def use(p, used, demanded, fitted, absorption, years, steps=20_000):
    """d used / dt = (0.3 + 1.2 A')(min(1, demand x fit)(0.4 + 0.6 A') - used), shares of capacity, by small steps."""
    ceiling = min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption)
    for _ in range(steps):
        used += years / steps * (p.use_speed + p.use_speed_absorption * absorption) * (min(1, demanded * fitted) * ceiling - used)
    return used


def reputation(world):
    """(mean use of a vendor's operating deals less 0.6) / 2: half from here, half from peers; (country, vendor)."""
    p, w, k = world.parameters, world.state, world.facts
    own = []
    for c in range(world.countries):
        row = []
        for v in range(world.vendors):
            uses = [
                float(world.deals[c, l, i]["used"]) - p.reputation_neutral
                for l in range(world.layers) for i in range(world.deals.shape[2])
                if w.stage[c][l][i] == 3 and world.deals[c, l, i]["vendor"] == v
            ]
            row.append(sum(uses) / len(uses) if uses else 0.0)
        own.append(row)
    return [
        [
            0.5 * own[c][v] + 0.5 * sum(
                weight * own[j][v] for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True))
            for v in range(world.vendors)
        ]
        for c in range(world.countries)
    ]
