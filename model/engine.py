"""The world of a batch of runs: its arrays, and the compiled years that change them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import model.loop  # noqa: F401  chooses the cache folder before anything compiles
from model.loop.run import scratch
from model.loop.sizes import SUBMODELS, VENDORS
from model.measures import book_dtype
from model.records import event_dtype, facts_record, ledger_dtype, market_dtype
from model.world import empty_deals, empty_state

SLICES_PER_THREAD = 4
SOLVER_STEPS = 60
LEDGER_ROWS_PER_CELL_YEAR = 0.8  # signed deals and renewals; a full ledger is an error, never silence

RUN_ARRAYS = ("state", "book", "deals", "parameters", "switches", "ledger", "ledger_row", "replicate")


def threads_available() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class World:
    """Arrays of a batch with a leading run axis, and what all runs share.

    `state` (runs,), `book` (runs, years + 1), `deals` (runs, country, layer, slot), `parameters` (runs,), `switches`
    (runs, submodels) with 1 = on, `ledger` (kept, rows) with `ledger_row` (runs,) saying which run keeps which, -1 = none.
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

    @classmethod
    def make(cls, inputs, years, seed, replicate, parameters, switches, events, threads=None, ledger_runs=()) -> World:
        """An empty world for the given runs; `replicate` (runs,) keys their luck; `ledger_runs` keep a ledger."""
        runs, countries = len(replicate), len(inputs.iso3)
        world = cls(
            inputs=inputs, years=years, seed=seed, replicate=np.asarray(replicate, np.uint64), parameters=parameters,
            switches=switches, events=events, threads=threads or threads_available(),
        )
        world.state = empty_state(runs, countries)
        world.deals = empty_deals(runs, countries)
        world.book = np.zeros((runs, years[1] - years[0] + 1), book_dtype(countries))
        rows = int(LEDGER_ROWS_PER_CELL_YEAR * countries * 7 * (years[1] - years[0])) + 500
        kept = list(ledger_runs)
        world.ledger = np.zeros((max(len(kept), 1), rows if kept else 0), ledger_dtype())
        world.ledger_row = np.full(runs, -1, np.int64)
        world.ledger_row[kept] = np.arange(len(kept))
        world._prepare()
        return world

    def _prepare(self) -> None:
        self.facts = facts_record(self.inputs)
        countries = len(self.inputs.iso3)
        slices = self.threads * SLICES_PER_THREAD
        vendors = self.inputs.vendors
        self._workspaces = [
            (np.zeros(1, market_dtype(countries)), scratch(countries, vendors.number, vendors.stack)) for _ in range(slices)
        ]

    @property
    def runs(self) -> int:
        return len(self.state)

    @property
    def year(self) -> int:
        """The calendar year that comes next."""
        return self.years[0] + int(self.state["month"][0]) // 12

    def start(self, levers: dict[str, np.ndarray], reference: dict[str, np.ndarray]) -> None:
        """Set up January of the first year.

        `levers`: structured arrays by kind of actor, (runs, actors). `reference`: the same with one run, the status quo. The
        constants that reproduce the facts are solved under the reference, so that a scenario's levers show their effect.
        """
        from model.loop.start import run_start

        key = np.concatenate([self.parameters.view(np.uint8).reshape(self.runs, -1), self.switches.view(np.uint8)], axis=1)
        _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
        inverse = inverse.ravel()
        solved = self._solve_constants(first, reference)
        self.state["constant"] = solved[inverse]
        wide = self._wide(levers)

        def work(low, high, market, space):
            run_start(
                low, high, self.seed, self.replicate, self.years[0], False, 0, self.state, self.book, self.deals, self.facts,
                self.parameters, *wide, market, self.switches, self.ledger, self.events, space,
            )

        self._slices(self.runs, work)

    def _solve_constants(self, chosen: np.ndarray, reference: dict[str, np.ndarray]) -> np.ndarray:
        """Constants (chosen, layer, stack) for the parameters and switches of the chosen runs."""
        from model.loop.start import run_start

        number, countries = len(chosen), len(self.inputs.iso3)
        result = np.zeros((number, 7, 3))
        wide = [np.ascontiguousarray(np.repeat(array, number, axis=0)) for array in self._wide(reference)]
        parameters, switches = self.parameters[chosen].copy(), self.switches[chosen].copy()
        no_events, no_ledger = np.zeros(0, event_dtype()), np.zeros((1, 0), ledger_dtype())

        def work(low, high, market, space):
            for one in range(low, high):
                state, deals = empty_state(1, countries), empty_deals(1, countries)
                book = np.zeros((1, 1), book_dtype(countries))
                here = slice(one, one + 1)
                run_start(
                    0, 1, self.seed, np.zeros(1, np.uint64), self.years[0], True, SOLVER_STEPS, state, book, deals, self.facts,
                    parameters[here], *(array[here] for array in wide), market, switches[here], no_ledger, no_events, space,
                )
                result[one] = state["constant"][0]

        self._slices(number, work)
        return result

    def step(self, levers: dict[str, np.ndarray]) -> None:
        """One year under the given levers, structured arrays by kind of actor, (runs, actors)."""
        from model.loop.year import run_year

        row = self.year - self.years[0] + 1
        wide = self._wide(levers)
        self.book[:, row] = 0

        def work(low, high, market, space):
            run_year(
                low, high, self.state, self.book, row, self.deals, self.facts, self.parameters, *wide, market, self.switches,
                self.ledger, self.ledger_row, self.events, space,
            )

        self._slices(self.runs, work)

    @staticmethod
    def _wide(levers: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Homes, financiers, vendors with the padded place, importers."""
        vendor = levers["vendor"]
        padded = np.zeros((len(vendor), VENDORS), vendor.dtype)
        padded[:, : vendor.shape[1]] = vendor
        return [levers["home_government"], levers["financier"], padded, levers["importer"]]

    def _slices(self, number: int, work) -> None:
        """Call `work(low, high, market, scratch)` on slices of runs, on plain threads: kernels release the GIL."""
        count = min(len(self._workspaces), number) if self.threads > 1 else 1
        edges = np.linspace(0, number, count + 1).astype(int)
        jobs = [(int(low), int(high), *space) for low, high, space in zip(edges[:-1], edges[1:], self._workspaces, strict=False)]
        if self.threads == 1 or count == 1:
            for job in jobs:
                work(*job)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            for future in [pool.submit(work, *job) for job in jobs]:
                future.result()


def all_on(runs: int, off=()) -> np.ndarray:
    """Switches with every submodel on but those named."""
    switches = np.ones((runs, len(SUBMODELS)), np.uint8)
    for name in off:
        switches[:, SUBMODELS.index(name)] = 0
    return switches
