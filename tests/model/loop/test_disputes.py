"""Leverage and true hazards against plain sums and the integral."""

import numpy as np
import pytest

from model.loop.disputes import chance_of_coercion, leverage, settle_disputes, true_supply_hazard
from tests.reference import disputes as twin


def test_leverage(stood):
    for c in range(stood.world.countries):
        for h in (0, 1):
            assert leverage(stood.run, c, h) == pytest.approx(twin.leverage(stood.world, c, h), rel=1e-12)


@pytest.mark.parametrize("lever", [0.02, 0.1, 0.4])
@pytest.mark.parametrize("cost", [0.05, 0.45])
def test_the_mean_chance_of_coercion(lever, cost):
    mean = np.mean([chance_of_coercion(0.7, lever, stake, cost) for stake in (np.arange(2000) + 0.5) / 2000])
    assert twin.mean_chance(0.7, lever, cost) == pytest.approx(mean, rel=1e-4)
    assert true_supply_hazard(cost, 0.06, 0.7, lever, 0.5) == pytest.approx(0.03 * mean, rel=0.02)  # five midpoints


def test_true_hazards_of_every_country(standing):
    settle_disputes(standing.run, standing.space["answer"])
    for c in range(standing.world.countries):
        for h in (0, 1):
            expected = twin.true_supply_hazard(standing.world, c, h)
            # The kernel takes five midpoints of the integral.
            assert standing.run.state["true_hazard"][c, h, 0] == pytest.approx(expected, rel=0.03)
