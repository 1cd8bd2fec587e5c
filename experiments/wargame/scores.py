"""Scores: by how much a seat did better than it would have by giving no order, everything else as it was.

    score = 50 + 10 sum_k w_k clip((x_k - par_k) / s_k, -3, 3)

`par_k` is the measure in a world of the same luck, the same news and the others' own orders, in which this seat alone
gives no order and agrees to nothing: a score is what a seat's own moves brought it. `s_k` is the spread between the
library's policies, measured after 6 and 12 years (`spreads`), or the luck of one world where that is larger. Half of
the weight is the open mandate's, half the secret card's. The face "as it happened" counts only measures whose luck is
below their spread; "without luck" is the mean over the runs for which par was played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from stackcraft.agents.names import STACKS, VENDORS, WEIGHTS
from stackcraft.experiments.wargame.seats import CARDS, MANDATES, SeatForm, card_of

LIMIT = 3.0  # spreads, either way
KEPT_POINTS, MISSING_POINTS = 1.0, 5.0  # for a bargain kept; for each bn $ of a penalty that the purse could not pay
SHARED_POINTS, SHARED_RISE, SHARED_BREACHES = 5.0, 2.0, 2


@dataclass(frozen=True)
class Book:
    """The yearbook so far (runs, years) of one simulation, with what measures need of the world."""

    rows: np.ndarray
    iso3: tuple[str, ...]
    income_group: np.ndarray
    served: np.ndarray  # (vendor, layer), which vendor sells what
    spent_bn: float = 0.0  # the seat's purse so far
    pc: float = 0.0  # the seat's political capital left

    def last(self, name: str) -> np.ndarray:
        """A measure as it stands, (runs, ...)."""
        return self.rows[:, -1][name].astype(float)

    def total(self, name: str) -> np.ndarray:
        """A flow summed over the years, (runs, ...)."""
        return self.rows[:, 1:][name].astype(float).sum(axis=1)

    def members(self, seat: SeatForm) -> list[int]:
        """Positions of a bloc's countries."""
        return [self.iso3.index(code) for code in seat.countries]


def with_purse(book: Book, spent_bn: float, pc: float) -> Book:
    """The same book with a seat's own purse and political capital."""
    return replace(book, spent_bn=spent_bn, pc=pc)


@dataclass(frozen=True)
class Measure:
    """A measure of scores: its value (runs,), more is better; spreads and paired luck after 6 and 12 years."""

    measure: str
    title: str
    spread: tuple[float, float]
    luck: float
    value: Callable[[Book, SeatForm], np.ndarray]
    spread_cn: tuple[float, float] | None = None
    luck_cn: float | None = None

    def spread_at(self, seat: SeatForm, years: int) -> float:
        """What a difference counts by after so many years: the spread, or the luck where that is larger.

        In proportion before 6, straight on between 6 and 12.
        """
        china = seat.side == "CN" and self.spread_cn is not None
        luck = self.luck_cn if china and self.luck_cn is not None else self.luck
        six, twelve = (max(one, luck) for one in (self.spread_cn if china else self.spread))
        return six * max(years, 1) / 6 if years < 6 else six + (twelve - six) * (min(years, 12) - 6) / 6

    def told_from_luck(self, seat: SeatForm) -> bool:
        """Whether its luck is below its spread."""
        china = seat.side == "CN" and self.spread_cn is not None
        luck, spread = (self.luck_cn if china else self.luck), (self.spread_cn if china else self.spread)[0]
        return luck < spread


def _stack(seat: SeatForm) -> int:
    return STACKS.index(seat.side)


def _home(seat: SeatForm) -> int:
    return ("US", "CN").index(seat.side)


def _use(book: Book, seat: SeatForm, weight: str = "country") -> np.ndarray:
    return 100 * book.last("world_utilised")[:, WEIGHTS.index(weight), :, _stack(seat)].mean(axis=1)


def _poorest(book: Book, seat: SeatForm) -> np.ndarray:
    return _use(book, seat, "low_income")


