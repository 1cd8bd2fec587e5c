"""Through what each lever and recommendation works at the status quo, as stored with the project.

`make remeasure` measures it again. The table of text says what it was measured with, the packed file beside it has
every reading that a change moves clearly (see `stackcraft.experiments.reasons`): its mean before, the mean change and
half the interval.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence.staleness import what_changed
from stackcraft.experiments.live.moves import EVERYTHING, TOGETHER, WITHOUT, Change, changes, no_change
from stackcraft.experiments.reasons import NAMES, Moved, Reasons, moved
from stackcraft.experiments.statistics import Interval
from stackcraft.model.scenario import Scenario

STORED = Path(__file__).parent / "reasons.csv"
RUNS = 8
Key = tuple[str, str, str]  # kind, name and end of a change


def key_of_change(one: Change) -> Key:
    """What a change is called in `Reasons`."""
    return one.kind, one.name, one.end


def tried(scenario: Scenario, levers: tuple[str, ...] | None = None) -> dict[Key, tuple[str, ...]]:
    """Return the assignments of every change that changes something, by what it is called."""
    every = changes(levers)
    idle = no_change(scenario, every)
    return {key_of_change(one): one.levers for one, none in zip(every, idle, strict=True) if not none}


def reasons_of(scenario: Scenario, runs: int, tables: Mapping[Key | None, np.ndarray]) -> Reasons:
    """Return what moved, from readings by change; None is the scenario itself.

    What is left out of the nine recommendations is compared with all nine, so that it says what the one adds.
    """
    base, everything = tables[None], tables.get((TOGETHER, EVERYTHING, ""))
    found = {}
    for key, table in tables.items():
        if key is not None and (key[0] != WITHOUT or everything is not None):
            found[key] = moved(table, everything) if key[0] == WITHOUT else moved(base, table)
    return Reasons("", tuple(scenario.years), runs, found, {})


def files_of(path: Path = STORED) -> tuple[Path, Path]:
    """Return the files of a stored measurement: what says how it was made, and the numbers."""
    return path, path.with_suffix(".npz")


def store(found: Reasons, scenario: Scenario, about: Mapping[str, str], path: Path = STORED) -> None:
    """Write what moved; `about` has a text for each of `claim_tests.ABOUT`."""
    said = {
        **about, "scenario": scenario.name, "years": f"{found.years[0]}:{found.years[1]}", "seed": str(scenario.seed),
        "runs": str(found.runs),
    }  # fmt: skip
    keys = list(found.moved)
    rows = [
        (place, STACKS.index(stack), NAMES.index(name), one.before, one.change.mean, one.change.high - one.change.mean)
        for place, key in enumerate(keys)
        for stack, names in found.moved[key].items()
        for name, one in names.items()
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in said.items())
        csv.writer(file, lineterminator="\n").writerows([("kind", "name", "end"), *keys])
    table = np.array(rows, float).reshape(-1, 6)
    np.savez_compressed(
        files_of(path)[1], names=np.array(NAMES), where=table[:, :3].astype(np.int16),
        values=np.array([[float(f"{value:.4g}") for value in row] for row in table[:, 3:]], np.float32).reshape(-1, 3),
    )  # fmt: skip
    stored.cache_clear()


@lru_cache(maxsize=2)
def stored(path: Path = STORED) -> Reasons | None:
    """The stored reasons; None where there are none."""
    table, arrays = files_of(path)
    if not table.is_file() or not arrays.is_file():
        return None
    with table.open(newline="", encoding="utf-8") as file:
        lines = list(file)
    about = dict(line[2:].strip().split(": ", 1) for line in lines if line.startswith("# "))
    keys = [tuple(row) for row in csv.reader(line for line in lines if not line.startswith("# "))][1:]
    found: dict[Key, dict[str, dict[str, Moved]]] = {key: {stack: {} for stack in STACKS} for key in keys}
    with np.load(arrays) as kept:
        names = [str(name) for name in kept["names"]]
        for (place, stack, name), (before, mean, half) in zip(kept["where"], kept["values"].tolist(), strict=True):
            one = Moved(names[name], before, Interval(mean, mean - half, mean + half))
            found[keys[place]][STACKS[stack]][names[name]] = one
    first, last = (int(year) for year in about["years"].split(":"))
    return Reasons("", (first, last), int(about["runs"]), found, about)


def stale(found: Reasons) -> list[str]:
    """Return which of code, results and facts are other than those that the stored reasons were measured with."""
    return what_changed("reasons", found.about)
