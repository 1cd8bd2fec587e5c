"""Who decides: levers, views and strategies. Nothing in this folder knows how the world answers.

A strategy needs three things from here: what an actor may see (`stackcraft.agents.view`), the levers that it may set
(`stackcraft.agents.levers`), and the base class (`stackcraft.agents.strategies.Strategy`).
"""

from typing import TYPE_CHECKING

from stackcraft.agents.faces import lazily

if TYPE_CHECKING:
    from stackcraft.agents.assignments import Assignment
    from stackcraft.agents.cast import Cast
    from stackcraft.agents.declare import Declaration
    from stackcraft.agents.errors import InputError
    from stackcraft.agents.levers import LEVER_SETS
    from stackcraft.agents.strategies import Strategy, Traits

__all__ = ["LEVER_SETS", "Assignment", "Cast", "Declaration", "InputError", "Strategy", "Traits"]
__getattr__, __dir__ = lazily(
    __name__,
    {
        "LEVER_SETS": "stackcraft.agents.levers",
        "Assignment": "stackcraft.agents.assignments",
        "Cast": "stackcraft.agents.cast",
        "Declaration": "stackcraft.agents.declare",
        "InputError": "stackcraft.agents.errors",
        **dict.fromkeys(("Strategy", "Traits"), "stackcraft.agents.strategies.base"),
    },
)
