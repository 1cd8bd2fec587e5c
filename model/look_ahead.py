"""Looking ahead from what a side can see: a few runs of the model from an imagined world, never from the true one.

The imagined world starts from the facts, with the installed shares of the public record; beliefs are priors, demand is
the public figure, the luck is the side's own imagination. The rival keeps the levers that could last be seen.

`LookAhead` compares presets for an adaptive side; `imagine` compares orders for whoever can say what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stackcraft.agents.names import KINDS, SIDES
from stackcraft.model import snapshots
from stackcraft.model.batch import Batch, all_on
from stackcraft.model.casting import cast_of, public_facts, status_quo
from stackcraft.model.inputs import Inputs, load_inputs
from stackcraft.model.layouts import event_dtype
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.payoff import payoff
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant, crossed, lay_on

IMAGINED_SEED = 0x10A


class LookAhead:
    """`look_ahead(candidates, side)` gives the payoff of each candidate preset, (runs, candidates)."""

    def __init__(self, simulation, observer) -> None:
        self.simulation = simulation
        self.observer = observer

    def __call__(self, candidates, side: str) -> np.ndarray:
        simulation = self.simulation
        home = SIDES.index(side)
        asked = simulation.cast.looks_ahead()[:, home]
        seen = self.observer.observed_shares()
        result = np.zeros((simulation.runs, len(candidates)))
        for run in np.flatnonzero(asked):
            result[run] = self._imagine(run, list(candidates), side, home, seen[run])
        return result

    def _imagine(self, run: int, candidates: list[str], side: str, home: int, shares: np.ndarray) -> np.ndarray:
        """Payoff of each candidate from one run's public record, mean over imagined futures."""
        simulation = self.simulation
        parameters = simulation.world.parameters[run : run + 1]
        ahead, futures = int(parameters["look_ahead_years"][0]), int(parameters["look_ahead_futures"][0])
        variants, future = crossed([Variant(presets=((side, name),)) for name in candidates], range(futures))
        number = len(variants)
        inputs = self._imagined_inputs(shares)
        cast = status_quo(simulation.inputs, number)
        lay_on(cast, variants)
        cast.decide(cast.blank_views(simulation.years[0], self.observer.facts))
        levers = {kind: cast.levers(kind) for kind in KINDS}
        self._hold_rival(levers["home_government"], 1 - home, run)
        reference = status_quo(simulation.inputs, 1)
        reference.decide(reference.blank_views(simulation.years[0], self.observer.facts))
        # The imagination is keyed by the true replicate's number only, so that it is the same in any batch.
        world = Batch.make(
            inputs,
            (simulation.year, simulation.year + ahead),
            simulation.seed ^ IMAGINED_SEED,
            1_000_000 + int(simulation.world.replicate[run]) * 100 + future,
            np.repeat(parameters, number),
            np.repeat(simulation.world.switches[run : run + 1], number, axis=0),
            np.zeros(0, event_dtype()),
            simulation.world.threads,
        )
        world.start({kind: reference.levers(kind) for kind in KINDS})
        for _ in range(ahead):
            world.step(levers)
        points = payoff(world.book)[:, home]
        return points.reshape(len(candidates), futures).mean(axis=1)

    def _imagined_inputs(self, shares: np.ndarray):
        """The facts as the public record of this January has them."""
        return imagined_inputs(self.simulation.inputs, shares, self.simulation.year - self.simulation.years[0])

    def _hold_rival(self, homes: np.ndarray, rival: int, run: int) -> None:
        """Put the rival's last visible levers into every imagined run; what is hidden keeps its default."""
        visible = self.simulation.cast.rival()[run, 1 - rival]
        for name in homes.dtype.names:
            value = np.asarray(visible[name])
            known = ~np.isnan(value)
            homes[name][:, rival] = np.where(known, value, homes[name][:, rival])


def imagined_inputs(inputs: Inputs, shares: np.ndarray, years: int) -> Inputs:
    """Return the facts with stacks' shares (C, layer, stack) as observed, `years` after the facts were taken.

    Within a stack, vendors keep the split of the facts; demand has grown as everybody expects, by the declared growth.
    """
    stack = inputs.vendors.stack
    installed = np.array(inputs.installed)
    for s in range(3):
        own = stack == s
        total = installed[:, :, own].sum(axis=2, keepdims=True)
        split = np.where(total > 0, installed[:, :, own] / np.maximum(total, 1e-12), 0.0)
        installed[:, :, own] = split * shares[:, :, s : s + 1]
    installed /= np.maximum(installed.sum(axis=2, keepdims=True), 1e-12)
    growth, fade = np.asarray(PARAMETERS["growth"].default), float(PARAMETERS["growth_fade_years"].default)
    factor = np.exp(growth * fade * (1.0 - np.exp(-years / fade)))
    return replace(inputs, installed=installed, demand=inputs.demand * factor, capacity=inputs.capacity * factor)


@dataclass(frozen=True)
class Known:
    """What somebody who looks ahead may know: a January, the shares that the papers had, and levers that can be seen.

    `shares` (C, layer, stack) are installed shares; `levers` are assignments laid on in every imagined future.
    """

    scenario: Scenario
    year: int
    shares: np.ndarray
    levers: Sequence[str] = ()


def imagine(
    known: Known, candidates: Sequence[Sequence[str]], years: int, futures: int = 8, seed: int = 0
) -> np.ndarray:
    """Return the yearbooks of a few imagined futures under each candidate's assignments.

    Structured, shape (candidates, futures, years + 1). Nothing but `known` goes in, neither the true state nor its
    luck; future k has the same luck under every candidate. Raises `InputError` for bad assignments.
    """
    inputs = load_inputs(known.scenario.world, peer_graph=known.scenario.peer_graph)
    number = len(candidates) * futures
    cast = cast_of(known.scenario, inputs, number)
    cast.add_layer(known.levers)
    for place, assignments in enumerate(candidates):
        cast.add_layer(assignments, slice(place * futures, (place + 1) * futures))
    facts = public_facts(inputs)
    cast.decide(cast.blank_views(known.year, facts))
    reference = status_quo(inputs, 1)
    reference.decide(reference.blank_views(known.year, facts))
    world = Batch.make(
        imagined_inputs(inputs, known.shares, known.year - known.scenario.years[0]),
        (known.year, known.year + years),
        seed ^ IMAGINED_SEED,
        np.tile(np.arange(futures), len(candidates)),
        np.repeat(snapshots.parameters_of(known.scenario, 1), number),
        all_on(number, known.scenario.off),
        np.zeros(0, event_dtype()),
        threads=1,
    )
    world.start({kind: reference.levers(kind) for kind in KINDS})
    for _ in range(years):
        world.step({kind: cast.levers(kind) for kind in KINDS})
    return world.book.reshape(len(candidates), futures, years + 1)
