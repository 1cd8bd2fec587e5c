"""Simulation-based calibration: parameters are recovered from histories that the model itself made.

Draw a truth from the ranges, let it make a history, and match: over many truths, the rank of the truth among the worlds
that are left is even, and it is ruled out as seldom as the bound says (Talts and others 2018, arXiv:1804.06788).
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

pytest.importorskip("sklearn")

from stackcraft.experiments.evidence.matching import declared
from stackcraft.experiments.evidence.matching.simulators import ModelSimulator
from stackcraft.experiments.evidence.matching.stages import match
from tests.experiments.evidence.matching.known import LUCK, Known, matching, mean_of

DOUBT = 0.05

FILE = """
title = "ten countries"
seed = 3
inputs = ["growth.cloud", "growth.chips", "use_ceiling", "top_up_rate", "incumbency.cloud", "peer_pull"]
[screening]
worlds = {worlds}
replicates = 2
each = 4
[[wave]]
worlds = {worlds}
replicates = 4
[[wave]]
worlds = {worlds}
replicates = 4
[last]
worlds = {last}
replicates = 4
[simulations.world]
scenario = "first-lesson"
years = [2025, 2031]
"""
TARGET = """
[[target]]
name = "{name}"
what = "{name}"
group = "all"
reading = {{ measure = "{measure}", year = 2031 }}
observed = 1.0
scale = "log"
floor = 0.01
observation = 0.01
discrepancy = 0.01
"""
MEASURES = {"cloud": "demand[cloud]", "chips": "demand[chips]", "use": "used", "capacity": "capacity"}


def rank_of(found, values, truth):
    """The share of the weight on worlds below the truth, halfway into the world next to it."""
    weight = found.weighed.weight
    return float((weight * (values < truth)).sum() + 0.5 * (weight * (values == truth)).sum())


def recover(tmp_path, histories, start=0):
    """Match `Known` to histories that it made itself; ranks of what each target depends on, and how many were lost."""
    ranks, lost = {"sum": [], "bent": [], "idle": []}, 0
    for number in range(start, start + histories):
        rng = np.random.default_rng([11, number])
        truth = rng.random((1, 6))
        # What is seen is one draw of luck, and of what the model leaves out.
        seen = {
            name: float(mean[0] + np.hypot(LUCK, DOUBT) * rng.standard_normal())
            for name, mean in mean_of(truth).items()
        }
        plan = matching(seen, worlds=50, doubt=DOUBT, waves=1, seed=number, last=120)
        found = match(plan, tmp_path / str(number), simulator=Known())
        if not found.left:
            lost += 1
            continue
        points = found.last.points
        for name, mean in mean_of(points).items():
            ranks[name].append(rank_of(found, mean, mean_of(truth)[name][0]))
        ranks["idle"].append(rank_of(found, points[:, 5], truth[0, 5]))
    return ranks, lost


def test_ranks_of_the_truth_are_even_over_a_few_histories(tmp_path):
    ranks, lost = recover(tmp_path, 20)
    assert lost <= 1
    pooled = np.array(ranks["sum"] + ranks["bent"])
    assert kstest(pooled, "uniform").pvalue > 0.01
    assert 0.35 < pooled.mean() < 0.65


@pytest.mark.slow
def test_ranks_of_the_truth_are_even_over_many_histories(tmp_path):
    ranks, lost = recover(tmp_path, 50, start=100)
    assert lost <= 1
    for name, found in ranks.items():
        assert kstest(found, "uniform").pvalue > 0.005, name


def history_of(tmp_path, number, worlds, last):
    """A matching of the model to a history that it made with a drawn truth, and that truth."""
    text = FILE.format(worlds=worlds, last=last)
    text += "".join(TARGET.format(name=name, measure=measure) for name, measure in MEASURES.items())
    path = tmp_path / f"{number}.toml"
    path.write_text(text, encoding="utf-8")
    plan = declared.load(path)
    rng = np.random.default_rng([13, number])
    truth = rng.random((1, len(plan.inputs)))
    made = ModelSimulator(plan).run(truth, np.array([[5_000_000 + 2 * number, 5_000_001 + 2 * number]]), lambda: None)
    targets = tuple(
        replace(one, observed=float(made[one.name][0, 0] * np.exp(rng.standard_normal() * np.sqrt(one.doubt))))
        for one in plan.targets
    )
    return replace(plan, targets=targets, seed=number + 1), truth[0]


def test_the_model_finds_what_it_was_made_with(tmp_path):
    plan, truth = history_of(tmp_path, 1, worlds=40, last=60)
    found = match(plan, tmp_path / "m")
    assert found.left and found.weighed.effective > 15
    weight, points = found.weighed.weight, found.last.points
    for place in (0, 1):  # growth of cloud and of chips, which two targets show
        mean = (weight * points[:, place]).sum()
        deviation = np.sqrt((weight * (points[:, place] - mean) ** 2).sum())
        assert abs(mean - truth[place]) < 3 * deviation and deviation < 0.15  # an even spread has 0.29


@pytest.mark.slow
def test_the_model_is_calibrated_over_its_own_histories(tmp_path):
    ranks, lost, number = [], 0, 20
    for history in range(number):
        plan, truth = history_of(tmp_path, 100 + history, worlds=60, last=150)
        found = match(plan, tmp_path / f"m{history}")
        if not found.left:
            lost += 1
            continue
        ranks.append([rank_of(found, found.last.points[:, place], truth[place]) for place in range(len(truth))])
    assert lost <= 1
    for place, found in enumerate(np.array(ranks).T):
        assert kstest(found, "uniform").pvalue > 0.005, place
    outside = (np.array(ranks) < 0.05) | (np.array(ranks) > 0.95)
    assert 0.03 < outside.mean() < 0.19  # a tenth lies outside the middle nine tenths
