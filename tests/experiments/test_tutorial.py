"""The tutorial runs from its first line to its conclusion."""

import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_tutorial_runs_to_its_conclusion(tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(sys, "argv", ["tutorial.py", str(tmp_path / "study")])
    space = runpy.run_path(str(ROOT / "experiments" / "tutorial.py"))
    assert space["report"].whole and space["report"].failed == 0
    assert [one.name for one in space["findings"]] == [
        "enough",
        "luck",
        "contributions",
        "feature_scores",
        "prim",
        "robustness",
    ]
    out = capsys.readouterr().out
    assert all(sentence in out for one in space["findings"] for sentence in one.sentences)
