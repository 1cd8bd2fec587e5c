"""The scenario that checks begin from."""

from __future__ import annotations

from typing import Any

from stackcraft.model import Scenario
from stackcraft.model.worlds import DEFAULT


def status_quo(**changes: Any) -> Scenario:
    """Return the status quo with some changes and the declared parameters in every run: answers are known for those."""
    return Scenario.load("baseline").with_changes(**{"worlds": DEFAULT, **changes})
