"""Who tenders in a month, how much, and what ends without a tender, against the plain rules."""

import numpy as np
import pytest

from tests.model.loop.conftest import assert_same, gather, look, put, put_deals, put_levers, put_parameters, switch
from tests.reference import tenders as twin
from tests.reference.plain import OPERATING

CASES = [
    "as it is",
    "every month counts",
    "energy crisis",
    "no power limit",
    "plain demand",
    "little need",
    "much need",
]


def contracts_end(one, seed=3):
    """Let some contracts' terms be up this month, some in the next, and more in the course of the year."""
    generator, w = np.random.default_rng(seed), one.run.state
    month = int(w["month"])
    for place in np.argwhere(w["stage"] == OPERATING):
        c, l, i = (int(x) for x in place)
        left = float(generator.choice([0.3, 1.5, 3.2, 5.5, 20.0]))
        put(one, ends=((c, l, i), month + left), next_month=((c, l, i), month + int(left)))


@pytest.mark.parametrize("case", CASES)
def test_a_months_tenders(standing, case):
    hazard = 0.4
    if case != "as it is":
        contracts_end(standing)
    if case == "every month counts":
        put(standing, pipeline=0, pending=0.0)
        hazard = 1.0
    elif case == "energy crisis":
        put(standing, pipeline=0, power_until=40)
        put_levers(standing, "home", 1, power_package=0.6)
        put_parameters(standing, electricity_growth=-0.3)
        hazard = 1.0
    elif case == "no power limit":
        switch(standing, off=("power",))
    elif case == "plain demand":
        switch(standing, off=("demand_bias", "demand_growth"))
    elif case in ("little need", "much need"):
        put(standing, pipeline=0, demand=standing.world.state.demand * (1e-9 if case == "little need" else 20.0))
    world = look(standing)
    expected = twin.gathered(world, np.full((world.countries, world.layers), hazard))
    got = gather(standing, hazard=hazard)
    assert [(one.country, one.layer, one.kind) for one in got] == [
        (one.country, one.layer, one.kind) for one in expected
    ]
    for one, other in zip(got, expected, strict=True):
        for name in ("size", "megawatts", "ending"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-10, abs=1e-14), (name, one)
    assert_same(standing, world, besides=("opening_share",))
    kinds = {one.kind for one in expected}
    if case == "every month counts":
        assert {"renewal", "top-up"} <= kinds and world.book.megawatts_deferred > 0
    elif case == "energy crisis":
        assert world.book.megawatts_deferred > standing.world.book.megawatts_deferred
    elif case == "little need":
        # Half of what ends is renewed whatever the need; the rest of the cells buy nothing.
        assert kinds == {"renewal"} and all(one.size == pytest.approx(one.ending / 2) for one in expected)
    elif case == "much need":
        assert all(one.size == pytest.approx(1.5 * one.ending) for one in expected if one.kind == "renewal")


def test_what_is_too_small_lapses(standing):
    contracts_end(standing)
    put(standing, pipeline=0)
    put_deals(standing, capacity=lambda now: 1e-7 * now)
    world = look(standing)
    expected = twin.gathered(world, np.zeros((world.countries, world.layers)))
    assert not gather(standing, hazard=0.0) and not expected
    assert_same(standing, world, besides=("opening_share",))
    assert world.book.lapsed_deals.sum() > 20


def test_contracts_wait_while_a_deal_is_on_its_way(standing):
    contracts_end(standing)
    put(standing, pipeline=1)
    world = look(standing)
    assert not gather(standing, hazard=1.0) and not twin.gathered(world, np.ones((world.countries, world.layers)))
    assert_same(standing, world, besides=("opening_share",))
    assert (world.state.next_month == world.state.month + 6).sum() > 20
