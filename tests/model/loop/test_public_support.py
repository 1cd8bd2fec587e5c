"""Approval, partners and the order of support against plain rules, on real tenders of a run."""

from collections import Counter

import numpy as np
import pytest

from stackcraft.agents.names import FINANCIERS, INSTRUMENTS
from stackcraft.model.loop.codes import CLOUD, OPERATED
from stackcraft.model.loop.finance import (
    FROZEN,
    INELIGIBLE,
    NO_CAP,
    NO_RISK,
    NO_ROOM,
    carried,
    choose_financier,
    draw_instrument,
    money_of,
    part_with_room,
    partner_of,
    refusal,
)
from tests.model.loop.conftest import allot, gather, look, put, put_levers, put_parameters
from tests.reference import approval as twin

WHY = {0: None, NO_RISK: "risk", NO_ROOM: "room", NO_CAP: "cap", FROZEN: "frozen", INELIGIBLE: "ineligible"}


@pytest.mark.parametrize("instrument", range(6))
def test_exposure_of_every_instrument(standing, instrument):
    got = carried(standing.run.parameters, instrument)
    assert got == twin.carried(look(standing).parameters, INSTRUMENTS[instrument])


def test_every_reason_to_refuse(standing):
    """Many states of the books, levers and dates: approval and each refusal are the plain rule's."""
    generator, seen = np.random.default_rng(5), []
    for _ in range(400):
        f, c = generator.integers(6), generator.integers(standing.world.countries)
        put_levers(
            standing,
            "financier",
            f,
            tenor_years=generator.uniform(2, 18),
            risk_tolerance=generator.uniform(0, 0.03),
            strategic_premium=generator.uniform(0, 0.1),
            sunset_year=generator.choice([2026.0, 2028.5, 2040.0]),
            cap_date=generator.choice([2027.0, 2031.0, 2031.0, 2031.0]),
        )
        put(
            standing,
            exposure=(f, generator.uniform(0, 60)),
            overdue=(f, generator.uniform(0, 1.2)),
            debt_until=(c, generator.choice([0, 60])),
        )
        operated, inaction, lag = bool(generator.integers(2)), generator.uniform(0, 0.5), generator.uniform(0, 18)
        got = refusal(standing.run, f, c, OPERATED if operated else 0, inaction, lag)
        expected = twin.refusal(look(standing), f, c, operated, inaction, lag)
        assert WHY[got] == expected, (f, c)
        seen.append(expected)
    assert {seen.count(why) > 10 for why in (None, "risk", "cap", "frozen", "ineligible")} == {True}, Counter(seen)


def test_the_part_of_a_deal_for_which_there_is_room(standing):
    """Most of a large deal is left to others: the tightest of the ceiling, the year and the largest deal says how much.

    A part that is too small is none, and why is said.
    """
    generator, seen = np.random.default_rng(8), []
    for _ in range(300):
        f = generator.integers(6)
        put_levers(
            standing, "financier", f, cap_bn=generator.uniform(20, 26), commitment_limit_bn=generator.uniform(0, 5)
        )
        put_levers(standing, "home", slice(None), budget_bn=generator.choice([0.0, 2.0, 6.0]))
        put(standing, exposure=(f, generator.uniform(17, 26)), committed=(f, generator.uniform(0, 2)))
        exposure = generator.choice([0.0, 0.1, 1.0, 8.0])
        part, why = part_with_room(standing.run, f, exposure)
        expected, reason = twin.room(look(standing), f, exposure)
        assert (WHY[why], part) == (reason, pytest.approx(expected, rel=1e-12, abs=1e-12))
        seen.append(reason or ("part" if part < 1 else "whole"))
    assert {seen.count(what) > 10 for what in ("whole", "part", "cap", "room")} == {True}, Counter(seen)


def test_approval_tips_where_expected_loss_meets_tolerance(standing):
    put(standing, exposure=0.0, committed=0.0, debt_until=0)
    put_parameters(standing, highest_income=3)
    put_levers(standing, "home", slice(None), agency_lag_months=0.0)
    put_levers(standing, "financier", 1, risk_tolerance=0.03, strategic_premium=0.0)
    world = look(standing)
    for c in range(world.countries):
        for operated in (False, True):
            years = twin.years_to_lose(world.parameters, world.facts.default_multiplier[c], 0.03, operated)
            for tenor, why in ((years * 0.999, 0), (years * 1.001, NO_RISK)):
                put_levers(standing, "financier", 1, tenor_years=tenor)
                assert refusal(standing.run, 1, c, OPERATED if operated else 0, 0.0, 0.0) == why


