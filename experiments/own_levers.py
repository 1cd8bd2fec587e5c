"""What a country's own levers do for it: each at its lowest and its highest value, from the first January on.

`python -m stackcraft.experiments.own_levers IDN KEN` prints the table, after four and ten years. Every end is compared
with the country as it stands under the same luck; all that the country does otherwise, and all other actors, stay.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.agents.countries import code_of
from stackcraft.agents.declare import Declaration
from stackcraft.agents.levers import IMPORTER
from stackcraft.experiments.live.moves import LEVER, Change, has_ends, no_change
from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.inputs import load_inputs
from stackcraft.model.variants import Variant, crossed

RUNS, YEARS, SEED = 32, (4, 10), 1
AT_ONCE = 192  # runs side by side


def _share(stack: int) -> Callable[[np.ndarray, int], np.ndarray]:
    """Percent of what is installed in a country that is a stack's, layers weighed by what they are worth."""

    def read(row: np.ndarray, c: int) -> np.ndarray:
        capacity = row["capacity"][:, c].astype(float)
        held = (row["installed"][:, c, :, stack] * capacity).sum(axis=1)
        return 100.0 * held / np.maximum(capacity.sum(axis=1), 1e-12)

    return read


# What is read of a country, from a row of the yearbook (runs,) and its place: (runs,).
OUTCOMES: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "US %": _share(0),
    "CN %": _share(1),
    "independent %": _share(2),
    "second stack, % of layers": lambda row, c: 100.0 * row["multihoming"][:, c],
    "control, 0-100": lambda row, c: 100.0 * row["sovereignty"][:, c],
    "in use, bn$ a year": lambda row, c: row["used"][:, c].sum(axis=1, dtype=float),
    "spent, bn$ a year": lambda row, c: row["private_spend_bn"][:, c] + row["policy_cost_bn"][:, c],
    "welfare, bn$ a year": lambda row, c: row["welfare"][:, c].astype(float),
}


@dataclass(frozen=True)
class Effect:
    """What one end of a lever does to one outcome after so many years: mean of paired differences, 95 % interval."""

    country: str
    lever: str
    end: str
    years: int
    outcome: str
    mean: float
    low: float
    high: float
    usual: float  # the outcome where the lever is left alone

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def ends(lever: Declaration, country: str) -> dict[str, tuple[str, ...]]:
    """Return the assignments that put a lever of a country at its ends; empty for one without ends."""
    if lever.simplex or not has_ends(lever):
        return {}
    return {f"{value:g}": (f"{country}.{lever.name}={value:g}",) for value in (lever.low, lever.high)}


def own_levers(
    country: str,
    base: Scenario | None = None,
    *,
    runs: int = RUNS,
    years: Sequence[int] = YEARS,
    levers: Iterable[str] | None = None,
    seed: int = SEED,
    threads: int | None = None,
) -> list[Effect]:
    """Return what each end of each of a country's levers does to it. Raises `InputError` for what is not known."""
    base = base or Scenario.load("baseline")
    base = base.with_changes(years=(base.years[0], base.years[0] + max(years)))
    importers = load_inputs(base.world, peer_graph=base.peer_graph).iso3
    place = list(importers).index(code_of(country, importers))
    chosen = IMPORTER.names if levers is None else tuple(levers)
    moves = {
        (name, end): Variant(assignments)
        for name in chosen
        for end, assignments in ends(IMPORTER[name], importers[place]).items()
    }
    changes = [Change(LEVER, name, end, levers=one.levers) for (name, end), one in moves.items()]
    idle = dict(zip(moves, no_change(base, changes), strict=True))  # an end at which the lever stands: nothing to run
    played = [Variant(), *(one for name, one in moves.items() if not idle[name])]
    tables = dict(zip(played, _outcomes(played, base, place, runs, years, seed, threads), strict=True))
    usual, found = tables[Variant()], []
    for (name, end), one in moves.items():
        table = tables.get(one, usual)
        for at, after in enumerate(years):
            for column, outcome in enumerate(OUTCOMES):
                before = usual[:, at, column]
                mean, low, high = paired_interval(table[:, at, column] - before)
                values = (mean, low, high, float(before.mean()))
                found.append(Effect(importers[place], name, end, after, outcome, *values))
    return found


def _outcomes(
    variants: Sequence[Variant], base: Scenario, place: int, runs: int, years: Sequence[int], seed: int, threads: int
) -> np.ndarray:
    """Outcomes of one country, (variants, runs, years, outcomes)."""

    def read(simulation: Simulation) -> np.ndarray:
        book = simulation.world.book
        table = [[outcome(book[:, after], place) for outcome in OUTCOMES.values()] for after in years]
        return np.moveaxis(np.array(table), -1, 0)

    which, replicates = crossed(variants, range(runs))
    pieces = []
    for start in range(0, len(which), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        pieces.append(run_variants(base, which[part], replicates[part], read, seed=seed, threads=threads))
    return np.concatenate(pieces).reshape(len(variants), runs, len(years), len(OUTCOMES))


def as_text(effects: Sequence[Effect]) -> str:
    """Return the effects as a table, a line an end: mean and half the interval of each, `*` where clear."""
    lines = [" | ".join((f"{'country lever=end, years':38}", *(f"{outcome:>19}" for outcome in OUTCOMES)))]
    rows: dict[tuple, list[Effect]] = {}
    for one in effects:
        rows.setdefault((one.country, one.lever, one.end, one.years), []).append(one)
    for (country, lever, end, years), own in rows.items():
        cells = [
            f"{one.mean:+9.3g} ±{0.5 * (one.high - one.low):7.2g}{'*' if one.clear else ' '}".rjust(19) for one in own
        ]
        lines.append(" | ".join((f"{country} {lever}={end}, {years}".ljust(38), *cells)))
    return "\n".join(lines)


def main() -> None:
    """Print the tables of the countries named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countries", nargs="+")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--levers", nargs="*", default=None)
    parser.add_argument("--threads", type=int, default=None)
    given = parser.parse_args()
    for country in given.countries:
        print(as_text(own_levers(country, runs=given.runs, levers=given.levers, threads=given.threads)), flush=True)


if __name__ == "__main__":
    main()
