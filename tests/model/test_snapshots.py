"""Going on from a snapshot or a branch: what another scenario changes and cannot, and what a file does not hold."""

import shutil

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies import Fixed, SeatStrategy, Table
from stackcraft.experiments.checks.luck import same_bits
from stackcraft.model import Simulation, UserMeasure
from stackcraft.model.events import Event
from stackcraft.model.scenario import SHIPPED

FACTS = SHIPPED.parent / "facts"


class Patient(Table):
    """Somebody's own strategy."""

    name, kind = "patient", "importer"
    title, story = "Patient", "Keeps a second source."
    table = {"hedge": 0.6}


@pytest.fixture
def trunk(short):
    with Simulation(short, runs=2, seed=3) as simulation:
        simulation.step()
        yield simulation


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": {"peer_pull": 2.0}}, {"parameters": {"incumbency.cloud": 0.1}}, {"off": ["hedge", "peers"]},
        {"presets": {"US": "sovereignty-guarantor"}}, {"strategies": {"importers": "hedge"}},
        {"strategies": {"vendors": Fixed("vendor", {"markup": 0.4})}},
        {"levers": ["us_vendors.markup=0.5"]}, {"events": [Event("ai_bust", 2026, 2)]},
    ],
    ids=str,
)  # fmt: skip
def test_another_scenario_acts_from_the_branch_on(short, trunk, changes):
    with trunk.branch(short.with_changes(**changes)) as branch, trunk.branch() as plain:
        branch.run(), plain.run()
        assert same_bits(branch.world.book[:, :2], plain.world.book[:, :2])
        assert not branch.results.installed.equals(plain.results.installed)


def test_a_branch_and_a_restored_snapshot_go_on_alike(short, trunk, tmp_path):
    trunk.snapshot(tmp_path / "one.npz")
    changed = short.with_changes(
        parameters={"peer_pull": 2.0}, off=["hedge"], presets={"CN": "pipes-first"}, strategies={"importers": "club"}
    )
    with trunk.branch(changed) as branch, Simulation.restore(tmp_path / "one.npz", changed) as restored:
        assert branch.world.parameters["peer_pull"].tolist() == [2.0, 2.0]
        assert same_bits(branch.run().world.book, restored.run().world.book)


def test_what_a_sweep_set_stays_where_the_scenario_changes_something_else(short):
    from stackcraft.model.parameters import defaults

    swept = defaults(2)
    swept["peer_pull"] = [0.1, 0.3]
    changed = short.with_changes(parameters={"supply_fear": 3.0})
    with Simulation(short, runs=2, parameters=swept) as simulation, simulation.branch(changed) as branch:
        assert branch.world.parameters["peer_pull"].tolist() == [0.1, 0.3]
        assert branch.world.parameters["supply_fear"].tolist() == [3.0, 3.0]
        assert simulation.world.parameters["supply_fear"][0] != 3.0


def test_finance_is_reckoned_anew_with_changed_parameters(short):
    changed = short.with_changes(parameters={"guarantee_cover": 0.6})
    with Simulation(short, runs=1) as simulation, Simulation(changed, runs=1) as whole:
        simulation.step(), whole.step()
        before = simulation.world.state["finance_factor"].copy()
        with simulation.branch(changed) as branch:
            branch.step(), whole.step()
            after = branch.world.state["finance_factor"]
            assert same_bits(after, whole.world.state["finance_factor"]) and not same_bits(after, before)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"world": "world"}, "world: world cannot go on from synthetic; keep world synthetic"),
        (
            {"peer_graph": "votes"},
            "peer_graph: votes cannot go on from trade-and-votes; keep peer_graph trade-and-votes",
        ),
        ({"years": (2026, 2029)}, r"years: \[2026, 2029\] cannot go on from \[2025, 2028\]"),
        (
            {"parameters": {"taste_spread": 0.5}},
            "parameters: taste_spread acts on the first January, which has been made",
        ),
        ({"off": ["tastes"]}, "off: tastes acts on the first January"),
        ({"off": ["organic"]}, "off: organic acts on the first January"),
        ({"events": [Event("ai_bust", 2025)]}, "events: ai_bust in 2025 lies before 2026"),
    ],
)
def test_what_cannot_change_in_mid_run_is_one_clear_line(short, trunk, tmp_path, changes, says):
    trunk.snapshot(tmp_path / "one.npz")
    changed = short.with_changes(**changes)
    for going_on in (lambda: trunk.branch(changed), lambda: Simulation.restore(tmp_path / "one.npz", changed)):
        with pytest.raises(InputError, match=says) as caught:
            going_on()
        assert "\n" not in str(caught.value)


