"""The command `analyse`: what it prints, what it leaves out and why, and what it refuses in one line."""

import json
import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import typer

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import table
from stackcraft.experiments.analyses.finding import Bars, Column, Finding, Table
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy
from stackcraft.viz.cli import analyse


def means(results, measure, year=None, *, draws: int = 100, share: float | None = None, seed: int = 0) -> Finding:
    values = results.matrix(measure, year).mean(axis=1)
    said = (f"The largest mean is {values.max():.3f}; draws {draws}, share {share}, seed {seed}.",)
    labels = tuple(f"row {i}" for i in range(len(values)))
    return Finding(
        "means",
        f"Means of {measure}",
        said,
        (Table("Means", (Column("row"), Column("mean", "", 3)), tuple(zip(labels, map(float, values), strict=False))),),
        (Bars("Means", "", labels, tuple(map(float, values))),),
    )


def never(results, measure, year=None, *, block: str = "uncertainties", seed: int = 0) -> Finding:
    raise InputError("this study has no block of that kind")


def duel(results, us: str = "up", cn: str = "down", year=None, *, seed: int = 0) -> Finding:
    return Finding("duel", "Duel", (f"{us} against {cn}: {float(results.matrix(us).mean()):.2f}",))


@pytest.fixture(autouse=True)
def analyses(monkeypatch):
    """Three small analyses in the place of the real ones."""
    module = ModuleType("made_up_analyses")
    module.means, module.never, module.duel = means, never, duel
    monkeypatch.setitem(sys.modules, "made_up_analyses", module)
    made = {
        name: table.Analysis(name, "made_up_analyses", f"What {name} says.", name)
        for name in ("means", "never", "duel")
    }
    monkeypatch.setattr(table, "ANALYSES", made)


@pytest.fixture
def say(monkeypatch, capsys, tmp_path):
    """Run the command on a study in memory; gives output, or raises `InputError`."""
    factors = (Factor("fear", "uncertainty", "real", 0.0, 2.0, sentence="How much fear weighs.", judgement=True),)
    block = Block("uncertainties", "latin", factors, pd.DataFrame({"fear": [0.5, 1.5]}))
    up = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]])
    study = MemoryStudy([block], {"up": up, "down": -up}, title="Small", year=2045)
    monkeypatch.setattr(analyse, "open_study", lambda folder: study)
    monkeypatch.chdir(tmp_path)
    app = typer.Typer(add_completion=False)
    app.command()(analyse.analyse)

    def run(*arguments):
        app([str(one) for one in arguments], standalone_mode=False)
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return run


def refused(say, *arguments, parts=()):
    with pytest.raises(InputError) as found:
        say(*arguments)
    line = str(found.value)
    assert "\n" not in line and all(part in line for part in parts), line


def test_one_analysis_is_printed_with_its_options_and_seed(say):
    out = say("means", "study", "--measure", "down", "--option", "draws=7", "--option", "share=0.5", "--seed", "3")
    assert "Small" in out and "measure down" in out and "The largest mean is -2.000; draws 7, share 0.5, seed 3." in out
    assert "not a forecast" in out and "Means" in out


def test_without_a_measure_the_first_counts_and_the_others_are_named(say):
    out = say("means", "study")
    assert "measure up; --measure names another of 2: down" in out and "The largest mean is 3.000" in out


def test_all_gives_what_fits_and_says_why_the_rest_does_not(say):
    out = say("all", "study", "--option", "draws=9")
    assert "draws 9" in out and "up against down: 2.50" in out
    assert "Left out" in out and "never: this study has no block of that kind" in out


def test_json_and_nothing_else(say):
    found = json.loads(say("all", "study", "--json"))
    assert [one["name"] for one in found["findings"]] == ["means", "duel"] and list(found["left_out"]) == ["never"]
    assert found["findings"][0]["charts"][0]["kind"] == "bars"


def test_a_report_is_written_whole_with_the_command_that_repeats_it(say, tmp_path):
    out = say("all", "my study", "--year", "2045", "--option", "draws=9", "--out", "new/report.html")
    text = (tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert "Report: new/report.html" in out and [one.name for one in (tmp_path / "new").iterdir()] == ["report.html"]
    assert (
        "stackcraft analyse all &#39;my study&#39; --measure up --year 2045 --option draws=9 --out new/report.html"
        in text
    )
    assert (
        "How much fear weighs." in text
        and "1 of the 1 things varied rests on" in text
        and "no block of that kind" in text
    )


def test_list_shows_every_analysis_with_options_kinds_and_defaults(say):
    out = say("list")
    assert "What duel says." in out and "draws=100: a whole number" in out and "share=none: a number or none" in out
    rows = {row["name"]: row for row in json.loads(say("list", "--json"))}
    assert rows["duel"]["measure"] is False and rows["means"]["options"][0] == {
        "name": "draws",
        "kind": "a whole number",
        "default": 100,
        "needed": False,
    }


def test_what_is_wrong_is_refused_in_one_line_with_the_nearest_name(say, tmp_path):
    refused(say, "mean", "study", parts=("'mean'", "did you mean means?"))
    refused(say, "means", parts=("needs the folder",))
    refused(say, "means", "study", "--measure", "dwon", parts=("'dwon'", "down"))
    refused(say, "means", "study", "--year", "2044", parts=("2044", "2045"))
    refused(say, "means", "study", "--option", "drows=3", parts=("'drows'", "did you mean draws?"))
    refused(say, "means", "study", "--option", "draws=many", parts=("draws=many", "a whole number"))
    refused(say, "means", "study", "--option", "draws", parts=("NAME=VALUE",))
    refused(say, "means", "study", "--option", "draws=1", "--option", "draws=2", parts=("twice",))
    refused(say, "all", "study", "--option", "drows=3", parts=("'drows'", "did you mean draws?"))
    refused(say, "duel", "study", "--measure", "up", parts=("no --measure",))
    refused(say, "never", "study", parts=("no block of that kind",))
    refused(say, "means", "study", "--out", "report.csv", parts=("report.csv", "report.html"))
    refused(say, "means", "study", "--out", tmp_path, parts=("is a folder",))
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused(say, "means", "study", "--out", tmp_path / "file" / "r.html", parts=("is a file",))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file"]


def test_where_nothing_fits_every_reason_is_given(say, monkeypatch):
    monkeypatch.setattr(table, "ANALYSES", {"never": table.ANALYSES["never"]})
    with pytest.raises(InputError, match="no analysis fits this study:\nnever: this study has no block"):
        say("all", "study")


def test_a_full_disk_is_one_line_and_leaves_nothing(say, monkeypatch, tmp_path):
    from stackcraft.viz.analysis_report import report

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report, "write_whole", full)
    with pytest.raises(
        OSError, match=r"r.html cannot be written: the disk is full; free some space or name another file"
    ):
        say("means", "study", "--out", "r.html")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_study_is_refused(tmp_path):
    with pytest.raises(InputError):
        analyse.analyse("means", tmp_path)


def test_measures_are_shown_by_name_where_they_have_no_meaning_of_their_own(say, tmp_path):
    say("means", "study", "--out", "r.html")
    assert "up (up)" not in (tmp_path / "r.html").read_text(encoding="utf-8")
