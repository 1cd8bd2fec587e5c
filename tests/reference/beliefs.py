"""Beliefs as a journal of quiet years and events; signals; fears within the horizon."""

import math

from tests.reference import luck
from tests.reference.plain import agreed

SUPPLY, BREACH, COMMITMENT = range(3)


def journal(a0, b0, years, retention, loss_aversion=2.0):
    """(a, b) after `years`, each the list of severities that struck in it; an empty list is a quiet year.

    What was learned t Januaries ago is kept at retention^t; the prior is kept whole.
    """
    a, b = a0, b0
    for age, severities in enumerate(reversed(years), 1):
        kept = retention**age
        a += kept * (0 if severities else 1)
        b += kept * loss_aversion * sum(severities)
    return a, b


def heard(weights, home, severity, loss_aversion=2.0):
    """What an event at `home` adds against at every country; `weights[c][j]` is how much c looks at j."""
    return [loss_aversion * severity * (float(c == home) + weights[c][home]) for c in range(len(weights))]


def after_signal(chance, cost, opportunist, reliable):
    """A chance of harm after a signal that costs so much.

    Its log odds fall by C (1 / B_opportunist - 1 / B_reliable).
    """
    log_odds = math.log(chance / (1 - chance)) - cost * (1 / opportunist - 1 / reliable)
    return 1 / (1 + math.exp(-log_odds))


def fears(world, c, s):
    """(five-year fear of a cut-off, of a breach, chance that a commitment is kept) of country c about stack s."""
    p, w = world.parameters, world.state
    supply, breach, broken = (
        w.belief_against[c][s][k] / (w.belief_against[c][s][k] + w.belief_for[c][s][k]) for k in range(3)
    )
    if s < 2 and world.on["signals"]:
        home = world.home[s]
        if w.month >= w.broken_until[s]:
            cost = p.bond_bn * agreed(home, "supply_bond", c)
            supply = after_signal(supply, cost, p.signal_opportunist_bn, p.signal_reliable_bn)
        broken = after_signal(broken, home.alliance_signal_bn, p.signal_opportunist_bn, p.signal_reliable_bn)
    years = int(p.horizon_years)
    return 1 - (1 - supply) ** years, 1 - (1 - breach) ** years, 1 - broken


def january(world):
    """(for, against) by (country, stack, channel) after a January.

    A quiet year and what was kept, evaluation kits, threats.
    """
    p, w = world.parameters, world.state
    after = {}
    for c in range(world.countries):
        for s in range(world.stacks):
            for channel in range(3):
                prior = w.prior_for[c][s][channel], w.prior_against[c][s][channel]
                now = w.belief_for[c][s][channel], w.belief_against[c][s][channel]
                if world.on["beliefs"] and w.month > 0:
                    quiet = p.quiet_weight if w.severity[c][s][channel] == 0 else 0
                    learned = now[0] + quiet - prior[0], now[1] - prior[1]
                    now = tuple(
                        start + p.belief_retention * gained for start, gained in zip(prior, learned, strict=True)
                    )
                after[c, s, channel] = list(now)
    if not world.on["beliefs"]:
        return after
    for c in range(world.countries):
        for s in range(world.stacks):
            kit = agreed(world.home[s], "evaluation_kit", c) if s < 2 else 0.0
            weight = max(kit, world.importer[c].require_evaluation)
            for trial in range(int(p.evaluations) if weight > 0 else 0):
                bad = int(luck.drawn(world, "observation", c, s, trial) < w.true_hazard[c][s][BREACH])
                after[c, s, BREACH][bad] += weight
    for h in range(len(world.home)):
        for c in range(world.countries):
            if w.month > 0:
                weight = p.loss_aversion * p.threat_severity * heard_threat(world, c, h)
                after[c, h, SUPPLY][1] += weight
                after[c, h, COMMITMENT][1] += weight
    return after


def threat(world, c, h):
    """Pressure a country feels.

    On its exports, and in the message about an umbrella as far as it doubts the commitment.
    """
    home, k = world.home[h], world.facts
    doubted = home.umbrella_message * k.ally[c][h] * (1 - world.state.kept[c][h])
    return home.pressure * k.exports_share[c][h] + world.parameters.umbrella_threat * doubted


def heard_threat(world, c, h):
    """Its own, and a part of what those feel whom it looks at."""
    looks = zip(world.facts.peer_index[c], world.facts.peer_weight[c], strict=True)
    return threat(world, c, h) + world.parameters.threat_elsewhere * sum(
        weight * threat(world, int(j), h) for j, weight in looks
    )


def event(world, c, s, channel, severity):
    """An event changes the plain world.

    What is heard of it at home and at everybody who looks there, and goodwill at home.
    """
    p, k, w = world.parameters, world.facts, world.state
    w.severity[c][s][channel] += severity
    if world.on["goodwill"]:
        w.goodwill[c][s] = max(w.goodwill[c][s] - p.goodwill_severity * severity, 0)
    if world.on["beliefs"]:
        w.belief_against[c][s][channel] += p.loss_aversion * severity
        for j in range(world.countries):
            look = sum(weight for peer, weight in zip(k.peer_index[j], k.peer_weight[j], strict=True) if peer == c)
            w.belief_against[j][s][channel] += p.loss_aversion * severity * look


def event_everywhere(world, s, channel, severity):
    """An event that counts in full for every country."""
    for c in range(world.countries):
        world.state.severity[c][s][channel] += severity
        if world.on["beliefs"]:
            world.state.belief_against[c][s][channel] += world.parameters.loss_aversion * severity


def refresh_fears(world):
    """Write what everybody fears now into the plain world."""
    for c in range(world.countries):
        for s in range(world.stacks):
            supply, breach, kept = fears(world, c, s)
            world.state.fear[c][s], world.state.kept[c][s] = (supply, breach), kept
