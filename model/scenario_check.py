"""Checks a scenario whole: every mistake is one line that says what, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from os import PathLike
from typing import Any

import numpy as np

from stackcraft.agents import names
from stackcraft.agents.errors import InputError, nearest
from stackcraft.model.events import mistakes_of_event
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.scenario import Event, Scenario

FACTS_YEAR = 2025  # the facts describe January of this year
LAST_YEAR = 2100

KEYS = (
    "name", "title", "story", "world", "peer_graph", "years", "presets", "strategies", "levers", "parameters", "events", "off",
    "runs", "seed",
)  # fmt: skip

SWITCHES = SUBMODELS


def from_table(table: Mapping[str, Any], where: str) -> tuple[dict[str, Any], list[str]]:
    """The constructor's values from a table as TOML gives it, and the mistakes of form found on the way."""
    values: dict[str, Any] = {}
    mistakes: list[str] = []

    def wrong(key: str, text: str) -> None:
        mistakes.append(f"{where}: {key}: {text}")

    for key, value in table.items():
        if key not in KEYS:
            mistakes.append(f"{where}: key {key!r} is unknown; did you mean {nearest(key, KEYS)}?")
        elif key in ("name", "title", "story", "world", "peer_graph"):
            if isinstance(value, str):
                values[key] = value
            else:
                wrong(key, f"{value!r} is no text; put it in quotes")
        elif key in ("runs", "seed"):
            values[key] = value
        elif key == "years":
            if isinstance(value, (list, tuple)):
                values[key] = tuple(value)
            else:
                wrong(key, f"{value!r} should be two years, such as [2025, 2045]")
        elif key == "off":
            if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
                values[key] = tuple(value)
            else:
                wrong(key, 'should be a list of submodels, such as ["disputes", "hedge"]')
        elif key in ("presets", "strategies"):
            if isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values()):
                values[key] = dict(value)
            else:
                example = 'US = "status-quo-2025"' if key == "presets" else 'KEN = "hedge"'
                wrong(key, f"should be a table of names, such as {example}")
        elif key == "parameters":
            values[key] = dict(_flat(value)) if isinstance(value, Mapping) else {}
            if not isinstance(value, Mapping):
                wrong(key, "should be a table of numbers, such as supply_fear = 3.0")
        elif key == "levers":
            if isinstance(value, Mapping):
                values[key] = tuple(f"{path}={_text(item)}" for path, item in _flat(value))
            elif isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
                values[key] = tuple(value)
            else:
                wrong(key, 'should be a table, or a list such as ["us_government.guarantee=0.9"]')
        elif key == "events":
            values[key] = tuple(_events(value, wrong))
    return values, mistakes


def complete(scenario: Scenario) -> tuple[dict[str, Any], list[str]]:
    """A scenario's fields as it keeps them (plain numbers, tuples, own copies of the tables, presets filled in), and
    mistakes of form.

    A field with a mistake is left at its default, so that the rest can be checked as well.
    """
    usual = {one.name: one.default for one in fields(Scenario)}
    where = next((text for text in (scenario.source, scenario.name) if isinstance(text, str) and text), "scenario")
    values: dict[str, Any] = {}
    found: list[str] = []

    def wrong(key: str, text: str) -> None:
        found.append(f"{where}: {key}: {text}")

    for key in ("name", "title", "story", "world", "peer_graph", "source"):
        value = getattr(scenario, key)
        values[key] = str(value) if key == "world" and isinstance(value, PathLike) else value
        if not isinstance(values[key], str):
            wrong(key, f"{value!r:.60} is no text; give one such as {usual[key] or 'Guarantees'!r}")
            values[key] = usual[key]
    for key in ("runs", "seed"):
        values[key] = _plain(getattr(scenario, key))
    years = None if isinstance(scenario.years, str) else several(scenario.years)
    if years is None:
        wrong("years", f"{scenario.years!r:.60} should be two years, such as [2025, 2045]")
    values["years"] = usual["years"] if years is None else tuple(map(_plain, years))
    for key, example in (("levers", "us_government.guarantee=0.9"), ("off", "disputes")):
        given = several(getattr(scenario, key))
        if given is None or not all(isinstance(item, str) for item in given):
            wrong(key, f'{getattr(scenario, key)!r:.60} should be a list of texts, such as ["{example}"]')
            given = ()
        values[key] = tuple(dict.fromkeys(given)) if key == "off" else given
    examples = {
        "presets": '{"US": "status-quo-2025"}',
        "strategies": '{"KEN": "hedge"}',
        "parameters": '{"supply_fear": 3.0}',
    }
    for key, example in examples.items():
        given = getattr(scenario, key)
        if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
            wrong(key, f"{given!r:.60} should be a table with names for keys, such as {example}")
            given = {}
        values[key] = {name: _plain(one) for name, one in given.items()}
    values["presets"] = {"US": "status-quo-2025", "CN": "status-quo-2025", **values["presets"]}
    events = several(scenario.events) if not isinstance(scenario.events, (str, Mapping)) else None
    if events is None:
        wrong("events", f"{scenario.events!r:.60} should be a list of events, such as [Event('ai_bust', 2031)]")
    values["events"] = tuple(event for one in events or () for event in _event(one, wrong))
    return values, found


def several(given: Any) -> tuple | None:
    """One thing or several as a tuple: a lone text or event stands for itself, a table for its assignments; None for
    anything else.
    """
    if isinstance(given, (str, Event)):
        return (given,)
    if isinstance(given, Mapping):
        return tuple(f"{path}={_text(item)}" for path, item in _flat(given))
    return tuple(given) if isinstance(given, Iterable) else None


