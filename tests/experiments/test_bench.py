"""The benchmark measures what it says, and the counts beside it are those of a run."""

import json

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments import bench
from stackcraft.experiments.bench import growth, outside, phases, timing
from stackcraft.model import Scenario, Simulation
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.cli import main

SHORT = Scenario.load("baseline").with_changes(years=(2025, 2027), runs=2)


def test_a_batch_is_timed_and_counted():
    found = timing.once(SHORT, runs=2, threads=1)
    with Simulation(SHORT, runs=2, seed=SHORT.seed) as simulation:
        results = simulation.run().results
        for name, values in found["counts"].items():
            assert values.shape == (2,) and values.min() > 0
            assert (values == results[name].sum([dim for dim in results[name].dims if dim != "run"])).all()
    assert found["cpu"] > 0 and found["wall"] > 0 and found["countries"] == 193


def test_two_threads_are_set_against_one_and_against_plain_loops():
    found = timing.sitting(SHORT, 1, 2, 2)
    if timing.threads_available() > 1:
        assert 0.1 < found["ratio"] < 4 and 0.1 < found["plain_ratio"] < 4
    else:
        assert found["ratio"] is None
    assert timing.sitting(SHORT, 1, 1, 1)["ratio"] is None


def test_the_shell_says_the_same_counts():
    of_batch = timing.once(Scenario.load("baseline"), runs=2, threads=1)["counts"]
    of_command = outside.counts_of_command(SHORT, 2)
    assert all((of_command[name] == values).all() for name, values in of_batch.items())


def test_the_first_line_of_the_shell_is_waited_for():
    assert 0.1 < outside.first_line(SHORT, 1) < 120


def test_memory_grows_with_the_batch_and_is_not_our_own():
    ballast = np.ones(100_000_000)
    few, many = outside.peak_gb(SHORT, 1), outside.peak_gb(SHORT, 40)
    assert few < ballast.nbytes / 1e9 < few + 10  # a started process must not show what this one holds
    assert 0.01 < many - few < 1


def test_clocks_between_the_steps_change_no_result():
    timed, clock = phases._timed_year()
    with Simulation(SHORT, runs=2, threads=1) as plain:
        plain.run()
        with (
            phases._in_place_of(phases.year_module, "run_year", timed),
            Simulation(SHORT, runs=2, threads=1) as clocked,
        ):
            clocked.run()
            assert clocked.world.state.tobytes() == plain.world.state.tobytes()
            assert clocked.world.book.tobytes() == plain.world.book.tobytes()
    steps = dict(zip(clock.steps, clock.calls, strict=False))
    runs, years = 2, 2
    assert steps["month", "decide_tender"] == 12 * runs * years and steps["january", "survey"] == runs * years
    assert steps["year", "record"] == runs * years
    assert (clock.ticks[: len(clock.steps)] >= 0).all()


def test_the_profile_adds_up():
    rows = phases.profile(SHORT, 2)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert {"month", "january", "outside the loop"} <= {row["part"] for row in rows}
    assert [row["ms"] for row in rows] == sorted((row["ms"] for row in rows), reverse=True)


def test_smaller_worlds_are_cut_from_the_facts():
    inputs = load_inputs("world")
    cut = growth.fewer_countries(inputs, 20)
    assert len(cut.iso3) == 20 and set(cut.iso3) < set(inputs.iso3)
    place = inputs.iso3.index(cut.iso3[7])
    assert cut.gdp[7] == inputs.gdp[place] and cut.demand[7].tolist() == inputs.demand[place].tolist()
    sums = cut.peer_weight.sum(axis=1)
    assert ((np.abs(sums - 1) < 1e-12) | (sums == 0)).all() and sums.max() > 0
    assert cut.peer_index.max() < 20
    fewer = growth.fewer_vendors(inputs, 3)
    selling = np.asarray(fewer.vendors.serves).sum(axis=1) > 0
    assert selling.sum() == 3 and set(np.asarray(fewer.vendors.stack)[selling]) == {0, 1, 2}
    assert np.allclose(fewer.installed.sum(axis=2), inputs.installed.sum(axis=2))


@pytest.mark.parametrize("option", ["runs", "threads", "repeats"])
def test_a_size_below_one_is_refused(option):
    with pytest.raises(InputError, match=f"{option}=0"):
        bench.run(**{option: 0})


@pytest.mark.slow
def test_the_command_measures_everything(capsys):
    assert main.main(["bench", "--runs", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ms_per_run"] > 0 and found["counts"]["same_as_run"] is True
    assert {one["name"].split(",")[0] for one in found["targets"]} >= {"one run alone", "shell to first line"}
    assert [row["size"] for row in found["growth"]["countries"]] == [25, 50, 100, 193]
    assert main.main(["bench", "--runs", "1", "--threads", "1"]) == 0
    out = capsys.readouterr().out
    assert "Where the time goes" in out and "not measured" in out and "at most 25 ms" in out
