"""Approval, partners and the order of support against plain rules, on real tenders of a run."""

import numpy as np
import pytest

from stackcraft.agents.names import FINANCIERS
from stackcraft.model.loop.codes import CLOUD, OPERATED
from stackcraft.model.loop.finance import (
    FROZEN,
    INELIGIBLE,
    NO_RISK,
    NO_ROOM,
    carried_share,
    choose_financier,
    partner_of,
    refusal,
)
from tests.model.loop.conftest import allot, gather, look, put, put_levers, put_parameters
from tests.reference import approval as twin

WHY = {0: None, NO_RISK: "risk", NO_ROOM: "room", FROZEN: "frozen", INELIGIBLE: "ineligible"}


def test_exposure_of_every_financier(standing):
    for f in range(len(FINANCIERS)):
        put_levers(standing, "financier", f, instrument_mix=np.random.default_rng(f).dirichlet(np.ones(6)))
    world = look(standing)
    for f in range(len(FINANCIERS)):
        got = carried_share(standing.run.parameters, standing.run.financier["at"][f])
        assert got == pytest.approx(twin.carried(world.parameters, world.financier[f]), rel=1e-12)


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
            risk_tolerance=generator.uniform(0, 0.06),
            strategic_premium=generator.uniform(0, 0.1),
            sunset_year=generator.choice([2026.0, 2028.5, 2040.0]),
            cap_date=generator.choice([2027.0, 2031.0, 2031.0, 2031.0]),
            cap_bn=generator.uniform(20, 80),
            commitment_limit_bn=generator.uniform(1, 5),
        )
        put_levers(standing, "home", generator.integers(2), budget_bn=generator.uniform(0.5, 6))
        put(
            standing,
            exposure=(f, generator.uniform(0, 60)),
            overdue=(f, generator.uniform(0, 1.2)),
            committed=(f, generator.uniform(0, 2)),
            debt_until=(c, generator.choice([0, 60])),
        )
        exposure, operated = generator.uniform(0, 2), bool(generator.integers(2))
        inaction, lag = generator.uniform(0, 0.5), generator.uniform(0, 18)
        got = refusal(standing.run, f, c, exposure, OPERATED if operated else 0, inaction, lag)
        expected = twin.refusal(look(standing), f, c, exposure, operated, inaction, lag)
        assert WHY[got] == expected, (f, c)
        seen.append(expected)
    assert {seen.count(why) > 10 for why in (None, "risk", "room", "frozen", "ineligible")} == {True}


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
                assert refusal(standing.run, 1, c, 0.1, OPERATED if operated else 0, 0.0, 0.0) == why


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
            expected, refused = twin.cheapest(world, h, c, l, value, l == CLOUD, 0.2)
            got = choose_financier(standing.run, h, c, l, value, OPERATED if l == CLOUD else 0, 0.2)
            counted = standing.run.book["refused_for_risk"] - before
            assert counted == pytest.approx([float(refused.get(f) == "risk") for f in range(len(FINANCIERS))])
            kinds.add((expected is not None, expected is not None and expected.partner >= 0))
            if expected is None:
                assert got[0] == -1 and got[1] == 1.0
                continue
            assert (got[0], got[2]) == (expected.financier, expected.partner)
            assert got[1] == pytest.approx(expected.factor, rel=1e-12) and got[3] == pytest.approx(
                expected.share, rel=1e-12
            )
    assert len(kinds) > 1 or (h == 1 and kinds), kinds


def test_no_partner_beside_china(standing):
    """Private capital and the Gulf fund serve the American and the independent stacks."""
    assert partner_of(standing.run, 1, 0, 0.1, 0) == twin.partner(look(standing), 1, 0, 0.1, False) == (-1, 0.0)
    assert partner_of(standing.run, 0, 0, 0.1, 0)[0] >= 0


@pytest.mark.parametrize("case", ["plenty", "few slots", "little money", "little room", "equal scores", "rules"])
def test_who_is_supported_of_a_months_tenders(standing, case):
    put(standing, pipeline=0, budget=5.0, slots_left=50.0, committed=0.0)
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
    elif case == "little money":
        put_parameters(standing, overhead_bn=6.0)
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
        assert got[claim].factor == pytest.approx(offer.factor, rel=1e-12)
        assert offer.partner < 0 or got[claim].share == pytest.approx(offer.share, rel=1e-12)
    for name in ("slots_left", "exposure", "committed", "budget"):
        assert run.state[name] == pytest.approx(getattr(world.state, name), rel=1e-12), name
    for h in (0, 1):
        supported = sum(home == h for _, home in expected)
        assert run.book["supported_tenders"][h] - world.book.supported_tenders[h] == supported
    for name, why in (("refused_for_room", "room"), ("refused_for_risk", "risk"), ("refused_frozen", "frozen")):
        number = [sum(one == (f, why) for one in refused) for f in range(len(FINANCIERS))]
        assert run.book[name] - getattr(world.book, name) == pytest.approx(number), name
    if case == "little money":
        assert not expected
    else:
        assert len(expected) >= 4, case
    if case == "little room":
        assert any(offer.partner >= 0 for offer in expected.values()) and refused


def test_the_cost_of_inaction_tips_approval(standing):
    """Tolerance is all the premium on half the chance that a rival wins.

    Many premiums, so that some claims lie close to the edge.
    """
    put(standing, pipeline=0, target=1.0, committed=0.0)
    put_levers(standing, "home", slice(None), min_package_mw=0.0)
    put_levers(standing, "financier", slice(None), risk_tolerance=0.0, commitment_limit_bn=1e4, cap_bn=1e4)
    tenders, numbers = gather(standing, hazard=1.0), set()
    for premium in np.linspace(0.01, 0.3, 40):
        put(standing, slots_left=100.0, budget=5.0, exposure=0.0, committed=0.0)
        standing.run.financier["at"]["strategic_premium"][...] = premium
        expected, _ = twin.allot(look(standing), tenders)
        assert {claim: one.financier for claim, one in allot(standing, tenders).items()} == {
            claim: one.financier for claim, one in expected.items()
        }
        numbers.add(len(expected))
    assert len(numbers) > 8
