"""Countries by their codes and other names: one table, read by everybody. It takes no view on names."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from stackcraft.agents.errors import InputError, near_name

TABLE = Path(__file__).with_name("country_names.csv")
HOME_CODES = {"USA": "us_government", "CHN": "cn_government"}
SIGNS = str.maketrans({**dict.fromkeys("’‘ʼ´`", "'"), **dict.fromkeys("-‐‑–", " "), ".": None})  # noqa: RUF001


@cache
def _table() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    with TABLE.open(newline="", encoding="utf-8") as stream:
        return {
            row["iso3"]: (row["iso2"], row["name"], tuple(name for name in row["other_names"].split("; ") if name))
            for row in csv.DictReader(stream)
        }


def two_letters(code: str) -> str:
    """Return the ISO alpha-2 code of a country, or an empty text for a made-up one."""
    return _table().get(code, ("", "", ()))[0]


def usual_name(code: str) -> str:
    """Return the name of a country as the facts write it, or an empty text for a made-up one."""
    return _table().get(code, ("", "", ()))[1]


def other_names(code: str) -> tuple[str, ...]:
    """Return names in common use beside the one in the facts."""
    return _table().get(code, ("", "", ()))[2]


def folded(words: str) -> str:
    """Return words as names are compared: without case, accents, hyphens, dots and extra blanks."""
    plain = unicodedata.normalize("NFKD", str(words).translate(SIGNS))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().split())


def meant(words: str, codes: Iterable[str], titles: Mapping[str, str] | None = None) -> list[str]:
    """Return the codes, among `codes`, of the countries that are called so; `titles` are further names by code."""
    sought, titles = _spellings(words), titles or {}
    found = []
    for code in dict.fromkeys(codes):
        names = (code, two_letters(code), usual_name(code), titles.get(code, ""), *other_names(code))
        if sought & set(map(folded, names)):
            found.append(code)
    return found


def _spellings(words: str) -> set[str]:
    """Return a name as it is compared, and in the usual order of words if it is one such as "Korea, Republic of"."""
    front, comma, back = str(words).partition(",")
    return {folded(words), folded(f"{back} {front}") if comma else ""} - {""}


def code_of(words: str, codes: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
    """Return the code of the country that is called so, by code or name.

    Raises `InputError` that names the nearest, or all of those that it may mean.
    """
    codes, titles = list(codes), dict(titles or {})
    found = meant(words, [*codes, *HOME_CODES], titles)
    if len(found) == 1 and found[0] in HOME_CODES and found[0] not in codes:
        government = HOME_CODES[found[0]]
        raise InputError(f"country {words!r} is a home country, not an importer; its levers are those of {government}")
    if len(found) == 1:
        return found[0]
    if found:
        listed = " or ".join(f"{titles[code]} ({code})" if code in titles else code for code in found)
        raise InputError(f"country {words!r} may be {listed}; give the code of three letters")
    raise InputError(f"country {words!r} is unknown{_near(str(words), codes, titles)}")


def _near(words: str, codes: list[str], titles: Mapping[str, str]) -> str:
    names = {code: code for code in codes}
    if len(words.strip()) > 3:  # a short name is meant as a code
        names |= {name: code for code in codes for name in (*filter(None, [titles.get(code)]), *other_names(code))}
    name = near_name(words.strip(), names)
    if not name:
        example = "KEN" if "KEN" in codes else next(iter(codes), "KEN")  # a made-up world has its own
        return f"; give a code of three letters, such as {example}, or the name"
    code = names[name]
    title = titles.get(code, name)
    return f"; did you mean {code if title == code else f'{title} ({code})'}?"
