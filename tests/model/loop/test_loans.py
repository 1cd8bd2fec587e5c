"""Half-years of all loans of a run.

Service, default, extension, recovery, and their identity, against the plain book.
"""

import numpy as np
import pytest

from stackcraft.model.loop.loans import serve_loans
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_parameters, switch
from tests.reference import loans as twin
from tests.reference.plain import OPERATING


def lend(one, seed=1):
    """Give most operating deals a loan, in every state of repayment, from every lender and some with a partner."""
    generator = np.random.default_rng(seed)
    for place in np.argwhere(one.run.state["stage"] == OPERATING):
        if generator.random() < 0.2:
            continue
        loan, f = float(generator.uniform(0.01, 2)), int(generator.integers(-1, 6))
        partner = int(generator.choice([-1, 4, 5]))
        put_deal(
            one,
            *(int(x) for x in place),
            loan=loan,
            financier=f,
            partner=partner,
            partner_ratio=0.5 if partner >= 0 else 0.0,
            grace_left=int(generator.integers(0, 3)),
            payments_left=int(generator.choice([1, 2, 9, 20])),
            used=float(generator.random()),
            extended=int(generator.integers(0, 2)),
        )
    lent = look(one).deals["loan"][one.run.state["stage"] == OPERATING].sum()
    put(one, loans_disbursed=lent, loans_repaid=0.0, loans_written_off=0.0, loans_recovered=0.0, exposure=500.0)


@pytest.mark.parametrize("case", ["service", "distress", "no defaults", "off"])
def test_two_and_a_half_years_of_loans(standing, case):
    lend(standing)
    if case == "distress":
        put_parameters(standing, base_default=0.15)
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
    outstanding = world.deals["loan"][w.stage == OPERATING].sum()
    assert w.loans_disbursed == pytest.approx(w.loans_repaid + outstanding + w.loans_written_off, rel=1e-10)
    assert (w.loans_repaid > 0) == (case != "off")
    failed = world.book.defaulted_deals.sum() - standing.world.book.defaulted_deals.sum()
    if case == "distress":
        assert failed > 20 and 0 < w.loans_recovered < w.loans_written_off and world.book.default_loss_bn.max() > 0
    elif case in ("no defaults", "off"):
        assert failed == 0


def test_nothing_falls_due_between_half_years(standing):
    lend(standing)
    put(standing, month=37)
    world = look(standing)
    serve_loans(standing.run)
    assert_same(standing, world)
