"""Demand, what governments make of it, and the organic channel (DESCRIPTION.md, 7.1)."""

from stackcraft.model.loop.arithmetic import exp, root
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
    SIGNED,
    SOFTWARE,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import CHAMPION, DEMAND_BIAS, USE_MIX, gaussian, uniform

LEAST_USE = 0.01  # no kind of use drifts out of a country's mix


@compiled
def growth_factor(growth, fade, years):
    """exp(g tau (1 - exp(-t / tau))): growth that fades."""
    return exp(growth * fade * (1.0 - exp(-years / fade)))


@compiled
def years_grown(run):
    """Years for which demand has grown by the model's own rates; none while the facts give it (a hindcast)."""
    return max(run.state.month / 12.0 - run.facts.given_years, 0.0)


@compiled
def grow_demand(run):
    """M3: demand of this quarter in every cell.

    While the facts give it, it goes evenly, in logs, from the figure of one January to that of the next.
    """
    w, p, k = run.state, run.parameters, run.facts
    years = years_grown(run) if run.on.demand_growth else 0.0
    passed = (w.month % 12) / 12.0
    bust = p.bust_demand if run.on.bust and w.month < w.bust_until else 1.0
    for group in range(N_INCOME_GROUPS):
        wealth = exp(p.gdp_growth[group] * years) * bust
        for l in range(N_LAYERS):
            run.market.growth[group, l] = growth_factor(p.growth[l], p.growth_fade_years, years) * wealth
    for c in range(run.facts.countries):
        group = k.income_group[c]
        distress = p.debt_distress_demand if w.month < w.debt_until[c] else 1.0
        for l in range(N_LAYERS):
            w.demand[c, l] = k.demand[c, l] * run.market.growth[group, l] * distress
            if k.given_growth[c, l] != 0.0:
                w.demand[c, l] *= exp(k.given_growth[c, l] * passed)


@compiled
def government_demand(run, c, l):
    """Demand less the share that firms and people meet on their own."""
    if run.on.organic == 0:
        return run.state.demand[c, l]
    return run.state.demand[c, l] * (1.0 - run.parameters.organic_layers[l] * run.facts.organic_share[c])


@compiled
def unclear(run, c):
    """What a buyer does not know of its needs: less with its own clarity and with work that sellers pay for."""
    p, elicited = run.parameters, 0.0
    if run.on.elicitation:
        elicited = 1.0 - (1.0 - run.home.at[0].elicitation) * (1.0 - run.home.at[1].elicitation)
    return (1.0 - p.elicitation_effect * elicited) * (1.0 - p.clarity_effect * run.importer.at[c].clarity)


@compiled
def naivety(run, c, l):
    """How naive a buyer still is: what it does not know of its needs fades with experience."""
    return exp(-run.state.experience[c, l] / run.parameters.experience_years) * unclear(run, c)


@compiled
def perceived_demand(run, c, l):
    """D exp(bias), drawn for this tender: present compute is over-rated, future use under-rated.

    Computing for show is no error that experience mends; how far a single tender is off goes with what is not known.
    """
    w, p = run.state, run.parameters
    demand = government_demand(run, c, l)
    if run.on.demand_bias == 0:
        return demand
    sign = p.bias_layer[l]
    show = p.prestige_bias * run.importer.at[c].prestige if sign > 0.0 else 0.0
    spread = p.bias_spread * unclear(run, c)
    drawn = gaussian(w.key, DEMAND_BIAS, run.facts.iso_number[c], l, w.month, 0)
    # The spread's mean effect on the level is taken out, so that only naivety tilts demand.
    return demand * exp(sign * (p.bias * naivety(run, c, l) + show) + spread * drawn - 0.5 * spread * spread)


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

    stock' = stock + (1 - exp(-dt / term)) (demand P(v) volume - stock)
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
                bought = wanted * w.organic_choice[c, l, v] * run.market.volume[v]
                change = moved * (bought - w.organic[c, l, v])
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
def largest_deal(run, c, l):
    """The largest capacity, bn$ a year, that one deal may cover: its value is a declared share of the country's GDP.

    Beyond a GDP of `deal_gdp_bn` at the start it goes by the root of GDP: sites and vendors do not grow with the
    buyer. GDP grows as it does in demand. What a tender leaves out is bought in later ones.
    """
    p, k = run.parameters, run.facts
    years = years_grown(run) if run.on.demand_growth else 0.0
    gdp = k.gdp[c] * exp(p.gdp_growth[k.income_group[c]] * years)
    large = min(1.0, root(p.deal_gdp_bn / max(k.gdp[c], 1e-300)))
    return p.deal_share_of_gdp * large * gdp / p.term_years[l]


@compiled
def bought(run, c, l, v, size):
    """What a size asked for buys of a vendor, bn$ a year.

    Money buys less at a higher mark-up, and never more than one deal may be.
    """
    return min(size * run.market.volume[v], largest_deal(run, c, l))


@compiled
def megawatts_of(p, l, capacity):
    """MW that the capital part of a contract for `capacity`, bn$ a year, builds, at the usual capital cost.

    Only chips and cloud take electricity; on other layers it measures size alone.
    """
    return capacity * p.term_years[l] * p.capital_share[l] / p.capital_bn_per_mw


@compiled
def power_of_deal(p, l, deal_class, value, announced):
    """MW of a deal's data centres: what is built of its `value`, bn$, over the capital cost of a MW.

    Software brings no data centre, nor does any layer but chips and cloud. Power that was `announced` (MW, 0 for none)
    stands as far as the capital cost stays between the usual and the dearest.
    """
    if (l != CHIPS and l != CLOUD) or deal_class == SOFTWARE:
        return 0.0
    built = value * p.capital_share[l]
    most = built / p.capital_bn_per_mw
    if announced <= 0.0:
        return most
    return min(max(announced, built / max(p.dearest_bn_per_mw, p.capital_bn_per_mw)), most)


@compiled
def power_of_organic(run, c):
    """MW of what firms and people run on their own in a country."""
    total = 0.0
    for l in (CHIPS, CLOUD):
        stock = 0.0
        for v in range(VENDOR_PLACES):
            stock += run.state.organic[c, l, v]
        total += megawatts_of(run.parameters, l, stock)
    return total


@compiled
def power_of_deals(run, c, from_stage):
    """MW of a country's deals that have come as far as a stage; every stage counts from SIGNED on."""
    total = 0.0
    for l in (CHIPS, CLOUD):
        for i in range(N_SLOTS):
            if run.state.stage[c, l, i] >= from_stage:
                total += run.deals.at[c, l, i].megawatts
    return total


@compiled
def electricity_room(run, c):
    """MW that data centres may still take in a country: the limit less what runs and what is on its way."""
    w, p, k = run.state, run.parameters, run.facts
    limit = k.electricity_headroom_mw[c] * exp(p.electricity_growth * w.month / 12.0)
    if w.month < w.power_until:
        limit *= p.power_shock_factor
    lift = max(run.home.at[0].power_package, run.home.at[1].power_package)
    taken = power_of_organic(run, c) + power_of_deals(run, c, SIGNED)
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
    return max(electricity_room(run, c) - taken, 0.0) / megawatts_of(p, l, 1.0)
