"""The actors as Mesa agents: each is a view of the cast's arrays, and holds a strategy for every run.

One Mesa agent stands for one actor in all runs of a batch, so its properties are arrays over runs. The deciding is
done for all agents of a kind at once, in `stackcraft.agents.cast`: Mesa keeps the register, arrays do the work.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.mesa_parts import Agent, Model
from stackcraft.agents.names import KINDS, actors_of, stack_of
from stackcraft.agents.strategies.base import Strategy


class Actor(Agent):
    """What all four kinds share. The model must be a Mesa model that was made with `rng=`."""

    kind: ClassVar[str]

    def __init__(self, model: Model, cast: Cast, name: str) -> None:
        super().__init__(model)
        self.cast = cast
        self.name = name
        self.position = cast.kinds[self.kind].actors.index(name)

    @property
    def stack(self) -> str:
        """The stack it belongs to: "US", "CN" or "independent"."""
        return stack_of(self.name)

    @property
    def levers(self) -> np.ndarray:
        """Its levers this year, structured, shape (runs,)."""
        return self.cast.levers(self.kind)[:, self.position]

    @property
    def strategies(self) -> tuple[str, ...]:
        """The name of the strategy it holds, for each run."""
        part = self.cast.kinds[self.kind]
        return tuple(part.strategies[held].name for held in part.holding[:, self.position])

    def set_strategy(self, strategy: str | type[Strategy] | Strategy, runs: Any = slice(None)) -> None:
        """Hold another strategy in some runs, from the next January on."""
        self.cast.set_strategy(self.name, strategy, runs)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class HomeGovernment(Actor):
    """The government behind a stack."""

    kind = "home_government"


class Financier(Actor):
    """A lender, guarantor or investor."""

    kind = "financier"


class Vendor(Actor):
    """A firm that sells on one stack, or on several."""

    kind = "vendor"


class Importer(Actor):
    """An importing government; its name is its ISO code."""

    kind = "importer"


KIND_CLASSES: dict[str, type[Actor]] = dict(zip(KINDS, (HomeGovernment, Financier, Vendor, Importer), strict=True))


def populate(model: Model, cast: Cast) -> tuple[Actor, ...]:
    """Make one agent for every actor of the cast, registered with the model, in array order within each kind."""
    return tuple(KIND_CLASSES[kind](model, cast, name) for kind in KINDS for name in actors_of(kind, cast.importers))
