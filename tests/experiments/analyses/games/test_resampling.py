"""The bootstrap: exact shares on small samples, common luck, gaps, worlds."""

import numpy as np
import pytest

from stackcraft.experiments.analyses.games.normal_form import pure_equilibria
from stackcraft.experiments.analyses.games.resampling import candidate_supports, covering, resample, support_shares
from stackcraft.experiments.statistics import percentile_interval
from tests.experiments.analyses.games.known import PENNIES, PRISONERS


def sample(game, noise, worlds=1, replicates=12, seed=0):
    """A game with noise of its own in every run."""
    luck = np.random.default_rng(seed)
    return tuple(payoff + noise * luck.normal(size=(worlds, replicates, *payoff.shape)) for payoff in game)


def test_means_are_those_of_the_runs():
    first, second = sample(PRISONERS, 1.0)
    game = resample(first, second, 50)
    np.testing.assert_allclose(game.first, first.mean(axis=(0, 1)))
    np.testing.assert_allclose(game.second, second.mean(axis=(0, 1)))
    assert game.firsts.shape == (50, 2, 2)


def test_how_often_a_pair_survives_is_the_exact_share_of_a_small_sample():
    # The second row is ahead by 1, 1 and -1.5: its mean is above zero unless the third run is drawn twice or thrice, so
    # in 20 of 27 draws.
    first = np.zeros((1, 3, 2, 1))
    first[0, :, 1, 0] = [1.0, 1.0, -1.5]
    game = resample(first, np.zeros_like(first), 20_000, seed=1)
    share = pure_equilibria(game.firsts, game.seconds).mean(axis=0)
    assert share[1, 0] == pytest.approx(20 / 27, abs=0.01)
    assert share[0, 0] == pytest.approx(7 / 27, abs=0.01)


def test_luck_that_pairs_share_cancels_in_their_differences():
    first, second = sample(PRISONERS, 0.0)
    shared = 100 * np.random.default_rng(3).normal(size=(1, 12, 1, 1))
    game = resample(first + shared, second - shared, 200)
    np.testing.assert_allclose(
        game.firsts[:, 1] - game.firsts[:, 0], np.broadcast_to(PRISONERS[0][1] - PRISONERS[0][0], (200, 2)), atol=1e-9
    )
    assert np.ptp(game.firsts[:, 0, 0]) > 10
    assert pure_equilibria(game.firsts, game.seconds).mean(axis=0).tolist() == [[0, 0], [0, 1]]


def test_the_seed_decides_the_resamples():
    first, second = sample(PENNIES, 1.0)
    once, again, other = (resample(first, second, 30, seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(once.firsts, again.firsts)
    assert not np.array_equal(once.firsts, other.firsts)


def test_a_run_without_a_value_takes_its_luck_out_of_every_pair():
    first, second = sample(PRISONERS, 1.0)
    gap = first.copy()
    gap[0, 5, 1, 0] = np.nan
    game, without = resample(gap, second, 10), np.delete(np.arange(12), 5)
    np.testing.assert_allclose(game.first, first[:, without].mean(axis=(0, 1)))
    np.testing.assert_allclose(game.second, second[:, without].mean(axis=(0, 1)))
    assert np.isfinite(game.firsts).all()


def test_gaps_do_not_make_the_resamples_look_surer():
    values = np.random.default_rng(11).normal(size=(1, 80, 1, 1))
    values[0, ::2] = np.nan
    game = resample(values, values, 4000)
    assert game.firsts.std() == pytest.approx(np.nanstd(values) / np.sqrt(40), rel=0.1)


def test_with_scattered_gaps_no_resample_is_empty():
    first, second = sample(PRISONERS, 1.0, worlds=2, replicates=2)
    first[0, 0, 0, 0] = first[1, 1, 0, 0] = np.nan  # what is left: one run of each world
    assert np.isfinite(resample(first, second, 200).firsts).all()


def test_fewer_than_two_draws_of_luck_are_refused():
    first, second = sample(PRISONERS, 1.0, replicates=2)
    first[0, 0, 0, 0] = np.inf
    with pytest.raises(ValueError, match="1 draws of luck"):
        resample(first, second, 10)


def test_worlds_are_drawn_as_well_as_replicates():
    # All the noise is between worlds: with replicates alone nothing would vary.
    luck = np.random.default_rng(8)
    first = np.broadcast_to(luck.normal(size=(40, 1, 1, 1)), (40, 5, 1, 1))
    game = resample(first, first, 4000)
    assert game.firsts.std() == pytest.approx(first[:, 0].std() / np.sqrt(40), rel=0.05)


def test_intervals_cover_the_mean_as_often_as_they_say():
    covered = 0
    for seed in range(200):
        values = np.random.default_rng(seed).normal(size=(1, 40, 1, 1))
        low, high = percentile_interval(resample(values, values, 300, seed).firsts)
        covered += bool(low[0, 0] <= 0 <= high[0, 0])
    assert 0.89 <= covered / 200 <= 0.99


def test_a_mix_survives_little_noise_and_not_much_noise():
    pytest.importorskip("nashpy", reason="nashpy is not installed (extra: games)")
    supports, whole = candidate_supports(resample(*sample(PENNIES, 0.2), 100), 10)
    assert whole and supports == (((0, 1), (0, 1)),)
    assert support_shares(resample(*sample(PENNIES, 0.2), 100), supports).tolist() == [1.0]
    assert support_shares(resample(*sample(PENNIES, 6.0), 100), supports)[0] < 0.9


def test_a_mix_that_only_resamples_have_becomes_a_candidate():
    pytest.importorskip("nashpy", reason="nashpy is not installed (extra: games)")
    game = resample(*sample(PENNIES, 4.0, seed=2), 200)
    assert pure_equilibria(
        game.first, game.second
    ).any()  # this draw of the noise has an equilibrium in single strategies
    assert candidate_supports(game, 0)[0] == ()
    assert ((0, 1), (0, 1)) in candidate_supports(game, 40)[0]


def test_few_candidates_that_cover_most_rows_are_found():
    holds = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
    assert covering(holds, 0.6) == ([0], pytest.approx(0.6))
    assert covering(holds, 0.8) == ([0, 1], pytest.approx(0.8))
    assert covering(holds, 1.0) == ([0, 1], pytest.approx(0.8))
