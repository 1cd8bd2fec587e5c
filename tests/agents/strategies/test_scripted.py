"""Scripts and seats: levers from outside."""

import numpy as np
import pytest

from stackcraft.agents.cast import Cast
from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies import Fixed, SeatStrategy, find_strategy


def test_a_script_holds_from_each_january_on(views):
    script = Fixed("home_government", {"supply_bond": 0.9, "coerce": {2027: 0.0, 2030: 1.0}})
    at = {year: script.decide(views([1], year=year)["home_government"]) for year in (2026, 2029, 2031)}
    assert at[2026] == {"supply_bond": 0.9}
    assert at[2029] == {"supply_bond": 0.9, "coerce": 0.0}
    assert at[2031] == {"supply_bond": 0.9, "coerce": 1.0}


@pytest.mark.parametrize(
    ("kind", "script", "says"),
    [
        ("home", {}, "did you mean home_government"),
        ("vendor", {"mark_up": 1}, "did you mean markup"),
        ("vendor", {"markup": 2}, "out of bounds"),
        ("vendor", {"markup": {2030: -1}}, "markup in 2030"),
    ],
)
def test_a_bad_script_is_refused(kind, script, says):
    with pytest.raises(InputError, match=says):
        Fixed(kind, script)


@pytest.fixture
def desk(small):
    return SeatStrategy(["us_exim", "us_dfc"], importers=small)


def play(cast, views, *years):
    for year in years:
        cast.decide(views([1, 2], cast, year))


@pytest.fixture
def table(small, desk):
    cast = Cast(2, small)
    cast.set_strategy("us_exim", desk)
    cast.set_strategy("us_dfc", desk)
    return cast


def test_orders_go_over_everything_and_hold(table, desk, views):
    table.add_layer(["us_exim.rate_pct=9"])
    desk.submit(2026, ["us_exim.rate_pct=3"])
    play(table, views, 2026, 2027)
    assert (table.levers("financier")["rate_pct"][:, 0] == 3).all()
    assert (table.levers("financier")["rate_pct"][:, 1] == 5.5).all()
    desk.submit(2028, ["us_financiers.tenor_years=20", "us_dfc.rate_pct=1"])
    play(table, views, 2028)
    assert table.levers("financier")["rate_pct"][0].tolist()[:2] == [3, 1]
    assert table.levers("financier")["tenor_years"][0].tolist()[:2] == [20, 20]


def test_orders_are_sealed_until_played_and_fixed_afterwards(table, desk, views):
    desk.submit(2026, ["us_exim.rate_pct=3"])
    desk.submit(2026, ["us_exim.rate_pct=4"])
    assert desk.revealed(2026) == {} and "4" not in repr(desk)
    play(table, views, 2026)
    assert (table.levers("financier")["rate_pct"][:, 0] == 4).all()
    assert desk.revealed(2027) == {2026: ("us_exim.rate_pct=4",)}
    with pytest.raises(InputError, match=r"come too late.*2027"):
        desk.submit(2026, ["us_exim.rate_pct=5"])


def test_orders_can_be_dropped_and_the_table_rewound(table, desk, views):
    desk.submit(2026, ["us_exim.rate_pct=3", "us_exim.co_finance=1"])
    desk.submit(2027, ["us_exim.co_finance=0.5"], keep=False)
    play(table, views, 2026, 2027)
    bank = table.levers("financier")[0, 0]
    assert (bank["rate_pct"], bank["co_finance"]) == (5, 0.5)
    desk.rewind(2027)
    play(table, views, 2027)
    bank = table.levers("financier")[0, 0]
    assert (bank["rate_pct"], bank["co_finance"]) == (3, 1)


def test_shares_of_one_set_are_ordered_together(table, desk, views):
    desk.submit(2026, ["us_financiers.instrument_mix.equity=0.8"])
    desk.submit(2027, ["us_exim.instrument_mix.grant=0.7"])
    play(table, views, 2026, 2027)
    mix = table.levers("financier")["instrument_mix"][0]
    np.testing.assert_allclose(mix[0], [0.7, 0, 0.06, 0.15, 0.09, 0])
    assert mix[1, 5] == 0.8


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ("cn_exim.rate_pct=3", "is not this seat's"),
        ("financiers.rate_pct=3", "is not this seat's"),
        ("us_exim.rate_pct@2030=3", "take no year"),
        ("us_exim.rate=3", "did you mean rate_pct"),
        ("us_exim.rate_pct=99", "out of bounds"),
    ],
)
def test_bad_orders_are_refused_whole(desk, order, says):
    with pytest.raises(InputError, match=says):
        desk.submit(2026, ["us_exim.co_finance=1", order])
    assert desk.orders(2026) == ()


