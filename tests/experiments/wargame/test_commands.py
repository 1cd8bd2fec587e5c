"""Commands: who may give them, and that no mischief leaves anything in the log."""

import csv
import io
import json
import random
import time

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Offer, Reader, Wargame, commands, commands_orders, grades
from stackcraft.experiments.wargame.debrief import Debrief
from stackcraft.experiments.wargame.folding import fold
from stackcraft.experiments.wargame.state import State


def refused(game, says, kind, actor, **body):
    """The one line of a command that is refused, and leaves nothing in the log."""
    version = game.version
    with pytest.raises(InputError, match=says) as error:
        game.apply(kind, actor, **body)
    assert "\n" not in str(error.value) and game.version == version
    return str(error.value)


def test_nobody_gives_a_command_that_is_not_theirs(joined):
    game, people = joined
    for kind, (who, _) in commands.COMMANDS.items():
        for role, actor in (("anybody", None), ("person", people["us"]), ("facilitator", "facilitator")):
            if role not in who:
                refused(game, "is for", kind, actor)
    refused(game, "join first", "leave", "p99")
    refused(game, "no bot plays us", "draft", "bot:us", orders=[])
    refused(game, "unknown", "explode", "facilitator")


def test_joining_needs_the_code_an_open_door_and_room(small):
    for code in ("", "WRONG1", None, small.code + "X"):
        refused(small, "no game with this code", "join", None, code=code)
    seats = [small.apply("join", None, code=small.code.lower())["seat"] for _ in range(5)]
    assert seats == ["us", "cn", "asean", "gulf", "us"]  # whoever takes no seat goes to the smallest team
    small.apply("close_seat", "facilitator", seat="gulf")
    refused(small, "Gulf is closed", "join", None, code=small.code, seat="gulf")
    for _ in range(4):
        small.apply("join", None, code=small.code, seat="us")
    refused(small, "is full", "join", None, code=small.code, seat="us")
    small.apply("doors", "facilitator", open=False)
    refused(small, "doors are closed", "join", None, code=small.code)
    old = small.code
    small.apply("new_code", "facilitator")
    refused(small, "no game with this code", "join", None, code=old)


def test_the_pen_locks_and_passes_to_others_after_a_silence(joined):
    game, people = joined
    other = game.apply("join", None, code=game.code, seat="us")["person"]
    refused(game, "take the pen first", "lock", other)
    refused(game, "holds the pen and is there", "take_pen", other)
    game.seen[people["us"]] = time.monotonic() - 30
    game.apply("take_pen", other)
    game.apply("lock", other)
    refused(game, "unlock", "draft", people["us"], orders=[])
    refused(game, "take the pen first", "unlock", people["us"])
    game.apply("leave", other)
    assert game.state.chairs["us"].pen == people["us"]


def test_offers_end_with_the_talk_and_answers_with_the_orders(joined):
    game, people = joined
    offer = Offer.words("Let us talk.").as_dict()
    number = game.apply("offer", people["us"], to="asean", offer=offer)["contract"]
    second = game.apply("offer", people["us"], to="asean", offer=offer)["contract"]
    refused(game, "not made to you|made by you", "accept", people["us"], contract=number)
    refused(game, "no offer", "accept", people["gulf"], contract=number)
    third = game.apply("counter", people["asean"], contract=second, offer=offer)["contract"]
    assert game.state.contracts[second].state == "countered" and game.state.contracts[third].by == "asean"
    refused(game, "is countered", "accept", people["asean"], contract=second)
    game.apply("advance", "facilitator")
    refused(game, "not in this phase", "offer", people["us"], to="asean", offer=offer)
    game.apply("accept", people["asean"], contract=number)
    game.advance()
    assert game.state.contracts[number].state == "in force" and game.state.contracts[third].state == "lapsed"


def test_an_offer_that_a_purse_cannot_pay_is_refused(joined):
    game, people = joined
    offer = Offer.transfer(1.0).as_dict()
    number = game.apply("offer", people["asean"], to="us", offer=offer)["contract"]
    says = refused(game, "too small", "accept", people["us"], contract=number)
    assert "South-East Asia" in says


def test_a_forecast_is_a_persons_own_and_needs_neither_pen_nor_open_draft(joined):
    game, people = joined
    other = game.apply("join", None, code=game.code, seat="us")["person"]
    game.apply("forecast", people["us"], forecast=0.9)
    game.apply("lock", people["us"])
    game.apply("forecast", other, forecast=0.2)
    game.apply("forecast", people["gulf"], forecast=0.5)
    game.apply("forecast", people["gulf"], forecast=None)
    refused(game, "from 0 to 1", "forecast", other, forecast=1.2)
    assert game.view(Reader("member", "us", other))["own"]["forecast"]["mine"] == 0.2
    game.advance()
    settled = game.state.played.results[1]["forecasts"]
    outcome = settled["us"]["outcome"]
    assert settled["us"]["people"] == {
        people["us"]: {"forecast": 0.9, "brier": round((0.9 - outcome) ** 2, 4)},
        other: {"forecast": 0.2, "brier": round((0.2 - outcome) ** 2, 4)},
    }
    assert settled["us"]["forecast"] == 0.55 and settled["gulf"]["people"] == {}
    rows = list(csv.DictReader(io.StringIO(grades.table(game.state))))
    assert {row["person"]: row["forecast"] for row in rows if row["seat"] == "us"} == {
        people["us"]: "0.9",
        other: "0.2",
    }
    assert sorted(one["forecast"] for one in Debrief(game, "quick").data["forecasts"]) == [0.2, 0.9]
    refused(game, "not in this phase", "forecast", other, forecast=0.4)
    game.begin_turn()
    assert game.view(Reader("member", "us", other))["own"]["forecast"]["mine"] is None


