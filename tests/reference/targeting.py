"""Which cells a home supports: scale each term to mean 1, go down the score, let a part follow commercial pull."""

import math
from dataclasses import dataclass

import numpy as np

from tests.reference import choice, demand
from tests.reference.approval import chance_of_asking, factor
from tests.reference.bids import chance_admitted, could_sell, evaded
from tests.reference.lifecycle import chance_to_operate, kind_of_site
from tests.reference.plain import CHIPS, CLOUD, NARROW, NETWORK, OPERATED, OPERATING, deals_of


def scores(cells, weights):
    """Score by cell. `cells`: cell -> {term: value}; `weights`: term -> weight."""
    totals = {term: sum(parts[term] for parts in cells.values()) for term in weights}
    return {
        cell: sum(weights[term] * parts[term] * len(cells) / totals[term] for term in weights if totals[term] > 0)
        for cell, parts in cells.items()
    }


def down(ranking, chance, slots, money, overhead):
    """Cells taken in falling order of rank, until the expected tenders use up slots, or their overhead the money."""
    taken = []
    for cell in sorted(ranking, key=lambda cell: -ranking[cell]):
        if slots <= 0 or money <= 0 or ranking[cell] <= 0:
            break
        taken.append(cell)
        slots -= chance[cell]
        money -= chance[cell] * overhead
    return taken


def supported(cells, weights, pull, chance, slots, money, gravity, overhead, allocation=None):
    """(cells by score, cells by pull).

    A share `gravity` of slots and money follows the pull, over what the score left.

    `allocation`, a share for each country, takes the place of the score.
    """
    ranking = scores(cells, weights) if allocation is None else {(c, l): allocation[c] for c, l in cells}
    by_score = down(ranking, chance, slots * (1 - gravity), money * (1 - gravity), overhead)
    rest = {cell: value for cell, value in pull.items() if cell not in by_score}
    return by_score, down(rest, chance, slots * gravity, money * gravity, overhead)


@dataclass
class Survey:
    """What a survey says of a cell."""

    wins: list[float]  # chance of each stack unsupported
    nothing: float  # chance that nothing is bought
    bought: dict[int, float]  # share of each bid in what is bought
    added: list[float]  # what each home's finance would add


def whoever_comes(world, c, l, of):
    """Mean of `of(sides that are shut out)`, a list of numbers, over who is admitted to a tender."""
    total = 0.0
    for out in ((), (0,), (1,), (0, 1)):
        open_us, open_cn = (chance_admitted(world, c, l, h) for h in (0, 1))
        chance = (1 - open_us if 0 in out else open_us) * (1 - open_cn if 1 in out else open_cn)
        if chance > 0:
            total = total + chance * np.array(of(out))
    return total


def surveyed(world, c, l):
    """Return what a survey says of a cell; whom the country might shut out is one of the things it reckons with."""
    p, k = world.parameters, world.facts
    sellers = [v for v in range(world.vendors) if could_sell(world, c, l, v)]
    stack = {v: int(k.vendor_stack[v]) for v in sellers}
    terms = {v: choice.terms(world, c, l, v) for v in sellers}
    utility = {v: math.fsum(terms[v].values()) for v in sellers}

    without_leaning = {v: utility[v] - terms[v]["leaning"] for v in sellers}

    def left(out, of=utility):
        return {v: u for v, u in of.items() if stack[v] not in out}

    def wins_and_nothing(out):
        return [*choice.of_stacks(p, left(out), stack), choice.probabilities(p, left(out), stack)[1]]

    def shares(out):
        bought, _ = choice.probabilities(p, left(out, without_leaning), stack, must_buy=True)
        return [bought.get(v, 0.0) for v in sellers]

    *wins, nothing = whoever_comes(world, c, l, wins_and_nothing)
    alone = choice.of_stacks(p, utility, stack)
    added = []
    for h in range(2):
        f = [one for one in range(len(world.financier)) if k.financier_home[one] == h]
        share = p.financed_share[l]
        best = min([1.0] + [share * factor(world, one, c) + 1 - share for one in f])
        gap = [terms[v]["finance_gap"] for v in sellers if stack[v] == h]
        supported = 0.0
        if gap:
            alpha = (p.price_taste + p.price_taste_income * (1 - k.income_rank[c])) * world.state.taste[c][0]
            lift = -alpha * math.log(best) - gap[0] if best < 1 else 0.0
            supported = choice.of_stacks(p, choice.raised(utility, stack, h, lift), stack)[h]
        added.append(chance_admitted(world, c, l, h) * (supported - alone[h]))
    bought = with_evaded(world, c, l, dict(zip(sellers, whoever_comes(world, c, l, shares), strict=True)))
    return Survey(wins=wins, nothing=nothing, bought=bought, added=added)


