"""M8: a deal is signed: what it is, what it costs whom, and when its clock starts."""

from stackcraft.model.loop.beliefs import event
from stackcraft.model.loop.cells import book_cost, free_slot, public_spending
from stackcraft.model.loop.codes import (
    APPLICATIONS,
    CHIPS,
    CLOUD,
    FROM_RENEWAL,
    GUARANTEE,
    LOW_INCOME,
    N_HOMES,
    N_SECTORS,
    N_SLOTS,
    NARROW,
    OPERATED,
    OPERATING,
    SCRIPTED,
    SOFTWARE,
    SOLD,
    SOVEREIGN,
    SUPPLY,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import bought, naivety, power_of_deal
from stackcraft.model.loop.finance import carried, default_chance, loss_share, money_of, rate_of_loan
from stackcraft.model.loop.lifecycle import start_finance
from stackcraft.model.loop.luck import DEAL_CLASS, LICENCE_DELAY, LICENCE_DENIAL, VENDOR_NUMBERS, exponential, uniform
from stackcraft.model.loop.market import agreed, site_kind, site_mw, tailoring
from stackcraft.model.loop.utilisation import fit, offered_mix, raw_misfit, set_pace

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
def paid_training(run, c, h):
    """Training that a vendor's home pays for in a country, while there is money for it; 0 for independents."""
    if h < 0 or run.state.subsidy_on[h] <= 0.0:
        return 0.0
    return agreed(run.home.at[h].capacity_building, run.home.at[h].capacity_building_in[c])


@compiled
def take_on(run, c, l, i, v):
    """Write what the vendor and its home offer now into a deal: at signing, and again at a renewal."""
    deal, offer, k, p, m = run.deals.at[c, l, i], run.vendor.at[v], run.facts, run.parameters, run.market
    h = k.vendor_home[v]
    deal.vendor, deal.stack = v, k.vendor_stack[v]
    e, buyer = m.offer[c], run.importer.at[c]
    deal.hosting = m.hosting[e, v]
    deal.cut, deal.price, deal.paid = m.cut[e, l, v], m.price[e, l, v], m.price_now[e, l, v]
    deal.lock_contract, deal.lock_silicon = m.lock_contract[e, v], offer.lock_silicon
    deal.customisation, deal.turnkey = tailoring(run, v)
    deal.option_value = offer.option_value
    deal.supply_bond, deal.capacity_building = 0.0, max(paid_training(run, c, h), buyer.require_training)
    if h >= 0:
        deal.supply_bond = agreed(run.home.at[h].supply_bond, run.home.at[h].supply_bond_in[c])
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
    """The home that refuses the export licence of this deal, or -1.

    A home controls what is made of its stack: all of its own vendors' sales, and its part of others' that run on it.
    """
    p, k = run.parameters, run.facts
    if run.on.licences == 0 or p.licence_layers[l] <= 0.0:
        return -1
    for h in range(N_HOMES):
        chance = p.denial * run.home.at[h].control_strictness * k.tier[c, h] * p.licence_layers[l]
        chance *= run.market.attribution[l, v, h] * (1.0 - p.compact_licence * run.home.at[h].compact[c])
        slot = k.vendor_number[v] + h * VENDOR_NUMBERS
        if uniform(run.state.key, LICENCE_DENIAL, k.iso_number[c], l, run.state.month, slot) < chance:
            run.book.licence_denials[h] += 1.0
            event(run, c, h, SUPPLY, p.denial_severity)
            return h
    return -1


@compiled
def delay_before_finance(run, c, l, i, home):
    """Months until the clock of finance starts.

    Licence, designation, grid, tailoring, consortium, guardrails.
    """
    deal, p, k = run.deals.at[c, l, i], run.parameters, run.facts
    h = k.vendor_home[deal.vendor]
    months = p.customisation_months * deal.customisation if deal.origin != FROM_RENEWAL else 0.0
    if deal.megawatts > 0.0:
        site = site_mw(p, deal.megawatts, deal.deal_class)
        load = min(site / max(k.electricity_capacity[c], SMALLEST_GRID_GW), p.grid_wait_load_limit)
        wait = p.grid_wait_share * k.grid_wait[c] * (1.0 + p.grid_wait_load * load)
        months += wait * (p.power_shock_wait if run.state.month < run.state.power_until else 1.0)
    if h >= 0:
        g = run.home.at[h]
        if run.on.licences and p.licence_layers[l] > 0.0:
            mean = p.licence_layers[l] * run.market.licence_years[k.tier[c, h], h] * 12.0
            mean *= 1.0 - p.compact_licence * g.compact[c]
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
    """Begin the draft of a deal that nobody supports; its size and value are still to be written."""
    draft.country, draft.layer, draft.vendor, draft.origin = c, l, v, origin
    draft.announced_mw = 0.0
    draft.package, draft.home, draft.financier, draft.partner, draft.partner_share = -1, -1, -1, -1, 0.0
    draft.instrument, draft.financed = -1, 0.0


@compiled
def sign(run, draft):
    """Put the drafted deal into a free slot; returns the slot, or -1 if the cell is full."""
    w, book = run.state, run.book
    c, l, v = draft.country, draft.layer, draft.vendor
    i = free_slot(run, c, l)
    if i < 0:
        book.tenders_postponed += 1.0
        return -1
    if draft.origin != SCRIPTED:
        draft.size = bought(run, c, l, v, draft.size)
        draft.value = draft.size * run.parameters.term_years[l]
    deal = run.deals.at[c, l, i]
    take_on(run, c, l, i, v)
    deal.deal_class = draw_class(run, c, l, v)
    mode = run.market.mode[l, v]
    if l == CLOUD and mode == OPERATED and deal.deal_class == SOVEREIGN:
        mode = SOLD
    deal.mode = mode
    own_the_cloud(run, c, l, i)
    count_inroads(run, draft, deal)
    if is_inroad(l, deal):
        draft.size *= run.parameters.software_share
        draft.value *= run.parameters.software_share
    clear_deal(deal)
    deal.origin, deal.package = draft.origin, draft.package
    deal.capacity, deal.value = draft.size, draft.value
    deal.megawatts = power_of_deal(run.parameters, l, deal.deal_class, draft.value, draft.announced_mw)
    deal.kind = site_kind(run.parameters, l, deal.megawatts, deal.stack, deal.deal_class, mode)
    deal.signed, w.ends[c, l, i] = float(w.month), 0.0
    if draft.home >= 0:
        consortium = run.home.at[draft.home].consortium_required
        deal.cancel_factor = 1.0 + (run.parameters.consortium_cancel - 1.0) * consortium
    if draft.financier >= 0:
        finance_deal(run, draft, deal)
    book_offer(run, c, l, i)
    w.supply_left[l, v] -= draft.value
    w.pending[c, l] += draft.size
    w.pipeline[c, l] += 1
    w.last_award[c, l], w.last_vendor[c, l] = w.month, v
    book.signed_deals[deal.stack] += 1.0
    book.announced_bn[deal.stack] += draft.value * announced_over_signed(run.parameters, deal)
    start_finance(run, c, l, i, float(w.month), delay_before_finance(run, c, l, i, draft.home))
    return i


@compiled
def is_inroad(l, deal):
    """True for software on chips or cloud: it brings no data centre, and may be followed by one."""
    return (l == CHIPS or l == CLOUD) and deal.deal_class == SOFTWARE


@compiled
def count_inroads(run, draft, deal):
    """Count inroads, and the data centres that follow one of the same vendor."""
    l, book = draft.layer, run.book
    if is_inroad(l, deal):
        book.inroads[deal.stack] += 1.0
    elif (l == CHIPS or l == CLOUD) and has_inroad(run, draft.country, l, draft.vendor):
        book.inroads_converted[deal.stack] += 1.0


@compiled
def announced_over_signed(p, deal):
    """How much more is announced than is signed, financed and built: sovereign mega-deals are talked up.

    What the scenario scripts is the announcement itself.
    """
    sovereign = deal.deal_class == SOVEREIGN and deal.origin != SCRIPTED
    return p.mega_announcement if sovereign and site_mw(p, deal.megawatts, SOVEREIGN) >= p.mega_mw else 1.0


@compiled
def clear_deal(deal):
    """Reset what an earlier deal may have left in a place."""
    deal.renewals, deal.diverted, deal.holdover, deal.supported = 0, 0, 0, 0
    deal.used, deal.operating, deal.clock = 0.0, 0.0, 0.0
    deal.commitment, deal.grant, deal.rate = 0.0, 0.0, 0.0
    deal.financier, deal.instrument, deal.partner, deal.ledger, deal.loan_row = -1, -1, -1, -1, -1
    deal.partner_ratio, deal.cancel_factor = 0.0, 1.0


@compiled
def has_inroad(run, c, l, v):
    """True where the vendor already runs a software deal in the cell."""
    for i in range(N_SLOTS):
        deal = run.deals.at[c, l, i]
        if run.state.stage[c, l, i] == OPERATING and deal.vendor == v and is_inroad(l, deal):
            return True
    return False


@compiled
def finance_deal(run, draft, deal):
    """Finance a share of a deal by one instrument.

    Books grants, what the programme is charged, private capital and who carries the risk.
    """
    p, k, w, book = run.parameters, run.facts, run.state, run.book
    c, f, shared, instrument = draft.country, draft.financier, draft.partner_share, draft.instrument
    lever, home = run.financier.at[f], k.financier_home[f]
    financed, own = draft.financed * draft.value, 1.0 - shared
    deal.partner, deal.partner_ratio = draft.partner, shared / own
    deal.financier, deal.instrument, deal.supported = f, instrument, 1
    deal.commitment = financed * carried(p, instrument) * own
    deal.rate = rate_of_loan(p, lever, instrument)
    deal.payments = max(int(2.0 * (lever.tenor_years - lever.grace_years) + 0.5), 1)
    deal.grace = int(2.0 * lever.grace_years + 0.5)
    book.commitments_bn[f] += deal.commitment
    grant, charge, aside = money_of(run, f, c, deal.mode, instrument, financed, own)
    deal.grant = grant
    w.reserve[f] += aside
    if home < 0:
        return
    w.purse[home] -= grant + p.overhead_bn + charge
    book_cost(run, home, grant + p.overhead_bn + charge)
    ratio = p.private_per_public_low if k.income_group[c] == LOW_INCOME else p.private_per_public
    if instrument == GUARANTEE:
        ratio *= p.private_by_guarantee
    book.private_capital_bn[home] += financed * own * ratio + financed * shared
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
        cost = agreed(run.home.at[h].subsidy[l], run.home.at[h].subsidy_in[c, l]) * deal.value
        if cost > 0.0:
            public_spending(run, h, cost)
            run.book.subsidy_cost_bn[h] += cost
    training = paid_training(run, c, h)
    if training > 0.0:
        public_spending(run, h, p.capacity_building_cost * training * deal.value)
