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
MOST_LISTED = 16  # so many names are listed where none is near
LONGEST_SHOWN = 80  # characters of a value in a message


def likeness(name: str, option: str) -> float:
    """Return how alike two names are, 0 to 1. Letter case and hyphens against underscores do not count."""
    first, second = (text.lower().replace("-", "_") for text in (str(name), option))
    return difflib.SequenceMatcher(None, first, second).ratio()


def nearest(name: str, options: Iterable[str]) -> str:
    """Return the option most like `name`, by `likeness`; raises `ValueError` if there are no options."""
    options = list(options)
    if not options:
        raise ValueError("no options to choose from")
    return max(options, key=lambda option: likeness(name, option))


def near_name(name: object, options: Iterable[str]) -> str:
    """Return the option most like `name`, or an empty text where none is like it."""
    options, name = list(options), str(name)
    best = nearest(name, options) if options and name else ""
    return best if best and (likeness(name, best) >= NEAR or name.lower() in best.lower()) else ""


def hint(name: object, options: Iterable[str]) -> str:
    """Return "; did you mean X?" with the option most like `name`, or an empty text where none is like it."""
    near = near_name(name, options)
    return f"; did you mean {near}?" if near else ""


def choices(name: object, options: Iterable[str]) -> str:
    """Return a hint at the option most like `name`; where none is like it, all of them if they are few."""
    options = list(options)
    return hint(name, options) or (f"; use one of {', '.join(options)}" if 0 < len(options) <= MOST_LISTED else "")


def unknown(what: str, name: object, options: Iterable[str], where: str = "") -> InputError:
    """Return the error for a name that does not exist: one line, with the nearest name that does or what there is."""
    place = f" in {where}" if where else ""
    return InputError(f"{what} {shown(name)}{place} is unknown{choices(name, options)}")


def shown(value: object) -> str:
    """Return a value as a message shows it, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
