"""Small SVG charts, drawn as text: no library, no script, readable in black and white and by a screen reader.

Colours come from the page (`--us`, `--cn`, `--in`, ...), so one chart serves the light and the dark theme. Colour is
never alone: the US stack has solid lines, round marks and dots, the Chinese stack dashed lines, diamonds and diagonals,
independent vendors dotted lines, squares and plain areas; curves carry their names. `table` gives the same numbers as
an HTML table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

SERVING = ("operating", "renewed", "novated, operating")  # outcomes of deals that serve when the run ends
WAITING = ("pipeline", "novated, not yet operating")
KEYS = {"US": "us", "CN": "cn", "independent": "in"}


@dataclass(frozen=True)
class Curve:
    """One line over the years; `low` and `high` bound its band and may be None. All of shape (years,)."""

    stack: str
    label: str
    middle: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def _share(value: float) -> str:
    return f"{100 * value:.0f}%"


@dataclass(frozen=True)
class Axis:
    """The upright axis of a chart of curves: its ends, what it is marked at, and how marks and last values are written."""

    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.5, 1.0)
    tick: Callable[[float], str] = _share
    last: Callable[[float], str] = _share


@dataclass(frozen=True)
class Dot:
    """One mark in a row of a dot-interval plot; NaN bounds draw no interval. `hollow` marks the first of two states."""

    stack: str
    value: float
    low: float = math.nan
    high: float = math.nan
    label: str = ""
    hollow: bool = False


def patterns() -> Markup:
    """The hatches that charts and maps refer to; once a page."""
    return Markup(
        '<svg width="0" height="0" aria-hidden="true" class="defs"><defs>'
        '<pattern id="hatch-us" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" class="fill-us"/>'
        '<circle cx="2" cy="2" r="1" class="ink"/></pattern>'
        '<pattern id="hatch-cn" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" class="fill-cn"/><rect width="1.5" height="6" class="ink"/></pattern>'
        '<pattern id="hatch-none" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="14" height="14" class="land"/><rect width="4" height="14" class="hatch"/></pattern>'
        "</defs></svg>"
    )


def opening(width: float, height: float, title: str, description: str, kind: str, size: str = "") -> str:
    """The start of a chart's SVG; `size` is CSS for the least and greatest width, where it has any."""
    # title and desc as first children name the image for a screen reader, and need no ids that must differ on a page
    style = f' style="{size}"' if size else ""
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width:g} {height:g}" role="img"{style}>'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    )


def mark(stack: str, x: float, y: float, size: float = 4, hollow: bool = False, note: str = "") -> str:
    """The mark of a stack: a circle, a diamond for China, a square for independent vendors; `hollow` for the first of
    two states.
    """
    kind = f'class="mark {KEYS.get(stack, "grey")}{" hollow" if hollow else ""}"'
    told = f"<title>{escape(note)}</title>" if note else ""
    if stack == "CN":
        d = size * 1.25
        return (
            f'<path {kind} d="M{x:.1f},{y - d:.1f}l{d:.1f},{d:.1f}l{-d:.1f},{d:.1f}l{-d:.1f},{-d:.1f}z">{told}</path>'
        )
    if stack == "independent":
        return f'<rect {kind} x="{x - size * 0.9:.1f}" y="{y - size * 0.9:.1f}" width="{size * 1.8:.1f}" height="{size * 1.8:.1f}">{told}</rect>'
    return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="{size}">{told}</circle>'


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Move label positions apart until neighbours are `least` away, staying within bounds; order is kept."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [places[i] for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + least)
    if moved and moved[-1] > high:
        moved[-1] = high
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - least)
    result = [0.0] * len(places)
    for i, place in zip(order, moved):
        result[i] = max(place, low)
    return result