def _event(given: Any, wrong) -> Iterable[Event]:
    if isinstance(given, Event):
        return (given,)
    if isinstance(given, Mapping) and all(isinstance(key, str) for key in given):
        return _events([given], wrong)
    wrong("events", f"{given!r:.60} is no event; give one such as Event('ai_bust', 2031)")
    return ()


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's own, which files can hold; anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def mistakes_in(scenario: Scenario) -> list[str]:
    """Every mistake of a scenario, a line each; an empty list if it can be run."""
    where = scenario.source or scenario.name
    found: list[str] = []

    def wrong(key: str, text: str) -> None:
        found.append(f"{where}: {key}: {text}")

    importers = _importers(scenario.world, wrong)
    if scenario.peer_graph not in names.PEER_GRAPHS:
        near = nearest(scenario.peer_graph, names.PEER_GRAPHS)
        wrong(
            "peer_graph", f"{scenario.peer_graph!r} is unknown; did you mean {near}? ({', '.join(names.PEER_GRAPHS)})"
        )
    _check_numbers(scenario, wrong)
    for name in scenario.off:
        if name not in SWITCHES:
            wrong("off", f"submodel {name!r} is unknown; did you mean {nearest(name, SWITCHES)}?")
    _check_strategies(scenario, importers, wrong)
    _check_parameters(scenario.parameters, wrong)
    _check_levers(scenario.levers, importers, scenario.years, wrong)
    for event in scenario.events:
        for mistake in mistakes_of_event(event, scenario.years, importers):
            wrong(f"events.{event.what}", mistake)
    return found


def _check_numbers(scenario: Scenario, wrong) -> None:
    years = scenario.years
    if len(years) != 2 or not all(_whole(year) for year in years):
        wrong("years", f"{list(years)} should be two years, such as [2025, 2045]")
    elif years[0] >= years[1]:
        wrong("years", f"{years[0]} to {years[1]} ends before it has begun; the first year comes first")
    elif years[0] < FACTS_YEAR:
        wrong("years", f"{years[0]} is before {FACTS_YEAR}, the year that the facts describe; start no earlier")
    elif years[1] > LAST_YEAR:
        wrong("years", f"{years[1]} is too far ahead; end in {LAST_YEAR} at the latest")
    if not _whole(scenario.runs) or not 1 <= scenario.runs <= 1_000_000:
        wrong("runs", f"{scenario.runs!r} should be a whole number from 1 to 1000000")
    if not _whole(scenario.seed) or not 0 <= scenario.seed < 2**63:
        wrong("seed", f"{scenario.seed!r} should be a whole number from 0 to {2**63 - 1}")


def _check_strategies(scenario: Scenario, importers: tuple[str, ...], wrong) -> None:
    from stackcraft.agents.strategies import registry

    for side, name in scenario.presets.items():
        if side not in names.SIDES:
            wrong("presets", f"side {side!r} is unknown; use one of {', '.join(names.SIDES)}")
            continue
        _attempt(wrong, f"presets.{side}", registry.find_preset, name, side)
    for actor, name in scenario.strategies.items():
        try:
            kind = names.kind_of(names.members(actor, importers)[0], importers)
            registry.find_strategy(name, kind)
        except InputError as error:
            wrong(f"strategies.{actor}", str(error))


def _check_parameters(parameters: Mapping[str, float], wrong) -> None:
    from stackcraft.model.parameters import locate

    for name, value in parameters.items():
        try:
            declaration, _ = locate(name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InputError(f"{name}={value!r} is no number; give one from {declaration.bounds}")
            declaration.check(value, name)
        except InputError as error:
            wrong("parameters", str(error))


def _check_levers(levers: Iterable[str], importers: tuple[str, ...], years: tuple[int, int], wrong) -> None:
    from stackcraft.agents import assignments

    parsed = [one for text in levers if (one := _attempt(wrong, "levers", assignments.parse, text, importers))]
    for one in parsed:
        if one.year is not None and len(years) == 2 and not years[0] <= one.year < years[1]:
            span = (
                f"{years[0]}, the only year" if years[1] - 1 == years[0] else f"the years {years[0]} to {years[1] - 1}"
            )
            wrong("levers", f"{one.text}: {one.year} is outside {span} in which levers act")
    if len(parsed) == len(levers):
        # What shows only in combination: shares that cannot sum to 1.
        _attempt(wrong, "levers", assignments.check, [parsed], importers)


def _events(value: Any, wrong) -> Iterable[Event]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, Mapping) for item in value):
        wrong("events", 'should be written as [[events]] with what = "...", year = ...')
        return
    known = [one.name for one in fields(Event)]
    for item in value:
        unknown = [key for key in item if key not in known]
        for key in unknown:
            wrong("events", f"key {key!r} is unknown; did you mean {nearest(key, known)}?")
        if missing := [key for key in ("what", "year") if key not in item]:
            wrong("events", f"an event needs {' and '.join(missing)}: {dict(item)}")
        elif not unknown:
            yield Event(**item)


def _importers(world: str, wrong) -> tuple[str, ...]:
    """The importing countries of a world, without loading all of it."""
    if world == "world":
        return names.IMPORTERS
    from stackcraft.model.fact_tables import importers_of

    return _attempt(wrong, "world", importers_of, world) or names.IMPORTERS


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Nested tables as dotted paths."""
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _text(value: Any) -> str:
    """A lever's value as an assignment writes it."""
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _attempt(wrong, key: str, function, *arguments):
    """The function's result; a mistake under `key` and None if it raises `InputError`."""
    try:
        return function(*arguments)
    except InputError as error:
        wrong(key, str(error))
        return None
