"""How a study's cube is cut for an analysis: which blocks are worlds, row names, and resampling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.wording import count, figure

NOBODY_CHOOSES = ("uncertainties", "structure")  # blocks whose rows are worlds, not choices


def read_cube(results: Any, measure: str, year: int | None) -> np.ndarray:
    """Return one measure, (*block sizes, replicates), NaN where a run has no value.

    Raises `InputError` for what the study does not hold.
    """
    values = np.array(results.cube(measure, year), dtype=float)
    values[~np.isfinite(values)] = np.nan
    if np.isnan(values).all():
        raise InputError(
            f"measure {measure!r}: no run of this study has a value; look at its failures, or let it finish"
        )
    return values


def missing_sentence(values: np.ndarray) -> tuple[str, ...]:
    """One sentence about runs without a value, or none."""
    missing = int(np.isnan(values).sum())
    if not missing:
        return ()
    has, it_is = ("has", "it is") if missing == 1 else ("have", "they are")
    return (
        (
            f"{missing:,} of {count(values.size, 'run')} {has} no value (failed, not run yet, left out by a "
            f"constraint, or without a number for this measure); {it_is} left out."
        ),
    )


def about(results: Any, measure: str, year: int | None, **options: Any) -> tuple[tuple[str, Any], ...]:
    """What went into a finding: the study's own account, the measure, the year, the options."""
    asked = {"measure": measure, "year": "last kept" if year is None else year}
    return tuple({**results.about(), **asked, **options}.items())


def row_names(blocks: Sequence[Any]) -> list[str]:
    """Return a name for each row of the product of `blocks`: what is on, which strategies, which values.

    The first block is outermost.
    """
    names = [""]
    for block in blocks:
        names = [" / ".join(part for part in (before, one) if part) for before in names for one in _block_names(block)]
    return [name or "as it is" for name in names]


def _block_names(block: Any) -> list[str]:
    factors = block.factors
    if not factors:
        return [""]
    switches = all(factor.kind == "switch" for factor in factors)
    names = []
    for values in zip(*(block.table[factor.name] for factor in factors), strict=True):
        if switches:
            on = [one.name for one, value in zip(factors, values, strict=True) if float(value)]
            off = [factor.name for factor in factors if factor.name not in on]
            few = len(factors) > 2 and len(off) < len(on)  # the shorter way to say it
            names.append(("all but " + " and ".join(off) if off else "all") if few else " + ".join(on) or "none")
        elif len(factors) == 1 and factors[0].kind == "category":
            names.append(str(values[0]))
        else:
            names.append(
                ", ".join(
                    f"{one.name}={value if one.kind == 'category' else figure(value)}"
                    for one, value in zip(factors, values, strict=True)
                )
            )
    return names


def clusters(blocks: Sequence[Any]) -> np.ndarray:
    """Return for each row of the product of `blocks` its row in the block of the uncertainties, (rows,).

    All are 0 where there is none. Worlds are resampled by these numbers, so that what was crossed with one draw of the
    uncertainties stays together.
    """
    shape = tuple(block.size for block in blocks) or (1,)
    for axis, block in enumerate(blocks):
        if block.name in ("uncertainties", "together"):
            return np.indices(shape)[axis].ravel()
    return np.zeros(int(np.prod(shape)), dtype=int)


def resample(luck: np.random.Generator, cluster: np.ndarray) -> np.ndarray:
    """Weights of rows under one bootstrap draw of whole clusters, (rows,); all 1 where there is only one cluster."""
    kinds, place = np.unique(cluster, return_inverse=True)
    if len(kinds) < 2:
        return np.ones(len(cluster))
    return np.bincount(luck.integers(len(kinds), size=len(kinds)), minlength=len(kinds)).astype(float)[place]


def resample_replicates(luck: np.random.Generator, replicates: int) -> np.ndarray:
    """Return how often each replicate comes in one bootstrap draw, (replicates,).

    It is the same for every row, since rows share their luck.
    """
    return np.bincount(luck.integers(replicates, size=replicates), minlength=replicates).astype(float)


def check_option(name: str, value: Any, options: Sequence[str]) -> None:
    """Raises `InputError` where `value` is none of `options`."""
    if value not in options:
        raise unknown(name, value, options)


def check_share(name: str, value: float | None, low: float = 0.0, high: float = 1.0) -> None:
    """Raises `InputError` where `value` does not lie strictly between `low` and `high`; None is allowed."""
    if value is not None and not low < value < high:
        raise InputError(f"{name}={value:g} is out of bounds; give a number above {low:g} and below {high:g}")


def check_count(name: str, value: int, least: int) -> None:
    """Raises `InputError` where `value` is not a whole number of at least `least`."""
    if isinstance(value, bool) or value != int(value) or value < least:
        raise InputError(f"{name}={value}; give a whole number from {least} on")
