"""The base of every strategy: a name, declared traits, and `decide(view) -> levers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from stackcraft.agents.names import a_kind
from stackcraft.agents.view import View

if TYPE_CHECKING:
    from stackcraft.agents.assignments import Assignment

Decision = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a strategy declares about itself; the engine and the tests hold it to them.

    `constant`: the same decision every year, so it is taken once. `adaptive`: reacts to what it sees.
    `needs_look_ahead`: asks `view.look_ahead`. `randomised`: draws from `view.luck`. `seat`: levers come from outside
    and are laid on last. `reads`: the optional fields of the view that it looks at.
    """

    constant: bool = False
    adaptive: bool = False
    needs_look_ahead: bool = False
    randomised: bool = False
    seat: bool = False
    reads: frozenset[str] = frozenset()


class Strategy:
    """A named rule for one kind of actor. Subclass it, set the class attributes, write `decide`.

    A strategy decides for all runs and all actors of its kind at once; the engine writes the answer only where the
    strategy is held. It is deterministic given the view, holds no state of its own, and leaves the view as it was.
    """

    name: ClassVar[str]
    kind: ClassVar[str]
    title: ClassVar[str]
    story: ClassVar[str]  # one sentence
    traits: ClassVar[Traits] = Traits()

    def decide(self, view: View) -> Decision:
        """Return the levers it sets; what it leaves out keeps its value from the side preset or its default.

        Each value broadcasts to (runs, actors), or (runs, actors, parts) for a lever with parts.
        """
        raise NotImplementedError(f"{type(self).__name__} does not decide anything")

    def preview(self, view: View) -> Decision:
        """Return the levers it sets whatever it sees; a strategy that answers what it sees has none before it sees."""
        return self.decide(view) if self.traits.constant else {}

    def orders(self, year: int, table: object = None) -> tuple[Assignment, ...]:
        """Return assignments laid on after everything else, at one table (the cast that asks); only seats have any."""
        return ()

    def __repr__(self) -> str:
        return f"<strategy {self.name} of {a_kind(self.kind)}>"


class Table(Strategy):
    """A strategy that always sets the same values."""

    traits = Traits(constant=True)
    table: ClassVar[Decision]

    def decide(self, view: View) -> Decision:
        """Return the table; the view is ignored."""
        return self.table
