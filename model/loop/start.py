"""January of the first year (DESCRIPTION.md, 5): contracts, organic stock, beliefs and tastes from the facts.

No spin-up moves them.
"""

from stackcraft.model.loop.arithmetic import exp, log, root
from stackcraft.model.loop.beliefs import refresh_fears
from stackcraft.model.loop.bids import may_sell
from stackcraft.model.loop.cells import refresh_share
from stackcraft.model.loop.choice import all_weights, weigh_bids
from stackcraft.model.loop.codes import (
    COMMITMENT,
    CONTRACT_END,
    LEGACY,
    MID,
    N_BIDS,
    N_CHANNELS,
    N_FINANCIERS,
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
from stackcraft.model.loop.demand import government_demand, grow_demand
from stackcraft.model.loop.disputes import settle_disputes
from stackcraft.model.loop.exposure import refresh_exposure
from stackcraft.model.loop.feedbacks import shift_standards
from stackcraft.model.loop.finance import refresh_finance
from stackcraft.model.loop.luck import CONTRACT_AGE, TASTE, gaussian, uniform
from stackcraft.model.loop.market import refresh_market, team_weights
from stackcraft.model.loop.record import record
from stackcraft.model.loop.run import run_of
from stackcraft.model.loop.sign import take_on
from stackcraft.model.loop.targeting import survey
from stackcraft.model.loop.tenders import refresh_peers_served
from stackcraft.model.loop.utilisation import expected_fits, set_pace
from stackcraft.model.loop.utility import bid_utilities, clear_base, country_terms, refresh_appeal

# A cell has few places for deals: shares of contracts and stacks that are too small for one of their own, and how many
# there may be.
SMALL_CONTRACT, SMALL_STACK, MOST_CONTRACTS = 0.1, 0.01, 5
SOLVED = 1e-6  # log points to which the constants are found
STEP_SHRINKS, SHORTEST_STEP = 0.85, 0.01  # in log points, for buyers that satisfice


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
    """Installed shares as the contracts of a cell: small ones join the largest of their stack.

    Overwrites `share` (VENDOR_PLACES,).
    """
    k = run.facts
    for v in range(VENDOR_PLACES):
        share[v] = k.installed[c, l, v]
    for s in range(N_STACKS):
        largest, total = -1, 0.0
        for v in range(VENDOR_PLACES):
            if k.vendor_stack[v] == s and share[v] > 0.0:
                total += share[v]
                if largest < 0 or share[v] > share[largest]:
                    largest = v
        if largest < 0:
            continue
        for v in range(VENDOR_PLACES):
            if k.vendor_stack[v] == s and v != largest and share[v] > 0.0 and share[v] < SMALL_CONTRACT:
                share[largest] += share[v]
                share[v] = 0.0
        if total < SMALL_STACK:
            share[largest] = 0.0
    number, total = 0, 0.0
    for v in range(VENDOR_PLACES):
        number += 1 if share[v] > 0.0 else 0
        total += share[v]
    while number > MOST_CONTRACTS:
        least = -1
        for v in range(VENDOR_PLACES):
            if share[v] > 0.0 and (least < 0 or share[v] < share[least]):
                least = v
        total -= share[least]
        share[least] = 0.0
        number -= 1
    for v in range(VENDOR_PLACES):
        share[v] /= max(total, 1e-300)


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
def legacy_contract(run, c, l, i, v, capacity, of_cell):
    """A contract signed before the start; its remaining months are uniform on its term, the same for all of its stack.

    `of_cell`: all contracted capacity.
    """
    w, p, k, deal = run.state, run.parameters, run.facts, run.deals.at[c, l, i]
    take_on(run, c, l, i, v)
    deal.capacity_building = 0.0
    deal.deal_class, deal.mode, deal.kind, deal.origin = NARROW, run.market.mode[l, v], MID, LEGACY
    deal.financier, deal.instrument, deal.package, deal.ledger, deal.partner = -1, -1, -1, -1, -1
    deal.capacity, deal.value = capacity, capacity * p.term_years[l]
    months = 12.0 * p.term_years[l]
    left = months * uniform(w.key, CONTRACT_AGE, k.iso_number[c], l, 0, k.vendor_stack[v])
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
def solve_constants(run, bids, steps):
    """Solve constants per layer and stack (US = 0) that give the first January's shares.

    xi += ln(target / model) relative to the first stack, on demand-weighted shares among what is bought, at mean
    tastes. For buyers who are all alike one step would do, so no damping is needed. Shares of buyers that satisfice
    move in jumps, by a country at a time: there steps are bounded and shrink, and the constants that came closest are
    kept.
    """
    w, p, k = run.state, run.parameters, run.facts
    for l in range(N_LAYERS):
        for s in range(N_STACKS):
            w.constant[l, s] = 0.0
    for b in range(N_BIDS):
        bids.eligible[b], bids.utility[b] = 0.0, -50.0
    for l in range(N_LAYERS):
        goal_0, goal_1, goal_2 = 0.0, 0.0, 0.0
        for c in range(run.facts.countries):
            goal_0 += w.demand[c, l] * w.share[c, l, 0]
            goal_1 += w.demand[c, l] * w.share[c, l, 1]
            goal_2 += w.demand[c, l] * w.share[c, l, 2]
        goal = goal_0 + goal_1 + goal_2
        length, closest, closest_1, closest_2 = 1.0, 1e300, 0.0, 0.0
        for _ in range(steps):
            model_0, model_1, model_2 = 0.0, 0.0, 0.0
            for c in range(run.facts.countries):
                clear_base(bids)
                country_terms(run, c, bids)
                bid_utilities(run, c, l, False, 0.0, bids)
                for v in range(VENDOR_PLACES):
                    bids.eligible[v] = 1.0 if may_sell(run, c, l, v) else 0.0
                weigh_bids(run, bids)
                bought = max(all_weights(bids, 0.0), 1e-300)
                for v in range(VENDOR_PLACES):
                    chance = (
                        bids.stack_weight[k.vendor_stack[v]]
                        / bought
                        * bids.weight[v]
                        / max(bids.stack_sum[k.vendor_stack[v]], 1e-300)
                    )
                    model_0 += w.demand[c, l] * chance * run.market.attribution[l, v, 0]
                    model_1 += w.demand[c, l] * chance * run.market.attribution[l, v, 1]
                    model_2 += w.demand[c, l] * chance * run.market.attribution[l, v, 2]
            model = max(model_0 + model_1 + model_2, 1e-300)
            step_0 = log(max(goal_0 / goal, 1e-6) / max(model_0 / model, 1e-9))
            step_1 = log(max(goal_1 / goal, 1e-6) / max(model_1 / model, 1e-9))
            step_2 = log(max(goal_2 / goal, 1e-6) / max(model_2 / model, 1e-9))
            if p.satisficing > 0.5:
                gap = (
                    abs(model_0 / model - goal_0 / goal)
                    + abs(model_1 / model - goal_1 / goal)
                    + abs(model_2 / model - goal_2 / goal)
                )
                if gap < closest:
                    closest, closest_1, closest_2 = gap, w.constant[l, 1], w.constant[l, 2]
                if length < SHORTEST_STEP:
                    break
                w.constant[l, 1] += length * min(max(step_1 - step_0, -1.0), 1.0)
                w.constant[l, 2] += length * min(max(step_2 - step_0, -1.0), 1.0)
                length *= STEP_SHRINKS
                continue
            w.constant[l, 1] = min(max(w.constant[l, 1] + step_1 - step_0, -12.0), 12.0)
            w.constant[l, 2] = min(max(w.constant[l, 2] + step_2 - step_0, -12.0), 12.0)
            if abs(step_1 - step_0) < SOLVED and abs(step_2 - step_0) < SOLVED:
                break
        if p.satisficing > 0.5:
            w.constant[l, 1], w.constant[l, 2] = closest_1, closest_2


@compiled
def run_start(first, last, arrays, steps, scratch):
    """Set up January of the first year for runs `first` to `last` - 1 of a batch.

    Solves the constants too (at mean tastes) in at most so many steps; 0 keeps those that are there.
    """
    x = scratch[0]
    for r in range(first, last):
        run = run_of(arrays, r, 0)
        open_books(run)
        grow_demand(run)
        first_beliefs(run)
        refresh_market(run)
        team_weights(run)
        install(run, x.bids.held)
        refresh_finance(run)
        shift_standards(run)
        refresh_market(run)
        refresh_fears(run)
        expected_fits(run, x.mix)
        refresh_appeal(run)
        if steps > 0:
            solve_constants(run, x.bids, steps)
        draw_tastes(run)
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
    for c in range(k.countries):
        w.champion[c] = 1.0
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
