"""Runs a study: what is missing in its folder, part by part, until it is whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.outputs import OutputError
from stackcraft.experiments.runs.stopping import StopRequest, stop_request
from stackcraft.experiments.sweep import files, provenance
from stackcraft.experiments.sweep.executors import Workers, executor
from stackcraft.experiments.sweep.parts import Part, extended, first_stage, parts
from stackcraft.experiments.sweep.references import INPUTS
from stackcraft.experiments.sweep.store import DESIGN, FAILURES, HALF_WRITTEN, PACKAGE, RUNS, SPEC, Store, identity_hash
from stackcraft.experiments.sweep.study import Study, StudyError
from stackcraft.experiments.sweep.work import PartResult, run_part

PATIENCE = 3  # parts that may fail whole before anything has gone well
AHEAD = 2  # parts handed out for each worker: enough to keep it busy, few enough to hold in memory
BYTES_A_NUMBER = 5.0  # on disk, at most, counting keys and footers
OURS = {SPEC, DESIGN, RUNS, FAILURES, PACKAGE, INPUTS, "report.html", "superseded"}


@dataclass
class Report:
    """What a sweep did: runs of this sitting and before it, failures, and parts that were lost with their workers."""

    total: int = 0
    before: int = 0
    done: int = 0
    failed: int = 0
    seconds: float = 0.0
    lost: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stopped: str = ""

    @property
    def rate(self) -> float:
        """Runs a second of this sitting."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def whole(self) -> bool:
        return self.before + self.done >= self.total


Progress = Callable[[Report], None]


