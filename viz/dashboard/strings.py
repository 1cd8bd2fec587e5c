"""What the dashboard says, by key: one catalogue a language, one file a page, ready for translation.

`text("compare.title", year=2035)` reads `title` in `strings/<language>/compare.toml` (see `viz/words/catalogue.py`).
What a language lacks is said in English.
"""

from __future__ import annotations

from functools import cache

from stackcraft.viz.words import catalogue
from stackcraft.viz.words.catalogue import SCREENS, text
from stackcraft.viz.words.languages import FIRST, LANGUAGES, current

__all__ = ["about_translation", "places", "strings_of", "text", "translated", "well_translated"]

ENOUGH = 0.9  # of the strings: a browser's own language is spoken from here on


def places(key: str) -> set[str]:
    """The names of the places in a string."""
    name, _, rest = key.partition(".")
    return catalogue.places(SCREENS.page_of(name, FIRST)[rest])


def strings_of(name: str) -> dict[str, str]:
    """All strings of one page, as a widget takes them; English where the language lacks one."""
    return {**SCREENS.page_of(name, FIRST), **SCREENS.page_of(name, current())}


def optional(page: str, key: str) -> bool:
    """Whether a language may do without a string: digits stand where it has no numbers in words."""
    return page == "numbers" and key.startswith("spelled_")


def translated(language: str) -> tuple[int, int]:
    """How many strings a language has, and how many there are."""
    pages = SCREENS.folder / FIRST
    made = whole = 0
    for path in pages.glob("*.toml"):
        keys = {key for key in SCREENS.page_of(path.stem, FIRST) if not optional(path.stem, key)}
        whole += len(keys)
        made += len(keys & SCREENS.page_of(path.stem, language).keys())
    return made, whole


@cache
def well_translated(language: str) -> bool:
    """Whether nearly everything is said in a language, so that it can be spoken without being asked for."""
    made, whole = translated(language)
    return made >= ENOUGH * whole


def about_translation() -> list[str]:
    """Whether a native reader has checked the language spoken now, and how much is still English; none for English."""
    language = LANGUAGES[current()]
    if language.code == FIRST:
        return []
    made, whole = translated(language.code)
    checked = text("shell.read_by", reader=language.read_by) if language.read_by else text("shell.machine_assisted")
    left = whole - made
    return [checked, *([text("shell.not_translated", missing=left, whole=whole)] if left else [])]
