"""Weights give the answer that can be worked out by hand, and call nothing learnt where nothing is."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.matching.declared import Target
from stackcraft.experiments.evidence.matching.weights import learnt, weigh

LUCK, DISCREPANCY, REPLICATES = 0.1, 0.1, 5


def target(**more):
    return Target(**{"name": "one", "what": "", "group": "", "reading": {}, "observed": 0.5,
                     "discrepancy": DISCREPANCY, **more})  # fmt: skip


def worlds(number, seed=0):
    rng = np.random.default_rng(seed)
    points = rng.random((number, 3))
    return points, points[:, :1] + LUCK * rng.standard_normal((number, REPLICATES))


def test_weights_are_those_of_a_normal_law_worked_out_by_hand():
    points, values = worlds(40_000)
    found = weigh([target()], {"one": values}, bound=10.0, rank=1, drawn_by=np.zeros(len(points)))
    mean = (found.weight * points[:, 0]).sum()
    deviation = np.sqrt((found.weight * (points[:, 0] - mean) ** 2).sum())
    # The mean of a world has luck / replicates in it, once as it was run and once in the variance it is weighed by.
    expected = np.sqrt(LUCK**2 * (1 + 2 / REPLICATES) + DISCREPANCY**2)
    assert mean == pytest.approx(0.5, abs=0.01) and deviation == pytest.approx(expected, rel=0.03)


def test_what_worlds_were_drawn_by_is_taken_out_again():
    points, values = worlds(40_000)
    lean = 3 * points[:, 0]  # logarithm of the density that they are taken to be drawn by
    rng = np.random.default_rng(1)
    chosen = rng.choice(len(points), 20_000, p=np.exp(lean) / np.exp(lean).sum())
    plain = weigh([target()], {"one": values}, 10.0, 1, np.zeros(len(points)))
    leaning = weigh([target()], {"one": values[chosen]}, 10.0, 1, lean[chosen])
    means = [(one.weight * p[:, 0]).sum() for one, p in ((plain, points), (leaning, points[chosen]))]
    assert means[0] == pytest.approx(means[1], abs=0.01)


def test_worlds_beyond_the_bound_have_no_weight_and_without_any_left_there_is_none():
    points, values = worlds(500)
    found = weigh([target()], {"one": values}, 1.0, 1, np.zeros(500))
    assert 0 < found.left.sum() < 500 and found.implausibility[0][found.left].max() <= 1.0
    assert found.weight.sum() == pytest.approx(1)
    nothing = weigh([target(observed=9.0)], {"one": values}, 3.0, 1, np.zeros(500))
    assert not nothing.left.any() and nothing.effective == 0
    assert len(points) == 500


def test_a_world_that_cannot_be_read_is_ruled_out_when_weighed():
    _, values = worlds(50)
    values[3] = np.nan
    found = weigh([target()], {"one": values}, 100.0, 1, np.zeros(50))
    assert not found.left[3] and found.left.sum() == 49


def test_what_the_target_depends_on_is_learnt_and_nothing_else():
    clear = np.zeros(3)
    for seed in range(40):
        points, values = worlds(400, seed)
        found = weigh([target()], {"one": values}, 3.0, 1, np.zeros(400))
        for one in learnt(points, found.weight):
            clear[one.place] += one.clear
    assert clear[0] == 40 and clear[1:].sum() <= 6  # 5 % of forty at most for both together, and some luck


def test_quantiles_lie_where_they_were_put():
    points, values = worlds(4000)
    found = weigh([target()], {"one": values}, 4.0, 1, np.zeros(4000))
    (first,) = [one for one in learnt(points, found.weight) if one.place == 0]
    low, middle, high = first.quantiles
    assert middle == pytest.approx(0.5, abs=0.02) and high - low == pytest.approx(2 * 1.645 * 0.155, rel=0.1)
    assert 0.4 < first.narrowed < 0.55
