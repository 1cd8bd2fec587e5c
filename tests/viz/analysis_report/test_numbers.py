"""Numbers and names as text, and charts as tables."""

import math

import pytest

from stackcraft.experiments.analyses.finding import Bars, Column, Heat, Lines, Points
from stackcraft.viz.analysis_report.numbers import (
    bar_digits,
    cell,
    digits_for,
    heading,
    shorten,
    shown,
    tables_of,
    tick_digits,
    ticks,
    wrap,
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.12345, 3, "0.123"), (1234.5, 1, "1,234.5"), (-0.0001, 2, "0.00"), (-0.06, 1, "-0.1"), (None, 2, "-"), (math.nan, 2, "-"), (math.inf, 2, "no bound"),
        (3, None, "3"), (True, None, "yes"), ("text", 2, "text"), (1e-9, 6, "1.0e-09"), (0.0, 6, "0.000000"), (2.5, None, "2.5"),
    ],
)  # fmt: skip
def test_values_as_text(value, digits, text):
    assert shown(value, digits) == text


def test_years_have_no_comma_and_other_numbers_do():
    assert cell(2045, Column("year", "", 0)) == "2045" and cell(2045, Column("runs", "", 0)) == "2,045"
    assert heading(Column("width", "points")) == "width (points)" and heading(Column("width")) == "width"


def test_three_digits_that_mean_something():
    assert [digits_for([value]) for value in (0.5, 5.0, 50.0, 500.0, 5e6, 0.0005, 0.0)] == [3, 2, 1, 0, 0, 6, 0]
    assert digits_for([math.nan]) == 0


def test_narrow_intervals_get_the_digits_that_tell_their_ends_apart():
    assert bar_digits(Bars("t", "", ("a", "b"), (1.0, 2.0), (0.997, 1.998), (1.002, 2.004))) == 3
    assert (
        bar_digits(Bars("t", "", ("a",), (1.0,), (0.5,), (1.5,))) == 2
        and bar_digits(Bars("t", "", ("a",), (1.0,))) == 2
    )
    assert bar_digits(Bars("t", "", ("a", "b", "c"), (1.4, 4.2, 360.0))) == 1
    assert bar_digits(Bars("t", "", ("a",), (1.0,), (1.0 - 1e-7,), (1.0 + 1e-7,))) == 4


def test_ticks_are_round_and_within_the_axis():
    assert ticks(0.0, 1.0, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(2025, 2045, 4) == [2025, 2030, 2035, 2040, 2045]
    assert tick_digits(ticks(0.0, 0.04, 4)) == 2 and ticks(3.0, 3.0) == [3.0]


def test_long_names_keep_the_end_by_which_they_differ():
    long = "us_government.guarantee=1, us_government.capacity_building="
    assert shorten(long + "0", 30) != shorten(long + "1", 30) and len(shorten(long + "1", 30)) <= 30
    assert wrap("us_government.guarantee=1, us_government.capacity=0", 42, 2) == [
        "us_government.guarantee=1,",
        "us_government.capacity=0",
    ]
    assert all(len(line) <= 20 for line in wrap("x" * 90, 20, 2)) and len(wrap("x" * 90, 20, 2)) == 2
    assert "".join(wrap("abc_def_ghi", 6, 3)) == "abc_def_ghi"


def test_every_chart_has_its_numbers_in_a_table():
    (table,) = tables_of(Bars("t", "share", ("a", "b"), (1.0, 2.0), (0.5, math.nan), (1.5, math.nan)))
    assert table.rows[0] == ("a", 1.0, 0.5, 1.5) and [heading(one) for one in table.columns] == [
        "name",
        "value (share)",
        "low (share)",
        "high (share)",
    ]
    assert len(tables_of(Bars("t", "", ("a",), (1.0,)))[0].columns) == 2
    (table,) = tables_of(Heat("t", "", ("a",), ("b", "c"), ((1.0, 2.0),), ((0, 1),)))
    assert table.rows == (("a", "1.00", "2.00 (framed)"),)
    (table,) = tables_of(
        Lines(
            "t",
            "x",
            "y",
            (1.0, 2.0),
            (("a", (3.0, 4.0)),),
            (("a", (2.0, 3.0), (4.0, 5.0)), ("b", (0.0, 0.0), (1.0, 1.0))),
        )
    )
    assert [column.name for column in table.columns] == [
        "x",
        "a",
        "a, low",
        "a, high",
        "b, low",
        "b, high",
    ] and table.rows[1] == (2.0, 4.0, 3.0, 5.0, 0.0, 1.0)


def test_boxes_are_counted_in_their_table():
    chart = Points(
        "t", "x", "y", (0.1, 0.9, 0.8), (0.1, 0.9, 0.2), (0, 1, 1), ("rest", "wanted"), ((0.5, math.inf, 0.0, 1.0),)
    )
    boxes, every = tables_of(chart)
    assert boxes.rows[0][-2:] == (0, 2) and every.rows[1] == ("wanted", 0.9, 0.9)
