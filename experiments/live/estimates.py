"""Estimates of what is near to something already answered, from a few pairs of runs: for a lever under the hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stackcraft.experiments.leads import states_of
from stackcraft.experiments.live.countries import CountryPiece, CountrySummary, WithCountries
from stackcraft.experiments.live.ensemble import key_of
from stackcraft.experiments.live.queue import Task
from stackcraft.experiments.live.summary import KINDS
from stackcraft.model.indicators import with_all
from stackcraft.model.scenario import Scenario

QUICK_RUNS = 2  # pairs of runs behind a picture while a lever is dragged: side by side, for a year costs little more
FIRST_TWINS = 2  # runs of a part up to which those of the base are run beside them
MOST_TWINS = 16


@dataclass(frozen=True)
class Estimate(CountrySummary):
    """The runs of a complete summary, moved by what `paired` pairs of runs differ by."""

    paired: int = 0

    @property
    def complete(self) -> bool:
        """Never: it stands for runs that have not been made."""
        return False


@dataclass(frozen=True, eq=False)
class Nearby(WithCountries):
    """The same, shown early as an estimate: the runs of `base`, a complete summary, moved by a few pairs of runs.

    What a few pairs differ by under the same luck is known far better than what a few runs are, so the estimate moves
    with what is changed and settles without a jump. `quick` asks for the estimate alone.
    """

    base: CountrySummary | None = None
    quick: bool = False

    @property
    def keep(self) -> bool:
        """An estimate is not kept: what is asked in full takes its place."""
        return not self.quick

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario, "estimate", self.bloc) if self.quick else super().key

    def parts(self) -> Sequence[Task]:
        if not self.quick:
            return super().parts()
        return [Task(self._part(range(QUICK_RUNS)), rank=0)]

    def _part(self, chosen: range) -> Callable[[Callable[[], bool]], CountryPiece]:
        run = super()._part(chosen)
        if self.base is None or len(chosen) > FIRST_TWINS:
            return run

        def with_twin(stop: Callable[[], bool]) -> CountryPiece:
            _twin(self.base.scenario, chosen, stop, self.bloc)
            return run(stop)

        return with_twin

    def shows(self, done: set[int]) -> bool:
        """Once both parts of the first picture are there; half-way would say nothing more."""
        return not self.quick and done == {0, 1}

    def fold(self, pieces: Mapping[int, CountryPiece]) -> CountrySummary:
        if self.base is None or (not self.quick and len(pieces) == len(self.parts())):
            return super().fold(pieces)
        found = [one for one in pieces.values() if not one.piece.status.any()]
        twins = [_twin(self.base.scenario, one.piece.replicates.tolist(), lambda: False, self.bloc) for one in found]
        both = [(one, two) for one, two in zip(found, twins, strict=True) if not two.piece.status.any()]
        if not both:
            raise RuntimeError("every run failed: a value was not finite, or a store was full")
        return _moved(self.base, self.scenario, both)


_twins: OrderedDict[tuple, CountryPiece] = OrderedDict()
_twins_lock = threading.Lock()


def _twin(
    scenario: Scenario, replicates: Sequence[int], stop: Callable[[], bool], bloc: str = ""
) -> CountryPiece:  # fmt: skip
    """A few runs of what others are compared with, kept for the next lever that is moved."""
    key = (key_of(scenario), tuple(replicates), bloc)
    with _twins_lock:
        if key in _twins:
            _twins.move_to_end(key)
            return _twins[key]
    found = WithCountries(scenario, bloc)._part(range(replicates[0], replicates[-1] + 1))(stop)
    with _twins_lock:
        _twins[key] = found
        while len(_twins) > MOST_TWINS:
            _twins.popitem(last=False)
    return found


def _moved(
    base: CountrySummary, scenario: Scenario, pairs: Sequence[tuple[CountryPiece, CountryPiece]]
) -> CountrySummary:
    """The runs of `base` moved by the mean difference of pairs of runs, each (the scenario, what base is of)."""
    after, before = ([pair[side] for pair in pairs] for side in (0, 1))

    def gap(values: Callable[[CountryPiece], np.ndarray]) -> np.ndarray:
        first, second = (np.concatenate([values(one) for one in side]).astype(float) for side in (after, before))
        return (first - second).mean(axis=0)

    cells = {}
    for kind in KINDS:
        found = base.cells(kind)
        shift = gap(lambda one, kind=kind: with_all(one.piece.cells[kind].astype(float))).swapaxes(1, 2)
        shift = np.nan_to_num(shift)
        shares = np.clip(found.shares + shift, 0.0, 1.0)
        whole = shares.sum(axis=-1, keepdims=True)
        shares = np.where(whole > 0, shares / np.where(whole > 0, whole, 1.0), shares)
        ends = {
            end: None if bound is None else np.clip(bound + shift, 0.0, 1.0).astype(np.float32)
            for end, bound in (("low", found.low), ("high", found.high))
        }
        cells[kind] = replace(found, shares=shares, state=states_of(shares), **ends)
    moved = {
        name: (array.dims, array.values + gap(lambda one, name=name: one.piece.world[name][1]))
        for name, array in base.world.data_vars.items()
        if array.dtype.kind in "iuf" and array.dims[:1] == ("run",)
    }
    world = base.world.assign(moved)  # all at once: one by one each would be aligned with all the others
    countries = base.countries + gap(lambda one: one.countries).astype(np.float32)
    number = sum(len(one.piece.replicates) for one in after)
    kept = {name: getattr(base, name) for name in CountrySummary.__dataclass_fields__}
    kept |= {"scenario": scenario, "world": world, "countries": countries, **cells}
    return Estimate(**kept, paired=number)
