"""Strategies whose levers come from outside: a script written beforehand, or a seat that plays year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents import assignments
from agents.assignments import Assignment
from agents.declare import InputError, unknown
from agents.levers import LEVER_SETS
from agents.names import IMPORTERS, KINDS, a_kind, kind_of
from agents.strategies.base import Decision, Strategy, Traits
from agents.view import View


class Fixed(Strategy):
    """Follows a script: a value for each lever, or values by year, each holding from its January on.

    `Fixed("home_government", {"guarantee": 0.9, "coerce": {2025: 0.3, 2030: 0.0}})`. An empty script leaves
    everything to the preset or the default. Before its first year a scripted lever is left alone too.
    """

    name = "fixed"
    title = "Fixed script"
    story = "Follows a script and looks at nothing."

    def __init__(self, kind: str, script: Mapping[str, Any] | None = None) -> None:
        """Check the script. Raises `InputError` for an unknown lever or a value out of bounds."""
        if kind not in KINDS:
            raise unknown("kind of actor", kind, KINDS)
        self.kind = kind
        self.script: dict[str, dict[int | None, Any]] = {}
        for name, value in (script or {}).items():
            lever = LEVER_SETS[kind][name]
            dated = dict(value) if isinstance(value, Mapping) else {None: value}
            for year, one in dated.items():
                lever.check(one, name if year is None else f"{name} in {year}")
            self.script[name] = dated
        dated_at_all = any(None not in dated or len(dated) > 1 for dated in self.script.values())
        self.traits = Traits(constant=not dated_at_all)

    def decide(self, view: View) -> Decision:
        """For each lever the latest value whose year has come."""
        decision = {}
        for name, dated in self.script.items():
            due = [year for year in dated if year is None or year <= view.year]
            if due:
                decision[name] = dated[max(due, key=lambda year: -1 if year is None else year)]
        return decision


class SeatStrategy(Strategy):
    """A player's seat: orders for its actors come from outside, year by year, and are laid on last of all.

    Orders are sealed: nobody reads a year's orders before that January is played, and after it they cannot be
    changed. An order holds until another replaces it. Where the seat has given no order, `fallback`, another
    strategy, decides; so an empty seat plays on.
    """

    name = "seat"
    title = "A player's seat"
    story = "Somebody at the table decides."

    def __init__(self, actors: Sequence[str], fallback: Strategy | None = None, importers: Sequence[str] = IMPORTERS) -> None:
        """A seat for some actors of one kind."""
        kinds = {kind_of(actor, importers) for actor in actors}
        if len(kinds) != 1:
            raise InputError(f"a seat plays actors of one kind; {', '.join(actors) or 'none'} are {len(kinds)} kinds")
        self.kind = kinds.pop()
        self.actors = tuple(actors)
        self.importers = tuple(importers)
        self.fallback = fallback
        if fallback is not None and fallback.kind != self.kind:
            raise InputError(f"fallback {fallback.name} is for {a_kind(fallback.kind)}, not for {a_kind(self.kind)}")
        under = fallback.traits if fallback else Traits()
        self.traits = Traits(
            seat=True,
            adaptive=True,
            needs_look_ahead=under.needs_look_ahead,
            randomised=under.randomised,
            reads=under.reads,
        )
        self._moves: dict[int, tuple[bool, tuple[str, ...], tuple[Assignment, ...]]] = {}
        self._played: int | None = None

    def submit(self, year: int, orders: Iterable[str], keep: bool = True) -> None:
        """Seal the seat's orders for one January, in place of any it had sealed for it.

        `orders` are assignments such as `us_exim.rate_pct=3`, without a year. With `keep` earlier orders stay in
        force where these say nothing; without it they are dropped. Raises `InputError` for bad orders, another
        seat's actor, or a January that has been played.
        """
        if self._played is not None and year <= self._played:
            raise InputError(f"orders for {year} come too late: that January has been played; give them for {self._played + 1}")
        given = assignments.parse_all(orders, self.importers)
        for move in given:
            strangers = [actor for actor in move.actors if actor not in self.actors]
            if strangers:
                raise InputError(f"{move.text}: {strangers[0]} is not this seat's; it plays {', '.join(self.actors)}")
            if move.year is not None:
                raise InputError(f"{move.text}: orders take no year; they are for {year}")
        # One order an actor, so that a later order to one of a group replaces that one alone.
        moves = tuple(replace(move, actors=(actor,)) for move in given for actor in move.actors)
        before = self._in_force(year - 1) if keep else ()
        assignments.check([_latest(before, moves)], self.importers)
        self._moves[year] = (keep, tuple(move.text for move in given), moves)

    def orders(self, year: int) -> tuple[Assignment, ...]:
        """The orders in force in `year`. Asking plays that January: its orders can no longer be changed."""
        self._played = year if self._played is None else max(year, self._played)
        return self._in_force(year)

    def revealed(self, year: int) -> dict[int, tuple[str, ...]]:
        """The orders of all Januaries before `year`, as given; what others may see."""
        return {when: texts for when, (_, texts, _) in sorted(self._moves.items()) if when < year}

    def rewind(self, year: int) -> None:
        """Go back to the January of `year`, not yet played; later orders are dropped. For a facilitator."""
        self._moves = {when: move for when, move in self._moves.items() if when < year}
        self._played = None if self._played is None else min(self._played, year - 1)

    def decide(self, view: View) -> Decision:
        """What the fallback decides; the seat's own orders are laid on afterwards."""
        return self.fallback.decide(view) if self.fallback else {}

    def _in_force(self, year: int) -> tuple[Assignment, ...]:
        held: tuple[Assignment, ...] = ()
        for when, (keep, _, moves) in sorted(self._moves.items()):
            if when <= year:
                held = _latest(held, moves) if keep else moves
        return held


def _latest(held: Iterable[Assignment], moves: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """Earlier orders that the new ones do not replace, then the new ones.

    Shares that sum to 1 are ordered together: naming one of a set replaces every earlier order for that set.
    """

    def subject(one: Assignment) -> tuple[str, str, str]:
        simplex = LEVER_SETS[one.kind][one.lever].simplex
        return (one.actors[0], simplex or one.lever, "" if simplex else one.part or "")

    new = {subject(one) for one in moves}
    kept = [one for one in held if subject(one) not in new]
    return (*kept, *moves)
