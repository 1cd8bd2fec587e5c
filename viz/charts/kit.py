"""The kit that every chart is drawn with: scales and ticks, shapes and text, bands, marks, names at line ends, tables.

A chart is SVG text: no library, no script, readable in black and white and by a screen reader. Colours come from the
page (`--us`, `--cn`, `--in`, ...), so one chart serves the light and the dark theme. Colour never carries a meaning
alone: the US stack has solid lines and round marks, the Chinese stack dashed lines and diamonds, independent vendors
dotted lines and squares, and curves carry their names. `table` gives the same numbers as an HTML table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

KEYS = {"US": "us", "CN": "cn", "independent": "in"}  # the class of a stack's shapes
Point = tuple[float, float]
LETTER = 6.5  # how wide a letter of a chart is, in the units of the picture


def key_of(stack: str) -> str:
    """Return the class of a stack's shapes: "us", "cn", "in", or "grey" for anything else."""
    return KEYS.get(stack, "grey")


@dataclass(frozen=True)
class Scale:
    """The place of a value in a picture: `low` is drawn at `start`, `high` at `end`; `clipped` keeps values between."""

    low: float
    high: float
    start: float
    end: float
    clipped: bool = False
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        low, high = self.low, self.high
        if self.clipped:
            value = min(max(value, low), high)
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low / 10))
        return self.start + (self.end - self.start) * (value - low) / ((high - low) or 1.0)


def ticks(low: float, high: float, number: int = 5) -> list[float]:
    """Return round places along an axis from `low` to `high`, about `number` of them."""
    reach = high - low
    if not (math.isfinite(reach) and reach > 0):
        return [low]
    rough = reach / max(1, number)
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * min((digit for digit in (1, 2, 5, 10) if digit * size >= rough * 0.999), default=10)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


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
    for i, place in zip(order, moved, strict=True):
        result[i] = max(place, low)
    return result


def shortened(words: str, letters: int) -> str:
    """Return the words, cut with an ellipsis where they are longer than `letters`."""
    return words if len(words) <= letters else words[: max(1, letters - 1)].rstrip() + "…"


def number(value: float) -> str:
    """Return a place or size as SVG writes it: one digit after the point, none where it is 0."""
    return f"{value:.1f}".removesuffix(".0")


def shape(tag: str, kind: str, note: str = "", **places: float | str) -> str:
    """Return an SVG element of class `kind`; `note` is shown under the pointer, `places` are its attributes."""
    written = "".join(
        f' {name.replace("_", "-")}="{value if isinstance(value, str) else number(value)}"'
        for name, value in places.items()
    )
    inside = f"><title>{escape(note)}</title></{tag}>" if note else "/>"
    return f"<{tag}{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}{written}{inside}"


def mark(stack: str, x: float, y: float, size: float = 4, hollow: bool = False, note: str = "") -> str:
    """Return the mark of a stack: a circle, a diamond for China, a square for independent vendors.

    `hollow` is for the first of two states, such as what is believed beside what is true.
    """
    kind = f"mark {key_of(stack)}{' hollow' if hollow else ''}"
    if stack == "CN":
        d = size * 1.25
        way = f"M{x:.1f},{y - d:.1f}l{d:.1f},{d:.1f}l{-d:.1f},{d:.1f}l{-d:.1f},{-d:.1f}z"
        return shape("path", kind, note, d=way)
    if stack == "independent":
        return shape("rect", kind, note, x=x - size * 0.9, y=y - size * 0.9, width=size * 1.8, height=size * 1.8)
    return shape("circle", kind, note, cx=x, cy=y, r=f"{size:g}")


