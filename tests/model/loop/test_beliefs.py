"""Beliefs, fears and events against a journal."""

import numpy as np
import pytest

from stackcraft.experiments.checks.drivers import quiet_years
from stackcraft.model.loop.beliefs import event, january_beliefs, refresh_fears
from stackcraft.model.loop.codes import BREACH, CN
from tests.model.loop.conftest import look, put, put_levers, switch
from tests.reference import beliefs as twin


@pytest.mark.parametrize("retention", [1.0, 0.95, 0.5, 0.0])
def test_a_journal_of_years(retention):
    years = [[], [1.0], [], [], [0.5, 0.25], [], [2.0]]
    quiet = np.array([float(not one) for one in years])
    got = quiet_years(7.0, 1.0, 7.0, 1.0, quiet, np.array([2 * sum(one) for one in years]), retention)
    assert got == pytest.approx(twin.journal(7.0, 1.0, years, retention), abs=1e-13)


@pytest.mark.parametrize("off", [(), ("signals",)])
def test_fears_with_and_without_signals(standing, off):
    switch(standing, off=off)
    refresh_fears(standing.run)
    state, world = standing.run.state, look(standing)
    for c in range(world.countries):
        for s in range(3):
            got = (*state["fear"][c, s], state["kept"][c, s])
            assert got == pytest.approx(twin.fears(world, c, s), rel=1e-12), (c, s)


def test_a_broken_supply_bond_is_no_signal(standing):
    put(standing, broken_until=0)
    refresh_fears(standing.run)
    before = standing.run.state["fear"][:, 0, 0].copy()
    standing.run.state["broken_until"][0] = standing.run.state["month"] + 1
    refresh_fears(standing.run)
    after = standing.run.state["fear"][: standing.world.countries, 0, 0]
    assert (after > before[: standing.world.countries]).all()


def test_an_event_is_heard_by_those_who_look(standing):
    world, facts = standing.world, standing.world.facts
    weights = np.zeros((world.countries, world.countries))
    for c in range(world.countries):
        for j, weight in zip(facts.peer_index[c], facts.peer_weight[c], strict=True):
            weights[c, j] += weight
    before = standing.run.state["belief_against"].copy()
    event(standing.run, 4, CN, BREACH, 0.7)
    moved = (standing.run.state["belief_against"] - before)[: world.countries]
    expected = twin.heard(weights, 4, 0.7, world.parameters.loss_aversion)
    assert moved[:, CN, BREACH] == pytest.approx(np.array(expected), abs=1e-13)
    moved[:, CN, BREACH] = 0
    assert not moved.any()


def test_threats_are_heard_by_those_who_look(standing):
    """A threat counts with every country that looks at the threatened one; pressure on nobody frightens nobody."""
    put_levers(standing, "home", slice(None), pressure=np.array([0.8, 0.0]), umbrella_message=0.0, evaluation_kit=0.0)
    exports, world = standing.run.facts["exports_share"], standing.world
    kept = exports.copy()
    exports[...] = 0.0
    exports[4, 0] = 0.5
    try:
        expected = twin.january(look(standing))
        january_beliefs(standing.run)
    finally:
        exports[...] = kept  # facts are shared by all runs
    quiet = [
        world.state.prior_against[c][0][0]
        + world.parameters.belief_retention * (world.state.belief_against[c][0][0] - world.state.prior_against[c][0][0])
        for c in range(world.countries)
    ]
    added = [float(standing.run.state["belief_against"][c, 0, 0]) - before for c, before in enumerate(quiet)]
    got = standing.run.state["belief_against"][: world.countries, 0, 0]
    assert [expected[c, 0, 0][1] for c in range(world.countries)] == pytest.approx(got)
    for c in range(world.countries):
        looks = sum(w for j, w in zip(world.facts.peer_index[c], world.facts.peer_weight[c], strict=True) if j == 4)
        share = 1.0 if c == 4 else world.parameters.threat_elsewhere * looks
        assert added[c] == pytest.approx(added[4] * share, abs=1e-12)
    assert added[4] > 0 and sum(one > 0 for one in added) > 3


@pytest.mark.parametrize("case", ["a year", "kits", "no beliefs", "the first January"])
def test_a_january_of_every_belief(standing, case):
    generator = np.random.default_rng(4)
    severity = generator.random(standing.run.state["severity"].shape) * (
        generator.random(standing.run.state["severity"].shape) < 0.3
    )
    put(standing, severity=severity, true_hazard=generator.uniform(0, 0.6, severity.shape))
    if case == "kits":
        put_levers(standing, "home", slice(None), evaluation_kit=np.array([0.7, 1.0]))
    elif case == "no beliefs":
        switch(standing, off=("beliefs",))
    elif case == "the first January":
        put(standing, month=0)
    world = look(standing)
    expected = twin.january(world)
    january_beliefs(standing.run)
    after = look(standing)
    for (c, s, channel), (quiet, against) in expected.items():
        assert after.state.belief_for[c][s][channel] == pytest.approx(quiet, rel=1e-12), (c, s, channel)
        assert after.state.belief_against[c][s][channel] == pytest.approx(against, rel=1e-12), (c, s, channel)
    assert not after.state.severity[: world.countries].any()
    moved = np.abs(after.state.belief_against - world.state.belief_against).max()
    assert (moved > 0) == (case != "no beliefs")
