"""Where the time goes: the compiled year with a clock read after every step of its order.

The order is not written here a second time: the source of `run_year`, `january` and `month` is read, a clock is put
behind every call in it, and that copy is compiled. The clock counts the thread's own processor time, so that a shared
core does not blur the shares.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numba import njit

from stackcraft.agents.cast import Cast
from stackcraft.model import Scenario, Simulation
from stackcraft.model.batch import Batch
from stackcraft.model.loop import january as january_module
from stackcraft.model.loop import year as year_module
from stackcraft.model.loop.compiled import compiled_here
from stackcraft.model.observe import Observer

PLACES = 128  # more than the order has steps
READINGS = 20_000  # to find out what one costs
OUTSIDE = ("start", "strategies", "views", "levers into the loop", "facts, actors and the rest", "measures")


def profile(scenario: Scenario, runs: int) -> list[dict[str, Any]]:
    """Milliseconds a run by step, largest first: {"part", "step", "ms", "share"}.

    [] where the system has no thread clock.
    """
    if not hasattr(time, "CLOCK_THREAD_CPUTIME_ID"):
        return []
    timed_year, clock = _timed_year()
    with _clocks() as spent, _in_place_of(year_module, "run_year", timed_year):
        _batch(scenario, 1, spent)  # compiles
        clock.ticks[:] = 0
        spent.clear()
        start = time.thread_time()
        _batch(scenario, runs, spent)
        total = time.thread_time() - start
    loop = (clock.ticks - clock.cost * clock.calls) / 1e9
    rows = [(part, step, seconds) for (part, step), seconds in zip(clock.steps, loop, strict=False)]
    inside = sum(seconds for _, _, seconds in rows)
    spent["levers into the loop"] = max(spent.pop("step") - float(clock.ticks.sum()) / 1e9, 0.0)
    # Strategies are decided once more within the start; what is left of the total is the making of agents, facts and
    # arrays.
    clock_cost = float(clock.cost * clock.calls.sum()) / 1e9
    spent["facts, actors and the rest"] = max(total - clock_cost - inside - sum(spent.values()), 0.0)
    rows += [("outside the loop", name, spent.get(name, 0.0)) for name in OUTSIDE]
    # A step dearer to time than to do may come out below nothing: such steps are left out.
    rows = sorted((row for row in rows if row[2] > 0), key=lambda row: -row[2])
    whole = sum(seconds for _, _, seconds in rows)
    return [
        {"part": part, "step": step, "ms": float(1000.0 * seconds / runs), "share": float(seconds / whole)}
        for part, step, seconds in rows
    ]


def _batch(scenario: Scenario, runs: int, spent: dict[str, float]) -> None:
    with Simulation(scenario, runs=runs, seed=scenario.seed, threads=1, ledger_runs=0) as simulation:
        simulation.run()
        start = time.thread_time()
        simulation.results  # noqa: B018  what is timed
        spent["measures"] = time.thread_time() - start


@contextmanager
def _clocks() -> Iterator[dict[str, float]]:
    """Count the thread's seconds in what Python does around the loop; each second once, with the innermost."""
    spent: dict[str, float] = {}
    inner: list[float] = []

    def timed(name: str, function: Callable) -> Callable:
        def call(*given: Any, **named: Any) -> Any:
            start = time.thread_time()
            inner.append(0.0)
            try:
                return function(*given, **named)
            finally:
                took, within = time.thread_time() - start, inner.pop()
                if inner:
                    inner[-1] += took
                spent[name] = spent.get(name, 0.0) + took - within

        return call

    watched = (
        (Batch, "start", "start"),
        (Batch, "step", "step"),
        (Cast, "decide", "strategies"),
        (Observer, "views", "views"),
    )
    originals = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in watched]
    try:
        for owner, attribute, name in watched:
            setattr(owner, attribute, timed(name, getattr(owner, attribute)))
        yield spent
    finally:
        for owner, attribute, original in originals:
            setattr(owner, attribute, original)


@contextmanager
def _in_place_of(module: Any, name: str, function: Callable) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, function)
    try:
        yield
    finally:
        setattr(module, name, original)


