"""The tile grid: one square a country, each as near as can be to its place on the map."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from stackcraft.viz.map.shapes import WIDTH, shapes

COLUMNS, ROWS = 24, 14
EVENNESS = (
    0.5  # 0 keeps distances of the map and crowds Europe, 1 keeps only the order from west to east and north to south
)
DATE_LINE = (
    150  # land west of this on the canvas lies beyond 180 degrees, and is placed in the east with its neighbours
)


@cache
def tile_places(codes: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Return column and row of every code that has a shape; a square holds one country at most.

    The squares are the assignment with the least sum of squared distances between squares and centres, after the
    centres are spread so that crowded regions get room. More than COLUMNS * ROWS codes leave the last ones without a
    square.
    """
    from scipy.optimize import linear_sum_assignment

    known = [code for code in codes if code in shapes()][: COLUMNS * ROWS]
    if not known:
        return {}
    centres = np.array([shapes()[code].circle or shapes()[code].centre for code in known], float)
    centres[:, 0] += np.where(centres[:, 0] < DATE_LINE, WIDTH, 0)
    across = _spread(centres[:, 0], COLUMNS)
    down = _spread(centres[:, 1], ROWS)
    column, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    distance = (across[:, None] - column.ravel()) ** 2 + (down[:, None] - row.ravel()) ** 2
    _, square = linear_sum_assignment(distance)
    return {code: (int(number % COLUMNS), int(number // COLUMNS)) for code, number in zip(known, square, strict=True)}


def _spread(values: np.ndarray, squares: int) -> np.ndarray:
    """Return values halfway between themselves and their ranks, on 0 to squares - 1."""
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable") / max(1, len(values) - 1)
    straight = (values - values.min()) / max(1e-9, values.max() - values.min())
    return ((1 - EVENNESS) * straight + EVENNESS * rank) * (squares - 1)


def with_homes(codes: Iterable[str], homes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of importers and homes in one fixed order, so that the layout is the same for every caller."""
    return tuple(sorted({*codes, *homes}))
