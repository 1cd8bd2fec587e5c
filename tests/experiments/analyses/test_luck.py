"""What common luck saved: exact for a known covariance, nothing for independent luck, and said so."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.luck import analyse, luck_saved, split_variance
from stackcraft.experiments.analyses.pairs import choose_pairs, pairs_in_a_world
from stackcraft.experiments.sweep.blocks import make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

WORLDS = (Factor("fear", "uncertainty", "real"), Factor("pull", "uncertainty", "real"))
LEVERS = (Factor("guarantee", "bundle", "switch"), Factor("rooms", "bundle", "switch"))
SIDES = (Factor("US", "strategy", "category", values=("wait", "lead")),)


def study(values, worlds=6):
    """Worlds x policies x strategies with runs of the given shape (worlds, 4, 2, replicates)."""
    blocks = [
        make_block("uncertainties", "latin", WORLDS, {"size": worlds}, 1),
        make_block("policies", "subsets", LEVERS, {}, 0),
        make_block("strategies", "grid", SIDES, {}, 0),
    ]
    return MemoryStudy(blocks, {"share": values})


def with_covariance(matrix, replicates, seed=0):
    """Rows (rows, replicates) whose sample covariance is exactly `matrix`."""
    draws = np.random.default_rng(seed).normal(size=(len(matrix), replicates))
    draws -= draws.mean(axis=1, keepdims=True)
    white = np.linalg.solve(np.linalg.cholesky(np.cov(draws)), draws)
    return np.linalg.cholesky(np.asarray(matrix, dtype=float)) @ white


def test_the_ratio_is_that_of_a_known_covariance():
    a, b = with_covariance([[4.0, 1.5], [1.5, 1.0]], 12)
    saved = luck_saved(a[None] + 100.0, b[None])
    assert saved.ratios[0] == pytest.approx(5.0 / (5.0 - 3.0), rel=1e-9)
    assert saved.median == saved.ratios[0] and saved.pooled == pytest.approx(2.5, rel=1e-9)


def test_median_and_pooled_ratio_over_pairs_of_known_covariance():
    rows = [
        with_covariance([[scale, scale * r], [scale * r, scale]], 30, seed)
        for seed, (scale, r) in enumerate(((1.0, 0.5), (1.0, 0.9), (9.0, 0.0)))
    ]
    saved = luck_saved(np.array([a for a, _ in rows]), np.array([b for _, b in rows]))
    assert saved.ratios == pytest.approx([2.0, 10.0, 1.0])
    assert saved.median == pytest.approx(2.0)
    assert saved.pooled == pytest.approx((2 + 2 + 18) / (1 + 0.2 + 18))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    luck, truth, held = np.random.default_rng(5), 5.0, 0
    for trial in range(200):
        common, own = luck.normal(size=(1, 40)), luck.normal(size=(80, 40))
        rows = np.sqrt(0.8) * common + np.sqrt(0.2) * own
        low, high = luck_saved(rows[:40], rows[40:], resamples=200, seed=trial).median_interval
        held += low <= truth <= high
    assert held >= 176  # in 300 other trials 93 of 100 held it; 88 of 100 is three standard errors below


@pytest.mark.parametrize("replicates", [4, 8])
def test_independent_luck_is_seldom_taken_for_savings(replicates):
    wrong = 0
    for trial in range(100):
        first, second = np.random.default_rng(trial).normal(size=(2, 20, replicates))
        wrong += luck_saved(first, second, resamples=200, seed=trial).median_interval[0] > 1.0
    assert wrong <= 5


def test_a_missing_run_is_left_out_of_its_pair_only():
    rows = np.random.default_rng(0).normal(size=(2, 2, 10))
    full = luck_saved(rows[0], rows[1])
    rows[0, 0, 3] = np.nan
    gap = luck_saved(rows[0], rows[1])
    kept = np.delete(rows, 3, axis=2)[:, 0]
    assert gap.ratios[1] == full.ratios[1]
    assert gap.ratios[0] == pytest.approx((kept[0].var() + kept[1].var()) / (kept[0] - kept[1]).var())


def test_a_difference_that_never_varies_is_infinite_and_no_luck_is_no_ratio():
    a = np.random.default_rng(0).normal(size=8)
    saved = luck_saved(np.array([a, np.ones(8)]), np.array([a + 0.1, np.zeros(8)]))
    assert np.isposinf(saved.ratios[0]) and np.isnan(saved.ratios[1]) and np.isnan(saved.median)


def test_single_precision_does_not_pass_for_luck():
    a = np.random.default_rng(0).normal(size=(1, 8))
    a, b = ((a + shift).astype(np.float32).astype(float) for shift in (10.0, 10.1))
    assert (a - b).var() > 0 and np.isposinf(luck_saved(a, b).ratios[0])


def test_variance_is_split_into_design_common_luck_and_own_luck():
    luck = np.random.default_rng(3)
    values = 2.0 * luck.normal(size=(400, 1)) + 1.0 * luck.normal(size=(1, 400)) + 0.5 * luck.normal(size=(400, 400))
    assert split_variance(values) == pytest.approx((4.0, 1.0, 0.25), rel=0.15)


def test_pairs_share_their_world_and_differ_in_what_is_said():
    results = study(np.zeros((6, 4, 2, 3)))
    pairs = pairs_in_a_world(results, 10_000)
    design = results.design
    assert len(pairs.first) == pairs.all == 6 * 8 * 7 // 2
    rows = make_block(
        "uncertainties", "sobol", WORLDS, {"size": 8}, 1
    )  # with two factors its middle rows lie in one world by pairs
    again = pairs_in_a_world(
        MemoryStudy([rows, make_block("strategies", "grid", SIDES, {}, 0)], {"share": np.zeros((rows.size, 2, 3))}),
        10_000,
    )
    assert len(again.first) == again.all and set(again.differs) == {"strategies"}
    assert (design["uncertainties"].to_numpy()[pairs.first] == design["uncertainties"].to_numpy()[pairs.second]).all()
    assert {word: pairs.differs.count(word) for word in set(pairs.differs)} == {
        "policies": 6 * 2 * 6,
        "strategies": 6 * 4,
        "policies and strategies": 6 * 12,
    }


@pytest.mark.parametrize("sizes", [(1,), (5,), (3, 1, 4, 2)])
def test_every_pair_of_a_world_is_numbered_once(sizes):
    world = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes))
    first, second, number = choose_pairs(world, 1000)
    found = {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)}
    wanted = {frozenset((a, b)) for a in range(len(world)) for b in range(a) if world[a] == world[b]}
    assert found == wanted and len(first) == number == len(wanted)


def test_pairs_are_drawn_evenly_where_there_are_too_many():
    first, second, number = choose_pairs(np.zeros(20_000, dtype=int), 5000, seed=1)
    assert number == 20_000 * 19_999 // 2 and 4990 <= len(first) <= 5000
    assert (first != second).all() and np.concatenate([first, second]).mean() == pytest.approx(10_000, rel=0.03)


def test_a_study_with_common_luck_says_how_many_more_runs_it_saved():
    luck = np.random.default_rng(0)
    found = analyse(study(luck.normal(size=20) + 0.2 * luck.normal(size=(6, 4, 2, 20)) + 5.0), "share")
    text = " ".join(found.sentences)
    assert found.name == "luck" and "Common luck saved runs" in text
    whole = found.tables[0].rows[0]
    assert whole[2] == pytest.approx(26, rel=0.5) and whole[3] < whole[2] < whole[4]
    assert {row[0] for row in found.tables[0].rows} == {
        "all pairs",
        "policies",
        "strategies",
        "policies and strategies",
    }


def test_a_study_with_independent_luck_says_that_nothing_was_saved():
    found = analyse(study(np.random.default_rng(4).normal(size=(6, 4, 2, 20))), "share")
    assert any("saved nothing here that can be told from chance" in one for one in found.sentences)


def test_a_study_where_rows_respond_oppositely_says_that_it_cost():
    luck = np.random.default_rng(0)
    values = luck.normal(size=20) * np.where(np.arange(2) == 0, 1.0, -1.0)[:, None] + 0.3 * luck.normal(
        size=(6, 4, 2, 20)
    )
    results = MemoryStudy([make_block("strategies", "grid", SIDES, {}, 0)], {"share": values[0, 0]})
    assert any("it cost" in one for one in analyse(results, "share").sentences)


def test_levers_that_do_nothing_are_said_to_leave_no_luck():
    values = np.broadcast_to(np.random.default_rng(0).normal(size=8), (6, 4, 2, 8))
    found = analyse(study(values), "share")
    assert any("same in every replicate" in one for one in found.sentences) and not found.charts


def test_the_same_seed_gives_the_same_finding():
    values = np.random.default_rng(0).normal(size=(6, 4, 2, 5))
    assert analyse(study(values), "share", seed=3).as_dict() == analyse(study(values), "share", seed=3).as_dict()


def test_mistakes_are_one_line():
    alone = MemoryStudy([make_block("uncertainties", "latin", WORLDS, {"size": 6}, 1)], {"share": np.zeros((6, 4))})
    for results, measure, words in (
        (study(np.zeros((6, 4, 2, 2))), "share", "2 replicates"),
        (alone, "share", "same world"),
        (study(np.zeros((6, 4, 2, 4))), "shaer", "share"),
    ):
        with pytest.raises(InputError, match=words) as error:
            analyse(results, measure)
        assert "\n" not in str(error.value)
