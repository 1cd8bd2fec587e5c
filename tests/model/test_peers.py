"""The peer graph: its weights, its arrays, and that neither depends on the order of countries."""

import networkx as nx
import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import PEER_GRAPHS
from stackcraft.model import Scenario, Simulation, start
from stackcraft.model.inputs import load_inputs
from stackcraft.model.peer_graphs import Facts, at_random, neighbours, region, sentence, votes
from stackcraft.model.peers import STRONGEST, distances_km, likeness_of_votes, peer_arrays, peer_graph


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


# The other graphs.


def ties(graph, code):
    """The peers of a country with their weights."""
    return {peer: data["weight"] for peer, data in graph[code].items()}


def four(**changes):
    """Facts of four countries on a line, 1000 km apart: A borders B, C borders D; A and B share a subregion, C and D a
    region.
    """
    km = 1000.0 * np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    borders = np.zeros((4, 4))
    borders[[0, 1, 2, 3], [1, 0, 3, 2]] = 1
    facts = {
        "codes": ["A", "B", "C", "D"],
        "subregion": ["coast", "coast", "hills", ""],
        "region": ["north", "north", "south", "south"],
        "ideal_point": np.array([0.0, 2.0, 0.5, 1.0]),
        "gdp": np.array([1.0, 2.0, 3.0, 1000.0]),
        "km": km,
        "exchange": 0.2 * borders,
        "borders": borders,
    }
    return Facts(**{**facts, **changes})


def test_neighbours_by_hand():
    near = np.exp(-np.array([1.0, 2.0, 3.0]) / 2.5)
    expected = 0.5 * near / near.sum() + [0.5, 0, 0]
    assert ties(neighbours(four()), "A") == pytest.approx(dict(zip("BCD", expected, strict=True)))
    island = neighbours(four(borders=np.zeros((4, 4))))  # no land border: nearness alone
    assert ties(island, "A") == pytest.approx(dict(zip("BCD", near / near.sum(), strict=True)))


def test_region_by_hand():
    graph = region(four())
    assert ties(graph, "A") == {"B": 1.0} and ties(graph, "B") == {"A": 1.0}
    assert ties(graph, "C") == {"D": 1.0}  # alone in its subregion: its region
    assert ties(graph, "D") == {"C": 1.0}  # no subregion
    nowhere = region(four(subregion=[""] * 4, region=["north", "north", "", "south"]))
    assert ties(nowhere, "C") == pytest.approx(dict.fromkeys("ABD", 1 / 3))  # nobody near by either name: everybody
    codes = [f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]
    away = np.abs(np.subtract.outer(np.arange(20.0), np.arange(20.0)))
    crowd = region(
        Facts(
            codes, ["one"] * 20, ["one"] * 20, np.zeros(20), np.ones(20), away, np.zeros((20, 20)), np.zeros((20, 20))
        )
    )
    assert ties(crowd, "AT") == pytest.approx(
        dict.fromkeys(codes[7:19], 1 / 12)
    )  # of many the nearest, not the first by name


def test_votes_by_hand():
    weight = np.exp(-np.array([2.0, 0.5, 1.0]) / 0.5)
    assert ties(votes(four()), "A") == pytest.approx(dict(zip("BCD", weight / weight.sum(), strict=True)))


def test_random_peers_are_as_many_and_as_strong_whatever_the_order_of_countries(inputs):
    usual, null = inputs.peer_graph, load_inputs(peer_graph="random").peer_graph
    for code in usual:
        assert sorted(ties(null, code).values()) == pytest.approx(sorted(ties(usual, code).values()))
    shared = sum(len(ties(null, code).keys() & ties(usual, code).keys()) for code in usual)
    # Twelve of 192 at random: 0.75 in common on average.
    assert 0.4 < shared / len(usual) < 1.2
    order = [2, 0, 3, 1]
    plain = four()
    moved = four(
        codes=[plain.codes[i] for i in order],
        ideal_point=plain.ideal_point[order],
        gdp=plain.gdp[order],
        km=plain.km[np.ix_(order, order)],
        exchange=plain.exchange[np.ix_(order, order)],
        borders=plain.borders[np.ix_(order, order)],
    )
    assert all(ties(at_random(moved), code) == pytest.approx(ties(at_random(plain), code)) for code in plain.codes)


@pytest.mark.parametrize("world", ["world", "synthetic"])
@pytest.mark.parametrize("name", PEER_GRAPHS)
def test_every_graph_keeps_the_same_bounds_and_the_facts(world, name):
    usual, one = load_inputs(world), load_inputs(world, peer_graph=name)
    assert one.facts_hash == usual.facts_hash and one.peer_graph_name == name and sentence(name).endswith(".")
    assert one.peer_index.shape == one.peer_weight.shape == (len(usual), STRONGEST)
    assert one.peer_weight.sum(axis=1) == pytest.approx(np.ones(len(usual)))
    assert (one.peer_index[one.peer_weight > 0] != np.nonzero(one.peer_weight)[0]).all()  # nobody is its own peer
    assert one.hub_degree.max() == 1
    same = np.array_equal(one.peer_index, usual.peer_index) and np.array_equal(one.peer_weight, usual.peer_weight)
    assert same == (name == PEER_GRAPHS[0])
    assert load_inputs(world, peer_graph=name) is one and load_inputs(world) is usual
    assert np.array_equal(one.demand, usual.demand) and np.array_equal(one.likeness, usual.likeness)


def test_what_was_filled_in_is_told_of_the_graph_that_uses_it():
    usual, near = (load_inputs(peer_graph=name).filled for name in ("trade-and-votes", "neighbours"))
    assert usual["peer_weight"] and not near.get("peer_weight") and usual["ideal_point"] == near["ideal_point"]


def test_an_unknown_graph_is_one_clear_line():
    with pytest.raises(InputError, match="peer graph 'vote' is unknown; did you mean votes") as caught:
        load_inputs("synthetic", peer_graph="vote")
    assert "\n" not in str(caught.value)


def test_a_run_follows_the_graph_of_its_scenario():
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2028))
    shares = {}
    for name in ("trade-and-votes", "random"):
        with Simulation(scenario.with_changes(peer_graph=name), runs=1, seed=4) as simulation:
            assert simulation.inputs.peer_graph_name == name
            shares[name] = simulation.run().results.installed
    first, second = shares.values()
    assert first.isel(year=0).equals(second.isel(year=0)) and not first.isel(year=-1).equals(second.isel(year=-1))
