"""Weights of the worlds of the last stage, and what they say of each parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.evidence.matching.declared import Target
from stackcraft.experiments.evidence.matching.emulator import averaged
from stackcraft.experiments.evidence.matching.space import ranked

SURE = 0.05  # chance of calling any parameter of all learnt where none is


@dataclass(frozen=True)
class Weighed:
    """Worlds of the last stage: their implausibility (targets, worlds) as they ran, and weights that add up to 1.

    A world beyond the bound has weight 0. `effective`: how many worlds of equal weight would be as sure.
    """

    implausibility: np.ndarray
    weight: np.ndarray
    effective: float

    @property
    def left(self) -> np.ndarray:
        """Which worlds are not ruled out."""
        return self.weight > 0


def weigh(
    targets: Sequence[Target], values: dict[str, np.ndarray], bound: float, rank: int, drawn_by: np.ndarray
) -> Weighed:
    """Weigh worlds by how likely what was observed is under each, over what they were drawn in proportion to.

    `values`: readings (worlds, replicates) by target, on its scale; `drawn_by`: logarithm of that density, (worlds,).
    The mean over a world's replicates is unsure by luck over their number; what happened is unsure by luck itself.
    """
    rows, log_weight = [], -np.asarray(drawn_by, float)
    for target in targets:
        _, _, luck, _ = averaged(np.zeros((len(values[target.name]), 1)), values[target.name])
        counts = np.isfinite(values[target.name]).sum(axis=1)
        means = np.where(counts > 0, np.nansum(values[target.name], axis=1) / np.maximum(counts, 1), np.inf)
        variance = luck * (1 + 1 / np.maximum(counts, 1)) + target.doubt
        misses = np.where(counts > 0, target.misses(means), np.inf)
        rows.append(misses / np.sqrt(variance))
        log_weight = log_weight - 0.5 * (rows[-1] ** 2 + np.log(variance))
    implausibility = np.stack(rows)
    left = ranked(implausibility, rank) <= bound
    if not left.any():
        return Weighed(implausibility, np.zeros(len(left)), 0.0)
    weight = np.where(left, np.exp(log_weight - log_weight[left].max()), 0.0)
    weight /= weight.sum()
    return Weighed(implausibility, weight, float(1 / (weight**2).sum()))


@dataclass(frozen=True)
class Learnt:
    """What is known of an input, in the unit cube: 5, 50 and 95 % quantiles, and how its spread shrank.

    `narrowed`: 1 less its standard deviation over that of the range it was drawn from. `distance`: the largest
    difference of its distribution from the even one; `clear` where luck in so many worlds would hardly make it.
    """

    place: int
    quantiles: tuple[float, float, float]
    narrowed: float
    distance: float
    clear: bool


def learnt(points: np.ndarray, weight: np.ndarray, among: Sequence[int] | None = None) -> list[Learnt]:
    """Return what is known of inputs (of all, or of those `among`), those that are learnt most first."""
    among = range(points.shape[1]) if among is None else among
    effective = 1 / (weight**2).sum()
    # Kolmogorov's limit for so many worlds, for all these inputs together.
    limit = np.sqrt(-0.5 * np.log(SURE / max(len(among), 1) / 2) / effective)
    found = []
    for place in among:
        order = np.argsort(points[:, place])
        at, reached = points[order, place], np.cumsum(weight[order])
        before = np.concatenate([[0.0], reached[:-1]])
        distance = float(max(np.abs(reached - at).max(), np.abs(before - at).max()))
        low, middle, high = (float(at[min(np.searchsorted(reached, q), len(at) - 1)]) for q in (0.05, 0.5, 0.95))
        mean = float((weight * points[:, place]).sum())
        deviation = float(np.sqrt((weight * (points[:, place] - mean) ** 2).sum()))
        narrowed = float(1 - deviation * np.sqrt(12))
        found.append(Learnt(place, (low, middle, high), narrowed, distance, bool(distance > limit)))
    return sorted(found, key=lambda one: (not one.clear, -one.distance))
