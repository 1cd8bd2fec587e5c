"""What a set of screens says, by key: a folder a language, a file a page, ready for translation.

`Catalogue(folder).text("shell.version", version="0.1")` reads `version` in `<folder>/<language>/shell.toml`. What a
language lacks is said in English.

A string that counts something has a form for each of the language's plurals, and the place `{n}` chooses among them:

    runs.one = "{n} run"
    runs.other = "{n} runs"

A translation may have such forms for a string that English writes in one; `key.by = "number"` then says by which place.
`{n:words}` writes a small number in words where `numbers.toml` has them. Numbers that are filled in are written as the
language writes them.
"""

from __future__ import annotations

import string
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import nearest
from stackcraft.viz.words import forms, languages
from stackcraft.viz.words.languages import FIRST

Entry = str | dict[str, str]  # a string, or its forms by plural
DASHBOARD = Path(__file__).parents[1] / "dashboard" / "strings"
IN_WORDS, BY = "words", "by"


class Catalogue:
    """The strings below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[tuple[str, str], dict[str, Entry]] = {}

    @property
    def language(self) -> str:
        """The language spoken now, where the catalogue has it; English where it has none of that name."""
        wanted = languages.current()
        return wanted if (self.folder / wanted).is_dir() else FIRST

    @property
    def pages(self) -> dict[str, dict[str, dict[str, Entry]]]:
        """All strings: language, page, key."""
        return {
            tongue.name: {path.stem: self.page_of(path.stem, tongue.name) for path in sorted(tongue.glob("*.toml"))}
            for tongue in self.folder.iterdir()
            if tongue.is_dir()
        }

    def page_of(self, page: str, language: str) -> dict[str, Entry]:
        """Return every string of one page; empty where the language has no such file."""
        kept = self._kept.get((page, language))
        if kept is None:
            kept = self._kept[page, language] = read_strings(self.folder / language / f"{page}.toml")
        return kept

    def find(self, key: str) -> Entry | None:
        """Return the string of that key as it stands in the catalogue; None where there is none."""
        page, _, rest = key.partition(".")
        for language in (languages.current(), FIRST):
            if found := self.page_of(page, language).get(rest):
                return found
        return None

    def text(self, key: str, /, **values: object) -> str:
        """Return the string of that key, filled in. Raises `KeyError` for an unknown key or a place without a value."""
        page, _, rest = key.partition(".")
        for language in dict.fromkeys((languages.current(), FIRST)):
            if found := self.page_of(page, language).get(rest):
                return filled(found, values, language)
        known = [f"{page}.{one}" for one in self.page_of(page, FIRST)]
        advice = f"; did you mean {nearest(key, known)!r}?" if known else ""
        raise KeyError(f"no string {key!r} in the catalogue{advice}")


@cache
def read_strings(path: Path) -> dict[str, Entry]:
    """Return the strings of a file by key; empty where there is no such file."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def filled(entry: Entry, values: dict[str, Any], language: str) -> str:
    """Return a string of a language, in the plural that `n` asks for, with the values in its places."""
    if isinstance(entry, dict):
        form = forms.plural_of(language)(values[entry.get(BY, "n")])
        entry = entry.get(form) or entry["other"]
    if language == FIRST and f":{IN_WORDS}}}" not in entry:
        return entry.format(**values)
    return _Filling(language).vformat(entry, (), values)


class _Filling(string.Formatter):
    """Fills places in, with numbers as a language writes them."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == IN_WORDS:
            spelled = read_strings(DASHBOARD / self.language / "numbers.toml").get(f"spelled_{value}")
            return str(spelled) if spelled else forms.number(f"{value:,}")
        written = format(value, format_spec)
        return forms.number(written) if isinstance(value, int | float) and not isinstance(value, bool) else written


def places(entry: Entry) -> set[str]:
    """Return the names of the places in a string, over all of its forms."""
    return {field for one in texts_of(entry) for _, field, _, _ in string.Formatter().parse(one) if field}


def texts_of(entry: Entry) -> list[str]:
    """Return a string, or all of its forms."""
    return [one for form, one in entry.items() if form != BY] if isinstance(entry, dict) else [entry]


SCREENS = Catalogue(DASHBOARD)


def text(key: str, /, **values: object) -> str:
    """Return a string of the dashboard, the report and the briefs, filled in. Raises `KeyError`."""
    return SCREENS.text(key, **values)
