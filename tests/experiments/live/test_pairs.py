"""Summaries and pairs against the results they are made of, on the made-up world."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.leads import changes, leads
from stackcraft.experiments.live import (
    Ensemble,
    Pair,
    Queue,
    country_frame,
    country_frame_of_results,
    curve_frame,
    difference_frame,
    summarise,
)
from stackcraft.experiments.live.pairs import fold_pair
from stackcraft.experiments.live.summary import fold, read
from stackcraft.experiments.runs.compare import compare_results
from stackcraft.model import Scenario, Simulation
from stackcraft.model.indicators import with_all

A = Scenario(name="a", world="synthetic", years=(2025, 2028), runs=7, seed=3)
B = A.with_changes(name="b", levers="us_government.supply_bond=0.9")


def simulated(scenario, **options):
    return Simulation(scenario, threads=1, ledger_runs=0, **options).run()


@pytest.fixture(scope="module")
def results():
    with simulated(A) as one, simulated(B) as two:
        return one.results.copy(deep=True), two.results.copy(deep=True)


@pytest.fixture(scope="module")
def queue():
    one = Queue(workers=2)
    yield one
    one.close()


@pytest.fixture(scope="module")
def pair(queue):
    return queue.wait(queue.ask("test", "pair", Pair(A, B)), 120)


def same(one, two):
    return np.array_equal(one, two, equal_nan=True)


def test_a_summary_says_what_the_results_say(results):
    with simulated(A) as simulation:
        summary = summarise(simulation)
    assert (summary.runs, summary.wanted, summary.failed, summary.complete) == (7, 7, 0, True)
    assert summary.years == (2025, 2026, 2027, 2028) and list(summary.codes) == [
        str(code) for code in results[0]["country"].values
    ]
    for kind in ("installed", "utilised"):
        expected = leads(results[0], kind)
        cells = summary.cells(kind)
        assert (
            same(cells.shares, expected.shares)
            and same(cells.agreement, expected.agreement)
            and same(cells.state, expected.state)
        )
        data = with_all(results[0][kind].values.astype(float)).swapaxes(2, 3)
        np.testing.assert_allclose(cells.low, np.quantile(data, 0.05, axis=0), rtol=1e-6)
        np.testing.assert_allclose(cells.high, np.quantile(data, 0.95, axis=0), rtol=1e-6)
    for name in summary.world.data_vars:
        assert same(summary.world[name].values, results[0][name].values), name
    np.testing.assert_allclose(summary.country["trust"].values, results[0]["trust"].values.mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("parts", [[[0, 1, 2, 3, 4, 5, 6]], [[0], [1, 2], [3, 4, 5, 6]], [[5, 6], [0, 1, 2, 3, 4]]])
def test_parts_in_any_grouping_and_order_give_the_same_bits(parts, results, queue):
    pieces = []
    for chosen in parts:
        with simulated(A, replicates=chosen) as simulation:
            pieces.append(read(simulation))
    whole = queue.wait(queue.ask("test", "whole", Ensemble(A)), 120)
    found = fold(A, pieces, 7)
    for kind in ("installed", "utilised"):
        for name in ("shares", "agreement", "state", "low", "high"):
            assert same(getattr(found.cells(kind), name), getattr(whole.cells(kind), name)), (kind, name)
    for name in whole.world.data_vars:
        assert same(found.world[name].values, whole.world[name].values), name
    for name in whole.country.data_vars:  # sums of sums: the last bit may differ
        np.testing.assert_allclose(found.country[name].values, whole.country[name].values, rtol=1e-6)
    assert found.representative == whole.representative


def test_a_pair_holds_both_summaries_and_their_paired_changes(pair, results, queue):
    alone = queue.wait(queue.ask("test", "alone", Ensemble(A)), 120)
    assert pair.complete and (pair.runs, pair.failed) == (7, 0)
    for kind in ("installed", "utilised"):
        assert same(pair.a.cells(kind).shares, alone.cells(kind).shares)
        expected = changes(*results, kind)
        for name in ("shares", "sure", "state"):
            assert same(getattr(pair.changes[kind], name), getattr(expected, name)), (kind, name)
    gap = (pair.b.world["world_installed"] - pair.a.world["world_installed"]).isel(year=-1)
    row = next(
        one
        for one in compare_results(A, B, *results).differences
        if one.measure == "world_installed" and one.place == "country, cloud, US"
    )
    assert float(gap.sel(weight="country", layer="cloud", stack="US").mean()) == pytest.approx(row.difference)
    assert np.abs(pair.changes["installed"].shares).max() > 0


def test_a_scenario_against_itself_changes_nothing(queue):
    nothing = queue.wait(queue.ask("test", "same", Pair(A, A)), 120)
    assert not nothing.changes["installed"].shares.any() and not nothing.changes["installed"].sure.any()


def test_a_run_that_failed_in_either_arm_is_left_out_of_both(results):
    kept = [0, 1, 3, 4, 6]
    pieces = []
    with simulated(A) as one, simulated(B) as two:
        one.world.state["status"][2] = 1
        two.world.state["status"][5] = 1
        sound = (one.world.state["status"] == 0) & (two.world.state["status"] == 0)
        pieces.append((read(one, sound), read(two, sound)))
    found = fold_pair(A, B, pieces, 7)
    assert (found.runs, found.failed) == (7, 2)
    assert found.a.world["run"].values.tolist() == found.b.world["run"].values.tolist() == kept
    expected = changes(*(arm.isel(run=kept) for arm in results))
    assert same(found.changes["installed"].shares, expected.shares) and same(
        found.changes["installed"].sure, expected.sure
    )
    np.testing.assert_allclose(
        found.b.country["trust"].values, results[1]["trust"].isel(run=kept).values.mean(axis=0), rtol=1e-6
    )


def test_without_a_sound_pair_it_says_so():
    with simulated(A, replicates=[0]) as one, simulated(B, replicates=[0]) as two:
        none = np.array([False])
        with pytest.raises(RuntimeError, match="no run ended well in both"):
            fold_pair(A, B, [(read(one, none), read(two, none))], 1)


@pytest.mark.parametrize("changes_of_b", [{"seed": 4}, {"runs": 8}, {"years": (2025, 2029)}])
def test_what_has_no_common_luck_is_refused(changes_of_b):
    with pytest.raises(InputError, match=f"cannot be compared: {next(iter(changes_of_b))} is"):
        Pair(A, B.with_changes(**changes_of_b))


def test_the_key_tells_questions_apart_and_titles_alone_do_not():
    assert Pair(A, B).key == Pair(replace(A, title="Another title"), B).key
    assert len({Pair(A, B).key, Pair(B, A).key, Pair(A, A).key, Ensemble(A).key}) == 4


def test_the_first_picture_comes_from_few_runs_and_fills_in(queue):
    shown = []
    job = queue.ask(
        "test", "fill", Pair(A.with_changes(seed=11), B.with_changes(seed=11)), lambda: shown.append(job.value)
    )
    final = queue.wait(job, 120)
    assert final.runs == 7 and job.total == 3
    assert Pair(A, B).shows({0, 1}) and not Pair(A, B).shows({0}) and not Pair(A, B).shows({1, 2})


def test_cells_without_any_share_are_no_number_beside_sound_ones():
    shares = np.full((2, 3, 7, 3), 1 / 3)
    shares[0, 1, 4] = 0.0
    found = with_all(shares)
    assert np.isnan(found[0, 1, 5]).all() and np.isfinite(found).sum() == found.size - 3
    np.testing.assert_allclose(found[0, 1, 0], 1 / 3)
    assert same(with_all(shares[1]), found[1])


def test_tables_hold_the_numbers_of_the_screen(pair, results):
    frame = country_frame(pair.b, 2027, "cloud", "utilised")
    cells = pair.b.utilised
    assert same(frame[["US", "CN", "independent"]].to_numpy(), cells.shares[2, 3])
    assert same(frame["US_p95"].to_numpy(), cells.high[2, 3, :, 0].astype(float))
    assert same(frame["lead"].to_numpy(), cells.shares[2, 3, :, 0] - cells.shares[2, 3, :, 1])
    assert set(frame["leader"]) <= {"US", "CN", "independent", "contested", "none"}
    assert frame.equals(country_frame_of_results(results[1], 2027, "cloud", "utilised"))
    moved = difference_frame(pair, 2027, "cloud", "utilised")
    assert same(moved["US_difference"].to_numpy(), pair.changes["utilised"].shares[2, 3, :, 0])
    curves = curve_frame(pair.b)
    row = curves[
        (curves["kind"] == "installed")
        & (curves["year"] == 2028)
        & (curves["weight"] == "gdp")
        & (curves["layer"] == "chips")
        & (curves["stack"] == "CN")
    ]
    expected = results[1]["world_installed"].sel(year=2028, weight="gdp", layer="chips", stack="CN").values
    assert float(row["mean"].iloc[0]) == pytest.approx(expected.mean()) and float(row["p05"].iloc[0]) == pytest.approx(
        np.quantile(expected, 0.05)
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"year": 2040}, "2025 to 2028"), ({"layer": "clouds"}, "did you mean cloud"), ({"kind": "used"}, "kind 'used'")],
)
def test_a_table_of_what_is_not_there_is_refused(pair, wrong, said):
    with pytest.raises(InputError, match=said):
        country_frame(pair.a, **wrong)
