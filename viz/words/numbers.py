"""Numbers as people read them, and names cut or broken to the room they have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

NOTHING = "-"


def digits_for(values: Iterable[float], meaningful: int = 3) -> int:
    """Return how many digits after the point show the largest of `values` with `meaningful` digits; 0 to 8."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest <= 0:
        return 0
    return min(8, max(0, meaningful - 1 - math.floor(math.log10(largest))))


def shown(value: Any, digits: int | None = None, plain: bool = False) -> str:
    """Return a value as text: numbers with `digits` after the point, with commas unless `plain`; nothing is "-"."""
    if value is None:
        return NOTHING
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and digits is None:
        return str(value)
    if not isinstance(value, (int, float)):
        return str(value)
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else "no bound"
    if digits is None:
        return f"{value:.4g}"
    if value and abs(value) < 0.5 * 10.0**-digits and digits >= 6:
        return f"{value:.1e}"  # smaller than any digit shown, yet not nothing
    text = f"{value:.{digits}f}" if plain else f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text  # never "-0.0"


def is_year(name: str) -> bool:
    """Return whether a name speaks of a year, as "year" and "year of the lead" do."""
    return "year" in name.lower().split()


def shorten(text: str, most: int) -> str:
    """Return at most `most` letters: the start, "…" and the end, because names of rows often differ only there."""
    if len(text) <= most:
        return text
    start = (most - 1) // 3
    return text[:start].rstrip() + "…" + text[len(text) - max(0, most - 1 - start) :].lstrip()


def wrap(text: str, most: int, lines: int) -> list[str]:
    """Break a text into at most `lines` lines of at most `most` letters, at spaces, hyphens and underscores if it can."""
    broken, rest = [], shorten(text.strip(), most * lines)
    while rest and len(broken) < lines - 1 and len(rest) > most:
        places = (max(rest.rfind(mark, 0, most) + 1 for mark in marks) for marks in (" ", "-_,=+."))
        cut = next((place for place in places if place > most // 3), most)
        broken.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*broken, shorten(rest, most)]


def tick_digits(places: Sequence[float]) -> int:
    """Return the digits after the point that tell ticks apart."""
    step = min((b - a for a, b in zip(places, places[1:])), default=0.0)
    return min(8, max(0, -math.floor(math.log10(step) + 1e-9))) if step > 0 else digits_for(places)


def interval(low: float, high: float, digits: int) -> str:
    """Return "0.41 to 0.63", or nothing where either bound is missing."""
    return f"{shown(low, digits)} to {shown(high, digits)}" if math.isfinite(low) and math.isfinite(high) else ""
