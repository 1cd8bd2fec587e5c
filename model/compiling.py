"""Compiling with two processes: a helper compiles the year while this process compiles the first January.

`start_helper` starts it; whoever then needs the year waits for it (`model/loop/cache.py`). The helper is this module,
run as a program: it is told on its standard input what to compile, and ends when that is closed, as it is when the
process that it works for ends in any way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pickle import loads
from threading import Thread
from typing import Any, BinaryIO

from filelock import FileLock, Timeout
from numba.core.serialize import dumps

from stackcraft.model.loop import cache

LENGTH = 8  # bytes that say how long the order is


def start_helper(now: Any, later: Any, arguments: Sequence[Any], processes: int) -> None:
    """Have a helper compile the kernel `later` if it and `now` have yet to be compiled for these arguments.

    `processes` is how many may work at once. Where no helper can be started, nothing is lost but time.
    """
    if processes < 2 or cache.FOLDER is None or not sys.executable or now.whole.overloads or later.whole.overloads:
        return
    signature = tuple(later.whole.typeof_pyval(argument) for argument in arguments)
    kept, context = later.whole._cache, later.whole.targetctx
    path = kept.path(signature, context)
    if path in cache.helpers or kept.available(signature, context) or now.whole._cache.available(signature, context):
        return
    order = dumps((str(cache.FOLDER), str(path), later.py_func.__module__, later.py_func.__name__, signature))
    with suppress(OSError, ValueError):
        helper = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        cache.helpers[path] = helper
        helper.stdin.write(len(order).to_bytes(LENGTH) + order)
        helper.stdin.flush()


def help_with(orders: BinaryIO) -> None:
    """Compile what the first order says."""
    order = orders.read(int.from_bytes(orders.read(LENGTH)))
    Thread(target=_end_with, args=(orders,), daemon=True).start()
    folder, path, module, name, signature = loads(order)
    if cache.FOLDER is None or cache.FOLDER.name != Path(folder).name:
        return  # other code than that of the process that asks
    cache.FOLDER = Path(folder)
    with suppress(Timeout):  # another process's helper compiles it
        cache.as_helper(FileLock(cache.helpers_lock(Path(path)), timeout=0))
        getattr(import_module(module), name).whole.compile(signature)


def _end_with(orders: BinaryIO) -> None:
    """End this process when nobody can give orders any more."""
    orders.read()
    os._exit(1)


if __name__ == "__main__":
    help_with(sys.stdin.buffer)
