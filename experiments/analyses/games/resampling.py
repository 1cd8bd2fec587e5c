"""A game estimated from runs: payoffs as means over worlds and replicates, and the same game in bootstrap resamples.

A sample is an array (worlds, replicates, rows, columns). Replicate r has the same luck in every pair and in every
world, so worlds and replicates are drawn separately, each with replacement, and a draw holds for all pairs at once
(Owen 2007, The pigeonhole bootstrap, Annals of Applied Statistics 1): differences between pairs keep what common luck
gains.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.analyses.games.nash import equilibria
from stackcraft.experiments.analyses.games.supports import support_holds

CHUNK = 2_000_000  # weights held at once

Support = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Resamples:
    """The game as estimated, (rows, columns), and in every resample, (resamples, rows, columns)."""

    first: np.ndarray
    second: np.ndarray
    firsts: np.ndarray
    seconds: np.ndarray


def resample(first: np.ndarray, second: np.ndarray, resamples: int, seed: int = 0) -> Resamples:
    """Means and bootstrapped means of two samples (worlds, replicates, rows, columns).

    A draw of luck (world, replicate) in which any pair has no value for either side is left out of every pair.
    Deterministic given
    `seed`. Raises `ValueError` if fewer than two draws of luck are left.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    valid = usable(first, second)
    if valid.sum() < 2:
        raise ValueError(f"{valid.sum()} draws of luck have a value in every pair; at least 2 are needed")
    luck = np.random.default_rng(seed)
    _worlds, _replicates = valid.shape
    flat = [
        np.where(valid[..., np.newaxis, np.newaxis], payoff, 0.0).reshape(valid.size, -1) for payoff in (first, second)
    ]
    everything = valid.reshape(1, -1).astype(float)
    means = [(everything @ payoff / everything.sum())[0] for payoff in flat]
    found: list[list[np.ndarray]] = [[], []]
    for start in range(0, resamples, size := max(1, CHUNK // valid.size)):
        weights = _weights(valid, min(size, resamples - start), luck)
        total = weights.sum(axis=1, keepdims=True)
        for side in (0, 1):
            # Deviations, not payoffs: pairs that agree run by run agree in every resample to the last digits.
            found[side].append(
                weights @ np.where(everything.T > 0, flat[side] - means[side], 0.0) / total + means[side]
            )
    shape = first.shape[2:]
    many = [np.concatenate(side).reshape(resamples, *shape) for side in found]
    return Resamples(means[0].reshape(shape), means[1].reshape(shape), *many)


def usable(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Which draws of luck have a value of both sides in every pair, (worlds, replicates)."""
    return (np.isfinite(first) & np.isfinite(second)).all(axis=(-2, -1))


def candidate_supports(game: Resamples, enumerated: int, least: float = 0.05) -> tuple[tuple[Support, ...], bool]:
    """Mixed supports worth asking about, and whether all equilibria could be listed wherever they were looked for.

    Those of the estimated game, and those of at least a share `least` (and two) of the first `enumerated` resamples.
    """
    answer = equilibria(game.first, game.second)
    kept = {one.support: None for one in answer.found if not one.pure}
    whole, often = answer.complete, Counter()
    for first, second in zip(game.firsts[:enumerated], game.seconds[:enumerated], strict=True):
        answer = equilibria(first, second)
        whole &= answer.complete
        often.update({one.support for one in answer.found if not one.pure})
    kept.update({support: None for support, count in sorted(often.items()) if count >= max(2, least * enumerated)})
    return tuple(kept), whole


def support_shares(game: Resamples, supports: tuple[Support, ...]) -> np.ndarray:
    """In what share of the resamples some equilibrium plays exactly these strategies, (len(supports),)."""
    return np.array([support_holds(game.firsts, game.seconds, *support).mean() for support in supports])


def covering(holds: np.ndarray, share: float) -> tuple[list[int], float]:
    """A small set of columns of `holds` (resamples, candidates) of which at least one is true in `share` of the rows.

    Taken greedily, always the one that covers most of what is still open. Gives the set and the share it reaches; the
    set stops growing where no candidate adds anything.
    """
    open_rows, chosen = np.ones(len(holds), dtype=bool), []
    while 1.0 - open_rows.mean() < share - 1e-12:
        added = holds[open_rows].sum(axis=0)
        best = int(np.argmax(added))
        if added[best] == 0:
            break
        chosen.append(best)
        open_rows &= ~holds[:, best]
    return chosen, float(1.0 - open_rows.mean())


def _weights(valid: np.ndarray, count: int, luck: np.random.Generator) -> np.ndarray:
    """Return how often each draw of luck counts in each resample, (count, worlds x replicates).

    Resamples in which nothing was usable are drawn again.
    """
    weights = np.zeros((count, valid.size))
    open_rows = np.arange(count)
    while len(open_rows):
        worlds, replicates = (_draw(size, len(open_rows), luck) for size in valid.shape)
        weights[open_rows] = (worlds[:, :, np.newaxis] * replicates[:, np.newaxis, :] * valid).reshape(
            len(open_rows), -1
        )
        open_rows = open_rows[weights[open_rows].sum(axis=1) == 0]
    return weights


def _draw(size: int, count: int, luck: np.random.Generator) -> np.ndarray:
    """How often each of `size` things is drawn, with replacement, `size` times."""
    return (
        luck.multinomial(size, np.full(size, 1.0 / size), size=count).astype(float) if size > 1 else np.ones((count, 1))
    )
