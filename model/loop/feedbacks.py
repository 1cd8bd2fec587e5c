"""January: quality from research and data, standards from use, goodwill, vendors' cash (DESCRIPTION.md, 7.8)."""

from stackcraft.model.loop.arithmetic import exp, log, power
from stackcraft.model.loop.codes import CHIPS, MODELS, N_HOMES, N_LAYERS, N_STACKS, VENDOR_PLACES
from stackcraft.model.loop.compiled import compiled


@compiled
def next_quality(quality, best, research, effect, returns, catch_up):
    """q' = q + effect ((1 + RD / mean RD)^returns - 1) + catch_up (q_max - q).

    Before the layer is centred on its best again.
    """
    return quality + effect * (power(1.0 + research, returns) - 1.0) + catch_up * (best - quality)


@compiled
def learn(run, research):
    """Quality of every vendor in every layer it serves. `research` (VENDOR_PLACES,) is overwritten."""
    w = run.state
    if run.on.quality_feedback and w.month > 0:
        learn_from_research(run, research)
    if run.on.data_feedback and w.month > 0:
        learn_from_data(run)
    for l in range(N_LAYERS):
        best = best_quality(run, l)
        for v in range(VENDOR_PLACES):
            if run.facts.serves[l, v] > 0.0:
                w.quality[v, l] -= best
    for v in range(VENDOR_PLACES):
        w.data_use[v] = 0.0


@compiled
def best_quality(run, l):
    """The log quality of the best vendor in a layer."""
    best = -1e9
    for v in range(VENDOR_PLACES):
        if run.facts.serves[l, v] > 0.0:
            best = max(best, run.state.quality[v, l])
    return best


@compiled
def learn_from_research(run, research):
    """Research and catching up move quality; a home's strict controls keep its rival's chips back."""
    w, p, k = run.state, run.parameters, run.facts
    mean, number = 0.0, 0.0
    for v in range(VENDOR_PLACES):
        h = k.vendor_home[v]
        aid = p.state_aid_bn[h] * p.state_aid_share if h >= 0 else 0.0
        research[v] = run.vendor.at[v].rnd_share * (k.home_revenue[v] + w.revenue[v]) + aid
        if k.home_revenue[v] > 0.0:
            mean += research[v]
            number += 1.0
    mean /= max(number, 1.0)
    for l in range(N_LAYERS):
        best = best_quality(run, l)
        for v in range(VENDOR_PLACES):
            if k.serves[l, v] <= 0.0:
                continue
            relative = research[v] / max(mean, 1e-300)
            w.quality[v, l] = next_quality(
                w.quality[v, l], best, relative, p.research_effect, p.research_power, p.catch_up
            )
            h = k.vendor_home[v]
            if l == CHIPS and h >= 0:
                stricter = run.home.at[1 - h].control_strictness - run.home.at[h].control_strictness
                w.quality[v, l] -= p.strictness_chips * max(0.0, stricter)


@compiled
def learn_from_data(run):
    """Use of a vendor's models brings data, as far as it may learn from them, and with them quality."""
    w, p, k = run.state, run.parameters, run.facts
    mean, number = 0.0, 0.0
    for v in range(VENDOR_PLACES):
        if k.serves[MODELS, v] > 0.0:
            mean += w.data_use[v]
            number += 1.0
    mean /= max(number, 1.0)
    for v in range(VENDOR_PLACES):
        if k.serves[MODELS, v] > 0.0 and mean > 0.0:
            offer = run.vendor.at[v]
            w.quality[v, MODELS] += (
                p.data_effect
                * log(1.0 + w.data_use[v] / mean)
                * offer.data_rights
                * (1.0 - run.market.confidential[0, v])
                * (1.0 - offer.open_weights)
            )


@compiled
def shift_standards(run):
    """Standards follow what is in use, smoothed over their memory, and what homes spend on them."""
    w, p = run.state, run.parameters
    if run.on.standards == 0:
        return
    kept = exp(-12.0 / p.standards_months) if w.month > 0 else 0.0
    for l in range(N_LAYERS):
        total = 0.0
        for s in range(N_STACKS):
            used = 0.0
            for c in range(run.facts.countries):
                used += w.stock_used[c, l, s] if w.month > 0 else w.share[c, l, s] * w.capacity[c, l]
            total += used
            run.book.standards_share[l, s] = used
        for s in range(N_STACKS):
            share = run.book.standards_share[l, s] / max(total, 1e-300)
            w.standards[l, s] = kept * w.standards[l, s] + (1.0 - kept) * share
        seen = 0.0
        for s in range(N_STACKS):
            seen += standards_work(run, l, s)
        for s in range(N_STACKS):
            run.book.standards_share[l, s] = standards_work(run, l, s) / max(seen, 1e-300)


@compiled
def standards_work(run, l, s):
    """Standards as buyers see them.

    The installed base and what a home's work on standards, kits and consortia adds.
    """
    w, p = run.state, run.parameters
    if s >= N_HOMES or run.on.standards_lever == 0:
        return w.standards[l, s]
    g = run.home.at[s]
    effort = g.standards + p.standards_kit * g.evaluation_kit + p.standards_consortium * g.consortium_required
    return w.standards[l, s] + p.standards_lever * effort


@compiled
def change_goodwill(run):
    """Goodwill fades, aid feeds it."""
    w, p = run.state, run.parameters
    if run.on.goodwill == 0 or w.month == 0:
        return
    for h in range(N_HOMES):
        for c in range(run.facts.countries):
            w.goodwill[c, h] = min(
                max(p.goodwill_retention * w.goodwill[c, h] + p.goodwill_aid * run.home.at[h].aid_bn, 0.0), 1.0
            )


@compiled
def change_cash(run):
    """Vendors keep part of what they earn, less what they spend on research beyond the usual; others live on cash."""
    w, p, k = run.state, run.parameters, run.facts
    years = w.month / 12.0
    for v in range(VENDOR_PLACES):
        if w.month > 0:
            burn = k.cash[v] / max(k.runway_years[v], 0.1)
            kept = p.vendor_margin - (run.vendor.at[v].rnd_share - p.usual_research)
            earned = kept * (k.home_revenue[v] + w.revenue[v])
            w.cash[v] = max(w.cash[v] + min(earned - p.burn_paid * burn, burn), 0.0)
        w.revenue[v] = 0.0
        for l in range(N_LAYERS):
            w.supply_left[l, v] = k.supply_cap[l, v] * exp(k.supply_growth[l, v] * years)
