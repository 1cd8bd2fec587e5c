"""The whole state of the dashboard as an address: what is asked (scenarios) and what is looked at.

An address names only scenarios, strategies and worlds that come with the project: it can never make the server read a
file. What cannot be understood is left out and said in a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from stackcraft.agents.assignments import YEARS
from stackcraft.agents.errors import InputError, hint
from stackcraft.agents.names import LAYERS, WEIGHTS
from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.model.worlds import KINDS as KINDS_OF_WORLDS
from stackcraft.model.worlds import PLAUSIBLE
from stackcraft.viz.dashboard.naming import Names, names_of
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import languages

RUNS = 64
MOST_RUNS = 256
MOST_YEARS = 40
MOST_BUDGET = 1_000_000  # bn$
LONGEST_NAME = 60  # of a country, as typed
WORLDS = ("world", "synthetic")
MODES = ("lead", "share_US", "share_CN", "share_independent", "contested", "confidence")
DRAWINGS = ("map", "tiles")
TABS = ("map", "table")
KINDS = ("installed", "utilised")
OUTCOMES = (
    *("us_share", "cn_share", "independent_share", "us_retention", "cn_retention", "us_cost", "cn_cost"),
    *("us_security_incidents", "cn_security_incidents", "us_payoff", "cn_payoff"),
)
MOST_FIELDS = 400  # parts of an address
LONGEST = 16_000  # characters of an address; browsers and servers take no more


@dataclass(frozen=True)
class Question:
    """A scenario asked for: one that comes with the project, and what is changed in it.

    `base` is its name, or "" for a scenario that somebody brought along and that is wholly in the changes. `levers`
    are assignments, `parameters`, `presets` and `strategies` pairs, `events` tables as in a scenario file.
    """

    base: str = "baseline"
    title: str = ""
    levers: tuple[str, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    strategies: tuple[tuple[str, str], ...] = ()
    off: tuple[str, ...] = ()
    events: tuple[str, ...] = ()  # each a JSON object: hashable
    years: tuple[int, int] | None = None
    runs: int = RUNS
    seed: int | None = None
    world: str = ""
    worlds: str = ""
    peer_graph: str = ""
    story: str = ""  # of no address: what an export says beside the title

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, with a title made of its changes. Raises `InputError` with every mistake, a line each."""
        asked = self.checked
        if not (self.base and self.changed):
            return asked.with_changes(story=self.story) if self.story else asked
        return asked.with_changes(title=self.names.long, story=self.story)

    @cached_property
    def names(self) -> Names:
        """What the scenario is called, made of what was changed."""
        base = self.plain().checked if self.base else self.checked
        return names_of(base, self.checked, self.title if self.base else "")

    @cached_property
    def checked(self) -> Scenario:
        """The scenario as it is asked, before it is named. Raises `InputError` with every mistake, a line each."""
        start = Scenario.load(self.base) if self.base else Scenario.from_dict({"title": self.title or "Your scenario"})
        changes: dict[str, Any] = {
            "levers": self.levers,
            "parameters": dict(self.parameters),
            "presets": dict(self.presets),
            "strategies": dict(self.strategies),
            "off": self.off,
            "runs": self.runs,
            "events": Scenario.from_dict({"events": [json.loads(one) for one in self.events]}).events
            if self.events
            else (),
        }
        for name in ("years", "seed", "world", "worlds", "peer_graph", "title"):
            if getattr(self, name) not in (None, ""):
                changes[name] = getattr(self, name)
        return start.with_changes(**changes)

    @property
    def changed(self) -> bool:
        """Whether anything differs from the base, luck and length aside."""
        return bool(
            self.levers
            or self.parameters
            or self.presets
            or self.strategies
            or self.off
            or self.events
            or self.peer_graph
        )

    def with_lever(self, name: str, value: float | None) -> Question:
        """The same with one lever set, or with None back at the base's value."""
        kept = tuple(one for one in self.levers if one.partition("=")[0] != name)
        return replace(self, levers=kept if value is None else (*kept, f"{name}={exact(value)}"))

    def plain(self) -> Question:
        """The base alone, under the same luck, years and world: what changes are compared with."""
        return Question(
            base=self.base,
            title=self.title if not self.base else "",
            years=self.years,
            runs=self.runs,
            seed=self.seed,
            world=self.world,
            worlds=self.worlds,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Key and value of everything that is not as usual, in a fixed order."""
        found: list[tuple[str, str]] = []
        if self.base != "baseline":
            found.append(("s", self.base or "own"))
        if self.title:
            found.append(("title", self.title))
        found += [("set", one) for one in self.levers]
        found += [("parameter", f"{name}={exact(value)}") for name, value in self.parameters]
        found += [("preset", f"{side}={name}") for side, name in self.presets]
        found += [("strategy", f"{actor}={name}") for actor, name in self.strategies]
        found += [("off", one) for one in self.off]
        found += [("event", one) for one in self.events]
        if self.years:
            found.append(("years", f"{self.years[0]}:{self.years[1]}"))
        if self.runs != RUNS:
            found.append(("runs", str(self.runs)))
        for key in ("seed", "world", "worlds", "peers"):
            value = getattr(self, {"peers": "peer_graph"}.get(key, key))
            if value not in (None, ""):
                found.append((key, str(value)))
        return found

    def query(self) -> str:
        """The question as the part of an address after the question mark; "" for the usual one."""
        return urlencode(self.pairs(), quote_via=quote)

    @classmethod
    def of(cls, scenario: Scenario) -> Question:
        """Return the question that asks for `scenario`, with at most `MOST_RUNS` runs.

        Its story is left out. Raises `InputError` where an address cannot hold it.
        """
        if scenario.worlds not in KINDS_OF_WORLDS:
            raise InputError(
                "this scenario brings its own table of worlds, which an address cannot carry; run it with `stackcraft "
                "run`"
            )
        if scenario.world not in WORLDS:
            raise InputError(
                "this scenario brings its own world, which an address cannot carry; run it with `stackcraft run`"
            )
        return cls(
            base="",
            title=scenario.title or scenario.name,
            levers=tuple(scenario.levers),
            parameters=tuple((name, float(value)) for name, value in scenario.parameters.items()),
            presets=tuple((side, str(name)) for side, name in scenario.presets.items()),
            strategies=tuple((actor, str(name)) for actor, name in scenario.strategies.items()),
            off=tuple(scenario.off),
            events=tuple(json.dumps(event.as_dict(), sort_keys=True) for event in scenario.events),
            years=tuple(scenario.years),
            runs=min(scenario.runs, MOST_RUNS),
            seed=None if scenario.seed == Scenario.load("baseline").seed else scenario.seed,
            world="" if scenario.world == "world" else scenario.world,
            worlds="" if scenario.worlds == PLAUSIBLE else scenario.worlds,
            peer_graph=scenario.peer_graph if scenario.peer_graph != "trade-and-votes" else "",
        )


@dataclass(frozen=True)
class View:
    """What is looked at.

    `year` None is the last; `layer` "all" or one of the seven; `country` an ISO code or ""; `target` one of the
    hindcast's, or "" for the one that is lost first.
    """

    year: int | None = None
    layer: str = "all"
    kind: str = "installed"
    weight: str = "country"
    country: str = ""
    mode: str = "lead"
    drawing: str = "map"
    tab: str = "map"
    outcome: str = "us_share"
    budget: float | None = None
    target: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Key and value of everything that is not as usual."""
        usual = View()
        return [
            (key, _shown(getattr(self, name)))
            for key, name in VIEW_KEYS.items()
            if getattr(self, name) != getattr(usual, name)
        ]


VIEW_KEYS = {
    "y": "year",
    "l": "layer",
    "k": "kind",
    "w": "weight",
    "c": "country",
    "m": "mode",
    "d": "drawing",
    "t": "tab",
    "o": "outcome",
    "budget": "budget",
    "target": "target",
}
_ALLOWED = {
    "layer": ("all", *LAYERS),
    "kind": KINDS,
    "weight": tuple(WEIGHTS),
    "mode": MODES,
    "drawing": DRAWINGS,
    "tab": TABS,
    "outcome": OUTCOMES,
}


@dataclass(frozen=True)
class State:
    """An address: the question, what it is compared with, the view, the language, and what was not understood.

    A reference of None is the question's own base without changes; a language of "" is the one that the browser wants.
    """

    question: Question = field(default_factory=Question)
    reference: Question | None = None
    view: View = field(default_factory=View)
    mistakes: tuple[str, ...] = ()
    language: str = ""

    @property
    def against(self) -> Question:
        """What the question is compared with, under its luck, years and world.

        Its scenario raises `InputError` where it does not fit there: it may set a lever of a country that this world
        lacks.
        """
        mine = self.question
        other = self.reference or (mine.plain() if mine.changed and mine.base else Question())
        return replace(
            other,
            years=tuple(mine.scenario.years),
            runs=mine.runs,
            seed=mine.scenario.seed,
            world=mine.scenario.world,
            worlds=mine.scenario.worlds,
        )

    def query(self, **changes: Any) -> str:
        """The address's query, with other fields of the view where given."""
        language = self.language or languages.in_address()
        pairs = [*self.pairs(**changes), *([(languages.KEY, language)] if language else [])]
        return urlencode(pairs, quote_via=quote)

    def query_in_no_language(self) -> str:
        """The address's query without a language: whoever opens it sees it in their own."""
        return urlencode(self.pairs(), quote_via=quote)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """Key and value of everything that is not as usual, the language aside."""
        pairs = [*self.question.pairs(), *replace(self.view, **changes).pairs()]
        return pairs if self.reference is None else [*pairs, ("a", self.reference.query() or "s=baseline")]

    def blank(self) -> State:
        """The usual question and view, in the same language."""
        return State(language=self.language)

    def href(self, path: str, **changes: Any) -> str:
        """An address of this state on another page."""
        query = self.query(**changes)
        return f"{path}?{query}" if query else path


def read(query: str | None) -> State:
    """The state of an address's query; what cannot be understood is left out and listed in `mistakes`."""
    mistakes: list[str] = []
    given = query or ""
    if len(given) > LONGEST:
        return State(mistakes=(text("mistakes.too_long", length=len(given), most=LONGEST),))
    try:
        pairs = _pairs(given)
    except ValueError:
        return State(mistakes=(text("mistakes.mangled"),))
    # A form that nobody filled in leaves the view as it was; an address that was cut off asks for something that is not
    # there.
    mistakes += [
        text("mistakes.no_value", key=f"{key!r:.40}")
        for key, value in pairs
        if key and not value and key not in VIEW_KEYS
    ]
    pairs = [pair for pair in pairs if pair[1]]
    question = _question(pairs, mistakes)
    reference = None
    for key, value in pairs:
        if key == "a":
            try:
                held = _pairs(value)
            except ValueError:
                held = []
            if not held:
                mistakes.append(text("mistakes.reference", given=f"a={value:.40}"))
            reference = _question(held, mistakes) if held else None
    language = _language(pairs, mistakes)
    return State(question, reference, _view(pairs, mistakes), tuple(dict.fromkeys(mistakes)), language)


def fits_address(question: Question) -> bool:
    """Whether an address can hold the question, with room for what is looked at."""
    return len(question.query()) <= LONGEST - 1_000 and len(question.pairs()) <= MOST_FIELDS - 20


def _pairs(written: str) -> list[tuple[str, str]]:
    """Keys and values of an address. Raises `ValueError`."""
    return parse_qsl(written, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


def _question(pairs: Iterable[tuple[str, str]], mistakes: list[str]) -> Question:
    question, order = Question(), list(READERS)
    for key, value in sorted(pairs, key=lambda pair: order.index(pair[0]) if pair[0] in READERS else 0):
        if key not in KNOWN_KEYS:
            mistakes.append(text("mistakes.unknown", key=repr(key), hint=hint(key, KNOWN_KEYS)))
        elif key in READERS:
            try:
                question = _sound(READERS[key](question, value))
            except (ValueError, KeyError, TypeError) as error:
                for line in str(error).splitlines() or [text("mistakes.unreadable")]:
                    mistakes.append(text("mistakes.wrong", given=f"{key}={value:.60}", why=f"{line:.300}"))
            except RecursionError:
                mistakes.append(text("mistakes.wrong", given=f"{key}={value:.60}", why=text("mistakes.too_deep")))
    return question


def _sound(question: Question) -> Question:
    """The question, if its scenario is one. Raises `InputError`."""
    _ = question.checked
    return question


def _base(question: Question, value: str) -> Question:
    if value != "own" and value not in shipped():
        raise InputError(f"no scenario of that name comes with the project{hint(value, shipped())}")
    return replace(question, base="" if value == "own" else value)


def _world(question: Question, value: str) -> Question:
    if value not in WORLDS:
        raise InputError(f"the worlds here are {' and '.join(WORLDS)}")
    return replace(question, world=value)


def _worlds(question: Question, value: str) -> Question:
    if value not in KINDS_OF_WORLDS:
        raise InputError(f"the kinds of worlds are {', '.join(KINDS_OF_WORLDS)}{hint(value, KINDS_OF_WORLDS)}")
    return replace(question, worlds=value)


def _years(question: Question, value: str) -> Question:
    first, _, last = value.partition(":")
    years = (_whole(first), _whole(last))
    if (span := years[1] - years[0]) > MOST_YEARS:
        raise InputError(f"{span} years are more than the {MOST_YEARS} that fit on a screen; use `stackcraft run`")
    return replace(question, years=years)


def _runs(question: Question, value: str) -> Question:
    runs = _whole(value)
    if not 1 <= runs <= MOST_RUNS:
        raise InputError(f"give 1 to {MOST_RUNS} runs here; `stackcraft run` takes more")
    return replace(question, runs=runs)


def _lever(question: Question, value: str) -> Question:
    value = " ".join(value.split())  # a line break would break the line of the command that repeats the run
    # As the scenario writes it: sliders know a lever by its present name and a country by its code.
    value = "".join(replace(question, levers=(value,)).scenario.levers[-1].text.split())
    others = (lever for lever in question.levers if lever.partition("=")[0] != value.partition("=")[0])
    return replace(question, levers=(*others, value))


def _event(question: Question, value: str) -> Question:
    table = json.loads(value)
    if not isinstance(table, Mapping):
        raise InputError("an event is a JSON object")
    return replace(question, events=(*question.events, json.dumps(table, sort_keys=True)))


def _named(where: str, convert: Callable[[str], Any] = str) -> Callable[[Question, str], Question]:
    """Return a reader of "name=value" pairs that adds them to the field `where`."""

    def add(question: Question, value: str) -> Question:
        name, sign, rest = value.partition("=")
        if not sign:
            raise InputError("give name=value")
        return replace(question, **{where: (*getattr(question, where), (name, convert(rest)))})

    return add


def _language(pairs: Iterable[tuple[str, str]], mistakes: list[str]) -> str:
    wanted = next((value for key, value in pairs if key == languages.KEY), "")
    if wanted and not languages.known(wanted):
        codes = [one.code for one in languages.offered()]
        why = text("mistakes.languages", codes=", ".join(codes), hint=hint(wanted, codes))
        mistakes.append(text("mistakes.wrong", given=f"{languages.KEY}={wanted:.40}", why=why))
    return languages.known(wanted)


def _view(pairs: Iterable[tuple[str, str]], mistakes: list[str]) -> View:
    view = View()
    for key, value in pairs:
        name = VIEW_KEYS.get(key)
        if name is None:
            continue
        if name in _ALLOWED and value not in _ALLOWED[name]:
            why = text("mistakes.one_of", name=name, known=", ".join(_ALLOWED[name]), hint=hint(value, _ALLOWED[name]))
            mistakes.append(text("mistakes.wrong", given=f"{key}={value:.40}", why=why))
            continue
        try:
            given: Any = _READ_AS[name](value) if name in _READ_AS else value
        except ValueError as error:
            mistakes.append(text("mistakes.wrong", given=f"{key}={value:.40}", why=str(error)))
            continue
        view = replace(view, **{name: given.upper()[:LONGEST_NAME] if name == "country" else given})
    return view


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{text!r:.40} is not a whole number") from None


def _year(text: str) -> int:
    year = _whole(text)
    if not YEARS[0] <= year <= YEARS[1]:
        raise InputError(f"{text!r:.40} is not a year from {YEARS[0]} to {YEARS[1]}")
    return year


def _budget(text: str) -> float:
    budget = _number(text)
    if not 0 <= budget <= MOST_BUDGET:
        raise InputError(f"a budget is an amount from 0 to {MOST_BUDGET:,} bn$")
    return budget


def _target(text: str) -> str:
    known = [one.name for one in declared().tested() if one.kind == "yes-no"]
    if text not in known:
        raise InputError(f"the targets with a forecast by country are {', '.join(known)}{hint(text, known)}")
    return text


_READ_AS: dict[str, Callable[[str], Any]] = {"year": _year, "budget": _budget, "target": _target}


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{text!r:.40} is not a number") from None
    if value != value or abs(value) == float("inf"):
        raise InputError(f"{text!r:.40} is not a finite number")
    return value


def exact(value: float) -> str:
    """A number as briefly as it can be written without losing any of it."""
    brief = f"{value:g}"
    return brief if float(brief) == value else repr(float(value))


def _shown(value: Any) -> str:
    return exact(value) if isinstance(value, float) else str(value)


# How each key of an address adds to a question. What others rest on comes first: a lever of a country is known only in
# its world.
READERS: dict[str, Callable[[Question, str], Question]] = {
    "s": _base,
    "title": lambda question, value: replace(question, title=value[:120]),
    "world": _world,
    "worlds": _worlds,
    "peers": lambda question, value: replace(question, peer_graph=value),
    "years": _years,
    "runs": _runs,
    "seed": lambda question, value: replace(question, seed=_whole(value)),
    "preset": _named("presets"),
    "strategy": _named("strategies"),
    "set": _lever,
    "parameter": _named("parameters", _number),
    "off": lambda question, value: replace(question, off=(*question.off, value)),
    "event": _event,
}
KNOWN_KEYS = (*READERS, *VIEW_KEYS, "a", languages.KEY)
assert set(VIEW_KEYS.values()) == {one.name for one in fields(View)}