def test_a_folder_of_facts_that_was_moved_is_the_same_world(short, trunk, tmp_path):
    shutil.copytree(FACTS / "synthetic", tmp_path / "moved")
    moved = short.with_changes(world=str(tmp_path / "moved"))
    with trunk.branch(moved) as branch, trunk.branch() as plain:
        assert same_bits(branch.run().world.book, plain.run().world.book)


@pytest.mark.parametrize("name", ["runs", "seed", "replicates", "ledger_runs", "parameters", "switches"])
def test_what_the_state_settles_cannot_be_given_again(trunk, tmp_path, name):
    trunk.snapshot(tmp_path / "one.npz")
    with pytest.raises(InputError, match=f"restore takes no {name}: they are the snapshot's"):
        Simulation.restore(tmp_path / "one.npz", **{name: 3})
    with pytest.raises(InputError, match=f"branch takes no {name}"):
        trunk.branch(**{name: 3})


def test_a_branch_keeps_measures_strategies_and_levers_set_run_by_run(short):
    def cast(cast):
        cast.set_preset("CN", "coercive-leverage", [1])
        cast.add_layer(["KEN.hedge=0.9"] if "KEN" in cast.importers else ["importers.hedge=0.9"], [0])

    mine = UserMeasure("mine", (), "year", "the year", lambda s: np.full(s.runs, s.year))
    with Simulation(short, runs=2, cast=cast, measures=[mine]) as trunk:
        trunk.step()
        trunk.populace[-1].set_strategy(Patient)  # in mid-run, and held by no scenario
        with trunk.branch() as branch:
            assert branch.run().results.mine.values.tolist() == [[2025, 2026, 2027, 2028]] * 2
            trunk.run()
            assert same_bits(trunk.world.book, branch.world.book)
            assert branch.populace[-1].strategies == ("patient", "patient")


def test_a_branch_has_its_own_january_for_a_seat(short):
    seat = SeatStrategy(["us_government"])
    with Simulation(short.with_changes(strategies={"us_government": seat}), runs=2) as trunk:
        seat.submit(2025, ["us_government.coerce=0"])
        trunk.step()
        with trunk.branch() as branch:
            trunk.run()
            seat.submit(2026, ["us_government.supply_bond=0.9"])
            branch.run()
            for simulation, bond in ((trunk, 0.1), (branch, 0.9)):
                levers = simulation.cast.levers("home_government")[:, 0]
                assert (levers["supply_bond"] == bond).all() and (levers["coerce"] == 0).all()


def test_a_snapshot_with_a_seat_a_script_and_a_class_goes_on_when_they_are_passed_again(short, tmp_path):
    who = Simulation(short, runs=1).inputs.iso3[0]

    def strategies():
        return {
            "us_government": SeatStrategy(["us_government"]),
            "importers": Patient,
            who: Fixed("importer", {"hedge": 0.1}),
        }

    first, path = strategies(), tmp_path / "one.npz"
    with Simulation(short.with_changes(strategies=first), runs=2) as straight:
        first["us_government"].submit(2025, ["us_government.supply_bond=0.9"])
        straight.step()
        straight.snapshot(path)
        straight.run()
        says = (
            r"strategies of us_government \(seat\), importers \(patient\), .* passed as objects"
            r".*pass scenario= or strategies="
        )
        with pytest.raises(InputError, match=says):
            Simulation.restore(path)
        backwards = dict(
            reversed(strategies().items())
        )  # in whatever order they are passed, the snapshot's order holds
        for options in ({"scenario": short.with_changes(strategies=strategies())}, {"strategies": backwards}):
            with Simulation.restore(path, **options) as again:
                assert same_bits(straight.world.book, again.run().world.book)
                assert (again.cast.levers("home_government")["supply_bond"][:, 0] == 0.9).all()
                assert again.cast.levers("importer")["hedge"][0].tolist() == [0.1] + [0.6] * 9


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut short", None, "arrays"])
def test_a_bad_snapshot_is_one_line_in_the_projects_own_words(tmp_path, content):
    path = tmp_path / "bad.npz"
    if content == "arrays":
        np.savez(path, about=np.array("{}"), world_state=np.zeros(3))
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(
        InputError, match=r"not a snapshot that can be read: (there is no such file|it is cut short, or nothing)"
    ) as caught:
        Simulation.restore(path)
    assert "\n" not in str(caught.value) and "pickle" not in str(caught.value)


def test_a_snapshot_needs_a_folder_that_is_there(trunk, tmp_path):
    with pytest.raises(InputError, match=r"one.npz: folder .*none does not exist; make it first"):
        trunk.snapshot(tmp_path / "none" / "one.npz")
    with pytest.raises(InputError, match="is a folder; give the name of a file"):
        trunk.snapshot(tmp_path)
