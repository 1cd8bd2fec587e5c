"""A matching goes on where it was stopped, says by what a model is ruled out, and keeps the worlds that are left."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.matching import keep, stages
from stackcraft.experiments.evidence.matching.report import findings
from stackcraft.model import worlds
from tests.experiments.evidence.matching.known import LUCK, Known, matching

SEEN = {"sum": 1.5, "bent": 0.8}


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return stages.match(matching(SEEN), tmp_path_factory.mktemp("whole") / "m", simulator=Known())


def test_what_is_left_is_what_was_seen(found):
    weight, points = found.weighed.weight, found.last.points
    both = points[:, 0] + points[:, 1]
    mean = (weight * both).sum()
    assert mean == pytest.approx(1.5, abs=0.05)
    assert np.sqrt((weight * (both - mean) ** 2).sum()) == pytest.approx(np.hypot(0.05, LUCK * np.sqrt(1.5)), rel=0.25)
    assert found.shares[0] == pytest.approx(0.13, abs=0.06) and found.weighed.effective > 60


def test_inputs_that_move_nothing_are_left_as_they_were(found):
    text = "\n".join(sentence for one in findings(found) for sentence in one.sentences)
    (learnt,) = (one for one in findings(found) if one.name == "parameters")
    clear = {row[0] for row in learnt.tables[0].rows if row[-1] == "yes"}
    assert clear == {"input 0", "input 1", "input 2"} and "Nothing was learnt of the other 3" in text


def test_stopped_at_any_point_it_ends_with_the_same_worlds(tmp_path, found):
    plan, simulator = matching(SEEN), Known()
    for allowed in (2, 5, 9, 13):

        def stop(progress, left=None):
            stop.left -= 1
            if stop.left < 0:
                raise Stopped

        stop.left = allowed
        with pytest.raises(Stopped):
            stages.match(plan, tmp_path / "m", simulator=simulator, report=stop)
    whole = stages.match(plan, tmp_path / "m", simulator=simulator)
    assert np.array_equal(whole.weighed.weight, found.weighed.weight)
    assert np.array_equal(whole.last.points, found.last.points)
    calls = simulator.calls
    again = stages.match(plan, tmp_path / "m", simulator=simulator)
    assert simulator.calls == calls and np.array_equal(again.weighed.weight, found.weighed.weight)


def test_another_matching_in_the_same_folder_is_refused(tmp_path):
    class Enough:
        def __call__(self, progress):
            raise Stopped

    with pytest.raises(Stopped):
        stages.match(matching(SEEN), tmp_path / "m", simulator=Known(), report=Enough())
    with pytest.raises(InputError, match="another matching"):
        stages.match(matching({**SEEN, "bent": 0.7}), tmp_path / "m", simulator=Known())
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").touch()
    with pytest.raises(InputError, match="something else"):
        stages.match(matching(SEEN), tmp_path / "letters", simulator=Known())


def test_where_nothing_is_left_it_says_so_and_by_what(tmp_path):
    found = stages.match(matching({**SEEN, "sum": 2.6}), tmp_path / "m", simulator=Known())
    assert not found.left and found.shares == [0.0] and found.ruled_out_by["sum"] > 3
    text = "\n".join(sentence for one in findings(found) for sentence in one.sentences)
    assert "the model is ruled out" in text and "comes near enough to sum" in text
    assert "Without sum worlds would be left." in text
    with pytest.raises(InputError, match="ruled out every world"):
        keep.worlds_of(found)


def test_two_targets_that_exclude_each_other_are_told(tmp_path):
    """`sum` at 1.9 needs both inputs high; read a second time with another aim, no world has both."""

    class Twice(Known):
        def run(self, points, replicates, check):
            found = super().run(points, replicates, check)
            return {"sum": found["sum"], "bent": found["bent"], "again": found["sum"] + 0.0}

    plan = matching({"sum": 1.5, "bent": 0.8, "again": 0.5})
    found = stages.match(plan, tmp_path / "m", simulator=Twice())
    assert not found.left
    text = "\n".join(sentence for one in findings(found) for sentence in one.sentences)
    assert "Each target can be met by itself" in text and "without sum and again" in text


def test_absurd_worlds_bend_no_emulator(found):
    target = found.matching.targets[0]
    values = np.array([[1.4, 1.5], [1.5, 1.6], [1e9, 1e9]])
    near = stages.near(target, values)
    assert np.array_equal(near[:2], values[:2]) and near[2].max() < 3


def test_the_worlds_that_are_left_come_back_from_their_table(tmp_path, found):
    path = keep.keep(found, tmp_path)
    made = worlds.read(path)
    left = found.weighed.left
    assert len(made) == left.sum() and made.effective == pytest.approx(found.weighed.effective)
    assert made.about["matching"] == found.matching.hash() and made.names[0] == "input 0"
    by_hand = (found.weighed.weight[:, None] * found.last.points).sum(axis=0)
    assert made.weight @ made.values == pytest.approx(by_hand, abs=1e-5)