def with_evaded(world, c, l, bought):
    """Shares of what firms and people buy: a part they keep in spite of an embargo, the rest they choose."""
    runs = math.fsum(world.state.organic[c][l])
    kept = {v: evaded(world, c, l, v) * world.state.organic[c][l][v] / max(runs, 1e-300) for v in range(world.vendors)}
    return {v: one + (1 - math.fsum(kept.values())) * bought.get(v, 0.0) for v, one in kept.items()}


def likely_tender(world, c, l, served=None):
    """(tenders that a cell may hold this year, size of one in bn$ a year).

    A contract that ends, or else by the monthly chance.
    """
    w = world.state
    if w.pipeline[c][l]:
        return 0.0, 0.0
    wanted = demand.of_government(world, c, l)
    ending = sum(one.capacity for _, one in deals_of(world, c, l, OPERATING) if one.ends < w.month + 12)
    if ending > 0:
        return 1.0, max(ending, wanted - w.capacity[c][l])
    monthly = demand.monthly_chance_of_a_tender(world, c, l, served)
    return 1 - (1 - monthly) ** 12, max(wanted - w.capacity[c][l], world.parameters.targeting_least_need * wanted)


def open_cells(world, h, served=None):
    """Cells that a home may support: (terms of the score, commercial pull, expected tenders) by cell.

    `served[c][l]`: peers served.
    """
    p, k, w, home = world.parameters, world.facts, world.state, world.home[h]
    terms, pull, expected = {}, {}, {}
    for c in range(world.countries):
        for l in range(world.layers):
            chance, size = likely_tender(world, c, l, None if served is None else served[c][l])
            value = size * p.term_years[l]
            megawatts = value * p.capital_share[l] / p.capital_bn_per_mw
            small = value < p.least_supported_bn or (l in (CHIPS, CLOUD) and megawatts < home.min_package_mw)
            shut = (l == NETWORK and home.include_network <= 0) or (l == CLOUD and home.cloud_counts <= 0)
            if shut or chance <= 0 or small or k.tier[c][h] >= 3 or p.financed_share[l] <= 0:
                continue
            headline = value / (value + p.value_half_bn)
            kind = kind_of_site(p, l, megawatts, h, NARROW, OPERATED)
            ceiling = min(1, p.use_ceiling + p.use_ceiling_absorption * w.absorption[c])
            terms[c, l] = {
                "weight_headline": headline, "weight_use": headline * chance_to_operate(p, kind) * ceiling,
                "weight_additional": headline * max(w.additional[h][c][l], 0), "weight_strategic": k.strategic[c],
            }  # fmt: skip
            pull[c, l], expected[c, l] = value * w.win_unsupported[c][l][h], chance * chance_of_asking(world, c, h)
    return terms, pull, expected


def weights_of(home):
    """A home's weights on the terms of the score."""
    return {
        name: getattr(home, name) for name in ("weight_headline", "weight_use", "weight_additional", "weight_strategic")
    }


def targets(world, h, served=None):
    """(cells supported by score, cells supported by pull) of a home this year; none before its programme starts."""
    p, w, home = world.parameters, world.state, world.home[h]
    if not (world.on["targeting"] and world.on["finance"]) or w.month < home.start_delay_months:
        return [], []
    terms, pull, expected = open_cells(world, h, served)
    slots = w.slots_left[h] * p.slots_overbooked
    allocation = None if math.isnan(home.allocation[0]) else home.allocation
    return supported(
        terms, weights_of(home), pull, expected, slots, w.purse[h], home.gravity, p.overhead_bn, allocation
    )
