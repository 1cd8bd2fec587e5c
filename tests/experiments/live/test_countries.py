"""Outcomes of countries run by run: as summaries hold them, paired by luck, zero where nothing was changed."""

import numpy as np
import pytest

from stackcraft.experiments.live import Ensemble, Queue
from stackcraft.experiments.live.countries import (
    LATER,
    OUTCOMES,
    OwnLevers,
    WithCountries,
    differences,
    judged_by,
    outcomes_of,
    own_moves,
)
from stackcraft.experiments.statistics import Interval
from stackcraft.model.scenario import Scenario

BASE = Scenario.load("first-lesson").with_changes(years=(2025, 2031), runs=6, seed=5)


@pytest.fixture(scope="module")
def queue():
    one = Queue(workers=2)
    yield one
    one.close()


def asked(queue, work):
    return queue.wait(queue.ask("test", str(work.key), work), 240)


@pytest.fixture(scope="module")
def usual(queue):
    return asked(queue, WithCountries(BASE))


def test_it_is_the_usual_summary_with_more(queue, usual):
    plain = asked(queue, Ensemble(BASE))
    assert np.array_equal(usual.installed.shares, plain.installed.shares)
    assert usual.representative == plain.representative and usual.nbytes() > plain.nbytes()


def test_shares_are_those_of_the_summary(usual):
    shares = usual.countries[..., :3].astype(float).mean(axis=0)
    assert np.allclose(shares, usual.installed.shares[:, 0], atol=1e-6)


def test_lasting_is_what_is_still_with_the_same_stack_years_later(usual):
    code, place = usual.codes[2], OUTCOMES.index("lasting")
    mine = usual.of(code)
    assert np.isnan(mine[:, :LATER, place]).all()
    assert ((mine[:, LATER:, place] >= 0) & (mine[:, LATER:, place] <= 1 + 1e-6)).all()


def test_lasting_by_hand():
    class World:
        book = np.zeros((1, LATER + 1), dtype=[
            ("installed", float, (1, 2, 3)), ("private_spend_bn", float, 1), ("policy_cost_bn", float, 1),
            ("sovereignty", float, 1), ("welfare", float, 1),
        ])  # fmt: skip
        state = np.zeros(1, dtype=[("status", int)])

    book = World.book
    book["installed"][0, :, 0] = [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]
    book["installed"][0, LATER, 0] = [[0.2, 0.8, 0.0], [0.0, 0.0, 1.0]]

    class Inputs:
        iso3 = ("AAA",)

    class Simulation:
        world, inputs = World, Inputs

    found = outcomes_of(Simulation)
    assert found.shape == (1, LATER + 1, 1, len(OUTCOMES))
    assert found[0, LATER, 0, OUTCOMES.index("lasting")] == pytest.approx((0.7 + 0.0) / 2)


def test_the_same_question_differs_from_itself_in_nothing(usual):
    for _, change in differences(usual, usual, usual.codes[0], 2031).values():
        assert change.mean == change.low == change.high == 0


def test_a_country_s_own_lever_moves_it_as_when_all_ends_are_tried(queue, usual):
    code = usual.codes[1]
    tried = asked(queue, OwnLevers(BASE, code, 2030, runs=6))
    move = next(one for one in tried.tables if one.name == "require_hosting" and one.value == 1)
    moved = asked(queue, WithCountries(BASE.with_changes(levers=list(move.assignments([code])))))
    mine, effect = differences(usual, moved, code, 2030), tried.effect(move, 2030)
    for name in OUTCOMES:
        assert mine[name][0] == pytest.approx(effect[name][0], abs=1e-6)
        assert mine[name][1].mean == pytest.approx(effect[name][1].mean, abs=1e-6)
    assert mine["control"][1].mean > 0


def test_ends_at_which_a_lever_stands_are_not_tried(usual):
    moves = own_moves(BASE, usual.codes[0])
    assert not [one for one in moves if one.name == "skills" and one.value == 0]
    assert [one for one in moves if one.name == "skills" and one.value == 1]
    assert {one.name for one in moves} >= {"hedge", "sovereignty", "champion", "bargain", "ban_us", "prestige"}


def test_outcomes_that_luck_could_explain_are_left_out():
    found = {
        "US": (0.5, Interval(0.1, 0.05, 0.15)),
        "CN": (0.5, Interval(0.1, -0.05, 0.25)),
        "control": (0.5, Interval(-0.3, -0.31, -0.29)),
        "lasting": (np.nan, Interval(np.nan)),
    }
    assert judged_by(found) == ["control", "US"]
