"""What can only be measured from outside: the shell, the memory of a process of its own, and twins that lie with the
tests.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.experiments.bench.timing import counts_of
from stackcraft.experiments.runs.outputs import RESULTS
from stackcraft.model import Scenario

ROOT = Path(__file__).resolve().parents[2]
TWINS = ROOT / "tests" / "reference" / "timed.py"


def _environment() -> dict[str, str]:
    """Ours, with this copy of the project first, and output that is not held back."""
    path = os.pathsep.join(text for text in (str(ROOT), os.environ.get("PYTHONPATH", "")) if text)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "stackcraft.viz.cli.main", *(str(argument) for argument in arguments)]


def shell_runs(scenario: Scenario) -> int:
    """Runs of the command that is timed: as many as the scenario itself asks for, or fewer if the batch is smaller."""
    return min(Scenario.load(scenario.name).runs, scenario.runs)


def first_line(scenario: Scenario, repeats: int) -> float:
    """Median seconds from starting `stackcraft run` to its first line of results."""
    found = []
    arguments = ("run", scenario.name, "--runs", shell_runs(scenario), "--seed", scenario.seed, "--no-files")
    for _ in range(repeats):
        with tempfile.TemporaryFile("w+") as errors:
            start = time.perf_counter()
            with subprocess.Popen(
                _command(*arguments), stdout=subprocess.PIPE, stderr=errors, env=_environment(), text=True
            ) as process:
                line = process.stdout.readline()
                found.append(time.perf_counter() - start)
                process.stdout.read()
            errors.seek(0)
            if process.returncode or not line.strip():
                raise RuntimeError(f"`stackcraft run` failed: {errors.read().strip()[-300:]}")
    return statistics.median(found)


def counts_of_command(scenario: Scenario, runs: int) -> dict[str, np.ndarray]:
    """What the results that `stackcraft run` writes count, run by run."""
    import xarray as xr

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        arguments = ("run", scenario.name, "--runs", runs, "--seed", scenario.seed, "--out", out)
        done = subprocess.run(_command(*arguments), capture_output=True, text=True, env=_environment())
        if done.returncode:
            raise RuntimeError(f"`stackcraft run` failed: {done.stderr.strip()[-300:]}")
        with xr.open_dataset(out / RESULTS) as results:
            return counts_of(results)


def peak_gb(scenario: Scenario, runs: int) -> float:
    """Most memory that a process of its own holds while it simulates a batch and reads it out, GB."""
    arguments = [
        sys.executable,
        "-m",
        "stackcraft.experiments.bench.outside",
        scenario.name,
        str(runs),
        str(scenario.seed),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, env=_environment())
    if done.returncode:
        raise RuntimeError(f"the batch whose memory is measured failed: {done.stderr.strip()[-300:]}")
    return float(done.stdout) / 1e9


def _own_peak() -> float:
    """Peak resident memory of this process in bytes."""
    try:
        # Linux: a started process inherits its parent's peak in getrusage, but not here.
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024.0 * float(line.split()[1])
    except OSError:
        pass
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) if sys.platform == "darwin" else 1024.0 * peak


def twins() -> list[dict[str, Any]]:
    """How much slower the readable twins are: `pairs()` of tests/reference/timed.py gives (name, readable, compiled),
    to be called.
    """
    if not TWINS.is_file():
        return []
    spec = importlib.util.spec_from_file_location("timed_twins", TWINS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = []
    for name, readable, compiled in module.pairs():
        compiled()  # compiles, if it must
        slow, fast = _seconds(readable), _seconds(compiled)
        rows.append({"name": name, "readable_ms": 1000.0 * slow, "compiled_ms": 1000.0 * fast, "ratio": slow / fast})
    return rows


def _seconds(call: Any, least: float = 0.2) -> float:
    """Seconds a call, over as many calls as `least` seconds take."""
    number, start = 0, time.perf_counter()
    while (took := time.perf_counter() - start) < least or number == 0:
        call()
        number += 1
    return took / number


def processor() -> str:
    """The processor's name, as far as the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def numba_version() -> str:
    """The compiler's version."""
    import numba

    return numba.__version__


if __name__ == "__main__":
    from stackcraft.experiments.bench.timing import once

    name, number, luck = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    once(Scenario.load(name).with_changes(seed=luck), runs=number, threads=None)
    print(_own_peak())
