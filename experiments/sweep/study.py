"""A study: what is varied, how rows are chosen, what is kept. Checked whole before the first run.

    title = "Which supply bonds pay"
    scenario = "baseline"                 # what the rows change; or model = "module:function", of a file beside
    replicates = 16
    keep = [2030, 2045]                   # years; all of them if left out

    [measures]                            # see `stackcraft.experiments.sweep.series`
    us_installed = "installed[US]"

    [uncertainties]                       # nobody chooses these: parameters, with the declared range {} or another
    supply_fear = {}
    "growth.cloud" = [0.1, 0.3]

    [levers]                              # what an actor chooses
    "us_government.supply_bond" = [0, 1]
    "cn_government.subsidy.network@2030" = { values = [0, 0.3] }

    [bundles]                             # several levers, on or off together; or the levers and presets of a scenario
    hosting = ["us_government.local_hosting=1", "us_government.confidential_computing=1"]
    contested = "recommendation-1-contested"

    [strategies]                          # of a side, an actor or a group
    US = ["status-quo-2025", "contested-first"]
    CN = "all"

    [structure]                           # the model itself
    off = [[], ["peers"], ["peers", "standards"]]
    peer_graph = ["trade-and-votes", "region"]
    satisficing = [0, 1]

    [design]                              # how the rows of each block are chosen; without a line: all combinations
    uncertainties = { kind = "latin", size = 100 }
    policies = { kind = "grid", levels = 3 }

Blocks are `uncertainties`, `policies` (levers and bundles), `strategies` and `structure`; `together` puts uncertainties
and policies into one design. A study's rows are the cross product of its blocks.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError, hint, nearest
from stackcraft.agents.renamed import PARAMETERS, name_of_today
from stackcraft.experiments.sweep import choices
from stackcraft.experiments.sweep.blocks import MOST_ROWS, Block, make_block
from stackcraft.experiments.sweep.factors import Factor, numeric
from stackcraft.experiments.sweep.overlaps import overlaps
from stackcraft.experiments.sweep.references import find_function, rows_of, scenario_named
from stackcraft.experiments.sweep.series import Series, parse
from stackcraft.experiments.variants import judged
from stackcraft.model.inputs import load_inputs
from stackcraft.model.notebook import card
from stackcraft.model.parameters import locate
from stackcraft.model.scenario import Scenario
from stackcraft.model.toml_files import read_toml
from stackcraft.model.user_measures import collect

PIECE, PIECE_NUMBERS = 100_000, 10_000_000  # rows, and numbers, of a design that are laid out at once
MOST_REPLICATES = 1_000_000
MOST_RUNS = 1_000_000_000
SHIPPED = Path(__file__).resolve().parents[1] / "studies"
KEYS = (
    "title",
    "story",
    "scenario",
    "model",
    "years",
    "keep",
    "seed",
    "replicates",
    "part_runs",
    "measures",
    "uncertainties",
    "levers",
    "bundles",
    "strategies",
    "structure",
    "design",
    "constraints",
)
BLOCKS = ("together", "uncertainties", "policies", "strategies", "structure")
PART_RUNS = 128  # runs side by side: enough to spread the fixed costs, little enough for memory
PART_RUNS_OF_FUNCTION = 4096
RESERVED = (*BLOCKS, "design_id", "replicate", "year")


ONE_COLUMN = "are one column to SQL, which does not tell small letters from capitals; give one another name"


def same_but_for_case(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of different names that differ in letter case alone."""
    first: dict[str, str] = {}
    pairs = [(first.setdefault(name.casefold(), name), name) for name in columns]
    return [(one, other) for one, other in pairs if one != other]


class StudyError(InputError):
    """A study that cannot be run: one line a mistake, also as the list `mistakes`."""

    def __init__(self, mistakes: list[str]):
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[type, tuple[list[str]]]:  # errors of workers on other machines are pickled
        return type(self), (self.mistakes,)