def _log(values: np.ndarray) -> np.ndarray:
    """Hundred times the logarithm: differences are per cent."""
    return 100 * np.log(np.maximum(values, 1e-9))


def _bloc_share(name: str, scale: float = 100.0) -> Callable[[Book, SeatForm], np.ndarray]:
    """The sum of a country's measure over the bloc's members, over their demand."""

    def value(book: Book, seat: SeatForm) -> np.ndarray:
        here = book.members(seat)
        above = book.last(name)[:, here]
        above = above.sum(axis=(1, 2)) if above.ndim == 3 else above.sum(axis=1)
        return scale * above / book.last("demand")[:, here].sum(axis=(1, 2))

    return value


def _bloc_mean(name: str, sign: float = 1.0) -> Callable[[Book, SeatForm], np.ndarray]:
    """The mean of a country's measure over the bloc's members, weighted by demand, in points."""

    def value(book: Book, seat: SeatForm) -> np.ndarray:
        here = book.members(seat)
        weight = book.last("demand")[:, here].sum(axis=2)
        return sign * 100 * (book.last(name)[:, here] * weight).sum(axis=1) / weight.sum(axis=1)

    return value


def _bloc_installed(book: Book, seat: SeatForm, stack: str) -> np.ndarray:
    """A stack's installed share in the bloc, weighted by demand, in points."""
    here = book.members(seat)
    weight = book.last("demand")[:, here]
    share = book.last("installed")[:, here][..., STACKS.index(stack)]
    return 100 * (share * weight).sum(axis=(1, 2)) / weight.sum(axis=(1, 2))


def _freedom(book: Book, seat: SeatForm) -> np.ndarray:
    here = book.members(seat)
    weight = book.last("demand")[:, here].sum(axis=2)[:, :, np.newaxis]
    means = (book.last("leverage")[:, here] * weight).sum(axis=1) / weight.sum(axis=1)
    return -100 * means.max(axis=1)


def _safety(book: Book, seat: SeatForm) -> np.ndarray:
    incidents, deals = (book.total(name)[:, _stack(seat)] for name in ("security_incidents", "operating_deals"))
    return -100 * incidents / np.maximum(deals, 1.0)


def _vendors(seat: SeatForm) -> list[int]:
    return [VENDORS.index(name) for name in seat.vendors]


def _quality(book: Book, seat: SeatForm) -> np.ndarray:
    mine = _vendors(seat)
    sells = book.served[mine]
    return 100 * (book.last("quality")[:, mine] * sells).sum(axis=(1, 2)) / sells.sum()


def _retained(book: Book, seat: SeatForm) -> np.ndarray:
    adopters, used = (book.total(name)[:, _stack(seat)] for name in ("adopters_5y", "retained_use_5y"))
    return 100 * used / np.maximum(adopters, 1.0)


def _buyers_control(book: Book, seat: SeatForm) -> np.ndarray:
    share = book.last("installed")[..., _stack(seat)].mean(axis=2)
    return 100 * (book.last("sovereignty") * share).sum(axis=1) / np.maximum(share.sum(axis=1), 1e-9)


def low_income_use(book: Book) -> np.ndarray:
    """What is in use in low-income countries, of what they need, in points, (runs,)."""
    low = book.income_group == 0
    used, demand = (book.last(name)[:, low].sum(axis=(1, 2)) for name in ("used", "demand"))
    return 100 * used / np.maximum(demand, 1e-9)


