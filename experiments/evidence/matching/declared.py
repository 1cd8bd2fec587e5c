"""What a matching settles beforehand, read from its file and checked; `history.toml` explains the keys."""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.evidence.matching import observed as observing
from stackcraft.experiments.evidence.matching import rules
from stackcraft.experiments.sweep.references import scenario_named
from stackcraft.model import Scenario
from stackcraft.model.parameters import judged, locate, plausible, scalars

HISTORY = Path(__file__).with_name("history.toml")
KINDS = ("about", "at most", "at least")
SCALES = ("plain", "log")
JUDGED = "judged"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One number that a world must not contradict; its fields are explained at the top of `history.toml`."""

    name: str
    what: str
    group: str
    reading: Mapping[str, Any]
    observed: float
    kind: str = "about"
    scale: str = "plain"
    floor: float = 0.0
    observation: float = 0.0
    discrepancy: float = 0.0
    reason: str = ""

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return readings on the scale of the target."""
        return np.log(np.maximum(values, self.floor)) if self.scale == "log" else np.asarray(values, float)

    @property
    def aim(self) -> float:
        """What was observed, on the scale of the target."""
        return float(self.scaled(np.array(self.observed)))

    @property
    def doubt(self) -> float:
        """The variance of the observation and of the discrepancy together."""
        return self.observation**2 + self.discrepancy**2

    def misses(self, values: np.ndarray) -> np.ndarray:
        """Return how far scaled readings are off; 0 on the side on which they may lie."""
        off = values - self.aim
        if self.kind == "about":
            return np.abs(off)
        return np.maximum(off if self.kind == "at most" else -off, 0.0)


@dataclass(frozen=True)
class Wave:
    """Worlds and replicates of a wave, and what is ruled out after it: `rank` 1 goes by the largest implausibility."""

    worlds: int
    replicates: int
    rank: int = 1
    bound: float = 3.0


@dataclass(frozen=True)
class Screening:
    """Worlds and replicates that inputs are screened with; at most `each` inputs are kept for a target."""

    worlds: int
    replicates: int
    each: int = 8


@dataclass(frozen=True)
class Input:
    """A parameter that is matched: its full name, the range it is drawn from, and whether it is a whole number."""

    name: str
    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True)
class Ran:
    """A simulation that is run of every world, and how many replicates keep their deals."""

    scenario: Scenario
    ledgers: int = 0


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Everything that is settled before a run."""

    title: str
    declared: str
    seed: int
    matched: tuple[str, ...]
    inputs: tuple[Input, ...]
    screening: Screening
    waves: tuple[Wave, ...]
    last: Wave
    simulations: Mapping[str, Ran]
    targets: tuple[Target, ...]
    folder: Path = field(compare=False)
    file: str = ""

    @property
    def counted(self) -> tuple[Target, ...]:
        """The targets that may rule a world out."""
        return tuple(one for one in self.targets if one.group in self.matched)

    @property
    def kept_back(self) -> tuple[Target, ...]:
        """The targets that are read of every world and matched on by none."""
        return tuple(one for one in self.targets if one.group not in self.matched)

    @property
    def runs(self) -> int:
        """How many runs it takes, counting each simulation of a world by itself."""
        stages = (self.screening, *self.waves, self.last)
        return len(self.simulations) * sum(one.worlds * one.replicates for one in stages)

    def hash(self) -> str:
        """Return a short hash of all that is settled."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:12]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values of all that is settled."""
        return {
            "title": self.title,
            "declared": self.declared,
            "seed": self.seed,
            "matched": list(self.matched),
            "inputs": [asdict(one) for one in self.inputs],
            "screening": asdict(self.screening),
            "waves": [asdict(one) for one in self.waves],
            "last": asdict(self.last),
            "simulations": {
                name: {"scenario": one.scenario.as_dict(), "ledgers": one.ledgers}
                for name, one in self.simulations.items()
            },
            "targets": [{**asdict(one), "reading": _plain(one.reading)} for one in self.targets],
        }

    def smaller(self, share: float) -> Matching:
        """Return the same matching with a share of its worlds, at least forty a stage: for a look, not for a result."""

        def cut(stage: Any) -> Any:
            return replace(stage, worlds=max(int(stage.worlds * share), min(stage.worlds, 40)))

        return replace(self, screening=cut(self.screening), waves=tuple(map(cut, self.waves)), last=cut(self.last))

    def matching_on(self, groups: Sequence[str]) -> Matching:
        """Return the same matching with other groups of targets that may rule a world out. Raises `InputError`."""
        made = replace(self, matched=tuple(groups))
        _check_groups(made)
        return made


