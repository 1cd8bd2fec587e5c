"""`stackcraft wargame bots | replay | export`: games without pages."""

import json
import sqlite3

import pytest

from stackcraft.viz.cli import main

pytestmark = pytest.mark.usefixtures("compiled")
SMALL = ("--seats", "two", "--turns", "2", "--years-a-turn", "1", "--seed", "5")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The file of a small game that bots played."""
    folder = tmp_path_factory.mktemp("games")
    assert main.main(["wargame", "bots", *SMALL, "--games", str(folder)]) == 0
    return next(folder.glob("*.db"))


def test_a_game_by_bots_prints_every_seats_score(tmp_path, capsys):
    assert main.main(["wargame", "bots", *SMALL, "--games", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert "Scores after turn 2" in out and " us " in out and " cn " in out
    assert str(next(tmp_path.glob("*.db"))) in out.replace("\n", "")
    assert err.count("turn ") == 2


def test_a_replay_agrees_and_writes_nothing(played, capsys):
    before = played.read_bytes()
    assert main.main(["wargame", "replay", str(played), "--check"]) == 0
    assert "2 of 2 turns played again, all as they were" in capsys.readouterr().out
    assert played.read_bytes() == before


def test_a_replay_of_a_damaged_game_is_one_clear_line(played, tmp_path, capsys):
    torn = tmp_path / "torn.db"
    torn.write_bytes(played.read_bytes())
    with sqlite3.connect(torn) as base:
        base.execute("update event set body = replace(body, 'us_government', 'cn_government') where kind = 'resolving'")
    assert main.main(["wargame", "replay", str(torn)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "damaged at row" in err
    assert main.main(["wargame", "replay", str(tmp_path / "none.db")]) == 2
    assert "no such game" in capsys.readouterr().err


def test_an_export_is_a_row_a_line(played, tmp_path, capsys):
    assert main.main(["wargame", "export", str(played), "-o", str(tmp_path / "log.jsonl")]) == 0
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[0]["kind"] == "created" and [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


def test_a_game_that_is_not_there_is_refused_and_leaves_nothing(tmp_path, capsys):
    assert main.main(["wargame", "bots", "game-2052", "--games", str(tmp_path / "g")]) == 2
    assert "game-2025" in capsys.readouterr().err and not (tmp_path / "g").exists()
