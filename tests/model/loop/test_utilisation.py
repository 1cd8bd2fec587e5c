"""Fit, use and reputation against angles, small steps and plain means."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import OPERATING, USE_MONTHS
from stackcraft.model.loop.utilisation import fit, raw_misfit, refresh_reputation, step_use, trained, use_step
from tests.model.loop.conftest import look, put, put_deals, put_levers, switch
from tests.reference import use as twin
from tests.reference.plain import deal


def test_misfit_and_fit(stood):
    generator = np.random.default_rng(1)
    p, plain = stood.run.parameters, stood.world.parameters
    for _ in range(50):
        a, b = generator.dirichlet(np.ones(4)), generator.dirichlet(np.ones(4))
        levers = generator.random(3)
        assert raw_misfit(a, b) == pytest.approx(twin.misfit(a, b), abs=1e-14)
        assert fit(p, raw_misfit(a, b), *levers) == pytest.approx(
            twin.fit(plain, twin.misfit(a, b), *levers), abs=1e-13
        )
    assert raw_misfit(a, a) == pytest.approx(0, abs=1e-15)


def test_products_of_stored_mixes_are_not_rounded(stood):
    """Deals keep their mix in single precision.

    What is worked out from it is exact to double precision all the same.
    """
    generator, rounded = np.random.default_rng(2), 0.0
    for _ in range(50):
        a, b = generator.dirichlet(np.ones(4)).astype(np.float32), generator.dirichlet(np.ones(4))
        exact = twin.misfit([float(part) for part in a], b)
        assert raw_misfit(a, b) == pytest.approx(exact, abs=1e-14) and twin.misfit(a, b) == exact
        lengths = float(np.sum(a * a, dtype=np.float32)) * float(b @ b)
        rounded = max(rounded, abs(1 - float(a.astype(float) @ b) ** 2 / lengths - exact))
    assert rounded > 1e-9  # what products in single precision would cost


def test_training(stood):
    for absorption, training in ((0.1, 0.0), (0.3, 1.0), (1.0, 1.0)):
        assert trained(stood.run.parameters, absorption, training) == pytest.approx(
            twin.trained(stood.world.parameters, absorption, training)
        )


@pytest.mark.parametrize(
    ("used", "demanded", "fitted", "absorption"), [(0.0, 2.0, 0.8, 0.3), (0.9, 0.4, 0.5, 0.9), (0.2, 0.0, 1.0, 0.1)]
)
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
                one = deal(world, c, l, i)
                absorption = twin.trained(p, world.state.absorption[c], one.capacity_building)
                assert one.ceiling == pytest.approx(
                    min(1.0, p.use_ceiling + p.use_ceiling_absorption * absorption), rel=1e-12
                )
                rate = p.use_speed + p.use_speed_absorption * absorption
                assert one.kept == pytest.approx(np.exp(-rate * USE_MONTHS / 12), rel=1e-12)
                seen += 1
    assert seen > 50


def test_reputation(standing):
    refresh_reputation(standing.run, standing.space["reputation"])
    got = standing.run.state["reputation"][: standing.world.countries, :15]
    assert got == pytest.approx(np.array(twin.reputation(standing.world)), abs=1e-13)
    assert np.abs(got).max() > 0


@pytest.mark.parametrize("off", [(), ("utilisation",), ("reexport",), ("organic",)])
def test_a_half_year_of_all_deals(standing, off):
    switch(standing, off=off)
    put_levers(standing, "vendor", 13, reexport=0.4)
    put(standing, data_use=0.0, revenue=0.0, capacity=((3, 2), 0.0))
    generator = np.random.default_rng(7)  # what was agreed need not be what is offered now
    put_deals(
        standing,
        price=lambda now: generator.uniform(0.5, 1.5, now.shape),
        paid=lambda now: generator.uniform(0.4, 1.2, now.shape),
    )
    for name in ("revenue_bn", "private_spend_bn", "app_use", "reexport_bn"):
        standing.run.book[name][...] = 0.0
    world = look(standing)
    expected = twin.half_year(world)
    step_use(standing.run, standing.space["sales"])
    after, many = look(standing), len(expected.deal)
    for (c, l, i), used in expected.deal.items():
        assert deal(after, c, l, i).used == pytest.approx(used, rel=1e-11), (c, l, i)
    for (c, l), used in expected.cell.items():
        assert after.state.used[c][l] == pytest.approx(used, rel=1e-11)
        assert after.state.stock_used[c][l] == pytest.approx(np.array(expected.stack[c, l]), rel=1e-10, abs=1e-13)
        grown = 0.5 if world.state.capacity[c][l] > 0 else 0.0
        assert after.state.experience[c][l] - world.state.experience[c][l] == pytest.approx(grown, abs=1e-12)
    assert after.state.revenue[:15] == pytest.approx(np.array(expected.revenue), rel=1e-10)
    assert after.state.data_use[:15] == pytest.approx(np.array(expected.data), rel=1e-10)
    for name, value in (
        ("private_spend_bn", expected.spent),
        ("app_use", expected.applications),
        ("reexport_bn", expected.reexports),
    ):
        assert getattr(after.book, name)[: len(value)] == pytest.approx(np.array(value), rel=1e-6), name
    assert many > 150 and (off != () or max(expected.reexports) > 0)


def test_small_steps_meet_the_closed_form(stood):
    p = stood.world.parameters
    for used, demanded, fitted, absorption in ((0.0, 2.0, 0.8, 0.3), (0.9, 0.4, 0.5, 0.9)):
        assert twin.relaxed(p, used, demanded, fitted, absorption, 2.0) == pytest.approx(
            twin.use(p, used, demanded, fitted, absorption, 2.0), abs=1e-4
        )
