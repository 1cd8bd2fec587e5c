"""What a January does to money, vendors' cash and mixes. Functions without a return change the plain world."""

import math

from tests.reference import luck
from tests.reference.cells import spend
from tests.reference.plain import LEGACY, OPERATING, deals_of, write
from tests.reference.use import fit, misfit, trained


def appropriation(world, h):
    """A year's budget: it grows with the score of last year, and at home with a geopolitical framing."""
    p, home = world.parameters, world.home[h]
    framed = 1 + p.appropriation_framing * home.frame_geopolitical
    return home.budget_bn * framed * (1 + p.appropriation_response * world.state.last_score[h])


def replenish(world):
    """New money, slots and limits.

    What a home spends beside its programme is public cost, but no part of the programme's budget.
    """
    p, w = world.parameters, world.state
    for h, home in enumerate(world.home):
        beside = home.aid_bn + home.alliance_signal_bn + p.advocacy_cost_bn * home.advocacy
        beside += p.standards_cost_bn * home.standards + p.elicitation_cost_bn * home.elicitation
        spend(world, h, beside)
        whole, kept = appropriation(world, h), world.parameters.finance_budget[h]
        w.purse[h] = whole * kept
        w.budget[h] = w.appropriation[h] = whole - w.purse[h]
        w.subsidy_on[h] = 1.0
        w.slots_left[h] = p.slots[h] if w.month >= home.start_delay_months else 0.0
    w.committed[:] = 0.0


def cash_after(p, cash, burn, revenue, research):
    """Cash after a year: vendors keep part of what they earn, less research beyond the usual, and pay part of the burn.

    Growth is held to a year's burn, cash to 0.
    """
    kept = p.vendor_margin + p.usual_research - research
    return max(cash + min(kept * revenue - p.burn_paid * burn, burn), 0.0)


def change_cash(world):
    """Cash, and what each vendor can supply this year."""
    p, k, w = world.parameters, world.facts, world.state
    for v in range(len(w.cash)):
        if w.month > 0:
            burn = k.cash[v] / max(k.runway_years[v], 0.1)
            research = world.vendor[v].rnd_share if v < world.vendors else 0.0  # the last place is padding
            w.cash[v] = cash_after(p, w.cash[v], burn, k.home_revenue[v] + w.revenue[v], research)
        w.revenue[v] = 0.0
        for l in range(world.layers):
            w.supply_left[l][v] = k.supply_cap[l][v] * math.exp(k.supply_growth[l][v] * w.month / 12)


def mix_after(p, mix, goal, draws):
    """A country's mix of uses a year later: pulled towards its goal, moved by normal draws, positive, one in all."""
    moved = [
        max(now + p.mix_pull * (to - now) + p.mix_noise * drawn, 0.01)
        for now, to, drawn in zip(mix, goal, draws, strict=True)
    ]
    return [part / sum(moved) for part in moved]


def drift_mixes(world):
    """A year of all mixes."""
    for c in range(world.countries):
        if world.on["use_mix"]:
            draws = [luck.normal(world, "use_mix", c, 0, i) for i in range(4)]
            world.state.use_mix[c] = mix_after(world.parameters, world.state.use_mix[c], world.facts.use_mix[c], draws)


def offered_mix(p, tailored, mix):
    """The mix that an offer serves: the standard one, moved towards the country's as far as it is tailored."""
    return [(1 - tailored) * usual + tailored * here for usual, here in zip(p.standard_mix, mix, strict=True)]


def expected_fits(world):
    """Log of the fit that each country expects of each vendor's offer.

    Nobody foresees what ready-made delivery costs.
    """
    p, w = world.parameters, world.state
    for c in range(world.countries):
        for v, offer in enumerate(world.vendor):
            served = offered_mix(p, p.customisation_mix * offer.customisation, w.use_mix[c])
            wrong = misfit(served, w.use_mix[c])
            w.log_fit[c][v] = math.log(max(fit(p, wrong, offer.customisation, offer.option_value, 0.0), p.fit_floor))


def build_skills(world):
    """Skills move towards what is spent on them, and with them absorption."""
    p, w, k = world.parameters, world.state, world.facts
    for c in range(world.countries):
        if w.month > 0:
            w.skills[c] += (1 - math.exp(-1 / p.skills_years)) * (world.importer[c].skills - w.skills[c])
        w.absorption[c] = k.absorption[c] + p.skills_effect * w.skills[c] * (1 - k.absorption[c])


def refresh_deal_fits(world):
    """The fit of every operating deal to the mix as it is now, and its pace where skills were built up."""
    p, w = world.parameters, world.state
    for c in range(world.countries):
        for l in range(world.layers):
            for i, one in deals_of(world, c, l):
                wrong = misfit(one.mix, world.state.use_mix[c])
                found = fit(world.parameters, wrong, one.customisation, one.option_value, one.turnkey)
                if one.stage == OPERATING:
                    write(world, c, l, i, fit=found * one.sector)
                if w.skills[c] > 0:
                    absorption = trained(p, w.absorption[c], one.capacity_building)
                    write(
                        world,
                        c,
                        l,
                        i,
                        ceiling=min(1, p.use_ceiling + p.use_ceiling_absorption * absorption),
                        kept=math.exp(-(p.use_speed + p.use_speed_absorption * absorption) / 2),
                    )


def count_retained(world):
    """Adopters that have been with their stack for the years that count.

    One that only waits for its successor is lost.
    """
    w, book, years = world.state, world.book, world.parameters.retained_years
    for s in range(world.stacks):  # and those that left before their years were over
        book.adopters_5y[s] += w.left_due[s][w.month // 12]
        book.adopters_retained_5y[s] += w.left_retained[s][w.month // 12]
        book.retained_use_5y[s] += w.left_use[s][w.month // 12]
    for c in range(world.countries):
        for l in range(world.layers):
            for _, one in deals_of(world, c, l, OPERATING):
                if one.origin != LEGACY and years <= (w.month - one.operating) / 12 < years + 1:
                    book.adopters_5y[one.stack] += 1
                    book.adopters_retained_5y[one.stack] += not one.holdover
                    book.retained_use_5y[one.stack] += 0 if one.holdover else one.used


def given_up(world):
    """An idle domestic champion that is backed may be given up.

    By how much of what it runs itself lies idle, at a yearly rate.

    On the first January no year has passed.
    """
    w, v = world.state, int(world.facts.domestic_vendor)
    if not world.on["champions"] or v < 0 or w.month == 0:
        return
    for c in range(world.countries):
        own = [one for l in range(world.layers) for _, one in deals_of(world, c, l, OPERATING) if one.vendor == v]
        built = sum(one.capacity for one in own)
        if world.importer[c].champion * w.champion[c] <= 0 or built <= 0:
            continue
        idle = max(1 - sum(one.used * one.capacity for one in own) / built, 0)
        if luck.drawn(world, "champion", c, 0, 0) < 1 - math.exp(-world.parameters.champion_give_up * idle):
            w.champion[c] = 0.0
            world.book.champion_conversions += 1
