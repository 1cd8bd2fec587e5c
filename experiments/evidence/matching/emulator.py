"""An emulator of a target: what its mean over replicates would be at a point, and how unsure that is.

A lasso on the screened inputs and their squares gives the mean; a Gaussian process with a Matern 5/2 kernel and a scale
for each input that was screened for the target takes up what the lasso leaves. What the other inputs do to a world is
noise to it, whose variance (`aside`) is estimated with that of luck and kept apart from it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stackcraft.experiments.extras import need

MOST_TUNED = 300  # worlds on which the scales are tuned; all of them count after that
FOLDS = 5
PENALTIES = 30
EXTRA = "analysis"
BATCH = 4096


@dataclass(frozen=True)
class Foreseen:
    """What an emulator says at points: the mean, and the variance of what a world there would give, less luck."""

    mean: np.ndarray
    variance: np.ndarray


@dataclass
class Emulator:
    """A fitted emulator. `inputs` are positions among all inputs; `luck` is the variance of one replicate.

    `errors` are standardised errors on worlds held out, from which `inflation` is taken: the factor on the variance, at
    least 1, that makes their mean square 1. `explained` is the share of the held-out variance between worlds.
    """

    inputs: np.ndarray
    tuned: np.ndarray
    luck: float
    aside: float
    errors: np.ndarray
    inflation: float
    explained: float
    lasso: Any = field(repr=False)
    process: Any = field(repr=False)
    spread: float = 1.0

    def at(self, points: np.ndarray) -> Foreseen:
        """Return what is foreseen at points (number, all inputs)."""
        u = points[:, self.inputs]
        mean, variance = np.empty(len(u)), np.empty(len(u))
        for begin in range(0, len(u), BATCH):
            part = slice(begin, begin + BATCH)
            left, deviation = self.process.predict(u[part], return_std=True)
            mean[part] = self.lasso.predict(basis(u[part])) + self.spread * left
            variance[part] = (self.spread * deviation) ** 2
        # The kernel's noise is luck over replicates and what other inputs do; only the latter tells worlds apart.
        noise = self.spread**2 * self.process.kernel_.k2.noise_level
        smooth = np.maximum(variance - noise, 0.0)
        return Foreseen(mean, self.inflation * (smooth + self.aside))


def basis(u: np.ndarray) -> np.ndarray:
    """Return linear and quadratic terms of inputs in the unit cube, each with mean 0 over it."""
    centred = 2 * u - 1
    return np.hstack([centred, centred**2 - 1 / 3])


def screen(points: np.ndarray, means: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Return positions of at most `most` inputs that a lasso of the means weighs most, in order of position."""
    lasso = _lasso(basis(points), means, seed)
    linear, square = np.split(np.abs(lasso.coef_), 2)
    weight = linear / np.sqrt(3) + square * np.sqrt(4 / 45)  # standard deviation of each term over the cube
    order = np.argsort(-weight, kind="stable")[:most]
    return np.sort(order[weight[order] > 0])


def fit(
    points: np.ndarray, values: np.ndarray, inputs: Sequence[int], *, seed: int, tuned: np.ndarray | None = None
) -> Emulator:
    """Fit an emulator to readings (worlds, replicates), on the scale of the target, at points (worlds, all inputs).

    Worlds without a reading are left out. `tuned`: logarithms of the kernel's scales as an earlier fit found them,
    which are then kept.
    """
    gaussian, kernels = (need(f"sklearn.gaussian_process{tail}", EXTRA) for tail in ("", ".kernels"))
    points, means, luck, replicates = averaged(points, values)
    inputs = np.asarray(inputs, int)
    if not len(inputs):  # nothing moves it: one input stands for none, with a scale that says so
        inputs = np.array([0])
    u = points[:, inputs]
    lasso = _lasso(basis(u), means, seed)
    left = means - lasso.predict(basis(u))
    spread = float(left.std()) or 1.0
    luck_share = np.clip(luck / replicates / spread**2, 1e-6, 10.0)
    kernel = kernels.ConstantKernel(0.5, (1e-4, 1e3)) * kernels.Matern(
        np.ones(len(inputs)), (0.05, 50.0), nu=2.5
    ) + kernels.WhiteKernel(max(luck_share, 1e-3), (1e-6, 10.0))
    if tuned is None:
        some = np.random.default_rng(seed).permutation(len(u))[:MOST_TUNED]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a scale at its bound says that the input does nothing more
            first = gaussian.GaussianProcessRegressor(kernel, random_state=seed).fit(u[some], left[some] / spread)
        tuned = first.kernel_.theta
    kernel = kernel.clone_with_theta(tuned)
    made = gaussian.GaussianProcessRegressor(kernel, optimizer=None).fit(u, left / spread)
    noise = spread**2 * kernel.k2.noise_level
    aside = max(noise - luck / replicates, 0.0)
    errors, explained = _held_out(gaussian, kernel, u, means, spread, seed)
    inflation = max(1.0, float(np.mean(errors**2)))
    return Emulator(inputs, np.asarray(tuned), luck, aside, errors, inflation, explained, lasso, made, spread)


def averaged(points: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return points and means of worlds that were read, the variance of luck, and how many replicates a mean has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # worlds without any reading
        means = np.nanmean(values, axis=1)
    read = np.isfinite(means)
    counts = np.isfinite(values[read]).sum(axis=1)
    several = counts > 1
    luck = float(np.nanvar(values[read][several], axis=1, ddof=1).mean()) if several.any() else 0.0
    return points[read], means[read], luck, float(counts.mean()) if len(counts) else 1.0


def _held_out(gaussian, kernel, u, means, spread, seed) -> tuple[np.ndarray, float]:
    """Return standardised errors of each world foreseen from the others, and the share of variance explained."""
    fold = np.random.default_rng(seed).permutation(len(u)) % FOLDS
    errors, misses = np.empty(len(u)), np.empty(len(u))
    for one in range(FOLDS):
        out = fold == one
        lasso = _lasso(basis(u[~out]), means[~out], seed)
        left = (means[~out] - lasso.predict(basis(u[~out]))) / spread
        process = gaussian.GaussianProcessRegressor(kernel, optimizer=None).fit(u[~out], left)
        mean, deviation = process.predict(u[out], return_std=True)
        misses[out] = means[out] - lasso.predict(basis(u[out])) - spread * mean
        errors[out] = misses[out] / np.maximum(spread * deviation, 1e-12)
    total = float(means.var())
    return errors, 1.0 - float(np.mean(misses**2)) / total if total > 0 else 0.0


def _lasso(x: np.ndarray, y: np.ndarray, seed: int) -> Any:
    linear = need("sklearn.linear_model", EXTRA)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a path has not quite converged moves no screening
        most = max(float(np.abs(x.T @ (y - y.mean())).max()) / len(y), 1e-9)
        path = most * np.logspace(0, -3, PENALTIES)  # written out, as scikit-learn's own way of asking for it changes
        return linear.LassoCV(alphas=path, cv=FOLDS, random_state=seed, max_iter=2000).fit(x, y)
