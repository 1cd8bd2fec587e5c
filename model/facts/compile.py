"""Compile the tables of the real world from a folder of raw facts.

    python model/facts/compile.py RAW_FOLDER [OUT_FOLDER]

`RAW_FOLDER` holds the collected tables: countries.csv, edges_trade.csv, edges_contiguity.csv,
history_unga_ideal_points.csv and events_huawei_5g.csv. Which of their columns are taken, and what each one is, stands
in `world/columns.csv` (column `raw_column`); nothing else is copied, so a column that may not be shipped stays out by
not being listed there. Tables written by hand (columns, judgements, vendors, vendor_layers, financiers,
scripted_deals, iso_numbers) are left alone.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORLD = HERE / "world"
ROLES = {"USA": "us_home", "CHN": "cn_home"}
RAW_FILES = {
    "countries": "countries.csv",
    "votes": "history_unga_ideal_points.csv",
    "huawei": "events_huawei_5g.csv",
    "trade": "edges_trade.csv",
    "borders": "edges_contiguity.csv",
}
VOTE_YEARS = ("2022", "2023", "2024")  # one year alone overreacts to a change of government

# Official exchange rates far from what money buys there, so the smaller figure stands (judgement).
SMALLER_OF_TWO = ("SDN", "SYR", "ZWE")
# Cuba's official rate overstates its economy several times over: a quarter of the World Bank's figure (judgement).
QUARTER_OF_WORLD_BANK = ("CUB",)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every value as text."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write rows as a CSV file with Unix line ends, so that its hash does not depend on the machine."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def columns_of(table: str) -> dict[str, str]:
    """The shipped columns of a table, each with the raw column it is taken from ("" where it is made here)."""
    return {row["column"]: row["raw_column"] for row in read(WORLD / "columns.csv") if row["table"] == table}


def taken(table: str, raw: Path) -> list[dict[str, str]]:
    """The rows of a raw table under their shipped names; columns made here are still blank."""
    columns = columns_of(table)
    return [
        {column: row[source].strip() if source else "" for column, source in columns.items()} | {"_raw": row}
        for row in read(raw / RAW_FILES[table])
    ]


def chosen_gdp(raw: dict[str, str]) -> tuple[str, str, str]:
    """GDP, its year and its source: the Factbook's unless the official exchange rate is known to mislead."""
    gdp, year, source = raw["gdp_usd_bn"], raw["gdp_year"], raw["gdp_source"]
    bank, bank_year = raw["gdp_usd_bn_world_bank"], raw["gdp_world_bank_year"]
    if raw["iso3"] in QUARTER_OF_WORLD_BANK:
        return f"{0.25 * float(bank):.3f}", bank_year, "0.25 x world_bank (judgement)"
    if raw["iso3"] in SMALLER_OF_TWO and float(bank) < float(gdp):
        return bank, bank_year, "world_bank, smaller of two (judgement)"
    if raw["iso3"] in SMALLER_OF_TWO:
        return gdp, year, f"{source}, smaller of two (judgement)"
    return gdp, year, source


def countries(raw: Path) -> list[dict[str, str]]:
    """One row a country, with its ISO number, its role and the GDP figure that stands."""
    numbers = {row["iso3"]: row["iso_number"] for row in read(HERE / "iso_numbers.csv")}
    rows = taken("countries", raw)
    for row in rows:
        row["iso_number"] = numbers[row["iso3"]]
        row["role"] = ROLES.get(row["iso3"], "importer")
        row["gdp_usd_bn"], row["gdp_year"], row["gdp_source"] = chosen_gdp(row["_raw"])
    return sorted(rows, key=lambda row: row["iso3"])


def votes(raw: Path) -> list[dict[str, str]]:
    """Ideal points of the last three years, or of the last year there is."""
    rows = taken("votes", raw)
    recent = [row for row in rows if row["year"] in VOTE_YEARS]
    seen = {row["iso3"] for row in recent}
    last: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["iso3"] not in seen and row["year"] >= last.get(row["iso3"], row)["year"]:
            last[row["iso3"]] = row
    return sorted([*recent, *last.values()], key=lambda row: (row["iso3"], row["year"]))


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    raw = Path(arguments[0])
    out = Path(arguments[1]) if len(arguments) == 2 else WORLD
    missing = [name for name in RAW_FILES.values() if not (raw / name).is_file()]
    if missing:
        print(f"{raw} lacks {', '.join(missing)}; give the folder that holds the collected tables", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    tables = {
        "countries": countries(raw),
        "votes": votes(raw),
        "huawei": sorted(taken("huawei", raw), key=lambda row: row["iso3"]),
        "trade": sorted(taken("trade", raw), key=lambda row: (row["iso3"], row["flow"], -float(row["share_pct"]))),
        "borders": sorted(taken("borders", raw), key=lambda row: (row["iso3"], row["partner"])),
    }
    for name, rows in tables.items():
        write(out / f"{name}.csv", list(columns_of(name)), rows)
        print(f"{name}.csv: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
