"""The files of the game: ready games, inject cards and role briefs, read and checked.

`games/NAME.toml` holds a ready game beside its scenario in `model/scenarios/`, `injects.toml` the deck of news,
`briefs.toml` what each seat is told before it begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from stackcraft.agents.countries import usual_name
from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import IMPORTERS, LAYERS, SIDES
from stackcraft.model.toml_files import read_toml

HERE = Path(__file__).parent
HOME_NAMES = {"US": "Washington", "CN": "Beijing"}
SIDE_NAMES = {"US": "the United States", "CN": "China"}
MAKERS = {"US": "American", "CN": "Chinese"}
NEEDS = ("stack", "country")


@dataclass(frozen=True)
class InjectCard:
    """A card of the deck of news.

    `events` are the model's events without their dates; `needs` says what the facilitator names, and `country` and
    `stack` are whom the card names where the facilitator names nobody. `felt_by` says in words who will notice.
    """

    card: str
    title: str
    news: str
    hint: str
    felt_by: tuple[str, ...]
    events: tuple[Mapping[str, Any], ...]
    needs: tuple[str, ...] = ()
    country: str | None = None
    stack: str | None = None

    def text(self, country: str | None = None, stack: str | None = None) -> str:
        """The news, with the country's and the home's names filled in."""
        country, stack = country or self.country, stack or self.stack
        named = {"home": HOME_NAMES, "side": SIDE_NAMES, "maker": MAKERS}
        names = {name: table.get(stack or "", "") for name, table in named.items()}
        return self.news.format(country=usual_name(country) if country else "", **names)

    def dated(
        self,
        year: int,
        years: int,
        *,
        month: int = 1,
        country: str | None = None,
        stack: str | None = None,
        demand: Mapping[str, Sequence[float]] | None = None,
    ) -> list[dict[str, Any]]:
        """The model's events within a turn that begins in January of `year` and plays `years` years.

        What follows some months later falls into the turn's last month if the turn is too short. A deal is worth so
        many years of `demand`, bn $ a year by country and layer. Raises `InputError` where somebody has to be named.
        """
        named = {"country": country or self.country, "stack": stack or self.stack}
        for need in self.needs:
            if named[need] is None:
                raise InputError(f"{self.title} needs a {need}; name one")
        return [self._event(dict(one), year, min(month + one.get("later", 0), 12 * years), named, demand)
                for one in self.events]  # fmt: skip

    def _event(
        self, one: dict[str, Any], year: int, month: int, named: Mapping[str, Any], demand: Any
    ) -> dict[str, Any]:
        one.pop("later", None)
        one |= {"year": year + (month - 1) // 12, "month": (month - 1) % 12 + 1}
        if one["what"] in ("deal", "lapse"):
            from stackcraft.experiments.wargame.contracts import BUILDERS

            one |= {"country": named["country"], "vendor": BUILDERS[named["stack"]][one["layer"]]}
            if years_of_demand := one.pop("years_of_demand", None):
                yearly = demand[named["country"]][LAYERS.index(one["layer"])] if demand else 1.0
                one["value_bn"] = round(years_of_demand * yearly, 4)
            return one
        return one | {need: named[need] for need in self.needs}


@dataclass(frozen=True)
class Game:
    """A ready game: what its scenario leaves open. `cards` may limit which secret cards a seat draws from.

    `injects` are armed from the start: card, turn, month, and whom it names. `opening` is read aloud, `not_this` says
    what the game is not.
    """

    name: str
    scenario: str
    title: str
    for_whom: str
    turns: int
    years_a_turn: int
    pack: tuple[str, ...]
    pc: int
    opening: tuple[str, ...]
    not_this: str
    cards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    injects: tuple[Mapping[str, Any], ...] = ()

    def told(self, last_year: int) -> list[str]:
        """The opening of a game that ends in January of that year; `{last_year}` stands for it."""
        return [text.replace("{last_year}", str(last_year)) for text in self.opening]


@dataclass(frozen=True)
class Brief:
    """What a seat is told before it begins, without the figures, which `briefs.facts_of` takes from the model."""

    seat: str
    who: str  # whom you speak for, one or two sentences
    wants: str  # what weighs on the seat
    dilemma: str  # the choice that has no good answer
    first: tuple[str, str, str]  # three things to do in the first turn
    ask: str  # whom to talk to, and about what


# reading


def games() -> list[str]:
    """Return the names of the ready games."""
    return sorted(path.stem for path in (HERE / "games").glob("*.toml"))


def game_of(name: str) -> Game:
    """Return a ready game by name. Raises `InputError` with the nearest name, or for a fault in its file."""
    if name not in games():
        raise unknown("game", name, games())
    return read_game(HERE / "games" / f"{name}.toml")


def read_game(path: str | Path) -> Game:
    """Return the game of a TOML file with a [wargame] table. Raises `InputError`, one line, for a fault in it."""
    from stackcraft.experiments.wargame.seats import pack

    path = Path(path)
    table = dict(read_toml(path).get("wargame", {}))
    needed = ("scenario", "title", "for_whom", "turns", "years_a_turn", "pack", "pc", "opening", "not_this")
    if missing := [key for key in needed if key not in table]:
        raise InputError(f"{path.name}: [wargame] lacks {', '.join(missing)}")
    if strange := [key for key in table if key not in (*needed, "cards", "injects")]:
        raise InputError(f"{path.name}: {unknown('key', strange[0], (*needed, 'cards', 'injects'))}")
    for key, low, high in (("turns", 1, 8), ("years_a_turn", 1, 3), ("pc", 1, 20)):
        if isinstance(table[key], bool) or not isinstance(table[key], int) or not low <= table[key] <= high:
            raise InputError(f"{path.name}: {key} = {table[key]!r} should be a whole number from {low} to {high}")
    return Game(
        path.stem, table["scenario"], table["title"], table["for_whom"], table["turns"], table["years_a_turn"],
        pack(table["pack"]), table["pc"], tuple(table["opening"]), table["not_this"],
        _cards(path.name, table.get("cards", {}), pack(table["pack"])),
        tuple(_inject(path.name, one, table["turns"]) for one in table.get("injects", ())),
    )  # fmt: skip


def _cards(where: str, table: Mapping[str, Any], seats: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    from stackcraft.experiments.wargame.seats import card_of, find_seat

    for seat, names in table.items():
        if seat not in seats:
            raise InputError(f"{where}: cards.{seat}: {unknown('seat', seat, seats)}")
        for name in names:
            card_of(find_seat(seat).kind, name)
    return {seat: tuple(names) for seat, names in table.items()}


def _inject(where: str, one: Mapping[str, Any], turns: int) -> dict[str, Any]:
    card = inject_of(one.get("card", ""))
    turn, month = one.get("turn"), one.get("month", 1)
    if not isinstance(turn, int) or not 1 <= turn <= turns:
        raise InputError(f"{where}: injects.{card.card}: turn = {turn!r} should be a turn from 1 to {turns}")
    if not isinstance(month, int) or not 1 <= month <= 12:
        raise InputError(f"{where}: injects.{card.card}: month = {month!r} should be a month from 1 to 12")
    named = {"country": one.get("country", card.country), "stack": one.get("stack", card.stack)}
    return {"card": card.card, "turn": turn, "month": month, **named}


@cache
def injects() -> dict[str, InjectCard]:
    """Return the deck of news by card. Raises `InputError` for a fault in the file."""
    deck = {name: _card(name, table) for name, table in read_toml(HERE / "injects.toml").items()}
    return deck


def _card(name: str, table: Mapping[str, Any]) -> InjectCard:
    card = InjectCard(name, **{key: tuple(one) if isinstance(one, list) else one for key, one in table.items()})
    if strange := [need for need in card.needs if need not in NEEDS]:
        raise InputError(f"injects.toml: {name}: {unknown('need', strange[0], NEEDS)}")
    if card.country is not None and card.country not in IMPORTERS:
        raise InputError(f"injects.toml: {name}: {unknown('country', card.country, IMPORTERS)}")
    if card.stack is not None and card.stack not in SIDES:
        raise InputError(f"injects.toml: {name}: {unknown('stack', card.stack, SIDES)}")
    return card


def inject_of(name: str) -> InjectCard:
    """Return a card of the deck by name. Raises `InputError` with the nearest name."""
    if name not in injects():
        raise unknown("card", name, injects())
    return injects()[name]


@cache
def briefs() -> dict[str, Brief]:
    """Return what each seat is told, by seat."""
    table = read_toml(HERE / "briefs.toml")
    return {seat: Brief(seat, **{**one, "first": tuple(one["first"])}) for seat, one in table.items()}
