"""The logistic link finds what made the data, and stays finite where events are few."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast.links import entered, fit_logit, logs, within


def test_a_link_is_found_again():
    rng = np.random.default_rng(1)
    x = rng.normal(2.0, 3.0, (20_000, 2))
    chance = 1 / (1 + np.exp(-(-1.0 + 0.5 * x[:, 0])))
    link = fit_logit(x, (rng.random(len(x)) < chance).astype(float))
    assert link.chance(np.array([[2.0, 2.0], [6.0, -4.0]])) == pytest.approx([0.5, 0.881], abs=0.02)


def test_separated_events_and_a_variable_that_does_not_vary_leave_it_finite():
    x = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])
    link = fit_logit(x, np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite(link.slopes).all() and abs(link.slopes[1]) < 1e-6 < 0.5 < link.slopes[0] < 10


def test_weights_count_rows():
    x, y = np.array([[0.0], [1.0], [0.0], [1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    twice = fit_logit(np.vstack([x, x[1:2]]), np.append(y, 1.0), scale=x)
    weighted = fit_logit(x, y, np.array([1.0, 2.0, 1.0, 1.0]), scale=x)
    assert twice.slopes == pytest.approx(weighted.slopes, abs=1e-4)


def test_chances_before_and_after_and_by_year():
    assert entered(np.array([0.2, 0.5]), np.array([0.6, 0.4])) == pytest.approx([0.5, 0.0])
    assert within(np.array([[0.1, 0.2]]), 1) == pytest.approx([0.28])
    assert logs(np.array([0.0, 1.0, 10.0])) == pytest.approx([np.log(1e-3), 0.0, np.log(10.0)])
