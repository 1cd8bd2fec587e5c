"""A home government answers its rival a year later."""

from dataclasses import replace

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.strategies import find_strategy


def test_tit_for_tat_adds_what_its_rival_added_last_year(views, small):
    cast = Cast(2, small)
    cast.add_layer(["us_government.subsidy.chips=0.2", "us_government.coerce@2027=0.9"])
    cast.set_strategy("cn_government", "tit-for-tat")
    seen = {}
    for year in (2026, 2027, 2028):
        cast.decide(views([1, 2], cast, year))
        mine = cast.levers("home_government")[:, 1]
        seen[year] = [round(float(one), 9) for one in (mine["subsidy"][0, 1], mine["subsidy"][0, 2], mine["coerce"][1])]
    # The status quo of China is 0.15 for both; the United States' is no subsidy and 0.3.
    assert seen == {2026: [0.15, 0.15, 0.15], 2027: [0.35, 0.15, 0.15], 2028: [0.35, 0.15, 0.75]}


def test_at_the_status_quo_tit_for_tat_changes_nothing(views, small):
    quiet, answering = Cast(1, small), Cast(1, small)
    answering.set_strategy("homes", "tit-for-tat")
    for year in (2026, 2027, 2028):
        for cast in (quiet, answering):
            cast.decide(views([1], cast, year))
        assert quiet.levers("home_government").tobytes() == answering.levers("home_government").tobytes()


def test_a_rival_that_does_less_is_not_answered_and_bounds_hold(views, small):
    cast = Cast(1, small)
    cast.set_strategy("us_government", "tit-for-tat")
    cast.add_layer(["cn_government.coerce=0", "cn_government.subsidy=0.5"])
    for year in (2026, 2027):
        cast.decide(views([1], cast, year))
    mine = cast.levers("home_government")[0, 0]
    assert mine["coerce"] == 0.3 and np.allclose(mine["subsidy"], 0.35)


def test_what_cannot_be_seen_is_left_as_it_was(views):
    view = views([1])["home_government"]
    blind = view.rival.copy()
    blind["coerce"] = np.nan
    answer = find_strategy("tit-for-tat", "home_government").decide(replace(view, rival=blind))
    np.testing.assert_array_equal(answer["coerce"], view.levers["coerce"])
