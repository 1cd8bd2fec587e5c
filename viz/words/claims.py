"""The stored measurement of the claims in words: how many hold, what it was measured with, what has changed since.

`experiments/evidence/claim_tests.csv` is read whenever it is shown; nothing of it is repeated by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stackcraft.experiments.evidence import claim_tests, staleness
from stackcraft.viz import words
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.forms import number as written
from stackcraft.viz.words.names import Titles
from stackcraft.viz.words.numbers import percent

MEASURE_AGAIN = "stackcraft levers --trace --measure"
CHANGED = Titles("changed", ("code", "results", "facts"), "claims")
NAMES = ("claim", "lever", "measure", "effect", "interval", "agrees", "without", "verdict")


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


def columns() -> list[str]:
    """Return the heads of `cells`."""
    return [text(f"claims.column_{name}") for name in NAMES]


def tally_sentence(rows: Sequence[claim_tests.Row]) -> str:
    """Return "Of 87 claims 40 hold, 12 mostly hold, 25 are open, 6 mostly fail and 4 fail." """
    tally = claim_tests.tally(rows)
    told = [text(f"claims.tally_{key_of(verdict)}", n=tally[verdict]) for verdict in claim_tests.VERDICTS]
    unmeasured = tally[claim_tests.NOT_MEASURED]
    said = text(
        "claims.tally_unmeasured" if unmeasured else "claims.tally", claims=words.count("claim", len(rows)),
        told=words.listed(told), unmeasured=unmeasured,
    )  # fmt: skip
    mostly = sum(claim_tests.NOT_CARRIED in row.verdict for row in rows)
    return f"{said} {text('claims.not_carried', n=mostly)}" if mostly else said


def key_of(verdict: str) -> str:
    """Return the verdict of a claim as part of a key, its reservation left out."""
    return verdict.partition(",")[0].replace(" ", "_")


def measured_sentence(stored: Stored) -> str:
    """Say how large the measurement was and on what it was made."""
    worlds = sorted({row.worlds for row in stored.rows})
    commit = stored.about.get("commit", "unknown")
    at = text("claims.at_unknown") if commit == "unknown" else text("claims.at_commit", commit=commit[:10])
    changed = text("claims.uncommitted") if stored.about.get("uncommitted_changes") == "yes" else ""
    pairs = words.count("pair", claim_tests.REPLICATES)
    return text("claims.measured", pairs=pairs, worlds=_span(worlds), commit=at, uncommitted=changed)


def changed_words(changed: Sequence[str]) -> str:
    """Return what has changed since a measurement as a list in a sentence."""
    return words.listed([CHANGED.get(name, name) for name in changed])


def warning(stored: Stored) -> str:
    """Say what a reader must know where the table was measured on something else than what is here; else ""."""
    if not stored.changed:
        return ""
    again = text("claims.again", command=MEASURE_AGAIN)
    if not any(name in stored.about for name in staleness.RESTS_ON):
        return text("claims.unknown_basis", again=again)
    return text("claims.stale", changed=changed_words(stored.changed), again=again)


def verdict_words(verdict: str) -> str:
    """Return the verdict of a claim in words."""
    carrier = "_not_carried" if claim_tests.NOT_CARRIED in verdict else ""
    return text(f"claims.verdict_{key_of(verdict)}{carrier}")


def cells(row: claim_tests.Row) -> list[str]:
    """Return one claim as cells under `COLUMNS`."""
    known = row.low is not None
    interval = text("numbers.span", low=number(row.low), high=number(row.high)) if known else "-"
    least, most = row.agreement_interval
    agrees = "-"
    if row.agreement is not None:
        shares = (percent(share) for share in (row.agreement, least, most))
        agrees = text("claims.in_worlds", **dict(zip(("share", "low", "high"), shares, strict=True)))
    measure = f"{row.metric} ({row.unit})" if row.unit else row.metric
    effects = number(row.effect), interval, agrees, number(row.effect_off)
    return [row.claim, row.lever, measure, *effects, verdict_words(row.verdict)]


def number(value: float | None) -> str:
    """Return a number with three meaningful digits, never as a power of ten: 0.0433, 282, -0.000267."""
    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return written(f"{value:,.0f}")
    digits = 2 - math.floor(math.log10(abs(value)))
    return text("claims.about_zero") if digits > 8 else written(f"{value:.{digits}f}")


def as_plain(stored: Stored) -> list[Mapping]:
    """Return rows for JSON, each with what it was measured with and what has changed since."""
    return [{**vars(row), "measured_with": stored.about, "changed_since": stored.changed} for row in stored.rows]


def _span(values: Sequence[int]) -> str:
    return f"{values[0]}" if len(values) == 1 else text("numbers.span", low=values[0], high=values[-1])
