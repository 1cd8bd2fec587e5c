"""Quality, standards and goodwill of a January against plain formulas."""

import numpy as np
import pytest

from stackcraft.model.loop.feedbacks import change_goodwill, learn, next_quality, shift_standards
from tests.reference import feedbacks as twin


def test_research_data_and_catching_up(standing):
    standing.run.state["data_use"][:15] = np.linspace(0.1, 2.0, 15)
    standing.world.state.data_use[:15] = np.linspace(0.1, 2.0, 15)
    learn(standing.run, standing.space["research"])
    expected = twin.quality_after(standing.world)
    serves = standing.world.facts.serves[:, :15].T > 0
    assert standing.run.state["quality"][:15][serves] == pytest.approx(expected[:15][serves], abs=1e-12)
    assert np.abs(standing.run.state["quality"] - standing.world.state.quality).max() > 1e-3


def test_the_research_loop_is_damped():
    """Twice the research of the mean, for ever, gains a bounded lead: catching up takes it back."""
    leader, laggard = 0.0, 0.0
    for _ in range(400):
        best = max(leader, laggard)
        leader, laggard = (next_quality(q, best, r, 0.05, 0.3, 0.05) for q, r in ((leader, 2.0), (laggard, 0.5)))
        top = max(leader, laggard)
        leader, laggard = leader - top, laggard - top
    settled = 0.05 * ((1 + 2.0) ** 0.3 - (1 + 0.5) ** 0.3) / 0.05
    assert leader - laggard == pytest.approx(settled, rel=1e-6)


def test_standards(standing):
    before = standing.run.state["standards"].copy()
    shift_standards(standing.run)
    assert standing.run.state["standards"] == pytest.approx(twin.standards_after(standing.world), abs=1e-12)
    assert standing.run.state["standards"].sum(axis=1) == pytest.approx(np.ones(7), abs=1e-9)
    assert np.abs(standing.run.state["standards"] - before).max() > 0


def test_goodwill(standing):
    change_goodwill(standing.run)
    world = standing.world
    for c in range(world.countries):
        for h in (0, 1):
            expected = twin.goodwill_after(world.parameters, world.state.goodwill[c][h], world.home[h].aid_bn)
            assert standing.run.state["goodwill"][c, h] == pytest.approx(expected, abs=1e-14)
