"""Fit and utilisation (DESCRIPTION.md, 7.9), revenue and reputation."""

from stackcraft.model.loop.arithmetic import exp, log
from stackcraft.model.loop.codes import (
    APPLICATIONS,
    CLOUD,
    MODELS,
    N_HOMES,
    N_LAYERS,
    N_PEERS,
    N_SLOTS,
    N_USES,
    OPERATED,
    OPERATING,
    USE_MONTHS,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import government_demand


@compiled
def raw_misfit(a, b):
    """1 - cos^2 of the angle between two mixes."""
    dot, aa, bb = 0.0, 0.0, 0.0
    for i in range(N_USES):
        mine, theirs = 1.0 * a[i], 1.0 * b[i]  # double precision, whatever is stored
        dot += mine * theirs
        aa += mine * mine
        bb += theirs * theirs
    return max(0.0, 1.0 - dot * dot / (aa * bb))


@compiled
def fit(p, misfit, customisation, option_value, turnkey):
    """1 - (1 - cos^2)(1 - customisation / 2)(1 - option value / 2)(1 + 0.3 turnkey), within [0, 1]."""
    worse = (
        misfit
        * (1.0 - p.customisation_fit * customisation)
        * (1.0 - p.option_fit * option_value)
        * (1.0 + p.turnkey_misfit * turnkey)
    )
    return min(max(1.0 - worse, 0.0), 1.0)


@compiled
def offered_mix(p, customisation, country_mix, mix):
    """The mix an offer serves: the standard one, moved to the country's by customisation. Overwrites `mix` (4,)."""
    for i in range(N_USES):
        mix[i] = (1.0 - customisation) * p.standard_mix[i] + customisation * country_mix[i]


@compiled
def expected_fits(run, mix):
    """January: the log fit that a country expects of a vendor at the mix it perceives.

    Later costs of ready-made delivery are unseen.
    """
    w, p = run.state, run.parameters
    for c in range(run.facts.countries):
        for v in range(VENDOR_PLACES):
            offer = run.vendor.at[v]
            offered_mix(p, p.customisation_mix * offer.customisation, w.use_mix[c], mix)
            w.log_fit[c, v] = max(
                fit(p, raw_misfit(mix, w.use_mix[c]), offer.customisation, offer.option_value, 0.0), p.fit_floor
            )
    fits = w.log_fit.reshape(w.log_fit.size)
    for i in range(run.facts.countries * VENDOR_PLACES):  # apart and in one piece, so that it vectorises
        fits[i] = log(fits[i])


@compiled
def trained(p, absorption, capacity_building):
    """A' = A + 0.25 capacity_building (1 - A)."""
    return absorption + p.capacity_building_effect * capacity_building * (1.0 - absorption)


@compiled
def build_skills(run):
    """January: what a country spends on skills builds up over some years, and decays as slowly without it."""
    w, p, k = run.state, run.parameters, run.facts
    gained = 1.0 - exp(-1.0 / p.skills_years) if w.month > 0 else 0.0
    for c in range(run.facts.countries):
        w.skills[c] += gained * (run.importer.at[c].skills - w.skills[c])
        w.absorption[c] = k.absorption[c] + p.skills_effect * w.skills[c] * (1.0 - k.absorption[c])


@compiled
def refresh_deal_fits(run):
    """January: the fit of every operating deal to the mix as it has drifted; new skills bring it into use faster."""
    w, p = run.state, run.parameters
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.stage[c, l, i] == OPERATING:
                    deal = run.deals.at[c, l, i]
                    misfit = raw_misfit(deal.mix, w.use_mix[c])
                    deal.fit = fit(p, misfit, deal.customisation, deal.option_value, deal.turnkey) * deal.sector
                if w.stage[c, l, i] > 0 and w.skills[c] > 0.0:
                    set_pace(run, c, l, i)


@compiled
def set_pace(run, c, l, i):
    """How fast and how far a deal comes into use.

    By the country's absorption and the training that came with it.
    """
    p, deal = run.parameters, run.deals.at[c, l, i]
    absorption = trained(p, run.state.absorption[c], deal.capacity_building)
    deal.ceiling = min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption)
    deal.kept = exp(-(p.use_speed + p.use_speed_absorption * absorption) * USE_MONTHS / 12.0)


@compiled
def use_step(used, demanded, fitted, ceiling, kept):
    """Share in use after a step, exact: it relaxes to min(1, demanded x fit) x ceiling.

    `kept` of the distance remains.

    ceiling = 0.4 + 0.6 A', kept = exp(-(0.3 + 1.2 A') dt); `used` and `demanded` are shares of capacity.
    """
    target = min(1.0, demanded * fitted) * ceiling
    return target + (used - target) * kept


