"""The tournament: par scores fifty, its checks read results as they say, and a seed is played through."""

import numpy as np
import pytest

from stackcraft.experiments.wargame import attribution, replays, tournament
from stackcraft.experiments.wargame.seats import CARDS
from stackcraft.experiments.wargame.tournament import MANDATE, Result


def results(mandates, bests=("contested-first",) * 6, seat="us", **players):
    """Made-up results of three bundles of a home and of players."""
    cards = [card.card for card in CARDS["home"]]
    lines = []
    for strategy, mandate in mandates.items():
        points = {MANDATE: np.full(3, mandate)}
        points |= {
            card: np.full(3, 60.0 if best == strategy else 50.0) for card, best in zip(cards, bests, strict=True)
        }
        lines.append(Result("game-2025", seat, strategy, points))
    for strategy, value in players.items():
        points = {name: np.full(3, value) for name in (MANDATE, *cards)}
        lines.append(Result("game-2025", seat, strategy, points))
    return lines


def verdicts(lines):
    return {one["check"].partition(" (")[0]: one["met"] for one in tournament.checks(lines) if one["game"] != "all"}


def test_a_bundle_far_ahead_misses_and_one_close_ahead_meets_the_target():
    players = {"random": 48.0, "thoughtful": 60.0}
    far = verdicts(results({"contested-first": 60.0, "lock-in": 54.0, "control-first": 40.0}, **players))
    near = verdicts(results({"contested-first": 58.0, "lock-in": 54.0, "control-first": 40.0}, **players))
    name = "United States: lead of the best bundle on the mandate"
    assert far[name] is False and near[name] is True


def test_four_different_best_bundles_are_asked_for():
    mandates = dict.fromkeys(("contested-first", "lock-in", "control-first", "headline-chaser"), 50.0)
    players = {"random": 48.0, "thoughtful": 60.0}
    name = "United States: different best bundles over the six cards"
    same = verdicts(results(mandates, **players))
    apart = verdicts(results(mandates, (*mandates, "lock-in", "lock-in"), **players))
    assert same[name] is False and apart[name] is True


@pytest.mark.parametrize(("random", "thoughtful", "met"), [(48.0, 57.0, (True, True)), (53.0, 56.0, (False, False))])
def test_players_are_held_against_their_bands(random, thoughtful, met):
    lines = results({"contested-first": 50.0, "lock-in": 50.0}, random=random, thoughtful=thoughtful)
    found = [one["met"] for one in tournament.checks(lines) if "affordable player" in one["check"]]
    assert tuple(found) == met


def test_the_page_says_what_was_missed():
    lines = results({"contested-first": 60.0, "lock-in": 54.0}, random=48.0, thoughtful=60.0)
    text = tournament.page(lines)
    again = tournament.page(lines, text)
    assert "## Before" in again and again.count("**missed**") == 2 * text.count("**missed**")
    assert "**missed**" in text and "Seeds played: The world of 2025 3" in text and "### United States" in text
    assert text.count("| contested-first | **60.0") == 1


def test_an_idle_table_scores_fifty_everywhere():
    state = tournament.table_of("game-2025", 3)
    state.played.results = {1: state.played.results[1]}
    state.config["scenario"] = {**state.config["scenario"], "years": [2025, 2028]}
    nobody = replays.course(state, replays.nobody(state))
    par, idle = replays.play(state, [nobody, nobody], runs=1, every=True)
    for seat in state.seats:
        assert set(tournament._points(seat, idle, par).values()) == {50.0}


@pytest.mark.slow
def test_a_seed_is_played_and_the_same_seed_plays_the_same():
    first, again = (tournament._one_seed("game-2025", 2, 1) for _ in range(2))
    assert first == again and len(first) > 40
    assert all(set(first[(seat, "status-quo")].values()) == {50.0} for seat in ("us", "asean"))  # whatever others do
    planned = attribution.planned_orders(tournament.table_of("game-2025", 2), "us", "sovereignty-guarantor")
    assert planned.orders[1] and planned.pc >= 0
