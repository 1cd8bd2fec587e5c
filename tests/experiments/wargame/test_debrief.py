"""The debrief: from the log alone, whole, small, without anything from elsewhere."""

import csv
import io
import re
import sqlite3

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import grades, story
from stackcraft.experiments.wargame.debrief import REPLAYED, Debrief, earlier_classes
from stackcraft.experiments.wargame.game import Wargame

PARTS = ("story", "happened", "reveal", "what-if", "whose", "regret", "beliefs", "promises", "comparison", "prompts")


@pytest.fixture(scope="module")
def quick(small_game):
    with Wargame.open(small_game.path, play=False) as game:
        yield Debrief(game, "quick")


def check_page(html):
    assert len(html.encode()) < 3_000_000
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)", html) and "@import" not in html and "url(" not in html
    for part in PARTS:
        assert html.count(f'id="{part}"') == 1
    links = set(re.findall(r'href="#([\w-]+)"', html))
    assert links <= set(PARTS)


def test_the_page_has_every_part_and_needs_nothing_else(quick):
    check_page(quick.html())


def test_the_log_alone_tells_cards_orders_and_scores(quick, small_game):
    html = quick.html()
    assert "people first" in html and "Kenya" in html
    for one in quick.data["seats"]:
        assert one["card"]["title"] in html
        assert one["score"]["by_run"] == small_game.scores()[one["seat"]]["by_run"]


def test_no_persons_name_reaches_the_page(tmp_path):
    with Wargame.create("game-2025", seats=("us",), turns=1, years_a_turn=1, shadows=0, folder=tmp_path) as game:
        game.apply("join", None, seat="us", name="Marker Person", code=game.code)
        game.advance()
        assert "Marker Person" not in Debrief(game, "quick").html()
        assert "Marker Person" not in grades.table(game.state)
        assert "Marker Person" in grades.key(game.state)


def test_the_table_has_a_row_for_each_seat_and_turn_and_no_formula(quick, tmp_path):
    path = quick.write_table(tmp_path / "class.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert len(rows) == 6 and set(rows[0]) == set(grades.COLUMNS)
    assert rows[0]["why"] == "'=hosting first"
    assert [row["forecast"] for row in rows if row["seat"] == "us"] == ["0.7", "0.2"]


def test_a_game_without_a_turn_has_nothing_to_tell(tmp_path):
    game = Wargame.create("game-2025", seats=("us",), shadows=0, folder=tmp_path)
    with game, pytest.raises(InputError, match="no turn"):
        Debrief(game)


def test_nothing_half_written_is_left(quick, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        quick.write(tmp_path / "nowhere" / "class.html")
    assert list(tmp_path.iterdir()) == []


def test_other_games_of_a_folder_are_compared_and_damaged_ones_left_out(small_game, tmp_path):
    (tmp_path / "BROKEN.db").write_bytes(b"no game")
    with sqlite3.connect(small_game.path) as source, sqlite3.connect(tmp_path / "OTHERS.db") as copy:
        source.backup(copy)
    assert earlier_classes(tmp_path, small_game.state) == []  # the same game is no other class
    other = type(small_game.state)()
    other.config, other.code = small_game.state.config, "ANOTHR"
    assert len(earlier_classes(tmp_path, other)) == 1


@pytest.mark.slow
def test_the_full_page_replays_the_game(small_game, tmp_path):
    told = []
    debrief = Debrief(small_game, say=lambda what, done, of: told.append((what, done, of)))
    check_page(debrief.html())
    data = debrief.data
    assert data["replays"] == "played" and told[-1][1] == told[-1][2]
    assert {one["seat"] for one in data["what_ifs"]} == {"us", "east_africa"}
    assert [one for one in data["promises"] if one["worth"]]
    assert set(data["regrets"]) == set(small_game.state.seats)


@pytest.mark.slow
def test_the_page_is_there_at_once_and_two_workers_find_what_one_finds(small_game, tmp_path):
    page, seen = tmp_path / "class.html", []
    debrief = Debrief(small_game, workers=2)
    for data in debrief.stages():
        parts = [name for name in REPLAYED if data[name] is not None]
        assert data["ready"] == len(parts) and (data["replays"] == "played") == (len(parts) == len(REPLAYED))
        seen.append(len(parts))
    assert seen == [*range(len(REPLAYED) + 1)]
    debrief.write(page)
    assert "pieces are ready" not in page.read_text(encoding="utf-8")
    assert debrief.data == Debrief(small_game).data


@pytest.mark.slow
def test_a_game_of_another_version_is_not_replayed(small_game, monkeypatch):
    debrief = Debrief(small_game)
    monkeypatch.setattr(debrief, "_same", lambda played: False)
    assert debrief.data["what_ifs"] is None and "another version" in debrief.data["replays"]
    assert "Parts 3 to 5 are missing" in debrief.html()


# questions


def made_up(**more):
    board = [
        {"turn": turn, "year": 2025 + 3 * turn, "stack": stack, "announced_bn": announced * turn, "delivered_bn": 1.0,
         "use": use + slope * turn, "trust": 0.8, "place": 0}
        for stack, announced, use, slope in (("US", 500.0, 55.0, -1.0), ("CN", 80.0, 15.0, 1.0)) for turn in (0, 1)
    ]  # fmt: skip
    seats = [{"seat": seat, "kind": kind, "score": None} for seat, kind in (("us", "home"), ("asean", "bloc"))]
    return {"board": board, "turns": [], "promises": [], "beliefs": [], "seats": seats, "what_ifs": [], **more}


def turn_of(seat, order, value, label=""):
    line = {"order": order, "value": value, "label": label, "sentence": "Said"}
    return {"turn": 1, "orders": {seat: {"orders": [line]}}}


def texts(data):
    return " ".join(one["text"] for one in story.prompts(data))


def test_headlines_without_use_are_asked_about():
    assert "Who was rewarded for which?" in texts(made_up())


def test_a_broken_guarantee_is_asked_about_before_a_kept_one():
    promise = {"form": "A2", "by": "us", "to": "asean", "state": "broken", "broken_by": "us", "does": "never cuts",
               "came_about": True, "by_an_order": True}  # fmt: skip
    assert "Would a treaty have stopped you?" in texts(made_up(promises=[promise]))
    assert "posted a bond" in texts(made_up(promises=[{**promise, "state": "kept", "broken_by": None}]))
    late = texts(made_up(promises=[{**promise, "by_an_order": False}]))
    assert "Nobody ordered that" in late and "treaty" not in late  # what the world broke is nobody's decision


def test_shutting_out_is_asked_about_with_what_it_did_to_use():
    line = {"turn": 1, "seat": "asean", "order": "B6.cn", "use": {"mean": -1.5}, "contract": None,
            "own": {"mean": 0.0, "low": -1.0, "high": 1.0}}  # fmt: skip
    data = made_up(turns=[turn_of("asean", "B6.cn", ["cloud"], "cloud")], what_ifs=[line])
    assert "shut Chinese vendors out of cloud and its use moved by -1.5 points" in texts(data)


def test_nobody_asked_is_silent_once_somebody_listened():
    assert "what it needed" in texts(made_up())
    assert "what it needed" not in texts(made_up(turns=[turn_of("us", "H7", 0.4)]))


def test_never_more_than_seven_questions_and_the_last_two_always():
    promise = {"form": "A2", "by": "us", "to": "asean", "state": "broken", "broken_by": "us", "does": "never cuts",
               "came_about": True, "by_an_order": True}  # fmt: skip
    club = {**promise, "form": "A5", "state": "kept", "by": "asean", "broken_by": None}
    turns = [turn_of("asean", "B6.us", ["cloud"], "cloud"), turn_of("us", "H10", None), turn_of("us", "H4", "camp")]
    gain = {"mean": 9.0, "low": 4.0, "high": 14.0}
    data = made_up(promises=[promise, club], turns=turns, regrets={"asean": {"gain": gain, "best": "hedge"}})
    found = story.prompts(data)
    assert len(found) == story.MOST_PROMPTS
    assert {text for text, _ in story.ASKED_ALWAYS} <= {one["text"] for one in found}
    assert [one["round"] for one in found] == sorted(one["round"] for one in found)


def test_a_dear_mistake_is_told_in_a_whole_sentence():
    worth = {"mean": -3.0, "low": -5.0, "high": -1.0}
    data = {"what_ifs": [{"own": worth, "seat": "gulf", "sentence": "Control: 0.5 to 0", "turn": 1}]}
    told = story._order(data)["text"]
    assert told == 'The dearest mistake was "Control: 0.5 to 0" by the Gulf in turn 1 (-3.0 points).'
