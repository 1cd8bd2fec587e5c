"""Measure the claims of the policy debate: effect, interval, how often the sign holds in other worlds, what carries it.

For each claim the lever is moved from low to high under the same luck. `effect` and its 95 % interval come from paired
runs at the default parameters; `agreement` is the share of worlds, drawn from the ranges of all judged parameters by a
Latin hypercube, in which the sign is the claimed one; `effect_off` is the effect with the carrying submodel switched
off, which should be half or less. Where the model disagrees with a claim, the verdict says so.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.evidence.claims import CLAIMS, Claim
from stackcraft.experiments.evidence.paired_runs import Cell, Readings, run_cells
from stackcraft.experiments.evidence.staleness import RESTS_ON
from stackcraft.experiments.readings import READINGS
from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.variants import hypercube
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

RUNS, WORLDS, SEED = 32, 40, 2025
FULL_WORLDS = 200
UNTIL = 2036  # eleven years: long enough for a deal to be built and held for five years
STORED = Path(__file__).parent / "claim_tests.csv"
ABOUT = ("version", "commit", "uncommitted_changes", *RESTS_ON)
VERDICTS = ("agrees", "disagrees", "no clear effect", "not measured")


@dataclass(frozen=True)
class Row:
    """One claim as measured. `low` and `high` bound the 95 % interval of `effect`; None where there is nothing to say.

    `up` and `down` are the effects on the readings `upside` and `downside`.
    """

    claim: str
    lever: str
    metric: str
    effect: float
    low: float | None
    high: float | None
    agreement: float | None
    effect_off: float | None
    verdict: str
    sentence: str = ""
    unit: str = ""
    sign: int = 1
    carrier: str = ""
    upside: str = ""
    up: float | None = None
    downside: str = ""
    down: float | None = None
    runs: int = 0
    worlds: int = 0


def run(
    name: str | None = None,
    *,
    note: Callable[[str], None] | None = None,
    runs: int = RUNS,
    seed: int = SEED,
    worlds: int = WORLDS,
    threads: int | None = None,
    world: str = "world",
    until: int = UNTIL,
    claims: Sequence[Claim] = CLAIMS,
) -> list[Row]:
    """Measure all claims, or those of one claim or lever `name`.

    `runs` paired runs at the defaults, one run in each of `worlds` drawn worlds (0: leave agreement out), on `world` to
    the January of `until`. Raises `InputError` with the nearest name if nothing goes by `name`.
    """
    chosen = select(name, claims)
    if runs < 2:
        raise InputError(f"--runs {runs} gives no interval; give at least 2")
    base = base_of(world, until)
    drawn = hypercube(worlds, seed) if worlds else None
    readings = run_cells(cells_of(chosen, runs, worlds), base=base, seed=seed, worlds=drawn, threads=threads, note=note)
    return [measure(claim, readings, runs, worlds) for claim in chosen]


def base_of(world: str, until: int) -> Scenario:
    """Return the scenario that claims change: the status quo of a world to the January of `until`."""
    return Scenario.load("baseline").with_changes(world=world, years=(2025, until))


def select(name: str | None, claims: Sequence[Claim] = CLAIMS) -> list[Claim]:
    """The claims that go by `name`: an identifier, or a lever (with or without its actor). All for None."""
    if name is None:
        return list(claims)
    lever = name.rpartition(".")[2]
    exact = [claim for claim in claims if claim.claim == name or claim.claim.split(" ")[0] == name]
    found = exact or [claim for claim in claims if lever in claim.lever.replace(",", " ").split()]
    if not found:
        options = {claim.claim for claim in claims} | {
            word for claim in claims for word in claim.lever.replace(",", " ").split()
        }
        raise unknown("claim or lever", name, sorted(options))
    return found


def cells_of(claims: Iterable[Claim], runs: int, worlds: int) -> list[Cell]:
    """Every run that the claims need."""
    cells = []
    for claim in claims:
        for off in ((), claim.carrier):
            for setting in claim.sides(*off):
                cells += [Cell(setting, replicate) for replicate in range(runs)]
        for setting in claim.sides():
            cells += [Cell(setting, 0, world) for world in range(worlds)]
    return cells


def measure(claim: Claim, readings: Readings, runs: int, worlds: int) -> Row:
    """A claim's row from the readings of its runs."""
    low, high = claim.sides()
    pairs = _pairs(readings, low, high, claim.metric, runs)
    effect, *bounds = paired_interval(pairs)
    without = _mean(_pairs(readings, *claim.sides(*claim.carrier), claim.metric, runs))
    agreement = None
    if worlds:
        moved = np.array([_pairs(readings, low, high, claim.metric, 1, world)[0] for world in range(worlds)])
        known = moved[np.isfinite(moved)]  # a world in which there is nothing to read says nothing
        agreement = float((np.sign(known) == claim.sign).mean()) if known.size else None
    extra = {
        "upside": claim.upside,
        "up": _mean(_pairs(readings, low, high, claim.upside, runs)) if claim.upside else None,
        "downside": claim.downside,
        "down": _mean(_pairs(readings, low, high, claim.downside, runs)) if claim.downside else None,
    }
    return Row(
        claim=claim.claim,
        lever=claim.lever,
        metric=claim.metric,
        effect=effect,
        low=_known(bounds[0]),
        high=_known(bounds[1]),
        agreement=agreement,
        effect_off=without,
        verdict=verdict(claim.sign, effect, bounds, without, agreement),
        sentence=claim.sentence,
        unit=READINGS[claim.metric].unit,
        sign=claim.sign,
        carrier=" ".join(claim.carrier),
        runs=runs,
        worlds=worlds,
        **extra,
    )


