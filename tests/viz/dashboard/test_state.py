"""The address as the whole state: what goes in comes out, and what cannot be understood is said and left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackcraft.agents.names import LAYERS, WEIGHTS
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz.dashboard import state as address
from stackcraft.viz.dashboard.state import LONGEST, Question, State, View, exact, read

LEVERS = ("us_government.supply_bond", "us_government.subsidy.network", "KEN.hedge", "us_vendors.affiliation@2035")


@given(
    st.sampled_from(shipped()), st.dictionaries(st.sampled_from(LEVERS), st.floats(0, 0.5), max_size=4),
    st.integers(1, 256),
    st.sampled_from(("all", *LAYERS)), st.sampled_from(tuple(WEIGHTS)), st.integers(2025, 2045),
)  # fmt: skip
def test_an_address_read_back_is_the_same_state(base, levers, runs, layer, weight, year):
    if base == "first-lesson":
        levers = {
            name: value for name, value in levers.items() if name not in LEVERS[2:]
        }  # its countries are others, and it ends in 2035
    question = Question(base=base, levers=tuple(f"{name}={exact(value)}" for name, value in levers.items()), runs=runs)
    before = State(question, None, View(layer=layer, weight=weight, year=year, country="KEN"))
    assert read(before.query()) == before


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_as_a_question_asks_for_the_same_numbers(name):
    scenario = Scenario.load(name)
    asked = read(Question.of(scenario).query())
    assert asked.mistakes == ()

    def plain(one):
        return {key: value for key, value in one.as_dict().items() if key not in ("name", "title", "story", "runs")}

    assert plain(asked.question.scenario) == plain(scenario)


def test_numbers_keep_all_their_digits():
    question = Question(parameters=(("supply_fear", 4 / 3),)).with_lever("us_government.supply_bond", 0.1)
    assert dict(read(question.query()).question.parameters)["supply_fear"] == 4 / 3
    assert exact(0.1) == "0.1" and float(exact(4 / 3)) == 4 / 3


def test_what_cannot_be_understood_is_left_out_and_said():
    found = read(
        "s=nonsense&set=us_government.garantee=1&runs=9999&l=clud&y=soon&zz=1&set=us_government.supply_bond=0.4&event=[1]"
    )
    assert found.question == Question(levers=("us_government.supply_bond=0.4",)) and found.view == View()
    said = " ".join(found.mistakes)
    for words in (
        "did you mean supply_bond",
        "1 to 256 runs",
        "did you mean cloud",
        "'soon' is not a whole number",
        "'zz' is not part",
        "an event is a JSON object",
    ):
        assert words in said


@pytest.mark.parametrize(
    "query", ["%ff%fe=1", "s=../../etc/passwd", "world=/etc", "s=own&world=../x", "a=%25ff", "x" * (LONGEST + 1)]
)
def test_no_address_breaks_the_page_or_reads_a_file(query):
    found = read(query)
    assert found.mistakes and found.question.scenario.world in ("world", "synthetic")


def test_what_is_compared_shares_luck_years_and_world():
    for query in (
        "s=us-lock-in&years=2025:2030&seed=3&runs=8",
        "set=us_government.supply_bond=0.9&runs=8",
        "s=first-lesson&runs=8",
        "runs=8&a=s%3Dnobody-intervenes",
    ):
        state = read(query)
        mine, other = state.question.scenario, state.against.scenario
        assert (mine.years, mine.seed, mine.runs, mine.world) == (other.years, other.seed, other.runs, other.world)
    assert read("s=us-lock-in&set=us_government.supply_bond=0.9").against.base == "us-lock-in"
    assert read("s=us-lock-in").against.base == "baseline"


def test_a_lever_goes_back_to_the_base():
    question = Question().with_lever("us_government.supply_bond", 0.9)
    assert question.changed and question.scenario.levers == ("us_government.supply_bond=0.9",)
    assert question.with_lever("us_government.supply_bond", None) == Question()


def test_an_exception_for_one_country_passes_through_the_address_and_no_slider_takes_it_away():
    state = read("set=us_government.supply_bond%5BIndonesia%5D%3D0.9")
    assert not state.mistakes and state.question.levers == ("us_government.supply_bond[IDN]=0.9",)
    moved = state.question.with_lever("us_government.supply_bond", 0.5)
    assert {*moved.levers} == {"us_government.supply_bond[IDN]=0.9", "us_government.supply_bond=0.5"}
    assert moved.with_lever("us_government.supply_bond", None).levers == state.question.levers
    assert read(state.query()).question == state.question


def test_levers_of_a_made_up_world_are_understood_in_any_order():
    assert read("set=AAA.hedge=0.5&world=synthetic").mistakes == ()
    assert address.read("world=synthetic&set=AAA.hedge=0.5") == address.read("set=AAA.hedge=0.5&world=synthetic")


@pytest.mark.parametrize(
    ("address_text", "lever"),
    [
        ("set=us_government.guarantee%3D0.9", "us_government.supply_bond"),  # its name in earlier versions
        ("set=kenya.hedge%3D0.9", "KEN.hedge"),
        ("set=Ivory+Coast.hedge+%3D+0.9", "CIV.hedge"),
    ],
)
def test_a_lever_is_kept_by_its_present_name_and_code_so_that_a_slider_finds_it(address_text, lever):
    state = read(address_text)
    assert not state.mistakes and state.question.levers == (f"{lever}=0.9",)
    assert state.question.with_lever(lever, None).levers == ()
    assert state.question.with_lever(lever, 0.5).levers == (f"{lever}=0.5",)


def test_the_language_is_part_of_the_address_and_of_no_short_code():
    pytest.importorskip("babel", reason="Babel is not installed: only English is spoken")
    state = read("set=us_government.supply_bond%3D0.9&lang=ar&y=2030")
    assert not state.mistakes and state.language == "ar" and read(state.query()) == state
    assert state.href("/country", country="KEN").endswith("&lang=ar") and "lang" not in state.query_in_no_language()
    wrong = read("lang=xx")
    assert wrong.language == "" and "lang=xx: the languages are en, fr" in wrong.mistakes[0]
