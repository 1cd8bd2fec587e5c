"""T5 and T6: increasing returns as an urn, and peers alone as a map with known fixed points."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2, kstest

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, within
from stackcraft.experiments.checks.drivers import urns
from stackcraft.experiments.checks.one_run import bids, choice_probabilities, run_record
from stackcraft.experiments.checks.swapped import default_parameters
from stackcraft.model import Simulation
from stackcraft.model.loop.codes import CN, SUBMODELS, US

LAYER = 1
FIXED_POINTS = (0.1448, 0.8552)  # of s = sigmoid(2.5 (2 s - 1)), apart from 1/2


def checks(threads=None):
    """The urn's laws; the map's fixed points and where they appear."""
    number, draws = 40_000, 9
    share = np.zeros(number)
    urns(21, number, draws, np.array([1.0, 1.0]), 1.0, share)
    counts = np.bincount(np.rint(share * (draws + 2) - 1).astype(int), minlength=draws + 1)
    statistic = ((counts - number / (draws + 1)) ** 2 / (number / (draws + 1))).sum()
    yield at_least(
        "exact",
        "T5 urn, few draws",
        "after 9 draws from (1, 1) every count is as likely: p",
        chi2.sf(statistic, draws),
        1e-3,
    )
    share = np.zeros(2000)
    for a, b in ((1.0, 1.0), (2.0, 1.0)):
        urns(22, 2000, 1500, np.array([a, b]), 1.0, share)
        p = kstest(share, "beta", args=(a, b)).pvalue
        yield at_least(
            "exact",
            f"T5 urn from ({a:g}, {b:g})",
            f"limit shares follow Beta({a:g}, {b:g}), Kolmogorov-Smirnov: p",
            p,
            1e-3,
        )
    urns(23, 2000, 1500, np.array([1.0, 1.0]), 2.0, share)
    winner = np.maximum(share, 1 - share)
    yield at_least(
        "exact",
        "T5 returns of 2",
        "one side takes all: share of urns in which it has 95 %",
        (winner > 0.95).mean(),
        0.95,
    )
    urns(24, 2000, 1500, np.array([1.0, 1.0]), 0.5, share)
    yield within(
        "exact",
        "T5 returns of 1/2",
        "shares become equal: mean distance from a half",
        np.abs(share - 0.5).mean(),
        0.032,
    )

    with peers_alone(2.5, threads) as simulation:
        answer = response(simulation)
        found = [brentq(lambda s, at=at: answer(s) - s, at - 0.05, at + 0.05, xtol=1e-13) for at in FIXED_POINTS]
        grid = np.linspace(0.01, 0.99, 33)
        law = max(abs(answer(s) - 1 / (1 + np.exp(-2.5 * (2 * s - 1)))) for s in grid)
        walked = 0.6
        for _ in range(400):
            walked = answer(walked)
    yield within("exact", "T6 peers' map", "s' = sigmoid(eta (2 s - 1)) at eta 2.5: largest gap", law, 1e-12)
    yield within(
        "exact",
        "T6 fixed points",
        "0.1448 and 0.8552 at eta 2.5: largest gap",
        max(abs(f - at) for f, at in zip(found, FIXED_POINTS, strict=True)),
        5e-5,
        f"{found[0]:.6f}, {found[1]:.6f}",
    )
    yield within(
        "exact", "T6 lock-in", "from 0.6 the map walks to its upper fixed point: gap", abs(walked - found[1]), 1e-9
    )
    slopes = {}
    for eta in (1.96, 2.0, 2.04):
        with peers_alone(eta, threads) as simulation:
            answer, step = response(simulation), 1e-4
            slopes[eta] = (answer(0.5 + step) - answer(0.5 - step)) / (2 * step)
    off = max(abs(slope - eta / 2) for eta, slope in slopes.items())
    yield within(
        "exact", "T6 bifurcation", "slope at a half is eta / 2, so it passes 1 at eta = 2: largest gap", off, 1e-6
    )


def peers_alone(eta: float, threads=None) -> Simulation:
    """A simulation in which every submodel but the peers is off, and tastes and constants are level."""
    off = [name for name in SUBMODELS if name != "peers"]
    scenario = status_quo(
        world="synthetic",
        years=(2025, 2026),
        levers=("homes.capacity_building=0", "homes.pressure=0", "homes.standards=0"),
    )
    switches = np.ones((1, len(SUBMODELS)), np.uint8)
    switches[0, [SUBMODELS.index(name) for name in off]] = 0
    parameters = default_parameters(
        1, peer_pull=eta, delay_dislike=0.0, quality_taste=0.0, regulation_friction=0.0, capacity_taste=0.0
    )
    simulation = Simulation(scenario, runs=1, seed=1, parameters=parameters, switches=switches, threads=threads)
    simulation.cast.decide(
        simulation.observer.views()
    )  # the scenario's levers, not those that stand before anybody decides
    simulation.world.state["constant"] = 0.0
    simulation.world.state["taste"] = 1.0
    return simulation


def response(simulation):
    """Return the US share after everybody has chosen between two like stacks, from the share it has everywhere."""
    run, state = run_record(simulation), simulation.world.state
    stack = np.asarray(simulation.world.facts["vendor_stack"][0])
    serves = simulation.world.facts["serves"][0, LAYER] > 0
    chosen = [int(np.flatnonzero((stack == s) & serves)[0]) for s in (US, CN)]

    def answer(share: float) -> float:
        state["share"][0, :, LAYER] = state["opening_share"][0, :, LAYER] = (share, 1.0 - share, 0.0)
        _, utility = bids(run, 0, LAYER)
        _, of_stack, _ = choice_probabilities(utility[chosen], np.ones(2), np.array([US, CN]), 1.0, 0.0, 0.0)
        return float(of_stack[US])

    return answer
