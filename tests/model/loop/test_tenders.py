"""Who tenders in a month, how much, and what ends without a tender, against the plain rules."""

import numpy as np
import pytest

from tests.model.loop.conftest import assert_same, gather, look, put, put_deals, put_levers, put_parameters, switch
from tests.reference import tenders as twin
from tests.reference.plain import OPERATING, deals_of

CASES = [
    "as it is",
    "every month counts",
    "energy crisis",
    "no power limit",
    "plain demand",
    "little need",
    "much need",
    "small deals",
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
        put_parameters(standing, deal_share_of_gdp=1e3)
    elif case == "small deals":
        put(standing, pipeline=0, demand=standing.world.state.demand * 3)
        put_parameters(standing, deal_share_of_gdp=0.0004)
        hazard = 1.0
    world = look(standing)
    expected = twin.gathered(world, np.full((world.countries, world.layers), hazard))
    got = gather(standing, hazard=hazard)
    assert [(one.country, one.layer, one.kind) for one in got] == [
        (one.country, one.layer, one.kind) for one in expected
    ]
    for one, other in zip(got, expected, strict=True):
        assert one.holder == other.holder
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
    elif case == "small deals":
        limits = [one.size / twin.largest(world, one.country, one.layer) for one in expected]
        assert max(limits) == pytest.approx(1) and sum(limit > 0.999 for limit in limits) > 5
        later = world.state.next_month == int(world.state.month + world.parameters.renewal_months + 7)
        assert later.sum() > 1, "no contract waits for its turn"
    elif case == "much need":
        assert all(one.size == pytest.approx(1.5 * one.ending) for one in expected if one.kind == "renewal")


@pytest.mark.parametrize("alive", [1.0, 0.0])
def test_what_is_too_small_for_a_tender_goes_on_or_lapses_where_its_vendor_may_not_sell(standing, alive):
    contracts_end(standing)
    put(standing, pipeline=0, alive=alive)
    put_deals(standing, capacity=lambda now: 1e-7 * now)
    world = look(standing)
    expected = twin.gathered(world, np.zeros((world.countries, world.layers)))
    assert not gather(standing, hazard=0.0) and not expected
    assert_same(standing, world, besides=("opening_share",))
    change = [
        (getattr(world.book, name) - getattr(standing.world.book, name)).sum()
        for name in ("renewed_deals", "lapsed_deals")
    ]
    assert change[alive < 1] > 20 > 5 * change[alive > 0]  # a few vendors are shut out anyway


def test_contracts_of_different_vendors_in_one_cell_are_tendered_one_after_another(standing):
    contracts_end(standing)
    put(standing, pipeline=0)
    world = look(standing)
    twin.gathered(world, np.zeros((world.countries, world.layers)))
    found = gather(standing, hazard=0.0)
    assert_same(standing, world, besides=("opening_share",))
    month, waiting = world.state.month, 0
    for one in found:
        up = [d for _, d in deals_of(world, one.country, one.layer, OPERATING) if d.next_month == month]
        assert {d.vendor for d in up} <= {one.holder}
        waiting += sum(d.clock == month + 1 for _, d in deals_of(world, one.country, one.layer, OPERATING))
    assert waiting > 3, "no two vendors' contracts end in one month"


def test_what_runs_in_spite_of_an_embargo_goes_on_in_part(standing):
    contracts_end(standing)
    put(standing, pipeline=0)
    standing.run.facts["tier"][:] = 3
    world = look(standing)
    twin.gathered(world, np.zeros((world.countries, world.layers)))
    found = gather(standing, hazard=0.0)
    assert_same(standing, world, besides=("opening_share",))
    kept, homes = world.parameters.embargo_evaded, world.facts.vendor_home
    tendered = [(one.layer, homes[one.holder]) for one in found]
    assert tendered and not any(h >= 0 and kept[l] > 0 for l, h in tendered)
    assert (world.book.renewed_deals - standing.world.book.renewed_deals)[:2].sum() > 5


def test_contracts_wait_while_a_deal_is_on_its_way(standing):
    contracts_end(standing)
    put(standing, pipeline=1)
    world = look(standing)
    assert not gather(standing, hazard=1.0) and not twin.gathered(world, np.ones((world.countries, world.layers)))
    assert_same(standing, world, besides=("opening_share",))
    assert (world.state.next_month == world.state.month + 6).sum() > 20
