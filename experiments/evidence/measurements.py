"""The measurements that are stored with the project: how each is cut into parts, and how it is written."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import SIDES
from stackcraft.agents.source_code import ROOT
from stackcraft.agents.strategies.presets import LOOK_AHEAD_EVERY
from stackcraft.agents.strategies.registry import find_preset
from stackcraft.experiments.evidence import (
    calibration,
    claim_tests,
    drawn_worlds,
    game_page,
    levels,
    lever_effects,
    staleness,
    starts,
    stored_reasons,
    stories,
)
from stackcraft.experiments.evidence.claims import CLAIMS, Claim
from stackcraft.experiments.evidence.hindcast import score as hindcast
from stackcraft.experiments.evidence.hindcast import stored as hindcast_stored
from stackcraft.experiments.evidence.hindcast.declared import Declared, Wrong, declared
from stackcraft.experiments.evidence.paired_runs import Cell, Readings, batches_of, run_batch
from stackcraft.experiments.live.lever_effects import EffectsPiece, EffectsWork
from stackcraft.experiments.live.reasons import ReasonsWork
from stackcraft.experiments.sweep import Study, sweep
from stackcraft.experiments.sweep.provenance import code_hash
from stackcraft.experiments.sweep.store import identity_hash
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Simulation, solved_starts
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant
from stackcraft.model.worlds import KINDS, PLAUSIBLE, parameters

MADE_WITH = re.compile(r"<!-- \w+: .* -->\n|commit \w+")  # of a page: when and on what it was made
Arrays = dict[str, np.ndarray]
Check = Callable[[], None]  # raises when the work is to stop
MakePart = Callable[[Check], Arrays]


class Measurement:
    """A stored measurement: `name` is that of its basis in `staleness`, `files` are what it is stored in.

    Of several files the first one says with what all of them were made. `alone`: a part uses every core by itself.
    """

    name: ClassVar[str]
    alone: ClassVar[bool] = False
    files: tuple[Path, ...]

    def about(self) -> Mapping[str, str]:
        """Return what is stored with it: version, commit, and hashes of what it depends on."""
        raise NotImplementedError

    def size(self) -> str:
        """Return what else parts must share to be put together, such as the number of runs."""
        raise NotImplementedError

    def run_years(self) -> int:
        """Return how many years of runs it takes in all."""
        raise NotImplementedError

    def parts(self, folder: Path) -> Sequence[MakePart]:
        """Return functions that each measure a part, as arrays; more can be kept in the folder."""
        raise NotImplementedError

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        """Write all its files into a folder, under their names, from every part."""
        raise NotImplementedError

    def obstacle(self) -> str:
        """Return why it cannot be made on this machine; "" if it can."""
        return ""

    def changed(self) -> list[str]:
        """Return which of code, results and facts have changed since it was stored."""
        return staleness.what_changed(self.name, self.about())

    def hashes(self) -> dict[str, str]:
        """Return hashes of what it depends on now."""
        return staleness.hashes(self.name)


@dataclass(frozen=True)
class Starts(Measurement):
    """The constants of the start of every world that comes with the project."""

    path: Path = solved_starts.STORED
    name: ClassVar[str] = "starts"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def changed(self) -> list[str]:
        return [] if starts.fit() else ["worlds or model"]

    def hashes(self) -> dict[str, str]:
        return {}

    def size(self) -> str:
        return " ".join(starts.keys())

    def run_years(self) -> int:
        return 0

    def parts(self, folder: Path) -> Sequence[MakePart]:
        def part(check: Check) -> Arrays:
            found = starts.solve(check)
            return {"keys": np.array(list(found)), "constants": np.stack(list(found.values()))}

        return [part]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        (piece,) = pieces
        solved_starts.write(dict(zip(piece["keys"].tolist(), piece["constants"], strict=True)), folder / self.path.name)
        solved_starts.stored.cache_clear()


@dataclass(frozen=True)
class Claims(Measurement):
    """The claims of the policy debate: effects, in how many worlds they hold, and what carries them."""

    worlds: int = claim_tests.FULL_WORLDS
    seed: int = claim_tests.SEED
    world: str = "world"
    until: int = claim_tests.UNTIL
    claims: tuple[Claim, ...] = tuple(CLAIMS)
    path: Path = claim_tests.STORED
    name: ClassVar[str] = "claims"

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def about(self) -> Mapping[str, str]:
        return claim_tests.stored(self.path)[1]

    def size(self) -> str:
        return f"{self.worlds} {self.seed} {self.world} {self.until} {[one.claim for one in self.claims]}"

    @property
    def batches(self) -> list[list[Cell]]:
        return batches_of(claim_tests.cells_of(self.claims, self.worlds))

    def run_years(self) -> int:
        return sum(map(len, self.batches)) * (self.until - 2025)

    def parts(self, folder: Path) -> Sequence[MakePart]:
        base = claim_tests.base_of(self.world, self.until)
        drawn = parameters(PLAUSIBLE, range(self.worlds))

        def part(batch: list[Cell]) -> MakePart:
            return lambda check: {
                "readings": run_batch(batch, base, drawn, seed=self.seed, threads=1, each_january=check)
            }

        return [part(batch) for batch in self.batches]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        rows: dict[Cell, np.ndarray] = {}
        for batch, piece in zip(self.batches, pieces, strict=True):
            rows |= zip(batch, piece["readings"], strict=True)
        measured = [claim_tests.measure(claim, Readings(rows), self.worlds) for claim in self.claims]
        claim_tests.store(measured, folder / self.path.name, about=dict(about))


@dataclass(frozen=True)
class LeverEffects(Measurement):
    """What each lever and each recommendation does at the status quo."""

    scenario: Scenario = field(default_factory=lambda: Scenario.load("baseline"))
    runs: int = lever_effects.FULL_RUNS
    levers: tuple[str, ...] | None = None
    path: Path = lever_effects.STORED
    name: ClassVar[str] = "lever-effects"

    @property
    def files(self) -> tuple[Path, ...]:
        return lever_effects.files_of(self.path)

    def about(self) -> Mapping[str, str]:
        return lever_effects.stored(self.path).about

    def size(self) -> str:
        return f"{self.runs} {self.levers} {self.scenario.world} {self.scenario.years} {self.scenario.seed}"

    @property
    def work(self) -> EffectsWork:
        return EffectsWork(self.scenario, self.runs, self.levers)

    def run_years(self) -> int:
        first, last = self.scenario.years
        return sum(len(places) * len(replicates) for _, places, replicates in self.work.batches) * (last - first)

    def parts(self, folder: Path) -> Sequence[MakePart]:
        return [self._part(task.run) for task in self.work.parts()]

    @staticmethod
    def _part(run: Callable[[Callable[[], bool]], EffectsPiece]) -> MakePart:
        def part(check: Check) -> Arrays:
            def go_on() -> bool:
                check()
                return False

            piece = run(go_on)
            return {
                "replicates": np.array(piece.replicates),
                "places": np.array(list(piece.world)),
                "world": np.stack(list(piece.world.values())),
                "country": np.stack(list(piece.country.values())),
            }

        return part

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        def unpacked(piece: Arrays) -> EffectsPiece:
            places = piece["places"].tolist()
            world, country = (dict(zip(places, piece[name], strict=True)) for name in ("world", "country"))
            return EffectsPiece(tuple(piece["replicates"].tolist()), world, country)

        matters = self.work.fold({number: unpacked(piece) for number, piece in enumerate(pieces)})
        lever_effects.store(matters, dict(about), folder / self.path.name)


@dataclass(frozen=True)
class StoredReasons(Measurement):
    """Through what each lever and each recommendation works at the status quo."""

    scenario: Scenario = field(default_factory=lambda: Scenario.load("baseline"))
    runs: int = stored_reasons.RUNS
    levers: tuple[str, ...] | None = None
    path: Path = stored_reasons.STORED
    name: ClassVar[str] = "reasons"

    @property
    def files(self) -> tuple[Path, ...]:
        return stored_reasons.files_of(self.path)

    def about(self) -> Mapping[str, str]:
        found = stored_reasons.stored(self.path)
        return {} if found is None else found.about

    def size(self) -> str:
        return f"{self.runs} {self.levers} {self.scenario.world} {self.scenario.years} {self.scenario.seed}"

    @property
    def work(self) -> ReasonsWork:
        return ReasonsWork(self.scenario, stored_reasons.tried(self.scenario, self.levers), runs=self.runs)

    def run_years(self) -> int:
        first, last = self.scenario.years
        return sum(len(replicates) for _, replicates in self.work.batches) * (last - first)

    def parts(self, folder: Path) -> Sequence[MakePart]:
        work = self.work

        def part(name: Any, replicates: range) -> MakePart:
            return lambda check: {"readings": work.readings(name, replicates, check)}

        return [part(name, replicates) for name, replicates in work.batches]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        tables: dict[Any, list[np.ndarray]] = {}
        for (name, _), piece in zip(self.work.batches, pieces, strict=True):
            tables.setdefault(name, []).append(piece["readings"])
        whole = {name: np.concatenate(found) for name, found in tables.items()}
        found = stored_reasons.reasons_of(self.scenario, self.runs, whole)
        stored_reasons.store(found, self.scenario, about, folder / self.path.name)


@dataclass(frozen=True)
class Calibration(Measurement):
    """The figures of the notes on calibration, and their table there."""

    scenario: Scenario = field(default_factory=lambda: Scenario.load("baseline"))
    path: Path = calibration.STORED
    notes: Path = calibration.NOTES
    name: ClassVar[str] = "calibration"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path, self.notes)

    def about(self) -> Mapping[str, str]:
        return calibration.stored(self.path)[1]

    def size(self) -> str:
        return f"{self.scenario.runs} {self.scenario.world} {self.scenario.years} {self.scenario.seed}"

    def run_years(self) -> int:
        return self.scenario.runs * (self.scenario.years[1] - self.scenario.years[0])

    def parts(self, folder: Path) -> Sequence[MakePart]:
        def part(check: Check) -> Arrays:
            runs = self.scenario.runs
            found = run_variants(self.scenario, [Variant()] * runs, range(runs), _figures, each_january=check)
            return {"names": np.array(list(found)), "values": np.array(list(found.values()))}

        return [part]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        (piece,) = pieces
        figures = dict(zip(piece["names"].tolist(), piece["values"].tolist(), strict=True))
        calibration.store(figures, self.scenario, about, folder / self.path.name)
        text = levels.page(self.notes.read_text(encoding="utf-8"), {"reached": calibration.table(figures)})
        (folder / self.notes.name).write_text(text, encoding="utf-8")


def _figures(simulation: Simulation) -> dict[str, float]:
    return dict(calibration.figures(simulation))


@dataclass(frozen=True)
class Levels(Measurement):
    """Levels beside public figures, and what drawn worlds look like, with the part of the notes made from them."""

    runs: int = levels.RUNS
    worlds: int = drawn_worlds.WORLDS
    path: Path = levels.STORED
    notes: Path = levels.NOTES
    name: ClassVar[str] = "levels"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path, self.path.with_name(drawn_worlds.STORED.name), self.notes)

    def about(self) -> Mapping[str, str]:
        return levels.stored(self.path)[1]

    def size(self) -> str:
        return f"{self.runs} {self.worlds}"

    def run_years(self) -> int:
        first, last = levels.YEARS
        return self.runs * (last - first) + 4 * self.worlds * 20

    def parts(self, folder: Path) -> Sequence[MakePart]:
        def levels_part(check: Check) -> Arrays:
            with levels.simulate(runs=self.runs, each_january=check) as simulation:
                rows = list(levels.rows_of(simulation))
            return {name: np.array([getattr(row, name) for row in rows]) for name in levels.COLUMNS}

        def worlds_part(check: Check) -> Arrays:
            rows = drawn_worlds.measure(self.worlds, each_january=check)
            names = ("what", *KINDS, "luck")
            return {name: np.array([getattr(row, name) for row in rows]) for name in names}

        return [levels_part, worlds_part]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        of_levels, of_worlds = (
            [kind(*(array[place].tolist() for array in piece.values())) for place in range(len(piece["what"]))]
            for kind, piece in zip((levels_row, drawn_worlds.Row), pieces, strict=True)
        )
        about = {**about, "runs": str(self.runs), "worlds": str(self.worlds)}
        path, worlds, notes = (folder / file.name for file in self.files)
        levels.store(of_levels, about, path)
        drawn_worlds.store(of_worlds, about, worlds)
        parts = {
            "levels": f"{levels.summary(of_levels)}\n\n{levels.table(of_levels)}",
            "judgements": levels.judgements(),
            "worlds": f"{drawn_worlds.summary(of_worlds)}\n\n{drawn_worlds.table(of_worlds)}",
        }
        notes.write_text(levels.page(self.notes.read_text(encoding="utf-8"), parts), encoding="utf-8")


@dataclass(frozen=True)
class Stories(Measurement):
    """The numbers of the stories on the dashboard's first page."""

    worlds: int = stories.WORLDS
    path: Path = stories.STORED
    name: ClassVar[str] = "stories"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def about(self) -> Mapping[str, str]:
        return stories.stored(self.path)[1]

    def size(self) -> str:
        return f"{self.worlds} {list(stories.READINGS)}"

    def run_years(self) -> int:
        return (1 + len(stories.CHANGES)) * self.worlds * 20

    def parts(self, folder: Path) -> Sequence[MakePart]:
        return [lambda check: stories.measure(self.worlds, check)]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        (piece,) = pieces
        about = {**about, "worlds": str(self.worlds)}
        stories.store(stories.rows_of(piece), about, folder / self.path.name)


