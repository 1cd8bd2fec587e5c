"""The places of a year and of a layer in the numbers that pages show."""

from __future__ import annotations

from collections.abc import Sequence

from stackcraft.agents.names import LAYERS


def shown_year(years: Sequence[int], year: int | None) -> int:
    """Return the year looked at, held within the years there are; None is the last."""
    return int(years[-1]) if year is None else int(min(max(year, years[0]), years[-1]))


def year_place(years: Sequence[int], year: int | None) -> int:
    """Return the position of `shown_year` among the years."""
    return shown_year(years, year) - int(years[0])


def layer_place(layer: str) -> int:
    """Return the position of a layer where the mean over layers, "all", comes first."""
    return ("all", *LAYERS).index(layer)