def load(path: Path | str = HISTORY) -> Matching:
    """Read and check the file of a matching. Raises `InputError` that names the key and what would be right."""
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    where, folder = path.name, path.parent
    known = ("title", "declared", "seed", "matched", "inputs", "ranges", "screening", "wave", "last", "simulations",
             "target", "table")  # fmt: skip
    for key in table:
        if key not in known:
            raise InputError(f"{where}: {unknown('key', key, known)}")
    for key in ("screening", "wave", "last", "simulations"):
        if not table.get(key):
            raise InputError(f"{where}: {key} is missing; {HISTORY.name} explains it")
    simulations = {name: _ran(one, name, where, folder) for name, one in table["simulations"].items()}
    targets = [_target(one, where, folder) for one in table.get("target", [])]
    targets += [target for one in table.get("table", []) for target in _from_table(one, where, folder)]
    made = Matching(
        title=str(table.get("title", path.stem)),
        declared=str(table.get("declared", "")),
        seed=_whole(table.get("seed", 2025), f"{where}: seed", 0),
        matched=tuple(table.get("matched", dict.fromkeys(one.group for one in targets))),
        inputs=_inputs(table.get("inputs", JUDGED), table.get("ranges", {}), where),
        screening=_stage(Screening, table["screening"], f"{where}, screening"),
        waves=tuple(_stage(Wave, one, f"{where}, wave {place + 1}") for place, one in enumerate(table["wave"])),
        last=_stage(Wave, table["last"], f"{where}, last"),
        simulations=simulations,
        targets=tuple(targets),
        folder=folder,
        file=where,
    )
    _check(made)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _whole(value: Any, where: str, low: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise InputError(f"{where}: {value!r} should be a whole number from {low} on")
    return value


def _stage(kind: type, table: Any, where: str) -> Any:
    names = [one.name for one in fields(kind)]
    if not isinstance(table, Mapping):
        raise InputError(f"{where}: give a table with {', '.join(names)}")
    for key in table:
        if key not in names:
            raise InputError(f"{where}: {unknown('key', key, names)}")
    for key, low in (("worlds", 10), ("replicates", 2)):
        _whole(table.get(key), f"{where}, {key}", low)
    for key in ("rank", "each"):
        _whole(table.get(key, 1), f"{where}, {key}", 1)
    bound = table.get("bound", 3.0)
    if isinstance(bound, bool) or not isinstance(bound, (int, float)) or bound <= 0:
        raise InputError(f"{where}, bound: {bound!r} should be a number above 0, such as 3.0")
    return kind(**table)


def _ran(table: Any, name: str, where: str, folder: Path) -> Ran:
    known = ("scenario", "years", "ledgers")
    if not isinstance(table, Mapping) or "scenario" not in table:
        raise InputError(f'{where}, simulations.{name}: give scenario = "baseline", or the file of one')
    for key in table:
        if key not in known:
            raise InputError(f"{where}, simulations.{name}: {unknown('key', key, known)}")
    scenario = scenario_named(str(table["scenario"]), folder)
    if "years" in table:
        scenario = scenario.with_changes(years=tuple(table["years"]))
    return Ran(scenario, _whole(table.get("ledgers", 0), f"{where}, simulations.{name}, ledgers", 0))


def _target(table: Mapping[str, Any], where: str, folder: Path) -> Target:
    name = str(table.get("name", "")) or "without a name"
    known = [one.name for one in fields(Target)]
    for key in table:
        if key not in known:
            raise InputError(f"{where}, target {name}: {unknown('key', key, known)}")
    for key in ("name", "what", "group", "reading", "observed"):
        if key not in table:
            raise InputError(f"{where}, target {name}: {key} is missing")
    value = table["observed"]
    if isinstance(value, Mapping):
        value = observing.value_of(value, f"{where}, target {name}, observed", folder)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{where}, target {name}: observed {value!r} should be a number or name a rule")
    return Target(**{**table, "observed": float(value)})


def _from_table(table: Mapping[str, Any], where: str, folder: Path) -> list[Target]:
    """Return a target for each row of a CSV file with the columns measure, year and value.

    The row's own columns name, observation, discrepancy and kind win over what the table says for all rows.
    """
    file = folder / str(table.get("file", ""))
    known = ("file", "simulation", "group", "what", "a_year", "kind", "scale", "floor", "observation", "discrepancy",
             "reason")  # fmt: skip
    for key in table:
        if key not in known:
            raise InputError(f"{where}, table {file.name}: {unknown('key', key, known)}")
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise InputError(f"{where}: table {file.name} cannot be read: {error.strerror}") from None
    shared = {
        key: table[key] for key in ("kind", "scale", "floor", "observation", "discrepancy", "reason") if key in table
    }
    found = []
    for place, row in enumerate(rows):
        here = f"{where}, table {file.name}, line {place + 2}"
        for column in ("measure", "year", "value"):
            if not row.get(column):
                raise InputError(f"{here}: {column} is missing; the columns are measure, year, value")
        try:
            year, value = int(row["year"]), float(row["value"])
            own = {key: float(row[key]) for key in ("observation", "discrepancy", "floor") if row.get(key)}
        except ValueError as error:
            raise InputError(f"{here}: {error}") from None
        reading = {"measure": row["measure"], "year": year, "a_year": bool(table.get("a_year", False))}
        if "simulation" in table:
            reading["simulation"] = table["simulation"]
        words = {"kind": row["kind"]} if row.get("kind") else {}
        name = row.get("name") or f"{file.stem}: {row['measure']} {year}"
        found.append(Target(
            name=name, what=str(table.get("what", name)), group=str(table.get("group", file.stem)), reading=reading,
            observed=value, **{**shared, **own, **words},
        ))  # fmt: skip
    return found


def _inputs(named: Any, ranges: Mapping[str, Any], where: str) -> tuple[Input, ...]:
    by_name = dict(scalars())
    names = [name for name, _ in judged()] if named == JUDGED else named
    if isinstance(names, str) or not isinstance(names, Sequence) or not names:
        raise InputError(f'{where}: inputs should be "{JUDGED}" or a list of parameters')
    for name in (*names, *ranges):
        locate(name, where)
        if name not in by_name:
            raise InputError(
                f"{where}: {name} has parts; name one, such as {next(n for n in by_name if n.startswith(name))}"
            )
    if strange := [name for name in ranges if name not in names]:
        raise InputError(f"{where}, ranges: {strange[0]} is not among the inputs")
    found = []
    for name in names:
        one = by_name[name]
        low, high = plausible(name, one)
        if name in ranges:
            given = ranges[name]
            if not isinstance(given, Mapping) or not {"range", "reason"} <= set(given):
                raise InputError(f'{where}, ranges: give {name} = {{ range = [low, high], reason = "..." }}')
            low, high = map(float, given["range"])
            one.check([low, high] if not np.shape(one.default) else low, name)
        if not low < high:
            raise InputError(f"{where}: {name} has no range to be drawn from ({low:g} to {high:g})")
        found.append(Input(name, low, high, bool(one.whole or one.unit == "0/1")))
    return tuple(found)


def _check(made: Matching) -> None:
    where = made.file
    if len({one.name for one in made.targets}) < len(made.targets):
        raise InputError(f"{where}: two targets have the same name; give each its own")
    for one in made.targets:
        here = f"{where}, target {one.name}"
        if one.kind not in KINDS:
            raise InputError(f"{here}: {unknown('kind', one.kind, KINDS)}")
        if one.scale not in SCALES:
            raise InputError(f"{here}: {unknown('scale', one.scale, SCALES)}")
        if one.scale == "log" and (one.floor <= 0 or one.observed <= 0):
            raise InputError(f"{here}: logarithms need a floor and an observed value above 0")
        if one.observation < 0 or one.discrepancy <= 0:
            raise InputError(
                f"{here}: declare a discrepancy above 0, a standard deviation: no model is exact; observation from 0 on"
            )
        rules.rule_of(one, made.simulations, made.folder, here)
    _check_groups(made)


def _check_groups(made: Matching) -> None:
    groups = list(dict.fromkeys(one.group for one in made.targets))
    for name in made.matched:
        if name not in groups:
            raise InputError(f"{made.file}, matched: {unknown('group', name, groups)}")
    if not made.counted:
        raise InputError(f"{made.file}: no target may rule a world out; name groups in matched ({', '.join(groups)})")
