"""The programme scorecard: each side's deals judged by use rather than by signing.

Its rows are the indicators that have a title. They are computed run by run, so that rows carry the spread of runs and a
comparison can pair them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stackcraft.experiments.statistics import Interval, band
from stackcraft.model.indicators import SCORECARD, Indicator, Missing, Records


def scorecard(results: Any) -> list[tuple[Indicator, np.ndarray]]:
    """Return the rows with their values, shape (run, stack); rows whose measures the results lack are left out."""
    records, rows = Records.of_results(results), []
    for row in SCORECARD:
        try:
            rows.append((row, row.everywhere(records)))
        except Missing:
            continue
    return rows


def summary(values: np.ndarray) -> list[Interval]:
    """Return mean and band over runs for each stack, of values (run, stack)."""
    return [band(column) for column in values.T]
