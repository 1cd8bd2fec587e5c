"""What the yearbook says on 1 January, one country, layer or side at a time; a mapping from measure to its array."""

import math

import numpy as np

from tests.reference.choice import quality_seen
from tests.reference.disputes import leverage, weights_of_layers
from tests.reference.exposure import refresh as refresh_exposure
from tests.reference.plain import CLOUD, OPERATING, deals_of
from tests.reference.tenders import power_of


def cells(world):
    """Shares, capacities, unmet demand and idle capacity."""
    w, size = world.state, (world.countries, world.layers)
    found = {name: np.zeros((*size, world.stacks)) for name in ("installed", "utilised", "win_probability")}
    found |= {name: np.zeros(size) for name in ("capacity", "used", "demand")}
    found |= {name: np.zeros(world.layers) for name in ("unmet_demand", "idle_capacity")}
    found["use_bn"] = np.array(
        [math.fsum(w.stock_used[c][l][s] for c, l in np.ndindex(size)) for s in range(world.stacks)]
    )
    for c, l in np.ndindex(size):
        capacity, used = math.fsum(w.stock[c][l]), math.fsum(w.stock_used[c][l])
        found["capacity"][c, l], found["used"][c, l], found["demand"][c, l] = capacity, used, w.demand[c][l]
        found["unmet_demand"][l] += max(w.demand[c][l] - capacity, 0)
        found["idle_capacity"][l] += max(capacity - used, 0)
        for s in range(world.stacks):
            found["installed"][c, l, s] = w.share[c][l][s]
            found["utilised"][c, l, s] = w.stock_used[c][l][s] / used if used > 1e-15 else w.share[c][l][s]
            found["win_probability"][c, l, s] = w.win_unsupported[c][l][s]
    return found


def foreign_and_cutable(world, c):
    """Index-weighted share of what runs that its sellers could cut; a domestic champion cannot be cut from outside."""
    total = 0.0
    for l, weight in enumerate(weights_of_layers(world.parameters)):
        stock = math.fsum(world.state.stock[c][l])
        if stock > 0:
            total += weight * sum(world.state.exposed[c][l]) / stock
    return total


def own_policy_cost(world, c):
    """What a strategy office and spending on skills cost a country, bn$ a year."""
    p, buyer = world.parameters, world.importer[c]
    return (p.strategy_office * buyer.clarity + p.skills_cost * buyer.skills) * sum(world.state.demand[c])


def worth_of_quality(world, c, l):
    """What use in a cell is worth over use at the best quality: the mean over what is installed.

    Of a vendor the country gets its quality with its reputation and, of a champion, what it has learned; not its fit.
    """
    w = world.state
    stock = w.stock[c][l]
    worth = [math.exp(world.parameters.welfare_quality * quality_seen(world, c, l, v)) for v in range(world.vendors)]
    total = math.fsum(stock)
    return sum(a * b for a, b in zip(stock[: world.vendors], worth, strict=True)) / total if total > 0 else 1.0


def welfare(world, c):
    """Value of use less what is paid, the costs of clarity, second sources and moves, of disputes and breaches.

    In bn$ a year. What public finance saved comes on top, and autonomy, by the appetite for it in the facts. A
    champion's price is paid once, whatever pocket its backing comes from; raising the state's part costs more.
    """
    p, w, book = world.parameters, world.state, world.book
    value = p.welfare_use * sum(w.used[c][l] * worth_of_quality(world, c, l) for l in range(world.layers))
    spend, paid = sum(w.demand[c]), w.bill[c]
    paid += own_policy_cost(world, c)
    paid += book.second_source_cost_bn[c] + book.switching_cost_bn[c]
    feared = sum(w.true_hazard[c][s][0] * w.share[c][CLOUD][s] for s in range(world.stacks))
    lost = p.welfare_cut_off * feared * w.demand[c][CLOUD] + book.cut_off_loss_bn[c]
    lost += book.breach_loss_bn[c]
    autonomy = p.welfare_autonomy * world.facts.sovereignty[c] * (1 - foreign_and_cutable(world, c)) * spend
    return value - paid - lost + book.finance_relief_bn[c] + autonomy


