"""The figures that `CALIBRATION.md` says are reached, on the status quo of the real facts: how each is counted.

Targets and what was done about them are in the notes; `make remeasure` measures the figures, stores them and writes
them into the notes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from stackcraft.experiments.leads import leads
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.codes import CHIPS, CLOUD, LEGACY, OPERATED, OPERATING, SOLD

STORED = Path(__file__).with_suffix(".csv")
NOTES = Path(__file__).with_name("CALIBRATION.md")
COUNTED = (
    "tenders",
    "nothing_bought",
    "renewed_deals",
    "switched_deals",
    "cloud_switches",
    "cloud_contracts",
    "coercion_events",
)
US, SUPPLY, SECURITY = 0, 0, 1


def figures(simulation: Simulation) -> Iterator[tuple[str, float]]:
    """Yield (what, value) of a simulation at its last year: means over runs, rates a year, shares of 1."""
    results = simulation.results
    years = results.sizes["year"] - 1
    total = {name: results[name].sum("year") for name in COUNTED}
    for home in range(2):
        name = str(results["home"].values[home])
        yield f"coercion a year, {name}", float((total["coercion_events"].isel(home=home) / years).mean())
    yield "tenders that buy nothing", float((total["nothing_bought"] / total["tenders"]).mean())
    kept, lost = total["renewed_deals"].sum("stack"), total["switched_deals"].sum("stack")
    yield "renewals that keep the vendor", float((kept / (kept + lost)).mean())
    yield "cloud contracts that change hands a year", float((total["cloud_switches"] / total["cloud_contracts"]).mean())
    need = results["capacity"].isel(layer=CHIPS).sum("country") / results["demand"].isel(layer=CHIPS).sum("country")
    for place in sorted({min(5, years), years}):
        yield f"chips capacity over need, {int(results['year'][place])}", float(need.isel(year=place).mean())
    yield from use(simulation)
    feared, true = (results[name].isel(channel=SECURITY) for name in ("perceived_hazard", "true_hazard"))
    yield "breaches feared a year, at the start", float(feared.isel(year=0).mean())
    yield "breaches feared a year, at the end", float(feared.isel(year=-1).mean())
    for stack in range(results.sizes["stack"]):
        yield (
            f"breaches as they are a year, {results['stack'].values[stack]}",
            float(true.isel(year=-1, stack=stack).mean()),
        )
    yield "countries in which the race is open", float(leads(results.isel(year=[-1])).open_races().mean)


def use(simulation: Simulation, runs: Sequence[int] | None = None) -> Iterator[tuple[str, float]]:
    """Use of what operates at the end, by age and by how it was sold, over all runs or those at some positions."""
    chosen = slice(None) if runs is None else list(runs)
    state, countries = simulation.world.state, len(simulation.world.inputs.iso3)
    deals, month = simulation.world.deals[chosen, :countries], int(state["month"][0])
    operating = (state["stage"][chosen] == OPERATING)[:, :countries]
    cloud = np.zeros_like(operating)
    cloud[:, :, CLOUD] = True
    hyperscalers = operating & cloud & (deals["mode"] == OPERATED) & (deals["stack"] == US)
    yield "use of operated US cloud", _mean(deals["used"], hyperscalers)
    yield "use of operated US cloud, by capacity", _mean(deals["used"], hyperscalers, deals["capacity"])
    age = month - deals["operating"]
    young = operating & (deals["origin"] != LEGACY) & (age < 12)
    yield "use of sites under a year old", _mean(deals["used"], young)
    yield "of these, in use by less than 15 %", _mean(deals["used"] < 0.15, young)
    built = np.zeros_like(operating)
    built[:, :, [CHIPS, CLOUD]] = True
    yield (
        "use of sold chips and cloud over two years old",
        _mean(deals["used"], operating & built & (deals["mode"] == SOLD) & (age >= 24)),
    )


def _mean(values: np.ndarray, where: np.ndarray, weights: np.ndarray | None = None) -> float:
    if not where.any():
        return float("nan")
    return float(np.average(values[where], weights=None if weights is None else weights[where]))


def table(figures: Mapping[str, float]) -> str:
    """Return the figures as a table for the notes: rates and ratios as they are, shares and chances in per cent."""
    return "\n".join(
        ("| | reached |", "|---|---|", *(f"| {name} | {_said(name, figures[name])} |" for name in figures))
    )


def _said(name: str, value: float) -> str:
    if name.startswith("countries"):
        return f"{value:.0f}"
    return f"{value:.2f}" if name.startswith(("coercion", "chips capacity")) else f"{100 * value:.1f} %"


def store(figures: Mapping[str, float], scenario: Scenario, about: Mapping[str, str], path: Path = STORED) -> None:
    """Write figures to a table that begins with comment lines: what they were measured with."""
    first, last = scenario.years
    measured = {"runs": scenario.runs, "seed": scenario.seed, "years": f"{first}:{last}"}
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in {**about, **measured}.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("figure", "value"))
        writer.writerows((name, repr(value)) for name, value in figures.items())


def stored(path: Path = STORED) -> tuple[dict[str, float], dict[str, str]]:
    """Return the stored figures, and what they were measured with. Without a file both are empty."""
    if not path.is_file():
        return {}, {}
    lines = path.read_text(encoding="utf-8").splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    rows = csv.DictReader(line for line in lines if not line.startswith("# "))
    return {row["figure"]: float(row["value"]) for row in rows}, about
