"""The tutorial of matching runs to its end, and finds the parameters that its table was made with."""

import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_tutorial_finds_what_its_table_was_made_with(tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(sys, "argv", ["tutorial_matching.py", str(tmp_path / "study")])
    space = runpy.run_path(str(ROOT / "experiments" / "tutorial_matching.py"))
    assert space["inside"] == dict.fromkeys(space["TRUTH"], True)
    assert 0.01 < space["found"].shares[-1] < 0.6 and space["worlds"].effective > 20
    out = capsys.readouterr().out
    assert all(sentence in out for one in space["findings"] for sentence in one.sentences)
    assert "growth.chips" in out and (tmp_path / "study" / "found" / "worlds.npz").is_file()
