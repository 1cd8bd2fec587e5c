"""T4: beliefs against exact counts and the geometric sum; published cases of reputation and consensus."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.drivers import quiet_years
from stackcraft.experiments.checks.one_run import run_record
from stackcraft.experiments.checks.published import CONSENSUS, REPUTATION
from stackcraft.experiments.checks.swapped import default_parameters
from stackcraft.model import Simulation
from stackcraft.model.loop.beliefs import event, shifted, signal_evidence
from stackcraft.model.loop.beliefs import within as hazard_within
from stackcraft.model.loop.codes import SUPPLY, T_PEERS, US
from stackcraft.model.loop.run import bids_of
from stackcraft.model.loop.utility import layer_terms

A0, B0 = 7.2, 0.8


def checks(threads=None):
    """Counts, retention, published cases, the peers' share of an event."""
    severities = np.array([0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 1.5, 0.0])
    quiet, against = (severities == 0).astype(float), 2.0 * severities
    a, b = quiet_years(A0, B0, A0, B0, quiet, against, 1.0)
    gap = max(abs(a - (A0 + quiet.sum())), abs(b - (B0 + against.sum())))
    yield within(
        "exact", "T4 counts", "retention 1: Beta(a0 + quiet years, b0 + 2 x severities), largest gap", gap, 0.0
    )
    retention, years = 0.95, len(severities)
    a, b = quiet_years(A0, B0, A0, B0, quiet, against, retention)
    kept = retention ** np.arange(years, 0, -1)
    gap = max(abs(a - (A0 + (quiet * kept).sum())), abs(b - (B0 + (against * kept).sum())))
    yield within("exact", "T4 retention", "retention 0.95: prior plus the geometric sum, largest gap", gap, 1e-12)
    a, b = quiet_years(
        *REPUTATION["prior"], *REPUTATION["prior"], np.ones(REPUTATION["good"]), np.zeros(REPUTATION["good"]), 1.0
    )
    b += REPUTATION["bad"]
    gap = max(
        abs(a - REPUTATION["posterior"][0]),
        abs(b - REPUTATION["posterior"][1]),
        abs(a / (a + b) - REPUTATION["expected"]),
    )
    yield within(
        "exact", "T4 beta reputation", "seven good, one bad on a uniform prior: Beta(8, 2), mean 0.8", gap, 0.0
    )
    gap = max(
        abs(hazard_within(0.05, 5) - (1 - 0.95**5)),
        abs(signal_evidence(8.0, 10.0, 40.0) - 0.6),
        abs(shifted(0.2, 0.6) - 1 / (1 + 4 * np.exp(0.6))),
        abs(shifted(0.2, signal_evidence(0.0, 10.0, 40.0)) - 0.2),
    )
    yield within(
        "exact",
        "T4 signals",
        "five-year hazard, evidence of a signal, odds after it; words alone move nothing",
        gap,
        1e-15,
    )
    for name, claim, value in consensus_and_peers(threads):
        yield within("exact", name, claim, value, 1e-12)


def consensus_and_peers(threads):
    """An event at one country reaches the others by their weights: the kernel's step is the weights' own row."""
    scenario = status_quo(world="synthetic", years=(2025, 2026))
    parameters = default_parameters(1, loss_aversion=2.0)
    with Simulation(scenario, runs=1, seed=1, parameters=parameters, threads=threads) as simulation:
        run, state, facts = run_record(simulation), simulation.world.state, simulation.world.facts[0]
        number = len(simulation.inputs)
        before = state["belief_against"][0].copy()
        for country, severity in ((0, 1.0), (3, 0.5)):
            event(run, country, US, SUPPLY, severity)
        moved = (state["belief_against"][0] - before)[:number]
        matrix = np.zeros((number, number))
        for slot in range(facts["peer_index"].shape[1]):
            np.add.at(
                matrix, (np.arange(number), facts["peer_index"][:number, slot]), facts["peer_weight"][:number, slot]
            )
        expected = np.zeros_like(moved)
        for country, severity in ((0, 1.0), (3, 0.5)):
            expected[country, US, SUPPLY] += 2.0 * severity
            expected[:, US, SUPPLY] += 2.0 * severity * matrix[:, country]
        yield (
            "T4 events at home and abroad",
            "2 x severity at home, 2 x severity x W abroad: largest gap",
            np.abs(moved - expected).max(),
        )
        # The peers' term, repeated, is DeGroot's: three countries that look at each other by the published weights.
        opinions, bids = CONSENSUS["opinions"].copy(), bids_of((), 0.0, ())[0]
        index, weight = facts["peer_index"], facts["peer_weight"]
        index[:3, :3], weight[:3], weight[:3, :3] = np.arange(3), 0.0, CONSENSUS["weights"]
        state["taste"] = 1.0
        heard = np.zeros(3)
        for _ in range(120):
            state["opening_share"][0, :3, 0, US] = opinions
            for country in range(3):
                layer_terms(run, country, 0, bids)
                heard[country] = bids["base"][T_PEERS, US]
            opinions = heard / parameters["peer_pull"][0]
        yield (
            "T4 consensus",
            "peers who average each other agree on DeGroot's limit: largest gap",
            np.abs(opinions - CONSENSUS["limit"]).max(),
        )
