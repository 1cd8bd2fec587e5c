"""Streams say versions and nothing else; nobody who comes back misses one."""

import asyncio
import re

import pytest

from stackcraft.viz.wargame import stream
from stackcraft.viz.wargame.stream import Feed, messages


async def take(feed, reader, last, number, alive=lambda: True):
    """The first messages of a stream, the first line about retrying left out."""
    found = []
    source = messages(feed, reader, last, alive)
    await anext(source)
    for _ in range(number):
        found.append(await asyncio.wait_for(anext(source), 2))
    await source.aclose()
    return found


def test_a_listener_without_a_version_is_told_the_present_one_at_once():
    feed = Feed()
    (first,) = asyncio.run(take(feed, "p1", None, 1))
    assert first == f"id: {feed.of('p1')}\ndata: {feed.of('p1')}\n\n".encode()


def test_a_listener_who_comes_back_is_told_what_was_missed_and_only_then(monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    feed = Feed()
    before = feed.of("p1")
    (beat,) = asyncio.run(take(feed, "p1", before, 1))
    assert beat.startswith(b":")
    feed.tell(["p1"])
    (told,) = asyncio.run(take(feed, "p1", before, 1))
    assert told.startswith(f"id: {before + 1}".encode())


def test_only_those_who_are_told_wake_and_a_burst_is_told_once(monkeypatch):
    monkeypatch.setattr(stream, "GATHER_SECONDS", 0.05)
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.4)

    async def scene():
        feed = Feed()
        one, other = feed.of("p1"), feed.of("p2")
        both = [asyncio.create_task(take(feed, name, last, 1)) for name, last in (("p1", one), ("p2", other))]
        await asyncio.sleep(0.02)
        for _ in range(5):
            feed.tell(["p1"])
        return await asyncio.gather(*both), feed

    ((mine,), (theirs,)), feed = asyncio.run(scene())
    assert mine == f"id: {feed.of('p1')}\ndata: {feed.of('p1')}\n\n".encode()
    assert theirs.startswith(b":")


def test_a_message_holds_a_number_and_nothing_else():
    feed = Feed()
    (first,) = asyncio.run(take(feed, "p1", None, 1))
    assert re.fullmatch(rb"id: \d+\ndata: \d+\n\n", first)


def test_a_stream_ends_when_its_listener_may_not_read_any_more_and_leaves_nothing_behind():
    async def scene():
        feed, allowed = Feed(), [True]
        source = messages(feed, "p1", None, lambda: allowed[0])
        await anext(source)
        await anext(source)
        allowed[0] = False
        feed.tell(["p1"])
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(source), 2)
        return feed

    assert asyncio.run(scene()).listeners() == 0


def test_versions_grow_over_a_restart_of_the_server():
    feed = Feed()
    feed.tell(["p1"])
    assert Feed().of("p1") >= feed.of("p1") - 1
