"""What had another name once: the old name is still taken from files, commands and addresses, with a note."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping

# Old names, each with the name of today.
LEVERS = {"guarantee": "supply_bond"}
PARAMETERS = {
    "guarantee_comfort": "supply_bond_comfort",
    "guarantee_price": "supply_bond_price",
    "guarantee_hazard": "supply_bond_hazard",
    "guarantee_compensation": "supply_bond_compensation",
}
MEASURES = {"broken_guarantees": "broken_supply_bonds"}


class OldName(FutureWarning):
    """Something was given by a name that it had once."""


def name_of_today(text: str, renamed: Mapping[str, str]) -> str:
    """Return `text` with the first name in it as it is today, by one of the tables above; warns where it is an old one.

    What follows the name, such as a part or a place in brackets, stays as it is.
    """
    return _with_new_name(text, r"(\s*)(\w+)", renamed)


def assignment_of_today(assignment: str) -> str:
    """Return the text of an assignment with the lever's name of today; warns where it had another."""
    return _with_new_name(assignment, r"(\s*[^.=]+\.)(\w+)", LEVERS)


def _with_new_name(text: str, form: str, renamed: Mapping[str, str]) -> str:
    found = re.match(form, text)
    if not found or found[2] not in renamed:
        return text
    before, old, new = found[1].strip(), found[2], renamed[found[2]]
    warnings.warn(f"{before}{old} is now called {before}{new}; the old name still works", OldName, stacklevel=4)
    return f"{found[1]}{new}{text[found.end() :]}"