@compiled
def step_use(run, sales):
    """M9, every half-year: use of every operating deal; use by cell and stack; revenue.

    Overwrites `sales`: what vendors earn, bn$, and what is in use, bn$ at reference prices, both a year.
    """
    w, p, k, m, book = run.state, run.parameters, run.facts, run.market, run.book
    years = USE_MONTHS / 12.0
    full = run.on.utilisation == 0
    for l in range(N_LAYERS):
        for v in range(VENDOR_PLACES):
            sales.sold[l, v], sales.used[l, v] = 0.0, 0.0
    for c in range(run.facts.countries):
        paid, e = 0.0, m.offer[c]
        for l in range(N_LAYERS):
            capacity = w.capacity[c, l]
            demanded = government_demand(run, c, l) / max(capacity, 1e-300)
            floor = p.cloud_floor * min(1.0, demanded) if l == CLOUD and not full else 0.0
            used, us, cn = 0.0, 0.0, 0.0
            for i in range(N_SLOTS):
                if w.stage[c, l, i] != OPERATING:
                    continue
                deal = run.deals.at[c, l, i]
                v, size = deal.vendor, deal.capacity
                share = 1.0 if full else use_step(deal.used, demanded, deal.fit, deal.ceiling, deal.kept)
                if deal.mode == OPERATED:
                    share = max(share, floor)
                deal.used = share
                in_use = share * size
                used += in_use
                us += in_use * m.attribution[l, v, 0]
                cn += in_use * m.attribution[l, v, 1]
                paid += size * deal.paid
                sales.sold[l, v] += size * deal.price
                sales.used[l, v] += in_use
                if l == APPLICATIONS:
                    book.app_use[deal.stack] += in_use * years
            if p.organic_layers[l] > 0.0 and run.on.organic:
                for j in range(k.serving_number[l]):
                    v = k.serving[l, j]
                    amount = w.organic[c, l, v]
                    used += amount
                    us += amount * m.attribution[l, v, 0]
                    cn += amount * m.attribution[l, v, 1]
                    paid += amount * m.price[e, l, v]
                    sales.sold[l, v] += amount * m.price[e, l, v]
                    sales.used[l, v] += amount
            w.stock_used[c, l, 0], w.stock_used[c, l, 1], w.stock_used[c, l, 2] = us, cn, max(used - us - cn, 0.0)
            w.used[c, l] = used
            if capacity > 0.0:
                w.experience[c, l] += years
        book.private_spend_bn[c] += paid * years
    for l in range(N_LAYERS):
        for v in range(VENDOR_PLACES):
            earn(run, l, v, sales.sold[l, v] * years)
            if l == MODELS:
                w.data_use[v] += sales.used[l, v] * years


@compiled
def earn(run, l, v, paid):
    """A vendor's revenue abroad, bn$, and what its margin of today leaves of it after research."""
    run.state.revenue[v] += paid
    run.book.profit_bn[v] += paid * (run.market.margin[v] - run.vendor.at[v].rnd_share)
    run.book.revenue_bn[v] += paid
    if run.facts.hub[v] > 0.0:
        for s in range(N_HOMES):
            run.book.reexport_bn[s] += paid * run.market.attribution[l, v, s]


@compiled
def refresh_reputation(run, own):
    """January: mean use of a vendor's deals less `reputation_neutral`, here and in part at peers; 0 without deals.

    `own` (countries, VENDOR_PLACES) is overwritten.
    """
    w, p, k = run.state, run.parameters, run.facts
    countries = run.facts.countries
    for c in range(countries):
        for v in range(VENDOR_PLACES):
            own[c, v] = 0.0
            w.reputation[c, v] = 0.0
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.stage[c, l, i] == OPERATING:
                    deal = run.deals.at[c, l, i]
                    own[c, deal.vendor] += deal.used - p.reputation_neutral
                    w.reputation[c, deal.vendor] += 1.0
        for v in range(k.vendors):
            own[c, v] /= max(w.reputation[c, v], 1.0)
    for c in range(countries):
        for v in range(k.vendors):
            w.reputation[c, v] = (1.0 - p.reputation_peers) * own[c, v]
        for j in range(N_PEERS):
            peer, weight = k.peer_index[c, j], p.reputation_peers * k.peer_weight[c, j]
            for v in range(k.vendors):
                w.reputation[c, v] += weight * own[peer, v]
