"""The catalogue of strings: nothing asked for that is not there, nothing there that nobody asks for."""

import re
import tomllib
from pathlib import Path

import pytest

from stackcraft.viz.dashboard import strings
from stackcraft.viz.dashboard.strings import places, strings_of, text

FOLDER = Path(strings.__file__).parent
SOURCES = {path: path.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for path in sorted(FOLDER.rglob(kind))}
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
        assert strings.page_of(page, "en")[name].strip(), key
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


def test_another_language_falls_back_to_english(tmp_path, monkeypatch):
    for tongue, words in (("en", 'name = "Name"\nother = "Other {year}"\n'), ("fr", 'name = "Nom"\n')):
        (tmp_path / tongue).mkdir()
        (tmp_path / tongue / "shell.toml").write_text(words, encoding="utf-8")
    monkeypatch.setattr(strings, "FOLDER", tmp_path)
    strings.page_of.cache_clear()
    try:
        monkeypatch.setenv(strings.LANGUAGE_SETTING, "fr")
        assert (
            strings.language() == "fr"
            and text("shell.name") == "Nom"
            and text("shell.other", year=2030) == "Other 2030"
        )
        assert strings_of("shell") == {"name": "Nom", "other": "Other {year}"}
        monkeypatch.setenv(strings.LANGUAGE_SETTING, "../../etc")
        assert strings.language() == "en" and text("shell.name") == "Name"
    finally:
        strings.page_of.cache_clear()


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

    def used(key):
        return (
            f'"{key}"' in whole
            or f"'{key}'" in whole
            or key.partition(".")[0] in pages
            or any(pattern.fullmatch(key) for pattern in patterns)
        )

    assert sorted(key for key in KEYS if not used(key)) == []
