"""How strongly shares reproduce themselves: the total feedback gain at the start, and 0 with every feedback off.

F maps what is installed (country, layer, vendor; shares of each cell) to unsupported choices (the same shape, shares of
what is bought). Its Jacobian says how much of a change in what is installed comes back in the next choices, by
peers, complementarity, incumbency, the standards that follow the installed base in the long run, and the dislike of
dependence. The gain is the largest absolute eigenvalue; a change in shares feeds on itself where it exceeds 1.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigs

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import report, within
from stackcraft.experiments.checks.one_run import refresh, run_record, workspace
from stackcraft.model import Simulation
from stackcraft.model.loop.targeting import survey

PULLS = ("peers", "complementarity", "incumbency", "standards")
# Fear and sovereignty weigh a stack by how dependent the buyer is already: feedbacks too, against the stack.
DEPENDENCE = ("supply_fear", "sovereignty")
STEP = 1e-4


def checks(threads=None, world: str = "world"):
    """Total gain, by layer, each pull alone, and none."""
    with _start(world, (), threads) as simulation:
        system = Choices(simulation)
        total = gain(system)
        yield report("gain", "total", "largest eigenvalue of choices by installed shares, all feedbacks", total)
        by_layer = {name: gain(system, layer) for layer, name in enumerate(LAYERS)}
        words = ", ".join(f"{name} {value:.2f}" for name, value in by_layer.items())
        yield report(
            "gain", "within a layer", "the largest of the seven layers taken alone", max(by_layer.values()), words
        )
    alone = {}
    for one in PULLS:
        with _start(world, [name for name in (*PULLS, *DEPENDENCE) if name != one], threads) as simulation:
            alone[one] = gain(Choices(simulation))
    words = ", ".join(f"{name} {value:.2f}" for name, value in alone.items())
    yield report("gain", "each alone", "the largest of the four pulls taken alone", max(alone.values()), words)
    with _start(world, (*PULLS, *DEPENDENCE), threads) as simulation:
        yield within("gain", "none", "all feedbacks off", gain(Choices(simulation)), 1e-9)


def _start(world: str, off, threads) -> Simulation:
    scenario = status_quo(world=world, years=(2025, 2026), off=[*off, "tastes"])
    return Simulation(scenario, runs=1, seed=1, threads=threads)


class Choices:
    """F at the start of a simulation, and its derivative along a change."""

    def __init__(self, simulation: Simulation) -> None:
        self.run, self.space, self.state = run_record(simulation), workspace(simulation), simulation.world.state
        self.number = len(simulation.inputs)
        stock = self.state["stock"][0, : self.number]
        self.size = stock.sum(axis=2, keepdims=True)
        self.start = stock / self.size
        self.attribution = np.asarray(self.run.market["attribution"])  # (layer, vendor, stack)
        self.standards_on = bool(self.run.on["standards"])

    def __call__(self, installed: np.ndarray) -> np.ndarray:
        """Unsupported choices (country, layer, vendor) where shares `installed` stand."""
        state = self.state
        share = (installed[..., np.newaxis] * self.attribution[np.newaxis]).sum(axis=2)
        state["stock"][0, : self.number], state["share"][0, : self.number] = installed * self.size, share
        if self.standards_on:
            state["standards"][0] = (share * self.size).sum(axis=0) / self.size.sum(axis=0)
        refresh(self.run)
        survey(self.run, self.space)
        return state["organic_choice"][0, : self.number].copy()

    def along(self, change: np.ndarray) -> np.ndarray:
        """The derivative of F along `change`, by central differences at the largest step of STEP."""
        change = change - change.mean(axis=2, keepdims=True)
        largest = np.abs(change).max()
        if largest == 0.0:
            return np.zeros_like(change)
        step = STEP / largest
        return (self(self.start + step * change) - self(self.start - step * change)) / (2 * step)


def gain(choices: Choices, layer: int | None = None) -> float:
    """Largest absolute eigenvalue of F's Jacobian, or of its block of one layer."""
    shape = choices.start.shape
    mask = np.ones(shape) if layer is None else np.zeros(shape)
    if layer is not None:
        mask[:, layer] = 1.0

    def product(flat: np.ndarray) -> np.ndarray:
        return (mask * choices.along(mask * flat.reshape(shape))).ravel()

    number = int(np.prod(shape))
    start = np.random.default_rng(0).normal(size=number)
    if np.abs(product(start)).max() < 1e-12:
        return 0.0
    values = eigs(
        LinearOperator((number, number), matvec=product, dtype=float),
        k=1,
        v0=start,
        tol=1e-4,
        return_eigenvectors=False,
    )
    return float(np.abs(values[0]))
