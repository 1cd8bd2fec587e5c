"""Gains, equilibria in single strategies, Pareto and joint loss, against games worked out by hand."""

import numpy as np
import pytest

from stackcraft.experiments.analyses.games.normal_form import (
    best_replies,
    efficient,
    gains,
    joint_loss,
    pure_equilibria,
    regret,
    tolerance,
)
from tests.experiments.analyses.games.known import PENNIES, PRISONERS, ROCK_PAPER_SCISSORS, SEXES, STAIRS


@pytest.mark.parametrize(
    ("game", "pairs"),
    [(PRISONERS, [[1, 1]]), (PENNIES, []), (SEXES, [[0, 0], [1, 1]]), (ROCK_PAPER_SCISSORS, []), (STAIRS, [[0, 1]])],
)
def test_equilibria_in_single_strategies_are_the_known_ones(game, pairs):
    assert np.argwhere(pure_equilibria(*game)).tolist() == pairs


def test_gains_and_regret_of_the_prisoners_dilemma():
    first, second = gains(*PRISONERS)
    assert first.tolist() == [[2, 1], [0, 0]]
    assert second.tolist() == [[2, 0], [1, 0]]
    assert regret(*PRISONERS).tolist() == [[2, 1], [1, 0]]


def test_mutual_defection_is_the_only_pair_of_the_dilemma_that_another_improves():
    assert efficient(*PRISONERS).tolist() == [[True, True], [True, False]]
    assert joint_loss(*PRISONERS).tolist() == [[0, 1], [1, 4]]


def test_a_pair_that_is_equal_for_one_side_and_better_for_the_other_improves():
    first, second = np.array([[1.0, 1.0]]), np.array([[2.0, 3.0]])
    assert efficient(first, second).tolist() == [[False, True]]
    assert efficient(first, np.array([[2.0, 2.0]])).tolist() == [[True, True]]


def test_ties_within_the_tolerance_are_all_best_replies():
    first = np.array([[1.0], [1.0 - 1e-12], [0.0]])
    rows, columns = best_replies(first, np.zeros((3, 1)), (tolerance(first), 0.0))
    assert rows[:, 0].tolist() == [True, True, False] and columns.all()


def test_many_games_at_once_are_what_each_is_alone():
    luck = np.random.default_rng(0)
    first, second = luck.normal(size=(2, 7, 4, 3))
    for function in (pure_equilibria, regret, efficient, joint_loss):
        together = function(first, second)
        for game in range(7):
            np.testing.assert_array_equal(together[game], function(first[game], second[game]))


def test_efficient_agrees_with_a_plain_search():
    luck = np.random.default_rng(1)
    first, second = luck.integers(0, 4, (2, 5, 4)).astype(float)
    pairs = [(first[place], second[place]) for place in np.ndindex(5, 4)]
    plain = [not any(a >= c and b >= d and (a, b) != (c, d) for a, b in pairs) for c, d in pairs]
    assert efficient(first, second).ravel().tolist() == plain
    assert 0 < sum(plain) < 20
