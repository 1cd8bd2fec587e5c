"""Two scenarios side by side: sentences, tables and pictures against the numbers they are made from."""

import re
from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.experiments.leads import STATES, Changes, states_of, world_shares
from stackcraft.experiments.live import Pair, Queue
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model import Scenario
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.charts.stacks import Curve, differences, slopes
from stackcraft.viz.dashboard.pages.compare import movers
from stackcraft.viz.dashboard.pages.compare import panels as compare
from stackcraft.viz.dashboard.pages.compare.changed import changes_between
from stackcraft.viz.dashboard.state import Question
from stackcraft.viz.dashboard.strings import text

A = Scenario(name="a", title="As it is", world="synthetic", years=(2025, 2031), runs=6, seed=3)
B = A.with_changes(
    name="b", title="With <a bond>", levers=("us_government.supply_bond=0.9", "cn_government.subsidy.network@2027=0.3")
)
TITLES = ("As it is", "With <a bond>")


@pytest.fixture(scope="module")
def pair():
    queue = Queue(workers=2)
    try:
        yield queue.wait(queue.ask("test", "pair", Pair(A, B)), 120)
    finally:
        queue.close()


@pytest.fixture(scope="module")
def countries():
    inputs = load_inputs("synthetic")
    return dict(zip(inputs.iso3, inputs.name, strict=True)), dict(zip(inputs.iso3, inputs.region, strict=True))


def gap_of(pair, year, stack, weight="country", layer=0):
    at = [str(one) for one in pair.a.world["weight"].values].index(weight)
    return (world_shares(pair.b.world) - world_shares(pair.a.world))[:, year, at, layer, stack]


def cells_of(html):
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)] for row in rows]


def test_the_headline_is_the_finding_of_the_year_looked_at(pair):
    found = compare.finding(pair, 2029)
    for i, stack in enumerate(("US", "CN", "independent")):
        assert np.array_equal(found.differences[stack], gap_of(pair, 4, i))
    named = (f"“{TITLES[0]}” (A)", f"“{TITLES[1]}” (B)")
    assert compare.headline(pair, TITLES, 2029) == words.comparison_headline(*named, 2029, found.differences)
    assert f"{named[1]} rather than {named[0]}" in compare.headline(pair, TITLES, 2029)


def with_gap(pair, us, cn):
    """The pair with made-up differences of the last year."""
    moved = pair.a.world.copy(deep=True)
    moved["world_installed"].values[:, -1, ..., 0] += np.asarray(us)[:, None, None]
    moved["world_installed"].values[:, -1, ..., 1] += np.asarray(cn)[:, None, None]
    moved["world_installed"].values[:, -1, ..., 2] -= (np.asarray(us) + np.asarray(cn))[:, None, None]
    return replace(pair, b=replace(pair.b, world=moved))


def test_what_is_clear_makes_the_finding_and_what_is_not_has_no_sign(pair):
    noise = np.array([0.1, -0.1, 0.12, -0.11, 0.1, -0.12])
    found = compare.finding(with_gap(pair, noise, [-0.02, -0.021, -0.02, -0.019, -0.02, -0.02]))
    assert (found.stack, found.sign) == ("CN", -1)
    found = compare.finding(with_gap(pair, noise, -noise / 2))
    assert (found.stack, found.sign) == ("US", 0)
    assert "no clear difference" in compare.headline(with_gap(pair, noise, -noise / 2), TITLES)


def test_lasting_and_cost_are_paired_differences_over_the_whole_run(pair):
    lasting, cost = compare.lasting_and_cost(pair)
    spent = [arm.world["public_cost_bn"].sum("year").sel(stack="US").values for arm in (pair.a, pair.b)]
    mean, _low, _high = paired_interval(spent[1] - spent[0])
    sign = "+" if mean > 0 else ""
    assert f"for the United States {sign}{words.money(mean)} (" in cost
    assert lasting.startswith("Would it last?") and "by 2031" in cost