def test_a_deal_has_one_instrument_and_loans_go_where_borrowing_is_dear(standing):
    """Over a year of months the draws follow the mix: all cover where money is cheap, more loans where it is dear."""
    put_levers(standing, "financier", 0, instrument_mix=np.array([0, 0, 0.5, 0.5, 0, 0]))
    drawn = {}
    for cost in (0.05, 0.11, 0.2):
        standing.run.facts["cost_of_capital"][0] = cost
        world, found = look(standing), []
        for month in range(240):
            world.state.month = month
            put(standing, month=month)
            found.append(draw_instrument(standing.run, 0, 0, 1))
            assert INSTRUMENTS[found[-1]] == twin.instrument_of(world, 0, 0, 1)
        drawn[cost] = np.mean(np.array(found) == INSTRUMENTS.index("direct_loan"))
    assert (
        drawn[0.05] == 0 and drawn[0.11] == pytest.approx(1 / 3, abs=0.1) and drawn[0.2] == pytest.approx(0.5, abs=0.1)
    )
    put_levers(standing, "financier", 0, instrument_mix=np.array([0, 0, 1.0, 0, 0, 0]))
    standing.run.facts["cost_of_capital"][0] = 0.05
    assert INSTRUMENTS[draw_instrument(standing.run, 0, 0, 1)] == "direct_loan"  # a lender of loans alone lends


def test_what_finance_means_to_the_programmes_money(standing):
    world = look(standing)
    for f in range(len(FINANCIERS)):
        for c in range(world.countries):
            for name in INSTRUMENTS:
                for operated in (False, True):
                    mode = OPERATED if operated else 0
                    got = money_of(standing.run, f, c, mode, INSTRUMENTS.index(name), 1.3, 0.7)
                    assert got == pytest.approx(twin.money(world, f, c, operated, name, 1.3, 0.7), rel=1e-11, abs=1e-13)
                    assert min(got) >= 0  # lending may pay for itself, and never for the rest of a programme


@pytest.mark.parametrize("h", [0, 1])
@pytest.mark.parametrize("shares", [(0.0, 0.5), (0.3, 0.5), (0.95, 0.0)])
def test_the_cheapest_that_approves_and_its_partner(standing, h, shares):
    private, gulf = FINANCIERS.index("private_capital"), FINANCIERS.index("gulf_fund")
    for f, share in zip((private, gulf), shares, strict=True):
        put_levers(standing, "financier", f, co_finance=share)
    put(standing, committed=0.0, overdue=0.0)
    kinds = set()
    for c in range(standing.world.countries):
        for l, value in ((1, 0.4), (2, 1.0), (6, 3.0)):
            world, before = look(standing), standing.run.book["refused_for_risk"].copy()
            expected, refused = twin.best_offer(world, h, c, l, value, l == CLOUD, 0.2)
            got = choose_financier(standing.run, h, c, l, value, OPERATED if l == CLOUD else 0, 0.2)
            counted = standing.run.book["refused_for_risk"] - before
            assert counted == pytest.approx([float(refused.get(f) == "risk") for f in range(len(FINANCIERS))])
            kinds.add((expected is not None, expected is not None and expected.partner >= 0))
            if expected is None:
                assert got == (-1, 1.0, -1, 0.0, -1, 0.0)
                continue
            assert (got[0], got[2], INSTRUMENTS[got[4]]) == (expected.financier, expected.partner, expected.instrument)
            assert (got[1], got[3], got[5]) == pytest.approx(
                (expected.factor, expected.share, expected.part), rel=1e-12
            )
    assert len(kinds) > 1 or (h == 1 and kinds), kinds


def test_no_partner_beside_china(standing):
    """Private capital and the Gulf fund serve the American and the independent stacks."""
    assert partner_of(standing.run, 1, 0, 0.1, 0) == twin.partner(look(standing), 1, 0, 0.1, False) == (-1, 0.0)
    assert partner_of(standing.run, 0, 0, 0.1, 0)[0] >= 0


