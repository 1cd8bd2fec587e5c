"""Strategies whose levers come from outside: a script written beforehand, or a seat that plays year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any
from weakref import WeakKeyDictionary

from stackcraft.agents import assignments
from stackcraft.agents.assignments import Assignment
from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import IMPORTERS, KINDS, a_kind, kind_of
from stackcraft.agents.strategies.base import Decision, Strategy, Traits
from stackcraft.agents.view import View


class Fixed(Strategy):
    """Follows a script: a value for each lever, or values by year, each holding from its January on.

    `Fixed("home_government", {"supply_bond": 0.9, "coerce": {2025: 0.3, 2030: 0.0}})`. An empty script leaves
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
        """Return for each lever the latest value whose year has come."""
        decision = {}
        for name, dated in self.script.items():
            due = [year for year in dated if year is None or year <= view.year]
            if due:
                decision[name] = dated[max(due, key=lambda year: -1 if year is None else year)]
        return decision

    preview = decide  # a script looks at nothing but the year


@dataclass(frozen=True)
class Move:
    """What a seat ordered for one January: whether earlier orders stay in force, the orders as given, and read."""

    keep: bool
    texts: tuple[str, ...]
    orders: tuple[Assignment, ...]


@dataclass
class Played:
    """What one table has played of a seat: its last January, and the moves up to then, which are final there."""

    last: int | None = None
    moves: dict[int, Move] = field(default_factory=dict)


class SeatStrategy(Strategy):
    """A player's seat: orders for its actors come from outside, year by year, and are laid on last of all.

    Orders are sealed: nobody reads a year's orders before that January is played, and after it they cannot be
    changed. An order holds until another replaces it. Where the seat has given no order, `fallback`, another
    strategy, decides; so an empty seat plays on.

    A seat may sit at several tables at once (the casts of a simulation and of its branches). Which Januaries have been
    played is each table's own: an order comes too late only when every table has played its January.
    """

    name = "seat"
    title = "A player's seat"
    story = "Somebody at the table decides."

    def __init__(
        self, actors: Sequence[str], fallback: Strategy | None = None, importers: Sequence[str] = IMPORTERS
    ) -> None:
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
        self._moves: dict[int, Move] = {}
        self._tables: WeakKeyDictionary[Any, Played] = WeakKeyDictionary()

    def submit(self, year: int, orders: Iterable[str], keep: bool = True) -> None:
        """Seal the seat's orders for one January, in place of any it had sealed for it.

        `orders` are assignments such as `us_exim.rate_pct=3`, without a year. With `keep` earlier orders stay in
        force where these say nothing; without it they are dropped. Raises `InputError` for bad orders, another
        seat's actor, or a January that has been played.
        """
        if isinstance(year, bool) or not isinstance(year, Integral):
            raise InputError(f"orders for {year!r}; give them for a year, such as 2026")
        year, behind = int(year), [one.last for one in self._tables.values()]
        if behind and None not in behind and year <= min(behind):
            raise InputError(
                f"orders for {year} come too late: that January has been played; give them for {min(behind) + 1}"
            )
        move = self._move(keep, (orders,) if isinstance(orders, str) else tuple(orders))
        for given in move.orders:
            if given.actors[0] not in self.actors:
                raise InputError(
                    f"{given.text}: {given.actors[0]} is not this seat's; it plays {', '.join(self.actors)}"
                )
            if given.year is not None:
                raise InputError(f"{given.text}: orders take no year; they are for {year}")
        before = _in_force(self._moves, year - 1) if keep else ()
        assignments.check([_latest(before, move.orders)], self.importers)
        self._moves[year] = move

    def _move(self, keep: bool, texts: tuple[str, ...]) -> Move:
        given = assignments.parse_all(texts, self.importers)
        # One order an actor, so that a later order to one of a group replaces that one alone.
        single = tuple(order.for_actors((actor,)) for order in given for actor in order.actors)
        return Move(bool(keep), tuple(one.text for one in given), single)

    def orders(self, year: int, table: object = None) -> tuple[Assignment, ...]:
        """The orders in force in `year`, at a table if one is given: what it has played stays as it was played."""
        return _in_force(self._moves_at(table), year)

    def _moves_at(self, table: object) -> dict[int, Move]:
        played = Played() if table is None else self._tables.get(table, Played())
        to_come = {when: move for when, move in self._moves.items() if played.last is None or when > played.last}
        return {**to_come, **played.moves}

    def join(self, table: object) -> None:
        """Sit down at a table, at which no January has been played."""
        self._tables.setdefault(table, Played())

    def close(self, year: int, table: object) -> None:
        """The January of `year` is played at the table: its orders can no longer be changed there."""
        moves = {when: move for when, move in self._moves_at(table).items() if when <= year}
        self._tables[table] = Played(year, moves)

    def minutes(self, table: object) -> dict[str, Any]:
        """What was played at a table and what is sealed for it, as plain values for a snapshot."""
        moves = self._moves_at(table)
        return {
            "actors": list(self.actors),
            "last": self._tables[table].last,
            "moves": [[when, moves[when].keep, list(moves[when].texts)] for when in sorted(moves)],
        }

    def resume(self, table: object, minutes: Mapping[str, Any]) -> None:
        """Go on at a table from a snapshot's `minutes`; a seat without orders takes over those of the snapshot."""
        moves = {when: self._move(keep, tuple(texts)) for when, keep, texts in minutes["moves"]}
        last = minutes["last"]
        self._tables[table] = Played(
            last, {when: move for when, move in moves.items() if last is not None and when <= last}
        )
        if not self._moves:
            self._moves = moves

    def revealed(self, year: int, table: object = None) -> dict[int, tuple[str, ...]]:
        """The orders of all Januaries before `year`, as given, at a table if one is given; what others may see."""
        return {when: move.texts for when, move in sorted(self._moves_at(table).items()) if when < year}

    def rewind(self, year: int) -> None:
        """Go back to the January of `year`, not yet played, at every table; later orders are dropped."""
        self._moves = _before(self._moves, year)
        for played in self._tables.values():
            if played.last is not None and played.last >= year:
                played.last, played.moves = year - 1, _before(played.moves, year)

    def decide(self, view: View) -> Decision:
        """What the fallback decides; the seat's own orders are laid on afterwards."""
        return self.fallback.decide(view) if self.fallback else {}

    def preview(self, view: View) -> Decision:
        """Return what the fallback sets whatever it sees."""
        return self.fallback.preview(view) if self.fallback else {}


def _before(moves: dict[int, Move], year: int) -> dict[int, Move]:
    return {when: move for when, move in moves.items() if when < year}


def _in_force(moves: dict[int, Move], year: int) -> tuple[Assignment, ...]:
    held: tuple[Assignment, ...] = ()
    for _, move in sorted(_before(moves, year + 1).items()):
        held = _latest(held, move.orders) if move.keep else move.orders
    return held


def _latest(held: Iterable[Assignment], moves: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """Earlier orders that the new ones do not replace, then the new ones.

    Shares that sum to 1 are ordered together: naming one of a set replaces every earlier order for that set.
    """

    def subject(one: Assignment) -> tuple[str, str, str, tuple[str, ...]]:
        simplex = LEVER_SETS[one.kind][one.lever].simplex
        return (one.actors[0], simplex or one.lever, "" if simplex else one.part or "", one.countries)

    new = {subject(one) for one in moves}
    kept = [one for one in held if subject(one) not in new]
    return (*kept, *moves)
