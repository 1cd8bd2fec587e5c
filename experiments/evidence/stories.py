"""The numbers of the stories on the first page: what a change brings the world and one country, and how surely.

`make remeasure MEASURE="--only stories"` measures and stores them. Each change is compared with the status quo under
the same luck, in worlds that history does not rule out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence.claim_tests import ABOUT
from stackcraft.experiments.leads import end_shares
from stackcraft.experiments.live.countries import OUTCOMES, outcomes_of
from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.indicators import INDICATORS, Records
from stackcraft.model.variants import Variant

STORED = Path(__file__).with_suffix(".csv")
WORLDS, SEED = 64, 2025
COUNTRY, YEAR = "IDN", 2035  # whose own numbers are read, and when
# What is compared with the status quo, by name.
CHANGES: dict[str, tuple[str, ...]] = {
    "nobody": Scenario.load("nobody-intervenes").levers,
    "promise": (f"us_government.supply_bond[{COUNTRY}]=0.9",),
    "subsidy": (f"us_government.subsidy[{COUNTRY}]=0.3",),
}
USUAL = "usual"
# The world's shares at the end, costs in bn$ at present value, retention; then the outcomes of the country.
WORLD = (*STACKS, "US cost", "CN cost", "US retention", "CN retention")
READINGS = (*WORLD, *(f"{COUNTRY} {name}" for name in OUTCOMES))


@dataclass(frozen=True)
class Row:
    """What a change does to a reading: its usual value, the mean difference with its 95 % interval over worlds, and in
    how many of the worlds the difference has that sign.
    """

    change: str
    reading: str
    usual: float
    mean: float
    low: float
    high: float
    holds: int
    worlds: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def read(simulation: Simulation) -> np.ndarray:
    """Return the readings of every run, (runs, readings)."""
    results = simulation.results
    records = Records.of_simulation(simulation)
    shares = end_shares(results)
    cost, kept = (INDICATORS[name].everywhere(records)[:, :2] for name in ("cost", "retention"))
    place = np.array([list(simulation.inputs.iso3).index(COUNTRY)])
    own = outcomes_of(simulation, place)[:, YEAR - simulation.years[0], 0].astype(float)
    world = np.stack([shares[stack] for stack in STACKS], axis=-1)
    return np.concatenate([world, cost, kept, own], axis=-1)


def measure(worlds: int = WORLDS, each_january: Callable[[], None] | None = None) -> dict[str, np.ndarray]:
    """Return the readings of the status quo and of every change, (worlds, readings)."""
    base, options = Scenario.load("baseline"), {"seed": SEED, "each_january": each_january}
    return {
        name: run_variants(base, [Variant(tuple(map(str, levers)))] * worlds, range(worlds), read, **options)
        for name, levers in {USUAL: (), **CHANGES}.items()
    }


def rows_of(found: Mapping[str, np.ndarray]) -> list[Row]:
    """Return a row for each change and reading."""
    rows = []
    for change in CHANGES:
        for column, reading in enumerate(READINGS):
            usual, moved = found[USUAL][:, column], found[change][:, column]
            gaps = (moved - usual)[np.isfinite(moved - usual)]
            mean, low, high = (float(value) for value in paired_interval(gaps))
            holds = int((np.sign(gaps) == np.sign(mean)).sum())
            rows.append(Row(change, reading, float(np.nanmean(usual)), mean, low, high, holds, len(gaps)))
    return rows


def store(rows: list[Row], about: Mapping[str, str], path: Path = STORED) -> None:
    """Write the rows to a table that begins with comment lines: what they were measured with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in about.items())
        writer = csv.writer(file, lineterminator="\n")
        names = [one.name for one in fields(Row)]
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)
    stored.cache_clear()


@lru_cache(maxsize=2)
def stored(path: Path = STORED) -> tuple[tuple[Row, ...], dict[str, str]]:
    """Return the stored rows, and what they were measured with. Without a file both are empty."""
    if not path.is_file():
        return (), {}
    lines = path.read_text(encoding="utf-8").splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    rows = []
    for row in csv.DictReader(line for line in lines if not line.startswith("# ")):
        numbers = {name: float(row[name]) for name in ("usual", "mean", "low", "high")}
        rows.append(Row(row["change"], row["reading"], **numbers, holds=int(row["holds"]), worlds=int(row["worlds"])))
    return tuple(rows), {name: about[name] for name in (*ABOUT, "worlds") if name in about}


def row(change: str, reading: str, path: Path = STORED) -> Row | None:
    """Return the stored row of a change and a reading; None where there is none."""
    return next((one for one in stored(path)[0] if (one.change, one.reading) == (change, reading)), None)
