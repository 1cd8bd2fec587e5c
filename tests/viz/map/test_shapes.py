import json
import math
import re

import pytest

from stackcraft.agents.names import IMPORTERS
from stackcraft.viz.map import make_shapes
from stackcraft.viz.map.shapes import CIRCLE_RADIUS, HEIGHT, TABLE, WIDTH, shapes


def corners(path):
    """Every point of a path written as M x,y then relative steps."""
    for piece in re.findall(r"M([^z]+)z", path):
        start, _, steps = piece.partition("l")
        x, y = map(int, start.split(","))
        yield x, y
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            yield x, y


def test_every_importer_and_both_homes_are_on_the_map():
    known = shapes()
    assert [code for code in (*IMPORTERS, "USA", "CHN") if code not in known] == []
    for code in IMPORTERS:
        assert known[code].path or known[code].circle, code


def test_importers_without_visible_land_have_a_circle():
    known = shapes()
    assert [code for code in IMPORTERS if known[code].area < make_shapes.SMALL and known[code].circle is None] == []
    assert known["SGP"].circle and known["TUV"].circle and known["BRA"].circle is None


def test_circles_do_not_overlap():
    centres = [(code, shape.circle) for code, shape in shapes().items() if shape.circle]
    for i, (a, one) in enumerate(centres):
        for b, other in centres[i + 1 :]:
            assert math.dist(one, other) > 2 * CIRCLE_RADIUS, (a, b)


def test_paths_are_well_formed_and_on_the_canvas():
    for shape in shapes().values():
        assert re.fullmatch(r"(M\d+,\d+l[-\d, ]+z)*", shape.path), shape.iso3
        for x, y in corners(shape.path):
            assert -2 <= x <= WIDTH + 2 and -30 <= y <= HEIGHT + 40, (shape.iso3, x, y)


def test_no_ring_crosses_the_whole_map():
    """A ring cut wrongly at the edge of the map would draw a bar from side to side."""
    for shape in shapes().values():
        for piece in re.findall(r"M[^z]+z", shape.path):
            xs = [x for x, _ in corners(piece)]
            assert max(xs) - min(xs) < WIDTH / 2.2, shape.iso3


def test_territories_outside_the_country_table_keep_shapes_of_their_own():
    known = shapes()
    assert {"XKX", "ESH", "GRL", "HKG"} <= set(known)
    assert {"TWN", "PSE"} <= set(known) and {"TWN", "PSE"} <= set(IMPORTERS)


def test_the_table_is_small():
    assert TABLE.stat().st_size < 500_000


def test_projection_against_published_extent():
    x, _ = make_shapes.equal_earth(180, 0)
    _, y = make_shapes.equal_earth(0, 90)
    assert x == pytest.approx(2.70663, abs=1e-5)
    assert x / y == pytest.approx(2.05458, abs=1e-4)  # the aspect ratio that the authors give


def test_projection_is_equal_area():
    """A small cell keeps its area on the unit sphere, wherever it lies."""
    for latitude in (0, 30, 60, 80):
        step = 0.01
        a, b = make_shapes.equal_earth(20, latitude), make_shapes.equal_earth(20 + step, latitude)
        c = make_shapes.equal_earth(20, latitude + step)
        area = abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))
        true = math.radians(step) ** 2 * math.cos(math.radians(latitude + step / 2))
        assert area == pytest.approx(true, rel=1e-3)


def test_simplify_keeps_ends_and_corners_and_drops_what_does_not_show():
    line = [(i / 100, 0.0) for i in range(1001)] + [(10.0, 10.0)]
    kept = make_shapes.simplify(line, make_shapes.LEAST_TRIANGLE)
    assert kept[0] == line[0] and kept[-1] == line[-1]
    assert (10.0, 0.0) in kept and len(kept) < 20


def test_a_ring_across_the_edge_is_cut_in_two():
    ring = [(170.0, -5.0), (-170.0, -5.0), (-170.0, 5.0), (170.0, 5.0), (170.0, -5.0)]
    pieces = make_shapes.ring_points([0], [ring])
    assert len(pieces) == 2
    spans = sorted((min(x for x, _ in piece), max(x for x, _ in piece)) for piece in pieces)
    assert spans[0][1] < WIDTH * 0.1 and spans[1][0] > WIDTH * 0.9


def test_table_is_made_from_topojson():
    square = [[0, 0], [1000, 0], [0, 1000], [-1000, 0], [0, -1000]]
    topology = {
        "transform": {"scale": [0.01, 0.01], "translate": [10, 0]},
        "arcs": [square],
        "objects": {
            "countries": {
                "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"name": "Kenya", "a3": "KEN"}}]
            }
        },
    }
    (row,) = make_shapes.make(json.loads(json.dumps(topology)))
    assert row["iso3"] == "KEN" and row["circle_x"] == ""
    # ten by ten degrees at the equator, in square units of the map
    assert float(row["area"]) == pytest.approx((math.radians(10) * make_shapes.SCALE) ** 2, rel=0.02)
