"""Where compiled code is kept.

numba does not notice when a *callee* in another file changes, and would go on serving the old result. The cache folder
is therefore named by a hash of every file of the loop and of the library versions: other code, other folder.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import numpy
from filelock import FileLock
from numba.core.caching import CompileResultCacheImpl

from stackcraft.agents.source_code import without_comments

KEPT_FOLDERS = 6


def fingerprint() -> str:
    """A short hash over the source of the loop and the versions that compile it."""
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(without_comments(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:16]


def _root() -> Path:
    if chosen := os.environ.get("STACKCRAFT_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stackcraft"


@contextmanager
def compiled_once(entry: str) -> Iterator[None]:
    """Hold everybody else off while this process calls `entry` for the first time on this machine, which compiles it.

    Whoever waits finds it compiled. Once it is, nobody waits any more.
    """
    folder = Path(numba.config.CACHE_DIR)
    done = folder / f"{entry}.compiled"
    if done.exists():
        yield
        return
    with FileLock(folder / f"{entry}.lock"):
        yield
        done.touch()


class Locator:
    """Where numba keeps the compiled form of a function of this package: in the folder of this version of the loop.

    numba's own locators name the place by the path of the source and its time stamp, so that every copy of the project would
    compile again what another has compiled. Here only contents count. numba asks for these four methods.
    """

    def __init__(self, function: Callable, file: str) -> None:
        self._name = function.__module__
        self._py_file = file  # numba names it in its messages
        self._source = without_comments(Path(file).read_text(encoding="utf-8")).encode()

    @classmethod
    def from_function(cls, function: Callable, file: str) -> "Locator | None":
        """Return a locator for a function of this package, and None for everybody else's: numba's own ones serve it."""
        return cls(function, file) if function.__module__.startswith("stackcraft.") and Path(file).is_file() else None

    def get_cache_path(self) -> str:
        """Return the folder that holds the compiled form."""
        return str(Path(numba.config.CACHE_DIR) / self._name)

    def ensure_cache_path(self) -> None:
        """Make that folder."""
        Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        """Return what the compiled form was made from: contents, not times."""
        return hashlib.sha256(self._source).hexdigest()

    def get_disambiguator(self) -> None:
        """Return nothing more to tell functions apart by: numba knows the name and the line."""


def choose_folder() -> Path:
    """Point numba at the folder of this version of the loop; a folder that cannot be written falls back to a temporary
    one.
    """
    folder = _root() / f"compiled-{fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = (
            Path(tempfile.gettempdir())
            / f"stackcraft-compiled-{os.getuid() if hasattr(os, 'getuid') else 0}-{fingerprint()}"
        )
        folder.mkdir(parents=True, exist_ok=True)
    numba.config.CACHE_DIR = str(folder)
    others = (locator.__name__ for locator in CompileResultCacheImpl._locator_classes)
    numba.config.CACHE_LOCATOR_CLASSES = ",".join([f"{__name__}.{Locator.__name__}", *others])
    _forget_old(folder)
    return folder


def _forget_old(current: Path) -> None:
    """Keep the newest few folders, so that development does not fill the disk."""
    others = [path for path in current.parent.glob("compiled-*") if path != current]
    try:
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[KEPT_FOLDERS:]:
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass  # another process tidies up at the same moment
