"""Sentences on why an effect is as it is say what moved, with figures, and that nothing did where nothing did."""

import pytest

from stackcraft.experiments.reasons import MEASURES, Moved, Reason, Reasons
from stackcraft.experiments.statistics import Interval
from stackcraft.viz.dashboard.parts import because


def one(name, mean, before=100.0):
    return Moved(name, before, Interval(mean, mean - 0.01, mean + 0.01))


FALL = Reason(
    "US", False, terms=(one("term price", -0.51), one("term quality", -0.02)),
    echoes=(one("term incumbency", -0.34),), against=(one("term supply_fear", 0.13),), measures=(one("won", -12.0),),
)  # fmt: skip


def test_a_fall_names_the_terms_what_adds_to_them_what_is_against_them_and_what_lies_between():
    assert because.sentence(FALL) == (
        "Why: in close contests, offers of the US stack do worse than before on price -0.51 and quality -0.02. "
        "What it no longer holds then counts against it: being there already -0.34. "
        "Against that, its offers do better on fear of being cut off +0.13. On the way there: tenders won -12%."
    )


def test_measures_alone_say_that_no_term_moved():
    assert because.sentence(Reason("US", True, measures=(one("won", 12.0),))) == (
        "Why: tenders won +12%; no term of choice moves clearly."
    )


def test_what_is_not_clear_is_said_to_be_unclear_and_what_was_not_read_is_not_said():
    assert "not clear" in because.sentence(Reason("US", True))
    assert because.sentence(Reason("US", True), "built_by_nobody").startswith("Why: nothing that is measured")
    assert because.sentence(None) == ""


@pytest.mark.parametrize("measure", [found.name for found in MEASURES])
def test_every_measure_has_words(measure):
    told = because.measure_words(one(measure, 0.05, before=0.5))
    assert "+" in told and "{" not in told


def test_an_outcome_that_no_choice_decides_is_not_said_to_lack_a_term():
    cost = Reason("US", True, measures=(one("subsidies", 520.0, before=0.0),))
    assert because.sentence(cost, "cost") == "Why: subsidies paid +$520 bn."


def test_a_measure_that_was_nothing_is_told_as_it_is():
    assert because.measure_words(one("cut", 3.0, before=0.0)) == "deals cut off +3"


def test_two_ends_with_one_reason_say_it_once():
    assert because.both_ends("Why: a.", "Why: a.", "0", "1") == "Why: a."
    assert because.both_ends("Why: a.", "Why: b.", "0", "1") == "At 0: Why: a. At 1: Why: b."
    assert because.both_ends("", "Why: b.", "0", "1") == "Why: b."


def test_a_list_without_reasons_is_left_out():
    reasons = Reasons("", (2025, 2045), 8, {}, {})
    assert because.listed([("effect", "")], reasons, "why") == ""
    assert "8 pairs of runs" in because.listed([("effect", "Why: a.")], reasons, "why")
