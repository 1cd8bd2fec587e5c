"""Keyed draws against splitmix64 in whole numbers."""

import itertools

import numpy as np
import pytest

from stackcraft.agents.names import VENDORS
from stackcraft.experiments.checks.drivers import key_of
from stackcraft.model.loop import luck as kernel
from stackcraft.model.loop import shocks
from stackcraft.model.loop.codes import ORIGINS
from stackcraft.model.loop.noise import SLOTS_OF_A_DRAW
from stackcraft.model.loop.run import Run
from stackcraft.model.loop.shocks import WORLD
from stackcraft.model.observe import DEMAND, POLL, SHARES, UTILISATION
from stackcraft.model.parameters import PARAMETERS
from tests.reference import luck


@pytest.mark.parametrize(("seed", "replicate"), [(0, 0), (1, 2), (12345, 999), (2**40, 7)])
def test_keys_and_draws(seed, replicate):
    key = luck.run_key(seed, replicate)
    assert int(key_of(seed, replicate)) == key
    generator = np.random.default_rng(seed % 1000)
    for _ in range(50):
        site = [int(x) for x in generator.integers(0, [34, 1000, 7, 400, 2000])]
        assert kernel.uniform(np.uint64(key), *site) == luck.uniform(key, *site)
        assert kernel.exponential(np.uint64(key), *site) == pytest.approx(luck.exponential(key, *site), rel=1e-13)


def slots():
    return {name: value for name, value in vars(kernel).items() if isinstance(value, kernel.Slots)}


def test_no_two_uses_of_a_stream_share_a_slot():
    assert len(slots()) >= 18
    for (one, a), (other, b) in itertools.combinations(slots().items(), 2):
        if a.stream == b.stream:
            assert a.first + a.number <= b.first or b.first + b.number <= a.first, (one, other)


def test_vendors_and_origins_fit_into_their_slots(stood):
    numbers = stood.run.facts["vendor_number"][: len(VENDORS)]
    assert numbers.min() >= 0 and numbers.max() < kernel.VENDOR_NUMBERS
    assert len(ORIGINS) <= kernel.DEALS_OF_A_VENDOR
    deals = {int(kernel.deal_slot(number, origin)) for number in numbers for origin in range(len(ORIGINS))}
    assert len(deals) == len(VENDORS) * len(ORIGINS) and max(deals) < kernel.CUT_DEAL.number


def test_evaluations_and_the_noise_of_public_figures_do_not_meet():
    assert (
        PARAMETERS["evaluations"].high
        <= kernel.EVALUATION.number
        <= SLOTS_OF_A_DRAW * min(SHARES, UTILISATION, DEMAND, POLL)
    )


def test_every_world_shock_has_a_slot_of_its_own():
    slots_of_shocks = [slot for _, _, slot in WORLD]
    assert len({*slots_of_shocks}) == len(WORLD) and max(slots_of_shocks) < kernel.SHOCK.number


def test_a_shock_that_is_added_moves_no_other(stood, monkeypatch):
    """Put in the middle with the next free slot, it leaves the months of all others as they were."""
    before = months_of_shocks(stood.run, monkeypatch, WORLD)
    new = (WORLD[0][0], 1, len(WORLD))
    after = months_of_shocks(stood.run, monkeypatch, (*WORLD[:5], new, *WORLD[5:]))
    assert {slot: after[slot] for slot in before} == before and len(after) == len(before) + 1
    assert sum(month >= 0 for month in before.values()) >= 2


def months_of_shocks(run, monkeypatch, world):
    """By slot, the month of every world shock that a January draws, with high rates, by the kernel's own source."""
    one = Run(*(np.array([part]).view(np.recarray)[0].copy() for part in run))
    for name in one.parameters.dtype.names:
        if name.endswith("_rate"):
            one.parameters[name] = 0.5
    with monkeypatch.context() as patched:
        patched.setattr(shocks, "WORLD", world)
        patched.setattr(shocks, "rate_of", shocks.rate_of.py_func)
        shocks.draw_shocks.py_func(one)
    return {slot: int(one.state.shock_month[slot]) for _, _, slot in world}
