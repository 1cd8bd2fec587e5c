"""Forecasts from made-up runs: a model that knows beats one that does not, and links see nothing after 2018."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast import predict, scores
from stackcraft.experiments.evidence.hindcast.outcomes import FROM, Outcome

COUNTRIES, RUNS, FIRST = 120, 3, 2011
RNG = np.random.default_rng(5)
SIZE = RNG.normal(0.0, 1.5, COUNTRIES)


def capacity(years, growth=0.4):
    """Capacity that grows from a size of each country's own."""
    noise = RNG.normal(0, 0.05, (RUNS, len(years), COUNTRIES))
    return np.exp(SIZE[None, None] + growth * (np.array(years) - FIRST)[None, :, None] + noise)


@pytest.fixture(scope="module")
def made():
    tuned, scored = capacity(range(FIRST, FROM + 1)), capacity(range(FROM, FROM + 7))
    passes = FIRST + (3.0 - SIZE) / 0.4  # when capacity passes e^3
    first = np.where(passes < FROM, np.ceil(passes), np.inf)
    candidate = ~(first < FROM)
    happened = (candidate & (passes < FROM + 6)).astype(float)
    return tuned, scored, Outcome(tuple(map(str, range(COUNTRIES))), candidate, happened, first)


def test_a_threshold_that_was_fitted_before_foresees_who_passes_it_later(made):
    tuned, scored, outcome = made
    chance = predict.entry_chances(tuned, scored, outcome, first=2014, tuned_from=FIRST).mean(axis=0)
    there = outcome.candidate
    assert scores.auc(chance[there], outcome.happened[there]) > 0.95
    assert chance[there].sum() == pytest.approx(outcome.number, rel=0.25)
    assert predict.counts(chance[None], outcome, 1).mean() == pytest.approx(chance[there].sum(), rel=0.05)


def test_the_link_does_not_see_what_happened_later(made):
    tuned, scored, outcome = made
    other = Outcome(outcome.codes, outcome.candidate, 1.0 - outcome.happened, outcome.first_year)
    one, two = (predict.entry_chances(tuned, scored, seen, first=2014, tuned_from=FIRST) for seen in (outcome, other))
    assert np.array_equal(one, two)


def test_countries_left_out_of_the_fit_are_forecast_all_the_same(made):
    tuned, scored, outcome = made
    fit_on = np.arange(COUNTRIES) % 5 > 0
    chance = predict.entry_chances(tuned, scored, outcome, first=2014, tuned_from=FIRST, fit_on=fit_on)
    assert chance.shape == (RUNS, COUNTRIES) and np.isfinite(chance).all() and chance[:, ~fit_on].std() > 0


def test_a_hazard_of_one_year_is_carried_forward_for_six():
    there = np.where(np.arange(60) < 5, 2018.0, np.inf)
    outcome = Outcome(tuple(map(str, range(60))), there == np.inf, np.zeros(60), there)
    same = np.full((2, 9, 60), 0.3)
    chance = predict.hazard_chances(same, same[:, :7], outcome, tuned_from=FIRST)
    assert chance[0, 10] == pytest.approx(1 - (1 - 5 / 60) ** 6, rel=0.01)
    better = same.copy()
    better[:, :, :5] = 0.05  # those who decided were less likely to buy
    low = better[:, :7].copy()
    low[:, :, 30] = 0.05
    chance = predict.hazard_chances(better, low, outcome, tuned_from=FIRST)
    assert chance[0, 30] > 2 * chance[0, 31]
