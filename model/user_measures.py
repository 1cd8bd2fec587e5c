"""A user's own measure: a function of the simulation, called each January, without a fork.

    mine = UserMeasure("cloud_leaders", ("stack",), "count", "countries led in cloud", leaders)
    Simulation(scenario, measures=[mine])

An installed package may offer measures through the entry point group `stackcraft.measures`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, ShapeError, unknown
from stackcraft.model.measures import MEASURES, TABLE

GROUP = "stackcraft.measures"
# What stands in the results beside the measures: dimensions, and what is worked out from others.
TAKEN = frozenset(dim for one in MEASURES for dim in one.dims) | {
    "run",
    "year",
    "payoff",
    "status",
    "months_to_operation",
}


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
    """The measures given and those of installed packages.

    Raises `InputError` for what is not a measure, a name that is taken, an unknown dimension.
    """
    if isinstance(given, UserMeasure) or not isinstance(given, Sequence):
        raise InputError(f"measures={given!r:.60}; give a list of UserMeasure")
    found = [*given, *_installed()]
    names: set[str] = set()
    for one in found:
        if not isinstance(one, UserMeasure):
            raise InputError(f"measure {one!r:.60} is none; give a model.UserMeasure")
        if not isinstance(one.name, str) or not one.name:
            raise InputError(f"measure {one.name!r}: its name is not a text; give it one such as 'leaders'")
        if one.name in TABLE or one.name in TAKEN or one.name in names:
            raise InputError(f"measure {one.name!r} exists already; choose another name")
        names.add(one.name)
        if not callable(one.function):
            raise InputError(
                f"measure {one.name!r}: {one.function!r:.60} cannot be called; give a function of the simulation"
            )
        if isinstance(one.dims, str) or not isinstance(one.dims, Sequence):
            raise InputError(
                f"measure {one.name!r}: dims={one.dims!r} is not a tuple; give one such as ('stack',), or () for a "
                "single number"
            )
        for dim in one.dims:
            if dim not in dimensions:
                raise unknown("dimension", dim, dimensions, f"measure {one.name!r}")
        if len(set(one.dims)) < len(one.dims):
            raise InputError(f"measure {one.name!r}: dims={one.dims} name a dimension twice; give each once")
    return tuple(found)


@cache
def _offered(path: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the entry points of the packages on the path, looked up once: it takes longer than a short run.

    A package installed later needs a new process.
    """
    return tuple(entry_points(group=GROUP))


def _installed() -> list[Any]:
    found = []
    for point in _offered(tuple(sys.path)):
        try:
            found.append(point.load())
        except Exception as error:  # whatever another package raises while it is imported
            raise InputError(f"entry point {point.name} ({point.value}) could not be loaded: {error}") from None
    return found


def value_of(one: UserMeasure, simulation: Any, sizes: dict[str, int]) -> np.ndarray:
    """Return what a measure says of this January, (runs, *dims), a copy.

    Raises `InputError` that names the measure where it gives something else.
    """
    where = f"measure {one.name!r} in {simulation.year}"
    shape = (simulation.runs, *(sizes[dim] for dim in one.dims))
    try:
        value = one.function(simulation)
    except Exception as error:  # whatever a user's function raises
        raise InputError(f"{where} failed: {type(error).__name__}: {' '.join(str(error).split())}") from error
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{where} gave {value!r:.60}; give an array of numbers of shape {shape}") from None
    if array.shape != shape:
        raise ShapeError(f"{where} gave shape {array.shape}; give {shape}, for {', '.join(('runs', *one.dims))}")
    return array
