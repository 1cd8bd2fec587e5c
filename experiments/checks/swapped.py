"""The same world under other labels: countries in another order, or the two sides swapped in every table."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from stackcraft.model import Simulation
from stackcraft.model.casting import status_quo
from stackcraft.model.inputs import Inputs
from stackcraft.model.parameters import PARAMETERS, defaults

SWAP_HOMES, SWAP_STACKS = [1, 0], [1, 0, 2]
# Life-cycle tables hold one row for each side's largest projects, the Chinese first.
SWAP_SITES = [1, 0, 2, 3, 4, 5, 6]
# Facts that name the United States alone; the other column of the record stands for China.
ONE_SIDED = ("tier",)


def relabelled(inputs: Inputs, order: np.ndarray) -> Inputs:
    """The inputs with country `order[i]` (positions) in place i; ISO numbers travel with their countries."""
    number = len(inputs)
    place = np.empty(number, np.int64)
    place[order] = np.arange(number)
    changed = {}
    for one in fields(inputs):
        value = getattr(inputs, one.name)
        if isinstance(value, np.ndarray) and value.shape[:1] == (number,):
            changed[one.name] = np.ascontiguousarray(value[order])
        elif isinstance(value, list) and len(value) == number:
            changed[one.name] = [value[position] for position in order]
    changed["peer_index"] = np.ascontiguousarray(place[inputs.peer_index[order]])
    return replace(inputs, **changed)


def _swapped_axis(array: np.ndarray, axis: int, order: list[int]) -> np.ndarray:
    return np.ascontiguousarray(np.take(array, order, axis=axis))


def swapped_inputs(inputs: Inputs) -> Inputs:
    """Return the inputs with the names of US and CN exchanged; vendors and financiers keep their places."""
    by_home = {name: _swapped_axis(getattr(inputs, name), 1, SWAP_HOMES) for name in ("distance", "distance_rank")}
    stacks = (
        "ally",
        "scepticism",
        "likeness",
        "exports_share",
        "imports_share",
        "prior_supply",
        "prior_security",
        "prior_commitment",
    )
    by_stack = {name: _swapped_axis(getattr(inputs, name), 1, SWAP_STACKS) for name in stacks}
    vendors, financiers = inputs.vendors, inputs.financiers
    label, home = np.array(SWAP_STACKS), np.array([1, 0, -1])
    return replace(
        inputs,
        **by_home,
        **by_stack,
        ban_us=inputs.ban_cn,
        ban_cn=inputs.ban_us,
        vendors=replace(
            vendors,
            stack=label[vendors.stack],
            home=home[vendors.home],
            attribution=_swapped_axis(vendors.attribution, 2, SWAP_STACKS),
        ),
        financiers=replace(financiers, serves_stack=_swapped_axis(financiers.serves_stack, 1, SWAP_STACKS)),
    )


def swapped_parameters(parameters: np.ndarray) -> np.ndarray:
    """Parameters with every axis over homes, stacks or the sides' site classes swapped, also of tables."""
    swapped = parameters.copy()
    orders = {"home": SWAP_HOMES, "stack": SWAP_STACKS, "site_class": SWAP_SITES}
    for name, one in PARAMETERS.items():
        for axis, dim in enumerate(one.shape.split(" x "), start=1):
            if dim in orders:
                swapped[name] = _swapped_axis(swapped[name], axis, orders[dim])
    return swapped


class SwappedSimulation(Simulation):
    """A simulation in which everything that belongs to the United States belongs to China, and the other way round.

    `constants` (run, layer, stack): the world's, as the plain simulation solved them. They are known
    up to one number a layer only (buying nothing is what pins it down), so the mirror image takes them over, swapped.
    """

    constants: np.ndarray

    @classmethod
    def of(cls, plain: Simulation, **options) -> SwappedSimulation:
        """The mirror image of a simulation that stands at its first January."""
        made = type("Swapped", (cls,), {"constants": plain.world.constants[..., SWAP_STACKS].copy()})
        return made(
            plain.scenario,
            runs=plain.runs,
            seed=plain.seed,
            inputs=swapped_inputs(plain.inputs),
            threads=plain.world.threads,
            parameters=swapped_parameters(plain.world.parameters),
            switches=plain.world.switches.copy(),
            **options,
        )

    def _start(self) -> None:
        for name in ONE_SIDED:
            self.world.facts[name] = self.world.facts[name][:, :, SWAP_STACKS]
        self.world.reference = self.world._wide(self._swapped_reference())
        self.solved = self.world.solve(np.arange(1))
        constants = self.constants
        self.world._constants_of = lambda chosen: constants[chosen]
        super()._start()

    def _swapped_reference(self):
        reference = status_quo(self.inputs, 1)
        reference.decide(reference.blank_views(self.years[0], self.observer.facts))
        return self._levers(reference)

    @staticmethod
    def _levers(cast):
        levers = dict(Simulation._levers(cast))
        levers["home_government"] = np.ascontiguousarray(levers["home_government"][:, SWAP_HOMES])
        return levers


def default_parameters(runs: int, **changes) -> np.ndarray:
    """Default parameters, (runs,), with some set to values of any kind (also beyond their declared bounds)."""
    parameters = defaults(runs)
    for name, value in changes.items():
        parameters[name] = value
    return parameters
