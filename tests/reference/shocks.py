"""Shocks of a year and what each does; cut-offs. Functions without a return change the plain world."""

import math

from tests.reference import beliefs, luck
from tests.reference.approval import reserve
from tests.reference.beliefs import BREACH, COMMITMENT, SUPPLY
from tests.reference.cells import book_cost
from tests.reference.contracts import leave
from tests.reference.disputes import standing_bond, weight_of_sanctions
from tests.reference.plain import CHIPS, CLOUD, MODELS, OPERATED, OPERATING, SCRIPTED, agreed, deal, deals_of, write
from tests.reference.signing import sign

# World shocks in the order of their draws: what happens, and to which side.
WORLD = [
    *[("alliance_doubt", h) for h in (0, 1)],
    *[("breach", s) for s in (0, 1, 2)],
    *[("sanctions", h) for h in (0, 1)],
    *[("chip_breakthrough", h) for h in (0, 1)],
    ("bust", 0),
    ("power_shock", 0),
    ("frontier_jump", -1),
    *[("tariff", h) for h in (0, 1)],
    *[("attack", s) for s in (0, 1, 2)],
]


def rate(p, what, side):
    """Yearly rate; attacks fall on the three stacks alike."""
    given = getattr(p, f"{what}_rate")
    if what == "attack":
        return given / 3
    return given if isinstance(given, float) else given[side]


def month_of(u, yearly, january):
    """The month in which a shock of the year strikes, -1 if it does not: a draw below the rate also says when."""
    return january + int(12 * u / yearly) if u < yearly else -1


def drawn(world):
    """(month of every world shock, months of debt distress and of a change of government by country) of this year."""
    p, january = world.parameters, world.state.month
    months = [
        month_of(luck.drawn(world, "world_shock", None, 0, place), rate(p, *one), january)
        for place, one in enumerate(WORLD)
    ]
    at_home = []
    for c in range(world.countries):
        poor = p.debt_distress_rate if world.facts.income_group[c] == 0 else 0.0
        at_home.append(
            tuple(
                month_of(luck.drawn(world, "country_shock", c, 0, slot), chance, january)
                for slot, chance in enumerate((poor, p.government_change_rate))
            )
        )
    return months, at_home


def raced(world, weights, place, layer):
    """The country that comes first in a race at the given speeds."""
    return min(weights, key=lambda c: luck.waited(world, "shock_size", c, layer, place) / weights[c])


def attacked(world, place, s):
    """A country drawn in proportion to the stack's cloud in use there."""
    w = world.state
    return raced(
        world, {c: w.stock_used[c][CLOUD][s] + 1e-9 * w.demand[c][CLOUD] for c in range(world.countries)}, place, 0
    )


def sanctioned(world, place, h):
    """A country drawn in proportion to voting distance; allies hardly ever."""
    return raced(world, {c: weight_of_sanctions(world, c, h) for c in range(world.countries)}, place, 1)


def bust(world):
    """Vendors without cash for a part of the bust go out of business, those without cash for some times its length go
    for quick wins.
    """
    p, k, w = world.parameters, world.facts, world.state
    for v in range(world.vendors):
        if k.cash[v] <= 0 or k.domestic[v]:
            continue
        a_year = k.cash[v] / max(k.runway_years[v], 0.1)
        years = w.cash[v] / a_year
        if years < p.bust_ends * p.bust_years:
            w.alive[v] = 0.0
        elif years < p.bust_quick * p.bust_years:
            w.quick_until[v] = w.bust_until
        w.cash[v] -= a_year * p.bust_years * p.bust_burn
    w.market_stale = 1


