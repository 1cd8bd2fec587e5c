"""The worlds behind a game, and the only part of it that knows the model.

`played` is one run: what happened. `shadows` get the same orders and other luck; they say at the end how much was luck.
`nobody` is the played world's luck with the same news from outside and no orders at all: by it the table as a whole is
judged. What a seat alone made of its luck is judged by its own par, which `replays.pars` plays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from stackcraft.agents.cast import Cast
from stackcraft.agents.names import LAYERS, SIDES, STACKS, VENDORS, actors_of, kind_of
from stackcraft.experiments.wargame import outcomes, scores
from stackcraft.experiments.wargame.seats import SeatForm
from stackcraft.model import Scenario, Simulation
from stackcraft.model.casting import preview
from stackcraft.model.events import Event
from stackcraft.model.inputs import Inputs, load_inputs
from stackcraft.model.look_ahead import Known, imagine
from stackcraft.model.loop import codes
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.results import table_of_rows

SHADOWS = 15
FUTURES = 8  # of a preview
LARGEST = 12  # deals of a kind that words are made from


class Worlds:
    """The three simulations of a game; `play` moves all of them by one turn."""

    def __init__(self, scenario: Scenario, seed: int, shadows: int = SHADOWS, threads: int = 1) -> None:
        """Make the worlds on their first January. Results do not depend on `threads`."""
        self.scenario, self.seed, self.shadow_runs = scenario, seed, shadows

        def world(replicates: Sequence[int], ledgers: int) -> Simulation:
            return Simulation(scenario, seed=seed, replicates=replicates, ledger_runs=ledgers, threads=threads)

        self.played = world([0], 1)
        self.shadows = world(range(1, shadows + 1), 0) if shadows else None
        self.nobody = world([0], 0)  # the played world's luck, and nobody gives an order
        self._own_layers = len(self.played.cast.layers)

    @property
    def year(self) -> int:
        """The January that comes next."""
        return self.played.year

    def play(self, move: Mapping[str, Any]) -> str:
        """Play a turn as `resolving` lists it; return the digest of all that was recorded in it."""
        injected = [event for one in move["injected"] for event in one["events"]]
        for world in filter(None, (self.played, self.shadows)):
            self._lay(world.cast, move["assignments"])
            self._step(world, move["events"], move["years"])
        self._step(self.nobody, injected, move["years"])
        return self.digest(move["years"])

    def _lay(self, cast: Cast, assignments: Sequence[str]) -> None:
        """Put a turn's levers in place of the last turn's, over what the scenario sets."""
        del cast.layers[self._own_layers :]
        cast.add_layer(assignments)

    @staticmethod
    def _step(world: Simulation, events: Sequence[Mapping[str, Any]], years: int) -> None:
        if events:
            world.add_events([Event(**one) for one in events])
        for _ in range(years):
            world.step()

    def digest(self, years: int) -> str:
        """SHA-256 of every measure recorded in the last years, in all runs of all worlds."""
        found = hashlib.sha256()
        for world in filter(None, (self.played, self.shadows, self.nobody)):
            here = world.year - world.years[0]
            rows = world.world.book[:, here - years + 1 : here + 1]
            for name in rows.dtype.names:
                found.update(np.ascontiguousarray(rows[name]).tobytes())
        return found.hexdigest()

    def close(self) -> None:
        """Let go of the simulations."""
        for world in filter(None, (self.played, self.shadows, self.nobody)):
            world.close()

    # what is read from them

    def turn(self, years: int, own: Collection[str] = ()) -> outcomes.Turn:
        """The played world's record of its last years; `own` are countries of which more is told."""
        rows = self._rows(self.played)[0, -years - 1 :]
        deals = self.deals(self.year - years, self.year, own)
        return outcomes.Turn(self.year - years, years, deals, rows)

    def places(self, countries: Sequence[str]) -> list[int]:
        """Positions of countries."""
        return [self.played.inputs.iso3.index(code) for code in countries]

    def books(self) -> tuple[scores.Book, scores.Book]:
        """The yearbooks of all runs under the orders given, the played one first, and the one without any orders."""
        rows = [self._rows(world) for world in filter(None, (self.played, self.shadows))]
        return self._book(np.concatenate(rows)), self._book(self._rows(self.nobody))

    def _rows(self, world: Simulation) -> np.ndarray:
        return world.world.book[:, : world.year - world.years[0] + 1]

    def _book(self, rows: np.ndarray) -> scores.Book:
        return book_of(rows, self.played.inputs)

    def deals(self, first: int, end: int, own: Collection[str] = ()) -> list[dict[str, Any]]:
        """The deals of the played run that a turn's words and judges read, as plain rows.

        All that were announced or cut off, and the largest of those that were signed, opened or ended within the
        years, of the world and of the countries in `own`. Amounts in bn $, dates as decimal years.
        """
        world = self.played.world
        rows = world.ledger["at"][world.ledger_row[0], : int(world.state["deals_signed"][0])]
        low, high = (12 * (year - self.played.years[0]) for year in (first, end))
        within = {name: (rows[name] >= low) & (rows[name] < high) for name in ("signed", "operating", "ended")}
        wanted = (rows["origin"] == codes.SCRIPTED) | ((rows["outcome"] == codes.CUT) & within["ended"])
        chosen = (
            within["signed"] & np.isin(rows["origin"], (codes.FROM_TENDER, codes.FROM_PACKAGE)),
            within["operating"] & (rows["origin"] != codes.LEGACY),
            within["ended"] & np.isin(rows["outcome"], (codes.CANCELLED, codes.DEFAULTED)),
        )
        at_home = np.isin(rows["country"], self.places(sorted(own)))
        for mask in (*chosen, *(one & at_home for one in chosen)):
            places = np.flatnonzero(mask)
            wanted[places[np.argsort(-rows["value_bn"][places], kind="stable")[:LARGEST]]] = True
        return table_of_rows(self.played, 0, rows[wanted]).to_dict("records")

    def world_facts(self) -> dict[str, Any]:
        """What rules need of the world: leverage by side and country, demand by country and layer (bn $ a year)."""
        now = self._rows(self.played)[0, -1]
        iso3 = self.played.inputs.iso3
        leverage = {
            side: {code: round(float(now["leverage"][c, h]), 4) for c, code in enumerate(iso3)}
            for h, side in enumerate(SIDES)
        }
        demand = {code: [round(float(one), 5) for one in now["demand"][c]] for c, code in enumerate(iso3)}
        return {"leverage": leverage, "demand": demand}

    def public(self) -> dict[str, Any]:
        """What everybody can read: shares a year old and noisy, the trust poll, headlines so far."""
        observer, iso3 = self.played.observer, self.played.inputs.iso3
        shares, demand = observer.observed_shares()[0], observer.observed_demand()[0]
        poll, rows = observer.trust_poll()[0], self._rows(self.played)[0]
        weight = np.asarray(self.played.inputs.demand).sum(axis=0)
        of_country = (shares * weight[:, np.newaxis]).sum(axis=1) / weight.sum()
        world = (of_country * demand[:, np.newaxis]).sum(axis=0) / demand.sum()
        return {
            "year": self.year,
            "layers": {code: _rounded(shares[c]) for c, code in enumerate(iso3)},
            "countries": {code: _rounded(of_country[c]) for c, code in enumerate(iso3)},
            "world": dict(zip(STACKS, _rounded(world), strict=True)),
            "trust": dict(zip(STACKS, _rounded(poll.mean(axis=0)), strict=True)),
            "cut_offs": int(rows["coercion_events"].sum()),
            "announced_bn": dict(zip(STACKS, _rounded(rows["announced_bn"].sum(axis=0), 2), strict=True)),
            "signed": dict(zip(STACKS, rows["signed_deals"].sum(axis=0).astype(int).tolist(), strict=True)),
        }

    def secret(self) -> dict[str, Any]:
        """What nobody reads before the end: true hazards, lasting use, what was delivered."""
        rows, iso3 = self._rows(self.played)[0], self.played.inputs.iso3
        use = 100 * rows[-1]["world_utilised"][3].mean(axis=0)
        return {
            "hazards": {
                code: {stack: _rounded(rows[-1]["true_hazard"][c, s], 4) for s, stack in enumerate(STACKS)}
                for c, code in enumerate(iso3)
            },
            "use": dict(zip(STACKS, _rounded(use, 1), strict=True)),
            "delivered_bn": dict(zip(STACKS, _rounded(rows["delivered_bn"].sum(axis=0), 2), strict=True)),
        }

    def own_books(self, seat: SeatForm) -> dict[str, Any]:
        """A seat's own books, exact: its countries', its stack's, its vendors'."""
        rows = self._rows(self.played)[0]
        now, iso3, names = rows[-1], list(self.played.inputs.iso3), self.played.inputs.name
        countries = {}
        for code in seat.countries:
            c = iso3.index(code)
            countries[code] = {
                "name": str(names[c]),
                "shares": {layer: _rounded(now["installed"][c, l]) for l, layer in enumerate(LAYERS)},
                "use": round(float(now["used"][c].sum()), 4),
                "demand": round(float(now["demand"][c].sum()), 4),
                "value": round(float(now["welfare"][c]), 4),
                "control": round(float(now["sovereignty"][c]), 4),
                "dependence": round(float(now["dependence"][c]), 4),
                "leverage": {side: round(float(now["leverage"][c, h]), 4) for h, side in enumerate(SIDES)},
                "hazards": {stack: _rounded(now["perceived_hazard"][c, s], 4) for s, stack in enumerate(STACKS)},
            }
        books: dict[str, Any] = {"year": self.year, "countries": countries, "home": None, "vendors": None}
        if seat.side:
            s = STACKS.index(seat.side)
            books["vendors"] = {
                name: {
                    "revenue_bn": round(float(now["revenue_bn"][VENDORS.index(name)]), 3),
                    "cash_bn": round(float(self.played.world.state["cash"][0, VENDORS.index(name)]), 3),
                }
                for name in seat.vendors
            }
        if seat.kind == "home":
            books["home"] = {
                "use_percent": round(100 * float(now["world_utilised"][3, :, s].mean()), 2),
                "announced_bn": round(float(rows["announced_bn"][:, s].sum()), 2),
                "cost_bn": round(float(rows["public_cost_bn"][:, s].sum()), 2),
                "trust": round(float(now["trust"][: len(iso3), s].mean()), 4),
                "concessions": round(float(rows["concession_stakes"][:, SIDES.index(seat.side)].sum()), 3),
                "incidents": int(rows["security_incidents"][:, s].sum()),
            }
        return books


