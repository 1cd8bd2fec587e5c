"""Forty browsers, ten seats, a whole game on two cores, and turns played while all of them listen."""

import asyncio
import os
import time

import pytest

from tests.viz.wargame.crowd import Phone, spread
from tests.viz.wargame.hosted_process import Process

pytestmark = pytest.mark.slow
PHONES, TURNS = 40, 3


async def game(host):
    """Play a game and return what was measured."""
    phones = [Phone(host, host.code) for _ in range(PHONES)]
    for phone in phones:
        status, _ = await phone.ask("POST", "join", {"seat": ""})
        assert status == 303
    desk = Phone(host, host.code)
    assert (await desk.ask("POST", "enter", {"secret": host.desk_token}))[0] == 303
    listening = [asyncio.create_task(phone.listen()) for phone in phones]
    listening.append(asyncio.create_task(desk.listen("desk", "desk")))
    await asyncio.sleep(3)
    submitted, heard, resolved = [], [], []

    async def advance():
        assert (await desk.ask("POST", "desk/do", {"kind": "advance"}, **{"X-Live": "1"}))[0] == 200

    for turn in range(1, TURNS + 1):
        await advance()
        await advance()
        drafts = [phone.do(kind="draft", why=f"turn {turn}", key=f"{turn}-{n}") for n, phone in enumerate(phones)]
        submitted += await paced(drafts)
        heard += await broadcast(desk, phones, turn)
        await asyncio.sleep(1)
        await advance()
        began = time.perf_counter()
        await advance()
        while b"&middot; Results" not in await plain(desk):
            await asyncio.sleep(0.1)
        resolved.append(time.perf_counter() - began)
        await asyncio.sleep(1)
        assert all(not one.done() for one in listening), "a page failed"
    for one in listening:
        one.cancel()
    return submitted, heard, resolved


async def plain(desk):
    import gzip

    content = (await desk.ask("GET", "desk"))[1]
    return gzip.decompress(content[content.index(b"\x1f\x8b") :]) if b"\x1f\x8b" in content[:12] else content


async def paced(jobs, gap=0.1):
    """Start the jobs one after another, ten a second, as a class does."""
    tasks = []
    for job in jobs:
        tasks.append(asyncio.create_task(job))
        await asyncio.sleep(gap)
    return await asyncio.gather(*tasks)


async def broadcast(desk, phones, turn):
    """Seconds until each phone has its page after an announcement to all."""
    await asyncio.sleep(1)
    for phone in phones:
        phone.seen.clear()
    began = time.perf_counter()
    assert (await desk.ask("POST", "desk/do", {"kind": "announce", "text": f"turn {turn}"}, **{"X-Live": "1"}))[
        0
    ] == 200
    end = began + 10
    while time.perf_counter() < end and not all(phone.seen for phone in phones):
        await asyncio.sleep(0.02)
    return [phone.seen[0] - began for phone in phones]


def test_forty_browsers_play_a_whole_game(tmp_path):
    others = os.getloadavg()[0]  # what else the machine does: less of its time is ours
    host = Process(tmp_path / "games", "--seats", "ten", "--seed", "7", "--turns", str(TURNS), "--years-a-turn", "3")
    try:
        submitted, heard, resolved = asyncio.run(game(host))
        memory = host.memory_mb()
    finally:
        host.stop()
    busy = max(1.0, others / os.cpu_count())
    told = {
        "submit": spread(submitted), "broadcast": spread(heard), "resolve": spread(resolved), "memory": memory,
    }  # fmt: skip
    for what in ("submit", "broadcast", "resolve"):
        print(f"{what}: median {told[what][0]:.3f} s, 95th percentile {told[what][1]:.3f} s")
    print(f"memory {memory:.0f} MB; the machine was {busy:.1f} times as busy as its cores")
    assert told["submit"][0] < 0.2 * busy and told["submit"][1] < 0.6 * busy
    assert told["broadcast"][0] < 0.5 * busy and told["broadcast"][1] < 1.5 * busy
    assert max(resolved) < 5.0 * busy
    assert memory < 900
