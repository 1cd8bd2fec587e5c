"""Variants of a scenario side by side along the run axis: which run plays which change, under which luck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.model.batch import all_on
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import assign

if TYPE_CHECKING:
    from stackcraft.agents.cast import Cast


@dataclass(frozen=True)
class Variant:
    """A change to a scenario, as hashable values.

    `levers` are assignments, later ones over earlier ones; `presets` (side, name) pairs; `strategies` (actor, name)
    pairs; `parameters` (name, value) pairs; `off` names submodels that are switched off.
    """

    levers: tuple[str, ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    strategies: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    off: tuple[str, ...] = ()

    def without(self, *submodels: str) -> Variant:
        """Return the same variant with more submodels switched off."""
        return replace(self, off=tuple(sorted({*self.off, *submodels})))


def crossed(variants: Sequence[Variant], replicates: Iterable[int]) -> tuple[list[Variant], np.ndarray]:
    """Return the variant and the replicate of each run, both (runs,), for every variant under every replicate."""
    replicates = np.asarray(list(replicates))
    return [variant for variant in variants for _ in replicates], np.tile(replicates, len(variants))


def lay_on(cast: Cast, variants: Sequence[Variant]) -> None:
    """Give each run of a cast the presets, strategies and levers of its variant; `variants` has one for each run."""
    runs_of: dict[tuple, list[int]] = {}
    for run, variant in enumerate(variants):
        runs_of.setdefault((variant.presets, variant.strategies, variant.levers), []).append(run)
    for (presets, strategies, levers), runs in runs_of.items():
        places = np.array(runs)
        for side, preset in presets:
            cast.set_preset(side, preset, places)
        for actor, strategy in strategies:
            cast.set_strategy(actor, strategy, places)
        if levers:
            cast.add_layer(levers, places)


def parameters_with(parameters: np.ndarray, variants: Sequence[Variant]) -> np.ndarray:
    """Return parameters (runs,) with what each run's variant sets, changed in place. Raises `InputError`."""
    for run, variant in enumerate(variants):
        for name, value in variant.parameters:
            assign(parameters[run : run + 1], name, value)
    return parameters


def switches_with(off: Iterable[str], variants: Sequence[Any]) -> np.ndarray:
    """Return switches (runs, submodels), 1 = on, without what `off` names and what each run's variant switches off."""
    switches = all_on(len(variants), off)
    for run, variant in enumerate(variants):
        for name in variant.off:
            switches[run, SUBMODELS.index(name)] = 0
    return switches
