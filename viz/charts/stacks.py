"""Charts that compare the stacks: curves and bars over years, dots with intervals, slopes, lanes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.viz.charts.kit import Picture, Scale, apart, finite, key_of, shape, shortened
from stackcraft.viz.words.catalogue import SCREENS, text
from stackcraft.viz.words.forms import number as written
from stackcraft.viz.words.forms import percentage
from stackcraft.viz.words.names import Titles

SERVING = ("operating", "renewed", "novated, operating")  # outcomes of deals that serve when the run ends
WAITING = ("pipeline", "novated, not yet operating")


def outcome_title(name: str) -> str:
    """Return what became of a deal in a word or two; a name without a title as it is."""
    key = f"report.outcome_{name.replace(', ', '_').replace(' ', '_')}"
    return text(key) if SCREENS.find(key) else name


@dataclass(frozen=True)
class Curve:
    """One line over the years; `low` and `high` bound its band and may be None. All of shape (years,)."""

    stack: str
    label: str
    middle: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


LETTER = 6.6  # width of a letter of 11.5 px
LEAST_REACH = 0.01  # a picture of differences spans at least a point to either side
SHORT = Titles("narrow", STACKS)  # for labels beside bars


def _share(value: float) -> str:
    return percentage(f"{100 * value:.0f}")


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
    ghosts: Sequence[Curve] = (),
) -> Markup:
    """Draw shares over time, or differences around a zero line, with interval bands and names at the line ends.

    Values are fractions. `ghosts` are drawn thin and dotted behind: what would be without a change. `cursor` is a year
    to mark with an upright line. Its group carries `data-years` and `data-year-x`, the places of all years in the
    picture, so that a script can move the line without a new picture.
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
    for line in ghosts:
        picture.curve(f"ghost {key_of(line.stack)}", finite(x_of, y_of, line.middle))
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
    """Draw rows of (stack, label, believed, 10th and 90th percentile of countries, true); hollow is believed."""
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
                told = text("report.hazard", what=text(f"report.{word}"), value=percentage(f"{100 * value:.1f}"))
                picture.mark(stack, x_of(value), y, 5.5, hollow, told)
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
        picture.text(x + 4 * side, y + 13, written(f"{value:+.2f}"), "tick", "start" if value >= 0 else "end")
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
        said = outcome_title(label)
        note = text("report.part_of", what=said, part=written(f"{number:,.0f}"), whole=written(f"{whole:,.0f}"))
        picture.box(f"part {kind} p{i}", x, 0, (max(size - 1.5, 0.5), bar), note)
        words = f"{said} {percentage(f'{100 * number / whole:.0f}')}"
        if x >= free and size > 7 * len(words):
            picture.text(x + 1, bar + 15, words)
            free = x + 7 * len(words) + 6
        x += size
    return picture.svg()


def differences(years: Sequence[int], lines: Sequence[Curve], title: str, told: str, now: int | None = None) -> Markup:
    """Draw paired differences over the years around a zero line; fractions are shown as percentage points."""
    series = (values for line in lines for values in (line.middle, line.low, line.high) if values is not None)
    sizes = (abs(value) for values in series for value in values if math.isfinite(value))
    reach = max([LEAST_REACH, *sizes]) * 1.05
    steps = [digit * 10.0**power for power in range(-4, 1) for digit in (1, 2, 5)]
    tick = max((step for step in steps if step <= reach), default=reach)
    axis = Axis(
        -reach,
        reach,
        (-tick, 0.0, tick),
        lambda v: written(f"{100 * v:+g}") if v else "0",
        lambda v: written(f"{100 * v:+.1f}"),
    )
    return curves(years, lines, title, told, (520, 230), axis, now)


