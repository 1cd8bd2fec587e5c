"""Killed at random, a game loses nothing that was acknowledged and comes to the same end."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stackcraft.experiments.wargame import Wargame
from stackcraft.experiments.wargame.log import Log

WAITS = (
    "acked join-us",
    "acked us-1-0",
    "resolving 1",
    "acked offer-1",
    "resolving 1",
    "acked us-2-1",
    "resolving 2",
    "acked accept-2",
    "resolving 2",
    "acked",
)  # what it says just before it is killed, at random within the next 30 ms
LONGEST = 240  # seconds that one process may take on a busy machine
DRIVER = [sys.executable, "-m", "tests.experiments.wargame.driver"]
ROOT = Path(__file__).resolve().parents[3]


class Child:
    """A process that plays; its lines as they come."""

    def __init__(self, folder, threads=1):
        self.lines = []
        self.process = subprocess.Popen(
            [*DRIVER, str(folder), str(threads)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        self.lines.extend(line.strip() for line in iter(self.process.stdout.readline, ""))

    def wait_for(self, begins):
        """Wait until a line begins so, or the process ends."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and self.process.poll() is None:
            if any(line.startswith(begins) for line in list(self.lines)):
                return
            time.sleep(0.0005)

    def kill(self):
        """End it as a power cut would; its lines are complete then. Return whether it was still at work."""
        alive = self.process.poll() is None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(LONGEST)
        self.reader.join(LONGEST)
        return alive

    def end(self):
        """Let it come to its end; return the digest it says."""
        self.process.wait(LONGEST)
        self.reader.join(LONGEST)
        assert self.process.returncode == 0, self.lines[-20:]
        return next(line.split()[1] for line in self.lines if line.startswith("digest"))


def acknowledged(lines):
    return {line.split()[1] for line in lines if line.startswith("acked")}


@pytest.mark.slow
def test_ten_kills_lose_nothing_and_change_nothing(tmp_path):
    whole, torn, luck = tmp_path / "whole", tmp_path / "torn", random.Random(3)
    digest = Child(whole).end()
    keys, back = set(), []
    for wait in WAITS:
        child = Child(torn)
        child.wait_for(wait)
        time.sleep(luck.random() * 0.03)
        assert child.kill(), f"the game was over before it could be killed at {wait}"
        keys |= acknowledged(child.lines)
        log = Log(next(torn.glob("*.db")))
        assert all(log.answered(key) for key in keys), "an acknowledged command is lost"
        log.close()
        began = time.process_time()  # other work on the machine does not count
        with Wargame.open(next(torn.glob("*.db"))) as game:
            assert game.state.phase in ("lobby", "brief", "talk", "orders", "resolve", "results")
        back.append(time.process_time() - began)
    assert Child(torn).end() == digest
    print(f"back in {max(back):.1f} s of processor time at most; {len(keys)} commands acknowledged before a kill")
    assert max(back) < 8


@pytest.mark.slow
def test_two_threads_and_another_process_give_the_same_game(tmp_path):
    digests = {Child(tmp_path / str(threads), threads).end() for threads in (1, 2)}
    for threads in (1, 2):
        with Wargame.replay(next((tmp_path / "1").glob("*.db")), threads=threads) as game:
            digests.add(game.digest)
    assert len(digests) == 1
