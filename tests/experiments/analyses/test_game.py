"""The strategy game in a study: what is found, how it is said, and which studies hold no game."""

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.finding import Heat
from stackcraft.experiments.analyses.game import analyse
from stackcraft.experiments.sweep.blocks import Block, make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy
from tests.experiments.analyses.games.known import PENNIES, PRISONERS, SEXES

pytest.importorskip("nashpy", reason="nashpy is not installed (extra: games)")

FEW = {"resamples": 200}


def strategies(rows=2, columns=2, extra=()):
    """A block that crosses US u0, u1, ... with CN c0, c1, ..."""
    factors = tuple(
        Factor(side, "strategy", "category", values=tuple(f"{letter}{place}" for place in range(size)))
        for side, letter, size in (("US", "u", rows), ("CN", "c", columns))
    )
    return make_block("strategies", "grid", (*factors, *extra), {}, 0)


def cube(game, noise, replicates=24, worlds=None, seed=0):
    """Return payoffs of both sides as a study keeps them, ([worlds,] pairs, replicates), with shared luck and noise."""
    luck = np.random.default_rng(seed)
    lead = () if worlds is None else (worlds,)
    shared = 20 * luck.normal(size=(*lead, 1, replicates))
    return tuple(
        payoff.reshape(-1, 1) + shared + noise * luck.normal(size=(*lead, payoff.size, replicates)) for payoff in game
    )


def study(game, noise, **options):
    us, cn = cube(game, noise, **options)
    return MemoryStudy([strategies(*game[0].shape)], {"payoff_us": us, "payoff_cn": cn}, title="a game", year=2045)


def table(finding, title):
    (one,) = [one for one in finding.tables if one.title == title]
    return pd.DataFrame(one.rows, columns=[column.name for column in one.columns])


def said(finding, text):
    return [sentence for sentence in finding.sentences if text in sentence]


def test_the_dilemma_has_one_stable_pair_and_its_price():
    finding = analyse(study(PRISONERS, 0.05), **FEW)
    assert said(finding, "One pair is stable") and said(finding, "US u1 against Chinese c1 (100 %)")
    row = table(finding, "Equilibria").iloc[0]
    assert (row["Equilibrium"], row["US"], row["Chinese"], row["Stable"]) == ("pure", "u1", "c1", "yes")
    assert row["Joint loss"] == pytest.approx(4, abs=0.1) and row["low"] <= row["Joint loss"] <= row["high"]
    fallen = table(finding, "Dominated strategies")
    assert list(fallen["Strategy"]) == ["u0", "c0"] and (fallen["Resamples"] == 1).all()
    assert said(finding, "u1 is the best US reply to every Chinese strategy")
    assert said(finding, "3 pairs out of 4 cannot be improved") and said(
        finding, "both payoffs added are largest at US u0 against Chinese c0"
    )


def test_matching_pennies_are_stable_as_a_mix_and_in_no_single_pair():
    finding = analyse(study(PENNIES, 0.05), **FEW)
    assert said(finding, "Stable as a mix") and said(finding, "US u0 or u1 against Chinese c0 or c1 (100 %)")
    assert said(finding, "No pair of single strategies is an equilibrium in any resample")
    assert not said(finding, "stable: neither side")


def test_noise_leaves_nothing_stable_and_the_finding_says_so():
    finding = analyse(study((np.zeros((4, 4)), np.zeros((4, 4))), 5.0), **FEW)
    assert said(finding, "Nothing is stable")
    assert (table(finding, "Equilibria")["Stable"] == "no").all()
    assert max(table(finding, "Every pair")["Equilibrium in resamples"]) < 0.95


def test_noise_moves_a_stable_pair_below_the_line():
    sure, unsure = (analyse(study(SEXES, noise), **FEW) for noise in (0.1, 12.0))
    (framed,), (also,) = (
        [chart.marked for chart in finding.charts if chart.title == "How often a pair is an equilibrium"]
        for finding in (sure, unsure)
    )
    assert framed == ((0, 0), (1, 1)) and also == ()
    (estimated,) = (chart.marked for chart in unsure.charts if chart.title == "US payoff")
    assert estimated  # at face value there is one all the same
    assert said(sure, "2 pairs are stable") and said(unsure, "Nothing is stable")


