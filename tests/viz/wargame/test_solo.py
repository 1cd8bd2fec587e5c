"""A game for one: bots elsewhere, a coach's line, no clock, and the debrief at the end."""

import re

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.viz.wargame import keys, solo
from tests.viz.wargame.hosting import Device


def seated(hosted, table, token):
    device = Device(hosted, table.name)
    assert device.post("enter", secret=token).status == 303
    assert keys.MEMBER in device.cookies
    return device


def test_one_person_plays_to_the_debrief_without_a_facilitator(hosted):
    table = hosted.game(turns=2)
    phone = seated(hosted, table, solo.prepare(table, "east_africa", watch=False))
    for turn in (1, 2):
        page = phone.get("seat").text
        assert f'id="coach-{turn}"' in page and "Play the years" in page and "Lock" not in page.replace("Locked", "")
        hosted.fresh()
        phone.post("do", kind="go_on", **{**phone.orders(), "o.B2.value": ("0.8", "0.4")[turn - 1]})
        hosted.wait(lambda: table.game.state.phase == "results" and not table.busy)
        assert table.game.state.played.history[turn]["east_africa"]["orders"][0]["order"] == "B2"
        assert "What happened and why" in phone.get("seat").text
        phone.post("do", kind="go_on")
    assert table.game.state.phase == "over" and table.game.state.revealed
    page = phone.get("debrief")
    assert page.status == 200 and "unsafe-inline" in page.headers["content-security-policy"]
    assert "East Africa" in page.text and len(page.text) < 3_000_000
    assert "http://" not in page.text.replace("http://www.w3.org", "") and "https://" not in page.text


def test_a_draft_that_cannot_be_paid_is_said_and_the_years_wait(hosted):
    table = hosted.game()
    phone = seated(hosted, table, solo.prepare(table, "east_africa", watch=False))
    answer = phone.post("do", live=True, kind="go_on", **{**phone.orders(), "o.B3.value": "1"})
    assert answer.status == 422 and len(answer.text) > 20
    assert table.game.state.phase == "brief" and not table.busy


def test_after_a_turn_it_can_be_played_without_one_order(hosted):
    table = hosted.game()
    phone = seated(hosted, table, solo.prepare(table, "east_africa", watch=False))
    phone.post("do", kind="go_on", **{**phone.orders(), "o.B2.value": "0.8"})
    hosted.wait(lambda: table.game.state.phase == "results" and not table.busy)

    def asked():
        return re.search(r'id="had-not">.*?</section>', phone.get("seat").text, re.S)[0]

    assert "Second source" in asked() and "What if I had not?</button>" in asked()
    assert phone.post("do", live=True, kind="had_not", which="1-0").status == 200
    assert ("Points of your score" in asked()) != ("Nothing that your score counts" in asked())
    assert "What if I had not?</button>" not in asked()
    assert phone.post("do", live=True, kind="had_not", which="1-7").status == 422


def test_everybody_else_is_a_bot(hosted):
    table = hosted.game()
    solo.prepare(table, "us", watch=False)
    states = {seat["seat"]: seat["state"] for seat in table.game.view("us")["seats"]}
    assert {state for seat, state in states.items() if seat != "us"} == {"bot"}


def test_a_seat_that_is_not_in_the_game_is_said(hosted):
    with pytest.raises(InputError, match="choose one of us, cn"):
        solo.prepare(hosted.game(), "india", watch=False)


def test_a_bot_is_watched_to_the_end(hosted, monkeypatch):
    monkeypatch.setattr(solo, "WATCH_SECONDS", 1.0)
    table = hosted.game(turns=2)
    solo.prepare(table, "us", watch=True)
    loop = hosted.loop
    loop.call_soon_threadsafe(lambda: hosted.house.keep(solo.watch(hosted.house, table)))
    hosted.wait(lambda: table.game.state.revealed)
    assert set(table.game.state.played.results) == {1, 2}
