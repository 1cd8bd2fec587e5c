"""Numbers as people read them, and names cut or broken to the room they have."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from stackcraft.experiments.statistics import band, paired_interval

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
    """Break a text into at most `lines` lines of at most `most` letters, at spaces and hyphens if it can."""
    broken, rest = [], shorten(text.strip(), most * lines)
    while rest and len(broken) < lines - 1 and len(rest) > most:
        places = (max(rest.rfind(mark, 0, most) + 1 for mark in marks) for marks in (" ", "-_,=+."))
        cut = next((place for place in places if place > most // 3), most)
        broken.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*broken, shorten(rest, most)]


def tick_digits(places: Sequence[float]) -> int:
    """Return the digits after the point that tell ticks apart."""
    step = min((b - a for a, b in itertools.pairwise(places)), default=0.0)
    return min(8, max(0, -math.floor(math.log10(step) + 1e-9))) if step > 0 else digits_for(places)


def interval(low: float, high: float, digits: int) -> str:
    """Return "0.41 to 0.63", or nothing where either bound is missing."""
    return f"{shown(low, digits)} to {shown(high, digits)}" if math.isfinite(low) and math.isfinite(high) else ""


SMALL_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a percentage, 0.473 -> "47%"; "n/a" where there is no number."""
    if not math.isfinite(share):
        return "n/a"
    if digits == 0 and 0 < share < 0.005:
        return "under 1%"
    return f"{100 * share:.{digits}f}%"


def points(share: float, digits: int = 1) -> str:
    """Return a difference of shares in percentage points, signed: 0.031 -> "+3.1 points"."""
    if not math.isfinite(share):
        return "n/a"
    value = round(100 * share, digits)
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return f"{sign}{abs(value):.{digits}f} {'point' if abs(value) == 1 else 'points'}"


def money(bn: float) -> str:
    """Return an amount in constant 2025 US$: 1.234 -> "$1.2 bn", 0.034 -> "$34 m"."""
    if not math.isfinite(bn):
        return "n/a"
    sign, size = ("-" if bn < 0 else ""), abs(bn)
    if size >= 1000:
        return f"{sign}${size / 1000:.1f} trillion"
    if size >= 99.5:
        return f"{sign}${size:.0f} bn"
    if size >= 0.95:
        return f"{sign}${size:.1f} bn"
    if size >= 0.0095:
        return f"{sign}${1000 * size:.0f} m"
    return f"{sign}${1000 * size:.1f} m" if size > 0 else "$0"


def in_unit(value: float, unit: str) -> str:
    """Return the value of an indicator as text, by its unit: "47%", "$1.2 bn", "7.6 months", "1,204"; "n/a" without."""
    if unit in ("share", "probability"):
        return percent(value)
    if unit == "bn$":
        return money(value)
    if not math.isfinite(value):
        return "n/a"
    if unit == "months":
        return f"{value:.1f} months"
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"


def change_in_unit(value: float, unit: str) -> str:
    """Return a change of an indicator as text, signed, by its unit: "+3.1 points", "-$1.2 bn", "+0.4 months"."""
    if unit in ("share", "probability"):
        return points(value)
    shown = in_unit(value, unit)
    if math.isfinite(value) and not any(digit in shown for digit in "123456789"):
        return in_unit(0.0, unit)  # a minus before what rounds to nothing says nothing
    return ("+" if value > 0 else "") + shown


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with what is counted: "one country", "three countries", "58 countries"."""
    many = many or one + "s"
    shown = SMALL_NUMBERS[number] if 0 <= number < len(SMALL_NUMBERS) else f"{number:,}"
    return f"{shown} {one if number == 1 else many}"


def listed(items: Sequence[str]) -> str:
    """Return items as a list in a sentence: "a", "a and b", "a, b and c"."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def capital(text: str) -> str:
    """Return the text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def runs_words(part: int, whole: int) -> str:
    """Say how many runs agree: "in every one of 64 runs", "in 61 of 64 runs", "in the one run made"."""
    if whole == 1:
        return "in the one run made" if part else "not in the one run made"
    if part == whole:
        return f"in every one of {whole} runs"
    return f"in {part} of {whole} runs" if part else f"in none of {whole} runs"


def band_words(values: Sequence[float] | np.ndarray, show=percent) -> str:
    """Say where nine runs in ten lie: "between 43% and 50% in nine runs of ten"; "" for fewer than five runs."""
    _, low, high = band(values)
    if not math.isfinite(low):
        return ""
    if show(low) == show(high):
        return f"{show(low)} in nine runs of ten"
    return f"between {show(low)} and {show(high)} in nine runs of ten"


def interval_words(low: float, high: float, show=points) -> str:
    """Return "95% interval +1.2 to +4.0 points", or a note where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval from one run"
    first, last = show(low), show(high)
    if last.endswith((" point", " points")):
        first = first.rsplit(" ", 1)[0]
    return f"95% interval {first} to {last}"


def change_in_points(values: Sequence[float] | np.ndarray, show) -> tuple[str, bool]:
    """Return a paired difference in words, and whether its interval leaves out 0."""
    found = paired_interval(values)
    return f"{show(found.mean)} ({interval_words(found.low, found.high, show)})", found.clear
