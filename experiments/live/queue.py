"""A fair queue for people who watch: work in parts, shared by those who ask the same, dropped when nobody waits for it.

Several visitors of one server move levers at once. Each question is cut into short parts; the next part always goes to
the visitor who has had the least of the workers' time, so nobody waits longer than their own work times visitors over
workers. A visitor's new question in a slot takes the place of the old one there. Results are kept while there is room
for them.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from stackcraft.agents.errors import InputError

LOG = logging.getLogger(__name__)
ROOM_BYTES = 192 * 2**20  # of finished results kept for those who ask again, all visitors together


class Stopped(Exception):
    """Raised inside a part when nobody waits for it any more."""


def give_up_when(stop: Callable[[], bool]) -> Callable[[], None]:
    """Return a function that raises `Stopped` once `stop` says so."""

    def check() -> None:
        if stop():
            raise Stopped

    return check


@dataclass(frozen=True)
class Task:
    """A piece of work. `run` is given a function that says whether to stop; `rank` 0 goes before 1, and so on.

    `long` is one that cannot be cut into short ones: of those, one worker at least is kept free.
    """

    run: Callable[[Callable[[], bool]], Any]
    rank: int = 1
    long: bool = False


class Work(Protocol):
    """What can be asked: a key that says what it is, its parts, and how pieces become a result.

    `fold` is given the pieces done so far by the number of their part, and returns the result so far, or None while
    there is too little to show. It is called whenever `shows(done)` says so, and when all parts are done. `size` is the
    bytes of a result, which is kept for those who ask again unless the work has an attribute `keep` that is false.
    """

    key: Hashable

    def parts(self) -> Sequence[Task]: ...

    def shows(self, done: set[int]) -> bool: ...

    def fold(self, pieces: Mapping[int, Any]) -> Any: ...

    def size(self, value: Any) -> int: ...


@dataclass(eq=False)
class Job:
    """One question under way, or answered.

    `value` is the result so far, from `done` of `total` parts; `error` is one line, or empty.
    """

    work: Work
    total: int = 0
    done: int = 0
    value: Any = None
    error: str = ""
    finished: bool = False
    asked: int = 0  # the last question is the one somebody looks at
    parts: list[Task] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    running: set[int] = field(default_factory=set)
    pieces: dict[int, Any] = field(default_factory=dict)
    folded: int = 0  # how many pieces the value is made of
    watchers: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)

    def unwatched(self) -> bool:
        """Whether nobody waits for it any more."""
        return not self.watchers


class Queue:
    """Worker threads and the jobs they share. `workers` defaults to the cores of the machine."""

    def __init__(self, workers: int | None = None, room_bytes: int = ROOM_BYTES) -> None:
        from stackcraft.model.batch import threads_of

        self.workers = threads_of(workers)
        self.room_bytes = room_bytes
        self._lock = threading.Condition()
        self._jobs: dict[Hashable, Job] = {}
        self._kept: OrderedDict[Hashable, tuple[Job, int]] = OrderedDict()
        self._spent: dict[str, float] = {}
        self._counter = itertools.count(1)
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._long = 0  # long parts under way

    # asking

    def ask(self, visitor: str, slot: str, work: Work, tell: Callable[[], None] = lambda: None) -> Job:
        """The job of `work` for this visitor, who drops what was asked in that slot before.

        `tell` is called from a worker, without any lock held, whenever the job has something new to show. A job that is
        finished already never calls it.
        """
        with self._lock:
            known = work.key in self._kept or work.key in self._jobs
        fresh = (
            None if known else _job_of(work)
        )  # cutting it into parts may take a while, in which nobody else should wait
        with self._lock:
            self._leave(visitor, slot, but=work.key)
            if work.key in self._kept:
                self._kept.move_to_end(work.key)
                return self._kept[work.key][0]
            job = self._jobs.get(work.key)
            if job is None:
                job = self._jobs[work.key] = fresh or _job_of(work)
            job.asked = next(self._counter)
            if visitor not in self._active():
                # Who was idle starts level with the others: idle time earns nothing.
                level = min((self._spent.get(one, 0.0) for one in self._active()), default=0.0)
                self._spent[visitor] = max(self._spent.get(visitor, 0.0), level)
            job.watchers[visitor, slot] = tell
            self._start_workers()
            self._lock.notify_all()
            return job

    def leave(self, visitor: str, slot: str | None = None) -> None:
        """The visitor no longer waits for what was asked in that slot, or, without one, for anything."""
        with self._lock:
            self._leave(visitor, slot)
            if slot is None:
                self._spent.pop(visitor, None)
            self._lock.notify_all()

    def wait(self, job: Job, seconds: float | None = None) -> Any:
        """Block until the job is finished and return its value.

        Raises `InputError` with its error, `TimeoutError` when time is up, and `Stopped` when everybody has left the
        job or the queue was stopped.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: job.finished or job.unwatched() or self._closed, seconds):
                raise TimeoutError(f"not done after {seconds:g} seconds: {job.done} of {job.total} parts")
            if not job.finished:
                raise Stopped("nobody waits for this any more")
        if job.error:
            raise InputError(job.error)
        return job.value

    def stop(self) -> None:
        """Begin no further part, and end all waiting at once; parts under way end at their next year."""
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                job.watchers.clear()
            self._lock.notify_all()

    def close(self) -> None:
        """Stop, and wait until the workers have ended."""
        self.stop()
        for thread in self._threads:
            thread.join()

    def load(self) -> dict[str, int]:
        """Visitors who wait, jobs under way, results kept and their bytes."""
        with self._lock:
            kept = sum(size for _, size in self._kept.values())
            return {
                "visitors": len(self._active()),
                "jobs": len(self._jobs),
                "kept": len(self._kept),
                "kept_bytes": kept,
            }

    # inside

    def _active(self) -> set[str]:
        return {visitor for job in self._jobs.values() for visitor, _ in job.watchers}

    def _leave(self, visitor: str, slot: str | None, but: Hashable = None) -> None:
        for key, job in list(self._jobs.items()):
            for watcher in [one for one in job.watchers if one[0] == visitor and slot in (None, one[1])]:
                if key != but:
                    del job.watchers[watcher]
            if job.unwatched():
                del self._jobs[key]

    def _start_workers(self) -> None:
        while len(self._threads) < self.workers and not self._closed:
            thread = threading.Thread(target=self._work, name=f"stackcraft-worker-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _next(self) -> tuple[Job, int, str] | None:
        """The part to do next: of the visitor who has had the least, the first in rank, of the newest question."""
        best = None
        full = self._long >= max(1, self.workers - 1)
        for job in self._jobs.values():
            if job.waiting and not (full and job.parts[job.waiting[0]].long):
                rank = job.parts[job.waiting[0]].rank
                for visitor, _ in job.watchers:
                    order = (self._spent.get(visitor, 0.0), rank, -job.asked)
                    if best is None or order < best[0]:
                        best = (order, job, visitor)
        if best is None:
            return None
        _, job, visitor = best
        number = job.waiting.pop(0)
        job.running.add(number)
        self._long += job.parts[number].long
        # Charged in advance, so that two workers do not both serve the same visitor while another waits.
        self._spent[visitor] = self._spent.get(visitor, 0.0) + 1e-3
        return job, number, visitor

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._closed and (found := self._next()) is None:
                    self._lock.wait()
                if self._closed:
                    return
            job, number, visitor = found
            started = time.perf_counter()
            piece, error = None, ""
            try:
                piece = job.parts[number].run(job.unwatched)
            except Stopped:
                pass
            except InputError as fault:
                error = str(fault)
            except Exception as fault:
                error = f"this could not be computed: {type(fault).__name__}: {fault}"
            self._done(job, number, visitor, piece, error, time.perf_counter() - started)

    def _done(self, job: Job, number: int, visitor: str, piece: Any, error: str, seconds: float) -> None:
        with self._lock:
            if visitor in self._spent:
                self._spent[visitor] += seconds
            job.running.discard(number)
            if job.parts[number].long:
                self._long -= 1
                self._lock.notify_all()  # a long one that had to wait may begin
            if job.finished or (job.unwatched() and not error):
                return
            if error:
                self._finish(job, error=error)
            else:
                job.pieces[number] = piece
                job.done += 1
            complete = not error and job.done == job.total
            pieces = dict(job.pieces) if complete or (not error and self._shows(job)) else {}
        if pieces:
            self._show(job, pieces, complete)
        with self._lock:
            tellers = list(job.watchers.values())
            if job.finished:
                job.watchers.clear()  # they hold on to pages that may be closed long before the result is let go
            self._lock.notify_all()
        for tell in tellers:
            try:
                tell()
            except Exception:  # a page that cannot be told must not end the worker
                LOG.warning("a page could not be told of new results", exc_info=True)

    @staticmethod
    def _shows(job: Job) -> bool:
        try:
            return job.work.shows(set(job.pieces))
        except Exception:
            LOG.exception("whether there is something to show could not be found out")
            return False

    def _show(self, job: Job, pieces: dict[int, Any], complete: bool) -> None:
        """Fold what is there; an older fold that comes late is thrown away.

        What cannot be folded yet, because the few runs so far have failed, may be once there are more.
        """
        error, value, size = "", None, 0
        try:
            value = job.work.fold(pieces)
            size = job.work.size(value) if complete else 0
        except InputError as fault:
            error = str(fault)
        except Exception as fault:
            error = f"this could not be summed up: {type(fault).__name__}: {fault}"
        with self._lock:
            if job.finished:
                return
            if not error and len(pieces) > job.folded:
                job.value, job.folded = value, len(pieces)
            if complete:
                self._finish(job, error=error)
                if not error and getattr(job.work, "keep", True):
                    self._keep(job, size)

    def _finish(self, job: Job, error: str = "") -> None:
        job.error, job.finished, job.waiting, job.pieces = error, True, [], {}
        if self._jobs.get(job.work.key) is job:  # not a younger one that asks the same
            del self._jobs[job.work.key]

    def _keep(self, job: Job, size: int) -> None:
        self._kept[job.work.key] = (job, size)
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self.room_bytes:
            self._kept.popitem(last=False)


def _job_of(work: Work) -> Job:
    """A job with its parts, first in rank first. Raises what `parts` raises, and `ValueError` where there are none."""
    parts = list(work.parts())
    if not parts:
        raise ValueError(f"{type(work).__name__} has no parts to do")
    waiting = sorted(range(len(parts)), key=lambda number: (parts[number].rank, number))
    return Job(work, total=len(parts), parts=parts, waiting=waiting)
