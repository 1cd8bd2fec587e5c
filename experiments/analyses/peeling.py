"""The Patient Rule Induction Method: boxes in which cases of interest are dense, peeled a thin slice at a time.

Friedman and Fisher (1999), "Bump hunting in high-dimensional data", Statistics and Computing 9:123-143 (peeling,
pasting, covering); Bryant and Lempert (2010), "Thinking inside the box", Technological Forecasting and Social Change
77:34-49 (coverage, density, quasi-p-values, the resampling test); Kwakkel and Jaxa-Rozen (2016), "Improving scenario
discovery for handling heterogeneous uncertainties and multinomial classified outcomes", Environmental Modelling &
Software 79:311-321 (the gain for each row that is given up, which lets categories compete with numbers).

Columns are (rows,) arrays by name: numbers, or text for categories. A switch is a number, 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

Columns = Mapping[str, np.ndarray]
SAME = 1e-12  # gains closer than this are the same: rounding must not choose between peels


@dataclass(frozen=True)
class Limit:
    """What a box asks of one variable: at least `low`, at most `high` (None: no limit), or one of `values` (text)."""

    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None

    @property
    def sides(self) -> tuple[str, ...]:
        return tuple(side for side in ("low", "high", "values") if getattr(self, side) is not None)


@dataclass(frozen=True)
class Box:
    """Limits by variable, and what the box holds.

    `coverage` is its share of all cases of interest, `density` the share of its rows that are of interest, `mass` its
    share of all rows; `rows` and `cases` are counts.
    """

    limits: Mapping[str, Limit]
    rows: int
    cases: int
    coverage: float
    density: float
    mass: float


def contains(limits: Mapping[str, Limit], columns: Columns) -> np.ndarray:
    """Which rows satisfy every limit, (rows,) bool."""
    inside = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for name, limit in limits.items():
        column = columns[name]
        if limit.low is not None:
            inside &= column >= limit.low
        if limit.high is not None:
            inside &= column <= limit.high
        if limit.values is not None:
            inside &= np.isin(column, limit.values)
    return inside


def measure_box(
    limits: Mapping[str, Limit], columns: Columns, interest: np.ndarray, among: np.ndarray | None = None
) -> Box:
    """Coverage, density and mass of a box; `among` are the rows that earlier boxes left, (rows,) bool (all of them)."""
    inside = contains(limits, columns)
    return _box(limits, inside if among is None else inside & among, interest)


def _box(limits: Mapping[str, Limit], inside: np.ndarray, interest: np.ndarray) -> Box:
    rows, cases = int(inside.sum()), int((inside & interest).sum())
    return Box(
        dict(limits), rows, cases, cases / max(int(interest.sum()), 1), cases / max(rows, 1), rows / len(interest)
    )


def peel(
    columns: Columns,
    interest: np.ndarray,
    *,
    alpha: float = 0.05,
    least_mass: float = 0.05,
    criterion: str = "lenient",
    among: np.ndarray | None = None,
) -> tuple[Box, ...]:
    """Return the peeling trajectory, from everything to `least_mass` of all rows or to cases of interest alone.

    Each step takes off the share `alpha` at one end of one number, or one value of a category: the one that raises
    density most for each row given up ("lenient") or most altogether ("density"). Of equal ones it takes a variable
    that is limited already (fewer conditions to explain), then the first. Rows with equal values stay together.
    """
    inside = np.ones(len(interest), dtype=bool) if among is None else among.copy()
    limits: dict[str, Limit] = {}
    trajectory = [_box(limits, inside, interest)]
    while trajectory[-1].density < 1.0:
        rows, density = trajectory[-1].rows, trajectory[-1].density
        best, best_rank = None, None
        for name, keep, change in _peels(columns, inside, alpha):
            left = int(keep.sum())
            gain = interest[keep].mean() - density
            if criterion == "lenient":
                gain /= rows - left
            rank = (gain, name in limits)
            if best is None or gain > best_rank[0] + SAME or (gain > best_rank[0] - SAME and rank[1] > best_rank[1]):
                best, best_rank = (name, keep, change), rank
        if best is None or best[1].sum() < least_mass * len(interest):
            break
        name, keep, change = best
        inside = keep
        limits = {**limits, name: replace(limits.get(name, Limit()), **change)}
        trajectory.append(_box(limits, inside, interest))
    return tuple(trajectory)


def _peels(columns: Columns, inside: np.ndarray, alpha: float) -> Iterator[tuple[str, np.ndarray, dict]]:
    """Every slice that may come off: variable, the rows kept, the new limit."""
    for name, column in columns.items():
        here = column[inside]
        if column.dtype.kind not in "fiub":
            kinds = np.unique(here)
            if len(kinds) > 1:
                for kind in kinds:
                    yield name, inside & (column != kind), {"values": tuple(str(one) for one in kinds if one != kind)}
            continue
        here = np.sort(here)
        last = len(here) - 1
        lowest, highest = here[int(np.floor(alpha * last))], here[int(np.ceil((1.0 - alpha) * last))]
        if lowest < here[-1]:
            yield (
                name,
                inside & (column > lowest),
                {"low": _between(lowest, here[np.searchsorted(here, lowest, "right")])},
            )
        if highest > here[0]:
            yield (
                name,
                inside & (column < highest),
                {"high": _between(highest, here[np.searchsorted(here, highest, "left") - 1])},
            )


def _between(out: float, kept: float) -> float:
    """A limit between a value that goes and one that stays; the one that stays where nothing lies between."""
    middle = 0.5 * (out + kept)
    return float(kept if middle == out else middle)


def paste(
    columns: Columns, interest: np.ndarray, box: Box, *, alpha: float = 0.05, among: np.ndarray | None = None
) -> Box:
    """The box grown again, a slice of `alpha` of its rows at a time, for as long as its density does not fall."""
    among = np.ones(len(interest), dtype=bool) if among is None else among
    while True:
        best = None
        for limits in _growths(columns, box, alpha, among):
            grown = measure_box(limits, columns, interest, among)
            rank = (grown.density, grown.cases, -sum(len(one.sides) for one in limits.values()))
            if grown.density >= box.density and (best is None or rank > best[0]):
                best = (rank, grown)
        if best is None:
            return box
        box = best[1]


def _growths(columns: Columns, box: Box, alpha: float, among: np.ndarray) -> Iterator[dict[str, Limit]]:
    for name, limit in box.limits.items():
        column = columns[name]
        for side in limit.sides:
            without = _with_limit(box.limits, name, replace(limit, **{side: None}))
            outside = among & contains(without, columns)
            if side == "values":
                outside &= ~np.isin(column, limit.values)
                for kind in np.unique(column[outside]):
                    yield _with_limit(box.limits, name, replace(limit, values=(*limit.values, str(kind))))
                if not outside.any():
                    yield without
                continue
            # Measured from the edge outwards, so that one sort serves both sides.
            sign = -1.0 if side == "low" else 1.0
            edge = sign * getattr(limit, side)
            away = np.sort(sign * column[outside & (sign * column > edge)])
            number = max(1, int(np.ceil(alpha * box.rows)))
            farther = away[np.searchsorted(away, away[number - 1], "right") :] if len(away) > number else away[:0]
            if not len(farther):
                yield without
            else:
                yield _with_limit(
                    box.limits, name, replace(limit, **{side: sign * _between(farther[0], away[number - 1])})
                )


def _with_limit(limits: Mapping[str, Limit], name: str, limit: Limit) -> dict[str, Limit]:
    changed = {**limits, name: limit}
    return {key: one for key, one in changed.items() if one.sides}


def quasi_p_values(
    columns: Columns, interest: np.ndarray, box: Box, among: np.ndarray | None = None
) -> dict[tuple[str, str], float]:
    """For each restriction (variable, side): the chance of at least so many cases in so many rows if it did nothing.

    Binomial, with the density of the box without that restriction (Bryant and Lempert 2010, appendix). "Quasi" because
    the box was chosen on the same rows: small values are necessary, not sufficient.
    """
    from scipy.stats import binom

    found = {}
    for name, limit in box.limits.items():
        for side in limit.sides:
            freed = measure_box(_with_limit(box.limits, name, replace(limit, **{side: None})), columns, interest, among)
            found[name, side] = float(binom.sf(box.cases - 1, box.rows, freed.density))
    return found


def prune(
    columns: Columns, interest: np.ndarray, box: Box, *, level: float = 0.05, among: np.ndarray | None = None
) -> Box:
    """Return the box without restrictions that may be chance.

    The one with the largest quasi-p-value goes while that is above `level`.
    """
    while values := quasi_p_values(columns, interest, box, among):
        (name, side), largest = max(values.items(), key=lambda one: one[1])
        if largest <= level:
            break
        box = measure_box(
            _with_limit(box.limits, name, replace(box.limits[name], **{side: None})), columns, interest, among
        )
    return box


def choose(trajectory: Sequence[Box], *, least_density: float | None = None) -> int:
    """Return which box of a trajectory to take.

    With `least_density` it is the one of most coverage that has it (the densest if none has). Otherwise the one where
    being in the box and being of interest correlate most (phi, which unlike the mean of coverage and density does not
    reward a box of everything where cases are common). Of equal ones, the one with fewer restrictions, then the first.
    """
    rows, base = trajectory[0].rows, trajectory[0].density

    def rank(box: Box) -> tuple:
        few = -sum(len(one.sides) for one in box.limits.values())
        if least_density is not None:
            good = box.density >= least_density - SAME
            return good, box.coverage if good else box.density, few
        mass = box.rows / rows
        spread = mass * (1.0 - mass) * base * (1.0 - base)
        return True, mass * (box.density - base) / np.sqrt(spread) if spread > 0 else 0.0, few

    return max(range(len(trajectory)), key=lambda place: rank(trajectory[place]))


@dataclass(frozen=True)
class Reproduced:
    """The resampling test of a box.

    `by_coverage` and `by_density`: share of the resamples in which each variable is limited, in the box of equal
    coverage and of equal density. `coverage`, `density`: what those boxes of equal density hold in the rows that were
    left out, (resamples,).
    """

    by_coverage: Mapping[str, float]
    by_density: Mapping[str, float]
    coverage: np.ndarray
    density: np.ndarray


def reproduce(
    columns: Columns,
    interest: np.ndarray,
    box: Box,
    *,
    resamples: int = 20,
    part: float = 0.5,
    groups: np.ndarray | None = None,
    among: np.ndarray | None = None,
    seed: int = 0,
    **options: object,
) -> Reproduced:
    """Peel again on random parts of the rows, and judge the boxes in the rows left out.

    `part` is the share of `groups` (rows that belong together; every row alone if left out) in each resample; `options`
    are those of `peel`. Bryant and Lempert (2010) take halves.
    """
    luck = np.random.default_rng(seed)
    among = np.ones(len(interest), dtype=bool) if among is None else among
    groups = np.arange(len(interest)) if groups is None else groups
    kinds, place = np.unique(groups, return_inverse=True)
    counts = {"coverage": dict.fromkeys(columns, 0), "density": dict.fromkeys(columns, 0)}
    held: list[Box] = []
    for _ in range(resamples):
        taken = np.zeros(len(kinds), dtype=bool)
        taken[luck.permutation(len(kinds))[: max(1, round(part * len(kinds)))]] = True
        drawn = taken[place]
        if not (interest & drawn & among).any():
            continue
        some = {name: column[drawn] for name, column in columns.items()}
        trajectory = peel(some, interest[drawn], among=among[drawn], **options)
        for by in counts:
            # Of boxes of equal coverage the densest, and of equal density the one that covers most.
            other = "density" if by == "coverage" else "coverage"
            nearest = min(trajectory, key=lambda one: (abs(getattr(one, by) - getattr(box, by)), -getattr(one, other)))
            for name in nearest.limits:
                counts[by][name] += 1
        rest = {name: column[~drawn] for name, column in columns.items()}
        held.append(measure_box(nearest.limits, rest, interest[~drawn], among[~drawn]))
    shares = {by: {name: number / resamples for name, number in one.items()} for by, one in counts.items()}
    # A box that holds no row of the part left out has no density there.
    return Reproduced(
        shares["coverage"],
        shares["density"],
        np.array([one.coverage for one in held]),
        np.array([one.density if one.rows else np.nan for one in held]),
    )