def test_nobody_waits_for_teams_that_are_away(joined):
    game, people = joined
    game.apply("draft", people["asean"], orders=[{"order": "B1", "value": 1.0}])
    game.seen[people["asean"]] = time.monotonic() - 30
    assert game.apply("advance_slowest", "facilitator")["seats"] == ["asean"]
    assert not game.all_in()
    refused(game, "United States, Gulf are still at it", "advance_slowest", "facilitator")
    for seat in ("us", "gulf"):
        game.apply("lock", people[seat])
    assert game.all_in()
    game.apply("unlock", people["asean"])  # who comes back may go on
    assert not game.all_in()
    game.advance()
    assert [one["order"] for one in game.state.played.history[1]["asean"]["orders"]] == ["B1"]


def test_a_nudge_is_seen_by_its_team_alone_until_it_is_in(joined):
    game, people = joined
    refused(game, "nobody sits", "nudge", "facilitator", seat="cn")
    game.apply("nudge", "facilitator", seat="us")
    assert game.view("us")["own"]["nudged"] and not game.view("gulf")["own"]["nudged"]
    game.apply("lock", people["us"])
    assert game.view("us")["own"]["nudged"] is None
    refused(game, "is in already", "nudge", "facilitator", seat="us")
    game.apply("nudge", "facilitator", seat="gulf")
    game.apply("advance", "facilitator")
    assert game.view("gulf")["own"]["nudged"] is None


def test_an_override_needs_a_reason_and_is_shown(joined):
    game, _ = joined
    refused(game, "reason", "override", "facilitator", lever="KEN.hedge=0.5")
    refused(game, "hedg", "override", "facilitator", lever="KEN.hedg=0.5", reason="why")
    game.apply("override", "facilitator", lever="KEN.hedge=0.5", reason="A coup, as agreed in class.")
    assert "A coup" in game.view("us")["news"][0]["text"]
    game.advance()
    assert "KEN.hedge=0.5" in game.state.played.moves[1]["assignments"]


def test_large_bodies_are_one_sentence(joined):
    game, people = joined
    refused(game, "16000 is the most", "draft", people["us"], orders=[], why="x" * 1_000_000)
    refused(game, "plain values", "draft", people["us"], orders=[{1, 2}])
    nested = []
    for _ in range(5000):
        nested = [nested]
    refused(game, "plain values|list of tables|most", "draft", people["us"], orders=nested)
    refused(game, "key is a text", "pause", "facilitator", key="k" * 65)


def test_ten_thousand_offers_are_refused_after_twelve_and_quickly(joined):
    game, people = joined
    offer, made, began = Offer.words("Again.").as_dict(), 0, time.monotonic()
    for _ in range(10_000):
        try:
            game.apply("offer", people["us"], to="asean", offer=offer)
            made += 1
        except InputError:
            pass
    assert made == commands_orders.MOST_OFFERS and time.monotonic() - began < 30


def test_odd_signs_are_kept_as_text_and_never_break_a_line(joined):
    game, people = joined
    odd = "right\u202eleft\x00 line\nbreak \ud83d\ude00 e\u0301 <script>alert(1)</script> '\"; drop table event"
    for text in (odd, "\U0001f600" * 100, "\u0000" * 50):
        game.apply("draft", people["us"], orders=[], why=text[:140])
        why = game.view("us")["own"]["draft"]["why"]
        assert all(sign.isprintable() for sign in why or "")
    game.apply("draft", people["us"], orders=[], why="lone surrogate \ud83d")
    game.close()
    with Wargame.open(game.path) as again:
        assert again.version >= game.version


VALUES = [
    None, True, False, 0, 1, -1, 3, 0.4, 1e308, float("nan"), float("inf"), "", "us", "asean", "IDN", "H1", "A1",
    "x" * 300, "\u202e\x00", [], {}, [1], ["cloud"], {"form": "A2"}, {"form": "A1", "terms": {"layers": ["cloud"]}},
    {"form": "A9", "terms": {"text": "a"}}, [{"order": "H1", "value": 0.4}], [{"order": "H10", "where": "IDN"}],
    [{"order": "W1", "where": "1"}], [{"order": "H4", "value": "camp"}], [{"order": "H1"}], [{}], [None], "facilitator",
]  # fmt: skip
NAMES = (
    "seat orders why forecast to offer until penalty_bn public contract name job person into card country stack month "
    "text reason lever points state turn seconds code phrase strategy open seq"
).split()


@pytest.mark.parametrize("seed", [1, 2])
def test_made_up_commands_are_done_or_refused_in_a_line_and_the_log_still_folds(small, seed):
    luck = random.Random(seed)
    small.apply("join", None, code=small.code, seat="us"), small.apply("join", None, code=small.code, seat="asean")
    done = 0
    for _ in range(4000):
        kind = luck.choice([*commands.COMMANDS, "seen", "nonsense"])
        if kind in ("rewind",) or (kind == "advance" and small.state.phase in ("orders", "resolve")):
            continue  # played worlds are tried elsewhere
        actor = luck.choice([None, "facilitator", "clock", "p1", "p2", "p3", "bot:us", "bot:cn", "somebody"])
        body = {name: luck.choice(VALUES) for name in luck.sample(NAMES, luck.randrange(6))}
        if luck.random() < 0.5:
            body["code"] = small.code
        version = small.version
        try:
            small.apply(kind, actor, key=luck.choice([None, None, "k1", "k2"]), **body)
            done += 1
        except InputError as error:
            assert "\n" not in str(error) and small.version == version
    assert done > 100
    state = State()
    for row in small._log.rows():
        fold(state, row)
    assert state.version == small.version
    for seat in small.state.seats:
        json.dumps(small.view(seat), allow_nan=False)
