"""How the model works, as a picture: who decides, and the round that every purchase goes through."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from stackcraft.agents.names import FINANCIERS, HOMES, VENDORS
from stackcraft.viz.charts.kit import Picture, shape
from stackcraft.viz.dashboard.parts.markup import each
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words.numbers import capital, spelled

ACTORS = ("homes", "financiers", "vendors", "importers")
STEPS = ("offers", "tender", "build", "use", "renew", "beliefs")
LINE = 17  # between lines of small text
LETTER, TITLE_LETTER = 7.9, 9.8  # widths to reckon with: those of a wide font


@dataclass(frozen=True)
class Box:
    """A box of the picture, its upper left corner at `x`, `y`."""

    name: str
    x: float
    y: float
    wide: float
    high: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.wide / 2, self.y + self.high / 2


def titles(importers: int) -> dict[str, tuple[str, str]]:
    """Title and line of every box, actors and steps."""
    numbers = {"homes": len(HOMES), "financiers": len(FINANCIERS), "vendors": len(VENDORS), "importers": importers}
    found = {}
    for name, number in numbers.items():
        shown = capital(spelled(number))
        found[name] = (text(f"model.box_{name}", number=shown), text(f"model.box_{name}_says"))
    for place, name in enumerate(STEPS, 1):
        found[name] = (f"{place}. {text(f'model.box_{name}')}", text(f"model.box_{name}_says"))
    return found


def in_words(importers: int) -> Markup:
    """The same as two lists."""
    told = titles(importers)
    parts = []
    for kind, names in (("ul", ACTORS), ("ol", STEPS)):
        items = each("<li><b>{}</b>: {}</li>", ((told[name][0].split(". ", 1)[-1], told[name][1]) for name in names))
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(kind), items))
    return Markup("<p>{}</p>{}<p>{}</p>{}").format(
        text("model.actors_intro"), parts[0], text("model.steps_intro"), parts[1]
    )


def wide(importers: int) -> Markup:
    """Actors in a row, below them the round in two rows of three."""
    actors = {name: Box(name, 10 + 240 * place, 8, 224, 108) for place, name in enumerate(ACTORS)}
    steps = {
        name: Box(name, 10 + 330 * (place if place < 3 else 5 - place), 190 if place < 3 else 350, 284, 104)
        for place, name in enumerate(STEPS)
    }
    arrows = []
    for name in ("homes", "financiers", "vendors"):
        arrows.append((f"M{actors[name].middle[0]:g},116 V142 H152 V186", "who"))
    arrows.append((f"M{actors['importers'].middle[0]:g},116 V158 H482 V186", "who"))
    for first, second in pairwise(STEPS):
        a, b = steps[first], steps[second]
        if a.y == b.y:
            ends = (a.x + a.wide, b.x - 4) if a.x < b.x else (a.x, b.x + b.wide + 4)
            arrows.append((f"M{ends[0]:g},{a.middle[1]:g} H{ends[1]:g}", "way"))
        else:
            arrows.append((f"M{a.middle[0]:g},{a.y + a.high:g} V{b.y - 4:g}", "way"))
    last, first = steps[STEPS[-1]], steps[STEPS[0]]
    arrows.append((f"M{last.middle[0]:g},{last.y:g} V{first.y + first.high + 4:g}", "way"))
    return _drawn(966, 464, importers, {**actors, **steps}, arrows, "wide")


def tall(importers: int) -> Markup:
    """Actors two by two, below them the round as a column, with the way back at its side."""
    actors = {
        name: Box(name, 6 + 174 * (place % 2), 6 + 130 * (place // 2), 166, 122) for place, name in enumerate(ACTORS)
    }
    steps = {name: Box(name, 6, 298 + 120 * place, 306, 98) for place, name in enumerate(STEPS)}
    arrows = [("M159,258 V294", "who")]
    for first, second in pairwise(STEPS):
        arrows.append((f"M159,{steps[first].y + 98:g} V{steps[second].y - 4:g}", "way"))
    top, end = steps[STEPS[0]].middle[1], steps[STEPS[-1]].middle[1]
    arrows.append((f"M312,{end:g} H336 V{top:g} H316", "way"))
    return _drawn(352, 1004, importers, {**actors, **steps}, arrows, "tall")


def _drawn(
    width: int, height: int, importers: int, boxes: dict[str, Box], arrows: list[tuple[str, str]], kind: str
) -> Markup:
    told = titles(importers)
    picture = Picture((width, height), text("model.diagram_title"), text("model.diagram_says"), f"diagram {kind}")
    picture.add(
        f'<defs><marker id="arrow-{kind}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="head" d="M0,0L8,4L0,8z"/></marker></defs>'
    )
    picture.add(*(shape("path", sort, d=way, marker_end=f"url(#arrow-{kind})") for way, sort in arrows))
    for name, box in boxes.items():
        title, says = told[name]
        picture.add(f'<g class="{"actor" if name in ACTORS else "step"}">')
        picture.add(shape("rect", "", x=box.x, y=box.y, width=box.wide, height=box.high, rx=8))
        heading = textwrap.wrap(title, int((box.wide - 24) / TITLE_LETTER))
        for place, line in enumerate(heading):
            picture.text(box.x + 12, box.y + 23 + LINE * place, line, "box-title")
        for place, line in enumerate(textwrap.wrap(says, int((box.wide - 24) / LETTER)), len(heading)):
            picture.text(box.x + 12, box.y + 26 + LINE * place, line, "")
        picture.add("</g>")
    return picture.svg()
