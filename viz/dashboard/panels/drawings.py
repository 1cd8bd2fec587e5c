"""Pictures of one country and of deals as SVG text, in the manner of `stackcraft.viz.charts.kit`: colour from the
page, never colour alone.

Every function takes plain numbers and finished words; the page puts a table of the same numbers beside each picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from stackcraft.agents.names import STACKS
from stackcraft.viz.charts.kit import KEYS, apart, mark, opening
from stackcraft.viz.words.sentences import STACK_SHORT

LETTER = 6.6  # width of a letter of 11.5 px


def shorten(words: str, letters: int) -> str:
    """The words, cut with an ellipsis where they are longer than `letters`."""
    return words if len(words) <= letters else words[: max(1, letters - 1)].rstrip() + "…"


def stack_bars(
    years: Sequence[int],
    shares: np.ndarray,
    title: str,
    told: str,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
    now: int | None = None,
) -> Markup:
    """A bar a year, cut by stack; the stack that leads at `now` (a year; the last where None) stands at the foot with
    its band.

    `shares` has shape (year, 3), fractions that sum to 1 or NaN; `low` and `high` bound every stack, same shape.
    """
    width, height, left, up, down, right = 320, 176, 36, 8, 22, 92
    at = years.index(now) if now in years else len(years) - 1
    order = list(np.argsort(-np.nan_to_num(shares[at]), kind="stable"))
    step = (width - left - right) / len(years)
    y_of = lambda v: height - down - (height - up - down) * min(max(v, 0.0), 1.0)  # noqa: E731
    parts = [opening(width, height, title, told, "stack-bars")]
    for value in (0.0, 0.5, 1.0):
        parts.append(
            f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y_of(value):.1f}" y2="{y_of(value):.1f}"/>'
        )
        parts.append(
            f'<text class="tick" x="{left - 5}" y="{y_of(value) + 3.5:.1f}" text-anchor="end">{100 * value:.0f}%</text>'
        )
    bases = np.zeros(len(years))
    middles = {}
    for stack in order:
        tops = bases + np.nan_to_num(shares[:, stack])
        bars = [
            f"M{left + step * i + 0.08 * step:.1f},{y_of(tops[i]):.1f}h{0.84 * step:.1f}V{y_of(bases[i]):.1f}h{-0.84 * step:.1f}z"
            for i in range(len(years))
            if math.isfinite(shares[i, stack]) and tops[i] - bases[i] > 0.002
        ]
        parts.append(f'<path class="bar {KEYS[STACKS[stack]]}" d="{"".join(bars)}"/>')
        middles[stack] = y_of(0.5 * float(bases[-1] + tops[-1]))
        bases = tops
    if low is not None and high is not None:
        lead = order[0]
        d = "".join(
            f"M{left + step * (i + 0.5):.1f},{y_of(float(high[i, lead])):.1f}V{y_of(float(low[i, lead])):.1f}"
            for i in range(len(years))
            if math.isfinite(low[i, lead]) and math.isfinite(high[i, lead])
        )
        parts.append(f'<path class="range" d="{d}"/>')
    if now in years:
        parts.append(
            f'<rect class="now" x="{left + step * at:.1f}" y="{up - 3}" width="{step:.1f}" height="{height - up - down + 6}"/>'
        )
    for i in sorted({0, len(years) - 1}):
        place, anchor = (left, "start") if i == 0 else (width - right, "end")
        parts.append(f'<text class="tick" x="{place}" y="{height - 6}" text-anchor="{anchor}">{years[i]}</text>')
    shown = [stack for stack in order if math.isfinite(shares[-1, stack])]
    for stack, y in zip(shown, apart([middles[stack] for stack in shown], 14, up + 4, height - down)):
        name = "Indep." if STACKS[stack] == "independent" else STACK_SHORT[STACKS[stack]]
        label = f"{name} {100 * shares[-1, stack]:.0f}%"
        parts.append(f'<text class="name {KEYS[STACKS[stack]]}" x="{width - right + 7}" y="{y + 4:.1f}">{label}</text>')
    return Markup("".join([*parts, "</svg>"]))


def waterfall(steps: Sequence[tuple[str, float]], title: str, told: str, stack: str, start: str, end: str) -> Markup:
    """From level, step by step, to the winner's lead: (label, gap) in order; steps to the right are for the winner."""
    width, row, left, right = 440, 23, 196, 50
    total = sum(gap for _, gap in steps)
    edges = np.concatenate([[0.0], np.cumsum([gap for _, gap in steps])])
    low, high = float(min(0.0, edges.min())), float(max(0.0, edges.max()))
    reach = (high - low) or 1.0
    x_of = lambda v: left + 4 + (width - left - right - 8) * (v - low) / reach  # noqa: E731
    height = row * (len(steps) + 2) + 4
    parts = [opening(width, height, title, told, "waterfall")]
    parts.append(f'<line class="zero" x1="{x_of(0):.1f}" x2="{x_of(0):.1f}" y1="0" y2="{height - 2}"/>')

    def line(number: int, label: str, value: str, kind: str = "label") -> None:
        y = row * number + 16
        parts.append(
            f'<text class="{kind}" x="{left - 8}" y="{y}" text-anchor="end">{escape(shorten(label, 28))}</text>'
        )
        parts.append(f'<text class="tick" x="{width - 2}" y="{y}" text-anchor="end">{value}</text>')

    line(0, start, "0.00", "name")
    for number, (label, gap) in enumerate(steps, 1):
        before, after = edges[number - 1], edges[number]
        kind = KEYS.get(stack, "grey") if gap >= 0 else "grey"
        top = row * number + 4
        line(number, label, f"{gap:+.2f}")
        parts.append(f'<path class="step" d="M{x_of(before):.1f},{top - row + 15}V{top}"/>')
        parts.append(
            f'<rect class="bar {kind}" x="{x_of(min(before, after)):.1f}" y="{top}" '
            f'width="{max(x_of(max(before, after)) - x_of(min(before, after)), 1):.1f}" height="15"/>'
        )
    top = row * (len(steps) + 1) + 4
    line(len(steps) + 1, end, f"{total:+.2f}", "name")
    parts.append(f'<path class="step" d="M{x_of(total):.1f},{top - row + 15}V{top}"/>')
    parts.append(
        f'<rect class="bar total" x="{x_of(min(0.0, total)):.1f}" y="{top}" width="{max(abs(x_of(total) - x_of(0.0)), 1):.1f}" height="15"/>'
    )
    return Markup("".join([*parts, "</svg>"]))


