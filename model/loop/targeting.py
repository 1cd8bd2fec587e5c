"""January: which cells each home supports (DESCRIPTION.md, 7.2), and everybody's unsupported choice probabilities."""

import numpy as np

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.bids import chance_admitted, evaded, shut_out
from stackcraft.model.loop.choice import all_weights, chances_if_admitted, probability_if_raised, weigh_bids
from stackcraft.model.loop.codes import (
    AMONG_ALL,
    CLOUD,
    EMBARGOED_TIER,
    N_BIDS,
    N_FINANCIERS,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    NARROW,
    NETWORK,
    OPERATED,
    OPERATING,
    T_FINANCE_GAP,
    T_LEANING,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import government_demand, megawatts_of
from stackcraft.model.loop.finance import asks_chance
from stackcraft.model.loop.lifecycle import chance_to_operate
from stackcraft.model.loop.market import site_kind
from stackcraft.model.loop.public_support import contract_value, large_enough
from stackcraft.model.loop.tenders import fill_hazards
from stackcraft.model.loop.utility import bid_utilities, clear_base, country_terms, price_taste


@compiled
def survey(run, x):
    """Unsupported win probabilities of every cell, and what a home's finance would add; fills w.additional."""
    w, p, k = run.state, run.parameters, run.facts
    bids = x.bids
    for b in range(N_BIDS):
        bids.eligible[b] = 0.0
        bids.utility[b] = -50.0
    for c in range(run.facts.countries):
        if w.month > 0 and (k.iso_number[c] + w.month // 12) % 2 == 1:
            continue  # half the countries are surveyed each January, so a survey is at most two years old
        alpha = price_taste(run, c)
        clear_base(bids)
        country_terms(run, c, bids)
        best_finance(run, c, x.targeting.finance_best)
        for l in range(N_LAYERS):
            if w.month > 0 and w.pipeline[c, l] > 0 and p.organic_layers[l] < 0.5:
                continue  # no tender can come here soon: the last survey holds
            bid_utilities(run, c, l, AMONG_ALL, 0.0, bids)
            open_us, open_cn = chance_admitted(run, c, l, 0), chance_admitted(run, c, l, 1)
            for v in range(k.vendors):
                shut = shut_out(k.vendor_home[v], open_us > 0.0, open_cn > 0.0)
                bids.eligible[v] = 1.0 if k.serves[l, v] > 0.0 and w.alive[v] > 0.0 and not shut else 0.0
            outside = weigh_bids(run, bids)
            total = all_weights(bids, outside)
            win = w.win_unsupported[c, l]
            win[0], win[1], win[2], w.win_nothing[c, l] = chances_if_admitted(bids, outside, open_us, open_cn)
            for h in range(N_HOMES):
                factor = 1.0 - p.financed_share[l] * (1.0 - x.targeting.finance_best[h])
                # A home's finance lifts all bids of its stack by about the same utility, so its effect is that of
                # raising the stack.
                w.additional[h, c, l] = 0.0
                if factor < 1.0:
                    lift = -alpha * log(factor) - bids.base[T_FINANCE_GAP, h]
                    raised = probability_if_raised(p, bids, total, h, lift) - bids.stack_weight[h] / total
                    w.additional[h, c, l] = (open_us if h == 0 else open_cn) * raised
            organic_choices(run, c, l, bids, open_us, open_cn)


@compiled
def organic_choices(run, c, l, bids, open_us, open_cn):
    """Fill w.organic_choice of a cell from bids that are weighed: firms and people do not share a government's leaning.

    Overwrites what the bids weigh. `open_us` and `open_cn`: the chances that each home's bids are admitted.
    """
    w, k = run.state, run.facts
    if run.importer.at[c].leaning[l] != 0.0:
        for v in range(k.vendors):
            bids.utility[v] -= bids.base[T_LEANING, k.vendor_stack[v]]
        weigh_bids(run, bids)
    us, cn, own, _ = chances_if_admitted(bids, 0.0, open_us, open_cn)
    # In this order: the product of two small numbers may be zero.
    bids.stack_sum[0] = us / max(bids.stack_sum[0], 1e-300)
    bids.stack_sum[1] = cn / max(bids.stack_sum[1], 1e-300)
    bids.stack_sum[2] = own / max(bids.stack_sum[2], 1e-300)
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        w.organic_choice[c, l, v] = bids.weight[v] * bids.stack_sum[k.vendor_stack[v]]
    evade_embargo(run, c, l)


@compiled
def evade_embargo(run, c, l):
    """Firms and people go on with a part of what they run of an embargoed home; the rest they choose among others."""
    w, k, total, part = run.state, run.facts, 0.0, 0.0
    for i in range(k.serving_number[l]):
        total += w.organic[c, l, k.serving[l, i]]
    if total <= 0.0:
        return
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        part += evaded(run, c, l, v) * w.organic[c, l, v] / total
    if part <= 0.0:
        return
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        w.organic_choice[c, l, v] *= 1.0 - part
        w.organic_choice[c, l, v] += evaded(run, c, l, v) * w.organic[c, l, v] / total


@compiled
def best_finance(run, c, best):
    """Fill `best` (N_HOMES,): what a dollar costs the country from each home's cheapest financier.

    Whether or not it would be approved.
    """
    for h in range(N_HOMES):
        best[h] = 1.0
    for f in range(N_FINANCIERS):
        h = run.facts.financier_home[f]
        if h >= 0:
            best[h] = min(best[h], run.state.finance_factor[f, c])


@compiled
def expected_tender(run, hazard, c, l):
    """Expected tenders of a cell this year, and the size of one in bn$ a year."""
    w = run.state
    if w.pipeline[c, l] > 0:
        return 0.0, 0.0
    limit, number, ending = w.month + 12.0, 0, 0.0
    for i in range(N_SLOTS):  # counted first, without a branch: in most cells none ends
        number += (w.stage[c, l, i] == OPERATING) & (w.ends[c, l, i] < limit)
    if number > 0:
        for i in range(N_SLOTS):
            if w.stage[c, l, i] == OPERATING and w.ends[c, l, i] < limit:
                ending += run.deals.at[c, l, i].capacity
    demand = government_demand(run, c, l)
    if ending > 0.0:
        return 1.0, max(ending, demand - w.capacity[c, l])
    quarter = (1.0 - hazard[c, l]) * (1.0 - hazard[c, l]) * (1.0 - hazard[c, l])
    half = quarter * quarter
    return 1.0 - half * half, max(demand - w.capacity[c, l], run.parameters.targeting_least_need * demand)


@compiled
def target(run, x):
    """Score every cell for every home, and mark those it supports.

    Down the score until slots and money are spoken for.

    Each term is scaled to mean 1 over cells that may tender. A share `gravity` of the slots follows commercial pull.
    """
    w, p, cells = run.state, run.parameters, x.targeting
    countries = run.facts.countries
    fill_hazards(run, x.arrivals.hazard)
    for c in range(countries):
        for l in range(N_LAYERS):
            cells.chance[c, l], cells.tender_bn[c, l] = expected_tender(run, x.arrivals.hazard, c, l)
    for h in range(N_HOMES):
        g = run.home.at[h]
        for c in range(countries):
            for l in range(N_LAYERS):
                w.target[h, c, l] = 0.0
        if run.on.targeting == 0 or run.on.finance == 0 or w.month < g.start_delay_months:
            continue
        weigh_cells(run, cells, h)
        slots = w.slots_left[h] * p.slots_overbooked
        pick(run, cells, h, slots * (1.0 - g.gravity), w.purse[h] * (1.0 - g.gravity), True)
        pick(run, cells, h, slots * g.gravity, w.purse[h] * g.gravity, False)


@compiled
def weigh_cells(run, cells, h):
    """Fill `score`, `pull` and `expected` of `cells` (countries, layers) for one home."""
    w, p, k, g = run.state, run.parameters, run.facts, run.home.at[h]
    countries = run.facts.countries
    sums_v, sums_u, sums_a, sums_s, number = 0.0, 0.0, 0.0, 0.0, 0.0
    for c in range(countries):
        allocated, asked = not np.isnan(g.allocation[0]), asks_chance(run, c, h)
        for l in range(N_LAYERS):
            chance, size = cells.chance[c, l], cells.tender_bn[c, l]
            value = contract_value(p, l, size)
            megawatts = megawatts_of(p, l, size)
            open_cell = (
                chance > 0.0
                and large_enough(run, h, l, value, megawatts)
                and k.tier[c, h] < EMBARGOED_TIER
                and p.financed_share[l] > 0.0
            )
            if l == NETWORK and g.include_network <= 0.0:
                open_cell = False
            if l == CLOUD and g.cloud_counts <= 0.0:
                open_cell = False
            cells.expected[c, l] = chance * asked if open_cell else 0.0
            if not open_cell:
                continue
            kind = site_kind(p, l, megawatts, h, NARROW, OPERATED)
            share = value / (value + p.value_half_bn)
            cells.part_v[c, l] = share
            cells.part_u[c, l] = (
                share
                * chance_to_operate(run, kind)
                * min(1.0, p.use_ceiling + p.use_ceiling_absorption * w.absorption[c])
            )
            cells.part_a[c, l] = max(w.additional[h, c, l], 0.0) * share
            cells.part_s[c, l] = k.strategic[c]
            sums_v += cells.part_v[c, l]
            sums_u += cells.part_u[c, l]
            sums_a += cells.part_a[c, l]
            sums_s += cells.part_s[c, l]
            number += 1.0
            cells.pull[c, l] = value * w.win_unsupported[c, l, h]
            cells.score[c, l] = g.allocation[c] if allocated else 0.0
    if number == 0.0:
        return
    if not np.isnan(g.allocation[0]):
        return
    for c in range(countries):
        for l in range(N_LAYERS):
            if cells.expected[c, l] > 0.0:
                cells.score[c, l] = (
                    g.weight_headline * cells.part_v[c, l] * number / max(sums_v, 1e-300)
                    + g.weight_use * cells.part_u[c, l] * number / max(sums_u, 1e-300)
                    + g.weight_additional * cells.part_a[c, l] * number / max(sums_a, 1e-300)
                    + g.weight_strategic * cells.part_s[c, l] * number / max(sums_s, 1e-300)
                )


@compiled
def pick(run, cells, h, slots, money, by_score):
    """Mark cells in falling order of score or pull until slots or money are used up.

    By the expected tenders and their expected cost.
    """
    w, p = run.state, run.parameters
    countries = run.facts.countries
    number = 0
    for c in range(countries):
        for l in range(N_LAYERS):
            if cells.expected[c, l] > 0.0 and w.target[h, c, l] == 0.0:
                cells.rank[number] = cells.score[c, l] if by_score else cells.pull[c, l]
                cells.cell[number] = c * N_LAYERS + l
                number += 1
    # A heap: few cells are picked, so most need no place in the order.
    for top in range(number // 2 - 1, -1, -1):
        sink(cells, top, number)
    while number > 0:
        if slots <= 0.0 or money <= 0.0:
            return
        at, value = cells.cell[0], cells.rank[0]
        if value <= 0.0:
            return
        number -= 1
        cells.cell[0], cells.rank[0] = cells.cell[number], cells.rank[number]
        sink(cells, 0, number)
        c, l = at // N_LAYERS, at % N_LAYERS
        # Cells followed for their pull rank behind all that were chosen by score.
        w.target[h, c, l] = 1.0 + value if by_score else value / (1.0 + value)
        slots -= cells.expected[c, l]
        money -= cells.expected[c, l] * p.overhead_bn


@compiled
def sink(cells, top, number):
    """Let the entry at `top` of a heap of `rank` and `cell` sink to its place.

    The highest rank comes first; of equals the first cell.
    """
    rank, cell = cells.rank[top], cells.cell[top]
    while True:
        below = 2 * top + 1
        if below >= number:
            break
        if below + 1 < number and leads(
            cells.rank[below + 1], cells.cell[below + 1], cells.rank[below], cells.cell[below]
        ):
            below += 1
        if leads(rank, cell, cells.rank[below], cells.cell[below]):
            break
        cells.rank[top], cells.cell[top] = cells.rank[below], cells.cell[below]
        top = below
    cells.rank[top], cells.cell[top] = rank, cell


@compiled
def leads(rank, cell, other_rank, other_cell):
    """Whether an entry comes before another."""
    return rank > other_rank or (rank == other_rank and cell < other_cell)
