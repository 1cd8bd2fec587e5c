"""Naive forecasts: by hand where they are simple, and better than nothing on the years they were fitted on."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast import baselines, outcomes, scores


def test_the_base_rate_is_that_of_the_six_years_before():
    us = outcomes.cloud_entry("US")
    there, later = us.there_in(2013), us.there_in(2019)
    assert baselines.yes_no("base_rate", us)[0] == pytest.approx((later.sum() - there.sum()) / (there == 0).sum())


def test_a_hazard_without_a_variable_is_the_rate_of_2018_for_six_years():
    decided = outcomes.huawei_exclusion()
    waiting = decided.there_in(2018) == 0
    rate = decided.there_in(2019)[waiting].mean()
    assert baselines.yes_no("base_rate_hazard", decided)[0] == pytest.approx(1 - (1 - rate) ** 6)


@pytest.mark.parametrize("name", ["gdp_logit", "gravity_logit"])
def test_logits_rank_the_entries_that_they_were_fitted_on(name):
    us = outcomes.cloud_entry("US")
    chance = baselines.yes_no(name, us)
    waiting = us.there_in(2013) == 0
    assert np.all((chance > 0) & (chance < 1))
    assert scores.auc(chance[waiting], us.there_in(2019)[waiting]) > 0.8


def test_no_baseline_sees_what_happened_after_2018():
    us = outcomes.cloud_entry("US")
    blind = outcomes.Outcome(us.codes, us.candidate, np.zeros(len(us.codes)), us.first_year)
    for name in ("base_rate", "gdp_logit", "neighbours"):
        assert np.array_equal(baselines.yes_no(name, us), baselines.yes_no(name, blind))


def test_a_trend_grows_by_at_most_twice():
    us = outcomes.cloud_entry("US")
    recent = us.there_in(2019).sum() - us.there_in(2013).sum()
    assert baselines.count("trend_count", us, "US", 1).mean() <= 2.05 * recent


def test_counts_are_drawn_country_by_country():
    rng = np.random.default_rng(1)
    draws = baselines.drawn_counts(np.array([[0.0, 1.0], [1.0, 1.0]]), 4, rng)
    assert list(draws) == [1, 2, 1, 2]


def test_rankings_are_as_of_2019_and_known_everywhere():
    for name in baselines.RANKINGS:
        assert np.isfinite(baselines.ranking(name)).all()