def countries(world):
    """Dependence, sovereignty, trust, hazards, leverage, welfare by country."""
    w, n, names = world.state, world.countries, range(3)
    found = {name: np.zeros(n) for name in ("dependence", "sovereignty", "multihoming", "welfare")}
    found |= {"leverage": np.zeros((n, 2)), "goodwill": np.zeros((n, 3)), "trust": np.zeros((n, 3))}
    found |= {"perceived_hazard": np.zeros((n, 3, 3)), "true_hazard": np.zeros((n, 3, 3))}
    for c in range(n):
        spend = [w.demand[c][l] / sum(w.demand[c]) for l in range(world.layers)]
        found["dependence"][c] = sum(spend[l] * sum(share**2 for share in w.share[c][l]) for l in range(world.layers))
        found["multihoming"][c] = (
            sum(sum(share >= 0.1 for share in w.share[c][l]) >= 2 for l in range(world.layers)) / world.layers
        )
        found["sovereignty"][c], found["welfare"][c] = 1 - foreign_and_cutable(world, c), welfare(world, c)
        found["leverage"][c] = [leverage(world, c, h) for h in range(2)]
        found["goodwill"][c], found["true_hazard"][c] = w.goodwill[c], w.true_hazard[c]
        for s in names:
            against, quiet = w.belief_against[c][s], w.belief_for[c][s]
            hazards = [against[0] / (against[0] + quiet[0]), against[1] / (against[1] + quiet[1]), 1 - w.kept[c][s]]
            found["perceived_hazard"][c, s], found["trust"][c, s] = hazards, 1 - sum(hazards) / 3
    return found


def world_shares(world):
    """Shares of the stacks, weighted by what is installed, by GDP, by population, by country, by low-income country."""
    k, here = world.facts, cells(world)
    found = {name: np.zeros((5, world.layers, world.stacks)) for name in ("world_installed", "world_utilised")}
    for l in range(world.layers):
        weights = [
            here["capacity"][:, l],
            k.gdp_share[: world.countries],
            k.population_share[: world.countries],
            np.ones(world.countries),
            np.array([float(k.income_group[c] == 0) for c in range(world.countries)]),
        ]
        for number, weight in enumerate(weights):
            if weight.sum() > 0:
                for name, of in (("world_installed", "installed"), ("world_utilised", "utilised")):
                    found[name][number, l] = [
                        (weight * here[of][:, l, s]).sum() / weight.sum() for s in range(world.stacks)
                    ]
    return found


def sides(world):
    """Vendors, financiers, homes; use and lock-in of each stack's deals.

    How far countries differ over its security.
    """
    p, w, k = world.parameters, world.state, world.facts
    found = {"alive": w.alive, "exposure_bn": w.exposure, "budget_bn": w.budget + w.purse}
    found["quality"] = np.where(k.serves.T > 0, w.quality, 0.0)
    found["overdue_share"] = np.array(
        [late / owed if owed > 1e-9 else 0.0 for late, owed in zip(w.overdue, w.exposure, strict=True)]
    )
    operating, used, lock, clouds = np.zeros(3), np.zeros(3), np.zeros(3), 0
    for c in range(world.countries):
        for l in range(world.layers):
            for _, one in deals_of(world, c, l, OPERATING):
                operating[one.stack] += one.capacity
                used[one.stack] += one.used * one.capacity
                # The utility lost on switching, in years of spend at the price taste of a middling buyer.
                lost = (
                    p.incumbency[l]
                    * (1 + one.lock_contract + one.lock_silicon)
                    / (p.price_taste + p.price_taste_income / 2)
                )
                lock[one.stack] += lost * one.capacity
                clouds += l == CLOUD
    found["operating_capacity"], found["cloud_contracts"] = operating, float(clouds)
    found["utilisation"], found["lock_in"] = used / operating, lock / operating
    breached = w.belief_against[: world.countries, :, 1], w.belief_for[: world.countries, :, 1]
    found["evaluated_trust"] = (breached[0] / sum(breached)).var(axis=0)
    return found


def payoffs(world):
    """Parts of both homes' payoff in the year that ends, each at its price in bn$: nothing on the first January."""
    p, book, here = world.parameters, world.book, countries(world)
    now = float(world.state.month > 0)
    return {
        "payoff_use_bn": now * p.payoff_use * cells(world)["use_bn"][:2],
        "payoff_influence_bn": now * p.payoff_influence * here["leverage"].mean(axis=0),
        "payoff_cost_bn": -now * p.payoff_cost * np.asarray(book.public_cost_bn)[:2],
        "payoff_incident_bn": -now * p.payoff_incident * np.asarray(book.incident_loss_bn)[:2],
        "payoff_trust_bn": now * p.payoff_trust * here["trust"].mean(axis=0)[:2],
    }


def score(p, announced, delivered):
    """A programme's score: delivered over announced less the part that must be delivered, within -1 and 1."""
    return min(max((delivered - p.score_delivery * announced) / max(announced, 1e-9), -1), 1)


def everything(world):
    """All measures of the record; exposures of the plain world are computed again."""
    refresh_exposure(world)
    power = {"power_mw": np.array([power_of(world, c, OPERATING) for c in range(world.countries)])}
    return {**cells(world), **countries(world), **world_shares(world), **sides(world), **payoffs(world), **power}
