"""Who looks to whom, in five ways: the usual graph of `peers.py`, and others to hold against it.

Which peers count is an assumption of structure: a finding that holds on one graph only rests on it. All graphs keep at
most the
`STRONGEST` ties of a country, and a country's weights sum to 1. Weights are judgements.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from stackcraft.agents.errors import unknown
from stackcraft.agents.names import PEER_GRAPHS
from stackcraft.model import start
from stackcraft.model.fact_tables import World
from stackcraft.model.peers import DISTANCE_SCALE_KM, VOTE_SCALE, likeness_of_votes, peer_graph, strongest_ties

RANDOM_KEY = "peers at random"  # keys the null model: the same ties in every run, study and version
USUAL = PEER_GRAPHS[0]


@dataclass(frozen=True)
class Facts:
    """What graphs are made of. C countries: `codes`, `subregion`, `region` (C,) texts, "" where not known;
    `ideal_point`, `gdp`
    (C,); `km` between capitals, `exchange` (trade shares plus borders) and `borders` (0/1), all (C, C)."""

    codes: Sequence[str]
    subregion: Sequence[str]
    region: Sequence[str]
    ideal_point: np.ndarray
    gdp: np.ndarray
    km: np.ndarray
    exchange: np.ndarray
    borders: np.ndarray


def graph_named(name: str, world: World, values: dict[str, np.ndarray], km: np.ndarray) -> nx.DiGraph:
    """The peer graph of that name among the importers of a world; `values` are its inputs so far, `km` (C, C)
    distances.

    Raises `InputError` with the nearest name.
    """
    if name not in GRAPHS:
        raise unknown("peer graph", name, PEER_GRAPHS)
    return GRAPHS[name](
        Facts(
            codes=world.importers,
            subregion=world.words("subregion"),
            region=world.words("region"),
            ideal_point=values["ideal_point"],
            gdp=values["gdp"],
            km=km,
            exchange=start.exchange(world),
            borders=np.minimum(start.borders(world), 1.0),
        )
    )


def trade_and_votes(facts: Facts) -> nx.DiGraph:
    """Half trade and borders, half likeness of votes within reach."""
    return peer_graph(facts.codes, facts.exchange, likeness_of_votes(facts.ideal_point, facts.km, facts.gdp))


def neighbours(facts: Facts) -> nx.DiGraph:
    """Half land borders, all alike, half nearness, exp(-km / 2500); without a land border nearness alone."""
    return peer_graph(facts.codes, facts.borders, _without_self(np.exp(-facts.km / DISTANCE_SCALE_KM)))


def region(facts: Facts) -> nx.DiGraph:
    """Everybody in the same subregion alike; of more than twelve the nearest.

    Who is alone in a subregion, or has none, looks to the nearest of its region, and failing that to the nearest of
    all.
    """
    count = len(facts.codes)
    together = np.ones((count, count))
    for group in (facts.region, facts.subregion):
        same = np.array([[one == other and one != "" for other in group] for one in group], float)
        company = _without_self(same.copy()).sum(axis=1) > 0
        together = np.where(company[:, np.newaxis], same, together)
    return strongest_ties(facts.codes, _without_self(together), before=facts.km)


def votes(facts: Facts) -> nx.DiGraph:
    """Likeness of votes alone, exp(-|votes apart| / 0.5), whatever the distance and size."""
    apart = np.abs(facts.ideal_point[:, np.newaxis] - facts.ideal_point[np.newaxis, :])
    return strongest_ties(facts.codes, _without_self(np.exp(-apart / VOTE_SCALE)))


def at_random(facts: Facts) -> nx.DiGraph:
    """A null model: as many ties as in the usual graph and as strong, to peers drawn by a fixed key for each pair."""
    usual, graph = trade_and_votes(facts), nx.DiGraph()
    graph.add_nodes_from(facts.codes)
    for code in facts.codes:
        weights = sorted((weight for _, _, weight in usual.out_edges(code, data="weight")), reverse=True)
        others = sorted((other for other in facts.codes if other != code), key=lambda other: _drawn(code, other))
        for other, weight in zip(others, weights, strict=False):
            graph.add_edge(code, other, weight=weight)
    return graph


def _drawn(code: str, other: str) -> bytes:
    return hashlib.sha256(f"{RANDOM_KEY}: {code} {other}".encode()).digest()


def _without_self(ties: np.ndarray) -> np.ndarray:
    np.fill_diagonal(ties, 0.0)
    return ties


GRAPHS: dict[str, Callable[[Facts], nx.DiGraph]] = dict(
    zip(PEER_GRAPHS, (trade_and_votes, neighbours, region, votes, at_random), strict=True)
)
ALL_COLUMNS = ("trade:share_pct", "borders", "ideal_point", "gdp_usd_bn")
# The columns behind each graph, so that what was filled in is told only where it counts.
COLUMNS = dict(
    zip(PEER_GRAPHS, (ALL_COLUMNS, ("borders",), ("subregion", "region"), ("ideal_point",), ALL_COLUMNS), strict=True)
)


def sentence(name: str) -> str:
    """What a peer graph is, in one line."""
    return (GRAPHS[name].__doc__ or "").strip().splitlines()[0]
