"""Other courses of a game: as it was they give the same bits, and what is taken out is gone."""

import numpy as np
import pytest

from stackcraft.experiments.wargame import Offer, Order, Wargame, attribution, replays, rules, scores
from stackcraft.experiments.wargame.debrief import Debrief
from stackcraft.experiments.wargame.replays import Change


def test_the_course_of_a_game_is_what_its_log_played(small_game):
    state = small_game.state
    course = replays.course(state)
    for turn, played in zip(course.turns, state.played.moves.values(), strict=True):
        assert turn["assignments"] == played["assignments"] and turn["events"] == played["events"]
    for seat, chair in state.chairs.items():
        assert course.spent[seat] == pytest.approx(chair.spent_bn)
        assert course.pc[seat] == chair.pc


def test_what_is_taken_out_is_not_paid_for(small_game):
    state = small_game.state
    idle = state.config["pc"] + rules.PC_KEPT
    assert state.chairs["us"].pc < idle
    nothing = replays.course(state, Change(turns=frozenset(state.played.results)))
    assert set(nothing.pc.values()) == {idle}
    orders = frozenset(
        (turn, "us", one["order"], one["where"], one["part"])
        for turn, sealed in state.played.history.items()
        for one in sealed["us"]["orders"]
    )
    without = replays.course(state, Change(orders=orders))
    assert without.pc == {**{seat: chair.pc for seat, chair in state.chairs.items()}, "us": idle}


def test_a_replay_scores_as_the_game_did(small_game):
    state = small_game.state
    played = attribution.Played.of(state)
    for seat, score in small_game.scores().items():
        extra = scores.KEPT_POINTS * score["kept"] + score["shared"]
        assert 50 + played.points(seat, played.base) + extra == pytest.approx(score["by_run"], abs=0.06)
        assert played.points(seat, played.par) == pytest.approx([0, 0])


def test_par_is_the_game_without_the_seats_own_moves_and_with_the_others(small_game):
    state = small_game.state
    pars = replays.pars(state)
    assert set(pars) == {"us", "east_africa"}  # China gave no order and agreed to nothing
    texts = {seat: {text for turn in one.turns for text in turn["assignments"]} for seat, one in pars.items()}
    game = {text for move in state.played.moves.values() for text in move["assignments"]}
    for seat, prefixes in (("us", ("us_",)), ("east_africa", ("KEN", "ETH", "TZA", "UGA", "RWA"))):
        assert texts[seat] == {text for text in game if not text.startswith(prefixes)} != game
        assert pars[seat].spent[seat] == 0 and pars[seat].pc[seat] == state.config["pc"] + 4
        assert not [event for turn in pars[seat].turns for event in turn["events"] if event["what"] == "deal"]


def test_who_did_nothing_has_fifty_whatever_the_others_did(small_game):
    score = small_game.scores()["cn"]
    assert score["by_run"] == pytest.approx([50 + score["shared"]] * 2)
    assert all(part["value"] == part["par"] for part in score["parts"])


def test_an_order_taken_out_leaves_its_levers_alone_in_both_turns(small_game):
    state = small_game.state
    without = replays.course(state, Change(orders=frozenset([(1, "us", "H2", None, None)])))
    for turn in without.turns:
        assert not [text for text in turn["assignments"] if text.startswith("us_government.local_hosting=")]
    assert [text for text in without.turns[1]["assignments"] if text.startswith("us_government.coerce=")]


def test_a_contract_taken_out_takes_its_deal_and_its_cost_with_it(small_game):
    state = small_game.state
    number = next(one.id for one in state.contracts.values() if one.since is not None)
    without = replays.course(state, Change(contracts=frozenset([number])))
    assert not [event for turn in without.turns for event in turn["events"] if event["what"] == "deal"]
    assert without.spent["us"] < replays.course(state).spent["us"]


def test_without_anybodys_moves_nothing_is_left_but_news(small_game):
    state = small_game.state
    idle = replays.course(state, replays.nobody(state))
    assert all(turn["assignments"] == [] for turn in idle.turns)
    assert all(event["what"] != "deal" for turn in idle.turns for event in turn["events"])


