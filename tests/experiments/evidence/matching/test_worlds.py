"""A table of worlds: each comes as often as its weight says, and nobody changes it unseen."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.matching.worlds import Worlds, read, rounded, write


@pytest.fixture
def worlds():
    rng = np.random.default_rng(1)
    weight = rng.random(40)
    return Worlds(("growth.cloud", "peer_pull"), rounded(rng.random((40, 2))), weight / weight.sum(), {"made": "today"})


def test_worlds_come_as_often_as_their_weights_say(worlds):
    often = np.bincount(worlds.order(20_000), minlength=40) / 20_000
    assert np.abs(often - worlds.weight).max() < 1e-3
    assert np.bincount(worlds.order(64), minlength=40).max() <= np.ceil(64 * worlds.weight.max()) + 1


def test_an_ensemble_of_64_is_the_beginning_of_one_of_500(worlds):
    assert np.array_equal(worlds.order(500)[:64], worlds.order(64))


def test_a_table_comes_back_to_the_bit(tmp_path, worlds):
    write(worlds, tmp_path / "w.npz")
    again = read(tmp_path / "w.npz")
    assert np.array_equal(again.values, worlds.values) and np.array_equal(again.weight, worlds.weight)
    assert again.names == worlds.names and again.about == {"made": "today"} and again.hashes() == worlds.hashes()


def test_a_value_that_was_changed_is_noticed(tmp_path, worlds):
    write(worlds, tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz") as stored:
        parts = {name: stored[name] for name in stored.files}
    parts["values"][3, 1] += 1e-6
    np.savez(tmp_path / "w.npz", **parts)
    with pytest.raises(InputError, match="changed after it was made"):
        read(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,value\n"])
def test_what_is_no_table_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(InputError, match="is not a table of worlds"):
        read(tmp_path / "w.npz")
    with pytest.raises(InputError, match="there is no table"):
        read(tmp_path / "none.npz")


def test_six_figures_are_kept():
    assert rounded(np.array([123456.78, 0.000123456789, 0.0, -2.5])).tolist() == pytest.approx(
        [123457.0, 0.000123457, 0.0, -2.5], rel=1e-12
    )
