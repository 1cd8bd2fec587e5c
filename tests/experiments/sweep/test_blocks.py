"""Designs have the rows that their names promise, and those that can grow keep their first rows."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.blocks import make_block, orders
from stackcraft.experiments.sweep.factors import Factor, numeric

REAL = Factor("a", "uncertainty", "real", 2.0, 4.0)
WHOLE = Factor("b", "uncertainty", "whole", 0.0, 3.0)
CATEGORY = Factor("c", "strategy", "category", values=("red", "green", "blue"))
SWITCHES = tuple(Factor(f"s{i}", "bundle", "switch") for i in range(4))


def test_a_latin_hypercube_has_one_point_in_each_layer():
    block = make_block("uncertainties", "latin", (REAL, Factor("d", "uncertainty", "real", 0.0, 1.0)), {"size": 16}, 1)
    for column, low, width in (("a", 2.0, 2.0), ("d", 0.0, 1.0)):
        assert sorted(((block.table[column] - low) / width * 16).astype(int)) == list(range(16))


def test_whole_numbers_and_categories_are_equally_likely():
    block = make_block("uncertainties", "latin", (WHOLE, CATEGORY), {"size": 12}, 1)
    assert sorted(block.table["b"]) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert sorted(block.table["c"]) == ["blue"] * 4 + ["green"] * 4 + ["red"] * 4


def test_a_grid_has_every_combination():
    block = make_block("policies", "grid", (REAL, WHOLE, CATEGORY), {"levels": 3}, 1)
    assert block.size == 3 * 3 * 3
    assert sorted(set(block.table["a"])) == [2.0, 3.0, 4.0]
    assert len(block.table.drop_duplicates()) == block.size


def test_subsets_are_all_subsets_from_none_to_all():
    table = make_block("policies", "subsets", SWITCHES, {}, 1).table.to_numpy()
    assert len(table) == 16 == len({tuple(row) for row in table})
    assert table[0].sum() == 0 and table[-1].sum() == 4


def test_one_out_holds_none_each_alone_all_but_each_and_all():
    table = make_block("policies", "one_out", SWITCHES, {}, 1).table.to_numpy()
    assert sorted(table.sum(axis=1)) == [0, 1, 1, 1, 1, 3, 3, 3, 3, 4]


def test_shapley_rows_hold_every_growing_subset_of_every_order():
    block = make_block("policies", "shapley", SWITCHES, {"permutations": 6}, 9)
    rows = {tuple(row) for row in block.table.to_numpy()}
    assert len(rows) == block.size
    for order in orders(4, 6, 9):
        on = [0.0] * 4
        assert tuple(on) in rows
        for place in order:
            on[place] = 1.0
            assert tuple(on) in rows


def test_every_second_order_reverses_the_one_before_it():
    found = orders(5, 6, 2)
    assert len(found) == 6
    assert all(found[i + 1] == found[i][::-1] for i in (0, 2, 4))


@pytest.mark.parametrize(
    ("kind", "small", "large"),
    [
        ("random", {"size": 5}, {"size": 9}),
        ("sobol", {"size": 4}, {"size": 8}),
        ("morris", {"trajectories": 3}, {"trajectories": 6}),
        ("shapley", {"permutations": 3}, {"permutations": 8}),
    ],
)
def test_a_design_that_can_grow_keeps_its_first_rows(kind, small, large):
    if kind in ("sobol", "morris"):
        pytest.importorskip("SALib")
    factors = SWITCHES if kind == "shapley" else (REAL, WHOLE)
    first, second = (make_block("together", kind, factors, settings, 4).table for settings in (small, large))
    assert len(second) > len(first)
    assert second.iloc[: len(first)].equals(first)


def test_a_sobol_block_is_the_design_that_its_analysis_expects():
    sampler = pytest.importorskip("SALib.sample.sobol")
    block = make_block("together", "sobol", (REAL, WHOLE), {"size": 8, "second_order": False}, 4)
    assert block.size == 8 * 4
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    np.testing.assert_array_equal(block.unit, sampler.sample(problem, 8, calc_second_order=False, seed=4))
    np.testing.assert_allclose(block.table["a"], 2 + 2 * block.unit[:, 0])


def test_values_may_be_listed_and_vectors_may_be_values():
    from stackcraft.model.parameters import PARAMETERS

    one = numeric("x", "lever", {"values": [0, 0.3]}, None)
    assert one.grid(9) == (0.0, 0.3)
    vector = next(item for item in PARAMETERS.values() if item.shape == "layer" and item.low < 0.5 < item.high)
    many = numeric(vector.name, "uncertainty", {"values": [[0.5] * 7, [vector.high] * 7]}, vector)
    assert many.kind == "category" and len(many.values) == 2
    with pytest.raises(InputError, match="out of bounds"):
        numeric(vector.name, "uncertainty", {"values": [[vector.high + 1] * 7]}, vector)
