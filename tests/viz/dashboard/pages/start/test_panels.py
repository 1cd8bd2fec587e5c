"""The first page: what it is before any number, every country by name, an answer made from runs, every scenario."""

import dataclasses

import numpy as np
import pytest

from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.start import panels as start
from stackcraft.viz.dashboard.parts.search import find_country, search_index
from stackcraft.viz.dashboard.state import Question, read
from tests.viz.dashboard.reading import Page


@pytest.fixture(scope="module")
def first():
    return Page(start.opening())


def test_it_says_what_it_is_not_before_any_number(first):
    assert len(first.all("h1")) == 1 and not first.faults
    assert "not a forecast" in first.text
    assert not any(letter.isdigit() for letter in first.text)


def test_the_form_needs_no_script_and_knows_every_country(countries):
    page = Page(start.my_country(countries))
    (form,) = page.all("form")
    (field,) = page.all("input")
    assert (form["action"], form["method"]) == ("/country", "get") and field["name"] == "c"
    assert field["list"] == page.all("datalist")[0]["id"]
    assert any(label.get("for") == field["id"] for label in page.all("label"))
    offered = [option["value"] for option in page.all("option") if option["value"]]
    index = search_index(countries)
    assert {row["name"] for row in index} <= set(offered)
    found = {find_country(name, index) for name in offered}
    assert found - {""} == set(countries.iso3)  # what is none of them is a regional organisation
    assert {link["href"] for link in page.all("a")} == {f"/country?c={code}" for code in countries.iso3}


def test_the_questions_of_the_guide_differ_in_their_lever_alone():
    asked = {name: one.checked for name, one in start.guide_questions(4).items()}
    assert asked["baseline"].levers == ()
    for name, levers in start.GUIDE.items():
        assert asked[name] == dataclasses.replace(asked["baseline"], levers=levers, runs=4)


def test_moves_are_paired_by_replicate(moved):
    found = start.guide_moves(moved["baseline"], moved["subsidy"])
    share = [
        one.world["world_installed"].isel(year=-1).sel(weight="country", stack="US").mean("layer").values
        for one in (moved["baseline"], moved["subsidy"])
    ]
    assert found["share"] == pytest.approx(share[1] - share[0], abs=1e-7)
    fewer = dataclasses.replace(moved["subsidy"], world=moved["subsidy"].world.isel(run=[1]))
    assert start.guide_moves(moved["baseline"], fewer)["share"] == pytest.approx(found["share"][1:], abs=1e-7)


def test_the_answer_holds_the_numbers_of_the_runs(moved):
    page = Page(start.guide_result(moved, "subsidy"))
    assert not page.faults and not page.repeated_ids()
    for name in start.GUIDE:
        found = start.guide_moves(moved["baseline"], moved[name])
        assert words.points(float(np.mean(found["share"]))) in page.text
        assert words.money(float(np.mean(found["cost"]))) in page.text


def pair(subsidy, supply_bond, cost=(100.0, 1.0)):
    """Moves of both levers with a little luck, in points and bn $."""
    luck = 0.001 * np.array([-1, 1, -1, 1, 0.5, -0.5])
    both = {"subsidy": (subsidy, cost[0]), "supply_bond": (supply_bond, cost[1])}
    return {
        name: {"share": points + luck, "cost": bn + luck[::-1], "kept": points / 2 + luck}
        for name, (points, bn) in both.items()
    }


def test_the_surprise_follows_the_numbers():
    clear = start.surprise(pair(0.02, 0.06), 2045)
    assert clear.startswith(
        "The promise moves the US share more by 2045: +6.0 points against +2.0 points for the subsidy."
    )
    assert "The subsidy costs $100 bn more than the baseline, the promise $1.0 bn." in clear
    other = start.surprise(pair(0.06, 0.02), 2045)
    assert other.startswith("The subsidy moves the US share more by 2045")


def test_what_the_runs_cannot_tell_apart_is_said_so():
    alike = pair(0.05, 0.05)
    alike["supply_bond"]["share"] = alike["supply_bond"]["share"][::-1]
    assert "the runs show no clear difference between them" in start.surprise(alike, 2045)
    assert "no clear difference in cost" in start.surprise(pair(0.05, 0.06, cost=(100.0, 0.0)), 2045)
    assert "do not clearly differ" in start.surprise(pair(0.05, 0.06, cost=(0.0, 0.0)), 2045)


def test_lasting_is_told_only_where_five_years_are_over():
    moves = pair(0.02, 0.06)
    assert start.lasts(moves).startswith("And would it last? More buyers stay under the promise")
    for one in moves.values():
        one["kept"] = np.full(6, np.nan)
    assert start.lasts(moves) == ""


def test_what_it_rests_on_is_read_from_the_stored_measurement(monkeypatch):
    from stackcraft.viz.words import claims

    one = claims.stored(list(start.GUIDE_CLAIMS.values()))
    told = start.rests_on()
    assert all(row.sentence.rstrip(".") in told and words.percent(row.agreement) in told for row in one.rows)
    monkeypatch.setattr(start.claims, "stored", lambda chosen: claims.Stored([], {}, []))
    assert start.rests_on() == ""


def test_every_scenario_has_a_card_with_its_story_and_ways_on():
    page = Page(start.scenarios())
    assert not page.faults
    assert len(page.all("article")) == len(shipped())
    for name in shipped():
        assert Scenario.load(name).story in page.text
        assert Question(base=name).query() in {link["href"].partition("?")[2] for link in page.all("a")}


def test_the_ways_on_are_addresses_that_can_be_read():
    for link in Page(start.scenarios() + start.links(Question(levers=start.GUIDE["supply_bond"]))).all("a"):
        path, _, query = link["href"].partition("?")
        assert path in ("/explore", "/compare")
        assert not read(query).mistakes


def test_a_scenario_that_fits_no_family_is_still_shown(monkeypatch):
    monkeypatch.setattr(start, "FAMILIES", start.FAMILIES[1:])
    assert Scenario.load("baseline").story in start.scenarios()


def test_every_page_is_named():
    assert {link["href"] for link in Page(start.going_on()).all("a")} == {
        "/explore",
        "/compare",
        "/country",
        "/deals",
        "/evidence",
        "/matters",
        "/model",
    }
