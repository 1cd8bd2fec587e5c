"""M8: a deal is signed: what it is, what it costs whom, and when its clock starts."""

from stackcraft.model.loop.beliefs import event
from stackcraft.model.loop.cells import book_cost, free_slot, public_spending
from stackcraft.model.loop.codes import (
    APPLICATIONS,
    CHIPS,
    CLOUD,
    CONCESSIONAL,
    DIRECT,
    FROM_RENEWAL,
    GRANT,
    GUARANTEE,
    LOW_INCOME,
    N_INSTRUMENTS,
    N_SECTORS,
    N_SLOTS,
    NARROW,
    OPERATED,
    OPERATING,
    SOFTWARE,
    SOLD,
    SOVEREIGN,
    SUPPLY,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import naivety
from stackcraft.model.loop.finance import carried_share, default_chance, loss_share, present_value
from stackcraft.model.loop.lifecycle import start_finance
from stackcraft.model.loop.luck import DEAL_CLASS, LICENCE_DELAY, LICENCE_DENIAL, exponential, uniform
from stackcraft.model.loop.market import site_kind, tailoring
from stackcraft.model.loop.utilisation import fit, offered_mix, raw_misfit, set_pace

JUST_BELOW = 0.999
SMALLEST_GRID_GW = 0.01  # a country without figures of its own must not divide by zero


@compiled
def draw_class(run, c, l, v):
    """Sovereign, narrow or software, by the vendor's mix; only chips and cloud come in classes."""
    if l != CHIPS and l != CLOUD:
        return NARROW
    u = uniform(run.state.key, DEAL_CLASS, run.facts.iso_number[c], l, run.state.month, run.facts.vendor_number[v])
    mix = run.vendor.at[v].deal_class
    if run.state.month < run.state.quick_until[v]:
        return SOFTWARE if u > run.parameters.quick_narrow else NARROW
    if u < mix[SOVEREIGN]:
        return SOVEREIGN
    return NARROW if u < mix[SOVEREIGN] + mix[NARROW] else SOFTWARE


@compiled
def take_on(run, c, l, i, v):
    """Write what the vendor and its home offer now into a deal: at signing, and again at a renewal."""
    deal, offer, k, p, m = run.deals.at[c, l, i], run.vendor.at[v], run.facts, run.parameters, run.market
    h = k.vendor_home[v]
    deal.vendor, deal.stack = v, k.vendor_stack[v]
    deal.hosting = m.hosting[v]
    deal.cut, deal.price, deal.paid = m.cut[l, v], m.price[l, v], m.price_now[l, v]
    deal.lock_contract, deal.lock_silicon = offer.lock_contract, offer.lock_silicon
    deal.customisation, deal.turnkey = tailoring(run, v)
    deal.option_value = offer.option_value
    deal.guarantee, deal.capacity_building = 0.0, 0.0
    if h >= 0:
        deal.guarantee = run.home.at[h].supply_bond
        if run.state.subsidy_on[h] > 0.0:
            deal.capacity_building = run.home.at[h].capacity_building
    # Later fit depends on how well the need was understood: a naive buyer asks for the standard mix.
    blind = p.naivety_fit * naivety(run, c, l)
    offered_mix(p, p.customisation_mix * deal.customisation * (1.0 - blind), run.state.use_mix[c], deal.mix)
    deal.sector = 1.0
    if l == APPLICATIONS:
        overlap = 0.0
        for j in range(N_SECTORS):
            overlap += min(offer.sector_focus[j], k.sector_need[c, j])
        deal.sector = p.sector_floor + (1.0 - p.sector_floor) * overlap
    deal.fit = (
        fit(p, raw_misfit(deal.mix, run.state.use_mix[c]), deal.customisation, deal.option_value, deal.turnkey)
        * deal.sector
    )
    set_pace(run, c, l, i)


@compiled
def own_the_cloud(run, c, l, i):
    """A sovereign cloud is the buyer's own, whatever the vendor usually offers: harder to cut off."""
    deal = run.deals.at[c, l, i]
    usual = run.market.mode[l, deal.vendor]
    if l == CLOUD and deal.mode == SOLD and usual == OPERATED:
        deal.cut *= run.parameters.cut_by_mode[SOLD] / max(run.parameters.cut_by_mode[usual], 1e-300)


@compiled
def licence_refused(run, c, l, v):
    """True if the home refuses the export licence of this deal."""
    p, k = run.parameters, run.facts
    h = k.vendor_home[v]
    if h < 0 or run.on.licences == 0 or p.licence_layers[l] <= 0.0:
        return False
    chance = p.denial * run.home.at[h].control_strictness * k.tier[c, h] * p.licence_layers[l]
    if uniform(run.state.key, LICENCE_DENIAL, k.iso_number[c], l, run.state.month, k.vendor_number[v]) >= chance:
        return False
    run.book.licence_denials[h] += 1.0
    event(run, c, h, SUPPLY, p.denial_severity)
    return True


@compiled
def delay_before_finance(run, c, l, i, home):
    """Months until the clock of finance starts.

    Licence, designation, grid, tailoring, consortium, guardrails.
    """
    deal, p, k = run.deals.at[c, l, i], run.parameters, run.facts
    h = k.vendor_home[deal.vendor]
    months = p.customisation_months * deal.customisation if deal.origin != FROM_RENEWAL else 0.0
    if deal.megawatts > 0.0:
        load = min(deal.megawatts / max(k.electricity_capacity[c], SMALLEST_GRID_GW), p.grid_wait_load_limit)
        months += p.grid_wait_share * k.grid_wait[c] * (1.0 + p.grid_wait_load * load)
    if h >= 0:
        g = run.home.at[h]
        if run.on.licences and p.licence_layers[l] > 0.0:
            mean = p.licence_layers[l] * run.market.licence_years[k.tier[c, h], h] * 12.0
            if l == CLOUD and deal.mode == OPERATED:
                mean *= 1.0 - p.fast_lane_cloud * p.fast_lane_effect * g.cloud_counts
            slot = k.vendor_number[deal.vendor] * 2
            site_month = run.state.month
            number = k.iso_number[c]
            waited = (
                0.5
                * mean
                * (
                    exponential(run.state.key, LICENCE_DELAY, number, l, site_month, slot)
                    + exponential(run.state.key, LICENCE_DELAY, number, l, site_month, slot + 1)
                )
            )
            offer = run.vendor.at[deal.vendor]
            close = 1.0 - p.licence_affiliation * offer.affiliation + p.licence_quarrel * max(0.0, -offer.relation)
            months += waited * close
            run.book.licence_months[h] += waited * close
        months += p.guardrail_months * g.guardrail * p.licence_layers[l]
        if deal.megawatts > 0.0:
            months += p.power_months * g.power_package
    if home >= 0:  # the home that supports it asks for its own papers, whatever the vendor's home
        g = run.home.at[home]
        months += (
            g.agency_lag_months + p.elicitation_months * g.elicitation + p.consortium_months * g.consortium_required
        )
    return months


@compiled
def start_draft(draft, c, l, v, origin):
    """Begin the draft of a deal that nobody supports; its size, value and megawatts are still to be written."""
    draft.country, draft.layer, draft.vendor, draft.origin = c, l, v, origin
    draft.package, draft.home, draft.financier, draft.partner, draft.partner_share = -1, -1, -1, -1, 0.0


@compiled
def sign(run, draft):
    """Put the drafted deal into a free slot; returns the slot, or -1 if the cell is full."""
    w, book = run.state, run.book
    c, l, v = draft.country, draft.layer, draft.vendor
    i = free_slot(run, c, l)
    if i < 0:
        book.tenders_postponed += 1.0
        return -1
    deal = run.deals.at[c, l, i]
    take_on(run, c, l, i, v)
    deal.deal_class = draw_class(run, c, l, v)
    mode = run.market.mode[l, v]
    if l == CLOUD and mode == OPERATED and deal.deal_class == SOVEREIGN:
        mode = SOLD
    deal.mode = mode
    own_the_cloud(run, c, l, i)
    approved = draft.value  # announcements may exceed what was approved, financed and supplied
    if l == CHIPS or l == CLOUD:
        announce(run, draft, deal)
        if deal.deal_class == SOFTWARE:
            approved = draft.value
    else:
        draft.megawatts = 0.0
    deal.kind = site_kind(run.parameters, l, draft.megawatts, deal.stack, deal.deal_class, mode)
    clear_deal(deal)
    deal.origin, deal.package = draft.origin, draft.package
    deal.capacity, deal.value, deal.megawatts = draft.size, draft.value, draft.megawatts
    deal.signed, w.ends[c, l, i] = float(w.month), 0.0
    if draft.home >= 0 and draft.financier >= 0:
        consortium = run.home.at[draft.home].consortium_required
        deal.cancel_factor = 1.0 + (run.parameters.consortium_cancel - 1.0) * consortium
        finance_deal(run, draft, deal, approved)
    book_offer(run, c, l, i)
    w.supply_left[l, v] -= approved
    w.pending[c, l] += draft.size
    w.pipeline[c, l] += 1
    w.last_award[c, l], w.last_vendor[c, l] = w.month, v
    book.signed_deals[deal.stack] += 1.0
    book.announced_bn[deal.stack] += draft.value
    start_finance(run, c, l, i, float(w.month), delay_before_finance(run, c, l, i, draft.home))
    return i


@compiled
def announce(run, draft, deal):
    """Size a deal for chips or cloud by its class: software is small, sovereign mega-deals are announced larger."""
    p, book = run.parameters, run.book
    if deal.deal_class == SOFTWARE:
        draft.size, draft.value, draft.megawatts = draft.size * p.software_share, draft.value * p.software_share, 0.0
        book.inroads[deal.stack] += 1.0
        return
    if deal.deal_class == SOVEREIGN and draft.megawatts >= p.mega_mw:
        grown = p.mega_announcement
        draft.size, draft.value, draft.megawatts = draft.size * grown, draft.value * grown, draft.megawatts * grown
    elif deal.deal_class == NARROW and draft.megawatts > p.mega_mw:
        draft.megawatts = p.mega_mw * JUST_BELOW  # a programme of narrow sites, none of them a mega-deal
    if has_inroad(run, draft.country, draft.layer, draft.vendor):
        book.inroads_converted[deal.stack] += 1.0


@compiled
def clear_deal(deal):
    """Reset what an earlier deal may have left in a place."""
    deal.renewals, deal.diverted, deal.holdover, deal.extended, deal.supported = 0, 0, 0, 0, 0
    deal.used, deal.operating, deal.clock = 0.0, 0.0, 0.0
    deal.loan, deal.commitment, deal.grant, deal.rate = 0.0, 0.0, 0.0, 0.0
    deal.financier, deal.instrument, deal.partner, deal.ledger = -1, -1, -1, -1
    deal.partner_ratio, deal.cancel_factor = 0.0, 1.0


@compiled
def has_inroad(run, c, l, v):
    """True where the vendor already runs a software deal in the cell."""
    for i in range(N_SLOTS):
        if (
            run.state.stage[c, l, i] == OPERATING
            and run.deals.at[c, l, i].vendor == v
            and run.deals.at[c, l, i].deal_class == SOFTWARE
        ):
            return True
    return False


@compiled
def finance_deal(run, draft, deal, approved):
    """Split what is financed among the instruments.

    Books grants, subsidy elements, private capital and who carries the risk.
    """
    p, k, book = run.parameters, run.facts, run.book
    c, home, f, shared = draft.country, draft.home, draft.financier, draft.partner_share
    lever = run.financier.at[f]
    mix = lever.instrument_mix
    financed = p.financed_share[draft.layer] * approved
    carried = carried_share(p, lever)
    deal.partner, deal.partner_ratio = draft.partner, shared / (1.0 - shared)
    deal.financier, deal.supported = f, 1
    best = 0
    for j in range(N_INSTRUMENTS):
        if mix[j] > mix[best]:
            best = j
    deal.instrument = best
    deal.commitment = financed * carried * (1.0 - shared)
    deal.rate = 0.01 * lever.rate_pct
    deal.payments_left = max(int(2.0 * (lever.tenor_years - lever.grace_years) + 0.5), 1)
    deal.grace_left = int(2.0 * lever.grace_years + 0.5)
    grant = financed * mix[GRANT] * p.grant_share
    deal.grant = grant
    book.commitments_bn[f] += deal.commitment
    public_spending(run, home, grant + p.overhead_bn)
    lent = financed * (mix[CONCESSIONAL] + mix[DIRECT]) * (1.0 - shared)
    rate = deal.rate - 0.01 * p.concession_points * mix[CONCESSIONAL] / max(mix[CONCESSIONAL] + mix[DIRECT], 1e-12)
    element = lent * (1.0 - present_value(max(rate, 0.0), lever.tenor_years, lever.grace_years, p.discount_rate))
    fees = (
        0.01 * p.guarantee_fee * financed * mix[GUARANTEE] * 0.5 * lever.tenor_years
    )  # half is outstanding on average
    book_cost(run, home, element - fees)
    public = financed * (1.0 - shared)
    ratio = p.private_per_public_low if k.income_group[c] == LOW_INCOME else p.private_per_public
    factor = 1.0 + (p.private_by_guarantee - 1.0) * mix[GUARANTEE]
    book.private_capital_bn[home] += public * ratio * factor + financed * shared
    expected = default_chance(run, c, lever.tenor_years) * loss_share(p, deal.mode)
    book.risk_state_bn[home] += expected * deal.commitment
    book.risk_firm_bn[home] += expected * max(deal.value - deal.commitment - grant, 0.0)


@compiled
def book_offer(run, c, l, i):
    """What every won or renewed deal costs its home, supported or not: subsidy, training."""
    p, deal, k = run.parameters, run.deals.at[c, l, i], run.facts
    h = k.vendor_home[deal.vendor]
    if h < 0:
        return
    if run.state.subsidy_on[h] > 0.0:
        cost = run.home.at[h].subsidy[l] * deal.value
        if cost > 0.0:
            public_spending(run, h, cost)
            run.book.subsidy_cost_bn[h] += cost
    if deal.capacity_building > 0.0:
        public_spending(run, h, p.capacity_building_cost * deal.capacity_building * deal.value)
