"""What an actor may see when it decides: plain dataclasses of arrays.

Arrays lead with (runs, actors), where actors are all actors of the kind in array order; public arrays lead with
(runs,) alone, because everybody sees the same. What is observed is lagged and noisy: no view holds true hazards,
another seat's sealed levers, or the demand that a country really has.

Fields that default to None are filled only when a strategy that somebody holds names them in `Traits.reads`, so
that nobody pays for a map that nobody looks at. A strategy must not write into a view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray


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

    shares: Array | None = None  # (runs, C, layer, stack) installed shares, lagged, with noise
    utilisation: Array | None = None  # (runs, C) used over installed capacity, lagged, with noise
    demand: Array | None = None  # (runs, C) bn$/year, what was bought in all layers, lagged, with noise
    trust_poll: Array | None = None  # (runs, C, stack) 0-1, a noisy poll
    buyer_levers: Array | None = None  # (runs, C) structured: importers' levers last year
    tenders_won: Array | None = None  # (runs, stack) last year
    announced_bn: Array | None = None  # (runs, stack) last year
    operating_deals: Array | None = None  # (runs, stack)
    coercion_events: Array | None = None  # (runs, home) so far


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


@dataclass(frozen=True, kw_only=True)
class HomeView(View):
    """A home government's view; actors are the two homes."""

    rival: Array  # (runs, home) structured: the rival's visible levers last year; what is hidden is NaN
    plan: Array  # (runs, home) position of the preset adopted at the last look-ahead; -1 before the first
    look_ahead: LookAhead | None = None
    budget_bn: Array | None = None  # (runs, home) what is left of the public money
    concessions: Array | None = None  # (runs, home) sum of stakes won so far
    broken_guarantees: Array | None = None  # (runs, home) so far


@dataclass(frozen=True, kw_only=True)
class FinancierView(View):
    """A financier's view: its own book."""

    exposure_bn: Array | None = None  # (runs, financier)
    overdue_share: Array | None = None  # (runs, financier)
    commitments_bn: Array | None = None  # (runs, financier) last year
    refused_for_room: Array | None = None  # (runs, financier) last year
    refused_for_risk: Array | None = None  # (runs, financier) last year


@dataclass(frozen=True, kw_only=True)
class VendorView(View):
    """A vendor's view: its own accounts and products."""

    revenue_bn: Array | None = None  # (runs, vendor) last year
    cash_bn: Array | None = None  # (runs, vendor)
    wins: Array | None = None  # (runs, vendor) last year
    quality: Array | None = None  # (runs, vendor, layer) log, the best is 0
    own_utilisation: Array | None = None  # (runs, vendor) of its operating deals, lagged


@dataclass(frozen=True, kw_only=True)
class ImporterView(View):
    """An importing government's view: its own state, and what its peers added."""

    peer_additions: Array | None = (
        None  # (runs, C, layer) capacity that the peers added last year, bn$/year, tie-weighted
    )
    capacity: Array | None = None  # (runs, C, layer) bn$/year
    used: Array | None = None  # (runs, C, layer) bn$/year
    installed: Array | None = None  # (runs, C, layer, stack) own shares, exact
    perceived_hazard: Array | None = None  # (runs, C, stack, channel) expected value of its own beliefs
    dependence: Array | None = None  # (runs, C)
    welfare: Array | None = None  # (runs, C) last year


VIEWS: dict[str, type[View]] = {
    "home_government": HomeView,
    "financier": FinancierView,
    "vendor": VendorView,
    "importer": ImporterView,
}


def readable(kind: str) -> frozenset[str]:
    """The names that a strategy of this kind may give in `Traits.reads`: fields filled on request."""
    own = {one.name for one in fields(VIEWS[kind]) if one.default is None} - {"luck", "look_ahead"}
    return frozenset(own | {one.name for one in fields(PublicRecord)})
