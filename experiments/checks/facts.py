"""The facts matter: one cell changed in a copy of the tables changes their hash and that country's results."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

import numpy as np

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, equal
from stackcraft.model import Simulation
from stackcraft.model.tables import folder_of

# Political stability enters Kenya's cost of capital and nothing of anybody else.
COUNTRY, COLUMN, VALUE = "KEN", "wgi_political_stability", "0.9"


def checks(threads=None):
    """Kenya's political stability, on the real facts."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "world"
        shutil.copytree(folder_of("world"), copy)
        same, here, elsewhere = compared("world", copy, COUNTRY, threads)
        yield equal(
            "facts", "a copy", "differences of a copy of the facts: hash, measures", int(not same) + here + elsewhere
        )
        old = change_cell(copy / "countries.csv", COUNTRY, COLUMN, VALUE)
        same, here, elsewhere = compared("world", copy, COUNTRY, threads)
    words = f"{COLUMN} of {COUNTRY}: {old} to {VALUE}"
    yield equal("facts", "hash", "1 if the hash of the facts is the same after one cell changed", int(same), words)
    yield at_least("facts", "results", f"measures of {COUNTRY} that changed in the first two years", here, 1, words)
    yield equal(
        "facts", "the others' start", "other countries of which anything differed on the first day", elsewhere, words
    )


def change_cell(path: Path, country: str, column: str, value: str) -> str:
    """Write `value` into one cell and return what stood there."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["iso3"] == country)
    old, row[column] = row[column], value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return old


def compared(first: str | Path, second: str | Path, country: str, threads=None) -> tuple[bool, int, int]:
    """(same hash, measures of the country that differ, other countries that differ on the first day)."""
    scenario = status_quo(years=(2025, 2027))
    results = []
    for world in (first, second):
        with Simulation(scenario.with_changes(world=str(world)), runs=2, seed=9, threads=threads).run() as simulation:
            results.append(simulation.results.load())
    a, b = results
    here, others = 0, set()
    for name in a.data_vars:
        if "country" not in a[name].dims:
            continue
        one, two = (array[name].sel(country=country).values for array in results)
        here += int(not np.array_equal(one, two, equal_nan=True))
        day = [array[name].isel(year=0).transpose("country", ...).values for array in results]
        unlike = [i for i in range(len(day[0])) if not np.array_equal(day[0][i], day[1][i], equal_nan=True)]
        others |= {str(a.country.values[i]) for i in unlike} - {country}
    return a.attrs["facts_hash"] == b.attrs["facts_hash"], here, len(others)