def levels_row(*values: Any) -> levels.Row:
    """Return a row of levels from its values in the order of the stored columns."""
    return levels.Row(**dict(zip(levels.COLUMNS, values, strict=True)))


@dataclass(frozen=True)
class Hindcast(Measurement):
    """The scores of the model and of models that are wrong on purpose against what happened since 2011."""

    plan: Declared = field(default_factory=declared)
    path: Path = hindcast_stored.SCORES
    name: ClassVar[str] = "hindcast"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path, self.path.with_name(hindcast_stored.FORECASTS.name))

    def about(self) -> Mapping[str, str]:
        return hindcast_stored.stored(*self.files).about

    def size(self) -> str:
        return f"{self.plan.runs} {self.plan.seed} {self.plan.declared}"

    def run_years(self) -> int:
        spans = [Scenario.load(name).years for name in (self.plan.tuned, self.plan.scored)]
        return len(hindcast.models(self.plan)) * self.plan.runs * sum(last - first for first, last in spans)

    def parts(self, folder: Path) -> Sequence[MakePart]:
        def part(model: Wrong) -> MakePart:
            def run(check: Check) -> Arrays:
                check()
                rows = hindcast.score_one(self.plan, model)
                return {
                    name: np.array([json.dumps(asdict(row)) for row in of])
                    for name, of in zip(("scores", "forecasts"), rows, strict=True)
                }

            return run

        return [part(model) for model in hindcast.models(self.plan)]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        about = {**about, "runs": str(self.plan.runs), "declared": self.plan.declared}
        kinds = (("scores", hindcast.Score), ("forecasts", hindcast.Forecast))
        for (name, kind), path in zip(kinds, self.files, strict=True):
            rows = [kind(**json.loads(text)) for piece in pieces for text in piece[name].tolist()]
            hindcast_stored.store(rows, about, folder / path.name, kind)


