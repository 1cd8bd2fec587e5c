"""The panels beside the map show the summary's numbers."""

import re

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS, STACKS, WEIGHTS
from stackcraft.experiments.leads import weight_index
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.explore import panels
from stackcraft.viz.dashboard.parts.places import layer_place
from stackcraft.viz.dashboard.state import View
from tests.viz.dashboard.reading import Page


def share(summary, stack, year=-1, layer=None, weight="country", kind="installed"):
    data = summary.world[f"world_{kind}"].isel(year=year, weight=weight_index(summary.world, weight)).sel(stack=stack)
    data = data.mean("layer") if layer is None else data.sel(layer=layer)
    return float(data.mean("run"))


def test_the_headline_holds_the_mean_shares_of_the_year_and_layer(summary):
    text = panels.explore_headline(summary, View(2027, "cloud", "installed", "gdp"))
    largest = max(STACKS, key=lambda stack: share(summary, stack, 2, "cloud", "gdp"))
    assert "2027" in text and "cloud capacity" in text and "weighted by GDP" in text
    assert words.percent(share(summary, largest, 2, "cloud", "gdp")) in text


def test_the_first_day_is_a_state_and_no_outcome(summary):
    assert panels.explore_headline(summary, View(2025)).startswith("In 2025 ")
    assert panels.explore_headline(summary).startswith("By 2029 ")


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("layer", ["all", LAYERS[0], LAYERS[-1]])
def test_every_view_has_a_headline_and_tiles(summary, layer, weight):
    for kind in ("installed", "utilised"):
        assert panels.explore_headline(summary, View(2028, layer, kind, weight))
        page = Page(panels.tiles(summary, View(2028, layer, kind, weight)))
        assert not page.faults and len(page.all("b")) == 3


def test_tiles_show_the_means(summary):
    text = Page(panels.tiles(summary)).text
    assert all(words.percent(share(summary, stack)) in text for stack in STACKS)
    assert "no band yet: two runs" in text


def test_curves_have_every_year_in_the_table_and_the_places_of_years_for_a_script(summary):
    page = Page(panels.share_curves(summary, View(2027)))
    assert not page.faults
    assert all(str(year) in page.text for year in summary.years)
    (group,) = [a for a in page.all("g") if a.get("class") == "cursor"]
    assert group["data-years"].split(",") == [str(year) for year in summary.years]
    places = [float(one) for one in group["data-year-x"].split(",")]
    assert places == sorted(places) and len(places) == len(summary.years)
    assert float(re.match(r"translate\(([\d.]+) 0\)", group["transform"])[1]) == places[2]


def test_curves_without_a_cursor_are_as_before():
    from stackcraft.viz.charts import stacks

    line = [stacks.Curve("US", "US", np.array([0.4, 0.5]))]
    assert "cursor" not in stacks.curves((2025, 2026), line, "t", "d")
    assert "cursor" not in stacks.curves((2025, 2026), line, "t", "d", cursor=2050)
    assert "cursor" in stacks.curves((2025, 2026), line, "t", "d", cursor=2026)


def test_the_scorecard_counts_up_to_the_year(summary):
    early, late = (
        summary.world["announced_bn"].sel(stack="US", year=slice(None, year)).sum("year").mean("run")
        for year in (2027, 2029)
    )
    assert words.money(float(early)) in Page(panels.small_scorecard(summary, 2027)).text
    assert words.money(float(late)) in Page(panels.small_scorecard(summary)).text
    assert words.money(float(early)) != words.money(float(late))


def test_groups_share_out_all_countries(summary, ten_countries):
    for by in panels.GROUPINGS:
        members = np.stack(list(panels.groups(ten_countries, by).values()))
        assert (members.sum(axis=0) == 1).all()


def test_an_aggregate_over_all_countries_is_the_worlds_share(summary, ten_countries):
    place = summary.years.index(2028)
    for weight in ("country", "gdp", "population"):
        weights = panels.country_weights(summary, ten_countries, place, "cloud", weight)
        mean = np.average(summary.installed.shares[place, layer_place("cloud")], axis=0, weights=weights)
        assert mean == pytest.approx([share(summary, stack, place, "cloud", weight) for stack in STACKS], abs=1e-6)


def test_aggregates_are_tables_with_a_row_a_group(summary, ten_countries):
    page = Page(panels.all_aggregates(summary, ten_countries, View(2028)))
    assert not page.faults and not page.repeated_ids()
    assert len(page.all("table")) == 3
    assert all(name in page.text for name in panels.groups(ten_countries, "region"))


def test_cost_and_lasting_follow_the_year(summary):
    assert panels.cost(summary, 2025) == "In 2025 nothing has been spent yet."
    spent = float(summary.world["public_cost_bn"].sel(stack="US").sum("year").mean("run"))
    assert words.money(spent) in panels.cost(summary)
    assert panels.lasting(summary, 2025).startswith("Would it last? Too early to say in 2025")


def test_the_block_has_one_heading_of_the_first_order(summary):
    page = Page(panels.headline_block(summary, View(2028)))
    assert not page.faults and len(page.all("h1")) == 1
    assert "of 2 worlds" in page.text and "Would it last?" in page.text
