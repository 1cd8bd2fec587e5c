"""The work of one part: its rows laid on a batch of runs, run, and read. What fails is told apart from what does not."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.parts import Part
from stackcraft.experiments.sweep.references import find_function
from stackcraft.experiments.sweep.study import Study
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import assign, locate


@dataclass
class Outcome:
    """What a part gave: `values` (runs, years, measures), NaN for failed runs; a record for each of those."""

    values: np.ndarray
    failures: list[dict[str, Any]] = field(default_factory=list)


def run_part(study: Study, part: Part, threads: int = 1) -> Outcome:
    """Run a part. A run that fails is recorded, with where and why, and the others go on: they do not depend on their
    neighbours.
    """
    values = np.full((part.runs, len(study.years), len(study.measures)), np.nan)
    outcome = Outcome(values)
    _try(study, part, np.arange(part.runs), outcome, threads)
    outcome.failures.sort(key=lambda one: (one["design_id"], one["replicate"]))
    return outcome


def _try(study: Study, part: Part, places: np.ndarray, outcome: Outcome, threads: int) -> None:
    """Run some places of a part; halve them until those that fail stand alone."""
    ids, replicates = part.design_ids[places], part.replicates[places]
    try:
        values, bad = run_rows(study, ids, replicates, threads)
    except Exception as error:  # whatever a strategy, a measure or a function of somebody's raises
        if len(places) == 1:
            outcome.failures.append(_failure(ids[0], replicates[0], error, traceback.format_exc()))
            return
        half = len(places) // 2
        _try(study, part, places[:half], outcome, threads)
        _try(study, part, places[half:], outcome, threads)
        return
    for place, text in bad.items():
        outcome.failures.append(_failure(ids[place], replicates[place], text, ""))
        values[place] = np.nan
    outcome.values[places] = values


def _failure(design_id: int, replicate: int, error: Any, trace: str) -> dict[str, Any]:
    """One failure, as plain values; the stage is the innermost function of ours that was at work."""
    said = str(error).strip().splitlines()
    text = error if isinstance(error, str) else f"{type(error).__name__}: {said[0] if said else 'no message'}"
    stage = "run" if isinstance(error, str) else _stage(error)
    return {"design_id": int(design_id), "replicate": int(replicate), "stage": stage, "error": text, "traceback": trace}


def _stage(error: BaseException) -> str:
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    stages = {"values": "measures", "decide": "strategies", "step": "run", "set_up": "set-up", "call_function": "run"}
    return next((stages[name] for name in reversed(names) if name in stages), "set-up")


def run_rows(
    study: Study, ids: np.ndarray, replicates: np.ndarray, threads: int = 1
) -> tuple[np.ndarray, dict[int, str]]:
    """Values (runs, years, measures) of design rows `ids` under the luck of `replicates`, and the runs that ended
    badly, with why.
    """
    unique, inverse = np.unique(ids, return_inverse=True)
    table = study.design.table(unique)
    if study.model is not None:
        return call_function(study, table.iloc[inverse], replicates), {}
    from stackcraft.model.results import STATUSES

    with set_up(study, table, inverse, replicates, threads) as simulation:
        simulation.run()
        rows = [year - simulation.years[0] for year in study.years]
        values = np.stack([one.values(simulation, rows) for one in study.series.values()], axis=-1)
        status = simulation.world.state["status"].copy()
    return values, {
        int(place): STATUSES.get(int(status[place]), f"status {status[place]}") for place in np.flatnonzero(status)
    }


def one_run(
    study: Study, design_id: int, replicate: int, deals: bool = False
) -> tuple[np.ndarray, pd.DataFrame | None]:
    """One run, alone: (years, measures), and its deals if they are wanted and there are any. Raises `InputError` if it
    fails.
    """
    ids, replicates = np.array([design_id]), np.array([replicate])
    if study.model is not None or not deals:
        outcome = run_part(study, Part("alone", ids, replicates))
        if outcome.failures:
            one = outcome.failures[0]
            raise InputError(f"row {design_id}, replicate {replicate} fails, in {one['stage']}: {one['error']}")
        return outcome.values[0], None
    with set_up(study, study.design.table(ids), np.zeros(1, int), replicates, ledger_runs=1) as simulation:
        simulation.run()
        rows = [year - simulation.years[0] for year in study.years]
        return np.stack([one.values(simulation, rows) for one in study.series.values()], axis=-1)[0], simulation.deals


def call_function(study: Study, rows: pd.DataFrame, replicates: np.ndarray) -> np.ndarray:
    """A plain function in the place of the model: `function(rows, replicates, seed)` gives an array (runs,) for each
    measure.

    Raises `InputError` for a measure that is missing or has another shape.
    """
    given = find_function(study.model)(
        rows[[one.name for one in study.factors]].reset_index(drop=True), np.array(replicates), study.seed
    )
    if not isinstance(given, Mapping):
        raise InputError(f"{study.model} gave {type(given).__name__}; give a table of measures, such as {{'y': array}}")
    columns = []
    for name in study.measures:
        if name not in given:
            raise InputError(f"{study.model} gave no measure {name}; it gave {', '.join(map(str, given)) or 'none'}")
        array = np.asarray(given[name], dtype=float)
        if array.shape != (len(rows),):
            raise InputError(
                f"{study.model}: measure {name} has shape {array.shape}; give ({len(rows)},), a number a run"
            )
        columns.append(array)
    return np.stack(columns, axis=-1)[:, np.newaxis, :]


def set_up(
    study: Study, table: pd.DataFrame, inverse: np.ndarray, replicates: np.ndarray, threads: int = 1, **options: Any
):
    """The simulation of some design rows: `table` holds them once, `inverse` (runs,) says which one each run takes."""
    from stackcraft.model import Simulation
    from stackcraft.model.batch import all_on
    from stackcraft.model.snapshots import parameters_of

    scenario, number = study.scenario, len(replicates)
    if "peer_graph" in table:
        graphs = set(table["peer_graph"])
        if len(graphs) > 1:
            raise InputError("rows with different peer graphs cannot share a batch")
        scenario = scenario.with_changes(peer_graph=graphs.pop())
    parameters = parameters_of(scenario, number)
    switches = all_on(number, scenario.off)
    for one in study.factors:
        column = table[one.name].to_numpy()[inverse]
        if one.name == "off":
            for label in np.unique(column):
                for name in one.settings[label]:
                    switches[column == label, SUBMODELS.index(name)] = 0
        elif one.group in ("uncertainty", "structure") and one.name != "peer_graph":
            _assign(parameters, one, column)
    return Simulation(
        scenario,
        runs=number,
        seed=study.seed,
        replicates=[int(one) for one in replicates],
        parameters=parameters,
        switches=switches,
        threads=threads,
        cast=lambda cast: _lay_on(cast, study, table, inverse),
        **{"ledger_runs": 0, **options},
    )


def _assign(parameters: np.ndarray, one: Any, column: np.ndarray) -> None:
    """Set a parameter run by run; one number serves every part of a parameter that has parts."""
    if one.kind == "category":
        for text in np.unique(column):
            chosen = parameters[column == text]
            assign(chosen, one.name, one.settings[text])
            parameters[column == text] = chosen
        return
    declaration, index = locate(one.name)
    extra = np.ndim(declaration.default) if index is None else 0
    assign(parameters, one.name, column.astype(float).reshape(-1, *[1] * extra))


def _lay_on(cast: Any, study: Study, table: pd.DataFrame, inverse: np.ndarray) -> None:
    """Strategies, bundles and levers of each run."""
    for one in study.factors:
        if one.group == "strategy":
            column = table[one.name].to_numpy()[inverse]
            for name in dict.fromkeys(column):
                places = np.flatnonzero(column == name)
                if one.name in cast.presets:
                    cast.set_preset(one.name, name, places)
                else:
                    cast.set_strategy(one.name, name, places)
    policies = [one for one in study.factors if one.group in ("bundle", "lever")]
    if not policies:
        return
    columns = [table[one.name].to_numpy() for one in policies]
    groups: dict[tuple, list[int]] = {}
    for row, key in enumerate(zip(*columns, strict=True)):
        groups.setdefault(key, []).append(row)
    for key, rows in groups.items():
        places = np.flatnonzero(np.isin(inverse, rows))
        texts: list[str] = []
        for one, value in zip(policies, key, strict=True):
            if one.group == "lever":
                texts.append(f"{one.name}={value if one.kind == 'category' else repr(float(value))}")
            elif value:
                texts += one.settings["levers"]
                for side, preset in one.settings["presets"].items():
                    cast.set_preset(side, preset, places)
        if texts:
            cast.add_layer(texts, places)
