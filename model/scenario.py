"""A scenario: who plays which strategy, which levers and parameters are changed, what is scripted.

Scenarios are TOML files. Those that come with the project lie in `model/scenarios/`. A file looks like this:

    title = "Supply bonds from 2030"
    story = "What if the United States bound itself not to cut anybody off?"
    years = [2025, 2045]
    peer_graph = "trade-and-votes"     # who looks to whom
    worlds = "plausible"               # or "default", "raw", the file of a table: parameters of each run

    [presets]                          # a strategy for a whole side: government, financiers and vendors
    US = "status-quo-2025"

    [strategies]                       # a strategy for one actor or group
    KEN = "hedge"

    [levers]                           # actor.lever, with a part (a layer, a country) and a year where wanted
    us_government.supply_bond = 0.5
    us_government."supply_bond@2030" = 0.9
    cn_government.subsidy.network = 0.3

    [parameters]
    supply_fear = 3.0

    [[events]]
    what = "alliance_doubt"
    year = 2030
    month = 6
    stack = "US"

Later levers win over earlier ones, and all of them win over presets and strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.assignments import Assignment, check, parse
from stackcraft.agents.errors import InputError, choices, hint, shown, unknown
from stackcraft.agents.names import IMPORTERS, PEER_GRAPHS, SIDES, kind_of, known_actor, members
from stackcraft.agents.renamed import PARAMETERS, name_of_today
from stackcraft.agents.strategies.presets import STATUS_QUO
from stackcraft.agents.strategies.registry import find_preset, find_strategy
from stackcraft.model import notebook
from stackcraft.model.events import Event, is_whole, mistakes_of_event
from stackcraft.model.fact_tables import importers_of
from stackcraft.model.history import check_year
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import locate
from stackcraft.model.tables import FACTS_YEAR, name_and_year
from stackcraft.model.toml_files import read_toml, write_toml
from stackcraft.model.worlds import PLAUSIBLE, check_kind

SHIPPED = Path(__file__).parent / "scenarios"
HINDCASTS = SHIPPED / "hindcasts"
LAST_YEAR = 2100
MOST_RUNS = 1_000_000
LARGEST_SEED = 2**63 - 1
TEXTS = ("name", "title", "story", "world", "peer_graph", "worlds")
REPLACED = (*TEXTS, "years", "runs", "seed", "source")  # what `with_changes` replaces; to the rest it adds


class ScenarioError(InputError):
    """A scenario that cannot be run: one line per mistake, also as the list `mistakes`."""

    def __init__(self, mistakes: list[str]):
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything that decides a run but the luck's replicate; checked whole when made.

    Parameters
    ----------
    name, title, story : short name, heading, and one sentence in plain words
    world : "world" (193 importing countries), "synthetic" (ten made-up ones), or a folder of facts tables; "world@2015"
        is the world as it was known in January 2015
    peer_graph : who looks to whom, one of `PEER_GRAPHS`; see `stackcraft.model.peer_graphs`
    worlds : the parameters of each run, one of `stackcraft.model.worlds.KINDS` or the file of a table: "plausible",
        run i is world i of those that history does not rule out; "default", the declared values in every run; "raw",
        drawn over all that is plausible of each parameter by itself. What `parameters` sets holds in every world
    years : first and last year; records are taken every 1 January from the first to the last
    presets : side ("US", "CN") -> side preset
    strategies : actor or group -> strategy; here and in `presets` a class or an instance may take the place of a name
    levers : assignments "actor.lever[.part][@year]=value", in order; the last one wins. They are texts, and what they
        mean is read from them as `stackcraft.agents.assignments.Assignment`
    parameters : parameter, or "parameter.part" -> value
    events : scripted events
    off : submodels switched off
    runs, seed : how many runs, and the seed of their luck
    source : the file it was read from, for messages only

    Raises `ScenarioError`, an `InputError` with one line per mistake.
    """

    name: str = "baseline"
    title: str = ""
    story: str = ""
    world: str = "world"
    peer_graph: str = PEER_GRAPHS[0]
    worlds: str = PLAUSIBLE
    years: tuple[int, int] = (2025, 2045)
    presets: Mapping[str, str] = field(default_factory=dict)
    strategies: Mapping[str, str] = field(default_factory=dict)
    levers: tuple[Assignment, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    off: tuple[str, ...] = ()
    runs: int = 64
    seed: int = 2025
    source: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        mistakes = Mistakes(next((text for text in (self.source, self.name) if isinstance(text, str) and text), ""))
        for name, value in _completed(self, mistakes).items():
            object.__setattr__(self, name, value)
        importers = _importers(self.world, mistakes)
        for name, value in _with_codes(self, importers).items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "levers", _parsed_levers(self, importers, mistakes))
        _check(self, importers, mistakes)
        if mistakes:
            raise ScenarioError(list(mistakes))

    # reading and writing

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """Return the scenario of that name that comes with the project, or the one in that TOML file.

        Raises `ScenarioError` with every mistake of the file, a line each, or `InputError` if there is no such file.
        """
        path = find(name_or_path)
        table = read_toml(path)
        beside = path.parent / str(table.get("world", ""))
        if "world" in table and beside != path.parent and (beside / "countries.csv").is_file():
            table["world"] = str(beside)  # a folder of facts is looked for beside the file that names it
        if (path.parent / str(table.get("worlds", ""))).is_file():
            table["worlds"] = str(path.parent / table["worlds"])  # and so is a table of worlds
        return cls.from_dict(table, name=path.stem, source=path.name)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], name: str = "unnamed", source: str = "") -> Scenario:
        """Return the scenario of a table as read from TOML or from a manifest. Raises `ScenarioError`."""
        mistakes = Mistakes(source or name)
        values = {key: value for key, value in table.items() if _well_formed(key, value, mistakes)}
        try:
            scenario = cls(**{"name": name, "source": source, **values})
        except ScenarioError as error:
            mistakes += error.mistakes
        if mistakes:
            raise ScenarioError(list(mistakes))
        return scenario

    def as_dict(self) -> dict[str, Any]:
        """Return the whole scenario as plain values, ready for TOML or JSON; `from_dict` reads it back."""
        return {
            "name": self.name,
            "title": self.title,
            "story": self.story,
            "world": self.world,
            "peer_graph": self.peer_graph,
            "worlds": self.worlds,
            "years": list(self.years),
            "runs": self.runs,
            "seed": self.seed,
            "off": list(self.off),
            "levers": [lever.text for lever in self.levers],
            "presets": {side: _name(preset) for side, preset in self.presets.items()},
            "strategies": {actor: _name(strategy) for actor, strategy in self.strategies.items()},
            "parameters": dict(self.parameters),
            "events": [event.as_dict() for event in self.events],
        }

    def __repr__(self) -> str:
        return notebook.scenario_text(self)

    def _repr_html_(self) -> str:
        return notebook.scenario_html(self)

    def to_toml(self) -> str:
        """Return the scenario as a TOML file that `load` reads back to an equal one."""
        return write_toml({key: value for key, value in self.as_dict().items() if value not in ("", [], {})})

    def with_changes(
        self,
        *,
        levers: str | Iterable[str] | Mapping[str, Any] = (),
        parameters: Mapping[str, float] | None = None,
        presets: Mapping[str, str] | None = None,
        strategies: Mapping[str, str] | None = None,
        events: Event | Iterable[Event] = (),
        off: str | Iterable[str] = (),
        **replaced: Any,
    ) -> Scenario:
        """Return a copy with more levers, parameters, events and so on, or with other years, runs, seed, world or name.

        Levers, parameters, presets, strategies, events and `off` are added to those that are there and win over them;
        the keywords in `REPLACED` replace what was there. Raises `ScenarioError`, or `TypeError` for another keyword.
        """
        added = {
            "levers": levers,
            "parameters": parameters,
            "presets": presets,
            "strategies": strategies,
            "events": (events,) if isinstance(events, Mapping) else events,
            "off": off,
        }
        for name in replaced:
            if name not in REPLACED:
                raise TypeError(f"with_changes() does not take {name!r}{choices(name, (*added, *REPLACED))}")
        return replace(self, **{key: _joined(getattr(self, key), value) for key, value in added.items()}, **replaced)


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the project, the baseline first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def hindcasts() -> list[str]:
    """Return the names of the scenarios that begin in an earlier year, for tests against what happened since.

    They are found by name as those of `shipped` are, and offered apart from them: they tell the past.
    """
    return sorted(path.stem for path in HINDCASTS.glob("*.toml"))


