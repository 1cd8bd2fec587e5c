"""Making a game: seats, cards, and where orders stand before anybody gives one."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, kind_of
from stackcraft.experiments.wargame import content, printed, setup
from stackcraft.experiments.wargame.seats import CARDS, PACKS, SEATS, pack


def test_every_seat_plays_actors_of_the_model_and_no_two_blocs_share_a_country():
    countries = [code for seat in SEATS.values() for code in seat.countries]
    assert len(set(countries)) == len(countries) and set(countries) <= set(IMPORTERS)
    for seat in SEATS.values():
        assert {kind_of(actor) for actor in seat.actors}  # raises for what is none
        assert len(seat.countries) <= 6 and seat.income > 0


def test_packs_hold_one_to_twelve_different_seats():
    for name in PACKS:
        assert 1 <= len(pack(name)) == len(set(pack(name))) <= 12
    for bad in ("seven", ("us", "us"), (), ("us", "moon")):
        with pytest.raises(InputError):
            pack(bad)


def test_cards_are_drawn_by_the_seed_alone_and_may_be_chosen():
    seats = PACKS["twelve"]
    drawn = setup.drawn_cards(seats, 5, {})
    assert drawn == setup.drawn_cards(seats, 5, {}) == {**setup.drawn_cards(seats[::-1], 5, {})}
    assert len({str(setup.drawn_cards(seats, seed, {})) for seed in range(10)}) == 10
    for seat in seats:
        assert drawn[seat] in {card.card for card in CARDS[SEATS[seat].kind]}
    assert setup.drawn_cards(seats, 5, {"us": "builder"})["us"] == "builder"
    assert all(setup.drawn_cards(("us",), seed, {"us": ["builder", "partner"]})["us"] in ("builder", "partner")
               for seed in range(5))  # fmt: skip


def test_orders_stand_where_the_scenario_has_its_levers(small):
    state = small.state
    assert state.now("us", "H1") == 0.1 and state.now("us", "H3") == 0.3 and state.now("cn", "H6") == 0.15
    assert state.now("us", "H9.consortium") == 1 and state.now("asean", "B2") is None
    played = small._worlds.played
    column = list(played.inputs.iso3).index("IDN")
    assert state.now("asean", "B1", "IDN") == pytest.approx(float(played.inputs.sovereignty[column]), abs=1e-4)


@pytest.mark.parametrize("name", content.games())
def test_every_ready_game_can_be_made(name, tmp_path):
    from stackcraft.experiments.wargame import Wargame

    with Wargame.create(name, folder=tmp_path, shadows=0, turns=1, years_a_turn=1) as game:
        assert game.state.seats == content.game_of(name).pack
        assert game.advance().digest


@pytest.mark.parametrize(("turns", "years", "last"), [(3, 3, 2034), (5, 2, 2035), (2, 1, 2027)])
def test_the_opening_says_when_this_game_ends(turns, years, last):
    body, worlds = setup.config(
        content.game_of("game-2025"), "ABCDEF", 0, 1, seats=("us", "gulf"), turns=turns, years_a_turn=years
    )
    worlds.close()
    assert body["last_year"] == last and f"January {last} to show" in " ".join(body["opening"])


@pytest.mark.parametrize("game", ["game-2025", "game-after-the-cut-off", "game-contested-middle"])
def test_no_opening_keeps_a_place_unfilled(game):
    assert "{" not in " ".join(content.game_of(game).told(2034))
    assert "{" not in printed.guide(game).partition("</style>")[2]
