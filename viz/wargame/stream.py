"""Server-sent events that only say "version N": each page then asks for its own view.

Nothing secret passes through here. A listener that comes back with `Last-Event-ID` is told at once where it missed
something. A heartbeat every ten seconds keeps proxies from closing the line and shows who is still there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable

HEARTBEAT_SECONDS = 10.0
RETRY_MILLISECONDS = 1500
# What happens within this time is told once: forty pages do not ask five times for five letters that were typed.
GATHER_SECONDS = 0.12


class Feed:
    """The version that each reader of one game was told last, and who listens."""

    def __init__(self) -> None:
        # Begins at the clock, so that it also grows over a restart of the server.
        self.version = int(time.time() * 100)
        self.versions: dict[str, int] = {}
        self.listening: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    def of(self, reader: str) -> int:
        """Return the version that a reader's page has if it is up to date."""
        return self.versions.setdefault(reader, self.version)

    def tell(self, readers: Iterable[str]) -> None:
        """Give these readers a new version, and wake who listens for them."""
        self.version += 1
        for reader in readers:
            self.versions[reader] = self.version
            for event in self.listening.get(reader, ()):
                event.set()

    def close(self) -> None:
        """End all streams, so that the server can end."""
        self.closed = True
        for events in self.listening.values():
            for event in events:
                event.set()

    def listeners(self) -> int:
        """Return how many streams are open."""
        return sum(len(events) for events in self.listening.values())


async def messages(
    feed: Feed, reader: str, last: int | None, alive: Callable[[], bool], gather: float | None = None
) -> AsyncIterator[bytes]:
    """Yield the bytes of one stream until the listener leaves or `alive` says that it may not read any more.

    `last` is the version that the listener has; without one it is told the present version at once. What happens within
    `gather` seconds is told once.
    """
    event = asyncio.Event()
    feed.listening.setdefault(reader, set()).add(event)
    told = last
    try:
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while not feed.closed and alive():
            now = feed.of(reader)
            if now != told:
                told = now
                yield f"id: {now}\ndata: {now}\n\n".encode()
            event.clear()
            if feed.of(reader) != told:
                continue
            try:
                await asyncio.wait_for(event.wait(), HEARTBEAT_SECONDS)
                await asyncio.sleep(GATHER_SECONDS if gather is None else gather)
            except TimeoutError:
                yield b": still here\n\n"
    finally:
        feed.listening.get(reader, set()).discard(event)