def find(name_or_path: str | Path) -> Path:
    """Return the file of a scenario, by name or by path. Raises `InputError` with the nearest name."""
    text = str(name_or_path)
    if text in shipped():
        return SHIPPED / f"{text}.toml"
    if text in hindcasts():
        return HINDCASTS / f"{text}.toml"
    path = Path(text)
    if path.suffix == ".toml" or path.name != text:
        if path.is_file():
            return path
        raise InputError(f"scenario file {text} does not exist")
    near = hint(text, [*shipped(), *hindcasts()])
    raise InputError(
        f"scenario {text!r} is unknown{near} (`stackcraft scenarios` lists them; a file's name ends in .toml)"
    )


def several(value: Any) -> tuple | None:
    """Return one thing or several as a tuple, or None for what is neither.

    A text or an event alone is a tuple of one; a table becomes the assignments that it spells out.
    """
    if isinstance(value, (str, Event)):
        return (value,)
    if isinstance(value, Mapping):
        return tuple(f"{path}={_lever_text(item)}" for path, item in _flat(value))
    return tuple(value) if isinstance(value, Iterable) else None


class Mistakes(list):
    """The mistakes of one scenario, a line each."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where or "scenario"

    def add(self, key: str, text: str) -> None:
        """Note what is wrong with one key."""
        self.append(f"{self.where}: {key}: {text}")

    def attempt(self, key: str, function: Callable, *arguments: Any) -> Any:
        """Return the function's result, or None where it raises `InputError`, which is noted under `key`."""
        try:
            return function(*arguments)
        except InputError as error:
            self.add(key, str(error))
            return None


