"""Vendors send their few teams where their strategy says."""

import numpy as np

from stackcraft.agents.strategies import find_strategy


def test_saturate_now_follows_demand(views):
    view = views([1, 2])["vendor"]
    teams = find_strategy("saturate-now", "vendor").decide(view)["teams"]
    np.testing.assert_allclose(teams.sum(axis=-1), 1)
    np.testing.assert_array_equal(teams[:, 0].argmax(axis=-1), view.public.demand.argmax(axis=-1))


def test_deep_customise_gathers_where_buyers_are_clear(views):
    shown = views([1])["vendor"]
    shown.public.buyer_levers["clarity"] = 0.4
    shown.public.buyer_levers["clarity"][0, 7] = 1.0
    teams = find_strategy("deep-customise", "vendor").decide(shown)["teams"][0, 0]
    assert teams.argmax() == 7 and teams[7] > 0.75  # 1 against eleven buyers at 0.4 to the fourth power


def test_teams_are_even_where_there_is_nothing_to_go_by(views):
    shown = views([1])["vendor"]
    shown.public.buyer_levers["clarity"] = 0
    teams = find_strategy("deep-customise", "vendor").decide(shown)["teams"]
    np.testing.assert_allclose(teams, 1 / 12)
