"""The simulation from outside: years, results, deals, snapshots, branches, what goes wrong, what is let go."""

import gc
import subprocess
import sys
import textwrap
import weakref

import mesa
import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.checks.luck import same_bits
from stackcraft.experiments.checks.start import choices
from stackcraft.model import Scenario, Simulation, UserMeasure
from stackcraft.model.loop.codes import EMBARGOED_TIER
from stackcraft.model.measures import MEASURES


def test_it_is_a_mesa_model_with_its_actors(short):
    with Simulation(short, runs=2) as simulation:
        assert isinstance(simulation, mesa.Model)
        assert len(simulation.agents) == 2 + 6 + 15 + len(simulation.inputs)


def test_a_step_is_a_year(short):
    with Simulation(short, runs=2) as simulation:
        assert simulation.year == 2025 and not simulation.done
        simulation.step()
        assert simulation.year == 2026
        assert simulation.results.year.values.tolist() == [2025, 2026]
        simulation.run()
        assert simulation.done and simulation.year == 2028
        with pytest.raises(InputError, match="ends in 2028"):
            simulation.step()


def test_results_have_dimensions_units_and_words(short):
    with Simulation(short, runs=2).run() as simulation:
        results = simulation.results
        assert {"run": 2, "year": 4, "country": 10, "layer": 7, "stack": 3, "vendor": 15}.items() <= dict(
            results.sizes
        ).items()
        for one in MEASURES:
            if one.name != "operation_months":
                assert results[one.name].attrs["units"] == one.unit and results[one.name].attrs["description"]
        assert results.attrs["facts_hash"] == simulation.inputs.facts_hash
        assert (results.status == 0).all()


def test_flows_start_empty_and_stocks_do_not(short):
    with Simulation(short, runs=2).run() as simulation:
        first = simulation.results.isel(year=0)
        for one in MEASURES:
            if one.flow and one.unit == "count" and one.name in first:
                assert not first[one.name].any(), one.name
        assert float(first.capacity.sum()) > 0


def test_the_first_january_is_the_facts(short):
    with Simulation(short, runs=1) as simulation:
        total = simulation.results.capacity.isel(run=0, year=0).values
        np.testing.assert_allclose(total, simulation.inputs.capacity, rtol=1e-6)
        wanted = np.einsum("clv,vls->cls", simulation.inputs.installed, simulation.inputs.vendors.attribution)
        big = simulation.inputs.capacity > 1e-6
        got = simulation.results.installed.isel(run=0, year=0).values
        # Contracts below a hundredth or tenth join a neighbour, so shares move a little.
        assert np.abs(got - wanted)[big].max() < 0.12


def test_constants_give_each_country_the_choice_that_its_shares_show(short):
    with Simulation(short.with_changes(off=("tastes",)), runs=1) as simulation:
        chosen, open_to = choices(simulation)  # (country, layer, stack)
        share = simulation.world.state["share"][0, : len(simulation.inputs)]
        embargoed = simulation.inputs.licence_tier >= EMBARGOED_TIER
    # A stack that may sell is given a chance of three in a thousand at least, which it takes from the others.
    everyone = (open_to & (share >= 0.003)).all(axis=2) & ~embargoed[:, np.newaxis]
    assert everyone.mean() > 0.7 and np.abs(chosen - share)[everyone].max() < 5e-4
    # What a stack holds that may sell no more goes to the others: none of them gets less than it holds.
    assert not open_to.all() and (chosen - share)[~embargoed][open_to[~embargoed]].min() > -0.0031
    # What runs in spite of an embargo goes on in part.
    assert embargoed.any() and (chosen - share)[embargoed][open_to[embargoed]].min() > -0.11


def test_the_worlds_constants_alone_come_within_a_point_of_the_worlds_shares(short):
    scenario = short.with_changes(off=("tastes",), parameters={"start_shrink": 0})
    with Simulation(scenario, runs=8) as simulation:
        chosen, _ = choices(simulation)
        state, own = simulation.world.state, slice(len(simulation.inputs))
        demand, share = state["demand"][0, own, :, np.newaxis], state["share"][:, own].mean(axis=0)
        gap = (demand * (chosen - share)).sum(axis=0) / demand.sum(axis=0)
    assert np.abs(gap).max() < 0.01 and np.abs(chosen - share).max() > 0.1  # countries are not met


def test_run_numbers_below_one_are_refused(short):
    with pytest.raises(InputError, match="runs=0; give at least 1"):
        Simulation(short, runs=0)


def test_a_snapshot_can_go_on_with_other_levers(short, tmp_path):
    path = tmp_path / "january.npz"
    with Simulation(short, runs=2, seed=3) as simulation:
        simulation.step()
        simulation.snapshot(path)
        plain = simulation.run().results
    changed = short.with_changes(levers=("us_vendors.markup=0.5",))
    with Simulation.restore(path, scenario=changed) as again:
        assert again.year == 2026
        other = again.run().results
    assert other.sel(year=[2025, 2026]).installed.equals(plain.sel(year=[2025, 2026]).installed)
    assert not other.installed.equals(plain.installed)


def test_a_branch_leaves_its_trunk_alone(short):
    with Simulation(short, runs=2, seed=3) as trunk, Simulation(short, runs=2, seed=3) as lonely:
        trunk.step(), lonely.step()
        with trunk.branch(short.with_changes(levers=("homes.subsidy=0.4",))) as branch:
            branch.run()
            assert trunk.year == 2026
            assert trunk.run().results.identical(lonely.run().results)
            assert not branch.results.installed.equals(trunk.results.installed)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut short", None])
