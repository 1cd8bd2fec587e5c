"""Measure the claims of the policy debate: effect, in how many worlds the sign holds, and what carries it.

For each claim the lever is moved from low to high under the same luck, in worlds that history does not rule out.
`effect` is the mean over worlds, with a 95 % interval over them; `agreement` is the share of worlds in which the sign
is the claimed one (the mean of `REPLICATES` pairs of runs in each); `effect_off` is the effect with the carrying
submodel switched off, which should be half or less. The verdict follows from the agreement. Where the model disagrees
with a claim, it says so.
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
from stackcraft.experiments.statistics import paired_interval, share_interval
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant
from stackcraft.model.worlds import PLAUSIBLE, parameters

WORLDS, FULL_WORLDS = 40, 100
REPLICATES = 2  # pairs of runs in a world
CARRIER_WORLDS = 32  # of them, in which the carrier is switched off as well
SEED = 2025
UNTIL = 2036  # eleven years: long enough for a deal to be built and held for five years
STORED = Path(__file__).parent / "claim_tests.csv"
ABOUT = ("version", "commit", "uncommitted_changes", *RESTS_ON)
# The share of worlds from which a verdict is given, the highest first.
VERDICTS = {"holds": 0.9, "mostly holds": 0.75, "open": 0.25, "mostly fails": 0.1, "fails": 0.0}
NOT_MEASURED = "not measured"
NOT_CARRIED = ", but mostly not through its carrier"


@dataclass(frozen=True)
class Row:
    """One claim as measured in `worlds` worlds, those in which there was something to read, with `runs` runs of a side.

    `low` and `high` bound the 95 % interval of `effect`; None where there is nothing to say. `up` and `down` are the
    effects on the readings `upside` and `downside`.
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

    @property
    def agreement_interval(self) -> tuple[float, float]:
        """The 95 % interval of `agreement` (Wilson's)."""
        return share_interval(round((self.agreement or 0.0) * self.worlds), self.worlds)


def run(
    name: str | None = None,
    *,
    note: Callable[[str], None] | None = None,
    worlds: int = WORLDS,
    seed: int = SEED,
    threads: int | None = None,
    world: str = "world",
    until: int = UNTIL,
    claims: Sequence[Claim] = CLAIMS,
) -> list[Row]:
    """Measure all claims, or those of one claim or lever `name`, in so many worlds, on `world` until January `until`.

    Raises `InputError` with the nearest name if nothing goes by `name`.
    """
    chosen = select(name, claims)
    if worlds < 2:
        raise InputError(f"--worlds {worlds} gives no interval; give at least 2")
    base, of_worlds = base_of(world, until), parameters(PLAUSIBLE, range(worlds))
    readings = run_cells(cells_of(chosen, worlds), base=base, seed=seed, worlds=of_worlds, threads=threads, note=note)
    return [measure(claim, readings, worlds) for claim in chosen]


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


def cells_of(claims: Iterable[Claim], worlds: int) -> list[Cell]:
    """Every run that the claims need."""
    return [
        Cell(setting, replicate, world)
        for claim in claims
        for off, number, of in (((), worlds, REPLICATES), (claim.carrier, _with_carrier_off(worlds), 1))
        for setting in claim.sides(*off)
        for world in range(number)
        for replicate in _replicates(world)[:of]
    ]


def _replicates(world: int) -> range:
    """The luck of the pairs of runs in a world: no other world has it."""
    return range(REPLICATES * world, REPLICATES * (world + 1))


def _with_carrier_off(worlds: int) -> int:
    return min(worlds, CARRIER_WORLDS)


def measure(claim: Claim, readings: Readings, worlds: int) -> Row:
    """A claim's row from the readings of its runs."""
    low, high = claim.sides()

    def effects(name: str) -> np.ndarray:
        """The mean effect in each world that has a value, (worlds,)."""
        pairs = np.stack([_pairs(readings, low, high, name, world, REPLICATES) for world in range(worlds)])
        number = np.isfinite(pairs).sum(axis=1)
        return np.nansum(pairs, axis=1)[number > 0] / number[number > 0]

    moved = effects(claim.metric)  # a world in which there is nothing to read says nothing
    effect, *bounds = paired_interval(moved)
    off = claim.sides(*claim.carrier)
    without = np.concatenate(
        [_pairs(readings, *off, claim.metric, world, 1) for world in range(_with_carrier_off(worlds))]
    )
    agreement = float((np.sign(moved) == claim.sign).mean()) if moved.size else None
    return Row(
        claim=claim.claim,
        lever=claim.lever,
        metric=claim.metric,
        effect=effect,
        low=_known(bounds[0]),
        high=_known(bounds[1]),
        agreement=agreement,
        effect_off=_mean(without),
        verdict=verdict(effect, _mean(without), agreement),
        sentence=claim.sentence,
        unit=READINGS[claim.metric].unit,
        sign=claim.sign,
        carrier=" ".join(claim.carrier),
        upside=claim.upside,
        up=_mean(effects(claim.upside)) if claim.upside else None,
        downside=claim.downside,
        down=_mean(effects(claim.downside)) if claim.downside else None,
        runs=worlds * REPLICATES,
        worlds=len(moved),
    )


def verdict(effect: float, without: float, agreement: float | None) -> str:
    """What the measurement says about the claim, in a few words."""
    if agreement is None:
        return NOT_MEASURED
    words = next(words for words, least in VERDICTS.items() if agreement >= least)
    carried = abs(without) <= 0.5 * abs(effect)
    return words if carried or agreement < VERDICTS["mostly holds"] else f"{words}{NOT_CARRIED}"


def tally(rows: Iterable[Row]) -> dict[str, int]:
    """How many claims have each of `VERDICTS`, or were not measured; a reservation after a comma does not count."""
    found = dict.fromkeys((*VERDICTS, NOT_MEASURED), 0)
    for row in rows:
        found[row.verdict.partition(",")[0]] += 1
    return found


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _pairs(readings: Readings, low: Variant, high: Variant, name: str, world: int, number: int) -> np.ndarray:
    """The first effects in a world, (number,): high less low, run by run."""
    chosen = _replicates(world)[:number]
    return readings.values(high, name, chosen, world) - readings.values(low, name, chosen, world)


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
