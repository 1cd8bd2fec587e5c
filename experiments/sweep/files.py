"""The files of a study's folder: written whole or not at all, and locked against another sweep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.outputs import FULL, OutputError
from stackcraft.model.files import TEMPORARY, write_whole

LOCK = ".lock-"


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all. Raises `OutputError` for a full disk and the like."""
    try:
        write_whole(content, path)
    except OSError as error:
        full = "the disk is full; free some space and give the same command again"
        raise OutputError(f"{path} cannot be written: {full if error.errno in FULL else error.strerror}") from None


def write_json(path: Path, value: Any) -> None:
    """Put `value` at `path` as JSON, whole or not at all. Raises `OutputError`."""
    write(path, (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


@contextmanager
def locked(folder: Path, label: str, patient: bool = False) -> Iterator[bool]:
    """Hold a folder under a label, and give whether the file system knows locks; `patient` waits until it is free.

    Raises `InputError` if another sweep holds it, `OutputError` if nothing can be written there.
    """
    path = folder / f"{LOCK}{label}"
    try:
        path.touch()
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from None
    lock = FileLock(path, timeout=-1 if patient else 0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"another sweep is at work in {folder}; wait for it, or name another folder with --out"
        ) from None
    except (OSError, NotImplementedError):  # a file system without locks: nothing warns of two sweeps in one folder
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def others_at_work(folder: Path, label: str) -> bool:
    """Return whether a sweep of another label holds the folder."""
    for path in folder.glob(f"{LOCK}*-of-*"):
        if path.name != f"{LOCK}{label}":
            try:
                with locked(folder, path.name.removeprefix(LOCK)):
                    pass
            except InputError:
                return True
    return False


def tidy(folder: Path, patterns: Iterable[str]) -> None:
    """Delete what sweeps that were killed left half written of the files that `patterns` describe.

    Nobody else may be at work in the folder. Other files stay, whatever their names.
    """
    for pattern in patterns:
        for path in folder.glob(f"{pattern}.*{TEMPORARY}"):
            path.unlink(missing_ok=True)
