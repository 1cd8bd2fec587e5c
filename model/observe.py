"""What each actor sees on 1 January: lagged, noisy, without true hazards, true demand or other seats' sealed levers.

Views are filled only with what somebody reads. Everything here comes from the yearbook's earlier rows and an actor's
own books.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.names import KINDS
from stackcraft.agents.view import VIEWS, PublicFacts, PublicRecord
from stackcraft.model.look_ahead import LookAhead
from stackcraft.model.loop.luck import OBSERVATION, STRATEGY
from stackcraft.model.loop.noise import gaussians, uniforms

# Slots of the observation stream, one a quantity.
SHARES, UTILISATION, DEMAND, POLL = 100, 101, 102, 103
FACTS = (
    "iso_number",
    "income_group",
    "gdp",
    "population",
    "readiness",
    "ally",
    "nonaligned",
    "scepticism",
    "regulation",
    "cost_of_capital",
    "hub_degree",
    "peer_index",
    "peer_weight",
)


class Observer:
    """Builds the views of a simulation."""

    def __init__(self, simulation) -> None:
        self.simulation = simulation
        inputs = simulation.inputs
        self.facts = PublicFacts(iso3=tuple(inputs.iso3), **{name: getattr(inputs, name) for name in FACTS})
        self.refresh()

    def refresh(self) -> None:
        """Forget what was remembered from another state."""
        self.rival = None

    # the world's papers

    def _row(self, lag: int) -> int:
        """The yearbook row `lag` years before this January, not before the first."""
        simulation = self.simulation
        return max(simulation.year - simulation.years[0] - lag, 0)

    def _month(self) -> int:
        return (self.simulation.year - self.simulation.years[0]) * 12

    def _noise(self, size: str, slot: int, number: int) -> np.ndarray:
        """Keyed errors, normal with the spread that the parameter `size` gives, (runs, C, number)."""
        world = self.simulation.world
        return world.parameters[size][:, np.newaxis, np.newaxis] * gaussians(
            world.seed, world.replicate, OBSERVATION, self.facts.iso_number, self._month(), slot, number
        )

    def public(self, wanted: frozenset[str]) -> PublicRecord:
        """The public record of this January, with the fields that somebody reads."""
        book, countries = self.simulation.world.book, slice(len(self.facts.iso3))
        old, last = book[:, self._row(1)], book[:, self._row(0)]
        fields: dict[str, Any] = {}
        if "shares" in wanted:
            fields["shares"] = self.observed_shares()
        if "utilisation" in wanted:
            used, capacity = (
                old["used"][:, countries].sum(axis=2, dtype=float),
                old["capacity"][:, countries].sum(axis=2, dtype=float),
            )
            level = used / np.maximum(capacity, 1e-12) * np.exp(self._noise("level_noise", UTILISATION, 1)[..., 0])
            fields["utilisation"] = np.clip(level, 0.0, 1.0)
        if "demand" in wanted:
            fields["demand"] = old["capacity"][:, countries].sum(axis=2, dtype=float) * np.exp(
                self._noise("level_noise", DEMAND, 1)[..., 0]
            )
        if "trust_poll" in wanted:
            fields["trust_poll"] = np.clip(old["trust"][:, countries] + self._noise("poll_noise", POLL, 3), 0.0, 1.0)
        if "buyer_levers" in wanted:
            fields["buyer_levers"] = self.simulation.cast.view_fields("importer")["levers"]
        for name in ("tenders_won", "announced_bn", "operating_deals"):
            if name in wanted:
                fields[name] = last[name].copy()
        if "coercion_events" in wanted:
            fields["coercion_events"] = book["coercion_events"][:, : self._row(0) + 1].sum(axis=1)
        return PublicRecord(**fields)

    def observed_shares(self) -> np.ndarray:
        """Installed shares a year ago as the papers have them, (runs, C, layer, stack); they sum to one."""
        shares = self.simulation.world.book[:, self._row(1)]["installed"][:, : len(self.facts.iso3)].astype(float)
        runs, countries = shares.shape[:2]
        noise = self._noise("share_noise", SHARES, 21).reshape(runs, countries, 7, 3)
        seen = np.maximum(shares, 1e-3) * np.exp(noise)
        return seen / seen.sum(axis=-1, keepdims=True)

    # views

    def views(self) -> dict[str, Any]:
        """The view of every kind of actor for this January."""
        simulation = self.simulation
        cast = simulation.cast
        wanted = {kind: cast.reads(kind) for kind in KINDS}
        public = self.public(frozenset().union(*wanted.values()))
        return {kind: self._view(cast, kind, public, wanted[kind]) for kind in KINDS}

    def blank_views(self, cast: Cast, runs: int) -> dict[str, Any]:
        """Views for a cast that looks at nothing, such as the status quo."""
        return {
            kind: VIEWS[kind](
                **cast.view_fields(kind),
                year=self.simulation.years[0],
                start_year=self.simulation.years[0],
                facts=self.facts,
                public=PublicRecord(),
            )
            for kind in KINDS
        }

    def _view(self, cast: Cast, kind: str, public: PublicRecord, wanted: frozenset[str]):
        simulation = self.simulation
        own = {name: self._own(kind, name) for name in wanted if hasattr(self, f"_{kind}_{name}")}
        more = {}
        if kind == "home_government" and cast.looks_ahead().any():
            more["look_ahead"] = LookAhead(simulation, self)
        return VIEWS[kind](
            **cast.view_fields(kind),
            year=simulation.year,
            start_year=simulation.years[0],
            facts=self.facts,
            public=public,
            luck=self._luck(kind),
            **own,
            **more,
        )

    def _luck(self, kind: str):
        world, month = self.simulation.world, self._month()
        inputs = self.simulation.inputs
        numbers = {
            "home_government": np.array([1, 2]),
            "financier": inputs.financiers.number,
            "vendor": inputs.vendors.number[:15],
            "importer": inputs.iso_number,
        }[kind]
        base = 1000 * (KINDS.index(kind) + 1)

        def draw(slot: int) -> np.ndarray:
            return uniforms(world.seed, world.replicate, STRATEGY, numbers, month, base + slot, 1)[..., 0]

        return draw

    def _own(self, kind: str, name: str) -> np.ndarray:
        value = getattr(self, f"_{kind}_{name}")()
        value = np.array(value, dtype=float)
        value.flags.writeable = False
        return value

    # an actor's own books: exact, as of this January

    def _last(self, name: str) -> np.ndarray:
        return self.simulation.world.book[:, self._row(0)][name]

    def _home_government_budget_bn(self):
        return self._last("budget_bn")

    def _home_government_concessions(self):
        return self.simulation.world.book["concession_stakes"][:, : self._row(0) + 1].sum(axis=1)

    def _home_government_broken_guarantees(self):
        return self.simulation.world.book["broken_guarantees"][:, : self._row(0) + 1].sum(axis=1)

    def _financier_exposure_bn(self):
        return self._last("exposure_bn")

    def _financier_overdue_share(self):
        return self._last("overdue_share")

    def _financier_commitments_bn(self):
        return self._last("commitments_bn")

    def _financier_refused_for_room(self):
        return self._last("refused_for_room")

    def _financier_refused_for_risk(self):
        return self._last("refused_for_risk")

    def _vendor_revenue_bn(self):
        return self._last("revenue_bn")[:, :15]

    def _vendor_cash_bn(self):
        return self.simulation.world.state["cash"][:, :15]

    def _vendor_wins(self):
        return self._last("wins_vendor")[:, :15]

    def _vendor_quality(self):
        return self._last("quality")[:, :15]

    def _importer_peer_additions(self):
        book = self.simulation.world.book
        countries = slice(len(self.facts.iso3))
        added = np.maximum(book[:, self._row(0)]["capacity"] - book[:, self._row(1)]["capacity"], 0.0).astype(float)[
            :, countries
        ]
        index, weight = self.facts.peer_index, self.facts.peer_weight
        return (added[:, index] * weight[np.newaxis, :, :, np.newaxis]).sum(axis=2)

    def _importer_capacity(self):
        return self._last("capacity")[:, : len(self.facts.iso3)]

    def _importer_used(self):
        return self._last("used")[:, : len(self.facts.iso3)]

    def _importer_installed(self):
        return self._last("installed")[:, : len(self.facts.iso3)]

    def _importer_perceived_hazard(self):
        return self._last("perceived_hazard")[:, : len(self.facts.iso3)]

    def _importer_dependence(self):
        return self._last("dependence")[:, : len(self.facts.iso3)]

    def _importer_welfare(self):
        return self._last("welfare")[:, : len(self.facts.iso3)]
