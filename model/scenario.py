"""A scenario: who plays which strategy, which levers and parameters are changed, what is scripted.

Scenarios are TOML files. Those that come with the project lie in `model/scenarios/`. A file looks like this:

    title = "Guarantees from 2030"
    story = "What if the United States bound itself not to cut anybody off?"
    years = [2025, 2045]
    peer_graph = "trade-and-votes"     # who looks to whom

    [presets]                          # a strategy for a whole side: government, financiers and vendors
    US = "status-quo-2025"

    [strategies]                       # a strategy for one actor or group
    KEN = "hedge"

    [levers]                           # actor.lever, with a part (a layer, a country) and a year where wanted
    us_government.guarantee = 0.5
    us_government."guarantee@2030" = 0.9
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

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError, hint, nearest
from stackcraft.agents.names import PEER_GRAPHS

SHIPPED = Path(__file__).parent / "scenarios"


class ScenarioError(InputError):
    """A scenario that cannot be run: one line per mistake, also as the list `mistakes`."""

    def __init__(self, mistakes: list[str]):
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Event:
    """Something scripted to happen; `what` is one of `stackcraft.model.events.EVENTS`, which says what else each kind
    needs.

    `month` is 1 to 12, `stack` "US", "CN" or "independent", `country` an ISO alpha-3 code. `size` scales the event, 1
    being the usual one. A "deal" also has a `layer`, a `vendor`, a `value_bn` (bn $) and `megawatts`; a "lapse" ends
    the deals of a `vendor` on a `layer` of a country. What is None is left to the event: everybody, or whom the luck
    picks.
    """

    what: str
    year: int
    month: int = 1
    stack: str | None = None
    country: str | None = None
    size: float | None = None
    layer: str | None = None
    vendor: str | None = None
    value_bn: float | None = None
    megawatts: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """What is set, as plain values."""
        return {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name) is not None}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything that decides a run but the luck's replicate; checked whole when made.

    Parameters
    ----------
    name, title, story : short name, heading, and one sentence in plain words
    world : "world" (193 importing countries), "synthetic" (ten made-up ones), or a folder of facts tables
    peer_graph : who looks to whom: "trade-and-votes" (usual), "neighbours", "region", "votes" or "random"; see
    `stackcraft.model.peer_graphs` years : first and last year; records are taken every 1 January from the first to the
    last presets : side ("US", "CN") -> side preset strategies : actor or group -> strategy; a class or an instance may
    stand for the name, here and in `presets` levers : assignments "actor.lever[.part][@year]=value", in order; the last
    one wins parameters : parameter, or "parameter.part" -> value events : scripted events off : submodels switched off
    runs, seed : how many runs, and the seed of their luck source : the file it was read from, for messages only

    Raises `ScenarioError`, an `InputError` with one line per mistake.
    """

    name: str = "baseline"
    title: str = ""
    story: str = ""
    world: str = "world"
    peer_graph: str = PEER_GRAPHS[0]
    years: tuple[int, int] = (2025, 2045)
    presets: Mapping[str, str] = field(default_factory=dict)
    strategies: Mapping[str, str] = field(default_factory=dict)
    levers: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    off: tuple[str, ...] = ()
    runs: int = 64
    seed: int = 2025
    source: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        from stackcraft.model.scenario_check import complete, mistakes_in

        values, mistakes = complete(self)
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if mistakes := [*mistakes, *mistakes_in(self)]:
            raise ScenarioError(mistakes)

    # reading and writing

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """The scenario of that name that comes with the project, or the one in that TOML file.

        Raises `ScenarioError` with every mistake of the file, a line each, or `InputError` if there is none.
        """
        path = find(name_or_path)
        table = read_toml(path)
        beside = path.parent / str(table.get("world", ""))
        if "world" in table and beside != path.parent and (beside / "countries.csv").is_file():
            table["world"] = str(beside)  # a folder of facts is looked for beside the file that names it
        return cls.from_dict(table, name=path.stem, source=path.name)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], name: str = "unnamed", source: str = "") -> Scenario:
        """The scenario of a table as read from TOML or from a manifest. Raises `ScenarioError`."""
        from stackcraft.model.scenario_check import from_table

        values, mistakes = from_table(table, source or name)
        try:
            scenario = cls(**{"name": name, "source": source, **values})
        except ScenarioError as error:
            mistakes += error.mistakes
        if mistakes:
            raise ScenarioError(mistakes)
        return scenario

    def as_dict(self) -> dict[str, Any]:
        """The whole scenario as plain values, ready for TOML or JSON; `from_dict` reads it back."""
        return {
            "name": self.name,
            "title": self.title,
            "story": self.story,
            "world": self.world,
            "peer_graph": self.peer_graph,
            "years": list(self.years),
            "runs": self.runs,
            "seed": self.seed,
            "off": list(self.off),
            "levers": list(self.levers),
            "presets": {side: _name(one) for side, one in self.presets.items()},
            "strategies": {actor: _name(one) for actor, one in self.strategies.items()},
            "parameters": dict(self.parameters),
            "events": [event.as_dict() for event in self.events],
        }

    def to_toml(self) -> str:
        """The scenario as a TOML file that `load` reads back to an equal one."""
        table = {key: value for key, value in self.as_dict().items() if value not in ("", [], {})}
        events = table.pop("events", [])
        lines = [f"{key} = {_toml(value)}" for key, value in table.items() if not isinstance(value, dict)]
        for key, value in table.items():
            if isinstance(value, dict):
                lines += ["", f"[{key}]"] + [f"{_key(name)} = {_toml(item)}" for name, item in value.items()]
        for event in events:
            lines += ["", "[[events]]"] + [f"{name} = {_toml(item)}" for name, item in event.items()]
        return "\n".join(lines) + "\n"

    def with_changes(
        self,
        *,
        levers: str | Iterable[str] | Mapping[str, Any] = (),
        parameters: Mapping[str, float] | None = None,
        presets: Mapping[str, str] | None = None,
        strategies: Mapping[str, str] | None = None,
        events: Event | Iterable[Event] = (),
        off: str | Iterable[str] = (),
        **others: Any,
    ) -> Scenario:
        """A copy with more levers, parameters, events and so on, or with other years, runs, seed, world, peer graph or
        name.

        What is given is added to what is there and wins over it; years, runs, seed, world, peer_graph, name, title and
        story are replaced. Raises `ScenarioError`.
        """
        from stackcraft.model.scenario_check import several

        def joined(old: Any, new: Any) -> Any:
            """Old and new together; what cannot be joined goes on as it is, for the check to say what is wrong with it."""
            if isinstance(old, dict):
                return old if new is None else {**old, **new} if isinstance(new, Mapping) else new
            more = several(new)
            return new if more is None else (*old, *more)

        replaceable = ("name", "title", "story", "world", "peer_graph", "years", "runs", "seed", "source")
        for name in others:
            if name not in replaceable:
                raise TypeError(f"with_changes() knows no {name!r}; did you mean {nearest(name, replaceable)}?")
        return replace(
            self,
            levers=joined(self.levers, levers),
            parameters=joined(self.parameters, parameters),
            presets=joined(self.presets, presets),
            strategies=joined(self.strategies, strategies),
            events=joined(self.events, (events,) if isinstance(events, Mapping) else events),
            off=joined(self.off, off),
            **others,
        )


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file. Raises `InputError` that names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: no valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: no text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def shipped() -> list[str]:
    """The names of the scenarios that come with the project, the baseline first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def find(name_or_path: str | Path) -> Path:
    """The file of a scenario, by name or by path. Raises `InputError` with the nearest name."""
    text = str(name_or_path)
    if text in shipped():
        return SHIPPED / f"{text}.toml"
    path = Path(text)
    if path.suffix == ".toml" or path.name != text:
        if path.is_file():
            return path
        raise InputError(f"scenario file {text} does not exist")
    raise InputError(
        f"scenario {text!r} is unknown{hint(text, shipped())} (`stackcraft scenarios` lists them; a file's name ends in .toml)"
    )


def _name(strategy: Any) -> str:
    return strategy if isinstance(strategy, str) else strategy.name


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        # Basic strings escape as JSON does, save for the delete character.
        import json

        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_toml(item) for item in value) + "]"
