"""What the yearbook says on 1 January: stocks, indices, welfare."""

from stackcraft.model.loop.arithmetic import exp
from stackcraft.model.loop.codes import (
    BREACH,
    BY_CAPABILITY,
    BY_COUNTRY,
    BY_GDP,
    BY_POPULATION,
    CLOUD,
    COMMITMENT,
    FINE,
    LOW_INCOME,
    N_CHANNELS,
    N_FINANCIERS,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    N_WEIGHTS,
    NOT_FINITE,
    OPERATING,
    SUPPLY,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import power_of_deals, power_of_organic
from stackcraft.model.loop.disputes import leverage, over_all_layers
from stackcraft.model.loop.exposure import refresh_exposure

MAJOR_SHARE = 0.1  # of a stack that counts in `multihoming`


@compiled
def record(run):
    """Fill in the stocks of this January's row and look at the run's health."""
    refresh_exposure(run)
    record_cells(run)
    record_power(run)
    record_countries(run)
    record_world(run)
    record_sides(run)
    record_payoff(run)
    check(run)


@compiled
def record_cells(run):
    """Shares and capacities of every cell; unmet demand and idle capacity."""
    w, book = run.state, run.book
    for s in range(N_STACKS):
        book.use_bn[s] = 0.0
    for l in range(N_LAYERS):
        book.unmet_demand[l], book.idle_capacity[l] = 0.0, 0.0
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            total = installed(w, c, l)
            used = 0.0
            for s in range(N_STACKS):
                used += w.stock_used[c, l, s]
                book.use_bn[s] += w.stock_used[c, l, s]
            for s in range(N_STACKS):
                book.installed[c, l, s] = w.share[c, l, s]
                book.utilised[c, l, s] = w.stock_used[c, l, s] / used if used > 1e-15 else w.share[c, l, s]
                book.win_probability[c, l, s] = w.win_unsupported[c, l, s]
            book.capacity[c, l] = total
            book.used[c, l] = used
            book.demand[c, l] = w.demand[c, l]
            book.unmet_demand[l] += max(w.demand[c, l] - total, 0.0)
            book.idle_capacity[l] += max(total - used, 0.0)


@compiled
def record_power(run):
    """Power of the data centres in operation, MW, by country."""
    for c in range(run.facts.countries):
        run.book.power_mw[c] = power_of_deals(run, c, OPERATING) + power_of_organic(run, c)


@compiled
def installed(w, c, l):
    """All that is installed in a cell, bn$ a year.

    In fourth sums (VENDOR_PLACES is a multiple of 4), which do not wait for each other.
    """
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for v in range(0, VENDOR_PLACES, 4):
        first += w.stock[c, l, v]
        second += w.stock[c, l, v + 1]
        third += w.stock[c, l, v + 2]
        fourth += w.stock[c, l, v + 3]
    return (first + second) + (third + fourth)


@compiled
def record_countries(run):
    """Dependence, sovereignty, trust, hazards, welfare."""
    w, p, book = run.state, run.parameters, run.book
    for c in range(run.facts.countries):
        dependent, spend, herfindahl, several = 0.0, 0.0, 0.0, 0.0
        value, paid, lost = 0.0, w.bill[c], 0.0
        for l in range(N_LAYERS):
            squares, major = 0.0, 0.0
            for s in range(N_STACKS):
                squares += w.share[c, l, s] * w.share[c, l, s]
                major += 1.0 if w.share[c, l, s] >= MAJOR_SHARE else 0.0
            herfindahl += squares * w.demand[c, l]
            spend += w.demand[c, l]
            several += 1.0 / N_LAYERS if major >= 2.0 else 0.0
            total, exposed = installed(w, c, l), 0.0
            for s in range(N_STACKS):
                exposed += w.exposed[c, l, s]
            if total > 0.0:
                dependent += p.layer_weight[l] * exposed / total
            value += p.welfare_use * w.used[c, l] * worth_of_quality(run, c, l)
        dependent = over_all_layers(p, dependent)
        for s in range(N_STACKS):
            lost += w.true_hazard[c, s, SUPPLY] * p.welfare_cut_off * w.share[c, CLOUD, s] * w.demand[c, CLOUD]
        book.dependence[c] = herfindahl / max(spend, 1e-300)
        book.sovereignty[c] = 1.0 - dependent
        book.multihoming[c] = several
        book.policy_cost_bn[c] = own_policy_cost(run, c, spend)
        paid += book.policy_cost_bn[c] + book.second_source_cost_bn[c] + book.switching_cost_bn[c]
        lost += book.cut_off_loss_bn[c] + book.breach_loss_bn[c]
        # By the appetite in the facts: a yardstick that a lever moved could not tell what the lever does.
        autonomy = p.welfare_autonomy * run.facts.sovereignty[c] * (1.0 - dependent) * spend
        book.welfare[c] = value - paid - lost + book.finance_relief_bn[c] + autonomy
        for h in range(N_HOMES):
            book.leverage[c, h] = leverage(run, c, h)
        for s in range(N_STACKS):
            book.goodwill[c, s] = w.goodwill[c, s]
            trust = 0.0
            for channel in range(N_CHANNELS):
                against = w.belief_against[c, s, channel]
                hazard = against / (against + w.belief_for[c, s, channel])
                if channel == COMMITMENT:
                    hazard = 1.0 - w.kept[c, s]
                book.perceived_hazard[c, s, channel] = hazard
                book.true_hazard[c, s, channel] = w.true_hazard[c, s, channel]
                trust += (1.0 - hazard) / N_CHANNELS
            book.trust[c, s] = trust


@compiled
def worth_of_quality(run, c, l):
    """What use in a cell is worth over use at the best quality: exp(welfare_quality x log quality), by what is there.

    Fit is left out: it shows in how much is used.
    """
    w, taste = run.state, run.parameters.welfare_quality
    total, worth = 0.0, 0.0
    for v in range(VENDOR_PLACES):
        stock = w.stock[c, l, v]
        if stock > 0.0:
            total += stock
            worth += stock * exp(taste * (w.quality[v, l] + w.appeal[c, v] - w.log_fit[c, v]))
    return worth / total if total > 0.0 else 1.0


@compiled
def own_policy_cost(run, c, spend):
    """What a country's strategy office and its spending on skills cost it, bn$ a year; `spend`: its demand."""
    p, buyer = run.parameters, run.importer.at[c]
    return (p.strategy_office * buyer.clarity + p.skills_cost * buyer.skills) * spend


@compiled
def record_world(run):
    """Shares by layer under five weightings.

    Capability (what is installed), GDP, population, one each, one each among low-income countries.
    """
    w, book = run.state, run.book
    for weighting in range(N_WEIGHTS):
        for l in range(N_LAYERS):
            total, us, cn, own, us_used, cn_used, own_used = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for c in range(run.facts.countries):
                weight = weight_of(run, weighting, c, l)
                total += weight
                us += weight * w.share[c, l, 0]
                cn += weight * w.share[c, l, 1]
                own += weight * w.share[c, l, 2]
                us_used += weight * book.utilised[c, l, 0]
                cn_used += weight * book.utilised[c, l, 1]
                own_used += weight * book.utilised[c, l, 2]
            part = 1.0 / max(total, 1e-300)
            now, used = book.world_installed[weighting, l], book.world_utilised[weighting, l]
            now[0], now[1], now[2] = us * part, cn * part, own * part
            used[0], used[1], used[2] = us_used * part, cn_used * part, own_used * part


@compiled
def weight_of(run, weighting, c, l):
    """Weight of a country: installed capacity, GDP, population, one each, one each among low-income countries."""
    k = run.facts
    if weighting == BY_CAPABILITY:
        return run.book.capacity[c, l] * 1.0
    if weighting == BY_GDP:
        return k.gdp_share[c]
    if weighting == BY_POPULATION:
        return k.population_share[c]
    if weighting == BY_COUNTRY:
        return 1.0
    return 1.0 if k.income_group[c] == LOW_INCOME else 0.0


@compiled
def record_sides(run):
    """Vendors, financiers, programmes."""
    w, p, k, book = run.state, run.parameters, run.facts, run.book
    for v in range(VENDOR_PLACES):
        book.alive[v] = w.alive[v]
        for l in range(N_LAYERS):
            book.quality[v, l] = w.quality[v, l] if k.serves[l, v] > 0.0 else 0.0
    for f in range(N_FINANCIERS):
        book.exposure_bn[f] = w.exposure[f]
        book.overdue_share[f] = w.overdue[f] / max(w.exposure[f], 1e-9) if w.exposure[f] > 1e-9 else 0.0
    for h in range(N_HOMES):
        book.budget_bn[h] = w.budget[h] + w.purse[h]
    record_deals(run)
    for s in range(N_STACKS):
        mean, squares, n = 0.0, 0.0, 0.0
        for c in range(run.facts.countries):
            hazard = book.perceived_hazard[c, s, BREACH] * 1.0
            mean += hazard
            squares += hazard * hazard
            n += 1.0
        book.evaluated_trust[s] = max(squares / n - (mean / n) * (mean / n), 0.0)
    for h in range(N_HOMES):
        delivered = book.delivered_bn[h]
        w.last_score[h] = min(
            max((delivered - p.score_delivery * book.announced_bn[h]) / max(book.announced_bn[h], 1e-9), -1.0), 1.0
        )


@compiled
def record_payoff(run):
    """The parts of both homes' payoff for the year that ends, bn$; none on the first January."""
    w, p, book = run.state, run.parameters, run.book
    counts = 1.0 if w.month > 0 else 0.0
    for h in range(N_HOMES):
        trust, hold, n = 0.0, 0.0, 0.0
        for c in range(run.facts.countries):
            trust += book.trust[c, h] * 1.0
            hold += book.leverage[c, h] * 1.0
            n += 1.0
        book.payoff_use_bn[h] = counts * p.payoff_use * book.use_bn[h]
        book.payoff_influence_bn[h] = counts * p.payoff_influence * hold / max(n, 1.0)
        book.payoff_cost_bn[h] = -counts * p.payoff_cost * book.public_cost_bn[h]
        book.payoff_incident_bn[h] = -counts * p.payoff_incident * book.incident_loss_bn[h]
        book.payoff_trust_bn[h] = counts * p.payoff_trust * trust / max(n, 1.0)


@compiled
def record_deals(run):
    """Use and lock-in of the deals in operation, by stack; contracts in cloud."""
    w, p, book = run.state, run.parameters, run.book
    cloud = 0.0
    for s in range(N_STACKS):
        book.utilisation[s], book.lock_in[s], book.operating_capacity[s] = 0.0, 0.0, 0.0
    per_price = 1.0 / (p.price_taste + 0.5 * p.price_taste_income)  # at the middle of the income ranks
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.stage[c, l, i] != OPERATING:
                    continue
                deal = run.deals.at[c, l, i]
                s = deal.stack
                book.utilisation[s] += deal.used * deal.capacity
                book.operating_capacity[s] += deal.capacity
                book.lock_in[s] += (
                    p.incumbency[l] * (1.0 + deal.lock_contract + deal.lock_silicon) * per_price * deal.capacity
                )
                if l == CLOUD:
                    cloud += 1.0
    for s in range(N_STACKS):
        book.utilisation[s] /= max(book.operating_capacity[s], 1e-300)
        book.lock_in[s] /= max(book.operating_capacity[s], 1e-300)
    book.cloud_contracts = cloud


@compiled
def check(run):
    """A run with a value that is not finite is marked and carried on no further than its own rows."""
    w = run.state
    total = 0.0
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            # The cell's numbers first: one long sum would wait for each of them.
            total += (w.share[c, l, 0] + w.share[c, l, 1]) + (w.share[c, l, 2] + w.demand[c, l]) + w.used[c, l]
        total += run.book.welfare[c]
    if total - total != 0.0 and w.status == FINE:
        w.status = NOT_FINITE
