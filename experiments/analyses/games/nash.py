"""Nash equilibria of a game of two sides, mixed ones too: every one that is a corner of the set of equilibria.

The corners of both best-reply polytopes are listed (by nashpy, through Qhull) and matched: two corners make an
equilibrium where every strategy of both sides is either not played or a best reply (Avis, Rosenberg, Savani and von
Stengel 2010, Economic Theory 42). That finds all equilibria of a game without ties. With ties there may be endlessly
many, between the corners that are found.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.spatial import QhullError

from stackcraft.experiments.analyses.games.dominance import iterated_dominance
from stackcraft.experiments.analyses.games.normal_form import NEAR, pure_equilibria, tolerance
from stackcraft.experiments.analyses.games.supports import PLAYED, indifferent_square
from stackcraft.experiments.extras import need

MOST_CORNERS = 30_000  # that a polytope may have; beyond it only small supports are tried
MOST_SUPPORTS = 200_000  # pairs of supports that are tried then


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """An equilibrium.

    It has the weights of rows and of columns, each adding up to 1, both payoffs, and what a side could still gain
    (rounding).
    """

    rows: np.ndarray
    columns: np.ndarray
    payoffs: tuple[float, float]
    gap: float

    @property
    def support(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The strategies that are played: of the rows, of the columns."""
        return tuple(np.flatnonzero(self.rows).tolist()), tuple(np.flatnonzero(self.columns).tolist())

    @property
    def pure(self) -> bool:
        """Whether each side plays one strategy only."""
        return max(len(side) for side in self.support) == 1


@dataclass(frozen=True, eq=False)
class Equilibria:
    """What was found, the ones that play fewest strategies first.

    `complete`: nothing was cut off; otherwise only supports of at most `tried` strategies a side were looked at.
    `tied`: at some equilibrium a side has more best replies than the other side plays strategies, so there may be
    endlessly many equilibria.
    """

    found: tuple[Equilibrium, ...]
    complete: bool
    tied: bool
    tried: int | None = None


