"""Forecasts of the declared targets from what was read of two simulations: one that is tuned on, one that is scored.

What is read of a simulation is an array by run, January and country. Every link is fitted on the tuned runs alone.
"""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.evidence.hindcast.baselines import DECIDING, DRAWS, HAZARD_PRIOR, HORIZON, drawn_counts
from stackcraft.experiments.evidence.hindcast.links import entered, fit_logit, logs, within
from stackcraft.experiments.evidence.hindcast.outcomes import FROM, Outcome

FITTED_FROM = {"cloud_entry": 2014, "ai_cluster": 2015}  # Januaries to FROM on which a link is fitted


def entry_chances(
    tuned: np.ndarray,
    scored: np.ndarray,
    outcome: Outcome,
    *,
    first: int,
    tuned_from: int,
    fit_on: np.ndarray | None = None,
) -> np.ndarray:
    """The chance that each candidate has the event within the scored years, (runs, countries).

    `tuned`, `scored` (runs, years, countries): capacities, with `tuned_from` the first year of the tuned runs and the
    scored ones beginning in January of `FROM`. The link is fitted on Januaries from `first` to `FROM`, on the countries
    of `fit_on` (all without).
    """
    fit_on = np.ones(tuned.shape[2], dtype=bool) if fit_on is None else fit_on
    years = range(first, FROM + 1)
    x = logs(tuned)[:, [year - tuned_from for year in years]][:, :, fit_on]
    y = np.stack([outcome.there_in(year)[fit_on] for year in years])
    y = np.broadcast_to(y, x.shape)
    link = fit_logit(x.reshape(-1, 1), y.reshape(-1), np.full(x.size, 1.0 / len(x)))
    read = logs(scored)[..., None]
    return entered(link.chance(read[:, 0]), link.chance(read[:, HORIZON]))


def hazard_chances(
    tuned: np.ndarray, scored: np.ndarray, outcome: Outcome, *, tuned_from: int, fit_on: np.ndarray | None = None
) -> np.ndarray:
    """The chance of a decision within the scored years by a hazard fitted on the year of the first ones.

    Shapes as in `entry_chances`; what is read is standardised over the listed countries.
    """
    there, later = outcome.there_in(DECIDING), outcome.there_in(DECIDING + 1)
    waiting = there == 0
    if fit_on is not None:
        waiting = waiting & fit_on
    x = tuned[:, DECIDING - tuned_from][:, waiting]
    y = np.broadcast_to(later[waiting], x.shape)
    link = fit_logit(x.reshape(-1, 1), y.reshape(-1), np.full(x.size, 1.0 / len(x)), prior=HAZARD_PRIOR)
    return within(link.chance(scored[:, :HORIZON, :, None]), 1)


def counts(chance: np.ndarray, outcome: Outcome, seed: int) -> np.ndarray:
    """Draws of the number of candidates that have the event, each run in turn."""
    return drawn_counts(chance[:, outcome.candidate], DRAWS, np.random.default_rng(seed))
