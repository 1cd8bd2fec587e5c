"""Bars with intervals, and matrices of framed cells, as SVG text."""

from __future__ import annotations

import math

from markupsafe import Markup, escape

from stackcraft.experiments.analyses.finding import Bars, Heat
from stackcraft.viz.analysis_report.numbers import (
    LETTER,
    bar_digits,
    bounds,
    digits_for,
    interval,
    shorten,
    shown,
    tick_digits,
    ticks,
    wrap,
)
from stackcraft.viz.charts.kit import opening

WIDE, NARROW = 760, 340  # for a page and for a phone; a chart is drawn for both
PHONE = 480
MANY_BARS = 24  # with more, the scale stands above them too
LEVELS = 4  # shades of a cell, beside white
LEAST_CELL = 15
LONGEST = 42  # letters of a line of a label; longer ones take two, beside bars three


def bars(chart: Bars, width: int = WIDE) -> Markup:
    """A bar a label, from zero, with its interval as a whisker. On a narrow page the label stands above its bar."""
    narrow = width < PHONE
    low, high = bounds(chart)
    finite = [value for value in (*chart.values, *low, *high) if math.isfinite(value)]
    digits = bar_digits(chart)
    told = [
        shown(value, digits) + (f" ({between})" if (between := interval(a, b, digits)) else "")
        for value, a, b in zip(chart.values, low, high)
    ]
    start, end = min([0.0, *finite]), max([0.0, *finite])
    end = end if end > start else start + 1.0
    most = int((width - 16) / LETTER) if narrow else LONGEST
    names = [wrap(label, most, 3) for label in chart.labels]
    left = 8 if narrow else 14 + LETTER * max((len(line) for name in names for line in name), default=0)
    right = 12 + LETTER * max((len(text) for text in told), default=0)
    x_of = lambda value: left + (width - left - right) * (value - start) / (end - start)  # noqa: E731
    deep = max((len(name) for name in names), default=1)
    step, thick = (24 + 14 * deep, 14) if narrow else (8 + 13 * deep, 13)
    many = len(chart.labels) > MANY_BARS
    top, bottom = 20 if many else 6, 36 if chart.unit else 22
    height = top + step * len(chart.labels) + bottom
    parts = [opening(width, height, chart.title, _bars_words(chart, told), "finding-bars", f"max-width:{width}px")]
    places = ticks(start, end, 3 if narrow else 5)
    for place in places:
        x, text = x_of(place), shown(place, tick_digits(places))
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 2}" y2="{height - bottom + 2}"/>')
        for y in (height - bottom + 16, *((13,) if many else ())):
            parts.append(f'<text class="tick" x="{x:.1f}" y="{y}" text-anchor="middle">{text}</text>')
    if chart.unit:
        middle = x_of(0.5 * (start + end))
        parts.append(
            f'<text class="tick" x="{middle:.1f}" y="{height - 5}" text-anchor="middle">{escape(shorten(chart.unit, most))}</text>'
        )
    parts.append(
        f'<line class="zero" x1="{x_of(0):.1f}" x2="{x_of(0):.1f}" y1="{top - 2}" y2="{height - bottom + 2}"/>'
    )
    for row, (label, name, value, a, b, text) in enumerate(zip(chart.labels, names, chart.values, low, high, told)):
        up = top + step * row + (4 + 14 * deep if narrow else (step - thick) / 2)
        base = up + thick / 2
        parts.append(f"<g><title>{escape(label)}: {escape(text)}</title>")
        if narrow:
            parts.append(_words_at(name, left, up - 5 - 13 * (len(name) - 1), "start"))
        else:
            parts.append(_words_at(name, left - 8, base + 4 - 6.5 * (len(name) - 1), "end"))
        if math.isfinite(value):
            x, size = min(x_of(0), x_of(value)), abs(x_of(value) - x_of(0))
            parts.append(
                f'<rect class="plot-bar" x="{x:.1f}" y="{up:.1f}" width="{max(size, 1):.1f}" height="{thick}"/>'
            )
        if math.isfinite(a) and math.isfinite(b):
            x1, x2 = x_of(a), x_of(b)
            caps = f"M{x1:.1f},{base - 4:.1f}v8M{x2:.1f},{base - 4:.1f}v8M{x1:.1f},{base:.1f}H{x2:.1f}"
            parts.append(f'<path class="interval" d="{caps}"/>')
        parts.append(
            f'<text class="tick value" x="{width - 4}" y="{base + 4:.1f}" text-anchor="end">{escape(text)}</text></g>'
        )
    return Markup("".join([*parts, "</svg>"]))


