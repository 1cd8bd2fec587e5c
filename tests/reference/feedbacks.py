"""Quality from research and data, standards from the installed base, goodwill."""

import math

from tests.reference.choice import protection
from tests.reference.plain import CHIPS, MODELS


def quality_after(world):
    """(vendor, layer) log quality after a January: research, catching up, data, then the layer's best at 0."""
    p, k, w = world.parameters, world.facts, world.state
    research = []
    for v in range(world.vendors):
        h = int(k.vendor_home[v])
        aid = p.state_aid_bn[h] * p.state_aid_share if h >= 0 else 0.0
        research.append(world.vendor[v].rnd_share * (k.home_revenue[v] + w.revenue[v]) + aid)
    mean = sum(r for v, r in enumerate(research) if k.home_revenue[v] > 0) / sum(k.home_revenue[: world.vendors] > 0)
    models = [v for v in range(world.vendors) if k.serves[MODELS][v]]
    mean_use = sum(w.data_use[v] for v in models) / len(models)
    after = w.quality.copy()
    for l in range(world.layers):
        serving = [v for v in range(world.vendors) if k.serves[l][v]]
        best = max(w.quality[v][l] for v in serving)
        for v in serving:
            q = w.quality[v][l]
            h = int(k.vendor_home[v])
            if world.on["quality_feedback"]:
                q += p.research_effect * ((1 + research[v] / mean) ** p.research_power - 1) + p.catch_up * (best - q)
            if world.on["quality_feedback"] and l == CHIPS and h >= 0:
                q -= p.strictness_chips * max(
                    0, world.home[1 - h].control_strictness - world.home[h].control_strictness
                )
            if world.on["data_feedback"] and l == MODELS and mean_use > 0:
                offer = world.vendor[v]
                _, confidential = protection(world, v)
                seen = offer.data_rights * (1 - confidential) * (1 - offer.open_weights)
                q += p.data_effect * math.log(1 + w.data_use[v] / mean_use) * seen
            after[v][l] = q
        top = max(after[v][l] for v in serving)
        for v in serving:
            after[v][l] -= top
    return after


def standards_after(world):
    """(layer, stack) standards after a January: what is in use, smoothed over their memory in months."""
    p, w = world.parameters, world.state
    kept = math.exp(-12 / p.standards_months)
    result = w.standards.copy()
    for l in range(world.layers):
        used = [sum(w.stock_used[c][l][s] for c in range(world.countries)) for s in range(world.stacks)]
        for s in range(world.stacks):
            result[l][s] = kept * w.standards[l][s] + (1 - kept) * used[s] / sum(used)
    return result


def goodwill_after(p, goodwill, aid_bn):
    """0.85 goodwill + 0.02 aid, within 0 and 1."""
    return min(max(p.goodwill_retention * goodwill + p.goodwill_aid * aid_bn, 0), 1)
