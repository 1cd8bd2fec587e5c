"""Compile the facts that have a year from two folders of raw facts.

    python model/facts/compile_history.py RAW_FOLDER RAW_HISTORY_FOLDER [OUT_FOLDER]

`RAW_FOLDER` is the one that `compile.py` reads: internet users, votes, cloud entries and AI users are taken from it.
`RAW_HISTORY_FOLDER` holds GDP, population and governance by year. Three tables are made: `countries_by_year.csv`,
`votes_by_year.csv` and `cloud_entries.csv`; two more hold outcomes. What is written by hand
(membership_changes, entries, demand, leaks) is left alone. Figures are copied, never filled.

Outcomes are `ai_users.csv` and `ai_clusters.csv`: those in operation in importing countries, without duplicates.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compile import ROLES, WORLD, read, write

HISTORY = Path(__file__).resolve().parent / "history"
YEARS = range(2005, 2025)  # five years before the first January that a world may be loaded as of
GOVERNANCE = (
    "wgi_rule_of_law", "wgi_government_effectiveness", "wgi_political_stability", "wgi_regulatory_quality",
)  # fmt: skip
CLUSTERS = (
    "iso3", "cluster", "first_operational_year", "certainty", "chip_side", "h100_equivalents", "power_mw",
    "standard_analysis",
)  # fmt: skip
BY_YEAR = ("iso3", "year", "gdp_usd_bn", "population_m", "internet_users_pct", *GOVERNANCE)


def in_years(rows: list[dict[str, str]], codes: set[str]) -> list[dict[str, str]]:
    """The rows of the countries of the world in the years that are kept."""
    return [row for row in rows if row["iso3"] in codes and int(row["year"]) in YEARS]


def countries_by_year(raw: Path, history: Path, codes: set[str]) -> list[dict[str, str]]:
    """One row a country and year, with what three sources say about it; what none says is blank."""
    rows = {(code, str(year)): dict.fromkeys(BY_YEAR, "") | {"iso3": code, "year": str(year)}
            for code in codes for year in YEARS}  # fmt: skip
    for path in (
        history / "history_gdp_population.csv", raw / "history_internet_users.csv", history / "history_wgi.csv",
    ):  # fmt: skip
        for row in in_years(read(path), codes):
            rows[row["iso3"], row["year"]] |= {key: row[key] for key in BY_YEAR if row.get(key)}
    return [rows[key] for key in sorted(rows)]


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    raw, history = Path(arguments[0]), Path(arguments[1])
    out = Path(arguments[2]) if len(arguments) == 3 else HISTORY
    codes = {row["iso3"] for row in read(WORLD / "countries.csv")}
    out.mkdir(parents=True, exist_ok=True)
    votes = [row | {"ideal_point": row["unga_ideal_point"]} for row in read(raw / "history_unga_ideal_points.csv")]
    # Hong Kong is no row of the world; its entries stay out, as its regions do in countries.csv.
    entries = [row for row in read(raw / "history_cloud_entry.csv") if row["iso3"] in codes]
    users = [row for row in read(raw / "history_ai_user_share.csv") if row["iso3"] in codes]
    clusters = [
        row
        for row in read(raw / "history_ai_clusters.csv")
        if row["iso3"] in codes - ROLES.keys() and row["status"] == "Existing" and row["first_operational_year"]
    ]
    tables = {
        "countries_by_year": (BY_YEAR, countries_by_year(raw, history, codes)),
        "votes_by_year": (("iso3", "year", "ideal_point"), in_years(votes, codes)),
        "cloud_entries": (("provider", "side", "iso3", "year", "confidence", "exit_year"), entries),
        "ai_clusters": (CLUSTERS, clusters),
        "ai_users": (("iso3", "period", "ai_user_share_pct", "region_pooled"), users),
    }
    for name, (columns, rows) in tables.items():
        key = [
            column
            for column in ("iso3", "first_operational_year", "cluster", "year", "period", "provider")
            if column in columns
        ]
        write(out / f"{name}.csv", list(columns), sorted(rows, key=lambda row: [row[column] for column in key]))
        print(f"{name}.csv: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
