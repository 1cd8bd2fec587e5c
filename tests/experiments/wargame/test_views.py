"""What each reader sees: the shape that is written down, and nothing of what is another's."""

import copy
import json
import random
import re

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Offer, Reader, views
from tests.experiments.wargame.conftest import SEATS

READERS = [*(Reader("member", seat) for seat in SEATS), Reader("projector"), Reader("observer"), Reader("facilitator")]
PARTS = {"game", "clock", "reader", "seats", "news", "board", "contracts", "map", "public", "results", "own", "desk",
         "reveal"}  # fmt: skip
NUMBERS = (0.313131, 0.424242, 0.535353, 0.646464)  # forecasts that nothing else looks like


@pytest.fixture
def full(joined):
    """A game in its second turn with something secret in every field that may hold one."""
    game, people = joined
    for seat, number in zip(SEATS, NUMBERS, strict=True):
        actor = people.get(seat, "facilitator")
        named = {"seat": seat} if actor == "facilitator" else {}
        hidden = [{"order": "H5", "value": "partners"}] if seat in ("us", "cn") else [{"order": "B1", "value": 1.0}]
        game.apply("draft", actor, orders=hidden, why=f"why-of-{seat}", forecast=number, **named)
        if actor != "facilitator":
            game.apply("name", actor, name=f"name-of-{seat}")
    offer = Offer.words("words-between-us-and-asean").as_dict()
    sent = game.apply("offer", people["us"], to="asean", offer=offer, public=False)["contract"]
    game.apply("accept", people["asean"], contract=sent)
    game.apply("offer", people["us"], to="asean", offer=Offer.words("open-between-us-and-asean").as_dict())
    game.advance()
    game.begin_turn()
    for seat, number in zip(SEATS, NUMBERS, strict=True):
        actor = people.get(seat, "facilitator")
        named = {"seat": seat} if actor == "facilitator" else {}
        game.apply("draft", actor, orders=[], why=f"again-{seat}", forecast=number + 0.01, **named)
    return game, people


def text_of(game, reader):
    """A view as it would be sent, without the seconds left."""
    return json.dumps({**game.view(reader), "clock": None}, sort_keys=True)


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.seat or one.role)
def test_a_view_has_the_parts_that_are_written_down_and_is_ready_for_json(full, reader):
    game, _ = full
    view = game.view(reader)
    assert set(view) == PARTS
    for name in PARTS:
        assert f"\n    {name} " in views.__doc__
    assert json.loads(json.dumps(view, allow_nan=False)) == view
    for part, table in (("own", view["own"]), ("desk", view["desk"])):
        for name in table or {}:
            assert re.search(rf"^    .*\b{name}\b", views.__doc__, re.M), f"{part}.{name} is not written down"


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.seat or one.role)
def test_no_marker_of_another_seat_is_in_a_view_before_the_reveal(full, reader):
    game, _ = full
    text = text_of(game, reader)
    for seat, number in zip(SEATS, NUMBERS, strict=True):
        own = reader.role == "member" and reader.seat == seat
        for marker in (f"why-of-{seat}", f"again-{seat}", str(number), str(round(number + 0.01, 6))):
            assert (marker in text) == own, f"{marker} in the view of {reader}"
        if seat != "cn":
            assert (f"name-of-{seat}" in text) == (own or reader.role == "facilitator")
    between = reader.role == "facilitator" or reader.seat in ("us", "asean")
    assert ("words-between-us-and-asean" in text) == between
    assert ("open-between-us-and-asean" in text) == between
    secrets = [token for one in game.state.people.values() for token in (*one.tokens, one.phrase)]
    assert not any(secret in text for secret in secrets)


