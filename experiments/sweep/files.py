"""Files that are whole or not there: a temporary file beside the place, flushed to the disk, then renamed."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.outputs import OutputError

try:
    import fcntl
except ImportError:  # a system without file locks: nothing warns of two sweeps in one folder
    fcntl = None

TEMPORARY = ".tmp"


def write(path: Path, data: bytes, owner: str = "") -> None:
    """Put `data` at `path`, whole or not at all, also if the machine loses power. `owner` keeps writers of one file
    apart.

    Raises `OutputError` for a full disk and the like.
    """
    temporary = path.with_name(f".{path.name}{'.' + owner if owner else ''}{TEMPORARY}")
    try:
        with open(temporary, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        flush_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = (
            "the disk is full; free some space and give the same command again"
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else error.strerror
        )
        raise OutputError(f"{path} cannot be written: {reason}") from None


def flush_folder(folder: Path) -> None:
    """Make renames in a folder last; some systems cannot, and need not."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def write_json(path: Path, value: Any, owner: str = "") -> None:
    write(path, (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(), owner)


def read_json(path: Path, what: str) -> Any:
    """The value in a JSON file. Raises `InputError` that names the file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{what} {path} is damaged: it is no JSON") from None


@contextmanager
def locked(folder: Path, label: str, patient: bool = False) -> Iterator[None]:
    """Hold a folder under a label; `patient` waits until it is free. Raises `InputError` if another sweep holds it,
    `OutputError` if
    nothing can be written there."""
    if fcntl is None:
        yield
        return
    try:
        stream = open(folder / f".lock-{label}", "w")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
        except BlockingIOError:
            raise InputError(
                f"another sweep is at work in {folder}; wait for it, or name another folder with --out"
            ) from None
        except OSError:  # a file system without locks
            pass
        yield


def others_at_work(folder: Path, label: str) -> bool:
    """Whether a sweep of another label holds the folder."""
    for path in folder.glob(".lock-*-of-*"):
        if path.name != f".lock-{label}":
            try:
                with locked(folder, path.name.removeprefix(".lock-")):
                    pass
            except InputError:
                return True
    return False
