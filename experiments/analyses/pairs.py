"""Pairs of design rows in the same world that differ in choices or in the model's structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = {"lever": "policies", "bundle": "policies", "strategy": "strategies", "structure": "structure"}


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of design rows.

    `first` and `second` are row numbers of the design, (pairs,); `differs` says in what; `all` is how many they were
    drawn from.
    """

    first: np.ndarray
    second: np.ndarray
    differs: tuple[str, ...]
    all: int


def pairs_in_a_world(results: Any, most: int, seed: int = 0) -> Pairs:
    """Pairs of rows with the same value of every uncertainty: all of them, or about `most` at random.

    Pairs whose every factor is the same (a table may repeat a row) are left out. There are no pairs where every row is
    a world of its own.
    """
    design = results.design
    factors = results.study.factors
    unknowns = [factor.name for factor in factors if factor.group == "uncertainty"]
    world = (
        design.groupby(unknowns, sort=False, dropna=False).ngroup().to_numpy()
        if unknowns
        else np.zeros(len(design), dtype=int)
    )
    first, second, number = choose_pairs(world, most, seed)
    different = {}
    for factor in factors:
        if factor.group in KINDS:
            codes = (
                design[factor.name].astype(str).to_numpy()
                if factor.kind == "category"
                else design[factor.name].to_numpy()
            )
            different[KINDS[factor.group]] = different.get(KINDS[factor.group], False) | (codes[first] != codes[second])
    words = tuple(" and ".join(kind for kind, here in different.items() if here[pair]) for pair in range(len(first)))
    kept = np.array([bool(word) for word in words], dtype=bool)
    return Pairs(
        first[kept], second[kept], tuple(word for word in words if word), number if number > most else int(kept.sum())
    )


def choose_pairs(world: np.ndarray, most: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, int]:
    """Row numbers of pairs with the same entry of `world` (rows,), and how many such pairs there are.

    With more than `most` of them, `most` are drawn evenly and those drawn twice are dropped.
    """
    order = np.argsort(world, kind="stable")
    _, start, size = np.unique(world[order], return_index=True, return_counts=True)
    start, size = start.astype(np.int64), size.astype(np.int64)
    pairs = size * (size - 1) // 2
    total = int(pairs.sum())
    numbers = np.arange(total) if total <= most else np.unique(np.random.default_rng(seed).integers(total, size=most))
    ends = np.cumsum(pairs)
    group = np.searchsorted(ends, numbers, side="right")
    place = numbers - (ends[group] - pairs[group])
    # Pair number p of a group is (i, j), i < j, counted j first: p = j (j - 1) / 2 + i.
    j = np.floor((1.0 + np.sqrt(1.0 + 8.0 * place)) / 2.0).astype(np.int64)
    j += (j + 1) * j // 2 <= place
    j -= j * (j - 1) // 2 > place
    i = place - j * (j - 1) // 2
    return order[start[group] + i], order[start[group] + j], total
