"""Bars in two lanes with intervals: for each row what a first and a second thing do, on one scale around zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from stackcraft.experiments.live.lever_effects import Effect
from stackcraft.viz.charts.kit import KEYS, opening

WIDTH = 400  # narrow, so that letters stay legible where the chart fills a phone
HEAD, LANE = 17, 13
LETTER = 5.9


@dataclass(frozen=True)
class Row:
    """One row: `first` is drawn outlined, `second` filled; `first_label` and `second_label` say what they are."""

    label: str
    stack: str
    first: Effect
    first_label: str
    second: Effect
    second_label: str


def lanes(rows: Sequence[Row], title: str, description: str, shown: Callable[[float], str]) -> Markup:
    """The rows as SVG; `shown` writes a value. An effect that was not measured leaves its lane empty."""
    step = HEAD + 2 * LANE + 6
    height = step * len(rows) + 4
    drawn = [
        (one, f"{label}: {shown(one.mean)}")
        for row in rows
        for one, label in ((row.first, row.first_label), (row.second, row.second_label))
        if math.isfinite(one.mean)
    ]
    low, high = extent([one for one, _ in drawn])
    # Room for the longest label on either side, wherever its bar ends.
    left, right = (
        6 + LETTER * max((len(label) for one, label in drawn if (one.mean >= 0) == positive), default=0)
        for positive in (False, True)
    )
    x_of = lambda value: left + (WIDTH - left - right) * (value - low) / (high - low)  # noqa: E731
    zero = x_of(0.0)
    parts = [opening(WIDTH, height, title, description, "lanes")]
    for place, row in enumerate(rows):
        top = step * place
        key = KEYS.get(row.stack, "grey")
        parts.append(f'<text class="label" x="2" y="{top + 13}">{escape(row.label)}</text>')
        parts.append(
            f'<line class="zero" x1="{zero:.1f}" x2="{zero:.1f}" y1="{top + HEAD}" y2="{top + HEAD + 2 * LANE}"/>'
        )
        for lane, (one, label, kind) in enumerate(
            ((row.first, row.first_label, "first"), (row.second, row.second_label, "second"))
        ):
            if math.isfinite(one.mean):
                parts += _bar(one, f"{label}: {shown(one.mean)}", f"{key} {kind}", x_of, top + HEAD + lane * LANE)
    parts.append("</svg>")
    return Markup("".join(parts))


def _bar(one: Effect, label: str, kind: str, x_of: Callable[[float], float], y: float) -> list[str]:
    """A bar from zero, its interval, and its label beyond both."""
    start, end = sorted((x_of(0.0), x_of(one.mean)))
    parts = [
        f'<rect class="bar {kind}" x="{start:.1f}" y="{y + 2}" width="{max(end - start, 0.8):.1f}" height="{LANE - 4}"/>'
    ]
    if math.isfinite(one.low) and one.high > one.low:
        low, high = x_of(one.low), x_of(one.high)
        parts.append(f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y + LANE / 2}" y2="{y + LANE / 2}"/>')
        start, end = min(start, low), max(end, high)
    at, anchor = (end + 4, "start") if one.mean >= 0 else (start - 4, "end")
    parts.append(f'<text class="tick" x="{at:.1f}" y="{y + LANE - 3}" text-anchor="{anchor}">{escape(label)}</text>')
    return parts


def extent(effects: Sequence[Effect]) -> tuple[float, float]:
    """The least and greatest value that bars and intervals reach, zero included."""
    values = [value for one in effects for value in (one.mean, one.low, one.high) if math.isfinite(value)]
    low, high = min([0.0, *values]), max([0.0, *values])
    return (low, high) if high > low else (-1.0, 1.0)
