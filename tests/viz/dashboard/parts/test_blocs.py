"""A bloc in place of a country: found by name, named in titles, set as one."""

import pytest

from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.pages.country import facts
from stackcraft.viz.dashboard.pages.country.panels import name_of
from stackcraft.viz.dashboard.parts import own_levers
from stackcraft.viz.dashboard.parts.blocs import is_bloc, members_in, place_of
from stackcraft.viz.dashboard.parts.frame import country_in_view
from stackcraft.viz.dashboard.parts.search import by_region, find_country, finder, search_index
from stackcraft.viz.dashboard.state import Question, read

INPUTS = load_inputs("world")
SHORT = Question(years=(2025, 2027), runs=2)


@pytest.mark.parametrize(
    ("sought", "code", "name"),
    [
        ("AU", "AU", "the African Union"), ("european union", "EU", "the European Union"), ("Kenya", "KEN", "Kenya"),
        ("KEN,UGA", "KEN,UGA", "Kenya and Uganda"), ("Australia", "AUS", "Australia"),
        ("KEN,UGA,TZA,RWA,BDI", "KEN,UGA,TZA,RWA,BDI", "5 countries of a list"),
    ],
)  # fmt: skip
def test_a_place_is_a_bloc_or_a_country(sought, code, name):
    found, inputs = place_of(sought, INPUTS)
    assert (found, name_of(inputs, found)) == (code, name) and is_bloc(inputs, found) == (code not in INPUTS.iso3)
    assert country_in_view(read(f"c={sought}")) == name


def test_the_search_offers_blocs_and_pages_of_one_country_take_them_for_none():
    assert '<option value="ASEAN">ASEAN, Association of Southeast Asian Nations</option>' in finder(INPUTS, "/country")
    assert 'href="/country?c=GCC"' in by_region(INPUTS, lambda code: f"/country?c={code}")
    assert find_country("AU", search_index(INPUTS)) == ""


def test_a_lever_is_set_for_every_member_undone_for_all_and_named_once():
    question = own_levers.moved(SHORT, "GCC", "GCC.skills", 1)
    assert len(question.levers) == 6 and "QAT.skills=1" in question.levers
    assert question.names.short == "The Gulf Cooperation Council: spending on skills 1"
    assert own_levers.state(question, "GCC")["levers"]["GCC.skills"][:3] == [1.0, 0.0, True]
    assert own_levers.plain(question, "GCC") == SHORT == own_levers.undone(question, "GCC", "skills")
    assert (
        own_levers.moved(SHORT, "KEN,UGA", "KEN,UGA.skills", 1).names.short == "Kenya and Uganda: spending on skills 1"
    )


def test_members_who_differ_are_said_to_differ():
    question = own_levers.moved(SHORT, "KEN", "KEN.skills", 1)
    value, _, changed, note = own_levers.state(question, "KEN,UGA")["levers"]["KEN,UGA.skills"]
    assert value == 0.5 and changed and note


def test_a_bloc_says_who_its_members_are_and_where_that_is_from():
    code, inputs = place_of("MERCOSUR", INPUTS)
    told = facts.filled_sentence(inputs, code)
    assert "5 countries" in told and "Paraguay" in told and "https://www.mercosur.int" in told
    assert members_in(inputs, code) == ("ARG", "BOL", "BRA", "PRY", "URY")
