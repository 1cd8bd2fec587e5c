"""Fit, use and reputation against angles, small steps and plain means."""

import numpy as np
import pytest

from model.loop.sizes import OPERATING, USE_MONTHS
from model.loop.use import fit, raw_misfit, refresh_reputation, trained, use_step
from tests.reference import use as twin


def test_misfit_and_fit(stood):
    generator = np.random.default_rng(1)
    p, plain = stood.run.parameters, stood.world.parameters
    for _ in range(50):
        a, b = generator.dirichlet(np.ones(4)), generator.dirichlet(np.ones(4))
        levers = generator.random(3)
        assert raw_misfit(a, b) == pytest.approx(twin.misfit(a, b), abs=1e-14)
        assert fit(p, raw_misfit(a, b), *levers) == pytest.approx(twin.fit(plain, twin.misfit(a, b), *levers), abs=1e-13)
    assert raw_misfit(a, a) == pytest.approx(0, abs=1e-15)


def test_training(stood):
    for absorption, training in ((0.1, 0.0), (0.3, 1.0), (1.0, 1.0)):
        assert trained(stood.run.parameters, absorption, training) == pytest.approx(
            twin.trained(stood.world.parameters, absorption, training))


@pytest.mark.parametrize(("used", "demanded", "fitted", "absorption"), [(0.0, 2.0, 0.8, 0.3), (0.9, 0.4, 0.5, 0.9), (0.2, 0.0, 1.0, 0.1)])
def test_use_relaxes_exactly(stood, used, demanded, fitted, absorption):
    p, years = stood.world.parameters, USE_MONTHS / 12
    ceiling = min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption)
    kept = np.exp(-(p.use_speed + p.use_speed_absorption * absorption) * years)
    got = use_step(used, demanded, fitted, ceiling, kept)
    assert got == pytest.approx(twin.use(p, used, demanded, fitted, absorption, years), abs=2e-5)


def test_deals_keep_the_pace_of_their_country(stood):
    """What a deal stores at its start is what the formula says for its country and training."""
    p, world, seen = stood.world.parameters, stood.world, 0
    for c in range(world.countries):
        for l in range(7):
            for i in range(6):
                if world.state.stage[c][l][i] != OPERATING:
                    continue
                deal = world.deals[c, l, i]
                absorption = twin.trained(p, world.facts.absorption[c], deal["capacity_building"])
                assert deal["ceiling"] == pytest.approx(min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption), rel=1e-12)
                rate = p.use_speed + p.use_speed_absorption * absorption
                assert deal["kept"] == pytest.approx(np.exp(-rate * USE_MONTHS / 12), rel=1e-12)
                seen += 1
    assert seen > 50


def test_reputation(standing):
    refresh_reputation(standing.run, standing.space["reputation"])
    got = standing.run.state["reputation"][: standing.world.countries, :15]
    assert got == pytest.approx(np.array(twin.reputation(standing.world)), abs=1e-13)
    assert np.abs(got).max() > 0
