"""T7: chance of operating and times to either end against the absorbing chain, in expected form and in draws."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.drivers import key_of, lives
from stackcraft.experiments.checks.swapped import default_parameters
from stackcraft.model.loop.codes import MID
from stackcraft.model.loop.lifecycle import absorption

# The published design table: chance of operating, months if it operates, by site class.
TABLE = ((0.34, 32), (0.41, 35), (0.66, 27), (0.87, 14), (0.88, 23), (0.81, 23), (0.96, 7))
MID_DATA_CENTRE = (0.6592, 26.75, 22.08)
DRAWS = 60_000


def chain(finance_mean, build_mean, cancel_finance, cancel_build):
    """P(operate), mean months if it operates, mean months to either end, from (-Q)^-1 of the four transient stages."""
    finance, phase = 1.0 / finance_mean, 3.0 / build_mean
    leave = np.array([finance + cancel_finance, *[phase + cancel_build] * 3])
    generator = np.diag(-leave)
    generator[0, 1], generator[1, 2], generator[2, 3] = finance, phase, phase
    occupied = np.linalg.inv(-generator)  # mean months in each stage from each
    operate = occupied @ np.array([0.0, 0.0, 0.0, phase])  # chance of operating from each stage
    # Given that it operates, stages are visited with Doob's transform of the chain.
    months_if_operates = (occupied[0] * operate / operate[0]).sum()
    return operate[0], months_if_operates, occupied[0].sum()


def checks(threads=None):
    """Every site class in expected form; the printed values; draws."""
    p = default_parameters(1)[0]
    worst, operate_gap, month_gap, drawn = 0.0, 0.0, 0.0, 0.0
    for kind in range(len(TABLE)):
        rates = [
            float(p[name][kind])
            for name in ("finance_months", "build_months", "cancel_before_finance", "cancel_while_building")
        ]
        expected = chain(*rates)
        worst = max(worst, np.abs(np.array(absorption(*rates)) - expected).max())
        operate_gap = max(operate_gap, abs(expected[0] - TABLE[kind][0]))
        month_gap = max(month_gap, abs(expected[1] - TABLE[kind][1]))
        operates, months = np.zeros(DRAWS), np.zeros(DRAWS)
        lives(key_of(31, kind), DRAWS, *rates, operates, months)
        error = np.sqrt(expected[0] * (1 - expected[0]) / DRAWS)
        drawn = max(drawn, abs(operates.mean() - expected[0]) / error)
        if_operates = months[operates == 1]
        drawn = max(drawn, abs(if_operates.mean() - expected[1]) / (if_operates.std() / np.sqrt(len(if_operates))))
        drawn = max(drawn, abs(months.mean() - expected[2]) / (months.std() / np.sqrt(DRAWS)))
    yield within(
        "exact",
        "T7 absorbing chain",
        "chance and both times of all seven classes against (-Q)^-1: largest gap",
        worst,
        1e-12,
    )
    reached = absorption(
        *[
            float(p[name][MID])
            for name in ("finance_months", "build_months", "cancel_before_finance", "cancel_while_building")
        ]
    )
    gap = max(
        abs(reached[0] - MID_DATA_CENTRE[0]),
        abs(reached[1] - MID_DATA_CENTRE[1]) / 100,
        abs(reached[2] - MID_DATA_CENTRE[2]) / 100,
    )
    yield within(
        "exact",
        "T7 mid data centre",
        "0.6592; 26.75 and 22.08 months",
        gap,
        5.1e-5,
        f"{reached[0]:.5f}, {reached[1]:.3f}, {reached[2]:.3f}",
    )
    yield within(
        "exact", "T7 table, chance", "chance of operating by class, as printed: largest gap", operate_gap, 0.0051
    )
    yield within("exact", "T7 table, months", "months to operation by class, as printed: largest gap", month_gap, 0.51)
    yield within(
        "exact", "T7 drawn lives", f"{DRAWS:,} drawn lives of each class: largest gap in standard errors", drawn, 4.0
    )