def test_titles_from_an_address_cannot_bring_markup(pair, countries):
    parts = [
        compare.beneath(pair),
        compare.tiles(pair),
        compare.changed_table(A, B, TITLES),
        compare.by_layer(pair, TITLES),
        compare.curves_and_differences(pair, TITLES),
        movers.movers(pair, countries[0], -1, 0),
        compare.scorecard(pair, TITLES),
    ]
    whole = "".join(map(str, parts))
    assert "<a bond>" not in whole and "With &lt;a bond&gt;" in whole


def test_what_was_changed_is_said_in_words_with_both_values_and_the_source():
    other = B.with_changes(
        parameters={"incumbency.cloud": 1.0}, off="hedge", strategies={"AAB": "hedge"}, presets={"US": "lock-in"},
        events=[{"what": "alliance_doubt", "year": 2027, "month": 6, "stack": "US"}],
    )  # fmt: skip
    rows = {row.what: row for row in changes_between(A, other)}
    bond = rows[f"{text('levers.actor_us_government')}: {LEVER_SETS['home_government']['supply_bond'].title.lower()}"]
    assert bond.b == "0.9" and "default 0.1" in bond.a and bond.judgement and bond.source
    subsidy = next(
        row
        for what, row in rows.items()
        if what.startswith(text("levers.actor_cn_government")) and what.endswith("(Network), from 2027")
    )
    assert subsidy.b == "0.3" and subsidy.sentence
    assert rows["Parameter: incumbency (cloud)"].b == "1" and "the default" in rows["Parameter: incumbency (cloud)"].a
    assert (rows["Part of the model: hedge"].a, rows["Part of the model: hedge"].b) == ("on", "switched off")
    assert rows["Event: alliance doubt"].b == "June 2027, US" and rows["Event: alliance doubt"].a == "does not happen"
    assert rows["Strategy of the United States side"].b == "lock in"
    assert any(row.b == "hedge" and what.startswith("Strategy of ") for what, row in rows.items())
    assert len(rows) == 7
    assert changes_between(A, A.with_changes(title="Only the title")) == []
    assert "set nothing differently" in compare.changed_table(A, A, TITLES)


def test_lever_values_that_both_set_show_both():
    first, second = (A.with_changes(levers=f"us_vendors.open_weights={value}") for value in (0.2, 0.7))
    (row,) = changes_between(first, second)
    assert (row.a, row.b) == ("0.2", "0.7")


def test_layers_are_those_of_the_weighting_and_year(pair):
    html = str(compare.by_layer(pair, TITLES, "gdp", "installed", 2030))
    assert html.count("<svg") == 8 and "weighted by GDP" in html.split("<div", 1)[0]
    mean, low, high = paired_interval(gap_of(pair, 5, 1, "gdp", 3))
    assert f"{words.points(mean)} ({words.interval_words(low, high)})" in html
    assert html.count("<table") == 5  # every weighting behind it


def test_curves_share_their_axes_and_the_difference_has_its_interval(pair):
    html = str(compare.curves_and_differences(pair, TITLES, "country", "cloud"))
    pictures = re.findall(r"<svg.*?</svg>", html, re.S)
    assert len(pictures) == 3
    assert re.findall(r'class="tick"[^>]*>([^<]*)<', pictures[0]) == re.findall(
        r'class="tick"[^>]*>([^<]*)<', pictures[1]
    )
    assert pictures[2].count('class="band') == 3
    rows = cells_of(html)
    last = next(row for row in rows if row[0] == "2031")
    mean, low, high = paired_interval(gap_of(pair, 6, 0, layer=3))
    assert last[1] == f"{words.points(mean)} ({words.interval_words(low, high)})"


def moved_pair(pair, lead_a, lead_b, sure):
    """The pair with made-up leads in the last year, all layers; the third share is the rest."""
    arms = []
    for arm, lead in ((pair.a, lead_a), (pair.b, lead_b)):
        shares = arm.installed.shares.copy()
        shares[-1, 0] = np.stack([0.4 + np.array(lead) / 2, 0.4 - np.array(lead) / 2, np.full(10, 0.2)], axis=1)
        arms.append(replace(arm, installed=replace(arm.installed, shares=shares, state=states_of(shares))))
    old = pair.changes["installed"]
    clear = old.sure.copy()
    clear[-1, 0] = sure
    return replace(
        pair, a=arms[0], b=arms[1], changes={**pair.changes, "installed": Changes(old.shares, clear, old.state)}
    )