def happen(world, what, side, c=None, size=1.0, place=0):
    """One shock; `c` where a country is named, `place` keys what else is drawn."""
    p, w = world.parameters, world.state
    lasting = ("sanctions", "bust", "power_shock", "debt_distress")
    until = {name: w.month + int(12 * size * getattr(p, f"{name}_years")) for name in lasting}
    if what == "alliance_doubt":
        doubt(world, side, c, size)
    elif what in ("breach", "attack"):
        breached(world, side, attacked(world, place, side) if c is None else c, size, stops_cloud=what == "attack")
    elif what == "sanctions":
        c = sanctioned(world, place, side) if c is None else c
        w.sanctioned_until[c][side] = until["sanctions"]
        beliefs.event(world, c, side, SUPPLY, p.sanctions_severity)
    elif what == "chip_breakthrough":
        leap(world, side, size)
    elif what == "bust":
        w.bust_until = until["bust"]
        if world.on["bust"]:
            bust(world)
    elif what == "power_shock":
        w.power_until = until["power_shock"]
    elif what == "frontier_jump":
        jump(world, side, place, size)
    elif what == "tariff":
        w.tariff_until[side], w.tariff_size[side], w.market_stale = w.month + int(12 * p.tariff_years), size, 1
    elif what == "debt_distress":
        w.debt_until[c] = until["debt_distress"]
    elif what == "government_change":
        change_government(world, c, size)
    else:
        befall(world, what, side, c, size)


def leap(world, side, size):
    """The chips of all vendors of a home get better."""
    p, k, w = world.parameters, world.facts, world.state
    for v in range(world.vendors):
        if k.vendor_home[v] == side and k.serves[CHIPS][v]:
            w.quality[v][CHIPS] += p.chip_breakthrough_size * size
    w.quality_by_layer[CHIPS] = w.quality[:, CHIPS]


def doubt(world, side, c, size):
    """Allies of a home, or one of them, doubt its commitment and in part what it supplies."""
    p, k, w = world.parameters, world.facts, world.state
    for j in range(world.countries) if c is None else [c]:
        w.belief_against[j][side][COMMITMENT] += p.alliance_doubt_size * size * k.ally[j][side]
        w.belief_against[j][side][SUPPLY] += p.alliance_doubt_supply * size * k.ally[j][side]
        for channel in (COMMITMENT, SUPPLY):
            w.severity[j][side][channel] += size * (k.ally[j][side] > 0)


def befall(world, what, side, c, size):
    """What otherwise follows from what a home sold, or from its leverage."""
    if what == "diversion":
        found, exposed = sold(world, side, c, diverted=False), 0.0
        if found:
            write(world, c, *found, diverted=1)
            one = deal(world, c, *found)
            exposed = one.used * one.capacity
        see_diversion(world, side, c, size, exposed)
    elif what == "restriction":
        end_by_restriction(world, side, c, sold(world, side, c, True) or sold(world, side, c, False), size)
    elif what == "concession":
        concede(world, side, c, size, size)


def concede(world, h, c, stake, size):
    """A country gives in: its stake is counted, and the threat remembered."""
    world.book.concession_stakes[h] += stake
    world.state.concessions[c][h] += stake
    beliefs.event(world, c, h, SUPPLY, world.parameters.concession_severity * size)


def see_diversion(world, h, c, size, exposed):
    """A diversion is a security event, and counted as one; what the deal has in use is `exposed`."""
    world.book.diversions[h] += 1
    world.book.security_incidents[h] += 1
    world.book.incident_loss_bn[h] += world.parameters.diversion_loss * size * exposed
    beliefs.event(world, c, h, BREACH, world.parameters.diversion_severity * size)


def end_by_restriction(world, h, c, place, size):
    """A home restricts what it sold; `place` (layer, place of the deal) ends, if there is one."""
    world.book.later_restrictions[h] += 1
    beliefs.event(world, c, h, SUPPLY, world.parameters.restriction_severity * size)
    if place:
        leave(world, c, *place, "restricted", float(world.state.month))


def sold(world, h, c, diverted):
    """(layer, place) of the largest deal by which a home's vendor handed chips over, or None."""
    found = [
        (one.capacity, -l, -i)
        for l in (CHIPS, CLOUD)
        for i, one in deals_of(world, c, l, OPERATING)
        if world.facts.vendor_home[one.vendor] == h
        and bool(one.diverted) == diverted
        and not (l == CLOUD and one.mode == OPERATED)
    ]
    return (-max(found)[1], -max(found)[2]) if found else None


def jump(world, side, place, size):
    """One vendor of models, drawn among those of a stack or of all (-1), jumps ahead."""
    k, w = world.facts, world.state
    able = [
        v for v in range(world.vendors) if k.serves[MODELS][v] and w.alive[v] and side in (-1, int(k.vendor_stack[v]))
    ]
    first = min(
        able, key=lambda v: luck.waited(world, "shock_size", None, 2, 32 * place + int(k.vendor_number[v]) % 32)
    )
    w.quality[first][MODELS] += world.parameters.frontier_jump_size * size
    w.quality_by_layer[MODELS] = w.quality[:, MODELS]


