"""A month's tenders decided one after another.

Whole states of the run against the plain world after every one of them.
"""

from collections import Counter

import numpy as np
import pytest

from tests.model.loop.conftest import allot, assert_same, decide, gather, look, put, put_levers, put_parameters, switch
from tests.model.loop.test_tenders import contracts_end
from tests.reference import decision as twin
from tests.reference.bids import reach
from tests.reference.choice import list_price
from tests.reference.plain import (
    BUILDING,
    CHIPS,
    CLOUD,
    FROM_HEDGE,
    FROM_RENEWAL,
    FROM_TENDER,
    OPERATING,
    SIGNED,
    SOFTWARE,
    deal,
)

CASES = [
    "plain",
    "supported",
    "hedging",
    "bargaining",
    "clubs",
    "clubs that bargain and hedge",
    "software with support",
    "poor vendors",
    "no consideration",
    "strict licences",
    "little supply",
    "full cells",
    "renewals",
    "renewals with a second source",
    "renewals refused",
    "instant",
    "consortium",
    "allied content",
    "packages",
    "packages and renewals",
    "packages supported",
    "packages and consortium",
    "packages refused",
    "packages in an energy crisis",
    "quick wins",
    "subsidised renewals",
    "satisficing",
    "satisficing: supported",
    "satisficing: hedging",
    "satisficing: packages and renewals",
    "satisficing: bargaining",
]


def prepare(one, case):
    """Levers, parameters and a state in which the case shows."""
    if case.startswith("satisficing"):
        prepare(one, case.removeprefix("satisficing").removeprefix(": ") or "plain")
        put_parameters(one, satisficing=1.0, outside_option=0.3)
        return
    if not case.startswith("packages"):
        switch(one, off=("packages",))
    put(one, pipeline=0, pending=0.0, budget=5.0, purse=5.0, slots_left=50.0, subsidy_on=1.0, supply_left=1e3)
    put_levers(one, "home", slice(None), min_package_mw=0.0, include_network=1.0, cloud_counts=0.7)
    if case in ("supported", "consortium", "allied content", "renewals", "software with support"):
        generator = np.random.default_rng(2)
        put(one, target=generator.uniform(0.1, 2, one.run.state["target"].shape))
        put_levers(one, "financier", slice(None), risk_tolerance=0.1, commitment_limit_bn=500.0, cap_bn=5000.0)
    if case == "software with support":
        put_levers(one, "vendor", slice(0, 15), deal_class=np.array([0.0, 0.2, 0.8]))
    prepare_buyers(one, case)
    prepare_sellers(one, case)
    prepare_packages(one, case)
    if case in ("supported", "hedging", "clubs", "clubs that bargain and hedge", "software with support"):
        one_contract_a_cell(one)
    if "renewals" in case:
        contracts_end(one, seed=6)


def one_contract_a_cell(one):
    """Leave every cell of two countries in three its first contract alone: there a second source can come in."""
    stage = one.run.state["stage"].copy()
    for c, l in np.ndindex(stage.shape[:2]):
        if c % 3:
            stage[c, l, np.flatnonzero(stage[c, l] == OPERATING)[1:]] = 0
    put(one, stage=stage, next_month=np.where(stage == 0, -1, one.run.state["next_month"]))


def prepare_buyers(one, case):
    """What buyers want."""
    countries = slice(0, one.world.countries)
    if case == "hedging":
        put_levers(one, "importer", countries, hedge=np.where(np.arange(one.world.countries) % 2, np.nan, 0.9))
    elif case == "bargaining":
        put_levers(one, "importer", countries, bargain=1.0)
        put_parameters(one, bargain_failure=0.4, bargain_margin=3.0)
    elif case == "clubs that bargain and hedge":
        put_levers(one, "importer", countries, club=np.arange(one.world.countries) % 2, bargain=0.8, hedge=0.7)
        put_parameters(one, bargain_margin=3.0, club_rebate=0.1, bargain_rebate=0.2)
        contracts_end(one, seed=4)
    elif case == "clubs":
        put_levers(one, "importer", countries, club=np.arange(one.world.countries) % 3)
        put_levers(one, "importer", 4, club=np.nan)
        put(one, last_award=((1, slice(None)), 30), last_vendor=((1, slice(None)), 14))
        put(one, last_award=((3, slice(None)), 28), last_vendor=((3, slice(None)), 0))
    elif case == "renewals with a second source":
        put_levers(one, "importer", countries, hedge=1.0)
        put_levers(one, "vendor", slice(0, 15), lock_silicon=0.3)


