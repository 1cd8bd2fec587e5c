"""What a shock, a cut-off, a January's disputes and diversions do to a run, field by field, against the plain rules."""

import numpy as np
import pytest

from stackcraft.agents.names import INSTRUMENTS
from stackcraft.model.loop.codes import (
    BREACH,
    CHIPS,
    CLOUD,
    E_CHIP_BREAKTHROUGH,
    E_CONCESSION,
    E_CUT_OFF,
    E_DEAL,
    E_DEBT_DISTRESS,
    E_DIVERSION,
    E_FRONTIER_JUMP,
    E_GOVERNMENT_CHANGE,
    E_RESTRICTION,
    E_SANCTIONS,
    E_TARIFF,
    EVENT_KINDS,
    MODELS,
    OPERATED,
    SOLD,
    SUPPLY,
)
from stackcraft.model.loop.disputes import divert, settle_disputes
from stackcraft.model.loop.shocks import WORLD, breaches, cut_off, draw_shocks, happen, strike
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_levers, put_parameters, switch
from tests.reference import beliefs, disputes, month
from tests.reference import shocks as twin
from tests.reference.plain import OPERATING, Offer

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
    incidents = world.book.security_incidents.sum() - standing.world.book.security_incidents.sum()
    same = [
        np.array_equal(world.deals[one], standing.world.deals[one], equal_nan=True) for one in world.deals.dtype.names
    ]
    assert moved or incidents > 0 or not all(same)


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


@pytest.mark.parametrize("off", ["shocks", "drawn_shocks"])
def test_without_shocks_nothing_falls(standing, off):
    put(standing, shock_month=standing.world.state.month, country_shock_month=-1)
    switch(standing, off=(off,))
    world = look(standing)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)


def test_scripted_events_strike_where_no_shock_is_drawn(standing):
    put(standing, shock_month=standing.world.state.month, country_shock_month=standing.world.state.month)
    switch(standing, off=("drawn_shocks",))
    world, one = look(standing), standing.run.events["at"][0]
    one["month"], one["kind"], one["side"], one["country"], one["size"] = 36, E_TARIFF, 1, -1, 2.0
    standing.run.events["number"] = 1
    twin.happen(world, "tariff", 1, None, 2.0)
    beliefs.refresh_fears(world)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)
    assert world.state.tariff_size[1] == 2.0 and world.state.tariff_until[1] == 36 + 24


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("size", [0.5, 2.0])
def test_a_sized_leap_in_chips(standing, side, size):
    """Every chip of the side gains 0.3 log points at size 1, whether or not it lags behind; no other quality moves."""
    k, before = standing.world.facts, standing.world.state.quality
    happen(standing.run, E_CHIP_BREAKTHROUGH, side, -1, size, 100)
    gained = standing.run.state["quality"] - before
    own = (k.vendor_home == side) & (k.serves[CHIPS] > 0)
    assert own.sum() >= 2 and gained[own, CHIPS] == pytest.approx(np.full(own.sum(), 0.3 * size))
    gained[own, CHIPS] = 0.0
    assert (gained == 0).all()


@pytest.mark.parametrize("side", [-1, 0, 1, 2])
def test_one_vendor_jumps_ahead_of_the_side_that_is_named(standing, side):
    k, before, ahead = standing.world.facts, standing.world.state.quality, set()
    for slot in range(100, 160):
        put(standing, quality=before)
        happen(standing.run, E_FRONTIER_JUMP, side, -1, 2.0, slot)
        gained = standing.run.state["quality"] - before
        (vendor,) = np.flatnonzero(gained[:, MODELS])
        assert gained[vendor, MODELS] == pytest.approx(0.3) and k.serves[MODELS][vendor] > 0
        ahead.add(int(k.vendor_stack[vendor]))
    assert ahead == ({0, 1, 2} if side < 0 else {side})


