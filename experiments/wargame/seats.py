"""Who may sit at the table: seats, the packs that games begin with, mandates and secret cards.

A bloc seat plays the government of every member with one set of orders; its score weighs members by their demand.
Weights and cards are judgements.
"""

from __future__ import annotations

from dataclasses import dataclass

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import GROUPS

KINDS = ("home", "firms", "bloc")
MOST_IN_A_SEAT = 6
JOBS = ("head", "negotiator", "treasurer", "analyst")


@dataclass(frozen=True)
class SeatForm:
    """A seat: `side` "US" or "CN" for homes and firms, `countries` with the lead first for blocs.

    `income` is its purse, bn $ a year: what game acts may cost on top of what the model spends by itself.
    """

    seat: str
    title: str
    kind: str
    income: float
    side: str | None = None
    countries: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()  # actors beside the usual ones of its kind

    @property
    def named(self) -> str:
        """The title within a sentence: "the United States"."""
        return f"the {self.title}" if self.title in ("United States", "Gulf", "Pacific") else self.title

    @property
    def lead(self) -> str | None:
        """The country whose face the seat has on the map; None for homes and firms."""
        return self.countries[0] if self.countries else None

    @property
    def government(self) -> str:
        """The home government of a home or firms seat."""
        return f"{self.side.lower()}_government"

    @property
    def vendors(self) -> tuple[str, ...]:
        """The vendors of the seat's side."""
        return GROUPS[f"{self.side.lower()}_vendors"] if self.side else ()

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors of the model that the seat plays, without the firms that a home plays while nobody else does."""
        if self.kind == "home":
            return (self.government, *GROUPS[f"{self.side.lower()}_financiers"])
        return (*(self.vendors if self.kind == "firms" else self.countries), *self.extra)


def _bloc(seat: str, title: str, income: float, codes: str, *extra: str) -> SeatForm:
    return SeatForm(seat, title, "bloc", income, None, tuple(codes.split()), extra)


SEATS: dict[str, SeatForm] = {
    one.seat: one
    for one in (
        SeatForm("us", "United States", "home", 3.0, "US"),
        SeatForm("cn", "China", "home", 5.0, "CN"),
        SeatForm("us_firms", "American firms", "firms", 1.0, "US"),
        SeatForm("cn_firms", "Chinese firms", "firms", 1.0, "CN"),
        _bloc("asean", "South-East Asia", 0.4, "IDN VNM THA MYS PHL"),
        _bloc("east_africa", "East Africa", 0.4, "KEN ETH TZA UGA RWA"),
        _bloc("south_america", "South America", 0.4, "BRA ARG CHL COL PER"),
        _bloc("gulf", "Gulf", 3.0, "SAU ARE QAT KWT OMN BHR", "gulf_fund", "in_gulf_hub"),
        _bloc("europe", "Europe", 1.5, "DEU FRA ITA ESP NLD POL"),
        _bloc("north_africa", "North Africa", 0.4, "EGY MAR DZA TUN"),
        _bloc("west_africa", "West Africa", 0.4, "NGA GHA CIV SEN"),
        _bloc("india", "India", 1.0, "IND"),
        _bloc("pacific", "Pacific", 1.5, "JPN KOR AUS TWN"),
        _bloc("central_asia", "Central Asia", 0.4, "KAZ UZB KGZ TJK"),
    )
}
SIX = ("us", "cn", "asean", "east_africa", "south_america", "gulf")
PACKS: dict[str, tuple[str, ...]] = {
    "two": ("us", "cn"),
    "five": ("us", "cn", "asean", "east_africa", "gulf"),
    "six": SIX,
    "eight": (*SIX, "europe", "north_africa"),
    "ten": (*SIX, "europe", "north_africa", "us_firms", "cn_firms"),
    "twelve": (*SIX, "europe", "north_africa", "us_firms", "cn_firms", "india", "west_africa"),
    "middle": ("us", "cn", "asean", "east_africa", "south_america", "gulf", "north_africa", "west_africa"),
}


def find_seat(name: str) -> SeatForm:
    """Return a seat by name. Raises `InputError` with the nearest name."""
    if name not in SEATS:
        raise unknown("seat", name, SEATS)
    return SEATS[name]


def pack(given: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the seats of a pack, by its name or as a list of seats. Raises `InputError`."""
    if isinstance(given, str) and given not in PACKS and given not in SEATS:
        raise unknown("pack of seats", given, PACKS)
    names = PACKS.get(given, (given,)) if isinstance(given, str) else tuple(given)
    for name in names:
        find_seat(name)
    if not names or len(set(names)) != len(names) or len(names) > 12:
        raise InputError(f"seats: {', '.join(names) or 'none'}; give 1 to 12 different seats")
    return names


@dataclass(frozen=True)
class Card:
    """A secret card, or a kind of seat's open mandate: measures of `scores.MEASURES` with weights that sum to 1."""

    card: str
    title: str
    weights: dict[str, float]
    text: str = ""


MANDATES: dict[str, dict[str, float]] = {
    "home": {"use": 0.35, "purse": 0.25, "concessions": 0.2, "safety": 0.2},
    "firms": {"revenue": 0.5, "firm_use": 0.3, "alive": 0.2},
    "bloc": {"bloc_use": 0.35, "bloc_value": 0.25, "bloc_control": 0.25, "bloc_freedom": 0.15},
}
CARDS: dict[str, tuple[Card, ...]] = {
    "home": (
        Card("builder", "Builder", {"trust": 0.7, "use": 0.3}),
        Card("salesman", "Salesman", {"headline": 0.6, "purse": 0.4}),
        Card("enforcer", "Enforcer", {"concessions": 0.7, "leverage": 0.3}),
        Card("guardian", "Guardian", {"safety": 0.5, "concessions": 0.3, "purse": 0.2}),
        Card("partner", "Partner of the poorest", {"poorest": 0.6, "trust": 0.2, "safety": 0.2}),
        Card("treasurer", "Treasurer", {"purse": 0.8, "safety": 0.2}),
    ),
    "firms": (
        Card("lock_in_house", "Lock-in house", {"retained": 1.0}),
        Card("virtue_house", "Virtue house", {"buyers_control": 1.0}),
        Card("quick_wins", "Quick wins", {"headline": 1.0}),
        Card("long_game", "Long game", {"quality": 1.0}),
    ),
    "bloc": (
        Card("developer", "Developer", {"bloc_use": 0.7, "bloc_value": 0.3}),
        Card("autonomist", "Autonomist", {"bloc_control": 0.5, "bloc_freedom": 0.3, "bloc_use": 0.2}),
        Card("value_for_money", "Value for money", {"bloc_value": 0.6, "bloc_use": 0.4}),
        Card("non_aligned", "Non-aligned", {"bloc_balance": 0.5, "bloc_freedom": 0.3, "bloc_use": 0.2}),
        Card("ribbon", "Ribbon", {"ribbon": 0.6, "capital_left": 0.4}),
    ),
}


def card_of(kind: str, name: str) -> Card:
    """Return a secret card of a kind of seat. Raises `InputError` with the nearest name."""
    for card in CARDS[kind]:
        if card.card == name:
            return card
    raise unknown("card", name, [card.card for card in CARDS[kind]])
