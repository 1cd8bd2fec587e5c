"""Half-years of all loans of a run.

Service, default, extension, recovery, and their identity, against the plain book.
"""

import numpy as np
import pytest

from stackcraft.model.loop.lifecycle import fail, leave
from stackcraft.model.loop.loan_book import lend
from stackcraft.model.loop.loans import hazard_of_loan, serve_loans
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_parameters, switch
from tests.reference import contracts, stages
from tests.reference import loans as twin
from tests.reference.plain import BUILDING, OPERATING


def lend_all(one, seed=1):
    """Put a loan on most deals, in every state of repayment, from every lender and some with a partner.

    A few have lost the deal that they paid for. Those in the pipeline are put into building.
    """
    generator, w, row = np.random.default_rng(seed), one.run.state, 0
    for c, l, i in np.argwhere(w["stage"] > 0).tolist():
        if generator.random() < 0.2:
            continue
        if w["stage"][c, l, i] != OPERATING:
            put_deal(one, c, l, i, stage=BUILDING)
        gone, partner = generator.random() < 0.2, int(generator.choice([-1, 4, 5]))
        put_deal(one, c, l, i, used=float(generator.random()), commitment=0.0, loan_row=-1 if gone else row)
        columns = {
            "owed": generator.uniform(0.01, 2), "ratio": 0.5 if partner >= 0 else 0.0, "luck": row,
            "lost": generator.choice([0.2, 0.5]), "country": c, "layer": l, "slot": -1 if gone else i,
            "payments": generator.choice([1, 2, 9, 20]), "grace": generator.integers(0, 3),
            "stack": one.run.deals["at"]["stack"][c, l, i], "financier": generator.integers(6), "partner": partner,
            "extended": generator.integers(2),
        }  # fmt: skip
        for name, value in columns.items():
            w[f"loan_{name}"][row] = value
        row += 1
    lent = w["loan_owed"][:row].sum()
    put(one, loans=row, loans_disbursed=lent, loans_repaid=0.0, loans_written_off=0.0, loans_recovered=0.0)
    put(one, exposure=500.0, reserve=1.0, uncovered=0.0)


@pytest.mark.parametrize("case", ["service", "distress", "no defaults", "off"])
def test_two_and_a_half_years_of_loans(standing, case):
    lend_all(standing)
    if case == "distress":
        put_parameters(standing, base_default=0.3)
        put(standing, debt_until=60)
    switch(standing, off={"no defaults": ("defaults",), "off": ("loans",)}.get(case, ()))
    world = look(standing)
    for month in range(36, 66):
        world.state.month = month
        put(standing, month=month)
        twin.month(world)
        serve_loans(standing.run)
    assert_same(standing, world)
    w = world.state
    outstanding = w.loan_owed.sum()
    assert w.loans_disbursed == pytest.approx(w.loans_repaid + outstanding + w.loans_written_off, rel=1e-10)
    assert (w.loans_repaid > 0) == (case != "off")
    failed = world.book.defaulted_deals.sum() - standing.world.book.defaulted_deals.sum()
    before = standing.world.book
    extended = world.book.extended_loans.sum() - before.extended_loans.sum()
    written_off = world.book.written_off_loans.sum() - before.written_off_loans.sum()
    if case == "distress":
        assert extended > 5 and written_off == failed
        assert w.uncovered[:4].max() > 0  # losses went beyond the reserves, at the public's cost
        assert failed > 20 and 0 < w.loans_recovered < w.loans_written_off and world.book.default_loss_bn.max() > 0
    elif case in ("no defaults", "off"):
        assert failed == 0


def test_nothing_falls_due_between_half_years(standing):
    lend_all(standing)
    put(standing, month=37)
    world = look(standing)
    serve_loans(standing.run)
    assert_same(standing, world)


def test_a_loan_is_paid_out_once_and_outlives_its_contract(standing):
    """The contract ends or is given up; the country owes on, at the hazard of any other debt."""
    lend_all(standing)
    w = standing.run.state
    place = next(tuple(one) for one in np.argwhere(w["stage"] == OPERATING).tolist())
    put_deal(
        standing, *place, commitment=0.4, financier=2, partner=-1, partner_ratio=0.0, payments=16, grace=4, used=0.1
    )
    world, row, before = look(standing), int(w["loans"]), float(w["loans_disbursed"])
    twin.lend(world, *place)
    for _ in range(2):
        lend(standing.run, *place)  # what was committed is lent, so a second time there is nothing to lend
    assert_same(standing, world)
    assert w["loans"] == row + 1 and w["loan_owed"][row] == 0.4 and w["loans_disbursed"] == before + 0.4
    working = hazard_of_loan(standing.run, row)
    contracts.leave(world, *place, "lapsed", 36.0)
    leave(standing.run, *place, 3, 36.0, -1)
    assert_same(standing, world)
    assert w["loan_slot"][row] == -1 and w["loan_owed"][row] == 0.4 and w["loans_repaid"] == 0
    p = world.parameters
    assert working == pytest.approx(
        hazard_of_loan(standing.run, row) * (1 + p.under_use_default * (p.under_use_from - 0.1))
    )


def test_a_loan_for_a_site_that_is_never_built_is_owed_all_the_same(standing):
    place = next(tuple(one) for one in np.argwhere(standing.run.state["stage"] == OPERATING).tolist())
    put_deal(standing, *place, stage=BUILDING, commitment=0.4, financier=2, partner=-1, payments=16, grace=4)
    put_parameters(standing, novation=0.0, building_default=2.0)
    put(standing, pipeline=(place[:2], 1))
    lend(standing.run, *place)
    row = int(standing.run.state["loans"]) - 1
    world = look(standing)
    building = hazard_of_loan(standing.run, row)
    stages.fail(world, *place)
    fail(standing.run, *place)
    assert_same(standing, world)
    assert standing.run.state["loan_slot"][row] == -1 and standing.run.state["loan_owed"][row] == 0.4
    assert building == pytest.approx(2 * hazard_of_loan(standing.run, row))