def licensed_deals(one):
    """Sold chips, sold cloud and operated cloud of a US vendor in country 3; the sold cloud is the largest of them."""
    for l, mode, capacity in ((CHIPS, SOLD, 0.2), (CLOUD, SOLD, 0.5), (CLOUD, OPERATED, 0.9)):
        place = (3, l, 1 if mode == OPERATED else 0)
        put(one, stage=(place, OPERATING))
        put_deal(one, *place, vendor=0 if l == CHIPS else 1, stack=0, mode=mode, capacity=capacity, diverted=0)
    for l in (CHIPS, CLOUD):
        for i in range(2, 6):
            put(one, stage=((3, l, i), 0))
    put(one, stage=((3, CHIPS, 1), 0))


@pytest.mark.parametrize("size", [1.0, 3.0])
def test_a_scripted_diversion_marks_the_largest_deal_that_was_handed_over(standing, size):
    licensed_deals(standing)
    world = look(standing)
    befores = standing.run.state["belief_against"][3, 0, BREACH], standing.run.book["security_incidents"][0]
    twin.happen(world, "diversion", 0, 3, size)
    happen(standing.run, E_DIVERSION, 0, 3, size, 100)
    assert_same(standing, world)
    marked = np.argwhere(standing.run.deals["at"]["diverted"][3] * (standing.run.state["stage"][3] == OPERATING))
    assert marked.tolist() == [[CLOUD, 0]]
    learned = world.parameters.loss_aversion * world.parameters.diversion_severity * size
    assert standing.run.state["belief_against"][3, 0, BREACH] == pytest.approx(befores[0] + learned)
    assert standing.run.book["security_incidents"][0] == befores[1] + 1


def test_a_scripted_restriction_ends_the_diverted_deal_first_and_then_the_largest(standing):
    licensed_deals(standing)
    put_deal(standing, 3, CHIPS, 0, diverted=1)
    places = [(CHIPS, 0), (CLOUD, 0), (CLOUD, 1)]
    for left in ([False, True, True], [False, False, True], [False, False, True]):  # operated cloud stays
        world = look(standing)
        twin.happen(world, "restriction", 0, 3, 1.0)
        happen(standing.run, E_RESTRICTION, 0, 3, 1.0, 100)
        assert_same(standing, world)
        assert [world.state.stage[3][l][i] == OPERATING for l, i in places] == left


def test_a_scripted_concession_is_counted_and_remembered(standing):
    world = look(standing)
    before, feared = standing.run.book["concession_stakes"][1], standing.run.state["belief_against"][4, 1, SUPPLY]
    twin.happen(world, "concession", 1, 4, 0.5)
    happen(standing.run, E_CONCESSION, 1, 4, 0.5, 100)
    assert_same(standing, world)
    assert standing.run.book["concession_stakes"][1] == before + 0.5
    learned = world.parameters.loss_aversion * world.parameters.concession_severity * 0.5
    assert standing.run.state["belief_against"][4, 1, SUPPLY] == pytest.approx(feared + learned)


@pytest.mark.parametrize("promised", [0.0, 0.7])
@pytest.mark.parametrize("h", [0, 1])
def test_a_cut_off(standing, h, promised):
    put_parameters(standing, coercion_cut=0.9)
    for place in in_operation(standing):
        put_deal(standing, *place, supply_bond=0.4, cut=0.2 + 0.1 * place[2])
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


@pytest.mark.parametrize("case", ["as it is", "quarrelsome", "bonded", "off"])
def test_disputes_of_a_january(standing, case):
    put(standing, broken_until=0)
    if case != "as it is":
        put_parameters(standing, dispute_rate=3.0, coercion_cost=0.002, supply_bond_hazard=0.3)
        put_levers(standing, "home", slice(None), coerce=1.0, supply_bond=0.4 if case == "bonded" else 0.0)
    if case == "off":
        switch(standing, off=("disputes",))
    world = look(standing)
    answers = twin.settle_disputes(
        world, disputes.leverage, lambda *at: disputes.true_supply_hazard(*at, disputes.midpoint_mean)
    )
    settle_disputes(standing.run, standing.space["answer"])
    assert_same(standing, world)
    if case in ("quarrelsome", "bonded"):
        assert {stake is None for _, _, stake in answers} == {True, False}
        broken = world.book.broken_supply_bonds.sum() - standing.world.book.broken_supply_bonds.sum()
        assert (broken > 0) == (case == "bonded")
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


