"""What a set of screens says, by key: a folder a language, a file a page, ready for translation.

`Catalogue(folder).text("lobby.title", code="K7M2QX")` reads `title` in `<folder>/<language>/lobby.toml`. What a
language lacks is said in English.
"""

from __future__ import annotations

import os
import tomllib
from functools import cached_property
from pathlib import Path

from stackcraft.agents.errors import nearest

FIRST = "en"
LANGUAGE_SETTING = "STACKCRAFT_LANGUAGE"


class Catalogue:
    """The strings below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def language(self) -> str:
        """The language of this server: a folder of the catalogue, English where there is none of that name."""
        wanted = os.environ.get(LANGUAGE_SETTING, FIRST)
        return wanted if wanted in self.pages else FIRST

    @cached_property
    def pages(self) -> dict[str, dict[str, dict[str, str]]]:
        """All strings: language, page, key."""
        return {
            tongue.name: {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in tongue.glob("*.toml")}
            for tongue in self.folder.iterdir()
            if tongue.is_dir()
        }

    def find(self, key: str) -> str | None:
        """Return the string of that key as it stands in the catalogue; None where there is none."""
        page, _, rest = key.partition(".")
        for tongue in (self.language, FIRST):
            if found := self.pages.get(tongue, {}).get(page, {}).get(rest):
                return found
        return None

    def text(self, key: str, **values: object) -> str:
        """Return the string of that key, filled in. Raises `KeyError` for an unknown key or a place without a value."""
        found = self.find(key)
        if found is None:
            page = key.partition(".")[0]
            known = [f"{page}.{one}" for one in self.pages[FIRST].get(page, {})]
            advice = f"; did you mean {nearest(key, known)!r}?" if known else ""
            raise KeyError(f"no string {key!r} in the catalogue{advice}")
        return found.format(**values)
