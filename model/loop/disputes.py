"""January: leverage, disputes, coercion, diversions and what follows (DESCRIPTION.md, 7.7 and 7.9)."""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.codes import (
    BREACH,
    CHIPS,
    CLOUD,
    COMMITMENT,
    FREE_TIER,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    SUPPLY,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import (
    COERCED,
    COERCION,
    CONCEDES,
    DISPUTE,
    DIVERSION,
    RESTRICTION,
    STAKE,
    deal_slot,
    uniform,
)
from stackcraft.model.loop.market import agreed
from stackcraft.model.loop.shocks import (
    concede,
    cut_off,
    end_restricted,
    may_be_diverted,
    note_diversion,
    weight_of_sanctions,
)
from stackcraft.model.loop.utility import standing_bond

MIDPOINTS = 5  # of the integral over stakes


@compiled
def over_all_layers(p, total):
    """A sum weighted by layer, over the sum of the weights."""
    weights = 0.0
    for l in range(N_LAYERS):
        weights += p.layer_weight[l]
    return total / max(weights, 1e-300)


@compiled
def leverage(run, c, h):
    """L = sum over layers of w_l S_s[l] cut (1 - substitutes); substitutes = the next stack's share."""
    w, p, total = run.state, run.parameters, 0.0
    for l in range(N_LAYERS):
        nearest = 0.0
        for s in range(N_STACKS):
            if s != h:
                nearest = max(nearest, w.share[c, l, s])
        if w.standing[c, l, h] > 0.0:
            total += p.layer_weight[l] * w.share[c, l, h] * w.exposed[c, l, h] / w.standing[c, l, h] * (1.0 - nearest)
    return over_all_layers(p, total)


@compiled
def chance_of_coercion(coerce, lever, stake, cost):
    """coerce L stake / (coerce L stake + c0)."""
    force = coerce * lever * stake
    return force / (force + cost)


@compiled
def true_supply_hazard(cost, rate, coerce, lever, calm):
    """Yearly chance of a cut-off: disputes x mean chance of coercion over stakes U(0, 1), less with a supply bond.

    The mean of x / (x + c) over x in (0, a) is 1 - (c / a) ln(1 + a / c); a few midpoints are close enough and cheaper.
    """
    mean = 0.0
    for i in range(MIDPOINTS):
        mean += chance_of_coercion(coerce, lever, (i + 0.5) / MIDPOINTS, cost)
    return rate * mean / MIDPOINTS * calm


@compiled
def settle_disputes(run, answer):
    """Disputes with each home; a coerced country concedes or is cut off.

    True hazards are noted for later comparison.

    All is decided on January's opening state, kept in `answer` (countries, N_HOMES), and only then done.
    """
    w, p, k = run.state, run.parameters, run.facts
    sanctions_us, sanctions_cn = 0.0, 0.0
    for c in range(run.facts.countries):
        sanctions_us += weight_of_sanctions(run, c, 0)
        sanctions_cn += weight_of_sanctions(run, c, 1)
    for c in range(run.facts.countries):
        for s in range(N_STACKS):
            w.true_hazard[c, s, BREACH] = p.true_breach[s]
            if s < N_HOMES:
                g = run.home.at[s]
                sealed = agreed(g.confidential_computing, g.confidential_computing_in[c])
                w.true_hazard[c, s, BREACH] *= 1.0 - p.breach_confidential * sealed
            w.true_hazard[c, s, COMMITMENT] = 0.0
            w.true_hazard[c, s, SUPPLY] = 0.0
        for h in range(N_HOMES):
            w.concessions[c, h] = 0.0
            answer[c, h] = 0.0
            lever = leverage(run, c, h)
            calm = exp(-p.supply_bond_hazard * standing_bond(run, c, h))
            coerce = agreed(run.home.at[h].coerce, run.home.at[h].coerce_in[c])
            rate = min(p.dispute_rate * k.distance[c, h], 1.0)
            w.true_hazard[c, h, SUPPLY] = true_supply_hazard(p.coercion_cost[h], rate, coerce, lever, calm)
            if run.on.shocks:
                of_all = max(sanctions_us if h == 0 else sanctions_cn, 1e-300)
                w.true_hazard[c, h, SUPPLY] += p.sanctions_rate[h] * weight_of_sanctions(run, c, h) / of_all
            w.true_hazard[c, h, COMMITMENT] = p.alliance_doubt_rate[h] * p.alliance_doubt_size / p.belief_strength
            if run.on.disputes == 0 or w.month == 0:
                continue
            number = k.iso_number[c]
            if uniform(w.key, DISPUTE, number, h, w.month, 0) >= rate:
                continue
            stake = uniform(w.key, STAKE, number, h, w.month, 0)
            chance = chance_of_coercion(coerce, lever, stake, p.coercion_cost[h]) * calm
            if uniform(w.key, COERCION, number, h, w.month, COERCED.first) < chance:
                run.book.coercion_events[h] += 1.0
                conceded = uniform(w.key, COERCION, number, h, w.month, CONCEDES.first) < lever / (
                    lever + p.concession_half
                )
                answer[c, h] = stake if conceded else -1.0
    for h in range(N_HOMES):
        stands = w.month >= w.broken_until[h]  # a promise broken this January was still one to all who are cut off
        for c in range(run.facts.countries):
            if answer[c, h] > 0.0:
                concede(run, h, c, answer[c, h], 1.0)
            elif answer[c, h] < 0.0:
                bond = agreed(run.home.at[h].supply_bond, run.home.at[h].supply_bond_in[c])
                cut_off(run, h, c, 1.0, bond if stands else 0.0)


@compiled
def divert(run):
    """Chips that are diverted, and restrictions that follow; both are public and frighten."""
    k = run.facts
    if run.on.diversions == 0 or run.state.month == 0:
        return
    for c in range(run.facts.countries):
        for l in (CHIPS, CLOUD):
            for i in range(N_SLOTS):
                for h in range(N_HOMES):
                    if k.tier[c, h] != FREE_TIER and may_be_diverted(run, c, l, i, h):
                        one_diversion(run, c, l, i, h)


@compiled
def one_diversion(run, c, l, i, h):
    """The yearly draw of one deal."""
    w, p, k, deal, g = run.state, run.parameters, run.facts, run.deals.at[c, l, i], run.home.at[h]
    number, slot = k.iso_number[c], deal_slot(k.vendor_number[deal.vendor], deal.origin)
    if deal.diverted == 1:
        chance = p.restriction * (1.0 - p.restriction_guardrail * g.guardrail)
        if uniform(w.key, RESTRICTION, number, l, w.month, slot) < chance:
            end_restricted(run, h, c, l, i, 1.0)
        return
    hub = 1.0
    for v in range(VENDOR_PLACES):
        if k.hub[v] > 0.0 and k.gulf[c] > 0.0:
            hub += p.diversion_reexport * run.vendor.at[v].reexport
    chance = (
        p.diversion
        * p.diversion_tier
        * k.tier[c, h]
        * (1.0 - p.diversion_guardrail * g.guardrail)
        * (1.0 + p.diversion_fast_lane * g.fast_lane)
        * (1.0 - p.diversion_compact * g.compact[c])
        * (1.0 - p.diversion_strictness * g.control_strictness)
        * hub
        * (1.0 + p.diversion_hosting * deal.hosting)
        * (1.0 - p.scrutiny_effect * g.agency_lag_months)
    )
    if uniform(w.key, DIVERSION, number, l, w.month, slot) < chance:
        deal.diverted = 1
        note_diversion(run, h, c, 1.0, deal.used * deal.capacity)
