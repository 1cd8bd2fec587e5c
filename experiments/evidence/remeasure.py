"""Measure again whatever is stored with the project and no longer holds: `make remeasure`.

It says first what is stale and how long it will take. Stop it at any time (Ctrl-C, or a signal to end): parts that are
done are kept in a work folder, and the same command goes on from there. New files take the place of the stored ones
only when they are whole, and what has changed in them is said.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event

import numpy as np
from filelock import FileLock, Timeout

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.source_code import ROOT
from stackcraft.experiments.evidence import fingerprint, staleness
from stackcraft.experiments.evidence.measurements import Arrays, Measurement, difference, equal, measurements
from stackcraft.experiments.runs import stopping
from stackcraft.experiments.runs.manifest import commit, version
from stackcraft.experiments.variants import run_variants
from stackcraft.model.batch import threads_of
from stackcraft.model.files import whole_file, write_whole
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

WORK = ROOT / "results" / "remeasure"
PROBE_RUNS, PROBE_YEARS = 48, 3

Say = Callable[[str], None]


class Stop(Exception):
    """Raised inside a part when the whole is being stopped."""


def remeasure(
    chosen: Sequence[Measurement],
    *,
    work: Path = WORK,
    threads: int | None = None,
    replace: bool = True,
    say: Say = print,
) -> bool:
    """Measure what is `chosen` and put it in the place of what is stored, or only compare it unless `replace`.

    Returns whether every number is the stored one. Parts are kept in `work` until all are there; what is interrupted
    goes on from them. Raises `InputError` if another process measures in the same folder.
    """
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work / ".lock", blocking=False):
            same = [_measure(measurement, work, threads_of(threads), replace, say) for measurement in chosen]
            return all(same)
    except Timeout:
        raise InputError(
            f"another process measures in {work}; wait for it, or name another folder with --work"
        ) from None


def _measure(measurement: Measurement, work: Path, threads: int, replace: bool, say: Say) -> bool:
    about = _about(measurement)  # taken first: what is edited meanwhile must not pass for what was measured
    folder = work / f"{measurement.name}-{_key(measurement, about)}"
    for other in sorted(work.glob(f"{measurement.name}-*")):
        if other != folder:
            say(f"{measurement.name}: {other} holds parts of other code or of another size; they are not used")
    folder.mkdir(exist_ok=True)
    pieces = _pieces(measurement, folder, threads, say)
    made = folder / "whole"
    made.mkdir(exist_ok=True)
    measurement.write(pieces, about, made)
    same = True
    for stored in measurement.files:
        words = difference(stored, made / stored.name)
        same = same and not words
        say(f"{measurement.name}: {stored.name}: {words or equal(stored)}")
    if replace:
        for stored in reversed(measurement.files):  # the first one says what all were made with: it comes last
            write_whole((made / stored.name).read_bytes(), stored)
    return same


def _about(measurement: Measurement) -> dict[str, str]:
    """Return what is stored with a measurement: version, commit, and hashes of what it depends on."""
    at = commit()
    changes = {True: "yes", False: "no", None: "unknown"}[at["uncommitted_changes"]]
    return {
        "version": version(),
        "commit": at["commit"] or "unknown",
        "uncommitted_changes": changes,
        **measurement.hashes(),
    }


def compare_results(threads: int | None, say: Say, path: Path = fingerprint.STORED) -> None:
    """Compare the model's results with the stored fingerprint if code, parameters or facts have changed since.

    If they are the same, what was measured on them still holds; if not, the new fingerprint takes the old one's place.
    """
    model, (before, compared) = staleness.model_hash(), fingerprint.stored(path)
    if model == compared:
        return
    say("results: code, parameters or facts of the model have changed; comparing what it gives, about a minute")
    now = fingerprint.measure(threads=threads)
    moved = fingerprint.moved(before, now)
    fingerprint.store(now if moved else before, model, path)
    first = f"; the first: {', '.join(moved[:3])}" if moved else ""
    say(f"results: {len(moved)} of {len(now)} numbers have changed{first}" if moved else "results: all are the same")


def _key(measurement: Measurement, about: Mapping[str, str]) -> str:
    """Return what parts have in common that may be put together: the same code, results, facts and size."""
    text = "|".join([*(about[name] for name in measurement.hashes()), measurement.size()])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _pieces(measurement: Measurement, folder: Path, threads: int, say: Say) -> list[Arrays]:
    """Return every part, from the work folder or measured now."""
    parts = measurement.parts(folder)
    paths = [folder / f"part-{number:05d}.npz" for number in range(len(parts))]
    missing = [number for number, path in enumerate(paths) if not path.is_file()]
    began, before, stopping_now = time.monotonic(), len(parts) - len(missing), Event()

    def check() -> None:
        if stopping_now.is_set():
            raise Stop

    def make(number: int) -> None:
        check()
        piece = parts[number](check)
        with whole_file(paths[number]) as stream:
            np.savez_compressed(stream, **piece)

    say(f"{measurement.name}: {before} of {len(parts)} parts are there")
    with ThreadPoolExecutor(1 if measurement.alone else threads) as pool:
        futures = [pool.submit(make, number) for number in missing]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                left = (time.monotonic() - began) / done * (len(missing) - done)
                say(f"{measurement.name}: {before + done} of {len(parts)} parts, about {_minutes(left)} left")
        except BaseException:
            stopping_now.set()
            pool.shutdown(cancel_futures=True)
            kept = sum(path.is_file() for path in paths)
            say(f"{measurement.name}: {kept} of {len(parts)} parts are kept; the same command goes on from them")
            raise
    pieces = []
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            pieces.append({name: arrays[name] for name in arrays.files})
    return pieces


def stale(measurement: Measurement) -> list[str]:
    """Return why a measurement no longer holds: which of its files are missing, or what has changed since."""
    missing = [f"{path.name} is missing" for path in measurement.files if not path.is_file()]
    return missing or measurement.changed()


def rate(threads: int | None = None) -> float:
    """Return how many years of runs this machine simulates in a second, measured on the status quo."""
    base = Scenario.load("baseline").with_changes(years=(2025, 2025 + PROBE_YEARS))
    variants, replicates = [Variant()] * PROBE_RUNS, range(PROBE_RUNS)

    def years(runs: int) -> float:
        began = time.monotonic()
        run_variants(base, variants[:runs], replicates[:runs], lambda simulation: None, threads=threads)
        return time.monotonic() - began

    years(1)  # compiling is not part of the rate
    return PROBE_RUNS * PROBE_YEARS / years(PROBE_RUNS)


def _minutes(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes < 90 else f"{minutes / 60:.1f} hours"


def plan(everything: Sequence[Measurement], chosen: Sequence[Measurement], threads: int | None, say: Say) -> None:
    """Say for each measurement whether it still holds, and how long those that are `chosen` will take."""
    speed = rate(threads) if chosen else 0.0
    for measurement in everything:
        reasons = ", ".join(stale(measurement))
        words = f"stale: {reasons}" if reasons else "holds"
        if measurement in chosen:
            years = measurement.run_years()
            words += f"; about {_minutes(years / speed)} ({years:,} years of runs)" if years else "; a few seconds"
        say(f"{measurement.name}: {words}")
    if chosen:
        seconds = sum(measurement.run_years() for measurement in chosen) / speed
        say(f"About {_minutes(seconds)} in all, at {speed:,.0f} years of runs a second, less what is done already.")


def _print(line: str) -> None:
    """Print a line at once; a reader that has gone, as `head` does, does not end the measuring."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: everything was measured; 1: with --compare, a number differs, or something cannot be measured on this machine;
    2: a mistake in what was asked; 130 and the like: stopped by a signal.
    """
    everything = measurements()
    parser = argparse.ArgumentParser(prog="python -m stackcraft.experiments.evidence.remeasure", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help=f"{', '.join(everything)}; may be repeated")
    parser.add_argument("--all", action="store_true", help="also what still holds")
    parser.add_argument("--dry-run", action="store_true", help="say what is stale and how long it takes")
    parser.add_argument("--compare", action="store_true", help="measure, stale or not, and only say what differs")
    parser.add_argument("--threads", type=int, metavar="N", help="parts at work at the same time (default: every core)")
    parser.add_argument(
        "--work", type=Path, default=WORK, metavar="FOLDER", help="where parts are kept (default: %(default)s)"
    )
    given = parser.parse_args(arguments)
    stopping.stop_tidily()
    say = _print
    try:
        for name in given.only or ():
            if name not in everything:
                raise unknown("measurement", name, everything)
        asked = [everything[name] for name in given.only or everything]
        if not (given.dry_run or given.compare):
            compare_results(given.threads, say)
        wanted = [one for one in asked if given.all or given.compare or stale(one)]
        obstacles = {one.name: obstacle for one in wanted if (obstacle := one.obstacle())}
        chosen = [one for one in wanted if one.name not in obstacles]
        plan(asked, chosen, given.threads, say)
        for name, obstacle in obstacles.items():
            say(f"{name}: cannot be measured here: {obstacle}")
        if given.dry_run:
            return 0
        options = {"work": given.work, "threads": given.threads, "replace": not given.compare, "say": say}
        same = remeasure(chosen, **options)
        # What is made from other measurements may be stale only now.
        same = remeasure([one for one in asked if one not in wanted and stale(one)], **options) and same
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or given.work} cannot be read or written: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return stopping.exit_code()
    return int(bool(obstacles) or (given.compare and not same))


if __name__ == "__main__":
    sys.exit(main())
