"""Presets set what their tables say, for their own side only, and the adaptive ones choose well."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.cast import Cast
from stackcraft.agents.errors import InputError
from stackcraft.agents.names import FINANCIERS, SIDES, VENDORS
from stackcraft.agents.strategies import find_preset, us_presets


def decided(views, small, side, name, runs=(1,)):
    cast = Cast(len(runs), small)
    cast.set_preset(side, name)
    cast.decide(views(list(runs), cast))
    return cast


def test_the_status_quo_tables_agree_with_the_defaults(views, small):
    cast = decided(views, small, "US", "status-quo")
    untouched = Cast(1, small)
    home, base = cast.levers("home_government"), untouched.kinds["home_government"].base
    for name in home.dtype.names:
        np.testing.assert_array_equal(home[name][0], base[name], err_msg=name)
    for name in ("risk_tolerance", "rate_pct", "tenor_years", "grace_years"):
        np.testing.assert_allclose(
            cast.levers("financier")[name][0], untouched.kinds["financier"].base[name], err_msg=name
        )


def test_us_rows(views, small):
    cast = decided(views, small, "US", "risk-tolerant-underwriter")
    bank = cast.levers("financier")[0]
    np.testing.assert_allclose(bank["risk_tolerance"], [0.12, 0.15, 0.08, 0.12, 0.03, 0.05])
    assert bank["strategic_premium"].tolist() == [0.1, 0.1, 0, 0, 0, 0]
    assert (cast.levers("vendor")["affiliation"][0, :6] == 0.7).all()
    home = decided(views, small, "US", "nine-recommendations").levers("home_government")[0, 0]
    assert [home[f"weight_{one}"] for one in ("headline", "use", "additional", "strategic")] == [0, 0.5, 0.4, 0.1]
    assert home["consortium_required"] == 0 and home["cloud_counts"] == 1 and home["evaluation_kit"] == 1
    assert decided(views, small, "US", "lock-in").levers("vendor")["lock_silicon"][0].tolist()[:6] == [0.8] * 6


def test_cn_rows(views, small):
    flood = decided(views, small, "CN", "open-weights-flood")
    assert flood.levers("financier")["commitment_limit_bn"][0, 2:4].tolist() == [0, 0]
    assert flood.levers("vendor")["open_weights"][0, 6:11].tolist() == [1] * 5
    pipes = decided(views, small, "CN", "pipes-first").levers("home_government")["subsidy"][0, 1]
    assert pipes.tolist() == [0.3, 0, 0, 0, 0, 0, 0]
    bank = decided(views, small, "CN", "quiet-commercial").levers("financier")[0]
    assert (bank["rate_pct"][2], bank["tenor_years"][2], bank["grace_years"][2]) == (5.5, 7, 1)
    assert (bank["rate_pct"][3], bank["tenor_years"][3]) == (4.85, 16)  # before what a concessional loan takes off
    np.testing.assert_allclose(bank["risk_tolerance"][2:4], [0.02, 0.06])


@pytest.mark.parametrize("side", SIDES)
def test_a_side_leaves_the_others_alone(views, small, side):
    other = {"US": "cn_", "CN": "us_"}[side]
    name = {"US": "control-first", "CN": "coercive-leverage"}[side]
    changed, same = decided(views, small, side, name), decided(views, small, side, "status-quo-2025")
    for kind, actors in (("financier", FINANCIERS), ("vendor", VENDORS)):
        for column, actor in enumerate(actors):
            left, right = changed.levers(kind)[0, column], same.levers(kind)[0, column]
            if actor.startswith((other, "in_", "private", "gulf")):
                assert left.tobytes() == right.tobytes(), actor


def test_cn_tit_for_tat_answers_a_year_later(views, small):
    cast = Cast(1, small)
    cast.set_preset("CN", "tit-for-tat")
    cast.add_layer(["us_government.subsidy=0.25"])
    seen = []
    for year in (2026, 2027):
        cast.decide(views([1], cast, year))
        seen.append(cast.levers("home_government")["subsidy"][0, 1, 0])
    np.testing.assert_allclose(seen, [0.15, 0.4])
    assert (cast.levers("vendor")["turnkey"][0, 6:11] == 0.7).all()


class TestAdaptive:
    """The adaptive preset takes the best candidate of each run, every fourth year."""

    def test_takes_the_best_in_each_run(self, views):
        preset = find_preset("adaptive", "US")
        view = views([1, 2, 3])["home_government"]
        payoff = np.zeros((3, len(preset.candidates)))
        payoff[0, 2], payoff[1, 8] = 1, 1
        asked = []

        def look_ahead(names, side):
            asked.append((tuple(names), side))
            return payoff

        plan = preset.plan(replace(view, look_ahead=look_ahead))
        assert plan.tolist() == [2, 8, 0]
        assert asked == [(tuple(one.name for one in us_presets.TABLES), "US")]

    def test_keeps_its_plan_between_looks(self, views, small):
        cast = Cast(2, small)
        cast.set_preset("CN", "adaptive")
        plans = {}
        for year in range(2026, 2035):
            cast.decide(views([1, 2], cast, year))
            plans[year] = cast.plan[:, 1].tolist()
        assert plans[2026] == plans[2029] and plans[2030] == plans[2033]
        assert len({tuple(plan) for plan in plans.values()}) > 1
        assert (cast.plan[:, 0] == -1).all()

    def test_does_as_the_planned_preset_does(self, views, small):
        cast = Cast(2, small)
        cast.set_preset("US", "adaptive")
        cast.decide(views([1, 2], cast))
        for run in range(2):
            alone = decided(views, small, "US", us_presets.TABLES[cast.plan[run, 0]], (1,))
            for kind in ("home_government", "financier", "vendor"):
                np.testing.assert_array_equal(
                    cast.levers(kind)[run].tobytes(), alone.levers(kind)[0].tobytes(), err_msg=kind
                )

    def test_a_payoff_that_is_not_a_number_is_never_chosen(self, views):
        preset = find_preset("adaptive", "CN")
        payoff = np.full((1, len(preset.candidates)), -5.0)
        payoff[0, 0] = np.nan
        view = replace(views([1])["home_government"], look_ahead=lambda names, side: payoff)
        assert preset.plan(view).tolist() == [1]

    def test_says_so_where_nobody_can_look_ahead(self, views):
        view = replace(views([1])["home_government"], look_ahead=None)
        with pytest.raises(InputError, match="needs to look ahead"):
            find_preset("adaptive", "US").plan(view)
