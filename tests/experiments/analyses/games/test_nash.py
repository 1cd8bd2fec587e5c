"""All equilibria: known games, other algorithms, and games with ties against a search through every support."""

import itertools
import sys
import warnings

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.games import nash
from stackcraft.experiments.analyses.games.nash import best_reply_gap, equilibria, most_corners
from stackcraft.experiments.analyses.games.supports import support_holds
from tests.experiments.analyses.games.known import (
    BEATEN_BY_A_MIX,
    LOADED_ROCK,
    PENNIES,
    PRISONERS,
    ROCK_PAPER_SCISSORS,
    SEXES,
    STAIRS,
    TIED,
)

nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed (extra: games)")

THIRD = [1 / 3] * 3
KNOWN = [
    (PRISONERS, [([0, 1], [0, 1], (1, 1))]),
    (PENNIES, [([0.5, 0.5], [0.5, 0.5], (0, 0))]),
    (SEXES, [([1, 0], [1, 0], (3, 2)), ([0, 1], [0, 1], (2, 3)), ([0.6, 0.4], [0.4, 0.6], (1.2, 1.2))]),
    (ROCK_PAPER_SCISSORS, [(THIRD, THIRD, (0, 0))]),
    (LOADED_ROCK, [([0.25, 0.25, 0.5], [0.25, 0.25, 0.5], (0, 0))]),
    (STAIRS, [([1, 0], [0, 1, 0], (1, 2))]),
    (BEATEN_BY_A_MIX, [([0.5, 0, 0.5], [0.5, 0.5], (1.5, 0.5))]),
]


@pytest.mark.parametrize(("game", "known"), KNOWN)
def test_known_equilibria_are_found_and_nothing_else(game, known):
    answer = equilibria(*game)
    assert answer.complete and not answer.tied and len(answer.found) == len(known)
    for rows, columns, payoffs in known:
        (one,) = [
            one
            for one in answer.found
            if np.allclose(one.rows, rows, atol=1e-9) and np.allclose(one.columns, columns, atol=1e-9)
        ]
        assert one.payoffs == pytest.approx(payoffs)
        assert one.pure == (max(rows) == max(columns) == 1)
        assert max(best_reply_gap(*game, one.rows, one.columns)) < 1e-9 and one.gap < 1e-9


def test_a_degenerate_game_gives_the_corners_of_its_equilibria_and_says_that_it_is_one():
    answer = equilibria(*TIED)
    assert answer.tied and answer.complete
    corners = {(tuple(np.round(one.rows, 9)), tuple(np.round(one.columns, 9))) for one in answer.found}
    third, two = round(1 / 3, 9), round(2 / 3, 9)
    assert corners == {((1, 0, 0), (1, 0)), ((1, 0, 0), (two, third)), ((0, third, two), (third, two))}


def test_a_game_in_which_nothing_matters_has_every_pair_as_a_corner():
    answer = equilibria(np.zeros((2, 3)), np.zeros((2, 3)))
    assert answer.tied and len(answer.found) == 6 and all(one.pure for one in answer.found)


def test_generic_games_agree_with_two_ways_of_trying_every_support():
    for seed in range(12):
        first, second = np.random.default_rng(seed).normal(0, 40, (2, 4, 3))
        answer = equilibria(first, second)
        assert len(answer.found) % 2 == 1 and not answer.tied  # Wilson 1971: a game without ties has an odd number
        supports = [
            (rows, columns)
            for size in (1, 2, 3)
            for rows in itertools.combinations(range(4), size)
            for columns in itertools.combinations(range(3), size)
        ]
        assert sorted(one.support for one in answer.found) == sorted(
            support for support in supports if support_holds(first[np.newaxis], second[np.newaxis], *support)[0]
        )
        # nashpy's own enumeration drops an equilibrium where rounding leaves a weight just below zero, so it may find
        # fewer.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = list(nashpy.Game(first, second).support_enumeration(tol=1e-12))
        assert other
        for rows, columns in other:
            assert any(np.allclose(one.rows, rows) and np.allclose(one.columns, columns) for one in answer.found)


