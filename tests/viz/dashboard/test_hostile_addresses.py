"""Addresses that somebody mangled, or made to do harm: a clear line, and the page goes on."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz.dashboard.downloads import files
from stackcraft.viz.dashboard.parts import frame, rail
from stackcraft.viz.dashboard.state import MOST_FIELDS, Question, State, fits_address, read

HOSTILE = {
    "a reference of too many parts": "a=" + quote("set=a&" * (MOST_FIELDS + 1)),
    "an event nested too deep": "event=" + "[" * 5000,
    "a year beyond all numbers": "y=" + "9" * 30,
    "a year before all years": "y=-1",
    "a budget below nothing": "budget=-5",
    "a budget beyond all money": "budget=1e300",
    "a folder of the server": "world=/etc",
    "a file of the server": "s=/etc/passwd",
    "a strategy that is no name": "strategy=" + quote("us_government=os:system"),
    "a graph that is a file": "peers=/etc/passwd",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_is_left_out_and_said(query):
    state = read(query)
    assert len(state.mistakes) == 1 and len(state.mistakes[0]) < 500
    assert state.question.scenario == Question().scenario and state.reference is None
    assert state.view.year is None and state.view.budget is None


def test_many_mistakes_are_counted_rather_than_listed():
    state = read("&".join(f"set=nobody{number}.lever=1" for number in range(50)))
    shown = frame.notices(state)
    assert shown.count("<li>") == frame.MOST_MISTAKES + 1 and str(50 - frame.MOST_MISTAKES) in shown


@pytest.mark.parametrize("value", [0.123456789, 1 / 3, 2.5, 3.0, 1e-7])
def test_a_parameter_and_a_lever_come_back_to_the_last_bit(value):
    question = Question(parameters=(("supply_fear", value),))
    assert dict(read(question.query()).question.scenario.parameters)["supply_fear"] == value
    moved = rail.moved(Question(), [{"name": "us_government.budget_bn", "value": value}])
    assert float(moved.levers[0].partition("=")[2]) == value


def test_no_value_breaks_the_line_of_the_command():
    state = read("set=" + quote("us_government.supply_bond=0.9\n"))
    assert not state.mistakes
    script = files.snippet(state.question, state.view)
    compile(script, "snippet", "exec")
    assert "\n" not in files.command(state.question)


def test_a_country_is_found_by_the_whole_of_a_long_name(countries):
    from stackcraft.viz.dashboard.parts.search import find_country, search_index

    sought = read("c=" + quote("Dominican Republic")).view.country
    assert find_country(sought, search_index(countries)) == "DOM"


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_meets_the_usual_one_under_its_own_luck_and_in_its_own_world(name):
    state = read(f"s={name}&years=2025:2027")
    mine, against = state.question.scenario, state.against.scenario
    assert (against.world, against.seed, against.years, against.runs) == (mine.world, mine.seed, mine.years, mine.runs)


def test_a_reference_that_does_not_fit_is_a_line_and_no_fault():
    pytest.importorskip("solara")
    from stackcraft.viz.dashboard.pages.compare.page import reason_against

    state = read("world=synthetic&a=" + quote("set=KEN.hedge=0.8"))
    assert not state.mistakes
    assert "KEN" in reason_against(state) and "\n" not in reason_against(state)
    assert reason_against(State()) == ""


def test_a_file_that_no_address_can_hold_is_refused():
    levers = [f"us_government.supply_bond@{year}=0.{part}" for year in range(2026, 2040) for part in range(1, 60)]
    scenario = Scenario.from_dict({"levers": levers, "years": [2025, 2040]})
    assert not fits_address(Question.of(scenario))
    with pytest.raises(InputError, match=r"mine\.toml"):
        frame.asked_by_file("mine.toml", scenario.to_toml())
    assert fits_address(Question.of(replace(scenario, levers=tuple(levers[:20]))))
