"""T1: the choice kernel against the multinomial and the nested logit, in probabilities and in draws."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import chi2

from stackcraft.experiments.checks.check import at_least, equal, within
from stackcraft.experiments.checks.drivers import key_of, one_race, races
from stackcraft.experiments.checks.one_run import choice_probabilities
from stackcraft.model.loop.choice import weigh
from stackcraft.model.loop.codes import N_BIDS
from stackcraft.model.loop.run import bids_of

STACK = np.array([0] * 6 + [1] * 5 + [2] * 5)
DRAWS = 400_000


def multinomial(utility, eligible, outside):
    """P(bid) = exp(U) / (exp(V0) + sum exp(U)), summed exactly."""
    parts = [math.exp(u) * e for u, e in zip(utility, eligible, strict=True)]
    return np.array(parts) / math.fsum([outside, *parts])


def nested(utility, eligible, stack, scale, correction, outside):
    """P(bid): I_s = ln sum exp(U / mu) - correction ln n_s; P(s) = exp(mu I_s) / (exp(V0) + sum)."""
    value, inside = {}, np.zeros(len(utility))
    for s in set(stack):
        own = [i for i in range(len(utility)) if stack[i] == s and eligible[i]]
        if own:
            whole = math.fsum(math.exp(utility[i] / scale) for i in own)
            value[s] = math.exp(scale * (math.log(whole) - correction * math.log(len(own))))
            for i in own:
                inside[i] = math.exp(utility[i] / scale) / whole
    total = math.fsum([outside, *value.values()])
    return np.array([inside[i] * value.get(stack[i], 0.0) / total for i in range(len(utility))])


def checks(threads=None):
    """Probabilities to 1e-12, draws by chi-squared, and that a raised bid only ever wins from others."""
    generator = np.random.default_rng(1)
    plain, nest, corrected = 0.0, 0.0, 0.0
    for _ in range(200):
        utility, eligible = generator.normal(0, 2, 16), (generator.random(16) < 0.8).astype(float)
        eligible[0] = 1.0
        outside, scale = math.exp(generator.uniform(-2, 2)), generator.uniform(0.3, 1.0)
        got, _, nothing = choice_probabilities(utility, eligible, STACK, 1.0, 0.0, outside)
        plain = max(plain, np.abs(got - multinomial(utility, eligible, outside)).max(), abs(got.sum() + nothing - 1.0))
        for correction in (0.0, 1.0):
            got, _, _ = choice_probabilities(utility, eligible, STACK, scale, correction, outside)
            gap = np.abs(got - nested(utility, eligible, STACK, scale, correction, outside)).max()
            nest, corrected = (max(nest, gap), corrected) if correction == 0 else (nest, max(corrected, gap))
    yield within(
        "exact", "T1 multinomial logit", "mu = 1, no count correction: largest gap of a probability", plain, 1e-12
    )
    yield within("exact", "T1 nested logit", "mu < 1, no count correction: largest gap of a probability", nest, 1e-12)
    yield within("exact", "T1 count correction", "mu < 1 with - ln n_s: largest gap of a probability", corrected, 1e-12)

    for scale in (1.0, 0.6):
        statistic, freedom, _ = chi_squared(generator.normal(0, 1, 16), scale)
        yield at_least(
            "exact",
            f"T1 draws at mu {scale:g}",
            f"chi-squared of {DRAWS:,} keyed races: p",
            chi2.sf(statistic, freedom),
            1e-3,
        )
    switched, elsewhere = raised(generator.normal(0, 1, 16), 0.5)
    yield equal(
        "exact",
        "raising a bid",
        "a bid raised by 0.5 never lets another stack win, nor one sibling from another",
        elsewhere,
        f"{switched} of 20,000 races went to the raised bid instead",
    )


def _weights(utility, scale):
    bids = bids_of(utility, 1.0, STACK)
    weigh(bids[0], scale, 0.0)
    return bids


def chi_squared(utility, scale):
    """Statistic and degrees of freedom of drawn winners against the nested logit; the last cell is buying nothing."""
    wins = np.zeros(N_BIDS + 1)
    races(key_of(11, 0), DRAWS, _weights(utility, scale), 1.0, wins)
    chance = nested(utility, np.ones(16), STACK, scale, 0.0, 1.0)
    expected = DRAWS * np.append(chance, 1.0 - chance.sum())
    observed = np.append(wins[:16], wins[N_BIDS])
    return ((observed - expected) ** 2 / expected).sum(), 16, wins


def raised(utility, by, number=20_000):
    """Races that a raised bid takes over, and races that switch between two other winners."""
    higher = utility.copy()
    higher[3] += by
    before, after, key = _weights(utility, 0.6), _weights(higher, 0.6), key_of(12, 0)
    taken, elsewhere = 0, 0
    for i in range(number):
        site = (key, i % 1000, 0, i // 1000)
        first = one_race(*site, before, 1.0)
        second = one_race(*site, after, 1.0)
        if first[0] != second[0]:
            # A raised bid lifts its whole stack, so a sibling may win from another stack; nobody else may win from
            # anybody.
            if second[0] == 3:
                taken += 1
            elif second[1] != STACK[3] or first[1] == second[1]:
                elsewhere += 1
    return taken, elsewhere
