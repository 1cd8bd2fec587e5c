"""The files of the game: what they hold fits the game's rules, and faults in them are told in one line."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, SIDES
from stackcraft.experiments.wargame import content
from stackcraft.experiments.wargame.seats import CARDS, SEATS
from stackcraft.model import Scenario
from stackcraft.model.events import Event, mistakes_of_event


@pytest.mark.parametrize("name", content.games())
def test_a_ready_game_plays_a_scenario_that_is_there_and_arms_cards_of_the_deck(name):
    game = content.game_of(name)
    years = Scenario.load(game.scenario).years
    assert years[0] + game.turns * game.years_a_turn <= years[1]
    assert all(one["card"] in content.injects() and one["turn"] <= game.turns for one in game.injects)
    for seat, cards in game.cards.items():
        assert seat in game.pack and set(cards) <= {card.card for card in CARDS[SEATS[seat].kind]}


@pytest.mark.parametrize("name", content.injects())
@pytest.mark.parametrize("years", (1, 2, 3))
def test_every_card_of_news_is_events_that_the_model_takes_within_the_turn(name, years):
    card = content.inject_of(name)
    demand = dict.fromkeys(IMPORTERS, (1.0,) * 7)
    events = [Event(**one) for one in card.dated(2028, years, month=11, demand=demand)]
    assert events
    for event in events:
        assert mistakes_of_event(event, (2028, 2028 + years), IMPORTERS) == []
    assert "{" not in card.text() and card.text().count(".") >= 2


def test_a_card_that_needs_a_country_says_so():
    card = content.InjectCard("one", "One", "News.", "Hint.", (), ({"what": "debt_distress"},), needs=("country",))
    with pytest.raises(InputError, match="One needs a country; name one"):
        card.dated(2025, 3)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("turns = 0", "turns = 0 should be a whole number from 1 to 8"),
        ("trns = 3", "key 'trns' is unknown"),
        ('cards = { mars = ["builder"] }', "mars"),
        ('cards = { us = ["bilder"] }', "bilder"),
        ('injects = [{ card = "swich", turn = 1 }]', "swich"),
        ('injects = [{ card = "switch", turn = 9 }]', "turn = 9 should be a turn from 1 to 3"),
        ('injects = [{ card = "switch", turn = 1, month = 13 }]', "month = 13 should be a month from 1 to 12"),
    ],
)
def test_a_fault_in_a_game_file_is_one_line_that_says_where(tmp_path, line, said):
    keys = {
        "scenario": '"game-2025"', "title": '"T"', "for_whom": '"W"', "turns": "3", "years_a_turn": "3",
        "pack": '"six"', "pc": "6", "opening": '["O"]', "not_this": '"N"',
    }  # fmt: skip
    name, _, value = line.partition(" = ")
    keys[name] = value
    path = tmp_path / "mine.toml"
    path.write_text("[wargame]\n" + "\n".join(f"{key} = {one}" for key, one in keys.items()))
    with pytest.raises(InputError) as caught:
        content.read_game(path)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_every_seat_has_a_brief_and_home_names_are_known():
    assert set(content.briefs()) == set(SEATS)
    assert set(content.HOME_NAMES) == set(SIDES)
    for brief in content.briefs().values():
        assert len(brief.first) == 3 and all(
            text.strip() for text in (brief.who, brief.wants, brief.dilemma, brief.ask)
        )
