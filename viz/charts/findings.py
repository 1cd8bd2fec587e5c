"""Charts of findings, for a page and for a phone: bars with intervals, matrices, curves, clouds of points."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from stackcraft.experiments.analyses.finding import Bars, Chart, Heat, Lines, Points
from stackcraft.viz.charts.kit import LETTER, Picture, Point, Scale, apart, shape, ticks
from stackcraft.viz.charts.tables import bar_digits, bounds
from stackcraft.viz.words.numbers import digits_for, interval, is_year, shorten, shown, tick_digits, wrap

WIDE, NARROW = 760, 340  # for a page and for a phone; a chart is drawn for both
PHONE = 480
MOST_BARS, MOST_ROWS, MOST_COLUMNS = 120, 80, 60  # more are not drawn: nobody could read them
MANY_BARS = 24  # with more, the scale is above them too
LEVELS = 4  # shades of a cell, beside white
LEAST_CELL = 15
LONGEST = 42  # letters of a line of a label; longer ones take two, beside bars three
STYLES = 6  # curves differ by colour, dash and mark, the seventh on by hollow marks and thin lines; see findings.css
MARKS_ON_A_LINE = 5
MOST_POINTS = 8000  # marks drawn of one kind; points that fall on the same place are drawn once
LONGEST_END = 26  # longer names of curves are below the chart


def draw(chart: Chart, narrow: bool = False) -> Markup:
    """Return `chart` as one SVG element with a title and a description; `narrow` for a phone.

    Of a very large chart only the first part is drawn; `not_drawn` says so.
    """
    if isinstance(chart, Bars):
        names = ("labels", "values", "low", "high")
        chart = replace(chart, **{name: getattr(chart, name)[:MOST_BARS] for name in names})
    elif isinstance(chart, Heat):
        values = tuple(row[:MOST_COLUMNS] for row in chart.values[:MOST_ROWS])
        marked = tuple(place for place in chart.marked if place[0] < MOST_ROWS and place[1] < MOST_COLUMNS)
        rows, columns = chart.rows[:MOST_ROWS], chart.columns[:MOST_COLUMNS]
        chart = replace(chart, rows=rows, columns=columns, values=values, marked=marked)
    return _DRAWN[type(chart)](chart, NARROW if narrow else WIDE)


def not_drawn(chart: Chart) -> str:
    """Return a sentence on what `draw` leaves out of a very large chart, or nothing."""
    if isinstance(chart, Bars) and len(chart.labels) > MOST_BARS:
        return f"Drawn: the first {MOST_BARS} of {len(chart.labels):,} bars."
    if isinstance(chart, Heat) and (len(chart.rows) > MOST_ROWS or len(chart.columns) > MOST_COLUMNS):
        rows, columns = min(len(chart.rows), MOST_ROWS), min(len(chart.columns), MOST_COLUMNS)
        return f"Drawn: the first {rows} of {len(chart.rows):,} rows and {columns} of {len(chart.columns):,} columns."
    return ""


# Bars.


def bars(chart: Bars, width: int = WIDE) -> Markup:
    """Draw a bar for each label, from zero, with its interval as a whisker; on a phone the label is above its bar."""
    narrow = width < PHONE
    low, high = bounds(chart)
    digits = bar_digits(chart)
    told = [
        shown(value, digits) + (f" ({between})" if (between := interval(a, b, digits)) else "")
        for value, a, b in zip(chart.values, low, high, strict=True)
    ]
    numbers = [0.0, *(value for value in (*chart.values, *low, *high) if math.isfinite(value))]
    start, end = min(numbers), max(numbers)
    end = end if end > start else start + 1.0
    most = int((width - 16) / LETTER) if narrow else LONGEST
    names = [wrap(label, most, 3) for label in chart.labels]
    left = 8 if narrow else 14 + LETTER * max((len(line) for name in names for line in name), default=0)
    x_of = Scale(start, end, left, width - 12 - LETTER * max(map(len, told), default=0))
    deep = max(map(len, names), default=1)
    step, thick = (24 + 14 * deep, 14) if narrow else (8 + 13 * deep, 13)
    many = len(chart.labels) > MANY_BARS
    top, foot = 20 if many else 6, (20 if many else 6) + step * len(chart.labels)
    size = (width, foot + (36 if chart.unit else 22))
    picture = Picture(size, chart.title, _bars_words(chart, told), "finding-bars", f"max-width:{width}px")
    places = ticks(start, end, 3 if narrow else 5)
    for place in places:
        picture.upright("grid", x_of(place), top - 2, foot + 2)
        for y in (foot + 16, 13) if many else (foot + 16,):
            picture.text(x_of(place), y, shown(place, tick_digits(places)), "tick", "middle")
    if chart.unit:
        picture.text(x_of(0.5 * (start + end)), size[1] - 5, shorten(chart.unit, most), "tick", "middle")
    picture.upright("zero", x_of(0), top - 2, foot + 2)
    for row, (label, name, value, a, b, text) in enumerate(
        zip(chart.labels, names, chart.values, low, high, told, strict=True)
    ):
        up = top + step * row + (4 + 14 * deep if narrow else (step - thick) / 2)
        base = up + thick / 2
        picture.add(f"<g><title>{escape(label)}: {escape(text)}</title>")
        if narrow:
            picture.lines_of_text(left, up - 5 - 13 * (len(name) - 1), name, "start")
        else:
            picture.lines_of_text(left - 8, base + 4 - 6.5 * (len(name) - 1), name, "end")
        if math.isfinite(value):
            picture.bar("plot-bar", (x_of(0), x_of(value)), up, thick)
        if math.isfinite(a) and math.isfinite(b):
            x1, x2 = x_of(a), x_of(b)
            caps = f"M{x1:.1f},{base - 4:.1f}v8M{x2:.1f},{base - 4:.1f}v8M{x1:.1f},{base:.1f}H{x2:.1f}"
            picture.path("interval", caps)
        picture.text(width - 4, base + 4, text, "tick value", "end")
        picture.add("</g>")
    return picture.svg()


def _bars_words(chart: Bars, told: list[str]) -> str:
    known = [i for i, value in enumerate(chart.values) if math.isfinite(value)]
    if not known:
        return f"{len(chart.values)} bars, none with a value."
    most, least = max(known, key=lambda i: chart.values[i]), min(known, key=lambda i: chart.values[i])
    unit = f" in {chart.unit}" if chart.unit else ""
    number = f"{len(chart.values)} {'bar' if len(chart.values) == 1 else 'bars'}"
    text = f"{number}{unit}. Largest: {chart.labels[most]}, {told[most]}."
    return text + (f" Smallest: {chart.labels[least]}, {told[least]}." if least != most else "")


# Matrices.


@dataclass(frozen=True)
class _Grid:
    """Where the cells of a matrix lie, and how its rows and columns are named."""

    left: float
    top: float
    wide: float
    tall: float
    flat: bool  # whether the names of columns are level rather than at a slant
    valued: bool  # whether there is room for the value in each cell
    slant: float
    rows: list[list[str]]
    heads: list[list[str]]


def _grid(chart: Heat, width: int, letters: int) -> _Grid:
    narrow, across = width < PHONE, len(chart.columns)
    need = 5.6 * letters + 4 if narrow else LETTER * letters + 12
    rows = [[str(i + 1)] if narrow else wrap(name, LONGEST, 2) for i, name in enumerate(chart.rows)]
    left = 26.0 if narrow else 14 + LETTER * max((len(line) for name in rows for line in name), default=0)
    room = (width - left - 6) / max(1, across)
    valued = room >= need or (across <= 14 and not narrow)
    wide = max(min(room, 96), need) if valued else max(room, LEAST_CELL)
    least = LEAST_CELL if all(len(name) == 1 for name in rows) else 28.0
    tall = max(28.0, min(34.0, wide)) if valued else min(max(wide, least), 28.0)
    flat = narrow or all(LETTER * len(name) <= wide - 6 for name in chart.columns)
    heads = [[str(i + 1)] if narrow else [name] if flat else wrap(name, 23, 2) for i, name in enumerate(chart.columns)]
    slant = 0 if flat else max(LETTER * len(line) for head in heads for line in head)
    return _Grid(left, 20 if flat else 0.72 * slant + 16, wide, tall, flat, valued, slant, rows, heads)


def heat(chart: Heat, width: int = WIDE) -> Markup:
    """Draw a matrix of shaded cells with their values; marked cells are framed.

    Shade says how far a value is from zero where the values lie on both sides of it (those below are hatched),
    otherwise how far up from the least. On a phone rows and columns are numbered and a key below names them.
    """
    narrow = width < PHONE
    known = [value for row in chart.values for value in row if math.isfinite(value)]
    digits = min(digits_for(known, 2 if narrow else 3), 4)
    texts = [[shown(value, digits) for value in row] for row in chart.values]
    grid = _grid(chart, width, max((len(text) for row in texts for text in row), default=1))
    key = _key_lines(chart, width) if narrow else []
    full = max(grid.left + grid.wide * len(chart.columns) + 6 + 0.72 * grid.slant, float(width if narrow else 300))
    below = grid.top + grid.tall * len(chart.rows)
    least = min(full, max(width, 0.86 * full)) if full > width else 0
    picture = Picture(
        (round(full, 1), round(below + 44 + (15 * len(key) + 8 if key else 0), 1)),
        chart.title,
        _heat_words(chart, digits),
        "finding-heat small" if narrow else "finding-heat",
        f"max-width:{full:.0f}px;min-width:{least:.0f}px",
    )
    _heads(picture, grid)
    shade, framed = shading(known), []
    for row, name in enumerate(chart.rows):
        y = grid.top + grid.tall * row
        lines = grid.rows[row]
        picture.lines_of_text(grid.left - 6, y + grid.tall / 2 + 4 - 6.5 * (len(lines) - 1), lines, "end")
        for column, other in enumerate(chart.columns):
            x, level = grid.left + grid.wide * column, shade(chart.values[row][column])
            marked = (row, column) in chart.marked
            note = f"{name}, {other}: {texts[row][column]}{', framed' if marked else ''}"
            picture.add(f"<g><title>{escape(note)}</title>")
            _cell(picture, level, (x + 0.5, y + 0.5), (grid.wide - 1, grid.tall - 1))
            if grid.valued:
                ink = " on-dark" if level is not None and abs(level) > 2 else ""
                place = x + grid.wide / 2, y + grid.tall / 2 + 4
                picture.text(*place, texts[row][column], f"in-cell{ink}", "middle")
            picture.add("</g>")
            if marked:
                framed.append((x + 1.5, y + 1.5))
    for place in framed:
        picture.box("frame", *place, (grid.wide - 3, grid.tall - 3))
    note = "; framed: see the note" if framed and chart.note and not narrow else ""
    _shades(picture, known, digits, f" {chart.unit}" if chart.unit else "", note, (grid.left, below + 12))
    for line, text in enumerate(key):
        picture.text(8, below + 62 + 15 * line, text, "label")
    return picture.svg()


def _heads(picture: Picture, grid: _Grid) -> None:
    """Write the names of the columns, level or at a slant."""
    for column, head in enumerate(grid.heads):
        x = grid.left + grid.wide * (column + 0.5)
        if grid.flat:
            picture.text(x, grid.top - 6, head[0], "label", "middle")
            continue
        for line, text in enumerate(head):
            place = f"translate({x + 14 * line - 5 * (len(head) - 1):.1f} {grid.top - 6:.1f}) rotate(-45)"
            picture.add(f'<text class="label" transform="{place}">{escape(text)}</text>')


def _cell(picture: Picture, level: int | None, place: Point, size: tuple[float, float]) -> None:
    """Draw a cell of one shade, hatched where it lies below zero."""
    kind = "none" if level is None else f"h{abs(level)}"
    below = level is not None and level < 0
    picture.box(f"cell {kind}{' below' if below else ''}", *place, size)
    if below:
        picture.box("below-lines", *place, size)


def shading(values: list[float]) -> Callable[[float], int | None]:
    """Return a function from a value to its shade, -4 to 4; None for what is missing."""
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


def _shades(picture: Picture, values: list[float], digits: int, unit: str, note: str, place: Point) -> None:
    """Draw which shade means what: the least and the greatest value with the shades between them."""
    if not values:
        return
    (x, y), low, high, level = place, min(values), max(values), shading(values)
    picture.text(x, y + 11, shown(low, digits))
    x += LETTER * len(shown(low, digits)) + 5
    for step in sorted({level(low + (high - low) * i / 40) for i in range(41)}):
        _cell(picture, step, (x, y), (17, 13))
        x += 18
    picture.text(x + 4, y + 11, f"{shown(high, digits)}{unit}{note}")


def _key_lines(chart: Heat, width: int) -> list[str]:
    most = int((width - 40) / LETTER)
    same = chart.rows == chart.columns
    parts = [("Rows and columns", chart.rows)] if same else [("Rows", chart.rows), ("Columns", chart.columns)]
    lines = []
    for title, labels in parts:
        lines.append(f"{title}:")
        lines += [line for i, name in enumerate(labels) for line in wrap(f"{i + 1}  {name}", most, 2)]
    return lines


def _heat_words(chart: Heat, digits: int) -> str:
    cells = [(value, r, c) for r, row in enumerate(chart.values) for c, value in enumerate(row) if math.isfinite(value)]
    size = f"{len(chart.rows)} rows by {len(chart.columns)} columns"
    if not cells:
        return f"{size}, no values."

    def at(cell: tuple[float, int, int]) -> str:
        return f"{shown(cell[0], digits)} at {chart.rows[cell[1]]}, {chart.columns[cell[2]]}"

    unit = f", in {chart.unit}" if chart.unit else ""
    text = f"{size}{unit}. Greatest: {at(max(cells))}. Least: {at(min(cells))}."
    if chart.marked:
        text += " Framed: " + "; ".join(f"{chart.rows[r]}, {chart.columns[c]}" for r, c in chart.marked) + "."
    return text


# Frames of curves and clouds.


@dataclass(frozen=True)
class _Frame:
    """A pair of scales."""

    x: Scale
    y: Scale

    def draw(self, picture: Picture, x_title: str, y_title: str, x_places: Sequence[float]) -> None:
        """Draw grid, ticks and titles; the vertical axis has its title above, where it can be read without turning."""
        left, right, top, foot = self.x.start, self.x.end, self.y.end, self.y.start
        most = int((right - 6) / LETTER)
        picture.text(6, 13, shorten(y_title, most))
        y_places = ticks(self.y.low, self.y.high, 5)
        for value in y_places:
            picture.level("grid", self.y(value), left, right)
            picture.text(left - 9, self.y(value) + 4, shown(value, tick_digits(y_places)), "tick", "end")
        digits = digits_for(x_places) if self.x.logarithmic else tick_digits(x_places)
        if all(value == round(value) for value in x_places):
            digits = 0
        picture.x_axis(self.x, x_places, lambda value: shown(value, digits, plain=is_year(x_title)), (top, foot))
        words = f"{x_title}, each step a multiple" if self.x.logarithmic else x_title
        picture.text(0.5 * (left + right), foot + 34, shorten(words, most), "tick", "middle")
        if self.y.low < 0 < self.y.high:
            picture.level("zero", self.y(0), left, right)


def _frame(
    xs: Sequence[float], ys: Sequence[float], size: tuple[float, float], right: float, logarithmic: bool = False
) -> _Frame:
    """Return scales that hold every finite value of `xs` and `ys`, with a little room; `right` is kept for names."""
    x_low, x_high = _reach(xs, 0.0 if logarithmic else 0.02)
    y_low, y_high = _reach(ys, 0.05)
    lowest = min((value for value in ys if math.isfinite(value)), default=0.0)
    if 0 <= lowest < 0.35 * y_high:
        y_low = 0.0  # near enough to zero to show how far it is
    places = ticks(y_low, y_high, 5)
    left = 19 + LETTER * max(len(shown(value, tick_digits(places))) for value in places)
    x_of = Scale(x_low, x_high, left, size[0] - right, logarithmic=logarithmic)
    return _Frame(x_of, Scale(y_low, y_high, size[1] - 42, 24))


def _reach(values: Sequence[float], room: float) -> tuple[float, float]:
    known = [value for value in values if math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high <= low:
        around = 0.1 * abs(low) or 0.5
        return low - around, high + around
    return low - room * (high - low), high + room * (high - low)


def _multiplies(x: Sequence[float]) -> bool:
    """Return whether places grow by a factor rather than a step, as 8, 16, 32, 64 do."""
    if len(x) < 4 or not all(math.isfinite(value) and value > 0 for value in x) or list(x) != sorted(set(x)):
        return False
    ratios = [b / a for a, b in itertools.pairwise(x)]
    return x[-1] / x[0] >= 8 and min(ratios) > 1.2 and max(ratios) < 1.6 * min(ratios)


def _key(picture: Picture, entries: Sequence[tuple[str, str]], y: float, x: float) -> None:
    """Draw a key below a chart: what is drawn of each entry, and its name at `x`."""
    for row, (sign, name) in enumerate(entries):
        picture.add(f'<g transform="translate(0 {y + 18 * row:g})">{sign}')
        picture.text(x, 4, shorten(name, int((picture.width - x - 4) / LETTER)), "label")
        picture.add("</g>")


# Curves.


def lines(chart: Lines, width: int = WIDE) -> Markup:
    """Draw curves over common places, each with its band where it has one; gaps stay gaps."""
    narrow = width < PHONE
    kinds = {name: kind for kind, (name, _) in enumerate(chart.curves)}
    at_ends = not narrow and len(kinds) <= 12 and all(len(name) <= LONGEST_END for name in kinds)
    ys = [value for _, values in chart.curves for value in values]
    ys += [value for _, *edges in chart.bands for values in edges for value in values]
    digits = digits_for(ys)
    ends = [f"{name} {shown(_last(values), digits)}" for name, values in chart.curves]
    tail = LETTER * 1.08 * max(map(len, ends), default=0) + 22 if at_ends else 18
    height = 250.0 if narrow else max(320.0, 15.0 * len(chart.curves) + 90 if at_ends else 0)
    frame = _frame(chart.x, ys, (width, height), tail, _multiplies(chart.x))
    full = height if at_ends or not kinds else height + 18 * len(chart.curves) + 6
    words = _lines_words(chart, digits)
    picture = Picture((width, full), chart.title, words, "finding-lines", f"max-width:{width}px")
    frame.draw(picture, chart.x_title, chart.y_title, _x_places(chart.x, frame.x, narrow))
    for name, low, high in chart.bands:
        for piece in _pieces(chart.x, low, high):
            above = [(frame.x(x), frame.y(b)) for x, _, b in piece]
            below = [(frame.x(x), frame.y(a)) for x, a, _ in piece]
            picture.band(f"spread s{kinds.get(name, 0) % STYLES}", above, below)
    for kind, (name, values) in enumerate(chart.curves):
        pieces = [[(frame.x(x), frame.y(y)) for x, y in piece] for piece in _pieces(chart.x, values)]
        for piece in pieces:
            picture.curve(f"curve {_style(kind)}", piece)
        drawn = [point for piece in pieces for point in piece]
        every = max(1, len(drawn) // MARKS_ON_A_LINE)
        picture.add(*(_mark(kind, x, y, name) for x, y in drawn[kind % every :: every]))
    if at_ends:
        _names_at_ends(picture, frame, chart, ends)
    else:
        signs = [
            (shape("path", f"curve {_style(kind)}", d="M8,0h30") + _mark(kind, 23, 0, name), name)
            for kind, (name, _) in enumerate(chart.curves)
        ]
        _key(picture, signs, height + 6, 46)
    return picture.svg()


def _names_at_ends(picture: Picture, frame: _Frame, chart: Lines, words: Sequence[str]) -> None:
    right = frame.x.end
    lasts = [_last(values) for _, values in chart.curves]
    ends = [frame.y(last if math.isfinite(last) else frame.y.low) for last in lasts]
    for kind, (text, end, y) in enumerate(zip(words, ends, apart(ends, 15, frame.y.end, frame.y.start), strict=True)):
        if abs(y - end) > 3:
            picture.path(f"guide {_style(kind)}", f"M{right + 2:.1f},{end:.1f}L{right + 9:.1f},{y:.1f}")
        picture.text(right + 12, y + 4, text, f"name {_style(kind)}")


def _last(values: Sequence[float]) -> float:
    return next((value for value in reversed(values) if math.isfinite(value)), math.nan)


def _x_places(x: Sequence[float], scale: Scale, narrow: bool) -> list[float]:
    if not scale.logarithmic:
        return ticks(scale.low, scale.high, 4 if narrow else 7)
    return list(x)[:: math.ceil(len(x) / (5 if narrow else 9))]


def _pieces(x: Sequence[float], *series: Sequence[float]) -> list[list[tuple[float, ...]]]:
    """Return the stretches over which everything is a number."""
    pieces: list[list[tuple[float, ...]]] = [[]]
    for place in zip(x, *series, strict=True):
        if all(math.isfinite(value) for value in place):
            pieces[-1].append(place)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _style(kind: int) -> str:
    return f"s{kind % STYLES}" + (" again" if kind >= STYLES else "")


def _mark(kind: int, x: float, y: float, note: str = "") -> str:
    """Return one of six marks that differ in black and white too."""
    ways = (
        f"M{x - 4:.1f},{y:.1f}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
        f"M{x:.1f},{y - 5:.1f}l5,5l-5,5l-5,-5z",
        f"M{x - 3.6:.1f},{y - 3.6:.1f}h7.2v7.2h-7.2z",
        f"M{x:.1f},{y - 5:.1f}l4.6,8h-9.2z",
        f"M{x - 4:.1f},{y - 4:.1f}l8,8m0,-8l-8,8",
        f"M{x:.1f},{y - 5:.1f}v10m-5,-5h10",
    )
    return shape("path", f"spot {_style(kind)}", note, d=ways[kind % STYLES])


def _lines_words(chart: Lines, digits: int) -> str:
    years = is_year(chart.x_title)
    place = lambda x: shown(x, 0 if years else None, years)  # noqa: E731
    told = []
    for name, values in chart.curves:
        known = [(x, value) for x, value in zip(chart.x, values, strict=True) if math.isfinite(value)]
        if not known:
            told.append(f"{name}: no values")
            continue
        (x1, first), (x2, last) = known[0], known[-1]
        told.append(f"{name}: {shown(first, digits)} at {place(x1)}, {shown(last, digits)} at {place(x2)}")
    more = f"; and {len(told) - 12} more." if len(told) > 12 else "."
    return f"{chart.y_title} against {chart.x_title}. {'; '.join(told[:12])}{more}"


# Clouds of points.


def points(chart: Points, width: int = WIDE) -> Markup:
    """Draw a cloud of points of two kinds, light rings and dark crosses, and dashed boxes around parts of it."""
    narrow = width < PHONE
    width = width if narrow else min(width, 620)
    kinds = chart.kind or (0,) * len(chart.x)
    xs = [*chart.x, *(value for box in chart.boxes for value in box[:2])]
    ys = [*chart.y, *(value for box in chart.boxes for value in box[2:])]
    height = 300.0 if narrow else 420.0
    frame = _frame(xs, ys, (width, height), 14)
    named = [(kind, f"{name} ({kinds.count(kind):,})") for kind, name in enumerate(chart.kinds) if name]
    size = (width, height + (18 * len(named) + 6 if named else 0))
    picture = Picture(size, chart.title, _points_words(chart, kinds), "finding-points", f"max-width:{width}px")
    frame.draw(picture, chart.x_title, chart.y_title, ticks(frame.x.low, frame.x.high, 4 if narrow else 6))
    for kind in (0, 1):
        places = dict.fromkeys(
            (round(frame.x(x)), round(frame.y(y)))
            for x, y, point_kind in zip(chart.x, chart.y, kinds, strict=True)
            if point_kind == kind and math.isfinite(x) and math.isfinite(y)
        )
        chosen = list(places)[:: math.ceil(len(places) / MOST_POINTS) or 1]
        if chosen:
            picture.path(f"dot k{kind}", "".join(_dot(kind, x, y) for x, y in chosen))
    for number, box in enumerate(chart.boxes, 1):
        _box(picture, frame, box, number, len(chart.boxes) > 1)
    signs = [(shape("path", f"dot k{kind}", d=_dot(kind, 16, 0)), name) for kind, name in named]
    _key(picture, signs, height + 6, 28)
    return picture.svg()


def _box(picture: Picture, frame: _Frame, box: Sequence[float], number: int, named: bool) -> None:
    """Draw a box; a bound that is open lies at the edge of the frame."""
    x, y = frame.x, frame.y
    edges = ((x.low, x.high), (x.high, x.low), (y.low, y.high), (y.high, y.low))
    x1, x2, y1, y2 = (
        near if math.isnan(value) else min(max(value, min(near, far)), max(near, far))
        for value, (near, far) in zip(box, edges, strict=True)
    )
    left, top = x(min(x1, x2)), y(max(y1, y2))
    picture.box("box", left, top, (abs(x(x2) - x(x1)), abs(y(y1) - y(y2))), f"box {number}")
    if named:
        picture.text(left + 6, top + 17, number, "box-name")


def _dot(kind: int, x: int, y: int) -> str:
    return f"M{x - 3},{y - 3}l6,6m0,-6l-6,6" if kind else f"M{x - 2},{y}a2,2 0 1 0 4,0a2,2 0 1 0 -4,0"


def _points_words(chart: Points, kinds: Sequence[int]) -> str:
    told = "".join(f", {kinds.count(kind):,} {name}" for kind, name in enumerate(chart.kinds) if name)
    text = f"{chart.y_title} against {chart.x_title}: {len(chart.x):,} points{told}."
    x_digits, y_digits = digits_for(chart.x), digits_for(chart.y)
    for number, (x1, x2, y1, y2) in enumerate(chart.boxes[:6], 1):
        x_words = f"{chart.x_title} {shown(x1, x_digits)} to {shown(x2, x_digits)}"
        text += f" Box {number}: {x_words}, {chart.y_title} {shown(y1, y_digits)} to {shown(y2, y_digits)}."
    return text


_DRAWN = {Bars: bars, Heat: heat, Lines: lines, Points: points}