# The form of a file: what each key must look like before it is read, and what would be right.


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_list_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: _is_list(value) and all(isinstance(item, kind) for item in value)


def _is_table_of_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(TEXTS, (_is_text, "a text; put it in quotes")),
    "years": (_is_list, "two years, such as [2025, 2045]"),
    "off": (_is_list_of(str), 'a list of submodels, such as ["disputes", "hedge"]'),
    "presets": (_is_table_of_texts, 'a table of names, such as US = "status-quo-2025"'),
    "strategies": (_is_table_of_texts, 'a table of names, such as KEN = "hedge"'),
    "parameters": (_is_table, "a table of numbers, such as supply_fear = 3.0"),
    "levers": (
        lambda value: _is_table(value) or _is_list_of(str)(value),
        'a table, or a list such as ["us_government.supply_bond=0.9"]',
    ),
    "events": (_is_list_of(Mapping), 'written as [[events]] with what = "...", year = ...'),
    "runs": (lambda value: True, ""),
    "seed": (lambda value: True, ""),
}


def _well_formed(key: str, value: Any, mistakes: Mistakes) -> bool:
    if key not in FORMS:
        mistakes.append(f"{mistakes.where}: {unknown('key', key, FORMS)}")
        return False
    fits, right = FORMS[key]
    if not fits(value):
        mistakes.add(key, f"{shown(value)} should be {right}")
        return False
    return True


# Values as a scenario keeps them: plain numbers, tuples, its own copies of the tables, presets filled in.


