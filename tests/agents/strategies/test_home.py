"""A home government answers its rival a year later."""

from dataclasses import replace

import numpy as np

from agents.cast import Cast
from agents.strategies import find_strategy


def test_tit_for_tat_mirrors_last_years_subsidy_and_coercion(views, small):
    cast = Cast(2, small)
    cast.add_layer(["us_government.subsidy.chips=0.4", "us_government.coerce@2027=0.9"])
    cast.set_strategy("cn_government", "tit-for-tat")
    seen = {}
    for year in (2026, 2027, 2028):
        cast.decide(views([1, 2], cast, year))
        mine = cast.levers("home_government")[:, 1]
        seen[year] = (float(mine["subsidy"][0, 1]), float(mine["coerce"][1]))
    assert seen == {2026: (0.0, 0.3), 2027: (0.4, 0.3), 2028: (0.4, 0.9)}


def test_what_cannot_be_seen_is_left_as_it_was(views):
    view = views([1])["home_government"]
    blind = view.rival.copy()
    blind["coerce"] = np.nan
    answer = find_strategy("tit-for-tat", "home_government").decide(replace(view, rival=blind))
    np.testing.assert_array_equal(answer["coerce"], view.levers["coerce"])