def equilibria(first: np.ndarray, second: np.ndarray) -> Equilibria:
    """Return every corner equilibrium of payoffs (rows, columns).

    Each is verified: nobody gains by changing (to rounding, see `tolerance`). Raises `InputError` where nashpy is not
    installed, `ValueError` for payoffs that are not matching tables without gaps.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if (
        first.ndim != 2
        or first.shape != second.shape
        or not first.size
        or not (np.isfinite(first).all() and np.isfinite(second).all())
    ):
        raise ValueError(
            f"payoffs of shapes {first.shape} and {second.shape}; give two tables of one shape (rows, columns) without "
            "gaps"
        )
    _, rows, columns = iterated_dominance(first, second, mixed=False)
    small = tuple(_positive(payoff[np.ix_(rows, columns)]) for payoff in (first, second))
    corners: list[tuple] | None = []
    complete, tried = True, None
    if min(small[0].shape) > 1:  # against a single strategy every best reply is one of the pure equilibria
        corners = _corners(*small)
        if corners is None:
            complete = False
            tried, corners = _small_supports(*small)
    # Each corner: the strategies played and the best replies to the other side, of the rows and of the columns.
    names = (np.array(rows), np.array(columns))
    candidates = [
        tuple(tuple(names[place % 2][list(part)].tolist()) for place, part in enumerate(corner)) for corner in corners
    ]
    for row, column in np.argwhere(pure_equilibria(first, second, (tolerance(first), tolerance(second)))).tolist():
        candidates.append(((row,), (column,), (row,), (column,)))
    found = [one for corner in candidates if (one := _verified(first, second, *corner)) is not None]
    found.sort(key=lambda one: (sum(map(len, one.support)), one.support, one.rows.tolist(), one.columns.tolist()))
    found = _distinct(found)
    return Equilibria(tuple(found), complete, any(_tied(first, second, one) for one in found), tried)


def best_reply_gap(first: np.ndarray, second: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> tuple[float, float]:
    """What each side would gain by its best change where these weights are played; both zero at an equilibrium."""
    against_columns, against_rows = first @ columns, rows @ second
    return float(against_columns.max() - rows @ against_columns), float(against_rows.max() - against_rows @ columns)


def most_corners(sides: int, dimensions: int) -> int:
    """Return how many corners a polytope with so many facets and dimensions has at most.

    This is the upper bound theorem (McMullen 1970).
    """
    return comb(sides - (dimensions + 1) // 2, sides - dimensions) + comb(
        sides - (dimensions + 2) // 2, sides - dimensions
    )


def _positive(payoff: np.ndarray) -> np.ndarray:
    """The same game with payoffs from 1 to 2: the polytopes need them above zero."""
    span = np.ptp(payoff)
    return 1.0 + (payoff - payoff.min()) / (span if span > 0 else 1.0)


def _corners(first: np.ndarray, second: np.ndarray) -> list[tuple] | None:
    """Return matching corners; None if there would be too many.

    Each is (rows played, columns played, rows that are best replies, columns that are).
    """
    rows, columns = first.shape
    if max(most_corners(rows + columns, rows), most_corners(rows + columns, columns)) > MOST_CORNERS:
        return None
    # Bits: the rows, then the columns; a bit is set where a strategy is not played (own side) or a best reply (other
    # side).
    try:
        own = _labels(second.T)  # inequalities: columns, then rows
        other = _labels(first)  # inequalities: rows, then columns
    except QhullError:
        return None
    own = np.unique((own << rows | own >> columns) & (1 << rows + columns) - 1)
    other = np.unique(other)
    everything = (1 << rows + columns) - 1
    found = []
    for start in range(0, len(own), 200):
        chunk = own[start : start + 200]
        for place, match in np.argwhere((chunk[:, np.newaxis] | other) == everything):
            one, two = int(chunk[place]), int(other[match])
            found.append(
                (
                    tuple(row for row in range(rows) if not one >> row & 1),
                    tuple(column for column in range(columns) if not two >> rows + column & 1),
                    tuple(row for row in range(rows) if two >> row & 1),
                    tuple(column for column in range(columns) if one >> rows + column & 1),
                )
            )
    return found


def _labels(table: np.ndarray) -> np.ndarray:
    """For each corner but the origin of {x >= 0, table x <= 1}, which inequalities are tight, as bits (corners,)."""
    polytope = need("nashpy.polytope", "games")
    halfspaces = polytope.build_halfspaces(table)
    points = np.array([point for point, _ in polytope.non_trivial_vertices(halfspaces)])
    # nashpy counts what is within 1e-5 as tight, which is too wide for payoffs that are nearly alike.
    tight = np.abs(points @ halfspaces[:, :-1].T + halfspaces[:, -1]) <= NEAR
    return tight @ (1 << np.arange(tight.shape[1], dtype=np.int64))


def _small_supports(first: np.ndarray, second: np.ndarray) -> tuple[int, list[tuple]]:
    """Return the largest size of supports that `MOST_SUPPORTS` allows, and the equilibria up to it.

    Both sides play equally many strategies in them.
    """
    rows, columns = first.shape
    size, total, found = 1, rows * columns, []  # the pure ones are found anyway
    while size < min(rows, columns):
        total += comb(rows, size + 1) * comb(columns, size + 1)
        if total > MOST_SUPPORTS:
            break
        size += 1
        answers = np.array(list(itertools.combinations(range(columns), size)))
        for used in itertools.combinations(range(rows), size):
            for answer in answers[_solvable(first, second, list(used), answers)]:
                columns_used = tuple(answer.tolist())
                found.append((used, columns_used, used, columns_used))
    return size, found


def _solvable(first: np.ndarray, second: np.ndarray, used: list[int], answers: np.ndarray) -> np.ndarray:
    """Return which columns `answers` (number, size) make an equilibrium with the rows `used`, (number,) bool.

    Both sides are indifferent in it.
    """
    played_first = np.swapaxes(first[used][:, answers], 0, 1)  # (number, rows used, columns)
    played_second = np.transpose(second[used][:, answers], (1, 2, 0))  # (number, columns, rows used)
    weights_columns, one = indifferent_square(played_first)
    weights_rows, two = indifferent_square(played_second)
    against_columns = np.einsum("kns,ns->nk", first[:, answers], weights_columns)
    against_rows = weights_rows @ second[used]
    level_first = np.einsum("nks,ns->nk", played_first, weights_columns).max(axis=1)
    level_second = np.einsum("nks,ns->nk", played_second, weights_rows).max(axis=1)
    return (
        one
        & two
        & (against_columns.max(axis=1) <= level_first + NEAR)
        & (against_rows.max(axis=1) <= level_second + NEAR)
    )


def _verified(first, second, rows_played, columns_played, rows_best, columns_best) -> Equilibrium | None:
    """Return the equilibrium of a corner, its weights solved from the payoffs; None where it does not hold."""
    columns = _weights(first, rows_best, columns_played)
    rows = _weights(second.T, columns_best, rows_played)
    if columns is None or rows is None:
        return None
    gaps = best_reply_gap(first, second, rows, columns)
    if not (gaps[0] <= tolerance(first) and gaps[1] <= tolerance(second)):
        return None
    return Equilibrium(rows, columns, (float(rows @ first @ columns), float(rows @ second @ columns)), max(*gaps, 0.0))


def _weights(payoff: np.ndarray, best: tuple[int, ...], played: tuple[int, ...]) -> np.ndarray | None:
    """Weights of the columns `played` under which all rows `best` are worth the same."""
    table = _positive(payoff)[np.ix_(best, played)]
    system = np.vstack(
        [np.column_stack([table - table.mean(), np.full(len(best), -1.0)]), np.append(np.ones(len(played)), 0.0)]
    )
    right = np.append(np.zeros(len(best)), 1.0)
    found = np.linalg.lstsq(system, right, rcond=None)[0][:-1]
    if found.min() < -PLAYED:
        return None
    found = np.where(found < PLAYED, 0.0, found)
    weights = np.zeros(payoff.shape[1])
    weights[list(played)] = found / found.sum()
    return weights


def _distinct(found: list[Equilibrium]) -> list[Equilibrium]:
    kept: list[Equilibrium] = []
    for one in found:
        if not any(
            np.abs(one.rows - other.rows).max() < 1e-7 and np.abs(one.columns - other.columns).max() < 1e-7
            for other in kept
        ):
            kept.append(one)
    return kept


def _tied(first: np.ndarray, second: np.ndarray, equilibrium: Equilibrium) -> bool:
    """Whether a side has more best replies than the other side plays strategies: what makes a game degenerate."""
    against_columns, against_rows = first @ equilibrium.columns, equilibrium.rows @ second
    replies = (
        int((against_columns >= against_columns.max() - tolerance(first)).sum()),
        int((against_rows >= against_rows.max() - tolerance(second)).sum()),
    )
    return replies[0] > len(equilibrium.support[1]) or replies[1] > len(equilibrium.support[0])