def _completed(scenario: Scenario, mistakes: Mistakes) -> dict[str, Any]:
    usual = {item.name: item.default for item in fields(Scenario)}
    values: dict[str, Any] = {key: _plain(getattr(scenario, key)) for key in ("runs", "seed")}
    for key in (*TEXTS, "source"):
        value = getattr(scenario, key)
        values[key] = str(value) if key == "world" and isinstance(value, PathLike) else value
        if not isinstance(values[key], str):
            mistakes.add(key, f"{shown(value)} is not a text; give one such as {usual[key] or 'Supply bonds'!r}")
            values[key] = usual[key]
    years = None if isinstance(scenario.years, str) else several(scenario.years)
    if years is None:
        mistakes.add("years", f"{shown(scenario.years)} should be two years, such as [2025, 2045]")
    values["years"] = usual["years"] if years is None else tuple(map(_plain, years))
    for key, example in (("levers", "us_government.supply_bond=0.9"), ("off", "disputes")):
        items = several(getattr(scenario, key))
        if items is None or not all(isinstance(item, str) for item in items):
            mistakes.add(key, f'{shown(getattr(scenario, key))} should be a list of texts, such as ["{example}"]')
            items = ()
        values[key] = tuple(dict.fromkeys(items)) if key == "off" else items
    examples = {
        "presets": '"US": "status-quo-2025"',
        "strategies": '"KEN": "hedge"',
        "parameters": '"supply_fear": 3.0',
    }
    for key, example in examples.items():
        table = getattr(scenario, key)
        if not isinstance(table, Mapping) or not all(isinstance(name, str) for name in table):
            mistakes.add(key, f"{shown(table)} should be a table with names for keys, such as {{{example}}}")
            table = {}
        values[key] = {name: _plain(value) for name, value in _flat(table)}
    values["parameters"] = {name_of_today(name, PARAMETERS): value for name, value in values["parameters"].items()}
    values["presets"] = {**dict.fromkeys(SIDES, STATUS_QUO), **values["presets"]}
    events = several(scenario.events) if not isinstance(scenario.events, (str, Mapping)) else None
    if events is None:
        mistakes.add("events", f"{shown(scenario.events)} should be a list of events, such as [Event('ai_bust', 2031)]")
    made = [_event(event, mistakes) for event in events or ()]
    values["events"] = tuple(event for event in made if event is not None)
    return values


def _event(value: Any, mistakes: Mistakes) -> Event | None:
    if isinstance(value, Event):
        return value
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        mistakes.add("events", f"{shown(value)} is not an event; give one such as Event('ai_bust', 2031)")
        return None
    known = [item.name for item in fields(Event)]
    strange = [key for key in value if key not in known]
    for key in strange:
        mistakes.add("events", str(unknown("key", key, known)))
    if missing := [key for key in ("what", "year") if key not in value]:
        mistakes.add("events", f"an event needs {' and '.join(missing)}: {shown(dict(value))}")
    return None if strange or missing else Event(**value)


