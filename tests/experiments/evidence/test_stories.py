"""The stored stories: what they are measured with, rows that follow the readings, and words that follow the rows."""

import numpy as np
import pytest

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence import staleness, stories
from stackcraft.experiments.evidence.measurements import measurements


def test_what_is_stored_has_every_change_and_reading_and_says_what_it_was_measured_with():
    rows, about = stories.stored()
    assert [(one.change, one.reading) for one in rows] == [
        (change, reading) for change in stories.CHANGES for reading in stories.READINGS
    ]
    assert set(staleness.RESTS_ON) <= set(about) and about["worlds"] == str(stories.WORLDS)
    assert "stories" in measurements()


def test_shares_add_up_so_their_changes_add_to_nothing():
    for change in stories.CHANGES:
        moved = [stories.row(change, stack).mean for stack in STACKS]
        assert sum(moved) == pytest.approx(0.0, abs=1e-6)


def test_rows_are_paired_differences_and_signs_among_the_worlds(tmp_path):
    usual = np.zeros((6, len(stories.READINGS)))  # of six worlds
    found = {name: usual.copy() for name in (stories.USUAL, *stories.CHANGES)}
    found["nobody"][:, 0] = [0.1, 0.2, 0.3, 0.2, -0.1, np.nan]
    rows = stories.rows_of(found)
    first = rows[0]
    assert (first.change, first.reading) == ("nobody", "US")
    assert first.mean == pytest.approx(0.14) and (first.holds, first.worlds) == (4, 5) and not first.clear
    path = tmp_path / "stories.csv"
    stories.store(rows, {"code": "abc", "worlds": "6"}, path)
    assert stories.stored(path) == (tuple(rows), {"code": "abc", "worlds": "6"})
    assert stories.row("nobody", "US", path) == first and stories.row("nobody", "nothing", path) is None


def test_a_measurement_reads_what_it_says():
    found = stories.measure(worlds=2)
    assert set(found) == {stories.USUAL, *stories.CHANGES}
    assert all(table.shape == (2, len(stories.READINGS)) for table in found.values())
    shares = found[stories.USUAL][:, :3]
    assert np.allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    first, again = found["promise"], found[stories.USUAL]
    assert not np.array_equal(first, again)
