"""All tables of one world, read together and checked against each other."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError, nearest
from stackcraft.agents.names import FINANCIERS, LAYERS, VENDORS
from stackcraft.model.tables import (
    FACTS,
    MADE_UP_NUMBERS,
    ORIGINALS,
    SCHEMA,
    SHARED,
    FactsTable,
    check_codes,
    facts_hash,
    folder_of,
    read_table,
)

SHARE_SLACK = 1e-6
FLOW_SLACK_PCT = 5.0  # rounded shares of one flow may add up to a little more than 100


@dataclass(frozen=True, eq=False)
class World:
    """The checked tables of a world.

    `importers` and `rows` give the importing countries alphabetically and their positions in `countries`; `us_home`
    and `cn_home` are the positions of the two home countries. `as_of` is the January whose knowledge the tables hold,
    None for the present (see `stackcraft.model.history`).
    """

    folder: Path
    countries: FactsTable
    votes: FactsTable
    huawei: FactsTable
    trade: FactsTable
    borders: FactsTable
    judgements: FactsTable
    vendors: FactsTable
    vendor_layers: FactsTable
    financiers: FactsTable
    originals: FactsTable | None
    importers: list[str]
    rows: np.ndarray
    us_home: int
    cn_home: int
    facts_hash: str
    as_of: int | None = None

    @property
    def codes(self) -> list[str]:
        """Every code in `countries`, homes included, in the order of the file."""
        return self.countries.text("iso3")

    def column(self, name: str) -> np.ndarray:
        """A numeric column of `countries` for the importers, shape (countries,); blanks are NaN."""
        return self.countries.numbers(name)[self.rows]

    def words(self, name: str) -> list[str]:
        """A text column of `countries` for the importers."""
        column = self.countries.text(name)
        return [column[row] for row in self.rows]

    def judged(self, item: str) -> np.ndarray:
        """What `judgements` says about each importer, shape (countries,); NaN where it says nothing."""
        values = np.full(len(self.importers), np.nan)
        for row in self.judgements.rows:
            if row["item"] == item and row["iso3"] in self.importers:
                values[self.importers.index(row["iso3"])] = float(row["value"])
        return values


def read_world(name_or_folder: str | Path = "world", originals: str | Path | None = None) -> World:
    """Read and check the tables of a world.

    `originals` is a file of index values that the project may not ship (columns as in `tables.ORIGINALS`), loaded over
    the open index; without it, `originals.csv` in the world's folder is taken if there is one.
    Raises `InputError` for the first fault found.
    """
    folder = folder_of(name_or_folder)
    tables = {}
    for name, columns in SCHEMA.items():
        path = folder / f"{name}.csv"
        if name in SHARED and not path.is_file():
            path = FACTS / "world" / f"{name}.csv"
        tables[name] = read_table(path, name, columns)
    extra = Path(originals) if originals else folder / "originals.csv"
    loaded = read_table(extra, "originals", ORIGINALS) if originals or extra.is_file() else None

    countries = tables["countries"] = tables["countries"].in_order("iso3")
    codes = countries.text("iso3")
    _check_country_codes(countries)
    for table in (*tables.values(), *([loaded] if loaded else [])):
        check_codes(table, codes)
    _check_trade(tables["trade"])
    _check_pairs(tables["borders"])
    _check_judgements(tables["judgements"], codes)
    _check_everybody(tables["vendors"], "vendor", VENDORS)
    _check_everybody(tables["financiers"], "financier", FINANCIERS)
    _check_vendor_layers(tables["vendors"], tables["vendor_layers"])

    roles = countries.text("role")
    importers = sorted(code for code, role in zip(codes, roles, strict=True) if role == "importer")
    if len(importers) < 2:
        raise InputError(f"{countries.path.name} has {len(importers)} importers; a world needs at least two")
    homes = [codes[_home(countries, role)] for role in ("us_home", "cn_home")]
    _check_votes(tables["votes"], tables["judgements"], [*homes, *importers])
    files = [table.path for table in (*tables.values(), *([loaded] if loaded else []))]
    files += [path for path in (folder / "columns.csv", folder / "scripted_deals.csv") if path.is_file()]
    return World(
        folder=folder,
        **tables,
        originals=loaded,
        importers=importers,
        rows=np.array([codes.index(code) for code in importers]),
        us_home=_home(countries, "us_home"),
        cn_home=_home(countries, "cn_home"),
        facts_hash=facts_hash(files),
    )


def importers_of(name_or_folder: str | Path = "world") -> tuple[str, ...]:
    """The importing countries of a world, alphabetically, from its countries.csv alone."""
    table = read_table(folder_of(name_or_folder) / "countries.csv", "countries", SCHEMA["countries"])
    return tuple(sorted(row["iso3"] for row in table.rows if row["role"] == "importer"))


def _home(countries: FactsTable, role: str) -> int:
    found = [position for position, value in enumerate(countries.text("role")) if value == role]
    if len(found) != 1:
        raise InputError(f"{countries.path.name}, column role: {len(found)} rows are {role}; exactly one must be")
    return found[0]


def _check_country_codes(countries: FactsTable) -> None:
    """Codes are ISO's, or made up with a number that ISO leaves to its users."""
    with (FACTS / "iso_numbers.csv").open(newline="", encoding="utf-8") as file:
        iso = {row["iso3"]: int(row["iso_number"]) for row in csv.DictReader(file)}
    seen: dict[int, str] = {}
    for position, row in enumerate(countries.rows):
        code, number = row["iso3"], int(float(row["iso_number"]))
        if len(code) != 3 or not (code.isascii() and code.isalpha() and code.isupper()):
            raise countries.fault(position, "iso3", f"{code!r} is not a country code", "give three capital letters")
        made_up = MADE_UP_NUMBERS[0] <= number <= MADE_UP_NUMBERS[1]
        if code not in iso and not made_up:
            right = f"did you mean {nearest(code, iso)}? A made-up country takes an iso_number from 900 to 999"
            raise countries.fault(position, "iso3", f"{code!r} is not an ISO 3166-1 code", right)
        if code in iso and number != iso[code]:
            raise countries.fault(position, "iso_number", f"{number} is not the number of {code}", f"give {iso[code]}")
        if number in seen:
            raise countries.fault(
                position, "iso_number", f"{number} is also the number of {seen[number]}", "give each its own"
            )
        seen[number] = code


