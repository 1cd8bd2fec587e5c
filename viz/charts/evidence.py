"""Pictures of how the hindcast is scored: a row a target, levels with their tolerance, reliability, blocks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from stackcraft.viz.charts.kit import Picture, Scale, apart, shape, ticks

WIDE, EDGE = 360, 16
AXIS, TICKS = 34, (50, 62)  # heights of a row's axis, and of the ticks below it
SQUARE = 260
LINE = 42  # between blocks


def beside(
    gain: float, interval: tuple[float, float], ticked: Mapping[str, float], told: tuple[str, str], ends: Sequence[str]
) -> Markup:
    """Draw a target's row: a dot for what is gained on the best baseline, with its interval, 0 in the middle.

    `ticked` has the gain of each model that is wrong on purpose by its letter; what lies beyond the row is drawn at
    its edge with an arrow. `told` is title and description, `ends` the words for the left, the middle and the right.
    """
    reach = 1.1 * max((abs(value) for value in (gain, *interval) if math.isfinite(value)), default=1.0)
    x_of = Scale(-reach, reach, EDGE, WIDE - EDGE, clipped=True)
    picture = Picture((WIDE, 80), *told, "beside axis")
    _ends(picture, ends)
    picture.level("grid", AXIS, EDGE, WIDE - EDGE)
    picture.upright("zero", x_of(0), AXIS - 12, TICKS[1])
    if all(map(math.isfinite, interval)):
        picture.level("whisker model", AXIS, *map(x_of, interval))
    picture.add(shape("circle", "mark model", cx=x_of(gain), cy=AXIS, r="6"))
    _ticks(picture, x_of, ticked)
    return picture.svg()


def within(
    level: tuple[float, float, float], ticked: Mapping[str, float], told: tuple[str, str], names: tuple[str, str]
) -> Markup:
    """Draw a level (foreseen, measured, tolerance): what was measured as an upright in the band of its tolerance.

    The dot is what was foreseen; `names` are written above, of the measured one first.
    """
    foreseen, seen, tolerance = level
    low, high = min(0.0, seen - tolerance), 1.08 * max(foreseen, seen + tolerance)
    x_of = Scale(low, high, EDGE, WIDE - EDGE, clipped=True)
    picture = Picture((WIDE, 80), *told, "beside axis")
    bounds = x_of(seen - tolerance), x_of(seen + tolerance)
    picture.box("tolerance", bounds[0], AXIS - 12, (bounds[1] - bounds[0], 24))
    picture.level("grid", AXIS, EDGE, WIDE - EDGE)
    picture.upright("seen", x_of(seen), AXIS - 12, AXIS + 12)
    picture.add(shape("circle", "mark model", cx=x_of(foreseen), cy=AXIS, r="6"))
    places = apart([x_of(seen), x_of(foreseen)], 104, 54, WIDE - 54)
    for x, words, kind in zip(places, names, ("tick", "name model"), strict=True):
        picture.text(x, 14, words, kind, "middle")
    _ticks(picture, x_of, ticked)
    return picture.svg()


def _ends(picture: Picture, ends: Sequence[str]) -> None:
    for x, words, anchor in zip((0, WIDE / 2, WIDE), ends, ("", "middle", "end"), strict=True):
        picture.text(x, 14, words, "tick", anchor)


def _ticks(picture: Picture, x_of: Scale, ticked: Mapping[str, float]) -> None:
    """Draw a tick and a letter for each wrong model; an arrow where its value lies beyond the axis."""
    known = {letter: value for letter, value in ticked.items() if math.isfinite(value)}
    drawn = apart([x_of(value) for value in known.values()], 17, EDGE - 8, WIDE - EDGE + 8)
    for (letter, value), x in zip(known.items(), drawn, strict=True):
        at = x_of(value)
        picture.add(shape("line", "wrong", x1=at, x2=at, y1=TICKS[0] - 8, y2=TICKS[0]))
        picture.add(shape("line", "wrong leader", x1=at, x2=x, y1=TICKS[0], y2=TICKS[1]))
        beyond = f"←{letter}" if value < x_of.low else f"{letter}→" if value > x_of.high else letter
        picture.text(x, TICKS[1] + 13, beyond, "label", "middle")


def reliability(rows: Sequence[tuple[float, float, int]], told: tuple[str, str], axes: tuple[str, str]) -> Markup:
    """Draw chance foreseen (across) against share that happened (upwards), a dot a group, with the diagonal."""
    top = max(0.2, math.ceil(10 * max(max(row[:2]) for row in rows)) / 10)
    x_of, y_of = Scale(0, top, 42, SQUARE - 12), Scale(0, top, SQUARE - 44, 24)
    picture = Picture((SQUARE, SQUARE), *told, "reliability axis")
    places = ticks(0, top, 5)
    picture.y_axis(y_of, places, _percent, (42, SQUARE - 12))
    picture.x_axis(x_of, places, _percent, (24, SQUARE - 44))
    picture.add(shape("line", "diagonal", x1=x_of(0), y1=y_of(0), x2=x_of(top), y2=y_of(top)))
    points = [(x_of(chance), y_of(happened)) for chance, happened, _ in rows]
    for x, y in points:
        picture.add(shape("circle", "mark model", cx=x, cy=y, r="5.5"))
    picture.text(0, 13, axes[1], "tick")
    picture.text(SQUARE - 12, SQUARE - 6, axes[0], "tick", "end")
    return picture.svg()


def blocks(rows: Sequence[tuple[str, float, float, float]], told: tuple[str, str]) -> Markup:
    """Draw a score by block: (name, fitted with it, left out, baseline) as a disc, a ring and an upright."""
    top = max(max(scores) for _, *scores in rows) * 1.06
    x_of = Scale(0, top, EDGE, WIDE - EDGE)
    picture = Picture((WIDE, LINE * len(rows) + 24), *told, "blocks axis")
    picture.x_axis(x_of, ticks(0, top, 4), lambda value: f"{value:.1f}", (4, LINE * len(rows) + 4))
    for place, (name, fitted, left_out, baseline) in enumerate(rows):
        y = LINE * place + 31
        picture.text(2, y - 14, name, "label plate")
        picture.level("grid", y, EDGE, WIDE - EDGE)
        picture.upright("seen", x_of(baseline), y - 9, y + 9)
        picture.add(shape("circle", "mark model hollow", cx=x_of(left_out), cy=y, r="7"))
        picture.add(shape("circle", "mark model", cx=x_of(fitted), cy=y, r="4"))
    return picture.svg()


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"
