"""Observation rules: from simulations of one world to one number a replicate.

A rule says what it needs of which simulation, an array with one entry a run, and makes the number of each replicate
from what was taken of all of them, for one world at a time: a link is fitted to one world's runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import LAYERS
from stackcraft.experiments.evidence.hindcast import links, observe, scores
from stackcraft.experiments.evidence.hindcast.outcomes import FROM
from stackcraft.experiments.evidence.matching import observed
from stackcraft.experiments.sweep import series
from stackcraft.experiments.sweep.references import find_function
from stackcraft.model import Simulation
from stackcraft.model.loop.codes import OPERATED, OPERATING, US

TUNED, SCORED = "before", "after"  # simulations that rules of the hindcast are read from
CLOUD = LAYERS.index("cloud")
Extract = Callable[[Simulation], np.ndarray]
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Rule:
    """How one target is read.

    `needs`: what is taken of each simulation, (runs, ...). `value`: from the arrays of one world to (replicates,).
    """

    needs: Mapping[str, Extract]
    value: Callable[[Arrays], np.ndarray]


def only(simulation: str, extract: Extract) -> Rule:
    """A rule that takes the number of each run from one simulation."""
    return Rule({simulation: extract}, lambda arrays: arrays[simulation])


# Rules by name: each takes the arguments that a target gives it.


def entries_before(name: str, first: int) -> Rule:
    """Expected events from January `first` to January 2019, by the declared link of a target of the hindcast."""
    target, outcome = observed.hindcast_target(name), observed.outcome_of(name)

    def value(arrays: Arrays) -> np.ndarray:
        capacity = arrays[TUNED]
        begins = FROM + 1 - capacity.shape[1]
        years = range(first, FROM + 1)
        x = links.logs(capacity)[:, [year - begins for year in years]]
        y = np.broadcast_to(np.stack([outcome.there_in(year) for year in years]), x.shape)
        link = links.fit_logit(x.reshape(-1, 1), y.reshape(-1), np.full(x.size, 1.0 / len(x)))
        chance = links.entered(link.chance(x[:, 0, :, None]), link.chance(x[:, -1, :, None]))
        return chance[:, outcome.there_in(first) == 0].sum(axis=1)

    return Rule({TUNED: _held(target.reading)}, value)


def order_before(name: str) -> Rule:
    """The chance that a country with the event by January 2019 had more capacity then than one without."""
    target, there = observed.hindcast_target(name), observed.outcome_of(name).there_in(FROM)
    return Rule(
        {TUNED: _held(target.reading)}, lambda arrays: np.array([scores.auc(one[-1], there) for one in arrays[TUNED]])
    )


def commitments(simulation: str, *financiers: str) -> Rule:
    """What some financiers commit together, bn$ a year."""

    def extract(made: Simulation) -> np.ndarray:
        given = made.results["commitments_bn"].isel(year=slice(1, None)).sel(financier=list(financiers))
        return given.mean("year").sum("financier").values.astype(float)

    return only(simulation, extract)


def cloud_switching(simulation: str) -> Rule:
    """Cloud contracts that change hands a year over cloud contracts."""

    def extract(made: Simulation) -> np.ndarray:
        switched, held = (made.results[name].sum("year").values for name in ("cloud_switches", "cloud_contracts"))
        return switched / np.maximum(held, 1)

    return only(simulation, extract)


def use_of_operated_cloud(simulation: str) -> Rule:
    """Mean share of capacity in use over US cloud deals that their vendor operates, at the end."""

    def extract(made: Simulation) -> np.ndarray:
        deals, countries = made.world.deals, len(made.inputs.iso3)
        operating = (made.world.state["stage"] == OPERATING)[:, :countries, CLOUD]
        here = {name: deals[name][:, :countries, CLOUD] for name in ("mode", "stack", "used")}
        counted = operating & (here["mode"] == OPERATED) & (here["stack"] == US)
        used = np.where(counted, here["used"], 0.0).sum(axis=(1, 2))
        return used / np.maximum(counted.sum(axis=(1, 2)), 1)

    return only(simulation, extract)


def gigawatts_added(simulation: str, first: int, last: int) -> Rule:
    """What chips and cloud draw more in the last year than in the first, GW, at the capital cost of a megawatt."""

    def extract(made: Simulation) -> np.ndarray:
        capacity = made.results["capacity"].sum("country")
        parameters, total = made.world.parameters, 0.0
        for layer in ("chips", "cloud"):
            place = LAYERS.index(layer)
            rise = capacity.sel(layer=layer, year=last) - capacity.sel(layer=layer, year=first)
            total = total + rise.values * parameters["term_years"][:, place] * parameters["capital_share"][:, place]
        return np.asarray(total / parameters["capital_bn_per_mw"] / 1000, float)

    return only(simulation, extract)


def growth_of_demand(simulation: str, layer: str, year: int) -> Rule:
    """Growth of demand for a layer from one January to the next, over all countries, %."""

    def extract(made: Simulation) -> np.ndarray:
        demand = made.results["demand"].sel(layer=layer).sum("country")
        return (100 * (demand.sel(year=year + 1) / demand.sel(year=year) - 1)).values.astype(float)

    return only(simulation, extract)


RULES = {
    one.__name__: one
    for one in (
        entries_before, order_before, commitments, cloud_switching, use_of_operated_cloud, gigawatts_added,
        growth_of_demand,
    )
}  # fmt: skip


# From what a target says to its rule.


def rule_of(target: Any, simulations: Mapping[str, Any], folder: Path, where: str) -> Rule:
    """Return the rule of a target. Raises `InputError` for a reading that cannot be made."""
    reading = dict(target.reading)
    forms = {"measure": _of_measure, "rule": _of_function, "hindcast": _of_hindcast}
    form = next((one for one in forms if one in reading), None)
    if form is None:
        raise InputError(f'{where}: reading {reading} is none; write {{ measure = "installed[US]", year = 2030 }}')
    try:
        rule = forms[form](reading, simulations, folder)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    except (TypeError, KeyError) as error:
        raise InputError(f"{where}: reading {reading} cannot be made: {error}") from None
    for name in rule.needs:
        if name not in simulations:
            raise InputError(f"{where}: {unknown('simulation', name, simulations)}")
    return rule


def _of_measure(reading: dict, simulations: Mapping[str, Any], folder: Path) -> Rule:
    name = reading.pop("simulation", None)
    text, year, a_year = reading.pop("measure"), reading.pop("year", None), reading.pop("a_year", False)
    _nothing_left(reading)
    fitting = [one for one, ran in simulations.items() if year is None or ran.scenario.years[0] <= year]
    fitting = [one for one in fitting if year is None or year <= simulations[one].scenario.years[1]]
    if name is None and len(fitting) == 1:
        (name,) = fitting
    if name is None and year is not None:  # the one that begins nearest to the year
        name = max(fitting, key=lambda one: simulations[one].scenario.years[0], default=None)
    if name not in simulations or name not in fitting:
        raise InputError(f"{text}: no simulation reaches {year}; name one that does: {', '.join(simulations)}")
    scenario = simulations[name].scenario
    from stackcraft.model.inputs import load_inputs

    made = series.parse(text, load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
    row = (scenario.years[1] if year is None else year) - scenario.years[0]
    over = max(row, 1) if a_year else 1
    return only(name, lambda simulation: made.values(simulation, [row])[:, 0] / over)


def _of_function(reading: dict, simulations: Mapping[str, Any], folder: Path) -> Rule:
    name, arguments = str(reading.pop("rule")), reading.pop("with", [])
    if ":" not in name:
        _nothing_left(reading)
        if name not in RULES:
            raise unknown("rule", name, RULES)
        return RULES[name](*arguments)
    simulation = reading.pop("simulation", next(iter(simulations)))
    _nothing_left(reading)
    function = find_function(name, folder)
    return only(simulation, lambda made: np.asarray(function(made, *arguments), float))


def _of_hindcast(reading: dict, simulations: Mapping[str, Any], folder: Path) -> Rule:
    target, how = observed.hindcast_target(reading.pop("hindcast")), reading.pop("as", "")
    _nothing_left(reading)
    name, *arguments = target.reading
    extract = getattr(observe, name)
    if how == "level":
        if target.kind != "level":
            raise InputError(f"{target.name} is not a level; read it as log, count or spearman")
        lent = name == "lent_a_year"
        return only(
            TUNED if lent else SCORED, _of_ledgers(extract, arguments) if lent else _plainly(extract, arguments)
        )
    outcome = observed.outcome_of(target.name)
    there = outcome.candidate
    if how == "spearman":
        return Rule(
            {SCORED: lambda made: extract(made, *arguments)[:, -1]},
            lambda arrays: np.full(
                len(arrays[SCORED]), scores.spearman(arrays[SCORED].mean(axis=0)[there], outcome.happened[there])
            ),
        )
    if how not in ("log", "count"):
        raise unknown("way of reading", how, ("log", "count", "spearman", "level"))

    def value(arrays: Arrays) -> np.ndarray:
        from stackcraft.experiments.evidence.hindcast.score import Reading, chances

        read = Reading("world", {target.name: arrays[TUNED]}, {target.name: arrays[SCORED]}, {})
        chance = chances(observed.plan(), target, read, outcome)[:, there]
        if how == "count":
            return chance.sum(axis=1)
        # The forecast of a world is the mean over its runs, so that it has one score.
        return np.full(len(chance), scores.log_score(chance.mean(axis=0), outcome.happened[there]))

    take = _plainly(extract, arguments)
    return Rule({TUNED: take, SCORED: take}, value)


def _held(reading: tuple) -> Extract:
    name, *arguments = reading
    return _plainly(getattr(observe, name), arguments)


def _plainly(extract: Callable, arguments: list) -> Extract:
    return lambda made: extract(made, *arguments)


def _of_ledgers(extract: Callable, arguments: list) -> Extract:
    """What only runs that keep their deals can tell; NaN for the others."""

    def taken(made: Simulation) -> np.ndarray:
        values = np.full(made.runs, np.nan)
        kept = made.world.ledger_row >= 0
        if kept.any():
            values[kept] = extract(made, *arguments)
        return values

    return taken


def _nothing_left(reading: dict) -> None:
    if reading:
        raise InputError(f"reading: {next(iter(reading))!r} is one key too many")
