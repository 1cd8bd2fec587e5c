"""Kinds of worlds beside each other: how much of the spread is luck, and what is stored of it."""

import numpy as np
import pytest

from stackcraft.experiments.evidence import drawn_worlds
from stackcraft.experiments.evidence.drawn_worlds import Row, luck_share


def test_spread_that_only_luck_makes_is_all_luck_and_spread_that_worlds_make_is_none():
    rng = np.random.default_rng(3)
    of_worlds, luck = rng.normal(size=4000), rng.normal(size=(2, 4000))
    assert luck_share(*luck) == pytest.approx(1.0, abs=0.05)
    assert luck_share(of_worlds, of_worlds) == 0.0
    assert luck_share(of_worlds + luck[0], of_worlds + luck[1]) == pytest.approx(0.5, abs=0.05)
    assert np.isnan(luck_share(np.ones(4), np.ones(4)))


def test_rows_come_back_as_they_were_stored_and_say_whether_the_default_is_central(tmp_path):
    inside = Row("a", (1.0, 2.0, 3.0, 4.0, 5.0), (0.0, 2.5, 3.0, 3.5, 9.0), (0.0, 1.0, 2.0, 3.0, 4.0), 0.25)
    outside = Row("b", (1.0, 2.0, 3.6, 4.0, 5.0), (0.0, 2.5, 3.0, 3.5, 9.0), (0.0, 1.0, 2.0, 3.0, 4.0), 0.75)
    drawn_worlds.store([inside, outside], {"commit": "abc"}, tmp_path / "w.csv")
    assert drawn_worlds.stored(tmp_path / "w.csv") == ([inside, outside], {"commit": "abc"})
    assert inside.central and not outside.central
    assert "in 1 of 2 outputs" in drawn_worlds.summary([inside, outside])
    assert "50 % is luck" in drawn_worlds.summary([inside, outside])
    assert drawn_worlds.stored(tmp_path / "none.csv") == ([], {})


def test_the_shares_of_a_weighting_add_up():
    rows = {row.what: row for row in drawn_worlds.measure(1)}
    for words in drawn_worlds.WEIGHTS.values():
        parts = [
            rows[f"installed share of {stack} at the end, {words}"].plausible[2]
            for stack in ("US", "CN", "independent")
        ]
        assert sum(parts) == pytest.approx(1.0, abs=1e-4)
    assert len(rows) >= 20
