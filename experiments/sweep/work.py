"""The work of one part of a study: its rows are laid on a batch of runs, run, and read; failures are recorded."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError, ShapeError
from stackcraft.agents.names import SIDES
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.parts import Part
from stackcraft.experiments.sweep.references import find_function
from stackcraft.experiments.sweep.study import Study, StudyError
from stackcraft.experiments.variants import side_by_side
from stackcraft.model import Scenario, Simulation
from stackcraft.model.parameters import assign, locate
from stackcraft.model.results import STATUSES
from stackcraft.model.snapshots import parameters_of
from stackcraft.model.variants import Variant

LARGEST = float(np.finfo(np.float32).max)


@dataclass
class PartResult:
    """What a part gave: `values` (runs, years, measures), NaN for failed runs; a record for each of those."""

    values: np.ndarray
    failures: list[dict[str, Any]] = field(default_factory=list)


def run_part(study: Study, part: Part, threads: int = 1) -> PartResult:
    """Run a part; a run that fails is recorded with where and why, and the others go on.

    Raises `StudyError` where no run is at fault but the study: a plain function that gives other shapes than it should.
    """
    values = np.full((part.runs, len(study.years), len(study.measures)), np.nan)
    outcome = PartResult(values)
    _try(study, part, np.arange(part.runs), outcome, threads)
    outcome.failures.sort(key=lambda one: (one["design_id"], one["replicate"]))
    return outcome


def _try(study: Study, part: Part, places: np.ndarray, outcome: PartResult, threads: int) -> None:
    """Run some places of a part; halve them until those that fail stand alone."""
    ids, replicates = part.design_ids[places], part.replicates[places]
    try:
        values, bad = run_rows(study, ids, replicates, threads)
    except ShapeError as error:  # fewer rows would not help, and might fit by chance
        raise StudyError([str(error)]) from error
    except StudyError:
        raise
    except Exception as error:  # whatever a strategy, a measure or a function of somebody's raises
        if len(places) == 1:
            outcome.failures.append(_failure(ids[0], replicates[0], error, traceback.format_exc()))
            return
        half = len(places) // 2
        _try(study, part, places[:half], outcome, threads)
        _try(study, part, places[half:], outcome, threads)
        return
    for place, text in {**too_large(study, values), **bad}.items():
        outcome.failures.append(_failure(ids[place], replicates[place], text, ""))
        values[place] = np.nan
    outcome.values[places] = values


def too_large(study: Study, values: np.ndarray) -> dict[int, str]:
    """Return why runs cannot be kept, by place: a value beyond single precision would be kept as infinity."""
    with np.errstate(over="ignore"):
        beyond = np.isinf(values.astype(np.float32))
    reasons = {}
    for run in np.flatnonzero(beyond.any(axis=(1, 2))):
        year, column = np.argwhere(beyond[run])[0]
        when = f" in {study.years[year]}" if study.scenario is not None else ""
        name = list(study.measures)[column]
        reasons[int(run)] = (
            f"measure {name}{when} is {values[run, year, column]:.3g}, beyond what single precision holds "
            f"({LARGEST:.1e}); give it in a larger unit"
        )
    return reasons


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
    """Return values (runs, years, measures) of design rows `ids` under the luck of `replicates`, and failures.

    Failures say by the place of a run why it ended badly.
    """
    unique, inverse = np.unique(ids, return_inverse=True)
    table = study.design.table(unique)
    if study.model is not None:
        return call_function(study, table.iloc[inverse], replicates), {}
    with set_up(study, table, inverse, replicates, threads) as simulation:
        simulation.run()
        rows = [year - simulation.years[0] for year in study.years]
        values = np.stack([series.values(simulation, rows) for series in study.series.values()], axis=-1)
        status = simulation.world.state["status"].copy()
    return values, {
        int(place): STATUSES.get(int(status[place]), f"status {status[place]}") for place in np.flatnonzero(status)
    }


def one_run(
    study: Study, design_id: int, replicate: int, deals: bool = False
) -> tuple[np.ndarray, pd.DataFrame | None]:
    """Return one run, alone, (years, measures), and its deals if they are wanted and there are any.

    Raises `InputError` if it fails.
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
        return np.stack([series.values(simulation, rows) for series in study.series.values()], axis=-1)[
            0
        ], simulation.deals


