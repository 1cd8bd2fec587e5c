"""The log: rows are only added, each seals the one before it, and a damaged file says so."""

import sqlite3

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.log import Log, delete


@pytest.fixture
def log(tmp_path):
    """A log of three rows."""
    made = Log(tmp_path / "A.db", new=True)
    for number in range(3):
        made.append("2026-01-01T00:00:00+00:00", 1, "talk", "p1", "drafted", body={"n": number}, key=f"k{number}",
                    answer={"ok": number})  # fmt: skip
    yield made
    made.close()


def test_rows_come_back_as_they_were_written(log):
    again = Log(log.path)
    assert [(row.seq, row.body, row.answer, row.key) for row in again.rows()] == [
        (n + 1, {"n": n}, {"ok": n}, f"k{n}") for n in range(3)
    ]
    assert again.answered("k1") == ("p1", "drafted", {"ok": 1}) and again.answered("other") is None
    again.close()


def test_it_is_on_the_disk_before_append_returns(log):
    settings = sqlite3.connect(log.path)
    assert settings.execute("pragma journal_mode").fetchone() == ("wal",)
    assert log._base.execute("pragma synchronous").fetchone() == (2,)  # FULL
    assert settings.execute("select count(*) from event").fetchone() == (3,)
    settings.close()


@pytest.mark.parametrize("edit", ["update event set body = '{}' where seq = 2", "delete from event where seq = 2"])
def test_an_edited_log_is_seen(log, edit):
    log._base.execute(edit)
    with pytest.raises(InputError, match="damaged at row"):
        Log(log.path)


def test_a_file_that_is_no_log_is_one_clear_line(tmp_path):
    (tmp_path / "B.db").write_bytes(b"not a database, but long enough to be read as one" * 50)
    for path in (tmp_path / "B.db", tmp_path / "missing.db"):
        with pytest.raises(InputError) as error:
            Log(path)
        assert "\n" not in str(error.value)


def test_a_second_writer_is_refused_and_not_interleaved(log):
    other = Log(log.path)
    log.append("2026-01-01T00:00:00+00:00", 1, "talk", "p1", "locked")
    with pytest.raises(InputError, match="open the game again"):
        other.append("2026-01-01T00:00:00+00:00", 1, "talk", "p2", "locked")
    assert [row.seq for row in Log(log.path).rows()] == [1, 2, 3, 4]
    other.close()


def test_delete_leaves_nothing(log, tmp_path):
    log.close()
    delete(log.path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="no such game"):
        delete(log.path)
