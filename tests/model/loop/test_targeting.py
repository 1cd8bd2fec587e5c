"""Scores and the order of support against dictionaries and sorting."""

import numpy as np
import pytest

from model.loop.targeting import survey, target, weigh_cells
from tests.reference import targeting as twin

TERMS = {"weight_headline": "part_v", "weight_use": "part_u", "weight_additional": "part_a", "weight_strategic": "part_s"}


def cells_of(standing, h):
    space = standing.space
    cells, chance, pull = {}, {}, {}
    for c in range(standing.world.countries):
        for l in range(7):
            if space["expected"][c, l] > 0:
                cells[c, l] = {weight: float(space[part][c, l]) for weight, part in TERMS.items()}
                chance[c, l], pull[c, l] = float(space["expected"][c, l]), float(space["pull"][c, l])
    weights = {weight: getattr(standing.world.home[h], weight) for weight in TERMS}
    return cells, weights, chance, pull


@pytest.mark.parametrize("h", [0, 1])
def test_scores(standing, h):
    standing.run.home["at"][h]["min_package_mw"] = 0.0
    survey(standing.run, standing.space)
    target(standing.run, standing.space)
    weigh_cells(standing.run, standing.space, h)
    cells, weights, _, _ = cells_of(standing, h)
    assert len(cells) > 10
    for cell, score in twin.scores(cells, weights).items():
        assert standing.space["score"][cell] == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("h", [0, 1])
@pytest.mark.parametrize("slots", [1.0, 4.0, 1000.0])
def test_who_is_supported(standing, h, slots):
    p, home = standing.world.parameters, standing.world.home[h]
    run = standing.run
    run.home["at"][h]["min_package_mw"] = 0.0
    run.state["slots_left"][h], run.state["budget"][h] = slots, 3.0
    survey(run, standing.space)
    target(run, standing.space)
    weigh_cells(run, standing.space, h)
    cells, weights, chance, pull = cells_of(standing, h)
    by_score, by_pull = twin.supported(cells, weights, pull, chance, slots * p.slots_overbooked, 3.0, home.gravity, p.overhead_bn)
    marked = {(int(c), int(l)) for c, l in np.argwhere(run.state["target"][h] > 0)}
    assert marked == {*by_score, *by_pull}
    assert {cell for cell in marked if run.state["target"][h][cell] > 1} == set(by_score)


def test_nobody_is_supported_before_the_start(standing):
    for h in (0, 1):
        standing.run.home["at"][h]["min_package_mw"] = 0.0
        standing.run.state["slots_left"][h], standing.run.state["budget"][h] = 20.0, 3.0
    standing.run.home["at"][0]["start_delay_months"] = 60.0
    survey(standing.run, standing.space)
    target(standing.run, standing.space)
    assert not standing.run.state["target"][0].any() and standing.run.state["target"][1].any()
