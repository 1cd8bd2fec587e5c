"""Everything that is asked of the strategy game, as numbers, from samples of both payoffs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.analyses.games import alpha_rank as ranking
from stackcraft.experiments.analyses.games.dominance import Elimination, hold, iterated_dominance
from stackcraft.experiments.analyses.games.nash import Equilibria, equilibria
from stackcraft.experiments.analyses.games.normal_form import (
    best_replies,
    efficient,
    gains,
    joint_loss,
    pure_equilibria,
    regret,
    tolerance,
)
from stackcraft.experiments.analyses.games.resampling import (
    Resamples,
    Support,
    candidate_supports,
    covering,
    resample,
    support_shares,
    usable,
)
from stackcraft.experiments.statistics import percentile_interval

Range = tuple[np.ndarray, np.ndarray]

ENUMERATED = 40  # resamples in which mixed equilibria are listed afresh
RANKED = 200  # resamples in which alpha-rank is worked out


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The answers about a game.

    Arrays are (rows, columns) where nothing else is said; shares are of the resamples; ranges are 95 % percentile
    intervals. `pure` and `pure_share`: where an equilibrium in plain strategies is, as estimated, and how often.
    `found`: all equilibria as estimated. `supports`: mixed equilibria by the strategies played, with their
    `support_shares`. `cover`: few pairs of which at least one is an equilibrium in `cover_share` of the resamples.
    `replies` and `reply_shares`: best replies of (rows, columns). `steps` and `step_shares`: dominated strategies.
    `rank`: alpha-rank at the end of the `sweep`. `loss`: what both together fall short of the best pair. `world_share`:
    in what share of the worlds a pair is an equilibrium of that world's own game; None for one world.
    """

    game: Resamples
    first_range: Range
    second_range: Range
    gains: tuple[np.ndarray, np.ndarray]
    regret: np.ndarray
    regret_range: Range
    pure: np.ndarray
    pure_share: np.ndarray
    any_pure_share: float
    cover: tuple[tuple[int, int], ...]
    cover_share: float
    found: Equilibria
    supports: tuple[Support, ...]
    support_shares: np.ndarray
    whole: bool
    replies: tuple[np.ndarray, np.ndarray]
    reply_shares: tuple[np.ndarray, np.ndarray]
    steps: tuple[Elimination, ...]
    step_shares: np.ndarray
    left: tuple[tuple[int, ...], tuple[int, ...]]
    sweep: ranking.Sweep
    rank: np.ndarray
    rank_range: Range
    row_rank_range: Range
    column_rank_range: Range
    efficient: np.ndarray
    efficient_share: np.ndarray
    loss: np.ndarray
    loss_range: Range
    world_share: np.ndarray | None


def evaluate(
    first: np.ndarray,
    second: np.ndarray,
    *,
    resamples: int = 1000,
    survive: float = 0.95,
    population: int = ranking.POPULATION,
    enumerated: int = ENUMERATED,
    ranked: int = RANKED,
    seed: int = 0,
) -> Evaluation:
    """Return all answers about a game given by samples (worlds, replicates, rows, columns).

    They are deterministic given `seed`; payoffs are in any unit. Raises `ValueError` if fewer than two draws of luck
    have a value in every pair.
    """
    game = resample(first, second, resamples, seed)
    near = tolerance(game.first), tolerance(game.second)
    holds = pure_equilibria(game.firsts, game.seconds, near)
    chosen, cover_share = covering(holds.reshape(resamples, -1), survive)
    supports, whole = candidate_supports(game, enumerated)
    one, two = best_replies(game.firsts, game.seconds, near)
    steps, rows_left, columns_left = iterated_dominance(game.first, game.second)
    sweep = ranking.alpha_sweep(game.first, game.second, population)
    alpha = ranking.sharpest(game.first, game.second)
    ranks = ranking.alpha_rank(game.firsts[:ranked], game.seconds[:ranked], alpha, population)
    better = np.concatenate([efficient(*some, near) for some in _chunks(game, 100)])
    return Evaluation(
        game=game,
        first_range=percentile_interval(game.firsts),
        second_range=percentile_interval(game.seconds),
        gains=gains(game.first, game.second),
        regret=regret(game.first, game.second),
        regret_range=percentile_interval(regret(game.firsts, game.seconds)),
        pure=pure_equilibria(game.first, game.second, near),
        pure_share=holds.mean(axis=0),
        any_pure_share=float(holds.any(axis=(1, 2)).mean()),
        cover=tuple((int(place) // holds.shape[2], int(place) % holds.shape[2]) for place in chosen),
        cover_share=cover_share,
        found=equilibria(game.first, game.second),
        supports=supports,
        support_shares=support_shares(game, supports),
        whole=whole,
        replies=best_replies(game.first, game.second, near),
        reply_shares=(one.mean(axis=0), two.mean(axis=0)),
        steps=steps,
        step_shares=hold(steps, game.firsts, game.seconds).mean(axis=1),
        left=(rows_left, columns_left),
        sweep=sweep,
        rank=sweep.ranks[-1],
        rank_range=percentile_interval(ranks),
        row_rank_range=percentile_interval(ranks.sum(axis=2)),
        column_rank_range=percentile_interval(ranks.sum(axis=1)),
        efficient=efficient(game.first, game.second, near),
        efficient_share=better.mean(axis=0),
        loss=joint_loss(game.first, game.second),
        loss_range=percentile_interval(joint_loss(game.firsts, game.seconds)),
        world_share=_by_world(first, second, near),
    )


def mixed_loss(game: Resamples, rows: np.ndarray, columns: np.ndarray) -> tuple[float, float, float]:
    """Return the joint loss where these weights are played: estimate and 95 % range.

    It is what both together fall short of the best pair; the weights are held.
    """

    def short(total: np.ndarray) -> np.ndarray:
        return total.max(axis=(-2, -1)) - np.einsum("i,...ij,j->...", rows, total, columns)

    low, high = percentile_interval(short(game.firsts + game.seconds))
    return float(short(game.first + game.second)), float(low), float(high)


def _chunks(game: Resamples, size: int):
    for start in range(0, len(game.firsts), size):
        yield game.firsts[start : start + size], game.seconds[start : start + size]


def _by_world(first: np.ndarray, second: np.ndarray, near: tuple[float, float]) -> np.ndarray | None:
    """Return in what share of the worlds each pair is an equilibrium of that world's game.

    Worlds without a usable draw of luck do not count.
    """
    valid = usable(first, second)
    kept = valid.any(axis=1)
    if kept.sum() < 2:
        return None
    weights = valid[kept] / valid[kept].sum(axis=1, keepdims=True)
    means = [
        np.einsum("wr,wrij->wij", weights, np.where(valid[kept][..., np.newaxis, np.newaxis], payoff[kept], 0.0))
        for payoff in (first, second)
    ]
    return pure_equilibria(*means, near).mean(axis=0)
