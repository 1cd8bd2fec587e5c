"""What is recorded in January against plain sums over countries, layers and deals."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import FINE, NOT_FINITE, OPERATING
from stackcraft.model.loop.record import record
from stackcraft.model.payoff import PARTS
from tests.model.loop.conftest import look, put, put_deal, put_deals, put_levers, put_parameters
from tests.reference import record as twin
from tests.reference.plain import deals_of

# Measures made of others that are kept in single precision.
OF_SINGLES = ("world_installed", "world_utilised", "evaluated_trust", "payoff_influence_bn", "payoff_trust_bn")


def test_every_stock_of_the_record(standing):
    world = standing.world
    put_levers(
        standing, "importer", slice(0, world.countries), champion=0.7, clarity=np.linspace(0, 1, world.countries)
    )
    put_levers(standing, "vendor", 13, reexport=0.4)
    standing.run.book["cut_off_loss_bn"][2], standing.run.book["second_source_cost_bn"][3] = 0.7, 0.2
    standing.run.book["announced_bn"][:2], standing.run.book["delivered_bn"][:2] = (7.0, 3.0), (6.0, 0.2)
    standing.run.book["finance_relief_bn"][4], standing.run.book["breach_loss_bn"][5] = 0.3, 0.4
    standing.run.book["switching_cost_bn"][6] = 0.6
    standing.run.book["public_cost_bn"][:2], standing.run.book["incident_loss_bn"][:2] = (4.0, 1.0), (0.5, 0.2)
    generator = np.random.default_rng(2)
    put_deals(
        standing,
        paid=lambda now: generator.uniform(0.4, 1.2, now.shape),
        cut=lambda now: generator.uniform(0, 1, now.shape),
    )
    put(standing, share=((1, 2), (0.5, 0.5, 0.0)))
    expected = twin.everything(look(standing))
    record(standing.run)
    for name, value in expected.items():
        got = np.asarray(standing.run.book[name])
        got = got[: world.countries] if got.ndim and got.shape[0] > 100 else got
        value = np.asarray(value, dtype=float)
        # Some measures are kept in single precision, and some others are made of those.
        precision = 2e-6 if got.dtype == np.float32 or name in OF_SINGLES else 1e-10
        assert got[tuple(slice(size) for size in value.shape)] == pytest.approx(
            value, rel=precision, abs=precision * 1e-2
        ), name
        assert np.abs(value).max() > 0, name
    for h in (0, 1):
        assert standing.run.state["last_score"][h] == pytest.approx(
            twin.score(world.parameters, (7.0, 3.0)[h], (6.0, 0.2)[h]), rel=1e-6
        )
    assert standing.run.state["status"] == FINE


def test_backing_a_champion_is_paid_once_and_costs_what_raising_the_money_costs(standing):
    """What a country pays of its champion's price out of another pocket is part of the price in its bill.

    On top comes `welfare_funds` of that part; where raising money costs nothing, backing changes no welfare.
    """
    world, welfare = standing.world, []
    put_parameters(standing, champion_rebate=0.3)
    domestic = int(world.facts.domestic_vendor)
    for place in [tuple(int(x) for x in at) for at in np.argwhere(standing.run.state["stage"] == OPERATING)][:6]:
        put_deal(standing, *place, vendor=domestic, stack=2, paid=0.8)
    for backed, funds in ((0.0, 0.25), (1.0, 0.25), (1.0, 0.0)):
        put_parameters(standing, welfare_funds=funds)
        put_levers(standing, "importer", slice(0, world.countries), champion=backed)
        put(standing, champion=backed)
        record(standing.run)
        welfare.append(standing.run.book["welfare"][: world.countries].copy())
    cells = np.ndindex(world.countries, 7)
    deals = [one for c, l in cells for _, one in deals_of(look(standing), c, l, OPERATING)]
    bought = sum(one.capacity * one.paid for one in deals if one.vendor == domestic)
    assert bought > 0 and np.array_equal(welfare[0], welfare[2])
    assert (welfare[0] - welfare[1]).sum() == pytest.approx(0.25 * 0.3 * bought, rel=1e-4)


def test_welfare_is_measured_alike_whatever_the_appetite_that_is_played(standing):
    """The lever moves choices; the yardstick stays with the facts."""
    welfare = []
    for appetite in (0.0, 1.0):
        put_levers(standing, "importer", slice(0, standing.world.countries), sovereignty=appetite)
        record(standing.run)
        welfare.append(standing.run.book["welfare"][: standing.world.countries].copy())
    assert np.array_equal(*welfare)


def test_use_is_worth_more_at_better_quality(standing):
    """A quarter of log quality more in everything: worth exp(welfare_quality / 4) times as much."""
    gains = []
    for better in (0.0, 0.25):
        put(standing, quality=standing.world.state.quality + better)
        record(standing.run)
        gains.append(standing.run.book["welfare"][: standing.world.countries].astype(float))
    p, used = standing.world.parameters, standing.world.state.used[: standing.world.countries].sum()
    most = p.welfare_use * used * (np.exp(p.welfare_quality * 0.25) - 1)
    assert 0.3 * most < (gains[1] - gains[0]).sum() < most * 1.2


def test_the_parts_of_a_payoff_by_hand(standing):
    """Each part at its price, in bn$; on the first January there are none."""
    put_parameters(standing, payoff_use=0.5, payoff_influence=7.0, payoff_cost=2.0)
    put_parameters(standing, payoff_incident=3.0, payoff_trust=10.0)
    standing.run.book["public_cost_bn"][:2], standing.run.book["incident_loss_bn"][:2] = (4.0, 1.0), (0.5, 0.2)
    record(standing.run)
    book = standing.run.book
    use = standing.world.state.stock_used[: standing.world.countries].sum(axis=(0, 1))
    trust = book["trust"][: standing.world.countries].astype(float).mean(axis=0)
    assert book["use_bn"] == pytest.approx(use)
    assert book["payoff_use_bn"] == pytest.approx(0.5 * use[:2])
    lever = book["leverage"][: standing.world.countries].astype(float).mean(axis=0)
    assert book["payoff_influence_bn"] == pytest.approx(7 * lever, rel=1e-6)
    assert book["payoff_cost_bn"].tolist() == [-8.0, -2.0]
    assert book["payoff_incident_bn"] == pytest.approx([-1.5, -0.6])
    assert book["payoff_trust_bn"] == pytest.approx(10 * trust[:2], rel=1e-6)
    put(standing, month=0)
    record(standing.run)
    assert all((book[f"payoff_{part}_bn"] == 0).all() for part in PARTS)


def test_an_empty_cell_reports_what_it_last_ran(standing):
    put(standing, stock_used=((4, 3), 0.0), stock=((4, 3), 0.0))
    record(standing.run)
    assert standing.run.book["utilised"][4, 3] == pytest.approx(standing.run.state["share"][4, 3], rel=1e-6)
    assert standing.run.book["capacity"][4, 3] == 0


def test_a_value_that_is_not_finite_marks_the_run(standing):
    put(standing, used=((0, 0), np.nan))
    record(standing.run)
    assert standing.run.state["status"] == NOT_FINITE
