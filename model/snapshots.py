"""Going on from a stored state: the file of a snapshot, and what another scenario can still change in mid-run.

State arrays are kept as they stand. Levers, presets, strategies and events are the new scenario's; of its parameters
and switches what differs from the scenario before acts from the next January on. The start is not made again:
contracts, tastes and the constants that reproduce the facts stay.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, PEER_GRAPHS, kind_of, members
from stackcraft.agents.strategies.registry import found_by_name
from stackcraft.model import worlds
from stackcraft.model.events import Event
from stackcraft.model.fact_tables import importers_of
from stackcraft.model.files import whole_file
from stackcraft.model.inputs import load_inputs
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import PARAMETERS, assign, defaults
from stackcraft.model.scenario import Scenario

# What acts when the first January is made, and never again.
START_PARAMETERS = ("taste_spread", "experience_start", "start_shrink")
START_SUBMODELS = ("tastes", "organic")
PASSED = ("presets", "strategies")
LONGEST_HEADER = 1_000_000  # bytes: parameters name some 400 fields, more than numpy reads unless it is told


def parameters_of(scenario: Scenario, runs: int, replicates: Iterable[int] | None = None) -> np.ndarray:
    """The parameters of a scenario, structured (runs,): of each run in the world of its replicate.

    Without `replicates` those of the default world. What the scenario sets holds in every world. Raises `InputError`.
    """
    array = defaults(runs) if replicates is None else worlds.parameters(scenario.worlds, replicates)
    for name, value in scenario.parameters.items():
        assign(array, name, value, scenario.name)
    return array


def change(simulation: Any, before: Scenario) -> None:
    """Lay what the simulation's scenario changes against `before` over the state that it goes on from, in place.

    Raises `InputError` for what cannot be changed in mid-run.
    """
    new, world, year = simulation.scenario, simulation.world, simulation.year
    refuse_past_events([event for event in new.events if event not in before.events], year)
    for name in sorted(set(new.off) ^ set(before.off)):
        if name in START_SUBMODELS:
            raise InputError(
                f"off: {name} acts on the first January, which has been made; switch it in a simulation from "
                f"{new.years[0]} on"
            )
        world.switches[:, SUBMODELS.index(name)] = name not in new.off
    old, wanted = (parameters_of(one, world.runs, world.replicate) for one in (before, new))
    changed = [name for name in PARAMETERS if not np.array_equal(old[name], wanted[name])]
    if fixed := [name for name in changed if name in START_PARAMETERS]:
        raise InputError(
            f"parameters: {fixed[0]} acts on the first January, which has been made; set it in a simulation from "
            f"{new.years[0]} on"
        )
    for name in changed:
        parts = np.asarray(old[name] != wanted[name])  # what a sweep set in other parts stays
        world.parameters[name][parts] = wanted[name][parts]
    if changed:
        world.state["finance_terms"][..., -1] = (
            0.0  # factors of finance are kept while the terms stay: compute them again
        )


def refuse_past_events(events: Iterable[Event], year: int) -> None:
    """Raise `InputError` for an event in a year that has been played; `year` is the one that comes next."""
    for event in events:
        if event.year < year:
            raise InputError(
                f"events: {event.what} in {event.year} lies before {year}, where this goes on; script it for {year} "
                "or later"
            )


def check_same_start(before: Mapping[str, Any], facts_hash: str, scenario: Scenario) -> None:
    """Raise `InputError` if the scenario plays in other years than the one it goes on from, in another world, on
    another peer graph or under the parameters of other worlds.

    A folder of facts may have been moved: what counts is the hash of what is in it.
    """
    now = scenario.as_dict()
    usual = {"world": "", "peer_graph": PEER_GRAPHS[0], "years": "", "worlds": worlds.DEFAULT}
    # Graph and worlds were not always told.
    old, new = ({key: table.get(key, value) for key, value in usual.items()} for table in (before, now))
    differ = [name for name in old if old[name] != new[name]]
    if differ == ["world"] and load_inputs(scenario.world).facts_hash == facts_hash:
        return
    for name in differ:
        raise InputError(
            f"{name}: {new[name]} cannot go on from {old[name]}; keep {name} {old[name]}, and change levers, "
            "presets, strategies,"
            " events, parameters or off"
        )


def passed(scenario: Scenario) -> dict[str, dict[str, str]]:
    """The presets and strategies of a scenario that their names alone do not give again, by side or actor."""
    importers = IMPORTERS if scenario.world == "world" else importers_of(scenario.world)
    kinds = {actor: kind_of(members(actor, importers)[0], importers) for actor in scenario.strategies}
    return {
        "presets": {side: one.name for side, one in scenario.presets.items() if not found_by_name(one, side)},
        "strategies": {
            actor: one.name for actor, one in scenario.strategies.items() if not found_by_name(one, kinds[actor])
        },
    }


def write(path: str | Path, about: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """A snapshot's file, whole or not at all."""
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"{path}: folder {path.parent} does not exist; make it first")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the name of a file")
    with whole_file(path) as stream:
        np.savez(stream, about=np.array(json.dumps(about)), **arrays)


def read(path: str | Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What `write` wrote. Raises `InputError` for anything else."""
    try:
        with np.load(path, allow_pickle=False, max_header_size=LONGEST_HEADER) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = json.loads(str(arrays.pop("about")))
        if not {"scenario", "seed", "runs", "facts_hash", "passed"} <= set(about) or "world_ledger_row" not in arrays:
            raise ValueError
        return about, arrays
    except FileNotFoundError:
        why = "there is no such file"
    except OSError as error:
        why = error.strerror.lower() if error.strerror else "it cannot be opened"
    except (EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        why = "it is cut short, or nothing that Simulation.snapshot of this version wrote"
    raise InputError(f"{path} is not a snapshot that can be read: {why}")


def scenario_of(path: str | Path, about: dict[str, Any], given: dict[str, Mapping[str, Any] | None]) -> Scenario:
    """The scenario of a snapshot; `given` holds again what had been passed as classes, scripts or seats."""
    table, filled = dict(about["scenario"]), {}
    for key in PASSED:
        filled[key] = {**table.pop(key), **(given[key] or {})}
        if missing := [name for name in about["passed"][key] if name not in (given[key] or {})]:
            names = ", ".join(f"{name} ({about['passed'][key][name]})" for name in missing)
            raise InputError(
                f"{path}: {key} of {names} were passed as objects, which no file holds; pass scenario= or {key}= "
                "with them again"
            )
    return Scenario.from_dict(table, name=table.get("name", "snapshot")).with_changes(**filled)
