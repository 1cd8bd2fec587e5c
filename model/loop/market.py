"""Prices and attributes of this year's offers (DESCRIPTION.md, 7.3 and 7.4).

They depend on vendor and layer. A buyer to whom a home makes exceptions, or who requires something of bidders, is made
an offer of its own; all others are made offer 0.
"""

import numpy as np

from stackcraft.model.loop.arithmetic import exp, log, power
from stackcraft.model.loop.codes import (
    APPLICATIONS,
    CHIPS,
    CLOUD,
    CLOUD_REGION,
    CN,
    CN_MEGA,
    INDEPENDENT,
    MID,
    MODELS,
    MODULAR,
    N_HOMES,
    N_LAYERS,
    N_STACKS,
    N_TIERS,
    NARROW,
    NETWORK,
    NETWORK_SITE,
    OPERATED,
    PARTNER,
    SELF_HOSTED,
    SOFTWARE,
    SOFTWARE_SITE,
    SOLD,
    SOVEREIGN,
    US_MEGA,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.feedbacks import standards_work

MOST_DENIED = 0.95  # keeps the logarithm of the chance of a licence finite
LEAST_TEAMS = 1e-3  # the same for a vendor's teams over their mean


@compiled
def both(government, vendor):
    """Two actors that hold the same lever: the offer is 1 - (1 - gov)(1 - vendor)."""
    return 1.0 - (1.0 - government) * (1.0 - vendor)


@compiled
def site_mw(p, megawatts, deal_class):
    """MW of each of a deal's sites: as few as keep each below the largest that its class builds.

    Only sovereign deals build mega-sites; whatever else is large is a programme of smaller ones.
    """
    largest = max(p.largest_site_mw, p.mega_mw) if deal_class == SOVEREIGN else p.mega_mw
    return megawatts / (int(megawatts / largest) + 1)


@compiled
def agreed(general, exception):
    """The value of a home's lever in a country: the exception where there is one, else the general value."""
    return general if np.isnan(exception) else exception


@compiled
def differs(general, exception):
    """True where an exception stands and says something else than the general value."""
    return not np.isnan(exception) and exception != general


@compiled
def made_exceptions(run, c):
    """True if a home's offers differ here: another promise, subsidy or respect for the country's rules."""
    for h in range(N_HOMES):
        g = run.home.at[h]
        if (
            differs(g.supply_bond, g.supply_bond_in[c])
            or differs(g.local_hosting, g.local_hosting_in[c])
            or differs(g.confidential_computing, g.confidential_computing_in[c])
            or differs(g.evaluation_kit, g.evaluation_kit_in[c])
            or differs(g.respect_regulation, g.respect_regulation_in[c])
        ):
            return True
        for l in range(N_LAYERS):
            if differs(g.subsidy[l], g.subsidy_in[c, l]):
                return True
    return False


@compiled
def requires_something(buyer):
    """True if a country asks anything of bidders that costs them."""
    return (
        buyer.require_hosting > 0.0
        or buyer.require_evaluation > 0.0
        or buyer.require_training > 0.0
        or buyer.require_exit > 0.0
    )


@compiled
def site_kind(p, layer, megawatts, stack, deal_class, mode):
    """The row of the life-cycle tables that a deal follows, by the power of each of its sites.

    `megawatts`: of all of them.
    """
    if layer == NETWORK:
        return NETWORK_SITE
    if layer != CHIPS and layer != CLOUD:
        return SOFTWARE_SITE
    if deal_class == SOFTWARE:
        return SOFTWARE_SITE
    if layer == CLOUD and mode == OPERATED and deal_class != SOVEREIGN:
        return CLOUD_REGION
    site = site_mw(p, megawatts, deal_class)
    if site >= p.mega_mw:
        if stack == INDEPENDENT:
            return MID  # a judgement: independents build no mega-deals of their own kind
        return CN_MEGA if stack == CN else US_MEGA
    return MODULAR if site < p.modular_mw else MID


@compiled
def base_cut(p, mode, open_weights):
    """How easily a seller can cut a buyer off, by mode, before hosting and confidential computing.

    Closed weights count as operated.
    """
    cut = p.cut_by_mode[mode]
    if mode == SELF_HOSTED:
        cut += (p.cut_by_mode[OPERATED] - cut) * (1.0 - open_weights)
    return cut


@compiled
def tailoring(run, v):
    """Customisation and turnkey delivery of what a vendor offers now.

    For quick wins it tailors little and delivers ready-made.
    """
    offer, p = run.vendor.at[v], run.parameters
    if run.state.month < run.state.quick_until[v]:
        return p.quick_customisation * offer.customisation, max(offer.turnkey, p.quick_turnkey)
    return offer.customisation, offer.turnkey


@compiled
def mode_of(layer, open_weights, deal_class_sovereign, partner):
    """Sold, operated, operated by a partner or self-hosted.

    A buyer owns a sovereign cloud; open models are hosted by the buyer.
    """
    if layer == MODELS:
        return SELF_HOSTED if open_weights > 0.0 else OPERATED
    if layer == CLOUD:
        if partner:
            return PARTNER
        return SOLD if deal_class_sovereign >= 0.5 else OPERATED
    return SOLD if layer == NETWORK or layer == CHIPS else PARTNER


@compiled
def pass_through_price(ratio, share):
    """Log of the buyer's whole cost when the list price is `ratio` times the reference and moves `share` of it."""
    return log(1.0 + share * (ratio - 1.0))


@compiled
def refresh_market(run):
    """Compute the market record from levers, parameters and the state of vendors."""
    m, p = run.market, run.parameters
    for v in range(VENDOR_PLACES):
        refresh_vendor(run, v)
        for home in range(N_HOMES):
            m.intensity[home, v] = support_intensity(run, home, v)
    refresh_offer(run, 0)
    for c in range(run.facts.countries):
        m.offer[c] = 0
        if made_exceptions(run, c) or requires_something(run.importer.at[c]):
            m.offer[c] = c + 1
            refresh_offer(run, c + 1)
    for s in range(N_STACKS):
        refresh_stack(run, s)
        for l in range(N_LAYERS):
            m.log_standards[l, s] = log(max(standards_work(run, l, s), p.standards_floor))
    m.outside = exp(p.outside_option)
    subsidise(run)
    run.state.market_stale = 0


@compiled
def refresh_offer(run, e):
    """Offer `e` of every vendor: 0, or that of the country at place `e - 1`."""
    for v in range(VENDOR_PLACES):
        factor = refresh_terms(run, e, v)
        for l in range(N_LAYERS):
            refresh_product(run, e, l, v, factor)


@compiled
def refresh_vendor(run, v):
    """What a vendor brings to all buyers alike: how it is seen, its margin, how readily its bids are considered."""
    m, p, h, offer = run.market, run.parameters, run.facts.vendor_home[v], run.vendor.at[v]
    affiliation, advocacy, advocates = 0.0, p.independent_advocacy, 0.0
    if h >= 0:
        g = run.home.at[h]
        advocates = g.advocacy
        affiliation = offer.affiliation * (1.0 - g.deniability) * (1.0 - p.affiliation_industry_led * g.industry_led)
        advocacy = (
            g.advocacy * (1.0 - p.advocacy_industry_led * g.industry_led)
            + p.advocacy_consortium * g.consortium_required
        )
    m.affiliation[v] = affiliation
    m.distrusted[v] = affiliation * (1.0 - p.distrust_quarrel * max(0.0, -offer.relation))
    m.distrusted[v] *= 1.0 + p.distrust_advocacy * advocates
    usual = 1.0 + run.facts.usual_markup[v]
    m.margin[v] = offer.markup / (1.0 + offer.markup)
    m.volume[v] = power(usual / (1.0 + offer.markup), p.budget_bound)
    customisation, _ = tailoring(run, v)
    m.considered[v] = p.considered_base + p.considered_advocacy * advocacy - p.customisation_teams * customisation
    partner = run.facts.vendor_stack[v] == INDEPENDENT and run.facts.domestic[v] == 0.0 and run.facts.hub[v] == 0.0
    for l in range(N_LAYERS):
        m.mode[l, v] = mode_of(l, offer.open_weights if l == MODELS else 0.0, offer.deal_class[SOVEREIGN], partner)
        refresh_attribution(run, l, v)


@compiled
def refresh_terms(run, e, v):
    """The terms of offer `e` of a vendor on every layer; returns the factor that it puts on its prices.

    What a buyer requires beyond them, bidders meet: a part of what it costs goes into the price, the rest comes off
    their margin.
    """
    m, p, h, offer, c = run.market, run.parameters, run.facts.vendor_home[v], run.vendor.at[v], e - 1
    hosting, confidential, lock = offer.local_hosting, offer.confidential_computing, offer.lock_contract
    respect, surcharge, kit, training = 0.0, 0.0, 0.0, 0.0
    if h >= 0:
        g = run.home.at[h]
        bond, hosted, sealed = g.supply_bond, g.local_hosting, g.confidential_computing
        respect, kit, training = g.respect_regulation, g.evaluation_kit, g.capacity_building
        if c >= 0:
            bond, hosted = agreed(bond, g.supply_bond_in[c]), agreed(hosted, g.local_hosting_in[c])
            sealed = agreed(sealed, g.confidential_computing_in[c])
            respect, kit = agreed(respect, g.respect_regulation_in[c]), agreed(kit, g.evaluation_kit_in[c])
            training = agreed(training, g.capacity_building_in[c])
        hosting, confidential = both(hosted, hosting), both(sealed, confidential)
        surcharge = (
            p.supply_bond_price * bond
            + p.evaluation_price * kit
            + p.guardrail_price * g.guardrail
            + p.consortium_price * g.consortium_required
        )
    required = 0.0
    if c >= 0:
        buyer = run.importer.at[c]
        required = p.evaluation_price * max(buyer.require_evaluation - kit, 0.0)
        required += p.capacity_building_cost * max(buyer.require_training - training, 0.0)
        required += p.exit_price * buyer.require_exit
        if run.facts.domestic[v] == 0.0:  # a domestic seller is at home already
            required += p.hosting_price * max(buyer.require_hosting - hosting, 0.0)
        lock *= 1.0 - buyer.require_exit
    hosted_price = p.hosting_price * hosting
    if c >= 0:
        hosting = max(hosting, run.importer.at[c].require_hosting)
    m.burden[e, v] = (1.0 - p.requirement_passed) * required
    m.hosting[e, v], m.confidential[e, v], m.respect[e, v] = hosting, confidential, respect
    m.lock_contract[e, v], m.lock[e, v] = lock, lock + offer.lock_silicon
    customisation, _ = tailoring(run, v)
    return (
        (1.0 + offer.markup)
        / (1.0 + run.facts.usual_markup[v])
        * (
            1.0
            + surcharge
            + hosted_price
            + p.confidential_price * confidential
            + p.customisation_price * customisation
            + p.option_price * offer.option_value
            - p.silicon_rebate * offer.lock_silicon * run.facts.own_silicon[v]
            + p.requirement_passed * required
        )
    )


@compiled
def refresh_product(run, e, l, v, factor):
    """Offer `e` of a vendor on one layer; `factor` is what it puts on its prices."""
    m, p, k, offer = run.market, run.parameters, run.facts, run.vendor.at[v]
    price = price_of(run, l, v) * factor
    m.log_price[e, l, v] = pass_through_price(price, p.pass_through[l]) if run.on.price else 0.0
    m.price[e, l, v] = exp(m.log_price[e, l, v])
    cut = base_cut(p, m.mode[l, v], offer.open_weights if l == MODELS else 0.0)
    cut *= 1.0 - p.cut_hosting * m.hosting[e, v]
    cut *= 1.0 - p.cut_confidential * m.confidential[e, v]
    if k.domestic[v] > 0.0:
        cut *= p.cut_domestic
    m.cut[e, l, v] = cut
    data = offer.data_rights if l == MODELS or l == APPLICATIONS or l == CLOUD else 0.0
    seen = cut * (1.0 + m.lock_contract[e, v]) * (1.0 + p.control_data_rights * data)
    silicon = cut * offer.lock_silicon * (1.0 + p.control_data_rights * data)
    m.control_at_sale[e, l, v] = seen + (1.0 - p.hidden_silicon) * silicon
    m.control_at_renewal[e, l, v] = seen + silicon


@compiled
def refresh_attribution(run, l, v):
    """How long a vendor takes to deliver on a layer, and to which stacks its sales are attributed."""
    m, p, k, offer, stack = run.market, run.parameters, run.facts, run.vendor.at[v], run.facts.vendor_stack[v]
    mode = m.mode[l, v]
    customisation, turnkey = tailoring(run, v)
    kind = site_kind(p, l, p.modular_mw, stack, NARROW, mode)
    months = (p.finance_months[kind] + p.build_months[kind]) * (1.0 - p.turnkey_speed * turnkey)
    months += p.customisation_months * customisation
    m.years[l, v] = months / 12.0
    reexport = offer.reexport if run.on.reexport else 0.0
    for s in range(N_STACKS):
        share = k.attribution[l, v, s]
        if k.hub[v] > 0.0:
            own = 1.0 if s == stack else 0.0
            share = (1.0 - reexport) * own + reexport * share
        m.attribution[l, v, s] = share


@compiled
def price_of(run, l, v):
    """A vendor's price on a layer over the reference.

    What it costs, open models, power that a home brings, tariffs.
    """
    p, h, ratio = run.parameters, run.facts.vendor_home[v], run.facts.price_ratio[l, v]
    if l == MODELS:
        ratio *= 1.0 - p.open_weights_rebate * run.vendor.at[v].open_weights
    if h >= 0 and (l == CHIPS or l == CLOUD):
        ratio *= 1.0 + p.power_price * run.home.at[h].power_package
    if h >= 0 and (l == NETWORK or l == CHIPS) and run.state.month < run.state.tariff_until[h]:
        ratio *= 1.0 + p.tariff_price * run.state.tariff_size[h]
    return ratio


@compiled
def refresh_stack(run, s):
    """How a stack's home frames its offers, and how long and how surely its licences come.

    Nothing for independents.
    """
    m, p = run.market, run.parameters
    m.framing_geopolitical[s], m.framing_values[s] = 0.0, 0.0
    for tier in range(N_TIERS):
        m.log_accepted[tier, s], m.licence_years[tier, s] = 0.0, 0.0
    if s >= N_HOMES:
        return
    g = run.home.at[s]
    m.framing_geopolitical[s] = g.frame_geopolitical * (1.0 - p.framing_industry_led * g.industry_led)
    m.framing_values[s] = g.frame_values * (1.0 - p.framing_industry_led * g.industry_led)
    if run.on.licences == 0:
        return
    for tier in range(N_TIERS):
        m.log_accepted[tier, s] = log(1.0 - min(p.denial * g.control_strictness * tier, MOST_DENIED))
        months = (
            p.licence_months[tier]
            * (p.licence_lenient + g.control_strictness)
            * (1.0 - p.fast_lane_effect * g.fast_lane)
        )
        m.licence_years[tier, s] = months / 12.0


@compiled
def subsidise(run):
    """Prices with the subsidies that are being paid."""
    subsidise_offer(run, 0)
    for c in range(run.facts.countries):
        if run.market.offer[c] > 0:
            subsidise_offer(run, c + 1)


@compiled
def subsidise_offer(run, e):
    """The same of offer `e`."""
    m, k = run.market, run.facts
    price_on = run.on.price != 0
    for v in range(VENDOR_PLACES):
        h = k.vendor_home[v]
        subsidised = h >= 0 and price_on and run.state.subsidy_on[h] > 0.0
        for l in range(N_LAYERS):
            m.log_price_now[e, l, v] = m.log_price[e, l, v]
            if subsidised:
                subsidy = run.home.at[h].subsidy[l]
                if e > 0:
                    subsidy = agreed(subsidy, run.home.at[h].subsidy_in[e - 1, l])
                m.log_price_now[e, l, v] += log(1.0 - subsidy)
            m.price_now[e, l, v] = exp(m.log_price_now[e, l, v])


@compiled
def support_intensity(run, home, v):
    """How far a home's support reaches a vendor, 0-1: its own by closeness, allied vendors by `allied_content`."""
    p, k, offer, g = run.parameters, run.facts, run.vendor.at[v], run.home.at[home]
    if k.vendor_home[v] == home:
        if g.consortium_required > 0.0 and k.home_revenue[v] < p.ready_revenue_bn:
            ready = 1.0 - g.consortium_required
        else:
            ready = 1.0
        close = min(1.0, p.support_closeness * offer.affiliation)
        return ready * close * (1.0 - p.support_deniability * g.deniability) * (1.0 - max(0.0, -offer.relation))
    if k.vendor_home[v] < 0 and k.domestic[v] == 0.0 and k.hub[v] == 0.0:
        return g.allied_content
    return 0.0


@compiled
def team_weights(run):
    """Log of the teams a vendor spends on a country over their mean.

    Left open, teams go to clear buyers and large demand.
    """
    m, p, k = run.market, run.parameters, run.facts
    countries = run.facts.countries
    limit = p.team_weight_limit
    for v in range(VENDOR_PLACES):
        teams_set = not np.isnan(run.vendor.at[v].teams[0])
        total = 0.0
        for c in range(countries):
            if teams_set:
                x = run.vendor.at[v].teams[c]
            else:
                x = run.importer.at[c].clarity * np.sqrt(np.sqrt(k.demand_share[c] * countries))
            m.team_weight[c, v] = x
            total += x
        for c in range(countries):
            relative = m.team_weight[c, v] * countries / max(total, 1e-12)
            m.team_weight[c, v] = min(max(log(max(relative, LEAST_TEAMS)), -limit), limit)
