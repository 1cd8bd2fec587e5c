"""Numbers as people read them, and names cut or broken to the room they have."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from stackcraft.experiments.statistics import band, paired_interval
from stackcraft.viz.words.catalogue import IN_WORDS, SCREENS, filled, text
from stackcraft.viz.words.forms import number, percentage
from stackcraft.viz.words.languages import current

NOTHING = "-"


def digits_for(values: Iterable[float], meaningful: int = 3) -> int:
    """Return how many digits after the point show the largest of `values` with `meaningful` digits; 0 to 8."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest <= 0:
        return 0
    return min(8, max(0, meaningful - 1 - math.floor(math.log10(largest))))


def shown(value: Any, digits: int | None = None, plain: bool = False) -> str:
    """Return a value as text: numbers with `digits` after the point, in groups unless `plain`; nothing is "-"."""
    if value is None:
        return NOTHING
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, bool):
        return text("numbers.yes" if value else "numbers.no")
    if isinstance(value, int) and digits is None:
        return number(str(value))
    if not isinstance(value, (int, float)):
        return str(value)
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else text("numbers.no_bound")
    if digits is None:
        return number(f"{value:.4g}")
    if value and abs(value) < 0.5 * 10.0**-digits and digits >= 6:
        return number(f"{value:.1e}")  # smaller than any digit shown, yet not nothing
    written = f"{value:.{digits}f}" if plain else f"{value:,.{digits}f}"
    return number(written[1:] if written.startswith("-") and not written.strip("-0.,") else written)  # never "-0.0"


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
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return text("numbers.span", low=shown(low, digits), high=shown(high, digits))


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a percentage, 0.473 -> "47%"; "n/a" where there is no number."""
    if not math.isfinite(share):
        return text("numbers.none")
    if digits == 0 and 0 < share < 0.005:
        return text("numbers.under", value=percentage("1"))
    return percentage(f"{100 * share:.{digits}f}")


def points(share: float, digits: int = 1) -> str:
    """Return a difference of shares in percentage points, signed: 0.031 -> "+3.1 points"."""
    if not math.isfinite(share):
        return text("numbers.none")
    value = round(100 * share, digits)
    return text("numbers.points", n=abs(value), value=_signed_points(share, digits))


def _signed_points(share: float, digits: int = 1) -> str:
    value = round(100 * share, digits)
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return number(f"{sign}{abs(value):.{digits}f}")


def bare_points(share: float, digits: int = 1) -> str:
    """Return a size of a difference of shares in percentage points, without a sign: 0.031 -> "3.1 points"."""
    value = abs(round(100 * share, digits))
    return text("numbers.points", n=value, value=number(f"{value:.{digits}f}"))


def span(low: float, high: float, show: Callable[[float], str]) -> str:
    """Return "+1.2 to +4.0 points": two numbers as `show` writes them, a unit of several letters once."""
    for unit in ("points", "months"):
        inner = [_without_unit(show(end), f"numbers.{unit}") for end in (low, high)]
        if all(inner):
            return text(f"numbers.{unit}_span", low=inner[0], high=inner[1])
    return text("numbers.span", low=show(low), high=show(high))


def _without_unit(written: str, key: str) -> str:
    """Return the number of what the string `key` says in any of its forms; "" for anything else."""
    entry = SCREENS.find(key)
    for form in entry.values() if isinstance(entry, dict) else (entry or "",):
        before, _, after = form.partition("{value}")
        inner = written.removeprefix(before).removesuffix(after)
        if inner != written and any(one.isdigit() for one in inner):
            return inner
    return ""


def money(bn: float) -> str:
    """Return an amount in constant 2025 US$: 1.234 -> "$1.2 bn", 0.034 -> "$34 m"."""
    if not math.isfinite(bn):
        return text("numbers.none")
    sign, size = (number("-") if bn < 0 else ""), abs(bn)
    if size >= 1000:
        return text("numbers.trillion", sign=sign, value=number(f"{size / 1000:.1f}"))
    if size >= 0.95:
        value = _counted_in(text("numbers.billion_is"), size, 0 if size >= 99.5 else 1)
        return text("numbers.billion", sign=sign, value=value)
    if size > 0:
        value = _counted_in(text("numbers.million_is"), 1000 * size, 0 if size >= 0.0095 else 1)
        return text("numbers.million", sign=sign, value=value)
    return "$0"


def _counted_in(times: str, size: float, digits: int) -> str:
    """Return an amount in the unit that a language counts it in: `times` of it make one of ours (ten 亿 a billion)."""
    return number(f"{float(times) * size:,.{max(digits - len(times) + 1, 0)}f}")


def in_unit(value: float, unit: str) -> str:
    """Return the value of an indicator as text, by its unit: "47%", "$1.2 bn", "7.6 months", "1,204"; "n/a" without."""
    if unit in ("share", "probability"):
        return percent(value)
    if unit == "bn$":
        return money(value)
    if not math.isfinite(value):
        return text("numbers.none")
    if unit == "months":
        return text("numbers.months", n=round(value, 1), value=number(f"{value:.1f}"))
    return number(f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}")


def change_in_unit(value: float, unit: str) -> str:
    """Return a change of an indicator as text, signed, by its unit: "+3.1 points", "-$1.2 bn", "+0.4 months"."""
    if unit in ("share", "probability"):
        return points(value)
    shown = in_unit(value, unit)
    if math.isfinite(value) and not any(digit in shown for digit in "123456789"):
        return in_unit(0.0, unit)  # a minus before what rounds to nothing says nothing
    return (number("+") if value > 0 else "") + shown


def spelled(value: int) -> str:
    """Return a small number in words where the language has them, others in digits."""
    return filled(f"{{n:{IN_WORDS}}}", {"n": value}, current())


def count(thing: str, value: int) -> str:
    """Return a number with what is counted, one of the things of `numbers.toml`: "one country", "58 countries"."""
    return text(f"numbers.count_{thing}", n=value)


def capital(text: str) -> str:
    """Return the text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def runs_words(part: int, whole: int) -> str:
    """Say how many runs agree: "in every one of 64 runs", "in 61 of 64 runs", "in the one run made"."""
    if whole == 1:
        return text("numbers.runs_only" if part else "numbers.runs_not_only")
    return text("numbers.runs_every" if part == whole else "numbers.runs_some" if part else "numbers.runs_none",
                n=whole, part=part)  # fmt: skip


def band_words(values: Sequence[float] | np.ndarray, show=percent) -> str:
    """Say where nine runs in ten lie: "between 43% and 50% in nine runs of ten"; "" for fewer than five runs."""
    _, low, high = band(values)
    if not math.isfinite(low):
        return ""
    if show(low) == show(high):
        return text("numbers.band_one", value=show(low))
    return text("numbers.band", low=show(low), high=show(high))


def interval_words(low: float, high: float, show=points) -> str:
    """Return "95% interval +1.2 to +4.0 points", or a note where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return text("numbers.interval_none")
    return text("numbers.interval", span=span(low, high, show))


def change_in_points(values: Sequence[float] | np.ndarray, show) -> tuple[str, bool]:
    """Return a paired difference in words, and whether its interval leaves out 0."""
    found = paired_interval(values)
    return f"{show(found.mean)} ({interval_words(found.low, found.high, show)})", found.clear
