"""Demand, tenders' hazards, perception and the organic stock against plain formulas and small steps."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import ORGANIC_MONTHS
from stackcraft.model.loop.demand import government_demand, grow_demand, naivety, perceived_demand, step_organic
from stackcraft.model.loop.luck import DEMAND_BIAS, gaussian
from stackcraft.model.loop.tenders import fill_hazards, refresh_peers_served
from tests.model.loop.conftest import CELLS, stand
from tests.reference import demand as twin


def test_growth_fades(standing):
    standing.run.state["bust_until"] = 0
    grow_demand(standing.run)
    years = standing.world.state.month / 12
    assert years == 3
    for c, l in CELLS:
        assert standing.run.state["demand"][c, l] == pytest.approx(twin.demand(standing.world, c, l, years), rel=1e-13)


def test_what_is_left_for_governments(stood):
    for c, l in CELLS:
        assert government_demand(stood.run, c, l) == pytest.approx(twin.of_government(stood.world, c, l), rel=1e-14)


def test_chance_of_a_tender(standing):
    refresh_peers_served(standing.run, standing.space["served"])
    hazard = np.zeros((standing.run.state["demand"].shape[0], 7))
    standing.space["arrivals"]["hazard"][...] = 0
    fill_hazards(standing.run, hazard)
    kinds = set()
    for c in range(standing.world.countries):
        for l in range(7):
            expected = twin.monthly_chance_of_a_tender(standing.world, c, l)
            assert hazard[c, l] == pytest.approx(expected, rel=1e-12, abs=1e-16), (c, l)
            kinds.add(expected > 0)
    assert kinds == {True, False}


def test_an_unserved_country_tenders_by_the_bass_rule(standing):
    for name in ("capacity", "pending"):
        standing.run.state[name][3, :] = 0.0
    refresh_peers_served(standing.run, standing.space["served"])
    hazard = np.zeros((standing.run.state["demand"].shape[0], 7))
    fill_hazards(standing.run, hazard)
    standing.world.state.capacity[3] = standing.world.state.pending[3] = 0.0
    for l in range(7):
        assert hazard[3, l] == pytest.approx(twin.monthly_chance_of_a_tender(standing.world, 3, l), rel=1e-12)
        assert hazard[3, l] > 0


def test_perception(stood):
    number = stood.world.facts.iso_number
    for c, l in CELLS:
        assert naivety(stood.run, c, l) == pytest.approx(twin.naivety(stood.world, c, l), rel=1e-13)
        key, month = np.uint64(stood.world.state.key), stood.world.state.month
        drawn = gaussian(key, DEMAND_BIAS, int(number[c]), l, month, 0)
        assert perceived_demand(stood.run, c, l) == pytest.approx(twin.perceived(stood.world, c, l, drawn), rel=1e-12)


def test_the_organic_step_is_exact(standing):
    before = standing.run.state["organic"].copy()
    step_organic(standing.run)
    world, years = standing.world, ORGANIC_MONTHS / 12
    for c, l in ((0, 2), (4, 4), (7, 6)):
        wanted = world.state.demand[c][l] * world.facts.organic_share[c]
        expected = twin.organic(
            before[c, l].tolist(),
            wanted,
            standing.run.state["organic_choice"][c, l].tolist(),
            world.parameters.term_years[l],
            years,
        )
        assert standing.run.state["organic"][c, l] == pytest.approx(np.array(expected), rel=1e-5, abs=1e-12)
        moved = standing.run.state["organic"][c, l] - before[c, l]
        assert np.abs(moved).max() > 0
        stock = standing.run.state["stock"][c, l] - world.state.stock[c][l]
        assert stock == pytest.approx(moved, abs=1e-12)


def test_without_organic_buyers_governments_buy_all():
    one = stand(off=("organic",), years=0)
    assert government_demand(one.run, 0, 2) == one.run.state["demand"][0, 2]
    one.simulation.close()
