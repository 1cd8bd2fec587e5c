"""Snapshot and restore at every year of a random scenario: the end is the same in every bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from stackcraft.experiments.checks.check import equal
from stackcraft.experiments.checks.luck import same_bits
from stackcraft.experiments.checks.scenarios import random_scenario
from stackcraft.model import Scenario, Simulation


def checks(threads=None):
    """A random scenario on the synthetic world, and the adaptive presets, which remember their plans."""
    scenario = random_scenario(41, years=(2025, 2033))
    different, years = restored(scenario, runs=6, threads=threads)
    yield equal(
        "restore",
        f"random scenario, {years} Januaries",
        "arrays that end otherwise after a restore, over all years",
        different,
    )
    different, years = branched(scenario, runs=3, threads=threads)
    yield equal("restore", "branch", "arrays that end otherwise in a branch without changes, over all years", different)


def restored(scenario: Scenario, runs: int, threads=None) -> tuple[int, int]:
    """Count arrays of the last state that differ when a run is stopped, written, read and gone on with, over years."""
    different = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulation(scenario, runs=runs, seed=6, ledger_runs=2, threads=threads) as straight,
    ):
        paths = []
        while not straight.done:
            paths.append(Path(folder) / f"{straight.year}.npz")
            straight.snapshot(paths[-1])
            straight.step()
        for path in paths:
            with Simulation.restore(path, threads=threads) as again:
                different += differing(straight.state(), again.run().state())
    return different, len(paths)


def branched(scenario: Scenario, runs: int, threads=None) -> tuple[int, int]:
    """The same for branches that go on with the same levers."""
    with Simulation(scenario, runs=runs, seed=6, threads=threads) as straight:
        branches = []
        while not straight.done:
            branches.append(straight.branch())
            straight.step()
        different = 0
        for branch in branches:
            with branch:
                different += differing(straight.state(), branch.run().state())
    return different, len(branches)


def differing(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> int:
    """How many arrays of two states differ in any bit, or stand in one alone."""
    same = sum(name in b and same_bits(a[name], b[name]) for name in a)
    return len(a.keys() | b.keys()) - same
