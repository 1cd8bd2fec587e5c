"""Feature scores: they find what was put in, and say how little they are worth where there is nothing to find."""

import numpy as np
import pandas as pd
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.feature_scores import analyse, forest_scores, worlds_of
from stackcraft.experiments.sweep.blocks import make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

pytest.importorskip("sklearn")

NAMES = ("big", "small", "idle", "spare")
FACTORS = tuple(Factor(name, "uncertainty", "real") for name in NAMES)
SIDES = (Factor("US", "strategy", "category", values=("wait", "lead", "both")),)
FEW = {"trees": 30, "resamples": 6}


def table(rows=300, seed=0):
    return pd.DataFrame(np.random.default_rng(seed).random((rows, 4)), columns=NAMES)


def linear(one):
    return 3.0 * one["big"].to_numpy() + 1.0 * one["small"].to_numpy()


@pytest.mark.parametrize("method", ["trees", "permutation"])
def test_the_scores_of_a_linear_model_stand_in_the_right_order(method):
    one = table()
    found = forest_scores(one, linear(one), method=method, **FEW)
    assert found.skill > 0.85 and found.skill_interval[0] < found.skill < found.skill_interval[1]
    assert found.score[0] > found.score[1] > found.score[2:].max() and found.clear[:2].all()


@pytest.mark.parametrize("method", ["trees", "permutation"])
def test_factors_that_do_nothing_seem_clear_about_as_seldom_as_they_should(method):
    clear = []
    for seed in range(10):
        one = table(120, seed)
        noise = np.random.default_rng(100 + seed).normal(size=120)
        clear.append(
            forest_scores(one, linear(one) + 0.3 * noise, method=method, trees=15, resamples=5, seed=seed).clear
        )
    assert np.mean(clear, axis=0)[0] == 1.0 and np.sum(clear, axis=0)[2:].sum() <= 3  # of 20, at 2.5 % each


def test_split_shares_of_an_additive_model_are_near_its_shares_of_variance():
    one = table(1000)
    found = forest_scores(one, linear(one), **FEW)
    assert found.score[:2] == pytest.approx(
        [0.9, 0.1], abs=0.06
    ) and found.score.sum() + found.nothing == pytest.approx(1.0)


def test_a_shuffled_factor_loses_twice_its_share_of_the_variance():
    # E(f(x') - y)^2 - E(f(x) - y)^2 = 2 Var of its part, for a perfect additive forest: 1.8 and 0.2 of Var y.
    one = table(2000)
    found = forest_scores(one, linear(one), method="permutation", **FEW)
    assert found.score[:2] == pytest.approx([1.8, 0.2], abs=0.25) and np.abs(found.score[2:]).max() < 0.02


@pytest.mark.parametrize("method", ["trees", "permutation"])
def test_noise_is_not_predicted_and_no_factor_is_clear(method):
    found = forest_scores(table(), np.random.default_rng(9).normal(size=300), method=method, **FEW)
    assert found.skill < 0.05 and found.skill_interval[0] < 0 and not found.clear.any()


def test_skill_is_that_of_the_held_out_rows():
    one = table(400)
    noisy = linear(one) + np.random.default_rng(1).normal(size=400) * np.sqrt(10 / 12)
    assert forest_scores(one, noisy, **FEW).skill == pytest.approx(
        0.45, abs=0.1
    )  # half is noise; a forest gets most of the rest


def test_rows_of_one_world_do_not_give_each_other_away():
    # Each world has a value of its own that its factors do not explain, and twelve rows that repeat it.
    worlds = np.repeat(np.arange(40), 12)
    held_out, mixed = [], []
    for seed in range(5):
        one = table(40, seed).iloc[worlds].reset_index(drop=True)
        target = np.random.default_rng(100 + seed).normal(size=40)[worlds]
        mixed.append(forest_scores(one, target, trees=15, resamples=2).skill)
        held_out.append(forest_scores(one, target, worlds=worlds, trees=15, resamples=2).skill)
    assert min(mixed) > 0.8 and np.median(held_out) < 0.0


