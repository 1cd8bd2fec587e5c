"""What each country has of a run, run by run: so that its own page can say what a change brings, and how surely.

`WithCountries` is an ensemble whose summary also keeps, for every country, run and year, the `OUTCOMES`; two of them
under the same luck differ, run by run, by what was changed. `OwnLevers` moves each of a country's own levers to its
ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.agents.levers import IMPORTER
from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.ensemble import Ensemble, key_of, played
from stackcraft.experiments.live.moves import LEVER, Change, has_ends, no_change
from stackcraft.experiments.live.queue import Task, give_up_when
from stackcraft.experiments.live.summary import Piece, Summary, fold, in_order, read
from stackcraft.experiments.statistics import Interval, paired_interval
from stackcraft.experiments.variants import side_by_side
from stackcraft.model.blocs import members_of
from stackcraft.model.indicators import with_all
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant, crossed

if TYPE_CHECKING:
    from stackcraft.model import Simulation

LATER = 5  # years after which it is asked what is still with the same stack
# What is kept of a country, in this order: the shares of the three stacks, plain means over layers; bn$ a year spent on
# AI, private and public; control over its stack, 0 to 1; welfare, bn$ a year; the share of what it ran five years
# before that is still with the same stack.
OUTCOMES = (*STACKS, "spent", "control", "welfare", "lasting")
SHARED = ("US", "CN", "independent", "control", "lasting")  # outcomes between 0 and 1
RUNS = 24  # of each end of a lever
FIRST_RUNS = 8
RUNS_A_PART = 48


def outcomes_of(simulation: Simulation, places: np.ndarray | None = None) -> np.ndarray:
    """Return the `OUTCOMES` of countries, float32 (run, year, country, outcome); NaN where a run failed or lacks it."""
    book = simulation.world.book
    places = np.arange(len(simulation.inputs.iso3)) if places is None else places  # the book may have room for more
    installed = np.asarray(book["installed"][:, :, places], float)
    shares = with_all(installed)[..., 0, :]
    both = np.isfinite(installed).all(axis=-1)
    lasting = np.full(installed.shape[:3], np.nan)
    if installed.shape[1] > LATER:
        kept = np.minimum(installed[:, LATER:], installed[:, :-LATER]).sum(axis=-1)
        there = both[:, LATER:] & both[:, :-LATER] & (installed[:, :-LATER].sum(axis=-1) > 0.5)
        number = there.sum(axis=-1)
        lasting[:, LATER:] = np.where(
            number > 0, np.where(there, kept, 0.0).sum(axis=-1) / np.maximum(number, 1), np.nan
        )
    spent = book["private_spend_bn"][:, :, places] + book["policy_cost_bn"][:, :, places]
    rest = (spent, book["sovereignty"][:, :, places], book["welfare"][:, :, places], lasting)
    found = np.concatenate([shares, *(np.asarray(one, float)[..., np.newaxis] for one in rest)], axis=-1)
    found[simulation.world.state["status"] != 0] = np.nan
    return found.astype(np.float32)


def as_one(outcomes: np.ndarray) -> np.ndarray:
    """Return the outcomes (..., country, outcome) of countries as one: money as a sum, all else as a mean over them."""
    money = np.array([name not in SHARED for name in OUTCOMES])
    known = np.isfinite(outcomes)
    total, number = np.where(known, outcomes, 0.0).sum(axis=-2), known.sum(axis=-2)
    mean = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
    return np.where(money, np.where(number > 0, total, np.nan), mean).astype(np.float32)


def with_bloc(piece: Piece, code: str, members: Sequence[str]) -> Piece:
    """Return a batch of runs with a bloc as one more country: shares and stocks are means over its members.

    Members without capacity on a layer do not count there.
    """
    codes = [str(one) for one in piece.coords["country"]]
    places = [codes.index(one) for one in members]
    cells = {}
    for kind, values in piece.cells.items():
        own = values[:, :, places].astype(float)
        number = (own.sum(axis=-1, keepdims=True) > 1e-9).sum(axis=2, keepdims=True)
        mean = own.sum(axis=2, keepdims=True) / np.maximum(number, 1)
        cells[kind] = np.concatenate([values, mean.astype(values.dtype)], axis=2)
    country = {}
    for name, (dims, values, attributes) in piece.country.items():
        axis = dims.index("country")
        mean = values.take(places, axis=axis).mean(axis=axis, keepdims=True)
        country[name] = (dims, np.concatenate([values, mean], axis=axis), attributes)
    coords = {**piece.coords, "country": np.array([*codes, code])}
    return replace(piece, cells=cells, country=country, coords=coords)


@dataclass(frozen=True)
class CountrySummary(Summary):
    """A summary that also has `countries`, float32 (run, year, country, outcome), run by run."""

    countries: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return super().nbytes() + self.countries.nbytes

    def of(self, code: str) -> np.ndarray:
        """Return the outcomes of one country, (run, year, outcome)."""
        return self.countries[:, :, self.codes.index(code)].astype(float)

    @property
    def replicates(self) -> np.ndarray:
        """The replicates of its runs, in order."""
        return np.asarray(self.world["run"].values)


@dataclass(frozen=True)
class CountryPiece:
    """A batch of runs: what a summary needs, and the outcomes of its sound runs."""

    piece: Piece
    countries: np.ndarray


@dataclass(frozen=True, eq=False)
class WithCountries(Ensemble):
    """All runs of a scenario as a `CountrySummary`: to be asked of a queue. A `bloc` is one more country of it."""

    bloc: str = ""

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario, "ensemble with countries", *([self.bloc] if self.bloc else []))

    def _part(self, chosen: range) -> Callable[[Callable[[], bool]], CountryPiece]:
        def run(stop: Callable[[], bool]) -> CountryPiece:
            with played(self.scenario, stop, replicates=list(chosen), ledger_runs=0) as simulation:
                piece = read(simulation)
                countries = outcomes_of(simulation)[piece.status == 0]
                if self.bloc:
                    codes = [str(code) for code in simulation.inputs.iso3]
                    members = members_of(self.bloc, codes)
                    own = as_one(countries[:, :, [codes.index(one) for one in members]])
                    countries = np.concatenate([countries, own[:, :, np.newaxis]], axis=2)
                    piece = with_bloc(piece, self.bloc, members)
                return CountryPiece(piece, countries)

        return run

    def fold(self, pieces: Mapping[int, CountryPiece]) -> CountrySummary:
        ordered = sorted(pieces.values(), key=lambda one: int(one.piece.replicates[0]))
        plain = fold(self.scenario, in_order(one.piece for one in ordered), self.scenario.runs)
        countries = np.concatenate([one.countries for one in ordered])
        return CountrySummary(
            **{name: getattr(plain, name) for name in Summary.__dataclass_fields__}, countries=countries
        )


def differences(
    before: CountrySummary, after: CountrySummary, code: str, year: int
) -> dict[str, tuple[float, Interval]]:
    """Return by outcome its mean before and the paired difference after less before, in one year.

    Only runs that are in both count.
    """
    place = before.years.index(year)
    first, second = before.of(code), after.of(code)
    common = np.intersect1d(before.replicates, after.replicates)
    first, second = (
        values[np.searchsorted(one.replicates, common), place] for one, values in ((before, first), (after, second))
    )
    return _by_outcome(first, second)


def _by_outcome(first: np.ndarray, second: np.ndarray) -> dict[str, tuple[float, Interval]]:
    """By outcome, of arrays (run, outcome), the mean of the first and the paired difference."""
    found = {}
    for number, name in enumerate(OUTCOMES):
        sound = np.isfinite(first[:, number]) & np.isfinite(second[:, number])
        one, two = first[sound, number], second[sound, number]
        found[name] = (float(one.mean()), paired_interval(two - one)) if sound.any() else (np.nan, Interval(np.nan))
    return found


@dataclass(frozen=True)
class OwnMove:
    """One of a country's own levers, `name`, moved to `value`, which is one end of its range."""

    name: str
    value: float

    def assignments(self, members: Sequence[str]) -> tuple[str, ...]:
        """Return what sets it for a country, or for each member of a bloc."""
        return tuple(f"{code}.{self.name}={self.value:g}" for code in members)


