"""How much one device, address or seat may ask for in a time, and how large a request may be."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable

BODY_BYTES = 16 * 1024
TEXT_SIGNS = 280
# A whole school may share one address: what is limited by address is generous, what is limited by device is not.
LIMITS = {"wrong code": (20, 60.0), "join": (120, 3600.0), "command": (5, 1.0), "offer": (6, 60.0), "preview": (1, 5.0)}
KEYS_KEPT = 20_000


class TooMany(Exception):
    """Raised for a request beyond a limit; `seconds` says when to try again."""

    def __init__(self, kind: str, seconds: float) -> None:
        super().__init__(f"too many: {kind}")
        self.kind = kind
        self.seconds = max(1, round(seconds + 0.5))


class Limits:
    """Sliding windows, one for each kind of request and each device, address or seat."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.times: dict[tuple[str, Hashable], deque[float]] = {}

    def _window(self, kind: str, who: Hashable) -> tuple[deque[float], int, float, float]:
        most, span = LIMITS[kind]
        now = self.clock()
        times = self.times.setdefault((kind, who), deque())
        while times and times[0] <= now - span:
            times.popleft()
        return times, most, span, now

    def check(self, kind: str, who: Hashable) -> None:
        """Raise `TooMany` where `who` has used up its allowance; counts nothing."""
        times, most, span, now = self._window(kind, who)
        if len(times) >= most:
            raise TooMany(kind, times[0] + span - now)

    def count(self, kind: str, who: Hashable) -> None:
        """Count one request. Raises `TooMany` beyond the limit; a refused request is not counted."""
        self.check(kind, who)
        self.times[kind, who].append(self.clock())
        if len(self.times) > KEYS_KEPT:
            self.forget()

    def forget(self) -> None:
        """Drop the windows in which nothing counts any more."""
        now = self.clock()
        self.times = {key: times for key, times in self.times.items() if times and times[-1] > now - LIMITS[key[0]][1]}
