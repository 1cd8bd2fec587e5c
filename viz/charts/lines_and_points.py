"""Curves with bands, and clouds of points with boxes, as SVG text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from stackcraft.experiments.analyses.finding import Lines, Points
from stackcraft.viz.analysis_report.numbers import LETTER, digits_for, is_year, shorten, shown, tick_digits, ticks
from stackcraft.viz.charts.bars_and_heat import PHONE, WIDE
from stackcraft.viz.charts.kit import apart, opening

STYLES = 6  # curves differ by colour, dash and mark, the seventh on by hollow marks and thin lines; see findings.css
MARKS_ON_A_LINE = 5
MOST_POINTS = 8000  # marks drawn of one kind; points that fall on the same place are drawn once
LONGEST_END = 26  # longer names of curves stand below the chart


@dataclass(frozen=True)
class Axes:
    """A frame with scales: where a value lies, in units of the chart. `logarithmic` is of the horizontal axis only."""

    left: float
    right: float
    top: float
    bottom: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    logarithmic: bool = False

    def x(self, value: float) -> float:
        low, high, value = (
            (math.log(one) for one in (self.x_low, self.x_high, max(value, self.x_low / 10)))
            if self.logarithmic
            else (self.x_low, self.x_high, value)
        )
        return self.left + (self.right - self.left) * (value - low) / (high - low)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.y_low) / (self.y_high - self.y_low)

    def draw(self, x_title: str, y_title: str, x_places: Sequence[float]) -> str:
        """Grid, ticks and titles; the title of the vertical axis stands above it, where it can be read without turning."""
        parts = [f'<text class="tick" x="6" y="13">{escape(shorten(y_title, int((self.right - 6) / LETTER)))}</text>']
        y_places = ticks(self.y_low, self.y_high, 5)
        for value in y_places:
            y = self.y(value)
            parts.append(f'<line class="grid" x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(
                f'<text class="tick" x="{self.left - 9:.1f}" y="{y + 4:.1f}" text-anchor="end">{shown(value, tick_digits(y_places))}</text>'
            )
        digits = digits_for(x_places) if self.logarithmic else tick_digits(x_places)
        if all(value == round(value) for value in x_places):
            digits = 0
        for value in x_places:
            x = self.x(value)
            text = shown(value, digits, plain=is_year(x_title))
            parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{self.top:.1f}" y2="{self.bottom:.1f}"/>')
            parts.append(
                f'<text class="tick" x="{x:.1f}" y="{self.bottom + 16:.1f}" text-anchor="middle">{text}</text>'
            )
        words = f"{x_title}, each step a multiple" if self.logarithmic else x_title
        middle = 0.5 * (self.left + self.right)
        title = escape(shorten(words, int((self.right - 6) / LETTER)))
        parts.append(
            f'<text class="tick" x="{middle:.1f}" y="{self.bottom + 34:.1f}" text-anchor="middle">{title}</text>'
        )
        if self.y_low < 0 < self.y_high:
            parts.append(
                f'<line class="zero" x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{self.y(0):.1f}" y2="{self.y(0):.1f}"/>'
            )
        return "".join(parts)


def axes(
    xs: Sequence[float], ys: Sequence[float], width: float, right: float, height: float, logarithmic: bool = False
) -> Axes:
    """Axes that hold every finite value of `xs` and `ys`, with a little room above and below."""
    x_low, x_high = _reach(xs, 0.0 if logarithmic else 0.02)
    y_low, y_high = _reach(ys, 0.05)
    lowest = min((value for value in ys if math.isfinite(value)), default=0.0)
    if 0 <= lowest < 0.35 * y_high:
        y_low = 0.0  # near enough to zero to show how far it is
    places = ticks(y_low, y_high, 5)
    left = 19 + LETTER * max(len(shown(value, tick_digits(places))) for value in places)
    return Axes(left, width - right, 24, height - 42, x_low, x_high, y_low, y_high, logarithmic)


def _reach(values: Sequence[float], room: float) -> tuple[float, float]:
    finite = [value for value in values if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    if high <= low:
        around = 0.1 * abs(low) or 0.5
        return low - around, high + around
    return low - room * (high - low), high + room * (high - low)


def _multiplies(x: Sequence[float]) -> bool:
    """Whether places grow by a factor rather than a step, as 8, 16, 32, 64 do."""
    if len(x) < 4 or not all(math.isfinite(value) and value > 0 for value in x) or list(x) != sorted(set(x)):
        return False
    ratios = [b / a for a, b in zip(x, x[1:])]
    return x[-1] / x[0] >= 8 and min(ratios) > 1.2 and max(ratios) < 1.6 * min(ratios)


def lines(chart: Lines, width: int = WIDE) -> Markup:
    """Curves over common places, each with its band where it has one; gaps stay gaps."""
    narrow = width < PHONE
    named = [(name, values, i) for i, (name, values) in enumerate(chart.curves)]
    kinds = {name: kind for name, _, kind in named}
    at_ends = not narrow and len(named) <= 12 and all(len(name) <= LONGEST_END for name, _, _ in named)
    ys = [value for _, values in chart.curves for value in values] + [
        value for _, *two in chart.bands for values in two for value in values
    ]
    digits = digits_for(ys)
    tail = max((LETTER * 1.08 * len(f"{name} {_last(values, digits)}") for name, values, _ in named), default=0.0)
    height = 250.0 if narrow else max(320.0, 15.0 * len(named) + 90 if at_ends else 0)
    frame = axes(chart.x, ys, width, tail + 22 if at_ends else 18, height, _multiplies(chart.x))
    key = [] if at_ends else [(name, kind) for name, _, kind in named]
    full = height + (18 * len(key) + 6 if key else 0)
    parts = [opening(width, full, chart.title, _lines_words(chart, digits), "finding-lines", f"max-width:{width}px")]
    parts.append(frame.draw(chart.x_title, chart.y_title, _x_places(chart.x, frame, narrow)))
    for name, low, high in chart.bands:
        for piece in _pieces(chart.x, low, high):
            above = [f"{frame.x(x):.1f},{frame.y(b):.1f}" for x, _, b in piece]
            below = [f"{frame.x(x):.1f},{frame.y(a):.1f}" for x, a, _ in reversed(piece)]
            parts.append(f'<polygon class="spread s{kinds.get(name, 0) % STYLES}" points="{" ".join(above + below)}"/>')
    for name, values, kind in named:
        drawn = [
            (frame.x(x), frame.y(value))
            for x, value in zip(chart.x, values)
            if math.isfinite(x) and math.isfinite(value)
        ]
        for piece in _pieces(chart.x, values):
            points = " ".join(f"{frame.x(x):.1f},{frame.y(value):.1f}" for x, value in piece)
            parts.append(f'<polyline class="curve {_style(kind)}" points="{points}"/>')
        every = max(1, len(drawn) // MARKS_ON_A_LINE)
        parts += [_mark(kind, x, y, name) for x, y in drawn[kind % every :: every]]
    if at_ends:
        parts.append(_names_at_ends(named, frame, digits))
    for row, (name, kind) in enumerate(key):
        y = height + 18 * row + 6
        parts.append(f'<path class="curve {_style(kind)}" d="M8,{y:.1f}h30"/>{_mark(kind, 23, y, name)}')
        parts.append(
            f'<text class="label" x="46" y="{y + 4:.1f}">{escape(shorten(name, int((width - 50) / LETTER)))}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))


def _names_at_ends(named: list, frame: Axes, digits: int) -> str:
    ends = []
    for _, values, _ in named:
        last = next((value for value in reversed(values) if math.isfinite(value)), frame.y_low)
        ends.append(frame.y(last))
    parts = []
    for (name, values, kind), end, y in zip(named, ends, apart(ends, 15, frame.top, frame.bottom)):
        if abs(y - end) > 3:
            parts.append(
                f'<path class="guide {_style(kind)}" d="M{frame.right + 2:.1f},{end:.1f}L{frame.right + 9:.1f},{y:.1f}"/>'
            )
        parts.append(
            f'<text class="name {_style(kind)}" x="{frame.right + 12:.1f}" y="{y + 4:.1f}">{escape(name)} {_last(values, digits)}</text>'
        )
    return "".join(parts)


def _last(values: Sequence[float], digits: int) -> str:
    last = next((value for value in reversed(values) if math.isfinite(value)), math.nan)
    return shown(last, digits)


def _x_places(x: Sequence[float], frame: Axes, narrow: bool) -> list[float]:
    if not frame.logarithmic:
        return ticks(frame.x_low, frame.x_high, 4 if narrow else 7)
    every = math.ceil(len(x) / (5 if narrow else 9))
    return list(x)[::every]


def _pieces(x: Sequence[float], *series: Sequence[float]) -> list[list[tuple[float, ...]]]:
    """The stretches over which everything is a number."""
    found: list[list[tuple[float, ...]]] = [[]]
    for place in zip(x, *series):
        if all(math.isfinite(value) for value in place):
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [piece for piece in found if piece]


def _style(kind: int) -> str:
    return f"s{kind % STYLES}" + (" again" if kind >= STYLES else "")


def _mark(kind: int, x: float, y: float, note: str = "") -> str:
    """One of six marks that differ in black and white too."""
    d = {
        0: f"M{x - 4:.1f},{y:.1f}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
        1: f"M{x:.1f},{y - 5:.1f}l5,5l-5,5l-5,-5z",
        2: f"M{x - 3.6:.1f},{y - 3.6:.1f}h7.2v7.2h-7.2z",
        3: f"M{x:.1f},{y - 5:.1f}l4.6,8h-9.2z",
        4: f"M{x - 4:.1f},{y - 4:.1f}l8,8m0,-8l-8,8",
        5: f"M{x:.1f},{y - 5:.1f}v10m-5,-5h10",
    }[kind % STYLES]
    return (
        f'<path class="spot {_style(kind)}" d="{d}">' + (f"<title>{escape(note)}</title>" if note else "") + "</path>"
    )


def _lines_words(chart: Lines, digits: int) -> str:
    told = []
    for name, values in chart.curves:
        known = [(x, value) for x, value in zip(chart.x, values) if math.isfinite(value)]
        if not known:
            told.append(f"{name}: no values")
            continue
        (x1, first), (x2, last) = known[0], known[-1]
        years = is_year(chart.x_title)
        told.append(
            f"{name}: {shown(first, digits)} at {shown(x1, None if not years else 0, years)}, {shown(last, digits)} at {shown(x2, None if not years else 0, years)}"
        )
    return (
        f"{chart.y_title} against {chart.x_title}. "
        + "; ".join(told[:12])
        + (f"; and {len(told) - 12} more." if len(told) > 12 else ".")
    )


def points(chart: Points, width: int = WIDE) -> Markup:
    """A cloud of points of two kinds, light rings and dark crosses, and dashed boxes around parts of it."""
    narrow = width < PHONE
    width = width if narrow else min(width, 620)
    kinds = chart.kind or (0,) * len(chart.x)
    xs = [*chart.x, *(value for box in chart.boxes for value in box[:2])]
    ys = [*chart.y, *(value for box in chart.boxes for value in box[2:])]
    height = 300.0 if narrow else 420.0
    frame = axes(xs, ys, width, 14, height)
    key = [
        (kind, f"{name} ({kinds.count(kind):,})")
        for kind, name in enumerate(chart.kinds)
        if name and (kind in kinds or name)
    ]
    full = height + (18 * len(key) + 6 if key else 0)
    parts = [opening(width, full, chart.title, _points_words(chart, kinds), "finding-points", f"max-width:{width}px")]
    parts.append(frame.draw(chart.x_title, chart.y_title, ticks(frame.x_low, frame.x_high, 4 if narrow else 6)))
    for kind in (0, 1):
        places = dict.fromkeys(
            (round(frame.x(x)), round(frame.y(y)))
            for x, y, one in zip(chart.x, chart.y, kinds)
            if one == kind and math.isfinite(x) and math.isfinite(y)
        )
        chosen = list(places)[:: math.ceil(len(places) / MOST_POINTS) or 1]
        if chosen:
            parts.append(f'<path class="dot k{kind}" d="{"".join(_dot(kind, x, y) for x, y in chosen)}"/>')
    for number, box in enumerate(chart.boxes):
        x1, x2, y1, y2 = (_within(value, low, high) for value, (low, high) in zip(box, _edges(frame)))
        left, top = frame.x(min(x1, x2)), frame.y(max(y1, y2))
        size = f'width="{abs(frame.x(x2) - frame.x(x1)):.1f}" height="{abs(frame.y(y1) - frame.y(y2)):.1f}"'
        parts.append(f'<rect class="box" x="{left:.1f}" y="{top:.1f}" {size}><title>box {number + 1}</title></rect>')
        if len(chart.boxes) > 1:
            parts.append(f'<text class="box-name" x="{left + 6:.1f}" y="{top + 17:.1f}">{number + 1}</text>')
    for row, (kind, name) in enumerate(key):
        y = height + 18 * row + 6
        parts.append(f'<path class="dot k{kind}" d="{_dot(kind, 16, round(y))}"/>')
        parts.append(
            f'<text class="label" x="28" y="{y + 4:.1f}">{escape(shorten(name, int((width - 32) / LETTER)))}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))


def _dot(kind: int, x: int, y: int) -> str:
    return f"M{x - 3},{y - 3}l6,6m0,-6l-6,6" if kind else f"M{x - 2},{y}a2,2 0 1 0 4,0a2,2 0 1 0 -4,0"


def _edges(frame: Axes) -> tuple[tuple[float, float], ...]:
    x, y = (frame.x_low, frame.x_high), (frame.y_low, frame.y_high)
    return ((x[0], x[1]), (x[1], x[0]), (y[0], y[1]), (y[1], y[0]))


def _within(value: float, near: float, far: float) -> float:
    """A bound of a box within the frame; a bound that is open lies at the near edge."""
    return near if math.isnan(value) else min(max(value, min(near, far)), max(near, far))


def _points_words(chart: Points, kinds: Sequence[int]) -> str:
    told = [f"{kinds.count(kind):,} {name}" for kind, name in enumerate(chart.kinds) if name]
    text = (
        f"{chart.y_title} against {chart.x_title}: {len(chart.x):,} points"
        + (f", {', '.join(told)}" if told else "")
        + "."
    )
    x_digits, y_digits = digits_for(chart.x), digits_for(chart.y)
    for number, (x1, x2, y1, y2) in enumerate(chart.boxes[:6]):
        text += f" Box {number + 1}: {chart.x_title} {shown(x1, x_digits)} to {shown(x2, x_digits)}, {chart.y_title} {shown(y1, y_digits)} to {shown(y2, y_digits)}."
    return text
