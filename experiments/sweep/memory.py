"""Studies that were never stored: for tests, and for analyses of one's own data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.results import StudyResults
from stackcraft.experiments.sweep.study import Design


class MemoryStudy(StudyResults):
    """A study that was never stored: blocks, and for each measure an array (*block sizes, replicates)."""

    def __init__(
        self,
        blocks: Sequence[Block],
        cubes: Mapping[str, np.ndarray],
        *,
        title: str = "in memory",
        seed: int = 0,
        year: int = 0,
    ) -> None:
        self.study = _Described(tuple(blocks), tuple(cubes), title, seed, year)
        first = next(iter(cubes.values()))
        self.replicates = first.shape[-1]
        for name, cube in cubes.items():
            if cube.shape != (*self.study.design.sizes, self.replicates):
                raise InputError(
                    f"{name} has shape {cube.shape}; give {(*self.study.design.sizes, self.replicates)}, (*block "
                    "sizes, replicates)"
                )
        self._cubes = {name: np.asarray(cube, dtype=float) for name, cube in cubes.items()}

    def _matrix(self, measure: str, year: int) -> np.ndarray:
        return self._cubes[measure].reshape(-1, self.replicates).copy()


class _Described:
    """As much of a study as analyses look at."""

    def __init__(self, blocks: tuple[Block, ...], measures: tuple[str, ...], title: str, seed: int, year: int) -> None:
        self.design, self.title, self.seed, self.years = Design(blocks), title, seed, (year,)
        self.measures = {name: name for name in measures}
        self.factors = tuple(factor for block in blocks for factor in block.factors)
