"""The command `evidence match`: what it would run, what it finds, and that it goes on in its folder."""

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from stackcraft.viz.cli import main

FILE = """
title = "A share"
declared = "before"
seed = 5
inputs = ["growth.cloud", "peer_pull", "use_ceiling"]
screening = { worlds = 20, replicates = 2, each = 2 }
wave = [{ worlds = 20, replicates = 2 }]
last = { worlds = 20, replicates = 2 }
[simulations.world]
scenario = "first-lesson"
years = [2025, 2028]
[[target]]
name = "cloud"
what = "Demand for cloud"
group = "mine"
reading = { measure = "demand[cloud]", year = 2028 }
observed = OBSERVED
discrepancy = 2.0
reason = "made up"
"""


@pytest.fixture
def say(capsys):
    def run(*arguments):
        code = main.main(["evidence", "match", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def file(tmp_path):
    def write(observed):
        path = tmp_path / "share.toml"
        path.write_text(FILE.replace("OBSERVED", str(observed)), encoding="utf-8")
        return path

    return write


def test_check_says_what_it_would_run_and_runs_nothing(say, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, _ = say("--check")
    assert code == 0 and "us-cloud-rise" in out and "kept back" in out and "46,800 runs" in out
    assert not list(tmp_path.iterdir())


def test_worlds_that_are_left_are_written_with_a_report_and_a_second_call_runs_nothing(say, file, tmp_path, compiled):
    path = file(26)
    code, out, _ = say(path, "--out", tmp_path / "m")
    assert code == 0 and "What was learnt of which parameter" in out and "worlds.npz" in out
    report = (tmp_path / "m" / "report.html").read_text(encoding="utf-8")
    assert "A share" in report and "<svg" in report and "evidence match" in report
    parts = {part: part.stat().st_mtime_ns for part in Path(tmp_path / "m").rglob("part-*.npz")}
    code, out, _ = say(path, "--out", tmp_path / "m", "--json")
    assert code == 0 and {one["name"] for one in json.loads(out)["findings"]} >= {"matching", "targets", "emulators"}
    assert parts and parts == {part: part.stat().st_mtime_ns for part in Path(tmp_path / "m").rglob("part-*.npz")}


def test_where_nothing_is_left_no_table_is_written(say, file, tmp_path, compiled):
    code, out, _ = say(file(4000), "--out", tmp_path / "m")
    assert code == 0 and "By what the model is ruled out" in out and "no table was written" in out
    assert not (tmp_path / "m" / "worlds.npz").exists()


def test_mistakes_are_one_line(say, file, tmp_path):
    code, _, err = say(file(1), "--groups", "theirs", "--check")
    assert code == 2 and "mine" in err and err.count("\n") == 1
    code, _, err = say(tmp_path / "none.toml")
    assert code == 2 and "cannot be read" in err and err.count("\n") == 1
