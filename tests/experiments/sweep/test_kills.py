"""A sweep that is killed anywhere, any number of times, ends with the bytes of one that was left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])}


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, str(HERE / "killed.py"), str(folder), *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(folder, *arguments):
    process = start(folder, *arguments)
    out, error = process.communicate(timeout=120)
    return process.returncode, out, error


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "runs").glob("part-*.parquet"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "study"
    code, out, error = finish(folder)
    assert code == 0, error
    assert "whole" in out
    parts = bytes_of(folder)
    assert len(parts) == 20
    return parts


@pytest.mark.slow
def test_ten_kills_at_random_moments_leave_the_same_parts(whole, tmp_path):
    luck = random.Random(3)
    folder = tmp_path / "study"
    for kill in range(10):
        process = start(folder)
        # Loading takes a second or two; then the parts come, one every 25 ms.
        deadline = time.monotonic() + 60
        here = len(bytes_of(folder)) if folder.exists() else 0
        while process.poll() is None and time.monotonic() < deadline:
            now = len(bytes_of(folder)) if folder.exists() else 0
            if now > here or (kill == 0 and folder.exists()):
                break
            time.sleep(0.002)
        time.sleep(luck.uniform(0, 0.06))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        parts, temporary = bytes_of(folder), list((folder / "runs").glob(".*tmp"))
        print(f"kill {kill + 1}: {len(parts)} of 20 parts there, {len(temporary)} half written")
        assert all(whole[name] == data for name, data in parts.items())
    code, _out, error = finish(folder)
    assert code == 0, error
    assert bytes_of(folder) == whole
    assert not list((folder / "runs").glob(".*tmp"))


@pytest.mark.slow
@pytest.mark.parametrize("point", ["write", "flush", "rename", "renamed"])
def test_a_kill_between_write_flush_and_rename_leaves_the_same_parts(whole, tmp_path, point):
    folder = tmp_path / "study"
    # Files 1 to 3 are the design, the data package and the specification; parts follow.
    for number in (1, 3, 6):
        code, out, _ = finish(folder, point, number)
        print(out.strip())
        assert code == -signal.SIGKILL
        assert all(whole[name] == data for name, data in bytes_of(folder).items())
    code, out, error = finish(folder)
    assert code == 0, error
    assert bytes_of(folder) == whole


@pytest.mark.slow
def test_a_killed_dask_worker_leaves_the_same_parts(whole, tmp_path):
    pytest.importorskip("distributed")
    folder = tmp_path / "study"
    process = start(folder, "none", 0, "local")
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and (not folder.exists() or len(bytes_of(folder)) < 3):
        time.sleep(0.02)
    workers = children(process.pid)
    assert workers, "the cluster has no worker process"
    victim = max(workers)
    print(f"killed worker {victim} with {len(bytes_of(folder))} of 20 parts there")
    os.kill(victim, signal.SIGKILL)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert "whole" in out
    assert bytes_of(folder) == whole


def children(parent):
    """Worker processes below `parent`."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            found.append(int(path.name))
    return found
