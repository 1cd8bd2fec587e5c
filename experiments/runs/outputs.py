"""What a run leaves behind: a folder with the results, the deals, the report and a manifest to repeat it from.

The folder is made beside its place, inside a hidden one, and moved there when it is whole, so that a full disk or
Ctrl-C never leaves something that looks finished. The hidden folder is locked as long as its process lives: what a dead
process has left (a power cut, `kill -9`) is known by its free lock; the next run to the same place deletes it.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from stackcraft.agents.errors import InputError
from stackcraft.experiments.json_files import read_json

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

RESULTS = "results.nc"
DEALS = "deals.parquet"
MANIFEST = "manifest.json"
REPORT = "report.html"
SCENARIO = "scenario.toml"
DIFFERENCES = "differences.json"
PAIRED = (RESULTS, DEALS, SCENARIO)  # a comparison has one of each for A and for B
NAMES = {*PAIRED, MANIFEST, REPORT, DIFFERENCES, *(f"{side}-{name}" for side in "ab" for name in PAIRED)}


NEW, EARLIER, WRITING = "new", "earlier", ".writing"  # in the hidden folder: what is written, what it replaces, a lock
FULL = (errno.ENOSPC, errno.EDQUOT)


class OutputError(OSError):
    """Outputs that could not be written, in one line. The command line leaves with exit code 1."""


@contextmanager
def output_folder(folder: str | Path) -> Iterator[Path]:
    """Give a temporary folder to write into; it takes the place of `folder` when the block ends well.

    An earlier output folder is replaced. Raises `InputError` if `folder` holds anything else, and `OutputError`,
    leaving nothing behind, if it cannot be written.
    """
    folder = Path(folder).absolute()
    check_place(folder)
    # A folder made on the way, such as results/, goes again if the writing fails.
    missing = [path for path in (folder.parent, *folder.parent.parents) if not path.exists()]
    hidden = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        tidy_leftovers(folder)
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        with _locked(hidden):
            (hidden / NEW).mkdir()
            yield hidden / NEW
            _put_in_place(hidden, folder)
    except OSError as error:
        if isinstance(error, OutputError) or error.errno is None:
            raise
        raise cannot_write(folder, error) from None
    finally:
        if hidden:
            shutil.rmtree(hidden, ignore_errors=True)
        for path in missing:
            try:
                path.rmdir()
            except OSError:
                break


@contextmanager
def _locked(hidden: Path) -> Iterator[None]:
    """Hold the lock of a hidden folder, where the file system knows locks."""
    lock = FileLock(hidden / WRITING)
    with suppress(NotImplementedError):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def tidy_leftovers(folder: Path) -> None:
    """Delete what runs to `folder` that have died left half written; earlier outputs they had moved aside come back."""
    for hidden in folder.parent.glob(f".{glob.escape(folder.name)}.*"):
        if not (hidden / WRITING).is_file():  # not ours, or its process is just beginning
            continue
        with suppress(OSError, Timeout, NotImplementedError), FileLock(hidden / WRITING, timeout=0):
            if (hidden / EARLIER).exists() and not os.path.lexists(folder):
                os.replace(hidden / EARLIER, folder)
            shutil.rmtree(hidden, ignore_errors=True)


def check_place(folder: str | Path) -> None:
    """Say so before the work is done if outputs cannot go to `folder`.

    Raises `InputError` if something other than earlier outputs is in the way or nobody can write there, `OutputError`
    if the disk is full.
    """
    folder = Path(folder).absolute()
    if folder.is_dir():
        if stranger := _stranger(folder):
            raise InputError(f"--out {folder} holds {stranger}; name a new or empty folder")
    elif os.path.lexists(folder):
        raise InputError(f"--out {folder} is a file; name a folder")
    _check_parent(folder, "folder")


def _stranger(folder: Path) -> str:
    """Return what in `folder` is not as an earlier run left it, in words; an empty text if it may be replaced.

    A name such as scenario.toml does not make a file ours: people write such files, or change one that we wrote.
    """
    names = sorted(path.name for path in folder.iterdir())
    if others := [name for name in names if name not in NAMES or not (folder / name).is_file()]:
        return f"{others[0]}, which is not an output of Stackcraft"
    if not names:
        return ""
    try:
        manifest = read_json(folder / MANIFEST, "manifest")
    except InputError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("program") != "stackcraft":
        return f"{names[0]}, but no manifest which says that Stackcraft wrote it"
    written = manifest.get("files") if isinstance(manifest.get("files"), dict) else {}
    for name in names:
        if name != MANIFEST and written.get(name) != _size_and_hash(folder / name):
            return f"{name}, which is not as Stackcraft wrote it"
    return ""


def _size_and_hash(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def check_file(path: str | Path) -> None:
    """Say so before the work is done if a page cannot be written to `path`; nothing else than a page is replaced.

    Raises `InputError` if `path` is not the name of a page, something is in the way or nobody can write there,
    `OutputError` if the disk is full.
    """
    path = Path(path).absolute()
    if path.is_dir():
        raise InputError(f"--out {path} is a folder; name a file in it, such as {path / REPORT}")
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            f"--out {path} is not the name of a page; name a file such as {path.with_suffix('.html').name}"
        )
    _check_parent(path, "file")


def _check_parent(path: Path, kind: str) -> None:
    """Check that `path`, a `kind`, can be made: asking for permission is not enough on every file system, so try it."""
    parent = next(place for place in path.parents if os.path.lexists(place))
    if not parent.is_dir():
        raise InputError(f"--out {path}: {parent} is a file; name a {kind}" + " in a folder" * (kind == "file"))
    try:
        os.rmdir(tempfile.mkdtemp(prefix=".stackcraft-", dir=parent))
    except OSError as error:
        refusal = cannot_write(path, error, kind)
        if error.errno in FULL:
            raise refusal from None
        raise InputError(f"--out {refusal}") from None


def write_results(results: xr.Dataset, path: Path) -> None:
    """`results` as NetCDF: compressed, real numbers in single precision. Raises `OSError`."""
    encoding = {}
    for name, variable in results.variables.items():
        if variable.dtype.kind == "f" and variable.ndim:
            encoding[name] = {"dtype": "float32", "zlib": True, "complevel": 1, "shuffle": True}
        elif variable.dtype.kind in "iub" and variable.ndim > 1:
            encoding[name] = {"zlib": True, "complevel": 1, "shuffle": True}
    # Written to memory first: HDF5 meets a full disk with pages of complaints.
    path.write_bytes(results.to_netcdf(engine="h5netcdf", encoding=encoding))


def write_deals(deals: pd.DataFrame, path: Path) -> None:
    """`deals` as Parquet. Raises `OSError`."""
    buffer = io.BytesIO()
    deals.to_parquet(buffer, compression="zstd", index=False)
    path.write_bytes(buffer.getbuffer())


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """The manifest, with the size and SHA-256 of every file already in `folder`."""
    files = {path.name: _size_and_hash(path) for path in sorted(folder.iterdir())}
    text = json.dumps({**manifest, "files": files}, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def results_hash(results: xr.Dataset) -> str:
    """SHA-256 over the names, shapes and bits of everything in `results`; equal only if every bit is."""
    digest = hashlib.sha256()
    for name in sorted(map(str, results.variables)):
        variable = results.variables[name]
        values = variable.to_numpy()
        if values.dtype.kind in "OUTS" or values.dtype.kind not in "fiub":
            data = json.dumps(values.tolist(), default=str).encode()
        else:
            # One not-a-number is as good as another; and -0.0 equals 0.0.
            if values.dtype.kind == "f":
                values = values + 0.0
                values[values != values] = float("nan")
            data = values.astype(values.dtype.newbyteorder("<")).tobytes()
        digest.update(json.dumps([name, variable.dims, values.dtype.kind, values.shape]).encode())
        digest.update(data)
    return digest.hexdigest()


def _put_in_place(hidden: Path, folder: Path) -> None:
    """Move a finished folder to its place; what was there before goes only once the new one is there."""
    try:
        if os.path.lexists(folder):
            os.replace(folder, hidden / EARLIER)
        os.replace(hidden / NEW, folder)
    except BaseException:
        if (hidden / EARLIER).exists() and not os.path.lexists(folder):
            os.replace(hidden / EARLIER, folder)
        raise


REASONS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your disk quota is used up; free some space",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the disk is read-only",
}


def cannot_write(place: Path, error: OSError, kind: str = "folder") -> OutputError:
    """Return the one line for outputs that could not be written to `place`, a `kind` named with --out."""
    reason = REASONS.get(error.errno, error.strerror or str(error))
    joint = " or" if error.errno in FULL else ";"
    return OutputError(f"{place} cannot be written: {reason}{joint} name another {kind} with --out")
