"""A deal is signed: what it is, when its clock starts, who pays and lends.

Functions without a return change the plain world.
"""

import math

from tests.reference import beliefs, luck
from tests.reference.approval import INSTRUMENTS, carried, loss_given_default, money, rate
from tests.reference.cells import attribution, book_cost, spend
from tests.reference.choice import cut, list_price, lock_by_contract, mode, price_now, protection, tailored, volume
from tests.reference.contracts import wait
from tests.reference.demand import naivety
from tests.reference.finance import default_chance
from tests.reference.january import offered_mix
from tests.reference.lifecycle import kind_of_site, of_each_site, power_of_deal
from tests.reference.plain import (
    APPLICATIONS,
    CANCEL,
    CHIPS,
    CLOUD,
    FINANCE,
    FROM_RENEWAL,
    NARROW,
    OPERATED,
    PARTNER,
    SCRIPTED,
    SELF_HOSTED,
    SIGNED,
    SOFTWARE,
    SOLD,
    SOVEREIGN,
    agreed,
    deal,
    deals_of,
    home_of,
    write,
)
from tests.reference.tenders import largest
from tests.reference.use import fit, misfit, trained

MODES = {"sold": SOLD, "operated": OPERATED, "partner_operated": PARTNER, "self_hosted": SELF_HOSTED}


def training_paid_for(world, c, v):
    """Training that a vendor's home pays for in a country while it has money for subsidies."""
    home, h = home_of(world, v), int(world.facts.vendor_home[v])
    return agreed(home, "capacity_building", c) if home is not None and world.state.subsidy_on[h] > 0 else 0.0


def take_on(world, c, l, i, v):
    """What the vendor and its home offer now becomes the deal's own, and what is offered is what is paid as long as it
    runs.
    """
    p, w, k, offer, home = world.parameters, world.state, world.facts, world.vendor[v], home_of(world, v)
    hosting, _ = protection(world, v, c)
    customisation, turnkey = tailored(world, v)
    trained_people = max(training_paid_for(world, c, v), world.importer[c].require_training)
    sector = 1.0
    if l == APPLICATIONS:
        overlap = sum(min(a, b) for a, b in zip(offer.sector_focus, k.sector_need[c], strict=True))
        sector = p.sector_floor + (1 - p.sector_floor) * overlap
    write(
        world,
        c,
        l,
        i,
        vendor=v,
        stack=int(k.vendor_stack[v]),
        hosting=hosting,
        cut=cut(world, l, v, c),
        price=list_price(world, l, v, c),
        paid=price_now(world, l, v, c),
        lock_contract=lock_by_contract(world, v, c),
        lock_silicon=offer.lock_silicon,
        customisation=customisation,
        option_value=offer.option_value,
        turnkey=turnkey,
        capacity_building=trained_people,
        supply_bond=0.0 if home is None else agreed(home, "supply_bond", c),
        sector=sector,
    )
    one = deal(world, c, l, i)  # from here on by what was written down
    # A naive buyer asks for the standard mix.
    understood = 1 - p.naivety_fit * naivety(world, c, l)
    write(world, c, l, i, mix=offered_mix(p, p.customisation_mix * one.customisation * understood, w.use_mix[c]))
    served, absorption = deal(world, c, l, i).mix, trained(p, w.absorption[c], one.capacity_building)
    write(
        world,
        c,
        l,
        i,
        fit=fit(p, misfit(served, w.use_mix[c]), one.customisation, one.option_value, one.turnkey) * one.sector,
        ceiling=min(1, p.use_ceiling + p.use_ceiling_absorption * absorption),
        kept=math.exp(-(p.use_speed + p.use_speed_absorption * absorption) / 2),
    )


def cheapen(world, c, l, i, rebate):
    """A rebate on the list price comes off what was agreed as far as list prices pass through to the buyer's whole
    cost.
    """
    one, left = deal(world, c, l, i), 1 - rebate * world.parameters.pass_through[l]
    write(world, c, l, i, price=one.price * left, paid=one.paid * left)


def own_the_cloud(world, c, l, i):
    """A sovereign cloud is the buyer's own although its vendor usually operates.

    As hard to cut off as what is sold.
    """
    one = deal(world, c, l, i)
    if l == CLOUD and one.mode == SOLD and MODES[mode(world, l, one.vendor)] == OPERATED:
        by_mode = world.parameters.cut_by_mode
        write(world, c, l, i, cut=one.cut * by_mode[SOLD] / by_mode[OPERATED])


def class_of(world, c, l, v):
    """Sovereign, narrow or software by the vendor's mix; short of cash it goes for software."""
    if l not in (CHIPS, CLOUD):
        return NARROW
    u = luck.drawn(world, "deal_class", c, l, int(world.facts.vendor_number[v]))
    if world.state.month < world.state.quick_until[v]:
        return SOFTWARE if u > world.parameters.quick_narrow else NARROW
    sovereign, narrow, _ = world.vendor[v].deal_class
    return SOVEREIGN if u < sovereign else NARROW if u < sovereign + narrow else SOFTWARE


