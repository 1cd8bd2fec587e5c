import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from stackcraft.viz.charts import kit, stacks

YEARS = list(range(2025, 2046))


def lines():
    ramp = np.linspace(0.2, 0.6, len(YEARS))
    return [
        stacks.Curve("US", "US", ramp, ramp - 0.05, ramp + 0.05),
        stacks.Curve("CN", "China", ramp * 0.99, ramp - 0.1, ramp + 0.1),
        stacks.Curve("independent", "Indep.", 1 - 2 * ramp + 0.2),
    ]


def every_chart():
    return [
        stacks.curves(YEARS, lines(), "Title <1>", "text & more"),
        stacks.dot_intervals([stacks.Dot("US", 1.0, 0.5, 1.5, "a"), stacks.Dot("CN", np.nan)], "t", "d", (0, 2)),
        stacks.bars([("price", 0.4), ("fear", -0.2)], "t", "d", "for", "against", "CN"),
        stacks.lifecycle([("operating", 4.0), ("cancelled", 6.0)], "t", "d", "US"),
        stacks.believed_and_true([("US", "US, 2025", 0.1, 0.05, 0.2, 0.03)], "t", "d", 0.2),
    ]


@pytest.mark.parametrize("number", range(5))
def test_charts_are_well_formed_and_described(number):
    svg = ET.fromstring(str(every_chart()[number]))
    assert svg.get("role") == "img"
    assert [child.tag for child in svg][:2] == ["title", "desc"]
    assert svg[0].text and svg[1].text


def test_charts_may_stand_on_a_page_twice():
    assert "id=" not in "".join(map(str, every_chart()))


def test_curves_plot_the_values_given():
    svg = str(stacks.curves(YEARS, lines()[:1], "t", "d", size=(300, 200)))
    points = [
        tuple(map(float, pair.split(",")))
        for pair in re.search(r'<polyline class="line us" points="([^"]+)"', svg)[1].split()
    ]
    assert len(points) == len(YEARS)
    low, high = 200 - 24, 10  # where 0 and 1 lie
    assert points[0][1] == pytest.approx(low - 0.2 * (low - high), abs=0.1)
    assert points[-1][1] == pytest.approx(low - 0.6 * (low - high), abs=0.1)
    assert "US 60%" in svg


def test_labels_of_near_lines_do_not_overlap():
    svg = str(stacks.curves(YEARS, lines(), "t", "d"))
    heights = sorted(float(y) for y in re.findall(r'class="name \w+" x="[\d.]+" y="([\d.]+)"', svg))
    assert len(heights) == 3
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 13.9


def test_bands_are_left_out_when_there_are_none():
    svg = str(stacks.curves(YEARS, lines()[2:], "t", "d"))
    assert "band" not in svg and "polyline" in svg


def test_stacks_are_told_apart_without_colour():
    shapes = [kit.mark(stack, 0, 0).split(" ")[0] for stack in ("US", "CN", "independent")]
    assert shapes == ["<circle", "<path", "<rect"]


def test_lifecycle_parts_fill_the_strip():
    svg = str(stacks.lifecycle([("operating", 1.0), ("pipeline", 1.0), ("cancelled", 2.0)], "t", "d", "US", width=400))
    widths = [float(width) for width in re.findall(r'<rect class="part[^"]*" x="[\d.]+" y="0" width="([\d.]+)"', svg)]
    assert widths == [98.5, 98.5, 198.5]


def test_bars_point_to_the_side_they_favour():
    svg = str(stacks.bars([("price", 0.4), ("fear", -0.2)], "t", "d", "for", "against", "CN"))
    axis = float(re.search(r'class="zero" x1="([\d.]+)"', svg)[1])
    bars = [
        (kind, float(x), float(width))
        for kind, x, width in re.findall(r'class="bar (\w+)" x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)
    ]
    assert bars[0][0] == "cn" and bars[0][1] == pytest.approx(axis, abs=0.1)
    assert bars[1][0] == "grey" and bars[1][1] + bars[1][2] == pytest.approx(axis, abs=0.2)
    assert bars[0][2] == pytest.approx(2 * bars[1][2], rel=0.01)


def test_table_escapes_and_keeps_numbers():
    table = str(kit.table(["a<b", "n"], [["x&y", 1.25]], "caption"))
    assert "a&lt;b" in table and "x&amp;y" in table and "<td>1.25</td>" in table
    ET.fromstring(table)


def test_labels_beside_bars_fit_with_the_larger_letters_of_a_phone():
    from stackcraft.viz import words

    longest = max((*words.TERM_TITLES.values(), "all other terms"), key=len)
    text = str(stacks.bars([(longest, 1.0)], "t", "d", stack="US"))
    end = float(re.search(r'class="label" x="([\d.]+)"', text)[1])
    assert end >= 7.2 * len(longest)  # a letter of 13 px is some 7 px wide


def test_names_at_line_ends_fit_with_the_larger_letters_of_a_phone():
    middle = np.array([0.3, 0.33])
    text = str(
        stacks.curves([2025, 2045], [stacks.Curve("independent", "Independent", middle)], "t", "d", size=(520, 230))
    )
    start = float(re.search(r'class="name in" x="([\d.]+)"', text)[1])
    assert 520 - start >= 9.2 * len("Independent 33%")  # a bold letter of 14 px is some 9 px wide


def test_deals_taken_over_are_coloured_by_whether_they_serve():
    parts = [("novated, operating", 2.0), ("novated, not yet operating", 1.0), ("novated, ended", 1.0)]
    text = str(stacks.lifecycle(parts, "t", "d", "US"))
    assert re.findall(r'class="part (\w+)', text) == ["kept", "waiting", "lost"]
