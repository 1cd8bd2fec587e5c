"""Money, cash, mixes and fits of a January, and the world on its first, against the plain rules."""

import numpy as np
import pytest

from stackcraft.model.loop.demand import champions_given_up, drift_mixes
from stackcraft.model.loop.feedbacks import change_cash
from stackcraft.model.loop.january import count_retained, replenish
from stackcraft.model.loop.utilisation import expected_fits, refresh_deal_fits
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_levers, put_parameters, stand, switch
from tests.reference import january as twin
from tests.reference import start
from tests.reference.plain import BUILDING, LEGACY, OPERATING, deals_of
from tests.reference.use import trained


@pytest.mark.parametrize("month", [36, 60])
def test_a_new_years_money(standing, month):
    put(standing, month=month, last_score=np.array([0.4, -0.7]), committed=1.0, subsidy_on=0.0, slots_left=3.0)
    put_levers(
        standing, "home", slice(None), frame_geopolitical=np.array([0.8, 0.2]), start_delay_months=np.array([0.0, 48.0])
    )
    world = look(standing)
    twin.replenish(world)
    replenish(standing.run)
    assert_same(standing, world)
    assert (world.state.slots_left[1] == 0) == (month == 36) and world.state.budget.min() > 0


@pytest.mark.parametrize("month", [0, 36])
def test_cash_and_supply(standing, month):
    put(standing, month=month, revenue=np.linspace(0, 60, 16), cash=standing.world.facts.cash * np.linspace(0, 2, 16))
    world = look(standing)
    twin.change_cash(world)
    change_cash(standing.run)
    assert_same(standing, world)
    moved = np.sign(world.state.cash - standing.world.facts.cash * np.linspace(0, 2, 16))
    assert (len({*moved}) > 1) == (month > 0)  # some gain, some lose, once a year has passed


def test_a_vendor_lives_on_its_cash(stood):
    p = stood.world.parameters
    assert twin.cash_after(p, 4.0, 2.0, 0.0, 0.15) == 3.0 and twin.cash_after(p, 0.5, 2.0, 0.0, 0.15) == 0.0
    assert twin.cash_after(p, 4.0, 2.0, 1e3, 0.15) == 6.0
    assert twin.cash_after(p, 4.0, 2.0, 10.0, 0.35) == pytest.approx(2.0)  # research of 20 % more than usual


@pytest.mark.parametrize("off", [(), ("use_mix",)])
def test_mixes_drift_and_deals_fit_them(standing, off):
    switch(standing, off=off)
    put_parameters(standing, mix_noise=0.2)
    world = look(standing)
    for step in (twin.drift_mixes, twin.expected_fits, twin.refresh_deal_fits):
        step(world)
    drift_mixes(standing.run)
    expected_fits(standing.run, standing.space["mix"])
    refresh_deal_fits(standing.run)
    world.state.log_fit[:, 15:] = standing.run.state["log_fit"][:, 15:]  # the place of padding
    assert_same(standing, world)
    assert world.state.use_mix[: world.countries].sum(axis=1) == pytest.approx(np.ones(world.countries))
    assert np.array_equal(world.state.use_mix, standing.world.state.use_mix) == bool(off)
    assert world.state.use_mix[: world.countries].min() > 0


def test_adopters_that_stay(standing):
    generator, month = np.random.default_rng(8), 96
    put(standing, month=month)
    for place in np.argwhere(standing.run.state["stage"] == OPERATING):
        origin, years = int(generator.integers(0, 6)), float(generator.choice([4.9, 5.0, 5.5, 5.999, 6.0, 7.0]))
        put_deal(
            standing,
            *(int(x) for x in place),
            origin=origin,
            operating=month - 12 * years,
            holdover=int(generator.random() < 0.2),
        )
    for number, name in enumerate(("left_due", "left_retained", "left_use")):
        put(standing, **{name: generator.integers(3, 9, standing.run.state["left_due"].shape) / (1 + number)})
    world = look(standing)
    twin.count_retained(world)
    count_retained(standing.run)
    assert_same(standing, world)
    assert world.book.adopters_retained_5y.sum() - standing.world.book.adopters_retained_5y.sum() > 30
    assert world.book.adopters_5y.sum() > world.book.adopters_retained_5y.sum()


