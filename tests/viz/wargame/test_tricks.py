"""Tricks that a clever student tries, and mishaps of a class, each of which once worked."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.log import delete
from stackcraft.viz.wargame.begin import Wish, open_house
from stackcraft.viz.wargame.house import House


@pytest.fixture(scope="module")
def table(hosted):
    one = hosted.game()
    one.game.apply("advance", "facilitator")
    return one


def test_nobody_listens_in_the_name_of_somebody_else(hosted, table):
    phone, stranger = hosted.join(table, "us"), hosted.join(table, "cn")
    person = table.game.reader(phone.cookies["seat"][0]).person
    for name in (person, "anything"):
        assert b"event-stream" not in stranger.hear(name)
    assert "anything" not in table.feed.listening
    assert b"event-stream" in phone.hear("seat")


def test_a_number_that_is_none_is_no_fault(hosted, table):
    phone = hosted.join(table, "us")
    assert b"event-stream" in phone.hear("door?last=%C2%B2")
    answer = phone.post("do", live=True, kind="draft", **{"o.W1.where": "\u00b2", "o.W1.x1.where": "\u00b2"})
    assert answer.status in (200, 422), answer.text


def test_a_map_of_a_turn_to_come_is_not_kept_for_it(hosted):
    table = hosted.game(turns=2)
    table.game.apply("advance", "facilitator")
    phone = hosted.join(table, "asean")
    ahead = phone.get("map.svg?at=1-0&layer=&own=").text
    table.game.fill_with_bots()
    table.game.advance()
    shown = hosted.screen(table).get("map.svg?at=1-0&layer=&own=").text
    assert shown != ahead


def test_a_device_that_has_a_seat_takes_no_second_one(hosted, table):
    phone = hosted.join(table, "gulf")
    before = len(table.game.state.people)
    answer = phone.post("join", seat="us")
    assert answer.status == 303 and answer.location.endswith("/seat")
    assert len(table.game.state.people) == before


def test_a_seat_taken_with_two_taps_is_one_person(hosted, table):
    phone = hosted.join(table, "gulf")
    phone.cookies.clear()
    page = phone.get("").text
    key = page.split('name="key" value="')[1].split('"')[0]
    before = len(table.game.state.people)
    for _ in range(2):
        phone.cookies.clear()
        assert phone.post("join", seat="us", key=key).status == 303
    assert len(table.game.state.people) == before + 1 and phone.get("seat").status == 200
    phone.post("do", kind="leave")
    phone.cookies.clear()
    assert phone.post("join", seat="us", key=key).status == 303 and phone.get("seat").status == 200


def test_a_key_of_another_command_opens_no_seat(hosted, table):
    phone = hosted.join(table, "us")
    assert phone.post("do", live=True, kind="draft", key="of-a-draft", why="x").status == 200
    phone.cookies.clear()
    answer = phone.post("join", seat="us", key="of-a-draft")
    assert answer.status == 409 and "key" in answer.text


def test_a_rewind_to_no_turn_is_refused_in_a_sentence(hosted, table):
    answer = hosted.desk(table).post("desk/do", live=True, kind="rewind")
    assert answer.status == 422 and "has not begun" in answer.text


def test_the_speed_of_one_game_does_not_slow_another(hosted, table):
    other = hosted.game()
    phones = hosted.join(table, "us"), hosted.join(other, "us")
    person = table.game.reader(phones[0].cookies["seat"][0]).person
    while len(other.game.state.people) < len(table.game.state.people):
        hosted.fresh()
        phones = phones[0], hosted.join(other, "asean" if len(other.game.state.people) < 6 else "")
    assert other.game.reader(phones[1].cookies["seat"][0]).person == person
    hosted.fresh()
    for _ in range(8):
        last = phones[0].post("do", live=True, kind="job", job="head").status
    assert last == 429 and phones[1].post("do", live=True, kind="job", job="head").status == 200


def test_a_game_that_one_server_plays_no_other_opens(hosted, table):
    import asyncio

    before = table.game.version
    with pytest.raises(InputError, match="another server"):
        asyncio.run(House(hosted.house.folder).table(table.name))
    table.game.apply("announce", "facilitator", text="still here")
    assert table.game.version == before + 1
    with pytest.raises(InputError, match="another server"):
        open_house(Wish(folder=hosted.house.folder))
    with pytest.raises(InputError, match="being played"):
        delete(hosted.house.folder / f"{table.name}.db")
    assert table.view("asean") and table.game.path.is_file()


def test_bots_may_take_the_empty_seats_after_the_game_has_begun(hosted):
    table = hosted.game()
    hosted.join(table, "us")
    desk = hosted.desk(table)
    desk.post("desk/do", kind="advance")
    assert 'value="fill_with_bots"' in desk.get("desk").text
    desk.post("desk/do", kind="fill_with_bots")
    assert all(one.bot or table.game.state.members(one.seat) for one in table.game.state.chairs.values())
    assert 'value="fill_with_bots"' not in desk.get("desk").text


def test_a_class_that_runs_out_of_time_ends_after_the_turn(hosted):
    table = hosted.game(turns=3)
    table.game.fill_with_bots()
    desk, phone = hosted.desk(table), hosted.join(table, "us")
    assert "End after this turn" not in desk.get("desk").text
    table.game.advance()
    assert "End after this turn" in desk.get("desk").text
    assert desk.post("desk/do", live=True, kind="reveal").status == 200
    assert "/debrief" in desk.get("desk").text and "/debrief" in phone.get("seat").text
    assert "End after this turn" not in desk.get("desk").text


def test_a_draft_kept_by_a_phone_that_was_away_is_not_taken_into_the_next_turn(hosted):
    table = hosted.game(turns=2)
    table.game.apply("advance", "facilitator")
    phone = hosted.join(table, "asean")
    kept = {**phone.orders(), "o.B2.value": "0.8"}
    assert kept["turn"] == "1" and phone.post("do", live=True, kind="draft", **kept).status == 200
    table.game.fill_with_bots()
    table.game.advance()
    hosted.wait(lambda: not table.busy)  # scores are made by the worker
    table.game.apply("advance", "facilitator")
    hosted.wait(lambda: not table.busy)
    answer = phone.post("do", live=True, kind="draft", **kept)
    assert answer.status == 422 and "turn 1" in answer.text
    answer = phone.post("do", live=True, kind="forecast", forecast="20", turn="1")
    assert answer.status == 422 and not table.game.state.chairs["asean"].forecasts
    assert table.game.state.chairs["asean"].draft is None
    assert phone.post("do", live=True, kind="draft", **phone.orders()).status == 200


def test_two_clicks_advance_one_phase(hosted):
    table = hosted.game()
    hosted.join(table, "us")
    desk = hosted.desk(table)
    page = desk.get("desk").text
    step = page.split('name="step" value="')[1].split('"')[0]
    assert desk.post("desk/do", live=True, kind="advance", step=step).status == 200
    answer = desk.post("desk/do", live=True, kind="advance", step=step)
    assert answer.status == 422 and "gone on" in answer.text and table.game.state.phase == "brief"
