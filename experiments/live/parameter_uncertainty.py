"""Whether a headline holds across the judged parameters: the question in worlds drawn over their ranges.

Luck scatters runs of one model; this scatters the model. Each world has its own value of every judged parameter and its
own luck; two scenarios meet in the same worlds under the same luck. What a scenario sets itself stays as it sets it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import end_shares
from stackcraft.experiments.live.ensemble import key_of
from stackcraft.experiments.live.queue import Task, give_up_when
from stackcraft.experiments.runs.compare import check_comparable
from stackcraft.experiments.variants import hypercube, judged, run_variants
from stackcraft.model import Simulation
from stackcraft.model.indicators import INDICATORS, Records
from stackcraft.model.parameters import assign, locate
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

WORLDS = 24
WORLDS_A_PART = 6
SEED = 0  # of the draw of worlds: the same for every question, so that answers can be compared
SHUFFLES = 400
CHANCE = 0.05  # a parameter is named only if shuffled outcomes reach its correlation this seldom, all parameters tried


@dataclass(frozen=True)
class WorldsPiece:
    """What is read of a few worlds: shares and retention (arm, world, stack).

    `sound` (world,) says which worlds went well in every arm.
    """

    shares: np.ndarray
    retention: np.ndarray
    sound: np.ndarray


@dataclass(frozen=True)
class WorldOutcomes:
    """One run in each of `worlds` worlds, of which `failed` are left out.

    `shares` and `retention` (world, stack) are those of the last year: of installed capacity over all layers, every
    country counting the same; and of adopters that still use the stack five years on, over all years. `other_` is the
    scenario it is compared with, None without one. `parameters` (world, parameter) are the values that `names` took.
    """

    scenario: Scenario
    other: Scenario | None
    worlds: int
    failed: int
    shares: np.ndarray
    retention: np.ndarray
    other_shares: np.ndarray | None = None
    other_retention: np.ndarray | None = None
    names: tuple[str, ...] = field(default=(), repr=False)
    parameters: np.ndarray | None = field(default=None, repr=False)

    @property
    def sound(self) -> int:
        """How many worlds are in it."""
        return len(self.shares)

    @property
    def difference(self) -> np.ndarray:
        """Return shares less those of `other`, (world, stack). Raises `ValueError` without another scenario."""
        if self.other_shares is None:
            raise ValueError("there is nothing to take a difference from: one scenario was asked for")
        return self.shares - self.other_shares

    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = (self.shares, self.retention, self.other_shares, self.other_retention, self.parameters)
        return sum(array.nbytes for array in arrays if array is not None)


@dataclass(frozen=True)
class CorrelatedParameter:
    """A parameter that goes with a finding over the worlds: `correlation` of ranks, -1 to 1, with how far it holds."""

    name: str
    correlation: float


@dataclass(frozen=True)
class Holding:
    """Whether a finding holds: in `part` of `whole` worlds; `failed` more could not be run.

    `stack` is whose lead or change it is, `sign` +1 or -1 the direction of a change (+1 for a lead), 0 where there is
    none to hold.
    `correlated` are at most two parameters that go with the finding, the strongest first; empty where none stands out
    from chance.
    """

    stack: str
    sign: int
    part: int
    whole: int
    failed: int
    paired: bool
    correlated: tuple[CorrelatedParameter, ...] = ()


@dataclass(frozen=True, eq=False)
class AcrossWorlds:
    """The work of asking a question in worlds over the ranges of every judged parameter; gives `WorldOutcomes`.

    With `other` it is the difference that is doubted. Raises `InputError` where the two cannot be compared.
    """

    scenario: Scenario
    other: Scenario | None = None
    worlds: int = WORLDS

    def __post_init__(self) -> None:
        if self.worlds < 2:
            raise InputError(f"worlds={self.worlds}: doubt needs at least 2 worlds")
        if self.other is not None:
            check_comparable(self.other, self.scenario)

    @cached_property
    def key(self) -> str:
        return key_of(self.scenario, "doubt", self.worlds, *([key_of(self.other)] if self.other is not None else []))

    @cached_property
    def drawn(self) -> np.ndarray:
        """The parameters of every world before a scenario's own, structured, (worlds,)."""
        return hypercube(self.worlds, SEED)

    def parts(self) -> Sequence[Task]:
        starts = range(0, self.worlds, WORLDS_A_PART)
        return [Task(self._part(range(start, min(self.worlds, start + WORLDS_A_PART))), rank=2) for start in starts]

    def _part(self, chosen: range) -> Callable[[Callable[[], bool]], WorldsPiece]:
        def run(stop: Callable[[], bool]) -> WorldsPiece:
            arms = [self.scenario] if self.other is None else [self.scenario, self.other]
            found = [_arm(arm, self.drawn[chosen.start : chosen.stop], chosen, stop) for arm in arms]
            shares, retention, sound = (np.stack(values) for values in zip(*found, strict=True))
            return WorldsPiece(shares, retention, sound.all(axis=0))

        return run

    def shows(self, done: set[int]) -> bool:
        return False  # a count of a few worlds would mislead

    def fold(self, pieces: Mapping[int, WorldsPiece]) -> WorldOutcomes:
        ordered = [pieces[number] for number in sorted(pieces)]
        sound = np.concatenate([piece.sound for piece in ordered])
        if not sound.any():
            raise RuntimeError("no world could be run to its end")
        shares = np.concatenate([piece.shares for piece in ordered], axis=1)[:, sound]
        retention = np.concatenate([piece.retention for piece in ordered], axis=1)[:, sound]
        names, values = _varied(
            self.drawn[sound], {*self.scenario.parameters, *(self.other.parameters if self.other else ())}
        )
        more = {} if self.other is None else {"other_shares": shares[1], "other_retention": retention[1]}
        return WorldOutcomes(
            self.scenario,
            self.other,
            self.worlds,
            int((~sound).sum()),
            shares[0],
            retention[0],
            names=names,
            parameters=values,
            **more,
        )

    def size(self, value: WorldOutcomes) -> int:
        return value.nbytes()


