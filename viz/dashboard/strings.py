"""What the dashboard says, by key: one catalogue a language, one file a page, ready for translation.

`text("compare.title", year=2035)` reads `title` in `strings/<language>/compare.toml`. What a language lacks is said in
English.
"""

from __future__ import annotations

import os
import string
import tomllib
from functools import cache
from pathlib import Path

from stackcraft.agents.errors import nearest

FOLDER = Path(__file__).parent / "strings"
FIRST = "en"
LANGUAGE_SETTING = "STACKCRAFT_LANGUAGE"


def language() -> str:
    """The language of this server: a folder of the catalogue, English where there is none of that name."""
    wanted = os.environ.get(LANGUAGE_SETTING, FIRST)
    return wanted if wanted.isalpha() and (FOLDER / wanted).is_dir() else FIRST


@cache
def page_of(name: str, tongue: str) -> dict[str, str]:
    """Every string of one page; empty where the language has no such file."""
    path = FOLDER / tongue / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def text(key: str, **values: object) -> str:
    """Return the string of that key, filled in. Raises `KeyError` for an unknown key or a place without a value."""
    name, _, rest = key.partition(".")
    found = page_of(name, language()).get(rest) or page_of(name, FIRST).get(rest)
    if found is None:
        known = [f"{name}.{one}" for one in page_of(name, FIRST)]
        raise KeyError(
            f"no string {key!r} in the catalogue" + (f"; did you mean {nearest(key, known)!r}?" if known else "")
        )
    return found.format(**values)


def places(key: str) -> set[str]:
    """The names of the places in a string."""
    name, _, rest = key.partition(".")
    return {field for _, field, _, _ in string.Formatter().parse(page_of(name, FIRST)[rest]) if field}


def strings_of(name: str) -> dict[str, str]:
    """All strings of one page, as a widget takes them; English where the language lacks one."""
    return {**page_of(name, FIRST), **page_of(name, language())}