def sweep(
    study: Study,
    folder: str | Path,
    *,
    threads: int | None = None,
    dask: str | None = None,
    shard: tuple[int, int] = (1, 1),
    force: bool = False,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run what is missing of `study` in `folder`; give the same call again to go on after a stop of any kind.

    `shard` (i, n) takes every n-th part, from the i-th on. A study in the folder may grow in rows and replicates;
    another study, or other code, facts or packages are refused unless `force`: then a study that is another one is
    moved to `superseded/`, and parts that are there stay as they are. `time_limit` in seconds: no part is begun after
    it. Raises `InputError` and `OutputError`, one line.
    """
    folder = Path(folder)
    index, count = shard
    if not 1 <= index <= count:
        raise InputError(f"--shard {index}/{count}: the first number counts from 1 to the second")
    check_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    label = f"{index}-of-{count}"
    with files.locked(folder, label):
        # The jobs of an array begin at the same moment: the first one writes the specification, the others wait for it.
        with files.locked(folder, "specification", patient=True) as locks:
            report = Report()
            if locks and not files.others_at_work(folder, label):
                files.tidy(folder, HALF_WRITTEN)
            store, made_by = _prepare(study, folder, force, label, report)
        missing = {part.name for part in _missing(store, index, count, report)}  # names alone: a part holds arrays
        _refuse_full_disk(store, report.total - report.before)
        if progress:
            progress(report)
        if missing:
            with stop_request() as request, executor(threads, dask) as workers:
                _Sitting(store, missing, made_by, force, report).run(request, workers, time_limit, progress)
    return report


def check_place(folder: Path) -> None:
    """Raise `InputError` unless a study lies in `folder` or could."""
    if folder.is_file():
        raise InputError(f"--out {folder} is a file; name a folder")
    if folder.is_dir() and not Store.is_at(folder) and (others := sorted(_strangers(folder))):
        raise InputError(f"--out {folder} holds {others[0]}, which is not part of a study; name a new or empty folder")


def _strangers(folder: Path) -> Iterator[str]:
    """Yield what lies in a folder without a specification and is not what a sweep leaves that was killed early.

    Folders called runs/ or inputs/ are common: it is what they hold that tells.
    """
    for path in folder.iterdir():
        if path.name in (RUNS, FAILURES) and path.is_dir():
            yield from (f"{path.name}/{inner.name}" for inner in path.iterdir() if "part-" not in inner.name)
        elif path.name == INPUTS and (folder / DESIGN).is_file():  # the design is written first
            continue
        elif path.name not in (DESIGN, PACKAGE, "report.html") and not path.name.startswith("."):
            yield path.name


def _prepare(study: Study, folder: Path, force: bool, label: str, report: Report) -> tuple[Store, dict[str, Any]]:
    """Return the store of a study, new or grown if need be, and what its next parts say made them."""
    made_by = provenance.provenance(study)
    try:
        if not Store.is_at(folder):
            return Store.create(folder, study, first_stage(study), made_by), made_by
        store = Store.open(folder, trusting=True)
        if store.spec["identity"] != identity_hash(study):
            what = _what_is_other(store.spec["specification"], study.identity())
            if not force:
                raise InputError(
                    f"{folder} holds another study ({what}); name another folder, or --force to set that one aside in "
                    f"{folder / 'superseded'}"
                )
            if files.others_at_work(folder, label):
                raise InputError(
                    f"{folder} holds another study ({what}), and another sweep is at work on it; wait for it, or name "
                    "another folder"
                )
            report.notes.append(f"the study that was here is in {_supersede(store)}")
            return Store.create(folder, study, first_stage(study), made_by), made_by
        differs = provenance.what_differs(store.spec["made_by"], made_by)
        if differs and not force:
            raise InputError(
                f"{folder} was made otherwise: {'; '.join(differs)}; sweep into another folder, or --force to go on "
                "with what is here now (each part says what made it)"
            )
        if differs:
            report.notes.append(f"going on although {'; '.join(differs)}")
        # The same in all that decides: say the same, so that parts have the same bytes whenever and wherever they are
        # made
        else:
            made_by = store.spec["made_by"]
        rows = max(stage[1] for stage in store.stages)
        grown = extended(store.stages, study.design.rows, study.replicates)
        if study.design_hash(rows) != store.spec["designs"][str(rows)]:
            raise InputError(
                f"{folder}: the first {rows:,} rows of the design are no longer those of the study there; rows can be "
                "added only to the first block of a study, and only by a design that keeps its first rows (random, "
                "sobol, morris, shapley, table)"
            )
        if grown != store.stages or differs or not store.complete:
            store.describe(study, grown, made_by)
        store.study = study
        return store, made_by
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from None


def _what_is_other(old: dict[str, Any], new: dict[str, Any]) -> str:
    """The first thing in which two specifications differ."""
    import json

    new = json.loads(json.dumps(new))
    for key in new:
        if old.get(key) != new[key]:
            if key == "factors":
                names = [{one[0] for one in side} for side in (old["factors"], new["factors"])]
                if other := sorted(names[0] ^ names[1]):
                    return f"{'it does not vary' if other[0] in names[1] else 'it varies'} {other[0]}"
                changed = next(b[0] for a, b in zip(old["factors"], new["factors"], strict=True) if a != b)
                return f"the range or the place of {changed} is another"
            short = [str(value) if len(str(value)) < 60 else "" for value in (old.get(key), new[key])]
            return (
                f"its {key} {'are' if key.endswith('s') else 'is'} {short[0]}, not {short[1]}"
                if all(short)
                else f"its {key} differ"
            )
    return "its specification differs"


def _supersede(store: Store) -> Path:
    place = store.folder / "superseded" / store.spec["identity"][:8]
    number = 1
    while place.exists():
        number += 1
        place = place.with_name(f"{store.spec['identity'][:8]}-{number}")
    place.mkdir(parents=True)
    for name in sorted(OURS - {"superseded"}):
        if (store.folder / name).exists():
            shutil.move(store.folder / name, place / name)
    return place


def _missing(store: Store, index: int, count: int, report: Report) -> Iterator[Part]:
    """The parts of this shard that are not there, or damaged."""
    for number, part in enumerate(parts(store.study, store.stages)):
        if number % count != index - 1:
            continue
        report.total += part.runs
        sound = store.sound(part.name)
        if sound:
            report.before += part.runs
            continue
        if sound is False:
            store.set_aside(part.name)
            report.notes.append(f"{part.name} was damaged; it is set aside and run again")
        yield part


def _refuse_full_disk(store: Store, runs: int) -> None:
    needed = runs * len(store.study.years) * len(store.study.measures) * BYTES_A_NUMBER
    free = shutil.disk_usage(store.folder).free
    if needed > free:
        raise InputError(
            f"{store.folder}: {runs:,} runs need about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free; keep "
            "fewer years or measures, make the design smaller, or name another disk with --out"
        )


@dataclass
class _Sitting:
    """One sitting of a sweep: hands out the parts that are missing a few ahead, and keeps each as it comes in."""

    store: Store
    missing: set[str]
    made_by: dict[str, Any]
    force: bool
    report: Report
    held: list[tuple[Part, PartResult]] = field(default_factory=list)  # failed whole, as long as nothing has gone well

    def run(
        self, request: StopRequest, workers: Workers, time_limit: float | None = None, progress: Progress | None = None
    ) -> None:
        """Run the parts that are missing until all are done, somebody asks to stop, or the workers are gone."""
        report, running, begun = self.report, {}, time.monotonic()
        queue = (part for part in parts(self.store.study, self.store.stages) if part.name in self.missing)
        try:
            while True:
                if time_limit is not None and time.monotonic() - begun > time_limit and not report.stopped:
                    report.stopped = "the time limit was reached"
                if not report.stopped:
                    self.hand_out(queue, running, workers)
                if not running:
                    break
                if not workers.alive():
                    report.lost += [(part.name, "the scheduler no longer answers") for part in running.values()]
                    break
                finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                if request.is_set() and not report.stopped:
                    report.stopped = f"stopped by {request.by}"
                    report.notes.append("stopping when the parts at work are done; press Ctrl-C again to stop at once")
                    finished |= {future for future in running if future.cancel()}
                for future in finished:
                    self.collect(running.pop(future), future)
                report.seconds = time.monotonic() - begun
                if progress:
                    progress(report)
        finally:
            for future in running:
                future.cancel()
        self.write_held()
        report.seconds = time.monotonic() - begun

    def hand_out(self, queue: Iterator[Part], running: dict[Future, Part], workers: Workers) -> None:
        """Give the workers parts until they have enough ahead."""
        study = self.store.study
        while len(running) < AHEAD * workers.number and workers.alive() and (part := next(queue, None)) is not None:
            sent = study.with_rows(part.design_ids) if workers.remote else study
            running[workers.pool.submit(run_part, sent, part)] = part

    def collect(self, part: Part, future: Future) -> None:
        """Keep a part that is done, and note one that was called off."""
        if not future.cancelled():
            self.keep(part, future)
        elif not self.report.stopped:  # nobody here called it off: the scheduler is gone
            self.report.lost.append((part.name, "it was called off by the scheduler"))

    def keep(self, part: Part, future: Future) -> None:
        """Write a part.

        Raises `InputError` if the study is at fault: it says so, or its first few parts have failed whole.
        """
        report = self.report
        error = future.exception()
        if isinstance(error, StudyError):
            raise error
        if error is not None:
            # The part itself came to grief, with its worker: it is not kept, and the same command tries it again.
            text = str(error).strip().splitlines()
            report.lost.append((part.name, f"{type(error).__name__}: {text[0] if text else 'its worker died'}"))
            return
        outcome: PartResult = future.result()
        self.held.append((part, outcome))
        if len(outcome.failures) == part.runs and report.before + report.done == 0 and not self.force:
            if len(self.held) < min(PATIENCE, len(self.missing)):
                return
            first = self.held[0][1].failures[0]
            runs = sum(one.runs for one, _ in self.held)
            names = ", ".join(one.name for one, _ in self.held)
            raise InputError(
                f"all {runs} runs of {names} failed, so the sweep stops before any more do; --force to go on and "
                f"record them: {first['error']} (in {first['stage']})"
            )
        self.write_held()

    def write_held(self) -> None:
        while self.held:
            part, outcome = self.held.pop(0)
            self.store.write(part, outcome, self.made_by)
            self.report.done += part.runs
            self.report.failed += len(outcome.failures)
