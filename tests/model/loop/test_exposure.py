"""What a country stands to lose and pays, by the terms of every contract, against plain sums."""

import numpy as np
import pytest

from stackcraft.model.loop.exposure import refresh_exposure
from tests.model.loop.conftest import assert_same, look, put, put_deals, put_levers
from tests.reference import exposure as twin


@pytest.mark.parametrize("case", ["as it is", "own terms", "no contract", "nothing bought privately"])
def test_exposures_and_bills(standing, case):
    generator = np.random.default_rng(5)
    if case == "own terms":
        put_deals(
            standing, **{name: lambda now: generator.uniform(0, 1.5, now.shape) for name in ("price", "paid", "cut")}
        )
    elif case == "no contract":
        put(standing, stage=0)
    elif case == "nothing bought privately":
        put(standing, organic=0.0)
    put(standing, standing=-1.0, exposed=-1.0, bill=-1.0)
    world = look(standing)
    twin.refresh(world)
    refresh_exposure(standing.run)
    for name in ("standing", "exposed", "bill"):  # the places of padding are nobody's
        getattr(world.state, name)[world.countries :] = standing.run.state[name][world.countries :]
    assert_same(standing, world)
    assert (world.state.bill[: world.countries] > 0).all() and (
        world.state.exposed <= 1.5 * np.abs(world.state.standing)
    ).all()
    stock = standing.world.state.stock[: world.countries].sum(axis=2)
    domestic = standing.world.state.stock[: world.countries, :, int(world.facts.domestic_vendor)]
    if case in ("as it is", "own terms"):
        assert world.state.standing[: world.countries].sum(axis=2) == pytest.approx(
            stock - domestic, rel=1e-9, abs=1e-12
        )
        assert domestic.max() > 0


def test_what_was_agreed_stays(standing):
    """Dearer offers raise what firms and people pay, and nothing else."""
    before = [twin.bill(look(standing), c) for c in range(standing.world.countries)]
    put_levers(standing, "vendor", slice(0, 15), markup=dearer(standing), local_hosting=1.0)
    refresh_exposure(standing.run)
    put(standing, organic=0.0)
    contracts = [twin.bill(look(standing), c) for c in range(standing.world.countries)]
    assert all(
        now > then > alone > 0 for now, then, alone in zip(standing.run.state["bill"], before, contracts, strict=False)
    )


def dearer(one):
    """Every vendor's markup, and a half."""
    return np.array([lever.markup + 0.5 for lever in one.world.vendor])