def licence_refused(world, c, l, v):
    """The home that refuses an export licence for its part in what is sold, or None; a refusal is an event."""
    p, k = world.parameters, world.facts
    for h, home in enumerate(world.home):
        part = attribution(world, l, v)[h] * p.licence_layers[l] * world.on["licences"]
        chance = p.denial * home.control_strictness * k.tier[c][h] * part * (1 - p.compact_licence * home.compact[c])
        if luck.drawn(world, "licence_denial", c, l, int(k.vendor_number[v]) + 200 * h) < chance:
            world.book.licence_denials[h] += 1
            beliefs.event(world, c, h, beliefs.SUPPLY, p.denial_severity)
            return h
    return None


def months_before_finance(world, c, l, one, supporter):
    """Tailoring, the grid, licences, guardrails.

    And designation, elicitation and the consortium of the home that supports it, if any.
    """
    p, k, v = world.parameters, world.facts, one.vendor
    h, home, offer = int(k.vendor_home[v]), home_of(world, v), world.vendor[v]
    months = p.customisation_months * one.customisation if one.origin != FROM_RENEWAL else 0.0
    if one.megawatts > 0:
        site = of_each_site(p, one.megawatts, one.deal_class)
        load = min(site / max(k.electricity_capacity[c], 0.01), p.grid_wait_load_limit)
        crisis = p.power_shock_wait if world.state.month < world.state.power_until else 1
        months += p.grid_wait_share * k.grid_wait[c] * (1 + p.grid_wait_load * load) * crisis
    if supporter is not None:
        asks = world.home[supporter]
        months += (
            asks.agency_lag_months
            + p.elicitation_months * asks.elicitation
            + p.consortium_months * asks.consortium_required
        )
    if home is None:
        return months
    if world.on["licences"] and p.licence_layers[l] > 0:
        mean = p.licence_layers[l] * p.licence_months[int(k.tier[c][h])] * (p.licence_lenient + home.control_strictness)
        mean *= (1 - p.fast_lane_effect * home.fast_lane) * (1 - p.compact_licence * home.compact[c])
        if l == CLOUD and one.mode == OPERATED:
            mean *= 1 - p.fast_lane_cloud * p.fast_lane_effect * home.cloud_counts
        slot = 2 * int(k.vendor_number[v])
        waited = mean / 2 * sum(luck.waited(world, "licence_delay", c, l, slot + n) for n in (0, 1))
        waited *= (
            1 - p.licence_affiliation * offer.affiliation + p.licence_quarrel * max(0, -offer.relation)
        )  # its friends wait less
        world.book.licence_months[h] += waited
        months += waited
    months += p.guardrail_months * home.guardrail * p.licence_layers[l]
    return months + (p.power_months * home.power_package if one.megawatts > 0 else 0)


def start_clock(world, c, l, i, delay):
    """Finance against cancelling: whichever clock runs out first."""
    p, one, now = world.parameters, deal(world, c, l, i), float(world.state.month)
    write(world, c, l, i, stage=SIGNED)
    if not world.on["lifecycle"]:
        return wait(world, c, l, i, now, FINANCE)
    slot = int(world.facts.vendor_number[one.vendor]) * 16 + one.origin
    financed = (
        luck.waited(world, "finance_clock", c, l, slot)
        * p.finance_months[one.kind]
        * (1 - p.turnkey_speed * one.turnkey)
    )
    rate = p.cancel_before_finance[one.kind] * one.cancel_factor
    cancelled = luck.waited(world, "cancel_clock", c, l, 2 * slot) / rate
    if cancelled < delay + financed:
        return wait(world, c, l, i, now + cancelled, CANCEL)
    return wait(world, c, l, i, now + delay + financed, FINANCE)


def finance(world, c, l, i, offer, financed):
    """The loan or cover of so many bn$, the grant, what the programme is charged and what private money comes with it.

    A financier without a home charges nobody.
    """
    p, k, book, f, name = world.parameters, world.facts, world.book, offer.financier, offer.instrument
    lever, one, own, h = world.financier[f], deal(world, c, l, i), 1 - offer.share, int(world.facts.financier_home[f])
    grant, charge, aside = money(world, f, c, one.mode == OPERATED, name, financed, own)
    commitment = financed * carried(p, name) * own
    write(
        world,
        c,
        l,
        i,
        partner=offer.partner,
        partner_ratio=offer.share / own,
        financier=f,
        supported=1,
        instrument=INSTRUMENTS.index(name),
        commitment=commitment,
        rate=rate(p, lever, name),
        grant=grant,
        payments=max(round(2 * (lever.tenor_years - lever.grace_years)), 1),
        grace=round(2 * lever.grace_years),
    )
    book.commitments_bn[f] += commitment
    world.state.reserve[f] += aside
    if h < 0:
        return
    world.state.purse[h] -= grant + p.overhead_bn + charge
    book_cost(world, h, grant + p.overhead_bn + charge)
    ratio = p.private_per_public_low if k.income_group[c] == 0 else p.private_per_public
    ratio *= p.private_by_guarantee if name == "guarantee" else 1
    book.private_capital_bn[h] += financed * own * ratio + financed * offer.share
    chance = default_chance(
        p, k.default_multiplier[c], lever.tenor_years, world.state.month < world.state.debt_until[c]
    )
    loss = chance * loss_given_default(p, one.mode == OPERATED)
    book.risk_state_bn[h] += loss * commitment
    book.risk_firm_bn[h] += loss * max(one.value - commitment - grant, 0)


