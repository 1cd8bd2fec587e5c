"""What each actor sees on 1 January: lagged, noisy, without true hazards, true demand or other seats' sealed levers.

Views are filled only with what somebody reads. Everything here comes from the yearbook's earlier rows and an actor's
own books. A field of a view has one entry in `PUBLIC` or `BOOKS`, the function of the observer that fills it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.names import KINDS, LAYERS, STACKS, VENDORS
from stackcraft.agents.view import VIEWS, PublicRecord
from stackcraft.model.casting import public_facts
from stackcraft.model.look_ahead import LookAhead
from stackcraft.model.loop.codes import OPERATING
from stackcraft.model.loop.luck import OBSERVATION, STRATEGY
from stackcraft.model.loop.noise import gaussians, uniforms

# Slots of the observation stream, one a quantity.
SHARES, UTILISATION, DEMAND, POLL = 100, 101, 102, 103


class Observer:
    """Builds the views of a simulation."""

    def __init__(self, simulation) -> None:
        self.simulation = simulation
        self.facts = public_facts(simulation.inputs)

    def views(self) -> dict[str, Any]:
        """Return the view of every kind of actor for this January."""
        wanted = {kind: self.simulation.cast.reads(kind) for kind in KINDS}
        everybody = frozenset().union(*wanted.values())
        public = PublicRecord(**{name: read(self) for name, read in PUBLIC.items() if name in everybody})
        return {kind: self._view(self.simulation.cast, kind, public, wanted[kind]) for kind in KINDS}

    def _view(self, cast: Cast, kind: str, public: PublicRecord, wanted: frozenset[str]):
        simulation = self.simulation
        books = {name: _sealed(BOOKS[kind][name](self)) for name in wanted if name not in PUBLIC}
        if kind == "home_government" and cast.looks_ahead().any():
            books["look_ahead"] = LookAhead(simulation, self)
        return VIEWS[kind](
            **cast.view_fields(kind),
            year=simulation.year,
            start_year=simulation.years[0],
            facts=self.facts,
            public=public,
            luck=self._luck(kind),
            **books,
        )

    def _luck(self, kind: str):
        world, inputs = self.simulation.world, self.simulation.inputs
        numbers = {
            "home_government": np.array([1, 2]),
            "financier": inputs.financiers.number,
            "vendor": inputs.vendors.number[: len(VENDORS)],
            "importer": inputs.iso_number,
        }[kind]
        base, month = 1000 * (KINDS.index(kind) + 1), self._month()

        def draw(slot: int) -> np.ndarray:
            return uniforms(world.seed, world.replicate, STRATEGY, numbers, month, base + slot, 1)[..., 0]

        return draw

    def _month(self) -> int:
        return (self.simulation.year - self.simulation.years[0]) * 12

    def _row(self, lag: int) -> int:
        """The yearbook row `lag` years before this January, not before the first."""
        return max(self.simulation.year - self.simulation.years[0] - lag, 0)

    def recorded(self, name: str, lag: int = 0) -> np.ndarray:
        """Return a quantity of the yearbook `lag` years ago, (runs, ...)."""
        return self.simulation.world.book[:, self._row(lag)][name]

    def by_country(self, name: str, lag: int = 0) -> np.ndarray:
        """Return a quantity of the yearbook `lag` years ago, (runs, C, ...)."""
        return self.recorded(name, lag)[:, : len(self.facts.iso3)]

    def so_far(self, name: str) -> np.ndarray:
        """Return a flow of the yearbook summed over the years so far, (runs, ...)."""
        return self.simulation.world.book[name][:, : self._row(0) + 1].sum(axis=1)

    # the papers: a year old and noisy

    def _noise(self, size: str, slot: int, number: int) -> np.ndarray:
        """Keyed errors, normal with the spread that the parameter `size` gives, (runs, C, number)."""
        world = self.simulation.world
        return world.parameters[size][:, np.newaxis, np.newaxis] * gaussians(
            world.seed, world.replicate, OBSERVATION, self.facts.iso_number, self._month(), slot, number
        )

    def observed_shares(self) -> np.ndarray:
        """Return installed shares a year ago as the papers have them, (runs, C, layer, stack); they sum to one."""
        shares = self.by_country("installed", 1).astype(float)
        noise = self._noise("share_noise", SHARES, len(LAYERS) * len(STACKS)).reshape(shares.shape)
        seen = np.maximum(shares, 1e-3) * np.exp(noise)
        return seen / seen.sum(axis=-1, keepdims=True)

    def observed_utilisation(self) -> np.ndarray:
        """Return used over installed capacity a year ago as the papers have it, (runs, C)."""
        used, capacity = (self.by_country(name, 1).sum(axis=2, dtype=float) for name in ("used", "capacity"))
        level = used / np.maximum(capacity, 1e-12) * np.exp(self._noise("level_noise", UTILISATION, 1)[..., 0])
        return np.clip(level, 0.0, 1.0)

    def observed_demand(self) -> np.ndarray:
        """Return what was bought in all layers a year ago as the papers have it, bn$ a year, (runs, C)."""
        bought = self.by_country("capacity", 1).sum(axis=2, dtype=float)
        return bought * np.exp(self._noise("level_noise", DEMAND, 1)[..., 0])

    def trust_poll(self) -> np.ndarray:
        """Return a poll of trust a year ago, (runs, C, stack)."""
        return np.clip(self.by_country("trust", 1) + self._noise("poll_noise", POLL, len(STACKS)), 0.0, 1.0)

    # an actor's own books: exact, as of this January

    def vendor_utilisation(self) -> np.ndarray:
        """Return use over capacity of each vendor's operating deals, (runs, vendor); NaN without any."""
        world = self.simulation.world
        run, *place = np.nonzero(world.state["stage"] == OPERATING)
        deals = world.deals[(run, *place)]
        width = len(VENDORS)
        slot = run * width + deals["vendor"]
        used, capacity = (
            np.bincount(slot, weights, minlength=len(world.state) * width).reshape(-1, width)
            for weights in (deals["used"] * deals["capacity"], deals["capacity"])
        )
        return np.divide(used, capacity, out=np.full_like(used, np.nan), where=capacity > 0)

    def peer_additions(self) -> np.ndarray:
        """Return the capacity that each country's peers added last year, tie-weighted, bn$ a year, (runs, C, layer)."""
        added = np.maximum(self.by_country("capacity") - self.by_country("capacity", 1), 0.0).astype(float)
        index, weight = self.facts.peer_index, self.facts.peer_weight
        return (added[:, index] * weight[np.newaxis, :, :, np.newaxis]).sum(axis=2)


