"""Fit and utilisation (MODEL 6.9), revenue and reputation."""

from model.loop.arithmetic import exp, log
from model.loop.compiled import compiled
from model.loop.sizes import (
    APPLICATIONS, LAYERS, MODELS, ON_UTILISATION, OPERATED, OPERATING, SLOTS, STACKS, USE_MONTHS, VENDORS,
)


@compiled
def raw_misfit(a, b):
    """1 - cos^2 of the angle between two mixes."""
    dot, aa, bb = 0.0, 0.0, 0.0
    for i in range(4):
        dot += a[i] * b[i]
        aa += a[i] * a[i]
        bb += b[i] * b[i]
    return max(0.0, 1.0 - dot * dot / (aa * bb))


@compiled
def fit(p, misfit, customisation, option_value, turnkey):
    """1 - (1 - cos^2)(1 - customisation / 2)(1 - option value / 2)(1 + 0.3 turnkey), within [0, 1]."""
    worse = misfit * (1.0 - p.customisation_fit * customisation) * (1.0 - p.option_fit * option_value) * (1.0 + p.turnkey_misfit * turnkey)
    return min(max(1.0 - worse, 0.0), 1.0)


@compiled
def offered_mix(p, customisation, country_mix, mix):
    """The mix an offer serves: the standard one, moved to the country's by customisation. Overwrites `mix` (4,)."""
    for i in range(4):
        mix[i] = (1.0 - customisation) * p.standard_mix[i] + customisation * country_mix[i]


@compiled
def expected_fits(run, mix):
    """January: the log fit that each country expects of each vendor, at the mix it perceives now."""
    w, p = run.state, run.parameters
    for c in range(w.demand.shape[0]):
        for v in range(VENDORS):
            offer = run.vendor[v]
            offered_mix(p, offer.customisation, w.use_mix[c], mix)
            w.log_fit[c, v] = log(max(fit(p, raw_misfit(mix, w.use_mix[c]), offer.customisation, offer.option_value, offer.turnkey), 0.05))


@compiled
def trained(p, absorption, capacity_building):
    """A' = A + 0.25 capacity_building (1 - A)."""
    return absorption + p.capacity_building_effect * capacity_building * (1.0 - absorption)


@compiled
def use_step(p, used, demanded, fitted, absorption, months):
    """Share in use after `months`, exact: it relaxes to min(1, demanded x fit) (0.4 + 0.6 A') at the rate 0.3 + 1.2 A' a year.

    `used` and `demanded` are shares of capacity.
    """
    target = min(1.0, demanded * fitted) * (p.use_ceiling + p.use_ceiling_absorption * absorption)
    rate = p.use_speed + p.use_speed_absorption * absorption
    return target + (used - target) * exp(-rate * months / 12.0)


@compiled
def step_use(run):
    """M9, every quarter: use of every operating deal; use by cell and stack; revenue."""
    w, p, k, book = run.state, run.parameters, run.facts, run.book
    countries = w.demand.shape[0]
    quarter = USE_MONTHS / 12.0
    for c in range(countries):
        for l in range(LAYERS):
            capacity = w.capacity[c, l]
            organic = p.organic_layers[l] * k.organic_share[c]
            demand = w.demand[c, l] * (1.0 - organic)
            demanded = demand / max(capacity, 1e-300)
            used = 0.0
            for s in range(STACKS):
                w.stock_used[c, l, s] = 0.0
            for i in range(SLOTS):
                if w.stage[c, l, i] != OPERATING:
                    continue
                deal = run.deals[c, l, i]
                trained_absorption = trained(p, k.absorption[c], deal.capacity_building)
                if run.on[ON_UTILISATION]:
                    fitted = fit(p, raw_misfit(deal.mix, w.use_mix[c]), deal.customisation, deal.option_value, deal.turnkey) * deal.sector
                    share = use_step(p, deal.used, demanded, fitted, trained_absorption, USE_MONTHS)
                    if deal.mode == OPERATED and l == 2:
                        share = max(share, p.cloud_floor * min(1.0, demanded))
                    deal.used = share
                else:
                    deal.used = 1.0
                in_use = deal.used * deal.capacity
                used += in_use
                for s in range(STACKS):
                    w.stock_used[c, l, s] += in_use * run.market.attribution[l, deal.vendor, s]
                earn(run, c, l, deal.vendor, deal.capacity * quarter)
                if l == MODELS:
                    w.data_use[deal.vendor] += in_use * quarter
                if l == APPLICATIONS:
                    book.app_use[deal.stack] += in_use * quarter
            if organic > 0.0:
                for v in range(VENDORS):
                    amount = w.organic[c, l, v]
                    if amount > 0.0:
                        used += amount
                        for s in range(STACKS):
                            w.stock_used[c, l, s] += amount * run.market.attribution[l, v, s]
                        earn(run, c, l, v, amount * quarter)
                        if l == MODELS:
                            w.data_use[v] += amount * quarter
            w.used[c, l] = used
            if capacity > 0.0:
                w.experience[c, l] += quarter


@compiled
def earn(run, c, l, v, amount):
    """A vendor's revenue abroad, and what the country spent."""
    paid = amount * run.market.price[l, v]
    run.state.revenue[v] += paid
    run.book.revenue_bn[v] += paid
    run.book.private_spend_bn[c] += paid
    if run.facts.hub[v] > 0.0:
        run.book.reexport_bn += paid * (1.0 - run.market.attribution[l, v, run.facts.vendor_stack[v]])


@compiled
def refresh_reputation(run, own):
    """January: (mean use of a vendor's operating deals less 0.6) / 2, half from here, half from peers; 0 without deals.

    `own` (countries, VENDORS) is overwritten.
    """
    w, p, k = run.state, run.parameters, run.facts
    countries = w.demand.shape[0]
    for c in range(countries):
        for v in range(VENDORS):
            own[c, v] = 0.0
            w.reputation[c, v] = 0.0
        for l in range(LAYERS):
            for i in range(SLOTS):
                if w.stage[c, l, i] == OPERATING:
                    deal = run.deals[c, l, i]
                    own[c, deal.vendor] += deal.used - p.reputation_neutral
                    w.reputation[c, deal.vendor] += 1.0
        for v in range(VENDORS):
            if w.reputation[c, v] > 0.0:
                own[c, v] /= w.reputation[c, v]
    for c in range(countries):
        for v in range(VENDORS):
            w.reputation[c, v] = 0.5 * own[c, v]
        for j in range(k.peer_index.shape[1]):
            peer, weight = k.peer_index[c, j], k.peer_weight[c, j]
            for v in range(VENDORS):
                w.reputation[c, v] += 0.5 * weight * own[peer, v]
