"""Country shapes for maps: one SVG path a country in Equal Earth projection, and a circle for every small state.

The table `shapes.csv` beside this file is made by `viz/map/make_shapes.py` from Natural Earth (public domain).
Coordinates are whole units on a canvas of WIDTH by HEIGHT, y downwards.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackcraft.viz.words.catalogue import text

TABLE = Path(__file__).with_name("shapes.csv")
WIDTH, HEIGHT = 4000, 1734
CIRCLE_RADIUS = 15

HOMES = {"USA": "us_government", "CHN": "cn_government"}


def border_note() -> str:
    """Return what is said below every map of the world."""
    return text("report.border_note")


def map_source() -> str:
    """Return where the shapes come from."""
    return text("report.map_from")


@dataclass(frozen=True)
class Shape:
    """One country on the map: path, centre and area of its largest part.

    `circle` is the centre of its circle, or None where the land itself is large enough to see.
    """

    iso3: str
    map_name: str
    path: str
    centre: tuple[float, float]
    area: float
    circle: tuple[float, float] | None


@cache
def shapes() -> dict[str, Shape]:
    """Return all shapes by ISO 3166 alpha-3 code, territories with a code included, in alphabetical order."""
    found = {}
    with TABLE.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            circle = (float(row["circle_x"]), float(row["circle_y"])) if row["circle_x"] else None
            found[row["iso3"]] = Shape(
                row["iso3"],
                row["map_name"],
                row["path"],
                (float(row["x"]), float(row["y"])),
                float(row["area"]),
                circle,
            )
    return found
