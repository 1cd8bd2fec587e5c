"""What each order does to what its seat is scored by: the full move alone, from the first January on, measured.

`python -m stackcraft.experiments.wargame.effects` writes `effects.csv`, about five minutes on one core. Every order's
ends are compared with a world of the same luck in which nobody gives an order. Thoughtful bots, the price rule and the
balance read it; pages say from it what an order usually does.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.experiments.statistics import paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.experiments.wargame import rules, scores
from stackcraft.experiments.wargame.seats import SEATS, SeatForm
from stackcraft.experiments.wargame.setup import start_of
from stackcraft.experiments.wargame.worlds import Levers, book_of
from stackcraft.model import Scenario, Simulation
from stackcraft.model.variants import Variant, crossed

FILE = Path(__file__).with_name("effects.csv")
SCENARIO, YEARS, RUNS, SEED = "game-2025", 9, 16, 7
AT_ONCE = 8  # variants side by side
COLUMNS = ("seat", "order", "value", "steps", "measure", "mean", "low", "high", "luck")
LAYERS_TRIED = {"B6.cn": ["chips", "cloud", "models"], "B6.us": ["chips", "cloud", "models"], "B7": ["cloud", "models"]}


@dataclass(frozen=True)
class Effect:
    """What an order at a value does to a measure of its seat: mean of paired differences, interval, spread.

    `luck` is the standard deviation of the paired difference of one run: what a class that sees one world cannot tell.
    `steps` is how many the move has, below 0 if they go down; layers count one by one.
    """

    seat: str
    order: str
    value: str
    steps: int
    measure: str
    mean: float
    low: float
    high: float
    luck: float

    @property
    def shows(self) -> bool:
        """Whether the effect is larger than the luck of one world."""
        return abs(self.mean) > self.luck > 0

    @property
    def clear(self) -> bool:
        """Whether its interval leaves out nil."""
        return self.low > 0 or self.high < 0


def measures_of(kind: str) -> tuple[str, ...]:
    """The measures that seats of a kind are scored by, but for the capital left, which every order moves alike.

    After them come those that such seats only see.
    """
    scored = [name for name in scores.every_measure(kind) if name != "capital_left"]
    return (*scored, *(one.measure for one in scores.SEEN[kind]))


# measuring


def moves(seat: SeatForm, seats: tuple[str, ...], start: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every order of a seat with each value that is measured: ends of levels, options, switches, some layers."""
    for form in rules.orders_of(seat.seat, seats).values():
        now = start.get(form.order)
        if form.form == "level":
            ends = (form.low, form.high)
            yield from ((form.order, end) for end in ends if now is None or abs(end - now) > 1e-6)
        elif form.form == "choice":
            yield from ((form.order, option) for option in form.options)
        elif form.form == "switch":
            yield from ((form.order, value) for value in (0, 1) if value != now)
        elif form.order in LAYERS_TRIED:
            yield form.order, sorted({*LAYERS_TRIED[form.order], *(now or ())}, key=form.parts.index)


def measure(
    seats: Sequence[str], runs: int = RUNS, years: int = YEARS, threads: int | None = 1, say: bool = True
) -> list[Effect]:
    """Return the effect of every order of these seats on their own measures. Costs about 1.5 s an order and core."""
    world = Scenario.load(SCENARIO)
    world = world.with_changes(years=(world.years[0], world.years[0] + years))
    levers, found = Levers(world), []
    for name in seats:
        seat, alone = SEATS[name], (name,)
        start = start_of(seat, alone, levers)
        forms = rules.orders_of(name, alone)
        tried = [(None, None), *moves(seat, alone, start)]
        values: dict[str, list[np.ndarray]] = {}
        for first in range(0, len(tried), AT_ONCE):
            part = tried[first : first + AT_ONCE]
            variants = [
                Variant() if order is None else Variant(tuple(
                    rules.assignments(forms[order], seat, value, start=start.get(order))))
                for order, value in part
            ]  # fmt: skip
            for key, one in _played(world, variants, seat, runs, threads).items():
                values.setdefault(key, []).extend(one)
        for place, (order, value) in enumerate(tried[1:], 1):
            steps = _steps(forms[order], start.get(order), value)
            for key, by_variant in values.items():
                apart = by_variant[place] - by_variant[0]
                mean, low, high = paired_interval(apart)
                luck = float(apart.std(ddof=1))
                found.append(Effect(name, order, rules.label(forms[order], value), steps, key, mean, low, high, luck))
        if say:
            print(f"{name}: {len(tried) - 1} orders", file=sys.stderr, flush=True)
    return found


def _steps(form: rules.OrderForm, start: Any, value: Any) -> int:
    if form.form == "layers":
        return 1 if form.order == "B7" else len(set(value) - set(start or ()))
    return rules.steps(form, start, value)


