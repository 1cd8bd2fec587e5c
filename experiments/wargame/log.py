"""The log of a game: one SQLite file, to which rows are only ever added.

A row is on the disk before `append` returns (WAL, synchronous FULL), so nothing that was acknowledged is lost, be it to
`kill -9` or to a power cut. Each row holds the SHA-256 of itself and the row before it: a torn or edited log is seen.
The table `turn` is derived from the log and the simulation; it keeps old games readable and may be dropped.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from stackcraft.agents.errors import InputError

SCHEMA = """
create table if not exists event(
    seq integer primary key, at text not null, turn int not null, phase text not null, actor text not null,
    kind text not null, body text not null, answer text not null, key text unique, hash text not null);
create table if not exists turn(
    turn integer primary key, digest text not null, public text not null, seats text not null);
"""
LOCK = ".lock"  # the ending of the file by which a server holds a game
COLUMNS = "seq, at, turn, phase, actor, kind, body, answer, key, hash"
LARGEST_BODY = 64_000  # signs of a command's body; results are not commands


@dataclass(frozen=True)
class Row:
    """One row: what happened, when, by whom. `answer` is what a repeated command gets again."""

    seq: int
    at: str
    turn: int
    phase: str
    actor: str
    kind: str
    body: dict[str, Any]
    answer: dict[str, Any]
    key: str | None
    hash: str


def plain(value: Any) -> str:
    """A value as JSON with sorted keys, the form in which it is hashed."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def chained(before: str, fields: tuple[Any, ...]) -> str:
    """The hash of a row that follows the one whose hash is `before`."""
    return hashlib.sha256(f"{before}\n{plain(list(fields))}".encode("utf-8", "surrogatepass")).hexdigest()


class Log:
    """A game's file. Safe to be used by several threads; one process writes at a time."""

    def __init__(self, path: str | Path, new: bool = False) -> None:
        """Open a log, or begin one. Raises `InputError` for a file that is none, or is there although `new`."""
        self.path = Path(path)
        if new and self.path.exists():
            raise InputError(f"{self.path} is there already; give another name")
        if not new and not self.path.is_file():
            raise InputError(f"{self.path}: there is no such game")
        self._lock = threading.RLock()
        try:
            self._base = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
            self._base.execute("pragma journal_mode=wal")
            self._base.execute("pragma synchronous=full")
            self._base.executescript(SCHEMA) if new else self._base.execute(f"select {COLUMNS} from event limit 1")
        except sqlite3.Error as error:
            raise InputError(f"{self.path} cannot be read as a game: {error}") from None
        self.last, self.hash = 0, ""
        for row in self.rows():
            self.last, self.hash = row.seq, row.hash

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Yield the rows after a number, in order, each checked against its hash. Raises `InputError`."""
        with self._lock:
            try:
                stored = self._base.execute(f"select {COLUMNS} from event order by seq").fetchall()
            except sqlite3.Error as error:
                raise InputError(f"{self.path} is damaged: {error}") from None
        before = ""
        for number, (seq, *fields, own) in enumerate(stored, start=1):
            at, turn, phase, actor, kind, body, answer, key = fields
            if seq != number or own != chained(before, (seq, *fields)):
                raise InputError(f"{self.path} is damaged at row {seq}: edited or torn; the rows before it are whole")
            before = own
            if seq > after:
                yield Row(seq, at, turn, phase, actor, kind, json.loads(body), json.loads(answer), key, own)

    def answered(self, key: str | None) -> tuple[str, str, dict[str, Any]] | None:
        """Actor, kind and answer of the command with this key, or None where there was none."""
        if key is None:
            return None
        with self._lock:
            found = self._base.execute("select actor, kind, answer from event where key = ?", (key,)).fetchone()
        return None if found is None else (found[0], found[1], json.loads(found[2]))

    def append(self, at: str, turn: int, phase: str, actor: str, kind: str, **more: Any) -> Row:
        """Add a row (`body`, `answer`, `key`) and return it once it is on the disk."""
        body, answer, key = more.get("body", {}), more.get("answer", {}), more.get("key")
        with self._lock:
            fields = (self.last + 1, at, turn, phase, actor, kind, plain(body), plain(answer), key)
            own = chained(self.hash, fields)
            self._write("insert into event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*fields, own))
            self.last, self.hash = fields[0], own
        return Row(*fields[:6], json.loads(fields[6]), json.loads(fields[7]), key, own)

    def keep_turn(self, turn: int, digest: str, public: Any, seats: Any) -> None:
        """Keep what a turn gave, in place of what was kept of it."""
        with self._lock:
            values = (turn, digest, plain(public), plain(seats))
            self._write("insert or replace into turn values (?, ?, ?, ?)", values)

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        """Write. Raises `InputError` on a full disk, or where the file is gone, though it could still be written to."""
        if not self.path.exists():
            raise InputError(f"{self.path} is gone: nothing more can be kept; put it back, or begin another game")
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise InputError(f"{self.path} was not written to ({error}); open the game again") from None

    def turns(self) -> dict[int, tuple[str, Any, Any]]:
        """Digest, public and seats' records of the turns kept, by turn."""
        with self._lock:
            found = self._base.execute("select turn, digest, public, seats from turn order by turn").fetchall()
        return {turn: (digest, json.loads(public), json.loads(seats)) for turn, digest, public, seats in found}

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._base.close()


def delete(path: str | Path) -> None:
    """Delete a game's file and what SQLite keeps beside it. Raises `InputError` if it is not there, or being played."""
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such game")
    with suppress(OSError, NotImplementedError):  # a folder that knows no locks
        try:
            FileLock(path.with_suffix(LOCK)).acquire(timeout=0).lock.release()
        except Timeout:
            raise InputError(f"{path} is being played: end its server first") from None
    erase(path)


def erase(path: Path) -> None:
    """Delete whatever there is of a game's file."""
    for name in (f"{path}-wal", f"{path}-shm", path.with_suffix(LOCK), path):
        Path(name).unlink(missing_ok=True)
