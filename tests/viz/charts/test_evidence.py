"""Pictures of the hindcast put marks where their numbers say."""

import re

import pytest

from stackcraft.viz.charts import evidence as charts

TOLD, ENDS = ("A title", "What it shows"), ("worse", "same", "better")


def dots(html, hollow=False):
    kind = "mark model hollow" if hollow else "mark model"
    found = re.findall(rf'<circle class="{kind}" cx="([\d.]+)" cy="([\d.]+)"', str(html))
    return [(float(x), float(y)) for x, y in found]


def labels(html):
    return re.findall(r'class="label"[^>]*>([^<]*)<', str(html))


def test_a_row_has_zero_in_the_middle_and_better_to_the_right():
    (worse,), (better,) = (dots(charts.beside(gain, (-1, 1), {}, TOLD, ENDS)) for gain in (-0.5, 0.5))
    assert worse[0] < charts.WIDE / 2 < better[0]
    assert worse[0] + better[0] == pytest.approx(charts.WIDE)


def test_what_lies_beyond_a_row_has_an_arrow():
    html = charts.beside(0.1, (-0.2, 0.3), {"A": -5.0, "B": 0.0, "C": 9.0}, TOLD, ENDS)
    assert labels(html) == ["←A", "B", "C→"]
    places = [float(x) for x in re.findall(r'<line class="wrong" x1="([\d.]+)"', str(html))]
    assert min(places) >= 0 and max(places) <= charts.WIDE


def test_a_level_without_interval_or_wrong_models_is_drawn():
    nan = float("nan")
    assert len(dots(charts.beside(0.2, (nan, nan), {"A": nan}, TOLD, ENDS))) == 1
    html = charts.within((0.36, 0.24, 0.06), {"A": 0.3}, TOLD, ("measured", "foreseen"))
    ((dot, _),) = dots(html)
    start, wide = map(float, re.search(r'class="tolerance" x="([\d.]+)"[^>]*width="([\d.]+)"', html).groups())
    seen = float(re.search(r'class="seen" x1="([\d.]+)"', html)[1])
    assert start < seen < start + wide < dot


def test_reliability_is_on_the_diagonal_where_as_many_happen_as_were_foreseen():
    html = charts.reliability([(0.1, 0.1, 30), (0.5, 0.2, 30)], TOLD, ("across", "up"))
    x1, y1, x2, y2 = (
        float(re.search(rf'class="diagonal"[^>]*{name}="([\d.]+)"', html)[1]) for name in ("x1", "y1", "x2", "y2")
    )
    on, below = dots(html)
    height = [y1 + (y2 - y1) * (x - x1) / (x2 - x1) for x, _ in (on, below)]
    assert on[1] == pytest.approx(height[0], abs=0.2) and below[1] > height[1]


def test_blocks_have_a_disc_a_ring_and_an_upright_each():
    html = charts.blocks([("North", 0.2, 0.4, 0.3), ("South", 0.1, 0.1, 0.5)], TOLD)
    assert len(dots(html)) == len(dots(html, hollow=True)) == str(html).count('class="seen"') == 2
    assert dots(html)[0][0] < dots(html, hollow=True)[0][0] and labels(html) == []
    assert re.findall(r'class="label plate"[^>]*>([^<]*)<', html) == ["North", "South"]
