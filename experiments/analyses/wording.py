"""Wording that analyses share: numbers, counts and lists in sentences, and bars of the largest values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stackcraft.experiments.analyses.finding import Bars

MOST_BARS = 20  # of a chart; the table has them all


def figure(value: float) -> str:
    """A number as text, with about four figures."""
    value = float(value)
    size = abs(value)
    if not np.isfinite(value):
        return "no value"
    if size >= 1000:
        return f"{value:,.0f}"
    if size and size < 1e-3:
        return f"{value:.2g}"
    text = f"{value:.{1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plus_minus(value: float, half: float) -> str:
    """A value with the half-width of its interval, both to the same place."""
    if not np.isfinite(half) or half == 0:
        return figure(value)
    place = min(max(1 - int(np.floor(np.log10(half))), 0), 8)
    return f"{value:,.{place}f} ± {half:,.{place}f}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 run, 2 runs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names as a list in a sentence; beyond `most` only how many more."""
    names = list(names)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "none"


def ranked(
    names: Sequence[str], values: np.ndarray, halves: np.ndarray, clear: np.ndarray, most: int = 3
) -> tuple[str, str]:
    """Return the largest values in words, the largest first, and a sentence to add if some of these are not clear.

    No factor is passed over: the one that leads the table leads the sentence. Those after the last clear one are left
    out.
    """
    order = np.argsort(-np.asarray(values), kind="stable")[:most]
    last = max((rank for rank, place in enumerate(order) if clear[place]), default=most)
    unclear = ["" if clear[place] else ", not clear" for place in order[: last + 1]]
    parts = [
        f"{names[place]} ({plus_minus(values[place], halves[place])}{note})"
        for place, note in zip(order, unclear, strict=False)
    ]
    more = " Not clear: the interval reaches what luck, or nothing at all, would give." if any(unclear) else ""
    return listed(parts), more


def bars(
    title: str, unit: str, names: Sequence[str], values: np.ndarray, halves: np.ndarray, order: np.ndarray
) -> Bars:
    """Return the first values of an order as bars with their intervals; a note says of how many."""
    shown = order[:MOST_BARS]
    note = f"The {len(shown)} largest of {len(order)}." if len(shown) < len(order) else ""
    parts = (tuple(map(float, part[shown])) for part in (values, values - halves, values + halves))
    return Bars(title, unit, tuple(names[place] for place in shown), *parts, note)


def by_chance(factors: int) -> list[str]:
    """What to expect of many 95 % intervals at once: one in forty lies clear on one side although there is nothing."""
    return [f"Of {factors} factors about {factors / 40:.0f} would seem clear by chance alone."] if factors >= 40 else []
