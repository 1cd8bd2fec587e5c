"""What is recorded in January against plain sums over countries, layers and deals."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import FINE, NOT_FINITE
from stackcraft.model.loop.record import record
from tests.model.loop.conftest import look, put, put_deals, put_levers
from tests.reference import record as twin


def test_every_stock_of_the_record(standing):
    world = standing.world
    put_levers(
        standing, "importer", slice(0, world.countries), champion=0.7, clarity=np.linspace(0, 1, world.countries)
    )
    put_levers(standing, "vendor", 13, reexport=0.4)
    standing.run.book["cut_off_loss_bn"][2], standing.run.book["second_source_cost_bn"][3] = 0.7, 0.2
    standing.run.book["announced_bn"][:2], standing.run.book["delivered_bn"][:2] = (7.0, 3.0), (6.0, 0.2)
    standing.run.book["finance_relief_bn"][4] = 0.3
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
        precision = (
            2e-6
            if got.dtype == np.float32 or name in ("world_installed", "world_utilised", "evaluated_trust")
            else 1e-10
        )
        assert got[tuple(slice(size) for size in value.shape)] == pytest.approx(
            value, rel=precision, abs=precision * 1e-2
        ), name
        assert np.abs(value).max() > 0, name
    for h in (0, 1):
        assert standing.run.state["last_score"][h] == pytest.approx(
            twin.score(world.parameters, (7.0, 3.0)[h], (6.0, 0.2)[h]), rel=1e-6
        )
    assert standing.run.state["status"] == FINE


def test_backing_a_champion_is_paid_once(standing):
    """What a country pays of its champion's price out of another pocket is part of the price in its bill."""
    world, welfare = standing.world, []
    for backed in (0.0, 1.0):
        put_levers(standing, "importer", slice(0, world.countries), champion=backed)
        put(standing, champion=backed)
        record(standing.run)
        welfare.append(standing.run.book["welfare"][: world.countries].copy())
    domestic = int(world.facts.domestic_vendor)
    assert world.state.stock[: world.countries, :, domestic].sum() > 0 and np.array_equal(*welfare)


def test_an_empty_cell_reports_what_it_last_ran(standing):
    put(standing, stock_used=((4, 3), 0.0), stock=((4, 3), 0.0))
    record(standing.run)
    assert standing.run.book["utilised"][4, 3] == pytest.approx(standing.run.state["share"][4, 3], rel=1e-6)
    assert standing.run.book["capacity"][4, 3] == 0


def test_a_value_that_is_not_finite_marks_the_run(standing):
    put(standing, used=((0, 0), np.nan))
    record(standing.run)
    assert standing.run.state["status"] == NOT_FINITE
