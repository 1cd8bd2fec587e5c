"""What a country runs on, where it heads, and what its own levers change, in words that follow the numbers."""

import re
from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.live.countries import OUTCOMES, OwnEffects, OwnMove
from stackcraft.experiments.reasons import Moved, Reasons
from stackcraft.experiments.statistics import Interval
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.pages.country import own, today
from stackcraft.viz.dashboard.parts import own_levers
from stackcraft.viz.dashboard.state import Question, read
from tests.viz.dashboard.country_run import ran  # noqa: F401


def with_layers(summary, code, year, shares):
    """The summary with the shares of every layer of a country in one year set by hand, (layers, stacks)."""
    new = summary.installed.shares.copy()
    new[summary.years.index(year), 1:, summary.codes.index(code)] = shares
    return replace(summary, installed=replace(summary.installed, shares=new))


def test_what_a_country_runs_on_is_said_by_stack_with_shares(ran):  # noqa: F811
    us, cn, level = (0.8, 0.1, 0.1), (0.1, 0.7, 0.2), (0.36, 0.34, 0.3)
    summary = with_layers(ran.summary, "KEN", 2025, [cn, us, us, level, us, us, level])
    said = today.in_words(summary, ran.inputs, "KEN", 2025)
    assert said == (
        "In 2025 Kenya runs mostly on the US stack in chips (80%), cloud (80%), models (80%) and security (80%) and on "
        "the Chinese stack in network (70%); nobody clearly leads in data and applications."
    )
    nobody = today.in_words(with_layers(ran.summary, "KEN", 2025, [level] * len(LAYERS)), ran.inputs, "KEN", 2025)
    assert "nobody clearly leads" in nobody
    nothing = with_layers(ran.summary, "KEN", 2025, np.full((len(LAYERS), 3), np.nan))
    assert "no AI capacity" in today.in_words(nothing, ran.inputs, "KEN", 2025)


def test_the_strip_has_a_bar_for_every_layer_and_says_its_shares(ran):  # noqa: F811
    drawn = str(today.strip(ran.summary, ran.inputs, "KEN", 2025))
    assert drawn.count('class="label"') == len(LAYERS)
    shares = ran.summary.installed.shares[0, 1 + LAYERS.index("cloud"), ran.summary.codes.index("KEN")]
    assert f"Cloud: US {100 * shares[0]:.0f}%" in drawn


def test_today_is_marked_as_an_estimate(ran):  # noqa: F811
    page = str(today.today(ran.summary, ran.inputs, "KEN"))
    assert "An estimate, not a count" in page and "filled in" in page


@pytest.mark.parametrize(("asked", "seen"), [(None, 2029), (2027, 2027), (2044, 2029)])
def test_the_year_ahead_lies_within_the_run(ran, asked, seen):  # noqa: F811
    assert today.year_ahead(ran.summary.years, asked) == seen
    assert today.year_ahead(tuple(range(2025, 2046)), None) == today.AHEAD


def effects(**tables):
    """Effects of moves named "lever_value" on one outcome each: {"skills_1": ("welfare", change a run)}."""
    base = np.zeros((6, 2, len(OUTCOMES)))
    found = {}
    for name, (outcome, change) in tables.items():
        lever, _, value = name.rpartition("_")
        table = base.copy()
        table[:, 1, OUTCOMES.index(outcome)] += change
        found[OwnMove(lever, float(value))] = table
    return OwnEffects("KEN", (2025, 2026), 6, 6, base, found)


CLEAR = np.array([0.10, 0.11, 0.09, 0.10, 0.12, 0.11])
UNCLEAR = np.array([0.10, -0.11, 0.09, -0.10, 0.12, -0.11])


def test_a_lever_s_sentence_names_only_what_is_clear_of_luck():
    found = effects(require_hosting_1=("control", CLEAR), hedge_1=("US", UNCLEAR))
    assert re.fullmatch(
        r"At 1, by 2026: control over its own stack \+10\.5 points \(\+9\.\d to \+11\.\d\)\.",
        own.lever_sentence(found, "require_hosting", 2026),
    )
    assert own.lever_sentence(found, "hedge", 2026) == "At 1 nothing moves clearly by 2026."
    assert own.lever_sentence(found, "require_hosting", 2025) == "At 1 nothing moves clearly by 2025."


def test_the_first_three_raise_what_the_country_has_of_it_and_are_not_bans():
    found = effects(
        ban_us_1=("control", 5 * CLEAR), champion_1=("welfare", -CLEAR), require_exit_1=("lasting", 0.5 * CLEAR),
        skills_1=("welfare", CLEAR), pace_2=("US", CLEAR),
    )  # fmt: skip
    first = own.first_three(found, 2026)
    assert len(first) == 3 and set(first[:2]) == {"require_exit", "skills"} and first[2] in own_levers.FIRST
    assert own.first_three(None, 2026) == own_levers.FIRST