def own_moves(scenario: Scenario, code: str) -> tuple[OwnMove, ...]:
    """Return every move of a country's own levers to an end of its range at which it does not stand already."""
    found = [
        OwnMove(lever.name, value)
        for lever in IMPORTER
        if has_ends(lever) and not lever.simplex
        for value in (lever.low, lever.high)
    ]
    members = members_of(code, load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
    idle = no_change(scenario, [Change(LEVER, one.name, levers=one.assignments(members)) for one in found])
    return tuple(one for one, none in zip(found, idle, strict=True) if not none)


@dataclass(frozen=True)
class OwnEffects:
    """What each end of a country's own levers does to it: `tables` (runs, years, outcomes) of each, `base` without."""

    code: str
    years: tuple[int, ...]
    runs: int
    wanted: int
    base: np.ndarray
    tables: dict[OwnMove, np.ndarray]

    def effect(self, move: OwnMove, year: int) -> dict[str, tuple[float, Interval]]:
        """Return by outcome its mean before and the paired difference, in one year."""
        place = self.years.index(year)
        after = self.tables[move]
        return _by_outcome(self.base[: len(after), place], after[:, place])

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.base.nbytes + sum(table.nbytes for table in self.tables.values())


@dataclass(frozen=True, eq=False)
class OwnLevers:
    """The work of moving each of a country's own levers to its ends, until a year; gives `OwnEffects`."""

    scenario: Scenario
    code: str
    until: int
    runs: int = RUNS

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario.with_changes(runs=self.runs), "own levers", self.code, self.until)

    @cached_property
    def moves(self) -> tuple[OwnMove, ...]:
        return own_moves(self.scenario, self.code)

    @cached_property
    def batches(self) -> list[tuple[int, tuple[int, ...], range]]:
        """Rank, places among (nothing, *moves), and replicates of each part."""
        first = min(FIRST_RUNS, self.runs)
        found = []
        for rank, chosen in enumerate((range(first), range(first, self.runs))):
            if len(chosen):
                size = max(1, RUNS_A_PART // len(chosen))
                whole = range(len(self.moves) + 1)
                found += [(1 + rank, tuple(whole[at : at + size]), chosen) for at in range(0, len(whole), size)]
        return found

    def parts(self) -> Sequence[Task]:
        return [Task(self._part(places, chosen), rank=rank) for rank, places, chosen in self.batches]

    def _part(self, places: tuple[int, ...], chosen: range) -> Callable[[Callable[[], bool]], dict[int, np.ndarray]]:
        def run(stop: Callable[[], bool]) -> dict[int, np.ndarray]:
            stopping = give_up_when(stop)
            codes = [str(code) for code in load_inputs(self.scenario.world, peer_graph=self.scenario.peer_graph).iso3]
            members = members_of(self.code, codes)
            own = np.array([codes.index(one) for one in members])
            tried = [
                Variant() if place == 0 else Variant(self.moves[place - 1].assignments(members)) for place in places
            ]
            found = _run_until(self.scenario, self.until, *crossed(tried, chosen), own, stopping)
            number = len(chosen)
            return {place: found[at * number : (at + 1) * number] for at, place in enumerate(places)}

        return run

    def shows(self, done: set[int]) -> bool:
        """Once everything has been run a few times."""
        first = {number for number, (rank, _, _) in enumerate(self.batches) if rank == 1}
        return done == first

    def fold(self, pieces: Mapping[int, dict[int, np.ndarray]]) -> OwnEffects:
        joined: dict[int, list[np.ndarray]] = {}
        for number in sorted(pieces):
            for place, table in pieces[number].items():
                joined.setdefault(place, []).append(table)
        tables = {place: np.concatenate(found) for place, found in joined.items()}
        least = min(len(table) for table in tables.values())
        years = tuple(range(self.scenario.years[0], self.until + 1))
        moved = {self.moves[place - 1]: table[:least] for place, table in tables.items() if place}
        return OwnEffects(self.code, years, least, self.runs, tables[0][:least], moved)

    def size(self, value: OwnEffects) -> int:
        return value.nbytes()


def _run_until(
    scenario: Scenario, year: int, variants: Sequence[Variant], replicates: Sequence[int], places: np.ndarray,
    each_january: Callable[[], None],
) -> np.ndarray:  # fmt: skip
    """The outcomes of a country, or of several as one, in variants up to a year: (run, year, outcome)."""
    options = {"threads": 1, "seed": scenario.seed}
    with side_by_side(scenario, variants, replicates, **options) as simulation:
        while not simulation.done and simulation.year < year:
            each_january()
            simulation.step()
        found = outcomes_of(simulation, places)[:, : year - scenario.years[0] + 1]
        return found[:, :, 0] if len(places) == 1 else as_one(found)


def judged_by(effect: Mapping[str, tuple[float, Any]]) -> list[str]:
    """Return the outcomes that move clearly, those in which the change is widest of its doubt first."""
    clear = {name: abs(one.mean) / max(one.high - one.mean, 1e-12) for name, (_, one) in effect.items() if one.clear}
    return sorted(clear, key=lambda name: -clear[name])
