"""Checks of what a caller hands to a simulation: numbers of runs, seeds, replicates, arrays."""

from __future__ import annotations

import os
from collections.abc import Iterable
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import dtype
from stackcraft.model.scenario import Scenario


def scenario_of(given: Any) -> Scenario:
    """A scenario, from itself, a name or a path."""
    if isinstance(given, Scenario):
        return given
    if isinstance(given, (str, os.PathLike)):
        return Scenario.load(given if isinstance(given, str) else Path(given))
    raise InputError(f"scenario: {given!r:.60} is none; give a Scenario, the name of one or the path of its file")


def whole(name: str, given: Any, low: int, high: int) -> int:
    """A whole number between bounds, both included."""
    if isinstance(given, (bool, np.bool_)) or not isinstance(given, Integral) or not low <= given <= high:
        least = (
            f"at least {low}" if isinstance(given, Integral) and given < low else f"a whole number from {low} to {high}"
        )
        raise InputError(f"{name}={given!r:.60}; give {least}")
    return int(given)


def runs_and_replicates(runs: Any, replicates: Any, usual: int) -> tuple[int, np.ndarray]:
    """How many runs, and the numbers that key the luck of each, (runs,); replicates alone say how many, too."""
    if runs is not None or replicates is None:
        runs = whole("runs", usual if runs is None else runs, 1, 1_000_000)
    if replicates is None:
        return runs, np.arange(runs)
    try:
        array = np.asarray(replicates)
    except ValueError:
        array = np.asarray(None)
    if array.ndim != 1 or not array.size or not np.issubdtype(array.dtype, np.integer) or (array < 0).any():
        raise InputError(f"replicates={replicates!r:.60}; give a whole number from 0 on for each run")
    if runs is not None and len(array) != runs:
        raise InputError(f"{len(array)} replicates for runs={runs}; give one for each run")
    return len(array), array


def ledgers(given: Any, runs: int) -> list[int]:
    """Positions of the runs that keep a ledger, from a number (the first so many) or from positions."""
    if isinstance(given, Integral) and not isinstance(given, bool):
        return list(range(min(whole("ledger_runs", given, 0, 1_000_000), runs)))
    if isinstance(given, (str, bool)) or not isinstance(given, Iterable):
        raise InputError(
            f"ledger_runs={given!r:.60}; give a number of runs, or a list of positions from 0 to {runs - 1}"
        )
    places = [whole("ledger_runs", place, 0, runs - 1) for place in given]
    if len(set(places)) < len(places):
        raise InputError(f"ledger_runs={places!r:.60} names a run twice; give each position once")
    return places


def parameters(given: Any, runs: int) -> np.ndarray:
    """Parameters of every run, structured (runs,), as `stackcraft.model.parameters.defaults(runs)` makes them."""
    if not isinstance(given, np.ndarray) or given.dtype != dtype() or given.shape != (runs,):
        shape = (
            f"shape {given.shape}"
            if isinstance(given, np.ndarray) and given.dtype == dtype()
            else f"{type(given).__name__}"
        )
        raise InputError(
            f"parameters: {shape} for {runs} runs; "
            f"give an array as stackcraft.model.parameters.defaults({runs}) makes it"
        )
    return given


def switches(given: Any, runs: int) -> np.ndarray:
    """Switches of every run, (runs, submodels), as `stackcraft.model.batch.all_on(runs)` makes them."""
    if not isinstance(given, np.ndarray) or given.dtype != np.uint8 or given.shape != (runs, len(SUBMODELS)):
        raise InputError(
            f"switches: {np.shape(given)} for {runs} runs; "
            f"give an array as stackcraft.model.batch.all_on({runs}) makes it"
        )
    return given
