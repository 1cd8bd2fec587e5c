"""Compiled code lies where only its user can write, whole or compiled again, bounded, compiled by one process."""

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from numba import njit

from stackcraft.model.loop import cache

posix = pytest.mark.skipif(os.name != "posix", reason="needs the owners and modes of POSIX systems")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty place for compiled code, in which this process keeps what it compiles."""
    monkeypatch.setenv("STACKCRAFT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "FOLDER", cache.choose_folder())
    return tmp_path / "cache"


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A folder for temporary files, to which the cache falls back because the usual place cannot be written."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("STACKCRAFT_CACHE", str(tmp_path / "file"))
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "shared"))
    return tmp_path / "shared"


def version(place, number, size, used):
    """A folder as another version leaves it."""
    folder = place / f"loop-{number:016x}"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "a.kernel").write_bytes(bytes(size))
    (folder / cache.MARKER).write_text(cache.TAG)
    os.utime(folder / cache.MARKER, (used, used))
    return folder


def kernel():
    """A small kernel that nothing has compiled yet."""
    return cache.keep(njit(error_model="numpy", nogil=True)(lambda x: x + 1))


def test_only_old_versions_of_ours_are_deleted(place, monkeypatch):
    monkeypatch.setattr(cache, "MOST_BYTES", 2500)
    mine = [version(place, number, 1000, used=1000 + number) for number in range(4)]
    strangers = [place / "compiled-mine", place / "loop-mine", place / f"loop-{9:016x}", place / f"loop-{8:016x}"]
    for stranger in strangers:
        stranger.mkdir(mode=0o700)
        (stranger / "data").write_bytes(bytes(5000))
    (strangers[3] / cache.MARKER).write_text("Signature: of another program")
    link = place / f"loop-{7:016x}"
    link.symlink_to(strangers[0])
    cache._forget_old()
    assert [folder.exists() for folder in mine] == [False, False, True, True]
    assert cache.FOLDER.exists() and link.exists() and all((stranger / "data").exists() for stranger in strangers)


def test_a_version_that_another_process_compiles_is_not_deleted(place, monkeypatch):
    monkeypatch.setattr(cache, "MOST_BYTES", 0)
    folder = version(place, 1, 1000, used=1000)
    with FileLock(folder / cache.LOCK):
        cache._forget_old()
        assert folder.exists()
    cache._forget_old()
    assert not folder.exists()


def test_in_the_temporary_folder_old_versions_of_ours_go_and_nothing_else(shared, monkeypatch):
    monkeypatch.setattr(cache, "FOLDER", cache.choose_folder())
    monkeypatch.setattr(cache, "MOST_BYTES", 0)
    (shared / "compiled-of-somebody").mkdir()
    old = version(cache.FOLDER.parent, 1, 1000, used=1000)
    cache._forget_old()
    assert not old.exists() and cache.FOLDER.is_dir() and (shared / "compiled-of-somebody").is_dir()


@posix
def test_the_folder_in_the_temporary_one_is_for_this_user_alone_and_found_again(shared):
    folder = cache.choose_folder()
    assert folder.parent == shared / f"stackcraft-{os.geteuid()}" and folder == cache.choose_folder()
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]


@posix
@pytest.mark.parametrize("prepared", ["by another user", "writable for all", "a link", "a file"])
def test_a_folder_that_somebody_else_has_prepared_is_not_taken(shared, tmp_path, monkeypatch, prepared):
    trap = shared / f"stackcraft-{os.geteuid()}"
    if prepared == "a link":
        (tmp_path / "theirs").mkdir(mode=0o700)
        trap.symlink_to(tmp_path / "theirs")
    elif prepared == "a file":
        trap.touch()
    else:
        trap.mkdir()
        trap.chmod(0o777 if prepared == "writable for all" else 0o700)
    if prepared == "by another user":
        if os.geteuid() != 0:
            pytest.skip("only root can give a folder to somebody else")
        os.chown(trap, 12345, 12345)
    folder = cache.choose_folder()
    assert folder.parent != trap and folder.parent.parent == shared and cache._only_mine(folder.parent)
    assert cache.choose_folder() == folder, "the new one is found again"
    assert trap.is_file() or list(trap.iterdir()) == []


@posix
def test_a_version_in_the_usual_place_that_others_can_write_to_is_not_taken(place, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cache.FOLDER.chmod(0o777)
    assert cache.choose_folder().parent == tmp_path / f"stackcraft-{os.geteuid()}"


def test_without_any_folder_the_model_compiles_in_memory(monkeypatch):
    monkeypatch.setattr(cache, "FOLDER", None)
    assert kernel()(1) == 2 and cache.kernels() == 0


def test_a_kernel_is_compiled_once_and_then_loaded(place):
    first, second = kernel(), kernel()
    assert first(1) == 2 and cache.kernels() == 1
    assert second(1) == 2 and second.stats.cache_hits and not second.stats.cache_misses
    assert first(np.ones(2)).sum() == 4 and cache.kernels() == 2


@pytest.mark.parametrize("damage", ["cut", "empty", "overwritten", "not ours"])
def test_a_damaged_file_is_compiled_again(place, damage):
    kernel()(1)
    (path,) = cache.FOLDER.glob("*.kernel")
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:middle],
            "empty": b"",
            "overwritten": whole[:middle] + bytes(100) + whole[middle + 100 :],
            "not ours": pickle.dumps("something else"),
        }[damage]
    )
    again = kernel()
    assert again(1) == 2 and again.stats.cache_misses
    third = kernel()
    assert third(1) == 2 and third.stats.cache_hits


def test_a_disk_that_fills_up_costs_no_run(place, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", full)
    assert kernel()(1) == 2 and cache.kernels() == 0 and list(cache.FOLDER.glob("*.kernel*")) == []


def test_who_waits_for_another_process_is_told_and_does_not_compile(place, monkeypatch):
    seen = []
    monkeypatch.setattr(cache, "watchers", [seen.append])
    kernel()(1)
    (path,) = cache.FOLDER.glob("*.kernel")
    whole = path.read_bytes()
    path.unlink()
    lock = FileLock(cache.FOLDER / cache.LOCK, thread_local=False)
    lock.acquire()

    def compiled_elsewhere():
        time.sleep(1.2)
        path.write_bytes(whole)
        lock.release()

    threading.Thread(target=compiled_elsewhere).start()
    waiting = kernel()
    assert waiting(1) == 2 and waiting.stats.cache_hits and not waiting.stats.cache_misses
    assert any(progress.waiting for progress in seen)


def test_who_waits_for_a_process_that_stands_still_goes_on_alone(place, monkeypatch):
    monkeypatch.setattr(cache, "PATIENCE", 1.0)
    with FileLock(cache.FOLDER / cache.LOCK):
        assert kernel()(1) == 2


@posix
def test_a_dead_process_holds_nobody_up(place):
    program = (
        "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
        "print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, cache.FOLDER / cache.LOCK], stdout=subprocess.PIPE)
    holder.stdout.readline()
    holder.kill()
    holder.wait()
    began = time.monotonic()
    assert kernel()(1) == 2 and time.monotonic() - began < 30


def test_a_failing_compilation_gives_the_lock_back(place):
    wrong = cache.keep(njit(lambda x: x.nothing))
    with pytest.raises(Exception, match="nothing"):
        wrong(1)
    with FileLock(cache.FOLDER / cache.LOCK, timeout=0):
        pass
    assert kernel()(1) == 2


def test_the_fingerprint_holds_what_the_loop_imports_and_no_comment(tmp_path, monkeypatch):
    package = tmp_path / "stackcraft"
    (package / "model" / "loop").mkdir(parents=True)
    (package / "agents").mkdir()
    monkeypatch.setattr(cache, "__file__", str(package / "model" / "loop" / "cache.py"))
    (package / "model" / "loop" / "cache.py").write_text("a = 1\n")
    (package / "model" / "loop" / "kernel.py").write_text("from stackcraft.agents.names import HOMES\n")
    (package / "agents" / "names.py").write_text("from stackcraft.agents import more\nHOMES = 2\n")
    (package / "agents" / "more.py").write_text("a = 1\n")
    (package / "agents" / "other.py").write_text("a = 1\n")
    first = cache.fingerprint()
    for name, text in (
        ("agents/other.py", "a = 2\n"),
        ("model/loop/cache.py", "a = 2\n"),
        ("agents/more.py", "a = 1  # so\n"),
    ):
        (package / name).write_text(text)
        assert cache.fingerprint() == first, name
    for name, text in (("agents/more.py", "a = 2\n"), ("agents/names.py", "HOMES = 3\n")):
        (package / name).write_text(text)
        assert cache.fingerprint() != first, name
        first = cache.fingerprint()


def test_the_folder_of_source_that_is_known_is_found_without_reading_it_closely(place, monkeypatch):
    folder = cache.FOLDER
    monkeypatch.setattr(cache, "fingerprint", lambda: pytest.fail("the source is known as it stands"))
    assert cache.choose_folder() == folder
    monkeypatch.setattr(cache, "_as_it_stands", lambda: f"{1:016x}")
    monkeypatch.setattr(cache, "fingerprint", lambda: f"{2:016x}")
    assert cache.choose_folder() == place / f"loop-{2:016x}"


def test_every_change_of_the_source_is_seen(tmp_path, monkeypatch):
    loop = tmp_path / "stackcraft" / "model" / "loop"
    loop.mkdir(parents=True)
    monkeypatch.setattr(cache, "__file__", str(loop / "cache.py"))
    seen = set()
    for name, text in (("a.py", "x = 1"), ("a.py", "x = 2"), ("a.py", "x = 2  # two"), ("b.py", ""), ("b.py", "x = 2")):
        (loop / name).write_text(text)
        seen.add(cache._as_it_stands())
    assert len(seen) == 5


@posix
def test_a_folder_that_others_can_write_to_is_not_known(place, monkeypatch):
    cache.FOLDER.chmod(0o777)
    assert cache._known(place, cache._as_it_stands()) is None


def test_numba_of_other_code_in_this_process_is_left_as_it_was():
    from numba import config

    assert config.CACHE_LOCATOR_CLASSES == "" and "stackcraft" not in Path(config.CACHE_DIR or "none").name


def test_two_cold_starts_at_once_compile_once(place, tmp_path):
    (tmp_path / "start.py").write_text(
        "import sys\n"
        "from numba import njit\n"
        "from stackcraft.model.loop import cache\n"
        "kernel = cache.keep(njit(lambda x: x + 1))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(kernel(1), len(kernel.stats.cache_misses), len(kernel.stats.cache_hits))\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    starts = [subprocess.Popen([sys.executable, tmp_path / "start.py"], **pipes) for _ in range(2)]
    for start in starts:
        assert start.stdout.readline() == "ready\n"
    for start in starts:
        start.stdin.write("go\n")
        start.stdin.flush()
    answers = [start.communicate(timeout=120)[0] for start in starts]
    assert sorted(answers) == ["2 0 1\n", "2 1 0\n"]
