"""Every judged parameter says what is plausible and why, and worlds drawn from these ranges look like the world."""

import numpy as np
import pytest

from stackcraft.experiments.evidence import drawn_worlds
from stackcraft.model.declared.ranges import RANGES, Range, between, odds, plus, times
from stackcraft.model.parameters import PARAMETERS, parts


def test_every_judged_parameter_has_a_range_and_a_reason():
    for name, one in PARAMETERS.items():
        if one.judgement:
            assert one.plausible is not None and one.reason, f"{name} needs a range and a reason in ranges.py"
            assert len(one.reason) > 10
    assert not set(RANGES) - set(PARAMETERS), "a range of a parameter that there is not"


def test_ranges_hold_the_default_and_lie_within_the_bounds():
    for name, one in PARAMETERS.items():
        if one.plausible is None:
            continue
        for part, index in parts(one):
            low, high = one.range(index)
            usual = float(np.asarray(one.default, float)[index])
            assert one.low <= low <= usual + 1e-6 and usual - 1e-6 <= high <= one.high, f"{name}.{part}"


def test_ranges_are_narrower_than_the_bounds():
    """Bounds say what may be set; a range as wide as they are would say nothing."""
    wide = [
        (name, part)
        for name, one in PARAMETERS.items()
        for part, index in parts(one)
        if one.judgement and one.range(index) == (one.low, one.high)
    ]
    assert wide == []


def test_sourced_parts_are_parts():
    for name, one in PARAMETERS.items():
        assert set(one.sourced) <= {part for part, _ in parts(one)}, name
        assert not one.sourced or (one.judgement and "S" in one.source), name


@pytest.mark.parametrize(
    ("rule", "default", "low", "high"),
    [
        (times(2), 3.0, 1.5, 6.0),
        (times(2), -3.0, -6.0, -1.5),
        (times(2), 0.0, 0.0, 0.0),
        (plus(0.5), -0.9, -1.4, -0.4),
        (odds(4), 0.5, 0.2, 0.8),
        (odds(4), 1.0, 1.0, 1.0),
        (between(1, 2), 1.5, 1, 2),
    ],
)
def test_rules(rule, default, low, high):
    assert Range(rule, "why").around(default, -10, 10) == pytest.approx((low, high))


def test_each_part_has_its_own_range_and_bounds_cut_it():
    low, high = Range(times(2), "why").around([0.2, 0.8], 0, 1)
    assert low == [0.1, 0.4] and high == [0.4, 1.0]


@pytest.mark.slow
def test_drawn_worlds_look_like_the_world():
    """Medians over worlds: no boom, no collapse, no market without buyers."""
    found = {row.what: row for row in drawn_worlds.measure(48, seed=7)}
    announced = found["US value announced, bn$ a year"]
    assert announced.default[2] / 3 < announced.raw[2] < 3 * announced.default[2]
    assert found["deals cancelled over deals signed"].raw[2] < 0.4
    assert found["tenders that buy nothing"].raw[2] < 0.35
    assert found["coercion a year, us_government"].raw[4] < 3
