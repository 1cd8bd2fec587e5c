"""January of the first year (DESCRIPTION.md, 5): contracts, organic stock, beliefs and tastes from the facts.

No spin-up moves them.
"""

from stackcraft.model.loop.arithmetic import exp, log, root
from stackcraft.model.loop.beliefs import refresh_fears
from stackcraft.model.loop.bids import may_sell, refresh_consideration
from stackcraft.model.loop.cells import free_slot, refresh_share
from stackcraft.model.loop.codes import (
    BUILDING,
    BUILT,
    CHIPS,
    CLOUD,
    COMMITMENT,
    CONTRACT_END,
    LEGACY,
    MID,
    N_CHANNELS,
    N_FINANCIERS,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    N_TASTES,
    N_USES,
    NARROW,
    OPERATING,
    SUPPLY,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.constants import solve_constants, solve_own_constants
from stackcraft.model.loop.demand import government_demand, grow_demand, largest_deal, most_that_runs, power_of_deal
from stackcraft.model.loop.disputes import settle_disputes
from stackcraft.model.loop.exposure import refresh_exposure
from stackcraft.model.loop.feedbacks import shift_standards
from stackcraft.model.loop.finance import refresh_finance
from stackcraft.model.loop.luck import (
    CONTRACT_AGE,
    CONTRACT_LEFT,
    CONTRACT_VENDOR,
    ON_ITS_WAY,
    TASTE,
    gaussian,
    uniform,
)
from stackcraft.model.loop.market import refresh_market, site_kind, team_weights
from stackcraft.model.loop.record import record
from stackcraft.model.loop.run import run_of
from stackcraft.model.loop.sign import clear_deal, take_on
from stackcraft.model.loop.targeting import survey
from stackcraft.model.loop.tenders import SMALLEST_BN, refresh_foresight, refresh_peers_served
from stackcraft.model.loop.utilisation import expected_fits, set_pace
from stackcraft.model.loop.utility import refresh_appeal

SMALL_STACK = 0.02  # share of a cell from which a stack holds a contract there


@compiled
def draw_tastes(run):
    """Lognormal factors on tastes, mean 1, for each country."""
    w, p, k = run.state, run.parameters, run.facts
    sigma = root(log(1.0 + p.taste_spread * p.taste_spread))
    for c in range(run.facts.countries):
        for i in range(N_TASTES):
            w.taste[c, i] = 1.0
            if run.on.tastes:
                drawn = gaussian(w.key, TASTE, k.iso_number[c], 0, 0, i)
                w.taste[c, i] = exp(sigma * drawn - 0.5 * sigma * sigma)


@compiled
def contracts(run, c, l, share):
    """Installed shares as the contracts of a cell: one a stack, held by one of its vendors.

    A vendor holds it with the chance of its share within the stack, so that vendors' shares are met in the mean. More
    contracts would not last: what a stack's vendors hold is renewed as one. Overwrites `share` (VENDOR_PLACES,).
    """
    w, k = run.state, run.facts
    drawn = uniform(w.key, CONTRACT_AGE, k.iso_number[c], l, 0, CONTRACT_VENDOR.first)
    for v in range(VENDOR_PLACES):
        share[v] = 0.0
    whole = 0.0
    for s in range(N_STACKS):
        total, last = 0.0, -1
        for v in range(VENDOR_PLACES):
            if k.vendor_stack[v] == s and k.installed[c, l, v] > 0.0:
                total += k.installed[c, l, v]
                last = v
        if total < SMALL_STACK:
            continue
        whole += total
        passed = 0.0
        for v in range(VENDOR_PLACES):
            if k.vendor_stack[v] == s and k.installed[c, l, v] > 0.0:
                passed += k.installed[c, l, v]
                if passed >= drawn * total or v == last:
                    share[v] = total
                    break
    for v in range(VENDOR_PLACES):
        share[v] /= max(whole, 1e-300)


@compiled
def install(run, share):
    """Contracts in force and the organic stock of every cell. Overwrites `share` (VENDOR_PLACES,)."""
    w, p, k = run.state, run.parameters, run.facts
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            organic = p.organic_layers[l] * k.organic_share[c] if run.on.organic else 0.0
            capacity = k.capacity[c, l] * (1.0 - organic)
            for i in range(N_SLOTS):
                w.next_month[c, l, i] = -1
                w.stage[c, l, i] = 0
            for v in range(VENDOR_PLACES):
                w.organic[c, l, v] = k.capacity[c, l] * organic * k.installed[c, l, v]
                w.stock[c, l, v] = w.organic[c, l, v]
            contracts(run, c, l, share)
            slot = 0
            for v in range(VENDOR_PLACES):
                if share[v] > 0.0:
                    legacy_contract(run, c, l, slot, v, capacity * share[v], capacity)
                    slot += 1
            w.capacity[c, l] = capacity
            w.experience[c, l] = p.experience_start * min(1.0, capacity / max(government_demand(run, c, l), 1e-300))
            w.last_award[c, l], w.last_vendor[c, l] = -1000, -1
            refresh_share(run, c, l)
            for s in range(N_STACKS):
                w.opening_share[c, l, s] = w.share[c, l, s]


@compiled
def install_mean(run):
    """What every cell holds in the mean over runs: the vendors' shares in the facts, whoever drew the contracts."""
    w, k = run.state, run.facts
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for v in range(VENDOR_PLACES):
                w.stock[c, l, v] = k.capacity[c, l] * k.installed[c, l, v]
            refresh_share(run, c, l)
            for s in range(N_STACKS):
                w.opening_share[c, l, s] = w.share[c, l, s]


@compiled
def order_ahead(run, share):
    """Deals that are on their way in January, as the dynamics keep them.

    What demand grew by in the time that a site takes, beyond what renewals bring, is under way; a deal is as large as a
    buyer orders, so that each cell has one with the chance that gives this in the mean, from a vendor by what is
    installed. Its months left are uniform. Overwrites `share` (VENDOR_PLACES,).
    """
    w, p, k = run.state, run.parameters, run.facts
    if run.on.demand_growth == 0 or run.on.lifecycle == 0:
        return
    refresh_foresight(run)
    for c in range(run.facts.countries):
        number = k.iso_number[c]
        for l in range(N_LAYERS):
            total = 0.0
            for v in range(VENDOR_PLACES):
                share[v] = k.installed[c, l, v] if may_sell(run, c, l, v) else 0.0
                total += share[v]
            have, wanted = w.capacity[c, l], government_demand(run, c, l) * run.market.foresight[l]
            if total <= 0.0 or have <= 0.0 or wanted <= p.top_up_above * have:
                continue
            chosen, passed = -1, 0.0
            drawn = total * uniform(w.key, CONTRACT_AGE, number, l, 0, ON_ITS_WAY.first + 1)
            for v in range(VENDOR_PLACES):
                passed += share[v]
                if share[v] > 0.0 and (chosen < 0 or passed - share[v] < drawn):
                    chosen = v
            size = min(wanted - have, most_that_runs(run, c, l, 0.0), largest_deal(run, c, l))
            if size < SMALLEST_BN:
                continue
            years = run.market.years[l, chosen]
            months = 12.0 * years
            renewed = max(min(p.renewal_largest, wanted / have) - 1.0, 0.0) / p.term_years[l]
            grows = max(p.growth[l] + p.gdp_growth[k.income_group[c]] - renewed, 0.0)
            chance = (1.0 - exp(-grows * years)) * have / size
            if uniform(w.key, CONTRACT_AGE, number, l, 0, ON_ITS_WAY.first) < chance:
                left = months * uniform(w.key, CONTRACT_AGE, number, l, 0, ON_ITS_WAY.first + 2)
                pending_deal(run, c, l, chosen, size, left, months)


@compiled
def pending_deal(run, c, l, v, size, left, months):
    """A deal signed before the start, of `size` bn$ a year, that runs in `left` of its `months`."""
    w, p = run.state, run.parameters
    i = free_slot(run, c, l)
    deal = run.deals.at[c, l, i]
    take_on(run, c, l, i, v)
    clear_deal(deal)
    deal.capacity_building = 0.0
    set_pace(run, c, l, i)
    deal.deal_class, deal.mode, deal.origin, deal.package = NARROW, run.market.mode[l, v], LEGACY, -1
    deal.capacity, deal.value = size, size * p.term_years[l]
    deal.megawatts = deal.value * p.capital_share[l] / p.capital_bn_per_mw if l == CHIPS or l == CLOUD else 0.0
    deal.kind = site_kind(p, l, deal.megawatts, deal.stack, NARROW, deal.mode)
    deal.signed = left - months
    w.ends[c, l, i] = 0.0
    w.stage[c, l, i] = BUILDING
    w.pending[c, l] += size
    w.pipeline[c, l] += 1
    deal.clock, deal.cause = left, BUILT
    w.next_month[c, l, i] = max(int(left), 0)


@compiled
def legacy_contract(run, c, l, i, v, capacity, of_cell):
    """A contract signed before the start; its remaining months are uniform on its term, the same for all of its stack.

    `of_cell`: all contracted capacity.
    """
    w, p, k, deal = run.state, run.parameters, run.facts, run.deals.at[c, l, i]
    take_on(run, c, l, i, v)
    deal.capacity_building = 0.0
    deal.deal_class, deal.mode, deal.kind, deal.origin = NARROW, run.market.mode[l, v], MID, LEGACY
    deal.financier, deal.instrument, deal.package, deal.ledger, deal.partner = -1, -1, -1, -1, -1
    deal.loan_row = -1
    deal.capacity, deal.value = capacity, capacity * p.term_years[l]
    deal.megawatts = power_of_deal(p, l, NARROW, deal.value, 0.0)
    months = 12.0 * p.term_years[l]
    left = months * uniform(w.key, CONTRACT_AGE, k.iso_number[c], l, 0, CONTRACT_LEFT.first + k.vendor_stack[v])
    deal.signed, deal.operating, w.ends[c, l, i] = left - months, left - months, left
    w.stage[c, l, i] = OPERATING
    w.next_month[c, l, i] = max(int(left), 0)
    deal.clock, deal.cause = left, CONTRACT_END
    w.stock[c, l, v] += capacity
    set_pace(run, c, l, i)
    demanded = government_demand(run, c, l) / max(of_cell, 1e-300)
    deal.used = min(1.0, demanded * deal.fit) * deal.ceiling


@compiled
def first_beliefs(run):
    """Priors of the given strength from the facts."""
    w, p, k = run.state, run.parameters, run.facts
    for c in range(run.facts.countries):
        for s in range(N_STACKS):
            for channel in range(N_CHANNELS):
                against = k.prior_supply[c, s] if channel == SUPPLY else k.prior_security[c, s]
                if channel == COMMITMENT:
                    against = 1.0 - k.prior_commitment[c, s]
                w.prior_against[c, s, channel] = against * p.belief_strength
                w.prior_for[c, s, channel] = (1.0 - against) * p.belief_strength
                w.belief_against[c, s, channel] = w.prior_against[c, s, channel]
                w.belief_for[c, s, channel] = w.prior_for[c, s, channel]
            w.goodwill[c, s] = p.goodwill_ally * k.ally[c, s]


@compiled
def run_start(first, last, arrays, steps, scratch):
    """Set up January of the first year for runs `first` to `last` - 1 of a batch.

    With `steps` it only solves the world's constants, at mean tastes, in at most so many; 0 keeps those that are there.
    """
    x = scratch[0]
    for r in range(first, last):
        run = run_of(arrays, r, 0)
        open_books(run)
        grow_demand(run)
        first_beliefs(run)
        refresh_market(run)
        team_weights(run)
        install(run, x.start.vendors)
        # Who satisfices looks for the best bid, which is better where one vendor holds all that its stack has.
        if steps > 0 and run.parameters.satisficing <= 0.5:
            install_mean(run)
        refresh_finance(run)
        shift_standards(run)
        refresh_market(run)
        refresh_fears(run)
        expected_fits(run, x.mix)
        refresh_appeal(run)
        if steps > 0:
            solve_constants(run, x.bids, steps)
            continue
        draw_tastes(run)
        refresh_consideration(run)
        solve_own_constants(run, x)
        order_ahead(run, x.start.vendors)
        refresh_exposure(run)
        settle_disputes(run, x.answer)
        refresh_peers_served(run, x.served)
        survey(run, x)
        start_use(run)
        record(run)


@compiled
def open_books(run):
    """What countries, vendors and financiers begin with."""
    w, k = run.state, run.facts
    for h in range(N_HOMES):
        w.subsidy_on[h] = 1.0
    for c in range(k.countries):
        w.champion[c], w.absorption[c] = 1.0, k.absorption[c]
        for i in range(N_USES):
            w.use_mix[c, i] = k.use_mix[c, i]
        for i in range(N_TASTES):
            w.taste[c, i] = 1.0
    for v in range(VENDOR_PLACES):
        w.alive[v] = 1.0
        w.cash[v] = k.cash[v]
        w.revenue[v] = k.export_revenue[v]
        for l in range(N_LAYERS):
            w.quality[v, l] = k.quality[l, v]
    for f in range(N_FINANCIERS):
        w.exposure[f] = k.financier_used[f]
        w.overdue[f] = k.financier_overdue[f] * k.financier_used[f]


@compiled
def start_use(run):
    """What is in use at the start, by cell and stack."""
    w = run.state
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            w.used[c, l] = 0.0
            for s in range(N_STACKS):
                w.stock_used[c, l, s] = 0.0
            for i in range(N_SLOTS):
                if w.stage[c, l, i] == OPERATING:
                    deal = run.deals.at[c, l, i]
                    w.used[c, l] += deal.used * deal.capacity
                    for s in range(N_STACKS):
                        w.stock_used[c, l, s] += deal.used * deal.capacity * run.market.attribution[l, deal.vendor, s]
            for v in range(VENDOR_PLACES):
                w.used[c, l] += w.organic[c, l, v]
                for s in range(N_STACKS):
                    w.stock_used[c, l, s] += w.organic[c, l, v] * run.market.attribution[l, v, s]
