"""M1: shocks drawn each January for a month of the year, and scripted events; both go through `happen`."""

from stackcraft.model.loop.beliefs import event, event_everywhere, refresh_fears
from stackcraft.model.loop.cells import book_cost
from stackcraft.model.loop.codes import (
    BREACH,
    CHIPS,
    CLOUD,
    COMMITMENT,
    CUT,
    E_AI_BUST,
    E_ALLIANCE_DOUBT,
    E_ATTACK,
    E_BREACH,
    E_CHIP_BREAKTHROUGH,
    E_CONCESSION,
    E_CUT_OFF,
    E_DEAL,
    E_DEBT_DISTRESS,
    E_DIVERSION,
    E_FRONTIER_JUMP,
    E_GOVERNMENT_CHANGE,
    E_LAPSE,
    E_POWER,
    E_RESTRICTION,
    E_SANCTIONS,
    E_TARIFF,
    LAPSED,
    LOW_INCOME,
    MODELS,
    N_HOMES,
    N_INSTRUMENTS,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    OPERATED,
    OPERATING,
    RESTRICTED,
    SCRIPTED,
    SUPPLY,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.explain import write_announced
from stackcraft.model.loop.lifecycle import leave
from stackcraft.model.loop.luck import (
    BREACHED,
    COUNTRY_SHOCK,
    CUT_DEAL,
    REGIME,
    SCEPTICISM_SHIFT,
    SCRIPTED_EVENT,
    SHOCK_SIZE,
    SOVEREIGNTY_SHIFT,
    WORLD_SHOCK,
    deal_slot,
    exponential,
    gaussian,
    uniform,
)
from stackcraft.model.loop.public_support import take_exposure
from stackcraft.model.loop.sign import sign, start_draft
from stackcraft.model.loop.utility import refresh_scepticism, standing_bond

ANY_SIDE = -1
# World shocks that are drawn each January: kind, side and slot. The slot keys the shock's luck: a shock that is added
# takes the next one, wherever it is put.
WORLD = (
    (E_ALLIANCE_DOUBT, 0, 0),
    (E_ALLIANCE_DOUBT, 1, 1),
    (E_BREACH, 0, 2),
    (E_BREACH, 1, 3),
    (E_BREACH, 2, 4),
    (E_SANCTIONS, 0, 5),
    (E_SANCTIONS, 1, 6),
    (E_CHIP_BREAKTHROUGH, 0, 7),
    (E_CHIP_BREAKTHROUGH, 1, 8),
    (E_AI_BUST, 0, 9),
    (E_POWER, 0, 10),
    (E_FRONTIER_JUMP, ANY_SIDE, 11),
    (E_TARIFF, 0, 12),
    (E_TARIFF, 1, 13),
    (E_ATTACK, 0, 14),
    (E_ATTACK, 1, 15),
    (E_ATTACK, 2, 16),
)
DEBT, GOVERNMENT = 0, 1


@compiled
def rate_of(p, kind, side):
    """Yearly rate of a world shock."""
    if kind == E_ALLIANCE_DOUBT:
        return p.alliance_doubt_rate[side]
    if kind == E_BREACH:
        return p.breach_rate[side]
    if kind == E_SANCTIONS:
        return p.sanctions_rate[side]
    if kind == E_CHIP_BREAKTHROUGH:
        return p.chip_breakthrough_rate[side]
    if kind == E_AI_BUST:
        return p.bust_rate
    if kind == E_POWER:
        return p.power_shock_rate
    if kind == E_FRONTIER_JUMP:
        return p.frontier_jump_rate
    if kind == E_TARIFF:
        return p.tariff_rate[side]
    return p.attack_rate / N_STACKS


@compiled
def month_of(u, rate, january):
    """The month in which a yearly shock strikes, or -1: a draw below the rate also says when."""
    if u >= rate:
        return -1
    return january + int(12.0 * u / rate)


@compiled
def draw_shocks(run):
    """January: which shocks strike this year, and when."""
    w, p, k = run.state, run.parameters, run.facts
    for i in range(len(WORLD)):
        kind, side, slot = WORLD[i]
        w.shock_month[slot] = month_of(
            uniform(w.key, WORLD_SHOCK, 0, 0, w.month, slot), rate_of(p, kind, side), w.month
        )
    for c in range(run.facts.countries):
        low = k.income_group[c] == LOW_INCOME
        rate = p.debt_distress_rate if low else 0.0
        w.country_shock_month[c, DEBT] = month_of(
            uniform(w.key, COUNTRY_SHOCK, k.iso_number[c], 0, w.month, DEBT), rate, w.month
        )
        u = uniform(w.key, COUNTRY_SHOCK, k.iso_number[c], 0, w.month, GOVERNMENT)
        w.country_shock_month[c, GOVERNMENT] = month_of(u, p.government_change_rate, w.month)


@compiled
def breaches(run):
    """January: breaches at single users, at the true hazard times a stack's share in what a country uses."""
    w, k = run.state, run.facts
    if run.on.shocks == 0 or w.month == 0:
        return
    for c in range(run.facts.countries):
        total = 0.0
        for l in range(N_LAYERS):
            total += w.used[c, l]
        for s in range(N_STACKS):
            used = 0.0
            for l in range(N_LAYERS):
                used += w.stock_used[c, l, s]
            chance = w.true_hazard[c, s, BREACH] * used / max(total, 1e-300)
            if uniform(w.key, BREACHED, k.iso_number[c], s, w.month, 0) < chance:
                one_breach(run, c, s, run.parameters.breach_severity)


@compiled
def one_breach(run, c, s, severity):
    """A breach: `breach_loss` x severity of what the country uses of the stack, a year's worth, is lost."""
    used = 0.0
    for l in range(N_LAYERS):
        used += run.state.stock_used[c, l, s]
    loss = min(run.parameters.breach_loss * severity, 1.0) * used
    run.book.security_incidents[s] += 1.0
    run.book.incident_loss_bn[s] += loss
    run.book.breach_loss_bn[c] += loss
    event(run, c, s, BREACH, severity)


@compiled
def victim(run, slot, s):
    """A country drawn in proportion to a stack's cloud in use there.

    By a race, so that other countries' luck stays theirs.
    """
    w, k, best, best_time = run.state, run.facts, 0, 1e300
    for c in range(run.facts.countries):
        weight = w.stock_used[c, CLOUD, s] + 1e-9 * w.demand[c, CLOUD]
        time = exponential(w.key, SHOCK_SIZE, k.iso_number[c], 0, w.month, slot) / weight
        if time < best_time:
            best, best_time = c, time
    return best


@compiled
def weight_of_sanctions(run, c, h):
    """How likely a home's sanctions are to meet this country rather than another: voting distance, less for allies."""
    k = run.facts
    return max(k.distance[c, h], 1e-6) * (1.0 - run.parameters.sanctions_ally * k.ally[c, h])


@compiled
def sanctioned_country(run, slot, h):
    """The country that a home sanctions: drawn in proportion to voting distance."""
    w, k, best, best_time = run.state, run.facts, 0, 1e300
    for c in range(run.facts.countries):
        weight = weight_of_sanctions(run, c, h)
        time = exponential(w.key, SHOCK_SIZE, k.iso_number[c], 1, w.month, slot) / weight
        if time < best_time:
            best, best_time = c, time
    return best


@compiled
def strike(run, draft):
    """M1: everything that falls into this month. Overwrites `draft`, the draft of a deal."""
    w = run.state
    changed = False
    for h in range(N_HOMES):
        if w.tariff_until[h] == w.month:
            w.market_stale = 1  # a row over tariffs ends
    for v in range(VENDOR_PLACES):
        if w.quick_until[v] == w.month:
            w.market_stale = 1  # a vendor is past its quick wins
    if run.on.shocks and run.on.drawn_shocks:
        changed = strike_shocks(run)
    for i in range(run.events.number):
        happening = run.events.at[i]
        if happening.month != w.month:
            continue
        changed = True
        if happening.kind == E_DEAL:
            if run.on.scripted_deals:
                scripted_deal(run, draft, happening)
        elif happening.kind == E_LAPSE:
            scripted_end(run, happening)
        else:
            slot = SCRIPTED_EVENT.first + i
            happen(run, happening.kind, happening.side, happening.country, happening.size, slot)
    if changed:
        refresh_fears(run)


@compiled
def strike_shocks(run):
    """The shocks of this month that January drew; True if there was one for the world."""
    w, changed = run.state, False
    for i in range(len(WORLD)):
        kind, side, slot = WORLD[i]
        if w.shock_month[slot] == w.month:
            happen(run, kind, side, -1, 1.0, slot)
            changed = True
    for c in range(run.facts.countries):
        if w.country_shock_month[c, DEBT] == w.month:
            happen(run, E_DEBT_DISTRESS, 0, c, 1.0, 0)
        if w.country_shock_month[c, GOVERNMENT] == w.month:
            happen(run, E_GOVERNMENT_CHANGE, 0, c, 1.0, 0)
    return changed


@compiled
def happen(run, kind, side, country, size, slot):
    """One event.

    `side` is a home or stack, `side` and `country` are -1 where none is named, `size` scales it, `slot` keys its luck.
    """
    w, p = run.state, run.parameters
    if kind == E_ALLIANCE_DOUBT:
        doubt_alliance(run, side, country, size)
    elif kind == E_BREACH or kind == E_ATTACK:
        breach(run, side, country if country >= 0 else victim(run, slot, side), size, kind == E_ATTACK)
    elif kind == E_SANCTIONS:
        c = country if country >= 0 else sanctioned_country(run, slot, side)
        w.sanctioned_until[c, side] = w.month + int(12.0 * p.sanctions_years * size)
        event(run, c, side, SUPPLY, p.sanctions_severity)
    elif kind == E_CHIP_BREAKTHROUGH:
        break_through(run, side, size)
    elif kind == E_AI_BUST:
        w.bust_until = w.month + int(12.0 * p.bust_years * size)
        if run.on.bust:
            bust(run)
    elif kind == E_POWER:
        w.power_until = w.month + int(12.0 * p.power_shock_years * size)
    elif kind == E_FRONTIER_JUMP:
        jump(run, side, slot, size)
    elif kind == E_TARIFF:
        w.tariff_until[side] = w.month + int(12.0 * p.tariff_years)
        w.tariff_size[side] = size
        w.market_stale = 1
    elif kind == E_DEBT_DISTRESS:
        fall_into_distress(run, country, size)
    elif kind == E_GOVERNMENT_CHANGE:
        change_government(run, country, size)
    elif kind == E_CUT_OFF:
        cut_off(run, side, country, size, standing_bond(run, country, side))
    else:
        befall(run, kind, side, country, size)


@compiled
def befall(run, kind, side, country, size):
    """One of the events that otherwise follow from what a home sold to a country, or from its leverage there."""
    if kind == E_DIVERSION:
        expose_diversion(run, side, country, size)
    elif kind == E_RESTRICTION:
        restrict(run, side, country, size)
    elif kind == E_CONCESSION:
        concede(run, side, country, size, size)


@compiled
def doubt_alliance(run, side, country, size):
    """Allies of a home, all or one country, doubt its commitment, and with it in part what it supplies."""
    w, p, k = run.state, run.parameters, run.facts
    for c in range(k.countries):
        if country < 0 or c == country:
            w.belief_against[c, side, COMMITMENT] += p.alliance_doubt_size * size * k.ally[c, side]
            w.belief_against[c, side, SUPPLY] += p.alliance_doubt_supply * size * k.ally[c, side]
            if k.ally[c, side] > 0.0:
                w.severity[c, side, COMMITMENT] += size
                w.severity[c, side, SUPPLY] += size


@compiled
def breach(run, s, c, size, attack):
    """A stack's systems are breached in a country; an attack also stops what its cloud runs there."""
    one_breach(run, c, s, size)
    if attack:
        for i in range(N_SLOTS):
            if run.state.stage[c, CLOUD, i] == OPERATING and run.deals.at[c, CLOUD, i].stack == s:
                run.deals.at[c, CLOUD, i].used = 0.0


@compiled
def break_through(run, side, size):
    """A leap in a home's chips lifts the quality of all its vendors' chips."""
    w = run.state
    for v in range(VENDOR_PLACES):
        if run.facts.vendor_home[v] == side and run.facts.serves[CHIPS, v] > 0.0:
            w.quality[v, CHIPS] += run.parameters.chip_breakthrough_size * size
            w.quality_by_layer[CHIPS, v] = w.quality[v, CHIPS]


@compiled
def fall_into_distress(run, country, size):
    """A country, or with -1 every country, cannot pay its debts for some years."""
    w = run.state
    for c in range(run.facts.countries):
        if c == country or country < 0:
            w.debt_until[c] = w.month + int(12.0 * run.parameters.debt_distress_years * size)


@compiled
def change_government(run, c, size):
    """A new government minds sovereignty, and either home, more or less than the last."""
    w, number = run.state, run.facts.iso_number[c]
    spread = run.parameters.government_change_size * size
    w.sovereignty_shift[c] = spread * gaussian(w.key, REGIME, number, 0, w.month, SOVEREIGNTY_SHIFT.first)
    for s in range(N_HOMES):
        w.scepticism_shift[c, s] = spread * gaussian(w.key, REGIME, number, 0, w.month, SCEPTICISM_SHIFT.first + s)
    refresh_scepticism(run, c)


@compiled
def bust(run):
    """An AI bust ends vendors whose cash lasts for too little of it, and drives others short of cash to quick wins."""
    w, p, k = run.state, run.parameters, run.facts
    for v in range(VENDOR_PLACES):
        if k.cash[v] <= 0.0 or k.domestic[v] > 0.0:
            continue
        burn = k.cash[v] / max(k.runway_years[v], 0.1)
        lasts = w.cash[v] / burn
        if lasts < p.bust_ends * p.bust_years:
            w.alive[v] = 0.0
        elif lasts < p.bust_quick * p.bust_years:
            w.quick_until[v] = w.bust_until
        w.cash[v] -= burn * p.bust_years * p.bust_burn
    w.market_stale = 1


@compiled
def jump(run, side, slot, size):
    """A model vendor jumps ahead, of stack `side` or, with -1, of any; which one is a draw."""
    w, k, best, best_time = run.state, run.facts, -1, 1e300
    for v in range(VENDOR_PLACES):
        of_side = side == ANY_SIDE or k.vendor_stack[v] == side
        if of_side and k.serves[MODELS, v] > 0.0 and w.alive[v] > 0.0:
            time = exponential(w.key, SHOCK_SIZE, 0, 2, w.month, slot * 32 + k.vendor_number[v] % 32)
            if time < best_time:
                best, best_time = v, time
    if best >= 0:
        w.quality[best, MODELS] += run.parameters.frontier_jump_size * size
        w.quality_by_layer[MODELS, best] = w.quality[best, MODELS]


@compiled
def cut_off(run, h, c, size, promised):
    """A home cuts a country off: trust falls, some of its deals end.

    A supply bond that stood (`promised`) is broken and pays.
    """
    w, p, k = run.state, run.parameters, run.facts
    severity = p.coercion_severity * size
    if promised > 0.0:
        value = 0.0
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.stage[c, l, i] == OPERATING and run.deals.at[c, l, i].stack == h:
                    value += run.deals.at[c, l, i].supply_bond * run.deals.at[c, l, i].value
        paid = p.supply_bond_compensation * value
        w.budget[h] -= paid
        book_cost(run, h, paid)
        w.broken_until[h] = w.month + int(12.0 * p.broken_memory_years)
        run.book.broken_supply_bonds[h] += 1.0
        event_everywhere(run, h, SUPPLY, severity * (p.broken_promise - 1.0) * promised * p.broken_promise_elsewhere)
        severity *= 1.0 + (p.broken_promise - 1.0) * promised
    event(run, c, h, SUPPLY, severity)
    for l in range(N_LAYERS):
        for i in range(N_SLOTS):
            if w.stage[c, l, i] != OPERATING or run.deals.at[c, l, i].stack != h:
                continue
            deal = run.deals.at[c, l, i]
            u = uniform(
                w.key,
                SHOCK_SIZE,
                k.iso_number[c],
                l,
                w.month,
                CUT_DEAL.first + deal_slot(k.vendor_number[deal.vendor], deal.origin),
            )
            chance = p.coercion_cut * size * deal.cut
            if u < chance:
                run.book.cut_off_loss_bn[c] += deal.used * deal.capacity
                run.book.cut_deals[h] += 1.0
                leave(run, c, l, i, CUT, float(w.month), -1)


@compiled
def concede(run, h, c, stake, size):
    """A country gives in to a home that uses its leverage.

    `stake` (0 to 1) is what it gives up, `size` scales what it learns.
    """
    run.book.concession_stakes[h] += stake
    run.state.concessions[c, h] += stake
    event(run, c, h, SUPPLY, run.parameters.concession_severity * size)


@compiled
def may_be_diverted(run, c, l, i, h):
    """True for a deal in operation whose chips a home's vendor sold: operated cloud stays with its operator."""
    if run.state.stage[c, l, i] != OPERATING:
        return False
    deal = run.deals.at[c, l, i]
    return run.facts.vendor_home[deal.vendor] == h and not (l == CLOUD and deal.mode == OPERATED)


@compiled
def note_diversion(run, h, c, size, exposed):
    """A diversion comes to light: it counts, frightens, and costs its part of what the deal has in use, `exposed`."""
    run.book.diversions[h] += 1.0
    run.book.security_incidents[h] += 1.0
    run.book.incident_loss_bn[h] += run.parameters.diversion_loss * size * exposed
    event(run, c, h, BREACH, run.parameters.diversion_severity * size)


@compiled
def end_restricted(run, h, c, l, i, size):
    """A home restricts what its vendor sold: the deal ends, and others take note. Slot -1: there is none to end."""
    run.book.later_restrictions[h] += 1.0
    event(run, c, h, SUPPLY, run.parameters.restriction_severity * size)
    if i >= 0:
        leave(run, c, l, i, RESTRICTED, float(run.state.month), -1)


@compiled
def largest_sold(run, h, c, diverted):
    """(layer, slot) of a home's largest deal in a country that may be diverted, or that was; slot -1 if none."""
    layer, slot, capacity = CHIPS, -1, 0.0
    for l in (CHIPS, CLOUD):
        for i in range(N_SLOTS):
            if may_be_diverted(run, c, l, i, h) and run.deals.at[c, l, i].diverted == diverted:
                if run.deals.at[c, l, i].capacity > capacity:
                    layer, slot, capacity = l, i, run.deals.at[c, l, i].capacity
    return layer, slot


@compiled
def expose_diversion(run, h, c, size):
    """Chips of a home are found to be diverted from a country: its largest deal that may be is marked."""
    l, i = largest_sold(run, h, c, 0)
    exposed = 0.0
    if i >= 0:
        run.deals.at[c, l, i].diverted = 1
        exposed = run.deals.at[c, l, i].used * run.deals.at[c, l, i].capacity
    note_diversion(run, h, c, size, exposed)


@compiled
def restrict(run, h, c, size):
    """A home restricts what it sold to a country: the largest diverted deal ends, without one the largest of all."""
    l, i = largest_sold(run, h, c, 1)
    if i < 0:
        l, i = largest_sold(run, h, c, 0)
    end_restricted(run, h, c, l, i, size)


@compiled
def scripted_deal(run, draft, happening):
    """A deal that the scenario or the facts announce: it enters the pipeline as signed."""
    c, l, v = happening.country, happening.layer, happening.vendor
    if run.facts.serves[l, v] <= 0.0:
        return
    start_draft(draft, c, l, v, SCRIPTED)
    draft.size = happening.value / run.parameters.term_years[l]
    draft.value, draft.announced_mw = happening.value, happening.size
    f = happening.financier
    if f >= 0:
        draft.financier = f
        draft.instrument = happening.instrument if happening.instrument >= 0 else usual_instrument(run, f)
        draft.financed = happening.financed if happening.financed >= 0.0 else run.parameters.financed_share[l]
    slot = sign(run, draft)
    if slot >= 0:
        deal = run.deals.at[c, l, slot]
        if f >= 0:
            take_exposure(run, f, deal.commitment)
        if happening.bond >= 0.0:
            deal.supply_bond = happening.bond
        if happening.hosting >= 0.0:
            hosted = run.parameters.cut_hosting
            deal.cut *= (1.0 - hosted * happening.hosting) / max(1.0 - hosted * deal.hosting, 1e-300)
            deal.hosting = happening.hosting
        write_announced(run, c, l, slot)


@compiled
def usual_instrument(run, f):
    """The instrument that a financier uses most."""
    mix, best = run.financier.at[f].instrument_mix, 0
    for i in range(N_INSTRUMENTS):
        if mix[i] > mix[best]:
            best = i
    return best


@compiled
def scripted_end(run, happening):
    """The scenario ends a vendor's deals in a cell."""
    w, c, l = run.state, happening.country, happening.layer
    for i in range(N_SLOTS):
        if w.stage[c, l, i] == OPERATING and run.deals.at[c, l, i].vendor == happening.vendor:
            leave(run, c, l, i, LAPSED, float(w.month), -1)
