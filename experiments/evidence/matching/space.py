"""What is left of the space of inputs after each wave, and draws from it.

The share that is left may be a thousandth of a thousandth, so that drawing and throwing away would not do: subset
simulation goes there by levels, each a fifth of the one before (Au and Beck 2001, Probabilistic Engineering Mechanics
16:263-277), and its moves are those of differential evolution between two halves of the draws (ter Braak 2006,
Statistics and Computing 16:239-249); some moves draw one input afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.evidence.matching.declared import Target, Wave
from stackcraft.experiments.evidence.matching.emulator import Emulator

KEPT = 0.2  # share of the draws that each level keeps
LEVELS = 10  # 0.2 ** 10 is a ten millionth: what is smaller counts as nothing
MOVES = 12  # between levels
Ratio = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Ruling:
    """What a wave rules out: points whose implausibility of rank `wave.rank` is above `wave.bound`."""

    targets: tuple[Target, ...]
    emulators: Mapping[str, Emulator]
    wave: Wave

    def implausibility(self, points: np.ndarray) -> np.ndarray:
        """Return how implausible each target makes each point, (targets, points)."""
        rows = []
        for target in self.targets:
            emulator = self.emulators[target.name]
            foreseen = emulator.at(points)
            rows.append(target.misses(foreseen.mean) / np.sqrt(foreseen.variance + emulator.luck + target.doubt))
        return np.stack(rows)

    def ratio(self, points: np.ndarray) -> np.ndarray:
        """Return the implausibility that counts over its bound, (points,): above 1 a point is ruled out."""
        return ranked(self.implausibility(points), self.wave.rank) / self.wave.bound

    def log_likelihood(self, points: np.ndarray) -> np.ndarray:
        """Return minus half the sum of squared implausibilities, less what its variances take, (points,)."""
        total = np.zeros(len(points))
        for target in self.targets:
            emulator = self.emulators[target.name]
            foreseen = emulator.at(points)
            variance = foreseen.variance + emulator.luck + target.doubt
            total -= 0.5 * (target.misses(foreseen.mean) ** 2 / variance + np.log(variance))
        return total


def ranked(implausibility: np.ndarray, rank: int) -> np.ndarray:
    """Return the implausibility of a rank, 1 the largest, of (targets, points); the smallest if there are too few."""
    rank = min(rank, len(implausibility))
    return np.sort(implausibility, axis=0)[-rank]


@dataclass(frozen=True)
class Sampled:
    """Draws from what is left, (number, inputs); the share of the space that is left, and the best point found.

    Nothing is left where there are no draws.
    """

    points: np.ndarray
    share: float
    best: np.ndarray


def sample(rulings: Sequence[Ruling], inputs: int, number: int, rng: np.random.Generator) -> Sampled:
    """Draw from what no wave rules out, evenly, by subset simulation."""
    active = active_of(rulings)
    whole = ratio_of(rulings)
    points = rng.random((max(number, 400), inputs))
    if not rulings:
        return Sampled(points[:number], 1.0, points[0])
    values, share = whole(points), 1.0
    for _ in range(LEVELS):
        inside = values <= 1.0
        if inside.mean() >= KEPT:
            break
        level = max(float(np.quantile(values, KEPT)), 1.0)
        kept = values <= level
        share *= float(kept.mean())
        again = rng.choice(np.flatnonzero(kept), len(points))
        points, values = points[again], values[again]
        points, values = move(points, values, lambda old, new, level=level: new <= level, whole, active, rng, MOVES)
    best = points[np.argmin(values)]
    inside = values <= 1.0
    if not inside.any() or inside.mean() < KEPT / 10:
        return Sampled(np.zeros((0, inputs)), 0.0, best)
    share *= float(inside.mean())
    again = rng.choice(np.flatnonzero(inside), len(points), replace=True)
    points, values = points[again], values[again]
    points, values = move(points, values, lambda old, new: new <= 1.0, whole, active, rng, MOVES)
    return Sampled(_others_anew(points, active, rng)[rng.permutation(len(points))[:number]], share, best)


def tempered(
    points: np.ndarray, rulings: Sequence[Ruling], rng: np.random.Generator, moves: int = 3 * MOVES
) -> tuple[np.ndarray, np.ndarray]:
    """Move draws from what is left towards what the last wave's emulators make likely.

    Returns the points, and the logarithm of the likelihood that they are drawn in proportion to.
    """
    active, whole, last = active_of(rulings), ratio_of(rulings), rulings[-1]

    def density(where: np.ndarray) -> np.ndarray:
        return np.where(whole(where) <= 1.0, last.log_likelihood(where), -np.inf)

    values = density(points)
    weight = np.exp(values - values.max())
    again = rng.choice(len(points), len(points), p=weight / weight.sum())
    points, values = points[again], values[again]

    def accept(old: np.ndarray, new: np.ndarray) -> np.ndarray:
        return np.log(rng.random(len(old))) < new - old

    points, values = move(points, values, accept, density, active, rng, moves)
    return _others_anew(points, active, rng), values


def active_of(rulings: Sequence[Ruling]) -> np.ndarray:
    """Return positions of the inputs that any emulator knows."""
    found = [emulator.inputs for ruling in rulings for emulator in ruling.emulators.values()]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, int)


def ratio_of(rulings: Sequence[Ruling]) -> Ratio:
    """Return the function that gives the largest ratio over all waves; above 1 a point is ruled out."""

    def whole(points: np.ndarray) -> np.ndarray:
        result = np.zeros(len(points))
        for ruling in rulings:
            result = np.maximum(result, ruling.ratio(points))
        return result

    return whole


def move(points, values, accept, evaluate, active, rng, moves) -> tuple[np.ndarray, np.ndarray]:
    """Move draws about without changing what they are drawn from; returns points and their values."""
    points, values = points.copy(), values.copy()
    halves = np.array_split(rng.permutation(len(points)), 2)
    for _ in range(moves):
        for mine, other in (halves, halves[::-1]):
            proposed = _proposed(points, mine, other, active, rng)
            outside = ((proposed < 0) | (proposed > 1)).any(axis=1)
            new = evaluate(np.clip(proposed, 0, 1))
            yes = accept(values[mine], new) & ~outside
            points[mine[yes]], values[mine[yes]] = proposed[yes], new[yes]
    return points, values


def _proposed(points, mine, other, active, rng) -> np.ndarray:
    """Half the moves along the difference of two other draws, half one input drawn anew: both are symmetric."""
    proposed = points[mine].copy()
    count, d = len(mine), len(active)
    along = rng.random(count) < 0.5
    first, second = (points[rng.choice(other, count)][:, active] for _ in range(2))
    scale = np.where(rng.random(count) < 0.1, 1.0, 2.38 / np.sqrt(2 * d))[:, None]
    # A few inputs at a time: in many dimensions a step in all of them at once is hardly ever taken.
    few = rng.random((count, d)) < np.maximum(rng.random((count, 1)), 1.0 / d)
    step = (scale * (first - second) + 1e-3 * rng.standard_normal((count, d))) * few
    moved = proposed[:, active] + np.where(along[:, None], step, 0.0)
    fresh = np.flatnonzero(~along)
    moved[fresh, rng.integers(0, d, len(fresh))] = rng.random(len(fresh))
    proposed[:, active] = moved
    return proposed


def _others_anew(points: np.ndarray, active: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return points with every input that no emulator knows drawn anew, so that draws do not share them."""
    fresh = rng.random(points.shape)
    fresh[:, active] = points[:, active]
    return fresh
