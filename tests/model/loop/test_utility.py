"""Price, cutability and every utility term of every bid against the plain formulas."""

import math

import numpy as np
import pytest

from stackcraft.experiments.checks.one_run import bids, choice_probabilities, refresh
from stackcraft.model.loop.codes import AT_RENEWAL, AT_SALE, N_TERMS, TERMS, VENDOR_PLACES
from stackcraft.model.loop.finance import instrument_factor
from stackcraft.model.loop.run import BIDS
from stackcraft.model.loop.utility import price_taste, reach_of_support, shared, support_price
from tests.model.loop.conftest import CELLS, OWN_OFFERS, look, put, put_levers, switch
from tests.reference import choice as twin
from tests.reference.bids import log_odds_of_consideration


def serving(world, l):
    return [v for v in range(world.vendors) if world.facts.serves[l][v]]


def test_sums_in_halves_and_quarters_leave_nothing_out():
    """The terms that a stack's bids share are added in two halves, what is installed in four."""
    bids = np.zeros(1, BIDS)
    bids["base"][0, :, 1] = 2.0 ** np.arange(N_TERMS)
    assert shared(bids[0], 1) == 2.0**N_TERMS - 1 and shared(bids[0], 0) == 0
    assert VENDOR_PLACES % 4 == 0


@pytest.mark.parametrize("case", ["as it is", "quick wins and tariffs", "no subsidies"])
def test_prices_and_cutability(standing, case):
    put_levers(standing, "home", slice(None), subsidy=np.linspace(0, 0.3, 7))
    if case == "quick wins and tariffs":
        put_levers(standing, "vendor", slice(0, 15), customisation=0.5, local_hosting=np.linspace(0, 1, 15))
        put(standing, quick_until=np.where(np.arange(16) % 2, 40, 0), tariff_until=np.array([40, 0]))
    put(standing, subsidy_on=0.0 if case == "no subsidies" else 1.0)
    refresh(standing.run)
    market, world = standing.run.market, look(standing)
    own = [c for c in range(world.countries) if market["offer"][c] > 0]
    assert own == OWN_OFFERS and market["offer"][own].tolist() == [c + 1 for c in own]
    for c in (None, *own):  # what is offered everywhere, and to those for whom something differs
        e = 0 if c is None else c + 1
        for l in range(world.layers):
            for v in serving(world, l):
                place = (e, l, v)
                assert market["price"][place] == pytest.approx(twin.list_price(world, l, v, c), rel=1e-12), place
                assert market["price_now"][place] == pytest.approx(twin.price_now(world, l, v, c), rel=1e-12), place
                assert market["cut"][place] == pytest.approx(twin.cut(world, l, v, c), rel=1e-12), place
                expected = twin.months_to_operation(world, l, v)
                assert 12 * market["years"][l, v] == pytest.approx(expected, rel=1e-12), place


@pytest.mark.parametrize("case", ["as it is", "teams sent", "quick wins"])
def test_chances_of_being_considered(standing, case):
    """Advocacy, clarity, teams and what tailoring costs them; a Gulf hub by how near the Gulf is."""
    put_levers(standing, "home", slice(None), consortium_required=0.4, industry_led=0.5, advocacy=0.6)
    put_levers(standing, "vendor", slice(0, 15), customisation=np.linspace(0, 1, 15), reexport=0.5)
    if case == "teams sent":
        for v in range(0, 15, 2):
            put_levers(
                standing,
                "vendor",
                v,
                teams=np.random.default_rng(v).uniform(0, 2, standing.run.vendor["at"]["teams"].shape[-1]),
            )
    elif case == "quick wins":
        put(standing, quick_until=40)
    refresh(standing.run)
    world = look(standing)
    for c in range(world.countries):
        for v in range(world.vendors):
            expected = 1 / (1 + math.exp(-log_odds_of_consideration(world, c, v, 0.0)))
            assert standing.run.market["chance_considered"][c, v] == pytest.approx(expected, rel=1e-11), (c, v)