@pytest.mark.parametrize("case", ["idle", "the first January", "busy", "not backed", "off"])
def test_champions_given_up(standing, case):
    """Only what the champion itself runs counts, and a champion that runs nothing is not idle."""
    domestic = int(standing.world.facts.domestic_vendor)
    switch(standing, off=("champions",) if case == "off" else ())
    put(standing, champion=1.0, month=0 if case == "the first January" else 48)
    put_levers(standing, "importer", slice(0, standing.world.countries), champion=0.0 if case == "not backed" else 0.5)
    put_parameters(standing, champion_give_up=3.0)
    for c, l, i in np.argwhere(standing.run.state["stage"] == OPERATING):
        own = i == 0 and c > 1  # the first two have no champion's site
        put_deal(
            standing,
            int(c),
            int(l),
            int(i),
            vendor=domestic if own else 0,
            used=1.0 if (case == "busy") == own else 0.02 * float(c),
        )
    world = look(standing)
    twin.given_up(world)
    champions_given_up(standing.run)
    assert_same(standing, world)
    given = int((world.state.champion[: world.countries] == 0).sum())
    assert world.book.champion_conversions == standing.world.book.champion_conversions + given
    assert (given > 2) == (case == "idle") and (world.state.champion[:2] == 1).all()


@pytest.mark.parametrize("off", [(), ("tastes",), ("organic",)])
def test_the_first_january(off):
    one = stand(off=off, years=0)
    world, w = one.world, one.world.state
    for c in range(world.countries):
        for l in range(world.layers):
            expected = start.contracts(world, c, l)
            got = {deal.vendor: deal for _, deal in deals_of(world, c, l, OPERATING)}
            assert got.keys() == expected.keys()
            own = start.organic_share(world, c, l)
            for v, (capacity, left, months) in expected.items():
                deal = got[v]
                assert (deal.stage, deal.origin, deal.financier) == (OPERATING, LEGACY, -1)
                assert deal.capacity == pytest.approx(capacity, rel=1e-12) and deal.ends == pytest.approx(
                    left, rel=1e-12
                )
                assert deal.operating == pytest.approx(left - months, rel=1e-6) and deal.next_month == int(left)
                assert deal.used == pytest.approx(start.used(world, c, l, deal), rel=1e-12)
                assert (
                    deal.capacity_building == 0
                    and trained(world.parameters, world.facts.absorption[c], 0) == world.facts.absorption[c]
                )
            bought = world.facts.capacity[c][l] * own * world.facts.installed[c][l]
            assert w.organic[c][l] == pytest.approx(bought, rel=1e-12, abs=1e-15)
            stock = bought + np.array([expected[v][0] if v in expected else 0.0 for v in range(16)])
            assert w.stock[c][l] == pytest.approx(stock, rel=1e-12, abs=1e-15)
            assert w.capacity[c][l] == pytest.approx(world.facts.capacity[c][l] * (1 - own), rel=1e-12)
        for s in range(world.stacks):
            beliefs = np.stack([w.belief_for[c][s], w.belief_against[c][s]], axis=1)
            assert beliefs == pytest.approx(np.array(start.prior(world, c, s)), rel=1e-12)
            assert w.goodwill[c][s] == pytest.approx(world.parameters.goodwill_ally * world.facts.ally[c][s])
        assert w.taste[c] == pytest.approx(np.array([start.taste(world, c, i) for i in range(10)]), rel=1e-11)
    one.simulation.close()


