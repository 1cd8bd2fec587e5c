"""What matters, in words and pictures: the numbers in them are those of the effects."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.live.lever_effects import OUTCOMES, Effects
from stackcraft.experiments.live.moves import ALONE, HIGH, LEVER, LOW, TOGETHER, WITHOUT, changes
from stackcraft.model import Scenario
from stackcraft.viz.dashboard.pages.matters import panels as view
from stackcraft.viz.dashboard.parts.rail import full_title
from stackcraft.viz.dashboard.state import OUTCOMES as ON_SCREEN

LEVERS = ("us_government.supply_bond", "us_government.subsidy", "cn_government.coerce", "us_vendors.markup")
SHARE = {
    ("us_government.supply_bond", LOW): (-0.01, -0.03, 0.01), ("us_government.supply_bond", HIGH): (0.05, 0.04, 0.06),
    ("us_government.subsidy", LOW): (0, 0, 0), ("us_government.subsidy", HIGH): (0.09, 0.08, 0.10),
    ("cn_government.coerce", LOW): (0.002, -0.01, 0.014), ("cn_government.coerce", HIGH): (0.003, -0.02, 0.026),
    ("us_vendors.markup", LOW): (-0.02, -0.03, -0.01), ("us_vendors.markup", HIGH): (-0.07, -0.08, -0.06),
}  # fmt: skip
COST = {("us_government.supply_bond", HIGH): (2.0, 1.5, 2.5), ("us_government.subsidy", HIGH): (300, 250, 350)}


def made_up(share=SHARE, complete=True, scale=1.0):
    tried = changes(LEVERS)
    world = np.zeros((len(tried), len(OUTCOMES), 3))
    country = np.zeros((len(tried), 2, 2, 3, 3), np.float32)
    for place, one in enumerate(tried):
        if one.kind == LEVER:
            world[place, OUTCOMES.index("us_share")] = share[one.name, one.end]
            world[place, OUTCOMES.index("us_cost")] = COST.get((one.name, one.end), (0, 0, 0))
            country[place, 0, 1, 0] = 2 * np.array(share[one.name, one.end])
        else:
            number = 45 if one.kind == TOGETHER else int(one.name)
            mean = 0.001 * number * (scale if one.kind == TOGETHER else 1)
            width = 0.0 if one.kind == ALONE and number < 3 else 0.02 if one.kind == WITHOUT and number < 9 else 0.0005
            world[place, OUTCOMES.index("us_share")] = (mean, mean - width, mean + width)
    made = np.full(len(tried), 8 if complete else 4)
    made[-1] = 8 if complete else 0
    scenario = Scenario.load("baseline").with_changes(years=(2025, 2040))
    now = dict.fromkeys(LEVERS, 0.25)
    return Effects(scenario, 8, tried, made, world, now, {}, ("KEN", "BRA"), country)


class Reader(HTMLParser):
    """Text of the page, and whether every tag that opens closes."""

    def __init__(self):
        super().__init__()
        self.open, self.words, self.rows = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag not in ("line", "rect"):
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(str(html))
    assert reader.open == []
    return reader, " ".join(" ".join(reader.words).split())


def test_the_sentence_names_the_lever_that_reaches_furthest():
    told = view.lever_sentences(made_up(), "us_share")
    assert (
        f"“{full_title('us_government.subsidy')}” has the largest effect" in told
        and "+9.0 points (+8.0 to +10.0 points)" in told
    )
    assert "moved from 0.25 to 0.5" in told and "in 2040" in told and "3 of the 4 move it clearly" in told
    order = [
        told.index(full_title(name))
        for name in ("us_government.subsidy", "us_vendors.markup", "us_government.supply_bond")
    ]
    assert order == sorted(order) and full_title("cn_government.coerce") not in told
    flat = {key: (value[0], -1.0, 1.0) for key, value in SHARE.items()}
    assert view.lever_sentences(made_up(flat), "us_share").startswith("None of the 4 levers")


def test_the_tornado_has_a_bar_for_each_end_and_a_table_behind_it():
    html = view.tornado(made_up(), "us_share")
    reader, told = read(html)
    assert (
        len(re.findall(r'<rect class="bar \w+ first"', html))
        == len(re.findall(r'<rect class="bar \w+ second"', html))
        == 4
    )
    assert len(re.findall('class="whisker"', html)) == 7  # a lever that stands at its end has no interval
    assert (
        reader.rows == 1 + 4
        and "+9.0 points (+8.0 to +10.0 points)" in told
        and "+$300 bn (+$250 bn to +$350 bn)" in told
    )
    assert "at 0.5: +9.0" in told and "percentage points" in told
    widths = {
        float(width) for width in re.findall(r'class="bar us second" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', html)
    }
    assert max(widths) / min(widths) == pytest.approx(9 / 5, rel=0.02)
    short = view.tornado(made_up(), "us_share", most=2)
    assert short.count('class="label"') == 2 and "2 more levers" in short


def test_a_country_has_its_own_shares_and_the_worlds_costs():
    html = view.tornado(made_up(), "us_share", "BRA", "Brazil")
    assert "+18.0 points" in html and "in Brazil" in html and "+$300 bn" in html
    assert "whole world" in view.tornado(made_up(), "us_cost", "BRA", "Brazil")
    assert view.world_note("us_share", "BRA") == ""


def test_the_recommendations_add_up_or_not():
    told = view.recommendation_sentences(made_up(), "us_share")
    assert (
        "All nine together change" in told
        and "by +4.5 points" in told
        and "recommendation 9: evaluation kits does most: +0.9 points" in told
    )
    assert "1 of the nine still have an effect" in told and "about what they bring together" in told
    assert "bring less than" in view.recommendation_sentences(made_up(scale=0.5), "us_share")
    assert "bring more than" in view.recommendation_sentences(made_up(scale=2), "us_share")
    reader, words = read(view.recommendations(made_up(), "us_share"))
    assert reader.rows == 1 + 10 and "alone: +0.8" in words and "Recommendation 8" in words


def test_a_budget_buys_only_what_it_pays_for():
    html = view.budget_table(made_up(), 10, "us_share")
    reader, told = read(html)
    assert full_title("us_government.supply_bond") in told and "subsidy" not in told and "mark-up" not in told
    assert reader.rows == 2 and "+2.5 points" in told and "+$2.0 bn (+$1.5 bn to +$2.5 bn)" in told
    assert "subsidy" in read(view.budget_table(made_up(), 400, "us_share"))[1]
    sentences = view.budget_sentences(made_up(), 10, "us_share")
    assert "1 cost at most $10.0 bn more" in sentences and "+2.5 points for each $1 bn" in sentences
    assert view.budget_sentences(made_up(), 1, "us_share").startswith("No move")
    assert view.budget_table(made_up(), 1, "us_share").count("<table") == 0


@pytest.mark.parametrize("outcome", sorted({*ON_SCREEN, *OUTCOMES}))
def test_every_outcome_can_be_shown_for_the_world_and_a_country(outcome):
    for country, place in (("", ""), ("KEN", "Kenya")):
        for html in (
            view.tornado(made_up(), outcome, country, place),
            view.recommendations(made_up(), outcome, country, place),
        ):
            assert "{" not in str(html) and "nan" not in read(html)[1]
        for side in ("US", "CN"):
            read(view.budget_table(made_up(), 50, outcome, country, place, side))
            assert view.budget_sentences(made_up(), 50, outcome, country, place, side)
        assert view.lever_sentences(made_up(), outcome, country, place)


def test_what_is_not_run_yet_is_said():
    part = made_up(complete=False)
    assert "So far 4 of 8 runs" in view.basis(part) and "27 of 27" not in view.basis(part)
    assert "not measured" in view.tornado(part, "us_share")
    nothing = Effects(part.scenario, 8, part.changes, np.zeros(len(part.changes), int), part.world, {}, {})
    assert "Nothing has been measured yet" in view.tornado(nothing, "us_share")
    assert "Nothing has been measured yet" in view.recommendation_sentences(nothing, "us_share")
    assert view.basis(made_up()).startswith("8 runs")


def test_bans_are_in_the_table_but_make_no_finding():
    kept = lever_effects.stored()
    assert {"importers.ban_us", "importers.ban_cn"} <= {one.name for one in kept.levers("us_share")}
    said = view.lever_sentences(kept, "us_share")
    drawn = str(view.tornado(kept, "us_share"))
    picture, table = drawn.split("</figure>")
    assert (
        "ban on" not in said.lower()
        and "ban on us vendors" not in picture.lower()
        and "ban on us vendors" in table.lower()
    )
