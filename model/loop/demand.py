"""Demand, what governments make of it, and the organic channel (DESCRIPTION.md, 7.1)."""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.cells import set_share
from stackcraft.model.loop.codes import (
    CHIPS,
    CLOUD,
    N_INCOME_GROUPS,
    N_LAYERS,
    N_SLOTS,
    N_USES,
    OPERATING,
    ORGANIC_MONTHS,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import CHAMPION, DEMAND_BIAS, USE_MIX, gaussian, uniform

LEAST_USE = 0.01  # no kind of use drifts out of a country's mix


@compiled
def growth_factor(growth, fade, years):
    """exp(g tau (1 - exp(-t / tau))): growth that fades."""
    return exp(growth * fade * (1.0 - exp(-years / fade)))


@compiled
def grow_demand(run):
    """M3: demand of this quarter in every cell."""
    w, p, k = run.state, run.parameters, run.facts
    years = w.month / 12.0 if run.on.demand_growth else 0.0
    bust = p.bust_demand if run.on.bust and w.month < w.bust_until else 1.0
    for group in range(N_INCOME_GROUPS):
        wealth = exp(p.gdp_growth[group] * years) * bust
        for l in range(N_LAYERS):
            run.market.growth[group, l] = growth_factor(p.growth[l], p.growth_fade_years, years) * wealth
    for c in range(run.facts.countries):
        group = k.income_group[c]
        for l in range(N_LAYERS):
            w.demand[c, l] = k.demand[c, l] * run.market.growth[group, l]


@compiled
def government_demand(run, c, l):
    """Demand less the share that firms and people meet on their own."""
    if run.on.organic == 0:
        return run.state.demand[c, l]
    return run.state.demand[c, l] * (1.0 - run.parameters.organic_layers[l] * run.facts.organic_share[c])


@compiled
def naivety(run, c, l):
    """How naive a buyer still is.

    Fades with experience, with elicitation paid for by sellers, with its own clarity.
    """
    w, p = run.state, run.parameters
    elicited = 0.0
    if run.on.elicitation:
        elicited = 1.0 - (1.0 - run.home.at[0].elicitation) * (1.0 - run.home.at[1].elicitation)
    return (
        exp(-w.experience[c, l] / p.experience_years)
        * (1.0 - p.elicitation_effect * elicited)
        * (1.0 - p.clarity_effect * run.importer.at[c].clarity)
    )


@compiled
def perceived_demand(run, c, l):
    """D exp(bias), drawn for this tender: present compute is over-rated, future use under-rated."""
    w, p = run.state, run.parameters
    demand = government_demand(run, c, l)
    if run.on.demand_bias == 0:
        return demand
    sign = p.bias_layer[l]
    show = 1.0 + run.importer.at[c].prestige if sign > 0.0 else 1.0
    drawn = gaussian(w.key, DEMAND_BIAS, run.facts.iso_number[c], l, w.month, 0)
    # The spread's mean effect on the level is taken out, so that only naivety tilts demand.
    return demand * exp(
        sign * p.bias * naivety(run, c, l) * show + p.bias_spread * drawn - 0.5 * p.bias_spread * p.bias_spread
    )


@compiled
def drift_mixes(run):
    """January: each country's use mix is pulled towards its target and drifts; shares stay positive and sum to one."""
    w, p, k = run.state, run.parameters, run.facts
    if run.on.use_mix == 0:
        return
    for c in range(run.facts.countries):
        total = 0.0
        for i in range(N_USES):
            noise = p.mix_noise * gaussian(w.key, USE_MIX, k.iso_number[c], 0, w.month, i)
            w.use_mix[c, i] = max(w.use_mix[c, i] + p.mix_pull * (k.use_mix[c, i] - w.use_mix[c, i]) + noise, LEAST_USE)
            total += w.use_mix[c, i]
        for i in range(N_USES):
            w.use_mix[c, i] /= total


@compiled
def step_organic(run):
    """Firms and people renew what they run, by unsupported choice probabilities; exact over the step.

    stock' = stock + (1 - exp(-dt / term)) (demand P(v) - stock)
    """
    w, p, k = run.state, run.parameters, run.facts
    if run.on.organic == 0:
        return
    for l in range(N_LAYERS):
        if p.organic_layers[l] < 0.5:
            continue
        moved = 1.0 - exp(-(ORGANIC_MONTHS / 12.0) / p.term_years[l])
        for c in range(run.facts.countries):
            wanted = w.demand[c, l] * k.organic_share[c]
            total, us, cn = 0.0, 0.0, 0.0
            for i in range(k.serving_number[l]):
                v = k.serving[l, i]
                change = moved * (wanted * w.organic_choice[c, l, v] - w.organic[c, l, v])
                w.organic[c, l, v] += change
                stock = max(w.stock[c, l, v] + change, 0.0)
                w.stock[c, l, v] = stock
                total += stock
                us += stock * run.market.attribution[l, v, 0]
                cn += stock * run.market.attribution[l, v, 1]
            set_share(run, c, l, total, us, cn)


@compiled
def champions_given_up(run):
    """January: an idle domestic champion may be given up, and its demand comes back to the market."""
    w, p, k = run.state, run.parameters, run.facts
    if run.on.champions == 0 or w.month == 0:
        return
    for c in range(run.facts.countries):
        backing = run.importer.at[c].champion * w.champion[c]
        if backing <= 0.0:
            continue
        capacity, used = 0.0, 0.0
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                deal = run.deals.at[c, l, i]
                if w.stage[c, l, i] == OPERATING and deal.vendor == k.domestic_vendor:
                    capacity += deal.capacity
                    used += deal.used * deal.capacity
        if capacity <= 0.0:
            continue  # nothing built yet, nothing idle
        idle = 1.0 - min(used / capacity, 1.0)
        if uniform(w.key, CHAMPION, k.iso_number[c], 0, w.month, 0) < 1.0 - exp(-p.champion_give_up * idle):
            w.champion[c] = 0.0
            run.book.champion_conversions += 1.0


@compiled
def electricity_room(run, c):
    """MW that data centres may still take in a country."""
    w, p, k = run.state, run.parameters, run.facts
    limit = k.electricity_headroom_mw[c] * exp(p.electricity_growth * w.month / 12.0)
    if w.month < w.power_until:
        limit *= p.power_shock_factor
    lift = max(run.home.at[0].power_package, run.home.at[1].power_package)
    taken = 0.0
    for l in (CHIPS, CLOUD):
        taken += (w.capacity[c, l] + w.pending[c, l]) * p.term_years[l] * p.capital_share[l] / p.capital_bn_per_mw
    return limit * (1.0 + p.power_lift * lift) - p.electricity_taken * taken


@compiled
def most_that_runs(run, c, l, taken):
    """The largest new capacity, bn$ a year, that a country's electricity still runs.

    No limit for what takes no megawatts.

    `taken`: MW spoken for.
    """
    p = run.parameters
    if run.on.power == 0 or (l != CHIPS and l != CLOUD):
        return 1e300
    return max(electricity_room(run, c) - taken, 0.0) * p.capital_bn_per_mw / (p.term_years[l] * p.capital_share[l])
