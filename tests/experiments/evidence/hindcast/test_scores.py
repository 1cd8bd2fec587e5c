"""Scores by hand, and what their intervals say."""

import math

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast import scores

HAPPENED = np.array([1.0, 0.0, 0.0, 1.0])
CHANCE = np.array([0.8, 0.4, 0.2, 0.5])


def test_scores_of_four_countries_by_hand():
    assert scores.log_score(CHANCE, HAPPENED) == pytest.approx(-math.log(0.8 * 0.6 * 0.8 * 0.5) / 4)
    assert scores.brier(CHANCE, HAPPENED) == pytest.approx((0.04 + 0.16 + 0.04 + 0.25) / 4)
    assert scores.auc(CHANCE, HAPPENED) == 1.0
    assert scores.auc(np.array([0.4, 0.4, 0.2, 0.1]), HAPPENED) == pytest.approx((1 + 0.5 + 0 + 0) / 4)
    assert math.isnan(scores.auc(CHANCE, np.zeros(4)))


def test_a_surprise_costs_no_more_than_the_least_chance():
    assert scores.log_score(np.zeros(1), np.ones(1)) == pytest.approx(-math.log(scores.LEAST_CHANCE))


def test_crps_is_that_of_the_definition():
    draws = np.array([1.0, 4.0, 2.0])
    pairs = sum(abs(a - b) for a in draws for b in draws)
    assert scores.crps(draws, 3.0) == pytest.approx((2 + 1 + 1) / 3 - pairs / (2 * 3 * 2))
    normal = np.random.default_rng(1).normal(size=200_000)
    assert scores.crps(normal, 0.0) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=0.003)


def test_counts_never_drawn_are_not_impossible():
    draws = np.array([2, 2, 3, 3])
    assert scores.log_of_count(draws, 2) < scores.log_of_count(draws, 5) < math.inf


def test_resamples_keep_the_number_of_each_block():
    blocks = np.array([0, 0, 0, 1, 1])
    for sample in scores.resampled(blocks, 50, seed=1):
        assert (blocks[sample] == 0).sum() == 3
    assert np.array_equal(scores.resampled(blocks, 5, 1), scores.resampled(blocks, 5, 1))


def test_a_clearly_better_forecast_is_called_better_and_an_equal_one_is_not():
    rng = np.random.default_rng(3)
    seen = (rng.random(150) < 0.3).astype(float)
    good, flat = np.where(seen > 0, 0.7, 0.15), np.full(150, 0.3)
    samples = scores.resampled(np.zeros(150), 400, 1)
    for ours, theirs, says in ((good, flat, "better"), (flat, good, "worse"), (flat, flat, "no difference shown")):
        low, high = scores.interval(scores.paired(scores.log_score, ours, theirs, seen, samples), 0.95)
        assert scores.verdict("log", low, high) == says
    assert scores.verdict("auc", 0.01, 0.2) == "better" and scores.verdict("log", 0.01, 0.2) == "worse"


def test_reliability_has_bins_of_equal_numbers_from_low_to_high():
    chance = np.linspace(0, 1, 10)
    bins = scores.reliability(chance, (chance > 0.5).astype(float), 5)
    assert [number for _, _, number in bins] == [2] * 5
    assert [seen for _, seen, _ in bins] == [0.0, 0.0, 0.5, 1.0, 1.0]