Reader: TypeAlias = Callable[[Observer], np.ndarray]


def _of_vendors(name: str) -> Reader:
    return lambda observer: observer.recorded(name)[:, : len(VENDORS)]


def _recorded(*names: str) -> dict[str, Reader]:
    return {name: lambda observer, name=name: observer.recorded(name).copy() for name in names}


def _by_country(*names: str) -> dict[str, Reader]:
    return {name: lambda observer, name=name: observer.by_country(name) for name in names}


PUBLIC: dict[str, Reader] = {
    "shares": Observer.observed_shares,
    "utilisation": Observer.observed_utilisation,
    "demand": Observer.observed_demand,
    "trust_poll": Observer.trust_poll,
    "buyer_levers": lambda observer: observer.simulation.cast.view_fields("importer")["levers"],
    **_recorded("tenders_won", "announced_bn", "operating_deals"),
    "coercion_events": lambda observer: observer.so_far("coercion_events"),
}
BOOKS: dict[str, dict[str, Reader]] = {
    "home_government": {
        **_recorded("budget_bn"),
        "concessions": lambda observer: observer.so_far("concession_stakes"),
        "broken_supply_bonds": lambda observer: observer.so_far("broken_supply_bonds"),
    },
    "financier": _recorded("exposure_bn", "overdue_share", "commitments_bn", "refused_for_room", "refused_for_risk"),
    "vendor": {
        "revenue_bn": _of_vendors("revenue_bn"),
        "cash_bn": lambda observer: observer.simulation.world.state["cash"][:, : len(VENDORS)],
        "wins": _of_vendors("wins_vendor"),
        "quality": _of_vendors("quality"),
        "own_utilisation": Observer.vendor_utilisation,
    },
    "importer": {
        "peer_additions": Observer.peer_additions,
        **_by_country("capacity", "used", "installed", "perceived_hazard", "dependence", "welfare"),
    },
}


def _sealed(values: np.ndarray) -> np.ndarray:
    """A copy as floats that nobody can write into."""
    copy = np.array(values, dtype=float)
    copy.flags.writeable = False
    return copy
