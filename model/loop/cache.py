"""Where compiled code is kept: in one folder for each version of the loop, compressed, and compiled by one process.

The folder is named by what its kernels were compiled from: the source of the loop, of everything that it imports from
this project (numbers defined there are frozen into the code), and the versions of Python and of the compiler. Other
code, other folder; another copy of the same code, the same folder. numba's own cache is not used: it does not notice
when a callee in another file changes, nor that a file is damaged, and it keeps object code and bitcode as they are
(many times what these files take).
"""

import ast
import gc
import hashlib
import os
import pickle
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
import numba
import numpy
from filelock import FileLock, Timeout
from numba.core.caching import FunctionCache
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from stackcraft.agents.source_code import without_comments

MOST_BYTES = 600_000_000  # of all versions together; the present one always stays
WHOLE = 30  # parts that take about as long as what is compiled as a whole: all of its parts are optimised then
KERNELS = 511  # that a first run compiles, wholes counted `WHOLE` times; measured, for the progress shown
MINUTES = 1.1  # that this took of one core; measured. Two share it, so that a first result takes half of it
PATIENCE = 600.0  # seconds without a new kernel after which a process no longer waits for the one that compiles
STEP = 0.5  # seconds between two looks at what another process does
OBJECTS_PER_COLLECTION = 50_000  # while compiling: Python's own 700 has it look for garbage all the time
LOUD = 5.0  # seconds of compiling after which a process that shows no progress prints a line
MARKER, LOCK, ENDING, PART = "CACHEDIR.TAG", "lock", ".kernel", ".part"
SOURCE = "source-"  # begins the name of an empty file that says which source, as it stands, a version belongs to
TAG = """Signature: 8a477f597d28d172789f06886806bc55
# Compiled code of Stackcraft, made by the first run of a version. It may be deleted: the next run compiles it again.
"""
NAME = re.compile(r"loop-[0-9a-f]{16}")


class Progress(NamedTuple):
    """How far compiling is: kernels compiled, wholes `WHOLE` times, and whether another process compiles them."""

    kernels: int
    waiting: bool

    @property
    def share(self) -> float:
        """Return about how much of what a first run needs is compiled, from 0 to 1."""
        return min(1.0, self.kernels / KERNELS)


watchers: list[Callable[[Progress], None]] = []  # called when a kernel has been compiled, and while waiting


def fingerprint() -> str:
    """Return a short hash of everything that compiled code depends on, comments and docstrings left out."""
    package = Path(__file__).parents[2]
    versions = (f"{sys.version_info[0]}.{sys.version_info[1]}", numba.__version__, llvmlite.__version__)
    digest = hashlib.sha256(" ".join((*versions, numpy.__version__)).encode())
    waiting = [path for path in sorted(Path(__file__).parent.glob("*.py")) if path != Path(__file__)]
    seen = set(waiting) | {Path(__file__)}
    while waiting:
        path = waiting.pop(0)
        source = path.read_text(encoding="utf-8")
        digest.update(path.name.encode())
        digest.update(without_comments(source).encode())
        imported = [place for place in _imported(source, package) if place not in seen]
        seen.update(imported)
        waiting += sorted(imported)
    return digest.hexdigest()[:16]


