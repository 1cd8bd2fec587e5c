"""Levers and recommendations have a sentence on why, where their effect is clear and something moved with it."""

from stackcraft.experiments.live.moves import ALONE, HIGH, LEVER, LOW
from stackcraft.experiments.reasons import Moved, Reasons
from stackcraft.experiments.statistics import Interval
from stackcraft.viz.dashboard.pages.matters import reasons as view
from stackcraft.viz.dashboard.parts.rail import full_title
from tests.viz.dashboard.pages.matters.test_panels import made_up, read


def stack_of(**means):
    found = {}
    for name, mean in means.items():
        name = name.replace("_term", "term ")
        found[name] = Moved(name, 100.0, Interval(mean, mean - 0.001, mean + 0.001))
    return {"US": found, "CN": {}, "independent": {}}


KNOWN = Reasons(
    "", (2025, 2040), 8,
    {
        (LEVER, "us_vendors.markup", LOW): stack_of(_termquality=-0.2, _termprice=0.1),
        (LEVER, "us_vendors.markup", HIGH): stack_of(_termprice=-0.5, won=-7.0),
        (LEVER, "us_government.subsidy", HIGH): stack_of(_termprice=0.4),
        (LEVER, "cn_government.coerce", HIGH): stack_of(_termprice=0.9),
        (ALONE, "9", ""): stack_of(won=5.0),
    },
    {},
)  # fmt: skip


def test_a_lever_that_loses_at_both_ends_says_so_and_why_at_each():
    _, told = read(view.of_levers(made_up(), KNOWN, "us_share"))
    title = full_title("us_vendors.markup")
    assert f"“{title}”: both ends of its range lower it, -2.0 points at 0 and -7.0 points at 1.5." in told
    assert "At 0: Why: in close contests, offers of the US stack do worse than before on quality -0.2." in told
    assert "Against that, its offers do better on price +0.1." in told
    assert "At 1.5: Why: in close contests, offers of the US stack do worse than before on price -0.5." in told


def test_what_is_not_clear_has_no_reason():
    _, told = read(view.of_levers(made_up(), KNOWN, "us_share"))
    assert full_title("cn_government.coerce") not in told and "price +0.9" not in told
    assert set(view.wanted(made_up(), "us_share")) >= {(LEVER, "us_vendors.markup", LOW), (ALONE, "9", "")}
    assert not {key for key in view.wanted(made_up(), "us_share") if key[1] == "cn_government.coerce"}


def test_the_headline_lever_has_its_reason():
    assert view.of_first(made_up(), KNOWN, "us_share").endswith("do better than before on price +0.4.")
    assert view.of_first(made_up(), None, "us_share") == ""


def test_recommendations_have_reasons_and_a_country_is_told_that_they_are_everybodys():
    _, told = read(view.of_nine(made_up(), KNOWN, "us_share"))
    assert "Why: tenders won +5%" in told and "of all importing countries together" not in told
    _, told = read(view.of_levers(made_up(), KNOWN, "us_share", "BRA"))
    assert "The reasons are those of all importing countries together." in told
    assert view.of_nine(made_up(), None, "us_share") == ""
