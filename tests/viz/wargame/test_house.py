"""Games at their tables: opened when asked for, closed to make room, watched by the clock."""

import asyncio
import time

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.viz.wargame.house import House


def test_a_turn_is_played_while_pages_are_answered(hosted):
    table = hosted.game(shadows=15, years_a_turn=3)
    phone, desk = hosted.join(table, "asean"), hosted.desk(table)
    for _ in range(3):
        desk.post("desk/do", kind="advance")
    desk.post("desk/do", kind="advance")
    times = []
    while table.busy or table.game.state.phase == "resolve":
        began = time.perf_counter()
        assert phone.get("seat").status == 200
        times.append(time.perf_counter() - began)
    assert len(times) > 3, "pages were answered while the turn was played"
    assert sorted(times)[len(times) // 2] < 1.0
    assert table.game.state.phase == "results"


def test_commands_are_refused_in_a_sentence_while_a_turn_is_played(hosted):
    table = hosted.game()
    phone = hosted.join(table, "asean")
    table.busy = True
    try:
        answer = phone.post("do", live=True, kind="draft", why="too late")
    finally:
        table.busy = False
    assert answer.status == 422 and "few seconds" in answer.text


def test_a_clock_that_is_out_moves_the_game_on(hosted):
    table = hosted.game(clock={"brief": 1})
    hosted.join(table, "asean")
    table.apply("advance", "facilitator")
    hosted.wait(lambda: table.game.state.phase == "talk")
    assert table.game.rows()[-1].actor in ("clock", "facilitator") or table.game.rows()[-1].kind in (
        "locked",
        "drafted",
    )


def test_a_rewind_plays_the_turns_before_it_again_and_pages_wait(hosted):
    table = hosted.game()
    phone, desk = hosted.join(table, "asean"), hosted.desk(table)
    for _ in range(4):
        desk.post("desk/do", kind="advance")
    hosted.wait(lambda: table.game.state.phase == "results" and not table.busy)
    digest = table.game.digest
    assert desk.post("desk/do", live=True, kind="rewind", turn="1").status == 200
    assert table.game.state.phase == "brief" and table.game.state.turn == 1
    assert "Turn 1 of 3" in phone.get("seat").text
    for _ in range(3):
        desk.post("desk/do", kind="advance")
    hosted.wait(lambda: table.game.state.phase == "results" and not table.busy)
    assert table.game.digest == digest, "the same luck, the same orders"


def test_the_ninth_game_is_refused_in_a_sentence_and_an_idle_one_makes_room(hosted, tmp_path):
    first = hosted.game()
    house = House(tmp_path, most=1)
    house.tables[first.name] = first
    first.feed.listening["p1"] = {asyncio.Event()}
    try:
        with pytest.raises(InputError, match="1 games are open"):
            house._make_room()
        first.busy = True
        first.feed.listening.clear()
        with pytest.raises(InputError, match="1 games are open"):
            house._make_room()
    finally:
        first.busy = False
        first.feed.listening.clear()


def test_games_are_deleted_after_their_time(hosted, tmp_path):
    import os
    import shutil

    table = hosted.game()
    path = tmp_path / f"{table.name}.db"
    shutil.copy(hosted.house.folder / path.name, path)
    os.utime(path, (time.time() - 31 * 86400,) * 2)
    assert House(tmp_path, keep_days=32).delete_old() == [] and path.exists()
    assert House(tmp_path, keep_days=30).delete_old() == [table.name] and not path.exists()
