"""The generator of keyed luck against its published vectors, and whether its draws are uniform and unrelated."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from stackcraft.experiments.checks.check import at_least, equal, within
from stackcraft.experiments.checks.drivers import key_of
from stackcraft.model.loop.luck import ARRIVAL, GOLDEN, bits, mix
from stackcraft.model.loop.noise import gaussians, uniforms

# The first three outputs of splitmix64 from seed 1234567 (Steele, Lea and Flood 2014; vectors as published for Java and
# C).
SEED, VECTORS = 1234567, (6457827717110365317, 3203168211198807973, 9817491932198370423)
DRAWS = 1 << 20


def checks(threads=None):
    """Vectors, collisions, uniformity, lag correlation, normal draws."""
    outputs = [int(mix(np.uint64((SEED + i * GOLDEN) % 2**64))) for i in range(len(VECTORS))]
    wrong = sum(one != other for one, other in zip(outputs, VECTORS, strict=True))
    yield equal("exact", "splitmix64", "the generator gives its published vectors", wrong, f"outputs {outputs}")

    key = key_of(7, 3)
    sites = [
        (c, layer, month, slot)
        for c in (4, 404, 894)
        for layer in (0, 6)
        for month in range(0, 480, 7)
        for slot in range(40)
    ]
    drawn = {int(bits(key, ARRIVAL, *site)) for site in sites}
    yield equal(
        "exact", "no two sites share a draw", "within a run, other sites have other bits", len(sites) - len(drawn)
    )

    numbers = np.arange(1, 1025)
    u = uniforms(5, np.arange(64), ARRIVAL, numbers, 11, 0, 16)
    counts = np.histogram(u, bins=256, range=(0, 1))[0]
    statistic = ((counts - u.size / 256) ** 2 / (u.size / 256)).sum()
    yield at_least(
        "exact", "uniform draws", f"chi-squared of {u.size:,} draws in 256 bins: p", chi2.sf(statistic, 255), 1e-3
    )
    largest = max(
        abs(
            np.corrcoef(
                np.take(u, range(u.shape[axis] - 1), axis).ravel(), np.take(u, range(1, u.shape[axis]), axis).ravel()
            )[0, 1]
        )
        for axis in range(3)
    )
    bound = 4.0 / np.sqrt(u.size)
    yield within(
        "exact", "unrelated draws", "largest correlation between neighbouring runs, countries, layers", largest, bound
    )
    z = gaussians(5, np.arange(64), ARRIVAL, numbers, 11, 0, 16)
    moments = np.abs([z.mean(), z.var() - 1.0, (z**3).mean(), (z**4).mean() - 3.0]) / np.sqrt(
        np.array([1, 2, 15, 96]) / z.size
    )
    yield within("exact", "normal draws", "first four moments, in standard errors", moments.max(), 4.0)