def test_courses_side_by_side_are_as_courses_alone(small_game):
    state = small_game.state
    asked = [replays.course(state), replays.course(state, Change(seats=frozenset(["us"])))]
    together = replays.play(state, asked)
    for one, course in zip(together, asked, strict=True):
        alone = replays.play(state, [course])[0]
        for seat, measures in one.items():
            for name, values in measures.items():
                np.testing.assert_array_equal(values, alone[seat][name], err_msg=f"{seat} {name}")


def test_parts_of_seats_add_up_to_the_whole_difference(small_game):
    found = attribution.whose(attribution.Played.of(small_game.state))
    assert found["exact"] and set(found["players"]) == {"us", "east_africa"}
    for seat in found["seats"]:
        parts = sum(found["table"][player][seat]["mean"] for player in found["players"])
        assert parts == pytest.approx(found["total"][seat]["mean"], abs=0.03)


def test_sampled_parts_add_up_too_and_every_seat_joins_first_and_last():
    orders = attribution._joining(4, 1)
    assert {order[0] for order in orders} == {order[-1] for order in orders} == set(range(4))
    value = {one: {"x": np.array([float(len(one) ** 2)])} for one in attribution._coalitions("abcd", orders)}
    parts = [attribution._parts("abcd", place, value, orders, ["x"])["x"][0] for place in range(4)]
    assert sum(parts) == pytest.approx(16.0)
    assert parts == pytest.approx([4.0] * 4, abs=1.5)


def test_exact_parts_of_a_made_up_game_are_shapleys():
    worth = {"": 0, "a": 10, "b": 20, "c": 0, "ab": 60, "ac": 10, "bc": 20, "abc": 60}
    value = {frozenset(key): {"x": np.array([float(one)])} for key, one in worth.items()}
    parts = [attribution._parts("abc", place, value, None, ["x"])["x"][0] for place in range(3)]
    assert parts == pytest.approx([25.0, 35.0, 0.0])


def test_the_class_and_bots_are_each_held_against_their_own_par(small_game):
    played = attribution.Played.of(small_game.state)
    found = attribution.beside_bots(played)
    assert set(found) == set(small_game.state.seats)
    assert found["cn"]["class"]["mean"] == 0  # gave no order; its bot would have
    us = played.points("us", played.base)
    assert found["us"]["class"]["mean"] == pytest.approx(us.mean(), abs=0.006) and us.mean() != 0
    assert any(one["bots"]["mean"] != 0 for one in found.values())


def test_what_if_names_the_seat_whose_order_is_taken_out(small_game):
    state = small_game.state
    moved = attribution.what_if(state, Change(seats=frozenset(["east_africa"])))
    assert moved["east_africa"]["mean"] != 0 and set(moved) == set(state.seats)


def test_a_promise_that_was_broken_is_played_kept(tmp_path):
    """What if we had kept our promise: without the order that broke it, and with the bond to the end."""
    seats = ("us", "cn", "asean")
    with Wargame.create("game-2025", seats=seats, turns=2, years_a_turn=1, seed=3, shadows=1, folder=tmp_path) as game:
        number = game.offer("us", "asean", Offer.hosting(0.8, "IDN"), until=2)
        person = game.apply("join", None, code=game.code, seat="asean")["person"]
        game.apply("accept", person, contract=number)
        game.advance()
        us = game.seat("us")
        us.submit([Order("H2", 0.1, where="IDN"), Order("H9.rules", 0.6)])
        game.advance()
        state = game.state
        assert state.contracts[number].state == "broken"
        kept = replays.course(state, Change(promises=frozenset([number]))).turns[1]["assignments"]
        was = replays.course(state).turns[1]["assignments"]
        assert was == state.played.moves[2]["assignments"]
        assert "us_government.local_hosting[IDN]=0.8" in kept
        assert not any(text.startswith("us_government.local_hosting[IDN]=0.8") for text in was)
        assert [text for text in was if "respect" in text] == [text for text in kept if "respect" in text]
        found = next(one for one in attribution.what_ifs(attribution.Played.of(state)) if one["kind"] == "breach")
        assert found["promise"] == number and found["seat"] == "us" and found["partner"]["seat"] == "asean"
        told = Debrief(game).html()
        assert "What if United States had kept its promise?" in told and "(against keeping it)" in told