def _words_at(lines: list[str], x: float, y: float, anchor: str) -> str:
    """A label of one line or more, the first at height `y`."""
    return "".join(
        f'<text class="label" x="{x:.1f}" y="{y + 13 * i:.1f}" text-anchor="{anchor}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def _bars_words(chart: Bars, told: list[str]) -> str:
    known = [i for i, value in enumerate(chart.values) if math.isfinite(value)]
    if not known:
        return f"{len(chart.values)} bars, none with a value."
    most, least = max(known, key=lambda i: chart.values[i]), min(known, key=lambda i: chart.values[i])
    unit = f" in {chart.unit}" if chart.unit else ""
    text = f"{len(chart.values)} {'bar' if len(chart.values) == 1 else 'bars'}{unit}. Largest: {chart.labels[most]}, {told[most]}."
    return text + (f" Smallest: {chart.labels[least]}, {told[least]}." if least != most else "")


def heat(chart: Heat, width: int = WIDE) -> Markup:
    """A matrix of shaded cells with their values; marked cells are framed.

    Shade says how far a value is from zero where the values lie on both sides of it (those below are hatched),
    otherwise how far up from the least. On a narrow page rows and columns are numbered and a key below names them.
    """
    narrow = width < PHONE
    number, across = len(chart.rows), len(chart.columns)
    finite = [value for row in chart.values for value in row if math.isfinite(value)]
    digits = min(digits_for(finite, 2 if narrow else 3), 4)
    texts = [[shown(value, digits) for value in row] for row in chart.values]
    letters = max((len(text) for row in texts for text in row), default=1)
    need = 5.6 * letters + 4 if narrow else LETTER * letters + 12
    names = [[str(i + 1)] if narrow else wrap(name, LONGEST, 2) for i, name in enumerate(chart.rows)]
    left = 26.0 if narrow else 14 + LETTER * max((len(line) for name in names for line in name), default=0)
    room = (width - left - 6) / max(1, across)
    valued = room >= need or (across <= 14 and not narrow)
    size = max(min(room, 96), need) if valued else max(room, LEAST_CELL)
    flat_rows = all(len(name) == 1 for name in names)
    tall = max(28.0, min(34.0, size)) if valued else min(max(size, LEAST_CELL if flat_rows else 28.0), 28.0)
    flat = narrow or all(LETTER * len(name) <= size - 6 for name in chart.columns)
    heads = (
        [[str(i + 1)] for i in range(across)]
        if narrow
        else [[name] if flat else wrap(name, 23, 2) for name in chart.columns]
    )
    slant = 0 if flat else max(LETTER * len(line) for head in heads for line in head)
    top = 20 if flat else 0.72 * slant + 16
    key = _key_lines(chart, width) if narrow else []
    full = max(left + size * across + 6 + 0.72 * slant, float(width if narrow else 300))
    below = top + tall * number
    height = below + 44 + (15 * len(key) + 8 if key else 0)
    style = f"max-width:{full:.0f}px;min-width:{min(full, max(width, 0.86 * full)) if full > width else 0:.0f}px"
    parts = [
        opening(
            round(full, 1),
            round(height, 1),
            chart.title,
            _heat_words(chart, digits),
            "finding-heat small" if narrow else "finding-heat",
            style,
        )
    ]
    for column, head in enumerate(heads):
        x = left + size * (column + 0.5)
        if flat:
            parts.append(
                f'<text class="label" x="{x:.1f}" y="{top - 6:.1f}" text-anchor="middle">{escape(head[0])}</text>'
            )
            continue
        for line, text in enumerate(head):
            place = f"translate({x + 14 * line - 5 * (len(head) - 1):.1f} {top - 6:.1f}) rotate(-45)"
            parts.append(f'<text class="label" transform="{place}">{escape(text)}</text>')
    shade = shading(finite)
    framed = []
    for row, name in enumerate(chart.rows):
        y = top + tall * row
        parts.append(_words_at(names[row], left - 6, y + tall / 2 + 4 - 6.5 * (len(names[row]) - 1), "end"))
        for column, other in enumerate(chart.columns):
            x, value = left + size * column, chart.values[row][column]
            level = shade(value)
            kind = "none" if level is None else f"h{abs(level)}"
            told = f"{name}, {other}: {texts[row][column]}{', framed' if (row, column) in chart.marked else ''}"
            box = f'x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{size - 1:.1f}" height="{tall - 1:.1f}"'
            parts.append(
                f'<g><title>{escape(told)}</title><rect class="cell {kind}{" below" if level is not None and level < 0 else ""}" {box}/>'
            )
            if level is not None and level < 0:
                parts.append(f'<rect class="below-lines" {box}/>')
            if valued:
                ink = " on-dark" if level is not None and abs(level) > 2 else ""
                parts.append(
                    f'<text class="in-cell{ink}" x="{x + size / 2:.1f}" y="{y + tall / 2 + 4:.1f}" text-anchor="middle">{texts[row][column]}</text>'
                )
            parts.append("</g>")
            if (row, column) in chart.marked:
                framed.append(
                    f'<rect class="frame" x="{x + 1.5:.1f}" y="{y + 1.5:.1f}" width="{size - 3:.1f}" height="{tall - 3:.1f}"/>'
                )
    parts += framed
    parts.append(_scale(finite, digits, chart.unit, left, below + 12, bool(framed and chart.note and not narrow)))
    for line, text in enumerate(key):
        parts.append(f'<text class="label" x="8" y="{below + 62 + 15 * line:.1f}">{escape(text)}</text>')
    return Markup("".join([*parts, "</svg>"]))


def shading(values: list[float]):
    """A function from a value to its shade, -4 to 4; None for what is missing."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    both = low < 0 < high
    reach = max(-low, high) if both else high - low

    def level(value: float) -> int | None:
        if not math.isfinite(value):
            return None
        if reach <= 0:
            return 0
        if both:
            return int(math.copysign(round(LEVELS * abs(value) / reach), value))
        return min(LEVELS, int((LEVELS + 1) * (value - low) / reach))

    return level


def _scale(values: list[float], digits: int, unit: str, left: float, y: float, framed: bool) -> str:
    """Which shade means what: the least and the greatest value with the shades between them."""
    if not values:
        return ""
    low, high = min(values), max(values)
    level = shading(values)
    steps = sorted({level(low + (high - low) * i / 40) for i in range(41)})
    text = shown(low, digits)
    x = left + LETTER * len(text) + 5
    parts = [f'<text class="tick" x="{left:.1f}" y="{y + 11:.1f}">{text}</text>']
    for step in steps:
        box = f'x="{x:.1f}" y="{y:.1f}" width="17" height="13"'
        parts.append(
            f'<rect class="cell h{abs(step)}{" below" if step < 0 else ""}" {box}/>'
            + (f'<rect class="below-lines" {box}/>' if step < 0 else "")
        )
        x += 18
    words = f"{shown(high, digits)} {unit}".strip() + ("; framed: see the note" if framed else "")
    parts.append(f'<text class="tick" x="{x + 4:.1f}" y="{y + 11:.1f}">{escape(words)}</text>')
    return "".join(parts)


def _key_lines(chart: Heat, width: int) -> list[str]:
    most = int((width - 40) / LETTER)
    names = (
        [("Rows and columns", chart.rows)]
        if chart.rows == chart.columns
        else [("Rows", chart.rows), ("Columns", chart.columns)]
    )
    return [
        line
        for title, labels in names
        for line in (
            f"{title}:",
            *(line for i, name in enumerate(labels) for line in wrap(f"{i + 1}  {name}", most, 2)),
        )
    ]


def _heat_words(chart: Heat, digits: int) -> str:
    found = [(value, r, c) for r, row in enumerate(chart.values) for c, value in enumerate(row) if math.isfinite(value)]
    size = f"{len(chart.rows)} rows by {len(chart.columns)} columns"
    if not found:
        return f"{size}, no values."
    told = lambda one: f"{shown(one[0], digits)} at {chart.rows[one[1]]}, {chart.columns[one[2]]}"  # noqa: E731
    text = (
        f"{size}{f', in {chart.unit}' if chart.unit else ''}. Greatest: {told(max(found))}. Least: {told(min(found))}."
    )
    if chart.marked:
        text += " Framed: " + "; ".join(f"{chart.rows[r]}, {chart.columns[c]}" for r, c in chart.marked) + "."
    return text
