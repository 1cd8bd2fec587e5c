"""A month's tenders decided one after another: whole states of the run against the plain world after every one of them."""

from collections import Counter

import numpy as np
import pytest

from tests.model.loop.conftest import allot, assert_same, decide, gather, look, put, put_levers, put_parameters, switch
from tests.model.loop.test_tenders import contracts_end
from tests.reference import approval
from tests.reference import decision as twin

CASES = [
    "plain", "supported", "hedging", "bargaining", "clubs", "poor vendors", "no consideration", "strict licences", "little supply",
    "full cells", "renewals", "renewals with a second source", "renewals refused", "instant", "consortium", "allied content", "packages",
    "packages and renewals", "packages supported", "packages and consortium", "packages refused",
    "packages in an energy crisis", "quick wins", "subsidised renewals",
]


def prepare(one, case):
    """Levers, parameters and a state in which the case shows."""
    countries = slice(0, one.world.countries)
    if not case.startswith("packages"):
        switch(one, off=("packages",))
    put(one, pipeline=0, pending=0.0, budget=5.0, slots_left=50.0, subsidy_on=1.0, supply_left=1e3)
    put_levers(one, "home", slice(None), min_package_mw=0.0, include_network=1.0, cloud_counts=0.7)
    if case in ("supported", "consortium", "allied content", "renewals"):
        generator = np.random.default_rng(2)
        put(one, target=generator.uniform(0.1, 2, one.run.state["target"].shape))
        put_levers(one, "financier", slice(None), risk_tolerance=0.1, commitment_limit_bn=500.0, cap_bn=5000.0)
    if case == "hedging":
        put_levers(one, "importer", countries, hedge=np.where(np.arange(one.world.countries) % 2, np.nan, 0.9))
    elif case == "bargaining":
        put_levers(one, "importer", countries, bargain=1.0)
        put_parameters(one, bargain_failure=0.6, bargain_margin=3.0)
    elif case == "clubs":
        put_levers(one, "importer", countries, club=np.arange(one.world.countries) % 3)
        put_levers(one, "importer", 4, club=np.nan)
        put(one, last_award=((1, slice(None)), 30), last_vendor=((1, slice(None)), 14))
        put(one, last_award=((3, slice(None)), 28), last_vendor=((3, slice(None)), 0))
    elif case == "poor vendors":
        put_levers(one, "vendor", slice(0, 15), markup=0.12, rnd_share=0.2)
        put_parameters(one, vendor_risk=1.5, regulation_margin=0.05)
    elif case == "no consideration":
        switch(one, off=("consideration", "go_no_go"))
    elif case in ("strict licences", "renewals refused"):
        put_parameters(one, denial=0.4)
        put_levers(one, "home", slice(None), control_strictness=1.0, fast_lane=0.4)
    elif case == "little supply":
        put(one, supply_left=0.02)
    elif case == "full cells":
        put(one, stage=np.where(one.run.state["stage"] == 0, 2, one.run.state["stage"]))
    elif case == "instant":
        switch(one, off=("lifecycle",))
    elif case == "consortium":
        put_levers(one, "home", slice(None), consortium_required=0.5, industry_led=0.6, power_package=0.5, agency_lag_months=7.0)
        put_levers(one, "financier", 5, co_finance=0.4)
    elif case == "allied content":
        put_levers(one, "home", slice(None), allied_content=np.array([0.9, 0.3]), compact=0.5)
    if case.startswith("packages"):
        put_parameters(one, package_offered=1.0, package_margin=1.5)
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
    elif case == "quick wins":
        put(one, quick_until=np.where(np.arange(16) % 2, 60, 0))
        put_levers(one, "vendor", slice(0, 15), customisation=0.6)
    elif case == "subsidised renewals":
        put_levers(one, "home", slice(None), subsidy=0.25, capacity_building=0.6)
    if "renewals" in case:
        contracts_end(one, seed=6)
    if case == "renewals with a second source":
        put_levers(one, "importer", countries, hedge=1.0)
        put_levers(one, "vendor", slice(0, 15), lock_silicon=0.3)


@pytest.mark.parametrize("case", CASES)
def test_tenders_of_a_month(standing, case):
    prepare(standing, case)
    tenders = gather(standing, hazard=0.6)
    offers = allot(standing, tenders)
    world = look(standing)
    for (i, _), offer in offers.items():
        whole = world.parameters.financed_share[tenders[i].layer] * tenders[i].size * world.parameters.term_years[tenders[i].layer]
        exposure = whole * approval.carried(world.parameters, world.financier[offer.financier])
        offer.reserved = [(offer.financier, (1 - offer.share) * exposure), (offer.partner, offer.share * exposure)]
    outcomes, before = Counter(), look(standing)
    for i, tender in enumerate(tenders):
        outcomes[twin.decide(world, tender, {h: offer for (j, h), offer in offers.items() if j == i})] += 1
        decide(standing, i)
        assert_same(standing, world)
    gained = {
        name: float(np.sum(getattr(world.book, name)) - np.sum(getattr(before.book, name)))
        for name in ("additional_wins", "commitments_bn", "second_source_cost_bn", "rent_captured_bn", "renewed_deals", "switched_deals",
            "packages_won", "package_layers")}
    assert len(tenders) > 25 and outcomes["signed"] + outcomes["renewed"] + outcomes["no place"] + outcomes["no supply"] >= 8, outcomes
    expected = {
        "bargaining": "broken off", "strict licences": "refused", "renewals refused": "refused", "packages refused": "refused",
        "little supply": "no supply",
        "full cells": "no place"}.get(case, "signed")
    assert outcomes[expected] > 0 and outcomes["nothing"] > 0, outcomes
    if case in ("supported", "consortium", "allied content", "renewals"):
        assert gained["commitments_bn"] > 0 and gained["additional_wins"] >= 0
    if case == "subsidised renewals":
        assert (world.book.subsidy_cost_bn > before.book.subsidy_cost_bn)[:2].all() and world.state.budget.max() < 5
    if case.startswith("packages"):
        assert gained["packages_won"] > 2 and gained["package_layers"] > 2 * gained["packages_won"], gained
    if case == "hedging":
        assert gained["second_source_cost_bn"] > 0
    if case == "bargaining":
        assert gained["rent_captured_bn"] > 0
    if case.startswith("renewals"):
        assert outcomes["renewed"] > 2 and gained["renewed_deals"] > 2 and gained["switched_deals"] > 0


def test_a_club_follows_its_last_award(standing):
    prepare(standing, "clubs")
    put(standing, last_award=((7, 2), 35), last_vendor=((7, 2), 2))
    world = look(standing)
    assert twin.award_of_the_club(world, 4, 2) == (False, None)  # left its club
    assert twin.award_of_the_club(world, 1, 2) == (True, 2)  # 7 chose last among the fellows of 1


@pytest.mark.parametrize("s", [0, 1, 2])
def test_who_hedges(standing, s):
    """The lever decides where it is set; else fear, doubt about the alliance and appetite for control each raise the chance."""
    world = look(standing)
    c = 4
    world.importer[c].hedge = float("nan")
    plain = twin.chance_of_hedge(world, c, s)
    world.state.belief_against[c][s][0] *= 1.5
    feared = twin.chance_of_hedge(world, c, s)
    world.importer[c].sovereignty += 0.3
    assert 0 < plain < feared < twin.chance_of_hedge(world, c, s) < 1
    world.importer[c].hedge = 0.25
    assert twin.chance_of_hedge(world, c, s) == 0.25
