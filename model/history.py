"""Worlds as they were known in an earlier January, for tests against what happened since.

`"world@2015"` names the real world as of January 2015: `read_world_as_of` takes the tables of the present and puts what
was known then in their place. What could not be had by year is blank, the same for every country, or stands as it is
today; `facts/history/leaks.csv` says which, fact by fact. Decisions on Huawei and cloud regions after the January are
outcomes and do not enter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS, VENDORS
from stackcraft.model.fact_tables import World, read_world
from stackcraft.model.tables import (
    CODE,
    FACTS,
    FACTS_YEAR,
    FLAG,
    GOVERNANCE,
    MAYBE_TEXT,
    MAYBE_YEAR,
    TEXT,
    YEAR,
    Column,
    FactsTable,
    check_codes,
    facts_hash,
    name_and_year,
    number,
    read_table,
)

HISTORY = FACTS / "history"
LEAST_YEAR, LAST_YEAR = 2010, 2019  # cloud entries are known to the end of 2018
LICENCES_FROM = 2024  # January from which chips need a licence where `us_chip_licence_2023` says so
KINDS = ("known", "fitted", "flat", "later", "given")
MAYBE_GOVERNANCE = replace(GOVERNANCE, blank=True)
SCHEMA: dict[str, dict[str, Column]] = {
    "countries_by_year": {
        "iso3": CODE,
        "year": YEAR,
        "gdp_usd_bn": number(0.001, 100_000, blank=True),
        "population_m": number(0.001, 5000, blank=True),
        "internet_users_pct": number(0, 100, blank=True),
        "wgi_rule_of_law": MAYBE_GOVERNANCE,
        "wgi_government_effectiveness": MAYBE_GOVERNANCE,
        "wgi_political_stability": MAYBE_GOVERNANCE,
        "wgi_regulatory_quality": MAYBE_GOVERNANCE,
    },
    "votes_by_year": {"iso3": CODE, "year": YEAR, "ideal_point": number(-5, 5)},
    "cloud_entries": {
        "provider": TEXT,
        "side": Column("text", options=("US", "CN")),
        "iso3": CODE,
        "year": YEAR,
        "confidence": TEXT,
        "exit_year": MAYBE_YEAR,
    },
    "membership_changes": {"iso3": CODE, "item": TEXT, "before": FLAG, "year": YEAR, "source": TEXT},
    "entries": {
        "vendor": Column("text", options=VENDORS),
        "layer": Column("text", options=LAYERS),
        "year": YEAR,
        "why": TEXT,
    },
    "demand": {
        "layer": Column("text", options=LAYERS),
        "year": YEAR,
        "world_usd_bn": number(0.001),
        "judgement": FLAG,
        "source": TEXT,
    },
    "leaks": {
        "item": TEXT,
        "table": MAYBE_TEXT,
        "kind": Column("text", options=KINDS),
        "state": TEXT,
        "what": MAYBE_TEXT,
    },
}
KEYS = {
    "countries_by_year": ("iso3", "year"),
    "votes_by_year": ("iso3", "year"),
    "cloud_entries": ("provider", "iso3"),
    "membership_changes": ("iso3", "item"),
    "entries": ("vendor", "layer"),
    "demand": ("layer", "year"),
    "leaks": ("item",),
}
BY_YEAR = tuple(SCHEMA["countries_by_year"])[2:]
SCALED = ("gdp_usd_bn", "population_m")  # where no year is known, the present figure less the world's growth since
VOTE_YEARS = 3
# Judgements that would tell what came later; a country's home vendors of models and the Gulf hub did not exist yet.
LEFT_OUT = ("domestic_models", "gulf_hub_share")


@dataclass(frozen=True, eq=False)
class Given:
    """What the facts give for each January from the start to `FACTS_YEAR`, and the model does not simulate.

    `years` (Y,); `demand`, bn USD a year, (Y, countries, layers); `gdp`, `population`, `readiness`, `embargoed` and
    `licence_tier` (Y, countries); `serves` (Y, vendors, layers) 0/1: who sells; `world_demand` (Y, layers).
    """

    years: np.ndarray
    demand: np.ndarray
    world_demand: np.ndarray
    gdp: np.ndarray
    population: np.ndarray
    readiness: np.ndarray
    embargoed: np.ndarray
    licence_tier: np.ndarray
    serves: np.ndarray


@cache
def history_tables() -> dict[str, FactsTable]:
    """The checked tables of facts with a year. Raises `InputError` for the first fault."""
    tables = {name: read_table(HISTORY / f"{name}.csv", name, columns, KEYS[name]) for name, columns in SCHEMA.items()}
    codes = read_world("world").codes
    for table in tables.values():
        check_codes(table, codes)
    return tables


def check_year(name: str, year: int) -> None:
    """Raise `InputError` unless the world of that name can be loaded as of January of that year."""
    if name != "world":
        raise InputError(f"{name}@{year}: only the real world has facts with a year; give world@{year}")
    if LEAST_YEAR <= year <= LAST_YEAR or year == FACTS_YEAR:
        return
    why = (
        f"cloud entries are known to the end of {LAST_YEAR - 1}"
        if LAST_YEAR < year < FACTS_YEAR
        else f"the facts describe {FACTS_YEAR}"
        if year > FACTS_YEAR
        else f"facts with a year begin in {LEAST_YEAR}"
    )
    raise InputError(f"world@{year}: {why}; give a year from {LEAST_YEAR} to {LAST_YEAR}, or {FACTS_YEAR}")


def read_world_as_of(name_or_folder: str | Path, originals: str | Path | None = None) -> World:
    """The tables of a world, as of the January that its name ends with, if any: "world@2015".

    Raises `InputError` for the first fault, or for a year without facts.
    """
    name, year = name_and_year(name_or_folder)
    if year is not None:
        check_year(name, year)
    if year is None or year == FACTS_YEAR:
        return read_world(name, originals)
    if originals is not None:
        raise InputError(f"{name_or_folder}: original indices have no year; leave them out")
    files = [HISTORY / f"{table}.csv" for table in SCHEMA]
    world = world_in(read_world(name), year)
    return replace(world, facts_hash=facts_hash(files, f"{world.facts_hash} as of {year}"))


def world_in(world: World, year: int) -> World:
    """The tables of the present with what was known in January of a year in their place.

    For years between `LAST_YEAR` and `FACTS_YEAR` cloud regions stand as of the end of the table of entries.
    """
    tables = history_tables()
    countries = _with_rows(world.countries, _countries_in(world, tables, year))
    kept = [row for row in world.huawei.rows if int(row["year"]) < year]
    embargoed = {row["iso3"] for row in world.judgements.rows if row["item"] == "embargoed"}
    embargoed = (embargoed | _before(tables, "embargoed", "1", year)) - _before(tables, "embargoed", "0", year)
    judged = [row for row in world.judgements.rows if row["item"] not in (*LEFT_OUT, "embargoed")]
    judged += [
        {"iso3": code, "item": "embargoed", "value": "1", "sentence": "Broad US export embargo in that January"}
        for code in sorted(embargoed)
    ]
    return replace(
        world,
        countries=countries,
        votes=_with_rows(world.votes, _votes_in(tables, year)),
        huawei=_with_rows(world.huawei, kept),
        judgements=_with_rows(world.judgements, judged),
        as_of=year,
    )


def serves_in(serves: np.ndarray, year: int) -> np.ndarray:
    """Who sells on which layer in a January, (vendors, layers): `serves` without those that entered later."""
    result = serves.copy()
    for row in history_tables()["entries"].rows:
        if int(row["year"]) > year:
            result[VENDORS.index(row["vendor"]), LAYERS.index(row["layer"])] = 0.0
    return result


def world_demand_in(today: np.ndarray, year: int) -> np.ndarray:
    """World demand by layer in a January, bn USD a year: `today`'s, by what the world spent then and now.

    Between years that the table has it goes evenly in logs. A layer does not exist before its first year.
    """
    table, result = history_tables()["demand"], np.zeros(len(LAYERS))
    for place, layer in enumerate(LAYERS):
        known = {int(row["year"]): math.log(float(row["world_usd_bn"])) for row in table.rows if row["layer"] == layer}
        years = sorted(known)
        if years[0] <= year:
            spent = np.interp([year, FACTS_YEAR], years, [known[one] for one in years])
            result[place] = today[place] * math.exp(spent[0] - spent[1])
    return result


def given_from(year: int, positions, demand, today: np.ndarray, serves: np.ndarray) -> Given:
    """What the facts give from January of a year to `FACTS_YEAR`.

    `positions`: a function of a world that gives its countries' positions; `demand`: one of them and of world demand by
    layer, that gives demand by country. `today` and `serves` are those of the present.
    """
    world, rows = read_world("world"), {}
    years = np.arange(year, FACTS_YEAR + 1)
    for one in years:
        there = world if one == FACTS_YEAR else world_in(world, int(one))
        values = positions(there)
        total = world_demand_in(today, int(one))
        tier = values["licence_tier"]
        if one < FACTS_YEAR:
            asked = (world.column("us_chip_licence_2023") == 1) & (one >= LICENCES_FROM)
            tier = np.where(values["embargoed"] == 1, 3, np.where(asked, 2, 1))
        found = {name: values[name] for name in ("gdp", "population", "readiness", "embargoed")}
        found |= {"demand": demand(values, total), "world_demand": total, "licence_tier": tier}
        found |= {"serves": serves_in(serves, int(one))}
        for name, array in found.items():
            rows.setdefault(name, []).append(array)
    return Given(years=years, **{name: np.stack(arrays) for name, arrays in rows.items()})


def leaks() -> list[dict[str, str]]:
    """The facts that a hindcast starts from, each with what could be known of it then.

    `kind`: known then; fitted on what was known then; flat, the same everywhere, because the fact would tell the
    answer or could not be had; later, a figure of later years that tells little of the answer; given, January by
    January, in place of being simulated.
    """
    return [dict(row) for row in history_tables()["leaks"].rows]


def _with_rows(table: FactsTable, rows: list[dict[str, str]]) -> FactsTable:
    return replace(table, rows=rows, lines=[0] * len(rows))


def _before(tables: dict[str, FactsTable], item: str, value: str, year: int) -> set[str]:
    """The countries that had a value of a membership, "0" or "1", which changed in that year or later."""
    rows = tables["membership_changes"].rows
    return {row["iso3"] for row in rows if row["item"] == item and row["before"] == value and int(row["year"]) >= year}


def _nearest(known: dict[int, str], year: int) -> str:
    """What is known of the last year before a January, else of the first year after it, else nothing."""
    earlier = [one for one in known if one < year]
    if earlier:
        return known[max(earlier)]
    return known[min(known)] if known else ""


@cache
def _series() -> tuple[dict[tuple[str, str], dict[int, str]], dict[tuple[str, int], float]]:
    """What is known of each country and column, by year; and the world's totals by column and year."""
    series: dict[tuple[str, str], dict[int, str]] = {}
    totals: dict[tuple[str, int], float] = {}
    for row in history_tables()["countries_by_year"].rows:
        for column in BY_YEAR:
            if row[column]:
                series.setdefault((row["iso3"], column), {})[int(row["year"])] = row[column]
                if column in SCALED:
                    key = (column, int(row["year"]))
                    totals[key] = totals.get(key, 0.0) + float(row[column])
    return series, totals