def _joined(old: Any, new: Any) -> Any:
    """Old and new together; what cannot be joined goes on as it is, for the check to say what is wrong with it."""
    if isinstance(old, dict):
        return old if new is None else {**old, **new} if isinstance(new, Mapping) else new
    more = several(new)
    return new if more is None else (*old, *more)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Yield what nested tables hold, by dotted path."""
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _lever_text(value: Any) -> str:
    """Return a lever's value as an assignment writes it."""
    if isinstance(value, (list, tuple)):
        return ",".join(_lever_text(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    """Return NumPy's numbers as Python's own, which files can hold, and anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def _name(strategy: Any) -> str:
    return strategy if isinstance(strategy, str) else strategy.name


# What can be wrong with the values themselves.


def _importers(world: str, mistakes: Mistakes) -> tuple[str, ...]:
    """Return the importing countries of a world, without loading all of it."""
    name, year = name_and_year(world)
    if year is not None:
        mistakes.attempt("world", check_year, name, year)
    return IMPORTERS if name == "world" else mistakes.attempt("world", importers_of, world) or IMPORTERS


def _with_codes(scenario: Scenario, importers: tuple[str, ...]) -> dict[str, Any]:
    """Return what names countries, with their codes in place of other names."""

    def event(item: Event) -> Event:
        code = known_actor(item.country, importers) if isinstance(item.country, str) else item.country
        return item if code == item.country else replace(item, country=code)

    strategies = {known_actor(actor, importers): strategy for actor, strategy in scenario.strategies.items()}
    return {"strategies": strategies, "events": tuple(event(item) for item in scenario.events)}


def _parsed_levers(scenario: Scenario, importers: tuple[str, ...], mistakes: Mistakes) -> tuple[Assignment, ...]:
    years, before = scenario.years, len(mistakes)
    parsed = [mistakes.attempt("levers", parse, text, importers) for text in scenario.levers]
    levers = tuple(lever for lever in parsed if lever is not None)
    for lever in levers:
        if lever.year is not None and _are_years(years) and not years[0] <= lever.year < years[1]:
            only = years[1] - 1 == years[0]
            span = f"{years[0]}, the only year" if only else f"the years {years[0]} to {years[1] - 1}"
            mistakes.add("levers", f"{lever}: {lever.year} is outside {span} in which levers act")
    if len(mistakes) == before:
        # What shows only in combination: shares that cannot sum to 1.
        mistakes.attempt("levers", check, [levers], importers)
    return levers


def _check(scenario: Scenario, importers: tuple[str, ...], mistakes: Mistakes) -> None:
    if scenario.peer_graph not in PEER_GRAPHS:
        error = unknown("peer graph", scenario.peer_graph, PEER_GRAPHS)
        mistakes.add("peer_graph", f"{error} ({', '.join(PEER_GRAPHS)})" if "did you" in str(error) else str(error))
    mistakes.attempt("worlds", check_kind, scenario.worlds)
    _check_numbers(scenario, mistakes)
    for name in scenario.off:
        if name not in SUBMODELS:
            mistakes.add("off", str(unknown("submodel", name, SUBMODELS)))
    for side, preset in scenario.presets.items():
        mistakes.attempt(f"presets.{side}" if side in SIDES else "presets", find_preset, preset, side)
    for actor, strategy in scenario.strategies.items():
        mistakes.attempt(f"strategies.{actor}", _check_strategy, actor, strategy, importers)
    for name, value in scenario.parameters.items():
        mistakes.attempt("parameters", _check_parameter, name, value)
    for event in scenario.events:
        for mistake in mistakes_of_event(event, scenario.years, importers):
            mistakes.add(f"events.{event.what}", mistake)


def _are_years(years: tuple) -> bool:
    return len(years) == 2 and all(map(is_whole, years))


def _check_numbers(scenario: Scenario, mistakes: Mistakes) -> None:
    years = scenario.years
    if not _are_years(years):
        mistakes.add("years", f"{shown(list(years))} should be two years, such as [2025, 2045]")
    elif years[0] >= years[1]:
        span = f"{shown(years[0])} to {shown(years[1])}"
        mistakes.add("years", f"{span} ends before it has begun; the first year comes first")
    elif (as_of := name_and_year(scenario.world)[1]) is not None and as_of != FACTS_YEAR and years[0] != as_of:
        mistakes.add("years", f"{scenario.world} is the world of January {as_of}; begin in that year, not {years[0]}")
    elif years[0] < (as_of or FACTS_YEAR):
        mistakes.add(
            "years",
            f"{shown(years[0])} is before {FACTS_YEAR}, the year that the facts describe; start no earlier, or give "
            f'the world as it was known then, such as world = "world@2015"',
        )
    elif years[1] > LAST_YEAR:
        mistakes.add("years", f"{shown(years[1])} is too far ahead; end in {LAST_YEAR} at the latest")
    for key, low, high in (("runs", 1, MOST_RUNS), ("seed", 0, LARGEST_SEED)):
        value = getattr(scenario, key)
        if not is_whole(value) or not low <= value <= high:
            mistakes.add(key, f"{shown(value)} should be a whole number from {low} to {high}")


def _check_strategy(actor: str, strategy: Any, importers: tuple[str, ...]) -> None:
    find_strategy(strategy, kind_of(members(actor, importers)[0], importers))


def _check_parameter(name: str, value: Any) -> None:
    declaration, _ = locate(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{name}={shown(value)} is not a number; give one from {declaration.bounds}")
    declaration.check(value, name)