def _played(world: Any, variants: Sequence[Variant], seat: SeatForm, runs: int, threads: int | None) -> dict[str, Any]:
    """Each measure of a seat under each variant: {measure: [(runs,), ...]}."""

    def read(simulation: Simulation) -> dict[str, list[np.ndarray]]:
        rows = simulation.world.book[:, : simulation.year - simulation.years[0] + 1]
        book = book_of(rows, simulation.inputs)
        values = scores.measured(book, seat, measures_of(seat.kind))
        return {name: list(one.reshape(len(variants), runs)) for name, one in values.items()}

    which, replicates = crossed(variants, range(runs))
    return run_variants(world, which, replicates, read, threads=threads, seed=SEED)


# reading


@cache
def stored(path: Path = FILE) -> tuple[Effect, ...]:
    """Return the effects measured last; empty if none were stored."""
    if not path.is_file():
        return ()
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return tuple(
        Effect(row["seat"], row["order"], row["value"], int(row["steps"]), row["measure"],
               *(float(row[name]) for name in ("mean", "low", "high", "luck")))
        for row in rows
    )  # fmt: skip


@cache
def of_seat(seat: str) -> dict[tuple[str, str], dict[str, Effect]]:
    """The stored effects of a seat's orders: (order, value as read) -> measure -> effect."""
    found: dict[tuple[str, str], dict[str, Effect]] = {}
    for one in stored():
        if one.seat == seat:
            found.setdefault((one.order, one.value), {})[one.measure] = one
    return found


def measured(seat: str) -> tuple[str, ...]:
    """The orders of a seat that were measured."""
    return tuple(dict.fromkeys(order for order, _ in of_seat(seat)))


def silent(seat: str) -> tuple[str, ...]:
    """The measured orders of a seat that moved nothing that it sees by more than the luck of one world."""
    loud = {order for (order, _), by_measure in of_seat(seat).items() if any(one.shows for one in by_measure.values())}
    return tuple(order for order in measured(seat) if order not in loud)


MOST_SHOWN = 2  # measures that a sentence names for each end
IN_MONEY = ("purse", "revenue")
IN_POINTS = (
    *("use", "poorest", "trust", "leverage", "retained", "firm_use", "buyers_control", "us_share", "cn_share"),
    *("bloc_use", "bloc_value", "bloc_control", "two_sources"),
)


@cache
def usual(seat: str, order: str) -> str | None:
    """Return what an order's full move did to its seat's measures when it was measured, in a sentence; None if nothing.

    For each value up to two measures whose interval leaves out nil, the largest in spreads first.
    """
    said = []
    for (name, value), by_measure in of_seat(seat).items():
        clear = [one for one in by_measure.values() if name == order and one.clear]
        clear.sort(key=lambda one: -abs(one.mean) / scores.find_measure(one.measure).spread_at(SEATS[seat], YEARS))
        shown = [
            f"{_title(one.measure)} {one.mean:+.1f}{_unit(one.measure)}"
            for one in clear[:MOST_SHOWN]
            if abs(one.mean) >= 0.05
        ]
        if shown:
            said.append(f"at {value}, {' and '.join(shown)}")
    if not said:
        return None
    return f"Measured alone, over {YEARS} years, mean over many lucks: {'; '.join(said)}."


def _unit(measure: str) -> str:
    return " bn $" if measure in IN_MONEY else " points" if measure in IN_POINTS else ""


def _title(measure: str) -> str:
    title = scores.find_measure(measure).title
    return title if title.startswith(("American", "Chinese")) else title.lower()


