"""Every analysis by name, loaded when it is asked for; the options each takes are read from its function."""

from __future__ import annotations

import importlib
import inspect
import math
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from stackcraft.agents.errors import InputError, hint, unknown
from stackcraft.experiments.analyses.finding import Finding

GIVEN = ("results", "measure", "year", "seed")  # what every analysis is given; the rest are its options


@dataclass(frozen=True)
class Option:
    """One option of an analysis: its name, kind in words, default and type.

    The default is `inspect.Parameter.empty` where the option must be given.
    """

    name: str
    kind: str
    default: Any
    type: Any

    @property
    def needed(self) -> bool:
        """Whether it must be given."""
        return self.default is inspect.Parameter.empty

    def read(self, text: str, where: str) -> Any:
        """Return the value that `text` means. Raises `InputError`."""
        try:
            return _read(text.strip(), self.type)
        except ValueError:
            raise InputError(f"{where}: {self.name}={text} must be {self.kind}") from None


@dataclass(frozen=True)
class Analysis:
    """One analysis: `function` in `module` takes results, mostly a measure, a year, a seed and its options."""

    name: str
    module: str
    sentence: str
    function: str = "analyse"

    def load(self) -> Callable[..., Finding]:
        return getattr(importlib.import_module(self.module), self.function)

    def takes_measure(self) -> bool:
        return "measure" in inspect.signature(self.load()).parameters

    def options(self) -> tuple[Option, ...]:
        """What may be said with --option, in the order of the function's signature."""
        listed: list[Option] = []
        for one in self._parameters():
            if is_dataclass(one.annotation):  # a record of options: each of its fields is one
                listed += _fields(one.annotation)
            elif one.name not in GIVEN:
                listed.append(_option(one))
        return tuple(listed)

    def record(self) -> tuple[str, type] | None:
        """Return the parameter that takes a record of options, and the record's class; None if there is none."""
        records = [(one.name, one.annotation) for one in self._parameters() if is_dataclass(one.annotation)]
        return records[0] if records else None

    def _parameters(self) -> list[inspect.Parameter]:
        try:
            return list(inspect.signature(self.load(), eval_str=True).parameters.values())
        except NameError:  # a type that is only imported for checkers: the default says enough
            return list(inspect.signature(self.load()).parameters.values())

    def read_options(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Return values for the options given as text.

        Raises `InputError` for an unknown name or a value of the wrong kind.
        """
        known = {option.name: option for option in self.options()}
        for name in texts:
            if name not in known:
                near = hint(name, known)
                options = "; ".join(f"{one.name}, {one.kind}" for one in known.values()) or "no options"
                raise InputError(f"option {name!r} in {self.name} is unknown{near}; {self.name} takes {options}")
        return {name: known[name].read(text, self.name) for name, text in texts.items()}

    def run(
        self,
        results: Any,
        measure: str,
        year: int | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Finding:
        """The finding of this analysis; `measure` is left out where the analysis names its own. Raises `InputError`."""
        given = dict(options or {})
        missing = [option.name for option in self.options() if option.needed and option.name not in given]
        if missing:
            raise InputError(f"{self.name} needs " + " and ".join(f"--option {name}=..." for name in missing))
        if (record := self.record()) is not None:
            name, kind = record
            given = {name: kind(**given)}
        if self.takes_measure():
            given["measure"] = measure
        return self.load()(results, year=year, seed=seed, **given)

    def notes(self, results: Any, measure: str, year: int | None, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Return a sentence for each measure that was read of which runs that ended well have no number."""
        read = [measure] * self.takes_measure() + [value for value in options.values() if isinstance(value, str)]
        names = [name for name in dict.fromkeys(read) if name in results.measures]
        return tuple(filter(None, (_no_number(name, results.no_number(name, year)) for name in names)))


def _no_number(measure: str, runs: int) -> str:
    """Return a sentence about runs that ended well but gave no number for a measure; empty if there are none."""
    text = f"{runs:,} run{'s' * (runs != 1)} ended well but gave no number for {measure}, such as a share of nothing."
    return text if runs else ""


_HERE = "stackcraft.experiments.analyses"
ANALYSES = {
    one.name: one
    for one in (
        Analysis(
            "sobol",
            f"{_HERE}.sobol",
            "How much of the variance each factor explains alone, in pairs and in all (Sobol indices).",
        ),
        Analysis("morris", f"{_HERE}.morris", "Which factors matter at all, from few runs (Morris screening)."),
        Analysis(
            "scores", f"{_HERE}.feature_scores", "Which factors predict the outcome, from any design (feature scores)."
        ),
        Analysis(
            "enough", f"{_HERE}.enough", "Whether there are enough replicates, and how many a given precision needs."
        ),
        Analysis("luck", f"{_HERE}.luck", "How much variance common luck saved in differences between rows."),
        Analysis("prim", f"{_HERE}.prim", "In which box of the factors the outcome of interest lies (PRIM)."),
        Analysis(
            "tree", f"{_HERE}.cart", "Which few splits of the factors tell outcomes apart (a classification tree)."
        ),
        Analysis(
            "robustness",
            f"{_HERE}.robustness",
            "Which choices hold up across the worlds: regret, share of worlds that satisfy, worst cases.",
        ),
        Analysis(
            "contributions",
            f"{_HERE}.contributions",
            "What each bundle contributed: left out, added alone, and Shapley values, which add up.",
        ),
        Analysis(
            "game",
            f"{_HERE}.game",
            "Which pairs of US and Chinese strategies are stable: equilibria, regret, alpha-rank.",
        ),
    )
}


def find(name: str) -> Analysis:
    """The analysis called `name`. Raises `InputError` with the nearest name."""
    if name not in ANALYSES:
        raise unknown("analysis", name, (*ANALYSES, "all"))
    return ANALYSES[name]


def split_options(pairs: Iterable[str]) -> dict[str, str]:
    """["a=1", "b=x"] -> {"a": "1", "b": "x"}. Raises `InputError` for what is not a pair or is given twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name or not value.strip():
            raise InputError(f"--option {pair}: give NAME=VALUE, such as draws=500")
        if name in found:
            raise InputError(f"--option {name} is given twice, as {found[name]} and as {value}; give it once")
        found[name] = value
    return found


# From text to values


def _option(parameter: inspect.Parameter) -> Option:
    kind = parameter.annotation
    if kind is inspect.Parameter.empty or isinstance(kind, str):
        kind = type(parameter.default) if parameter.default not in (inspect.Parameter.empty, None) else Any
    return Option(parameter.name, _words(kind), parameter.default, kind)


def _fields(record: type) -> list[Option]:
    types = typing.get_type_hints(record)
    return [Option(one.name, _words(types[one.name]), one.default, types[one.name]) for one in fields(record)]


def _words(kind: Any) -> str:
    """A type in words, for the help and for errors."""
    origin, inner = typing.get_origin(kind), [one for one in typing.get_args(kind) if one is not type(None)]
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_words(one) for one in inner) + (" or none" if type(None) in typing.get_args(kind) else "")
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, inner))
    base = origin or kind
    if _is(base, Mapping):
        return "NAME:VALUE pairs with commas between"
    if base is not str and _is(base, Sequence):
        return "a list with commas between"
    return {int: "a whole number", float: "a number", bool: "yes or no"}.get(
        kind, "a text" if kind is str else "a number or a text"
    )


def _is(kind: Any, of: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, of)


def _read(text: str, kind: Any) -> Any:
    """`text` as a value of `kind`. Raises `ValueError`."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if type(None) in inner and text.lower() == "none":
            return None
        for one in (one for one in inner if one is not type(None)):
            try:
                return _read(text, one)
            except ValueError:
                continue
        raise ValueError(text)
    if origin is typing.Literal:
        return next((one for one in inner if str(one) == text), None) or _refuse(text)
    base = origin or kind
    if _is(base, Mapping):
        # As messages of analyses write it too: at={'US': 'hedge'}.
        inside = text[1:-1] if text.startswith("{") and text.endswith("}") else text
        pairs = [one.rpartition(":") for one in _parts(inside)]
        if any(not mark or not name.strip() or not value.strip() for name, mark, value in pairs):
            raise ValueError(text)
        return {_bare(name): _read(_bare(value), inner[1] if len(inner) > 1 else Any) for name, _, value in pairs}
    if base is not str and _is(base, Sequence):
        return tuple(_read(one, inner[0] if inner else Any) for one in _parts(text))
    if kind is bool:
        known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
        return known[text.lower()] if text.lower() in known else _refuse(text)
    if kind is int:
        return int(text)
    if kind is float:
        return _number(text)
    if kind is str:
        return _bare(text)
    try:
        return _number(text)
    except ValueError:
        return text


def _parts(text: str) -> list[str]:
    parts = [one.strip() for one in text.split(",")]
    return parts if all(parts) else _refuse(text)


def _bare(text: str) -> str:
    """Without the quotation marks around it, where it has any."""
    text = text.strip()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"" else text


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)