def test_text_counts_as_one_factor():
    one = table(240)
    one["side"] = np.array(["US", "CN", "none"])[np.arange(240) % 3]
    found = forest_scores(one, np.where(one["side"] == "US", 5.0, 0.0) + one["small"].to_numpy(), **FEW)
    assert found.factors[-1] == "side" and found.score[-1] > 0.8 and len(found.score) == 5


def study(replicates=4, worlds=60, noise=0.2):
    rows = make_block("uncertainties", "latin", FACTORS, {"size": worlds}, 1)
    sides = make_block("strategies", "grid", SIDES, {}, 0)
    luck = np.random.default_rng(0)
    values = (
        linear(rows.table)[:, None, None]
        + np.array([0.0, 2.0, 0.0])[:, None]
        + noise * luck.normal(size=(worlds, 3, replicates))
        + luck.normal(size=replicates)
    )
    return MemoryStudy([rows, sides], {"share": values})


@pytest.mark.parametrize("method", ["trees", "permutation"])
def test_a_study_is_told_skill_first(method):
    found = analyse(study(), "share", method=method, **FEW)
    assert found.name == "feature_scores" and found.sentences[0].startswith("A forest of trees explains")
    assert {row[0] for row in found.tables[0].rows[:2]} == {"big", "US"} and "180 rows in 60 worlds" in found.sentences[
        -1
    ]
    assert any("is luck, which no factor can explain" in one for one in found.sentences)


def test_a_forest_without_skill_says_that_its_scores_say_nothing():
    rows = make_block("uncertainties", "random", FACTORS, {"size": 80}, 1)
    results = MemoryStudy([rows], {"share": np.random.default_rng(3).normal(size=(80, 3))})
    found = analyse(results, "share", **FEW)
    assert "the scores say nothing" in found.sentences[0] and any(
        "No factor scores clearly" in one for one in found.sentences
    )


def test_worlds_are_draws_base_points_or_trajectories():
    assert worlds_of(study()).tolist() == np.repeat(np.arange(60), 3).tolist()
    pytest.importorskip("SALib")
    for kind, settings, step in (
        ("sobol", {"size": 8}, 10),
        ("sobol", {"size": 8, "second_order": False}, 6),
        ("morris", {"trajectories": 6}, 5),
    ):
        rows = make_block("uncertainties", kind, FACTORS, settings, 1)
        assert worlds_of(MemoryStudy([rows], {"share": np.zeros((rows.size, 1))})).tolist() == [
            row // step for row in range(rows.size)
        ]
    grid = make_block("uncertainties", "grid", FACTORS, {"levels": 2}, 1)
    assert worlds_of(MemoryStudy([grid], {"share": np.zeros((16, 1))})).tolist() == list(range(16))


def test_missing_runs_are_left_out_and_counted_and_large_studies_drawn_from():
    results = study()
    cube = results.cube("share")
    cube[3] = np.nan
    cube[5, 1, 2] = np.nan
    found = analyse(MemoryStudy(results.blocks, {"share": cube}), "share", **FEW)
    assert "177 rows in 59 worlds" in " ".join(found.sentences) and "13 of 720 runs" in found.sentences[-1]
    few = analyse(results, "share", most_rows=60, **FEW)
    assert any(one == "Drawn at random: 20 worlds with 60 of 180 design rows." for one in few.sentences)


def test_the_same_seed_gives_the_same_finding_and_another_does_not():
    first, second, other = (analyse(study(worlds=20), "share", seed=seed, **FEW).tables[0].rows for seed in (0, 0, 1))
    assert first == second and first != other


def test_mistakes_are_one_line():
    still = MemoryStudy(study().blocks, {"share": np.ones((60, 3, 2))})
    for results, measure, options, words in (
        (study(worlds=6), "share", {}, "at least 10"),
        (study(), "sharp", {}, "share"),
        (study(), "share", {"method": "tree"}, "trees"),
        (still, "share", {}, "same"),
    ):
        with pytest.raises(InputError, match=words) as error:
            analyse(results, measure, **options)
        assert "\n" not in str(error.value)
