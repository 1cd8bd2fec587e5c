"""From what is read of the model to chances: a logistic link, fitted before 2019, and hazards carried forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

WEAK_PRIOR = 2.5  # standard deviation of a slope on a standardised variable: keeps it finite where events are few
LEAST = 1e-12


@dataclass(frozen=True)
class Logit:
    """A fitted logistic link: P = 1 / (1 + exp(-(constant + slopes . (x - mean) / spread)))."""

    constant: float
    slopes: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    def chance(self, x: np.ndarray) -> np.ndarray:
        """The chance at `x`, (..., variables) to (...,)."""
        return _sigmoid(self.constant + ((x - self.mean) / self.spread) @ self.slopes)


def fit_logit(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None, prior: float = WEAK_PRIOR, scale=None
) -> Logit:
    """Fit a logistic link by the largest posterior: normal priors on the slopes, none on the constant.

    `x` (n, variables), `y` (n,) 0/1, `weight` (n,) of each row (1 without). `scale`: rows by whose mean and spread the
    variables are standardised, `x` itself without. A variable that does not vary has slope 0.
    """
    weight = np.ones(len(y)) if weight is None else weight
    by = x if scale is None else scale
    mean, spread = by.mean(axis=0), by.std(axis=0)
    spread = np.where(spread > LEAST, spread, 1.0)
    z = (x - mean) / spread

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        eta = beta[0] + z @ beta[1:]
        value = (weight * (np.logaddexp(0.0, eta) - y * eta)).sum() + 0.5 * (beta[1:] ** 2).sum() / prior**2
        off = weight * (_sigmoid(eta) - y)
        return value, np.concatenate([[off.sum()], z.T @ off + beta[1:] / prior**2])

    rate = np.clip((weight * y).sum() / weight.sum(), 1e-3, 1 - 1e-3)
    start = np.concatenate([[np.log(rate / (1 - rate))], np.zeros(x.shape[1])])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Logit(float(found[0]), found[1:], mean, spread)


def entered(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The chance that what was not there before is there after: 1 - (1 - after) / (1 - before), at least 0."""
    return np.clip(1.0 - (1.0 - after) / np.maximum(1.0 - before, LEAST), 0.0, 1.0)


def within(hazard: np.ndarray, axis: int) -> np.ndarray:
    """The chance of an event within all years of an axis of yearly hazards."""
    return 1.0 - np.prod(1.0 - hazard, axis=axis)


def logs(values: np.ndarray) -> np.ndarray:
    """Natural logarithms of what is read, with a floor for what is not there: a thousandth of the smallest above it."""
    above = values[values > 0]
    return np.log(np.maximum(values, 1e-3 * above.min() if above.size else 1.0))


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -500, 500)))
