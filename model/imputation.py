"""Ranks, and what stands in for a blank: medians of neighbours and fits on other columns, every filled cell on record.

The coefficients were fitted once to the real world's tables and are rounded; they are judgements about any other
world. A fit's regressors are never blank: they are filled by `neighbour_median` first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stackcraft.agents.errors import InputError

# Index of AI preparedness from open columns, fitted to the 164 countries with the IMF figure (cross-validated R2 0.91).
PREPAREDNESS = {
    "constant": 0.477, "log_gdp_per_head": 0.0049, "internet_users": 0.0075, "log10_developers_per_person": 0.0604,
    "wgi_government_effectiveness": 0.0236, "wgi_regulatory_quality": 0.0667, "log_gdp": 0.0148,
}  # fmt: skip
# The same for Oxford Insights' government AI readiness as a fraction (R2 0.91) ...
GOVERNMENT_READINESS = {
    "constant": 0.320, "log_gdp_per_head": 0.0006, "internet_users": 0.0759, "log10_developers_per_person": 0.0260,
    "wgi_government_effectiveness": 0.0430, "wgi_regulatory_quality": 0.0416, "log_gdp": 0.0324,
}  # fmt: skip
# ... and for two sub-indices of the IMF's: human capital (R2 0.77), regulation and ethics (R2 0.90).
HUMAN_CAPITAL = {
    "constant": 0.149, "internet_users": 0.0324, "log10_developers_per_person": 0.0177,
    "wgi_government_effectiveness": 0.0114, "wgi_regulatory_quality": 0.0033, "log_gdp_per_head": -0.0016,
}  # fmt: skip
REGULATION_ETHICS = {
    "constant": 0.101, "wgi_government_effectiveness": 0.0143, "wgi_regulatory_quality": 0.0179,
    "wgi_rule_of_law": 0.0134, "log_gdp_per_head": 0.0027,
}  # fmt: skip
# Country risk class (171 countries, R2 0.79) and electoral democracy (172 countries, R2 0.61), least squares.
RISK_CLASS = {
    "constant": 9.51, "wgi_regulatory_quality": -1.64, "wgi_political_stability": 0.07, "log_gdp_per_head": -0.603,
}  # fmt: skip
POLYARCHY = {
    "constant": 0.950, "wgi_rule_of_law": 0.132, "wgi_regulatory_quality": -0.0163, "log_gdp_per_head": -0.0095,
    "distance_us": -0.157,
}  # fmt: skip
# Log odds that Huawei is kept out of 5G at least in part: logit with a ridge of 0.3 on the 63 importers with a known
# position (area under the curve 0.91, 0.87 when each is left out in turn).
HUAWEI_EXCLUDED = {
    "constant": -2.364, "distance_rank_cn": 2.575, "ally_us": 1.713, "import_share_cn": -0.303, "income_rank": 0.570,
    "bri_mou": -1.021,
}  # fmt: skip

NEIGHBOURS = ("subregion", "region")


class Filled(dict[str, dict[str, str]]):
    """Which cells were filled and how: name of the column or input -> ISO code -> how."""

    def mark(self, name: str, codes: Sequence[str], which: np.ndarray, how: str | Sequence[str]) -> None:
        """Record that `name` was filled where `which`, shape (countries,), is true."""
        for position in np.flatnonzero(which):
            text = how if isinstance(how, str) else how[position]
            self.setdefault(name, {})[codes[position]] = text


def rank_share(values: np.ndarray) -> np.ndarray:
    """(rank - 1/2) / n, shape (countries,), from 0 to 1; ties share their mean rank. `values` has no blanks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    upper = np.cumsum(counts)
    middle = upper - (counts - 1) / 2  # mean of the ranks upper-counts+1 .. upper
    return (middle[inverse] - 0.5) / len(values)


def rank_share_known(values: np.ndarray) -> np.ndarray:
    """`rank_share` among those that are known; blanks stay NaN."""
    result = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    if known.any():
        result[known] = rank_share(values[known])
    return result


def neighbour_median(
    name: str, values: np.ndarray, codes: Sequence[str], groups: Mapping[str, Sequence[str]], filled: Filled
) -> np.ndarray:
    """`values` with blanks replaced by the median of the sub-region, else of the region, else of all importers.

    `groups` gives each country's "subregion" and "region". Every filled cell is marked in `filled` under `name`.
    Raises `InputError` where every cell is blank.
    """
    if np.isnan(values).all():
        raise InputError(f"countries.csv, column {name}: every importer's cell is blank; give at least one")
    result = values.copy()
    for group in (*NEIGHBOURS, None):
        labels = np.array(groups[group]) if group else np.zeros(len(values), dtype=int)
        for position in np.flatnonzero(np.isnan(result)):
            known = values[(labels == labels[position]) & ~np.isnan(values)]
            if len(known):
                result[position] = np.median(known)
                place = labels[position] if group else "all importers"
                filled.mark(name, codes, np.arange(len(values)) == position, f"median of {place}")
    return result


def fitted(coefficients: Mapping[str, float], regressors: Mapping[str, np.ndarray]) -> np.ndarray:
    """The value of a linear fit, shape (countries,)."""
    total = np.zeros(len(next(iter(regressors.values())))) + coefficients["constant"]
    for name, coefficient in coefficients.items():
        if name != "constant":
            total = total + coefficient * regressors[name]
    return total


def sigmoid(values: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + np.exp(-values))
