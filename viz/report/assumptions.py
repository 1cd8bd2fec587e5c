"""What a run rests on: what was changed and from what, what is a judgement, what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import PEER_GRAPHS
from stackcraft.model.worlds import DEFAULT
from stackcraft.viz.report.source import Source
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.declared import said
from stackcraft.viz.words.forms import listed


def settings(source: Source) -> list[tuple[str, str]]:
    """Return scenario, presets and strategies as rows of a table."""
    scenario = source.scenario
    rows = [(text("report.set_scenario"), str(scenario.get("name", "") or source.title))]
    rows.append((text("report.set_years"), text("report.years", first=source.years[0], last=source.years[-1])))
    rows.append(
        (
            text("report.set_runs"),
            text("report.runs_seed", runs=source.runs, seed=str(scenario.get("seed", text("report.no_seed")))),
        )
    )
    rows.append(
        (
            text("report.set_world"),
            text("report.world_of", world=scenario.get("world", "world"), countries=len(source.codes)),
        )
    )
    if (graph := scenario.get("peer_graph", PEER_GRAPHS[0])) != PEER_GRAPHS[0]:
        rows.append((text("report.set_peer_graph"), text("report.in_place_of", graph=graph, usual=PEER_GRAPHS[0])))
    if (kind := scenario.get("worlds", DEFAULT)) != DEFAULT:
        rows.append((text("report.set_worlds"), text("report.worlds_of", kind=kind)))
    for side, preset in (scenario.get("presets") or {}).items():
        rows.append((text(f"report.set_preset_{side}"), str(preset)))
    for actor, strategy in (scenario.get("strategies") or {}).items():
        rows.append((text("report.set_strategy", actor=actor), str(strategy)))
    for name in scenario.get("off") or ():
        rows.append((text("report.set_off"), str(name)))
    for event in scenario.get("events") or ():
        rows.append((text("report.set_event"), _event_words(event)))
    return rows


def _event_words(event: Any) -> str:
    values = (
        event.as_dict()
        if hasattr(event, "as_dict")
        else dict(event)
        if isinstance(event, Mapping)
        else {"what": str(event)}
    )
    what = str(values.pop("what", "event")).replace("_", " ")
    return what + "".join(f", {key} {value}" for key, value in values.items())


def changed_levers(source: Source) -> list[dict[str, Any]]:
    """Return the levers that the scenario sets, each with its declaration."""
    from stackcraft.agents.assignments import parse

    rows = []
    for written in map(str, source.scenario.get("levers") or ()):
        what, _, value = written.partition("=")
        row = {"what": what, "value": value, "default": "", "sentence": "", "source": "", "judgement": True}
        try:
            lever = parse(written, tuple(source.codes))
            row |= declared(lever.declaration, lever.actors[0] if len(lever.actors) == 1 else "")
        except InputError:
            pass  # a lever of a world of the user's own still shows as it was written
        rows.append(row)
    return rows


def changed_parameters(source: Source) -> list[dict[str, Any]]:
    """Return the parameters that the scenario sets, each with its declaration."""
    from stackcraft.model.parameters import locate

    rows = []
    for name, value in (source.scenario.get("parameters") or {}).items():
        try:
            declaration, index = locate(str(name))
        except InputError:
            rows.append(
                {"what": name, "value": plain(value), "default": "", "sentence": "", "source": "", "judgement": True}
            )
            continue
        row = declared(declaration, "", index)
        rows.append({"what": name, "value": plain(value)} | row)
    return rows


def declared(declaration: Any, actor: str, index: tuple[int, ...] | None = None) -> dict[str, Any]:
    """Return what is shown beside a value that was set: default, bounds, sentence, source.

    The default is that of an `actor` where one is given, and of the part at `index`.
    """
    default = declaration.default_by.get(actor, declaration.default) if actor else declaration.default
    if index is not None:
        default = np.asarray(default, float)[index]
    return {
        "default": text("report.from_facts") if declaration.facts else plain(default),
        "bounds": declaration.bounds,
        "plausible": declaration.range_words,
        "sentence": said(declaration.sentence),
        "upside": said(declaration.upside),
        "downside": said(declaration.downside),
        "source": declaration.source.removeprefix("judgement").lstrip(" ;:,."),  # the mark beside it says so already
        "judgement": declaration.judgement,
    }


def plain(value: Any) -> str:
    """Return a default or a setting as text; arrays as a list of their first twelve numbers."""
    if value is None:
        return "none"
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        return str(value)
    return f"{float(array):g}" if array.ndim == 0 else ", ".join(f"{number:g}" for number in array.ravel()[:12])


def judged() -> dict[str, tuple[int, int]]:
    """Count how many levers, parameters and inputs rest on judgement: group -> (judgements, all)."""
    from stackcraft.agents.levers import LEVER_SETS
    from stackcraft.model.inputs import declared_inputs
    from stackcraft.model.parameters import PARAMETERS

    groups = {
        "levers": [lever.judgement for lever_set in LEVER_SETS.values() for lever in lever_set],
        "parameters": [one.judgement for one in PARAMETERS.values()],
        "inputs": [bool(entry.metadata["judgement"]) for entry in declared_inputs().values()],
    }
    return {name: (sum(marks), len(marks)) for name, marks in groups.items()}


def judged_words() -> str:
    """Say how many levers, parameters and inputs rest on judgement: "105 of 138 levers, ... and ..."."""
    parts = (
        text("report.judged_group", marked=marked, all=whole, group=text(f"report.group_{group}"))
        for group, (marked, whole) in judged().items()
    )
    return listed(list(parts))


def filled_rows(source: Source) -> list[tuple[str, int, list[str]]]:
    """Return inputs with filled-in cells, most first: (input, number of countries, a line for each way of filling)."""
    rows = []
    for name, cells in source.filled.items():
        ways: dict[str, list[str]] = {}
        for code, how in cells.items():
            ways.setdefault(str(how), []).append(code)
        if ways:
            rows.append(
                (name.replace("_", " "), len(cells), [f"{how}: {', '.join(codes)}" for how, codes in ways.items()])
            )
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def sources(source: Source) -> list[dict[str, str]]:
    """Return where the facts come from: a row for each source, with what it gives and under which licence."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for column in source.facts:
        key = (column.get("source", ""), column.get("licence", ""))
        if key[0]:
            grouped.setdefault(key, []).append(column.get("what") or column.get("column", ""))
    return [
        {"source": name, "licence": licence, "gives": "; ".join(dict.fromkeys(what))}
        for (name, licence), what in grouped.items()
    ]


def unlike(first: Source, second: Source) -> list[tuple[str, str, str]]:
    """Return what the two arms of a comparison set differently: (what, first, second)."""
    rows = []
    for key in ("world", "years", "seed", "presets", "strategies", "parameters"):
        a, b = first.scenario.get(key), second.scenario.get(key)
        if isinstance(a, Mapping) or isinstance(b, Mapping):
            a, b = dict(a or {}), dict(b or {})
            for name in dict.fromkeys([*a, *b]):
                if a.get(name) != b.get(name):
                    rows.append((f"{key.rstrip('s')} {name}", str(a.get(name, "default")), str(b.get(name, "default"))))
        elif a != b:
            rows.append((key, str(a), str(b)))
    for key in ("levers", "off", "events"):
        a, b = [str(one) for one in first.scenario.get(key) or ()], [str(one) for one in second.scenario.get(key) or ()]
        for one in dict.fromkeys([*a, *b]):
            if (one in a) != (one in b):
                rows.append((key.rstrip("s"), one if one in a else "-", one if one in b else "-"))
    return rows
