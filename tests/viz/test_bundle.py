"""Results are written beside the report, and what fails on either side is said once both have ended."""

import threading

import pytest

from stackcraft.experiments.runs import outputs
from stackcraft.viz.report import bundle


def test_results_are_written_while_the_rest_goes_on(monkeypatch, tmp_path):
    meanwhile = threading.Event()

    def write(results, path):
        assert meanwhile.wait(30), "nothing else went on"
        path.write_text(results)

    monkeypatch.setattr(outputs, "write_results", write)
    with bundle._writing(("a", tmp_path / "a"), ("b", tmp_path / "b")):
        meanwhile.set()
    assert (tmp_path / "a").read_text() == "a" and (tmp_path / "b").read_text() == "b"


def test_a_full_disk_is_said_once_the_rest_is_done(monkeypatch, tmp_path):
    def write(results, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "write_results", write)
    done = []
    with pytest.raises(OSError, match="No space"), bundle._writing((None, tmp_path / "a")):
        done.append("report")
    assert done == ["report"]


def test_after_an_error_of_the_rest_nothing_is_written_any_more(monkeypatch, tmp_path):
    begun, go_on = threading.Event(), threading.Event()

    def write(results, path):
        begun.set()
        assert go_on.wait(30)
        path.write_text(results)

    monkeypatch.setattr(outputs, "write_results", write)
    with pytest.raises(KeyboardInterrupt), bundle._writing(("a", tmp_path / "a"), ("b", tmp_path / "b")):
        begun.wait(30)
        threading.Timer(0.2, go_on.set).start()
        raise KeyboardInterrupt
    assert (tmp_path / "a").exists() and not (tmp_path / "b").exists()
    assert not any("ThreadPool" in one.name for one in threading.enumerate())