@dataclass(frozen=True)
class Game(Measurement):
    """The strategy game: two studies, and the page that is written from them."""

    studies: tuple[Study, Study] = field(default_factory=lambda: (Study.load("game"), Study.load("game_worlds")))
    path: Path = game_page.PAGE
    name: ClassVar[str] = "game"
    alone: ClassVar[bool] = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path, self.path.with_suffix(".svg"))

    def about(self) -> Mapping[str, str]:
        return _about_of_page(self.path)

    def size(self) -> str:
        return " ".join(f"{identity_hash(study)} {code_hash(study)}" for study in self.studies)

    def run_years(self) -> int:
        return sum(_years_of_study(study) for study in self.studies)

    def parts(self, folder: Path) -> Sequence[MakePart]:
        def part(number: int) -> MakePart:
            def run(check: Check) -> Arrays:
                report = sweep(self.studies[number], folder / f"study-{number}", progress=lambda report: check())
                if not report.whole:
                    raise RuntimeError(f"the study is not whole: {report.stopped or report.lost}")
                return {"runs": np.array(report.total)}

            return run

        return [part(0), part(1)]

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        studies = [folder.parent / f"study-{number}" for number in range(2)]
        text, picture = game_page.text(*studies)
        _write_page(folder / self.path.name, text, about)
        (folder / self.path.with_suffix(".svg").name).write_text(picture, encoding="utf-8")


