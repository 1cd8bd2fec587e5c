"""The error for bad input, and hints at what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input. The message is one line: what, where, what would be right, the nearest name.

    The command line prints it without a traceback and leaves with exit code 2.
    """


class ShapeError(InputError):
    """An array of the wrong shape from somebody's function: its mistake, whatever runs it was called for."""


NEAR = 0.55  # a name less alike than this puzzles more than it helps


def likeness(name: str, option: str) -> float:
    """Return how alike two names are, 0 to 1. Letter case and hyphens against underscores do not count."""
    first, second = (text.lower().replace("-", "_") for text in (str(name), option))
    return difflib.SequenceMatcher(None, first, second).ratio()


def nearest(name: str, options: Iterable[str]) -> str:
    """Return the option most like `name`. Letter case and hyphens against underscores do not count.

    Raises `ValueError` if there are no options.
    """
    options = list(options)
    if not options:
        raise ValueError("no options to choose from")
    return max(options, key=lambda option: likeness(name, option))


def hint(name: str, options: Iterable[str]) -> str:
    """Return "; did you mean X?" with the option most like `name`, or an empty text where none is like it."""
    options = list(options)
    best = nearest(name, options) if options else ""
    near = bool(options) and (likeness(name, best) >= NEAR or str(name).lower() in best.lower())
    return f"; did you mean {best}?" if near and name else ""


def unknown(what: str, name: str, options: Iterable[str], where: str = "") -> InputError:
    """Return the error for a name that does not exist: one line, with the nearest name that does, if one is near."""
    place = f" in {where}" if where else ""
    return InputError(f"{what} {name!r}{place} is unknown{hint(name, options)}")
