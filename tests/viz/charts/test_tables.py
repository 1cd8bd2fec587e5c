"""Charts as tables of their numbers."""

import math

from stackcraft.experiments.analyses.finding import Bars, Column, Heat, Lines, Points
from stackcraft.viz.charts.tables import bar_digits, cell, heading, tables_of


def test_years_have_no_comma_and_other_numbers_do():
    assert cell(2045, Column("year", "", 0)) == "2045" and cell(2045, Column("runs", "", 0)) == "2,045"
    assert heading(Column("width", "points")) == "width (points)" and heading(Column("width")) == "width"


def test_narrow_intervals_get_the_digits_that_tell_their_ends_apart():
    assert bar_digits(Bars("t", "", ("a", "b"), (1.0, 2.0), (0.997, 1.998), (1.002, 2.004))) == 3
    assert (
        bar_digits(Bars("t", "", ("a",), (1.0,), (0.5,), (1.5,))) == 2
        and bar_digits(Bars("t", "", ("a",), (1.0,))) == 2
    )
    assert bar_digits(Bars("t", "", ("a", "b", "c"), (1.4, 4.2, 360.0))) == 1
    assert bar_digits(Bars("t", "", ("a",), (1.0,), (1.0 - 1e-7,), (1.0 + 1e-7,))) == 4


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
