"""A game's log for others to read: every row, without what says who somebody was or lets anybody in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.folding import HIDDEN
from stackcraft.experiments.wargame.log import Log, Row, plain
from stackcraft.model.files import whole_file

LEFT_OUT = ("token", "phrase", "code", "name")  # of a row's body: hashes, the join code, what people call themselves
WORDS = ("why", "text", "reason")  # of a row's body: what somebody wrote
OF_THE_GAME = ("created",)  # rows whose `code` and `name` are not a person's


def exported(log: Log) -> Iterator[dict[str, Any]]:
    """Yield the rows of a log as plain tables. People are called by their numbers ("p3"); answers are left out, and the
    words that the facilitator has hidden.
    """
    rows = list(log.rows())
    taken = {row.body["seq"] for row in rows if row.kind == "hidden"}
    hidden = {words for row in rows if row.seq in taken for words in _words(row.body)}
    for row in rows:
        yield {
            "seq": row.seq, "at": row.at, "turn": row.turn, "phase": row.phase, "actor": row.actor, "kind": row.kind,
            "body": _without(_body(row), hidden),
        }  # fmt: skip


def _body(row: Row) -> dict[str, Any]:
    left_out = ("code",) if row.kind in OF_THE_GAME else LEFT_OUT
    return {name: value for name, value in row.body.items() if name not in left_out}


def _words(value: Any) -> Iterator[str]:
    """Yield what somebody wrote, at any depth of a body."""
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name in WORDS and isinstance(one, str))
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words(one)


def _without(value: Any, hidden: set[str]) -> Any:
    """A body without hidden words; a reason, say, stands in the row of its draft and in that of the turn."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if name in WORDS and isinstance(one, str) and one in hidden else _without(one, hidden)
            for name, one in value.items()
        }
    return [_without(one, hidden) for one in value] if isinstance(value, list) else value


def write(game: str | Path, path: str | Path) -> Path:
    """Write a game's log to a file, a row a line as JSON, whole or not at all. Raises `InputError`."""
    path, log = Path(path), Log(game)
    try:
        if not path.parent.is_dir():
            raise InputError(f"{path}: folder {path.parent} does not exist; make it first")
        with whole_file(path) as stream:
            for row in exported(log):
                stream.write(f"{plain(row)}\n".encode())
    finally:
        log.close()
    return path
