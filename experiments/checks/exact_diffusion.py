"""T2: the diffusion kernel against its recurrence, the Bass curve, its own draws, and published fits of durables."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import least_squares

from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.drivers import bass_drawn, bass_path
from stackcraft.experiments.checks.published import DENSITY_FIT, INTERVAL_FITS

INNOVATION, IMITATION, MONTHS = 0.03, 0.38, 360
GAP_AT_A_MONTH = 0.00925


def curve(innovation, imitation, years):
    """The Bass curve F(t) = (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t)."""
    fade = np.exp(-(innovation + imitation) * years)
    return (1.0 - fade) / (1.0 + imitation / innovation * fade)


def path(innovation, imitation, step_years, steps):
    """The kernel's path, (steps + 1,)."""
    share = np.zeros(steps + 1)
    bass_path(innovation, imitation, step_years, share)
    return share


def recurrence(innovation, imitation, step_years, steps):
    """F += (1 - F)(1 - exp(-(p + q F) dt)), in plain Python."""
    share = [0.0]
    for _ in range(steps):
        share.append(
            share[-1] + (1.0 - share[-1]) * (1.0 - math.exp(-(innovation + imitation * share[-1]) * step_years))
        )
    return np.array(share)


def limit(innovation, imitation, years):
    """The kernel's path at whole years as the step goes to 0 (Richardson's extrapolation of the error in the step)."""
    coarse = path(innovation, imitation, 1 / 128, 128 * years)[::128]
    fine = path(innovation, imitation, 1 / 256, 256 * years)[::256]
    return 2.0 * fine - coarse


def checks(threads=None):
    """Recurrence, curve, order of the error, draws, published fits."""
    share = path(INNOVATION, IMITATION, 1 / 12, MONTHS)
    gap = np.abs(share - recurrence(INNOVATION, IMITATION, 1 / 12, MONTHS)).max()
    yield within("exact", "T2 recurrence", "F += (1 - F)(1 - exp(-(p + q F) dt)): largest gap", gap, 1e-12)
    years = np.arange(MONTHS + 1) / 12
    largest = np.abs(share - curve(INNOVATION, IMITATION, years)).max()
    yield within(
        "exact",
        "T2 Bass curve",
        f"largest gap from the curve at monthly steps, less {GAP_AT_A_MONTH}",
        abs(largest - GAP_AT_A_MONTH),
        5e-6,
        f"largest gap {largest:.5f}",
    )
    finer = np.abs(path(INNOVATION, IMITATION, 1 / 24, 2 * MONTHS)[::2] - curve(INNOVATION, IMITATION, years)).max()
    yield within(
        "exact",
        "T2 order of the step",
        "halving the step halves the gap: ratio of gaps, less 2",
        abs(largest / finer - 2),
        0.05,
    )
    number, replicates = 4000, 8
    drawn = np.zeros(121)
    bass_drawn(3, replicates, number, INNOVATION, IMITATION, drawn)
    yield within(
        "exact",
        "T2 drawn adoption",
        f"{replicates} x {number:,} governments that draw their months: largest gap in standard errors",
        np.abs(drawn - share[:121]).max() / math.sqrt(0.25 / number / replicates),
        6.0,  # early luck is carried on by imitation
    )
    for name, (sales, published) in INTERVAL_FITS.items():
        fitted = fit(lambda p, q, n: np.diff(limit(p, q, n)), sales, published)
        yield within(
            "exact",
            f"T2 {name}",
            "p, q, m that fit the sales, against the published fit: largest relative gap",
            np.abs(fitted / published - 1).max(),
            1e-3,
            _words(fitted),
        )
    sales, published, errors = DENSITY_FIT
    fitted = fit(density, sales, published)
    yield within(
        "exact",
        "T2 video recorders",
        "p, q, m against R's printed fit: largest gap in its standard errors",
        (np.abs(fitted - published) / errors).max(),
        0.02,
        _words(fitted),
    )


def density(p, q, years):
    """New adopters a year at years 1, 2, ... by the kernel's path."""
    share = limit(p, q, years)[1:]
    return (p + q * share) * (1.0 - share)


def fit(model, sales, start):
    """p, q, m by least squares."""
    scale = np.array(start)

    def gaps(x):
        p, q, market = x * scale
        return (market * model(p, q, len(sales)) - sales) / sales.mean()

    return least_squares(gaps, [1.2, 0.8, 1.1], xtol=1e-12, ftol=1e-12, gtol=1e-12).x * scale


def _words(fitted) -> str:
    return f"p {fitted[0]:.5f}, q {fitted[1]:.5f}, m {fitted[2]:,.0f}"