@pytest.mark.parametrize(
    "case", ["plenty", "few slots", "little money", "no money", "little room", "equal scores", "rules"]
)
def test_who_is_supported_of_a_months_tenders(standing, case):
    put(standing, pipeline=0, purse=5.0, slots_left=50.0, committed=0.0)
    put_parameters(standing, asks=0.9, asks_distance=0.2)
    put_levers(standing, "home", slice(None), min_package_mw=1.0, include_network=1.0, cloud_counts=1.0)
    put_levers(standing, "financier", slice(None), risk_tolerance=0.05)
    generator = np.random.default_rng(9)
    targets = generator.uniform(0, 2, standing.run.state["target"].shape) * (
        generator.random(standing.run.state["target"].shape) < 0.7
    )
    put(standing, target=targets)
    put_levers(standing, "financier", slice(None), commitment_limit_bn=1000.0, cap_bn=5000.0)
    if case == "few slots":
        put(standing, slots_left=np.array([3.0, 5.5]))
    elif case == "no money":
        put_parameters(standing, overhead_bn=6.0)
    elif case == "little money":
        put(standing, purse=0.3)
        put_parameters(standing, overhead_bn=0.01)
        put_levers(standing, "financier", slice(None), instrument_mix=np.array([0.4, 0.6, 0, 0, 0, 0]))
    elif case == "little room":
        put_levers(standing, "financier", slice(None), commitment_limit_bn=2.0, co_finance=0.4)
    elif case == "equal scores":
        put(standing, target=np.where(targets > 0, 1.0, 0.0), slots_left=4.0)
    elif case == "rules":
        put_levers(standing, "home", slice(None), include_network=0.4, cloud_counts=0.5, min_package_mw=20.0)
    tenders = gather(standing, hazard=1.0)
    world, run = look(standing), standing.run
    expected, refused = twin.allot(world, tenders)
    got = allot(standing, tenders)
    assert got.keys() == expected.keys()
    for claim, offer in expected.items():
        assert (got[claim].financier, got[claim].partner) == (offer.financier, offer.partner)
        assert got[claim].instrument == offer.instrument
        assert (got[claim].part, got[claim].money) == pytest.approx((offer.part, offer.money), rel=1e-12)
        assert got[claim].factor == pytest.approx(offer.factor, rel=1e-12)
        assert offer.partner < 0 or got[claim].share == pytest.approx(offer.share, rel=1e-12)
    for name in ("slots_left", "exposure", "committed", "purse"):
        assert run.state[name] == pytest.approx(getattr(world.state, name), rel=1e-12), name
    for h in (0, 1):
        supported = sum(home == h for _, home in expected)
        assert run.book["supported_tenders"][h] - world.book.supported_tenders[h] == supported
    for name in ("unasked", "asked", "short_of_slots", "short_of_money"):
        name = f"support_{name}"
        assert run.book[name] == pytest.approx(getattr(world.book, name)), name
    for why, name in twin.TABLES.items():
        number = [sum(one == (f, why) for one in refused) for f in range(len(FINANCIERS))]
        assert run.book[name] - getattr(world.book, name) == pytest.approx(number), name
    if case == "no money":
        assert not expected and (world.book.support_short_of_money > standing.world.book.support_short_of_money).all()
    elif case == "little money":  # what is left of the purse finances a part, or nothing
        short = world.book.support_short_of_money - standing.world.book.support_short_of_money
        assert expected and short.sum() > 0 and min(offer.part for offer in expected.values()) < 1
    else:
        assert len(expected) >= 4, case
    if case == "little room":
        assert any(offer.partner >= 0 for offer in expected.values()) and refused


def test_the_cost_of_inaction_tips_approval(standing):
    """Tolerance is all the premium on half the chance that a rival wins.

    Many premiums, so that some claims lie close to the edge.
    """
    put(standing, pipeline=0, target=1.0, committed=0.0)
    put_parameters(standing, asks=1.0, asks_distance=0.0)
    put_levers(standing, "home", slice(None), min_package_mw=0.0)
    put_levers(standing, "financier", slice(None), risk_tolerance=0.0, commitment_limit_bn=1e4, cap_bn=1e4)
    tenders, numbers = gather(standing, hazard=1.0), set()
    for premium in np.linspace(0.01, 0.3, 40):
        put(standing, slots_left=100.0, purse=100.0, exposure=0.0, committed=0.0)
        standing.run.financier["at"]["strategic_premium"][...] = premium
        expected, _ = twin.allot(look(standing), tenders)
        assert {claim: one.financier for claim, one in allot(standing, tenders).items()} == {
            claim: one.financier for claim, one in expected.items()
        }
        numbers.add(len(expected))
    assert len(numbers) > 8
