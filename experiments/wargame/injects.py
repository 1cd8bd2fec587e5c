"""Cards in a game: news from outside, armed by the calendar or by the facilitator's hand. The deck is `content`'s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import IMPORTERS, SIDES
from stackcraft.experiments.wargame.content import inject_of
from stackcraft.experiments.wargame.state import State

FIRST_MONTH = 2  # of a card played by hand without a month


def armed(state: State, card: str, turn: int, **named: Any) -> dict[str, Any]:
    """Return a card as a game keeps it: {card, turn, text, events}.

    `named`: country, stack, month (1-12, of the turn's first year). Raises `InputError` for what is missing or unknown.
    """
    found, month = inject_of(card), named.get("month") or FIRST_MONTH
    who = {"country": named.get("country") or found.country, "stack": named.get("stack") or found.stack}
    for name, known in (("country", IMPORTERS), ("stack", SIDES)):
        if who[name] is not None and who[name] not in known:
            raise unknown(name, who[name], known)
    if isinstance(month, bool) or month not in range(1, 13):
        raise InputError(f"month {month!r}; give 1 to 12")
    year, demand = state.year_of(turn), state.world()["demand"]
    events = found.dated(year, state.years_a_turn, month=month, demand=demand, **who)
    return {"card": card, "turn": turn, "text": found.text(**who), "events": events}


def dealt(state: State, cards: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a ready game's own cards, armed; those of turns that are not played are left out."""
    return [armed(state, **one) for one in cards if one["turn"] <= state.turns]
