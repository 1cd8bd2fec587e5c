"""Iterated strict dominance: known games, mixes, and what an elimination rests on."""

import numpy as np
import pytest

from stackcraft.experiments.analyses.games.dominance import hold, iterated_dominance
from tests.experiments.analyses.games.known import (
    BEATEN_BY_A_MIX,
    PENNIES,
    PRISONERS,
    ROCK_PAPER_SCISSORS,
    SEXES,
    STAIRS,
)


def test_cooperation_falls_to_defection_on_both_sides_in_one_round():
    steps, rows, columns = iterated_dominance(*PRISONERS)
    assert (rows, columns) == ((1,), (1,))
    assert [(step.round, step.side, step.strategy, step.margin, step.mix.tolist()) for step in steps] == [
        (1, 0, 0, 1.0, [0, 1]),
        (1, 1, 0, 1.0, [0, 1]),
    ]


def test_strategies_fall_round_by_round():
    steps, rows, columns = iterated_dominance(*STAIRS)
    assert [(step.round, step.side, step.strategy) for step in steps] == [(1, 1, 2), (2, 0, 1), (3, 1, 0)]
    assert (rows, columns) == ((0,), (1,))
    assert steps[1].rivals == (0, 1)  # the right column is gone by then


def test_a_strategy_may_fall_to_a_mix_only():
    steps, rows, columns = iterated_dominance(*BEATEN_BY_A_MIX)
    (step,) = steps
    assert (step.side, step.strategy) == (0, 1) and rows == (0, 2) and columns == (0, 1)
    np.testing.assert_allclose(step.mix, [0.5, 0, 0.5])
    assert step.margin == pytest.approx(0.5)
    assert iterated_dominance(*BEATEN_BY_A_MIX, mixed=False)[0] == ()


@pytest.mark.parametrize("game", [PENNIES, SEXES, ROCK_PAPER_SCISSORS])
def test_nothing_falls_where_everything_is_a_best_reply_to_something(game):
    assert iterated_dominance(*game)[0] == ()


def test_being_as_good_somewhere_and_worse_elsewhere_is_not_strict():
    first = np.array([[1.0, 1.0], [1.0, 0.0]])
    assert iterated_dominance(first, np.zeros((2, 2)))[0] == ()


def test_two_strategies_beaten_by_one_that_is_beaten_itself_name_the_one_that_stays():
    first = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    steps, rows, _ = iterated_dominance(first, np.zeros((3, 2)))
    assert rows == (2,)
    assert all(step.mix.tolist() == [0, 0, 1] for step in steps)


def test_what_is_named_as_beating_a_strategy_does_beat_it():
    luck = np.random.default_rng(4)
    fallen = 0
    for _ in range(60):
        first, second = luck.integers(0, 9, (2, 4, 4)).astype(float)
        for step in iterated_dominance(first, second)[0]:
            payoff = (first, second.T)[step.side][:, list(step.rivals)]
            lead = step.mix @ payoff - payoff[step.strategy]
            assert step.mix.sum() == pytest.approx(1) and step.mix[step.strategy] == 0
            assert lead.min() == pytest.approx(step.margin) and step.margin > 0
            fallen += 1
    assert fallen > 30


def test_an_elimination_holds_only_where_it_and_those_before_it_hold():
    steps, *_ = iterated_dominance(*STAIRS)
    first, second = (np.repeat(payoff[np.newaxis], 3, axis=0) for payoff in STAIRS)
    second[1, 0, 2] = 5.0  # the right column is worth it: the first elimination fails, and with it all others
    first[2, 1, 0] = 1.5  # the lower row is worth it against the left column: the second and third fail
    assert hold(steps, first, second).tolist() == [[True, False, True], [True, False, False], [True, False, False]]