def test_games_with_ties_lose_no_equilibrium():
    luck = np.random.default_rng(0)
    tied = 0
    for _ in range(25):
        first, second = luck.integers(0, 3, (2, 3, 3)).astype(float)
        answer = equilibria(first, second)
        tied += answer.tied
        found = [one.support for one in answer.found]
        subsets = [part for size in (1, 2, 3) for part in itertools.combinations(range(3), size)]
        for rows, columns in itertools.product(subsets, subsets):
            if support_holds(first[np.newaxis], second[np.newaxis], rows, columns)[0]:
                # Corners that use none but these strategies must together use all of them.
                inside = [one for one in found if set(one[0]) <= set(rows) and set(one[1]) <= set(columns)]
                assert {row for one in inside for row in one[0]} == set(rows)
                assert {column for one in inside for column in one[1]} == set(columns)
        for one in answer.found:
            assert max(best_reply_gap(first, second, one.rows, one.columns)) < 1e-9
    assert tied > 10


def test_units_and_offsets_of_payoff_do_not_matter():
    first, second = np.random.default_rng(5).normal(size=(2, 5, 4))
    plain, other = equilibria(first, second), equilibria(1e5 * first - 3e6, 1e-4 * second + 7)
    assert len(plain.found) == len(other.found)
    for one, two in zip(plain.found, other.found, strict=True):
        np.testing.assert_allclose(
            np.concatenate([one.rows, one.columns]), np.concatenate([two.rows, two.columns]), atol=1e-6
        )


def test_payoffs_that_differ_by_a_hair_are_not_taken_for_ties():
    first = np.array([[1.0, 0.0], [1.0 - 1e-6, 0.5]])
    second = np.array([[1.0, 0.0], [1.0, 0.0]])
    (one,) = equilibria(first, second).found
    assert one.support == ((0,), (0,))


def test_a_game_of_eleven_by_nine_is_listed_whole_and_every_equilibrium_verified():
    first, second = np.random.default_rng(2).normal(0, 30, (2, 11, 9))
    answer = equilibria(first, second)
    assert answer.complete and len(answer.found) % 2 == 1 and len(answer.found) > 1
    assert max(one.gap for one in answer.found) < 1e-9


def test_a_game_that_is_too_large_says_where_the_list_was_cut_off(monkeypatch):
    monkeypatch.setattr(nash, "MOST_CORNERS", 10)
    luck = np.random.default_rng(3)
    first, second = luck.normal(size=(2, 6, 5))
    monkeypatch.setattr(nash, "MOST_SUPPORTS", 6 * 5 + 15 * 10)
    cut = equilibria(first, second)
    assert not cut.complete and cut.tried == 2
    monkeypatch.undo()
    whole = equilibria(first, second)
    assert [one.support for one in cut.found] == [one.support for one in whole.found if max(map(len, one.support)) <= 2]
    assert len(cut.found) < len(whole.found)


def test_the_bound_on_corners_is_that_of_the_upper_bound_theorem():
    assert most_corners(6, 3) == 8  # the cube and the cyclic polytope with six facets
    assert most_corners(5, 2) == 5
    assert most_corners(20, 11) == 4004


@pytest.mark.parametrize(
    "pair", [(np.zeros((2, 2)), np.zeros((2, 3))), (np.array([[np.nan]]), np.zeros((1, 1))), (np.zeros(3), np.zeros(3))]
)
def test_payoffs_that_are_no_game_are_refused(pair):
    with pytest.raises(ValueError, match="tables of one shape"):
        equilibria(*pair)


def test_without_nashpy_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nashpy.polytope", None)
    with pytest.raises(InputError, match=r"pip install 'stackcraft\[games\]'"):
        equilibria(*PENNIES)


# One support, many games


def test_a_support_holds_in_just_the_games_that_have_such_an_equilibrium():
    games = [PENNIES, SEXES, PRISONERS]
    first, second = (np.array([game[side] for game in games]) for side in (0, 1))
    assert support_holds(first, second, (0, 1), (0, 1)).tolist() == [True, True, False]
    assert support_holds(first, second, (1,), (1,)).tolist() == [False, True, True]


def test_supports_of_two_sizes_and_flat_games_are_answered_too():
    first, second = (payoff[np.newaxis] for payoff in TIED)
    assert support_holds(first, second, (0,), (0, 1))[0]
    assert not support_holds(first, second, (1,), (0, 1))[0]
    assert support_holds(np.zeros((1, 3, 3)), np.zeros((1, 3, 3)), (0, 2), (0, 2))[0]
