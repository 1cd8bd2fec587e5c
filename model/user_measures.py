"""A user's own measure: a function of the simulation, called each January, without a fork.

    mine = UserMeasure("cloud_leaders", ("stack",), "count", "countries led in cloud", leaders)
    Simulation(scenario, measures=[mine])

An installed package may offer measures through the entry point group `stackcraft.measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from agents.declare import InputError, unknown
from model.measures import TABLE

GROUP = "stackcraft.measures"


@dataclass(frozen=True)
class UserMeasure:
    """`function(simulation)` gives an array (runs, *dims) each January; `dims` are dimensions of the results."""

    name: str
    dims: tuple[str, ...]
    unit: str
    sentence: str
    function: Callable[[Any], np.ndarray]
    flow: bool = False


def collect(given: Sequence[UserMeasure], dimensions: dict[str, int]) -> tuple[UserMeasure, ...]:
    """The measures given and those of installed packages. Raises `InputError` for a name taken or a dimension unknown."""
    found = list(given) + [point.load() for point in entry_points(group=GROUP)]
    names: set[str] = set()
    for one in found:
        if one.name in TABLE or one.name in names:
            raise InputError(f"measure {one.name!r} exists already; choose another name")
        names.add(one.name)
        for dim in one.dims:
            if dim not in dimensions:
                raise unknown("dimension", dim, dimensions, f"measure {one.name!r}")
    return tuple(found)