@pytest.mark.parametrize("off", [(), ("organic",), ("power",), ("lifecycle",), ("demand_growth",)])
def test_what_is_on_its_way_at_the_start(off):
    one = stand(off=off, years=0)
    world, found = one.world, 0
    pending, pipeline = world.state.pending.copy(), world.state.pipeline.copy()
    world.state.pending[:] = 0.0
    for c in range(world.countries):
        for l in range(world.layers):
            expected = start.on_its_way(world, c, l)
            got = deals_of(world, c, l, BUILDING)
            assert len(got) == pipeline[c][l] == (expected is not None)
            if expected is None:
                assert pending[c][l] == 0
                continue
            vendor, size, left, months = expected
            deal = got[0][1]
            assert (deal.vendor, deal.origin, deal.financier, deal.used) == (vendor, LEGACY, -1, 0)
            assert deal.capacity == pending[c][l] == pytest.approx(size, rel=1e-12)
            assert deal.clock == pytest.approx(left, rel=1e-12) and deal.next_month == int(left)
            assert deal.signed == pytest.approx(left - months, rel=1e-6)
            world.state.pending[c][l] = size
            found += 1
    assert (found > 0) == (not {"lifecycle", "demand_growth"} & {*off})
    one.simulation.close()


@pytest.mark.parametrize(("shrink", "off"), [(1.0, ()), (0.8, ()), (1.0, ("tastes", "hedge"))])
def test_each_country_has_constants_of_its_own(shrink, off):
    one = stand(off=off, years=0, parameters={"start_shrink": shrink})
    world, common = one.world, one.simulation.world.constants[0]
    for c in range(world.countries):
        for l in range(world.layers):
            expected = start.own_constants(world, c, l, [float(value) for value in common[l]])
            sales, renewals = start.constants_at_tenders(world, c, l, [float(value) for value in common[l]])
            # Two ways to the same factors, either stopped when it is near: in log points.
            assert world.state.constant_at_sale[c][l] == pytest.approx(sales, abs=1e-4), (c, l)
            assert world.state.constant_at_renewal[c][l] == pytest.approx(renewals, abs=1e-4), (c, l)
            assert world.state.constant[c][l] == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9)
    one.simulation.close()


def test_a_split_of_shares_by_hand():
    plain = {0: [1, 0, 0], 1: [0, 1, 0], 2: [0, 0, 1]}
    assert start.split([0.6, 0.1, 0.3], plain) == pytest.approx({0: 0.6, 1: 0.1, 2: 0.3}, abs=1e-6)
    mixed = {0: [1, 0, 0], 1: [0, 1, 0], 2: [0.5, 0, 0.5]}  # every other part of an independent sale is American
    assert start.split([0.6, 0.1, 0.3], mixed) == pytest.approx({0: 0.3, 1: 0.1, 2: 0.6}, abs=1e-4)
    barred = {0: [1, 0, 0], 2: [0, 0, 1]}  # what the Chinese had is left to the others
    assert start.split([0.6, 0.1, 0.3], barred) == pytest.approx({0: 2 / 3, 2: 1 / 3}, abs=1e-6)
    nothing = start.split([1.0, 0.0, 0.0], plain)
    assert nothing[1] == nothing[2] == pytest.approx(start.LEAST_CHANCE, rel=0.01)


def test_contracts_of_awkward_shares():
    stack = dict.fromkeys(range(8), 0) | dict.fromkeys(range(8, 12), 1) | {12: 2}
    shares = [0.5, 0.05, 0.04, 0, 0, 0, 0, 0, 0.3, 0.1, 0, 0, 0.01]
    for drawn, us, cn in ((0.1, 0, 8), (0.8, 0, 9), (0.86, 1, 9), (0.99, 2, 9)):
        assert start.held(shares, stack, drawn) == pytest.approx({us: 0.59 / 0.99, cn: 0.4 / 0.99})
    assert start.held([0.99, 0, 0, 0, 0, 0, 0, 0, 0.004, 0, 0, 0, 0.006], stack, 0.5) == {0: 1.0}
