"""Other worlds are asked about the last year alone: nothing is said of them beneath the headline of another year."""

from types import SimpleNamespace

import numpy as np

from stackcraft.experiments.live import WorldOutcomes
from stackcraft.model.scenario import Scenario
from stackcraft.viz.dashboard.pages.compare import panels as compare

YEARS = (2025, 2026, 2027)


def test_a_comparison_says_for_which_year_doubt_was_tried():
    usual = Scenario.load("baseline")
    before = np.tile([0.5, 0.3, 0.2], (10, 1))
    after = before + np.array([0.1, -0.1, 0.0])
    doubts = WorldOutcomes(usual, usual, 10, 0, after, after, before, before)
    pair = SimpleNamespace(a=SimpleNamespace(years=YEARS))
    found = compare.Finding("US", 1, {})
    assert "all 10" in compare.held(doubts, pair, None, found) and "all 10" in compare.held(doubts, pair, 2027, found)
    earlier = compare.held(doubts, pair, 2026, found)
    assert "2027" in earlier and "all 10" not in earlier