def curves(
    years: Sequence[int],
    lines: Sequence[Curve],
    title: str,
    description: str,
    width: int = 320,
    height: int = 190,
    axis: Axis = Axis(),
    cursor: int | None = None,
) -> Markup:
    """Shares over time, or differences around a zero line, with interval bands and names at the line ends. Values are
    fractions.

    `cursor` is a year to mark with an upright line. Its group carries `data-years` and `data-year-x`, the places of all
    years in the picture, so that a script can move the line without asking for a new picture.
    """
    left, up, down = 42, 10, 24
    letter = 9.4 if width > 400 else 7.6  # a wide chart is shown small on a phone, with larger letters
    right = 18 + letter * max((len(line.label) + 4 for line in lines), default=4)  # room for the names at the line ends
    x_of = lambda i: left + (width - left - right) * i / max(1, len(years) - 1)  # noqa: E731
    y_of = lambda v: (
        height - down - (height - up - down) * (min(max(v, axis.low), axis.high) - axis.low) / (axis.high - axis.low)
    )
    parts = [opening(width, height, title, description, "curves")]
    for value in axis.ticks:
        y, kind = y_of(value), "zero" if value == 0 and axis.low < 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{left - 5}" y="{y + 3.5:.1f}" text-anchor="end">{axis.tick(value)}</text>')
    for i in sorted({0, (len(years) - 1) // 2, len(years) - 1}):
        anchor = "start" if i == 0 else "end" if i == len(years) - 1 and len(years) > 1 else "middle"
        parts.append(f'<text class="tick" x="{x_of(i):.1f}" y="{height - 7}" text-anchor="{anchor}">{years[i]}</text>')
    for line in lines:
        key = KEYS.get(line.stack, "grey")
        if line.low is not None and line.high is not None:
            above = [f"{x_of(i):.1f},{y_of(v):.1f}" for i, v in enumerate(line.high) if math.isfinite(v)]
            below = [f"{x_of(i):.1f},{y_of(v):.1f}" for i, v in enumerate(line.low) if math.isfinite(v)]
            if above:
                parts.append(f'<polygon class="band {key}" points="{" ".join(above + below[::-1])}"/>')
    for line in lines:
        key = KEYS.get(line.stack, "grey")
        drawn = [f"{x_of(i):.1f},{y_of(v):.1f}" for i, v in enumerate(line.middle) if math.isfinite(v)]
        parts.append(f'<polyline class="line {key}" points="{" ".join(drawn)}"/>')
    if cursor in years:
        at = x_of(list(years).index(cursor))
        places = ",".join(f"{x_of(i):.1f}" for i in range(len(years)))
        parts.append(
            f'<g class="cursor" data-years="{",".join(map(str, years))}" data-year-x="{places}" transform="translate({at:.1f} 0)">'
        )
        parts.append(f'<line x1="0" x2="0" y1="{up}" y2="{height - down}"/></g>')
    ends = [y_of(float(line.middle[-1]) if math.isfinite(line.middle[-1]) else 0.0) for line in lines]
    for line, end, y in zip(lines, ends, apart(ends, max(14, 1.8 * letter), up, height - down)):
        key = KEYS.get(line.stack, "grey")
        last = float(line.middle[-1])
        shown = f" {axis.last(last)}" if math.isfinite(last) else ""
        x = width - right
        if abs(y - end) > 3:
            parts.append(f'<path class="leader {key}" d="M{x + 1},{end:.1f}L{x + 7},{y:.1f}"/>')
        parts.append(f'<text class="name {key}" x="{x + 9}" y="{y + 4:.1f}">{escape(line.label)}{shown}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))


def dot_intervals(
    dots: Sequence[Dot],
    title: str,
    description: str,
    low: float,
    high: float,
    width: int = 260,
    height: int = 0,
    zero: bool = False,
) -> Markup:
    """One row a dot, each with its interval, on a common scale from `low` to `high`; `zero` draws a line at 0."""
    step = 17
    height = height or step * len(dots) + 4
    reach = (high - low) or 1.0
    x_of = lambda v: 8 + (width - 16) * (min(max(v, low), high) - low) / reach  # noqa: E731
    parts = [opening(width, height, title, description, "dots")]
    if zero and low <= 0 <= high:
        parts.append(f'<line class="zero" x1="{x_of(0):.1f}" x2="{x_of(0):.1f}" y1="0" y2="{height}"/>')
    for row, dot in enumerate(dots):
        y = step * row + step / 2 + 2
        parts.append(f'<line class="grid" x1="8" x2="{width - 8}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if not math.isfinite(dot.value):
            continue
        if math.isfinite(dot.low) and math.isfinite(dot.high):
            key = KEYS.get(dot.stack, "grey")
            parts.append(
                f'<line class="whisker {key}" x1="{x_of(dot.low):.1f}" x2="{x_of(dot.high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            )
        parts.append(mark(dot.stack, x_of(dot.value), y, 4.5, dot.hollow, dot.label))
    parts.append("</svg>")
    return Markup("".join(parts))


def believed_and_true(
    rows: Sequence[tuple[str, str, float, float, float, float]], title: str, description: str, top: float
) -> Markup:
    """Rows of (stack, label, believed, 10th and 90th percentile of countries, true): hollow is believed, filled is
    true.
    """
    width, step, left = 560, 34, 196
    height = step * len(rows) + 26
    x_of = lambda v: left + (width - left - 20) * min(max(v, 0.0), top) / top  # noqa: E731
    parts = [opening(width, height, title, description, "beliefs")]
    for i in range(5):
        value = top * i / 4
        x = x_of(value)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{height - 22}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 6}" text-anchor="middle">{100 * value:.0f}%</text>')
    for i, (stack, label, believed, low, high, true) in enumerate(rows):
        y = step * i + step / 2
        key = KEYS.get(stack, "grey")
        parts.append(
            f'<text class="name {key}" x="{left - 10}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        )
        if math.isfinite(low) and math.isfinite(high):
            parts.append(
                f'<line class="whisker {key}" x1="{x_of(low):.1f}" x2="{x_of(high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            )
        if math.isfinite(true):
            parts.append(mark(stack, x_of(true), y, 5.5, False, f"true {100 * true:.1f}% a year"))
        if math.isfinite(believed):
            parts.append(mark(stack, x_of(believed), y, 5.5, True, f"believed {100 * believed:.1f}% a year"))
    parts.append("</svg>")
    return Markup("".join(parts))


def bars(
    rows: Sequence[tuple[str, float]],
    title: str,
    description: str,
    favours: str = "",
    against: str = "",
    stack: str = "",
) -> Markup:
    """Bars to both sides of a line: label and value; right of the line favours `favours`, left of it `against`."""
    width, step, left = 460, 20, 212
    height = step * len(rows) + 22
    reach = max((abs(value) for _, value in rows), default=1.0) or 1.0
    middle = left + (width - left - 34) * 0.42
    room = min(middle - left - 34, width - 40 - middle)
    parts = [opening(width, height, title, description, "bars")]
    if against:
        parts.append(f'<text class="tick" x="{middle - 6:.1f}" y="11" text-anchor="end">{escape(against)}</text>')
    if favours:
        parts.append(f'<text class="tick" x="{middle + 6:.1f}" y="11">{escape(favours)}</text>')
    for i, (label, value) in enumerate(rows):
        y = 18 + step * i
        size = room * abs(value) / reach
        x = middle if value >= 0 else middle - size
        kind = KEYS.get(stack, "grey") if value >= 0 else "grey"
        parts.append(f'<text class="label" x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>')
        parts.append(
            f'<rect class="bar {kind}" x="{x:.1f}" y="{y + 3}" width="{max(size, 1):.1f}" height="{step - 7}"/>'
        )
        at, anchor = (middle + size + 4, "start") if value >= 0 else (middle - size - 4, "end")
        parts.append(f'<text class="tick" x="{at:.1f}" y="{y + 13}" text-anchor="{anchor}">{value:+.2f}</text>')
    parts.append(f'<line class="zero" x1="{middle:.1f}" x2="{middle:.1f}" y1="16" y2="{height - 2}"/></svg>')
    return Markup("".join(parts))


def lifecycle(
    parts_of: Sequence[tuple[str, float]], title: str, description: str, stack: str, width: int = 1100
) -> Markup:
    """A strip of what became of deals: (outcome, number) in order; widths are shares of the whole."""
    whole = sum(number for _, number in parts_of) or 1.0
    key = KEYS.get(stack, "grey")
    height, bar = 46, 22
    parts = [opening(width, height, title, description, "strip")]
    x = 0.0
    free = 0.0  # where the next label may start: narrow parts go unnamed here and are named in the table
    for i, (label, number) in enumerate(parts_of):
        size = width * number / whole
        if number <= 0:
            continue
        kind = f"kept {key}" if label in SERVING else "waiting" if label in WAITING else "lost"
        parts.append(
            f'<rect class="part {kind} p{i}" x="{x:.1f}" y="0" width="{max(size - 1.5, 0.5):.1f}" height="{bar}">'
        )
        parts.append(f"<title>{escape(label)}: {number:,.0f} of {whole:,.0f}</title></rect>")
        text = f"{label} {100 * number / whole:.0f}%"
        if x >= free and size > 7 * len(text):
            parts.append(f'<text class="tick" x="{x + 1:.1f}" y="{bar + 15}">{escape(text)}</text>')
            free = x + 7 * len(text) + 6
        x += size
    parts.append("</svg>")
    return Markup("".join(parts))


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    caption: str,
    shown: Callable[[object], str] = str,
    kind: str = "numbers",
) -> Markup:
    """The same numbers as an HTML table; the first cell of a row is its header, text is escaped."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(shown(value))}</td>" for value in row[1:])
        + "</tr>"
        for row in rows
    )
    return Markup(
        f'<table class="{kind}"><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'
    )