def test_payoffs_are_the_means_and_the_heat_charts_frame_the_equilibria():
    results = study(SEXES, 0.3)
    finding = analyse(results, **FEW)
    heat = {chart.title: chart for chart in finding.charts if isinstance(chart, Heat)}
    np.testing.assert_allclose(heat["US payoff"].values, results.cube("payoff_us").mean(axis=1).reshape(2, 2))
    np.testing.assert_allclose(heat["Chinese payoff"].values, results.cube("payoff_cn").mean(axis=1).reshape(2, 2))
    assert heat["US payoff"].rows == ("u0", "u1") and heat["US payoff"].columns == ("c0", "c1")
    assert heat["US payoff"].marked == ((0, 0), (1, 1)) == heat["How often a pair is an equilibrium"].marked
    pairs = table(finding, "Every pair")
    assert (pairs["US payoff"] >= pairs["low"].iloc[:, 0]).all() and (
        pairs["US payoff"] <= pairs["high"].iloc[:, 0]
    ).all()


def test_sides_are_not_mixed_up_where_they_have_unequal_numbers_of_strategies():
    first, second = np.arange(6.0).reshape(2, 3) * 10, np.array([[0.0, 50.0, 0.0], [0.0, 0.0, 90.0]])
    finding = analyse(study((first, second), 0.1), **FEW)
    assert said(finding, "US u1 against Chinese c2 (100 %)")
    replies = table(finding, "Best replies")
    assert list(replies["Best reply"]) == ["u1", "u1", "u1", "c1", "c2"] and list(replies["Against"]) == [
        "c0",
        "c1",
        "c2",
        "u0",
        "u1",
    ]


def test_everything_is_plain_and_the_same_again():
    finding = analyse(study(SEXES, 1.0), seed=3, **FEW)
    text = json.dumps(finding.as_dict(), allow_nan=False)
    assert text == json.dumps(analyse(study(SEXES, 1.0), seed=3, **FEW).as_dict(), allow_nan=False)
    assert text != json.dumps(analyse(study(SEXES, 1.0), seed=4, **FEW).as_dict(), allow_nan=False)
    about = dict(finding.about)
    assert (
        about["study"] == "a game"
        and about["year"] == 2045
        and about["resamples"] == 200
        and about["analysis seed"] == 3
    )


def test_both_sides_are_written_about_alike():
    # The same game with the sides changing places, and their names, must read the same.
    one, two = (
        analyse(study(game, 0.0, seed=1), **FEW) for game in (PRISONERS, tuple(payoff.T for payoff in PRISONERS[::-1]))
    )

    def swapped(sentence):
        names = {"US": "Chinese", "Chinese": "US", "u": "c", "c": "u"}
        return re.sub(r"\b(US|Chinese)\b|\b([uc])(?=\d\b)", lambda found: names[found.group()], sentence)

    words = [set(re.findall(r"\w+", sentence)) for sentence in one.sentences]
    assert {frozenset(found) for found in words} == {
        frozenset(re.findall(r"\w+", swapped(sentence))) for sentence in two.sentences
    }


def test_runs_without_a_value_are_left_out_and_counted():
    us, cn = cube(PRISONERS, 0.05)
    us[0, 3] = us[1, 3] = cn[2, 8] = np.nan
    finding = analyse(MemoryStudy([strategies()], {"payoff_us": us, "payoff_cn": cn}), **FEW)
    assert said(finding, "3 runs have no value, so 2 draws of luck out of 24 were left out of every pair")


def test_strategies_that_do_the_same_are_named():
    first, second = (np.vstack([payoff, payoff[1]]) for payoff in PRISONERS)
    us, cn = cube((first, second), 0.5)
    us[4:6], cn[4:6] = us[2:4], cn[2:4]  # run by run, as where one preset always chooses what the other does
    finding = analyse(MemoryStudy([strategies(3, 2)], {"payoff_us": us, "payoff_cn": cn}), **FEW)
    assert said(finding, "US u1 and u2 give the same payoffs against everything")
    assert said(finding, "2 pairs are stable") and said(finding, "the sides may also mix")


def test_worlds_are_averaged_over_and_looked_at_one_by_one():
    uncertain = make_block("uncertainties", "random", (Factor("supply_fear", "uncertainty", "real"),), {"size": 30}, 0)
    us, cn = cube(PRISONERS, 0.05, replicates=3, worlds=30)
    us[:12, 0] += 10  # in 12 of 30 worlds the United States would rather cooperate, and so it is on the whole
    us[:12, 1] += 10
    finding = analyse(MemoryStudy([uncertain, strategies()], {"payoff_us": us, "payoff_cn": cn}), **FEW)
    pairs = table(finding, "Every pair").set_index(["US", "Chinese"])
    assert pairs.loc[("u1", "c1"), "Equilibrium in worlds"] == pytest.approx(18 / 30)
    assert pairs.loc[("u0", "c1"), "Equilibrium in worlds"] == pytest.approx(12 / 30)
    assert said(finding, "30 worlds drawn from the uncertainties with 3 replicates each") and said(
        finding, "resamples of worlds and replicates"
    )
    assert said(finding, "With only 3 replicates")


