"""Tenders (DESCRIPTION.md, 7.1): who buys this month, and how much.

A cell with a deal in the pipeline takes none. Arrivals are drawn per cell and calendar month, so that one tender more
or less does not shift the others of its cell.
"""

import numpy as np
from numba import uint64

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.bids import evaded, may_sell
from stackcraft.model.loop.codes import CHIPS, CLOUD, N_LAYERS, N_PEERS
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.contracts import due_together, ending_contract, hold_over, lapse, put_off, renew
from stackcraft.model.loop.demand import (
    electricity_room,
    government_demand,
    growth_factor,
    largest_deal,
    megawatts_of,
    perceived_demand,
    years_grown,
)
from stackcraft.model.loop.lifecycle import due_in_cell
from stackcraft.model.loop.luck import RATION, TURN, as_uniform, bits, mix

NEW, TOP_UP, RENEWAL = range(3)
SMALLEST_BN = 2e-5  # bn$ a year; less is not worth a government tender


@compiled
def bass_hazard(innovation, imitation, peers, readiness, gate):
    """Yearly hazard that an unserved government tenders: (p + q peers) R gate."""
    return (innovation + imitation * peers) * readiness * gate


@compiled
def bass_step(share, innovation, imitation, years):
    """Expected form for one kind of adopter: F + (1 - F)(1 - exp(-h dt)), h at R = gate = 1 and peers = F."""
    return share + (1.0 - share) * (1.0 - exp(-bass_hazard(innovation, imitation, share, 1.0, 1.0) * years))


@compiled
def refresh_peers_served(run, served):
    """Quarterly: share of each country's peers that are served, W min(1, cap / D).

    Overwrites `served` (countries, N_LAYERS).
    """
    w, k = run.state, run.facts
    on = run.on.peers != 0
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            served[c, l] = min(1.0, w.capacity[c, l] / max(government_demand(run, c, l), 1e-300)) if on else 0.0
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            w.peers_served[c, l] = 0.0
        for j in range(N_PEERS):
            peer, weight = k.peer_index[c, j], k.peer_weight[c, j]
            for l in range(N_LAYERS):
                w.peers_served[c, l] += weight * served[peer, l]


@compiled
def fill_hazards(run, hazard):
    """Quarterly: chance of a tender a month in every cell; a cell with a deal in the pipeline takes none."""
    w, p, k = run.state, run.parameters, run.facts
    for c in range(run.facts.countries):
        readiness = k.readiness[c]
        patience = 1.0 if np.isnan(run.importer.at[c].club) else p.club_wait
        for l in range(N_LAYERS):
            hazard[c, l] = 0.0
            demand = government_demand(run, c, l)
            gate = min(1.0, demand / p.gate_bn)
            priority = run.importer.at[c].layer_priority[l] * N_LAYERS * run.importer.at[c].pace
            have = w.capacity[c, l] + w.pending[c, l]
            if have < p.unserved_below * demand:
                hazard[c, l] = (
                    bass_hazard(p.bass_innovation, p.bass_imitation, w.peers_served[c, l], readiness, gate)
                    * priority
                    * patience
                )
            elif demand > p.top_up_looks_from * p.top_up_above * have:
                hazard[c, l] = p.top_up_rate * gate * priority * patience
    cells = hazard.reshape(hazard.size)
    for i in range(run.facts.countries * N_LAYERS):  # apart and in one piece, so that it vectorises
        cells[i] = 1.0 - exp(-cells[i] / 12.0)


@compiled
def draw_arrivals(run, arrivals):
    """Fill `arrivals.draw` (cells) with this month's draw less the chance of a tender: below zero, one comes.

    Apart from what reads them, so that the loop vectorises.
    """
    w = run.state
    key, month, chance = uint64(w.key), uint64(w.month) << uint64(32), arrivals.hazard.reshape(arrivals.hazard.size)
    for i in range(run.facts.countries * N_LAYERS):
        arrivals.draw[i] = as_uniform(mix(mix((arrivals.site[i] | month) ^ key) + key)) - chance[i]


@compiled
def arrivals_in(arrivals, c):
    """How many cells of a country draw a tender this month. Without a branch: mostly it is none."""
    number = 0
    for l in range(N_LAYERS):
        number += 1 if arrivals.draw[c * N_LAYERS + l] < 0.0 else 0
    return number


@compiled
def look_at_peers(run):
    """Peers see each other's shares as they stood when the quarter opened."""
    seen, now = run.state.opening_share, run.state.share
    seen, now = seen.reshape(seen.size), now.reshape(now.size)
    for i in range(seen.size):
        seen[i] = now[i]