MEASURES: dict[str, Measure] = {
    one.measure: one
    for one in (
        Measure("use", "Use by countries", (3.3, 5.7), 0.7, _use, (1.1, 1.5), 0.4),
        Measure("poorest", "Use by the poorest", (3.7, 6.0), 1.0, _poorest, (2.1, 2.6), 0.9),
        Measure("headline", "Headlines", (5.7, 8.0), 5.5,
                lambda b, s: _log(b.total("announced_bn")[:, _stack(s)]), (11.5, 11.0), 13.5),
        Measure("trust", "Trust", (0.98, 0.92), 0.2, lambda b, s: 100 * b.last("trust")[:, :, _stack(s)].mean(axis=1),
                (0.25, 0.37), 0.1),
        Measure("purse", "Public money saved", (11.5, 20.5), 0.4,
                lambda b, s: -b.total("public_cost_bn")[:, _stack(s)] - b.spent_bn, (17.5, 33.0), 2.9),
        Measure("concessions", "Concessions", (1.03, 2.03), 0.99,
                lambda b, s: b.total("concession_stakes")[:, _home(s)], (0.11, 0.25), 0.22),
        Measure("leverage", "Leverage", (2.65, 2.0), 0.5,
                lambda b, s: 100 * b.last("leverage")[:, :, _home(s)].mean(axis=1), (0.38, 0.53), 0.12),
        Measure("safety", "Safety", (0.63, 0.75), 0.23, _safety, (0.2, 0.16), 0.37),
        Measure("retained", "Use kept for five years", (4.0, 4.4), 3.0, _retained),  # 6 years: judged
        Measure("bloc_use", "Use of what is needed", (1.33, 1.77), 0.9, _bloc_share("used")),
        Measure("bloc_value", "Value", (2.0, 2.7), 2.2, _bloc_share("welfare")),
        Measure("bloc_control", "Control", (2.4, 2.6), 1.1, _bloc_mean("sovereignty")),
        Measure("bloc_freedom", "Freedom", (1.6, 1.6), 1.4, _freedom),
        Measure("bloc_balance", "Balance", (0.7, 0.86), 1.5, _bloc_mean("dependence", -1.0)),
        Measure("ribbon", "Openings at home", (1.15, 1.4), 2.7, _bloc_share("capacity")),
        Measure("capital_left", "Political capital left", (2.0, 2.0), 0.0, lambda b, s: np.full(len(b.rows), b.pc)),
        Measure("revenue", "Revenue", (4.7, 9.1), 1.6,
                lambda b, s: _log(b.total("revenue_bn")[:, _vendors(s)].sum(axis=1)), (7.2, 13.3), 3.8),
        Measure("firm_use", "Use of the stack", (2.3, 3.9), 0.8, _use, (1.04, 1.74), 0.24),
        Measure("alive", "In business", (5.0, 5.0), 4.0,  # judged: hardly any policy ends a vendor
                lambda b, s: 100 * b.last("alive")[:, _vendors(s)].mean(axis=1)),
        Measure("quality", "Quality", (0.37, 0.93), 0.16, _quality, (0.65, 1.07), 0.05),
        Measure("buyers_control", "Control of the buyers", (2.45, 2.2), 0.25, _buyers_control, (0.36, 0.46), 0.14),
    )
}  # fmt: skip


# What blocs read in their own books beside what they are scored by; their spreads only rank what a sentence names.
SEEN: dict[str, tuple[Measure, ...]] = {
    "home": (),
    "firms": (),
    "bloc": (
        Measure("us_share", "American share", (5.0, 5.0), 0.0, lambda b, s: _bloc_installed(b, s, "US")),
        Measure("cn_share", "Chinese share", (5.0, 5.0), 0.0, lambda b, s: _bloc_installed(b, s, "CN")),
        Measure("two_sources", "Layers with a second source", (5.0, 5.0), 0.0, _bloc_mean("multihoming")),
    ),
}


def find_measure(name: str) -> Measure:
    """Return a measure of scores, or one that is only seen. Raises `KeyError`."""
    seen = {one.measure: one for table in SEEN.values() for one in table}
    return MEASURES[name] if name in MEASURES else seen[name]


def every_measure(kind: str) -> tuple[str, ...]:
    """Return every measure that a mandate or a card of a kind of seat counts."""
    tables = [MANDATES[kind], *(card.weights for card in CARDS[kind])]
    return tuple(dict.fromkeys(name for table in tables for name in table))