def prepare_sellers(one, case):
    """What vendors and homes can and will do."""
    if case == "poor vendors":
        put_levers(one, "vendor", slice(0, 15), markup=0.12, rnd_share=0.2)
        put_parameters(one, vendor_risk=1.5, regulation_margin=0.05)
    elif case == "no consideration":
        switch(one, off=("consideration", "go_no_go"))
    elif case in ("strict licences", "renewals refused"):
        put_parameters(one, denial=0.4)
        if case == "renewals refused":  # so that nothing is left where a licence is refused
            put_parameters(one, denial=0.9, outside_option=0.6)
        put_levers(one, "home", slice(None), control_strictness=1.0, fast_lane=0.4)
    elif case == "little supply":
        put(one, supply_left=0.02)
    elif case == "full cells":
        put(one, stage=np.where(one.run.state["stage"] == 0, 2, one.run.state["stage"]))
    elif case == "instant":
        switch(one, off=("lifecycle",))
    elif case == "consortium":
        put_levers(
            one,
            "home",
            slice(None),
            consortium_required=0.5,
            industry_led=0.6,
            power_package=0.5,
            agency_lag_months=7.0,
        )
        put_levers(one, "financier", 5, co_finance=0.4)
    elif case == "allied content":
        put_levers(one, "home", slice(None), allied_content=np.array([0.9, 0.3]), compact=0.5)
    elif case == "quick wins":
        put(one, quick_until=np.where(np.arange(16) % 2, 60, 0))
        put_levers(one, "vendor", slice(0, 15), customisation=0.6)
    elif case == "subsidised renewals":
        put_levers(one, "home", slice(None), subsidy=0.25, capacity_building=0.6)


def prepare_packages(one, case):
    """What packages are offered, and open cells for them."""
    if case.startswith("packages"):
        put_parameters(one, package_offered=1.0, package_years=0.0, package_margin=1.5, deal_share_of_gdp=1e3)
        put_levers(one, "home", slice(None), allied_content=0.5)
        put_levers(one, "vendor", slice(0, 15), bundle_discount=np.linspace(0, 0.3, 15))
        put(one, capacity=((2, slice(None)), 0.0), stage=((2, slice(None)), 0))
    if case in ("packages supported", "packages and consortium"):
        put(one, target=np.random.default_rng(2).uniform(0.1, 2, one.run.state["target"].shape))
        put_levers(one, "financier", slice(None), risk_tolerance=0.1, commitment_limit_bn=500.0, cap_bn=5000.0)
    if case == "packages and consortium":
        put_parameters(one, package_margin=0.2, consortium_margin=1.0, package_size=4.0, outside_option=0.5)
        put_levers(one, "home", slice(None), consortium_required=np.array([0.4, 0.8]))
    elif case == "packages refused":
        put_parameters(one, denial=0.4)
        put_levers(one, "home", slice(None), control_strictness=1.0)
    elif case == "packages in an energy crisis":
        put_parameters(one, electricity_growth=-0.4)


def signed_this_month(one):
    """Deals signed this month, with their layer."""
    world, found = look(one), []
    for c, l, i in np.ndindex(world.state.stage[: world.countries].shape):
        if world.state.stage[c][l][i] in (SIGNED, BUILDING) and world.deals["signed"][c, l, i] == world.state.month:
            found.append(deal(world, c, l, i))
            found[-1].layer, found[-1].country = l, c
    return found


