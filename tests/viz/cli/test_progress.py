"""Compiling is shown: plain lines where nobody watches a terminal, and `stackcraft cache` says what it left where."""

import errno
import json

import pytest

from stackcraft.model.loop import cache
from stackcraft.viz.cli import main
from stackcraft.viz.cli.progress import COMPILING, WAITING, bars


def compiled(kernels, waiting=False):
    for watch in cache.watchers:
        watch(cache.Progress(kernels, waiting))


def test_compiling_prints_ten_lines_at_most_and_says_what_it_takes(capsys):
    with bars():
        for kernels in range(1, cache.KERNELS + 50):
            compiled(kernels)
    first, *others = capsys.readouterr().err.splitlines()
    assert first == f"{COMPILING} ({cache.MINUTES:g} minutes of one core where it was measured)."
    assert others == [f"Compiled: {10 * tenth} %" for tenth in range(1, 11)]
    assert cache.watchers == []


def test_who_waits_says_so(capsys):
    with bars():
        compiled(3, waiting=True)
    assert capsys.readouterr().err.startswith(WAITING)


def test_a_kernel_more_after_a_whole_compilation_says_nothing(capsys):
    with bars():
        compiled(cache.KERNELS + 1)
    assert capsys.readouterr().err == ""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """This version's compiled code, three kernels of a thousand bytes, beside another version's."""
    monkeypatch.setenv("STACKCRAFT_CACHE", str(tmp_path))
    folders = [cache.choose_folder(), tmp_path / f"loop-{1:016x}"]
    folders[1].mkdir(mode=0o700)
    (folders[1] / cache.MARKER).write_text(cache.TAG)
    for folder in folders:
        for number in range(3):
            (folder / f"{number}.kernel").write_bytes(bytes(1000))
    monkeypatch.setattr(cache, "FOLDER", folders[0])
    return folders


def test_the_cache_is_described_and_cleared(place, capsys):
    assert main.main(["cache", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["folder"], found["kernels"], found["versions"]) == (str(place[0]), 3, 2)
    assert found["bytes"] == 3000 + len(cache.TAG) and found["bytes_of_all_versions"] == 2 * found["bytes"]
    assert main.main(["cache", "--clear"]) == 0
    assert not place[0].exists() and place[1].exists()
    assert main.main(["cache", "--clear-all"]) == 0
    assert not place[1].exists() and place[1].parent.is_dir()
    assert str(place[0]) in capsys.readouterr().out


def test_a_read_only_disk_gets_advice(monkeypatch, capsys):
    def refuse(*arguments, **options):
        raise OSError(errno.EROFS, "Read-only file system", "results")

    monkeypatch.setattr(cache, "versions", refuse)
    assert main.main(["cache"]) == 1
    assert capsys.readouterr().err == "stackcraft: results: the disk is read-only; work in a folder on another disk\n"
