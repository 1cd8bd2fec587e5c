"""The state of a game: what its log gives, row by row. Nothing here draws luck, looks at a clock or simulates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from stackcraft.experiments.wargame.log import Row
from stackcraft.experiments.wargame.rules import find_order
from stackcraft.experiments.wargame.seats import SEATS, SeatForm

PHASES = ("brief", "talk", "orders", "resolve", "results")
Key: TypeAlias = tuple[str, str | None, str | None]  # order, where, part
Order: TypeAlias = dict[str, Any]  # {order, value, where, part}


@dataclass
class Person:
    """Somebody at the table. Tokens and phrase are kept as hashes only."""

    person: str
    name: str
    seat: str | None
    job: str | None = None
    tokens: list[str] = field(default_factory=list)
    phrase: str = ""
    here: bool = True


@dataclass
class Chair:
    """A seat in play: `standing` are its orders in force, `draft` what it would change this turn."""

    seat: str
    open: bool = True
    bot: str | None = None
    pen: str | None = None
    standing: dict[Key, Any] = field(default_factory=dict)
    draft: dict[str, Any] | None = None
    forecasts: dict[str, float] = field(default_factory=dict)  # person -> what they expect of this turn's question
    nudged: str | None = None  # when the facilitator last asked how far the team is, in this phase
    locked: dict[str, Any] | None = None
    pc: int = 0
    purse: float = 0.0
    missed: int = 0
    kept: int = 0
    broken: int = 0
    spent_bn: float = 0.0
    missing_bn: float = 0.0  # penalties that the purse could not pay
    points: float = 0.0  # the facilitator's, with a reason

    @property
    def form(self) -> SeatForm:
        """What the seat is."""
        return SEATS[self.seat]


@dataclass
class Contract:
    """An agreement from its offer on. `by` carries out `does`, `to` carries out `wants`; `values` are of a package."""

    id: int
    by: str
    to: str
    turn: int
    until: int
    penalty_bn: float
    public: bool
    does: dict[str, Any]
    wants: dict[str, Any] | None = None
    or_else: Order | None = None
    state: str = "offered"
    values: dict[str, float] = field(default_factory=dict)
    since: int | None = None  # the turn in which it came into force
    breaker: str | None = None

    def clauses(self) -> list[tuple[dict[str, Any], str, str]]:
        """Each clause with who carries it out, and for whom."""
        theirs = [] if self.wants is None else [(self.wants, self.to, self.by)]
        return [(self.does, self.by, self.to), *theirs]


@dataclass
class Clock:
    """Time left in the phase: none, running to `ends_at`, or stopped with `left` seconds."""

    ends_at: datetime | None = None
    left: float | None = None


@dataclass
class Played:
    """What a rewind takes back."""

    chairs: dict[str, Chair] = field(default_factory=dict)
    contracts: dict[int, Contract] = field(default_factory=dict)
    news: list[dict[str, Any]] = field(default_factory=list)
    history: dict[int, dict[str, Any]] = field(default_factory=dict)  # turn -> sealed orders by seat
    results: dict[int, dict[str, Any]] = field(default_factory=dict)  # turn -> what `resolved` says
    moves: dict[int, dict[str, Any]] = field(default_factory=dict)  # turn -> what `resolving` says
    scores: dict[int, dict[str, Any]] = field(default_factory=dict)  # turn -> every seat's score
    injects: list[dict[str, Any]] = field(default_factory=list)  # armed, with the turn in which they happen
    overrides: list[dict[str, Any]] = field(default_factory=list)


class State:
    """Everything that the rows so far say."""

    def __init__(self) -> None:
        self.config: dict[str, Any] = {}
        self.code, self.doors = "", True
        self.phase, self.turn = "lobby", 0
        self.clock = Clock()
        self.people: dict[str, Person] = {}
        self.played = Played()
        self.openings: dict[int, Played] = {}
        self.envelopes: int | None = None  # the turn whose drafts the facilitator has opened
        self.revealed = False
        self.hidden: set[int] = set()
        self.rows: list[Row] = []
        self.void: set[int] = set()  # rows that a rewind took back
        self.last_contract = 0

    # what is asked often

    @property
    def version(self) -> int:
        """The number of the last row."""
        return self.rows[-1].seq if self.rows else 0

    @property
    def chairs(self) -> dict[str, Chair]:
        """The seats of the game, in the order of its pack."""
        return self.played.chairs

    @property
    def seats(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.config.get("seats", ()))

    @property
    def contracts(self) -> dict[int, Contract]:
        """Every contract by number."""
        return self.played.contracts

    @property
    def turns(self) -> int:
        """How many turns the game has."""
        return self.config["turns"]

    @property
    def years_a_turn(self) -> int:
        """How many years a turn plays."""
        return self.config["years_a_turn"]

    def year_of(self, turn: int) -> int:
        """The January in which a turn's orders begin to hold."""
        return self.config["first_year"] + (turn - 1) * self.years_a_turn

    @property
    def year(self) -> int:
        """The January that comes next."""
        done = max(self.played.results, default=0)
        return self.year_of(done + 1)

    def turns_of(self, contract: Contract) -> int:
        """How many turns a contract holds."""
        return contract.until - (contract.since or self.turn) + 1

    def seconds_of(self, phase: str) -> float | None:
        """How long a phase lasts; None for as long as anybody likes."""
        return (self.config.get("clock") or {}).get(phase)

    def members(self, seat: str) -> list[Person]:
        """The people in a seat, in order of their coming."""
        return [one for one in self.people.values() if one.seat == seat and one.here]

    def world(self) -> dict[str, Any]:
        """What the last result says of leverage and demand, or the first January."""
        results = self.played.results
        return results[max(results)]["world"] if results else self.config["world"]

    def now(self, seat: str, order: str, where: str | None = None, part: str | None = None) -> Any:
        """Where an order of a seat stands, for everybody or where it makes an exception."""
        chair = self.chairs.get(seat)
        start = self.config["start"].get(seat, {})
        for place, piece in dict.fromkeys(((where, part), (where, None), (None, part), (None, None))):
            if chair is not None and (order, place, piece) in chair.standing:
                return chair.standing[(order, place, piece)]
            if place and f"{order}@{place}" in start and (order, None, None) not in (chair.standing if chair else {}):
                return start[f"{order}@{place}"]
        return start.get(order)

    def start(self, seat: str, order: str, where: str | None = None) -> Any:
        """Where an order stood before anybody gave it."""
        start = self.config["start"].get(seat, {})
        return start.get(f"{order}@{where}", start.get(order)) if where else start.get(order)


def give(state: State, chair: Chair, order: Order) -> None:
    """Put an order among those that stand. One for a whole bloc replaces its members' own."""
    form = find_order(chair.seat, state.seats, order["order"])
    if form.form == "act":
        return
    key = (order["order"], order["where"], order["part"])
    standing = chair.standing
    if form.where != "buyer" and order["where"] is None:
        standing = {one: value for one, value in standing.items() if one[0] != key[0]}
    elif order["part"] is None:
        standing = {one: value for one, value in standing.items() if (one[0], one[1]) != key[:2]}
    standing.pop(key, None)
    ends = order["value"] is None and order["where"] is not None and form.where == "buyer"
    chair.standing = standing if ends else {**standing, key: order["value"]}
