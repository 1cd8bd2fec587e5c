"""Scores and the order of support against dictionaries and sorting."""

import numpy as np
import pytest

from stackcraft.model.loop.targeting import survey, target, weigh_cells
from stackcraft.model.loop.tenders import refresh_peers_served
from tests.model.loop.conftest import look, put, put_levers, put_parameters, switch
from tests.reference import targeting as twin

TERMS = {
    "weight_headline": "part_v",
    "weight_use": "part_u",
    "weight_additional": "part_a",
    "weight_strategic": "part_s",
}


def cells_of(standing, h):
    found = standing.space["targeting"]
    cells, chance, pull = {}, {}, {}
    for c in range(standing.world.countries):
        for l in range(7):
            if found["expected"][c, l] > 0:
                cells[c, l] = {weight: float(found[part][c, l]) for weight, part in TERMS.items()}
                chance[c, l], pull[c, l] = float(found["expected"][c, l]), float(found["pull"][c, l])
    weights = {weight: getattr(standing.world.home[h], weight) for weight in TERMS}
    return cells, weights, chance, pull


@pytest.mark.parametrize("h", [0, 1])
def test_scores(standing, h):
    standing.run.home["at"][h]["min_package_mw"] = 0.0
    survey(standing.run, standing.space)
    target(standing.run, standing.space)
    weigh_cells(standing.run, standing.space["targeting"], h)
    cells, weights, _, _ = cells_of(standing, h)
    assert len(cells) > 10
    for cell, score in twin.scores(cells, weights).items():
        assert standing.space["targeting"]["score"][cell] == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("h", [0, 1])
@pytest.mark.parametrize("slots", [1.0, 4.0, 1000.0])
def test_who_is_supported(standing, h, slots):
    p, home = standing.world.parameters, standing.world.home[h]
    run = standing.run
    run.home["at"][h]["min_package_mw"] = 0.0
    run.state["slots_left"][h], run.state["purse"][h] = slots, 3.0
    survey(run, standing.space)
    target(run, standing.space)
    weigh_cells(run, standing.space["targeting"], h)
    cells, weights, chance, pull = cells_of(standing, h)
    by_score, by_pull = twin.supported(
        cells, weights, pull, chance, slots * p.slots_overbooked, 3.0, home.gravity, p.overhead_bn
    )
    marked = {(int(c), int(l)) for c, l in np.argwhere(run.state["target"][h] > 0)}
    assert marked == {*by_score, *by_pull}
    assert {cell for cell in marked if run.state["target"][h][cell] > 1} == set(by_score)


def test_nobody_is_supported_before_the_start(standing):
    for h in (0, 1):
        standing.run.home["at"][h]["min_package_mw"] = 0.0
        standing.run.state["slots_left"][h], standing.run.state["purse"][h] = 20.0, 3.0
    standing.run.home["at"][0]["start_delay_months"] = 60.0
    survey(standing.run, standing.space)
    target(standing.run, standing.space)
    assert not standing.run.state["target"][0].any() and standing.run.state["target"][1].any()


@pytest.mark.parametrize(("allied", "satisficing"), [(0.0, 0.0), (0.6, 0.0), (0.6, 1.0)])
def test_the_survey_of_every_cell(standing, allied, satisficing):
    put_levers(standing, "home", slice(None), allied_content=allied)
    put_parameters(standing, satisficing=satisficing, outside_option=0.0 if satisficing else -0.9)
    countries = slice(0, standing.world.countries)
    if satisficing:  # exact only where it is certain who may bid
        put_levers(standing, "importer", countries, ban_cn=0.0)
    else:
        put_levers(standing, "importer", countries, ban_us=np.linspace(0, 0.7, standing.world.countries)[:, None])
    put(
        standing,
        win_unsupported=0.0,
        win_nothing=-1.0,
        additional=0.0,
        organic_choice=0.0,
        sanctioned_until=((3, 1), 60),
    )
    world = look(standing)
    survey(standing.run, standing.space)
    w, seen, added, certain = standing.run.state, 0, 0.0, 0
    for c in range(world.countries):
        for l in range(world.layers):
            if w["win_nothing"][c, l] == -1:
                continue  # half of the countries are surveyed each January, but for cells where no tender can come soon
            expected = twin.surveyed(world, c, l)
            assert w["win_unsupported"][c, l] == pytest.approx(np.array(expected.wins), abs=1e-12), (c, l)
            assert w["win_nothing"][c, l] == pytest.approx(expected.nothing, abs=1e-12)
            for v in range(world.vendors):
                assert w["organic_choice"][c, l, v] == pytest.approx(expected.bought.get(v, 0.0), abs=1e-12)
            assert w["additional"][:, c, l] == pytest.approx(np.array(expected.added), abs=1e-12)
            seen, added = seen + 1, max(added, *expected.added)
            certain += expected.nothing == 1
    surveyed = {c for c in range(world.countries) if (w["win_nothing"][c] >= 0).any()}
    assert surveyed == {
        c for c in range(world.countries) if (world.facts.iso_number[c] + world.state.month // 12) % 2 == 0
    }
    assert seen > 20 and added > 0.05
    assert (certain > 0) == (satisficing == 1)  # a buyer that satisfices may be sure to buy nothing


@pytest.mark.parametrize("case", ["as it is", "small sites too", "rules", "equal scores", "off"])
def test_cells_and_who_is_supported_from_the_state_alone(standing, case):
    put(standing, slots_left=7.0, purse=3.0)
    if case != "as it is":
        put_levers(standing, "home", slice(None), min_package_mw=np.array([0.0, 2.0]), gravity=0.3)
    if case == "rules":
        put_levers(standing, "home", slice(None), include_network=0.0, cloud_counts=0.0)
    if case == "equal scores":  # all open cells of a country are worth the same: the first of them lead
        put_levers(standing, "home", slice(None), allocation=np.where(np.arange(193) % 2, 0.3, 0.1), gravity=0.0)
    if case == "off":
        switch(standing, off=("targeting",))
    refresh_peers_served(standing.run, standing.space["served"])
    survey(standing.run, standing.space)
    world = look(standing)
    target(standing.run, standing.space)
    for h in (0, 1):
        by_score, by_pull = twin.targets(world, h)
        marked = {(int(c), int(l)) for c, l in np.argwhere(standing.run.state["target"][h] > 0)}
        assert marked == {*by_score, *by_pull}
        assert {cell for cell in marked if standing.run.state["target"][h][cell] > 1} == set(by_score)
        assert (case == "off") == (not marked)