def _check_trade(trade: FactsTable) -> None:
    _check_pairs(trade)
    totals: dict[tuple[str, str], float] = {}
    for position, row in enumerate(trade.rows):
        key = (row["iso3"], row["flow"])
        totals[key] = totals.get(key, 0.0) + float(row["share_pct"])
        if totals[key] > 100 + FLOW_SLACK_PCT:
            says = f"the {row['flow']} shares of {row['iso3']} add up to {totals[key]:g} so far"
            raise trade.fault(position, "share_pct", says, "they may not exceed 100")


def _check_pairs(table: FactsTable) -> None:
    for position, row in enumerate(table.rows):
        if row["iso3"] == row["partner"]:
            raise table.fault(position, "partner", f"{row['partner']} is the country itself", "give another country")


def _check_judgements(judgements: FactsTable, codes: list[str]) -> None:
    for position, row in enumerate(judgements.rows):
        if row["item"] == "ideal_point_as":
            for code in row["value"].split():
                if code not in codes:
                    right = f"did you mean {nearest(code, codes)}?"
                    raise judgements.fault(position, "value", f"country {code!r} is unknown", right)
            continue
        try:
            value = float(row["value"])
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise judgements.fault(position, "value", f"{row['value']!r} is not a share", "give a number from 0 to 1")


def _check_votes(votes: FactsTable, judgements: FactsTable, codes: list[str]) -> None:
    known = set(votes.text("iso3"))
    stand_in = {row["iso3"]: row["value"].split() for row in judgements.rows if row["item"] == "ideal_point_as"}
    for code in codes:
        if code not in known and code not in stand_in:
            right = "give its ideal point, or name countries in its place in judgements.csv, item ideal_point_as"
            raise InputError(f"votes.csv has no row for {code}; {right}")
        for other in stand_in.get(code, []):
            if other not in known:
                raise InputError(
                    f"judgements.csv, ideal_point_as of {code}: votes.csv has no row for {other}; name one that has"
                )


def _check_everybody(table: FactsTable, column: str, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in table.text(column):
            raise InputError(
                f"{table.path.name}: {column} {name} is missing; the model needs all of {', '.join(names)}"
            )


def _check_vendor_layers(vendors: FactsTable, layers: FactsTable) -> None:
    """Attributions sum to 1 for a row; shares within a stack sum to 1 for each layer that the stack serves."""
    stack = dict(zip(vendors.text("vendor"), vendors.text("stack"), strict=True))
    totals: dict[tuple[str, str], float] = {}
    last: dict[tuple[str, str], int] = {}
    for position, row in enumerate(layers.rows):
        total = sum(float(row[f"attribution_{name}"]) for name in ("us", "cn", "independent"))
        if abs(total - 1) > SHARE_SLACK:
            raise layers.fault(
                position, "attribution_us", f"the three attributions add up to {total:g}", "they must add up to 1"
            )
        key = (stack[row["vendor"]], row["layer"])
        totals[key] = totals.get(key, 0.0) + float(row["stack_share"])
        last[key] = position
    for layer in LAYERS:
        if layer not in layers.text("layer"):
            raise InputError(f"{layers.path.name}: nobody serves the layer {layer}; give it at least one vendor")
    for (name, layer), total in totals.items():
        if abs(total - 1) > SHARE_SLACK:
            says = f"shares of the {name} stack in {layer} add up to {total:g}"
            raise layers.fault(last[name, layer], "stack_share", says, "they must add up to 1")
