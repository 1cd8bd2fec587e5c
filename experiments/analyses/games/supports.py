"""Whether a game has an equilibrium that plays exactly these strategies: asked of many games at once."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from stackcraft.experiments.analyses.games.normal_form import tolerance

PLAYED = 1e-9  # a strategy with less weight than this is not played


def support_holds(first: np.ndarray, second: np.ndarray, rows: tuple[int, ...], columns: tuple[int, ...]) -> np.ndarray:
    """In which games (games, rows, columns) some equilibrium plays exactly these strategies, (games,) boolean.

    The columns' weights must leave the rows played equally good and none better, and the other way round (Nash's
    conditions).
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    held = _exists(first, rows, columns)
    held[held] = _exists(np.swapaxes(second[held], -2, -1), columns, rows)
    return held


def indifferent_square(square: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the columns under which all rows of (games, size, size) are worth the same, (games, size).

    And in which games they exist, are the only ones and are all positive, (games,); weights elsewhere are zero or of no
    meaning.
    """
    games, size, _ = square.shape
    # Centred and scaled, so that how well a system can be solved does not hang on the units of payoff.
    middle = square.mean(axis=(1, 2), keepdims=True)
    scale = np.abs(square - middle).max(axis=(1, 2), keepdims=True)
    system = np.zeros((games, size + 1, size + 1))
    system[:, :size, :size] = (square - middle) / np.where(scale > 0, scale, 1.0)
    system[:, :size, size] = -1.0
    system[:, size, :size] = 1.0
    solved = np.linalg.cond(system) < 1e10
    weights = np.zeros((games, size))
    if solved.any():
        right = np.zeros((int(solved.sum()), size + 1, 1))
        right[:, size] = 1.0
        weights[solved] = np.linalg.solve(system[solved], right)[:, :size, 0]
    return weights, solved & (weights > PLAYED).all(axis=1)


def _exists(payoff: np.ndarray, own: tuple[int, ...], other: tuple[int, ...]) -> np.ndarray:
    """In which games there are weights of `other`, all positive, to which every one of `own` is a best reply."""
    exists = np.zeros(len(payoff), dtype=bool)
    if not len(payoff):
        return exists
    unsolved = np.arange(len(payoff))
    if len(own) == len(other):
        square = payoff[:, own][:, :, other]
        weights, exists = indifferent_square(square)
        level = np.einsum("gks,gs->gk", square, weights).min(axis=1)
        best = np.einsum("gks,gs->gk", payoff[:, :, other], weights).max(axis=1)
        exists = exists & (best - level <= tolerance(payoff))
        unsolved = np.flatnonzero(~weights.any(axis=1))  # where the equations have no single solution
    for game in unsolved:
        exists[game] = _linear(payoff[game], list(own), list(other))
    return exists


def _linear(payoff: np.ndarray, own: list[int], other: list[int]) -> bool:
    """Return the same by linear programme, for supports of two sizes or with ties.

    The smallest weight is made as large as it goes.
    """
    span, size = np.ptp(payoff), len(other)
    table = (payoff[:, other] - payoff.min()) / (span if span > 0 else 1.0)
    rest = [one for one in range(len(payoff)) if one not in own]

    # Variables: the weights, the level that all of `own` reach and none passes, the smallest weight.
    def columns(rows, level, least):
        return np.column_stack([rows, np.full(len(rows), level), np.full(len(rows), least)])

    equal = np.vstack([columns(table[own], -1.0, 0.0), columns(np.ones((1, size)), 0.0, 0.0)])
    less = np.vstack([columns(-np.eye(size), 0.0, 1.0), columns(table[rest], -1.0, 0.0)])
    answer = linprog(
        np.append(np.zeros(size + 1), -1.0),
        A_ub=less,
        b_ub=np.zeros(len(less)),
        A_eq=equal,
        b_eq=np.append(np.zeros(len(own)), 1.0),
        bounds=[(0, None)] * size + [(None, None)] * 2,
        method="highs",
    )
    return bool(answer.success and answer.x[-1] > 1e-6)
