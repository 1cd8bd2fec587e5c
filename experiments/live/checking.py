"""The checks as work for a queue: a family of them, part by part, with what has been found so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stackcraft.experiments.checks import FAMILIES, Check, check_family, checks_of
from stackcraft.experiments.live.queue import Task, give_up_when


@dataclass(frozen=True)
class Checking:
    """One family of checks, a part a module; its value is a tuple of `Check`, in the order of the family.

    Raises `InputError` with the nearest name for a family that does not exist.
    """

    family: str = "exact"

    def __post_init__(self) -> None:
        check_family(self.family)

    @property
    def key(self) -> tuple[str, str]:
        return "checks", self.family

    def parts(self) -> Sequence[Task]:
        return [Task(_module(name), long=True) for name in FAMILIES[self.family]]

    def shows(self, done: set[int]) -> bool:
        """After every part: each is an answer by itself."""
        return bool(done)

    def fold(self, pieces: Mapping[int, list[Check]]) -> tuple[Check, ...]:
        return tuple(check for number in sorted(pieces) for check in pieces[number])

    def size(self, value: tuple[Check, ...]) -> int:
        return 1000 * len(value)


def _module(name: str) -> Callable[[Callable[[], bool]], list[Check]]:
    def run(stop: Callable[[], bool]) -> list[Check]:
        go_on = give_up_when(stop)
        checks: list[Check] = []
        for check in checks_of(name, threads=1):
            checks.append(check)
            go_on()
        return checks

    return run