def _countries_in(world: World, tables: dict[str, FactsTable], year: int) -> list[dict[str, str]]:
    series, totals = _series()
    before = {
        (item, value): _before(tables, item, value, year)
        for item in {change["item"] for change in tables["membership_changes"].rows} & set(world.countries.columns)
        for value in "01"
    }
    regions = _regions_in(tables["cloud_entries"].rows, year)
    typical = np.nanmedian(world.countries.numbers("github_developers") / world.countries.numbers("population_m"))
    result = []
    for now in world.countries.rows:
        row = dict(now)
        for column in BY_YEAR:
            row[column] = _nearest(series.get((row["iso3"], column), {}), year)
            if column in SCALED:
                if column == "gdp_usd_bn" and "judgement" not in now["gdp_source"]:
                    row["gdp_source"] = "world_bank" if row[column] else "present figure scaled (judgement)"
                row[column] = _size(now, column, row[column], series, totals, year)
            elif not row[column] and column.startswith("wgi"):
                row[column] = now[column]
        row |= {item: value for (item, value), codes in before.items() if row["iso3"] in codes}
        row |= dict.fromkeys(("population_year", "gdp_year", "internet_users_year"), str(year - 1))
        row |= dict.fromkeys(
            ("ai_user_share_pct", "ai_user_share_region_pooled", "vdem_polyarchy", "vdem_polyarchy_year",
             "oecd_country_risk"), "",
        )  # fmt: skip
        row |= {"bri_mou": "0", "us_ai_diffusion_tier": "2", "us_chip_licence_2023": "0"}
        row["github_developers"] = repr(max(float(typical) * float(row["population_m"]), 1.0))
        for side in ("us", "cn"):
            row[f"cloud_regions_{side}"] = str(regions.get((row["iso3"], side.upper()), 0))
        result.append(row)
    return result


