"""Reads a study and checks it whole: every mistake is one line that says what, where, and what would be right."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from agents import assignments
from agents.declare import InputError, hint, nearest, unknown
from agents.levers import LEVER_SETS
from agents.names import SIDES, kind_of, members
from agents.strategies import registry
from agents.strategies.presets import STATUS_QUO
from experiments.sweep.blocks import MOST_ROWS, Block, make_block
from experiments.sweep.factors import Factor, numeric
from experiments.sweep.overlaps import overlaps
from experiments.sweep.references import find_function, rows_of, scenario_named
from experiments.sweep.series import parse
from experiments.sweep.study import MOST_REPLICATES, MOST_RUNS, SHIPPED, Design, Study, StudyError, shipped
from model.loop.sizes import SUBMODELS
from model.parameters import PARAMETERS, locate
from model.scenario import Scenario

KEYS = (
    "title", "story", "scenario", "model", "years", "keep", "seed", "replicates", "part_runs", "measures", "uncertainties", "levers",
    "bundles", "strategies", "structure", "design", "constraints",
)
BLOCKS = ("together", "uncertainties", "policies", "strategies", "structure")
PART_RUNS = 128  # runs side by side: enough to spread the fixed costs, little enough for memory
PART_RUNS_OF_FUNCTION = 4096
RESERVED = (*BLOCKS, "design_id", "replicate", "year")


def read(name_or_path: str | Path) -> Study:
    """A study by name or from a TOML file. Raises `StudyError` or `InputError`."""
    text = str(name_or_path)
    path = SHIPPED / f"{text}.toml" if text in shipped() else Path(text)
    if path.is_dir() or not path.is_file():
        what = f"study {text!r} is unknown{hint(text, shipped())}; give one of {', '.join(shipped())} or a TOML file" if path.suffix != ".toml" else f"study file {text} does not exist"
        raise InputError(what)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: no valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: no text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return build(table, path.stem, path.parent, where=path.name)


def build(table: Mapping[str, Any], name: str, folder: Path | None = None, where: str = "") -> Study:
    """The study of a table. Raises `StudyError` with every mistake found."""
    return _Builder(table, name, folder or Path("."), where or name).study()


class _Builder:
    """Collects mistakes while it reads one part of a study after another."""

    def __init__(self, table: Mapping[str, Any], name: str, folder: Path, where: str) -> None:
        self.table, self.name, self.folder, self.where = table, name, folder, where
        self.mistakes: list[str] = []

    def wrong(self, key: str, text: str) -> None:
        self.mistakes += [f"{self.where}: {line if line.startswith(key) else f'{key}: {line}'}" for line in text.splitlines()]

    def attempt(self, key: str, function: Callable, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except InputError as error:
            self.wrong(key, str(error))
            return None

    def part(self, key: str) -> dict[str, Any]:
        """A table of the study; empty, and a mistake, where it is something else."""
        value = self.table.get(key, {})
        if isinstance(value, Mapping):
            return dict(value)
        self.wrong(key, "should be a table")
        return {}

    def study(self) -> Study:
        for key in self.table:
            if key not in KEYS:
                self.mistakes.append(f"{self.where}: key {key!r} is unknown; did you mean {nearest(key, KEYS)}?")
        text = {key: self.table.get(key, "") for key in ("title", "story")}
        for key in text:
            if not isinstance(text[key], str):
                self.wrong(key, f"{text[key]!r} is no text; put it in quotes")
        model = self.model()
        scenario = None if model else self.scenario()
        seed = self.whole("seed", scenario.seed if scenario else 0, 0, 2**63 - 1)
        replicates = self.whole("replicates", 1, 1, MOST_REPLICATES)
        part_runs = self.whole("part_runs", PART_RUNS_OF_FUNCTION if model else PART_RUNS, 1, 1_000_000)
        self.iso3 = self.importers(scenario)
        years = self.kept(scenario)
        measures, series = self.measures(model)
        factors = self.factors(scenario, model)
        design = self.design(factors, seed) if factors is not None else None
        if self.mistakes or design is None:
            raise StudyError(self.mistakes or [f"{self.where}: there is nothing to run"])
        if design.rows * replicates > MOST_RUNS:
            raise StudyError([f"{self.where}: {design.rows:,} rows x {replicates:,} replicates are more than {MOST_RUNS:,} runs; make the design smaller"])
        return Study(
            name=self.name, title=text["title"] or self.name, story=text["story"], scenario=scenario, model=model, years=years, seed=seed,
            replicates=replicates, part_runs=part_runs, measures=measures, series=series,
            factors=tuple(one for block in design.blocks for one in block.factors), design=design, given=dict(self.table),
        )

    # the parts

    def whole(self, key: str, usual: int, low: int, high: int) -> int:
        value = self.table.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(key, f"{value!r} should be a whole number from {low} to {high}")
            return usual
        return value

    def model(self) -> str | None:
        """The function that stands in the place of the simulation, if any."""
        text = self.table.get("model")
        if text is None:
            return None
        if "scenario" in self.table:
            self.wrong("model", "a plain function has no scenario; leave one of the two out")
        self.attempt("model", find_function, text)
        return str(text)

    def scenario(self) -> Scenario:
        given = self.table.get("scenario", "baseline")
        if isinstance(given, Mapping):  # written out in full, as a store keeps it
            world = self.folder / str(given.get("world", ""))
            beside = {"world": str(world)} if (world / "countries.csv").is_file() else {}
            found = self.attempt("scenario", Scenario.from_dict, {**given, **beside}, "scenario")
        elif isinstance(given, str):
            found = self.attempt("scenario", scenario_named, given, self.folder)
        else:
            found = self.wrong("scenario", f"{given!r} is no name of a scenario or file")
        scenario = found or Scenario.load("baseline")
        if "years" in self.table:
            years = self.table["years"]
            changed = self.attempt("years", lambda: scenario.with_changes(years=tuple(years) if isinstance(years, list) else years))
            scenario = changed or scenario
        return scenario

    def importers(self, scenario: Scenario | None) -> tuple[str, ...]:
        if scenario is None:
            return ()
        from model.inputs import load_inputs

        inputs = self.attempt("scenario", load_inputs, scenario.world)
        return tuple(inputs.iso3) if inputs is not None else ()

    def kept(self, scenario: Scenario | None) -> tuple[int, ...]:
        """The years to keep."""
        if scenario is None:
            if "keep" in self.table or "years" in self.table:
                self.wrong("keep", "a plain function has no years; leave it out")
            return (0,)
        first, last = scenario.years
        years = self.table.get("keep", list(range(first, last + 1)))
        if years == "last":
            years = [last]
        if not isinstance(years, list) or not years or not all(isinstance(year, int) for year in years):
            self.wrong("keep", f'{years!r} should be a list of years such as [{first + 5}, {last}], or "last"')
            return (last,)
        if outside := [year for year in years if not first <= year <= last]:
            self.wrong("keep", f"{outside[0]} is outside the years {first} to {last}")
            return (last,)
        return tuple(sorted(set(years)))

    def measures(self, model: str | None) -> tuple[dict[str, str], dict[str, Any]]:
        given = self.part("measures")
        if not given and "measures" not in self.table:
            self.wrong("measures", 'say what to keep, such as us_installed = "installed[US]"')
        elif not given:
            self.wrong("measures", "there is none; a study without measures keeps nothing")
        measures, series = {}, {}
        for name, text in given.items():
            if not name.isidentifier() or name in RESERVED:
                self.wrong(f"measures.{name}", f"{name!r} is no name for a column; use letters, digits and underscores, and none of {', '.join(RESERVED)}")
                continue
            measures[name] = str(text)
            series[name] = None if model else self.attempt(f"measures.{name}", parse, text, self.iso3, self.own_measures())
        return measures, series

    def own_measures(self) -> Sequence[Any]:
        if not hasattr(self, "_own"):
            from model.user_measures import collect

            sizes = {"country": len(self.iso3), "layer": 7, "stack": 3, "vendor": 15, "home": 2, "financier": 6}
            self._own = self.attempt("measures", collect, (), sizes) or ()
        return self._own

    def factors(self, scenario: Scenario | None, model: str | None) -> dict[str, list[Factor]]:
        """Factors by group."""
        found: dict[str, list[Factor]] = {"uncertainty": [], "lever": [], "bundle": [], "strategy": [], "structure": []}
        for name, given in self.expanded(self.part("uncertainties"), model).items():
            one = None if model else self.attempt("uncertainties", lambda name=name: locate(name)[0])
            if model or one:
                found["uncertainty"].append(self.attempt("uncertainties", numeric, name, "uncertainty", given, one))
        if model:
            for key in ("bundles", "strategies", "structure"):
                if self.part(key):
                    self.wrong(key, "a plain function has none; leave it out")
        for name, given in self.part("levers").items():
            one = None if model else self.attempt("levers", self.lever, name, scenario)
            if model or one is not None:
                found["lever"].append(self.attempt("levers", self.lever_factor, name, given, one))
        if not model:
            found["bundle"] = [self.attempt("bundles", self.bundle, name, given) for name, given in self.part("bundles").items()]
            found["strategy"] = [self.attempt("strategies", self.strategy, name, given) for name, given in self.part("strategies").items()]
            found["structure"] = [self.attempt("structure", self.structure, name, given) for name, given in self.part("structure").items()]
        found = {group: [one for one in factors if one] for group, factors in found.items()}
        names = [one.name for factors in found.values() for one in factors]
        for name in {name for name in names if names.count(name) > 1}:
            self.wrong("factors", f"{name} stands in two places; a factor has one name")
        for name in set(names) & {*RESERVED, *self.part("measures")}:
            self.wrong("factors", f"{name} names a column already; choose another name")
        if not model and not self.mistakes:
            for line in overlaps(found, self.iso3):
                self.wrong("factors", line)
        return found

    def expanded(self, given: dict[str, Any], model: str | None) -> dict[str, Any]:
        """`"*" = "judged"` stands for every judged parameter over its declared range; what is named beside it wins, and `"payoff_*" =
        "default"` leaves those out."""
        fixed = [name for name, value in given.items() if value == "default"]
        named = {name: value for name, value in given.items() if name != "*" and name not in fixed}
        if "*" not in given:
            for name in fixed:
                self.wrong("uncertainties", f'{name} = "default" says nothing here; it leaves a parameter out of "*" = "judged"')
            return named
        if given["*"] != "judged" or model:
            self.wrong("uncertainties", f'"*" = {given["*"]!r}; write "*" = "judged" for every judged parameter of the model')
            return named
        from experiments.paired import judged

        every = [name for name, _ in judged()]
        for pattern in fixed:
            if not fnmatch.filter(every, pattern):
                self.wrong("uncertainties", f"{pattern!r} is no judged parameter{hint(pattern, every)}")
        # A parameter that is named whole takes its parts with it.
        left = [name for name in every if name.partition(".")[0] not in named and not any(fnmatch.fnmatchcase(name, pattern) for pattern in fixed)]
        return {**{name: {} for name in left}, **named}

    def lever(self, name: str, scenario: Scenario) -> Any:
        """The declaration behind "actor.lever[.part][@year]"."""
        pieces = name.partition("@")[0].split(".")
        if len(pieces) < 2:
            raise InputError(f"{name}: write actor.lever, such as us_government.guarantee")
        actors = members(pieces[0], self.iso3)
        lever = LEVER_SETS[kind_of(actors[0], self.iso3)][pieces[1]]
        parts = len(assignments.part_names(lever, self.iso3)) if lever.simplex and lever.shape != "scalar" and len(pieces) < 3 else 0
        one = assignments.parse(f"{name}={','.join([str(1 / parts)] * parts) if parts else lever.low}", self.iso3)
        if one.year is not None and not scenario.years[0] <= one.year < scenario.years[1]:
            raise InputError(f"{name}: {one.year} is outside the years {scenario.years[0]} to {scenario.years[1] - 1} in which levers act")
        return lever

    def lever_factor(self, name: str, given: Any, lever: Any) -> Factor:
        """A lever as a factor; each of its values is tried."""
        one = numeric(name, "lever", given, lever)
        if lever is not None:
            for value in one.values or one.levels or (one.low, one.high):
                assignments.parse(f"{name}={value}", self.iso3)
        return one

    def bundle(self, name: str, given: Any) -> Factor:
        """Levers that are on or off together: a list of assignments, the levers and presets of a scenario, or both in a table."""
        presets: dict[str, str] = {}
        sentence = ""
        if isinstance(given, str):
            scenario = scenario_named(given, self.folder)
            usual = Scenario()
            for key in ("parameters", "strategies", "events", "off", "world", "peer_graph"):
                if getattr(scenario, key) != getattr(usual, key):
                    raise InputError(f"{name}: scenario {given} also changes {key}, which a bundle cannot switch on and off; give a scenario of levers and presets")
            given = {"levers": list(scenario.levers), "presets": {side: preset for side, preset in scenario.as_dict()["presets"].items() if preset != STATUS_QUO}}
            sentence = scenario.title
        if isinstance(given, Mapping):
            for key in given:
                if key not in ("levers", "presets", "title"):
                    raise unknown("key", key, ("levers", "presets", "title"), f"bundle {name}")
            sentence, presets, given = sentence or str(given.get("title", "")), given.get("presets", {}), given.get("levers", [])
            if not isinstance(presets, Mapping):
                raise InputError(f'{name}: presets should be a table such as {{ US = "contested-first" }}')
            presets = {side: registry.find_preset(preset, side).name for side, preset in presets.items()}
        if not isinstance(given, list) or not given + list(presets) or not all(isinstance(text, str) for text in given):
            raise InputError(f'{name}: give a list of assignments such as ["us_government.guarantee=0.9"], or the name of a scenario that changes levers')
        parsed = [assignments.parse(text, self.iso3) for text in given]
        assignments.check([parsed], self.iso3)
        return Factor(name, "bundle", "switch", sentence=sentence or "; ".join(given), settings={"levers": tuple(given), "presets": presets})

    def strategy(self, name: str, given: Any) -> Factor:
        if name in SIDES:
            known, find = registry.preset_names(name), lambda text: registry.find_preset(text, name)
        else:
            kind = kind_of(members(name, self.iso3)[0], self.iso3)
            known, find = registry.strategy_names(kind), lambda text: registry.find_strategy(text, kind)
        names = list(known) if given == "all" else given
        if not isinstance(names, list) or not names or not all(isinstance(text, str) for text in names):
            raise InputError(f'{name} = {given!r}: give a list of strategies such as {list(known)[:2]}, or "all"')
        found = tuple(find(text).name for text in names)
        if len(set(found)) < len(found):
            raise InputError(f"{name}: {', '.join(names)} name one strategy twice")
        return Factor(name, "strategy", "category", values=found, sentence=f"strategy of {name}")

    def structure(self, name: str, given: Any) -> Factor:
        options = ["off", *(one.name for one in fields(Scenario) if one.name == "peer_graph"), *structural()]
        if name not in options:
            raise InputError(f"{name!r} is no part of the structure{hint(name, options)}; give one of {', '.join(options)}")
        if not isinstance(given, list) or not given:
            raise InputError(f"{name} = {given!r}: give a list of alternatives")
        if name == "off":
            return self.off(given)
        if name == "peer_graph":
            for text in given:
                Scenario.load("baseline").with_changes(peer_graph=text)
            if len(set(given)) < len(given):
                raise InputError("peer_graph: one alternative is named twice")
            return Factor(name, "structure", "category", values=tuple(given), sentence="who looks to whom")
        return numeric(name, "structure", {"values": given}, PARAMETERS[name])

    def off(self, given: list[Any]) -> Factor:
        labels = {}
        for names in given:
            if not isinstance(names, list) or not all(isinstance(text, str) for text in names):
                raise InputError(f'off: {names!r} is no list of submodels; write off = [[], ["peers"]]')
            for text in names:
                if text not in SUBMODELS:
                    raise InputError(f"off: submodel {text!r} is unknown{hint(text, SUBMODELS)}")
            labels["+".join(sorted(set(names))) or "nothing"] = tuple(sorted(set(names)))
        if len(labels) < len(given):
            raise InputError("off: one alternative is named twice")
        return Factor("off", "structure", "category", values=tuple(labels), sentence="submodels switched off", settings=labels)

    # the design

    def design(self, factors: dict[str, list[Factor]], seed: int) -> Design | None:
        given = self.part("design")
        groups = {
            "uncertainties": factors["uncertainty"], "policies": [*factors["lever"], *factors["bundle"]],
            "strategies": factors["strategy"], "structure": factors["structure"],
        }
        for key in given:
            if key not in BLOCKS:
                self.wrong("design", f"block {key!r} is unknown{hint(key, BLOCKS)}; give one of {', '.join(BLOCKS)}")
        if "together" in given:
            for key in ("uncertainties", "policies"):
                if key in given:
                    self.wrong("design", f"{key} are in `together` already; leave out the line {key}")
            groups = {"together": [*groups.pop("uncertainties"), *groups.pop("policies")], **groups}
        blocks = []
        for name, members_ in groups.items():
            if not members_ and name not in given:
                continue
            settings = given.get(name, {"kind": "grid"})
            if name not in given and name == "uncertainties":
                self.wrong("design", 'say how uncertainties are sampled, such as uncertainties = { kind = "latin", size = 100 }')
                continue
            block = self.attempt("", self.block, name, settings, tuple(members_), seed)
            if block is not None:
                blocks.append(block)
        if self.mistakes:
            return None
        blocks = blocks or [Block("together", "one", (), make_block("together", "one", (), {}, seed).table)]
        design = Design(tuple(blocks))
        if float(np.prod([float(block.size) for block in blocks])) > MOST_ROWS:
            self.wrong("design", f"{' x '.join(f'{block.size:,}' for block in blocks)} rows are more than {MOST_ROWS:,}; make a block smaller")
            return None
        return self.constrained(design)

    def block(self, name: str, settings: Any, factors: tuple[Factor, ...], seed: int) -> Block:
        if not isinstance(settings, Mapping) or not isinstance(settings.get("kind"), str):
            raise InputError(f'design.{name}: write {name} = {{ kind = "latin", size = 100 }}')
        settings = dict(settings)
        kind = settings.pop("kind")
        if kind == "table" and isinstance(settings.get("file"), str):
            settings["rows"] = rows_of(self.folder / settings.pop("file"), factors)
        return make_block(name, kind, factors, settings, seed)

    def constrained(self, design: Design) -> Design | None:
        """Leave out the rows that break a constraint: an expression over factors, such as "`us_government.guarantee` <= supply_fear"."""
        given = self.table.get("constraints", [])
        if not given:
            return design
        if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
            self.wrong("constraints", "should be a list of texts over factors' names")
            return None
        if shaped := [block for block in design.blocks if block.kind in ("sobol", "morris", "shapley", "subsets")]:
            self.wrong("constraints", f"a {shaped[0].kind} design loses its meaning without some of its rows; use a latin, random, grid or table design")
            return None
        kept = []
        for table in design.tables(design.rows):
            keep = np.ones(len(table), bool)
            for text in given:
                try:
                    answer = np.asarray(table.eval(text, engine="python"))
                    if answer.dtype != bool:
                        raise ValueError("it gives numbers, not yes or no")
                    keep &= answer
                except Exception as error:  # whatever an expression can do wrong
                    self.wrong("constraints", f"{text!r} cannot be computed: {' '.join(str(error).split())}; write a comparison of factors, names with dots in backticks")
                    return None
            kept.append(table.index[keep].to_numpy())
        rows = np.concatenate(kept)
        if not len(rows):
            self.wrong("constraints", "no row meets them all; the design is empty")
            return None
        return Design(design.blocks, rows)


def structural() -> list[str]:
    """Parameters that change the structure of the model rather than a quantity in it."""
    return [name for name, one in PARAMETERS.items() if "structure" in one.tags]
