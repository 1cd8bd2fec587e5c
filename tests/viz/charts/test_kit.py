"""The kit that charts are drawn with: places, text, shapes and tables."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from stackcraft.viz.charts import deals, kit, stacks

YEARS = [2025, 2026, 2027]


def test_a_scale_places_its_ends_and_clips_where_asked():
    scale = kit.Scale(0, 10, 100, 200)
    assert [scale(value) for value in (0, 5, 10, 20)] == [100, 150, 200, 300]
    assert kit.Scale(0, 10, 100, 200, clipped=True)(20) == 200
    assert kit.Scale(0, 1, 90, 10)(0.25) == pytest.approx(70)  # upright: high values are further up
    assert kit.Scale(3, 3, 10, 20)(3) == 10  # a scale of no length does not divide by zero


def test_a_logarithmic_scale_puts_equal_factors_at_equal_steps():
    scale = kit.Scale(8, 32, 0, 100, logarithmic=True)
    assert [scale(value) for value in (8, 16, 32)] == pytest.approx([0, 50, 100])


def test_labels_are_moved_apart_and_keep_their_order():
    moved = kit.apart([50.0, 52.0, 51.0], 10, 0, 100)
    assert moved[0] < moved[2] < moved[1] and moved[2] - moved[0] >= 10 and moved[1] - moved[2] >= 10
    assert max(kit.apart([99.0, 99.0], 10, 0, 100)) == 100


def test_places_have_one_digit_at_most():
    assert [kit.number(value) for value in (3, 3.04, 3.26, -0.5)] == ["3", "3", "3.3", "-0.5"]


def test_words_and_notes_are_escaped():
    picture = kit.Picture((100, 50), "a < b", "c & d", "test")
    picture.text(1, 2, "<script>", anchor="end")
    picture.box("part", 0, 0, (1, 1), "e > f & g")
    svg = ET.fromstring(str(picture.svg()))
    assert svg[0].text == "a < b" and svg[1].text == "c & d"
    assert "<script>" not in str(picture.svg()) and svg[3][0].text == "e > f & g"


def test_gaps_in_a_series_are_left_out():
    assert kit.finite(float, float, [1.0, math.nan, 3.0]) == [(0.0, 1.0), (2.0, 3.0)]


def every_chart():
    middle = np.array([0.2, math.nan, 0.5])
    shares = np.stack([middle, 0.5 - middle / 2, 0.5 - middle / 2], axis=1)
    said, so = stacks.Curve("CN", "said <1>", middle), stacks.Curve("CN", "so", middle, middle - 0.1, middle + 0.1)
    course = deals.Course("a & b", "US", 2025.5, 2026.0, math.nan, 2026.5, "cancelled", False)
    lane = stacks.Lane("at 1", 0.3, 0.1, 0.4), stacks.Lane("at 0", math.nan)
    return [
        stacks.stack_bars(YEARS, stacks.Shares(shares), "t", "d", 2026),
        stacks.pair(YEARS, (said, so), "t", "d", stacks.Axis()),
        stacks.slopes([("Kenya", -0.1, 0.3)], "t", "d", ("A", "B")),
        stacks.differences(YEARS, [so], "t", "d"),
        stacks.lanes([("US", "lever", lane)], "t", "d", "{:.1f}".format),
        deals.waterfall([("price <", 0.4), ("fear", -0.6)], "t", "d", "CN", ("level", "lead")),
        deals.timeline([course], 2025, 2027, "t"),
        deals.intervals([("US", "a", 0.1, math.nan, math.nan, "w")], "t", "{:.1f}".format),
        deals.stages([("signed", 10, "ten", ""), ("lost", math.nan, "-", "lost")], "t", "d", "US"),
    ]


@pytest.mark.parametrize("number", range(9))
def test_every_chart_is_well_formed_without_a_missing_number(number):
    chart = str(every_chart()[number])
    ET.fromstring(chart)
    assert "nan" not in chart and "<title>" in chart and "id=" not in chart


def test_a_waterfall_ends_where_its_steps_add_up_to():
    chart = str(deals.waterfall([("price", 0.4), ("fear", -0.6)], "t", "d", "CN", ("level", "lead")))
    assert ">-0.20</text>" in chart and 'class="bar total"' in chart