@dataclass(frozen=True)
class Shares:
    """Shares of the stacks by year, of shape (year, 3): fractions that sum to 1, or NaN, and their bounds."""

    middle: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def stack_bars(years: Sequence[int], shares: Shares, title: str, told: str, now: int | None = None) -> Markup:
    """Draw a bar for each year, cut by stack; the stack that leads in the year `now` is at the foot, with its band.

    Without `now`, or with a year that is not among `years`, the last year decides which stack is at the foot.
    """
    (width, height), left, top = (320, 176), 36, 8
    end, foot, middle = width - 92, height - 22, shares.middle
    at = years.index(now) if now in years else len(years) - 1
    order = [int(stack) for stack in np.argsort(-np.nan_to_num(middle[at]), kind="stable")]
    step = (end - left) / len(years)
    y_of = Scale(0, 1, foot, top, clipped=True)
    picture = Picture((width, height), title, told, "stack-bars")
    picture.y_axis(y_of, (0.0, 0.5, 1.0), _share, (left, end))
    bases, middles = np.zeros(len(years)), {}
    for stack in order:
        tops = bases + np.nan_to_num(middle[:, stack])
        pieces = [
            f"M{left + step * (i + 0.08):.1f},{y_of(tops[i]):.1f}h{0.84 * step:.1f}"
            f"V{y_of(bases[i]):.1f}h{-0.84 * step:.1f}z"
            for i in range(len(years))
            if math.isfinite(middle[i, stack]) and tops[i] - bases[i] > 0.002
        ]
        picture.path(f"bar {key_of(STACKS[stack])}", "".join(pieces))
        middles[stack] = y_of(0.5 * float(bases[-1] + tops[-1]))
        bases = tops
    if shares.low is not None and shares.high is not None:
        bands = [(i, float(shares.low[i, order[0]]), float(shares.high[i, order[0]])) for i in range(len(years))]
        pieces = [
            f"M{left + step * (i + 0.5):.1f},{y_of(high):.1f}V{y_of(low):.1f}"
            for i, low, high in bands
            if math.isfinite(low) and math.isfinite(high)
        ]
        picture.path("range", "".join(pieces))
    if now in years:
        picture.box("now", left + step * at, top - 3, (step, foot - top + 6))
    picture.years(Scale(0, max(1, len(years) - 1), left, end), years, (0, len(years) - 1))
    shown = [stack for stack in order if math.isfinite(middle[-1, stack])]
    for stack, y in zip(shown, apart([middles[stack] for stack in shown], 14, top + 4, foot), strict=True):
        label = f"{SHORT[STACKS[stack]]} {_share(middle[-1, stack])}"
        picture.text(end + 7, y + 4, label, f"name {key_of(STACKS[stack])}")
    return picture.svg()


def pair(
    years: Sequence[int], lines: tuple[Curve, Curve], title: str, told: str, axis: Axis, valued: bool = True
) -> Markup:
    """Draw what is said (thin, open mark) against what is so (thick, full mark); `valued`: with last values."""
    (width, height), top, foot = (300, 150), 12, 128
    left = 12 + LETTER * len(axis.tick(axis.high))
    ends = [f"{line.label} {axis.tick(_last(line.middle))}" if valued else line.label for line in lines]
    end = width - 18 - 1.12 * LETTER * max(map(len, ends))
    x_of = Scale(0, max(1, len(years) - 1), left, end)
    y_of = Scale(0.0, axis.high, foot, top, clipped=True)
    picture = Picture((width, height), title, told, "pair")
    picture.y_axis(y_of, axis.ticks, axis.tick, (left, end))
    picture.years(x_of, years, (0, len(years) - 1))
    for line in lines:
        if line.low is not None and line.high is not None:
            above, below = finite(x_of, y_of, line.high), finite(x_of, y_of, line.low)
            picture.band(f"band {key_of(line.stack)}", above, below)
    places = []
    for line, kind in zip(lines, ("said", "found"), strict=True):
        points = finite(x_of, y_of, line.middle)
        picture.curve(f"{kind} {key_of(line.stack)}", points)
        places.append(points[-1] if points else (end, y_of(0)))
    for line, words, (x, y), height, hollow in zip(
        lines, ends, places, apart([y for _, y in places], 15, top, foot), (True, False), strict=False
    ):
        picture.mark(line.stack, x, y, 3.6, hollow)
        picture.text(end + 9, height + 4, words, f"name {key_of(line.stack)}")
    return picture.svg()


def _last(values: np.ndarray) -> float:
    known = [float(value) for value in values if math.isfinite(value)]
    return known[-1] if known else math.nan


