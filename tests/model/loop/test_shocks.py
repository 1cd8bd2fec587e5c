"""What a shock, a cut-off, a January's disputes and diversions do to a run, field by field, against the plain rules."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import (
    E_CUT_OFF,
    E_DEAL,
    E_DEBT_DISTRESS,
    E_GOVERNMENT_CHANGE,
    E_SANCTIONS,
    EVENT_KINDS,
)
from stackcraft.model.loop.disputes import divert, settle_disputes
from stackcraft.model.loop.shocks import WORLD, breaches, cut_off, draw_shocks, happen, strike
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_levers, put_parameters, switch
from tests.reference import beliefs, disputes, month
from tests.reference import shocks as twin
from tests.reference.plain import OPERATING

SCENARIO_NAMES = {"bust": "ai_bust", "power_shock": "power", "frontier_jump": "frontier_jump"}


def in_operation(one):
    return [tuple(int(x) for x in place) for place in np.argwhere(one.run.state["stage"] == OPERATING)]


def test_places_of_the_years_draws():
    assert [EVENT_KINDS[kind] for kind, _, _ in WORLD] == [SCENARIO_NAMES.get(what, what) for what, _ in twin.WORLD]
    assert [side for _, side, _ in WORLD] == [side for _, side in twin.WORLD]


@pytest.mark.parametrize("january", [36, 48, 480])
def test_shocks_of_a_year(standing, january):
    put(standing, month=january)
    put_parameters(standing, tariff_rate=0.9, breach_rate=0.6, attack_rate=1.5, bust_rate=0.8, debt_distress_rate=0.8)
    months, at_home = twin.drawn(look(standing))
    draw_shocks(standing.run)
    assert standing.run.state["shock_month"][: len(months)].tolist() == months
    assert [tuple(row) for row in standing.run.state["country_shock_month"][: len(at_home)]] == at_home
    assert max(months) < january + 12 and sum(month >= january for month in months) >= 2


@pytest.mark.parametrize(("place", "shock"), list(enumerate(twin.WORLD)))
def test_every_world_shock(standing, place, shock):
    put(standing, cash=standing.world.facts.cash * np.linspace(0.2, 1.5, 16), scepticism_shift=0.1)
    world = look(standing)
    twin.happen(world, *shock, place=place)
    kind, side, slot = WORLD[place]
    happen(standing.run, kind, side, -1, 1.0, slot)
    assert_same(standing, world)
    moved = [
        name
        for name, before in vars(standing.world.state).items()
        if not np.array_equal(before, getattr(world.state, name)) and name not in ("cash", "scepticism_shift")
    ]
    assert moved or world.book.security_incidents.sum() > standing.world.book.security_incidents.sum()


@pytest.mark.parametrize("size", [0.5, 2.0])
def test_shocks_to_one_country(standing, size):
    world = look(standing)
    for c, (what, kind, side) in enumerate(
        [
            ("debt_distress", E_DEBT_DISTRESS, 0),
            ("government_change", E_GOVERNMENT_CHANGE, 0),
            ("sanctions", E_SANCTIONS, 1),
            ("breach", EVENT_KINDS.index("breach"), 2),
            ("alliance_doubt", EVENT_KINDS.index("alliance_doubt"), 0),
        ]
    ):
        twin.happen(world, what, side, c, size, 100)
        happen(standing.run, np.int64(kind), side, c, size, 100)
    assert_same(standing, world)
    assert world.state.debt_until[0] == 36 + int(36 * size) and world.state.sovereignty_shift[1] != 0


def test_what_falls_into_a_month(standing):
    """Shocks that wait for this month, all at once; then fears are computed again."""
    put(standing, shock_month=-1, country_shock_month=-1)
    for place in (0, 3, 6, 12, 15):
        put(standing, shock_month=(place, standing.world.state.month))
    put(
        standing,
        shock_month=(9, standing.world.state.month + 1),
        country_shock_month=((2, 1), standing.world.state.month),
    )
    world = look(standing)
    for place in (0, 3, 6, 12, 15):
        twin.happen(world, *twin.WORLD[place], place=place)
    twin.happen(world, "government_change", 0, 2)
    beliefs.refresh_fears(world)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)
    assert world.state.bust_until == 0


@pytest.mark.parametrize(("what", "place"), [("tariff_until", 1), ("quick_until", 4)])
def test_what_runs_its_time_sets_offers_anew(standing, what, place):
    """A row over tariffs, or a vendor's quick wins: in the month in which they end, with and without shocks.

    Not before and not later.
    """
    put(standing, shock_month=-1, country_shock_month=-1, tariff_until=0, quick_until=0)
    stale = []
    for off in ((), ("shocks",)):
        switch(standing, off=off)
        for until in (35, 36, 37):
            put(standing, **{what: (place, until)}, market_stale=0)
            world = look(standing)
            month.strike(world)
            strike(standing.run, standing.space["draft"])
            assert_same(standing, world)
            stale.append(int(standing.run.state["market_stale"]))
    assert stale == [0, 1, 0] * 2


def test_without_shocks_nothing_falls(standing):
    put(standing, shock_month=standing.world.state.month, country_shock_month=-1)
    switch(standing, off=("shocks",))
    world = look(standing)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)


@pytest.mark.parametrize("promised", [0.0, 0.7])
@pytest.mark.parametrize("h", [0, 1])
def test_a_cut_off(standing, h, promised):
    put_parameters(standing, coercion_cut=0.9)
    for place in in_operation(standing):
        put_deal(
            standing,
            *place,
            guarantee=0.4,
            cut=0.2 + 0.1 * place[2],
            loan=0.3,
            financier=1,
            partner=5,
            partner_ratio=0.5,
        )
    world, before = look(standing), standing.world.book.cut_deals[h]
    for c in (1, 3, 5):
        twin.cut_off(world, h, c, 0.8, promised)
        cut_off(standing.run, h, c, 0.8, promised)
    assert_same(standing, world)
    assert world.book.cut_deals[h] > before + 2 and (
        world.book.public_cost_bn[h] > standing.world.book.public_cost_bn[h]
    ) == (promised > 0)


def test_a_scripted_cut_off_breaks_what_stands(standing):
    put(standing, broken_until=0)
    put_levers(standing, "home", 1, supply_bond=0.5)
    world = look(standing)
    twin.cut_off(world, 1, 4, 1.0, 0.5)
    happen(standing.run, E_CUT_OFF, 1, 4, 1.0, 100)
    assert_same(standing, world)


@pytest.mark.parametrize("case", ["as it is", "quarrelsome", "guaranteed", "off"])
def test_disputes_of_a_january(standing, case):
    put(standing, broken_until=0)
    if case != "as it is":
        put_parameters(standing, dispute_rate=3.0, coercion_cost=0.002, guarantee_hazard=0.3)
        put_levers(standing, "home", slice(None), coerce=1.0, supply_bond=0.4 if case == "guaranteed" else 0.0)
    if case == "off":
        switch(standing, off=("disputes",))
    world = look(standing)
    answers = twin.settle_disputes(
        world, disputes.leverage, lambda *at: disputes.true_supply_hazard(*at, disputes.midpoint_mean)
    )
    settle_disputes(standing.run, standing.space["answer"])
    assert_same(standing, world)
    if case in ("quarrelsome", "guaranteed"):
        assert {stake is None for _, _, stake in answers} == {True, False}
        broken = world.book.broken_guarantees.sum() - standing.world.book.broken_guarantees.sum()
        assert (broken > 0) == (case == "guaranteed")
    if case == "off":
        assert not answers


@pytest.mark.parametrize("case", ["as it is", "many", "the first January", "off"])
def test_breaches_at_single_users(standing, case):
    """Where nothing of a stack is in use nothing is breached; where all is, it is at the true hazard."""
    put(standing, true_hazard=0.05 if case == "as it is" else 0.6, month=0 if case == "the first January" else 36)
    for c, parts in ((0, (1.0, 0.0, 0.0)), (1, (0.0, 1.0, 0.0))):
        put(standing, stock_used=(c, standing.world.state.used[c][:, None] * np.array(parts)))
    if case == "many":
        put(standing, used=(5, 0.0), stock_used=(5, 0.0))
    switch(standing, off=("shocks",) if case == "off" else ())
    world = look(standing)
    twin.breaches(world)
    breaches(standing.run)
    assert_same(standing, world)
    seen = world.book.security_incidents - standing.world.book.security_incidents
    assert (seen.sum() >= 3) == (case == "many")
    assert np.array_equal(world.state.severity[[0, 1]], standing.world.state.severity[[0, 1]]) != (case == "many")


def test_scripted_deals_enter_the_pipeline_and_the_books(standing):
    put(standing, shock_month=-1, country_shock_month=-1)
    world, events = look(standing), standing.run.events
    deals = [(0, 1, 0, 2.0, 300.0), (3, 2, 6, 1.0, 80.0), (4, 4, 3, 0.3, 0.0), (6, 0, 0, 0.5, 0.0), (2, 0, 8, 0.4, 0.0)]
    for number, (c, l, v, value, megawatts) in enumerate(deals):
        one = events["at"][number]
        one["month"], one["kind"], one["side"] = 36, E_DEAL, 0
        one["country"], one["layer"], one["vendor"], one["value"], one["size"] = c, l, v, value, megawatts
        twin.announced(world, c, l, v, value, megawatts)
    events["number"] = len(deals)
    beliefs.refresh_fears(world)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)
    assert 1 < world.state.deals_signed - standing.world.state.deals_signed < len(deals)


@pytest.mark.parametrize("case", ["few", "many", "restricted", "off"])
def test_diversions_of_a_january(standing, case):
    if case != "few":
        put_parameters(standing, diversion=0.8, restriction=0.7)
        put_levers(standing, "home", slice(None), guardrail=np.array([0.1, 0.3]), compact=0.4, agency_lag_months=4.0)
        put_levers(standing, "vendor", 13, reexport=0.6)
    if case == "restricted":
        for place in in_operation(standing):
            put_deal(standing, *place, diverted=1)
    if case == "off":
        switch(standing, off=("diversions",))
    world = look(standing)
    twin.divert(world)
    divert(standing.run)
    assert_same(standing, world)
    seen = world.book.diversions.sum() - standing.world.book.diversions.sum()
    assert (seen >= 2) == (case == "many")
    assert (world.book.later_restrictions.sum() > standing.world.book.later_restrictions.sum()) == (
        case == "restricted"
    )
