"""This version of the project against an earlier one: batches in turn, A B A B, in two processes of one sitting.

The earlier version is taken from the project's history and compiled in a folder of its own, which is kept: the next
comparison with it begins at once.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.bench import calibration
from stackcraft.model import Scenario

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("rival.py")
KEPT = ROOT / "results" / "bench"
HERE = "here"
PROFILED = 16  # runs of the profile


def compare(
    commit: str,
    *,
    note: Callable[[str], None] = lambda text: None,
    runs: int = 64,
    seed: int | None = None,
    repeats: int = 5,
    scenario: str = "baseline",
    profile: bool = True,
) -> dict[str, Any]:
    """Measure this version and that of a commit in turn, one thread each.

    Returns `rounds` (a list of {"here", "there"}, each with wall and processor seconds of a batch and counts a run),
    `ratio` and `ratio_per_tender` (time there over time here: above 1 this version is faster; median, least and most
    over the rounds), `counts`, `where` (time by step of either, with `profile`: its clocks take a compilation of their
    own), `calibration` and `setting`. Raises `InputError` for a size below 1, and if the commit or the project's
    history cannot be found.
    """
    for name, value in (("runs", runs), ("repeats", repeats)):
        if value < 1:
            raise InputError(f"{name}={value}; give at least 1")
    full = _full_name(commit)
    seed = Scenario.load(scenario).seed if seed is None else seed
    note(f"taking {full[:9]} from the history")
    there = _checked_out(full)
    rounds: list[dict[str, Any]] = []
    with ExitStack() as open_until_the_end:
        start = open_until_the_end.enter_context
        ask = {HERE: start(_worker(ROOT, scenario, seed)), "there": start(_worker(there, scenario, seed))}
        for side in ask:
            note(f"compiling and warming up: {side}")
            ask[side]("batch", 1)
        costs = [calibration.nanoseconds()]
        for number in range(repeats):
            note(f"round {number + 1} of {repeats}, a batch of {runs} each")
            order = list(ask) if number % 2 == 0 else list(ask)[::-1]
            rounds.append({side: ask[side]("batch", runs) for side in order})
            costs.append(calibration.nanoseconds())
        if profile:
            note("where the time goes")
        where = {side: ask[side]("where", min(runs, PROFILED)) if profile else [] for side in ask}
    counts = {
        side: {name: value for name, value in rounds[0][side].items() if name not in ("wall", "cpu")} for side in ask
    }
    work = counts["there"]["tenders"] / counts[HERE]["tenders"]
    ratios = [one["there"]["cpu"] / one[HERE]["cpu"] for one in rounds]
    return {
        "rounds": rounds,
        "ratio": _spread(ratios),
        "ratio_per_tender": _spread([ratio / work for ratio in ratios]),
        "ms_per_run": {side: 1000 * statistics.median(one[side]["cpu"] for one in rounds) / runs for side in ask},
        "counts": counts,
        "where": where,
        "calibration": {name: min(one[name] for one in costs) for name in costs[0]},
        "setting": {"commit": full, "scenario": scenario, "seed": seed, "runs": runs, "repeats": repeats},
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def _git(*arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise InputError("--against needs git, which is not installed") from None
    except subprocess.CalledProcessError as error:
        raise InputError(f"--against: {error.stderr.decode(errors='replace').strip().splitlines()[0]}") from None


def _full_name(commit: str) -> str:
    """Return the whole hash of a commit of this project; raises `InputError` where there is none."""
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    if top != ROOT:
        raise InputError(f"--against needs the project's history; {ROOT} is not a clone of it")
    if commit.startswith("-"):
        raise InputError(f"--against {commit}: give a commit, such as HEAD~1")
    try:
        return _git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").decode().strip()
    except (InputError, IndexError):
        raise InputError(f"--against {commit} is not a commit of this project; `git log` lists its commits") from None


def _checked_out(full: str) -> Path:
    """Return the folder with the files of a commit; they are unpacked whole or not at all."""
    folder = KEPT / full[:12]
    if not (folder / "code").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / "code.part"
        shutil.rmtree(half, ignore_errors=True)
        with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", full))) as archive:
            archive.extractall(half, filter="data")
        half.rename(folder / "code")
    return folder / "code"


@contextmanager
def _worker(code: Path, scenario: str, seed: int) -> Iterator[Callable[[str, int], Any]]:
    """Start a process that measures the version whose files are in a folder; gives what asks it."""
    folder, environment = code.parent, dict(os.environ)
    new_names = "package-dir" in (code / "pyproject.toml").read_text(encoding="utf-8")
    if not new_names:  # packages called model, agents and so on, which kept 600 MB of compiled code
        environment |= {"PYTHONPATH": str(code), "STACKCRAFT_CACHE": str(folder / "cache")}
    elif code != ROOT:
        path = folder / "path"
        path.mkdir(exist_ok=True)
        if not (path / "stackcraft").exists():
            (path / "stackcraft").symlink_to(code)
        environment["PYTHONPATH"] = str(path)
    arguments = [sys.executable, str(WORKER), "stackcraft." if new_names else "", scenario, str(seed)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True, cwd=code
    ) as process:

        def ask(order: str, runs: int) -> Any:
            process.stdin.write(f"{order} {runs}\n")
            process.stdin.flush()
            line = process.stdout.readline()
            answer = json.loads(line) if line.strip() else {"error": "it ended without an answer"}
            if isinstance(answer, dict) and "error" in answer:
                raise RuntimeError(f"measuring {code} failed: {answer['error']}")
            return answer

        try:
            yield ask
        finally:
            process.stdin.close()
            process.terminate()
