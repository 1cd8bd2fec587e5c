"""The server's one queue, and hooks by which a page asks it and is drawn again when there is something to show."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import solara

from stackcraft.experiments.live import Job, OneRun, Pair, Queue
from stackcraft.experiments.live.countries import OwnLevers, WithCountries
from stackcraft.experiments.live.estimates import Nearby
from stackcraft.experiments.live.queue import Work
from stackcraft.viz.dashboard.state import Question

LOG = logging.getLogger(__name__)
QUEUE = Queue()


@dataclass(frozen=True)
class Progress:
    """How far a question is.

    `value` is what there is so far or None; `stale` says that it still answers the question before; `error` is one
    line.
    """

    value: Any = None
    done: int = 0
    total: int = 0
    error: str = ""
    finished: bool = False
    stale: bool = False


def warm() -> None:
    """Run the baseline once, so that the first visitor finds everything imported, compiled and computed."""
    short = Question(years=(2025, 2026), runs=2)  # enough to import what pairs need
    works = (
        WithCountries(Question().scenario),
        Pair(short.scenario, short.with_lever("us_government.supply_bond", 0.5).scenario),
    )
    for job in [QUEUE.ask("server", str(place), work) for place, work in enumerate(works)]:
        QUEUE.wait(job)
    QUEUE.leave("server")


class Painter:
    """Draws one visitor's page again, in a thread of the visitor's own: the queue's workers have other things to do.

    Requests that come while it draws are drawn together.
    """

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        # Started while the visitor's context is the current one, which Solara hands on to the thread.
        threading.Thread(target=self._work, name="stackcraft-painter", daemon=True).start()

    def ask(self, redraw: Callable[[], None]) -> None:
        """Have `redraw` called soon."""
        self._asked.put(redraw)

    def close(self) -> None:
        """End the thread."""
        self._asked.put(None)

    def _work(self) -> None:
        while True:
            wanted = [self._asked.get()]
            while not self._asked.empty():
                wanted.append(self._asked.get())
            if None in wanted:
                return
            for redraw in dict.fromkeys(wanted):
                try:
                    redraw()
                except Exception:
                    LOG.exception("a page could not be drawn again")


PAINTERS: dict[str, Painter] = {}


def _watch_kernel() -> Callable[[], None]:
    """When a visitor's page is closed or forgotten, nobody waits for its questions any more."""
    visitor = solara.get_kernel_id()
    PAINTERS[visitor] = Painter()

    def forget() -> None:
        QUEUE.leave(visitor)
        PAINTERS.pop(visitor).close()

    return forget


solara.lab.on_kernel_start(_watch_kernel)


def use_work(slot: str, work: Work | None) -> Progress:
    """Ask for `work` in this visitor's `slot`; the component is drawn again whenever there is more of it.

    None asks for nothing.

    While a new question has nothing to show yet, the value of the last one stays, marked `stale`.
    """
    _, redraw = solara.use_state(0)
    last = solara.use_ref(None)
    visitor = solara.get_kernel_id()

    def draw() -> None:
        redraw(lambda number: number + 1)

    def tell() -> None:
        if (painter := PAINTERS.get(visitor)) is not None:
            painter.ask(draw)

    def ask() -> Job | None:
        if work is None:
            QUEUE.leave(visitor, slot)
            return None
        return QUEUE.ask(visitor, slot, work, tell)

    job = solara.use_memo(ask, [None if work is None else work.key])
    solara.use_effect(lambda: lambda: QUEUE.leave(visitor, slot), [])
    if job is None:
        return Progress()
    if job.value is not None:
        last.current = job.value
    stale = job.value is None
    return Progress(last.current, job.done, job.total, job.error, job.finished, stale)


def use_ensemble(question: Question | None, slot: str = "ensemble", bloc: str = "") -> Progress:
    """All runs of the question, as a `CountrySummary`; nothing without a question. A `bloc` is one more country."""
    return use_work(slot, None if question is None else WithCountries(question.scenario, bloc))


def use_moving(question: Question, dragged: Question | None, usual: Progress, bloc: str = "") -> Progress:
    """All runs of the question, first as an estimate; while a lever is dragged, estimates alone.

    `usual` are the runs of the question without changes, which estimates start from.
    """
    base = usual.value if usual.finished and not usual.stale and not usual.error else None
    asked = question if dragged is None else dragged
    if base is None or asked == asked.plain():
        return use_work("ensemble", WithCountries(asked.scenario, bloc))
    return use_work("ensemble", Nearby(asked.scenario, bloc, base, dragged is not None))


def use_own_levers(question: Question | None, code: str, until: int) -> Progress:
    """What each of a country's own levers does to it until a year, as `OwnEffects`; nothing without a question."""
    return use_work("own levers", None if question is None else OwnLevers(question.scenario, code, until))


def use_record(question: Question, replicate: int | None) -> Progress:
    """One run of the question in full, as a `RunRecord`; nothing while the replicate is not known."""
    return use_work("record", None if replicate is None else OneRun(question.scenario, replicate))


def use_pair(a: Question, b: Question | None) -> Progress:
    """Both questions under the same luck, as a `PairSummary`; nothing without the second."""
    return use_work("pair", None if b is None else Pair(a.scenario, b.scenario))


def use_matters(question: Question | None) -> Progress:
    """What each lever does to the question, as `Effects`; nothing without a question."""
    from stackcraft.experiments.live.lever_effects import EffectsWork

    return use_work("matters", None if question is None else EffectsWork(question.scenario))


def use_reasons(
    question: Question | None, changes: Mapping[Any, Any] | None, code: str = "", until: int | None = None,
    slot: str = "reasons",
) -> Progress:  # fmt: skip
    """Through what changes to the question work, as `Reasons`; nothing without a question or changes.

    `changes` maps a name to a scenario, or to assignments; `code` reads one country, until a year.
    """
    from stackcraft.experiments.live.reasons import RUNS, ReasonsWork

    if question is None or not changes:
        return use_work(slot, None)
    runs = RUNS if len(changes) > 1 else 2 * RUNS
    return use_work(slot, ReasonsWork(question.scenario, changes, code, until, runs))


def use_effects(question: Question) -> tuple[Progress, Callable[[], None]]:
    """Return what each lever does to the question, and a function that asks for it.

    What is stored answers at once where the question is the stored one.
    """
    from stackcraft.experiments.evidence import lever_effects

    asked, ask = solara.use_state(None)
    scenario = question.scenario
    measured = use_matters(question if asked == scenario else None)
    if asked == scenario:
        return measured, lambda: None
    kept = lever_effects.stored()
    known = kept is not None and lever_effects.answers(kept, scenario)
    return Progress(kept, finished=True) if known else Progress(), lambda: ask(scenario)
