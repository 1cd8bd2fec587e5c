"""Keyed draws against splitmix64 in whole numbers."""

import numpy as np
import pytest

from stackcraft.experiments.checks.drivers import key_of
from stackcraft.model.loop import luck as kernel
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
