"""Demand, who tenders, how much is wanted, and the organic stock."""

import math


def demand(world, c, l, years):
    """D0 exp(g tau (1 - exp(-t / tau))) x growth of GDP."""
    p, k = world.parameters, world.facts
    fading = math.exp(p.growth[l] * p.growth_fade_years * (1 - math.exp(-years / p.growth_fade_years)))
    return k.demand[c][l] * fading * math.exp(p.gdp_growth[int(k.income_group[c])] * years)


def of_government(world, c, l):
    """Demand less what firms and people buy on their own."""
    if not world.on["organic"]:
        return world.state.demand[c][l]
    return world.state.demand[c][l] * (1 - world.parameters.organic_layers[l] * world.facts.organic_share[c])


def peers_served(world, c, l):
    """Share of a country's peers that are served, W min(1, capacity / D)."""
    k = world.facts
    if not world.on["peers"]:
        return 0.0
    return sum(
        weight * min(1, world.state.capacity[j][l] / of_government(world, j, l))
        for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True)
    )


def monthly_chance_of_a_tender(world, c, l, served=None):
    """1 - exp(-h / 12): unserved by innovation and imitation, served where demand outgrows what there is; else 0.

    `served`: the peers that are served as the quarter opened; as they are now if it is left out.
    """
    p, k, w = world.parameters, world.facts, world.state
    wanted, have = of_government(world, c, l), w.capacity[c][l] + w.pending[c][l]
    gate = min(1, wanted / p.gate_bn)
    priority = 7 * world.importer[c].layer_priority[l] * world.importer[c].pace
    patience = 1 if math.isnan(world.importer[c].club) else p.club_wait
    if have < p.unserved_below * wanted:
        peers = peers_served(world, c, l) if served is None else served
        hazard = (p.bass_innovation + p.bass_imitation * peers) * k.readiness[c] * gate
    elif wanted > p.top_up_looks_from * p.top_up_above * have:
        # Perceived demand decides at the tender itself; below this nobody would look.
        hazard = p.top_up_rate * gate
    else:
        hazard = 0.0
    return 1 - math.exp(-hazard * priority * patience / 12)


def unclear(world, c):
    """(1 - 0.6 elicitation)(1 - 0.5 clarity). Sellers' elicitation adds up as chances do."""
    p = world.parameters
    elicitation = 1 - math.prod(1 - home.elicitation for home in world.home) if world.on["elicitation"] else 0.0
    return (1 - p.elicitation_effect * elicitation) * (1 - p.clarity_effect * world.importer[c].clarity)


def naivety(world, c, l):
    """exp(-years of experience / 4) of what is unclear."""
    return math.exp(-world.state.experience[c][l] / world.parameters.experience_years) * unclear(world, c)


def perceived(world, c, l, drawn):
    """D exp(bias), bias ~ N(+-0.3 naive, 0.7 unclear) less the spread's own mean.

    Over-rated computing is over-rated more for show, however experienced the buyer is.
    """
    p = world.parameters
    bias, spread = p.bias_layer[l] * p.bias * naivety(world, c, l), p.bias_spread * unclear(world, c)
    if p.bias_layer[l] > 0:
        bias += p.bias_layer[l] * p.prestige_bias * world.importer[c].prestige
    return of_government(world, c, l) * math.exp(bias + spread * drawn - spread**2 / 2)


def organic(stock, wanted, choice, term, years, steps=20_000):
    """Organic stock by vendor after `years`, in small steps.

    It churns at 1 / term and refills by choice probabilities.
    """
    step = years / steps
    for _ in range(steps):
        stock = [one + step / term * (wanted * chance - one) for one, chance in zip(stock, choice, strict=True)]
    return stock
