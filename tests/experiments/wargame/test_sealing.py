"""From drafts to what is played: whatever seats order and agree, the model takes it."""

import random

import pytest

from stackcraft.agents.assignments import check, parse_all
from stackcraft.experiments.wargame import Offer, contracts, rules, sealing
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.model import Scenario


def some_order(luck, seat, seats):
    """A draw of an order that a seat might give, legal or too dear."""
    form = luck.choice(list(rules.orders_of(seat, seats).values()))
    places = rules.places_of(form, SEATS[seat])
    where = luck.choice(places) if places and (luck.random() < 0.4 or form.form == "act") else None
    values = [one["value"] for one in rules.choices(form, form.low)] or {
        "layers": [luck.sample(["network", "chips", "cloud", "models"], luck.randrange(3))],
        "countries": [["KEN"], ["IDN", "BRA", "EGY"], []],
    }.get(form.form, [True])
    part = luck.choice(form.parts) if form.form == "level" and form.parts and luck.random() < 0.3 else None
    return {"order": form.order, "value": luck.choice(values), "where": where, "part": part}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_ordered_and_agreed_the_model_takes_it(small, seed):
    luck, state = random.Random(seed), small.state
    for one in SEATS:
        state.config["world"]["leverage"]["US"][SEATS[one].lead or "KEN"] = 0.5
    people = {seat: small.apply("join", None, code=small.code, seat=seat)["person"] for seat in small.state.seats}
    small.apply("advance", "facilitator"), small.apply("advance", "facilitator")
    for seat, person in people.items():
        state.chairs[seat].pc, state.chairs[seat].purse = 1000, 1000.0
        orders = [some_order(luck, seat, state.seats) for _ in range(12)]
        orders = [one for one in orders if one["order"] not in ("W1", "H10", "B4")]
        small.apply("draft", person, orders=orders)
    offers = [
        Offer.guarantee("IDN"), Offer.hosting(0.8), Offer.co_build("VNM"), Offer.compact(), Offer.transfer(1, True),
        Offer.package("IDN", ("cloud", "models"), 1.0, financed=0.8, bond=0.9, hosting=1),
    ]  # fmt: skip
    for offer in luck.sample(offers, 4):
        wanted = Offer.exclusion(("cloud",)) if luck.random() < 0.5 else None
        given = {**offer.as_dict(), **({"in_return": wanted.as_dict()} if wanted else {})}
        number = small.apply("offer", people["us"], to="asean", offer=given)["contract"]
        small.apply("accept", people["asean"], contract=number)
    move = sealing.resolving(state)
    assert move["assignments"] and not any(one["left_out"] for one in move["sealed"].values())
    check([parse_all(move["assignments"])])
    Scenario.from_dict({**state.config["scenario"], "events": move["events"]})


def test_clubs_that_share_a_bloc_are_one():
    pairs = {3: ("asean", "gulf"), 5: ("europe", "india"), 8: ("gulf", "india"), 9: ("pacific", "west_africa")}
    assert contracts.clubs(pairs) == {3: 3, 5: 3, 8: 3, 9: 9}


def test_a_member_named_is_overruled_by_an_order_for_all_but_not_a_buyer(small):
    game = small
    game.seat("asean").submit([{"order": "B1", "value": 1.0, "where": "IDN", "part": None}])
    game.seat("us").submit([{"order": "H1", "value": 0.4, "where": "IDN", "part": None}])
    game.advance()
    game.seat("asean").submit([{"order": "B1", "value": 0.75, "where": None, "part": None}])
    game.seat("us").submit([{"order": "H1", "value": 0.4, "where": None, "part": None}])
    game.advance()
    assert game.state.now("asean", "B1", "IDN") == 0.75
    assert game.state.played.moves[2]["assignments"][-2:] == [
        "us_government.supply_bond[IDN]=0.4", "us_government.supply_bond=0.4",
    ]  # fmt: skip


def test_hidden_texts_are_seen_by_nobody(joined):
    game, people = joined
    game.apply("name", people["us"], name="Rude name")
    game.apply("draft", people["us"], orders=[], why="rude reason")
    game.apply("offer", people["us"], to="asean", offer=Offer.words("rude words").as_dict())
    for row in [row for row in game.rows() if row.kind in ("named", "drafted", "offered")]:
        game.apply("hide", "facilitator", seq=row.seq)
    for reader in ("us", "asean"):
        shown = str(game.view(reader)).lower()
        assert "rude" not in shown
    assert "(hidden)" in str(game.view("asean"))


def test_a_turn_that_cannot_be_played_can_be_taken_back(small, monkeypatch):
    for _ in range(4):
        small.apply("advance", "facilitator")
    monkeypatch.setattr(small._worlds, "play", lambda move: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        small.resolve()
    assert small.state.phase == "resolve"
    small.rewind(1)
    assert small.state.phase == "brief" and small.advance().turn == 1
