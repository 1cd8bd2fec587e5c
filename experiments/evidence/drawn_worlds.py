"""What worlds drawn over the plausible ranges look like beside the default: a draw of absurd worlds says nothing.

Each world has its own value of every judged parameter; the default is run as often, so that what luck alone scatters
can be told from what the parameters do.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stackcraft.experiments.variants import hypercube, run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.parameters import defaults
from stackcraft.model.variants import Variant

STORED = Path(__file__).with_suffix(".csv")
WORLDS, SEED = 40, 2025
QUANTILES = (0.05, 0.5, 0.95)
COUNTED = ("announced_bn", "cancelled_deals", "signed_deals", "nothing_bought", "tenders", "coercion_events")
COLUMNS = ("what", *(f"{which}_{name}" for which in ("default", "worlds") for name in ("p05", "median", "p95")))


def readings(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return what is read of every run, (run,): money, failures and conflict a year or as shares; shares at the end."""
    results = simulation.results
    years = results.sizes["year"] - 1
    total = {name: results[name].sum("year") for name in COUNTED}
    cancelled, signed = (total[name].sum("stack") for name in ("cancelled_deals", "signed_deals"))
    found = {
        "US value announced, bn$ a year": total["announced_bn"].isel(stack=0) / years,
        "value announced, all stacks, bn$ a year": total["announced_bn"].sum("stack") / years,
        "deals cancelled over deals signed": cancelled / signed,
        "tenders that buy nothing": total["nothing_bought"] / total["tenders"],
    }
    for home in range(2):
        name = str(results["home"].values[home])
        found[f"coercion a year, {name}"] = total["coercion_events"].isel(home=home) / years
    for stack in ("US", "CN"):
        shares = results["installed"].sel(stack=stack).isel(year=-1)
        found[f"installed share of {stack} at the end"] = shares.mean(("country", "layer"))
    return {name: np.asarray(values.values, float) for name, values in found.items()}


@dataclass(frozen=True)
class Row:
    """One reading: its 5 %, 50 % and 95 % quantiles over runs of the default and over worlds."""

    what: str
    default: tuple[float, ...]
    worlds: tuple[float, ...]


def measure(
    worlds: int = WORLDS,
    seed: int = SEED,
    *,
    scenario: Scenario | None = None,
    each_january: Callable[[], object] | None = None,
    threads: int | None = None,
) -> list[Row]:
    """Run as many drawn worlds as runs of the default, with the same luck, and return a row a reading."""
    base = scenario or Scenario.load("baseline")
    parameters = np.concatenate([defaults(worlds), hypercube(worlds, seed)])
    luck = list(range(worlds)) * 2
    found = run_variants(
        base, [Variant()] * len(luck), luck, readings, parameters=parameters, threads=threads, each_january=each_january
    )
    return [
        Row(name, *(tuple(np.nanquantile(part, QUANTILES).tolist()) for part in np.split(values, 2)))
        for name, values in found.items()
    ]


def store(rows: list[Row], about: Mapping[str, str], path: Path = STORED) -> None:
    """Write rows to a table that begins with comment lines: what they were measured with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in about.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow((row.what, *(f"{value:.6g}" for value in (*row.default, *row.worlds))))


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown."""

    def words(values: tuple[float, ...]) -> str:
        low, middle, high = (f"{value:.3g}" for value in values)
        return f"{middle} ({low} to {high})"

    lines = ["| median (5 to 95 %) | default | worlds |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.what} | {words(row.default)} | {words(row.worlds)} |" for row in rows)])
