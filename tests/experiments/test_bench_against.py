"""Two versions measured in turn: the same version does the same work in about the same time."""

import subprocess

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.bench import against, calibration

HISTORY = subprocess.run(
    ["git", "-C", str(against.ROOT), "rev-parse", "--verify", "--quiet", "HEAD"], capture_output=True
).stdout
needs_history = pytest.mark.skipif(not HISTORY, reason="this copy of the project has no history")


@needs_history
@pytest.mark.parametrize("commit", ["no-such-commit", "--help", ""])
def test_a_commit_that_does_not_exist_is_one_clear_line(commit):
    with pytest.raises(InputError, match="--against") as error:
        against.compare(commit)
    assert "\n" not in str(error.value)


def test_sizes_below_one_are_refused():
    with pytest.raises(InputError, match="runs=0"):
        against.compare("HEAD", runs=0)


def test_a_cell_costs_more_than_an_exponential():
    costs = calibration.nanoseconds()
    assert 0 < costs["exponential"] < costs["logit cell"] and costs["hash"] > 0


@needs_history
@pytest.mark.slow
def test_a_version_against_itself_does_the_same_work(tmp_path, monkeypatch):
    monkeypatch.setattr(against, "KEPT", tmp_path)
    found = against.compare("HEAD", runs=2, repeats=2, profile=False)
    assert found["counts"]["here"] == found["counts"]["there"]
    assert 0.5 < found["ratio"]["median"] < 2 and len(found["rounds"]) == 2
