"""Strategies of importing governments."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.levers import IMPORTER
from stackcraft.agents.strategies.base import Decision, Strategy, Table, Traits
from stackcraft.agents.view import ImporterView, PublicFacts

EVEN_FLOOR = 0.02  # judgement: what a layer keeps of a bandwagon's attention when no peer added any
CLUB_PARTNERS = 2


class Default(Table):
    """Keeps what the country facts say."""

    name = "default"
    kind = "importer"
    title = "Default"
    story = "Buys as its institutions and its history suggest."
    table = {}


class PriceTaker(Table):
    """Takes the best offer."""

    name = "price-taker"
    kind = "importer"
    title = "Price taker"
    story = "Takes the best offer, does not haggle and does not look back."
    table = {"sovereignty": 0.0, "hedge": 0.0, "champion": 0.0, "bargain": 0.0}


class Bandwagon(Strategy):
    """Buys what its peers bought."""

    name = "bandwagon"
    kind = "importer"
    title = "Bandwagon"
    story = "Buys first what its peers bought last year, for show as much as for use."
    traits = Traits(adaptive=True, reads=frozenset({"peer_additions"}))

    def decide(self, view: ImporterView) -> Decision:
        """Layers in proportion to what the peers added, above a small floor."""
        layers = view.base["layer_priority"].shape[-1]
        added = np.fmax(view.peer_additions, 0.0)  # fmax takes 0 for NaN
        total = added.sum(axis=-1, keepdims=True)
        followed = np.where(total > 0, added / np.where(total > 0, total, 1.0), 1.0 / layers)
        return {"layer_priority": EVEN_FLOOR + (1.0 - layers * EVEN_FLOOR) * followed, "prestige": 0.6, "bargain": 0.2}


class Hedge(Table):
    """Keeps a second source."""

    name = "hedge"
    kind = "importer"
    title = "Hedge"
    story = "Keeps a second source nearly everywhere and plays the sellers against each other."
    table = {"hedge": 0.8, "bargain": 0.7}


class SovereignFirst(Table):
    """Control before price."""

    name = "sovereign-first"
    kind = "importer"
    title = "Sovereignty first"
    story = "Pays for control: a domestic champion, a second source, nobody's dependency."
    table = {"sovereignty": 1.0, "champion": 0.6, "hedge": 0.5}


class ClearEyed(Table):
    """Knows what it needs."""

    name = "clear-eyed"
    kind = "importer"
    title = "Clear-eyed"
    story = "Knows what it needs, buys nothing for show and bargains hard."
    table = {"clarity": 0.9, "prestige": 0.0, "bargain": 0.8}


class CapabilityFirst(Table):
    """People before machines."""

    name = "capability-first"
    kind = "importer"
    title = "Capability first"
    story = "Trains its own people, asks sellers to train them too, and buys no faster than it can use."
    table = {"skills": 1.0, "require_training": 0.7, "pace": 0.8, "prestige": 0.0}


class RuleSetter(Table):
    """Buys from anybody who keeps its rules."""

    name = "rule-setter"
    kind = "importer"
    title = "Rule setter"
    story = "Buys from anybody who hosts in the country, opens systems to tests and lets it leave."
    table = {"require_hosting": 0.8, "require_evaluation": 0.8, "require_exit": 0.8}


class Club(Strategy):
    """Buys together with its strongest peers."""

    name = "club"
    kind = "importer"
    title = "Buyers' club"
    story = "Pools its tenders with the two strongest peers of its income group."
    traits = Traits(constant=True)

    def decide(self, view: ImporterView) -> Decision:
        """The country's club, numbered by the ISO number of its founder; the same in every run."""
        return {"club": clubs(view.facts), "clarity": 0.6}


def clubs(facts: PublicFacts) -> np.ndarray:
    """Club numbers, shape (C,): each country not yet in a club founds one with its two strongest free peers.

    A club has members of one income group only. Founders take turns by GDP, largest first, ties by ISO number, so that
    the outcome does not depend on the order of the countries. A country whose peers are all taken joins the club of its
    strongest peer of its group, and is in no club (NaN) if it has no such peer.
    """
    count = len(facts.iso3)
    number = np.full(count, np.nan)
    order = np.lexsort((facts.iso_number, -facts.gdp))
    for founder in order:
        if not np.isnan(number[founder]):
            continue
        peers = facts.peer_index[founder]
        ties = zip(-facts.peer_weight[founder], facts.iso_number[peers], peers, strict=True)
        alike = [
            int(peer)
            for weight, _, peer in sorted(ties)
            if weight < 0 and peer != founder and facts.income_group[peer] == facts.income_group[founder]
        ]
        free = [peer for peer in alike if np.isnan(number[peer])][:CLUB_PARTNERS]
        if free:
            number[[founder, *free]] = facts.iso_number[founder]
        elif alike:
            number[founder] = number[alike[0]]
    return np.clip(number, IMPORTER["club"].low, IMPORTER["club"].high)


STRATEGIES = (Default, PriceTaker, Bandwagon, Hedge, SovereignFirst, ClearEyed, CapabilityFirst, RuleSetter, Club)
