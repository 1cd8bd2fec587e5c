"""The catalogue of strings: nothing asked for that is not there, nothing there that nobody asks for."""

import re
import tomllib
from pathlib import Path

import pytest

from stackcraft.viz import words
from stackcraft.viz.charts import stacks
from stackcraft.viz.dashboard import strings
from stackcraft.viz.dashboard.strings import places, text
from stackcraft.viz.words import claims, evidence
from stackcraft.viz.words.catalogue import SCREENS
from stackcraft.viz.words.names import Titles

FOLDER = Path(strings.__file__).parent
READERS = [FOLDER, *(FOLDER.parent / name for name in ("words", "charts", "report", "map"))]
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for folder in READERS
    for kind in ("*.py", "*.html")
    for path in sorted(folder.rglob(kind))
}
KEYS = {
    f"{path.stem}.{key}"
    for path in sorted((FOLDER / "strings" / "en").glob("*.toml"))
    for key in tomllib.loads(path.read_text(encoding="utf-8"))
}
# `text("page.key"` with the key written out, and `text(f"page.{name}_title"` with parts of it made up.
WRITTEN = re.compile(r"""\btext\(\s*["']([a-z_0-9]+\.[A-Za-z_0-9]+)["']\s*[,)]""")
MADE_UP = re.compile(r"""f"([a-z_0-9]+\.[A-Za-z_0-9{}\[\]().'! :-]*\{[^"]*)\"""")


def test_every_key_that_is_asked_for_exists():
    asked = {(key, path.name) for path, source in SOURCES.items() for key in WRITTEN.findall(source)}
    assert len(asked) > 20
    assert sorted((key, name) for key, name in asked if key not in KEYS) == []


def test_no_text_is_empty_and_every_place_is_a_plain_name():
    for key in KEYS:
        page, _, name = key.partition(".")
        entry = SCREENS.page_of(page, "en")[name]
        assert all(one.strip() for one in (entry.values() if isinstance(entry, dict) else (entry,))), key
        assert all(place.isidentifier() for place in places(key)), key


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(KeyError, match=r"'shell.explor'.*did you mean 'shell.explore'"):
        text("shell.explor")
    with pytest.raises(KeyError, match=r"nowhere.at_all"):
        text("nowhere.at_all")


def test_a_place_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="version"):
        text("shell.version")
    assert "1.2" in text("shell.version", version="1.2")


def test_every_string_is_asked_for():
    whole = "\n".join(SOURCES.values())
    pages = set(re.findall(r"""\b(?:strings_of|page_of)\(\s*"([a-z_0-9]+)\"""", whole))
    patterns = [
        re.compile(
            "".join(
                re.escape(part) if place % 2 == 0 else ".+" for place, part in enumerate(re.split(r"(\{[^}]*\})", made))
            )
        )
        for made in MADE_UP.findall(whole)
    ]

    tables = [
        one for module in (words, claims, evidence, stacks) for one in vars(module).values() if isinstance(one, Titles)
    ]
    titled = {f"{one.page}.{one.start}_{name}" for one in tables for name in one}

    def used(key):
        return (
            key in titled
            or f'"{key}"' in whole
            or f"'{key}'" in whole
            or key.partition(".")[0] in pages
            or any(pattern.fullmatch(key) for pattern in patterns)
        )

    assert sorted(key for key in KEYS if not used(key)) == []
