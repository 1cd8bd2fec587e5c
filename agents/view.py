"""What an actor may see when it decides: plain dataclasses of arrays.

Arrays lead with (runs, actors), where actors are all actors of the kind in array order; public arrays lead with
(runs,) alone, because everybody sees the same. What is observed is lagged and noisy: no view holds true hazards,
another seat's sealed levers, or the demand that a country really has.

Fields that default to `Unread()` are filled only for a strategy that names them in `Traits.reads`, so that nobody pays
for a map that nobody looks at; a strategy that uses another one gets an error that says so. A strategy must not write
into a view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol, TypeAlias

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import KINDS

Array: TypeAlias = np.ndarray


class UnreadError(InputError):
    """A field of a view was used that the strategy's traits do not name."""


class Unread:
    """The place of a field that was not asked for: whatever is done with it raises `UnreadError`."""

    name = "field"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return "<not in traits.reads>"

    def _refuse(self, *arguments: object, **options: object) -> None:
        raise UnreadError(f"`{self.name}` is not in traits.reads; name it there to have it filled")

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    __array__ = __array_ufunc__ = __array_function__ = __getitem__ = __len__ = __iter__ = __bool__ = __float__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = _refuse
    __neg__ = __abs__ = __lt__ = __le__ = __gt__ = __ge__ = __invert__ = __and__ = __or__ = _refuse


class LookAhead(Protocol):
    """A few stochastic runs into the future from what the side can see, the rival held at its last visible levers."""

    def __call__(self, candidates: Sequence[str], side: str) -> Array:
        """Payoff of adopting each candidate preset now, shape (runs, candidates); more is better."""
        ...


class Luck(Protocol):
    """A keyed stream: the same luck for the same run, actor, year and slot, whatever else happens."""

    def __call__(self, slot: int) -> Array:
        """Uniform draws in [0, 1), shape (runs, actors)."""
        ...


@dataclass(frozen=True, kw_only=True)
class PublicFacts:
    """Facts about the countries that do not change within a run. C countries, 12 peers each, no run axis."""

    iso3: tuple[str, ...]
    iso_number: Array  # (C,) ISO numeric code
    income_group: Array  # (C,) 0 low .. 3 high
    gdp: Array  # (C,) bn$
    population: Array  # (C,) millions
    readiness: Array  # (C,) 0.2-2
    ally: Array  # (C, 3) 0-1 by stack
    nonaligned: Array  # (C,) 0-1
    scepticism: Array  # (C, 3) 0-1 by stack
    regulation: Array  # (C,) 0-1
    cost_of_capital: Array  # (C,) fraction a year
    hub_degree: Array  # (C,) 0-1
    peer_index: Array  # (C, 12) positions of the strongest ties
    peer_weight: Array  # (C, 12) rows sum to 1


@dataclass(frozen=True, kw_only=True)
class PublicRecord:
    """What everybody can read in the papers on 1 January, a year old and noisy. All lead with (runs,)."""

    shares: Array = Unread()  # (runs, C, layer, stack) installed shares, lagged, with noise
    utilisation: Array = Unread()  # (runs, C) used over installed capacity, lagged, with noise
    demand: Array = Unread()  # (runs, C) bn$/year, what was bought in all layers, lagged, with noise
    trust_poll: Array = Unread()  # (runs, C, stack) 0-1, a noisy poll
    buyer_levers: Array = Unread()  # (runs, C) structured: importers' levers last year
    tenders_won: Array = Unread()  # (runs, stack) last year
    announced_bn: Array = Unread()  # (runs, stack) last year
    operating_deals: Array = Unread()  # (runs, stack)
    coercion_events: Array = Unread()  # (runs, home) so far


@dataclass(frozen=True, kw_only=True)
class View:
    """What every actor sees. Subclasses add what only its kind sees."""

    kind: str
    actors: tuple[str, ...]
    year: int
    start_year: int
    runs: int
    base: Array  # (actors,) structured: the levers before anybody decided
    levers: Array  # (runs, actors) structured: own levers last year
    facts: PublicFacts
    public: PublicRecord
    luck: Luck | None = None

    def limited_to(self, reads: frozenset[str]) -> View:
        """Return the view as a strategy sees it that names `reads`: without the other optional fields."""
        public = {name: value for name, value in _optional(PublicRecord).items() if name not in reads}
        own = {name: value for name, value in _optional(type(self)).items() if name not in reads}
        return replace(self, public=replace(self.public, **public), **own)


@dataclass(frozen=True, kw_only=True)
class HomeView(View):
    """A home government's view; actors are the two homes."""

    rival: Array  # (runs, home) structured: the rival's visible levers last year; what is hidden is NaN
    plan: Array  # (runs, home) position of the preset adopted at the last look-ahead; -1 before the first
    look_ahead: LookAhead | None = None
    budget_bn: Array = Unread()  # (runs, home) what is left of the public money
    concessions: Array = Unread()  # (runs, home) sum of stakes won so far
    broken_supply_bonds: Array = Unread()  # (runs, home) so far


@dataclass(frozen=True, kw_only=True)
class FinancierView(View):
    """A financier's view: its own book."""

    exposure_bn: Array = Unread()  # (runs, financier)
    overdue_share: Array = Unread()  # (runs, financier)
    commitments_bn: Array = Unread()  # (runs, financier) last year
    refused_for_room: Array = Unread()  # (runs, financier) last year
    refused_for_risk: Array = Unread()  # (runs, financier) last year


@dataclass(frozen=True, kw_only=True)
class VendorView(View):
    """A vendor's view: its own accounts and products."""

    revenue_bn: Array = Unread()  # (runs, vendor) last year
    cash_bn: Array = Unread()  # (runs, vendor)
    wins: Array = Unread()  # (runs, vendor) last year
    quality: Array = Unread()  # (runs, vendor, layer) log, the best is 0
    own_utilisation: Array = Unread()  # (runs, vendor) use over capacity of its operating deals; NaN without any


@dataclass(frozen=True, kw_only=True)
class ImporterView(View):
    """An importing government's view: its own state, and what its peers added."""

    peer_additions: Array = Unread()  # (runs, C, layer) bn$/year that the peers added last year, tie-weighted
    capacity: Array = Unread()  # (runs, C, layer) bn$/year
    used: Array = Unread()  # (runs, C, layer) bn$/year
    installed: Array = Unread()  # (runs, C, layer, stack) own shares, exact
    perceived_hazard: Array = Unread()  # (runs, C, stack, channel) expected value of its own beliefs
    dependence: Array = Unread()  # (runs, C)
    welfare: Array = Unread()  # (runs, C) last year


VIEWS: dict[str, type[View]] = dict(zip(KINDS, (HomeView, FinancierView, VendorView, ImporterView), strict=True))


def _optional(view: type) -> dict[str, Unread]:
    """The fields that are filled on request, with what they hold before."""
    return {item.name: item.default for item in fields(view) if isinstance(item.default, Unread)}


def readable(kind: str) -> frozenset[str]:
    """Return the names that a strategy of this kind may give in `Traits.reads`: fields filled on request."""
    return frozenset({*_optional(VIEWS[kind]), *_optional(PublicRecord)})
