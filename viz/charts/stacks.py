"""Charts that compare the stacks: curves over years, dots with intervals, bars around a line, strips of outcomes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from stackcraft.viz.charts.kit import Picture, Scale, finite, key_of, shape

SERVING = ("operating", "renewed", "novated, operating")  # outcomes of deals that serve when the run ends
WAITING = ("pipeline", "novated, not yet operating")


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
    """The upright axis of a chart of curves: its ends, its ticks, and how ticks and last values are written."""

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


def curves(
    years: Sequence[int],
    lines: Sequence[Curve],
    title: str,
    description: str,
    size: tuple[int, int] = (320, 190),
    axis: Axis = Axis(),
    cursor: int | None = None,
) -> Markup:
    """Draw shares over time, or differences around a zero line, with interval bands and names at the line ends.

    Values are fractions. `cursor` is a year to mark with an upright line. Its group carries `data-years` and
    `data-year-x`, the places of all years in the picture, so that a script can move the line without a new picture.
    """
    width, left, top, foot = size[0], 42, 10, size[1] - 24
    letter = 9.4 if width > 400 else 7.6  # a wide chart is shown small on a phone, with larger letters
    end = width - 18 - letter * max((len(line.label) + 4 for line in lines), default=4)  # room for names at line ends
    x_of = Scale(0, max(1, len(years) - 1), left, end)
    y_of = Scale(axis.low, axis.high, foot, top, clipped=True)
    picture = Picture(size, title, description, "curves")
    picture.y_axis(y_of, axis.ticks, axis.tick, (left, end))
    picture.years(x_of, years, (0, (len(years) - 1) // 2, len(years) - 1))
    for line in lines:
        if line.low is not None and line.high is not None:
            above, below = finite(x_of, y_of, line.high), finite(x_of, y_of, line.low)
            picture.band(f"band {key_of(line.stack)}", above, below)
    for line in lines:
        picture.curve(f"line {key_of(line.stack)}", finite(x_of, y_of, line.middle))
    if cursor in years:
        at, places = x_of(list(years).index(cursor)), ",".join(f"{x_of(i):.1f}" for i in range(len(years)))
        picture.add(
            f'<g class="cursor" data-years="{",".join(map(str, years))}" data-year-x="{places}" '
            f'transform="translate({at:.1f} 0)">',
            shape("line", "", x1=0, x2=0, y1=top, y2=foot) + "</g>",
        )
    named = []
    for line in lines:
        last = float(line.middle[-1])
        words = f"{line.label} {axis.last(last)}" if math.isfinite(last) else line.label
        named.append((line.stack, words, y_of(last if math.isfinite(last) else 0.0)))
    picture.names(named, end, max(14, 1.8 * letter), (top, foot))
    return picture.svg()


def dot_intervals(
    dots: Sequence[Dot], title: str, description: str, bounds: tuple[float, float], width: int = 260, zero: bool = False
) -> Markup:
    """Draw a row for each dot, with its interval, on a common scale over `bounds`; `zero` draws a line at 0."""
    step = 17
    x_of = Scale(*bounds, 8, width - 8, clipped=True)
    picture = Picture((width, step * len(dots) + 4), title, description, "dots")
    if zero and bounds[0] <= 0 <= bounds[1]:
        picture.upright("zero", x_of(0), 0, picture.height)
    for row, dot in enumerate(dots):
        y = step * row + step / 2 + 2
        picture.level("grid", y, 8, width - 8)
        if math.isfinite(dot.value):
            picture.whisker(dot.stack, x_of, dot.low, dot.high, y)
            picture.mark(dot.stack, x_of(dot.value), y, 4.5, dot.hollow, dot.label)
    return picture.svg()


def believed_and_true(
    rows: Sequence[tuple[str, str, float, float, float, float]], title: str, description: str, top: float
) -> Markup:
    """Draw rows of (stack, label, believed, 10th and 90th percentile of countries, true): hollow is what is believed."""
    width, step, left = 560, 34, 196
    picture = Picture((width, step * len(rows) + 26), title, description, "beliefs")
    x_of = Scale(0, top, left, width - 20, clipped=True)
    picture.x_axis(x_of, [top * i / 4 for i in range(5)], _share, (2, picture.height - 22))
    for i, (stack, label, believed, low, high, true) in enumerate(rows):
        y = step * i + step / 2
        picture.text(left - 10, y + 4, label, f"name {key_of(stack)}", "end")
        picture.whisker(stack, x_of, low, high, y)
        for value, hollow, word in ((true, False, "true"), (believed, True, "believed")):
            if math.isfinite(value):
                picture.mark(stack, x_of(value), y, 5.5, hollow, f"{word} {100 * value:.1f}% a year")
    return picture.svg()


def bars(
    rows: Sequence[tuple[str, float]],
    title: str,
    description: str,
    favours: str = "",
    against: str = "",
    stack: str = "",
) -> Markup:
    """Draw bars to both sides of a line: label and value; right of the line favours `favours`, left of it `against`."""
    width, step, left = 460, 20, 212
    picture = Picture((width, step * len(rows) + 22), title, description, "bars")
    reach = max((abs(value) for _, value in rows), default=1.0) or 1.0
    middle = left + (width - left - 34) * 0.42
    x_of = Scale(0, reach, middle, middle + min(middle - left - 34, width - 40 - middle))
    if against:
        picture.text(middle - 6, 11, against, "tick", "end")
    if favours:
        picture.text(middle + 6, 11, favours)
    for i, (label, value) in enumerate(rows):
        y, x, side = 18 + step * i, x_of(value), 1 if value >= 0 else -1
        picture.text(left - 8, y + 13, label, "label", "end")
        picture.bar(f"bar {key_of(stack) if value >= 0 else 'grey'}", (middle, x), y + 3, step - 7)
        picture.text(x + 4 * side, y + 13, f"{value:+.2f}", "tick", "start" if value >= 0 else "end")
    picture.upright("zero", middle, 16, picture.height - 2)
    return picture.svg()


def lifecycle(
    outcomes: Sequence[tuple[str, float]], title: str, description: str, stack: str, width: int = 1100
) -> Markup:
    """Draw a strip of what became of deals: (outcome, number) in order; widths are shares of the whole."""
    whole = sum(number for _, number in outcomes) or 1.0
    bar, x = 22, 0.0
    picture = Picture((width, 46), title, description, "strip")
    free = 0.0  # where the next label may start: narrow parts go unnamed here and are named in the table
    for i, (label, number) in enumerate(outcomes):
        size = width * number / whole
        if number <= 0:
            continue
        kind = f"kept {key_of(stack)}" if label in SERVING else "waiting" if label in WAITING else "lost"
        note = f"{label}: {number:,.0f} of {whole:,.0f}"
        picture.box(f"part {kind} p{i}", x, 0, (max(size - 1.5, 0.5), bar), note)
        words = f"{label} {100 * number / whole:.0f}%"
        if x >= free and size > 7 * len(words):
            picture.text(x + 1, bar + 15, words)
            free = x + 7 * len(words) + 6
        x += size
    return picture.svg()