def one_breach(world, c, s, severity):
    """A breach costs the country a part of what it uses of the stack in a year, by severity, at most all of it."""
    loss = min(world.parameters.breach_loss * severity, 1) * sum(used[s] for used in world.state.stock_used[c])
    world.book.security_incidents[s] += 1
    world.book.incident_loss_bn[s] += loss
    world.book.breach_loss_bn[c] += loss
    beliefs.event(world, c, s, BREACH, severity)


def breached(world, s, c, size, stops_cloud):
    """A stack's systems are breached in a country; an attack stops its cloud there."""
    one_breach(world, c, s, size)
    for i, one in deals_of(world, c, CLOUD, OPERATING) if stops_cloud else ():
        if one.stack == s:
            write(world, c, CLOUD, i, used=0.0)


def change_government(world, c, size):
    """A new government: appetite for sovereignty and scepticism of either home are drawn again."""
    w, spread = world.state, world.parameters.government_change_size * size
    w.sovereignty_shift[c] = spread * luck.normal(world, "regime", c, 0, 0)
    for h in (0, 1):
        w.scepticism_shift[c][h] = spread * luck.normal(world, "regime", c, 0, 1 + h)
        w.scepticism[c][h] = min(max(world.facts.scepticism[c][h] + w.scepticism_shift[c][h], 0), 1)


def announced(world, c, l, v, value, megawatts, offer=None, bond=None, hosting=None):
    """A deal that the scenario announces enters the pipeline as signed, and the books.

    Its vendor must serve the layer. Whoever finances it is not asked; `bond` and `hosting` are promised in its name.
    """
    if not world.facts.serves[l][v]:
        return
    p = world.parameters
    place = sign(world, c, l, v, value / p.term_years[l], SCRIPTED, offer=offer, announced_mw=megawatts)
    if place is None:
        return
    world.state.deals_signed += 1
    one = deal(world, c, l, place)
    if offer is not None:
        reserve(world, [(offer.financier, one.commitment)])
    if bond is not None:
        write(world, c, l, place, supply_bond=bond)
    if hosting is not None:
        open_to = (1 - p.cut_hosting * hosting) / (1 - p.cut_hosting * one.hosting)
        write(world, c, l, place, hosting=hosting, cut=one.cut * open_to)


def cut_off(world, h, c, size, promised):
    """A home cuts a country off.

    A supply bond that stood (`promised`) is broken: it pays, and counts several times, in part everywhere.
    """
    p, k, w, book = world.parameters, world.facts, world.state, world.book
    there = [(l, i, one) for l in range(world.layers) for i, one in deals_of(world, c, l, OPERATING) if one.stack == h]
    severity = p.coercion_severity * size
    if promised > 0:
        paid = p.supply_bond_compensation * sum(one.supply_bond * one.value for _, _, one in there)
        w.budget[h] -= paid
        book_cost(world, h, paid)
        w.broken_until[h] = w.month + int(12 * p.broken_memory_years)
        book.broken_supply_bonds[h] += 1
        more = severity * (p.broken_promise - 1) * promised
        beliefs.event_everywhere(world, h, SUPPLY, more * p.broken_promise_elsewhere)
        severity += more
    beliefs.event(world, c, h, SUPPLY, severity)
    for l, i, one in there:
        slot = 500 + int(k.vendor_number[one.vendor]) * 16 + one.origin
        if luck.drawn(world, "shock_size", c, l, slot) < p.coercion_cut * size * one.cut:
            book.cut_off_loss_bn[c] += one.used * one.capacity
            book.cut_deals[h] += 1
            leave(world, c, l, i, "cut", float(w.month))


