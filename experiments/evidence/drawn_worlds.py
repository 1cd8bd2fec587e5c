"""What the kinds of worlds look like beside each other, and how much of their spread is luck.

The declared values, the worlds that history does not rule out and worlds drawn over every judged range are run with the
same luck. Plausible worlds are run twice, each time with other luck: what the two runs of a world differ by is luck,
the rest of the spread is what the worlds differ by.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stackcraft.experiments.statistics import quantiles
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.variants import Variant
from stackcraft.model.worlds import DEFAULT, KINDS, PLAUSIBLE, parameters

STORED = Path(__file__).with_suffix(".csv")
WORLDS, SEED = 64, 2025
QUANTILES = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
COUNTED = ("announced_bn", "cancelled_deals", "signed_deals", "nothing_bought", "tenders", "coercion_events")
WEIGHTS = {"": "every country counting the same", "gdp": "weighted by GDP", "low_income": "in low-income countries"}
HEADLINE = f"installed share of US at the end, {WEIGHTS['']}"
COLUMNS = ("what", *(f"{kind}_{name}" for kind in KINDS for name in QUANTILES), "luck")


def readings(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return what is read of every run, (run,): shares at the end; money, failures and conflict a year or as shares."""
    results = simulation.results
    years, last = results.sizes["year"] - 1, results.isel(year=-1)
    total = {name: results[name].sum("year") for name in COUNTED}
    cancelled, signed = (total[name].sum("stack") for name in ("cancelled_deals", "signed_deals"))
    weights = {
        "": None,
        "gdp": simulation.inputs.gdp,
        "low_income": np.asarray(simulation.inputs.income_group == 0, float),
    }
    found = {}
    for stack in ("US", "CN", "independent"):
        everywhere = last["installed"].sel(stack=stack).mean("layer")
        for weight, words in WEIGHTS.items():
            of = (
                None
                if weights[weight] is None
                else everywhere.copy(data=np.broadcast_to(weights[weight], everywhere.shape))
            )
            share = everywhere.mean("country") if of is None else (everywhere * of).sum("country") / of.sum("country")
            found[f"installed share of {stack} at the end, {words}"] = share
    for stack in ("US", "CN"):
        for layer in ("cloud", "models"):
            share = last["installed"].sel(stack=stack, layer=layer).mean("country")
            found[f"installed share of {stack} at the end, {layer}"] = share
    found |= {
        "US value announced, bn$ a year": total["announced_bn"].isel(stack=0) / years,
        "value announced, all stacks, bn$ a year": total["announced_bn"].sum("stack") / years,
        "deals cancelled over deals signed": cancelled / signed,
        "tenders that buy nothing": total["nothing_bought"] / total["tenders"],
        "demand at the end, bn$ a year": last["demand"].sum(("country", "layer")),
        "capacity over demand at the end": last["capacity"].sum(("country", "layer"))
        / last["demand"].sum(("country", "layer")),
    }
    for home in range(2):
        name = str(results["home"].values[home])
        found[f"coercion a year, {name}"] = total["coercion_events"].isel(home=home) / years
    return {name: np.asarray(values.values, float) for name, values in found.items()}


@dataclass(frozen=True)
class Row:
    """One reading: its quantiles over runs of each kind of worlds, and the share of the plausible spread that is luck.

    `luck` is a share of the variance, 0 to 1; NaN where nothing varies.
    """

    what: str
    default: tuple[float, ...]
    plausible: tuple[float, ...]
    raw: tuple[float, ...]
    luck: float

    @property
    def central(self) -> bool:
        """Whether the default's median lies in the middle half of the plausible worlds."""
        return self.plausible[1] <= self.default[2] <= self.plausible[3]


def measure(
    worlds: int = WORLDS,
    seed: int = SEED,
    *,
    scenario: Scenario | None = None,
    each_january: Callable[[], object] | None = None,
    threads: int | None = None,
) -> list[Row]:
    """Run so many worlds of each kind with the same luck, the plausible ones twice, and return a row a reading."""
    base, first, second = scenario or Scenario.load("baseline"), range(worlds), range(worlds, 2 * worlds)

    def run(kind: str, luck: Iterable[int]) -> dict[str, np.ndarray]:
        return run_variants(
            base, [Variant()] * worlds, luck, readings, parameters=parameters(kind, first), seed=seed, threads=threads,
            each_january=each_january,
        )  # fmt: skip

    found = {kind: run(kind, first) for kind in KINDS}
    again = run(PLAUSIBLE, second)
    spans = {kind: {name: _quantiles(values) for name, values in of.items()} for kind, of in found.items()}
    return [
        Row(name, *(spans[kind][name] for kind in KINDS), luck_share(found[PLAUSIBLE][name], again[name]))
        for name in found[DEFAULT]
    ]


def _quantiles(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(end) for end in quantiles(values, tuple(QUANTILES.values())))


def luck_share(first: np.ndarray, second: np.ndarray) -> float:
    """Return the share of the variance that is luck, from two runs of each world, (worlds,) each; NaN if none varies.

    Half the mean square of what the two runs of a world differ by, over the variance of all runs.
    """
    known = np.isfinite(first) & np.isfinite(second)
    luck = np.mean((first[known] - second[known]) ** 2) / 2 if known.any() else np.nan
    whole = np.mean([np.var(values[known], ddof=1) for values in (first, second)]) if known.sum() > 1 else 0.0
    return float(min(luck / whole, 1.0)) if whole > 0 else float("nan")


def store(rows: list[Row], about: Mapping[str, str], path: Path = STORED) -> None:
    """Write rows to a table that begins with comment lines: what they were measured with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in about.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            numbers = (*row.default, *row.plausible, *row.raw, row.luck)
            writer.writerow((row.what, *(f"{value:.6g}" for value in numbers)))


def stored(path: Path = STORED) -> tuple[list[Row], dict[str, str]]:
    """Return the stored rows, and what they were measured with. Without a file both are empty."""
    if not path.is_file():
        return [], {}
    lines = path.read_text(encoding="utf-8").splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    table, rows = csv.DictReader(line for line in lines if not line.startswith("# ")), []
    if tuple(table.fieldnames or ()) != COLUMNS:
        return [], {}  # another version's
    for row in table:
        spans = [tuple(float(row[f"{kind}_{name}"]) for name in QUANTILES) for kind in KINDS]
        rows.append(Row(row["what"], *spans, float(row["luck"])))
    return rows, about


def summary(rows: list[Row]) -> str:
    """Say for how many outputs the default is in the middle half, and how much of the spread is luck."""
    central, luck = sum(row.central for row in rows), np.nanmedian([row.luck for row in rows])
    return (
        f"The default lies in the middle half of the plausible worlds in {central} of {len(rows)} outputs. Of the "
        f"spread of an output over plausible worlds {100 * luck:.0f} % is luck (the median over outputs of the share "
        "of variance); the rest is what the worlds differ by."
    )


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown."""

    def words(values: tuple[float, ...]) -> str:
        low, _, middle, _, high = (f"{value:.3g}" for value in values)
        return f"{middle} ({low} to {high})"

    lines = [f"| median (5 to 95 %) | {' | '.join(KINDS)} | of which luck |", f"|---|{'---|' * (len(KINDS) + 1)}"]
    spans = [(row, " | ".join(words(getattr(row, kind)) for kind in KINDS)) for row in rows]
    return "\n".join([*lines, *(f"| {row.what} | {said} | {100 * row.luck:.0f} % |" for row, said in spans)])
