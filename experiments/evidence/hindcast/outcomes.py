"""What happened from 2019 on: who could have had an event, and who had it; rankings and levels.

Everything is read from the tables of facts. What is not listed is unknown and no candidate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from stackcraft.model.country_profiles import EXCLUSION
from stackcraft.model.fact_tables import read_world
from stackcraft.model.history import HISTORY
from stackcraft.model.history import SCHEMA as HISTORY_TABLES
from stackcraft.model.tables import CODE, FACTS, FLAG, MAYBE_TEXT, TEXT, YEAR, Column, number, read_table

FROM, UNTIL = 2019, 2024  # years in which events are scored, both included
OUTCOMES: dict[str, dict[str, Column]] = {
    "ai_users": {
        "iso3": CODE,
        "period": Column("text", options=("2025H1", "2025H2")),
        "ai_user_share_pct": number(0, 100),
        "region_pooled": FLAG,
    },
    "ai_clusters": {
        "iso3": CODE,
        "cluster": TEXT,
        "first_operational_year": YEAR,
        "certainty": TEXT,
        "chip_side": TEXT,
        "h100_equivalents": number(0, blank=True),
        "power_mw": number(0, blank=True),
        "standard_analysis": FLAG,
    },
}
PUBLIC = {
    **dict.fromkeys(("id", "what"), TEXT),
    **dict.fromkeys(("value", "low", "high"), number(0, blank=True)),
    **dict.fromkeys(("unit", "year", "place", "kind", "publisher", "source_url"), MAYBE_TEXT),
}


@dataclass(frozen=True)
class Outcome:
    """Countries in the order of the world's importers.

    `candidate` (countries,): who could have had the event from 2019 on. `happened` (countries,): who had it; for a
    ranking the values, NaN where unknown. `there_in(year)`: 1 where it had happened before that January, NaN where
    unknown, for the years to 2019.
    """

    codes: tuple[str, ...]
    candidate: np.ndarray
    happened: np.ndarray
    first_year: np.ndarray  # of the event; infinite where there was none, NaN where unknown

    def there_in(self, january: int) -> np.ndarray:
        """Who had had the event before a January, (countries,), NaN where unknown; known to January 2019."""
        return np.where(np.isnan(self.first_year), np.nan, (self.first_year < january).astype(float))

    @property
    def number(self) -> int:
        """How many candidates had the event."""
        return int(self.happened[self.candidate].sum())


def cloud_entry(side: str) -> Outcome:
    """First region of a side's clouds in a country: dated by entries to 2018, and counted in January 2025.

    A country that a side had left by 2019 does not count: its first region came before.
    """
    world = read_world("world")
    first = _first_years((row["iso3"], int(row["year"])) for row in _rows("cloud_entries") if row["side"] == side)
    before = np.array([first.get(code, np.inf) for code in world.importers])
    now = world.column(f"cloud_regions_{side.lower()}") > 0
    candidate = ~(before < FROM)
    return Outcome(tuple(world.importers), candidate, (now & candidate).astype(float), before)


def huawei_exclusion(firm_only: bool = False) -> Outcome:
    """Decisions that exclude or restrict Huawei in 5G, among the countries that are listed.

    `firm_only`: bans and exclusions in practice, without restrictions.
    """
    world = read_world("world")
    year = np.full(len(world.importers), np.nan)
    for row in world.huawei.rows:
        if row["iso3"] in world.importers:
            degree = EXCLUSION.get(row["status"], 0.0)
            decided = degree > (EXCLUSION["restricted"] if firm_only else 0.0)
            year[world.importers.index(row["iso3"])] = float(row["year"]) if decided else np.inf
    candidate = ~np.isnan(year) & ~(year < FROM)
    return Outcome(tuple(world.importers), candidate, (candidate & (year <= UNTIL)).astype(float), year)


def ai_cluster(of_source_only: bool = False) -> Outcome:
    """First AI cluster in operation in a country. `of_source_only`: clusters that the source uses in its analysis."""
    importers = read_world("world").importers
    rows = [row for row in _rows("ai_clusters") if row["standard_analysis"] == "1" or not of_source_only]
    first = _first_years((row["iso3"], int(row["first_operational_year"])) for row in rows)
    year = np.array([float(first.get(code, np.inf)) for code in importers])
    candidate = ~(year < FROM)
    return Outcome(tuple(importers), candidate, (candidate & (year <= UNTIL)).astype(float), year)


def ai_users(period: str) -> Outcome:
    """Share of people that use generative AI, %, in "2025H1" or "2025H2"; regional estimates are left out."""
    importers = read_world("world").importers
    share = np.full(len(importers), np.nan)
    for row in _rows("ai_users"):
        if row["period"] == period and row["region_pooled"] == "0" and row["iso3"] in importers:
            share[importers.index(row["iso3"])] = float(row["ai_user_share_pct"])
    return Outcome(tuple(importers), ~np.isnan(share), share, np.full(len(importers), np.nan))


def share(*figures: str) -> float:
    """Return the sum of public figures in %, as a share of 1."""
    return sum(_public(name) for name in figures) / 100.0


def yearly(figure: str, years: int) -> float:
    """Return a public figure that is a sum over so many years, a year."""
    return _public(figure) / years


def _rows(table: str) -> list[dict[str, str]]:
    columns = {**HISTORY_TABLES, **OUTCOMES}[table]
    keys = {"ai_users": ("iso3", "period"), "ai_clusters": ("iso3", "cluster"), "cloud_entries": ("provider", "iso3")}
    return read_table(HISTORY / f"{table}.csv", table, columns, keys[table]).rows


def _first_years(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    first: dict[str, int] = {}
    for code, year in pairs:
        first[code] = min(year, first.get(code, year))
    return first


def _public(name: str) -> float:
    rows = read_table(FACTS / "public_magnitudes.csv", "public_magnitudes", PUBLIC, ("id",)).rows
    (row,) = (row for row in rows if row["id"] == name)
    return float(row["value"])
