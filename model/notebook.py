"""How a scenario and a simulation look in a notebook: one line as text, a small table as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from stackcraft.agents.names import PEER_GRAPHS
from stackcraft.model.worlds import PLAUSIBLE

if TYPE_CHECKING:
    from stackcraft.model.scenario import Scenario
    from stackcraft.model.simulation import Simulation

LEFT = "text-align:left;vertical-align:top"


def card(title: str, text: str, rows: Sequence[tuple[str, object]]) -> str:
    """Return a heading, a paragraph and a table of (name, value) as HTML; everything is escaped."""
    cells = "".join(
        f'<tr><th scope="row" style="{LEFT}">{escape(name)}</th><td style="{LEFT}">{_lines(value)}</td></tr>'
        for name, value in rows
    )
    told = f"<p>{escape(text)}</p>" if text else ""
    return f"<div><b>{escape(title)}</b>{told}<table><tbody>{cells}</tbody></table></div>"


def _lines(value: object) -> str:
    lines = value if isinstance(value, (list, tuple)) else [value]
    return "<br>".join(escape(str(line)) for line in lines)


def changes(scenario: Scenario) -> dict[str, list[str]]:
    """Return what a scenario sets, as lines by heading: presets, strategies, levers, parameters, events, switches."""
    table = scenario.as_dict()
    pairs = {key: [f"{name}: {value}" for name, value in table[key].items()] for key in ("presets", "strategies")}
    settings = [f"{name} = {value:g}" for name, value in table["parameters"].items()]
    events = [", ".join(f"{key} {value}" for key, value in event.items()) for event in table["events"]]
    lines = {**pairs, "levers": table["levers"], "parameters": settings, "events": events, "switched off": table["off"]}
    return {name: values for name, values in lines.items() if values}


def _number(values: Sequence[str], name: str) -> str:
    return (
        f"1 {name.removesuffix('s').replace('strategie', 'strategy')}" if len(values) == 1 else f"{len(values)} {name}"
    )


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario in one line: its name, years and runs, and how much it changes."""
    head = f"{scenario.name}: {scenario.years[0]} to {scenario.years[1]}, {scenario.runs} runs, seed {scenario.seed}"
    changed = [
        f"{len(values)} submodels off" if name == "switched off" else _number(values, name)
        for name, values in changes(scenario).items()
    ]
    return f"<Scenario {head}{'; ' if changed else ''}{', '.join(changed)}>"


def scenario_html(scenario: Scenario) -> str:
    """Return a scenario as HTML: what it is about, its years and runs, and everything that it changes."""
    rows: list[tuple[str, object]] = [
        ("name", scenario.name),
        ("years", f"{scenario.years[0]} to {scenario.years[1]}"),
        ("runs", f"{scenario.runs} runs, seed {scenario.seed}"),
        ("world", scenario.world),
    ]
    if scenario.peer_graph != PEER_GRAPHS[0]:
        rows.append(("peer graph", scenario.peer_graph))
    if scenario.worlds != PLAUSIBLE:
        rows.append(("worlds", scenario.worlds))
    return card(scenario.title or scenario.name, scenario.story, [*rows, *changes(scenario).items()])


def _standing(simulation: Simulation) -> Mapping[str, Any]:
    first, last = simulation.years
    if simulation.closed:
        return {"years": f"{first} to {last}", "state": "closed"}
    state = "run to its end" if simulation.done else f"at 1 January {simulation.year}"
    return {"runs": f"{simulation.runs} runs, seed {simulation.seed}", "years": f"{first} to {last}", "state": state}


def simulation_text(simulation: Simulation) -> str:
    """Return a simulation in one line: its scenario, runs and years, and how far it has come."""
    return f"<Simulation of {simulation.scenario.name}: {', '.join(_standing(simulation).values())}>"


def simulation_html(simulation: Simulation) -> str:
    """Return a simulation as HTML: its scenario, how far it has come, and where its results are."""
    rows = [*_standing(simulation).items(), ("importing countries", len(simulation.inputs.iso3))]
    if not simulation.closed:
        rows.append(("results", "results: every measure (xarray); deals: a row for each deal (pandas)"))
    title = f"Simulation of {simulation.scenario.title or simulation.scenario.name}"
    return card(title, simulation.scenario.story, rows)
