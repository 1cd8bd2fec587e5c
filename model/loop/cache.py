"""Where compiled code is kept.

numba does not notice when a *callee* in another file changes, and would go on serving the old result. The cache folder is
therefore named by a hash of every file of the loop and of the library versions: other code, other folder.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numba
import numpy

KEPT_FOLDERS = 6


def fingerprint() -> str:
    """A short hash over the source of the loop and the versions that compile it."""
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _root() -> Path:
    if chosen := os.environ.get("STACKCRAFT_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stackcraft"


def choose_folder() -> Path:
    """Point numba at the folder of this version of the loop; a folder that cannot be written falls back to a temporary one."""
    folder = _root() / f"compiled-{fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"stackcraft-compiled-{os.getuid() if hasattr(os, 'getuid') else 0}-{fingerprint()}"
        folder.mkdir(parents=True, exist_ok=True)
    numba.config.CACHE_DIR = str(folder)
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
