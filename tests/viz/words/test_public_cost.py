"""What support costs the public is said for each home, with how sure it is."""

import numpy as np

from stackcraft.viz.words import public_cost

RUNS = 8
SPREAD = np.linspace(-1, 1, RUNS)[:, None]


def test_cost_is_told_for_each_home_with_its_band_and_by_the_year():
    told = public_cost.sentence(2035, 2025, np.array([[30.0, 60.0]]) + 2 * SPREAD)
    assert "the United States $30.0 bn ($28.2 bn to $31.8 bn), $3.0 bn a year on average" in told
    assert "China $60.0 bn ($58.2 bn to $61.8 bn), $6.0 bn a year" in told and "set against it" not in told
    assert "set against it" in public_cost.sentence(2035, 2025, np.tile([-1.0, 60.0], (RUNS, 1)))
    assert public_cost.sentence(2025, 2025, np.zeros((RUNS, 2))) == "In 2025 nothing has been spent yet."


def test_an_added_cost_has_its_interval_and_nothing_is_said_to_be_nothing():
    told = public_cost.added_sentence(2035, 2025, np.concatenate([5 + SPREAD, 0 * SPREAD], axis=1))
    assert "for the United States +$5.0 bn (+$4.4 bn to +$5.6 bn)" in told
    assert told.endswith("for China nothing: the same.")
    assert public_cost.change(np.array([0.2])) == "+$200 m"