def book_of(rows: np.ndarray, inputs: Inputs) -> scores.Book:
    """Return yearbooks (runs, years) with what measures need of the world. Raises `ValueError` for a wider loop."""
    if rows["welfare"].shape[-1] != len(inputs.iso3):
        raise ValueError(f"the yearbook has {rows['welfare'].shape[-1]} places for {len(inputs.iso3)} countries")
    served = inputs.vendors.serves[: len(VENDORS)] > 0
    served = np.pad(served, ((0, rows["alive"].shape[-1] - len(VENDORS)), (0, 0)))
    return scores.Book(rows, tuple(inputs.iso3), np.asarray(inputs.income_group), served)


def imagined(known: Known, orders: Sequence[str], years: int, seed: int) -> tuple[scores.Book, scores.Book]:
    """Return the books of imagined futures with and without some orders, on the same luck; see `model.look_ahead`."""
    inputs = load_inputs(known.scenario.world, peer_graph=known.scenario.peer_graph)
    without, with_them = imagine(known, [(), tuple(orders)], years, FUTURES, seed)
    return book_of(with_them, inputs), book_of(without, inputs)


def _rounded(values: Any, digits: int = 3) -> list[Any]:
    return np.round(np.asarray(values, float), digits).tolist()


# before the first January


class Levers:
    """The levers that a scenario begins with: `value("us_government", "coerce")`."""

    def __init__(self, scenario: Scenario) -> None:
        inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
        self.iso3, self.table = tuple(inputs.iso3), preview(scenario)

    def value(self, actor: str, lever: str) -> Any:
        """A lever's value, a float or an array of its parts."""
        kind = kind_of(actor, self.iso3)
        return self.table[kind][actors_of(kind, self.iso3).index(actor)][lever]


def terms_of_layers() -> list[float]:
    """How many years a deal of each layer usually runs."""
    return [float(one) for one in np.asarray(PARAMETERS["term_years"].default)]
