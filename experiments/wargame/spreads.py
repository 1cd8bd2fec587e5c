"""How far the library's policies move what seats are scored by, and how much luck moves it: the scale of scores.

`python -m stackcraft.experiments.wargame.spreads` prints a table, some two minutes of one core. Each strategy of the
library is given in full, as a seat's orders, from the first January on, and compared with a world of the same luck in
which nobody gives an order. The spread of a measure is the standard deviation of the policies' mean differences, the
status quo among them; its luck is the standard deviation of one run's difference, the median over policies. Of blocs
the mean is taken. What comes out is declared in `scores.MEASURES`, rounded.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from stackcraft.experiments.variants import run_variants
from stackcraft.experiments.wargame import plans, rules, scores
from stackcraft.experiments.wargame.effects import SCENARIO, SEED, measures_of
from stackcraft.experiments.wargame.seats import SEATS, SeatForm
from stackcraft.experiments.wargame.setup import start_of
from stackcraft.experiments.wargame.worlds import Levers, book_of
from stackcraft.model import Scenario, Simulation
from stackcraft.model.variants import Variant, crossed

RUNS, YEARS = 12, (6, 12)
AT_ONCE = 96  # runs side by side


def policies(seat: SeatForm, levers: Levers) -> dict[str, Variant]:
    """Return the library's strategies for a seat as variants, by name, the status quo first."""
    alone = (seat.seat,)
    forms, start = rules.orders_of(seat.seat, alone), start_of(seat, alone, levers)
    found = {plans.STATUS_QUO: Variant()}
    for name in plans.strategies(seat.seat):
        if name not in plans.ANYBODY:
            texts: list[str] = []
            for order, value in plans.targets(seat.seat, name, alone).items():
                texts += rules.assignments(forms[order], seat, value, start=start.get(order))
            found[name] = Variant(tuple(texts))
    return found


def measure(seat: SeatForm, runs: int = RUNS, threads: int | None = 1) -> dict[str, tuple[float, float, float]]:
    """Return (spread after 6 years, after 12, luck after 6) of each measure of a seat."""
    world = Scenario.load(SCENARIO)
    first = world.years[0]
    world = world.with_changes(years=(first, first + YEARS[-1]))
    names, values = measures_of(seat.kind), {}
    variants = list(policies(seat, Levers(world)).values())
    step = max(1, AT_ONCE // runs)
    for start in range(0, len(variants), step):
        part = variants[start : start + step]
        for key, one in _played(world, part, seat, names, runs, threads).items():
            values.setdefault(key, []).extend(one)
    found = {}
    for name in names:
        apart = {years: np.array(values[(name, years)]) - values[(name, years)][0] for years in YEARS}
        spread = [float(apart[years].mean(axis=1).std()) for years in YEARS]
        luck = float(np.median(apart[YEARS[0]][1:].std(axis=1, ddof=1)))
        found[name] = (*spread, luck)
    return found


def _played(
    world: Any, variants: Sequence[Variant], seat: SeatForm, names: Sequence[str], runs: int, threads: int | None
) -> dict[tuple[str, int], list[np.ndarray]]:
    """Each measure under each variant after so many years: {(measure, years): [(runs,), ...]}."""

    def read(simulation: Simulation) -> dict[tuple[str, int], list[np.ndarray]]:
        found = {}
        for years in YEARS:
            book = book_of(simulation.world.book[:, : years + 1], simulation.inputs)
            for name, one in scores.measured(book, seat, names).items():
                found[(name, years)] = list(one.reshape(len(variants), runs))
        return found

    which, replicates = crossed(variants, range(runs))
    return run_variants(world, which, replicates, read, threads=threads, seed=SEED)


def table(runs: int = RUNS, threads: int | None = 1) -> list[tuple[str, str, float, float, float]]:
    """Return (measure, whose, spread after 6 years, after 12, luck) for homes and firms one by one, blocs together."""
    groups = {seat: [seat] for seat, form in SEATS.items() if form.kind != "bloc"}
    groups["bloc"] = [seat for seat, form in SEATS.items() if form.kind == "bloc"]
    lines = []
    for group, seats in groups.items():
        found = [measure(SEATS[seat], runs, threads) for seat in seats]
        for name in found[0]:
            spread = np.mean([one[name] for one in found], axis=0)
            lines.append((name, group, *(float(one) for one in spread)))
        print(f"{group}: {len(seats)} seats", file=sys.stderr, flush=True)
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, beside what is declared."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args(arguments)
    print(f"{'measure':16s} {'whose':8s} {'6 years':>8s} {'12 years':>8s} {'luck':>8s}   declared")
    for name, group, *numbers in table(given.runs):
        one, china = scores.find_measure(name), group.startswith("cn")
        spread, luck = (one.spread_cn, one.luck_cn) if china and one.spread_cn else (one.spread, one.luck)
        told = " ".join(f"{number:8.2f}" for number in numbers)
        print(f"{name:16s} {group:8s} {told}   {spread[0]:g} {spread[1]:g} {luck:g}")


if __name__ == "__main__":
    main()
