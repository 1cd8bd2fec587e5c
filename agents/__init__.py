"""Who decides: levers, views and strategies. Nothing in this folder knows how the world answers.

A strategy needs three things from here: what an actor may see (`stackcraft.agents.view`), what it may pull
(`stackcraft.agents.levers`), and the base class (`stackcraft.agents.strategies.base`).
"""

from stackcraft.agents.declare import Declaration
from stackcraft.agents.errors import InputError, nearest

__all__ = ["Declaration", "InputError", "nearest"]
