"""Numbers and names as text."""

import math

import numpy as np
import pytest

from stackcraft.viz import words
from stackcraft.viz.charts.kit import ticks
from stackcraft.viz.words import languages
from stackcraft.viz.words.numbers import digits_for, shorten, shown, tick_digits, wrap


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.12345, 3, "0.123"),
        (1234.5, 1, "1,234.5"),
        (-0.0001, 2, "0.00"),
        (-0.06, 1, "-0.1"),
        (None, 2, "-"),
        (math.nan, 2, "-"),
        (math.inf, 2, "no bound"),
        (3, None, "3"),
        (True, None, "yes"),
        ("text", 2, "text"),
        (1e-9, 6, "1.0e-09"),
        (0.0, 6, "0.000000"),
        (2.5, None, "2.5"),
    ],
)
def test_values_as_text(value, digits, text):
    assert shown(value, digits) == text


def test_three_digits_that_mean_something():
    assert [digits_for([value]) for value in (0.5, 5.0, 50.0, 500.0, 5e6, 0.0005, 0.0)] == [3, 2, 1, 0, 0, 6, 0]
    assert digits_for([math.nan]) == 0


def test_ticks_are_round_and_within_the_axis():
    assert ticks(0.0, 1.0, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(2025, 2045, 4) == [2025, 2030, 2035, 2040, 2045]
    assert tick_digits(ticks(0.0, 0.04, 4)) == 2 and ticks(3.0, 3.0) == [3.0]


def test_long_names_keep_the_end_by_which_they_differ():
    long = "us_government.supply_bond=1, us_government.capacity_building="
    assert shorten(long + "0", 30) != shorten(long + "1", 30) and len(shorten(long + "1", 30)) <= 30
    assert wrap("us_government.supply_bond=1, us_government.capacity=0", 42, 2) == [
        "us_government.supply_bond=1,",
        "us_government.capacity=0",
    ]
    assert all(len(line) <= 20 for line in wrap("x" * 90, 20, 2)) and len(wrap("x" * 90, 20, 2)) == 2
    assert "".join(wrap("abc_def_ghi", 6, 3)) == "abc_def_ghi"


@pytest.mark.parametrize(
    "value, text", [(0.473, "47%"), (0.0, "0%"), (1.0, "100%"), (0.001, "under 1%"), (math.nan, "n/a")]
)
def test_percent(value, text):
    assert words.percent(value) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (1.234, "$1.2 bn"),
        (0.034, "$34 m"),
        (0.0021, "$2.1 m"),
        (140, "$140 bn"),
        (2500, "$2.5 trillion"),
        (0, "$0"),
        (-3.0, "-$3.0 bn"),
    ],
)
def test_money(value, text):
    assert words.money(value) == text


def test_points_carry_a_sign_and_count():
    assert words.points(0.031) == "+3.1 points"
    assert words.points(-0.01) == "-1.0 point"
    assert words.points(0.0001) == "0.0 points"


def test_lists_and_counts():
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.count("country", 1) == "one country"
    assert words.count("country", 58) == "58 countries"


def test_a_paired_change_is_sure_where_its_interval_leaves_out_zero():
    assert words.change_in_points(0.05 + 0.001 * np.arange(20), words.points)[1]
    assert not words.change_in_points(np.linspace(-0.1, 0.1, 20), words.points)[1]
    assert not words.change_in_points([0.05], words.points)[1]


def test_money_is_counted_in_the_units_of_a_language():
    pytest.importorskip("babel", reason="Babel is not installed: only English is spoken")
    assert (words.money(1.2), words.money(250.0), words.money(0.034)) == ("$1.2 bn", "$250 bn", "$34 m")
    with languages.using("zh"):
        assert (words.money(1.2), words.money(250.0), words.money(0.034)) == ("12亿美元", "2,500亿美元", "3,400万美元")
