"""Instruments, approval and the loan book against payments written down one by one."""

import numpy as np
import pytest

from stackcraft.agents.names import FINANCIERS, INSTRUMENTS
from stackcraft.experiments.checks.drivers import schedule
from stackcraft.model.loop.finance import default_chance, instrument_factor, present_value, refresh_finance
from stackcraft.model.loop.loans import default_hazard
from tests.reference import approval
from tests.reference import finance as twin


def test_present_values():
    generator = np.random.default_rng(3)
    for _ in range(60):
        tenor = generator.integers(2, 40) / 2
        terms = (generator.uniform(0, 0.1), tenor, generator.integers(0, 2 * tenor) / 2, generator.uniform(0.01, 0.2))
        assert present_value(*terms) == pytest.approx(twin.present_value(*terms), rel=1e-12)


@pytest.mark.parametrize("instrument", range(6))
def test_instruments_of_every_financier(stood, instrument):
    for f in range(len(FINANCIERS)):
        for cost in (0.06, 0.11, 0.17):
            got = instrument_factor(stood.run.parameters, stood.run.financier["at"][f], instrument, cost)
            expected = twin.instrument_cost(
                stood.world.parameters, stood.world.financier[f], INSTRUMENTS[instrument], cost
            )
            assert got == pytest.approx(expected, rel=1e-12), FINANCIERS[f]


def test_factors_are_the_mean_over_the_instruments_that_a_deal_may_get(standing):
    standing.run.state["finance_terms"][...] = 0
    refresh_finance(standing.run)
    world = standing.world
    for f in range(len(FINANCIERS)):
        for c in range(world.countries):
            lever, cost = world.financier[f], world.facts.cost_of_capital[c]
            expected = sum(
                part * twin.instrument_cost(world.parameters, lever, name, cost)
                for name, part in approval.chances(world, f, c).items()
                if part > 0
            )
            assert standing.run.state["finance_factor"][f, c] == pytest.approx(expected, rel=1e-12)


def test_chance_of_default(stood):
    for c in range(stood.world.countries):
        distressed = stood.world.state.month < stood.world.state.debt_until[c]
        expected = twin.default_chance(stood.world.parameters, stood.world.facts.default_multiplier[c], 10, distressed)
        assert default_chance(stood.run, c, 10) == pytest.approx(expected, rel=1e-13)


def test_ten_years_of_the_average_of_a_book():
    # 6.7 % over ten years, as project finance has it.
    assert 1 - np.exp(-10 * default_hazard(0.0069, 1.0, 1.0, 0.6, 0.8, 1.0)) == pytest.approx(0.067, abs=5e-4)
    assert default_hazard(0.01, 2.0, 1.0, 0.6, 0.1, 4.0) == pytest.approx(0.01 * 2 * 1.5 * 4)


@pytest.mark.parametrize(
    ("rate", "payments", "grace", "failing"), [(0.05, 18, 2, None), (0.0285, 22, 10, 15), (0.042, 16, 4, 4)]
)
def test_a_loan_and_its_identity(rate, payments, grace, failing):
    loan = twin.Loan(3.7, rate, payments, grace)
    paid = np.zeros((payments + grace if failing is None else failing, 2))
    left = schedule(3.7, rate, payments, grace, paid)
    for _ in range(len(paid)):
        loan.half_year()
    assert left == pytest.approx(loan.owed, abs=1e-14)
    assert paid[:, 1].sum() == pytest.approx(loan.repaid, abs=1e-14) and paid[:, 0].sum() == pytest.approx(
        loan.interest, abs=1e-14
    )
    if failing:
        loan.default()
    assert loan.lent == pytest.approx(loan.repaid + loan.owed + loan.written_off, abs=1e-14)
