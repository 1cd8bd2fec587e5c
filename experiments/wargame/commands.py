"""Commands: who may give them, what is checked, and the row that goes into the log.

`commands_people`, `commands_orders` and `commands_desk` hold them. A command's function reads the state, raises
`InputError` for what is not allowed, and returns the kind of its row, its body, and the answer. Codes, tokens and names
are drawn here, so that folding the log needs no luck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.experiments.wargame.contracts import plain_text
from stackcraft.experiments.wargame.state import Person, State

DROPPED_SECONDS = 25.0  # without a sign of life, a person is away


class Made(NamedTuple):
    """What a command gives: the row's kind and body, the answer, and what of the answer no log may hold."""

    kind: str
    body: dict[str, Any]
    answer: dict[str, Any] = {}
    secret: dict[str, Any] = {}


@dataclass(frozen=True)
class Asked:
    """A command as given. `silent` says for how many seconds a person gave no sign of life."""

    state: State
    actor: str | None
    body: dict[str, Any]
    silent: Callable[[str], float] = lambda person: 0.0

    def person(self) -> Person:
        """The person who asks. Raises `InputError` for anybody else."""
        person = self.state.people.get(self.actor or "")
        if person is None or not person.here:
            raise InputError("this is for people at the table; join first")
        return person

    def seat(self) -> str:
        """The seat that asks: a person's, a bot's, or the one that the facilitator names."""
        if self.actor == "facilitator" and self.body.get("seat"):
            return self.chair("seat")
        if self.actor and self.actor.startswith("bot:"):
            seat = self.actor.removeprefix("bot:")
            if seat in self.state.chairs and self.state.chairs[seat].bot:
                return seat
            raise InputError(f"no bot plays {seat}")
        seat = self.person().seat
        if seat is None:
            raise InputError("you have no seat yet; the facilitator gives you one")
        if self.state.chairs[seat].bot:
            raise InputError("a bot plays this seat; take it over first")
        return seat

    def chair(self, name: str) -> str:
        """The seat named in the body. Raises `InputError`."""
        seat = self.body.get(name)
        if seat not in self.state.chairs:
            raise unknown("seat", seat, self.state.chairs)
        return seat

    def with_pen(self) -> str:
        """The seat, if who asks holds its pen."""
        seat = self.seat()
        if self.actor in self.state.people and self.state.chairs[seat].pen != self.actor:
            raise InputError("only who holds the pen can do that; take the pen first")
        return seat

    def in_phase(self, *phases: str) -> None:
        """Raise `InputError` outside these phases."""
        if self.state.phase not in phases:
            raise InputError(f"not in this phase ({self.state.phase}); that goes in {' or '.join(phases)}")

    def text(self, name: str, most: int, needed: bool = False) -> str | None:
        """A text of the body. Raises `InputError`."""
        if self.body.get(name) in (None, "") and not needed:
            return None
        text = plain_text(self.body.get(name), most, name)
        if needed and not text:
            raise InputError(f"{name} is missing; write a few words")
        return text


# What each part of a body has to be; None stands for a part that is left out.
TEXTS = ("seat to into name code phrase why text reason card country stack lever state strategy job person").split()
WHOLE = ("contract", "until", "turn", "month", "seq")
COMMANDS: dict[str, tuple[tuple[str, ...], Callable[[Asked], Made]]] = {}
ANYBODY, PEOPLE, TABLE, FACILITATOR = "anybody", "person", "bot", "facilitator"


def command(name: str, *who: str) -> Callable[[Callable[[Asked], Made]], Callable[[Asked], Made]]:
    """Say which command a function checks, and for whom."""

    def register(function: Callable[[Asked], Made]) -> Callable[[Asked], Made]:
        COMMANDS[name] = (who, function)
        return function

    return register


def made(kind: str, asked: Asked) -> Made:
    """Return what a command gives. Raises `InputError`, one line, for what is not allowed."""
    if kind not in COMMANDS:
        raise unknown("command", kind, COMMANDS)
    _check_parts(asked.body)
    who, function = COMMANDS[kind]
    actor = asked.actor
    role = (
        ANYBODY if actor is None else TABLE if actor.startswith("bot:")
        else actor if actor in (FACILITATOR, "clock") else PEOPLE
    )  # fmt: skip
    if role not in who:
        raise InputError(f"{kind} is for {' or '.join('a person' if one == PEOPLE else one for one in who)}")
    return function(asked)


def _check_parts(body: dict[str, Any]) -> None:
    for names, kind, words in ((TEXTS, str, "a text"), (WHOLE, int, "a whole number")):
        for name in names:
            value = body.get(name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, kind)):
                raise InputError(f"{name} {shown(value)} is not {words}")