def _as_it_stands() -> str:
    """Return a short hash of the source of the model and of the agents, comments and all, and of the versions.

    It takes a few milliseconds; leaving comments out, for the fingerprint, takes many times as long.
    """
    package = Path(__file__).parents[2]
    digest = hashlib.sha256(
        " ".join((sys.version, numba.__version__, llvmlite.__version__, numpy.__version__)).encode()
    )
    for path in sorted(path for room in ("agents", "model") for path in (package / room).rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _imported(source: str, package: Path) -> set[Path]:
    """Return the files of this project that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    places = [package.joinpath(*name.split(".")[1:]) for name in names if name.startswith("stackcraft.")]
    return {path for place in places for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()}


@cache
def _source_hash(file: str) -> str:
    """Return a hash of a file outside the loop, such as one of the checks: it is not in the fingerprint."""
    path = Path(file)
    if path.parent == Path(__file__).parent or not path.is_file():
        return ""
    return hashlib.sha256(without_comments(path.read_text(encoding="utf-8")).encode()).hexdigest()


def choose_folder() -> Path | None:
    """Return the folder for this version of the loop, made if need be; None if no folder at all can be written.

    It lies in STACKCRAFT_CACHE if that is set, else in the user's cache folder, else, where that cannot be written or
    somebody else could change what lies in it, in a folder of the temporary files that only this user can write to.
    """
    source = _as_it_stands()
    for choose in (_usual_place, _temporary_place):
        with suppress(OSError, RuntimeError):  # the latter: a user without a home
            place = choose()
            folder = _known(place, source) or place / f"loop-{fingerprint()}"
            folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            if _only_mine(folder):
                _mark(folder)
                (folder / f"{SOURCE}{source}").touch()
                return folder
    return None


def _known(place: Path, source: str) -> Path | None:
    """Return the folder of the version that this source, as it stands, is known to belong to."""
    folders = (path.parent for path in place.glob(f"loop-*/{SOURCE}{source}"))
    return next((folder for folder in folders if NAME.fullmatch(folder.name) and _only_mine(folder)), None)


def _usual_place() -> Path:
    if chosen := os.environ.get("STACKCRAFT_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stackcraft"


def _temporary_place() -> Path:
    """Return a folder in the one for temporary files, which everybody can write to: one that is ours, or a new one."""
    shared = Path(tempfile.gettempdir())
    name = f"stackcraft-{_user()}"
    for folder in (shared / name, *sorted(shared.glob(f"{name}-*"))):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if _only_mine(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=shared))


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _only_mine(folder: Path) -> bool:
    """Return whether this is a folder (not a link) of this user in which nobody else can write."""
    status = folder.lstat()
    if os.name != "posix":
        return stat.S_ISDIR(status.st_mode)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == _user() and not status.st_mode & 0o022


def _mark(folder: Path) -> None:
    """Mark the folder as ours and as used now. Raises `OSError` if it cannot be written."""
    marker = folder / MARKER
    if not marker.exists():
        marker.write_text(TAG, encoding="utf-8")
    os.utime(marker)


class Version(NamedTuple):
    """The compiled code of one version of the loop."""

    folder: Path
    used: float
    bytes: int


def versions(place: Path) -> list[Version]:
    """Return the versions kept in `place`, last used first: folders of this user with the right name and our marker."""
    found = []
    for folder in place.iterdir():
        with suppress(OSError):  # another process tidies up at the same moment
            marker = folder / MARKER
            if NAME.fullmatch(folder.name) and _only_mine(folder) and marker.read_text(encoding="utf-8") == TAG:
                size = sum(path.lstat().st_size for path in folder.iterdir())
                found.append(Version(folder, marker.stat().st_mtime, size))
    return sorted(found, key=lambda version: version.used, reverse=True)


def forget(version: Version) -> None:
    """Delete a version's compiled code, unless another process is compiling it."""
    with suppress(OSError, Timeout, NotImplementedError), FileLock(version.folder / LOCK, timeout=0):
        shutil.rmtree(version.folder, ignore_errors=True)


def _forget_old() -> None:
    """Delete the versions that were not used for longest until `MOST_BYTES` suffice for all."""
    with suppress(OSError):
        total = 0
        for version in versions(FOLDER.parent):
            total += version.bytes
            if total > MOST_BYTES and version.folder != FOLDER:
                forget(version)


def kernels() -> int:
    """Return how many files of compiled code this version has on this machine."""
    return _files(ENDING) + _files(PART)


def _files(ending: str) -> int:
    try:
        return sum(name.endswith(ending) for name in os.listdir(FOLDER)) if FOLDER else 0
    except OSError:
        return 0


def read(path: Path) -> Any:
    """Return what a file of compiled code holds; None if it is not there or is damaged."""
    try:
        return pickle.loads(zlib.decompress(path.read_bytes()))
    except FileNotFoundError:
        return None
    except Exception:  # cut, overwritten or unreadable: it is compiled again
        with suppress(OSError):
            path.unlink()
        return None


def write(path: Path, payload: Any) -> None:
    """Keep compiled code in a file."""
    _put(path, zlib.compress(dumps(payload), 1))


def _put(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all; a full disk costs a later compilation, not this run."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
    _report(waiting=False)


class KernelCache(FunctionCache):
    """The compiled forms of one kernel, each in its own file, which is whole or not there.

    numba calls `load_overload` before it compiles for types of arguments, and `save_overload` afterwards.
    """

    def __init__(self, function: Callable, content: Callable[[Callable], str] | None = None) -> None:
        self._py_func = function  # numba's `_index_key` reads it
        self._content = content
        self._name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
        self._source = _source_hash(function.__code__.co_filename)

    @property
    def cache_path(self) -> str:
        """The folder, for numba's messages."""
        return str(FOLDER)

    def enable(self) -> None:
        """Do nothing: it is always on."""

    disable = flush = enable

    def holds(self, signature: Any, context: Any) -> bool:
        """Return whether the compiled form for these types of arguments is there."""
        path = self.path(signature, context)
        return path is None or path.exists()

    def path(self, signature: Any, context: Any) -> Path | None:
        """Return the file of the compiled form for these types of arguments; None where nothing is kept."""
        return self._path(FOLDER, signature, context.codegen()) if FOLDER else None

    def load_overload(self, signature: Any, context: Any) -> CompileResult | None:
        """Return the compiled form for these types of arguments, None if it is not there or is damaged."""
        if FOLDER is None:
            return None
        # Machine code needs numba's memory manager, and none of what numba would load to compile: a third of a second.
        rtsys.initialize(context)
        path = self._path(FOLDER, signature, context.codegen())
        payload = read(path) or self._of_another_version(path, signature, context.codegen())
        if payload is None:
            return None
        return CompileResult._rebuild(context, *payload[1])

    def save_overload(self, signature: Any, result: CompileResult) -> None:
        """Keep the compiled form; a full disk costs a later compilation, not this run."""
        if FOLDER is None or result.library.has_dynamic_globals:
            return
        write(self._path(FOLDER, signature, result.codegen), (self._said(), result._reduce()))

    def available(self, signature: Any, context: Any) -> bool:
        """Return whether nothing has to be compiled: the compiled form is there, or another version has it."""
        path = self.path(signature, context)
        return path is None or path.exists() or self._of_another_version(path, signature, context.codegen()) is not None

    def _of_another_version(self, path: Path, signature: Any, codegen: Any) -> Any:
        """Take over what another version has compiled from the same kernel, if an edit has left all of it as it was."""
        for folder in _other_versions(FOLDER) if self._content else ():
            other = self._path(folder, signature, codegen)
            if other.exists() and (payload := read(other)) and payload[0] == self._said():
                with suppress(OSError):  # deleted at this moment: it has been read
                    _put(path, other.read_bytes())
                return payload
        return None

    def _said(self) -> str:
        return self._content(self._py_func) if self._content else ""

    def _path(self, folder: Path, signature: Any, codegen: Any) -> Path:
        key = hashlib.sha256(repr((self._index_key(signature, codegen), self._source)).encode()).hexdigest()
        return folder / f"{self._name}-{key[:16]}{ENDING}"


def load_part(name: str) -> Any:
    """Return what is kept of the part of this name: what it returns, and its intermediate code; None if nothing is.

    Its name says all that is in it, so that what an edit leaves as it was is taken over from versions before.
    """
    if not FOLDER:
        return None
    payload = read(_part_path(FOLDER, name))
    for folder in () if payload else _other_versions(FOLDER):
        if payload := read(_part_path(folder, name)):
            save_part(name, payload)
            break
    return payload


@cache
def _other_versions(folder: Path) -> tuple[Path, ...]:
    with suppress(OSError):
        return tuple(version.folder for version in versions(folder.parent) if version.folder != folder)
    return ()


def save_part(name: str, payload: Any) -> None:
    """Keep a part."""
    if FOLDER:
        write(_part_path(FOLDER, name), payload)


def _part_path(folder: Path, name: str) -> Path:
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}{PART}"


def keep(dispatcher: Any, content: Callable[[Callable], str] | None = None) -> Any:
    """Let the compiled forms of a kernel, as `njit` returns it, be kept, and be compiled by one process at a time.

    `content` gives a hash of everything that a kernel is made of: where it is the same, another version's form is taken
    over.
    """
    kept = dispatcher._cache = KernelCache(dispatcher.py_func, content)
    compile_kernel = dispatcher.compile

    def load_or_compile(signature: Any) -> Any:
        # numba's lock between threads first, then the one between processes: always in this order.
        with global_compiler_lock:
            if kept.holds(signature, dispatcher.targetctx):
                return compile_kernel(signature)
            with _alone():
                _wait_for_helper(kept.path(signature, dispatcher.targetctx))
                return compile_kernel(signature)  # loads it, if another process has compiled it meanwhile

    dispatcher.compile = load_or_compile
    return dispatcher


_compiling = 0  # kernels that this process is compiling at the moment, one within the other
helpers: dict[Path, subprocess.Popen] = {}  # processes that compile for this one, by the file that each makes


@contextmanager
def _alone() -> Iterator[None]:
    """Hold other processes off while this one compiles. If a process dies, the system gives its lock back."""
    global _compiling, _began
    if _compiling or FOLDER is None:
        yield
        return
    lock = FileLock(FOLDER / LOCK)
    _wait(lock)
    _compiling, _began = 1, time.monotonic()
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], OBJECTS_PER_COLLECTION), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        _compiling = 0
        lock.release()
        _forget_old()


