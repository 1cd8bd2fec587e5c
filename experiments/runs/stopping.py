"""Ending tidily: the signals by which a system asks a process to end raise in it what Ctrl-C raises.

SIGTERM is what SLURM, systemd, `timeout` and `kill` send, SIGHUP what a closing terminal sends. Python's own answer to
both is to end at once, without the `finally` that tidies up.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NUMBERS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows knows no SIGHUP
received: list[int] = []  # the signal that asked this process to end, once one has


class Stopped(KeyboardInterrupt):
    """A signal has asked this process to end: what tidies up after Ctrl-C tidies up after it too."""


def stop_tidily() -> None:
    """Let SIGTERM and SIGHUP raise `Stopped` in the main thread; one that is ignored, as under `nohup`, stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in NUMBERS:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)


def exit_code() -> int:
    """Return what the process ends with: 130 after Ctrl-C, 128 and the number of the signal after another one."""
    return 128 + (received[0] if received else signal.SIGINT)


class StopRequest(threading.Event):
    """Set once something has asked to stop; `by` says what."""

    by = "the keyboard"


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """Give a request that the first signal to end sets, wherever it falls; the second one raises `KeyboardInterrupt`.

    The signals are those of Ctrl-C, SIGTERM and SIGHUP. Only the main thread hears of them; one for which somebody has
    a handler of their own, or that is ignored, stays as it is.
    """
    request = StopRequest()
    ours = {signal.SIGINT: (signal.default_int_handler,), **dict.fromkeys(NUMBERS, (signal.SIG_DFL, _stop))}
    before = {number: signal.getsignal(number) for number in ours}
    if threading.current_thread() is not threading.main_thread():
        before = {}
    before = {number: handler for number, handler in before.items() if handler in ours[number]}

    def ask(number: int, _frame: Any) -> None:
        if request.is_set():
            raise KeyboardInterrupt
        if number != signal.SIGINT:
            received.append(number)
            request.by = signal.Signals(number).name
        request.set()

    for number in before:
        signal.signal(number, ask)
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: Any) -> None:
    for other in NUMBERS:  # a second one must not cut the tidying short
        signal.signal(other, signal.SIG_IGN)
    received.append(number)
    raise Stopped(f"stopped by {signal.Signals(number).name}")