class _Clock:
    """Time and calls by step; `steps` names them (part, step)."""

    def __init__(self) -> None:
        self.ticks = np.zeros(PLACES, np.int64)
        self.calls = np.zeros(PLACES, np.int64)
        self.steps: list[tuple[str, str]] = []
        self.cost = 0.0  # of one reading, ns

    def place(self, part: str, step: str) -> int:
        if (part, step) not in self.steps:
            self.steps.append((part, step))
        return self.steps.index((part, step))


def _timed_year() -> tuple[Callable, _Clock]:
    """`run_year` with clocks, and the clock that it fills."""
    clock = _Clock()
    read = _reader()
    names = {"read_clock": read}
    names["timed_january"] = _with_clocks(january_module.january, january_module, "january", clock, names)
    names["timed_month"] = _with_clocks(year_module.month, year_module, "month", clock, names)
    year = _with_clocks(year_module.run_year, year_module, "year", clock, names)
    now = np.zeros(3, np.int64)
    read(clock.ticks, clock.calls, now, PLACES - 1)
    start = time.thread_time()
    _read_often(read)(clock.ticks, clock.calls, now, READINGS)
    clock.cost = 1e9 * (time.thread_time() - start) / READINGS
    clock.ticks[:], clock.calls[:] = 0, 0

    def timed(*given: Any) -> None:
        read(clock.ticks, clock.calls, now, PLACES - 1)  # sets the hand; the last place is nobody's
        clock.ticks[PLACES - 1], clock.calls[PLACES - 1] = 0, 0
        year(*given, clock.ticks, clock.calls, now)

    return timed, clock


def _reader() -> Callable:
    """A compiled function that books the time since it was last called."""
    read = ctypes.CDLL(None).clock_gettime
    read.argtypes, read.restype = (ctypes.c_int, ctypes.c_void_p), ctypes.c_int
    which = int(time.CLOCK_THREAD_CPUTIME_ID)

    @njit(nogil=True)
    def book(ticks, calls, now, place):
        before = now[2]
        read(which, now.ctypes)
        now[2] = now[0] * 1_000_000_000 + now[1]
        ticks[place] += now[2] - before
        calls[place] += 1

    return book


def _read_often(read: Callable) -> Callable:
    @njit(nogil=True)
    def often(ticks, calls, now, number):
        for _ in range(number):
            read(ticks, calls, now, ticks.shape[0] - 1)

    often(np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(3, np.int64), 1)
    return often


def _with_clocks(kernel: Any, module: Any, part: str, clock: _Clock, names: dict[str, Any]) -> Callable:
    """A copy of a kernel in which every statement that calls something is followed by a reading of the clock.

    Calls of kernels in `names` under "timed_..." go to those copies instead, which read the clock themselves.
    """
    function = ast.parse(textwrap.dedent(inspect.getsource(kernel.py_func))).body[0]
    function.decorator_list = []
    function.args.args += [ast.arg(arg=name) for name in ("ticks_", "calls_", "now_")]
    function.body = _clocked(function.body, part, clock, names)
    tree = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
    space = {**vars(module), **names}
    exec(compile(tree, f"<{kernel.py_func.__name__} with clocks>", "exec"), space)
    return compiled_here(space[function.name])


def _clocked(body: list[ast.stmt], part: str, clock: _Clock, names: dict[str, Any]) -> list[ast.stmt]:
    result = []
    for statement in body:
        called = _called(statement)
        copies = [name for name in called if f"timed_{name}" in names]
        result.append(statement)
        if (isinstance(statement, ast.If) and called) or (isinstance(statement, ast.For) and copies):
            statement.body = _clocked(statement.body, part, clock, names)
        elif copies:
            call = statement.value
            call.func.id = f"timed_{copies[0]}"
            call.args += [ast.Name(id=name, ctx=ast.Load()) for name in ("ticks_", "calls_", "now_")]
        elif called:
            result += ast.parse(f"read_clock(ticks_, calls_, now_, {clock.place(part, called[0])})").body
    return result


def _called(statement: ast.stmt) -> list[str]:
    """Names of the plain functions called in a statement, in order."""
    nodes = [
        node.func.id for node in ast.walk(statement) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return [name for name in nodes if name != "range"]
