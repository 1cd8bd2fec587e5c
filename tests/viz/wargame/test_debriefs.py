"""The debrief on its page: begun with the end of the game, made once for all, and anew where it would differ."""

import threading

import pytest

from stackcraft.viz.wargame import debriefs


@pytest.fixture
def replays(monkeypatch):
    """How often replays were begun; they are not played."""
    begun = []

    async def none(table, held):
        begun.append(table.name)

    monkeypatch.setattr(debriefs, "_replays", none)
    return begun


@pytest.fixture
def ended(hosted, replays):
    """A game whose last turn is played, with the facilitator's device and a phone."""
    table = hosted.game(turns=1, seats=("us", "cn", "asean"))
    desk, phone = hosted.desk(table), hosted.join(table, "asean")
    hosted.house.debriefs_ahead = True
    for _ in range(4):
        desk.post("desk/do", kind="advance")
    hosted.wait(lambda: "page" in table.debriefs)
    hosted.house.debriefs_ahead = False
    return table, desk, phone


def test_it_is_there_by_the_reveal_and_unseen_before(ended, replays):
    table, desk, phone = ended
    assert replays == [table.name]
    assert "opens when the game is over" in phone.get("debrief").text
    desk.post("desk/do", kind="reveal")
    assert "The reveal" in phone.get("debrief").text and replays == [table.name]


def test_whoever_comes_and_goes_does_not_begin_it_again_and_an_override_does(ended, replays, hosted):
    table, desk, phone = ended
    desk.post("desk/do", kind="reveal")
    phone.post("do", kind="name", name="Somebody")
    hosted.join(table, "us")
    assert phone.get("debrief").status == 200 and len(replays) == 1
    desk.post("desk/do", kind="override", what="score", seat="us", points="2", reason="asked a good question")
    assert "asked a good question" in phone.get("debrief").text
    hosted.wait(lambda: len(replays) == 2)


def test_all_who_ask_at_once_wait_for_the_same_page(ended, replays, hosted):
    table, desk, phone = ended
    desk.post("desk/do", kind="reveal")
    table.debriefs = {}
    answers = []
    askers = [threading.Thread(target=lambda: answers.append(phone.get("debrief").status)) for _ in range(12)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert answers == [200] * 12
    hosted.wait(lambda: len(replays) > 1)
    assert len(replays) == 2
