"""When bots move: as the talk begins, as they sit down later, and when an offer comes. They send ordinary commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import bots, views
from stackcraft.experiments.wargame.commands import Made

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame


class BotMoves:
    """The bots of one game."""

    def __init__(self, game: Wargame) -> None:
        self.game = game
        self._bots: dict[tuple[str, str], bots.Bot] = {}

    def _bot(self, seat: str) -> bots.Bot:
        state = self.game.state
        strategy = state.chairs[seat].bot or "default"
        if (seat, strategy) not in self._bots:
            self._bots[(seat, strategy)] = bots.make(seat, strategy, state.config["seed"])
        return self._bots[(seat, strategy)]

    def follow(self, made: Made) -> None:
        """Do what bots do upon a command."""
        state = self.game.state
        if made.kind == "phase" and made.body["phase"] == "talk":
            for seat in state.seats:
                self._move(seat)
        elif made.kind == "bot" and state.phase in ("talk", "orders"):
            self._move(made.body["seat"])
        elif made.kind == "offered":
            self._answer(made.body["contract"]["id"])

    def resume(self) -> None:
        """End what the end of a process cut off: moves that were begun, and offers that wait for an answer."""
        state = self.game.state
        if state.phase not in ("talk", "orders"):
            return
        for number in list(state.contracts):
            self._answer(number)
        for seat in state.seats:
            self._move(seat, begun=True)

    def _move(self, seat: str, begun: bool = False) -> None:
        state, actor = self.game.state, f"bot:{seat}"
        chair = state.chairs[seat]
        if chair.bot is None or chair.locked:
            return
        move = self._bot(seat).move(self.game.view(seat))
        if chair.draft is None or not begun:
            draft = {name: move.get(name) for name in ("orders", "why", "forecast")}
            self._attempt("draft", actor, **{**draft, "orders": draft["orders"] or []})
        offered = {one.to for one in state.contracts.values() if (one.by, one.turn) == (seat, state.turn)}
        for offer in move.get("offers", ()) if state.phase == "talk" else ():
            if not begun or offer["to"] not in offered:
                self._attempt("offer", actor, **offer)
        self._attempt("lock", actor)

    def _answer(self, number: int) -> None:
        state = self.game.state
        contract = state.contracts[number]
        if state.chairs[contract.to].bot is None or contract.state != "offered":
            return
        actor, seen = f"bot:{contract.to}", views.contract_view(state, contract, contract.to)
        said = self._bot(contract.to).answer(self.game.view(contract.to), seen)
        answer = said.pop("answer", "decline")
        if self._attempt(answer, actor, contract=number, **said) is None and answer != "decline":
            self._attempt("decline", actor, contract=number)

    def _attempt(self, kind: str, actor: str, **body: Any) -> dict[str, Any] | None:
        """A bot's command; what the rules refuse it leaves be."""
        try:
            return self.game.apply(kind, actor, **body)
        except InputError:
            return None
