"""The numbers of a chart of a finding as tables, and how their cells and headings are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from stackcraft.experiments.analyses.finding import Bars, Chart, Column, Heat, Lines, Points, Table
from stackcraft.viz.words.numbers import NOTHING, digits_for, is_year, shown

MOST_POINTS_IN_TABLE = 200


def bounds(chart: Bars) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the low and the high end of every bar's interval; NaN where a bar has none."""
    none = (math.nan,) * len(chart.values)
    return chart.low or none, chart.high or none


def bar_digits(chart: Bars) -> int:
    """Return the digits that show the values, one more where most are small, up to two where intervals are narrow."""
    low, high = bounds(chart)
    digits = digits_for((*chart.values, *low, *high))
    sizes = sorted(abs(value) for value in chart.values if math.isfinite(value))
    digits = max(digits, min(digits_for([sizes[len(sizes) // 2]], 2), digits + 1)) if sizes else digits
    widths = sorted(b - a for a, b in zip(low, high, strict=True) if b > a)
    return min(8, max(digits, min(digits_for([widths[len(widths) // 2]], 1), digits + 2))) if widths else digits


def cell(value: Any, column: Column) -> str:
    """Return a cell of a table as text; years are written without a comma."""
    return shown(value, column.digits, plain=is_year(column.name) or is_year(column.unit))


def heading(column: Column) -> str:
    """Return the name of a column with its unit."""
    return f"{column.name} ({column.unit})" if column.unit else column.name


def tables_of(chart: Chart) -> tuple[Table, ...]:
    """Return the numbers of a chart as one table or more."""
    return _TABLES[type(chart)](chart)


def _bars(chart: Bars) -> tuple[Table, ...]:
    low, high = bounds(chart)
    digits = bar_digits(chart)
    columns = [Column("name"), Column("value", chart.unit, digits)]
    rows: list[tuple[Any, ...]] = list(zip(chart.labels, chart.values, strict=True))
    if any(math.isfinite(value) for value in (*low, *high)):
        columns += [Column("low", chart.unit, digits), Column("high", chart.unit, digits)]
        rows = list(zip(chart.labels, chart.values, low, high, strict=True))
    return (Table(chart.title, tuple(columns), tuple(rows)),)


def _heat(chart: Heat) -> tuple[Table, ...]:
    digits = digits_for(value for row in chart.values for value in row)
    framed = set(chart.marked)
    rows = tuple(
        (name, *(shown(value, digits) + (" (framed)" if (r, c) in framed else "") for c, value in enumerate(row)))
        for r, (name, row) in enumerate(zip(chart.rows, chart.values, strict=True))
    )
    columns = (
        Column(f"in {chart.unit}" if chart.unit else ""),
        *(Column(name, digits=digits) for name in chart.columns),
    )
    return (Table(chart.title, columns, rows),)


def _lines(chart: Lines) -> tuple[Table, ...]:
    digits = digits_for(value for _, values in chart.curves for value in values)
    bands = {name: (low, high) for name, low, high in chart.bands}
    columns, series = [Column(chart.x_title, digits=_whole_digits(chart.x))], [chart.x]
    for name, values in chart.curves:
        columns.append(Column(name, digits=digits))
        series.append(values)
        if name in bands:
            columns += [Column(f"{name}, low", digits=digits), Column(f"{name}, high", digits=digits)]
            series += bands[name]
    for name, (low, high) in bands.items():  # a band without a curve of its name
        if name not in {curve for curve, _ in chart.curves}:
            columns += [Column(f"{name}, low", digits=digits), Column(f"{name}, high", digits=digits)]
            series += (low, high)
    return (
        Table(
            chart.title,
            tuple(columns),
            tuple(zip(*series, strict=True)),
            f"Columns in {chart.y_title}." if chart.y_title else "",
        ),
    )


def _points(chart: Points) -> tuple[Table, ...]:
    kinds = chart.kind or (0,) * len(chart.x)
    x_digits, y_digits = digits_for(chart.x), digits_for(chart.y)
    axes = (Column(chart.x_title, digits=x_digits), Column(chart.y_title, digits=y_digits))
    tables = []
    if chart.boxes:
        columns = (
            Column("box"),
            Column(f"{chart.x_title}, from", digits=x_digits),
            Column("to", digits=x_digits),
            Column(f"{chart.y_title}, from", digits=y_digits),
            Column("to", digits=y_digits),
            *(Column(f"{name or f'kind {number + 1}'} inside", digits=0) for number, name in enumerate(chart.kinds)),
        )
        rows = []
        for number, box in enumerate(chart.boxes):
            inside = [
                kind
                for x, y, kind in zip(chart.x, chart.y, kinds, strict=True)
                if box[0] <= x <= box[1] and box[2] <= y <= box[3]
            ]
            rows.append((f"box {number + 1}", *box, inside.count(0), inside.count(1)))
        tables.append(Table(f"{chart.title}: boxes", columns, tuple(rows)))
    rows = [(chart.kinds[kind] or NOTHING, x, y) for kind, x, y in zip(kinds, chart.x, chart.y, strict=True)]
    note = (
        f"The first {MOST_POINTS_IN_TABLE} of {len(rows):,} points; --json gives all."
        if len(rows) > MOST_POINTS_IN_TABLE
        else ""
    )
    tables.append(Table(chart.title, (Column("kind"), *axes), tuple(rows[:MOST_POINTS_IN_TABLE]), note))
    return tuple(tables)


def _whole_digits(values: Sequence[float]) -> int:
    if all(not math.isfinite(value) or value == round(value) for value in values):
        return 0
    return digits_for(values)


_TABLES = {Bars: _bars, Heat: _heat, Lines: _lines, Points: _points}