def change_every_secret(game, reader):
    """Change all that a reader must not see, in place, on a copy of the state."""
    state = game.state = copy.deepcopy(game.state)
    seats = [seat for seat in SEATS if not (reader.role == "member" and reader.seat == seat)]
    desk = reader.role == "facilitator"
    for record in game.records.values():
        record["secret"] = json.loads(json.dumps(record["secret"]).replace("0", "7"))
        for seat in seats:
            record["books"][seat] = {"changed": True}
    for seat in seats:
        chair = state.chairs[seat]
        if chair.draft is not None:
            chair.draft.update(orders=[], why="changed", forecast=0.99)
        chair.forecasts = {"p1": 0.98, "p2": 0.97}
        if not desk:
            chair.nudged = None if chair.nudged else "2026-01-01T00:00:00+00:00"
        state.config["cards"][seat] = "treasurer" if seat in ("us", "cn") else "developer"
        for turn in state.played.history.values():
            turn[seat].update(orders=[], why="changed", forecast=0.01)
        hidden = ("H5", "F4", "F9", "G2")
        chair.standing = {key: value for key, value in chair.standing.items() if key[0] not in hidden}
        if not desk:
            chair.pc, chair.purse, chair.missing_bn, chair.spent_bn = chair.pc + 9, 77.7, 5.5, 66.6
    for turn in state.played.scores.values():
        for seat, score in turn.items():
            score["no_luck"], score["by_run"] = -1.0, [-1.0]
            if seat in seats:
                score["points"] = -1.0
    for result in state.played.results.values():
        for seat in seats:
            result["forecasts"][seat].update(forecast=0.77, outcome=None)
    for contract in state.contracts.values():
        if not desk and reader.seat not in (contract.by, contract.to) and not contract.public:
            contract.does["terms"]["text"] = "changed"
    state.config["seed"] = 1


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.seat or one.role)
def test_a_view_does_not_depend_on_anything_secret(full, reader):
    game, _ = full
    before, state = text_of(game, reader), game.state
    question = before.count("forecast")
    seed = state.config["seed"]
    change_every_secret(game, reader)
    if reader.role == "member":  # the question of the forecast is drawn by the seed, which nobody sees
        game.state.config["seed"] = seed
    assert text_of(game, reader) == before and question == before.count("forecast")


def test_after_the_reveal_everybody_sees_it(full):
    game, _ = full
    game.advance()
    game.apply("reveal", "facilitator")
    for reader in (Reader("projector"), Reader("member", "gulf"), Reader("observer")):
        shown = game.view(reader)["reveal"]
        assert set(shown["cards"]) == set(SEATS) and shown["hazards"] and shown["luck"]
        assert {one["why"] for one in shown["orders"]} >= {"why-of-us", "why-of-asean"}
        assert game.view(reader)["board"]["use"]


def test_envelopes_open_the_drafts_of_one_turn_to_the_facilitator_and_that_is_logged(full):
    game, _ = full
    desk = Reader("facilitator")
    game.apply("draft", "facilitator", seat="cn", orders=[{"order": "H4", "value": "camp"}])
    assert game.view(desk)["desk"]["envelopes"] is None and "camp" not in json.dumps(game.view(desk)["desk"])
    game.apply("envelopes", "facilitator")
    assert game.view(desk)["desk"]["envelopes"]["cn"][0]["value"] == "camp"
    assert game.view(desk)["desk"]["log"][0]["kind"] == "envelopes"
    assert game.view(Reader("projector"))["desk"] is None
    game.advance()
    game_over = game.view(desk)["desk"]["envelopes"]
    assert game_over is None or game.state.turn == 2


def test_a_person_reads_the_seat_that_the_log_says_whatever_they_claim(full):
    game, people = full
    mine = game.view(Reader("member", "us", people["asean"]))
    assert mine["own"]["seat"] == "asean" and mine["reader"]["seat"] == "asean"


def test_made_up_readers_see_nothing(full):
    game, people = full
    luck = random.Random(5)
    signs = "abcpus0123456789-_:' \u202e\x00"
    for _ in range(300):
        name = "".join(luck.choice(signs) for _ in range(luck.randrange(12)))
        for reader in (Reader("member", name), Reader("member", "us", name), Reader(name)):
            if name not in (*SEATS, *people.values(), "projector", "observer", "facilitator"):
                with pytest.raises(InputError):
                    game.view(reader)
        assert game.reader(name) is None


def test_a_kicked_person_reads_nothing_more(joined):
    game, _ = joined
    given = game.apply("join", None, code=game.code, seat="us")
    token = game.apply("rejoin", None, code=game.code, phrase=given["phrase"])["token"]
    assert game.reader(token) == game.reader(given["token"]) == Reader("member", "us", given["person"])
    game.apply("kick", "facilitator", person=given["person"])
    assert game.reader(token) is None and game.reader(given["token"]) is None
    with pytest.raises(InputError, match="not at the table"):
        game.view(Reader("member", "us", given["person"]))
    with pytest.raises(InputError, match="four words"):
        game.apply("rejoin", None, code=game.code, phrase=given["phrase"])


def test_the_map_by_layer_is_the_public_record_alone(full):
    game, _ = full
    shown = views.public_map(game)
    assert len(shown["layers"]) == 193 and set(shown["layers"]["KEN"]) >= {"cloud", "network"}
    assert all(abs(sum(one) - 1) < 0.01 for layers in shown["layers"].values() for one in layers.values())