def verdict(sign: int, effect: float, bounds: Sequence[float], without: float, agreement: float | None) -> str:
    """What the measurement says about the claim, in a few words."""
    low, high = bounds
    if not np.isfinite([low, effect]).all():
        return "not measured"
    if low <= 0 <= high:
        return "no clear effect"
    if np.sign(effect) != sign:
        return "disagrees"
    words = "agrees"
    if abs(without) > 0.5 * abs(effect):
        words += ", but mostly not through its carrier"
    if agreement is not None and agreement < 0.5:
        words += f", {'and' if 'but' in words else 'but'} in few other worlds"
    return words


def tally(rows: Iterable[Row]) -> dict[str, int]:
    """How many claims have each of `VERDICTS`; those with a reservation ("agrees, but ...") count as agreeing."""
    found = dict.fromkeys(VERDICTS, 0)
    for row in rows:
        found[row.verdict.partition(",")[0]] += 1
    return found


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _pairs(readings: Readings, low: Variant, high: Variant, name: str, runs: int, world: int = -1) -> np.ndarray:
    return readings.values(high, name, runs, world) - readings.values(low, name, runs, world)


def _mean(pairs: np.ndarray) -> float:
    """Mean of the pairs that have a value; 0 where none has: nothing is left to measure."""
    known = pairs[np.isfinite(pairs)]
    return float(known.mean()) if known.size else 0.0


# the last full measurement, kept with the project


def store(rows: Sequence[Row], path: Path = STORED, *, about: dict[str, str]) -> None:
    """Write the rows to a CSV file, each with what it was measured with: `about` has a text for each of `ABOUT`."""
    names = [one.name for one in fields(Row)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*names, *ABOUT])
        for row in rows:
            writer.writerow([*(_cell(getattr(row, name)) for name in names), *(about[name] for name in ABOUT)])


def stored(path: Path = STORED) -> tuple[list[Row], dict[str, str]]:
    """Return the rows of the last full measurement, and what they were measured with.

    Without a file both are empty.
    """
    if not path.is_file():
        return [], {}
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    about = {name: table[0][name] for name in ABOUT if table[0].get(name)} if table else {}
    numbers = {"effect", "low", "high", "agreement", "effect_off", "up", "down"}
    rows = []
    for line in table:
        values = {}
        for one in fields(Row):
            text = line[one.name]
            if one.name in numbers:
                values[one.name] = float(text) if text else None
            elif one.name in ("sign", "runs", "worlds"):
                values[one.name] = int(text)
            else:
                values[one.name] = text
        rows.append(Row(**values))
    return rows, about


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value
