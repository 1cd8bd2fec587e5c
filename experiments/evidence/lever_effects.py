"""What each lever does at the status quo, as stored with the project: what screens show before anything has run.

`make remeasure` measures them again. The table begins with comment lines that say
with what it was measured. Effects on the countries' shares stand beside it in a packed file: mean and half the interval
of each, in tenths of a point.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np

from stackcraft.experiments.evidence.claim_tests import ABOUT
from stackcraft.experiments.evidence.staleness import what_changed
from stackcraft.experiments.live.ensemble import key_of
from stackcraft.experiments.live.lever_effects import OUTCOMES, Effects
from stackcraft.experiments.live.moves import LEVER, Change
from stackcraft.model.scenario import Scenario

STORED = Path(__file__).parent / "lever_effects.csv"
FULL_RUNS = 32
COUNTRIES = "_countries.npz"  # in place of .csv
UNIT = 0.001  # of a share: what a screen shows
MISSING = np.iinfo(np.int16).min
COLUMNS = ("kind", "name", "end", "value", "now", "runs")  # then mean, low and high of every outcome
ENDS = ("", "_low", "_high")
BASE = "question"  # the kind of the row that holds the means of the scenario itself


def files_of(path: Path = STORED) -> tuple[Path, Path]:
    """Return the files of a stored measurement: the table, and the effects on countries."""
    return path, _beside(path)


def store(matters: Effects, about: dict[str, str], path: Path = STORED) -> None:
    """Write the effects on the world and on countries; `about` has a text for each of `trace.ABOUT`."""
    scenario = matters.scenario
    said = {
        **about,
        "scenario": scenario.name,
        "years": f"{scenario.years[0]}:{scenario.years[1]}",
        "seed": str(scenario.seed),
        "runs": str(matters.wanted),
    }
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in said.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, *(f"{outcome}{end}" for outcome in OUTCOMES for end in ENDS)])
        writer.writerow(
            [
                BASE,
                "",
                "",
                "",
                "",
                matters.wanted,
                *(cell for outcome in OUTCOMES for cell in (_cell(matters.base[outcome]), "", "")),
            ]
        )
        for place, one in enumerate(matters.changes):
            before = matters.now.get(one.name, np.nan) if one.kind == LEVER else np.nan
            numbers = [_cell(value) for value in matters.world[place].ravel()]
            writer.writerow(
                [one.kind, one.name, one.end, _cell(one.value), _cell(before), matters.made[place], *numbers]
            )
    if matters.country is not None:
        mean, low, high = np.moveaxis(matters.country, -1, 0)
        half = np.where(np.isfinite(high - low), (high - low) / 2, np.nan)
        np.savez_compressed(_beside(path), codes=np.array(matters.codes), mean=_packed(mean), half=_packed(half))
    stored.cache_clear()


@lru_cache(maxsize=2)
def stored(path: Path = STORED) -> Effects | None:
    """The stored effects as `Effects`; None where there is no table. `about` says what it was measured with."""
    if not path.is_file():
        return None
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(file)
    said = dict(line[2:].strip().split(": ", 1) for line in lines if line.startswith("# "))
    changes, effects, made, now, base = [], [], [], {}, {}
    for row in csv.DictReader(line for line in lines if not line.startswith("# ")):
        numbers = np.array([[_number(row.get(f"{outcome}{end}", "")) for end in ENDS] for outcome in OUTCOMES])
        if row["kind"] == BASE:
            base = dict(zip(OUTCOMES, numbers[:, 0].tolist(), strict=True))
            continue
        changes.append(Change(row["kind"], row["name"], row["end"], _number(row["value"])))
        effects.append(numbers)
        made.append(int(row["runs"]))
        if row["now"]:
            now[row["name"]] = float(row["now"])
    first, last = (int(year) for year in said["years"].split(":"))
    scenario = Scenario.load(said["scenario"]).with_changes(
        years=(first, last), seed=int(said["seed"]), runs=int(said["runs"])
    )
    about = {name: said[name] for name in ABOUT if name in said}
    codes, country = (), None
    if _beside(path).is_file():
        with np.load(_beside(path)) as kept:
            codes = tuple(str(code) for code in kept["codes"])
            mean, half = (_unpacked(kept[name]) for name in ("mean", "half"))
        if len(mean) == len(changes):
            country = np.stack([mean, mean - half, mean + half], axis=-1)
    return Effects(
        scenario, int(said["runs"]), tuple(changes), np.array(made), np.array(effects), now, base, codes, country, about
    )


def _beside(path: Path) -> Path:
    return path.with_name(path.stem + COUNTRIES)


def _packed(shares: np.ndarray) -> np.ndarray:
    whole = np.where(np.isfinite(shares), np.round(shares / UNIT), MISSING)
    return np.clip(whole, MISSING, np.iinfo(np.int16).max).astype(np.int16)


def _unpacked(whole: np.ndarray) -> np.ndarray:
    return np.where(whole == MISSING, np.nan, whole * UNIT).astype(np.float32)


def stale(matters: Effects) -> list[str]:
    """Return which of code, results and facts are other than those that the stored effects were measured with."""
    return what_changed("lever-effects", matters.about)


def answers(matters: Effects, scenario: Scenario) -> bool:
    """Return whether the stored effects are those of this scenario, whatever its name and its number of runs."""
    stored_for, asked = (key_of(one.with_changes(runs=1)) for one in (matters.scenario, scenario))
    return stored_for == asked


def _cell(value: float) -> str:
    return f"{value:.5g}" if np.isfinite(value) else ""


def _number(cell: str) -> float:
    return float(cell) if cell else np.nan
