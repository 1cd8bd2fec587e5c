"""Robustness: a regret table by hand, intervals against known answers, and what a study says about its choices."""

import numpy as np
import pandas as pd
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import robustness
from stackcraft.experiments.analyses.layout import row_names
from stackcraft.experiments.analyses.robustness import best, bootstrap, paired_means, regret, scores
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

# Three choices in four worlds.
HAND = np.array([[10.0, 2.0, 6.0, 4.0], [8.0, 8.0, 1.0, 4.0], [7.0, 6.0, 5.0, 3.0]])


def test_regret_by_hand():
    np.testing.assert_array_equal(regret(HAND), [[0, 6, 0, 0], [2, 0, 5, 0], [3, 2, 1, 1]])
    np.testing.assert_array_equal(regret(HAND, "low"), [[3, 0, 5, 1], [1, 6, 0, 1], [0, 4, 4, 0]])


def test_scores_by_hand():
    found = scores(HAND, threshold=5.0)
    np.testing.assert_allclose(found["mean"], [5.5, 5.25, 5.25])
    np.testing.assert_allclose(found["worst_case"], [2, 1, 3])
    np.testing.assert_allclose(found["largest_regret"], [6, 5, 3])
    # The 90th percentile lies 0.7 of the way from the third to the fourth of four sorted values.
    np.testing.assert_allclose(found["regret_90"], [0.3 * 0 + 0.7 * 6, 0.3 * 2 + 0.7 * 5, 0.3 * 2 + 0.7 * 3])
    np.testing.assert_allclose(found["satisficing"], [0.5, 0.5, 0.75])
    low = scores(HAND, better="low", threshold=5.0)
    np.testing.assert_allclose(low["worst_case"], [10, 8, 7])
    np.testing.assert_allclose(low["satisficing"], [0.5, 0.5, 0.5])


def test_a_world_that_counts_twice_is_a_world_there_twice():
    weights = np.array([2, 0, 1, 1])
    twice = scores(HAND[:, [0, 0, 2, 3]], threshold=5.0)
    for rule, numbers in scores(HAND, threshold=5.0, weights=weights).items():
        np.testing.assert_allclose(numbers, twice[rule])


def test_turning_the_measure_round_turns_the_verdict_round():
    high, low = scores(HAND, threshold=5.0), scores(-HAND, better="low", threshold=-5.0)
    for rule in robustness.RULES:
        np.testing.assert_array_equal(best(rule, high[rule], "high"), best(rule, low[rule], "low"))


def test_the_best_by_each_rule_with_ties():
    found = scores(HAND, threshold=4.0)
    assert best("mean", found["mean"]).tolist() == [True, False, False]
    assert best("largest_regret", found["largest_regret"]).tolist() == [False, False, True]
    assert best("satisficing", found["satisficing"]).tolist() == [True, True, True]
    assert best("mean", np.array([0.3, 0.1 + 0.2])).all(), "rounding makes no winner"


def test_a_replicate_that_one_choice_lacks_is_left_out_for_all():
    values = np.array([[[1.0, 100.0]], [[2.0, np.nan]]])
    np.testing.assert_array_equal(paired_means(values), [[1.0], [2.0]])
    assert np.isnan(paired_means(np.array([[[1.0]], [[np.nan]]]))).all()


def test_common_luck_makes_the_comparison_sure_where_each_value_is_not():
    luck = np.random.default_rng(1)
    shared = luck.standard_normal((1, 40, 8)) * 5.0
    values = np.array([0.0, 0.1])[:, None, None] + shared
    drawn = bootstrap(values, np.arange(40), threshold=0.0, draws=200)
    assert (drawn["mean"][:, 1] - drawn["mean"][:, 0] == pytest.approx(0.1)) and np.ptp(drawn["mean"][:, 0]) > 0.5
    assert (drawn["largest_regret"][:, 1] == 0).all() and drawn["largest_regret"][:, 0] == pytest.approx(0.1)


def test_the_interval_of_a_mean_over_worlds_has_the_textbook_width():
    luck = np.random.default_rng(2)
    values = np.stack([luck.standard_normal(400)[:, None]] * 2) + np.array([0.0, 1.0])[:, None, None]
    drawn = bootstrap(values, np.arange(400), threshold=0.0, draws=2000)
    assert drawn["mean"][:, 0].std() == pytest.approx(values[0].std() / np.sqrt(400), rel=0.06)


def test_replicates_are_drawn_again_where_worlds_are_not():
    luck = np.random.default_rng(7)
    values = np.stack([np.repeat(luck.standard_normal(50)[None], 3, axis=0)] * 2)
    drawn = bootstrap(values, np.zeros(3, dtype=int), threshold=0.0, draws=2000)
    assert drawn["mean"][:, 0].std() == pytest.approx(values[0, 0].std() / np.sqrt(50), rel=0.06)


def test_worlds_that_are_a_fixed_list_are_not_drawn_again():
    values = np.repeat(HAND[:, :, None], 5, axis=2)
    for numbers in bootstrap(values, np.zeros(4, dtype=int), threshold=5.0, draws=20).values():
        assert (numbers == numbers[0]).all()


def test_the_bootstrap_draws_worlds_of_one_cluster_together():
    # Two structures cross each of three draws; in every draw the mean is that of whole pairs.
    values = np.zeros((2, 6, 3))
    values[0] = np.array([0, 0, 1, 1, 10, 10.0])[:, None] + np.tile([-0.25, 0.25], 3)[:, None]
    means = bootstrap(values, np.repeat([0, 1, 2], 2), threshold=0.0, draws=100)["mean"][:, 0]
    possible = {(a + b + c) / 3 for a in (0, 1, 10) for b in (0, 1, 10) for c in (0, 1, 10)}
    assert all(min(abs(mean - one) for one in possible) < 1e-9 for mean in means)


