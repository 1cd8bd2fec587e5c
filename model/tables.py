"""Read the tables of a world and check every cell before anything is computed from them.

A fault is one line: file, line, country, column, what stands there and what would be right.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError, nearest
from stackcraft.agents.names import DEAL_CLASSES, FINANCIERS, LAYERS, MODES, STACKS, VENDORS

FACTS = Path(__file__).resolve().parent / "facts"
WORLDS = ("world", "synthetic")
FACTS_YEAR = 2025  # the facts describe January of this year
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
MADE_UP_NUMBERS = (900, 999)  # ISO 3166-1 leaves these numbers to its users


@dataclass(frozen=True)
class Column:
    """What a column may hold.

    `kind`: code (a country of this world), text, number, whole, date (2025, 2025-05 or 2025-05-22) or list (words with
    semicolons between them). `options` are the words allowed.
    """

    kind: str
    low: float = -math.inf
    high: float = math.inf
    blank: bool = False
    options: tuple[str, ...] = ()

    @property
    def right(self) -> str:
        """In words, what the column takes."""
        if self.options:
            words = f"{'words from' if self.kind == 'list' else 'one of'} {', '.join(self.options)}"
        elif self.kind in ("number", "whole"):
            noun = "a whole number" if self.kind == "whole" else "a number"
            bounded = math.isfinite(self.low) or math.isfinite(self.high)
            span = f"from {self.low:g} to {self.high:g}" if math.isfinite(self.high) else f"of {self.low:g} or more"
            words = f"{noun} {span}" if bounded else noun
        else:
            words = {"code": "the code of a country in countries.csv", "date": "a date such as 2025-05-22"}.get(
                self.kind, "some text"
            )
        return f"{words}, or nothing" if self.blank else words


def number(low: float, high: float = math.inf, blank: bool = False) -> Column:
    return Column("number", low, high, blank)


def whole(low: float, high: float = math.inf, blank: bool = False) -> Column:
    return Column("whole", low, high, blank)


TEXT, CODE, FLAG, YEAR = Column("text"), Column("code"), whole(0, 1), whole(1990, 2100)
MAYBE_TEXT, MAYBE_YEAR = Column("text", blank=True), whole(1990, 2100, blank=True)
GOVERNANCE = number(-4, 4)
SHARE = number(0, 1)

COUNTRY_FLAGS = (
    "us_treaty_ally", "rio_treaty", "major_non_nato_ally", "nato", "eu", "gcc", "quad", "brics", "sco", "bri_mou",
    "us_chip_licence_2023",
)  # fmt: skip
JUDGEMENT_ITEMS = (
    "embargoed", "ally_us", "ally_cn", "scepticism_cn", "network_cn", "radio_vendor_home", "domestic_models",
    "gulf_hub_share", "regulation_alignment", "ideal_point_as",
)  # fmt: skip

# The columns of each table; `key` are those that together may occur only once.
SCHEMA: dict[str, dict[str, Column]] = {
    "countries": {
        "iso3": TEXT,
        "iso_number": whole(1, 999),
        "name": TEXT,
        "role": Column("text", options=("importer", "us_home", "cn_home")),
        "region": TEXT,
        "subregion": TEXT,
        "latitude": number(-90, 90),
        "longitude": number(-180, 180),
        "capital_latitude": number(-90, 90, blank=True),
        "capital_longitude": number(-180, 180, blank=True),
        "population_m": number(0.001, 5000),
        "population_year": YEAR,
        "gdp_usd_bn": number(0.01, 100_000),
        "gdp_year": YEAR,
        "gdp_source": TEXT,
        "internet_users_pct": number(0, 100, blank=True),
        "internet_users_year": MAYBE_YEAR,
        "github_developers": number(1, blank=True),
        "ai_user_share_pct": number(0, 100, blank=True),
        "ai_user_share_region_pooled": whole(0, 1, blank=True),
        "wgi_rule_of_law": GOVERNANCE,
        "wgi_government_effectiveness": GOVERNANCE,
        "wgi_political_stability": GOVERNANCE,
        "wgi_regulatory_quality": GOVERNANCE,
        "vdem_polyarchy": number(0, 1, blank=True),
        "vdem_polyarchy_year": MAYBE_YEAR,
        **dict.fromkeys(COUNTRY_FLAGS[:-1], FLAG),
        "us_ai_diffusion_tier": whole(1, 3),
        "us_chip_licence_2023": FLAG,
        "oecd_country_risk": whole(0, 7, blank=True),
        "electricity_capacity_gw": number(1e-4, 10_000, blank=True),
        "electricity_consumption_twh": number(1e-4, 50_000, blank=True),
        "cloud_regions_us": whole(0, 1000),
        "cloud_regions_cn": whole(0, 1000),
    },
    "votes": {"iso3": CODE, "year": YEAR, "ideal_point": number(-5, 5)},
    "huawei": {
        "iso3": CODE,
        "status": Column("text", options=("ban", "de_facto_ban", "restricted", "open", "home")),
        "year": YEAR,
        "decision": TEXT,
    },
    "trade": {
        "iso3": CODE,
        "partner": CODE,
        "flow": Column("text", options=("import", "export")),
        "share_pct": number(0, 100),
    },
    "borders": {"iso3": CODE, "partner": CODE},
    "judgements": {"iso3": CODE, "item": Column("text", options=JUDGEMENT_ITEMS), "value": TEXT, "sentence": TEXT},
    "vendors": {
        "vendor": Column("text", options=VENDORS),
        "number": whole(1, 10_000),
        "title": TEXT,
        "stack": Column("text", options=STACKS),
        "home": Column("text", options=("US", "CN", "none")),
        "home_revenue_bn": number(0),
        "export_revenue_bn": number(0),
        "rnd_share": number(0, 0.4),
        "cash_bn": number(0),
        "runway_years": number(0),
        "teams_per_year": number(0),
        "modelled_on": TEXT,
        "source": TEXT,
    },
    "vendor_layers": {
        "vendor": Column("text", options=VENDORS),
        "layer": Column("text", options=LAYERS),
        "quality": number(-5, 5),
        "price_ratio": number(0.01, 10),
        "stack_share": SHARE,
        "supply_cap_bn_per_year": number(0, blank=True),
        "supply_growth": number(-1, 1, blank=True),
        "attribution_us": SHARE,
        "attribution_cn": SHARE,
        "attribution_independent": SHARE,
        "note": MAYBE_TEXT,
    },
    "financiers": {
        "financier": Column("text", options=FINANCIERS),
        "number": whole(1, 10_000),
        "title": TEXT,
        "serves_us": FLAG,
        "serves_cn": FLAG,
        "serves_independent": FLAG,
        "cap_bn": number(0, 5000),
        "used_bn": number(0),
        "cap_year": YEAR,
        "yearly_flow_bn": number(0),
        "ai_share": SHARE,
        "overdue_share": SHARE,
        "freeze_at_overdue": number(0, 1, blank=True),
        "judgement": FLAG,
        "source": TEXT,
        "note": TEXT,
    },
}
DEAL_OUTCOMES = ("operating", "building", "stalled", "paused", "novated", "retracted", "letter_of_intent")
SCRIPTED_DEALS: dict[str, Column] = {
    "deal": TEXT,
    "title": TEXT,
    "iso3": CODE,
    "announced": Column("date"),
    "stack": Column("text", options=STACKS),
    "vendor": Column("text", options=VENDORS),
    "other_vendors": Column("list", blank=True, options=VENDORS),
    "layers": Column("list", options=LAYERS),
    "mode": Column("text", options=MODES),
    "deal_class": Column("text", options=DEAL_CLASSES),
    "announced_mw": number(0, blank=True),
    "first_phase_mw": number(0, blank=True),
    "announced_gpus": number(0, blank=True),
    "announced_bn": number(0, blank=True),
    "financier": Column("text", blank=True, options=FINANCIERS),
    "what_was_announced": TEXT,
    "outcome": Column("text", options=DEAL_OUTCOMES),
    "outcome_date": Column("date"),
    "what_happened": TEXT,
    "source": TEXT,
    "outcome_source": TEXT,
}
KEYS: dict[str, tuple[str, ...]] = {
    "countries": ("iso3",), "votes": ("iso3", "year"), "huawei": ("iso3",), "trade": ("iso3", "partner", "flow"),
    "borders": ("iso3", "partner"), "judgements": ("iso3", "item"), "vendors": ("vendor",),
    "vendor_layers": ("vendor", "layer"), "financiers": ("financier",), "scripted_deals": ("deal",),
}  # fmt: skip
# A world that leaves these out takes them from the standard world.
SHARED = ("vendors", "vendor_layers", "financiers")
# The figures a user may load over the open index; every one may be blank.
ORIGINALS = {
    "iso3": CODE, "imf_ai_preparedness": number(0, 1, blank=True), "imf_human_capital": number(0, 1, blank=True),
    "imf_regulation_ethics": number(0, 1, blank=True), "oxford_ai_readiness": number(0, 100, blank=True),
}  # fmt: skip


@dataclass(frozen=True)
class FactsTable:
    """A checked table: its rows as text, blank cells as ""."""

    name: str
    path: Path
    rows: list[dict[str, str]]
    lines: list[int] = field(repr=False)
    columns: dict[str, Column] = field(repr=False)

    def text(self, column: str) -> list[str]:
        """A column as it stands."""
        return [row[column] for row in self.rows]

    def in_order(self, column: str) -> FactsTable:
        """The same table with its rows sorted by a column, so that results do not depend on the order of a file."""
        order = sorted(range(len(self.rows)), key=lambda position: self.rows[position][column])
        return replace(self, rows=[self.rows[row] for row in order], lines=[self.lines[row] for row in order])

    def numbers(self, column: str) -> np.ndarray:
        """A column as float64, shape (rows,); blanks are NaN."""
        return np.array([float(row[column]) if row[column] else np.nan for row in self.rows])

    def fault(self, position: int, column: str, says: str, right: str) -> InputError:
        """The error for one cell: what it `says` and what would be `right`; `position` counts rows from 0."""
        row = self.rows[position]
        who = ", ".join(row.get(key, "") for key in KEYS.get(self.name, ("iso3",)))
        return InputError(f"{self.path.name}, line {self.lines[position]} ({who}), column {column}: {says}; {right}")


def name_and_year(name_or_folder: str | Path) -> tuple[str, int | None]:
    """Return a world's name, or its folder, and the year as of which it is meant: ("world", 2015) of "world@2015".

    The year is None where none is named. A folder whose own name ends like that is taken as it is.
    """
    text = str(name_or_folder)
    name, _, year = text.rpartition("@")
    if not name or not re.fullmatch(r"\d{4}", year) or Path(text).is_dir():
        return text, None
    return name, int(year)


def folder_of(name_or_folder: str | Path) -> Path:
    """Return the folder of a world: "world", "synthetic" or one's own, with or without a year ("world@2015").

    Raises `InputError` with the nearest name.
    """
    name_or_folder, _ = name_and_year(name_or_folder)
    if name_or_folder in WORLDS:
        return FACTS / str(name_or_folder)
    folder = Path(name_or_folder)
    if (folder / "countries.csv").is_file():
        return folder
    if folder.is_dir():
        raise InputError(f"the folder {folder} holds no countries.csv; a world needs one")
    guess = nearest(str(name_or_folder), WORLDS)
    raise InputError(
        f"world {str(name_or_folder)!r} is unknown; did you mean {guess}? A folder with countries.csv is also right"
    )


def read_table(path: Path, name: str, columns: dict[str, Column], keys: tuple[str, ...] | None = None) -> FactsTable:
    """Read one CSV file and check that it has these columns and that each cell is of the right kind.

    `keys` are the columns that together may occur only once; without them, those of `KEYS`.

    Raises `InputError` for a missing or unknown column, a cell of the wrong kind or out of bounds, a row that comes
    twice.
    """
    if not path.is_file():
        names = ", ".join(f"{table}.csv" for table in SCHEMA)
        raise InputError(f"{path.parent} has no {path.name}; the tables of a world are {names}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        try:
            found = [header.strip() for header in reader.fieldnames or []]
            reader.fieldnames = found
            rows, lines = [], []
            for row in reader:
                rows.append(row)
                lines.append(reader.line_num)
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{path.name} is not a comma-separated text file in UTF-8: {error}") from None
    for column in columns:
        if column not in found:
            raise InputError(f"{path.name}, line 1: column {column} is missing; it takes {columns[column].right}")
    for column in found:
        if column not in columns:
            raise InputError(
                f"{path.name}, line 1: column {column!r} is unknown; did you mean {nearest(column, columns)}?"
            )
    for row, line in zip(rows, lines, strict=True):
        if None in row or None in row.values():
            raise InputError(f"{path.name}, line {line}: the row has not {len(found)} cells, as the header has")
        for column in row:
            row[column] = row[column].strip()
    table = FactsTable(name, path, rows, lines, columns)
    for column, allowed in columns.items():
        _check_cells(table, column, allowed)
    keys = keys or KEYS.get(name, ("iso3",))
    seen: dict[tuple[str, ...], int] = {}
    for position, row in enumerate(rows):
        key = tuple(row[column] for column in keys)
        if key in seen:
            says = f"the same entry stands in line {seen[key]}"
            raise table.fault(position, keys[0], says, "keep one of the two")
        seen[key] = table.lines[position]
    return table


def _check_cells(table: FactsTable, column: str, allowed: Column) -> None:
    for position, row in enumerate(table.rows):
        cell = row[column]
        if not cell:
            if not allowed.blank:
                raise table.fault(position, column, "the cell is blank", f"give {allowed.right}")
        elif allowed.options:
            for word in cell.split(";") if allowed.kind == "list" else [cell]:
                if word.strip() not in allowed.options:
                    right = f"did you mean {nearest(word, allowed.options)}? It takes {allowed.right}"
                    raise table.fault(position, column, f"{word!r} is unknown", right)
        elif allowed.kind == "date":
            if not DATE.fullmatch(cell):
                raise table.fault(position, column, f"{cell!r} is not a date", f"give {allowed.right}")
        elif allowed.kind in ("number", "whole"):
            try:
                value = float(cell)
            except ValueError:
                raise table.fault(position, column, f"{cell!r} is not a number", f"give {allowed.right}") from None
            if not (allowed.low <= value <= allowed.high and math.isfinite(value)):
                raise table.fault(position, column, f"{cell} is out of bounds", f"give {allowed.right}")
            if allowed.kind == "whole" and value != int(value):
                raise table.fault(position, column, f"{cell} is not whole", f"give {allowed.right}")


def check_codes(table: FactsTable, codes: Iterable[str]) -> None:
    """Raise `InputError` where a country column names a code that is not in `codes`."""
    codes = set(codes)
    for column, allowed in table.columns.items():
        if allowed.kind != "code":
            continue
        for position, code in enumerate(table.text(column)):
            if code not in codes:
                right = f"countries.csv has no such country, did you mean {nearest(code, sorted(codes))}?"
                raise table.fault(position, column, f"country {code!r} is unknown", right)


def facts_hash(paths: Iterable[Path], before: str = "") -> str:
    """SHA-256 over a text and the files, in the order of their names; both name and content count."""
    digest = hashlib.sha256(before.encode())
    for path in sorted(paths, key=lambda path: path.name):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
