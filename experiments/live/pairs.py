"""Two scenarios under the same luck, filling in: both summaries, and what the second changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from stackcraft.experiments.leads import Changes, change_of, changes_of
from stackcraft.experiments.live.ensemble import key_of, played, split
from stackcraft.experiments.live.queue import Task
from stackcraft.experiments.live.summary import (
    KINDS,
    Piece,
    Summary,
    cells_from,
    cells_of_year,
    fold,
    in_order,
    read,
    sound_cells,
    year_of,
)
from stackcraft.experiments.runs.compare import check_comparable
from stackcraft.model.scenario import Scenario

PairPiece = tuple[Piece, Piece]


@dataclass(frozen=True)
class PairSummary:
    """`a` and `b` over the runs that are sound in both, so that run by run `b.world` less `a.world` is what B changes.

    `changes` by kind ("installed", "utilised") are means of paired differences and whether they are clear of zero.
    """

    a: Summary
    b: Summary
    changes: dict[str, Changes] = field(repr=False)

    @property
    def runs(self) -> int:
        """Pairs of runs made, with those that failed."""
        return self.b.runs

    @property
    def wanted(self) -> int:
        """Pairs of runs asked for."""
        return self.b.wanted

    @property
    def failed(self) -> int:
        """Pairs of runs left out because one of them failed, or both."""
        return self.b.failed

    @property
    def complete(self) -> bool:
        """Whether all pairs of runs that were asked for are in it."""
        return self.b.complete

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        changes = sum(array.nbytes for one in self.changes.values() for array in (one.shares, one.sure, one.state))
        return self.a.nbytes() + self.b.nbytes() + changes


@dataclass(frozen=True, eq=False)
class Pair:
    """All runs of two scenarios under the same luck, as a `PairSummary`: to be asked of a queue.

    Raises `InputError` where the two differ in world, years, runs or seed, which would take away the common luck.
    """

    a: Scenario
    b: Scenario

    def __post_init__(self) -> None:
        check_comparable(self.a, self.b)

    @cached_property
    def key(self) -> str:
        return key_of(self.a, key_of(self.b, "pair"))

    def parts(self) -> Sequence[Task]:
        return [
            Task(self._part(chosen), rank=0 if number < 2 else 1) for number, chosen in enumerate(split(self.a.runs))
        ]

    def _part(self, chosen: range) -> Callable[[Callable[[], bool]], PairPiece]:
        def run(stop: Callable[[], bool]) -> PairPiece:
            options = {"replicates": list(chosen), "ledger_runs": 0}
            with played(self.a, stop, **options) as first, played(self.b, stop, **options) as second:
                sound = (first.world.state["status"] == 0) & (second.world.state["status"] == 0)
                return read(first, sound), read(second, sound)

        return run

    def shows(self, done: set[int]) -> bool:
        """Once both parts of the first picture are there, and once more about half-way."""
        halfway = (len(split(self.a.runs)) + 2) // 2
        return {0, 1} <= done and len(done) in (2, halfway)

    def fold(self, pieces: Mapping[int, PairPiece]) -> PairSummary:
        return fold_pair(self.a, self.b, list(pieces.values()), self.a.runs)

    def size(self, value: PairSummary) -> int:
        return value.nbytes()


def fold_pair(a: Scenario, b: Scenario, pieces: Sequence[PairPiece], wanted: int) -> PairSummary:
    """The pair of summaries of the runs in `pieces`. Raises `RuntimeError` where no run is sound in both arms."""
    arms = [in_order(arm) for arm in zip(*pieces, strict=True)]
    if all(piece.status.all() for piece in arms[0]):
        raise RuntimeError("no run ended well in both scenarios")
    cells, moved = ({}, {}), {}
    for kind in KINDS:
        # A year of both arms at a time, because cells and changes are made from the same arrays.
        batches = [sound_cells(arm, kind) for arm in arms]
        found_a, found_b, changed = [], [], []
        for year in range(batches[0][0].shape[1]):
            first, second = (year_of(arm, year) for arm in batches)
            found_a.append(cells_of_year(first))
            found_b.append(cells_of_year(second))
            changed.append(change_of(first, second))
        cells[0][kind], cells[1][kind] = cells_from(found_a), cells_from(found_b)
        moved[kind] = changes_of(changed)
    return PairSummary(fold(a, arms[0], wanted, cells[0]), fold(b, arms[1], wanted, cells[1]), moved)
