"""How a study is cut into parts: a function of its specification alone, never of who does the work.

A stage is a rectangle of design rows by replicates; a study that was added to has several. Within a stage runs are
counted row by row, and each part takes the next `part_runs` of them. Rows that need inputs of their own (another peer
graph) share no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.study import Study

Stage = tuple[int, int, int, int]  # first row, end of rows, first replicate, end of replicates


@dataclass(frozen=True)
class Part:
    """The runs of one file: `design_ids` and `replicates`, both (runs,), int64."""

    name: str
    design_ids: np.ndarray
    replicates: np.ndarray

    @property
    def runs(self) -> int:
        return len(self.design_ids)


def first_stage(study: Study) -> list[Stage]:
    return [(0, study.design.rows, 0, study.replicates)]


def extended(stages: Sequence[Stage], rows: int, replicates: int) -> list[Stage]:
    """Return the stages with what is still missing up to `rows` rows of `replicates` replicates.

    Raises `InputError` if either has shrunk.
    """
    old_rows, old_replicates = max(stage[1] for stage in stages), max(stage[3] for stage in stages)
    if rows < old_rows or replicates < old_replicates:
        what = (
            f"{old_rows:,} rows of {old_replicates:,} replicates are done or begun, and the study now asks for "
            f"{rows:,} of {replicates:,}"
        )
        raise InputError(f"{what}; a study can only grow: sweep the smaller one into another folder")
    more = []
    if replicates > old_replicates:
        more.append((0, old_rows, old_replicates, replicates))
    if rows > old_rows:
        more.append((old_rows, rows, 0, replicates))
    return [*stages, *more]


def count_runs(stages: Sequence[Stage]) -> int:
    return sum((stage[1] - stage[0]) * (stage[3] - stage[2]) for stage in stages)


def parts(study: Study, stages: Sequence[Stage]) -> Iterator[Part]:
    """Every part in order."""
    for number, (low, high, first, last) in enumerate(stages):
        width = last - first
        count = 0
        for rows in _groups(study, low, high):
            total = (high - low if rows is None else len(rows)) * width
            for start in range(0, total, study.part_runs):
                places = np.arange(start, min(start + study.part_runs, total))
                ids = places // width
                ids = low + ids if rows is None else rows[ids]
                yield Part(f"part-{number:02d}-{count:06d}", ids.astype(np.int64), first + places % width)
                count += 1


def _groups(study: Study, low: int, high: int) -> Iterator[np.ndarray | None]:
    """Design rows that may lie side by side: None for all of them, or arrays by their inputs."""
    for axis, block in enumerate(study.design.blocks):
        if "peer_graph" in block.table.columns:
            rows = np.arange(low, high)
            graph = block.table["peer_graph"].to_numpy()[study.design.places(rows)[:, axis]]
            for value in dict.fromkeys(block.table["peer_graph"]):
                yield rows[graph == value]
            return
    yield None
