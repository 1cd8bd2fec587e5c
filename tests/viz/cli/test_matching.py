"""The command `evidence match`: what it would run, what it finds, and that it goes on in its folder."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from stackcraft.model import worlds as model_worlds
from stackcraft.model.worlds import Worlds, write
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


@pytest.fixture
def worlds(tmp_path):
    made = Worlds(("peer_pull", "growth.cloud"), np.array([[0.2, 0.2], [0.4, 0.2], [0.6, 0.16]]), np.full(3, 1 / 3))
    write(made, tmp_path / "mine.npz")
    return str(tmp_path / "mine.npz")


def test_run_and_compare_take_their_worlds_from_a_table_and_say_that_it_is_of_another_model(
    worlds, tmp_path, capsys, compiled
):
    short = ("--years", "2025:2027", "--runs", "3", "--worlds", worlds)
    assert main.main(["run", "first-lesson", *short, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert "each run has assumptions of its own" in " ".join(said.out.split())
    assert "the model has changed since" in " ".join(said.err.split())
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "every run has values of its own" in report
    assert main.main(["run", "--manifest", str(tmp_path / "out" / "manifest.json")]) == 0
    assert "the same as in the manifest, bit for bit" in capsys.readouterr().out
    assert main.main(["compare", "first-lesson", "first-lesson", *short, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main.main(["compare", "first-lesson", "first-lesson", *short, "--no-files"]) == 0
    assert "the same for run and run in A and B" in " ".join(capsys.readouterr().out.split())
    assert told["zero_everywhere"] and told["b"]["worlds"] == worlds


def test_plausible_worlds_that_are_not_there_are_told_with_the_command_that_makes_them(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(model_worlds, "SHIPPED", tmp_path / "none.npz")
    assert main.main(["run", "first-lesson", "--worlds", "plausible", "--no-files"]) == 2
    err = capsys.readouterr().err
    assert "stackcraft evidence match" in err and err.count("\n") == 1
    assert main.main(["run", "first-lesson", "--worlds", "plausble", "--no-files"]) == 2
    assert "did you mean plausible" in capsys.readouterr().err


def test_a_table_of_worlds_is_shown_and_written_for_other_programs(worlds, tmp_path, capsys):
    assert main.main(["evidence", "worlds", worlds, "--csv", str(tmp_path / "t.csv")]) == 0
    said = capsys.readouterr()
    assert "3 worlds of 2 parameters, as sure as 3" in said.out and "peer_pull" in said.out
    rows = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "world,weight,hash,peer_pull,growth.cloud" and len(rows) == 4
    assert rows[3].split(",")[0] == "2" and rows[3].endswith(",0.6,0.16")
    assert main.main(["evidence", "worlds", "raw"]) == 2
    assert "have no table" in capsys.readouterr().err
