"""Scores: what they count, against par, and what luck is left out."""

import dataclasses

import numpy as np
import pytest

from stackcraft.experiments.wargame import scores
from stackcraft.experiments.wargame.seats import CARDS, MANDATES, SEATS
from stackcraft.experiments.wargame.worlds import book_of
from stackcraft.model import Simulation

SEAT = {"home": "us", "firms": "us_firms", "bloc": "asean"}


@pytest.fixture(scope="module")
def books():
    """Two runs of two years of the world, under the status quo and under guarantees."""
    found = []
    for levers in ((), ("us_government.supply_bond=0.9", "us_government.coerce=0")):
        from stackcraft.model import Scenario

        scenario = Scenario.load("baseline").with_changes(years=(2025, 2027), levers=levers)
        with Simulation(scenario, runs=2, seed=5, threads=1).run() as simulation:
            found.append(book_of(np.array(simulation.world.book), simulation.inputs))
    return found


@pytest.mark.parametrize("kind", SEAT)
def test_weights_sum_to_one_and_name_measures(kind):
    for card in CARDS[kind]:
        assert sum(card.weights.values()) == pytest.approx(1) and set(card.weights) <= set(scores.MEASURES)
        assert sum(scores.weights_of(SEATS[SEAT[kind]], card.card).values()) == pytest.approx(1)
    assert sum(MANDATES[kind].values()) == pytest.approx(1)


@pytest.mark.parametrize("measure", scores.MEASURES)
def test_every_measure_is_a_finite_number_for_each_run(books, measure):
    kinds = [kind for kind in SEAT if measure in {*MANDATES[kind], *(m for card in CARDS[kind] for m in card.weights)}]
    assert kinds
    for kind in kinds:
        values = scores.MEASURES[measure].value(books[0], SEATS[SEAT[kind]])
        assert values.shape == (2,) and np.isfinite(values).all()


def test_measures_are_those_of_the_results(books):
    book, us, bloc = books[0], SEATS["us"], SEATS["asean"]
    now = book.rows[:, -1]
    assert scores.MEASURES["use"].value(book, us) == pytest.approx(100 * now["world_utilised"][:, 3, :, 0].mean(axis=1))
    here = [book.iso3.index(code) for code in bloc.countries]
    weight = now["demand"][:, here].sum(axis=2, dtype=float)
    control = 100 * (now["sovereignty"][:, here] * weight).sum(axis=1) / weight.sum(axis=1)
    assert scores.MEASURES["bloc_control"].value(book, bloc) == pytest.approx(control)
    assert scores.MEASURES["purse"].value(scores.with_purse(book, 3.0, 0), us) == pytest.approx(
        scores.MEASURES["purse"].value(book, us) - 3.0
    )


def scored(seat, card, own, par, extra=None):
    """A seat's score of two books of two years."""
    form = SEATS[seat]
    mine, usual = (scores.measured(book, form, scores.weights_of(form, card)) for book in (own, par))
    return scores.score(form, card, mine, usual, 2, extra or scores.Extra())


def test_a_seat_that_does_as_par_has_fifty(books):
    for kind, seat in SEAT.items():
        for card in CARDS[kind]:
            found = scored(seat, card.card, books[0], books[0])
            assert found["points"] == found["no_luck"] == 50 and found["by_run"] == [50, 50]


def test_points_follow_the_formula(books):
    par, own = books
    found = scored("us", "builder", own, par, scores.Extra(kept=2, missing_bn=0.5, points=1, shared=5))
    weights = scores.weights_of(SEATS["us"], "builder")
    by_hand = np.full(2, 50 + 2 - 2.5 + 1 + 5.0)
    for name, weight in weights.items():
        one = scores.MEASURES[name]
        apart = (one.value(own, SEATS["us"]) - one.value(par, SEATS["us"])) / one.spread_at(SEATS["us"], 2)
        by_hand += 10 * weight * np.clip(apart, -3, 3)
    assert found["by_run"] == pytest.approx(by_hand, abs=0.06) and found["no_luck"] == pytest.approx(
        by_hand.mean(), abs=0.06
    )
    assert found["by_run"][0] != 58.5


def test_the_face_as_it_happened_leaves_out_what_is_mostly_luck(books):
    par, own = books
    found = scored("us", "salesman", own, par)
    counts = {part["measure"]: part["counts"] for part in found["parts"]}
    assert counts["use"] and counts["purse"] and counts["headline"]
    china = scored("cn", "salesman", own, par)
    assert not {part["measure"]: part["counts"] for part in china["parts"]}["headline"]


def test_without_luck_is_the_mean_over_the_runs_of_par(books):
    form, weights = SEATS["us"], scores.weights_of(SEATS["us"], "builder")
    own, par = (scores.measured(book, form, weights) for book in (books[1], books[0]))
    both = scores.score(form, "builder", own, par, 2, scores.Extra())
    first = scores.score(form, "builder", own, {name: one[:1] for name, one in par.items()}, 2, scores.Extra())
    assert first["by_run"] == both["by_run"][:1] and first["no_luck"] == first["by_run"][0] != both["no_luck"]
    assert first["points"] == both["points"]


def test_spreads_grow_with_the_years():
    use = scores.MEASURES["use"]
    six, twelve = use.spread
    found = [use.spread_at(SEATS["us"], years) for years in (3, 6, 9, 12, 15)]
    assert found == pytest.approx([six / 2, six, (six + twelve) / 2, twelve, twelve])
    assert use.spread_at(SEATS["cn"], 6) == use.spread_cn[0] != six


def test_shared_points_ask_for_the_poorest_and_for_no_cut_off(books):
    par = books[0]
    rows = par.rows.copy()
    rows["used"] *= 1.5
    better = dataclasses.replace(par, rows=rows)
    assert scores.shared_points(par, par, 0, 0) == 0 and scores.shared_points(better, par, 0, 0) == 5
    assert scores.shared_points(better, par, 1, 0) == 0 and scores.shared_points(better, par, 0, 2) == 0
    assert scores.shared_points(par, par, 0, 2) == -5
