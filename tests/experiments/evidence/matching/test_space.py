"""Draws from what is left: even, of the right share, and none where nothing is left."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import kstest

from stackcraft.experiments.evidence.matching.declared import Target, Wave
from stackcraft.experiments.evidence.matching.emulator import Foreseen
from stackcraft.experiments.evidence.matching.space import Ruling, ranked, sample, tempered

BOUND, DOUBT = 3.0, 0.01


@dataclass
class Exact:
    """An emulator that knows: the value of one input."""

    inputs: np.ndarray
    luck: float = 0.0

    def at(self, points):
        mean = points[:, self.inputs].sum(axis=1)
        return Foreseen(mean, np.zeros(len(points)))


def ruling(aims, rank=1, kind="about"):
    """Each of the first inputs must lie within 0.03 of its aim."""
    targets = tuple(
        Target(name=str(place), what="", group="", reading={}, observed=aim, discrepancy=DOUBT, kind=kind)
        for place, aim in enumerate(aims)
    )
    return Ruling(
        targets, {str(place): Exact(np.array([place])) for place in range(len(aims))}, Wave(1, 2, rank, BOUND)
    )


def test_the_share_that_is_left_is_right_down_to_a_millionth():
    for number in (1, 2, 3, 4):
        found = sample([ruling([0.5] * number)], 6, 800, np.random.default_rng(number))
        assert np.log(found.share / 0.06**number) == pytest.approx(0, abs=0.35 * number**0.5)
        assert (np.abs(found.points[:, :number] - 0.5) <= 0.03 + 1e-12).all() and len(found.points) == 800


def test_draws_are_even_over_what_is_left_and_over_what_nothing_depends_on():
    found = sample([ruling([0.5, 0.2])], 5, 800, np.random.default_rng(1)).points
    assert kstest((found[:, 0] - 0.47) / 0.06, "uniform").statistic < 0.1
    assert kstest((found[:, 1] - 0.17) / 0.06, "uniform").statistic < 0.1
    assert all(kstest(found[:, place], "uniform").pvalue > 1e-3 for place in (2, 3, 4))


def test_nothing_is_left_where_nothing_can_be_and_the_best_is_near_the_edge():
    found = sample([ruling([1.5, 0.5])], 3, 400, np.random.default_rng(1))
    assert not len(found.points) and found.share == 0 and found.best[0] > 0.95


def test_waves_add_up():
    both = sample([ruling([0.5]), ruling([0.52])], 3, 400, np.random.default_rng(1))
    assert both.share == pytest.approx(0.04, rel=0.3)
    assert ((both.points[:, 0] >= 0.49 - 1e-12) & (both.points[:, 0] <= 0.53 + 1e-12)).all()


def test_by_the_second_largest_one_target_may_be_missed():
    found = sample([ruling([1.5, 0.5], rank=2)], 3, 400, np.random.default_rng(1))
    assert found.share == pytest.approx(0.06, rel=0.4)
    assert ranked(np.array([[5.0], [1.0], [2.0]]), 2) == [2.0] and ranked(np.array([[5.0]]), 2) == [5.0]


def test_at_most_rules_out_one_side_alone():
    found = sample([ruling([0.5], kind="at most")], 3, 400, np.random.default_rng(1))
    assert found.share == pytest.approx(0.53, abs=0.07) and found.points[:, 0].min() < 0.05


def test_moved_draws_follow_the_likelihood():
    one = ruling([0.5])
    start = sample([one], 3, 2000, np.random.default_rng(1)).points
    points, values = tempered(start, [one], np.random.default_rng(2))
    assert points[:, 0].std() == pytest.approx(DOUBT, rel=0.12) and points[:, 0].mean() == pytest.approx(0.5, abs=0.002)
    assert np.array_equal(values, one.log_likelihood(points))


def test_the_same_generator_draws_the_same():
    again = [sample([ruling([0.5])], 3, 400, np.random.default_rng(7)).points for _ in range(2)]
    assert np.array_equal(*again)
