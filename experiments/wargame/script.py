"""How a script plays: orders, seats and what a turn came to, as plain objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame


@dataclass(frozen=True)
class Order:
    """An order: its number, its value (None ends an exception), and the country, vendor or layer it names."""

    order: str
    value: Any = None
    where: str | None = None
    part: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the order as plain values."""
        return {"order": self.order, "value": self.value, "where": self.where, "part": self.part}


@dataclass(frozen=True)
class TurnResult:
    """What a turn came to: the public lines of news, the headline board, the digest of all that was recorded."""

    turn: int
    news: list[dict[str, Any]]
    board: list[dict[str, Any]]
    digest: str


@dataclass(frozen=True)
class Seat:
    """A seat as a script plays it, without people: `submit`, `lock`, `view`."""

    game: Wargame
    name: str

    def submit(self, orders: Sequence[Order], why: str | None = None, forecast: float | None = None) -> dict[str, Any]:
        """Replace the seat's draft; return its cost, `problems` and `warnings`. Raises `InputError`."""
        given = [one.as_dict() if isinstance(one, Order) else dict(one) for one in orders]
        self.game.begin_turn()
        return self.game.apply("draft", "facilitator", seat=self.name, orders=given, why=why, forecast=forecast)

    def lock(self) -> None:
        """Seal the draft; the game goes on to the talk of the turn if it has not. Raises `InputError`."""
        self.game.begin_turn("talk")
        self.game.apply("lock", "facilitator", seat=self.name)

    def view(self) -> dict[str, Any]:
        """What a member of the seat sees."""
        return self.game.view(self.name)