def rebates_of_the_month(one):
    """What came off the list prices of deals signed this month, by origin."""
    world, found = look(one), {}
    for signed in signed_this_month(one):
        asked = list_price(world, signed.layer, signed.vendor, signed.country)
        off = (1 - signed.price / asked) / world.parameters.pass_through[signed.layer]
        found.setdefault(signed.origin, set()).add(round(float(off), 5) + 0.0)
    return found


def test_relief_of_finance_is_on_what_it_financed(standing):
    """Of the same tenders, those that turn out as software bring relief on the software alone."""
    prepare(standing, "software with support")
    switch(standing, off=("hedge", "bargaining"))
    tenders = gather(standing, hazard=0.6)
    offers, p, k = allot(standing, tenders), standing.world.parameters, standing.world.facts
    software = 0
    for i, tender in enumerate(tenders):
        c, l = tender.country, tender.layer
        before, places = standing.run.book["finance_relief_bn"][c], standing.run.state["stage"][c, l].copy()
        decide(standing, i)
        world, gained = look(standing), standing.run.book["finance_relief_bn"][c] - before
        new = [deal(world, c, l, int(j)) for j in np.flatnonzero((places == 0) & (world.state.stage[c, l] > 0))]
        if not (new and new[0].supported):
            assert gained == 0
            continue
        (one,) = new
        h = next(h for h in (0, 1) if (i, h) in offers and offers[i, h].financier == one.financier)
        if one.deal_class == SOFTWARE:  # all that is built was approved
            assert one.value == pytest.approx(p.software_share * tender.size * p.term_years[l])
            software += 1
        assert gained == pytest.approx(
            one.value * reach(world, c, h, one.vendor) * (1 - offers[i, h].factor), rel=1e-6
        ), (c, l)
        assert k.vendor_home[one.vendor] in (h, -1)
    assert software > 1


@pytest.mark.parametrize("case", CASES)
def test_tenders_of_a_month(standing, case):
    prepare(standing, case)
    tenders = gather(standing, hazard=0.6)
    offers = allot(standing, tenders)
    world = look(standing)
    outcomes, before = Counter(), look(standing)
    for i, tender in enumerate(tenders):
        outcomes[twin.decide(world, tender, {h: offer for (j, h), offer in offers.items() if j == i})] += 1
        decide(standing, i)
        assert_same(standing, world)
    gained = {
        name: float(np.sum(getattr(world.book, name)) - np.sum(getattr(before.book, name)))
        for name in (
            "additional_wins",
            "commitments_bn",
            "second_source_cost_bn",
            "rent_captured_bn",
            "renewed_deals",
            "switched_deals",
            "packages_won",
            "package_layers",
            "finance_relief_bn",
        )
    }
    assert (
        len(tenders) > 20
        and outcomes["signed"] + outcomes["renewed"] + outcomes["no place"] + outcomes["no supply"] >= 8
    ), outcomes
    expected = {
        "bargaining": "broken off",
        "strict licences": "refused",
        "renewals refused": "refused",
        "packages refused": "refused",
        "little supply": "no supply",
        "full cells": "no place",
    }.get(case, "signed")
    assert outcomes[expected] > 0 and outcomes["nothing"] > 0, outcomes
    if case in ("supported", "consortium", "allied content", "renewals", "software with support"):
        assert gained["commitments_bn"] > 0 and gained["additional_wins"] >= 0
    if case == "subsidised renewals":
        assert (world.book.subsidy_cost_bn > before.book.subsidy_cost_bn)[:2].all() and world.state.budget.max() < 5
    if case.startswith("packages"):
        assert gained["packages_won"] > 2 and gained["package_layers"] > 2 * gained["packages_won"], gained
    if case == "hedging":
        assert gained["second_source_cost_bn"] > 0
    if "bargain" in case:
        assert gained["rent_captured_bn"] > 0
    rebates = rebates_of_the_month(standing)
    if case == "clubs that bargain and hedge":
        # In full for whom the bargain was struck with, the club's alone for second sources.
        assert (
            rebates[FROM_HEDGE] == {0.1} and 0.244 in rebates[FROM_TENDER] and rebates[FROM_TENDER] <= {0.1, 0.244}
        ), rebates
    elif case == "bargaining":
        assert 0.05 in rebates[FROM_TENDER] and rebates[FROM_TENDER] <= {0.0, 0.05}, rebates
    elif case == "clubs":  # governments bargain half as hard as they can, unless set otherwise
        assert {0.0, 0.05, 0.07375} <= rebates[FROM_TENDER] <= {0.0, 0.025, 0.05, 0.07375} and rebates[FROM_HEDGE] <= {
            0.0,
            0.05,
        }, rebates
    elif case in ("supported", "renewals", "software with support"):
        assert rebates[FROM_TENDER] == {0.0, 0.025} and rebates.get(FROM_HEDGE, {0.0}) == {0.0}, rebates
        assert rebates.get(FROM_RENEWAL, {0.0}) <= {0.0, 0.025}, rebates
    if case == "software with support":
        software = [one for one in signed_this_month(standing) if one.deal_class == SOFTWARE and one.supported]
        assert len(software) > 1 and gained["finance_relief_bn"] > 0
    if case.startswith("renewals"):
        # What another vendor wins changes hands when its site starts, not when the tender is decided.
        assert outcomes["renewed"] > 2 and gained["renewed_deals"] > 2 and gained["switched_deals"] == 0


