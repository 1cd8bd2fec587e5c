"""What a report needs to know of a simulation, gathered once so that templates meet plain values only."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackcraft.agents.errors import InputError
from stackcraft.viz.map.shapes import shapes
from stackcraft.viz.words.countries import country_names
from stackcraft.viz.words.declared import said

if TYPE_CHECKING:
    from stackcraft.experiments.live import Summary

NEEDED = ("installed", "utilised", "world_installed", "world_utilised", "perceived_hazard", "true_hazard")
AXES = ("run", "year", "country", "layer", "stack", "weight")


@dataclass(frozen=True)
class Source:
    """One arm of a report: `results` (xarray Dataset), `deals` (DataFrame or None) and what led to them."""

    results: Any
    deals: Any
    title: str
    story: str = ""
    scenario: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    vendors: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Sequence[Mapping[str, str]] = ()

    @property
    def years(self) -> list[int]:
        return [int(year) for year in self.results["year"].values]

    @property
    def runs(self) -> int:
        return int(self.results.sizes["run"])

    @property
    def codes(self) -> list[str]:
        return [str(code) for code in self.results["country"].values]

    @property
    def layers(self) -> list[str]:
        return [str(layer) for layer in self.results["layer"].values]


def source_of(simulation: Any, manifest: Mapping[str, Any] | None = None) -> Source:
    """Return a `Source` made from a simulation that has been run.

    The simulation needs `results`; `deals`, `scenario`, `inputs`, `manifest` are used where present. Raises
    `InputError` where results lack a variable or an axis that the report draws.
    """
    if isinstance(simulation, Source):
        return simulation
    results = getattr(simulation, "results", None)
    if results is None:
        raise InputError("report: the simulation has no results yet; run it first")
    missing = [name for name in (*NEEDED, *AXES) if name not in results and name not in results.dims]
    if missing:
        raise InputError(f"report: the results lack {', '.join(missing)}; give the whole Dataset of a simulation")
    results = _good_runs(results)
    scenario = getattr(simulation, "scenario", None)
    inputs = getattr(simulation, "inputs", None)
    codes = [str(code) for code in results["country"].values]
    manifest = dict(manifest or getattr(simulation, "manifest", None) or {})
    return Source(
        results=results,
        deals=getattr(simulation, "deals", None),
        title=said(getattr(scenario, "title", "") or getattr(scenario, "name", "") or "Untitled scenario"),
        story=said(getattr(scenario, "story", "")),
        scenario=_scenario_values(scenario, simulation),
        manifest=manifest,
        countries=_country_names(inputs, codes),
        vendors=_titles(getattr(inputs, "vendors", None)),
        filled=getattr(inputs, "filled", None) or {},
        facts=facts_columns(inputs),
    )


def source_of_summary(summary: Summary, title: str = "") -> Source:
    """Return a `Source` with the world-level measures of a summary; single countries run by run are not in it."""
    from stackcraft.model.inputs import load_inputs

    scenario = summary.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    codes = list(summary.codes)
    return Source(
        results=summary.world.assign_coords(country=codes),
        deals=None,
        title=title or said(scenario.title or scenario.name),
        story=said(scenario.story),
        scenario=_scenario_values(scenario, scenario),
        countries=_country_names(inputs, codes),
        vendors=_titles(inputs.vendors),
        filled=inputs.filled,
        facts=facts_columns(inputs),
    )


def _good_runs(results: Any) -> Any:
    """Return the results without runs that failed. Raises `InputError` if every run failed."""
    if "status" not in results:
        return results
    good = results["status"].values == 0
    if not good.any():
        raise InputError("report: every run failed (status is not 0); see the messages of the run")
    return results if good.all() else results.isel(run=good)


def _scenario_values(scenario: Any, simulation: Any) -> dict[str, Any]:
    names = (
        "name",
        "world",
        "peer_graph",
        "worlds",
        "years",
        "presets",
        "strategies",
        "levers",
        "parameters",
        "events",
        "off",
        "seed",
    )
    values = {name: getattr(scenario, name) for name in names if hasattr(scenario, name)}
    if getattr(simulation, "seed", None) is not None:
        values["seed"] = simulation.seed
    return values


def _country_names(inputs: Any, codes: Sequence[str]) -> dict[str, str]:
    """Return names from the facts where the world gives them, else from the map."""
    if inputs is not None and getattr(inputs, "name", None) is not None:
        return country_names(inputs)
    known = shapes()
    return {code: known[code].map_name if code in known else code for code in codes}


def _titles(vendors: Any) -> dict[str, str]:
    """Return vendor names to titles; empty where the world gives none."""
    return dict(zip(getattr(vendors, "name", ()), getattr(vendors, "title", ()), strict=True))


def facts_columns(inputs: Any) -> list[dict[str, str]]:
    """Return the list of facts columns with their sources, where the world keeps one."""
    folder = getattr(getattr(inputs, "world", None), "folder", None)
    path = Path(folder) / "columns.csv" if folder else None
    if path is None or not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