def test_how_many_would_look_clear_by_luck_is_said():
    found = effects(skills_1=("welfare", CLEAR), hedge_1=("US", UNCLEAR), hedge_0=("US", UNCLEAR))
    assert "of 21 that were looked at, about 1 would look clear" in own.how_measured(found, 2026)
    assert "so far in 6" in own.how_measured(replace(found, wanted=24), 2026)
    assert own.how_measured(None, 2026, 3, 12) == "What each lever does is being tried: 3 of 12 parts are done."


def test_before_and_after_has_every_outcome_and_says_what_is_set(ran):  # noqa: F811
    after = replace(ran.summary, countries=ran.summary.countries.copy())
    after.countries[:, :, ran.summary.codes.index("KEN"), OUTCOMES.index("control")] += 0.1
    page = str(own.before_and_after(ran.summary, after, ran.inputs, "KEN", 2029, ["Kenya: skills at 1"]))
    assert "With Kenya: skills at 1, by 2029: control over its own stack +10.0 points" in page
    assert page.count("<tr>") == 1 + len(OUTCOMES) and "<b>+10.0 points" in page
    usual = str(own.before_and_after(ran.summary, None, ran.inputs, "KEN", 2029, []))
    assert "Move a lever of Kenya" in usual and usual.count("<tr>") == 1 + len(OUTCOMES)
    waiting = str(own.before_and_after(ran.summary, None, ran.inputs, "KEN", 2029, ["Kenya: skills at 1"]))
    assert "being worked out" in waiting


def test_verdicts_wait_until_all_runs_are_in(ran):  # noqa: F811
    part = replace(ran.summary, wanted=64)
    page = str(own.before_and_after(part, part, ran.inputs, "KEN", 2029, ["Kenya: skills at 1"]))
    assert "so far in 2 of 64 possible futures" in page


def test_changes_are_written_in_their_units():
    assert own.change_words("US", Interval(0.01, 0.005, 0.02)) == "+1.0 point (+0.5 to +2.0)"
    assert own.change_words("spent", Interval(0.2, 0.1, 0.3)) == "+$200 m (+$100 m to +$300 m)"
    assert own.change_words("control", Interval(0.0, 0.0, 0.0)) == "no change"
    assert own.change_words("lasting", Interval(np.nan)) == "-"
    assert own.value_words("control", 0.583) == "58 of 100" and own.value_words("welfare", -0.037) == "-$37 m a year"


def test_the_levers_are_those_of_one_country_and_say_what_they_were_before():
    question = read("set=KEN.require_hosting%3D0.7&set=KEN.ban_cn.cloud%3D1&set=importers.skills%3D0.5").question
    state = own_levers.state(question, "KEN")
    value, before, changed, _ = state["levers"]["KEN.require_hosting"]
    assert (value, before, changed) == (0.7, 0.0, True)
    assert state["levers"]["KEN.hedge"][0] is None  # left to its rule
    assert state["levers"]["KEN.skills"][:3] == [0.5, 0.5, False]  # set for all, not by Kenya
    assert state["levers"]["KEN.ban_cn.cloud"][:3] == [1.0, 0.0, True]
    assert state["changed"] == ["KEN.require_hosting", "KEN.ban_cn"]
    plain = own_levers.plain(question, "KEN")
    assert plain.levers == ("importers.skills=0.5",)
    assert own_levers.undone(question, "KEN", "ban_cn").levers == ("KEN.require_hosting=0.7", "importers.skills=0.5")


def test_every_lever_of_the_country_is_there_once():
    found = own_levers.layout("KEN", {"skills": "It helps."}, own_levers.FIRST, "")
    rows = [
        *found["start"],
        *(lever for group in found["groups"] for part in group["sections"] for lever in part["levers"]),
    ]
    names = [row["name"] for row in rows]
    assert sorted(names) == sorted(own_levers.names("KEN")) and len(set(names)) == len(names)
    assert next(row for row in rows if row["name"] == "KEN.skills")["effect"] == "It helps."


def test_what_is_set_is_named_without_code():
    question = Question(levers=("KEN.hedge=none", "KEN.ban_cn.cloud=1", "UGA.skills=1"))
    assert own.names_set(question, "KEN") == [
        "Kenya: second source at none", "Kenya: ban on Chinese vendors (Cloud) at 1",
    ]  # fmt: skip
    assert load_inputs("world").name[load_inputs("world").iso3.index("KEN")] == "Kenya"


def test_a_lever_says_through_what_it_works_for_the_stack_that_it_moves_most():
    tried = effects(skills_1=("US", CLEAR))
    move = next(iter(tried.tables))
    term = Moved("term price", 0.0, Interval(0.4, 0.3, 0.5))
    known = Reasons("KEN", (2025, 2035), 8, {move: {"US": {term.name: term}, "CN": {}, "independent": {}}}, {})
    year = tried.years[-1]
    assert own.sentences(tried, year, known)["skills"].endswith(
        "Why: in close contests, offers of the US stack do better than before on price +0.4."
    )
    assert set(own.wanted(tried, year, ("KEN", "UGA"))) == {move}
    unread = Reasons("KEN", (2025, 2035), 8, {}, {})
    assert "Why" not in own.sentences(tried, year, unread)["skills"]
