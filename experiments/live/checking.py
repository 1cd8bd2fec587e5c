"""The checks as work for the queue: a family of them, part by part, with what has been found so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from stackcraft.agents.errors import InputError, hint
from stackcraft.experiments.checks import FAMILIES, Check
from stackcraft.experiments.live.queue import Stopped, Task


@dataclass(frozen=True)
class Checking:
    """One family of checks, a part a module; its value is a tuple of `Check`, in the order of the family.

    Raises `InputError` with the nearest name for a family that does not exist.
    """

    family: str = "exact"

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise InputError(f"check {self.family!r} is unknown{hint(self.family, FAMILIES)} ({', '.join(FAMILIES)})")

    @property
    def key(self) -> tuple[str, str]:
        return "checks", self.family

    def parts(self) -> Sequence[Task]:
        return [Task(_module(name), long=True) for name in FAMILIES[self.family]]

    def shows(self, done: set[int]) -> bool:
        """After every part: each is an answer of its own."""
        return bool(done)

    def fold(self, pieces: Mapping[int, list[Check]]) -> tuple[Check, ...]:
        return tuple(check for number in sorted(pieces) for check in pieces[number])

    def size(self, value: tuple[Check, ...]) -> int:
        return 1000 * len(value)


def _module(name: str) -> Callable[[Callable[[], bool]], list[Check]]:
    def run(stop: Callable[[], bool]) -> list[Check]:
        found: list[Check] = []
        began = time.perf_counter()
        for check in import_module(f"stackcraft.experiments.checks.{name}").checks(1):
            now = time.perf_counter()
            check.seconds, began = now - began, now
            found.append(check)
            if stop():
                raise Stopped
        return found

    return run
