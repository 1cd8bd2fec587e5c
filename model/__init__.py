"""How the world answers: `from stackcraft.model import Scenario, Simulation`. Heavy parts load when they are first
asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackcraft.model.scenario import Scenario
    from stackcraft.model.simulation import Simulation
    from stackcraft.model.user_measures import UserMeasure

__all__ = ["Scenario", "Simulation", "UserMeasure"]
_HOMES = {
    "Scenario": "stackcraft.model.scenario",
    "Simulation": "stackcraft.model.simulation",
    "UserMeasure": "stackcraft.model.user_measures",
}


def __getattr__(name: str):
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'model' has no attribute {name!r}")
