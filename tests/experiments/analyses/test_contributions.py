"""Contributions: games whose Shapley values are known, values that add up in every replicate, and what a study says."""

import itertools
from math import factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import contributions
from stackcraft.experiments.analyses.contributions import (
    add_one_in_weights,
    exact_weights,
    leave_one_out_weights,
    order_steps,
    order_weights,
    whole_weights,
)
from stackcraft.experiments.sweep.blocks import Block, make_block, orders
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy


def subsets(number):
    return np.array(list(itertools.product((0.0, 1.0), repeat=number)))


def game(table, worth):
    return np.array([worth({place for place, on in enumerate(row) if on}) for row in table])


def switches(number):
    return tuple(Factor(f"b{place}", "bundle", "switch") for place in range(number))


def test_the_glove_game():
    # One left glove and two right ones: a pair is worth 1, so the left one gets 2/3 and each right one 1/6.
    table = subsets(3)
    np.testing.assert_allclose(
        exact_weights(table) @ game(table, lambda s: float(0 in s and bool(s & {1, 2}))),
        [2 / 3, 1 / 6, 1 / 6],
        atol=1e-15,
    )


def test_the_airport_game():
    # A runway costs what its longest user needs; each stretch is shared by those who need it (Littlechild and Owen
    # 1973).
    needs = np.array([1.0, 4.0, 4.5, 9.0, 10.0])
    stretch = np.diff(needs, prepend=0.0) / np.arange(5, 0, -1)
    table = subsets(5)
    np.testing.assert_allclose(
        exact_weights(table) @ game(table, lambda s: max((needs[one] for one in s), default=0.0)),
        np.cumsum(stretch),
        atol=1e-12,
    )


def test_a_vote_with_vetoes():
    # 3 members with a veto and 2 without, 4 votes pass: a member without one turns 1 order in 20 (it comes fourth, the
    # other last).
    table = subsets(5)
    values = exact_weights(table) @ game(table, lambda s: float({0, 1, 2} <= s and len(s) >= 4))
    np.testing.assert_allclose(values, [0.3, 0.3, 0.3, 0.05, 0.05], atol=1e-12)


