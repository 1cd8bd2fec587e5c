"""Paired differences: by hand, and zero where nothing was changed."""

import json

import numpy as np
import pytest
import xarray as xr

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.compare import check_comparable, compare_results, is_flow, largest, per_run
from stackcraft.model.scenario import Scenario

A = Scenario(name="a", runs=4)
B = Scenario(name="b", runs=4, levers=("KEN.hedge=0.5",))


def dataset(seed=1, runs=4):
    rng = np.random.default_rng(seed)
    return xr.Dataset(
        {
            "installed": (("run", "year", "country", "stack"), rng.random((runs, 3, 5, 2)), {"units": "share"}),
            "tenders_won": (
                ("run", "year", "stack"),
                rng.integers(0, 9, (runs, 3, 2)).astype(float),
                {"units": "count", "flow": 1},
            ),
            "choices": (("run", "year"), rng.random((runs, 3)), {"units": "count", "flow": 1}),
        },
        coords={"run": np.arange(runs), "year": [2025, 2026, 2027], "stack": ["US", "CN"], "country": list("ABCDE")},
    )


def test_flows_are_summed_without_the_opening_day_and_stocks_read_at_the_end():
    data = dataset()
    won = per_run(data, "tenders_won")
    np.testing.assert_allclose(won["US"], data["tenders_won"].values[:, 1:, 0].sum(axis=1))
    installed = per_run(data, "installed")
    np.testing.assert_allclose(installed["CN"], data["installed"].values[:, -1, :, 1].mean(axis=1))
    assert set(per_run(data, "choices")) == {""}


def test_a_flow_without_any_value_stays_without_one():
    data = dataset()
    data["tenders_won"].values[0] = np.nan
    assert np.isnan(per_run(data, "tenders_won")["US"][0])


def test_the_interval_is_the_t_interval_of_the_paired_differences():
    before, after = dataset(), dataset(2)
    row = next(
        row
        for row in compare_results(A, B, before, after).differences
        if (row.measure, row.place) == ("installed", "US")
    )
    pairs = (after["installed"] - before["installed"]).values[:, -1, :, 0].mean(axis=1)
    half = 3.182446305284263 * pairs.std(ddof=1) / 2  # t of 3 degrees of freedom at 0.975, over the root of 4 runs
    assert row.difference == pytest.approx(pairs.mean())
    assert (row.low, row.high) == pytest.approx((pairs.mean() - half, pairs.mean() + half))
    assert row.runs == 4 and row.unit == "share" and not row.total


def test_the_same_results_are_zero_everywhere():
    comparison = compare_results(A, A, dataset(), dataset())
    assert comparison.zero_everywhere and comparison.changed == []
    assert all((row.difference, row.low, row.high, row.clear) == (0, 0, 0, False) for row in comparison.differences)


def test_one_bit_in_one_country_is_enough_not_to_be_zero():
    after = dataset()
    value = after["installed"].values
    value[0, 1, 0, 0] = np.nextafter(value[0, 1, 0, 0], 2)
    comparison = compare_results(A, B, dataset(), after)
    assert not comparison.zero_everywhere and comparison.changed == ["installed"]


def test_a_difference_that_all_runs_share_is_clear_and_first():
    after = dataset()
    after["choices"].values[:, 1] += 1
    comparison = compare_results(A, B, dataset(), after)
    (row,) = largest(comparison.differences, 5)
    assert row.measure == "choices" and row.clear and row.difference == pytest.approx(1)


def test_a_single_run_has_no_interval():
    one = compare_results(A.with_changes(runs=1), B.with_changes(runs=1), dataset(1, 1), dataset(2, 1))
    assert all(np.isnan([row.low, row.high]).all() and not row.clear for row in one.differences)


def test_failed_runs_are_left_out_in_pairs():
    before, after = dataset(), dataset(2)
    before["status"], after["status"] = ("run", [0, 1, 0, 0]), ("run", [0, 0, 0, 2])
    rows = compare_results(A, B, before, after).differences
    assert {row.runs for row in rows if row.measure != "status"} == {2}
    after["status"] = ("run", [3, 3, 3, 3])
    with pytest.raises(RuntimeError, match="no run"):
        compare_results(A, B, before, after)


def test_json_has_no_nan():
    after = dataset(2)
    after["choices"].values[:] = np.nan
    table = compare_results(A, B, dataset(), after).as_dict()
    text = json.dumps(table, allow_nan=False)
    assert json.loads(text)["interval"] == 0.95


@pytest.mark.parametrize("change", [{"runs": 5}, {"seed": 1}, {"years": (2025, 2030)}, {"world": "synthetic"}])
def test_scenarios_that_share_no_luck_are_refused(change):
    with pytest.raises(InputError, match=next(iter(change))):
        check_comparable(Scenario(name="a"), Scenario(name="b", **change))


def test_a_measure_of_ones_own_says_whether_it_adds_up():
    assert is_flow({"flow": 1}) and not is_flow({"flow": 0}) and not is_flow({})