@pytest.mark.parametrize("case", ["a breach", "an attack", "a diversion"])
def test_the_size_of_an_incident_is_in_proportion_to_what_is_exposed(standing, case):
    """Half the use, half the loss; none in use, none lost. The beliefs that suffer are the same."""
    put_parameters(standing, breach_loss=0.4, diversion_loss=0.2)
    places, losses, doubts = in_operation(standing), [], []
    start = standing.world.state.stock_used.copy()
    used = [float(standing.run.deals["at"]["used"][place]) for place in places]
    for part in (1.0, 0.5, 0.0):
        put(standing, stock_used=start * part)
        for place, before in zip(places, used, strict=True):
            put_deal(standing, *place, used=before * part, diverted=0)
        loss, against = standing.run.book["incident_loss_bn"].copy(), standing.run.state["belief_against"].copy()
        if case == "a diversion":
            put_parameters(standing, diversion=1.0, diversion_tier=1.0)
            divert(standing.run)
        else:
            happen(standing.run, EVENT_KINDS.index(case.split()[1]), 0, 3, 0.5, 100)
        losses.append(float((standing.run.book["incident_loss_bn"] - loss).sum()))
        doubts.append(standing.run.state["belief_against"] - against)
    assert losses[0] > 0 and losses == pytest.approx([losses[0], losses[0] / 2, 0])
    assert doubts[1] == pytest.approx(doubts[0]) and doubts[2] == pytest.approx(doubts[0]) and doubts[0].max() > 0
    if case != "a diversion":
        assert losses[0] == pytest.approx(0.4 * 0.5 * start[3, :, 0].sum())
        assert standing.run.book["breach_loss_bn"][3] == pytest.approx(1.5 * losses[0])


def test_a_breach_never_costs_more_than_a_years_use(standing):
    put_parameters(standing, breach_loss=2.0)
    happen(standing.run, EVENT_KINDS.index("breach"), 1, 2, 3.0, 100)
    assert standing.run.book["breach_loss_bn"][2] == pytest.approx(standing.world.state.stock_used[2, :, 1].sum())


def test_scripted_deals_enter_the_pipeline_and_the_books(standing):
    put(standing, shock_month=-1, country_shock_month=-1)
    world, events = look(standing), standing.run.events
    deals = [(0, 1, 0, 2.0, 300.0), (3, 2, 6, 1.0, 80.0), (4, 4, 3, 0.3, 0.0), (6, 0, 0, 0.5, 0.0), (2, 0, 8, 0.4, 0.0)]
    # Who finances, by which instrument (-1: its usual one), which share (-1: what the layer allows); bond and hosting.
    more = {0: (0, 3, 0.6, 0.9, -1), 1: (3, -1, -1, -1, 0.8), 4: (5, 5, 0.5, -1, -1)}
    for number, (c, l, v, value, megawatts) in enumerate(deals):
        one, p = events["at"][number], world.parameters
        f, instrument, share, bond, hosting = more.get(number, (-1, -1, -1, -1, -1))
        one["financier"], one["instrument"], one["financed"], one["bond"], one["hosting"] = (
            f,
            instrument,
            share,
            bond,
            hosting,
        )
        offer = None
        if f >= 0:
            name = INSTRUMENTS[instrument if instrument >= 0 else int(np.argmax(world.financier[f].instrument_mix))]
            part = share / p.financed_share[l] if share >= 0 else 1.0
            offer = Offer(financier=f, factor=1.0, partner=-1, share=0.0, instrument=name, part=part)
        one["month"], one["kind"], one["side"] = 36, E_DEAL, 0
        one["country"], one["layer"], one["vendor"], one["value"], one["size"] = c, l, v, value, megawatts
        promised = [x if x >= 0 else None for x in (bond, hosting)]
        twin.announced(world, c, l, v, value, megawatts, offer, *promised)
    events["number"] = len(deals)
    beliefs.refresh_fears(world)
    strike(standing.run, standing.space["draft"])
    assert_same(standing, world)
    assert 1 < world.state.deals_signed - standing.world.state.deals_signed < len(deals)
    assert (world.state.exposure > standing.world.state.exposure)[[0, 3, 4, 5]].tolist() == [True, True, False, True]


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
