"""Charts of findings: well formed, described, true to their numbers, and legible with names as long as they come."""

import itertools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from stackcraft.experiments.analyses.finding import Bars, Heat, Lines, Points
from stackcraft.viz.charts.findings import (
    MOST_BARS,
    MOST_POINTS,
    NARROW,
    WIDE,
    bars,
    draw,
    heat,
    lines,
    not_drawn,
    points,
    shading,
)
from stackcraft.viz.charts.kit import LETTER

NAN = math.nan
EMPTY = (
    Bars("t", "", (), ()),
    Bars("t", "u", ("a",), (NAN,), (NAN,), (NAN,)),
    Heat("t", "", (), (), ()),
    Heat("t", "", ("a",), ("b",), ((NAN,),)),
    Lines("t", "x", "y", (), ()),
    Lines("t", "x", "y", (1.0,), (("a", (NAN,)), ("b", (2.0,)))),
    Points("t", "x", "y", (), ()),
    Points("t", "x", "y", (NAN, 1.0), (1.0, 1.0)),
)


def every_chart(make):
    return [
        make.long_bars(),
        make.long_bars(3),
        make.signed_bars(),
        make.payoffs(),
        make.payoffs(signed=True),
        make.payoffs(2, 2),
        make.payoffs(60, 60),
        make.precision(),
        make.over_years(),
        make.cloud(),
        *EMPTY,
    ]


def numbers_in(svg):
    """Every number that places something."""
    return [float(text) for _, text in re.findall(r' (x|y|x1|x2|y1|y2|width|height|r)="([^"]*)"', svg)]


@pytest.mark.parametrize("narrow", [False, True])
def test_charts_are_well_formed_described_and_hold_no_not_a_number(make, narrow):
    for chart in every_chart(make):
        text = str(draw(chart, narrow))
        svg = ET.fromstring(text)
        assert svg.get("role") == "img" and [child.tag for child in svg][:2] == ["title", "desc"]
        assert svg[0].text == chart.title and svg[1].text
        assert not re.search(r"\bnan\b|\binf\b", text, re.I)
        assert " id=" not in text and "<script" not in text  # it may stand on a page twice
        assert all(math.isfinite(number) for number in numbers_in(text))


def test_the_checks_above_would_see_a_number_that_is_none():
    assert math.isnan(numbers_in('<rect x="nan"/>')[0])


def test_nothing_is_drawn_outside_the_picture(make):
    for chart in every_chart(make):
        for narrow in (False, True):
            svg = ET.fromstring(str(draw(chart, narrow)))
            width, height = map(float, svg.get("viewBox").split()[2:])
            for one in svg.iter("rect"):
                x, y, w, h = (float(one.get(key)) for key in ("x", "y", "width", "height"))
                assert x >= -0.6 and x + w <= width + 0.6 and y >= -0.6 and y + h <= height + 0.6, (chart.title, narrow)
            for one in svg.iter("text"):
                if one.get("x"):
                    assert -0.6 <= float(one.get("x")) <= width and 0 <= float(one.get("y")) <= height + 0.6, (
                        chart.title,
                        narrow,
                        one.text,
                    )


def test_names_are_escaped_and_none_is_lost(make):
    chart = make.long_bars()
    text = str(bars(chart))
    assert "<long>" not in text and "&lt;long&gt; &amp; forty" in text
    told = [one.text for one in ET.fromstring(text).iter("title")]
    assert all(any(line.startswith(f"{label}: ") for line in told) for label in chart.labels)


def test_bars_are_as_long_as_their_values_and_whiskers_span_their_intervals():
    chart = Bars("t", "u", ("a", "b"), (2.0, -1.0), (1.0, -1.5), (3.0, -0.5))
    text = str(bars(chart, WIDE))
    zero = float(re.search(r'class="zero" x1="([\d.]+)"', text)[1])
    (x1, w1), (x2, w2) = [
        tuple(map(float, pair))
        for pair in re.findall(r'class="plot-bar" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', text)
    ]
    assert (
        x1 == pytest.approx(zero, abs=0.11)
        and x2 + w2 == pytest.approx(zero, abs=0.11)
        and w1 == pytest.approx(2 * w2, abs=0.2)
    )
    low, high = map(float, re.search(r'class="interval" d="M([\d.]+),[\d.]+v8M([\d.]+),', text).groups())
    assert low - zero == pytest.approx(w1 / 2, abs=0.2) and high - zero == pytest.approx(1.5 * w1, abs=0.2)
    assert "2.00 (1.00 to 3.00)" in text


def test_bars_without_intervals_have_no_whiskers():
    assert "interval" not in str(bars(Bars("t", "u", ("a",), (2.0,))))


