"""Files that are whole or not there: written under another name, down to the disk, then moved to their place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

TEMPORARY = ".tmp"  # how the other name ends; it begins with a dot and the name of the file


@contextmanager
def whole_file(path: str | Path) -> Iterator[IO[bytes]]:
    """Give a stream of bytes that becomes the file at `path` when the block ends well, also if the power fails then.

    Several processes may write one file at the same time: one of them wins, whole. Raises `OSError`, leaving nothing
    behind.
    """
    path = Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_mask())  # a temporary file is for its owner's eyes only
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def write_whole(content: str | bytes | memoryview, path: str | Path) -> Path:
    """Write a file whole or not at all and return its path; text as UTF-8. Raises `OSError`."""
    with whole_file(path) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
    return Path(path)


def _mask() -> int:
    """Return the mask that the permissions of new files follow."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    """Make a rename in a folder last; some systems cannot, and need not."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
