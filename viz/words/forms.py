"""How languages write numbers, lists and counts: the forms of Unicode's locale data, through Babel.

English is written as Python writes it and needs no Babel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from stackcraft.viz.words.languages import FIRST, current


@dataclass(frozen=True)
class Signs:
    """The signs of a language's numbers, and what stands around a percentage."""

    point: str = "."
    group: str = ","
    minus: str = "-"
    plus: str = "+"
    before_percent: str = ""
    after_percent: str = "%"


@cache
def signs(language: str) -> Signs:
    """Return the signs of a language's numbers."""
    if language == FIRST:
        return Signs()
    from babel import numbers

    usual = {"locale": language, "numbering_system": "latn"}
    before, after = numbers.format_percent(0, **usual).split("0")
    return Signs(
        numbers.get_decimal_symbol(**usual), numbers.get_group_symbol(**usual), numbers.get_minus_sign_symbol(**usual),
        numbers.get_plus_sign_symbol(**usual), before, after,
    )  # fmt: skip


def number(written: str) -> str:
    """Return a number that Python has written, as "-1,234.5", in the form of the current language."""
    language = current()
    if language == FIRST:
        return written
    used = signs(language)
    return "".join({".": used.point, ",": used.group, "-": used.minus, "+": used.plus}.get(one, one) for one in written)


def percentage(written: str) -> str:
    """Return a number that Python has written as a percentage in the form of the current language."""
    used = signs(current())
    return f"{used.before_percent}{number(written)}{used.after_percent}"


@cache
def plural_of(language: str) -> Callable[[Any], str]:
    """Return the function that tells which form of a counted word a number takes: one, two, few, many or other."""
    if language == FIRST:
        return lambda count: "one" if count == 1 else "other"
    from babel import Locale

    return Locale.parse(language).plural_form


@cache
def plural_forms(language: str) -> frozenset[str]:
    """Return the forms of a counted word that a language tells apart, `other` among them."""
    if language == FIRST:
        return frozenset(("one", "other"))
    from babel import Locale

    return frozenset((*Locale.parse(language).plural_form.tags, "other"))


def listed(items: Sequence[str]) -> str:
    """Return items as a list in a sentence: "a", "a and b", "a, b and c"."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    if current() == FIRST:
        return ", ".join(items[:-1]) + " and " + items[-1]
    from babel.lists import format_list

    return format_list(items, locale=current())


def day(when: Any) -> str:
    """Return a date: 2026-11-30 in English, elsewhere in the language's own long form."""
    if current() == FIRST:
        return when.isoformat()
    from babel.dates import format_date

    return format_date(when, "long", locale=current())