def test_movers_are_those_who_moved_most_with_ranks(pair, countries):
    before = [0.5, 0.4, 0.3, 0.2, 0.1, -0.1, -0.2, -0.3, -0.4, -0.5]
    after = list(before)
    after[7], after[1] = 0.45, 0.35
    made = moved_pair(pair, before, after, [False] * 7 + [True] + [False] * 2)
    html = str(movers.movers(made, countries[0], -1, 0))
    _head, first, second = cells_of(html)[:3]
    assert first == [countries[0]["AAH"], "-30.0 points", "+45.0 points", "+75.0 points", "8", "2", "yes"]
    assert second == [countries[0]["AAB"], "+40.0 points", "+35.0 points", "-5.0 points", "2", "3", "no"]
    assert len(cells_of(html)) == 3  # who stays is no mover
    assert 'class="line us"' in html and 'class="line cn"' in html
    assert "No country" in movers.movers(moved_pair(pair, before, before, [False] * 10), countries[0], -1, 0)


def test_countries_that_change_hands_are_listed_by_region_the_clear_ones_first(pair, countries):
    before = [0.5, 0.4, 0.3, 0.2, 0.1, -0.1, -0.2, -0.3, -0.4, -0.5]
    after = [-0.5, 0.4, 0.01, *before[3:]]
    made = moved_pair(pair, before, after, [True] + [False] * 9)
    assert movers.change_hands(made, -1, 0) == [("AAA", "US", "CN", True), ("AAC", "US", "contested", False)]
    html = str(movers.hands(made, *countries, -1, 0))
    sure, rest = html.split("<details>")
    assert f"{countries[0]['AAA']}: US to China" in sure and countries[1]["AAA"] in sure
    assert f"{countries[0]['AAC']}: US to contested" in rest
    assert sure.startswith("<p>One country of 10 has")


def test_groups_are_means_of_their_countries(pair):
    groups = [
        {"kind": "Region", "title": "North", "codes": ["AAA", "AAI"]},
        {"kind": "Income", "title": "low", "codes": ["AAB"]},
    ]
    rows = cells_of(str(movers.groups_table(pair, groups, -1, 2)))
    place = [pair.a.codes.index(code) for code in ("AAA", "AAI")]
    a, b = (arm.installed.shares[-1, 2, place, 0].mean() for arm in (pair.a, pair.b))
    assert rows[1][:4] == ["North", "2", f"{words.percent(a)} → {words.percent(b)}", words.points(b - a)]
    assert rows[2][0] == "Income" and rows[3][0] == "low"


def test_counts_are_those_of_the_map(pair):
    state = pair.changes["utilised"].state[3, 2]
    us = sum(STATES[int(one)].startswith("us") for one in state)
    assert f"towards the US in {us} countries" in compare.counts(pair, 2028, "chips", "utilised")


def test_slopes_name_both_ends_and_bend_no_order():
    html = str(
        slopes([("Kenya", -0.1, 0.3), ("A country with an exceedingly long name", 0.2, -0.2)], "t", "d", ("A", "B"))
    )
    assert "Kenya -10" in html and "+30 Kenya" in html and "…" in html
    assert differences([2025, 2026], [Curve("US", "US", np.array([0, np.nan]))], "t", "d").count("<polyline") == 1


def test_what_is_under_the_headline_says_doubt_pairs_and_failures(pair):
    told = str(compare.beneath(replace(pair, b=replace(pair.b, failed=2))))
    assert "4 pairs of runs" in told and "2 pairs are left out" in told and " of 6 worlds" in told


def test_titles_say_what_each_side_changes():
    plain, bond = Question(world="synthetic"), Question(world="synthetic", levers=("us_government.supply_bond=0.9",))
    own = Question(base="", title="Mine", levers=bond.levers)
    usual = plain.scenario.title
    assert compare.titles_of(plain, bond) == (usual, "US government: bond against cutting supply 0.9")
    assert compare.titles_of(plain, own)[1] == "Mine"
    assert compare.titles_of(plain, plain) == (usual, usual)