class Picture:
    """One chart in the making, `width` by `height`, named for screen readers; `style` is CSS for its size on a page.

    Every method adds to it and takes places in units of the picture; `svg` returns it.
    """

    def __init__(self, size: tuple[float, float], title: str, description: str, kind: str, style: str = ""):
        self.width, self.height = size
        # As first children, title and desc name the image for a screen reader without ids, which must differ on a page.
        styled = f' style="{style}"' if style else ""
        self.parts = [
            (
                f'<svg class="chart {kind}" viewBox="0 0 {self.width:g} {self.height:g}" role="img"{styled}>'
                f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
            )
        ]

    def add(self, *parts: str) -> None:
        """Add finished SVG."""
        self.parts += parts

    def text(self, x: float, y: float, words: object, kind: str = "tick", anchor: str = "") -> None:
        """Write words at a place; `anchor` is "middle" or "end" where they do not start there."""
        anchored = f' text-anchor="{anchor}"' if anchor else ""
        named = f' class="{kind}"' if kind else ""
        self.add(f'<text{named} x="{number(x)}" y="{number(y)}"{anchored}>{escape(words)}</text>')

    def lines_of_text(self, x: float, y: float, lines: Sequence[str], anchor: str, step: float = 13) -> None:
        """Write a label of one line or more, the first at height `y`."""
        for i, line in enumerate(lines):
            self.text(x, y + step * i, line, "label", anchor)

    def level(self, kind: str, y: float, x1: float, x2: float) -> None:
        """Draw a level line."""
        self.add(shape("line", kind, x1=x1, x2=x2, y1=y, y2=y))

    def upright(self, kind: str, x: float, y1: float, y2: float) -> None:
        """Draw an upright line."""
        self.add(shape("line", kind, x1=x, x2=x, y1=y1, y2=y2))

    def box(self, kind: str, x: float, y: float, size: tuple[float, float], note: str = "") -> None:
        """Draw a rectangle from its upper left corner."""
        self.add(shape("rect", kind, note, x=x, y=y, width=size[0], height=size[1]))

    def bar(self, kind: str, ends: tuple[float, float], y: float, thick: float, least: float = 1) -> None:
        """Draw a level bar between two places, at least `least` long."""
        start, end = min(ends), max(ends)
        self.box(kind, start, y, (max(end - start, least), thick))

    def path(self, kind: str, d: str, note: str = "") -> None:
        """Draw a path."""
        self.add(shape("path", kind, note, d=d))

    def curve(self, kind: str, points: Iterable[Point]) -> None:
        """Draw a line through the points."""
        self.add(shape("polyline", kind, points=_pairs(points)))

    def band(self, kind: str, above: Iterable[Point], below: Iterable[Point]) -> None:
        """Fill what lies between two lines, both from left to right; nothing where there are no points."""
        edge = [*above, *reversed(list(below))]
        if edge:
            self.add(shape("polygon", kind, points=_pairs(edge)))

    def whisker(self, stack: str, scale: Scale, low: float, high: float, y: float) -> None:
        """Draw an interval as a level line, where both its bounds are numbers."""
        if math.isfinite(low) and math.isfinite(high):
            self.level(f"whisker {key_of(stack)}", y, scale(low), scale(high))

    def mark(self, stack: str, x: float, y: float, size: float = 4, hollow: bool = False, note: str = "") -> None:
        """Draw the mark of a stack."""
        self.add(mark(stack, x, y, size, hollow, note))

    def y_axis(
        self, scale: Scale, places: Iterable[float], show: Callable[[float], str], ends: tuple[float, float]
    ) -> None:
        """Draw a level grid line at each place, from end to end, with its value to the left."""
        for value in places:
            y = scale(value)
            self.level("zero" if value == 0 and scale.low < 0 else "grid", y, *ends)
            self.text(ends[0] - 5, y + 3.5, show(value), "tick", "end")

    def x_axis(
        self, scale: Scale, places: Iterable[float], show: Callable[[float], str], ends: tuple[float, float]
    ) -> None:
        """Draw an upright grid line at each place, from end to end, with its value below."""
        for value in places:
            x = scale(value)
            self.upright("grid", x, *ends)
            self.text(x, ends[1] + 16, show(value), "tick", "middle")

    def years(self, x_of: Callable[[int], float], years: Sequence[int], shown: Iterable[int]) -> None:
        """Write the years at the positions `shown` along the foot; the last ends at its place."""
        last = len(years) - 1
        for i in sorted(set(shown)):
            self.text(
                x_of(i), self.height - 6, years[i], "tick", "start" if i == 0 else "end" if i == last else "middle"
            )

    def names(
        self, named: Sequence[tuple[str, str, float]], x: float, least: float, bounds: tuple[float, float]
    ) -> None:
        """Write (stack, name, height) beside line ends at `x`, moved apart by `least` within `bounds`, with leaders."""
        for (stack, name, end), y in zip(named, apart([end for _, _, end in named], least, *bounds), strict=True):
            if abs(y - end) > 3:
                self.path(f"leader {key_of(stack)}", f"M{x + 1:.1f},{end:.1f}L{x + 7:.1f},{y:.1f}")
            self.text(x + 9, y + 4, name, f"name {key_of(stack)}")

    def svg(self) -> Markup:
        """Return the picture."""
        return Markup("".join([*self.parts, "</svg>"]))


def finite(x_of: Callable[[int], float], y_of: Callable[[float], float], values: Iterable[float]) -> list[Point]:
    """Return the places of a series: the position of each value to `x_of`, the value to `y_of`; gaps are left out."""
    return [(x_of(i), y_of(float(value))) for i, value in enumerate(values) if math.isfinite(value)]


def _pairs(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def patterns() -> Markup:
    """Return the hatches that charts and maps refer to; they belong once on a page."""
    hatches = (
        ("us", 7, "", ("fill-us", 7), '<circle cx="2" cy="2" r="1" class="ink"/>'),
        ("cn", 6, "rotate(45)", ("fill-cn", 6), '<rect width="1.5" height="6" class="ink"/>'),
        ("none", 14, "rotate(45)", ("land", 14), '<rect width="4" height="14" class="hatch"/>'),
        ("below", 6, "rotate(45)", None, '<rect width="1.6" height="6" class="below-ink"/>'),
        ("missing", 10, "rotate(45)", ("land", 10), '<rect width="3" height="10" class="hatch"/>'),
    )
    parts = []
    for name, size, turn, ground, ink in hatches:
        turned = f' patternTransform="{turn}"' if turn else ""
        filled = f'<rect width="{size}" height="{size}" class="{ground[0]}"/>' if ground else ""
        parts.append(
            f'<pattern id="hatch-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turned}>'
            f"{filled}{ink}</pattern>"
        )
    return Markup(f'<svg width="0" height="0" aria-hidden="true" class="defs"><defs>{"".join(parts)}</defs></svg>')


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    caption: str,
    shown: Callable[[object], str] = str,
    kind: str = "numbers",
) -> Markup:
    """Return the numbers of a chart as an HTML table; the first cell of a row is its header, text is escaped."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(shown(value))}</td>" for value in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return Markup(
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    )
