"""What a turn came to: contracts judged by the record, forecasts settled, sentences."""

import numpy as np
import pytest

from stackcraft.experiments.wargame import Offer, outcomes
from stackcraft.experiments.wargame.outcomes import Turn

DEAL = {
    "deal": 1, "origin": "scripted", "country": "IDN", "layer": "cloud", "vendor": "us_silicon_hyperscaler",
    "stack": "US", "outcome": "operating", "signed": 2025.1, "operating": 2025.9, "ended": float("nan"),
    "value_bn": 4.0, "term_price": 1.0, "runner_up_term_price": 0.2, "term_years": 5.0,
}  # fmt: skip


def turn_of(game, *deals):
    """A turn with these deals and the rows of the game's world."""
    rows = game._worlds.played.world.book[0, :2]
    return Turn(2025, 1, deals, np.array(rows))


@pytest.fixture
def bound(joined):
    """A game with a package and a guarantee in force until turn 1: (game, package, guarantee)."""
    game, people = joined
    numbers = []
    for offer in (Offer.package("IDN", ("cloud",), 0.25), Offer.guarantee("IDN")):
        sent = game.apply("offer", people["us"], to="asean", offer=offer.as_dict(), until=1, penalty_bn=1)
        numbers.append(sent["contract"])
        game.apply("accept", people["asean"], contract=numbers[-1])
        game.state.contracts[numbers[-1]].state = "in force"
    return game, *numbers


def test_contracts_are_judged_by_the_ledger(bound):
    game, package, guarantee = bound
    found = outcomes.judged(game.state, turn_of(game, DEAL), 1)
    assert found == {package: {"state": "kept", "by": None}, guarantee: {"state": "kept", "by": None}}
    late = {**DEAL, "outcome": "pipeline", "operating": float("nan")}
    assert outcomes.judged(game.state, turn_of(game, late), 1)[package] == {"state": "broken", "by": "us"}
    for outcome, state in (("switched", "kept"), ("expired", "kept"), ("cut", "broken")):
        ended = {**DEAL, "outcome": outcome, "ended": 2025.95}
        assert outcomes.judged(game.state, turn_of(game, ended), 1)[package]["state"] == state, outcome
    cut = {**DEAL, "origin": "tender", "outcome": "cut", "ended": 2025.5}
    found = outcomes.judged(game.state, turn_of(game, DEAL, cut), 1)
    assert found[guarantee] == {"state": "broken", "by": "us"} and found[package]["state"] == "kept"
    other = {**cut, "stack": "CN"}
    assert outcomes.judged(game.state, turn_of(game, DEAL, other), 1)[guarantee]["state"] == "kept"


def test_words_of_a_turn(joined):
    game, _ = joined
    cut = {**DEAL, "origin": "tender", "outcome": "cut", "ended": 2025.5}
    turn = turn_of(game, {**DEAL, "origin": "tender"}, cut)
    lines = {line["kind"]: line for line in outcomes.news(turn, 1)}
    assert (
        lines["cut_off"]["text"] == "Indonesia is cut off from the American stack." and lines["cut_off"]["month"] == 7
    )
    assert lines["opened"]["text"] == "Indonesia: an American cloud deal worth 4.0 bn $ opens."
    assert outcomes.reasons(turn)[0]["sentence"] == (
        "Indonesia chose an American cloud deal. What weighed most against the runner-up: price."
    )
    assert outcomes.reasons(turn)[0]["terms"] == {"price": 0.8}


def test_what_happens_in_countries_that_somebody_plays_is_told_first(joined):
    game, _ = joined
    own = {**DEAL, "origin": "tender", "value_bn": 1.0}
    second = {**own, "deal": 2, "value_bn": 0.5}
    far = {**own, "deal": 3, "country": "JPN", "value_bn": 90.0}
    turn = turn_of(game, far, second, own)
    told = [(one["country"], one["value_bn"]) for one in outcomes.reasons(turn, {"IDN"})]
    assert told == [("IDN", 1.0), ("IDN", 0.5), ("JPN", 90.0)]
    assert [one["country"] for one in outcomes.reasons(turn)] == ["JPN", "IDN", "IDN"]
    many = turn_of(game, *({**far, "deal": number} for number in range(10, 20)), own)
    assert any(line["text"].startswith("Indonesia") for line in outcomes.news(many, 1, {"IDN"}))
    assert not any(line["text"].startswith("Indonesia") for line in outcomes.news(many, 1))


def test_forecasts_are_settled_by_the_record_and_scored_by_brier(joined):
    game, people = joined
    for seat in ("us", "asean"):
        game.apply("draft", people[seat], orders=[], forecast=0.9)
    game.advance()
    found = game.state.played.results[1]["forecasts"]
    for seat, one in found.items():
        assert one["question"] == outcomes.QUESTIONS[one["event"]] and isinstance(one["outcome"], bool)
        given = 0.9 if seat in ("us", "asean") else None
        assert one["brier"] == (None if given is None else pytest.approx((given - one["outcome"]) ** 2))
    assert outcomes.question(game.state, "us", 1)[0] == found["us"]["event"]
