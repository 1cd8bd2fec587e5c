"""A batch of runs: its arrays, and the compiled years that change them."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS, flat
from stackcraft.model import solved_starts
from stackcraft.model.compiling import start_helper
from stackcraft.model.layouts import (
    as_records,
    as_switches,
    empty_ledgers,
    event_dtype,
    event_record,
    facts_record,
    give_year,
    market_dtype,
    places_for,
)
from stackcraft.model.loop.codes import LEDGER_ROWS, N_FINANCIERS, N_HOMES, N_LAYERS, N_STACKS, SUBMODELS, VENDOR_PLACES
from stackcraft.model.loop.luck import run_key
from stackcraft.model.loop.run import Arrays, scratch
from stackcraft.model.measures import book_dtype
from stackcraft.model.state import blank, empty_deals, empty_state

SLICES_PER_THREAD = 4
SOLVER_STEPS = 60
MOST_SOLVED = 4096
_SOLVED: dict[bytes, np.ndarray] = {}  # constants found in this process, by all that they depend on
_STORED: dict[str, bool] = {}  # whether this process has found that those solved beforehand are the model's

RUN_ARRAYS = ("state", "book", "deals", "parameters", "switches", "ledger_row", "replicate")


def threads_available() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads_of(given: int | None) -> int:
    """How many threads to use: what is given, or every core for None. Raises `InputError` for less than one."""
    if given is None:
        return threads_available()
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < 1:
        raise InputError(f"threads={given!r}; give a whole number from 1 on, or None for every core")
    return int(given)


@dataclass
class Batch:
    """Arrays of a batch with a leading run axis, and what all runs share.

    `state` (runs,), `book` (runs, years + 1), `deals` (runs, country, layer, slot), `parameters` (runs,), `switches`
    (runs, submodels) with 1 = on, `ledger` (kept, rows) with `ledger_row` (runs,) saying which run keeps which, -1 =
    none. `constants` (runs, layer, stack) are the world's, solved at the start.
    """

    inputs: Any
    years: tuple[int, int]
    seed: int
    replicate: np.ndarray
    parameters: np.ndarray
    switches: np.ndarray
    events: np.ndarray
    threads: int
    state: np.ndarray = field(default=None)
    book: np.ndarray = field(default=None)
    deals: np.ndarray = field(default=None)
    ledger: np.ndarray = field(default=None)
    ledger_row: np.ndarray = field(default=None)
    constants: np.ndarray = field(default=None)

    @classmethod
    def make(cls, inputs, years, seed, replicate, parameters, switches, events, threads=None, ledger_runs=()) -> Batch:
        """Return an empty batch of the given runs; `replicate` (runs,) keys their luck.

        `ledger_runs` keep a ledger.
        """
        runs, countries = len(replicate), len(inputs.iso3)
        places = places_for(countries)
        batch = cls(
            inputs=inputs,
            years=years,
            seed=seed,
            replicate=np.asarray(replicate, np.uint64),
            parameters=parameters,
            switches=switches,
            events=events,
            threads=threads_of(threads),
        )
        batch.state = empty_state(runs, places)
        batch.deals = empty_deals(runs, places)
        batch.book = blank((runs, years[1] - years[0] + 1), book_dtype(places))
        kept = list(ledger_runs)
        batch.ledger = empty_ledgers(len(kept))
        batch.ledger["rows"][: len(kept)] = LEDGER_ROWS
        batch.ledger_row = np.full(runs, -1, np.int64)
        batch.ledger_row[kept] = np.arange(len(kept))
        batch._prepare()
        return batch

    def _prepare(self) -> None:
        self.facts = facts_record(self.inputs)
        give_year(self.facts, self.inputs, self.years[0])
        self._events = event_record(self.events)
        self._no_ledger = _no_ledger()
        self._deals, self._switches = as_records(self.deals), as_switches(self.switches)
        countries = places_for(len(self.inputs.iso3))
        slices = self.threads * SLICES_PER_THREAD
        self._workspaces = [(np.zeros(1, market_dtype(countries)), scratch(self.facts)) for _ in range(slices)]

    def script(self, events: np.ndarray) -> None:
        """Put scripted events, structured as `stackcraft.model.events.event_table` has them, in place of those."""
        self._events = event_record(events)
        self.events = events

    @property
    def runs(self) -> int:
        return len(self.state)

    @property
    def year(self) -> int:
        """The calendar year that comes next."""
        return self.years[0] + int(self.state["month"][0]) // 12

    def start(self, reference: dict[str, np.ndarray]) -> None:
        """Set up January of the first year, before anybody in the runs decides anything.

        `reference`: structured arrays by kind of actor, (1, actors), the status quo. Under it the constants that
        reproduce the facts are solved, contracts in force were agreed and the first record is taken, so that every
        policy starts from the same January.
        """
        from stackcraft.model.loop.start import run_start
        from stackcraft.model.loop.year import run_year

        arrays = self.arrays({kind: np.repeat(array, self.runs, axis=0) for kind, array in reference.items()})
        market, space = self._workspaces[0]
        start_helper(run_start, run_year, (0, 1, arrays._replace(market=market), 0, space), threads_available())
        alike: dict[bytes, list[int]] = {}  # runs by what their constants depend on
        for run in range(self.runs):
            alike.setdefault(self.parameters[run].tobytes() + self.switches[run].tobytes(), []).append(run)
        self.reference = self._wide(reference)
        solved = self._constants_of(np.array([group[0] for group in alike.values()]))
        self.constants = np.zeros((self.runs, N_LAYERS, N_STACKS))
        for group, constants in zip(alike.values(), solved, strict=True):
            self.constants[group] = constants
        self.state["constant"] = self.constants[:, np.newaxis]
        self._begin(self.state, self.replicate)

        def work(low, high, market, space):
            run_start(low, high, arrays._replace(market=market), 0, space)

        self._slices(self.runs, work)

    def _begin(self, state: np.ndarray, replicate: np.ndarray) -> None:
        """Write the key of each run's luck and the first year into new states."""
        state["key"] = np.array([run_key(self.seed, number) for number in replicate], np.uint64)
        state["start_year"] = self.years[0]

    def _constants_of(self, chosen: np.ndarray) -> np.ndarray:
        """The world's constants (chosen, layer, stack) for the parameters and switches of the chosen runs."""
        common = hashlib.sha256(self.facts.tobytes())
        for array in self.reference:
            common.update(array.tobytes())
        keys = []
        for run in chosen:
            key = common.copy()
            key.update(self.parameters[run].tobytes() + self.switches[run].tobytes() + str(self.years[0]).encode())
            keys.append(key.digest())
        if len(_SOLVED) > MOST_SOLVED:
            _SOLVED.clear()
        unknown = [place for place, key in enumerate(keys) if key not in _SOLVED]
        known = self._stored_constants(chosen[unknown])
        rest = [place for place, constants in zip(unknown, known, strict=True) if constants is None]
        solved = iter(self.solve(chosen[rest]) if rest else ())
        for place, constants in zip(unknown, known, strict=True):
            _SOLVED[keys[place]] = next(solved) if constants is None else constants
        return np.stack([_SOLVED[key] for key in keys])

    def _stored_constants(self, chosen: np.ndarray) -> list[np.ndarray | None]:
        """The constants of the chosen runs that were solved beforehand, (layer, stack) each; None where none were.

        The first that is found is solved as well: where it differs, the model is not the one that they are of.
        """
        keys = self.start_keys(chosen) if len(chosen) else []
        known = [solved_starts.stored().get(key) for key in keys]
        tried = next((place for place, constants in enumerate(known) if constants is not None), None)
        if tried is None:
            return known
        if "trusted" not in _STORED:
            again = self.solve(chosen[[tried]])[0]
            _STORED["trusted"] = bool(np.allclose(again, known[tried], rtol=0, atol=solved_starts.CLOSE))
        return known if _STORED["trusted"] else [None] * len(known)

    def start_keys(self, chosen: np.ndarray) -> list[str]:
        """Return the keys by which constants of the chosen runs are stored (see `solved_starts`)."""
        shared = self.start_keys_shared()
        return [solved_starts.key(shared, self.parameters[run], self.switches[run]) for run in chosen]

    def start_keys_shared(self) -> solved_starts.Digest:
        """Return the beginning of the keys of all runs, once they have started."""
        return solved_starts.shared_key(self.facts, self.reference, self.years[0])

    def solve(self, chosen: np.ndarray) -> np.ndarray:
        """Solve the world's constants, (chosen, layer, stack), of runs that have started, each in its own January."""
        from stackcraft.model.loop.start import run_start

        number, places = len(chosen), places_for(len(self.inputs.iso3))
        result = np.zeros((number, N_LAYERS, N_STACKS))
        parameters, on = self.parameters[chosen], as_switches(self.switches[chosen])
        no_events = event_record(np.zeros(0, event_dtype()))

        def work(low, high, market, space):
            for place in range(low, high):
                here, state = slice(place, place + 1), empty_state(1, places)
                self._begin(state, np.zeros(1, np.uint64))
                arrays = Arrays(
                    state,
                    np.zeros((1, 1), book_dtype(places)),
                    as_records(empty_deals(1, places)),
                    self.facts,
                    parameters[here],
                    *self.reference,
                    market,
                    on[here],
                    self._no_ledger,
                    no_events,
                    self._no_ledger,
                    np.full(1, -1, np.int64),
                )
                run_start(0, 1, arrays, SOLVER_STEPS, space)
                result[place] = state["constant"][0, 0]  # the same for every country so far

        self._slices(number, work)
        return result

    def step(self, levers: dict[str, np.ndarray]) -> None:
        """One year under the given levers, structured arrays by kind of actor, (runs, actors)."""
        from stackcraft.model.loop.year import run_year

        year = self.year
        row = year - self.years[0] + 1
        self._give(year)
        arrays = self.arrays(levers)
        # As bytes: field by field takes several times as long.
        self.book.view(np.uint8).reshape(*self.book.shape, -1)[:, row] = 0

        def work(low, high, market, space):
            run_year(low, high, arrays._replace(market=market), row, space)

        self._slices(self.runs, work)
        if self.year != year + 1:
            raise RuntimeError(f"the year {year} was not played: the calendar is at {self.year}")

    def _give(self, year: int) -> None:
        """Let the facts give the year, where they do: demand, who sells, embargoes (a hindcast).

        Vendors that begin to sell only later, or this January, have spent nothing yet and are as the facts have them.
        """
        give_year(self.facts, self.inputs, year)
        given = self.inputs.given
        if given is None:
            return
        before = given.serves[max(min(year - int(given.years[0]), len(given.years)) - 1, 0)]
        for vendor in np.flatnonzero(before.sum(axis=1) == 0):
            self.state["cash"][:, vendor] = self.facts["cash"][0, vendor]
            self.state["alive"][:, vendor] = 1.0

    def arrays(self, levers: dict[str, np.ndarray]) -> Arrays:
        """Return the batch as kernels read it, under the given levers; the market's place is filled by each thread."""
        return Arrays(
            self.state,
            self.book,
            self._deals,
            self.facts,
            self.parameters,
            *self._wide(levers),
            None,
            self._switches,
            self.ledger,
            self._events,
            self._no_ledger,
            self.ledger_row,
        )

    def _wide(self, levers: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Homes, financiers, vendors, importers as the loop reads them: with its places for vendors and countries."""
        places = places_for(len(self.inputs.iso3))
        actors = {"home_government": N_HOMES, "financier": N_FINANCIERS, "vendor": VENDOR_PLACES, "importer": places}
        return [
            as_records(_fitted(levers[kind], number, LEVER_SETS[kind].dtype(places))) for kind, number in actors.items()
        ]

    def _slices(self, number: int, work) -> None:
        """Call `work(low, high, market, scratch)` on slices of runs, on plain threads: kernels release the GIL."""
        count = min(len(self._workspaces), number) if self.threads > 1 else 1
        edges = np.linspace(0, number, count + 1).astype(int)
        jobs = [
            (int(low), int(high), *space)
            for low, high, space in zip(edges[:-1], edges[1:], self._workspaces, strict=False)
        ]
        if self.threads == 1 or count == 1:
            for job in jobs:
                work(*job)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            for future in [pool.submit(work, *job) for job in jobs]:
                future.result()


@cache
def _no_ledger() -> np.ndarray:
    """What a run that keeps no ledger is given.

    It has no rows and is never written, so one serves the whole process.
    """
    return empty_ledgers(1)


def _fitted(array: np.ndarray, actors: int, kind: np.dtype) -> np.ndarray:
    """`array` (runs, actors) in the loop's shape: the same where it fits, else copied into a wider one."""
    if array.shape[1] == actors and array.dtype == kind:
        return array
    wide = np.zeros((len(array), actors), kind)
    if array.dtype == kind:  # only actors are missing: all levers of one are side by side
        flat(wide)[:, : array.shape[1]] = flat(array)
        return wide
    for name in kind.names:
        given = array[name]
        wide[name][(slice(None), *(slice(0, size) for size in given.shape[1:]))] = given
    return wide


def all_on(runs: int, off=()) -> np.ndarray:
    """Switches with every submodel on but those named."""
    switches = np.ones((runs, len(SUBMODELS)), np.uint8)
    for name in off:
        switches[:, SUBMODELS.index(name)] = 0
    return switches
