"""Deals that were announced in the real world, and what became of them.

They are for comparison: each can be entered into a run as announced, and the run's outcome held against the real one.
Which profile, layers and class stand for a deal is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.tables import SCHEMA, SCRIPTED_DEALS, check_codes, folder_of, read_table


@dataclass(frozen=True)
class ScriptedDeal:
    """One announced deal. Dates are decimal years; amounts are None where nothing was announced."""

    deal: str
    title: str
    iso3: str
    announced: float
    stack: str
    vendor: str
    other_vendors: tuple[str, ...]
    layers: tuple[str, ...]
    mode: str
    deal_class: str
    announced_mw: float | None
    first_phase_mw: float | None
    announced_gpus: float | None
    announced_bn: float | None
    financier: str | None
    what_was_announced: str
    outcome: str
    outcome_date: float
    what_happened: str
    source: str
    outcome_source: str

    @property
    def value_bn(self) -> float | None:
        """The value announced, or the power announced at the usual capital cost (judgement); None without either."""
        if self.announced_bn is not None:
            return self.announced_bn
        return None if self.announced_mw is None else self.announced_mw * PARAMETERS["capital_bn_per_mw"].default


def load_scripted_deals(name_or_folder: str | Path = "world") -> list[ScriptedDeal]:
    """The announced deals of a world, earliest first; none where it has no scripted_deals.csv.

    Tables that have not changed on disk are read once in a process. Raises `InputError` for the first faulty cell.
    """
    folder = folder_of(name_or_folder)
    path, countries = folder / "scripted_deals.csv", folder / "countries.csv"
    if not path.is_file():
        return []
    return list(
        _read(
            path.resolve(),
            countries.resolve(),
            *(state for file in (path, countries) for state in (file.stat().st_mtime_ns, file.stat().st_size)),
        )
    )


@lru_cache(maxsize=8)
def _read(path: Path, countries: Path, *states: int) -> tuple[ScriptedDeal, ...]:
    """Return the deals of a table; `states` (times and sizes of the files) makes changed ones be read again."""
    table = read_table(path, "scripted_deals", SCRIPTED_DEALS)
    check_codes(table, read_table(countries, "countries", SCHEMA["countries"]).text("iso3"))
    deals = []
    for position, row in enumerate(table.rows):
        if decimal_year(row["outcome_date"], late=True) < decimal_year(row["announced"]):
            raise table.fault(
                position, "outcome_date", f"{row['outcome_date']} is before the announcement", "give a later date"
            )
        values = {name: _value(name, row[name]) for name in SCRIPTED_DEALS}
        deals.append(ScriptedDeal(**values))
    return tuple(sorted(deals, key=lambda deal: (deal.announced, deal.deal)))


def decimal_year(date: str, late: bool = False) -> float:
    """A date as a decimal year; a year or month alone counts from its start, or its end if `late`."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else (12 if late else 1)
    day = parts[2] if len(parts) > 2 else (31 if late else 1)
    return parts[0] + (month - 1) / 12 + (day - 1) / 372


def _value(name: str, cell: str):
    column = SCRIPTED_DEALS[name]
    if column.kind == "list":
        return tuple(word.strip() for word in cell.split(";") if word.strip())
    if column.kind == "date":
        return decimal_year(cell)
    if column.kind == "number":
        return float(cell) if cell else None
    return cell or (None if column.blank else cell)
