"""Alpha-rank: closed forms, symmetry, and a plain chain of probabilities solved as linear equations."""

import numpy as np
import pytest

from stackcraft.experiments.analyses.games.alpha_rank import (
    alpha_rank,
    alpha_sweep,
    log_fixation,
    log_stationary,
    sharpest,
)
from tests.experiments.analyses.games.known import PENNIES, PRISONERS, ROCK, ROCK_PAPER_SCISSORS, SEXES, STAIRS


def plain(first, second, alpha, population):
    """The chain pair by pair, as the paper writes it, and its stationary distribution by linear algebra."""
    rows, columns = first.shape
    chain = np.zeros((rows * columns, rows * columns))
    eta = 1 / (rows - 1 + columns - 1)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            moves = [
                (other * columns + column, first[other, column] - first[row, column])
                for other in range(rows)
                if other != row
            ]
            moves += [
                (row * columns + other, second[row, other] - second[row, column])
                for other in range(columns)
                if other != column
            ]
            for there, more in moves:
                rho = (
                    1 / population
                    if more == 0
                    else (1 - np.exp(-alpha * more)) / (1 - np.exp(-alpha * population * more))
                )
                chain[here, there] = eta * rho
            chain[here, here] = 1 - chain[here].sum()
    system = np.vstack([chain.T - np.eye(len(chain)), np.ones(len(chain))])
    return np.linalg.lstsq(system, np.append(np.zeros(len(chain)), 1.0), rcond=None)[0].reshape(rows, columns)


@pytest.mark.parametrize(("alpha", "population"), [(0.01, 50), (0.3, 5), (1.0, 3)])
def test_it_is_the_stationary_distribution_of_the_papers_chain(alpha, population):
    first, second = np.random.default_rng(0).integers(-2, 3, (2, 4, 3)).astype(float)  # with ties
    np.testing.assert_allclose(
        alpha_rank(first, second, alpha, population), plain(first, second, alpha, population), atol=1e-9
    )


def test_two_strategies_of_one_side_are_weighed_by_the_known_ratio():
    # One side only: the shares are as exp(alpha (population - 1) difference), whatever the fixation probabilities are.
    rank = alpha_rank(np.array([[0.0], [0.7]]), np.zeros((2, 1)), alpha=0.2, population=11)
    assert rank[1, 0] / rank[0, 0] == pytest.approx(np.exp(0.2 * 10 * 0.7))
    assert rank.sum() == pytest.approx(1)


def test_fixation_is_exact_for_weak_strong_and_no_selection():
    assert np.exp(log_fixation(np.array(0.0), 3.0, 50)) == pytest.approx(1 / 50)
    assert np.exp(log_fixation(np.array(1e-9), 1.0, 50)) == pytest.approx(1 / 50, rel=1e-6)
    assert np.exp(log_fixation(np.array(0.5), 2.0, 4)) == pytest.approx((1 - np.exp(-1)) / (1 - np.exp(-4)))
    assert log_fixation(np.array(-1e6), 1.0, 50) == pytest.approx(-49e6)
    assert log_fixation(np.array(1e6), 1.0, 50) == 0


def test_matching_pennies_goes_round_evenly():
    for alpha in (0.1, 1.0, 1e4):
        np.testing.assert_allclose(alpha_rank(*PENNIES, alpha), 0.25, atol=1e-9)


def test_rock_paper_scissors_between_two_populations_prefers_no_strategy():
    rank = alpha_rank(*ROCK_PAPER_SCISSORS, sharpest(*ROCK_PAPER_SCISSORS))
    np.testing.assert_allclose(rank.sum(axis=0), 1 / 3, atol=1e-6)
    np.testing.assert_allclose(rank.sum(axis=1), 1 / 3, atol=1e-6)
    turned = np.roll(rank, (1, 1), axis=(0, 1))  # rock to paper to scissors, for both sides alike
    np.testing.assert_allclose(rank, turned, atol=1e-6)


def test_rock_paper_scissors_within_one_population_is_uniform():
    # One population: strategy t takes over from s by what t gets against s less what s gets against t.
    rates = log_fixation(ROCK.T - ROCK, 10.0, 50)
    np.testing.assert_allclose(np.exp(log_stationary(rates)), 1 / 3, atol=1e-12)


def test_the_battle_of_the_sexes_ends_half_the_time_at_each_meeting():
    np.testing.assert_allclose(alpha_rank(*SEXES, sharpest(*SEXES)), [[0.5, 0], [0, 0.5]], atol=1e-6)


@pytest.mark.parametrize(("game", "pair"), [(PRISONERS, (1, 1)), (STAIRS, (0, 1))])
def test_a_game_that_dominance_solves_ends_at_its_solution(game, pair):
    assert alpha_rank(*game, sharpest(*game))[pair] == pytest.approx(1, abs=1e-6)


def test_of_two_conventions_the_deeper_one_wins_when_selection_is_sharp():
    both = np.array([[2.0, 0.0], [0.0, 1.0]])
    rank = alpha_rank(both, both, sharpest(both, both))
    assert rank[0, 0] == pytest.approx(1)
    weak = alpha_rank(both, both, 0.01)
    assert weak[0, 0] > weak[1, 1] > weak[0, 1]


def test_strategies_that_are_the_same_share_their_time():
    first, second = (np.vstack([payoff, payoff[1]]) for payoff in PRISONERS)
    rank = alpha_rank(first, second, sharpest(first, second))
    np.testing.assert_allclose(rank[1:, 1], 0.5, atol=1e-6)


def test_the_sweep_goes_from_no_preference_to_settled_ranks():
    sweep = alpha_sweep(*SEXES, population=5)
    assert np.abs(sweep.ranks[0] - 0.25).max() < 0.1
    assert sweep.settled is not None and sweep.settled < len(sweep.alphas) - 1
    assert (np.abs(sweep.ranks[sweep.settled :] - sweep.ranks[-1]) <= 1e-3).all()
    np.testing.assert_allclose(sweep.ranks.sum(axis=(1, 2)), 1)


def test_payoffs_too_alike_for_the_sweep_leave_it_unsettled():
    first = np.array([[1.0], [1.0 + 3e-9], [0.0]])
    assert alpha_sweep(first, np.zeros((3, 1)), population=5).settled is None


def test_units_of_payoff_do_not_matter_to_the_sweep():
    first, second = np.random.default_rng(3).normal(size=(2, 3, 3))
    np.testing.assert_allclose(
        alpha_sweep(first, second).ranks, alpha_sweep(50 * first + 3, 50 * second - 9).ranks, atol=1e-7
    )


def test_many_games_at_once_are_what_each_is_alone():
    first, second = np.random.default_rng(6).normal(size=(2, 4, 3, 2))
    together = alpha_rank(first, second, 5.0)
    for game in range(4):
        np.testing.assert_allclose(together[game], alpha_rank(first[game], second[game], 5.0), atol=1e-7)


def test_a_single_pair_is_where_all_time_is_spent():
    assert alpha_rank(np.array([[4.0]]), np.array([[2.0]]), 1.0).tolist() == [[1.0]]
