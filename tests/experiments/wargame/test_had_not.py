"""What if I had not: the same luck, one order less."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import attribution
from stackcraft.experiments.wargame.had_not import had_not
from stackcraft.experiments.wargame.replays import Change


def test_it_is_what_the_debrief_says_of_the_same_order(small_game):
    state = small_game.state
    order = state.played.history[1]["east_africa"]["orders"][0]
    found = had_not(state, 1, "east_africa", 0)
    whole = attribution.what_if(state, Change(orders=frozenset([(1, "east_africa", order["order"], None, None)])))
    assert found["points"] == whole["east_africa"]
    assert any(one["played"] for one in found["measures"]) and all(one["title"] for one in found["measures"])


@pytest.mark.parametrize(
    ("turn", "seat", "place"), [(1, "east_africa", 1), (1, "cn", 0), (3, "us", 0), (1, "east_africa", -1)]
)
def test_an_order_that_was_not_given_is_said(small_game, turn, seat, place):
    with pytest.raises(InputError, match="no such order"):
        had_not(small_game.state, turn, seat, place)
