"""Pictures of a difference: who moved from A to B, and paired differences over the years. SVG text in the manner of
`stackcraft.viz.charts.kit`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from stackcraft.viz.charts.kit import apart, opening
from stackcraft.viz.charts.stacks import Axis, Curve, curves

LEAST_REACH = 0.01  # a picture of differences spans at least a point to either side


def slopes(
    rows: Sequence[tuple[str, float, float]], title: str, told: str, left_title: str, right_title: str
) -> Markup:
    """A line a country from its lead in A to its lead in B: rows of (name, A, B), US share less Chinese share as
    fractions.

    Lines that rise towards the US are solid, lines that fall towards China dashed; every end carries its name and
    number.
    """
    width, up, down, step = 460, 30, 12, 18
    height = up + down + max(120, step * len(rows))
    left, right = 164, width - 164
    ends = [value for _, a, b in rows for value in (a, b)] or [0.0]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    y_of = lambda v: up + (height - up - down) * (high - v) / ((high - low) or 1.0)  # noqa: E731
    parts = [opening(width, height, title, told, "slopes")]
    for x, anchor, words in ((left, "end", left_title), (right, "start", right_title)):
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{up - 6}" y2="{height - down + 6}"/>')
        parts.append(f'<text class="label" x="{x}" y="14" text-anchor="{anchor}">{escape(words)}</text>')
    if low < 0 < high:
        parts.append(f'<line class="zero" x1="{left}" x2="{right}" y1="{y_of(0):.1f}" y2="{y_of(0):.1f}"/>')
    places = [apart([y_of(row[side]) for row in rows], step, up, height - down) for side in (1, 2)]
    for i, (name, a, b) in enumerate(rows):
        key = "us" if b > a else "cn" if b < a else "grey"
        parts.append(f'<polyline class="line {key}" points="{left},{y_of(a):.1f} {right},{y_of(b):.1f}"/>')
        for x, value, place, anchor, away in ((left, a, places[0][i], "end", -1), (right, b, places[1][i], "start", 1)):
            parts.append(f'<circle class="mark {key}" cx="{x}" cy="{y_of(value):.1f}" r="3"/>')
            if abs(place - y_of(value)) > 2:
                parts.append(
                    f'<path class="leader {key}" d="M{x + 3 * away},{y_of(value):.1f}L{x + 10 * away},{place:.1f}"/>'
                )
            number = f"{100 * value:+.0f}"
            label = f"{_short(name)} {number}" if away < 0 else f"{number} {_short(name)}"
            parts.append(
                f'<text class="name {key}" x="{x + 12 * away}" y="{place + 4:.1f}" text-anchor="{anchor}">{escape(label)}</text>'
            )
    return Markup("".join([*parts, "</svg>"]))


def _short(name: str, letters: int = 17) -> str:
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"


def differences(years: Sequence[int], lines: Sequence[Curve], title: str, told: str, now: int | None = None) -> Markup:
    """Paired differences over the years around a zero line: mean and 95% interval of each stack, fractions shown as
    points.
    """
    numbers = [
        value
        for line in lines
        for values in (line.middle, line.low, line.high)
        if values is not None
        for value in values
        if math.isfinite(value)
    ]
    reach = max([LEAST_REACH, *(abs(value) for value in numbers)]) * 1.05
    tick = _tick(reach)
    axis = Axis(-reach, reach, (-tick, 0.0, tick), lambda v: f"{100 * v:+g}" if v else "0", lambda v: f"{100 * v:+.1f}")
    return curves(years, lines, title, told, size=(520, 230), axis=axis, cursor=now)


def _tick(reach: float) -> float:
    """The largest of 0.1, 0.2, 0.5, 1, 2, 5, ... points that fits."""
    steps = [digit * 10.0**power for power in range(-4, 1) for digit in (1, 2, 5)]
    return max((step for step in steps if step <= reach), default=reach)


def interval(differences_by_run: np.ndarray) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Mean over runs (first axis) and its 95% interval by Student's t; no bounds from one run."""
    runs = len(differences_by_run)
    mean = differences_by_run.mean(axis=0)
    if runs < 2:
        return mean, None, None
    from scipy.special import stdtrit

    half = float(stdtrit(runs - 1, 0.975)) * differences_by_run.std(axis=0, ddof=1) / math.sqrt(runs)
    return mean, mean - half, mean + half
