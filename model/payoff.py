"""What a home's years are worth to it, by weights that are the user's (DESCRIPTION.md, 7.10). Not zero-sum."""

import numpy as np


def payoff(book: np.ndarray, parameters: np.ndarray, countries: int) -> np.ndarray:
    """Points of each home, shape (runs, 2), from the yearbook rows so far (runs, years).

    payoff_use x share in use at the end (payoff_gdp weighted by GDP, the rest by capability; mean over layers) -
    payoff_cost x public cost in bn$
    - payoff_incident x security incidents + payoff_trust x mean trust over countries.
    """
    last = book[:, -1]
    by_gdp = parameters["payoff_gdp"][:, np.newaxis, np.newaxis]
    share = by_gdp * last["world_utilised"][:, 1] + (1 - by_gdp) * last["world_utilised"][:, 0]
    used = share.mean(axis=1)[:, :2]
    cost = book["public_cost_bn"].sum(axis=1)[:, :2]
    incidents = book["security_incidents"].sum(axis=1)[:, :2]
    trust = last["trust"][:, :countries].mean(axis=1, dtype=float)[:, :2]
    weight = {
        name: parameters[name][:, np.newaxis]
        for name in ("payoff_use", "payoff_cost", "payoff_incident", "payoff_trust")
    }
    return (
        weight["payoff_use"] * used
        - weight["payoff_cost"] * cost
        - weight["payoff_incident"] * incidents
        + weight["payoff_trust"] * trust
    )
