"""T3: present values, the loan schedule, and the identity of the loan book in whole runs."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.levers import FINANCIER
from stackcraft.agents.names import FINANCIERS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.drivers import schedule
from stackcraft.experiments.checks.published import COSTS_OF_CAPITAL, GUARANTEE, PRESENT_VALUES
from stackcraft.experiments.checks.swapped import default_parameters
from stackcraft.model import Simulation
from stackcraft.model.loop.codes import EMPTY
from stackcraft.model.loop.codes import GUARANTEE as BY_GUARANTEE
from stackcraft.model.loop.finance import instrument_factor, present_value

CENT_IN_BN = 1e-11


def explicit(rate, tenor, grace, cost_of_capital):
    """Present value of a dollar lent, payment by payment: equal principal half-yearly after the grace."""
    payments, waiting = round(2 * (tenor - grace)), round(2 * grace)
    outstanding, value = 1.0, 0.0
    for half_year in range(1, payments + waiting + 1):
        principal = 1.0 / payments if half_year > waiting else 0.0
        value += (outstanding * rate / 2 + principal) / (1 + cost_of_capital / 2) ** half_year
        outstanding -= principal
    return value


def checks(threads=None):
    """Present values, schedule, the book."""
    worst, table = 0.0, 0.0
    for terms, printed in PRESENT_VALUES.values():
        for cost, value in zip(COSTS_OF_CAPITAL, printed, strict=True):
            worst = max(worst, abs(present_value(*terms, cost) - explicit(*terms, cost)))
            table = max(table, abs(present_value(*terms, cost) - value))
    generator = np.random.default_rng(2)
    for _ in range(200):
        tenor = generator.integers(2, 50) / 2
        terms = (generator.uniform(0, 0.12), tenor, generator.integers(0, 2 * tenor) / 2)
        cost = generator.uniform(0.01, 0.2)
        worst = max(worst, abs(present_value(*terms, cost) - explicit(*terms, cost)))
    yield within("exact", "T3 present value", "closed form against payment by payment: largest gap", worst, 1e-12)
    lender = FINANCIER.defaults(list(FINANCIERS), 1, None)[0]
    lender["tenor_years"], lender["grace_years"] = 10, 1
    parameters = default_parameters(1)[0]
    for cost, value in zip(COSTS_OF_CAPITAL, GUARANTEE, strict=True):
        # The table leaves the other 15 % at the buyer's own cost, which is worth its face.
        table = max(table, abs(instrument_factor(parameters, lender, BY_GUARANTEE, cost) - value))
    yield within(
        "exact", "T3 table of present values", "the twelve values of the model's table: largest gap", table, 0.005
    )

    gap = 0.0
    for principal, rate, payments, grace in (
        (10.0, 0.05, 18, 2),
        (0.37, 0.0285, 22, 10),
        (4.0, 0.042, 16, 4),
        (1.0, 0.0, 1, 0),
    ):
        paid = np.zeros((payments + grace, 2))
        left = schedule(principal, rate, payments, grace, paid)
        half = np.arange(payments + grace)
        due = principal * (1 - np.maximum(half - grace, 0) / payments)
        gap = max(gap, abs(left), np.abs(paid[:, 0] - due * rate / 2).max(), abs(paid[:, 1].sum() - principal))
        gap = max(gap, np.abs(paid[grace:, 1] - principal / payments).max(), np.abs(paid[:grace, 1]).max(initial=0.0))
    yield within(
        "exact", "T3 schedule", "half-yearly service against the closed-form schedule: largest gap, bn$", gap, 1e-13
    )

    scenario = status_quo(world="synthetic")
    parameters = default_parameters(32, base_default=0.03)
    with Simulation(scenario, runs=32, seed=4, parameters=parameters, threads=threads).run() as simulation:
        book, owed, moved = book_gap(simulation), exposure_gap(simulation), simulation.world.state["loans_disbursed"]
        written_off = simulation.world.state["loans_written_off"].sum()
        detail = f"{moved.sum():.1f} bn$ lent, {written_off:.2f} bn$ written off in 32 runs"
    yield within(
        "exact",
        "T3 loan book",
        "disbursed - repaid - outstanding - written off, a run: largest, bn$",
        book,
        CENT_IN_BN,
        detail,
    )
    yield within(
        "exact",
        "T3 exposure",
        "each financier's exposure less its loans and commitments: largest, bn$",
        owed,
        CENT_IN_BN,
    )


def book_gap(simulation) -> float:
    """Largest |disbursed - repaid - outstanding - written off| over runs, bn$."""
    state = simulation.world.state
    outstanding = state["loan_owed"].sum(axis=1)  # rows beyond the book are empty
    return float(
        np.abs(state["loans_disbursed"] - state["loans_repaid"] - outstanding - state["loans_written_off"]).max()
    )


def exposure_gap(simulation) -> float:
    """Largest gap between a financier's exposure and what it began with plus its loans and commitments, bn$.

    A partner carries its own part beside the lender's.
    """
    state, deals = simulation.world.state, simulation.world.deals
    live = np.where(state["stage"] != EMPTY, deals["commitment"], 0.0)
    loan, gap = state["loan_owed"], 0.0
    for f in range(len(FINANCIERS)):
        owed = np.where(deals["financier"] == f, live, 0.0).sum(axis=(1, 2, 3))
        owed = owed + np.where(deals["partner"] == f, live * deals["partner_ratio"], 0.0).sum(axis=(1, 2, 3))
        owed = owed + np.where(state["loan_financier"] == f, loan, 0.0).sum(axis=1)
        owed = owed + np.where(state["loan_partner"] == f, loan * state["loan_ratio"], 0.0).sum(axis=1)
        gap = max(
            gap, float(np.abs(state["exposure"][:, f] - simulation.world.facts["financier_used"][0, f] - owed).max())
        )
    return gap
