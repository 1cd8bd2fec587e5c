"""What a person sees in a notebook: scenarios, simulations, and labels on everything in the results."""

import mesa
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.model import Scenario, Simulation
from stackcraft.model.labels import long_name


@pytest.fixture(scope="module")
def lesson():
    return Scenario.load("first-lesson").with_changes(
        title="A <lesson>", levers="us_government.supply_bond=0.5", parameters={"supply_fear": 2.0}, years=(2025, 2027)
    )


@pytest.fixture(scope="module")
def ran(lesson):
    with Simulation(lesson, runs=2, seed=1) as simulation:
        yield simulation.run()


def test_a_scenario_is_one_line_as_text_and_a_table_of_its_changes_as_html(lesson):
    assert "\n" not in repr(lesson) and "2025 to 2027" in repr(lesson) and "1 lever, 1 parameter" in repr(lesson)
    html = lesson._repr_html_()
    assert "us_government.supply_bond=0.5" in html and "supply_fear = 2" in html
    assert "A &lt;lesson&gt;" in html and "<lesson>" not in html


def test_a_simulation_says_how_far_it_has_come_also_when_it_is_closed(lesson):
    simulation = Simulation(lesson, runs=2, seed=1)
    assert repr(simulation).endswith("2 runs, seed 1, 2025 to 2027, at 1 January 2025>")
    simulation.step()
    assert "at 1 January 2026" in repr(simulation) and "at 1 January 2026" in simulation._repr_html_()
    assert simulation.running and not simulation.run().running and "run to its end" in repr(simulation)
    simulation.close()
    assert "closed" in repr(simulation) and "closed" in simulation._repr_html_()


def test_a_run_shows_its_progress_when_asked(lesson, capsys):
    with Simulation(lesson, runs=2, seed=1) as simulation:
        simulation.run(progress=True)
    assert "100%" in capsys.readouterr().out


def test_every_variable_and_coordinate_of_the_results_has_a_name_and_a_meaning(ran):
    results = ran.results
    for name, variable in {**results.data_vars, **results.coords}.items():
        assert variable.attrs["long_name"] and variable.attrs["description"], name
    assert all("units" in variable.attrs for variable in results.data_vars.values())
    assert "capability by their AI capacity" in results["weight"].attrs["description"]
    assert long_name("subsidy_cost_bn") == "subsidy cost" and long_name("adopters_5y") == "adopters after 5 years"


def test_every_column_of_the_deals_has_a_unit_and_a_meaning(ran):
    deals = ran.deals
    assert list(deals.attrs["units"]) == list(deals.attrs["descriptions"]) == list(deals.columns)
    assert all(deals.attrs["descriptions"].values())
    assert deals.attrs["units"]["value_bn"] == "bn$" and deals.attrs["units"]["signed"] == "year"


def test_mesas_batch_runner_is_refused_with_what_to_use_instead(lesson):
    with pytest.raises(InputError, match=r"use Simulation\(scenario, runs=64\)"):
        mesa.batch_run(Simulation, {"scenario": [lesson], "runs": [1]}, number_processes=1, display_progress=False)