def test_an_empty_seat_plays_its_fallback(small, views):
    seat = SeatStrategy(["us_exim"], find_strategy("strategic-premium", "financier"), small)
    cast = Cast(2, small)
    cast.set_strategy("us_exim", seat, runs=[0])
    play(cast, views, 2026)
    assert cast.levers("financier")["strategic_premium"][:, 0].tolist() == [0.15, 0]
    seat.submit(2027, ["us_exim.strategic_premium=0.05"])
    play(cast, views, 2027)
    assert cast.levers("financier")["strategic_premium"][:, 0].tolist() == [0.05, 0]


def test_a_seat_is_for_one_kind_of_actor():
    with pytest.raises(InputError, match="2 kinds"):
        SeatStrategy(["us_exim", "us_government"])
    with pytest.raises(InputError, match="not for a vendor"):
        SeatStrategy(["us_chip_house"], find_strategy("rule-bound", "financier"))


def test_which_januaries_are_played_is_each_tables_own(small, desk, views):
    ahead, behind = Cast(2, small), Cast(2, small)
    for cast in (ahead, behind):
        cast.set_strategy("us_exim", desk)
    desk.submit(2026, ["us_exim.rate_pct=3"])
    play(ahead, views, 2026, 2027)
    play(behind, views, 2026)
    desk.submit(2027, ["us_exim.rate_pct=7"])  # one table has not played it
    play(behind, views, 2027)
    play(ahead, views, 2028)
    assert (behind.levers("financier")["rate_pct"][:, 0] == 7).all()
    assert (ahead.levers("financier")["rate_pct"][:, 0] == 3).all()
    assert desk.revealed(2028, ahead) == {2026: ("us_exim.rate_pct=3",)}
    with pytest.raises(InputError, match=r"come too late.*give them for 2028"):
        desk.submit(2027, ["us_exim.rate_pct=5"])


def test_to_ask_for_orders_does_not_play_a_january(desk):
    desk.submit(2026, ["us_exim.rate_pct=3"])
    assert len(desk.orders(2026)) == 1
    desk.submit(2026, ["us_exim.rate_pct=4"])
    assert desk.orders(2026)[0].text == "us_exim.rate_pct=4"


def test_a_lone_order_is_not_taken_apart_and_a_year_must_be_one(desk):
    desk.submit(2026, "us_exim.rate_pct=3")
    assert desk.orders(2026)[0].text == "us_exim.rate_pct=3"
    with pytest.raises(InputError, match="orders for '2027'; give them for a year"):
        desk.submit("2027", [])


def test_a_seat_is_held_by_its_own_actors_only(small, desk):
    with pytest.raises(InputError, match="cn_exim cannot hold a seat that plays us_exim, us_dfc"):
        Cast(1, small).set_strategy("cn_exim", desk)


def test_a_seat_goes_on_in_a_restored_cast_with_the_orders_of_the_snapshot(small, desk, views):
    def make(seat):
        cast = Cast(2, small)
        cast.set_strategy("us_exim", seat)
        return cast

    stopped = make(desk)
    desk.submit(2026, ["us_exim.rate_pct=3"])
    desk.submit(2028, ["us_exim.tenor_years=20"])
    play(stopped, views, 2026, 2027)
    fresh = SeatStrategy(["us_exim", "us_dfc"], importers=small)
    again = make(fresh)
    again.restore(stopped.snapshot())
    with pytest.raises(InputError, match="give them for 2028"):
        fresh.submit(2027, ["us_exim.rate_pct=9"])
    play(again, views, 2028)
    assert (again.levers("financier")["rate_pct"][:, 0] == 3).all()
    assert (again.levers("financier")["tenor_years"][:, 0] == 20).all()
