"""Through what a change works: the terms of choice and the measures that move between two scenarios of the same luck.

Terms are read where a choice was between two stacks: in every tender and renewal in which a stack made one of the two
best offers and another stack the other, by how much its offer was ahead, term by term. Measures are what is recorded
of a stack on the way from an offer to what is installed. A reading is one number a run; two runs of the same luck
differ by what was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.names import FINANCIERS, STACKS, VENDORS, stack_of
from stackcraft.experiments.statistics import Interval, paired_interval
from stackcraft.model.loop.codes import FROM_HEDGE, TERMS
from stackcraft.model.measures import TABLE

STRICT = 1.5  # a reading counts as moved when its mean is so many times the half of its 95 % interval off zero
LEAST_TERM = 0.005  # of utility: less rounds to nothing
LEAST_PART = 0.1  # of the largest term: less is not named
# Terms that grow with what a stack already holds: they carry an effect further and do not begin it.
ECHOES = ("incumbency", "complementarity", "peers", "standards")
Place = np.ndarray | None  # of the countries that are read, None for all
# Outcomes (the second part of a name of `live.lever_effects.OUTCOMES`) that readings may explain.
ON_THE_WAY = ("share", "used_share", "announced", "delivered", "profit", "payoff", "private")
COST, KEPT, BUILT = ("cost",), ("retention",), ("built",)


@dataclass(frozen=True)
class Reading:
    """What is read of each stack. `better` is 1 where more of it helps a stack's share, -1 where it hurts.

    `explains` are the outcomes that it may explain, `relative` says that its change is told in percent of what it was.
    """

    name: str
    better: int
    function: Callable[[Any, Place], np.ndarray]  # of the simulation's book; gives (runs, stacks)
    explains: tuple[str, ...] = ON_THE_WAY
    relative: bool = True
    of_country: bool = False  # whether it has a value for one country


def _flow(name: str) -> Callable[[Any, Place], np.ndarray]:
    """A flow of each stack, or of each home, summed over the years."""
    return lambda book, _: _by_stack(book[name][:, 1:].sum(axis=1, dtype=float))


def _by_stack(values: np.ndarray) -> np.ndarray:
    """(runs, 2 or 3) -> (runs, 3): what only homes have is NaN for independent vendors."""
    missing = len(STACKS) - values.shape[1]
    return np.concatenate([values, np.full((len(values), missing), np.nan)], axis=1) if missing else values


def _of_countries(name: str, *later: int) -> Callable[[Any, Place], np.ndarray]:
    """A stock of countries and stacks, mean over the years and over countries, or of one."""

    def read(book: Any, place: Place) -> np.ndarray:
        values = book[name][:, 1:]
        values = values[(..., *later)] if later else values
        values = (values if place is None else values[:, :, place]).mean(axis=2, dtype=float)
        return values.mean(axis=1)

    return read


def _of_country(name: str) -> Callable[[Any, Place], np.ndarray]:
    """What countries have apart from any stack, a year on average, summed over layers: the mean country, or one."""

    def read(book: Any, place: Place) -> np.ndarray:
        values = book[name][:, 1:]
        values = values.sum(axis=3, dtype=float) if values.ndim > 3 else values
        values = (values if place is None else values[:, :, place]).mean(axis=2, dtype=float)
        return np.repeat(values.mean(axis=1)[:, np.newaxis], len(STACKS), axis=1)

    return read


def _ratio(above: str, *below: str) -> Callable[[Any, Place], np.ndarray]:
    def read(book: Any, place: Place) -> np.ndarray:
        whole = sum(_flow(name)(book, place) for name in below)
        return np.divide(_flow(above)(book, place), whole, out=np.full(whole.shape, np.nan), where=whole > 0)

    return read


def _refused(book: Any, _: Place) -> np.ndarray:
    """Deals that the financiers of a stack refused, for whatever reason."""
    names = ("refused_for_risk", "refused_for_room", "refused_under_cap", "refused_frozen", "refused_ineligible")
    every = sum(book[name][:, 1:].sum(axis=1, dtype=float) for name in names)
    return np.stack([every[:, [stack_of(one) == stack for one in FINANCIERS]].sum(axis=1) for stack in STACKS], axis=1)


def _quality(book: Any, _: Place) -> np.ndarray:
    """Log quality of the best vendor of a stack on each layer, mean over layers and years."""
    quality = np.where(book["alive"][:, 1:, :, None] > 0, book["quality"][:, 1:], -np.inf)
    found = []
    for stack in STACKS:
        own = [place for place, name in enumerate(VENDORS) if stack_of(name) == stack]
        best = quality[:, :, own].max(axis=2)
        known = np.isfinite(best)
        found.append(np.where(known, best, 0.0).sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1))
    return np.stack(found, axis=1)


def _other_spending(book: Any, place: Place) -> np.ndarray:
    """Public cost apart from subsidies and losses on loans: programmes, diplomacy, training, aid, cheap interest."""
    cost, *parts = (_flow(name)(book, place) for name in ("public_cost_bn", "subsidy_cost_bn", "default_loss_bn"))
    return cost - sum(parts)


MEASURES = (
    Reading("bids", 1, _flow("bids_considered")),
    Reading("without_bid", -1, _flow("tenders_without_bid")),
    Reading("supported", 1, _flow("supported_tenders"), (*ON_THE_WAY, *COST)),
    Reading("won", 1, _flow("tenders_won")),
    Reading("operating", 1, _ratio("operating_deals", "signed_deals"), (*ON_THE_WAY, *BUILT), relative=False),
    Reading(
        "renewed", 1, _ratio("renewed_deals", "renewed_deals", "switched_deals", "lapsed_deals"),
        (*ON_THE_WAY, *KEPT), relative=False,
    ),
    Reading("crossed", -1, _flow("crossed_deals"), (*ON_THE_WAY, *KEPT)),
    Reading("cut", -1, _flow("cut_deals"), (*ON_THE_WAY, *KEPT)),
    Reading("cancelled", -1, _flow("cancelled_deals"), (*ON_THE_WAY, *BUILT)),
    Reading("short", -1, _flow("supply_shortfalls"), (*ON_THE_WAY, *BUILT)),
    Reading("denied", -1, _flow("licence_denials"), (*ON_THE_WAY, *BUILT)),
    Reading("refused", -1, _refused, (*ON_THE_WAY, *COST)),
    Reading("private", 1, _flow("private_capital_bn")),
    Reading("incidents", -1, _flow("security_incidents"), (*ON_THE_WAY, "incident_loss")),
    Reading("diversions", -1, _flow("diversions"), (*ON_THE_WAY, "security_incidents", "incident_loss")),
    Reading("friction", -1, _flow("friction_losses")),
    Reading("lock_in", 1, lambda book, _: book["lock_in"][:, 1:].mean(axis=1), (*ON_THE_WAY, *KEPT)),
    Reading("quality", 1, _quality, (*ON_THE_WAY, *KEPT), relative=False),
    Reading("trust", 1, _of_countries("trust"), (*ON_THE_WAY, *KEPT), relative=False, of_country=True),
    Reading("goodwill", 1, _of_countries("goodwill"), relative=False, of_country=True),
    *(
        Reading(
            f"fear_of_{channel}", -1, _of_countries("perceived_hazard", place), (*ON_THE_WAY, *KEPT),
            relative=False, of_country=True,
        )
        for place, channel in enumerate(("supply", "breach", "promise"))
    ),
    *(
        Reading(f"own_{title}", better, _of_country(name), explains, relative=True, of_country=True)
        for title, better, name, explains in (
            ("use", 1, "used", ("welfare", "spent")),
            ("relief", 1, "finance_relief_bn", ("welfare",)),
            ("second_source", -1, "second_source_cost_bn", ("welfare",)),
            ("switching", -1, "switching_cost_bn", ("welfare",)),
            ("breaches", -1, "breach_loss_bn", ("welfare",)),
            ("cut_offs", -1, "cut_off_loss_bn", ("welfare",)),
            ("policy", -1, "policy_cost_bn", ("welfare",)),
            ("dependence", -1, "dependence", ("control",)),
            ("second_stack", 1, "multihoming", ("control",)),
        )
    ),
    Reading("subsidies", 1, _flow("subsidy_cost_bn"), COST),
    Reading("losses", 1, _flow("default_loss_bn"), COST),
    Reading("other_spending", 1, _other_spending, COST),
)  # fmt: skip
BY_NAME = {one.name: one for one in MEASURES}
NAMES = (*(f"term {name}" for name in TERMS), *BY_NAME, "contests", "contests won")


def read(simulation: Any, place: Place = None, years: int | None = None) -> np.ndarray:
    """Return all readings of runs that keep a ledger, (runs, `NAMES`, stacks); NaN where a run failed or has none.

    Of the first so many `years`, or of all.
    """
    world = simulation.world
    found = np.full((len(world.book), len(NAMES), len(STACKS)), np.nan)
    own = _Cut(world.book[:, :years], len(simulation.inputs.iso3))
    for number, one in enumerate(MEASURES):
        if place is None or one.of_country:
            found[:, len(TERMS) + number] = one.function(own, place)
    stack = np.append(simulation.inputs.vendors.stack, (0, 1)).astype(np.int64)  # of every bid, packages last
    for run in np.flatnonzero(world.ledger_row >= 0):
        rows = world.ledger["at"][world.ledger_row[run], : int(world.state["deals_signed"][run])]
        found[run, : len(TERMS)], found[run, -2:] = _contests(rows, stack, place)
    found[world.state["status"] != 0] = np.nan
    return found


class _Cut:
    """A yearbook without the places that the loop has beyond the countries and vendors there are."""

    def __init__(self, book: np.ndarray, countries: int) -> None:
        self.book, self.countries = book, countries

    def __getitem__(self, name: str) -> np.ndarray:
        values = self.book[name]
        if TABLE[name].dims[:1] == ("vendor",):
            return values[:, :, : len(VENDORS)]
        return values[:, :, : self.countries] if TABLE[name].dims[:1] == ("country",) else values


def _contests(rows: np.ndarray, stack: np.ndarray, place: Place) -> tuple[np.ndarray, np.ndarray]:
    """Of contests between two stacks: the mean lead of each stack's offers by term, and how many there were and won."""
    chosen = (rows["runner_up"] >= 0) & (rows["origin"] != FROM_HEDGE)
    if place is not None:
        chosen &= np.isin(rows["country"], place)
    rows = rows[chosen]
    winner, other = stack[rows["bid"]], stack[rows["runner_up"]]
    gaps = rows["terms"] - rows["runner_up_terms"]
    terms, counts = np.full((len(TERMS), len(STACKS)), np.nan), np.zeros((2, len(STACKS)))
    for number in range(len(STACKS)):
        sign = np.where(winner == other, 0.0, (winner == number) * 1.0 - (other == number) * 1.0)
        there = sign != 0
        counts[:, number] = there.sum(), (sign > 0).sum()
        if there.any():
            terms[:, number] = (gaps[there] * sign[there, np.newaxis]).mean(axis=0)
    return terms, counts