def call_function(study: Study, rows: pd.DataFrame, replicates: np.ndarray) -> np.ndarray:
    """Return (runs, 1, measures) of a plain function in the place of the model.

    `function(rows, replicates, seed)` gives an array (runs,) for each measure. Raises `StudyError` for a measure that
    is missing or has another shape, and for a `TypeError`: these are mistakes of the function, whatever the rows.
    """
    factors = rows[[factor.name for factor in study.factors]].reset_index(drop=True)
    try:
        answer = find_function(study.model, study.folder)(factors, np.array(replicates), study.seed)
    except TypeError as error:
        raise _mistake(study, f"TypeError: {error}; it is called with (rows, replicates, seed)") from error
    if not isinstance(answer, Mapping):
        raise _mistake(study, f"gave {type(answer).__name__}; give a table of measures, such as {{'y': array}}")
    columns = []
    for name in study.measures:
        if name not in answer:
            raise _mistake(study, f"gave no measure {name}; it gave {', '.join(map(str, answer)) or 'none'}")
        try:
            array = np.asarray(answer[name], dtype=float)
        except (TypeError, ValueError):
            raise _mistake(study, f"measure {name} holds something else than numbers; give an array of them") from None
        if array.shape != (len(rows),):
            raise _mistake(study, f"measure {name} has shape {array.shape}; give ({len(rows)},), a number a run")
        columns.append(array)
    return np.stack(columns, axis=-1)[:, np.newaxis, :]


def _mistake(study: Study, text: str) -> StudyError:
    return StudyError([f"{study.model}: {text}"])


def set_up(
    study: Study, table: pd.DataFrame, inverse: np.ndarray, replicates: np.ndarray, threads: int = 1, **options: Any
) -> Simulation:
    """Return the simulation of some design rows on its first January.

    `table` holds the rows once, `inverse` (runs,) says which one each run takes. Raises `InputError`.
    """
    scenario = study.scenario
    if "peer_graph" in table:
        graphs = set(table["peer_graph"])
        if len(graphs) > 1:
            raise InputError("rows with different peer graphs cannot share a batch")
        scenario = scenario.with_changes(peer_graph=graphs.pop())
    variants = variants_of(study, table)
    return side_by_side(
        scenario,
        [variants[row] for row in inverse],
        replicates,
        parameters=_parameters(study, scenario, table.iloc[inverse], replicates),
        seed=study.seed,
        threads=threads,
        **options,
    )


def variants_of(study: Study, table: pd.DataFrame) -> list[Variant]:
    """Return what each design row changes, apart from parameters and the peer graph: strategies, bundles, levers."""
    columns = [(factor, table[factor.name].to_numpy()) for factor in study.factors]
    return [_variant([(factor, column[row]) for factor, column in columns]) for row in range(len(table))]


def _variant(values: list[tuple[Factor, Any]]) -> Variant:
    levers: list[str] = []
    presets: dict[str, str] = {}
    bundled: dict[str, str] = {}  # these go over the strategies that are factors by themselves
    strategies: list[tuple[str, str]] = []
    off: list[str] = []
    for factor, value in values:
        if factor.name == "off":
            off += factor.settings[value]
        elif factor.group == "strategy" and factor.name in SIDES:
            presets[factor.name] = value
        elif factor.group == "strategy":
            strategies.append((factor.name, value))
        elif factor.group == "lever":
            levers.append(f"{factor.name}={value if factor.kind == 'category' else repr(float(value))}")
        elif factor.group == "bundle" and value:
            levers += factor.settings["levers"]
            bundled |= factor.settings["presets"]
    return Variant(tuple(levers), tuple((presets | bundled).items()), tuple(strategies), off=tuple(off))


def _parameters(study: Study, scenario: Scenario, table: pd.DataFrame, replicates: np.ndarray) -> np.ndarray:
    """Return the parameters of each run, (runs,), from the row that it is of, in the world of its replicate.

    One number serves every part of a parameter that has parts.
    """
    parameters = parameters_of(scenario, len(table), replicates)
    for factor in study.factors:
        if factor.group not in ("uncertainty", "structure") or factor.name in ("off", "peer_graph"):
            continue
        column = table[factor.name].to_numpy()
        if factor.kind == "category":
            for label in np.unique(column):
                chosen = parameters[column == label]
                assign(chosen, factor.name, factor.settings[label])
                parameters[column == label] = chosen
        else:
            declaration, index = locate(factor.name)
            extra = np.ndim(declaration.default) if index is None else 0
            assign(parameters, factor.name, column.astype(float).reshape(-1, *[1] * extra))
    return parameters
