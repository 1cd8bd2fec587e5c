"""A table of worlds: each comes as often as its weight says, and nobody changes it unseen."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS
from stackcraft.experiments.runs.compare import check_comparable, compare
from stackcraft.experiments.variants import side_by_side
from stackcraft.model import Scenario, Simulation
from stackcraft.model.parameters import judged, plausible
from stackcraft.model.snapshots import parameters_of
from stackcraft.model.variants import Variant
from stackcraft.model.worlds import SHIPPED, Worlds, read, rounded, write
from stackcraft.model.worlds import parameters as kinds


@pytest.fixture
def worlds():
    rng = np.random.default_rng(1)
    weight = rng.random(40)
    return Worlds(("growth.cloud", "peer_pull"), rounded(rng.random((40, 2))), weight / weight.sum(), {"made": "today"})


def test_worlds_come_as_often_as_their_weights_say(worlds):
    often = np.bincount(worlds.order(20_000), minlength=40) / 20_000
    assert np.abs(often - worlds.weight).max() < 1e-3
    assert np.bincount(worlds.order(64), minlength=40).max() <= np.ceil(64 * worlds.weight.max()) + 1


def test_an_ensemble_of_64_is_the_beginning_of_one_of_500(worlds):
    assert np.array_equal(worlds.order(500)[:64], worlds.order(64))


def test_a_table_comes_back_to_the_bit(tmp_path, worlds):
    write(worlds, tmp_path / "w.npz")
    again = read(tmp_path / "w.npz")
    assert np.array_equal(again.values, worlds.values) and np.array_equal(again.weight, worlds.weight)
    assert again.names == worlds.names and again.about == {"made": "today"} and again.hashes() == worlds.hashes()


def test_a_value_that_was_changed_is_noticed(tmp_path, worlds):
    write(worlds, tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz") as stored:
        parts = {name: stored[name] for name in stored.files}
    parts["values"][3, 1] += 1e-6
    np.savez(tmp_path / "w.npz", **parts)
    with pytest.raises(InputError, match="changed after it was made"):
        read(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,value\n"])
def test_what_is_no_table_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(InputError, match="is not a table of worlds"):
        read(tmp_path / "w.npz")
    with pytest.raises(InputError, match="there is no table"):
        read(tmp_path / "none.npz")


def test_six_figures_are_kept():
    assert rounded(np.array([123456.78, 0.000123456789, 0.0, -2.5])).tolist() == pytest.approx(
        [123457.0, 0.000123457, 0.0, -2.5], rel=1e-12
    )


# Worlds of a scenario.

SMALL = Scenario.load("first-lesson").with_changes(years=(2025, 2027))


@pytest.fixture
def table(tmp_path, worlds):
    write(worlds, tmp_path / "mine.npz")
    return str(tmp_path / "mine.npz")


def of_runs(scenario, **options):
    with Simulation(scenario, **options) as simulation:
        simulation.run()
        return simulation.world.parameters.copy(), simulation.results["demand"].values.copy()


def test_run_i_is_world_i_of_the_table_and_has_its_own_luck(table, worlds):
    parameters, demand = of_runs(SMALL.with_changes(worlds=table), runs=6)
    which = worlds.order(6)
    assert np.array_equal(parameters["peer_pull"], worlds.values[which, 1])
    assert np.array_equal(parameters["growth"][:, LAYERS.index("cloud")], worlds.values[which, 0])
    assert len(np.unique(demand[:, -1].sum(axis=(1, 2)))) == 6


def test_a_run_is_the_same_in_any_batch_and_under_any_other_levers(table):
    scenario = SMALL.with_changes(worlds=table)
    parameters, demand = of_runs(scenario, runs=6)
    alone, same = of_runs(scenario, replicates=[4])
    assert alone[0] == parameters[4] and np.array_equal(same[0], demand[4])
    changed, _ = of_runs(scenario.with_changes(levers="us_government.supply_bond=0.9"), runs=6)
    assert np.array_equal(changed, parameters)


def test_what_the_scenario_sets_holds_in_every_world(table):
    parameters, _ = of_runs(SMALL.with_changes(worlds=table, parameters={"peer_pull": 0.25}), runs=4)
    assert (parameters["peer_pull"] == 0.25).all() and len(np.unique(parameters["growth"][:, 2])) == 4


def test_default_worlds_are_the_defaults_and_raw_ones_are_drawn_world_by_world():
    default = SMALL.with_changes(worlds="default")
    assert np.array_equal(parameters_of(default, 3, range(3)), parameters_of(default, 3))
    raw = kinds("raw", range(30))
    assert np.array_equal(kinds("raw", [17]), raw[17:18])
    for name, one in judged():
        low, high = plausible(name, one)
        head, _, _ = name.partition(".")
        assert (raw[head] >= np.min(one.low)).all() and low < high
    spread = raw["peer_pull"]
    low, high = plausible("peer_pull", dict(judged())["peer_pull"])
    assert low <= spread.min() < low + 0.2 * (high - low) and high - 0.2 * (high - low) < spread.max() <= high


def test_a_scenario_keeps_its_worlds_in_a_file_and_a_misspelt_kind_gets_the_nearest(tmp_path):
    scenario = SMALL.with_changes(worlds="raw")
    (tmp_path / "s.toml").write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(tmp_path / "s.toml").worlds == "raw" and Scenario().worlds == "plausible"
    with pytest.raises(InputError, match="did you mean plausible"):
        SMALL.with_changes(worlds="plausibel")


def test_a_table_beside_the_scenarios_file_is_found(tmp_path, table):
    (tmp_path / "s.toml").write_text(
        'world = "synthetic"\nyears = [2025, 2027]\nworlds = "mine.npz"\n', encoding="utf-8"
    )
    parameters, _ = of_runs(Scenario.load(tmp_path / "s.toml"), runs=2)
    assert len(np.unique(parameters["peer_pull"])) == 2


def test_a_table_with_a_parameter_that_is_none_is_refused(tmp_path, worlds):
    write(replace(worlds, names=("growth.cloud", "peer_pul")), tmp_path / "w.npz")
    with pytest.raises(InputError, match="another version"):
        Simulation(SMALL.with_changes(worlds=str(tmp_path / "w.npz")), runs=2)
    if not SHIPPED.is_file():
        with pytest.raises(InputError, match="evidence match"):
            Simulation(SMALL.with_changes(worlds="plausible"), runs=2)


def test_a_simulation_goes_on_in_its_worlds_and_in_no_others(table, tmp_path):
    scenario = SMALL.with_changes(worlds=table)
    with Simulation(scenario, runs=3) as simulation:
        simulation.step()
        simulation.snapshot(tmp_path / "one.npz")
        with simulation.branch(scenario.with_changes(parameters={"supply_fear": 3.0})) as other:
            assert (other.world.parameters["supply_fear"] == 3.0).all()
            assert np.array_equal(other.world.parameters["peer_pull"], simulation.world.parameters["peer_pull"])
        with pytest.raises(InputError, match="worlds"):
            simulation.branch(scenario.with_changes(worlds="raw"))
        with Simulation.restore(tmp_path / "one.npz") as again:
            assert np.array_equal(again.world.parameters, simulation.world.parameters)
            assert np.array_equal(again.run().results["demand"], simulation.run().results["demand"])


def test_both_sides_of_a_comparison_are_in_the_same_worlds(table):
    scenario = SMALL.with_changes(worlds=table, runs=4)
    assert compare(scenario, scenario).zero_everywhere
    with pytest.raises(InputError, match="worlds"):
        check_comparable(scenario, scenario.with_changes(worlds="default"))


def test_rows_of_a_study_share_the_world_of_a_replicate(table, worlds):
    variants = [Variant(), Variant(levers=("us_government.supply_bond=0.9",))] * 2
    replicates = [0, 0, 1, 1]
    with side_by_side(SMALL.with_changes(worlds=table), variants, replicates) as simulation:
        pulls = simulation.world.parameters["peer_pull"]
    assert np.array_equal(pulls, worlds.values[worlds.order(2)[[0, 0, 1, 1]], 1])


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no table of plausible worlds has been made for this version yet")
def test_the_table_that_comes_with_the_project_fits_the_model():
    shipped = read(SHIPPED)
    names = [name for name, _ in judged()]
    assert set(shipped.names) <= set(names) and shipped.effective > 50
    for place, name in enumerate(shipped.names):
        low, high = plausible(name, dict(judged())[name])
        column, little = shipped.values[:, place], 1e-5 * (high - low) + 1e-5 * abs(high)
        assert low - little <= column.min() and column.max() <= high + little, name
    assert len(kinds("plausible", range(64))) == 64