def _wait_for_helper(path: Path | None) -> None:
    """Wait for the process that makes this file for us, or for whoever was first; go on if it makes no progress."""
    if helper := helpers.pop(path, None):
        with helper:
            if not _patiently(lambda: _has_ended(helper), waiting=False):
                helper.kill()
    if path and not path.exists() and (lock := helpers_lock(path)).exists():
        with suppress(OSError, NotImplementedError):
            held = FileLock(lock)
            _wait(held)
            held.release()


def helpers_lock(path: Path) -> Path:
    """Return the file that a helper locks while it makes `path`."""
    return path.with_name(f"{path.name}.{LOCK}")


def as_helper(lock: FileLock) -> None:
    """Let this process compile under `lock` for another one, which holds off all others."""
    global _compiling
    lock.acquire()
    _compiling = 1
    gc.set_threshold(OBJECTS_PER_COLLECTION, *gc.get_threshold()[1:])


def _has_ended(process: subprocess.Popen) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(STEP)
        return True
    return False


def _wait(lock: FileLock) -> None:
    """Take the lock; go on without it if its holder makes no progress, or the file system knows no locks."""

    def taken() -> bool:
        try:
            lock.acquire(timeout=STEP, poll_interval=0.1)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            pass
        return True

    _patiently(taken, waiting=True)


def _patiently(done: Callable[[], bool], waiting: bool) -> bool:
    """Ask again and again whether something is done, and return whether it is before no kernel has come for long."""
    made, since = kernels(), time.monotonic()
    while time.monotonic() - since < PATIENCE:
        if done():
            return True
        _report(waiting)
        if kernels() != made:
            made, since = kernels(), time.monotonic()
    return False


_began = 0.0
_printed = False


def _report(waiting: bool) -> None:
    """Tell the watchers how far compiling is; without any, print one line if it takes long."""
    global _printed
    for watch in watchers:
        watch(Progress(_files(PART) + WHOLE * _files(ENDING), waiting))
    if not watchers and not _printed and (waiting or time.monotonic() - _began > LOUD):
        _printed = True
        what = "another process compiles the model; waiting for it" if waiting else "compiling the model"
        print(f"stackcraft: {what} (once on this machine; it took {MINUTES:g} minutes of a core)", file=sys.stderr)


FOLDER = choose_folder()