# On a study


def study(noise=0.02, worlds=30, replicates=6):
    luck = np.random.default_rng(3)
    x = luck.random(worlds)
    uncertain = Block("uncertainties", "latin", (Factor("x", "uncertainty", "real"),), pd.DataFrame({"x": x}))
    policies = Block(
        "policies",
        "subsets",
        (Factor("aid", "bundle", "switch"), Factor("audit", "bundle", "switch")),
        pd.DataFrame({"aid": [0, 1, 0, 1.0], "audit": [0, 0, 1, 1.0]}),
    )
    # Nothing: 0; aid: 1 - 2x, good only where x is low; audit: a safe 0.3; both: 0.25.
    payoff = np.stack([np.zeros(worlds), 1 - 2 * x, np.full(worlds, 0.3), np.full(worlds, 0.25)])
    cube = (
        payoff[:, :, None]
        + luck.standard_normal((1, 1, replicates))
        + noise * luck.standard_normal((4, worlds, replicates))
    )
    return MemoryStudy([policies, uncertain], {"y": cube, "cost": -cube})


def test_a_study_names_the_safe_choice_and_the_gamble():
    finding = robustness.analyse(study(), "y", draws=200)
    by = {row[0]: row for row in finding.tables[1].rows}
    assert (
        by["the largest regret"][1] == "audit"
        and by["the worst world"][1] == "audit"
        and by["the largest regret"][2] > 95
    )
    assert next(row[0] for row in finding.tables[0].rows) == "audit" and {row[0] for row in finding.tables[0].rows} == {
        "none",
        "aid",
        "audit",
        "aid + audit",
    }
    assert by["the largest regret"][3] == "aid + audit", "both is 0.05 less in every world"
    assert by["the largest regret"][4:] == (pytest.approx(0.05, abs=0.02),) * 3
    aid = next(row for row in finding.tables[0].rows if row[0] == "aid")
    assert aid[-1] == pytest.approx(100 * (study().study.design.blocks[1].table["x"] < 0.35).mean(), abs=7)
    assert any("the median over all choices and worlds" in one for one in finding.sentences)
    assert finding == robustness.analyse(study(), "y", draws=200)
    assert dict(finding.about)["better"] == "high"


def test_a_measure_may_be_better_low():
    high, low = (
        robustness.analyse(study(), measure, better=better, draws=50).tables[1].rows
        for measure, better in (("y", "high"), ("cost", "low"))
    )
    assert high == low


def test_structures_are_worlds_and_strategies_are_choices():
    luck = np.random.default_rng(4)
    strategies = Block(
        "strategies",
        "grid",
        (
            Factor("US", "strategy", "category", values=("steady", "bold")),
            Factor("CN", "strategy", "category", values=("steady", "bold")),
        ),
        pd.DataFrame({"US": ["steady", "steady", "bold", "bold"], "CN": ["steady", "bold"] * 2}),
    )
    structure = Block(
        "structure", "grid", (Factor("peers", "structure", "switch"),), pd.DataFrame({"peers": [0.0, 1.0]})
    )
    results = MemoryStudy([strategies, structure], {"y": luck.random((4, 2, 9))})
    finding = robustness.analyse(results, "y", draws=20)
    assert "4 choices in 2 worlds" in finding.sentences[0]
    assert {row[0] for row in finding.tables[0].rows} == {
        "US=steady, CN=steady",
        "US=steady, CN=bold",
        "US=bold, CN=steady",
        "US=bold, CN=bold",
    }
    assert any("a fixed list" in one for one in finding.sentences)
    assert finding.charts[-1].columns == ("none", "peers")


def test_rows_are_named_the_shorter_way():
    three = Block(
        "policies",
        "subsets",
        tuple(Factor(name, "bundle", "switch") for name in "abc"),
        pd.DataFrame([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1.0]], columns=list("abc")),
    )
    rate = Block(
        "uncertainties",
        "grid",
        (Factor("rate", "uncertainty", "real"), Factor("kind", "uncertainty", "category", values=("x",))),
        pd.DataFrame({"rate": [0.25, 1500.0], "kind": ["x", "x"]}),
    )
    assert row_names([three]) == ["none", "a", "all but c", "all"]
    assert row_names([three, rate])[-2:] == ["all / rate=0.25, kind=x", "all / rate=1,500, kind=x"]
    assert row_names([]) == ["as it is"]


def test_missing_runs_are_paired_away_and_counted():
    results = study()
    results._cubes["y"][1, 4] = np.nan
    results._cubes["y"][2, 5, 0] = np.nan
    finding = robustness.analyse(results, "y", draws=20)
    assert "in 29 worlds" in finding.sentences[0]
    assert finding.sentences[-1].startswith("1 of 696 runs has no value") and finding.sentences[-2].startswith(
        "1 world"
    )


def test_studies_without_choices_or_worlds_are_refused_in_one_line():
    uncertain = study().study.design.blocks[1]
    policies = study().study.design.blocks[0]
    together = Block(
        "together",
        "latin",
        (Factor("x", "uncertainty", "real"), Factor("z", "lever", "real")),
        pd.DataFrame({"x": [0, 1.0], "z": [0, 1.0]}),
    )
    for blocks, words in (([uncertain], "one choice"), ([policies], "one world"), ([together], "cross")):
        with pytest.raises(InputError, match=words) as error:
            robustness.analyse(MemoryStudy(blocks, {"y": np.ones((blocks[0].size, 3))}), "y")
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="did you mean high"):
        robustness.analyse(study(), "y", better="hgh")
