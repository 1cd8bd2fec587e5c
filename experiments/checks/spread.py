"""Is the baseline contested where the world is: win probabilities of unsupported tenders in the first January."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, report
from stackcraft.model import Simulation

LOW, HIGH = 0.2, 0.8
NAMED = ("BRA", "EGY", "IDN")
RUNS = 64  # tastes differ from run to run


def checks(threads=None):
    """Over all cells, by layer, and three countries by name."""
    scenario = status_quo(years=(2025, 2026))
    with Simulation(scenario, runs=RUNS, seed=scenario.seed, threads=threads) as simulation:
        number = len(simulation.inputs)
        won = simulation.world.state["win_unsupported"][:, :number].copy()  # (run, country, layer, stack)
        nothing = simulation.world.state["win_nothing"][:, :number].copy()
        place = [simulation.inputs.iso3.index(code) for code in NAMED]
        treaty = simulation.inputs.ally[:, 0] >= 1.0
    open_cell = contested(won)
    words = ", ".join(f"{name} {value:.0%}" for name, value in zip(LAYERS, open_cell.mean(axis=(0, 1)), strict=True))
    yield at_least(
        "spread",
        "contested choices",
        f"share of (country, layer) in which some stack wins with {LOW} to {HIGH}",
        open_cell.mean(),
        0.5,
        words,
    )
    for name, s in (("US", 0), ("CN", 1)):
        inside = ((won[..., s] >= LOW) & (won[..., s] <= HIGH)).mean()
        yield report(
            "spread", f"contested for {name}", f"share of choices that {name} wins with {LOW} to {HIGH}", inside
        )
    bits = entropy(won, nothing)
    words = ", ".join(f"{name} {value:.2f}" for name, value in zip(LAYERS, bits.mean(axis=(0, 1)), strict=True))
    yield report(
        "spread", "entropy", "mean entropy of who wins (three stacks or nothing), of 2 bits", bits.mean(), words
    )
    for code, country in zip(NAMED, place, strict=True):
        chances = won[:, country].mean(axis=0)
        words = ", ".join(
            f"{name} {us:.2f}/{cn:.2f}/{own:.2f}" for name, (us, cn, own) in zip(LAYERS, chances, strict=True)
        )
        yield at_least(
            "spread",
            code,
            "share of its choices that are contested (US/CN/independent by layer)",
            open_cell[:, country].mean(),
            0.5,
            words,
        )
    words = f"treaty allies {bits[:, treaty].mean():.2f}, named {bits[:, place].mean():.2f}"
    yield at_least(
        "spread",
        "where the world is",
        "entropy of the named countries over that of treaty allies",
        bits[:, place].mean() / bits[:, treaty].mean(),
        1.0,
        words,
    )


def contested(won: np.ndarray) -> np.ndarray:
    """Return the cells where no stack is sure to win and one has a fair chance: the likeliest wins with LOW to HIGH."""
    most = won.max(axis=-1)
    return (most >= LOW) & (most <= HIGH)


def entropy(won: np.ndarray, nothing: np.ndarray) -> np.ndarray:
    """Entropy of who wins, bits, by cell; buying nothing is an outcome too."""
    chances = np.maximum(np.concatenate([won, nothing[..., np.newaxis]], axis=-1), 1e-300)
    return -(chances * np.log2(chances)).sum(axis=-1)
