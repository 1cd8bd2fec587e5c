"""What a team and the facilitator can do beside orders: previews, forecasts, nudges, teams that are away."""

import time
from types import SimpleNamespace

import pytest

from stackcraft.viz.wargame import commands


@pytest.fixture
def talking(hosted):
    """A game in its first talk, with two people in one seat and one in another."""
    table = hosted.game()
    desk = hosted.desk(table)
    first, second, us = hosted.join(table, "asean"), hosted.join(table, "asean"), hosted.join(table, "us")
    for _ in range(2):
        desk.post("desk/do", kind="advance")
    return table, desk, first, second, us


def test_a_preview_is_read_by_the_team_until_its_draft_changes(talking, hosted):
    table, _, first, second, us = talking
    assert first.post("do", live=True, kind="preview").status == 422, "nothing is drafted"
    fields = {**first.orders(), "o.B6.us.value": ["cloud", "chips", "models"], "o.B6.us.shown": "1"}
    answer = first.post("do", live=True, kind="preview", **fields)
    assert answer.status == 200, answer.text
    for phone in (first, second):
        page = phone.get("seat").text
        assert "What this draft may change" in page and "8 imagined futures" in page
    assert "imagined futures" not in us.get("seat").text
    again = first.post("do", live=True, kind="preview", **fields)
    assert again.status == 422 and "one preview in 5 s" in again.text
    second.post("do", kind="draft", **{**fields, "o.B2.value": "0.4"})
    assert "imagined futures" not in first.get("seat").text
    assert table.game.state.chairs["us"].draft is None


def test_what_a_draft_might_have_changed_is_gone_once_its_turn_is_played(talking, hosted):
    table, _, first, _, _ = talking
    fields = {**first.orders(), "o.B6.us.value": ["cloud", "chips", "models"], "o.B6.us.shown": "1"}
    assert first.post("do", live=True, kind="preview", **fields).status == 200
    assert "imagined futures" in first.get("seat?tab=orders").text
    table.game.fill_with_bots()
    table.game.advance()
    hosted.wait(lambda: not table.busy)
    assert table.game.state.phase == "results" and "imagined futures" not in first.get("seat?tab=orders").text


def test_only_who_missed_a_turn_is_welcomed_back(talking, hosted, monkeypatch):
    table, desk, first, _, _ = talking
    person = table.game.reader(first.cookies["seat"][0]).person
    clock = [time.monotonic()]
    # The module's own name for it: the clock itself also wakes the server's loop, in a thread beside this one.
    monkeypatch.setattr(commands, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def back():
        clock[0] += 1000
        return commands.missed(table, person, live=False)

    back()
    desk.post("desk/do", kind="advance")
    assert back() == ""  # another phase of the same turn
    table.game.fill_with_bots()
    table.game.advance()
    hosted.wait(lambda: not table.busy)
    table.game.apply("advance", "facilitator")
    assert back().startswith("Welcome back")


def test_no_turn_waits_for_a_queue_of_previews(talking, hosted, monkeypatch):
    _, _, first, _, _ = talking
    monkeypatch.setattr(hosted.house, "previewing", 3)
    answer = first.post("do", live=True, kind="preview", **{**first.orders(), "o.B2.value": "0.4"})
    assert answer.status == 422 and "ask again" in answer.text
    assert hosted.house.previewing == 3


def test_each_person_of_a_team_forecasts_alone(talking):
    table, _, first, second, _ = talking
    first.post("do", kind="forecast", forecast="20")
    second.post("do", kind="draft", **{**second.orders(), "why": "together", "forecast": "70"})
    assert sorted(table.game.state.chairs["asean"].forecasts.values()) == [0.2, 0.7]
    first.post("do", kind="draft", **{**first.orders(), "why": "again"})
    assert sorted(table.game.state.chairs["asean"].forecasts.values()) == [0.2, 0.7]
    for phone, percent in ((first, "20"), (second, "70")):
        assert f'<option value="{percent}" selected>' in phone.get("seat").text


def test_the_facilitator_nudges_a_team(talking):
    _, desk, first, _, us = talking
    assert "Nudge" in desk.get("desk").text
    assert desk.post("desk/do", live=True, kind="nudge", seat="asean").status == 200
    assert "asks how far you are" in first.get("seat").text and "asks how far you are" not in us.get("seat").text
    assert "nudged" in desk.get("desk").text


def test_the_pen_is_passed_on_within_the_team(talking):
    table, _, first, second, us = talking
    assert "Give the pen" in first.get("seat?tab=us").text and "Give the pen" not in second.get("seat?tab=us").text
    assert first.post("do", live=True, kind="pass_pen", person="p3").status == 422, "another team's"
    assert us.post("do", live=True, kind="pass_pen", person="p2").status == 422
    assert first.post("do", live=True, kind="pass_pen", person="p2").status == 200
    assert table.game.state.chairs["asean"].pen == "p2"


def test_the_facilitator_hides_a_name(talking):
    table, desk, first, _, _ = talking
    first.post("do", kind="name", name="Rude Name")
    page = desk.get("desk").text
    assert "Rude Name" in page
    row = next(row for row in table.game.rows() if row.kind == "named")
    assert f'name="seq" value="{row.seq}"' in page
    desk.post("desk/do", kind="hide", seq=str(row.seq))
    page = desk.get("desk").text
    assert "Rude Name" not in page and f'name="seq" value="{row.seq}"' not in page


def test_the_phase_ends_without_the_teams_that_are_away(talking, hosted):
    table, desk, _, _, us = talking
    for person in ("p1", "p2"):
        table.game.seen[person] = time.monotonic() - 60
    for seat in (*table.game.state.seats[3:], "cn"):
        table.game.apply("hand_to_bot", "facilitator", seat=seat)
    us.post("do", kind="lock", **us.orders())
    for person in ("p1", "p2"):
        table.game.seen[person] = time.monotonic() - 60
    answer = desk.post("desk/do", live=True, kind="advance_slowest")
    assert answer.status == 200, answer.text
    assert table.game.state.phase == "orders" and table.game.state.chairs["asean"].locked
    assert desk.post("desk/do", live=True, kind="advance_slowest").status == 422
