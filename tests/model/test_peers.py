"""The peer graph: its weights, its arrays, and that neither depends on the order of countries."""

import networkx as nx
import numpy as np
import pytest

from model import start
from model.inputs import load_inputs
from model.peers import STRONGEST, distances_km, likeness_of_votes, peer_arrays, peer_graph


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def made_up(countries=20, seed=3):
    random = np.random.default_rng(seed)
    codes = [f"A{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(countries)]
    exchange = random.random((countries, countries)) * (random.random((countries, countries)) < 0.3)
    likeness = random.random((countries, countries))
    np.fill_diagonal(exchange, 0)
    np.fill_diagonal(likeness, 0)
    return codes, exchange, likeness


def test_distances_are_great_circles():
    # London, Paris, Quito, and the point opposite to Quito.
    km = distances_km(np.array([51.507, 48.857, -0.22, 0.22]), np.array([-0.128, 2.352, -78.51, 101.49]))
    assert km[0, 1] == pytest.approx(344, abs=2)
    assert km[2, 3] == pytest.approx(np.pi * 6371, rel=1e-6)
    assert np.array_equal(km, km.T) and not np.diag(km).any()


def test_likeness_falls_with_votes_apart_and_distance_and_rises_with_size():
    points, gdp = np.array([0.0, 0.5, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 4.0])
    km = np.array([[0, 0, 2500, 0], [0, 0, 0, 0], [2500, 0, 0, 0], [0, 0, 0, 0.0]])
    ties = likeness_of_votes(points, km, gdp)[0]
    assert ties == pytest.approx([0, np.exp(-1), np.exp(-1), 2])


def test_strongest_ties_are_kept_and_rows_sum_to_one():
    codes, exchange, likeness = made_up()
    exchange[4] = 0  # a country without partners relies on likeness alone
    graph = peer_graph(codes, exchange, likeness, strongest=5)
    assert isinstance(graph, nx.DiGraph) and list(graph) == codes
    for row, code in enumerate(codes):
        trade, votes = exchange[row].sum(), likeness[row].sum()
        total = likeness[row] / votes / 2 + (exchange[row] / trade / 2 if trade else 0)
        kept = np.argsort(-total)[:5]
        expected = {codes[peer]: total[peer] / total[kept].sum() for peer in kept}
        assert {peer: graph[code][peer]["weight"] for peer in graph[code]} == pytest.approx(expected)


def test_compressed_and_fixed_rows_hold_the_same_ties(inputs):
    peers = inputs.peers
    assert peers.indptr[0] == 0 and peers.indptr[-1] == len(peers.indices) == len(peers.weights)
    for row in range(len(inputs)):
        span = slice(peers.indptr[row], peers.indptr[row + 1])
        ties = peers.weights[span]
        assert 0 < len(ties) <= STRONGEST
        assert ties.sum() == pytest.approx(1, abs=1e-12)
        assert row not in peers.indices[span]
        assert (np.diff(ties) <= 0).all()
        assert np.array_equal(inputs.peer_index[row, : len(ties)], peers.indices[span])
        assert np.array_equal(inputs.peer_weight[row, : len(ties)], ties)
        assert not inputs.peer_weight[row, len(ties) :].any()
    received = np.bincount(peers.indices, peers.weights, minlength=len(inputs))
    assert inputs.hub_degree == pytest.approx(received / received.max())


def test_order_of_countries_does_not_matter():
    codes, exchange, likeness = made_up()
    likeness[:, 7] = likeness[:, 3]  # ties of equal weight
    order = np.random.default_rng(5).permutation(len(codes))
    shuffled = [codes[row] for row in order]
    one = peer_graph(codes, exchange, likeness, strongest=4)
    other = peer_graph(shuffled, exchange[np.ix_(order, order)], likeness[np.ix_(order, order)], strongest=4)
    assert {(a, b): w for a, b, w in one.edges(data="weight")} == pytest.approx(
        {(a, b): w for a, b, w in other.edges(data="weight")}
    )


def test_few_countries_are_padded_with_themselves():
    codes, exchange, likeness = made_up(countries=4)
    peers = peer_arrays(peer_graph(codes, exchange, likeness), codes)
    assert peers.index.shape == peers.weight.shape == (4, STRONGEST)
    for row in range(4):
        assert (peers.index[row, 3:] == row).all() and not peers.weight[row, 3:].any()
        assert peers.weight[row].sum() == pytest.approx(1)


def test_exchange_is_both_flows_plus_borders_both_ways():
    world = load_inputs("synthetic").world
    ties = start.exchange(world)
    row = {code: place for place, code in enumerate(world.importers)}
    assert ties[row["AAA"], row["AAI"]] == pytest.approx(0.12 + 0.11 + 0.15)
    assert ties[row["AAI"], row["AAA"]] == pytest.approx(0.27 + 0.25 + 0.15)
    assert ties[row["AAG"], row["AAF"]] == pytest.approx(0.14 + 0.11 + 0.15)
    assert not ties[row["AAB"]].any()


def test_hubs_and_neighbours_of_the_real_world(inputs):
    order = np.argsort(-inputs.hub_degree)
    assert {inputs.iso3[row] for row in order[:3]} == {"DEU", "IND", "ARE"}
    kenya = inputs.iso3.index("KEN")
    closest = [inputs.iso3[peer] for peer in inputs.peer_index[kenya, :4]]
    assert {"UGA", "TZA"} <= set(closest)