@dataclass(frozen=True)
class Course:
    """The stages of one deal in decimal years, NaN where not reached; `ending` tells what became of it, `kept` whether
    it lasted.
    """

    label: str
    stack: str
    signed: float
    financed: float
    operating: float
    ended: float
    ending: str
    kept: bool


def timeline(courses: Sequence[Course], first: int, last: int, title: str) -> Markup:
    """A line a deal under its words: open mark at signing, a stroke at finance, a thick bar while it operates, a mark
    at its end.
    """
    width, height, side = 560, 20, 8
    x_of = lambda year: side + (width - 2 * side) * (min(max(year, first), last) - first) / max(1, last - first)  # noqa: E731
    ticks = sorted(
        {first, last, *(year for year in range(first, last) if year % 5 == 0 and year - first > 2 and last - year > 2)}
    )
    grid = "".join(
        f'<line class="grid" x1="{x_of(year):.1f}" x2="{x_of(year):.1f}" y1="0" y2="{height}"/>' for year in ticks
    )
    items = []
    for one in courses:
        y, key = height / 2, KEYS.get(one.stack, "grey")
        parts = [opening(width, height, one.label, one.ending, "course"), grid]
        x = x_of(one.signed)
        stop = one.ended if math.isfinite(one.ended) else float(last)
        started = min(stop, one.operating) if math.isfinite(one.operating) else stop
        parts.append(f'<line class="wait {key}" x1="{x:.1f}" x2="{x_of(started):.1f}" y1="{y}" y2="{y}"/>')
        if math.isfinite(one.operating):
            size = max(x_of(stop) - x_of(one.operating), 2)
            parts.append(
                f'<rect class="bar {key}" x="{x_of(one.operating):.1f}" y="{y - 6}" width="{size:.1f}" height="12"/>'
            )
        if math.isfinite(one.financed):
            parts.append(
                f'<line class="stroke" x1="{x_of(one.financed):.1f}" x2="{x_of(one.financed):.1f}" y1="{y - 8}" y2="{y + 8}"/>'
            )
        parts.append(mark(one.stack, x, y, 4.5, hollow=True))
        if math.isfinite(one.ended):
            d = (
                f"M{x_of(one.ended) - 5:.1f},{y}l4,5l7,-10"
                if one.kept
                else f"M{x_of(one.ended) - 5:.1f},{y - 5}l10,10m0,-10l-10,10"
            )
            parts.append(f'<path class="ended{" kept" if one.kept else ""}" d="{d}"/>')
        items.append(
            (
                Markup('<p class="row-words"><b>{}</b> {}</p>').format(one.label, one.ending),
                Markup("".join([*parts, "</svg>"])),
            )
        )
    anchors = {first: "start", last: "end"}
    return _rows(
        items,
        width,
        [
            (x_of(year) + {first: -side, last: side}.get(year, 0), anchors.get(year, "middle"), str(year))
            for year in ticks
        ],
        title,
        "timeline",
    )


