"""Means, intervals and bands over runs, each beside SciPy's or NumPy's own."""

import numpy as np
import pytest
from scipy import stats

from stackcraft.experiments.statistics import (
    BAND,
    FEWEST_FOR_BAND,
    band,
    clear_of_zero,
    half_width,
    mean_over_runs,
    paired_interval,
    percentile_interval,
    quantiles,
)


@pytest.mark.parametrize("shape", [(2,), (7,), (64,), (2, 3), (7, 4, 3)])
def test_a_paired_interval_is_that_of_a_t_test(shape):
    differences = np.random.default_rng(1).normal(0.2, 1.0, shape)
    found = paired_interval(differences)
    expected = stats.ttest_1samp(differences, 0.0).confidence_interval(0.95)
    np.testing.assert_allclose((found.low, found.high), (expected.low, expected.high), rtol=1e-12)
    assert np.array_equal(found.mean, differences.mean(axis=0))
    assert np.array_equal(found.clear, stats.ttest_1samp(differences, 0.0).pvalue < 0.05)


def test_differences_without_a_value_do_not_count():
    rng = np.random.default_rng(2)
    values = rng.normal(0.1, 0.2, (9, 4))
    holed = np.concatenate([values, np.full((3, 4), np.nan)])
    np.testing.assert_allclose(paired_interval(holed), paired_interval(values))
    assert paired_interval(holed[:, 0]) == paired_interval(values[:, 0])
    holed[1:, 2] = np.nan
    found = paired_interval(holed)
    assert found.mean[2] == values[0, 2] and np.isnan([found.low[2], found.high[2]]).all() and not found.clear[2]


def test_one_difference_has_no_interval_and_none_no_mean():
    mean, low, high = paired_interval(np.array([np.nan, 5.0]))
    assert mean == 5.0 and np.isnan([low, high]).all()
    assert np.isnan(paired_interval([])).all()
    assert np.isnan(half_width(1.0, [0, 1])).all()


def test_whether_a_change_is_clear_of_zero_and_one_run_is_taken_at_its_word():
    values = np.random.default_rng(1).normal(0.1, 0.2, (9, 40))
    expected = stats.ttest_1samp(values, 0.0).pvalue < 0.05
    assert expected.any() and not expected.all()
    assert np.array_equal(clear_of_zero(values), expected)
    assert np.array_equal(clear_of_zero(np.concatenate([values, np.full((3, 40), np.nan)])), expected)
    assert clear_of_zero(np.array([[0.1, 0.0, np.nan]])).tolist() == [True, False, False]
    assert not clear_of_zero(np.array([[0.1], [np.nan]])).any(), "one value of two runs is no interval"


@pytest.mark.parametrize("runs", [1, 2, 5, 8, 17, 64])
def test_quantiles_are_those_of_numpy_to_the_bit(runs):
    values = np.random.default_rng(runs).normal(size=(runs, 3, 2))
    shares = (0.0, 0.05, 0.3, 0.5, 0.95, 1.0)
    assert np.array_equal(quantiles(values, shares), np.quantile(values, shares, axis=0))
    holed = np.concatenate([values, np.full((4, 3, 2), np.nan)])
    assert np.array_equal(quantiles(holed, shares), np.quantile(values, shares, axis=0))
    assert np.isnan(quantiles(holed[runs:], shares)).all() and np.isnan(quantiles(holed[:0], shares)).all()


def test_a_band_needs_five_runs_with_a_value():
    values = np.arange(float(FEWEST_FOR_BAND))
    assert band(values) == (2.0, *np.quantile(values, BAND))
    few = np.append(values[1:], np.nan)
    found = band(few)
    assert found.mean == 2.5 and np.isnan([found.low, found.high]).all()
    table = band(np.stack([values, few], axis=1))
    assert np.isfinite(table.low).tolist() == [True, False]
    assert np.isnan(band([])).all()


def test_the_percentile_interval_is_the_middle_of_the_draws():
    draws = np.random.default_rng(3).normal(size=(5, 200))
    assert np.array_equal(percentile_interval(draws, axis=1), np.quantile(draws, (0.025, 0.975), axis=1))
    assert np.isnan(percentile_interval(np.full((9, 2), np.nan))).all()


def test_the_mean_over_runs_leaves_out_what_is_missing():
    assert np.isnan(mean_over_runs(np.full((3, 2), np.nan))).all() and np.isnan(mean_over_runs(np.empty((0, 2)))).all()
    assert mean_over_runs(np.array([[1.0, np.nan], [3.0, 5.0]])).tolist() == [2.0, 5.0]