def bought(world, c, l, v, size):
    """What a size asked for buys: less at a higher mark-up, and never more than one deal may be."""
    return min(size * volume(world, v), largest(world, c, l))


def announced(p, one):
    """What is said of a deal at its signing, bn$: sovereign mega-sites are announced larger than signed."""
    mega = one.deal_class == SOVEREIGN and of_each_site(p, one.megawatts, SOVEREIGN) >= p.mega_mw
    return one.value * (p.mega_announcement if mega and one.origin != SCRIPTED else 1)


def sign(world, c, l, v, size, origin, home=None, offer=None, package=-1, announced_mw=0.0):
    """Put a deal into the first free place of the cell; returns the place, or None if there is none.

    `offer`: the finance, of `home` unless the scenario announces it. `announced_mw`: of a scripted deal.
    """
    p, w, book = world.parameters, world.state, world.book
    free = [i for i, stage in enumerate(w.stage[c][l]) if stage == 0]
    if not free:
        book.tenders_postponed += 1
        return None
    if origin != SCRIPTED:  # the buyer's money buys less at a higher mark-up
        size = bought(world, c, l, v, size)
    i, value = free[0], size * p.term_years[l]
    take_on(world, c, l, i, v)
    stack, deal_class, how = int(world.facts.vendor_stack[v]), class_of(world, c, l, v), MODES[mode(world, l, v)]
    if l == CLOUD and how == OPERATED and deal_class == SOVEREIGN:
        how = SOLD
    if l in (CHIPS, CLOUD) and deal_class == SOFTWARE:
        size, value = size * p.software_share, value * p.software_share
        book.inroads[stack] += 1
    elif l in (CHIPS, CLOUD):
        book.inroads_converted[stack] += any(
            one.stage == 3 and one.vendor == v and one.deal_class == SOFTWARE for _, one in deals_of(world, c, l)
        )
    megawatts = power_of_deal(p, l, deal_class, value, announced_mw)
    write(
        world,
        c,
        l,
        i,
        deal_class=deal_class,
        mode=how,
        kind=kind_of_site(p, l, megawatts, stack, deal_class, how),
        origin=origin,
        renewals=0,
        diverted=0,
        holdover=0,
        capacity=size,
        value=value,
        megawatts=megawatts,
        used=0.0,
        signed=float(w.month),
        operating=0.0,
        ends=0.0,
        commitment=0.0,
        grant=0.0,
        rate=0.0,
        financier=-1,
        instrument=-1,
        supported=0,
        partner=-1,
        partner_ratio=0.0,
        cancel_factor=1.0,
        ledger=-1,
        loan_row=-1,
        package=package,
    )
    own_the_cloud(world, c, l, i)
    if home is not None:
        write(world, c, l, i, cancel_factor=1 + (p.consortium_cancel - 1) * world.home[home].consortium_required)
    if offer is not None:
        finance(world, c, l, i, offer, p.financed_share[l] * offer.part * value)
    pay_for_offer(world, c, l, i)
    w.supply_left[l][v] -= value
    w.pending[c][l] += size
    w.pipeline[c][l] += 1
    w.last_award[c][l], w.last_vendor[c][l] = w.month, v
    book.signed_deals[stack] += 1
    book.announced_bn[stack] += announced(p, deal(world, c, l, i))
    start_clock(world, c, l, i, months_before_finance(world, c, l, deal(world, c, l, i), home))
    return i


def pay_for_offer(world, c, l, i):
    """Subsidy and training come with every deal won or renewed, supported or not."""
    one = deal(world, c, l, i)
    h = int(world.facts.vendor_home[one.vendor])
    if h < 0:
        return
    if world.state.subsidy_on[h] > 0:
        subsidy = agreed(world.home[h], "subsidy", c, l) * one.value
        spend(world, h, subsidy)
        world.book.subsidy_cost_bn[h] += subsidy
    spend(world, h, world.parameters.capacity_building_cost * training_paid_for(world, c, one.vendor) * one.value)
