"""Levers that had another name once: the old name is still taken from files, commands and addresses, with a note."""

from __future__ import annotations

import re
import warnings

RENAMED = {"guarantee": "supply_bond"}  # old name -> name


class RenamedLever(FutureWarning):
    """A lever was given by a name that it had once."""


def with_new_name(assignment: str) -> str:
    """Return the text of an assignment with the lever's name of today; warns where it had another."""
    found = re.match(r"(\s*[^.=]+\.)(\w+)", assignment)
    if not found or found[2] not in RENAMED:
        return assignment
    actor, new = found[1].strip(), RENAMED[found[2]]
    warnings.warn(f"{actor}{found[2]} is now called {actor}{new}; the old name still works", RenamedLever, stacklevel=3)
    return f"{found[1]}{new}{assignment[found.end() :]}"