def write(effects: Sequence[Effect], path: Path = FILE) -> None:
    """Write effects as a table with a header that says how they were measured."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(f"# scenario: {SCENARIO}\n# years: {YEARS}\n# runs: {RUNS}\n# seed: {SEED}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in effects:
            numbers = [f"{value:.5g}" for value in (one.mean, one.low, one.high, one.luck)]
            writer.writerow([one.seat, one.order, one.value, one.steps, one.measure, *numbers])


# choosing by what was measured


def worth(seat: str, weights: Mapping[str, float], order: str, value: Any, years: int) -> float | None:
    """Points of the score that an order at a measured value clearly brings; None if it was not measured."""
    effects = of_seat(seat).get((order, value))
    if effects is None:
        return None
    total = 0.0
    for name, weight in weights.items():
        if name in effects and effects[name].clear:
            spread = scores.MEASURES[name].spread_at(SEATS[seat], years)
            total += 10 * weight * float(np.clip(effects[name].mean / spread, -scores.LIMIT, scores.LIMIT))
    return total


def best_steps(seat: str, own: Mapping[str, Any], seats: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the orders that bring most points for their political capital, as far as it reaches.

    The effect of a full move is shared out evenly over its steps; effects of orders, those in force among them, are
    taken to add up measure by measure, which is not quite so, and count as scores count them, up to their limit. What
    was not clearly measured counts for nothing.
    """
    forms = rules.orders_of(seat, seats)
    lines = {line["order"]: line for line in own["orders"]}
    weights = scores.weights_of(SEATS[seat], own["card"]["card"])
    pc, money = int(own["pc"]["now"]), float(own["purse"]["now"]) - float(own["purse"]["reserved"])
    now = {name: line["now"] for name, line in lines.items() if name in forms}
    chosen: dict[str, Any] = {}
    while True:
        best: tuple[float, str, Any] | None = None
        here = _expected(seat, forms, {**now, **chosen}, weights)
        before = sum(rules.price(forms[one], now[one], new) for one, new in chosen.items())
        for name, value in _candidates(forms, now, chosen):
            after = {**chosen, name: value}
            price = sum(rules.price(forms[one], now[one], new) for one, new in after.items())
            if price > pc or _cost(forms, after) > money:
                continue
            points = _expected(seat, forms, {**now, **after}, weights) - here
            rate = points / max(price - before, 0.5)
            if points > 0.1 and (best is None or rate > best[0] + 1e-9):
                best = (rate, name, value)
        if best is None:
            return [{"order": name, "value": value} for name, value in chosen.items()]
        chosen[best[1]] = best[2]


def _cost(forms: Mapping[str, rules.OrderForm], chosen: Mapping[str, Any]) -> float:
    return 3.0 * sum(rules.money(forms[name], 0.0, value) for name, value in chosen.items()
                     if forms[name].form == "level")  # fmt: skip


def _candidates(
    forms: Mapping[str, rules.OrderForm], now: Mapping[str, Any], chosen: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Each next step of an order; never there and back."""
    for name, form in forms.items():
        if name not in now or (form.hidden and form.form == "countries"):
            continue
        value = chosen.get(name, now[name])
        if form.form == "level" and isinstance(value, (int, float)):
            for sign in (1, -1):
                step = round(min(max(value + sign * form.step, form.low), form.high), 4)
                if step != value and not (name in chosen and (value - now[name]) * sign < 0):
                    yield name, step
        elif form.form in ("choice", "switch") and name not in chosen:
            yield from ((name, option) for option in form.options or (0, 1) if option != value)


def _expected(seat: str, forms: Mapping[str, rules.OrderForm], values: Mapping[str, Any], weights: Any) -> float:
    """Points above par that orders at these values should bring by what was measured."""
    total = dict.fromkeys(weights, 0.0)
    for name, value in values.items():
        for measure, gap in _effect_of(seat, forms[name], value).items():
            if measure in total:
                total[measure] += gap / scores.MEASURES[measure].spread_at(SEATS[seat], YEARS)
    return 10 * sum(weight * min(max(total[name], -scores.LIMIT), scores.LIMIT) for name, weight in weights.items())


def _effect_of(seat: str, form: rules.OrderForm, value: Any) -> dict[str, float]:
    """What an order at a value does to each measure, in proportion to how far it is from where it began."""
    table = of_seat(seat)
    if form.form != "level":
        return {
            key: one.mean for key, one in table.get((form.order, rules.label(form, value)), {}).items() if one.clear
        }
    ends = {end: table.get((form.order, rules.label(form, end))) for end in (form.low, form.high)}
    if not isinstance(value, (int, float)) or not any(ends.values()):
        return {}
    start = _began(form, ends)
    end = form.high if value > start else form.low
    if ends[end] is None or value == start:
        return {}
    share = (value - start) / (end - start)
    return {key: share * one.mean for key, one in ends[end].items() if one.clear}


def _began(form: rules.OrderForm, ends: Mapping[float, Any]) -> float:
    """Where a level stood when it was measured, to half a step: an end that was not measured, or between both."""
    if ends[form.low] is None or ends[form.high] is None:
        return form.low if ends[form.low] is None else form.high
    steps = [abs(next(iter(ends[end].values())).steps) for end in (form.low, form.high)]
    between = (form.low + steps[0] * form.step + form.high - steps[1] * form.step) / 2
    return min(max(between, form.low), form.high)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and store."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("seats", nargs="*", default=list(SEATS), help="seats to measure (default: all)")
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args(arguments)
    kept = [one for one in stored() if one.seat not in given.seats]
    found = measure(given.seats, given.runs)
    order = list(SEATS)
    write(sorted([*kept, *found], key=lambda one: order.index(one.seat)))


if __name__ == "__main__":
    main()
