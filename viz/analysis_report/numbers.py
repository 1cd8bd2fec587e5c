"""Numbers as they are shown, and every chart as a table of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from stackcraft.experiments.analyses.finding import Bars, Chart, Column, Heat, Lines, Points, Table

LETTER = 6.5  # how wide a letter of a chart is, in the chart's own units
MOST_POINTS_IN_TABLE = 200
NOTHING = "-"


def digits_for(values: Iterable[float], meaningful: int = 3) -> int:
    """How many digits after the point show the largest of `values` with `meaningful` digits; 0 to 8."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest <= 0:
        return 0
    return min(8, max(0, meaningful - 1 - math.floor(math.log10(largest))))


def shown(value: Any, digits: int | None = None, plain: bool = False) -> str:
    """One value as text: numbers with `digits` after the point, in groups of thousands unless `plain`; nothing is "-"."""
    if value is None:
        return NOTHING
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and digits is None:
        return str(value)
    if not isinstance(value, (int, float)):
        return str(value)
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else "no bound"
    if digits is None:
        return f"{value:.4g}"
    if value and abs(value) < 0.5 * 10.0**-digits and digits >= 6:
        return f"{value:.1e}"  # smaller than any digit shown, yet not nothing
    text = f"{value:.{digits}f}" if plain else f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text  # never "-0.0"


def cell(value: Any, column: Column) -> str:
    """One cell of a table as text; years are written without a comma."""
    return shown(value, column.digits, plain=is_year(column.name) or is_year(column.unit))


def is_year(name: str) -> bool:
    return "year" in name.lower().split()


def heading(column: Column) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def shorten(text: str, most: int) -> str:
    """At most `most` letters: the start, "…" and the end, because names of rows often differ only there."""
    if len(text) <= most:
        return text
    start = (most - 1) // 3
    return text[:start].rstrip() + "…" + text[len(text) - max(0, most - 1 - start) :].lstrip()


def wrap(text: str, most: int, lines: int) -> list[str]:
    """`text` over at most `lines` lines of at most `most` letters, broken at spaces, hyphens and underscores where it
    can be.
    """
    found, rest = [], shorten(text.strip(), most * lines)
    while rest and len(found) < lines - 1 and len(rest) > most:
        places = (max(rest.rfind(mark, 0, most) + 1 for mark in marks) for marks in (" ", "-_,=+."))
        cut = next((place for place in places if place > most // 3), most)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, shorten(rest, most)]


def ticks(low: float, high: float, number: int = 5) -> list[float]:
    """Round places along an axis from `low` to `high`, about `number` of them."""
    reach = high - low
    if not (math.isfinite(reach) and reach > 0):
        return [low]
    rough = reach / max(1, number)
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * min((one for one in (1, 2, 5, 10) if one * size >= rough * 0.999), default=10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def tick_digits(places: Sequence[float]) -> int:
    """Digits after the point that tell ticks apart."""
    step = min((b - a for a, b in zip(places, places[1:])), default=0.0)
    return min(8, max(0, -math.floor(math.log10(step) + 1e-9))) if step > 0 else digits_for(places)


def interval(low: float, high: float, digits: int) -> str:
    """ "0.41 to 0.63", or nothing where either bound is missing."""
    return f"{shown(low, digits)} to {shown(high, digits)}" if math.isfinite(low) and math.isfinite(high) else ""


def bounds(chart: Bars) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Low and high of every bar; NaN where a bar has none."""
    none = (math.nan,) * len(chart.values)
    return chart.low or none, chart.high or none


def bar_digits(chart: Bars) -> int:
    """Digits that show the values, one more where most are small, two where intervals are narrower than those would
    tell.
    """
    low, high = bounds(chart)
    digits = digits_for((*chart.values, *low, *high))
    sizes = sorted(abs(value) for value in chart.values if math.isfinite(value))
    digits = max(digits, min(digits_for([sizes[len(sizes) // 2]], 2), digits + 1)) if sizes else digits
    widths = sorted(b - a for a, b in zip(low, high) if b > a)
    return min(8, max(digits, min(digits_for([widths[len(widths) // 2]], 1), digits + 2))) if widths else digits


def tables_of(chart: Chart) -> tuple[Table, ...]:
    """The numbers of a chart as one table or more."""
    return _TABLES[type(chart)](chart)


def _bars(chart: Bars) -> tuple[Table, ...]:
    low, high = bounds(chart)
    digits = bar_digits(chart)
    columns = [Column("name"), Column("value", chart.unit, digits)]
    rows: list[tuple[Any, ...]] = list(zip(chart.labels, chart.values))
    if any(math.isfinite(value) for value in (*low, *high)):
        columns += [Column("low", chart.unit, digits), Column("high", chart.unit, digits)]
        rows = list(zip(chart.labels, chart.values, low, high))
    return (Table(chart.title, tuple(columns), tuple(rows)),)


def _heat(chart: Heat) -> tuple[Table, ...]:
    digits = digits_for(value for row in chart.values for value in row)
    framed = set(chart.marked)
    rows = tuple(
        (name, *(shown(value, digits) + (" (framed)" if (r, c) in framed else "") for c, value in enumerate(row)))
        for r, (name, row) in enumerate(zip(chart.rows, chart.values))
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
            chart.title, tuple(columns), tuple(zip(*series)), f"Columns in {chart.y_title}." if chart.y_title else ""
        ),
    )


def _points(chart: Points) -> tuple[Table, ...]:
    kinds = chart.kind or (0,) * len(chart.x)
    x_digits, y_digits = digits_for(chart.x), digits_for(chart.y)
    axes = (Column(chart.x_title, digits=x_digits), Column(chart.y_title, digits=y_digits))
    tables = []
    if chart.boxes:
        columns = (
            Column("box"), Column(f"{chart.x_title}, from", digits=x_digits), Column("to", digits=x_digits),
            Column(f"{chart.y_title}, from", digits=y_digits), Column("to", digits=y_digits),
            *(Column(f"{name or f'kind {number + 1}'} inside", digits=0) for number, name in enumerate(chart.kinds)),
        )  # fmt: skip
        rows = []
        for number, box in enumerate(chart.boxes):
            inside = [
                kind for x, y, kind in zip(chart.x, chart.y, kinds) if box[0] <= x <= box[1] and box[2] <= y <= box[3]
            ]
            rows.append((f"box {number + 1}", *box, inside.count(0), inside.count(1)))
        tables.append(Table(f"{chart.title}: boxes", columns, tuple(rows)))
    rows = [(chart.kinds[kind] or NOTHING, x, y) for kind, x, y in zip(kinds, chart.x, chart.y)]
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