def slopes(rows: Sequence[tuple[str, float, float]], title: str, told: str, heads: tuple[str, str]) -> Markup:
    """Draw a line for each country from its lead in A to its lead in B: rows of (name, A, B), as fractions.

    The lead is the US share less the Chinese share. Lines that rise towards the US are solid, lines that fall towards
    China dashed; both ends carry the name and the number.
    """
    width, top, step = 460, 30, 18
    foot = top + max(120, step * len(rows))
    sides = (164, "end", -1), (width - 164, "start", 1)
    values = [value for _, *ends in rows for value in ends]
    low, high = min([0.0, *values]), max([0.0, *values])
    y_of = Scale(high, low, top, foot)
    picture = Picture((width, foot + 12), title, told, "slopes")
    for (x, anchor, _), words in zip(sides, heads, strict=True):
        picture.upright("grid", x, top - 6, foot + 6)
        picture.text(x, 14, words, "label", anchor)
    if low < 0 < high:
        picture.level("zero", y_of(0), sides[0][0], sides[1][0])
    places = [apart([y_of(row[side]) for row in rows], step, top, foot) for side in (1, 2)]
    for i, (name, a, b) in enumerate(rows):
        key = "us" if b > a else "cn" if b < a else "grey"
        picture.curve(f"line {key}", [(sides[0][0], y_of(a)), (sides[1][0], y_of(b))])
        for (x, anchor, away), value, place in zip(sides, (a, b), (places[0][i], places[1][i]), strict=True):
            picture.add(shape("circle", f"mark {key}", cx=x, cy=y_of(value), r=3))
            if abs(place - y_of(value)) > 2:
                picture.path(f"leader {key}", f"M{x + 3 * away},{y_of(value):.1f}L{x + 10 * away},{place:.1f}")
            words = (shortened(name, 17), f"{100 * value:+.0f}")[::-away]
            picture.text(x + 12 * away, place + 4, " ".join(words), f"name {key}", anchor)
    return picture.svg()


@dataclass(frozen=True)
class Lane:
    """One bar of a row, named by `label`; NaN where nothing was measured."""

    label: str
    value: float
    low: float = math.nan
    high: float = math.nan


def lanes(
    rows: Sequence[tuple[str, str, Sequence[Lane]]], title: str, description: str, shown: Callable[[float], str]
) -> Markup:
    """Draw rows of (stack, label, two lanes) on one scale around zero: the first lane outlined, the second filled.

    `shown` writes a value. A lane that was not measured is left empty.
    """
    width, head, thick, letter = 400, 17, 13, 5.9  # narrow, so that letters are legible where it fills a phone
    step = head + 2 * thick + 6
    drawn = [lane for _, _, pair_of in rows for lane in pair_of if math.isfinite(lane.value)]
    low, high = extent(drawn)
    # Room for the longest label on either side, wherever its bar ends.
    left, right = (
        6 + letter * max((len(_words(lane, shown)) for lane in drawn if (lane.value >= 0) == positive), default=0)
        for positive in (False, True)
    )
    x_of = Scale(low, high, left, width - right)
    picture = Picture((width, step * len(rows) + 4), title, description, "lanes")
    for place, (stack, label, pair_of) in enumerate(rows):
        top = step * place
        picture.text(2, top + 13, label, "label")
        picture.upright("zero", x_of(0.0), top + head, top + head + 2 * thick)
        for row, (lane, kind) in enumerate(zip(pair_of, ("first", "second"), strict=True)):
            if math.isfinite(lane.value):
                _lane(picture, lane, f"{key_of(stack)} {kind}", x_of, (top + head + row * thick, thick), shown)
    return picture.svg()


def _words(lane: Lane, shown: Callable[[float], str]) -> str:
    return f"{lane.label}: {shown(lane.value)}"


def _lane(
    picture: Picture, lane: Lane, kind: str, x_of: Scale, place: tuple[float, float], shown: Callable[[float], str]
) -> None:
    """Draw a bar from zero, its interval, and its label beyond both."""
    y, thick = place
    start, end = sorted((x_of(0.0), x_of(lane.value)))
    picture.bar(f"bar {kind}", (start, end), y + 2, thick - 4, 0.8)
    if math.isfinite(lane.low) and lane.high > lane.low:
        low, high = x_of(lane.low), x_of(lane.high)
        picture.level("whisker", y + thick / 2, low, high)
        start, end = min(start, low), max(end, high)
    at, anchor = (end + 4, "start") if lane.value >= 0 else (start - 4, "end")
    picture.text(at, y + thick - 3, _words(lane, shown), "tick", anchor)


def extent(drawn: Sequence[Lane]) -> tuple[float, float]:
    """Return the least and greatest value that bars and intervals reach, zero included."""
    values = [value for lane in drawn for value in (lane.value, lane.low, lane.high) if math.isfinite(value)]
    low, high = min([0.0, *values]), max([0.0, *values])
    return (low, high) if high > low else (-1.0, 1.0)