@dataclass(frozen=True)
class Moved:
    """One reading that moved clearly: its name (see `NAMES`), its mean before, and the paired difference."""

    name: str
    before: float
    change: Interval

    @property
    def term(self) -> str:
        """The term of choice, or "" where it is a measure."""
        return self.name.removeprefix("term ") if self.name.startswith("term ") else ""

    @property
    def weight(self) -> float:
        """How many times its doubt it has moved."""
        return abs(self.change.mean) / max(self.change.high - self.change.mean, 1e-12)


def moved(before: np.ndarray, after: np.ndarray) -> dict[str, dict[str, Moved]]:
    """Return by stack and name what moved clearly between two tables of readings, each as `read` gives it."""
    runs = min(len(before), len(after))
    before, after = before[:runs], after[:runs]
    change = paired_interval(after - before)
    told: dict[str, dict[str, Moved]] = {stack: {} for stack in STACKS}
    for number, name in enumerate(NAMES):
        for at, stack in enumerate(STACKS):
            one = Interval(*(float(end[number, at]) for end in change))
            if np.isfinite(one.low) and one.clear and abs(one.mean) > STRICT * (one.high - one.mean):
                values = before[:, number, at]
                told[stack][name] = Moved(name, float(values[np.isfinite(values)].mean()), one)
    return told


