"""A whole month out of the other twins, in the model's order. Changes the plain world."""

import numpy as np

from tests.reference import approval, beliefs, bids, choice, decision, demand, loans, shocks, stages, tenders, use
from tests.reference.cells import shares
from tests.reference.plain import write


def strike(world):
    """What has run its time ends, shocks that wait for this month strike.

    Fears are computed again if the world has changed.
    """
    w, changed = world.state, False
    if w.month in (*w.tariff_until, *w.quick_until):
        w.market_stale = 1  # offers change as a row over tariffs ends or a vendor is past its quick wins
    if not (world.on["shocks"] and world.on["drawn_shocks"]):
        return
    for place, one in enumerate(shocks.WORLD):
        if w.shock_month[place] == w.month:
            shocks.happen(world, *one, place=place)
            changed = True
    for c in range(world.countries):
        for slot, what in enumerate(("debt_distress", "government_change")):
            if w.country_shock_month[c][slot] == w.month:
                shocks.happen(world, what, 0, c)
    if changed:
        beliefs.refresh_fears(world)


def grow(world):
    """Demand of all cells as it is now."""
    p, w = world.parameters, world.state
    years = w.month / 12 if world.on["demand_growth"] else 0.0
    bust = p.bust_demand if world.on["bust"] and w.month < w.bust_until else 1.0
    for c in range(world.countries):
        distress = p.debt_distress_demand if w.month < w.debt_until[c] else 1.0
        w.demand[c] = [demand.demand(world, c, l, years) * bust * distress for l in range(world.layers)]


def quarter(world):
    """Demand of the quarter, what firms and people buy, and every cell's chance of a tender."""
    p, w, k = world.parameters, world.state, world.facts
    grow(world)
    for c in range(world.countries):
        w.peers_served[c] = [demand.peers_served(world, c, l) for l in range(world.layers)]
    for l in range(world.layers):
        kept = np.exp(-0.25 / p.term_years[l])
        for c in range(world.countries):
            if not (world.on["organic"] and p.organic_layers[l] >= 0.5):
                continue
            wanted = w.demand[c][l] * k.organic_share[c] * w.organic_choice[c][l]
            wanted = wanted * np.array([choice.volume(world, v) if v < world.vendors else 1.0 for v in range(16)])
            after = np.where(k.serves[l] > 0, wanted + kept * (w.organic[c][l] - wanted), w.organic[c][l])
            w.stock[c][l] = np.maximum(w.stock[c][l] + after - w.organic[c][l], 0)
            w.organic[c][l] = after
            w.share[c][l] = shares(world, c, l)
    world.chance = [
        [demand.monthly_chance_of_a_tender(world, c, l, w.peers_served[c][l]) for l in range(world.layers)]
        for c in range(world.countries)
    ]
    w.opening_share = w.share.copy()  # what peers see of each other until the next quarter


def half_year(world):
    """Use of all deals, and who earned by it."""
    w, book, found = world.state, world.book, use.half_year(world)
    for place, used in found.deal.items():
        write(world, *place, used=used)
    for (c, l), used in found.cell.items():
        w.used[c][l], w.stock_used[c][l] = used, found.stack[c, l]
        w.experience[c][l] += 0.5 * (w.capacity[c][l] > 0)
    for v in range(world.vendors):
        w.revenue[v] += found.revenue[v]
        book.revenue_bn[v] += found.revenue[v]
        book.profit_bn[v] += found.revenue[v] * (bids.margin(world, v) - world.vendor[v].rnd_share)
        w.data_use[v] += found.data[v]
    book.private_spend_bn[: world.countries] += np.array(found.spent)
    book.app_use += np.array(found.applications)
    book.reexport_bn[:2] += np.array(found.reexports)


def ration_subsidies(world):
    """Subsidies and training go on in a month if, by the calendar, its opening finds money left for the months after
    it.
    """
    w = world.state
    months_after = 11 - w.month % 12
    for h in (0, 1):
        w.subsidy_on[h] = float(w.budget[h] > months_after / 12 * w.appropriation[h])


def month(world):
    """Shocks, rationed subsidies, the quarter, stages, loans, tenders, support, decisions, use.

    Returns what became of the tenders.
    """
    w = world.state
    strike(world)
    ration_subsidies(world)
    w.market_stale = 0
    if w.month % 3 == 0:
        quarter(world)
    stages.month(world)
    loans.month(world)
    found = tenders.gathered(world, world.chance)
    offers, refused = approval.allot(world, found)
    count_support(world, found, offers, refused)
    became = [
        decision.decide(world, one, {h: offer for (j, h), offer in offers.items() if j == i})
        for i, one in enumerate(found)
    ]
    if w.month % 6 == 5:
        half_year(world)
    w.month += 1
    return became


def count_support(world, found, offers, refused):
    """The yearbook's tables of support."""
    book = world.book
    for f, why in refused:
        getattr(book, approval.TABLES[why])[f] += 1
    for i, h in offers:
        c, l = found[i].country, found[i].layer
        book.supported_tenders[h] += 1
        book.supported_countries[c][h] += 1
        book.supported_contested[decision.contested(max(world.state.win_unsupported[c][l]))][h] += 1