@pytest.mark.parametrize(("c", "l"), CELLS)
def test_terms_of_new_sites(stood, c, l):
    terms, utility = bids(stood.run, c, l)
    for v in serving(stood.world, l):
        expected = twin.terms(stood.world, c, l, v)
        for name, value in expected.items():
            assert terms[TERMS.index(name), v] == pytest.approx(value, rel=1e-10, abs=1e-12), (name, v)
        assert set(TERMS) - set(expected) == {"package"}
        assert utility[v] == pytest.approx(math.fsum(expected.values()), abs=1e-11)


@pytest.mark.parametrize(("c", "l"), CELLS[::3])
def test_a_tender_for_something_new_has_a_constant_of_its_own(stood, c, l):
    terms, utility = bids(stood.run, c, l, AT_SALE)
    among_all, _ = bids(stood.run, c, l)
    assert np.abs(terms[TERMS.index("constant")] - among_all[TERMS.index("constant")]).max() > 1e-3
    for v in serving(stood.world, l):
        expected = twin.terms(stood.world, c, l, v, sale=True)
        assert terms[TERMS.index("constant"), v] == pytest.approx(expected["constant"], rel=1e-10, abs=1e-12), v
        assert utility[v] == pytest.approx(math.fsum(expected.values()), abs=1e-11)


@pytest.mark.parametrize(("c", "l"), CELLS[::3])
def test_terms_of_renewals(stood, c, l):
    held = np.zeros(16)
    first, second = serving(stood.world, l)[0], serving(stood.world, l)[-1]
    held[first], held[second] = 0.7, 0.3
    terms, utility = bids(stood.run, c, l, AT_RENEWAL, held)
    for v in serving(stood.world, l):
        expected = twin.terms(stood.world, c, l, v, held)
        for name in ("incumbency", "sovereignty"):
            assert terms[TERMS.index(name), v] == pytest.approx(expected[name], rel=1e-10, abs=1e-12), (name, v)
        assert utility[v] == pytest.approx(math.fsum(expected.values()), abs=1e-11)


@pytest.mark.parametrize(
    "off", sorted({*twin.SWITCHES.values(), "price", "standards_lever", "goodwill", "retaliation", "champions"})
)
def test_terms_without_a_submodel(standing, off):
    put_levers(standing, "importer", slice(0, standing.world.countries), ban_us=0.3, champion=0.6)
    before = [bids(standing.run, c, l)[1] for c, l in CELLS]
    switch(standing, off=(off,))
    refresh(standing.run)
    world, moved = look(standing), 0.0
    for (c, l), then in zip(CELLS, before, strict=True):
        _, utility = bids(standing.run, c, l)
        for v in serving(world, l):
            assert utility[v] == pytest.approx(math.fsum(twin.terms(world, c, l, v).values()), abs=1e-11), (c, l, v)
            moved = max(moved, abs(utility[v] - then[v]))
    assert moved > 1e-4


def test_no_term_is_trivially_nothing(stood):
    """Otherwise the comparison above would say little."""
    largest = dict.fromkeys(TERMS, 0.0)
    for c, l in CELLS:
        terms, _ = bids(stood.run, c, l)
        for place, name in enumerate(TERMS):
            largest[name] = max(largest[name], np.abs(terms[place, serving(stood.world, l)]).max())
    assert [name for name, value in largest.items() if value == 0 and name != "package"] in ([], ["dependence"])


def test_probabilities_against_the_plain_logit(stood):
    p, world = stood.world.parameters, stood.world
    for c, l in CELLS:
        _, utility = bids(stood.run, c, l)
        own = serving(world, l)
        stack = {v: int(world.facts.vendor_stack[v]) for v in own}
        expected, nothing = twin.nested_logit(
            {v: utility[v] for v in own}, stack, p.nest_scale, p.count_correction, p.outside_option
        )
        got, _, rest = choice_probabilities(
            utility[own],
            np.ones(len(own)),
            np.array([stack[v] for v in own]),
            p.nest_scale,
            p.count_correction,
            np.exp(p.outside_option),
        )
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
