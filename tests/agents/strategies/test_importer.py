"""Importers follow their peers, or buy with them."""

from dataclasses import replace

import numpy as np

from stackcraft.agents.strategies import find_strategy
from stackcraft.agents.strategies.importer import clubs


def test_bandwagon_buys_what_its_peers_added(views):
    view = views([1, 2])["importer"]
    priority = find_strategy("bandwagon", "importer").decide(view)["layer_priority"]
    np.testing.assert_allclose(priority.sum(axis=-1), 1)
    np.testing.assert_array_equal(priority.argmax(axis=-1), view.peer_additions.argmax(axis=-1))
    quiet = replace(view, peer_additions=np.zeros_like(view.peer_additions))
    np.testing.assert_allclose(find_strategy("bandwagon", "importer").decide(quiet)["layer_priority"], 1 / 7)


def test_clubs_keep_to_one_income_group(facts):
    number = clubs(facts)
    for one in np.unique(number[~np.isnan(number)]):
        members = number == one
        assert members.sum() >= 2
        assert len(set(facts.income_group[members])) == 1
        assert int(one) in facts.iso_number[members]


def test_clubs_do_not_depend_on_the_order_of_countries(facts):
    order = np.random.default_rng(5).permutation(len(facts.iso3))
    place = np.argsort(order)
    moved = replace(
        facts,
        iso3=tuple(facts.iso3[c] for c in order),
        iso_number=facts.iso_number[order],
        income_group=facts.income_group[order],
        gdp=facts.gdp[order],
        peer_index=place[facts.peer_index[order]],
        peer_weight=facts.peer_weight[order],
    )
    np.testing.assert_array_equal(clubs(moved), clubs(facts)[order])


def test_a_country_without_peers_of_its_group_is_in_no_club(facts):
    groups = facts.income_group.copy()
    groups[3] = 3
    number = clubs(replace(facts, income_group=groups))
    assert np.isnan(number[3]) and not np.isnan(number).all()