def _rows(
    items: Sequence[tuple[Markup, Markup]], width: int, ticks: Sequence[tuple[float, str, str]], title: str, kind: str
) -> Markup:
    """Lines of words, each over its picture, with one axis below them all: words break on a narrow screen and stay
    legible.
    """
    axis = "".join(
        f'<text class="tick" x="{x:.1f}" y="14" text-anchor="{anchor}">{escape(words)}</text>'
        for x, anchor, words in ticks
    )
    lines = Markup("").join(Markup("<li>{}{}</li>").format(words, picture) for words, picture in items)
    foot = Markup(f'<svg class="chart axis" viewBox="0 0 {width} 20" aria-hidden="true">{axis}</svg>')
    return Markup('<div class="rows {}"><ol aria-label="{}">{}</ol>{}</div>').format(kind, title, lines, foot)


@dataclass(frozen=True)
class Strand:
    """One of two lines that are compared: values by year, and bounds or None."""

    label: str
    middle: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def pair(
    years: Sequence[int],
    stack: str,
    said: Strand,
    found: Strand,
    title: str,
    told: str,
    top: float,
    show: Callable[[float], str],
    valued: bool = True,
) -> Markup:
    """What is said (thin, open mark at the end) against what is so (thick, full mark), from 0 to `top`; `valued`: with
    the last values.
    """
    width, height, up, down = 300, 150, 12, 22
    left = 12 + LETTER * len(show(top))
    right = 18 + 1.12 * LETTER * max(len(_end_words(one, show, valued)) for one in (said, found))
    x_of = lambda i: left + (width - left - right) * i / max(1, len(years) - 1)  # noqa: E731
    y_of = lambda v: height - down - (height - up - down) * min(max(v, 0.0), top) / (top or 1.0)  # noqa: E731
    key = KEYS.get(stack, "grey")
    parts = [opening(width, height, title, told, "pair")]
    for value in (0.0, top / 2, top):
        parts.append(
            f'<line class="grid" x1="{left:.1f}" x2="{width - right:.1f}" y1="{y_of(value):.1f}" y2="{y_of(value):.1f}"/>'
        )
        parts.append(
            f'<text class="tick" x="{left - 5:.1f}" y="{y_of(value) + 4:.1f}" text-anchor="end">{escape(show(value))}</text>'
        )
    for i, anchor in {0: "start", len(years) - 1: "end"}.items():
        parts.append(f'<text class="tick" x="{x_of(i):.1f}" y="{height - 6}" text-anchor="{anchor}">{years[i]}</text>')
    for one in (said, found):
        if one.low is not None and one.high is not None:
            above = [f"{x_of(i):.1f},{y_of(v):.1f}" for i, v in enumerate(one.high) if math.isfinite(v)]
            below = [f"{x_of(i):.1f},{y_of(v):.1f}" for i, v in enumerate(one.low) if math.isfinite(v)]
            parts.append(f'<polygon class="band {key}" points="{" ".join(above + below[::-1])}"/>')
    ends = []
    for one, kind in ((said, "said"), (found, "found")):
        drawn = [(x_of(i), y_of(v)) for i, v in enumerate(one.middle) if math.isfinite(v)]
        parts.append(f'<polyline class="{kind} {key}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)}"/>')
        ends.append(drawn[-1] if drawn else (x_of(len(years) - 1), y_of(0)))
    places = apart([y for _, y in ends], 15, up, height - down)
    for one, (x, y), place, hollow in zip((said, found), ends, places, (True, False)):
        parts.append(mark(stack, x, y, 3.6, hollow))
        parts.append(
            f'<text class="name {key}" x="{width - right + 9:.1f}" y="{place + 4:.1f}">{escape(_end_words(one, show, valued))}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))


def _end_words(one: Strand, show: Callable[[float], str], valued: bool) -> str:
    return f"{one.label} {show(_last(one.middle))}" if valued else one.label


def _last(values: np.ndarray) -> float:
    finite = [float(value) for value in values if math.isfinite(value)]
    return finite[-1] if finite else math.nan


def intervals(
    rows: Sequence[tuple[str, str, float, float, float, str]], title: str, unit: Callable[[float], str]
) -> Markup:
    """Rows of (stack, label, value, low, high, words) on one scale around 0: label and words over the line of each."""
    width, height, side = 560, 18, 10
    numbers = [abs(value) for _, _, *three, _ in rows for value in three if math.isfinite(value)]
    reach = max(numbers, default=0.0) or 0.01
    x_of = lambda v: side + (width - 2 * side) * (v + reach) / (2 * reach)  # noqa: E731
    grid = f'<line class="grid" x1="{side}" x2="{width - side}" y1="{height / 2}" y2="{height / 2}"/><line class="zero" x1="{x_of(0):.1f}" x2="{x_of(0):.1f}" y1="0" y2="{height}"/>'
    items = []
    for stack, label, value, low, high, words in rows:
        y, key = height / 2, KEYS.get(stack, "grey")
        parts = [opening(width, height, label, words, "course"), grid]
        if math.isfinite(low) and math.isfinite(high):
            parts.append(f'<line class="whisker {key}" x1="{x_of(low):.1f}" x2="{x_of(high):.1f}" y1="{y}" y2="{y}"/>')
        if math.isfinite(value):
            parts.append(mark(stack, x_of(value), y, 5))
        items.append(
            (
                Markup('<p class="row-words">{} <b class="{}">{}</b></p>').format(label, key, words),
                Markup("".join([*parts, "</svg>"])),
            )
        )
    ticks = [
        (x_of(value) + shift, anchor, unit(value))
        for value, anchor, shift in ((-reach, "start", -side), (0.0, "middle", 0), (reach, "end", side))
    ]
    return _rows(items, width, ticks, title, "intervals")


def stages(rows: Sequence[tuple[str, float, str, str]], title: str, told: str, stack: str) -> Markup:
    """Bars one below the other: (label, size, words, kind), where kind is "" for what was reached and "lost" for what
    was lost.
    """
    width, row, left, right = 420, 25, 112, 182
    most = max((size for _, size, _, _ in rows if math.isfinite(size)), default=1.0) or 1.0
    height = row * len(rows) + 2
    parts = [opening(width, height, title, told, "stages")]
    for number, (label, size, words, kind) in enumerate(rows):
        y = row * number
        long = (width - left - right) * (size if math.isfinite(size) else 0.0) / most
        fill = "grey" if kind == "lost" else KEYS.get(stack, "grey")
        parts.append(f'<text class="label" x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<rect class="bar {fill}" x="{left}" y="{y + 3}" width="{max(long, 1):.1f}" height="17"/>')
        parts.append(f'<text class="tick" x="{left + long + 7:.1f}" y="{y + 16}">{escape(words)}</text>')
    return Markup("".join([*parts, "</svg>"]))
