"""Strategies that are worse than another, or than a mix of others, whatever the other side does; round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from stackcraft.experiments.analyses.games.normal_form import tolerance


@dataclass(frozen=True, eq=False)
class Elimination:
    """One strategy that falls.

    `side` 0 chooses rows, 1 columns. `mix` are the weights of its side's strategies that beat it, adding up to 1, and
    `margin` by how much at least, against every strategy in `rivals` (those of the other side that were left in that
    round).
    """

    round: int
    side: int
    strategy: int
    mix: np.ndarray
    margin: float
    rivals: tuple[int, ...]


def iterated_dominance(
    first: np.ndarray, second: np.ndarray, mixed: bool = True
) -> tuple[tuple[Elimination, ...], tuple[int, ...], tuple[int, ...]]:
    """Iterated elimination of strictly dominated strategies: (eliminations in order, rows left, columns left).

    Payoffs (rows, columns). With `mixed`, also strategies that only a mix dominates (a linear programme each; Osborne
    and Rubinstein 1994, A Course in Game Theory, definition 60.2). No equilibrium is lost, and the order does not
    matter.
    """
    payoffs = (np.asarray(first, dtype=float), np.asarray(second, dtype=float).T)  # own strategies first
    near = tuple(tolerance(payoff) for payoff in payoffs)
    left = [list(range(len(payoffs[0]))), list(range(len(payoffs[1])))]
    steps: list[Elimination] = []
    number = 0
    while True:
        number += 1
        fallen: list[Elimination] = []
        for side in (0, 1):
            fallen += _round(payoffs[side], left[side], left[1 - side], near[side], number, side, mixed)
        if not fallen:
            return tuple(steps), tuple(left[0]), tuple(left[1])
        for step in fallen:
            left[step.side].remove(step.strategy)
        steps += fallen


def hold(steps: Sequence[Elimination], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """In which games (..., rows, columns) each elimination holds by the same argument, (len(steps), ...) boolean.

    The same mix must still beat the strategy against the same rivals, and every elimination of an earlier round must
    hold too.
    """
    payoffs = (np.asarray(first, dtype=float), np.swapaxes(np.asarray(second, dtype=float), -2, -1))
    near = tuple(tolerance(payoff) for payoff in payoffs)
    held = np.zeros((len(steps), *payoffs[0].shape[:-2]), dtype=bool)
    for place, step in enumerate(steps):
        payoff = payoffs[step.side][..., list(step.rivals)]
        margin = np.einsum("k,...kj->...j", step.mix, payoff) - payoff[..., step.strategy, :]
        held[place] = (margin > near[step.side]).all(axis=-1)
        for earlier, other in enumerate(steps[:place]):
            if other.round < step.round:
                held[place] &= held[earlier]
    return held


def _round(
    payoff: np.ndarray, own: list[int], rivals: list[int], near: float, number: int, side: int, mixed: bool
) -> list[Elimination]:
    table = payoff[np.ix_(own, rivals)]
    beats = (table[:, np.newaxis, :] - table[np.newaxis, :, :]).min(axis=-1)  # [k, i]: by how much k beats i at least
    np.fill_diagonal(beats, -np.inf)
    worse = (beats > near).any(axis=0)
    weights: dict[int, np.ndarray] = {}
    if mixed:
        for place in np.flatnonzero(~worse):
            mix = _mix(table, place)
            if mix is not None and (mix @ table - table[place]).min() > near:
                weights[place] = mix
    fallen = []
    # What beats a strategy is named among those that stay, of which one always is there.
    stay = [place for place in range(len(own)) if not worse[place] and place not in weights]
    for place in sorted([*np.flatnonzero(worse), *weights]):
        single = max(stay, key=lambda other: beats[other, place])
        if beats[single, place] > near:
            mix = np.eye(len(own))[single]
        else:
            mix = _mix(table, place, stay) if len(stay) < len(own) - 1 else weights[place]
        margin = float((mix @ table - table[place]).min())
        full = np.zeros(len(payoff))
        full[own] = mix
        fallen.append(Elimination(number, side, own[place], full, margin, tuple(rivals)))
    return fallen


def _mix(table: np.ndarray, place: int, among: Sequence[int] | None = None) -> np.ndarray | None:
    """The weights that beat row `place` by the widest margin over all columns; None if the programme finds none."""
    others = [other for other in (range(len(table)) if among is None else among) if other != place]
    if not others:
        return None
    # Variables: a weight for each other row, and the margin, which is made as large as it goes.
    lead = table[others] - table[place]
    answer = linprog(
        np.append(np.zeros(len(others)), -1.0),
        A_ub=np.column_stack([-lead.T, np.ones(table.shape[1])]),
        b_ub=np.zeros(table.shape[1]),
        A_eq=[[1.0] * len(others) + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * len(others) + [(None, None)],
        method="highs",
    )
    if not answer.success:
        return None
    mix = np.zeros(len(table))
    mix[others] = np.clip(answer.x[:-1], 0, None)
    mix[mix < 1e-9] = 0.0
    return mix / mix.sum()
