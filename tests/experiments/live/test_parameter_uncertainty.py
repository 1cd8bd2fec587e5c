"""Worlds in which a finding holds: what is counted, which parameters are tried, and what may be said of them."""

import numpy as np

from stackcraft.experiments.live.parameter_uncertainty import correlated_parameters, holding, varied
from stackcraft.model import worlds
from stackcraft.model.parameters import judged

SET = {"price_taste"}  # by a scenario


def test_runs_in_which_the_margin_is_above_nothing_are_counted_and_those_without_one_are_not():
    found = holding("raw", np.arange(5), np.array([0.1, 0.0, -0.1, np.nan, 0.2]))
    assert (found.part, found.whole, found.correlated) == (2, 4, ())


def test_the_parameters_that_are_tried_are_those_of_the_worlds_and_not_what_a_scenario_sets():
    names, values = varied("raw", np.arange(8), SET)
    assert set(names) == {name for name, _ in judged()} - SET and values.shape == (8, len(names))
    assert np.array_equal(values[:, names.index("quality_taste")], worlds.parameters("raw", range(8))["quality_taste"])
    assert varied("default", np.arange(8))[0] == ()


def test_a_parameter_that_decides_is_named_and_noise_is_not():
    rng = np.random.default_rng(4)
    parameters = rng.random((24, 400))
    names = [f"p{i}" for i in range(400)]
    noise = rng.normal(size=24)
    assert correlated_parameters(names, parameters, noise) == ()
    margin = 0.5 - parameters[:, 17] + 0.02 * noise
    found = correlated_parameters(names, parameters, margin)
    assert found[0].name == "p17" and found[0].correlation < -0.9
    assert correlated_parameters(names[:5], parameters[:6, :5], margin[:6]) == ()  # too few worlds to say anything


def test_noise_names_a_parameter_seldom():
    rng = np.random.default_rng(5)
    named = sum(
        bool(correlated_parameters([str(i) for i in range(60)], rng.random((24, 60)), rng.normal(size=24)))
        for _ in range(60)
    )
    assert named <= 9  # three are expected of sixty; ten or more come about once in a thousand such tests


def test_the_parameter_behind_the_exceptions_is_named():
    values = varied("raw", np.arange(24), SET)
    place = values[0].index("quality_taste")
    margin = values[1][:, place] - np.median(values[1][:, place])
    found = holding("raw", np.arange(24), margin)
    assert 0 < found.part < 24 and found.correlated[0].name == "quality_taste" and found.correlated[0].correlation > 0.9
    assert holding("raw", np.arange(24), margin + 1e3).correlated == ()  # no exceptions
    assert holding("default", np.arange(24), margin).correlated == ()  # one world
