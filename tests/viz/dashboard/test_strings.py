"""The catalogue: what the pages say is there, and what is there is said."""

import re
from pathlib import Path

import pytest

from agents.levers import LEVER_SETS
from viz.dashboard import strings
from viz.dashboard.strings import FOLDER, page_of, places, text

HOME = Path(strings.__file__).parent
SOURCES = {path: path.read_text(encoding="utf-8") for path in [*HOME.rglob("*.py"), *HOME.rglob("*.js")]}
PAGES = [path.stem for path in sorted((FOLDER / "en").glob("*.toml"))]


def test_every_key_that_stands_in_the_code_is_in_the_catalogue():
    missing = []
    for path, source in SOURCES.items():
        for name, key in re.findall(r"""text\(\s*["'](\w+)\.(\w+)["']\s*[,)]""", source):
            if key not in page_of(name, "en"):
                missing.append(f"{path.name}: {name}.{key}")
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_string_is_used(page):
    together = "\n".join(SOURCES.values()) + "".join(f" {kind}_{lever}" for kind, levers in LEVER_SETS.items() for lever in levers.names)
    # Part of a key may be put together in the code: its first or last word must stand there at least.
    unused = [key for key in page_of(page, "en") if not any(re.search(rf"\b{re.escape(part)}", together) for part in (key, key.split("_")[0] + "_", "_" + key.split("_")[-1]))]
    assert unused == []


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'shell.name'"):
        text("shell.nam")


def test_what_a_language_lacks_is_said_in_english(monkeypatch, tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "fr").mkdir()
    (tmp_path / "en" / "greeting.toml").write_text('day = "Good day, {who}"\nnight = "Good night"\n')
    (tmp_path / "fr" / "greeting.toml").write_text('day = "Bonjour {who}"\n')
    monkeypatch.setattr(strings, "FOLDER", tmp_path)
    monkeypatch.setenv(strings.LANGUAGE_SETTING, "fr")
    page_of.cache_clear()
    try:
        assert (text("greeting.day", who="toi"), text("greeting.night")) == ("Bonjour toi", "Good night")
        assert strings.strings_of("greeting") == {"day": "Bonjour {who}", "night": "Good night"}
        assert places("greeting.day") == {"who"}
    finally:
        page_of.cache_clear()