def _about_of_page(path: Path) -> dict[str, str]:
    """Return what a page says in comments at its end about what it was made with."""
    return dict(re.findall(r"<!-- (\w+): (.*) -->", path.read_text(encoding="utf-8")))


def _write_page(path: Path, text: str, about: Mapping[str, str]) -> None:
    path.write_text(text + "".join(f"<!-- {name}: {value} -->\n" for name, value in about.items()), encoding="utf-8")


def _years_of_study(study: Study) -> int:
    """Return how many years of runs a study takes, those that are imagined while looking ahead included."""
    table = study.design.table()
    years = study.scenario.years[1] - study.scenario.years[0]
    looks = -(-years // LOOK_AHEAD_EVERY)
    imagined = int(PARAMETERS["look_ahead_years"].default) * int(PARAMETERS["look_ahead_futures"].default)
    total = study.design.rows * years
    for side in SIDES:
        for name in table[side]:
            total += looks * imagined * len(getattr(find_preset(name, side), "candidates", ()))
    return study.replicates * total


@dataclass(frozen=True)
class Description(Measurement):
    """The tables of the model description, made from the declarations and from the stored claims."""

    path: Path = ROOT / "model" / "DESCRIPTION.md"
    name: ClassVar[str] = "description"

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)

    def changed(self) -> list[str]:
        return ["a table"] if self._describe("--check").returncode else []

    def hashes(self) -> dict[str, str]:
        return {}

    def size(self) -> str:
        return ""

    def run_years(self) -> int:
        return 0

    def parts(self, folder: Path) -> Sequence[MakePart]:
        return []

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        done = self._describe("--out", str(folder / self.path.name))
        if done.returncode:
            raise RuntimeError(f"the description could not be written: {done.stderr.strip().splitlines()[-1]}")

    @staticmethod
    def _describe(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stackcraft.viz.docs.describe_model", *options]
        return subprocess.run(command, text=True, capture_output=True, check=False)


@dataclass(frozen=True)
class Pictures(Measurement):
    """The pictures of a report and of the dashboard in the README, and a page that says what they were taken with."""

    folder: Path = ROOT / "viz" / "pictures"
    name: ClassVar[str] = "pictures"
    PAGE: ClassVar[str] = "ABOUT.md"
    TAKEN: ClassVar[tuple[str, ...]] = ("report.png", "dashboard-explore.png", "dashboard-compare.png")
    TEXT: ClassVar[str] = "# The README's pictures\n\nTaken by `make remeasure` in Chromium.\n\n"

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in (self.PAGE, *self.TAKEN))

    def about(self) -> Mapping[str, str]:
        return _about_of_page(self.folder / self.PAGE)

    def obstacle(self) -> str:
        return self._take("--check")

    def size(self) -> str:
        return ""

    def run_years(self) -> int:
        base = Scenario.load("baseline")
        return 4 * base.runs * (base.years[1] - base.years[0])  # a report, Explore, and two scenarios in Compare

    def parts(self, folder: Path) -> Sequence[MakePart]:
        return []

    def write(self, pieces: Sequence[Arrays], about: Mapping[str, str], folder: Path) -> None:
        if problem := self._take(str(folder)):
            raise InputError(f"the README's pictures could not be taken: {problem}")
        _write_page(folder / self.PAGE, self.TEXT, about)

    @staticmethod
    def _take(*options: str) -> str:
        """Run the command that takes them, which ends its own dashboard and browser; return what went wrong."""
        command = [sys.executable, "-m", "stackcraft.viz.docs.make_picture", *options]
        with subprocess.Popen(command, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                errors = process.communicate()[1]
            except BaseException:
                process.terminate()
                raise
        return (errors.strip().splitlines() or ["no reason is known"])[-1] if process.returncode else ""


def measurements() -> dict[str, Measurement]:
    """Return every measurement that is stored with the project, by name, in the order in which they are made."""
    return {
        one.name: one
        for one in (
            *(Starts(), Claims(), LeverEffects(), StoredReasons(), Calibration(), Levels(), Stories(), Hindcast()),
            Game(),
            *(Description(), Pictures()),
        )
    }


def equal(stored: Path) -> str:
    """Say that a stored file was measured again and is the same."""
    size = f"{len(_table(stored))} rows, " if stored.suffix == ".csv" else ""
    return f"{size}equal to the bit but for what says when and on what code"


def difference(stored: Path, made: Path) -> str:
    """Say how a stored file and one that was made again differ, apart from when and on what code; "" if they do not."""
    if not stored.is_file():
        return "new"
    kinds = {".csv": _tables_differ, ".npz": _arrays_differ, ".png": _bytes_differ}
    return kinds.get(stored.suffix, _texts_differ)(stored, made)


def _tables_differ(stored: Path, made: Path) -> str:
    old, new = (_table(path) for path in (stored, made))
    if len(old) != len(new):
        return f"{len(old)} rows are stored, {len(new)} were measured"
    columns = [name for name in (new[0] if new else ()) if name not in claim_tests.ABOUT]
    found = []
    for name in columns:
        places = [row for row, (one, other) in enumerate(zip(old, new, strict=True)) if one.get(name) != other[name]]
        if places:
            first = places[0]
            change = f"{old[first].get(name)!r}, now {new[first][name]!r}"
            found.append(f"{name} in {len(places)} (the first: row {first + 1}, {change})")
    return f"of {len(new)} rows differ: {'; '.join(found)}" if found else ""


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("# ")))


def _arrays_differ(stored: Path, made: Path) -> str:
    with np.load(stored) as old, np.load(made) as new:
        names = sorted({*old.files, *new.files})
        found = [
            name for name in names if name not in old or name not in new or not np.array_equal(old[name], new[name])
        ]
    return f"{', '.join(found)} differ" if found else ""


def _bytes_differ(stored: Path, made: Path) -> str:
    return "" if stored.read_bytes() == made.read_bytes() else "differs"


def _texts_differ(stored: Path, made: Path) -> str:
    old, new = (MADE_WITH.sub("", path.read_text(encoding="utf-8")).splitlines() for path in (stored, made))
    number = sum(one != other for one, other in zip(old, new, strict=False)) + abs(len(old) - len(new))
    return f"{number} of {len(new)} lines differ" if number else ""