def test_by_the_definition_over_all_orders():
    table, luck = subsets(4), np.random.default_rng(1)
    worth = luck.standard_normal(16)
    place = {tuple(row): number for number, row in enumerate(table)}
    total = np.zeros(4)
    for order in itertools.permutations(range(4)):
        row = np.zeros(4)
        for one in order:
            before = worth[place[tuple(row)]]
            row[one] = 1
            total[one] += worth[place[tuple(row)]] - before
    np.testing.assert_allclose(exact_weights(table) @ worth, total / factorial(4), atol=1e-12)
    every = np.array(list(itertools.permutations(range(4))))
    np.testing.assert_allclose(order_weights(table, every), exact_weights(table), atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(number=some.integers(1, 9), seed=some.integers(0, 999), scale=some.sampled_from([1e-3, 1.0, 1e4]))
def test_exact_values_add_up_in_every_replicate(number, seed, scale):
    table = subsets(number)
    table = table[np.random.default_rng(seed).permutation(len(table))]  # the order of rows must not matter
    values = scale * np.random.default_rng(seed).standard_normal((len(table), 3, 4))
    shares = contributions.contributions(exact_weights(table), values)
    assert shares.shape == (number, 3, 4)
    np.testing.assert_allclose(
        shares.sum(axis=0), contributions.contributions(whole_weights(table), values)[0], atol=1e-9
    )


@pytest.mark.parametrize("permutations", [1, 2, 7, 40])
def test_drawn_orders_add_up_in_every_replicate_too(permutations):
    block = make_block("policies", "shapley", switches(9), {"permutations": permutations}, 5)
    drawn = np.array(orders(9, permutations, 5))
    values = 100.0 * np.random.default_rng(2).standard_normal((block.size, 6))
    shares = order_weights(block.table.to_numpy(), drawn) @ values
    np.testing.assert_allclose(shares.sum(axis=0), (whole_weights(block.table.to_numpy()) @ values)[0], atol=1e-9)


def test_drawn_orders_come_close_to_the_exact_values():
    table = subsets(8)

    def pair(s):
        return sum(one + 1.0 for one in s) + 5.0 * (0 in s and 1 in s)

    drawn = np.array(orders(8, 400, 1))
    np.testing.assert_allclose(
        order_weights(table, drawn) @ game(table, pair), exact_weights(table) @ game(table, pair), atol=1e-12 + 0.35
    )
    # An order and its reverse share a pairwise bonus equally, so here two orders are enough.
    np.testing.assert_allclose(
        order_weights(table, drawn[:2]) @ game(table, pair), [1 + 2.5, 2 + 2.5, 3, 4, 5, 6, 7, 8], atol=1e-12
    )


def test_weights_of_orders_count_them():
    table, drawn = subsets(4), np.array([[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
    np.testing.assert_allclose(
        order_weights(table, drawn, [2, 0, 1]), order_weights(table, drawn[[0, 0, 2]]), atol=1e-15
    )
    assert order_steps(table, drawn)[:, 0].tolist() == [0, 0, 0] and (order_steps(table, drawn)[:, -1] == 15).all()


def test_leave_one_out_and_add_one_in_by_hand():
    table = np.array([[0, 0], [1, 0], [0, 1], [1, 1.0]])
    worth = np.array([1.0, 4.0, 3.0, 11.0])
    assert (add_one_in_weights(table) @ worth).tolist() == [3.0, 2.0]
    assert (leave_one_out_weights(table) @ worth).tolist() == [8.0, 7.0]
    assert (exact_weights(table) @ worth).tolist() == [5.5, 4.5]
    assert np.isnan(leave_one_out_weights(table[[0, 1, 3]])).any(axis=1).tolist() == [True, False]


def test_a_missing_or_doubled_subset_is_refused():
    with pytest.raises(InputError, match="each of their 8 subsets once; this design has 7"):
        exact_weights(subsets(3)[:-1])
    with pytest.raises(InputError, match="has 7"):
        exact_weights(subsets(3)[[0, 1, 2, 3, 4, 5, 6, 6]])
    with pytest.raises(InputError, match="growing subset"):
        order_weights(subsets(3)[[0, 1, 7]], np.array([[0, 1, 2]]))


# On a study


def study(kind="subsets", number=3, worlds=0, replicates=8, settings_=None, noise=0.1):
    """y = 2 b0 + b1 x + 3 b0 b1 + luck that every subset shares, + a little of its own; x is the world, -1 to 1."""
    luck = np.random.default_rng(6)
    block = make_block("policies", kind, switches(number), settings_ or {}, 4)
    on = block.table.to_numpy()
    x = np.linspace(-1, 1, worlds) if worlds else np.ones(1)
    worth = 2 * on[:, 0, None] + on[:, 1, None] * x + 3 * on[:, 0, None] * on[:, 1, None]
    cube = (
        worth[:, :, None]
        + 5 * luck.standard_normal(replicates)
        + noise * luck.standard_normal((len(on), len(x), replicates))
    )
    if not worlds:
        return MemoryStudy([block], {"y": cube[:, 0]}, seed=4)
    uncertain = Block(
        "uncertainties", "latin", (Factor("x", "uncertainty", "real", -1.0, 1.0),), pd.DataFrame({"x": x})
    )
    return MemoryStudy([uncertain, block], {"y": cube.transpose(1, 0, 2)}, seed=4)


def rows(finding):
    return {row[0]: row for row in finding.tables[0].rows}


def test_a_study_of_every_subset_gives_exact_values_with_paired_intervals():
    finding = contributions.analyse(study(), "y", draws=300)
    found = rows(finding)
    for name, value in (("b0", 3.5), ("b1", 2.5), ("b2", 0.0)):  # the bonus of 3 is halved
        assert found[name][1] == pytest.approx(value, abs=0.15)
        assert found[name][2] <= found[name][1] <= found[name][3]
        assert found[name][3] - found[name][2] < 0.3, "shared luck of 5 does not widen a paired interval"
    assert found["sum"][1] == pytest.approx(found["everything less nothing"][1], abs=1e-9)
    assert found["b0"][4] == pytest.approx(2.0, abs=0.2) and found["b0"][7] == pytest.approx(5.0, abs=0.2)
    text = " ".join(finding.sentences)
    assert "all 8 subsets" in text and "they reinforce each other" in text and "The sign is not sure for b2" in text
    assert finding == contributions.analyse(study(), "y", draws=300)


def test_a_shapley_design_gives_values_that_add_up_and_intervals_over_orders():
    results = study("shapley", number=7, settings_={"permutations": 12})
    finding = contributions.analyse(results, "y", draws=300)
    found = rows(finding)
    assert found["sum"][1] == pytest.approx(found["everything less nothing"][1], abs=1e-9)
    assert found["b0"][1] == pytest.approx(3.5, abs=0.3) and found["b1"][1] == pytest.approx(2.5, abs=0.3)
    assert "means over 12 random orders of the 7 bundles" in finding.sentences[1]
    assert any("pairs of orders" in one for one in finding.sentences)
    single = contributions.analyse(study("shapley", number=7, settings_={"permutations": 1}), "y", draws=50)
    assert any("1 random order may not be enough" in one for one in single.sentences)


def test_intervals_over_orders_hold_the_exact_values_where_nothing_else_is_left_to_chance():
    held = widths = 0
    for seed in range(12):
        block = make_block("policies", "shapley", switches(9), {"permutations": 30}, seed)

        def worth(on):
            return on[:, 0] * on[:, 1] * on[:, 2] + on[:, 3]

        results = MemoryStudy([block], {"y": np.repeat(worth(block.table.to_numpy())[:, None], 3, axis=1)}, seed=seed)
        found = rows(contributions.analyse(results, "y", draws=200))
        exact = exact_weights(subsets(9)) @ worth(subsets(9))
        np.testing.assert_allclose(exact, [1 / 3, 1 / 3, 1 / 3, 1, 0, 0, 0, 0, 0], atol=1e-12)
        assert found["b3"][1:4] == pytest.approx((1.0, 1.0, 1.0)), "what b3 adds does not depend on the order"
        held += sum(found[f"b{place}"][2] <= 1 / 3 <= found[f"b{place}"][3] for place in range(3))
        widths += sum(found[f"b{place}"][3] - found[f"b{place}"][2] > 0.02 for place in range(3))
    assert widths == 36 and held >= 30


def test_a_one_out_design_gives_what_it_can():
    finding = contributions.analyse(study("one_out", number=4), "y", draws=100)
    assert [column.name for column in finding.tables[0].columns][1::3] == ["add one in", "leave one out"]
    assert "no Shapley values" in finding.sentences[1]
    assert rows(finding)["b1"][1] == pytest.approx(1.0, abs=0.2)


def test_across_worlds_every_world_adds_up_and_the_spread_is_told():
    results = study(worlds=11)
    finding = contributions.analyse(results, "y", draws=200)
    cube = results.cube("y").mean(axis=-1)
    spread, each = finding.tables[1], finding.tables[2]
    for row, values in zip(each.rows, cube, strict=True):
        assert row[-1] == pytest.approx(values[-1] - values[0], abs=1e-9)
    b1 = next(row for row in spread.rows if row[0] == "b1")
    assert (
        b1[4] == pytest.approx(0.5, abs=0.2)
        and b1[5] == pytest.approx(2.5, abs=0.2)
        and b1[2] == pytest.approx(1.5, abs=0.2)
    )
    assert rows(finding)["b0"][1] == pytest.approx(3.5, abs=0.1)
    assert any("replicates and worlds" in one for one in finding.sentences)


def test_the_interval_over_worlds_has_the_textbook_width():
    results = study(worlds=41, noise=0.0)
    found = rows(contributions.analyse(results, "y", draws=1500))
    width = 2 * 1.96 * np.linspace(-1, 1, 41).std() / np.sqrt(41)
    assert found["b1"][3] - found["b1"][2] == pytest.approx(width, rel=0.08)
    assert found["b0"][3] - found["b0"][2] == pytest.approx(0.0, abs=1e-9), (
        "what does not depend on the world has no spread over worlds"
    )


def test_a_bundle_that_changes_nothing_is_said_to():
    text = " ".join(contributions.analyse(study(worlds=5, noise=0.0), "y", draws=50).sentences)
    assert (
        "Nothing changes on average over replicates with b2." in text
        and "not sure for b2" not in text
        and "the world for b2" not in text
    )


def test_incomplete_replicates_are_left_out_so_that_the_rest_add_up():
    results = study()
    whole = contributions.analyse(results, "y", draws=20)
    results._cubes["y"][3, 2] = np.nan
    less = contributions.analyse(results, "y", draws=20)
    found = rows(less)
    kept = np.delete(study().cube("y"), 2, axis=1).mean(axis=1)
    np.testing.assert_allclose(
        [found[f"b{place}"][1] for place in range(3)],
        exact_weights(results.blocks[0].table.to_numpy()) @ kept,
        atol=1e-12,
    )
    assert (
        found["sum"][1] == pytest.approx(found["everything less nothing"][1], abs=1e-9)
        and rows(whole)["b0"][1] != found["b0"][1]
    )
    assert "1 of 64 runs has no value" in less.sentences[-2] and less.sentences[-1].startswith("1 of 8 replicates")
    results._cubes["y"][3] = np.nan
    with pytest.raises(InputError, match="nothing adds up"):
        contributions.analyse(results, "y")


def test_the_wrong_design_is_refused_in_one_line():
    grid = Block("policies", "grid", (Factor("rate", "lever", "real"),), pd.DataFrame({"rate": [0.0, 1.0]}))
    results = MemoryStudy([grid], {"y": np.ones((2, 3))})
    for options, words in (
        ({}, "subsets"),
        ({"block": "policies"}, "rate is neither on nor off"),
        ({"block": "policy"}, "did you mean policies"),
    ):
        with pytest.raises(InputError, match=words) as error:
            contributions.analyse(results, "y", **options)
        assert "\n" not in str(error.value)
    other_seed = study("shapley", number=9, settings_={"permutations": 3})
    other_seed.study.seed = 99
    with pytest.raises(InputError, match="same study seed"):
        contributions.analyse(other_seed, "y")