def _arm(
    scenario: Scenario, drawn: np.ndarray, chosen: range, stop: Callable[[], bool]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares (world, stack), retention (world, stack) and soundness (world,) of a scenario in some worlds."""
    parameters = drawn.copy()
    for name, value in scenario.parameters.items():
        assign(parameters, name, value)
    everywhere = [Variant()] * len(chosen)
    return run_variants(
        scenario, everywhere, chosen, _read, parameters=parameters, threads=1, each_january=give_up_when(stop)
    )


def _read(simulation: Simulation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    results = simulation.results
    ends = end_shares(results)
    retention = INDICATORS["retention"].everywhere(Records.of_simulation(simulation))
    sound = np.asarray(results["status"].values == 0)
    return np.stack([ends[stack] for stack in STACKS], axis=-1), retention, sound


def _varied(drawn: np.ndarray, fixed: set[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """Names and values (world, parameter) of what was drawn and not set by a scenario."""
    names, columns = [], []
    for name, _ in judged():
        head = name.partition(".")[0]
        if name not in fixed and head not in fixed:
            _, index = locate(name)
            names.append(name)
            columns.append(drawn[head][(slice(None), *(index or ()))])
    return tuple(names), np.stack(columns, axis=-1)


def holds(doubts: WorldOutcomes, stack: str, sign: int = 1) -> Holding:
    """In how many worlds a finding holds.

    Without another scenario: that `stack` leads. With one: that its share changes in the direction of `sign`; where
    `sign` is 0, no direction was found and none can hold. `stack` is one of the three.
    """
    place = STACKS.index(stack)
    paired = doubts.other_shares is not None
    if paired:
        margin = doubts.difference[:, place] * (sign or 1)
    else:
        others = np.delete(doubts.shares, place, axis=1)
        margin = doubts.shares[:, place] - others.max(axis=1)
    held = margin > 0
    part, whole = int(held.sum()), len(held)
    correlated = correlated_parameters(doubts.names, doubts.parameters, margin) if 0 < part < whole else ()
    return Holding(stack, sign if paired else 1, part, whole, doubts.failed, paired, correlated)


def correlated_parameters(
    names: Sequence[str], parameters: np.ndarray | None, margin: np.ndarray, most: int = 2
) -> tuple[CorrelatedParameter, ...]:
    """The parameters whose ranks go most with `margin`, (world,), beyond what chance gives.

    With hundreds of parameters and two dozen worlds some always go together by accident. So the largest correlation
    over all of them is compared with the largest that shuffled margins give (the permutation test of the maximum), and
    only what exceeds all but one in twenty of those is named.
    """
    worlds = len(margin)
    if parameters is None or worlds < 8 or not parameters.size:
        return ()
    ranks = _standardised(parameters)
    target = _standardised(margin[:, None])[:, 0]
    found = target @ ranks / worlds
    shuffled = np.random.default_rng(SEED).permuted(np.tile(target, (SHUFFLES, 1)), axis=1)
    bar = np.quantile(np.abs(shuffled @ ranks / worlds).max(axis=1), 1 - CHANCE)
    order = np.argsort(-np.abs(found), kind="stable")[:most]
    return tuple(CorrelatedParameter(names[i], float(found[i])) for i in order if abs(found[i]) > bar)


def _standardised(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis with mean 0 and variance 1; a column without variation is all zero."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=0)
    ranks -= ranks.mean(axis=0)
    spread = ranks.std(axis=0)
    return ranks / np.where(spread > 0, spread, np.inf)