def _size(now: dict[str, str], column: str, then: str, series, totals, year: int) -> str:
    """GDP or population of a January: what was known, at the present table's rate of exchange where that is judged."""
    last = max(one for name, one in totals if name == column)
    if not then:
        part = totals[column, year - 1] / totals[column, last]
        return repr(float(now[column]) * part)
    known = series[now["iso3"], column]
    if column == "gdp_usd_bn" and "judgement" in now["gdp_source"]:
        return repr(float(then) * float(now[column]) / float(known[max(known)]))
    return then


def _regions_in(rows: Iterable[dict[str, str]], year: int) -> dict[tuple[str, str], int]:
    """How many providers of either side are present in a country in a January."""
    result: dict[tuple[str, str], int] = {}
    for row in rows:
        left = int(row["exit_year"]) if row["exit_year"] else 9999
        if int(row["year"]) < year <= left:
            key = (row["iso3"], row["side"])
            result[key] = result.get(key, 0) + 1
    return result


def _votes_in(tables: dict[str, FactsTable], year: int) -> list[dict[str, str]]:
    """Ideal points of the last three years before a January, else of the year nearest."""
    by_code: dict[str, dict[int, str]] = {}
    for row in tables["votes_by_year"].rows:
        by_code.setdefault(row["iso3"], {})[int(row["year"])] = row["ideal_point"]
    result = []
    for code, known in sorted(by_code.items()):
        recent = {one: point for one, point in known.items() if year - VOTE_YEARS <= one < year}
        recent = recent or {one: point for one, point in known.items() if point == _nearest(known, year)}
        result += [{"iso3": code, "year": str(one), "ideal_point": point} for one, point in sorted(recent.items())]
    return result
