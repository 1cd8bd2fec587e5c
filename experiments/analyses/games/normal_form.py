"""What follows from a payoff table at once: gains, regret, pure equilibria, Pareto, the joint loss.

Every function takes games one by one or many at once: `first` and `second` are payoffs of shape (..., rows, columns).
"""

from __future__ import annotations

import numpy as np

NEAR = 1e-9  # two payoffs this near, as a share of the table's range, are the same payoff


def tolerance(payoff: np.ndarray) -> float:
    """Below what difference two payoffs of this table count as equal: far above rounding, far below what matters."""
    payoff = np.asarray(payoff, dtype=float)
    return float(NEAR * np.ptp(payoff) + 1e-12 * np.abs(payoff).max())


def gains(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each side would gain at most by changing alone, from every pair.

    These are two arrays like the payoffs, never negative.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    return first.max(axis=-2, keepdims=True) - first, second.max(axis=-1, keepdims=True) - second


def regret(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the larger of both sides' gains, like the payoffs.

    It is the least epsilon for which a pair is an epsilon-equilibrium.
    """
    return np.maximum(*gains(first, second))


def best_replies(
    first: np.ndarray, second: np.ndarray, near: tuple[float, float] = (0.0, 0.0)
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the row is a best reply to the column, and the column to the row; ties within `near` all count."""
    gain_first, gain_second = gains(first, second)
    return gain_first <= near[0], gain_second <= near[1]


def pure_equilibria(first: np.ndarray, second: np.ndarray, near: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """Which pairs are Nash equilibria: each strategy a best reply to the other. Boolean, like the payoffs."""
    return np.logical_and(*best_replies(first, second, near))


def efficient(first: np.ndarray, second: np.ndarray, near: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """Return which pairs no other pair improves (Pareto).

    Another would be better for one side by more than `near` and not worse for the other.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    one, two = (payoff.reshape(*payoff.shape[:-2], -1) for payoff in (first, second))
    # [..., pair, other pair]: what the other pair would add for each side.
    more_one = one[..., np.newaxis, :] - one[..., :, np.newaxis]
    more_two = two[..., np.newaxis, :] - two[..., :, np.newaxis]
    improved = (more_one >= -near[0]) & (more_two >= -near[1]) & ((more_one > near[0]) | (more_two > near[1]))
    return ~improved.any(axis=-1).reshape(first.shape)


def joint_loss(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How far both payoffs added fall short of the best pair's sum. Like the payoffs, never negative.

    At an equilibrium this is its price in points (a ratio would say nothing where payoffs may be negative).
    """
    total = np.asarray(first, dtype=float) + np.asarray(second, dtype=float)
    return total.max(axis=(-2, -1), keepdims=True) - total
