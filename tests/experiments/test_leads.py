"""In how many countries the race is open: an estimate that does not depend on how many runs there are."""

from itertools import product

import numpy as np
import pytest

from stackcraft.experiments.leads import OPEN, Leads, disagreement_of, states_of

LED = np.eye(3) * 0.4 + 0.2  # shares where the stack of the row leads


def shares(leaders):
    """Shares (run, country, 1, 3) from who leads, (run, country)."""
    return LED[np.asarray(leaders)][:, :, np.newaxis]


def leads_of(leaders):
    data = shares(leaders)
    chance, error = disagreement_of(data)
    mean = data.mean(axis=0).swapaxes(0, 1)[np.newaxis]
    agreement = np.ones(mean.shape[:-1])
    return Leads(mean, agreement, states_of(mean), chance.swapaxes(0, 1)[np.newaxis], error[np.newaxis])


def test_the_chance_is_the_share_of_pairs_with_different_leaders():
    leaders = np.random.default_rng(0).integers(0, 3, (7, 5))
    pairs = [(one, two) for one in range(7) for two in range(one)]
    expected = [np.mean([leaders[a, c] != leaders[b, c] for a, b in pairs]) for c in range(5)]
    assert disagreement_of(shares(leaders))[0][:, 0] == pytest.approx(expected)


@pytest.mark.parametrize("runs", [2, 3, 4])
def test_the_mean_over_all_that_luck_can_bring_is_the_chance_itself(runs):
    """Over every outcome of so few runs, each by its probability: no bias, whatever the number of runs."""
    chances = (0.5, 0.2, 0.3)
    found = 0.0
    for leaders in product(range(3), repeat=runs):
        weight = np.prod([chances[leader] for leader in leaders])
        found += weight * disagreement_of(shares(np.array(leaders)[:, np.newaxis]))[0][0, 0]
    assert found == pytest.approx(1 - sum(chance**2 for chance in chances))


def test_the_error_is_the_jackknifes():
    leaders = np.random.default_rng(1).integers(0, 3, (9, 6))
    without = [disagreement_of(shares(np.delete(leaders, run, axis=0)))[0].sum() for run in range(9)]
    expected = np.sqrt(8 / 9 * ((np.array(without) - np.mean(without)) ** 2).sum())
    assert disagreement_of(shares(leaders))[1] == pytest.approx([expected])


def test_more_runs_narrow_the_interval_and_leave_the_number():
    """193 countries, each with its own chance, and luck in common: the true number lies in nine intervals of ten."""
    generator = np.random.default_rng(2)
    chance = generator.uniform(0, 1, 193)
    true = (2 * chance * (1 - chance)).sum()
    width, means = {}, {}
    for runs in (16, 64, 256):
        hits, widths, found = 0, [], []
        for _ in range(40):
            races = leads_of((generator.uniform(size=(runs, 193)) < chance).astype(int)).open_races()
            hits += races.low <= true <= races.high
            widths.append(races.high - races.low)
            found.append(races.mean)
        assert hits >= 34, runs
        width[runs], means[runs] = np.mean(widths), np.mean(found)
    assert width[16] > 1.7 * width[64] > 2.9 * width[256]
    assert all(mean == pytest.approx(true, abs=1.0) for mean in means.values())


def test_where_all_runs_agree_nothing_is_open_and_a_single_run_says_nothing():
    agreed = leads_of([[0, 1, 2]] * 5)
    assert agreed.open_races() == (0, 0, 0) and not agreed.open.any()
    alone = leads_of([[0, 1, 2]])
    assert np.isnan(alone.open_races()).all() and not alone.open.any()
    two = leads_of([[0, 1, 2], [0, 1, 1]]).open_races()
    assert two.mean == 1 and np.isnan(two.low)


def test_a_race_is_marked_open_where_one_stack_leads_in_two_runs_of_three():
    assert pytest.approx(1 - (2 / 3) ** 2 - (1 / 3) ** 2) == OPEN
    leaders = np.zeros((300, 2), int)
    leaders[:110, 0], leaders[:90, 1] = 1, 1
    assert leads_of(leaders).open[0, 0].tolist() == [True, False]


def test_countries_without_data_are_left_out():
    data = shares(np.random.default_rng(3).integers(0, 3, (6, 4)))
    data[:, 1] = np.nan
    data[2, 3] = np.nan
    chance, error = disagreement_of(data)
    assert np.isnan(chance[1, 0]) and np.isfinite(chance[[0, 2, 3]]).all() and np.isfinite(error).all()
    assert chance[3, 0] == pytest.approx(disagreement_of(np.delete(data, 2, axis=0)[:, 3:])[0][0, 0])
