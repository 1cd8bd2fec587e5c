"""Small games, shared by the tests: four seats, two short turns, one shadow."""

import pytest

from stackcraft.experiments.wargame import Offer, Order, Wargame

SEATS = ("us", "cn", "asean", "gulf")
SMALL = {"seats": SEATS, "seed": 7, "turns": 2, "years_a_turn": 1, "shadows": 1}


@pytest.fixture
def small(tmp_path):
    """A game in its lobby, closed after the test."""
    with Wargame.create("game-2025", folder=tmp_path, **SMALL) as game:
        yield game


@pytest.fixture
def joined(small):
    """The same game in the talk of turn 1, with a person in each of three seats: (game, {seat: person})."""
    people = {seat: small.apply("join", None, code=small.code, seat=seat)["person"] for seat in ("us", "asean", "gulf")}
    small.apply("advance", "facilitator"), small.apply("advance", "facilitator")
    return small, people


@pytest.fixture(scope="session")
def small_game(tmp_path_factory):
    """A game of three seats with orders of two and a package, played to its end; shared, so only to be read."""
    folder = tmp_path_factory.mktemp("games")
    seats = ("us", "cn", "east_africa")
    game = Wargame.create("game-2025", seats=seats, turns=2, years_a_turn=1, seed=11, shadows=1, folder=folder)
    us, bloc = game.seat("us"), game.seat("east_africa")
    number = game.offer("us", "east_africa", Offer.package("KEN", ("cloud",), size=0.25), until=2)
    person = game.apply("join", None, seat="east_africa", code=game.code)["person"]
    game.apply("accept", person, contract=number)
    us.submit([Order("H2", 1.0)], why="=hosting first", forecast=0.7)
    bloc.submit([Order("B11", 0.25)], why="people first", forecast=0.6)
    game.advance()
    us.submit([Order("H3", 1.0)], why="use what we have", forecast=0.2)
    game.advance()
    yield game
    game.close()