@compiled
def gather_tenders(run, x):
    """M6: list this month's tenders in `x`; returns their number. Reads only the opening state of the month."""
    w, p = run.state, run.parameters
    number = 0
    draw_arrivals(run, x.arrivals)
    refresh_foresight(run)
    for c in range(run.facts.countries):
        if x.arrivals.due[c] == 0 and arrivals_in(x.arrivals, c) == 0:
            continue
        for l in range(N_LAYERS):
            ended = ending_contract(run, c, l) if x.arrivals.due[c] > 0 and due_in_cell(w, c, l) > 0 else -1
            if ended >= 0:
                if w.pipeline[c, l] > 0:
                    hold_over(run, c, l)
                    continue
                number = add_tender(run, x.tenders, number, c, l, RENEWAL)
            elif x.arrivals.draw[c * N_LAYERS + l] < 0.0 and w.pipeline[c, l] == 0:
                have = w.capacity[c, l] + w.pending[c, l]
                kind = NEW if have < p.unserved_below * government_demand(run, c, l) else TOP_UP
                number = add_tender(run, x.tenders, number, c, l, kind)
    shuffle(run, x.tenders, number)
    return number


@compiled
def shuffle(run, tenders, number):
    """Fill `tenders.turn` with the order of the tenders' own hashes.

    Which comes first must not follow from a country's place in the list.
    """
    turn, tie, w = tenders.turn, tenders.tie, run.state
    for i in range(number):
        turn[i] = i
        country = run.facts.iso_number[tenders.country[i]]
        tie[i] = bits(w.key, RATION, country, tenders.layer[i], w.month, TURN.first)
    gap = 40  # a shell sort: no memory is asked for
    while gap > 0:
        for i in range(gap, number):
            moved, j = turn[i], i
            while j >= gap and tie[turn[j - gap]] > tie[moved]:
                turn[j] = turn[j - gap]
                j -= gap
            turn[j] = moved
        gap //= 3


@compiled
def refresh_foresight(run):
    """Growth of demand until what is ordered this month may run: buyers plan some years ahead.

    While the facts give demand, they foresee the growth of their layer in the world that the facts give.
    """
    p, years = run.parameters, years_grown(run)
    for l in range(N_LAYERS):
        run.market.foresight[l] = 1.0
        if run.on.demand_growth:
            later = growth_factor(p.growth[l], p.growth_fade_years, years + p.planning_years)
            run.market.foresight[l] = later / growth_factor(p.growth[l], p.growth_fade_years, years)
            if run.state.month < 12.0 * run.facts.given_years:
                run.market.foresight[l] = exp(run.facts.given_ahead[l] * p.planning_years)


@compiled
def add_tender(run, tenders, number, c, l, kind):
    """Put one tender on the list, with its size; a tender too small, or for which there is no need, is dropped.

    No tender is larger than one deal may be: what is left is bought later. A renewal asks for its part of what is
    needed: the other contracts grow or shrink when their own terms are up.
    """
    w, p = run.state, run.parameters
    most = largest_deal(run, c, l)
    wanted = perceived_demand(run, c, l) * run.market.foresight[l]
    have = w.capacity[c, l] + w.pending[c, l]
    ending, vendor = 0.0, -1
    if kind == RENEWAL:
        vendor = run.deals.at[c, l, ending_contract(run, c, l)].vendor
        put_off(run, c, l, vendor)
        ending = due_together(run, c, l, vendor, most)
        size = ending * min(max(wanted / max(have, 1e-300), p.renewal_smallest), p.renewal_largest)
        if goes_on(run, c, l, vendor, size):
            return number
    else:
        if kind == TOP_UP and wanted <= p.top_up_above * have:
            return number
        size = wanted - have
    size = min(size, most)
    if size < SMALLEST_BN:
        return number
    megawatts = megawatts_of(p, l, size)
    if (l == CHIPS or l == CLOUD) and run.on.power and kind != RENEWAL:
        room = room_for_tender(run, tenders, number, c)
        if megawatts > room:
            run.book.megawatts_deferred += megawatts - room
            size *= room / megawatts
            megawatts = room
            if size < SMALLEST_BN:
                return number
    tenders.country[number] = c
    tenders.layer[number] = l
    tenders.kind[number] = kind
    tenders.size[number] = size
    tenders.expiring[number] = ending
    tenders.ending[number] = vendor
    tenders.megawatts[number] = megawatts
    return number + 1


@compiled
def goes_on(run, c, l, vendor, size):
    """True if a contract that ends is not tendered: it goes on with `size` bn$ a year, or lapses.

    What is not worth a tender its vendor keeps if it may sell. What runs in spite of its home's embargo needs no leave
    of the home; a part of it is given up at the end of each term.
    """
    kept = evaded(run, c, l, vendor)
    if kept <= 0.0 and min(size, largest_deal(run, c, l)) >= SMALLEST_BN:
        return False
    if kept > 0.0:
        renew(run, c, l, vendor, size * kept, vendor, run.parameters.renewal_months)
    elif may_sell(run, c, l, vendor):
        renew(run, c, l, vendor, size, vendor, run.parameters.renewal_months)
    else:
        lapse(run, c, l)
    return True


@compiled
def room_for_tender(run, tenders, number, c):
    """MW that another tender may take in a country: one for chips in the same month goes before one for cloud."""
    room, before = electricity_room(run, c), number - 1
    if (
        before >= 0
        and tenders.country[before] == c
        and tenders.layer[before] == CHIPS
        and tenders.kind[before] != RENEWAL
    ):
        room -= tenders.megawatts[before]
    return max(room, 0.0)