def test_a_club_follows_its_last_award(standing):
    prepare(standing, "clubs")
    put(standing, last_award=((7, 2), 35), last_vendor=((7, 2), 2))
    world = look(standing)
    assert twin.award_of_the_club(world, 4, 2) == (False, None)  # left its club
    assert twin.award_of_the_club(world, 1, 2) == (True, 2)  # 7 chose last among the fellows of 1


@pytest.mark.parametrize("s", [0, 1, 2])
def test_who_hedges(standing, s):
    """The lever decides where it is set.

    Else fear, up to a limit, doubt about the alliance and appetite for control each raise the chance.
    """
    world = look(standing)
    c, p, fears = 4, world.parameters, []
    world.importer[c].hedge, world.state.belief_for[c][s][0] = float("nan"), 10.0
    for fear in (0.5 * p.hedge_fear_limit, p.hedge_fear_limit, 2 * p.hedge_fear_limit):
        world.state.belief_against[c][s][0] = 10.0 * fear / (1 - fear)
        fears.append(twin.chance_of_hedge(world, c, s))
    plain, feared, beyond = fears
    assert beyond == pytest.approx(feared, rel=1e-12)
    world.importer[c].sovereignty += 0.3
    assert 0 < plain < feared < twin.chance_of_hedge(world, c, s) < 1
    world.importer[c].hedge = 0.25
    assert twin.chance_of_hedge(world, c, s) == 0.25


@pytest.mark.parametrize("compact", [0.0, 1.0])
def test_what_a_home_denies_is_bought_from_others(standing, compact):
    """Every licence above tier 0 is refused: what is signed there is from other vendors than that home's.

    Nor is that home a second source, though every buyer wants one. A full compact that takes all of a denial
    away lets them sell again.
    """
    prepare(standing, "strict licences")
    put_parameters(standing, denial=2.0, compact_licence=1.0)
    put_levers(standing, "home", 0, compact=compact)
    put_levers(standing, "importer", slice(0, standing.world.countries), hedge=1.0)
    before = look(standing).state.stage > 0
    tenders = gather(standing, hazard=1.0)
    allot(standing, tenders)
    for i in range(len(tenders)):
        decide(standing, i)
    world, tier = look(standing), standing.world.facts.tier[:, 0]
    signed = {True: [], False: []}
    for c, l, i in np.argwhere((world.state.stage > 0) & ~before):
        if l in (CHIPS, CLOUD) and c < standing.world.countries and 0 < tier[c] < 3:
            signed[deal(world, c, l, i).stack == 0].append((c, l))
    denied = standing.run.book["licence_denials"][0] - standing.world.book.licence_denials[0]
    assert signed[False] and (denied > 0) == (compact == 0.0)
    assert bool(signed[True]) == (compact == 1.0)
