"""Every exact check passes; and fails where what it looks at is broken."""

from importlib import import_module

import numpy as np
import pytest

from stackcraft.experiments.checks import (
    FAMILIES,
    exact_choice,
    exact_diffusion,
    exact_feedback,
    exact_lifecycle,
    exact_money,
    exact_symmetry,
)
from stackcraft.experiments.checks.drivers import quiet_years
from stackcraft.experiments.checks.one_run import choice_probabilities

QUICK = [name for name in FAMILIES["exact"] if name != "exact_symmetry"]


@pytest.mark.parametrize("module", QUICK)
def test_exact(module):
    failed = [
        f"{row.name}: {row.value:g} against {row.tolerance:g} {row.detail}"
        for row in import_module(f"stackcraft.experiments.checks.{module}").checks()
        if not row.passed
    ]
    assert not failed, "\n".join(failed)


def test_relabelled_countries():
    gap, where = exact_symmetry.order_gap(runs=8, years=(2025, 2035))
    assert gap <= 1e-6, where


def test_sides_swapped_in_expectation():
    gap, where = exact_symmetry.mirror_gap(runs=2, years=(2025, 2040))
    assert gap <= 1e-9, where


@pytest.mark.slow
def test_sides_swapped_in_distribution():
    gap, where = exact_symmetry.mirror_in_distribution(256)
    assert gap <= 5.0, where


# What would not be noticed is not checked: each expectation is broken once.


def test_the_logit_check_sees_a_count_correction():
    utility = np.random.default_rng(0).normal(size=16)
    got, _, _ = choice_probabilities(utility, np.ones(16), exact_choice.STACK, 1.0, 1.0, 1.0)
    assert np.abs(got - exact_choice.multinomial(utility, np.ones(16), 1.0)).max() > 1e-3


def test_the_bass_check_sees_another_rate():
    path = exact_diffusion.path(0.03, 0.38, 1 / 12, 120)
    assert np.abs(path - exact_diffusion.recurrence(0.03, 0.381, 1 / 12, 120)).max() > 1e-6


def test_the_money_checks_see_a_lost_dollar():
    from stackcraft.model import Scenario, Simulation

    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2033))
    with Simulation(scenario, runs=4, seed=4).run() as simulation:
        assert exact_money.book_gap(simulation) < 1e-11
        assert exact_money.exposure_gap(simulation) < 1e-11
        simulation.world.state["loans_repaid"][2] += 1e-9
        simulation.world.state["exposure"][1, 3] += 1e-9
        assert exact_money.book_gap(simulation) > 1e-10
        assert exact_money.exposure_gap(simulation) > 1e-10


def test_the_trust_check_sees_forgetting():
    quiet, none = np.ones(5), np.zeros(5)
    assert quiet_years(7.2, 0.8, 7.2, 0.8, quiet, none, 1.0)[0] != quiet_years(7.2, 0.8, 7.2, 0.8, quiet, none, 0.99)[0]


def test_the_urn_check_sees_other_returns():
    from scipy.stats import kstest

    share = np.zeros(500)
    from stackcraft.experiments.checks.drivers import urns

    urns(1, 500, 500, np.array([1.0, 1.0]), 1.2, share)
    assert kstest(share, "beta", args=(1.0, 1.0)).pvalue < 1e-3


def test_the_fixed_point_check_sees_another_pull():
    with exact_feedback.peers_alone(2.4) as simulation:
        answer = exact_feedback.response(simulation)
        assert abs(answer(0.8552) - 0.8552) > 1e-3


def test_the_life_cycle_check_sees_another_rate():
    right, wrong = exact_lifecycle.chain(10, 20, 0.025, 0.010), exact_lifecycle.chain(10, 20, 0.025, 0.0101)
    assert abs(right[0] - wrong[0]) > 1e-4


def test_the_mirror_check_sees_a_one_sided_rule(monkeypatch):
    monkeypatch.setattr(exact_symmetry, "SwappedSimulation", _OneSided)
    gap, _ = exact_symmetry.mirror_gap(runs=1, years=(2025, 2028))
    assert gap > 1e-6


class _OneSided(exact_symmetry.SwappedSimulation):
    """A mirror image in which one vendor of one side is a little better."""

    def _start(self):
        self.world.facts["quality"][0, 2, 1] += 0.01
        super()._start()
