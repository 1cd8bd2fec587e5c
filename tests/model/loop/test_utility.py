"""Price, cutability and every utility term of every bid against the plain formulas."""

import math

import numpy as np
import pytest

from experiments.checks.one_run import bids, choice_probabilities
from model.loop.finance import instrument_factor
from model.loop.sizes import TERM_NAMES
from model.loop.utility import price_taste, reach_of_support, support_price
from tests.model.loop.conftest import CELLS
from tests.reference import choice as twin


def serving(world, l):
    return [v for v in range(world.vendors) if world.facts.serves[l][v]]


def test_prices_and_cutability(stood):
    market, world = stood.run.market, stood.world
    for l in range(world.layers):
        for v in serving(world, l):
            assert market["price"][l, v] == pytest.approx(twin.list_price(world, l, v), rel=1e-12), (l, v)
            assert market["cut"][l, v] == pytest.approx(twin.cut(world, l, v), rel=1e-12), (l, v)
            assert 12 * market["years"][l, v] == pytest.approx(twin.months_to_operation(world, l, v), rel=1e-12), (l, v)


@pytest.mark.parametrize(("c", "l"), CELLS)
def test_terms_of_new_sites(stood, c, l):
    terms, utility = bids(stood.run, c, l)
    for v in serving(stood.world, l):
        expected = twin.terms(stood.world, c, l, v)
        for name, value in expected.items():
            assert terms[TERM_NAMES.index(name), v] == pytest.approx(value, rel=1e-10, abs=1e-12), (name, v)
        assert set(TERM_NAMES) - set(expected) == {"package"}
        assert utility[v] == pytest.approx(math.fsum(expected.values()), abs=1e-11)


@pytest.mark.parametrize(("c", "l"), CELLS[::3])
def test_terms_of_renewals(stood, c, l):
    held = np.zeros(16)
    first, second = serving(stood.world, l)[0], serving(stood.world, l)[-1]
    held[first], held[second] = 0.7, 0.3
    terms, utility = bids(stood.run, c, l, True, held)
    for v in serving(stood.world, l):
        expected = twin.terms(stood.world, c, l, v, held)
        for name in ("incumbency", "sovereignty"):
            assert terms[TERM_NAMES.index(name), v] == pytest.approx(expected[name], rel=1e-10, abs=1e-12), (name, v)
        assert utility[v] == pytest.approx(math.fsum(expected.values()), abs=1e-11)


def test_no_term_is_trivially_nothing(stood):
    """Otherwise the comparison above would say little."""
    largest = dict.fromkeys(TERM_NAMES, 0.0)
    for c, l in CELLS:
        terms, _ = bids(stood.run, c, l)
        for place, name in enumerate(TERM_NAMES):
            largest[name] = max(largest[name], np.abs(terms[place, serving(stood.world, l)]).max())
    assert [name for name, value in largest.items() if value == 0 and name != "package"] in ([], ["dependence"])


def test_probabilities_against_the_plain_logit(stood):
    p, world = stood.world.parameters, stood.world
    for c, l in CELLS:
        _, utility = bids(stood.run, c, l)
        own = serving(world, l)
        stack = {v: int(world.facts.vendor_stack[v]) for v in own}
        expected, nothing = twin.nested_logit({v: utility[v] for v in own}, stack, p.nest_scale, p.count_correction, p.outside_option)
        got, _, rest = choice_probabilities(
            utility[own], np.ones(len(own)), np.array([stack[v] for v in own]), p.nest_scale, p.count_correction, np.exp(p.outside_option))
        assert np.abs(got - [expected[v] for v in own]).max() < 1e-13
        assert rest == pytest.approx(nothing, rel=1e-12)


def test_support_cheapens_by_its_reach(stood):
    run, world = stood.run, stood.world
    for v in range(world.vendors):
        for h in (0, 1):
            reach = reach_of_support(run, 2, h, v)
            assert 0 <= reach <= 1
            expected = -price_taste(run, 2) * math.log(1 - reach * (1 - 0.7))
            assert support_price(run, 2, h, v, 0.7, price_taste(run, 2)) == pytest.approx(expected, abs=1e-14)
    assert instrument_factor(run.parameters, run.financier["at"][1], 2, 0.12) < 1
