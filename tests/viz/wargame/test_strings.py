"""The catalogue of the game: nothing asked for that is not there, nothing there that nobody asks for."""

import re
import tomllib
from pathlib import Path

import pytest

from stackcraft.viz.wargame.pages import frame

FOLDER = Path(frame.__file__).parents[1]
SOURCES = {path: path.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for path in sorted(FOLDER.rglob(kind))}
WHOLE = "\n".join(SOURCES.values())
KEYS = {
    f"{path.stem}.{key}"
    for path in sorted((FOLDER / "strings" / "en").glob("*.toml"))
    for key in tomllib.loads(path.read_text(encoding="utf-8"))
}
WRITTEN = re.compile(r"""(?<![-\w])(?:t|text)\(\s*["']([a-z_0-9]+\.[A-Za-z_0-9]+)["']\s*[,)]""")
# `text(f"us.brief_{kind}"` in Python, `t("frame.state_" ~ seat.state)` in a template.
BEGUN = re.compile(r"""f"([a-z_0-9]+\.[A-Za-z_0-9]*)\{|["']([a-z_0-9]+\.[A-Za-z_0-9]*_)["'] ~""")


def test_every_key_that_is_asked_for_exists():
    asked = {(key, path.name) for path, source in SOURCES.items() for key in WRITTEN.findall(source)}
    assert len(asked) > 100
    assert sorted(one for one in asked if one[0] not in KEYS) == []


def test_every_string_is_asked_for():
    begun = {one or other for one, other in BEGUN.findall(WHOLE)}
    idle = [key for key in KEYS if f'"{key}"' not in WHOLE and not any(key.startswith(start) for start in begun)]
    assert sorted(idle) == []


def test_an_unknown_key_names_the_nearest_and_a_place_needs_its_value():
    with pytest.raises(KeyError, match=r"door.cod.*did you mean 'door.code'"):
        frame.text("door.cod")
    with pytest.raises(KeyError, match="seconds"):
        frame.text("frame.seconds_left")
