"""What a caller hands to a simulation: bad input is one line that says what, and what would be right."""

from pathlib import Path

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.model import Simulation, UserMeasure
from stackcraft.model.batch import all_on
from stackcraft.model.parameters import defaults
from stackcraft.model.scenario import SHIPPED


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"runs": 1.7}, "runs=1.7; give a whole number from 1"),
        ({"runs": True}, "runs=True"),
        ({"runs": "3"}, "runs='3'"),
        ({"seed": -1}, "seed=-1; give at least 0"),
        ({"seed": 1.5}, "seed=1.5; give a whole number"),
        ({"ledger_runs": [5]}, r"ledger_runs=5; give a whole number from 0 to 1"),
        ({"ledger_runs": -1}, "ledger_runs=-1; give at least 0"),
        ({"ledger_runs": [0, 0]}, r"ledger_runs=\[0, 0\] names a run twice"),
        ({"ledger_runs": "all"}, "ledger_runs='all'"),
        ({"replicates": [1, 2, 3]}, "3 replicates for runs=2; give one for each run"),
        ({"replicates": [0.5, 1]}, "replicates=.*give a whole number from 0 on for each run"),
        ({"replicates": [-1, 1]}, "replicates="),
        ({"threads": 0}, "threads=0; give a whole number from 1 on, or None"),
        ({"threads": -2}, "threads=-2"),
        ({"threads": 1.5}, "threads=1.5"),
        (
            {"parameters": {"peer_pull": 1}},
            r"parameters: dict for 2 runs; give an array as stackcraft.model.parameters.defaults\(2\)",
        ),
        ({"parameters": defaults(3)}, r"parameters: shape \(3,\) for 2 runs"),
        ({"switches": all_on(1)}, "switches: .* for 2 runs"),
        ({"cast": 5}, "cast=5 cannot be called"),
        ({"measures": [len]}, "measure <built-in function len> is none; give a model.UserMeasure"),
    ],
    ids=str,
)
def test_bad_options_are_one_clear_line(short, options, says):
    with pytest.raises(InputError, match=says) as caught:
        Simulation(short, **{"runs": 2, **options})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("scenario", [{}, None, 5])
def test_what_is_no_scenario_is_refused(scenario):
    with pytest.raises(InputError, match=r"scenario: .* is none; give a Scenario, the name of one or the path"):
        Simulation(scenario)


def test_a_scenario_may_be_given_as_a_path(short):
    assert Simulation(Path(SHIPPED / "baseline.toml"), runs=1).scenario.name == "baseline"


def test_replicates_alone_say_how_many_runs_there_are(short):
    with Simulation(short, replicates=[5, 9, 5]) as simulation:
        assert simulation.runs == 3 and simulation.world.replicate.tolist() == [5, 9, 5]


def test_numbers_of_numpy_are_numbers(short):
    with Simulation(short, runs=np.int64(2), seed=np.uint8(7), ledger_runs=np.array([1])) as simulation:
        assert simulation.runs == 2 and simulation.world.ledger_row.tolist() == [-1, 0]


def test_a_closed_simulation_says_so(short, tmp_path):
    simulation = Simulation(short, runs=1)
    simulation.close()
    asked_for = (lambda: simulation.year, lambda: simulation.results, lambda: simulation.snapshot(tmp_path / "x"))
    for asked in (*asked_for, simulation.step, simulation.branch):
        with pytest.raises(InputError, match="this simulation is closed; take its results before"):
            asked()
    simulation.close()


def test_a_year_that_does_not_move_is_an_error_and_no_endless_loop(short):
    with Simulation(short, runs=2, threads=1) as simulation:
        simulation.world._workspaces = []
        with pytest.raises(RuntimeError, match="the year 2025 was not played"):
            simulation.run()


def measure(function=lambda s: np.ones((s.runs, 3)), name="mine", dims=("stack",)):
    return UserMeasure(name, dims, "count", "a number", function)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            measure(lambda s: np.ones((s.runs, 4))),
            r"measure 'mine' in 2025 gave shape \(2, 4\); give \(2, 3\), for runs, stack",
        ),
        (measure(lambda s: 1 / 0), "measure 'mine' in 2025 failed: ZeroDivisionError: division by zero"),
        (measure(lambda s: [["a", "b", "c"]] * 2), "measure 'mine' in 2025 gave .*; give an array of numbers"),
        (measure(dims="stack"), "measure 'mine': dims='stack' is not a tuple"),
        (measure(dims=("stack", "stack")), "name a dimension twice"),
        (measure(dims=("stak",)), "did you mean stack"),
        (measure(name="payoff"), "measure 'payoff' exists already"),
        (measure(name="country"), "exists already"),
        (measure(function=5), "5 cannot be called; give a function of the simulation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # a function's name changes from process to process
)
def test_a_bad_measure_is_named_on_the_first_january(short, given, says):
    with pytest.raises(InputError, match=says) as caught:
        Simulation(short, runs=2, measures=[given])
    assert "\n" not in str(caught.value)


def test_a_measure_keeps_what_it_said_though_the_world_goes_on(short):
    live = UserMeasure(
        "live", ("country", "layer", "stack"), "1", "constants", lambda s: s.world.state["constant"][:, : len(s.inputs)]
    )
    with Simulation(short, runs=1, measures=[live]) as simulation:
        before = simulation.results.live.values.copy()
        simulation.world.state["constant"] += 1
        assert (simulation.results.live.values == before).all()
