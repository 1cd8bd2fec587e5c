"""The languages that screens speak, and which of them is spoken now.

`current()` is asked by everything that says something. Who answers a request or makes a file says `with using("fr"):`;
a set of screens that has visitors says once, by `ask_sessions`, how to learn the language of the present one. Otherwise
it is the language of the setting STACKCRAFT_LANGUAGE, or English.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

FIRST = "en"
KEY = "lang"  # of an address
LANGUAGE_SETTING = "STACKCRAFT_LANGUAGE"
LONGEST_HEADER = 500  # characters of a browser's list of languages that are read


@dataclass(frozen=True)
class Language:
    """A language: its code, its own name for itself, its direction, and which native reader has read all of it."""

    code: str
    name: str
    direction: str
    read_by: str = ""


LANGUAGES = {
    code: Language(code, **told)
    for code, told in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}

# The language spoken, and the one that would be spoken if no address asked for one.
Spoken = tuple[str, str]
NOBODY: Spoken = ("", "")
_chosen: ContextVar[Spoken] = ContextVar("language", default=NOBODY)
_session: list[Callable[[], Spoken]] = []
Result = TypeVar("Result")


def current() -> str:
    """Return the code of the language that is spoken now."""
    return _spoken()[0]


def in_address() -> str:
    """Return the language that an address has to name for it to be spoken there; "" where it is spoken anyway."""
    spoken, unasked = _spoken()
    return "" if spoken == unasked else spoken


def _spoken() -> Spoken:
    chosen = _chosen.get()
    if chosen[0]:
        return chosen
    for ask in _session:
        told = ask()
        if told[0]:
            return told
    usual = setting()
    return usual, usual


def setting() -> str:
    """Return the language that is spoken where nobody asks for one."""
    return known(os.environ.get(LANGUAGE_SETTING, FIRST)) or FIRST


@cache
def offered() -> tuple[Language, ...]:
    """Return the languages that can be chosen: all of them, or English alone where Babel is not installed."""
    return tuple(one for one in LANGUAGES.values() if one.code == FIRST or find_spec("babel"))


def known(code: str) -> str:
    """Return the code, or "" where it is none of a language that can be chosen."""
    return code if any(one.code == code for one in offered()) else ""


@contextmanager
def using(code: str, unasked: str = "") -> Iterator[None]:
    """Speak the language for as long as the block runs, in this thread and in what it awaits.

    `unasked` is the one that would be spoken if no address asked for one. With `code` "" nothing changes.
    """
    token = _chosen.set((code, unasked or setting()) if code else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)


def ask_sessions(ask: Callable[[], Spoken]) -> None:
    """Have `current()` ask for the language of the present visitor; `ask` returns `NOBODY` where there is none."""
    if ask not in _session:
        _session.append(ask)


def of_request(query: str, header: str, spoken: Callable[[str], bool] = lambda code: True) -> Spoken:
    """Return the language for an address and a browser's Accept-Language; browsers choose among those `spoken`."""
    unasked = of_browser(header, spoken) or setting()
    return of_query(query) or unasked, unasked


def of_query(query: str) -> str:
    """Return the language that an address asks for; "" where it asks for none that there is."""
    try:
        return known(parse_qs(query, max_num_fields=1000).get(KEY, [""])[0])
    except ValueError:
        return ""


def attributes() -> str:
    """Return the attributes of a page's first element in the language spoken now."""
    spoken = LANGUAGES[current()]
    return f'lang="{spoken.code}" dir="{spoken.direction}"'


def address_in_language(path: str) -> str:
    """Return an address of this dashboard without a state, in the language spoken now."""
    language = in_address()
    return f"{path}{'&' if '?' in path else '?'}{KEY}={language}" if language else path


def of_browser(header: str, spoken: Callable[[str], bool] = lambda code: True) -> str:
    """Return the language that a browser's Accept-Language wants most, of those `spoken`; "" where it names none."""
    wanted = []
    for place, part in enumerate(header[:LONGEST_HEADER].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        code = known(tag.strip().partition("-")[0].lower())
        if code and weight > 0 and spoken(code):
            wanted.append((-weight, place, code))
    return min(wanted)[2] if wanted else ""


def in_each_language(most: int | None = None) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Keep the `most` latest results of a function whose words depend on the language; all of them with None."""

    def keeping(make: Callable[..., Result]) -> Callable[..., Result]:
        @lru_cache(maxsize=most)
        def kept(_language: str, *given: Any, **named: Any) -> Result:
            return make(*given, **named)

        @wraps(make)
        def called(*given: Any, **named: Any) -> Result:
            return kept(current(), *given, **named)

        called.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
        return called

    return keeping
