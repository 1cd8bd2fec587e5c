"""Finding a country by name, code or another name in common use."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ALIASES = Path(__file__).with_name("aliases.csv")


@cache
def aliases() -> dict[str, tuple[str, ...]]:
    """Other names in use by ISO code; a help to searching that takes no view on names."""
    found: dict[str, list[str]] = {}
    with ALIASES.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["code"], []).append(row["alias"])
    return {code: tuple(names) for code, names in found.items()}


def search_index(inputs: Any) -> list[dict[str, Any]]:
    """Every importer with `code`, `name` and `aliases`, in order of name."""
    known = aliases()
    rows = [
        {"code": str(code), "name": str(name), "aliases": list(known.get(str(code), ()))}
        for code, name in zip(inputs.iso3, inputs.name, strict=True)
    ]
    return sorted(rows, key=lambda row: folded(row["name"]))


def folded(words: str) -> str:
    """Lower case without accents: how names are compared."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().strip()


def find_country(words: str, index: Sequence[dict[str, Any]]) -> str:
    """The code that a name, code or alias stands for: whole names first, then the only one that begins so or holds it;
    "" else.
    """
    sought = folded(words)
    if not sought:
        return ""
    named = [(row["code"], [folded(name) for name in (row["code"], row["name"], *row["aliases"])]) for row in index]
    for fits in (lambda name: name == sought, lambda name: name.startswith(sought), lambda name: sought in name):
        found = [code for code, names in named if any(map(fits, names))]
        if len(found) == 1:
            return found[0]
    return ""
