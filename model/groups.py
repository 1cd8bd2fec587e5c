"""Groups of countries, each defined once: by region, by income, and by ties to the two homes."""

from __future__ import annotations

from typing import Any

import numpy as np

from stackcraft.agents.names import INCOME_GROUPS

# On the model's index of alliance with a home, from 0 to 1.
CLOSE_TIES = 0.3  # from here on a country is close to a home
ALLY = 0.5  # from here on it is an ally: claims and readings speak of these
TREATY = 1.0  # an alliance by treaty


def allies(inputs: Any, home: int = 0, least: float = ALLY) -> np.ndarray:
    """Return which countries are tied to a home at least so closely, bool (countries,)."""
    return np.asarray(inputs.ally)[:, home] >= least


def country_groups(inputs: Any) -> dict[str, dict[str, np.ndarray]]:
    """Return the countries of every group by "region", "income" and "alliance", bool (countries,), in order of display.

    Alliances part the countries: close to the United States alone ("us"), to China alone ("cn"), to "both", to
    "neither"; "treaty" allies of the United States overlap with these.
    """
    regions, income = np.asarray([str(name) for name in inputs.region]), np.asarray(inputs.income_group)
    us, cn = (allies(inputs, home, CLOSE_TIES) for home in (0, 1))
    return {
        "region": {name: regions == name for name in sorted(set(regions))},
        "income": {name: income == place for place, name in enumerate(INCOME_GROUPS)},
        "alliance": {
            "us": us & ~cn,
            "cn": cn & ~us,
            "both": us & cn,
            "neither": ~us & ~cn,
            "treaty": allies(inputs, 0, TREATY),
        },
    }
