"""What a machine's operations cost: a hash, an exponential and a nested-logit cell, nanoseconds each.

The kernels are plain numba and no part of the model, so that they stay the same over versions: a figure of the model
divided by one of these travels from one machine to another.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numba import njit, uint64

PLACES = 16  # bids in a cell, a third of them of each stack
REPEATS = 5


@njit(error_model="numpy")
def _hashes(number: int) -> int:
    """A chain of splitmix64, each of which waits for the one before it (Steele, Lea and Flood, 2014)."""
    x = uint64(1234567)
    for _ in range(number):
        x += uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> uint64(27))) * uint64(0x94D049BB133111EB)
        x ^= x >> uint64(31)
    return x


@njit(error_model="numpy")
def _exponentials(number: int) -> float:
    total = 0.0
    for i in range(number):
        total += math.exp(-(i & 1023) / 256.0)
    return total


@njit(error_model="numpy")
def _cells(number: int, utilities: np.ndarray) -> float:
    """Choice probabilities of nested-logit cells of `PLACES` bids in three nests."""
    weight, total = np.empty(PLACES), 0.0
    for cell in range(number):
        sums = np.zeros(3)
        for i in range(PLACES):
            weight[i] = math.exp(utilities[cell & 1023, i])
            sums[i % 3] += weight[i]
        nests = 1.0
        for s in range(3):
            nests += math.exp(0.7 * math.log(sums[s]))
        total += 1.0 / nests
    return total


def nanoseconds() -> dict[str, float]:
    """Return the least time of several goes: {"hash", "exponential", "logit cell"}, nanoseconds each."""
    utilities = np.random.default_rng(0).normal(size=(1024, PLACES))
    return {
        "hash": _best(_hashes, 1_000_000),
        "exponential": _best(_exponentials, 1_000_000),
        "logit cell": _best(lambda number: _cells(number, utilities), 50_000),
    }


def _best(work: Callable[[int], object], number: int) -> float:
    work(1)
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work(number)
        found.append(time.perf_counter() - start)
    return 1e9 * min(found) / number
