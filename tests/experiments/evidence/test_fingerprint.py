"""The model gives the results that the stored fingerprint has, and what is stored can be told from what differs."""

import pytest

from stackcraft.experiments.evidence import fingerprint, remeasure, staleness
from stackcraft.model.loop.codes import SUBMODELS


@pytest.mark.slow
def test_the_model_gives_the_results_that_everything_stored_was_measured_on():
    moved = fingerprint.moved(fingerprint.stored()[0], fingerprint.measure())
    assert moved == [], "`make remeasure` accepts the new results and measures anew what rests on them"


def test_the_cases_try_every_submodel_and_have_names_of_their_own():
    names = [one.name for one in fingerprint.cases()]
    assert len(set(names)) == len(names) > 400
    assert {f"without {name}" for name in SUBMODELS} <= set(names)


def test_what_is_stored_comes_back_and_a_difference_is_named(tmp_path):
    path, numbers = tmp_path / "fingerprint.csv", {"status quo": 0.1 + 0.2, "without beliefs": 1e-17}
    fingerprint.store(numbers, "abc", path)
    assert fingerprint.stored(path) == (numbers, "abc")
    assert fingerprint.moved(numbers, {**numbers, "status quo": 0.3}) == []
    assert fingerprint.moved(numbers, {"status quo": 0.31, "new": 1.0}) == ["new", "status quo", "without beliefs"]


def test_the_same_results_are_marked_as_compared_and_others_take_their_place(tmp_path, monkeypatch):
    path, said = tmp_path / "fingerprint.csv", []
    fingerprint.store({"status quo": 1.0}, "other code", path)
    monkeypatch.setattr(fingerprint, "measure", lambda threads=None: {"status quo": 1.0})
    remeasure.compare_results(None, said.append, path)
    assert fingerprint.stored(path) == ({"status quo": 1.0}, staleness.model_hash())
    assert said[-1] == "results: all are the same"
    monkeypatch.setattr(fingerprint, "measure", lambda threads=None: {"status quo": 2.0})
    remeasure.compare_results(None, said.append, path)
    assert len(said) == 2, "compared already on this code"
    fingerprint.store({"status quo": 1.0}, "other code", path)
    remeasure.compare_results(None, said.append, path)
    assert fingerprint.stored(path)[0] == {"status quo": 2.0}
    assert said[-1] == "results: 1 of 1 numbers have changed; the first: status quo"
