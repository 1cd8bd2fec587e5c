"""Who looks to whom: a graph of countries, its strongest ties, and the flat arrays that the loop reads. Others:
`peer_graphs.py`.

W is half trade and land borders, half likeness of votes (damped by distance, weighted by size). Both halves are
scaled to sum to 1 for each country, only the strongest ties are kept, and rows sum to 1 again. Weights are judgements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

STRONGEST = 12  # ties kept for each country
BORDER = 0.15  # a land border counts as much as this share of trade (j)
VOTE_SCALE = 0.5  # ideal points this far apart: e-fold weaker tie (j)
DISTANCE_SCALE_KM = 2500.0  # the same for distance (j)
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, eq=False)
class PeerArrays:
    """The graph as arrays.

    `indptr` (countries + 1,), `indices` and `weights` (ties,) are compressed rows. `index` and `weight`, shape
    (countries, STRONGEST), are the same rows at fixed width, strongest first, padded with the country itself at
    weight 0. `hub_degree`, shape (countries,), is the column sum over its largest value.
    """

    indptr: np.ndarray
    indices: np.ndarray
    weights: np.ndarray
    index: np.ndarray
    weight: np.ndarray
    hub_degree: np.ndarray


def distances_km(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Great-circle distances between all pairs, km, shape (places, places), by the haversine formula."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    half_chord = (
        np.sin((phi[:, None] - phi[None, :]) / 2) ** 2
        + np.cos(phi[:, None]) * np.cos(phi[None, :]) * np.sin((theta[:, None] - theta[None, :]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))


def likeness_of_votes(ideal_point: np.ndarray, km: np.ndarray, gdp: np.ndarray) -> np.ndarray:
    """exp(-|votes apart| / 0.5) exp(-km / 2500) sqrt(gdp of the peer), shape (countries, countries), zero diagonal."""
    apart = np.abs(ideal_point[:, None] - ideal_point[None, :])
    ties = np.exp(-apart / VOTE_SCALE) * np.exp(-km / DISTANCE_SCALE_KM) * np.sqrt(gdp)[None, :]
    np.fill_diagonal(ties, 0.0)
    return ties


def peer_graph(
    codes: Sequence[str], exchange: np.ndarray, likeness: np.ndarray, strongest: int = STRONGEST
) -> nx.DiGraph:
    """The peer graph: an edge from each country to the peers it looks to, attribute `weight`; weights out of a node sum
    to 1.

    `exchange` (trade shares as fractions plus borders) and `likeness` have shape (countries, countries). A country
    without trade partners among the importers relies on likeness alone. Ties of equal weight go to the earlier code.
    """
    total = _rows_to_one(exchange) / 2 + _rows_to_one(likeness) / 2
    np.fill_diagonal(total, 0.0)
    return strongest_ties(codes, total, strongest)


def strongest_ties(
    codes: Sequence[str], ties: np.ndarray, strongest: int = STRONGEST, before: np.ndarray | None = None
) -> nx.DiGraph:
    """The graph of each country's strongest ties, shape (countries, countries), scaled to sum to 1.

    Ties of equal weight go to the peer with the least in `before`, of the same shape, and then to the earlier code.
    """
    first = np.zeros_like(ties) if before is None else before
    graph = nx.DiGraph()
    graph.add_nodes_from(codes)
    for row, code in enumerate(codes):
        order = sorted(range(len(codes)), key=lambda peer: (-ties[row, peer], first[row, peer], codes[peer]))[
            :strongest
        ]
        kept = [peer for peer in order if ties[row, peer] > 0]
        whole = sum(ties[row, peer] for peer in kept)
        for peer in kept:
            graph.add_edge(code, codes[peer], weight=float(ties[row, peer] / whole))
    return graph


def peer_arrays(graph: nx.DiGraph, codes: Sequence[str], strongest: int = STRONGEST) -> PeerArrays:
    """The graph as compressed rows in the order of `codes`, strongest tie first."""
    position = {code: row for row, code in enumerate(codes)}
    indptr, indices, weights = [0], [], []
    index = np.repeat(np.arange(len(codes), dtype=np.int64)[:, None], strongest, axis=1)
    weight = np.zeros((len(codes), strongest))
    received = np.zeros(len(codes))
    for row, code in enumerate(codes):
        ties = sorted(((position[peer], data["weight"]) for _, peer, data in graph.out_edges(code, data=True)),
                      key=lambda tie: (-tie[1], codes[tie[0]]))  # fmt: skip
        for slot, (peer, value) in enumerate(ties):
            indices.append(peer)
            weights.append(value)
            index[row, slot], weight[row, slot] = peer, value
            received[peer] += value
        indptr.append(len(indices))
    return PeerArrays(
        indptr=np.array(indptr, dtype=np.int64),
        indices=np.array(indices, dtype=np.int64),
        weights=np.array(weights, dtype=np.float64),
        index=index,
        weight=weight,
        hub_degree=received / received.max() if received.max() > 0 else received,
    )


def _rows_to_one(ties: np.ndarray) -> np.ndarray:
    total = ties.sum(axis=1, keepdims=True)
    return np.divide(ties, total, out=np.zeros_like(ties), where=total > 0)
