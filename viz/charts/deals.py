"""Charts of deals and choices: why a bid won, what became of deals, measured effects, stages that were reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup, escape

from stackcraft.viz.charts.kit import Picture, Scale, key_of, shortened


def waterfall(steps: Sequence[tuple[str, float]], title: str, told: str, stack: str, ends: tuple[str, str]) -> Markup:
    """Draw (label, gap) in order, from level to the winner's lead; steps to the right favour the winner."""
    width, row, left, thick = 440, 23, 196, 15
    edges = [0.0, *accumulate(gap for _, gap in steps)]
    x_of = Scale(min(edges), max(edges), left + 4, width - 54)
    picture = Picture((width, row * (len(steps) + 2) + 4), title, told, "waterfall")
    picture.upright("zero", x_of(0), 0, picture.height - 2)
    lines = [(ends[0], "0.00", "name"), *((label, f"{gap:+.2f}", "label") for label, gap in steps)]
    lines.append((ends[1], f"{edges[-1]:+.2f}", "name"))
    bars = [(key_of(stack) if gap >= 0 else "grey", edges[i : i + 2]) for i, (_, gap) in enumerate(steps)]
    for i, (label, value, kind) in enumerate(lines):
        picture.text(left - 8, row * i + 16, shortened(label, 28), kind, "end")
        picture.text(width - 2, row * i + 16, value, "tick", "end")
    for i, (kind, (before, after)) in enumerate([*bars, ("total", (edges[-1], 0.0))], 1):
        top = row * i + 4
        picture.path("step", f"M{x_of(before):.1f},{top - row + thick}V{top}")
        picture.bar(f"bar {kind}", (x_of(before), x_of(after)), top, thick)
    return picture.svg()


@dataclass(frozen=True)
class Course:
    """The stages of one deal in decimal years, NaN where not reached; `ending` says what became of it."""

    label: str
    stack: str
    signed: float
    financed: float
    operating: float
    ended: float
    ending: str
    kept: bool


def timeline(courses: Sequence[Course], first: int, last: int, title: str) -> Markup:
    """Draw a line for each deal under its words: a mark at signing, a stroke at finance, a bar while it operates."""
    width, height, side = 560, 20, 8
    x_of = Scale(first, max(last, first + 1), side, width - side, clipped=True)
    fives = (year for year in range(first, last) if year % 5 == 0 and year - first > 2 and last - year > 2)
    ticks = sorted({first, last, *fives})
    items = []
    for course in courses:
        picture = Picture((width, height), course.label, course.ending, "course")
        y, key = height / 2, key_of(course.stack)
        stop = course.ended if math.isfinite(course.ended) else float(last)
        for year in ticks:
            picture.upright("grid", x_of(year), 0, height)
        started = min(stop, course.operating) if math.isfinite(course.operating) else stop
        picture.level(f"wait {key}", y, x_of(course.signed), x_of(started))
        if math.isfinite(course.operating):
            picture.bar(f"bar {key}", (x_of(course.operating), max(x_of(stop), x_of(course.operating))), y - 6, 12, 2)
        if math.isfinite(course.financed):
            picture.upright("stroke", x_of(course.financed), y - 8, y + 8)
        picture.mark(course.stack, x_of(course.signed), y, 4.5, hollow=True)
        if math.isfinite(course.ended):
            x = x_of(course.ended) - 5
            sign = f"M{x:.1f},{y}l4,5l7,-10" if course.kept else f"M{x:.1f},{y - 5}l10,10m0,-10l-10,10"
            picture.path(f"ended{' kept' if course.kept else ''}", sign)
        words = Markup('<p class="row-words"><b>{}</b> {}</p>').format(course.label, course.ending)
        items.append((words, picture.svg()))
    at_ends = {first: (-side, "start"), last: (side, "end")}
    places = [(x_of(year), *at_ends.get(year, (0, "middle")), str(year)) for year in ticks]
    return _rows(items, width, [(x + shift, anchor, words) for x, shift, anchor, words in places], title, "timeline")


def _rows(
    items: Sequence[tuple[Markup, Markup]], width: int, ticks: Sequence[tuple[float, str, str]], title: str, kind: str
) -> Markup:
    """Put lines of words over their pictures, with one axis below them all: words break on a narrow screen."""
    axis = "".join(
        f'<text class="tick" x="{x:.1f}" y="14" text-anchor="{anchor}">{escape(words)}</text>'
        for x, anchor, words in ticks
    )
    lines = Markup("").join(Markup("<li>{}{}</li>").format(words, picture) for words, picture in items)
    foot = Markup(f'<svg class="chart axis" viewBox="0 0 {width} 20" aria-hidden="true">{axis}</svg>')
    return Markup('<div class="rows {}"><ol aria-label="{}">{}</ol>{}</div>').format(kind, title, lines, foot)


def intervals(
    rows: Sequence[tuple[str, str, float, float, float, str]], title: str, unit: Callable[[float], str]
) -> Markup:
    """Draw rows of (stack, label, value, low, high, words) on one scale around 0: label and words over each line."""
    width, height, side = 560, 18, 10
    sizes = [abs(value) for _, _, *numbers, _ in rows for value in numbers if math.isfinite(value)]
    reach = max(sizes, default=0.0) or 0.01
    x_of = Scale(-reach, reach, side, width - side)
    items = []
    for stack, label, value, low, high, words in rows:
        picture = Picture((width, height), label, words, "course")
        picture.level("grid", height / 2, side, width - side)
        picture.upright("zero", x_of(0), 0, height)
        picture.whisker(stack, x_of, low, high, height / 2)
        if math.isfinite(value):
            picture.mark(stack, x_of(value), height / 2, 5)
        told = Markup('<p class="row-words">{} <b class="{}">{}</b></p>').format(label, key_of(stack), words)
        items.append((told, picture.svg()))
    ends = ((-reach, "start", -side), (0.0, "middle", 0), (reach, "end", side))
    ticks = [(x_of(value) + shift, anchor, unit(value)) for value, anchor, shift in ends]
    return _rows(items, width, ticks, title, "intervals")


def stages(rows: Sequence[tuple[str, float, str, str]], title: str, told: str, stack: str) -> Markup:
    """Draw bars of (label, size, words, kind); kind is "" for what was reached and "lost" for what was lost."""
    width, row, left, right = 420, 25, 112, 182
    most = max((size for _, size, _, _ in rows if math.isfinite(size)), default=1.0) or 1.0
    x_of = Scale(0, most, left, width - right)
    picture = Picture((width, row * len(rows) + 2), title, told, "stages")
    for i, (label, size, words, kind) in enumerate(rows):
        y, end = row * i, x_of(size if math.isfinite(size) else 0.0)
        picture.text(left - 8, y + 16, label, "label", "end")
        picture.bar(f"bar {'grey' if kind == 'lost' else key_of(stack)}", (left, end), y + 3, 17)
        picture.text(end + 7, y + 16, words)
    return picture.svg()
