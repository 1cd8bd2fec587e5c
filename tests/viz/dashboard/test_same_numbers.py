"""A number is the same on every page: the public cost and the total of deals are computed in one place each."""

import html
import json
import re

import numpy as np
import pytest

from stackcraft.experiments.live import Pair
from stackcraft.model.indicators import INDICATORS
from stackcraft.viz import words
from stackcraft.viz.dashboard.downloads.brief import brief
from stackcraft.viz.dashboard.downloads.files import results_json
from stackcraft.viz.dashboard.pages.compare import panels as compare
from stackcraft.viz.dashboard.pages.deals import panels as deals
from stackcraft.viz.dashboard.pages.explore import panels as explore
from stackcraft.viz.dashboard.pages.start import panels as start
from stackcraft.viz.dashboard.state import Question, State, View
from stackcraft.viz.report.scorecard import scorecard
from stackcraft.viz.words import public_cost
from tests.viz.dashboard.country_run import ran  # noqa: F401

YEARS = (2025, 2029)
A = Question(years=YEARS, runs=6)
B = A.with_lever("us_government.subsidy", 0.4)
YEAR = 2028


@pytest.fixture(scope="module")
def pair():
    work = Pair(A.scenario, B.scenario)
    return work.fold({number: task.run(lambda: False) for number, task in enumerate(work.parts())})


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(markup))).split())


def test_the_cost_in_the_headline_is_that_of_the_scorecard_the_brief_and_the_report(pair):
    told = explore.cost(pair.b, YEAR)
    spent = public_cost.spent(pair.b.records(YEAR))
    assert public_cost.level(spent[:, 0]) in told and public_cost.level(spent[:, 1]) in told
    table = plain(explore.small_scorecard(pair.b, YEAR))
    printed = plain(brief(State(B, view=View(year=YEAR)), pair.b))
    assert plain(told) in printed
    for mean in spent.mean(axis=0):
        assert words.money(float(mean)) in table and words.money(float(mean)) in printed
    (row,) = (values for one, values in scorecard(pair.b.world.sel(year=slice(None, YEAR))) if one.name == "cost")
    np.testing.assert_array_equal(row[:, :2], spent)


def test_what_compare_adds_is_the_difference_of_what_the_two_pages_show(pair):
    added = public_cost.added(pair.a.records(YEAR), pair.b.records(YEAR))
    _, told = compare.lasting_and_cost(pair, YEAR)
    assert public_cost.change(added[:, 0]) in told and f"by {YEAR}" in told
    first, second = (public_cost.spent(one.records(YEAR)).mean(axis=0) for one in (pair.a, pair.b))
    np.testing.assert_allclose(added.mean(axis=0), second - first)
    assert words.change_in_unit(float(added[:, 0].mean()), "bn$") in plain(compare.scorecard(pair, ("A", "B"), YEAR))


def test_the_guide_costs_a_lever_as_compare_does(pair):
    moved = start.guide_moves(pair.a, pair.b)
    np.testing.assert_array_equal(moved["cost"], public_cost.added(pair.a.records(), pair.b.records())[:, 0])


def test_a_file_has_the_cost_of_the_pages(pair):
    table = json.loads(results_json(State(B), pair.b))
    (card,) = (one for one in table["scorecard"] if one["measure"] == "cost")
    assert card["by_stack"]["US"]["mean"] == pytest.approx(public_cost.spent(pair.b.records())[:, 0].mean())
    assert table["scorecard_years"] == list(YEARS)


def test_the_total_of_deals_is_the_sum_of_its_parts_on_every_page(pair):
    whole = deals.announced(pair.b)
    by_stack = INDICATORS["announced"].everywhere(pair.b.records())
    np.testing.assert_allclose(whole, by_stack.sum(axis=1))
    assert words.money(float(whole.mean())) in deals.headline(pair.b)
    table = plain(explore.small_scorecard(pair.b, YEARS[1]))
    years = plain(deals.announced_and_delivered(pair.b))
    for values in by_stack.T:
        assert words.money(float(values.mean())) in table and words.money(float(values.mean())) in years


def test_a_total_of_one_run_says_so_and_gives_that_of_all(ran):  # noqa: F811
    told = plain(deals.stages(ran.record, ran.summary))
    one = INDICATORS["announced"].everywhere(ran.summary.records())[0].sum()
    assert f"In this one run {words.money(float(one))} is announced in all" in told
    assert words.money(float(deals.announced(ran.summary).mean())) in told


def test_costs_measured_beforehand_say_so():
    from stackcraft.experiments.evidence import lever_effects
    from stackcraft.viz.dashboard.pages.matters.panels import basis
    from stackcraft.viz.dashboard.pages.start.stories import measured
    from stackcraft.viz.dashboard.parts import rail

    kept = lever_effects.stored()
    for told in (basis(kept), rail.measured(kept), measured()):
        assert "runs made beforehand" in told
