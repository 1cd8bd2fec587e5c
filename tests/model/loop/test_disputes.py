"""Leverage and true hazards against plain sums and the integral."""

import numpy as np
import pytest

from stackcraft.model.loop.disputes import chance_of_coercion, leverage, settle_disputes, true_supply_hazard
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
    assert true_supply_hazard(cost, 0.06, 0.7, lever, 0.5) == pytest.approx(
        0.03 * twin.midpoint_mean(0.7, lever, cost), rel=1e-12
    )


def test_true_hazards_of_every_country(standing):
    settle_disputes(standing.run, standing.space["answer"])
    world = standing.world
    for c in range(world.countries):
        for h in (0, 1):
            got = standing.run.state["true_hazard"][c, h, 0]
            assert got == pytest.approx(twin.true_supply_hazard(world, c, h, twin.midpoint_mean), rel=1e-11)
            # Never below the integral, and above it by no more than the rule's own error.
            exact = twin.true_supply_hazard(world, c, h)
            assert (
                exact
                <= got
                <= exact * (1 + twin.error_of_the_rule(world.home[h].coerce, 1.0, world.parameters.coercion_cost[h]))
            )


@pytest.mark.parametrize("cost", [0.025, 0.45])
@pytest.mark.parametrize("coerce", [0.15, 0.3, 1.0])
@pytest.mark.parametrize("lever", [0.02, 0.1, 0.3, 1.0])
def test_how_good_five_midpoints_are(cost, coerce, lever):
    """Within 0.4 % of the integral where the stake decides on coercion, within 2 % where nearly any stake would do."""
    error, steep = twin.error_of_the_rule(coerce, lever, cost), coerce * lever / cost
    assert 0 < error < (0.004 if steep < 1 else 0.02)
    if steep < 1:  # the rule is of second order
        assert twin.error_of_the_rule(coerce, lever, cost, 10) == pytest.approx(error / 4, rel=0.01)
