"""What goes wrong on a teacher's machine: a full disk, a deleted file, a clock that is set anew."""

from datetime import UTC, datetime, timedelta

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Wargame, export, game
from stackcraft.experiments.wargame.log import Log
from tests.experiments.wargame.conftest import SMALL


def full(log, spare=0):
    """Let the file grow no further than `spare` pages."""
    pages = log._base.execute("pragma page_count").fetchone()[0]
    log._base.execute(f"pragma max_page_count = {pages + spare}")


def emptied(log):
    """Make room again."""
    log._base.execute("pragma max_page_count = 1000000")


def test_a_turn_played_on_a_full_disk_is_played_to_the_end_once_there_is_room(small):
    small.fill_with_bots()
    small.begin_turn("talk")
    small.apply("advance", "facilitator"), small.apply("advance", "facilitator")
    full(small._log)
    with pytest.raises(InputError, match="full"):
        small.resolve()
    assert small.state.phase == "resolve" and not small.unscored
    emptied(small._log)
    small.resolve()
    assert small.state.phase == "results" and small.state.played.scores[1]
    with Wargame.open(small.path, play=False) as read:
        assert set(read.records) == {0, 1}


def test_scores_that_did_not_fit_are_written_later(small, monkeypatch):
    small.fill_with_bots()
    with monkeypatch.context() as broken:
        broken.setattr(small, "_score", lambda: full(small._log) or Wargame._score(small))
        with pytest.raises(InputError, match="full"):
            small.advance()
    assert small.state.phase == "results" and small.unscored
    emptied(small._log)
    small.resolve()
    assert not small.unscored and set(small.state.played.scores[1]) == set(SMALL["seats"])


def test_a_game_that_cannot_be_made_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(Log, "keep_turn", lambda *_: (_ for _ in ()).throw(InputError("the disk is full")))
    with pytest.raises(InputError, match="full"):
        Wargame.create("game-2025", folder=tmp_path, **SMALL)
    assert not list(tmp_path.iterdir())


def test_nothing_is_acknowledged_that_goes_into_a_deleted_file(small):
    before = small.version
    small.path.unlink()
    with pytest.raises(InputError, match="is gone"):
        small.apply("announce", "facilitator", text="heard by nobody")
    assert small.version == before


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_set_anew_leaves_a_phase_its_time(tmp_path, monkeypatch, jump):
    with Wargame.create("game-2025", folder=tmp_path, clock=True, **SMALL) as one:
        one.begin_turn()
        left = (one.state.clock.ends_at - datetime.now(UTC)).total_seconds()
        assert left > 20 and not one.due()

        class Later(datetime):
            @classmethod
            def now(cls, zone=None):
                return datetime.now(zone) + timedelta(seconds=jump)

        ahead = game._ahead()
        monkeypatch.setattr(game, "datetime", Later)
        monkeypatch.setattr(game, "_ahead", lambda: ahead + jump)
        assert not one.due()
        assert (one.state.clock.ends_at - Later.now(UTC)).total_seconds() == pytest.approx(left, abs=3)
        before = one.version
        assert not one.due() and one.version == before


def test_turns_taken_back_are_not_read_as_played(small):
    small.fill_with_bots()
    small.advance(), small.advance()
    small.rewind(2)
    with Wargame.open(small.path, play=False) as read:
        assert set(read.records) == {0, 1}


def test_hidden_words_are_not_given_away(joined, tmp_path):
    one, people = joined
    one.apply("draft", people["us"], orders=[], why="a rude reason")
    rude = one.version
    one.apply("announce", "facilitator", text="a rude line")
    seen = one.version
    one.apply("draft", people["us"], orders=[], why="a fair reason")
    one.apply("draft", people["us"], orders=[], why="a rude reason")
    one.apply("hide", "facilitator", seq=rude), one.apply("hide", "facilitator", seq=seen)
    one.advance()
    written = export.write(one.path, tmp_path / "log.jsonl").read_text()
    assert "a fair reason" in written and "a rude" not in written


def test_nobody_takes_the_name_of_somebody_else(joined):
    game, people = joined
    game.apply("name", people["us"], name="Heron")
    for name in ("Heron", " heron", "Facilitator"):
        with pytest.raises(InputError, match="choose another name"):
            game.apply("name", people["asean"], name=name)
        with pytest.raises(InputError, match="choose another name"):
            game.apply("join", None, code=game.code, seat="gulf", name=name)
    game.apply("name", people["us"], name="Heron")  # one's own name stays one's own
