"""What the model declares in English (levers, parameters, scenarios and the like), said in other languages.

The English is declared once, where the thing itself is, and is the key of its translation: a line `"English" = "..."`
of one of the files `declared_<kind>.toml` in the folder of the language.
"""

from __future__ import annotations

from functools import cache

from stackcraft.viz.words.catalogue import SCREENS
from stackcraft.viz.words.languages import FIRST, current

START = "declared_"  # of the names of the files


def said(english: str) -> str:
    """Return what is declared in the language spoken now, or in English where that has no words for it."""
    language = current()
    return english if language == FIRST else _of(language).get(english, english)


@cache
def _of(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((SCREENS.folder / language).glob(f"{START}*.toml")):
        found |= {key: str(entry) for key, entry in SCREENS.page_of(path.stem, language).items()}
    return found