@dataclass(frozen=True, eq=False)
class Design:
    """The blocks of a study, the first outermost, and which rows of their product the constraints leave out."""

    blocks: tuple[Block, ...]
    kept: np.ndarray | None = None  # rows of the whole product that are run; None = all

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(block.size for block in self.blocks)

    @property
    def product(self) -> int:
        return int(np.prod(self.sizes, dtype=np.int64))

    @property
    def rows(self) -> int:
        return self.product if self.kept is None else len(self.kept)

    def places(self, rows: np.ndarray) -> np.ndarray:
        """Each block's own row for design rows, (rows, blocks)."""
        numbers = np.asarray(rows) if self.kept is None else self.kept[np.asarray(rows)]
        return np.stack(np.unravel_index(numbers, self.sizes), axis=-1)

    def tables(self, rows: int) -> Iterator[pd.DataFrame]:
        """Give the table of the first `rows` rows, a piece at a time: a large design would not fit in memory."""
        piece = max(1, min(PIECE, PIECE_NUMBERS // max(1, sum(len(block.factors) for block in self.blocks))))
        for start in range(0, rows, piece):
            yield self.table(np.arange(start, min(start + piece, rows)))

    def table(self, rows: np.ndarray | None = None) -> pd.DataFrame:
        """Rows with every block's row number and every factor's value; all rows if none are named."""
        rows = np.arange(self.rows) if rows is None else np.asarray(rows)
        places = self.places(rows)
        columns: dict[str, Any] = {block.name: places[:, axis] for axis, block in enumerate(self.blocks)}
        for axis, block in enumerate(self.blocks):
            for name in block.table.columns:
                columns[name] = block.table[name].to_numpy()[places[:, axis]]
        return pd.DataFrame(columns, index=pd.Index(rows, name="design_id"))


class Rows:
    """A few rows of a design, to be sent to the worker that runs them."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def table(self, rows: np.ndarray) -> pd.DataFrame:
        return self._table.loc[np.asarray(rows)]


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """Everything that decides the runs of a study; made by `load` or `from_dict`, which check it whole.

    `model` is None for the simulation or "package.module:function"; `years` those that are kept; `series` what each
    measure is (None for a function); `given` the table as it was read, for provenance; `folder` where its files are.
    """

    name: str
    title: str
    story: str
    scenario: Scenario | None
    model: str | None
    years: tuple[int, ...]
    seed: int
    replicates: int
    part_runs: int
    measures: Mapping[str, str]
    series: Mapping[str, Series | None]
    factors: tuple[Factor, ...]
    design: Design
    given: Mapping[str, Any] = field(repr=False, default_factory=dict)
    folder: Path = field(repr=False, default_factory=Path)

    @classmethod
    def load(cls, name_or_path: str | Path) -> Study:
        """Return a study that comes with the project, by name, or one in a TOML file.

        Raises `StudyError` with every mistake.
        """
        return read(name_or_path)

    @classmethod
    def from_dict(
        cls, table: Mapping[str, Any], name: str = "study", folder: Path | None = None, to_read: bool = False
    ) -> Study:
        """Return the study of a table as TOML gives it; `folder` is where its files are looked for.

        A study `to_read` is not going to be run: a plain function is not looked for. Raises `StudyError`.
        """
        return _Builder(table, name, folder or Path(), name, to_read).study()

    @property
    def runs(self) -> int:
        return self.design.rows * self.replicates

    def __repr__(self) -> str:
        size = f"{self.design.rows:,} rows x {self.replicates:,} replicates = {self.runs:,} runs"
        return f"<Study {self.title}: {size}, {len(self.measures)} measures>"

    def _repr_html_(self) -> str:
        blocks = [
            (block.name, f"{block.kind}, {block.size:,} rows over {', '.join(one.name for one in block.factors)}")
            for block in self.design.blocks
        ]
        size = f"{self.design.rows:,} rows x {self.replicates:,} replicates = {self.runs:,} runs"
        measures = [f"{name} = {text}" for name, text in self.measures.items()]
        return card(self.title, self.story, [*blocks, ("runs", size), ("measures", measures)])

    def with_replicates(self, replicates: int) -> Study:
        """The same study with another number of replicates. Raises `InputError` for none, or too many."""
        if not 1 <= replicates <= MOST_REPLICATES:
            raise InputError(f"replicates: {replicates} should be a whole number from 1 to {MOST_REPLICATES}")
        if self.design.rows * replicates > MOST_RUNS:
            raise InputError(
                f"{self.design.rows:,} rows x {replicates:,} replicates are more than {MOST_RUNS:,} runs; make the "
                "design smaller"
            )
        return replace(self, replicates=replicates)

    def with_rows(self, rows: np.ndarray) -> Study:
        """Return the same study with only some of its design rows, small enough to be sent along with a part."""
        return replace(self, design=Rows(self.design.table(np.unique(rows))), given={})

    def identity(self) -> dict[str, Any]:
        """Return what must be the same for runs to belong together: all but names, replicates and number of rows."""
        return {
            "model": self.model,
            "scenario": None if self.scenario is None else _identity_of(self.scenario),
            "years": list(self.years),
            "seed": self.seed,
            "part_runs": self.part_runs,
            "measures": dict(self.measures),
            "factors": [_factor(factor) for factor in self.factors],
            "blocks": [[block.name, [factor.name for factor in block.factors]] for block in self.design.blocks],
        }

    def design_hash(self, rows: int) -> str:
        """Return a hash of the values of the first `rows` rows."""
        digest = hashlib.sha256()
        for table in self.design.tables(rows):
            for factor in self.factors:
                column = table[factor.name].to_numpy()
                digest.update(
                    json.dumps(column.tolist()).encode()
                    if column.dtype.kind not in "fiu"
                    else np.ascontiguousarray(column, "<f8").tobytes()
                )
        return digest.hexdigest()


def _identity_of(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario changes against the usual one.

    So a key that a later version adds does not make an old study another one.
    """
    usual = Scenario().as_dict()
    # Where a folder of facts lies says nothing; what is in it has a hash of its own.
    given = scenario.as_dict() | {"world": Path(scenario.world).name}
    return {
        key: value
        for key, value in given.items()
        if key not in ("name", "title", "story", "runs", "seed") and value != usual[key]
    }


def _factor(factor: Factor) -> list[Any]:
    return [
        factor.name,
        factor.group,
        factor.kind,
        factor.low,
        factor.high,
        list(factor.values),
        list(factor.levels),
        {key: _plain(value) for key, value in factor.settings.items()},
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def shipped() -> list[str]:
    """The names of the studies that come with the project."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


# Reading and checking


def read(name_or_path: str | Path) -> Study:
    """A study by name or from a TOML file. Raises `StudyError` or `InputError`."""
    text = str(name_or_path)
    path = SHIPPED / f"{text}.toml" if text in shipped() else Path(text)
    if path.is_dir() or not path.is_file():
        what = (
            f"study {text!r} is unknown{hint(text, shipped())}; give one of {', '.join(shipped())} or a TOML file"
            if path.suffix != ".toml"
            else f"study file {text} does not exist"
        )
        raise InputError(what)
    table = read_toml(path)
    return _Builder(table, path.stem, path.parent, path.name).study()


@dataclass
class _Builder:
    """Collects mistakes while it reads one part of a study after another."""

    table: Mapping[str, Any]
    name: str
    folder: Path
    where: str
    to_read: bool = False
    mistakes: list[str] = field(default_factory=list)

    def wrong(self, key: str, text: str) -> None:
        self.mistakes += [
            f"{self.where}: {line if line.startswith(key) else f'{key}: {line}'}" for line in text.splitlines()
        ]

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
                self.wrong(key, f"{text[key]!r} is not text; put it in quotes")
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
            raise StudyError(
                [
                    (
                        f"{self.where}: {design.rows:,} rows x {replicates:,} replicates are more than {MOST_RUNS:,} "
                        "runs; make the design smaller"
                    )
                ]
            )
        return Study(
            name=self.name,
            title=text["title"] or self.name,
            story=text["story"],
            scenario=scenario,
            model=model,
            years=years,
            seed=seed,
            replicates=replicates,
            part_runs=part_runs,
            measures=measures,
            series=series,
            factors=tuple(factor for block in design.blocks for factor in block.factors),
            design=design,
            given=dict(self.table),
            folder=self.folder,
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
        if not self.to_read:
            self.attempt("model", find_function, text, self.folder)
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
            found = self.wrong("scenario", f"{given!r} is not the name of a scenario or file")
        scenario = found or Scenario.load("baseline")
        if "years" in self.table:
            years = self.table["years"]
            changed = self.attempt(
                "years", lambda: scenario.with_changes(years=tuple(years) if isinstance(years, list) else years)
            )
            scenario = changed or scenario
        return scenario

    def importers(self, scenario: Scenario | None) -> tuple[str, ...]:
        if scenario is None:
            return ()
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
                self.wrong(
                    f"measures.{name}",
                    f"{name!r} cannot name a column; use letters, digits and underscores, and none of "
                    f"{', '.join(RESERVED)}",
                )
                continue
            measures[name] = str(text)
            series[name] = (
                None if model else self.attempt(f"measures.{name}", parse, text, self.iso3, self.own_measures())
            )
        return measures, series

    def own_measures(self) -> Sequence[Any]:
        if not hasattr(self, "_own"):
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
            one = None if model else self.attempt("levers", choices.lever, name, scenario, self.iso3)
            if model or one is not None:
                found["lever"].append(self.attempt("levers", choices.lever_factor, name, given, one, self.iso3))
        if not model:
            found["bundle"] = [
                self.attempt("bundles", choices.bundle, name, given, self.folder, self.iso3)
                for name, given in self.part("bundles").items()
            ]
            found["strategy"] = [
                self.attempt("strategies", choices.strategy, name, given, self.iso3)
                for name, given in self.part("strategies").items()
            ]
            found["structure"] = [
                self.attempt("structure", choices.structure, name, given)
                for name, given in self.part("structure").items()
            ]
        found = {group: [factor for factor in factors if factor] for group, factors in found.items()}
        names = [factor.name for factors in found.values() for factor in factors]
        for name in {name for name in names if names.count(name) > 1}:
            self.wrong("factors", f"{name} stands in two places; a factor has one name")
        for name in set(names) & {*RESERVED, *self.part("measures")}:
            self.wrong("factors", f"{name} names a column already; choose another name")
        if not self.to_read:  # a finished study is refused where it matters, in SQL
            for name, other in same_but_for_case([*RESERVED, *self.part("measures"), *names]):
                self.wrong("factors" if other in names else "measures", f"{name} and {other} {ONE_COLUMN}")
        if not model and not self.mistakes:
            for line in overlaps(found, self.iso3):
                self.wrong("factors", line)
        return found

    def expanded(self, given: dict[str, Any], model: str | None) -> dict[str, Any]:
        """Return the uncertainties with every judged parameter that `"*" = "judged"` asks for.

        What is named beside it wins, and `"payoff_*" = "default"` leaves those out.
        """
        if not self.to_read:  # a finished study has columns of those names
            given = {name_of_today(name, PARAMETERS): value for name, value in given.items()}
        fixed = [name for name, value in given.items() if value == "default"]
        named = {name: value for name, value in given.items() if name != "*" and name not in fixed}
        if "*" not in given:
            for name in fixed:
                self.wrong(
                    "uncertainties",
                    f'{name} = "default" says nothing here; it leaves a parameter out of "*" = "judged"',
                )
            return named
        if given["*"] != "judged" or model:
            self.wrong(
                "uncertainties", f'"*" = {given["*"]!r}; write "*" = "judged" for every judged parameter of the model'
            )
            return named
        every = [name for name, _ in judged()]
        for pattern in fixed:
            if not fnmatch.filter(every, pattern):
                self.wrong("uncertainties", f"{pattern!r} is not a judged parameter{hint(pattern, every)}")
        # A parameter that is named whole takes its parts with it.
        left = [
            name
            for name in every
            if name.partition(".")[0] not in named and not any(fnmatch.fnmatchcase(name, pattern) for pattern in fixed)
        ]
        return {**{name: {} for name in left}, **named}

    # the design

    def design(self, factors: dict[str, list[Factor]], seed: int) -> Design | None:
        given = self.part("design")
        groups = {
            "uncertainties": factors["uncertainty"],
            "policies": [*factors["lever"], *factors["bundle"]],
            "strategies": factors["strategy"],
            "structure": factors["structure"],
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
                self.wrong(
                    "design",
                    'say how uncertainties are sampled, such as uncertainties = { kind = "latin", size = 100 }',
                )
                continue
            block = self.attempt("", self.block, name, settings, tuple(members_), seed)
            if block is not None:
                blocks.append(block)
        if self.mistakes:
            return None
        blocks = blocks or [Block("together", "one", (), make_block("together", "one", (), {}, seed).table)]
        design = Design(tuple(blocks))
        if float(np.prod([float(block.size) for block in blocks])) > MOST_ROWS:
            self.wrong(
                "design",
                f"{' x '.join(f'{block.size:,}' for block in blocks)} rows are more than {MOST_ROWS:,}; make a block "
                "smaller",
            )
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
        """Leave out the rows that break a constraint.

        A constraint is an expression over factors, such as "`us_government.supply_bond` <= supply_fear".
        """
        given = self.table.get("constraints", [])
        if not given:
            return design
        if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
            self.wrong("constraints", "should be a list of texts over factors' names")
            return None
        if shaped := [block for block in design.blocks if block.kind in ("sobol", "morris", "shapley", "subsets")]:
            self.wrong(
                "constraints",
                f"a {shaped[0].kind} design loses its meaning without some of its rows; use a latin, random, grid or "
                "table design",
            )
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
                    self.wrong(
                        "constraints",
                        f"{text!r} cannot be computed: {' '.join(str(error).split())}; write a comparison of factors, "
                        "names with dots in backticks",
                    )
                    return None
            kept.append(table.index[keep].to_numpy())
        rows = np.concatenate(kept)
        if not len(rows):
            self.wrong("constraints", "no row meets them all; the design is empty")
            return None
        return Design(design.blocks, rows)
