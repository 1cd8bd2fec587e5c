"""Alpha-rank: where two populations settle that try other strategies now and then and keep what pays better.

Omidshafiei, Papadimitriou, Piliouras, Tuyls, Rowland, Lespiau, Czarnecki, Lanctot, Perolat and Munos (2019),
alpha-Rank: multi-agent evaluation by evolution, Scientific Reports 9:9937, the discrete-time model for several
populations. Each side is a population of `population` players that all play one strategy, until one of them tries
another, which is worth `more` to it (the other side held). It takes over with the fixation probability

    rho = (1 - exp(-alpha more)) / (1 - exp(-alpha population more)), and 1 / population where more = 0,

and the chain moves from one pair of strategies to the next with probability eta rho, eta = 1 / (rows - 1 + columns -
1). The rank of a pair is the share of time the chain spends there. A large alpha means sharp selection; the paper
sweeps it upwards until nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from stackcraft.experiments.analyses.games.normal_form import tolerance

POPULATION = 50
LOWEST, HIGHEST = -3, 26  # the sweep, as powers of two over the payoffs' range


@dataclass(frozen=True, eq=False)
class Sweep:
    """Ranks along a ladder of alpha: `alphas` (steps,), `ranks` (steps, rows, columns).

    `settled` is the first step from which no pair's rank moves by more than 0.001 any more; None if the last step still
    moved.
    """

    alphas: np.ndarray
    ranks: np.ndarray
    settled: int | None


def alpha_rank(
    first: np.ndarray, second: np.ndarray, alpha: float | np.ndarray, population: int = POPULATION
) -> np.ndarray:
    """Return the share of time at each pair, like the payoffs (..., rows, columns), adding up to 1.

    `alpha` per point is one number, or one a game.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    rows, columns = first.shape[-2:]
    alpha = np.broadcast_to(np.asarray(alpha, dtype=float), first.shape[:-2])[..., np.newaxis, np.newaxis, np.newaxis]
    rates = np.full((*first.shape[:-2], rows, columns, rows, columns), -np.inf)
    every_row, every_column = np.arange(rows), np.arange(columns)
    # [..., column, from row, to row] and [..., row, from column, to column]; both are moves along one side.
    by_column, by_row = np.swapaxes(first, -2, -1), second
    moves_row = log_fixation(
        by_column[..., np.newaxis, :] - by_column[..., :, np.newaxis], alpha, population, tolerance(first)
    )
    moves_column = log_fixation(
        by_row[..., np.newaxis, :] - by_row[..., :, np.newaxis], alpha, population, tolerance(second)
    )
    for column in every_column:
        rates[..., :, column, :, column] = moves_row[..., column, :, :]
    for row in every_row:
        rates[..., row, :, row, :] = np.logaddexp(rates[..., row, :, row, :], moves_column[..., row, :, :])
    pairs = rows * columns
    return np.exp(log_stationary(rates.reshape(*first.shape[:-2], pairs, pairs))).reshape(first.shape)


def alpha_sweep(first: np.ndarray, second: np.ndarray, population: int = POPULATION) -> Sweep:
    """Ranks of one game (rows, columns) from nearly no selection to one so sharp that only ties are left to chance."""
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    alphas = 2.0 ** np.arange(LOWEST, HIGHEST + 1) / scale(first, second)
    ranks = alpha_rank(
        *(np.broadcast_to(payoff, (len(alphas), *payoff.shape)) for payoff in (first, second)), alphas, population
    )
    moved = np.abs(ranks - ranks[-1]).max(axis=(1, 2)) > 1e-3
    settled = int(np.flatnonzero(moved)[-1]) + 1 if moved.any() else 0
    return Sweep(alphas, ranks, settled if settled < len(alphas) - 1 else None)


def sharpest(first: np.ndarray, second: np.ndarray) -> float:
    """The alpha at the end of the sweep, which means endless selection."""
    return float(2.0**HIGHEST / scale(first, second))


def scale(first: np.ndarray, second: np.ndarray) -> float:
    """The larger of both payoffs' ranges; 1 where all payoffs are the same."""
    return float(max(np.ptp(first), np.ptp(second))) or 1.0


def log_fixation(more: np.ndarray, alpha: np.ndarray | float, population: int, near: float = 0.0) -> np.ndarray:
    """Return the logarithm of the fixation probability above; what is within `near` is a tie.

    It is exact where the probability itself would vanish.
    """
    tie = np.abs(more) <= near
    pull = np.where(tie, 1.0, alpha * more)
    steep = np.abs(pull)
    log = np.log(-np.expm1(-steep)) - np.log(-np.expm1(-population * steep)) - (population - 1) * np.maximum(-pull, 0.0)
    return np.where(tie, -np.log(population), log)


def log_stationary(rates: np.ndarray) -> np.ndarray:
    """Return the logarithm of the stationary distribution, (..., states), of a chain.

    The chain is given by its log transition rates, (..., states, states). States are taken out one by one (Grassmann,
    Taksar and Heyman 1985, Operations Research 33): nothing is ever subtracted, so in logarithms it is exact even where
    rates differ by thousands of powers of ten. The diagonal is not used.
    """
    rates = np.array(rates, dtype=float)
    states = rates.shape[-1]
    for last in range(states - 1, 0, -1):
        out = logsumexp(rates[..., last, :last], axis=-1)
        rates[..., :last, last] -= out[..., np.newaxis]
        through = rates[..., :last, last, np.newaxis] + rates[..., last, np.newaxis, :last]
        rates[..., :last, :last] = np.logaddexp(rates[..., :last, :last], through)
    log = np.zeros(rates.shape[:-1])
    for state in range(1, states):
        log[..., state] = logsumexp(log[..., :state] + rates[..., :state, state], axis=-1)
    return log - logsumexp(log, axis=-1, keepdims=True)