def settle_disputes(world, leverage_of, hazard_of):
    """A January's disputes: all is decided as January opens, then done. Returns [(home, country, what)]."""
    p, k, w, book, answers = world.parameters, world.facts, world.state, world.book, []
    for h, home in enumerate(world.home):
        for c in range(world.countries):
            w.concessions[c][h] = 0.0
            lever = leverage_of(world, c, h)
            w.true_hazard[c][h][SUPPLY] = hazard_of(world, c, h)
            w.true_hazard[c][h][COMMITMENT] = p.alliance_doubt_rate[h] * p.alliance_doubt_size / p.belief_strength
            if not world.on["disputes"] or w.month == 0:
                continue
            if luck.drawn(world, "dispute", c, h, 0) >= min(p.dispute_rate * k.distance[c][h], 1):
                continue
            stake = luck.drawn(world, "stake", c, h, 0)
            force = agreed(home, "coerce", c) * lever * stake
            calm = math.exp(-p.supply_bond_hazard * standing_bond(world, c, h))
            if luck.drawn(world, "coercion", c, h, 0) < force / (force + p.coercion_cost[h]) * calm:
                book.coercion_events[h] += 1
                concedes = luck.drawn(world, "coercion", c, h, 1) < lever / (lever + p.concession_half)
                answers.append((h, c, stake if concedes else None))
    for c in range(world.countries):
        for s in range(world.stacks):
            seen = 1 - p.breach_confidential * agreed(world.home[s], "confidential_computing", c) if s < 2 else 1
            w.true_hazard[c][s][BREACH] = p.true_breach[s] * seen
            if s == 2:
                w.true_hazard[c][s][SUPPLY] = w.true_hazard[c][s][COMMITMENT] = 0.0
    promised = [[standing_bond(world, c, h) for h in (0, 1)] for c in range(world.countries)]
    for h, c, stake in answers:
        if stake is None:
            cut_off(world, h, c, 1.0, promised[c][h])
        else:
            concede(world, h, c, stake, 1.0)
    return answers


def breaches(world):
    """A January's breaches at single users.

    The true hazard, by the part of a country's use that runs on the stack.
    """
    w = world.state
    if not world.on["shocks"] or w.month == 0:
        return
    for c in range(world.countries):
        everything = sum(w.used[c])
        for s in range(world.stacks):
            part = sum(w.stock_used[c][l][s] for l in range(world.layers)) / everything if everything > 0 else 0
            if luck.drawn(world, "breached", c, s, 0) < w.true_hazard[c][s][BREACH] * part:
                one_breach(world, c, s, world.parameters.breach_severity)


def chance_of_diversion(world, c, h, one):
    """Yearly chance that a deal's chips are diverted.

    By tier, less for guardrails and scrutiny, more for hubs and hosting.
    """
    p, k, home = world.parameters, world.facts, world.home[h]
    chance = p.diversion * p.diversion_tier * k.tier[c][h]
    chance *= (1 - p.diversion_guardrail * home.guardrail) * (1 + p.diversion_fast_lane * home.fast_lane)
    chance *= (1 - p.diversion_compact * home.compact[c]) * (1 - p.diversion_strictness * home.control_strictness)
    chance *= (1 + p.diversion_hosting * one.hosting) * (1 - p.scrutiny_effect * home.agency_lag_months)
    passing_on = sum(world.vendor[v].reexport for v in range(world.vendors) if k.hub[v])
    return chance * (1 + p.diversion_reexport * passing_on * (k.gulf[c] > 0))


def divert(world):
    """A January's diversions, and restrictions on deals that were diverted before."""
    p, k, w = world.parameters, world.facts, world.state
    if not world.on["diversions"] or w.month == 0:
        return
    for c in range(world.countries):
        for l in (CHIPS, CLOUD):
            for i, one in deals_of(world, c, l, OPERATING):
                h = int(k.vendor_home[one.vendor])
                if h < 0 or k.tier[c][h] == 0 or (l == CLOUD and one.mode == OPERATED):
                    continue  # nothing licensed, or chips that stay with their operator
                slot = int(k.vendor_number[one.vendor]) * 16 + one.origin
                if one.diverted:
                    chance = p.restriction * (1 - p.restriction_guardrail * world.home[h].guardrail)
                    if luck.drawn(world, "restriction", c, l, slot) < chance:
                        end_by_restriction(world, h, c, (l, i), 1.0)
                elif luck.drawn(world, "diversion", c, l, slot) < chance_of_diversion(world, c, h, one):
                    write(world, c, l, i, diverted=1)
                    see_diversion(world, h, c, 1.0, one.used * one.capacity)