@dataclass(frozen=True)
class Reason:
    """Through what one change works on one outcome of a stack, which goes `up` or down.

    `terms` begin the effect, `echoes` carry it further, `against` work the other way, each the largest first;
    `measures` are what moved between, the surest first.
    """

    stack: str
    up: bool
    terms: tuple[Moved, ...] = ()
    echoes: tuple[Moved, ...] = ()
    against: tuple[Moved, ...] = ()
    measures: tuple[Moved, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.terms or self.echoes or self.measures)


def reason_of(found: Mapping[str, Moved], stack: str, up: bool, outcome: str = "share") -> Reason:
    """Choose from what moved what works in the direction of the effect on an outcome, and the terms against it."""
    sign = 1 if up else -1
    terms = [one for one in found.values() if one.term] if outcome in (*ON_THE_WAY, *KEPT) else []
    terms.sort(key=lambda one: -abs(one.change.mean))
    least = max(LEAST_TERM, LEAST_PART * abs(terms[0].change.mean)) if terms else LEAST_TERM
    along = [one for one in terms if one.change.mean * sign >= least]
    against = [one for one in terms if one.change.mean * sign <= -least and one.term not in ECHOES]
    between = [
        one for one in found.values()
        if one.name in BY_NAME and outcome in BY_NAME[one.name].explains
        and BY_NAME[one.name].better * one.change.mean * sign > 0
    ]  # fmt: skip
    return Reason(
        stack, up, tuple(one for one in along if one.term not in ECHOES),
        tuple(one for one in along if one.term in ECHOES), tuple(against),
        tuple(sorted(between, key=lambda one: -one.weight)),
    )  # fmt: skip


@dataclass(frozen=True)
class Reasons:
    """What moved clearly by change, stack and reading, over `runs` pairs of runs and all `years`.

    `code` is the country that was read, "" for all importing countries; `about` says what a stored one was made with.
    """

    code: str
    years: tuple[int, int]
    runs: int
    moved: Mapping[Any, Mapping[str, Mapping[str, Moved]]]
    about: Mapping[str, str]

    def reason(self, change: Any, stack: str, up: bool, outcome: str = "share") -> Reason | None:
        """Through what a change moves an outcome of a stack, which goes `up` or down; None where it was not run."""
        found = self.moved.get(change)
        return None if found is None else reason_of(found[stack], stack, up, outcome)

    def nbytes(self) -> int:
        """Bytes, roughly."""
        return sum(400 * len(names) for stacks in self.moved.values() for names in stacks.values())
