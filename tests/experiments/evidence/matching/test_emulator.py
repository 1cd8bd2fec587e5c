"""An emulator foresees what it has not seen, says how unsure it is, and tells luck from what other inputs do."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from stackcraft.experiments.evidence.matching.emulator import fit, screen

LUCK, OTHERS, REPLICATES = 0.1, 0.2, 4


def made(worlds, seed):
    """Two inputs that count, one of them bent, and one that is not told to the emulator."""
    rng = np.random.default_rng(seed)
    points = rng.random((worlds, 5))
    mean = points[:, 0] + np.sin(4 * points[:, 1]) + OTHERS * np.sqrt(12) * (points[:, 4] - 0.5)
    return points, mean, mean[:, None] + LUCK * rng.standard_normal((worlds, REPLICATES))


@pytest.fixture(scope="module")
def emulator():
    points, _, values = made(150, 1)
    return fit(points, values, [0, 1], seed=3)


def test_errors_on_new_worlds_are_as_large_as_it_says(emulator):
    points, mean, _ = made(400, 2)
    foreseen = emulator.at(points)
    off = (mean - foreseen.mean) / np.sqrt(foreseen.variance)
    assert 0.7 < off.std() < 1.3 and (np.abs(off) < 2).mean() > 0.9
    assert np.corrcoef(foreseen.mean, mean)[0, 1] > 0.9


def test_luck_and_the_other_inputs_are_told_apart(emulator):
    assert np.sqrt(emulator.luck) == pytest.approx(LUCK, rel=0.15)
    assert np.sqrt(emulator.aside) == pytest.approx(OTHERS, rel=0.25)


def test_worlds_held_out_say_the_same(emulator):
    assert emulator.explained > 0.8 and 0.7 < np.sqrt((emulator.errors**2).mean()) < 1.3
    assert emulator.inflation >= 1


def test_scales_that_were_found_give_the_same_emulator_again(emulator):
    points, _, values = made(150, 1)
    again = fit(points, values, emulator.inputs, seed=3, tuned=emulator.tuned)
    assert np.array_equal(again.at(points).mean, emulator.at(points).mean)


def test_worlds_without_a_reading_are_left_out(emulator):
    points, _, values = made(150, 1)
    with_gaps = np.concatenate([values, np.full((5, REPLICATES), np.nan)])
    again = fit(np.concatenate([points, np.zeros((5, 5))]), with_gaps, [0, 1], seed=3, tuned=emulator.tuned)
    assert np.array_equal(again.at(points).mean, emulator.at(points).mean)


def test_screening_finds_what_moves_a_target_bent_or_straight():
    points = np.random.default_rng(5).random((200, 60))
    bent = points[:, 7] + 3 * (points[:, 30] - 0.5) ** 2
    assert set(screen(points, bent, 2, 1)) == {7, 30}
    assert len(screen(points, np.zeros(200), 4, 1)) == 0
