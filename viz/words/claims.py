"""The stored measurement of the claims in words: how many hold, what it was measured with, what has changed since.

`experiments/evidence/claim_tests.csv` is read whenever it is shown; nothing of it is repeated by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stackcraft.experiments.evidence import claim_tests, staleness
from stackcraft.viz import words

MEASURE_AGAIN = "stackcraft levers --trace --measure"
COLUMNS = ("claim", "lever", "measure", "effect", "95 % interval", "holds in", "without carrier", "verdict")


@dataclass(frozen=True)
class Stored:
    """The stored rows, what they were measured with, and what has changed since (see `staleness.what_changed`)."""

    rows: list[claim_tests.Row]
    about: dict[str, str]
    changed: list[str]


def stored(chosen: Sequence[str] | None = None) -> Stored:
    """Return the stored measurement, or only the claims of it that are `chosen` by identifier."""
    rows, about = claim_tests.stored()
    wanted = rows if chosen is None else [row for row in rows if row.claim in chosen]
    return Stored(wanted, about, staleness.what_changed("claims", about) if rows else [])


def tally_sentence(rows: Sequence[claim_tests.Row]) -> str:
    """Return "Of 87 claims 40 hold, 12 mostly hold, 25 are open, 6 mostly fail and 4 fail." """
    tally = claim_tests.tally(rows)
    told = [f"{tally[verdict]} {plural(tally[verdict])}" for verdict, plural in _VERBS.items()]
    text = f"Of {words.count(len(rows), 'claim')} {words.listed(told)}"
    text += f"; {tally[claim_tests.NOT_MEASURED]} could not be measured." if tally[claim_tests.NOT_MEASURED] else "."
    if mostly := sum(claim_tests.NOT_CARRIED in row.verdict for row in rows):
        text += (
            f" Of those that hold or mostly hold, {mostly} {'does' if mostly == 1 else 'do'} so mostly through "
            "something other than the submodel named."
        )
    return text


_VERBS = {
    "holds": lambda number: "holds" if number == 1 else "hold",
    "mostly holds": lambda number: "mostly holds" if number == 1 else "mostly hold",
    "open": lambda number: "is open" if number == 1 else "are open",
    "mostly fails": lambda number: "mostly fails" if number == 1 else "mostly fail",
    "fails": lambda number: "fails" if number == 1 else "fail",
}


def measured_sentence(stored: Stored) -> str:
    """Say how large the measurement was and on what it was made."""
    worlds = sorted({row.worlds for row in stored.rows})
    text = (
        f"Measured in {_span(worlds)} worlds that history does not rule out, with "
        f"{words.count(claim_tests.REPLICATES, 'pair')} of runs in each"
    )
    commit = stored.about.get("commit", "unknown")
    text += f", at commit {commit[:10]}" if commit != "unknown" else ", at an unknown commit"
    return text + (
        ", with changes that were not committed." if stored.about.get("uncommitted_changes") == "yes" else "."
    )


def warning(stored: Stored) -> str:
    """Say what a reader must know where the table was measured on something else than what is here; else ""."""
    if not stored.changed:
        return ""
    again = f"these numbers may no longer hold; {MEASURE_AGAIN} measures them again"
    if not any(name in stored.about for name in staleness.RESTS_ON):
        return (
            "The table does not say on which code and parameters it was measured, so it cannot be told "
            f"whether they are the present ones: {again}."
        )
    return f"Measured on other {words.listed(stored.changed)} than the present: {again}."


def cells(row: claim_tests.Row) -> list[str]:
    """Return one claim as cells under `COLUMNS`."""
    interval = f"{number(row.low)} to {number(row.high)}" if row.low is not None else "-"
    low, high = row.agreement_interval
    agrees = "-" if row.agreement is None else f"{100 * row.agreement:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
    measure = f"{row.metric} ({row.unit})" if row.unit else row.metric
    return [row.claim, row.lever, measure, number(row.effect), interval, agrees, number(row.effect_off), row.verdict]


def number(value: float | None) -> str:
    """Return a number with three meaningful digits, never as a power of ten: 0.0433, 282, -0.000267."""
    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(abs(value)))
    return "about 0" if digits > 8 else f"{value:.{digits}f}"


def as_plain(stored: Stored) -> list[Mapping]:
    """Return rows for JSON, each with what it was measured with and what has changed since."""
    return [{**vars(row), "measured_with": stored.about, "changed_since": stored.changed} for row in stored.rows]


def _span(values: Sequence[int]) -> str:
    return f"{values[0]}" if len(values) == 1 else f"{values[0]} to {values[-1]}"
