"""In how many worlds of an ensemble a finding holds, and which parameters go with the exceptions.

Every run of an ensemble has a world of its own (see `stackcraft.model.worlds`), so that a count over its runs holds
both kinds of doubt: luck, and what is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.model import worlds
from stackcraft.model.parameters import judged, locate

SEED = 0  # of the shuffles
SHUFFLES = 400
CHANCE = 0.05  # a parameter is named only if shuffled outcomes reach its correlation this seldom, all parameters tried
FEWEST = 8  # worlds


@dataclass(frozen=True)
class CorrelatedParameter:
    """A parameter that goes with a finding over the worlds: `correlation` of ranks, -1 to 1, with how far it holds."""

    name: str
    correlation: float


@dataclass(frozen=True)
class Holding:
    """Whether a finding holds: in `part` of `whole` runs.

    `correlated` are at most two parameters that go with the finding, the strongest first; empty where none stands out
    from chance, where the finding holds in every run or in none, or where all runs share one world.
    """

    part: int
    whole: int
    correlated: tuple[CorrelatedParameter, ...] = ()


def holding(kind: str, replicates: np.ndarray, margin: np.ndarray, fixed: Collection[str] = ()) -> Holding:
    """Count in how many runs a finding holds: where its `margin`, (runs,), is above 0.

    `kind` of worlds and `replicates` (runs,) say in which world each run was; `fixed` are parameters that the scenario
    sets in all of them. Runs without a margin do not count.
    """
    known = np.isfinite(margin)
    margin, replicates = np.asarray(margin, float)[known], np.asarray(replicates)[known]
    part, whole = int((margin > 0).sum()), len(margin)
    if not 0 < part < whole or whole < FEWEST or kind == worlds.DEFAULT:
        return Holding(part, whole)
    return Holding(part, whole, correlated_parameters(*varied(kind, replicates, fixed), margin))


def varied(kind: str, replicates: np.ndarray, fixed: Collection[str] = ()) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the parameters that differ between the worlds of an ensemble: names, and values (run, parameter)."""
    parameters = worlds.parameters(kind, replicates)
    names, columns = [], []
    for name, _ in judged():
        head = name.partition(".")[0]
        if name not in fixed and head not in fixed:
            _, index = locate(name)
            values = parameters[head][(slice(None), *(index or ()))]
            if np.ptp(values) > 0:
                names.append(name)
                columns.append(values)
    return tuple(names), np.stack(columns, axis=-1) if columns else np.empty((len(replicates), 0))


def correlated_parameters(
    names: Sequence[str], parameters: np.ndarray, margin: np.ndarray, most: int = 2
) -> tuple[CorrelatedParameter, ...]:
    """The parameters whose ranks go most with `margin`, (world,), beyond what chance gives.

    With hundreds of parameters and a few dozen worlds some always go together by accident. So the largest correlation
    over all of them is compared with the largest that shuffled margins give (the permutation test of the maximum), and
    only what exceeds all but one in twenty of those is named.
    """
    worlds_tried = len(margin)
    if worlds_tried < FEWEST or not parameters.size:
        return ()
    ranks = _standardised(parameters)
    target = _standardised(margin[:, None])[:, 0]
    found = target @ ranks / worlds_tried
    shuffled = np.random.default_rng(SEED).permuted(np.tile(target, (SHUFFLES, 1)), axis=1)
    bar = np.quantile(np.abs(shuffled @ ranks / worlds_tried).max(axis=1), 1 - CHANCE)
    order = np.argsort(-np.abs(found), kind="stable")[:most]
    return tuple(CorrelatedParameter(names[i], float(found[i])) for i in order if abs(found[i]) > bar)


def _standardised(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis with mean 0 and variance 1; a column without variation is all zero."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=0)
    ranks -= ranks.mean(axis=0)
    spread = ranks.std(axis=0)
    return ranks / np.where(spread > 0, spread, np.inf)
