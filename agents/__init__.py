"""Who decides: levers, views and strategies. Nothing in this folder knows how the world answers.

A strategy needs three things from here: what an actor may see (`agents.view`), what it may pull
(`agents.levers`), and the base class (`agents.strategies.base`).
"""

from agents.declare import Declaration, InputError, nearest

__all__ = ["Declaration", "InputError", "nearest"]