def test_a_bad_snapshot_is_one_clear_line(tmp_path, content):
    path = tmp_path / "bad.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="not a snapshot that can be read") as error:
        Simulation.restore(path)
    assert "\n" not in str(error.value)


def test_a_snapshot_is_written_whole_or_not_at_all(short, tmp_path, monkeypatch):
    def fails(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with Simulation(short, runs=1) as simulation:
        monkeypatch.setattr(np, "savez", fails)
        with pytest.raises(OSError, match="No space left"):
            simulation.snapshot(tmp_path / "january.npz")
    assert list(tmp_path.iterdir()) == []


def test_one_bad_run_fails_alone(short):
    with Simulation(short, runs=4, seed=5) as sound, Simulation(short, runs=4, seed=5) as broken:
        for simulation in (sound, broken):
            simulation.step()
        broken.world.state["demand"][2, 3, 1] = np.nan
        broken.world.state["stock"][2, 3, 1, 0] = np.nan
        sound.run(), broken.run()
        assert broken.world.state["status"].tolist() == [0, 0, 1, 0]
        assert broken.results.status.values.tolist() == [0, 0, 1, 0]
        assert "not finite" in broken.results.status.attrs["description"]
        others = [0, 1, 3]
        for name in ("state", "deals", "book"):
            a, b = getattr(sound.world, name), getattr(broken.world, name)
            assert all(same_bits(a[run : run + 1], b[run : run + 1]) for run in others), name


def test_a_full_ledger_is_said_and_not_silent(short):
    with Simulation(short, runs=2, seed=5, ledger_runs=1) as simulation:
        simulation.world.ledger["rows"] = 5
        for _ in range(3):
            simulation.step()
        assert simulation.results.status.values.tolist() == [3, 0]


def test_the_first_run_may_fail_too(short):
    with Simulation(short, runs=2, seed=5) as broken, Simulation(short, runs=2, seed=5) as sound:
        broken.step(), sound.step()
        broken.world.state["stock"][0, 3, 1, 0] = np.nan
        for _ in range(2):
            broken.step(), sound.step()
        assert broken.done and broken.year == 2028
        assert broken.results.status.values.tolist() == [1, 0]
        assert same_bits(broken.world.book[1], sound.world.book[1])


def test_own_measures_stand_beside_the_others(short):
    leaders = UserMeasure("leaders", ("stack",), "count", "countries led", lambda s: np.ones((s.runs, 3)) * s.year)
    with Simulation(short, runs=2, measures=[leaders]).run() as simulation:
        array = simulation.results.leaders
        assert array.dims == ("run", "year", "stack") and array.attrs["units"] == "count"
        assert array.isel(run=0, stack=0).values.tolist() == [2025, 2026, 2027, 2028]


def test_own_measures_survive_a_branch(short):
    mine = UserMeasure("mine", (), "year", "the year", lambda s: np.full(s.runs, s.year))
    with Simulation(short, runs=2, measures=[mine]) as trunk:
        trunk.step()
        with trunk.branch(measures=[mine]) as branch:
            assert branch.run().results.mine.sizes["year"] == 4


def test_strategies_may_differ_from_run_to_run(short):
    def cast(cast):
        cast.set_preset("CN", "coercive-leverage", [1])

    with (
        Simulation(short, runs=2, replicates=[0, 0], cast=cast).run() as mixed,
        Simulation(short, runs=1).run() as plain,
    ):
        assert same_bits(mixed.world.state[:1], plain.world.state)
        assert not same_bits(mixed.world.state[1:], plain.world.state)


def test_parameters_and_switches_may_differ_from_run_to_run(short):
    from stackcraft.model.batch import all_on
    from stackcraft.model.parameters import defaults

    parameters, switches = defaults(3), all_on(3)
    parameters["peer_pull"][1] = 0.1
    switches[2] = all_on(1, ["hedge"])[0]
    with Simulation(short, runs=3, replicates=[0, 0, 0], parameters=parameters, switches=switches).run() as mixed:
        for run, changes in ((0, {}), (1, {"parameters": {"peer_pull": 0.1}}), (2, {"off": ("hedge",)})):
            with Simulation(short.with_changes(**changes), runs=1).run() as alone:
                assert same_bits(mixed.world.book[run], alone.world.book[0]), run


def test_years_are_the_scenarios(short):
    with Simulation(
        Scenario.load("baseline").with_changes(world="synthetic", years=(2030, 2032)), runs=1
    ).run() as simulation:
        assert simulation.results.year.values.tolist() == [2030, 2031, 2032]


def test_a_closed_simulation_is_let_go(short):
    simulation = Simulation(short, runs=1)
    simulation.run()
    seen = weakref.ref(simulation)
    simulation.close()
    del simulation
    gc.collect()
    assert seen() is None


@pytest.mark.slow
def test_memory_does_not_grow_over_two_hundred_simulations():
    code = """
        import gc, resource
        from stackcraft.model import Scenario, Simulation
        scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2027))
        peaks = []
        for number in range(200):
            with Simulation(scenario, runs=8, seed=number).run() as simulation:
                simulation.results
            if number in (40, 199):
                gc.collect()
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        print(peaks[1] - peaks[0])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 12_000, "kB of further peak memory after the first forty"