def test_sixty_long_labels_do_not_run_into_each_other_or_off_the_page(make):
    for narrow, width in ((False, WIDE), (True, NARROW)):
        text = str(draw(make.long_bars(), narrow))
        labels = re.findall(r'class="label" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]*)<', text)
        heights = [float(y) for _, y, _, _ in labels]
        assert len(labels) >= 60 and min(b - a for a, b in itertools.pairwise(heights)) >= 12
        for x, _, anchor, label in labels:
            letters = len(label.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
            assert (float(x) >= LETTER * letters) if anchor == "end" else (float(x) + LETTER * letters <= width)


def test_shades_tell_the_sides_of_zero_apart_without_colour():
    level = shading([-1.0, -0.1, 0.0, 0.5, 1.0])
    assert [level(value) for value in (-1.0, 0.0, 0.5, 1.0)] == [-4, 0, 2, 4] and level(NAN) is None
    text = str(heat(Heat("t", "u", ("a",), ("b", "c"), ((-1.0, 1.0),))))
    cells = text[: text.index('class="tick"')]
    assert cells.count("below-lines") == 1  # hatched: one side only
    upward = shading([0.2, 0.6])
    assert [upward(0.2), upward(0.6)] == [0, 4]
    assert shading([0.3])(0.3) == 0


def test_marked_cells_are_framed_where_they_are():
    text = str(heat(Heat("t", "u", ("a", "b"), ("c", "d"), ((1.0, 2.0), (3.0, 4.0)), ((1, 0),), "Framed: best.")))
    cells = [tuple(map(float, pair)) for pair in re.findall(r'class="cell h\d" x="([\d.]+)" y="([\d.]+)"', text)]
    frames = [tuple(map(float, pair)) for pair in re.findall(r'class="frame" x="([\d.]+)" y="([\d.]+)"', text)]
    assert len(frames) == 1 and frames[0] == pytest.approx((cells[2][0] + 1, cells[2][1] + 1), abs=0.11)
    assert "Framed: b, c." in text


def test_a_matrix_of_eleven_by_nine_shows_every_value_on_a_page_and_on_a_phone(make):
    for narrow in (False, True):
        text = str(draw(make.payoffs(signed=True), narrow))
        assert text.count('class="in-cell') == 99
    key = str(draw(make.payoffs(), narrow=True))
    assert "guarantee-and-train &lt;local&gt;" in key and "Columns:" in key  # numbers are explained below


def test_curves_go_through_their_values_and_gaps_stay_gaps():
    chart = Lines(
        "t",
        "x",
        "y",
        (0.0, 1.0, 2.0, 3.0, 4.0),
        (("a", (0.0, 1.0, NAN, 3.0, 4.0)),),
        (("a", (0.0,) * 5, (1.0, 2.0, NAN, 4.0, 5.0)),),
    )
    text = str(lines(chart))
    curves = re.findall(r'<polyline class="curve s0" points="([^"]+)"', text)
    assert [len(curve.split()) for curve in curves] == [2, 2] and text.count("<polygon") == 2
    (x1, y1), (x2, y2) = (tuple(map(float, pair.split(","))) for pair in curves[0].split())
    (_, y3), _ = (tuple(map(float, pair.split(","))) for pair in curves[1].split())
    assert x2 > x1 and y2 < y1 and y1 - y3 == pytest.approx(3 * (y1 - y2), abs=0.3)


def test_places_that_double_are_drawn_evenly():
    chart = Lines("t", "runs", "y", (8.0, 16.0, 32.0, 64.0, 128.0), (("a", (5.0, 4.0, 3.0, 2.0, 1.0)),))
    xs = [
        float(pair.split(",")[0])
        for pair in re.search(r'class="curve s0" points="([^"]+)"', str(lines(chart)))[1].split()
    ]
    steps = [b - a for a, b in itertools.pairwise(xs)]
    assert max(steps) - min(steps) < 0.3
    assert ">128</text>" in str(lines(chart)) and "each step a multiple" in str(lines(chart))


def test_twelve_curves_differ_without_colour():
    names = tuple(f"curve {i}" for i in range(12))
    text = str(lines(Lines("t", "x", "y", (0.0, 1.0), tuple((name, (0.0, float(i))) for i, name in enumerate(names)))))
    assert len(set(re.findall(r'class="curve ([^"]+)"', text))) == 12
    assert all(name in text for name in names)


def test_points_of_both_kinds_are_counted_and_open_boxes_end_at_the_frame(make):
    chart = make.cloud()
    text = str(points(chart))
    interest = chart.kind.count(1)
    assert f"rows of interest ({interest:,})" in text and 'class="dot k0"' in text and 'class="dot k1"' in text
    assert text.count('class="box"') == 2 and "no bound" in text


def test_a_cloud_of_any_size_stays_small(make):
    assert len(str(points(make.cloud(60_000)))) < 60 * MOST_POINTS


def test_of_a_huge_chart_the_first_part_is_drawn_and_said(make):
    chart = make.long_bars(MOST_BARS + 5)
    assert str(draw(chart)).count(
        'class="plot-bar"'
    ) == MOST_BARS and f"{MOST_BARS} of {MOST_BARS + 5} bars" in not_drawn(chart)
    matrix = make.payoffs(90, 70)
    text = str(draw(replace(matrix, marked=((89, 69), (0, 0)))))
    assert text.count('class="frame"') == 1 and "80 of 90 rows and 60 of 70 columns" in not_drawn(matrix)
    assert not_drawn(make.payoffs()) == "" and not_drawn(make.cloud()) == ""