def test_payoff_weights_that_differ_between_worlds_are_pointed_out():
    uncertain = make_block(
        "uncertainties", "random", (Factor("payoff_use", "uncertainty", "real", 0, 1000),), {"size": 4}, 0
    )
    us, cn = cube(PRISONERS, 0.05, worlds=4)
    finding = analyse(MemoryStudy([uncertain, strategies()], {"payoff_us": us, "payoff_cn": cn}), **FEW)
    assert said(finding, "differ between the worlds (payoff_use)")


def test_what_else_differs_has_to_be_settled():
    lever = make_block("policies", "grid", (Factor("us_government.supply_bond", "lever", "real"),), {"levels": 2}, 0)
    us, cn = (np.stack(parts) for parts in zip(cube(PRISONERS, 0.05), cube(SEXES, 0.05), strict=True))
    results = MemoryStudy([lever, strategies()], {"payoff_us": us, "payoff_cn": cn})
    with pytest.raises(
        InputError, match=r"differ in us_government.supply_bond: choose one value with at=.*there is 0.0, 1.0"
    ):
        analyse(results, **FEW)
    assert said(analyse(results, at={"us_government.supply_bond": 0}, **FEW), "One pair is stable")
    assert said(analyse(results, at={"us_government.supply_bond": 1}, **FEW), "2 pairs are stable")
    with pytest.raises(InputError, match=r"no row has us_government.supply_bond = 0.3"):
        analyse(results, at={"us_government.supply_bond": 0.3}, **FEW)
    with pytest.raises(InputError, match=r"'us_government.garantee' in at is unknown; did you mean"):
        analyse(results, at={"us_government.garantee": 0.3}, **FEW)


def test_the_strategy_of_somebody_else_has_to_be_settled_too():
    block = strategies(extra=(Factor("KEN", "strategy", "category", values=("hedge", "club")),))
    us, cn = (
        np.stack(parts, axis=1).reshape(8, -1) for parts in zip(cube(PRISONERS, 0.05), cube(SEXES, 0.05), strict=True)
    )
    results = MemoryStudy([block], {"payoff_us": us, "payoff_cn": cn})
    with pytest.raises(InputError, match="differ in KEN"):
        analyse(results, **FEW)
    assert said(analyse(results, at={"KEN": "club"}, **FEW), "2 pairs are stable")


def test_a_study_without_a_game_in_it_is_refused():
    lever = make_block("policies", "grid", (Factor("us_government.supply_bond", "lever", "real"),), {"levels": 2}, 0)
    flat = {"payoff_us": np.zeros((2, 3)), "payoff_cn": np.zeros((2, 3))}
    with pytest.raises(InputError, match="crosses no strategies of both sides"):
        analyse(MemoryStudy([lever], flat))


def test_a_design_that_lacks_a_pair_is_refused():
    whole = strategies()
    part = Block("strategies", "table", whole.factors, whole.table.iloc[:3])
    with pytest.raises(
        InputError, match=r'1 of 4 pairs are not in the design, such as US u1 against CN c1.*kind = "grid"'
    ):
        analyse(MemoryStudy([part], {"payoff_us": np.zeros((3, 2)), "payoff_cn": np.zeros((3, 2))}))


def test_a_pair_that_was_never_run_is_named():
    us, cn = cube(PRISONERS, 0.05)
    us[2] = np.nan
    with pytest.raises(
        InputError,
        match="1 of 4 pairs have no run with both payoff_us and payoff_cn, "
        "such as US u1 against CN c0; finish the sweep",
    ):
        analyse(MemoryStudy([strategies()], {"payoff_us": us, "payoff_cn": cn}))


def test_a_single_replicate_is_too_little():
    with pytest.raises(InputError, match=r"1 of 1 draws of luck .* at least 2"):
        analyse(study(PRISONERS, 0.05, replicates=1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"us": "payoff_uss"}, "measure 'payoff_uss' in this study is unknown; did you mean"),
        ({"cn": "payoff_us"}, "both sides' payoff is payoff_us"),
        ({"year": 1999}, "kept no year 1999"),
        ({"resamples": 3}, "resamples = 3"),
        ({"survive": 0.2}, "survive = 0.2"),
        ({"epsilon": -1}, "epsilon = -1"),
        ({"population": 1}, "population = 1"),
    ],
)
def test_wrong_options_are_refused_in_one_line(options, message):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        analyse(study(PRISONERS, 0.05), **options)
    assert "\n" not in str(caught.value)


def test_a_missing_nashpy_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "nashpy", None)
    with pytest.raises(InputError, match=r"nashpy is not installed.*stackcraft\[games\]"):
        analyse(study(PRISONERS, 0.05))