def weights_of(seat: SeatForm, card: str) -> dict[str, float]:
    """The weights of a seat's score: half the mandate, half the secret card."""
    weights: dict[str, float] = {}
    for table in (MANDATES[seat.kind], card_of(seat.kind, card).weights):
        for name, weight in table.items():
            weights[name] = weights.get(name, 0.0) + weight / 2
    return weights


@dataclass(frozen=True)
class Extra:
    """What a score has beside measures: bargains kept, penalties unpaid, the facilitator's points, shared ones."""

    kept: int = 0
    missing_bn: float = 0.0
    points: float = 0.0
    shared: float = 0.0

    @property
    def total(self) -> float:
        """All of it, in points."""
        return KEPT_POINTS * self.kept - MISSING_POINTS * self.missing_bn + self.points + self.shared


Measures: TypeAlias = Mapping[str, np.ndarray]  # by name, (runs,)


def measured(book: Book, seat: SeatForm, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Return measures of a seat by name, each (runs,)."""
    return {name: np.asarray(find_measure(name).value(book, seat), float) for name in names}


def apart(seat: SeatForm, names: Iterable[str], own: Measures, par: Measures, years: int) -> dict[str, np.ndarray]:
    """Return by how many spreads measures are above par, clipped: {name: (runs,)}, of the runs that both hold."""
    found = {}
    for name in names:
        runs = min(len(own[name]), len(par[name]))
        gap = (own[name][:runs] - par[name][:runs]) / MEASURES[name].spread_at(seat, years)
        found[name] = np.clip(gap, -LIMIT, LIMIT)
    return found


def points(seat: SeatForm, weights: Mapping[str, float], own: Measures, par: Measures, years: int) -> np.ndarray:
    """Return the part of a score that measures give, run by run: 10 sum of w clip((x - par) / s)."""
    gaps = apart(seat, weights, own, par, years)
    return 10 * sum(weight * gaps[name] for name, weight in weights.items())


def score(seat: SeatForm, card: str, own: Measures, par: Measures, years: int, extra: Extra) -> dict[str, Any]:
    """Return a seat's score, run by run: {points, no_luck, by_run, parts, kept, missing_bn, facilitator, shared}.

    `own` and `par` hold measures run by run, the played one first; `par` may hold fewer runs. `points` is the played
    run's face, `no_luck` the mean over par's runs.
    """
    weights = weights_of(seat, card)
    gaps = apart(seat, weights, own, par, years)
    counted = {name: weight for name, weight in weights.items() if MEASURES[name].told_from_luck(seat)}
    share = sum(counted.values())
    happened = sum(weight / share * gaps[name][0] for name, weight in counted.items()) if share else 0.0
    by_run = 50 + points(seat, weights, own, par, years) + extra.total
    parts = [
        {
            "measure": name, "title": MEASURES[name].title, "weight": round(weight, 3),
            "value": round(float(own[name][0]), 3), "par": round(float(par[name][0]), 3),
            "spread": round(MEASURES[name].spread_at(seat, years), 3),
            "points": round(10 * weight * float(gaps[name][0]), 2),
            "counts": name in counted,
        }
        for name, weight in weights.items()
    ]  # fmt: skip
    return {
        "points": round(float(50 + 10 * happened + extra.total), 1),
        "no_luck": round(float(by_run.mean()), 1),
        "by_run": [round(float(one), 1) for one in by_run],
        "parts": parts,
        "kept": extra.kept,
        "missing_bn": round(extra.missing_bn, 3),
        "facilitator": extra.points,
        "shared": extra.shared,
    }


def shared_points(own: Book, nobody: Book, cut_offs: int, broken_guarantees: int) -> float:
    """Points that everybody gets or loses: the poorest better off and nobody cut off, or promises broken twice.

    `nobody` is the played world's luck without anybody's orders: by it the table as a whole is judged.
    """
    better = float(low_income_use(own)[0] - low_income_use(nobody)[0]) >= SHARED_RISE
    points = SHARED_POINTS if better and cut_offs == 0 else 0.0
    return points - (SHARED_POINTS if broken_guarantees >= SHARED_BREACHES else 0.0)
