"""Beliefs as a journal of quiet years and events; signals; fears within the horizon."""

import math


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
    """A chance of harm after a signal that costs so much: its log odds fall by C (1 / B_opportunist - 1 / B_reliable)."""
    log_odds = math.log(chance / (1 - chance)) - cost * (1 / opportunist - 1 / reliable)
    return 1 / (1 + math.exp(-log_odds))


def fears(world, c, s):
    """(five-year fear of a cut-off, of a breach, chance that a commitment is kept) of country c about stack s."""
    p, w = world.parameters, world.state
    supply, breach, broken = (w.belief_against[c][s][k] / (w.belief_against[c][s][k] + w.belief_for[c][s][k]) for k in range(3))
    if s < 2:
        home = world.home[s]
        if w.month >= w.broken_until[s]:
            supply = after_signal(supply, p.bond_bn * home.guarantee, p.signal_opportunist_bn, p.signal_reliable_bn)
        broken = after_signal(broken, home.alliance_signal_bn, p.signal_opportunist_bn, p.signal_reliable_bn)
    years = int(p.horizon_years)
    return 1 - (1 - supply) ** years, 1 - (1 - breach) ** years, 1 - broken
