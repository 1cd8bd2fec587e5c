"""Why one choice went as it did: the utility terms of the winner against the runner-up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.deals import waterfall
from stackcraft.viz.dashboard.parts.markup import behind, each, joined, note
from stackcraft.viz.dashboard.strings import text

MOST_STEPS = 7
REMOVED = 3
LEAST = 0.005  # a term below this rounds to nothing


@dataclass(frozen=True)
class Without:
    """The winner's lead without one term; `turned` says whether the other bid would have been ahead."""

    term: str
    gap: float
    lead: float
    turned: bool


def lead(row: Mapping[str, Any]) -> float:
    """Utility of the winner less that of the runner-up; NaN where no runner-up is kept."""
    other = row.get("runner_up_utility")
    return float(row["utility"]) - float(other) if other is not None else math.nan


def steps(row: Mapping[str, Any], most: int = MOST_STEPS) -> list[tuple[str, float]]:
    """Title and gap of the largest terms, the rest summed as the last: together they are the lead."""
    gaps = words.terms_apart(row)
    large = [(words.TERM_TITLES[term], gap) for term, gap in gaps[:most] if abs(gap) >= LEAST]
    rest = sum(gap for _, gap in gaps[len(large) :])
    return [*large, (text("country.other_terms"), rest)] if gaps else []


def without_each(row: Mapping[str, Any], most: int = REMOVED) -> list[Without]:
    """The lead without each of the largest terms: the arithmetic of stored terms, in which nothing else reacts."""
    gaps = words.terms_apart(row)
    whole = sum(gap for _, gap in gaps)
    return [
        Without(term, gap, whole - gap, (whole - gap < 0) != (whole < 0))
        for term, gap in gaps[:most]
        if abs(gap) >= LEAST
    ]


def rival(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The runner-up by title, or "" where there is none."""
    other = row.get("runner_up")
    return bidder(other, titles) if isinstance(other, str) and other not in ("", "none") else ""


def bidder(name: str, titles: Mapping[str, str]) -> str:
    """A vendor or a side's package by title."""
    return text(f"country.{name}") if name in ("us_package", "cn_package") else words.vendor_title(name, titles)


def why(row: Mapping[str, Any], titles: Mapping[str, str]) -> Markup:
    """Return everything about one choice: sentences, the waterfall with its table, and the lead without each term."""
    parts = [Markup('<p class="why-story">{}</p>').format(" ".join(words.deal_story(row, titles)))]
    found = steps(row)
    if not found:
        return joined([*parts, note(text("country.no_runner_up"))])
    other, winner = rival(row, titles), words.vendor_title(str(row["vendor"]), titles)
    told = "; ".join(f"{label} {gap:+.2f}" for label, gap in found)
    second = str(row.get("origin")) == "hedge"  # taken beside the winner, which is in the runner-up's place
    title = text("country.waterfall_second" if second else "country.waterfall_title", winner=winner, other=other)
    parts.append(
        waterfall(
            found,
            title,
            told,
            str(row["stack"]),
            (
                text("country.waterfall_start"),
                text("country.waterfall_end_second" if second else "country.waterfall_end"),
            ),
        )
    )
    parts.append(note(text("country.waterfall_note_second", other=other) if second else text("country.waterfall_note")))
    if not second:
        parts.append(remove_one(row, other))
    rows = [
        [words.TERM_TITLES[term], _number(row[f"term_{term}"]), _number(row[f"runner_up_term_{term}"]), f"{gap:+.3f}"]
        for term, gap in words.terms_apart(row)
    ]
    rows.append([text("country.sum"), _number(row["utility"]), _number(row["runner_up_utility"]), f"{lead(row):+.3f}"])
    head = [text("country.term"), text("country.winner"), text("country.runner_up"), text("country.gap")]
    parts.append(behind(kit.table(head, rows, title)))
    return joined(parts)


def remove_one(row: Mapping[str, Any], other: str) -> Markup:
    """Sentences on what would be left of the lead without each of the largest terms."""
    whole = lead(row)
    told = []
    for one in without_each(row):
        name = words.TERM_TITLES[one.term]
        key = ("still_ahead", "turns_down", "turns_up", "still_behind")[
            2 * int(whole < 0) + int(one.turned == (whole >= 0))
        ]
        told.append(
            text(
                f"country.without_{key}",
                term=name,
                lead=f"{abs(one.lead):.2f}",
                other=other,
                before=f"{abs(whole):.2f}",
            )
        )
    items = each("<li>{}</li>", told)
    note = text("country.remove_one_note")
    return Markup('<h4>{}</h4><ul class="without">{}</ul><p class="note">{}</p>').format(
        text("country.remove_one"), items, note
    )


def label_of(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """ "Cloud, 2029: US hyperscaler, $1.2 bn"."""
    year = int(float(row["signed"]))
    return text(
        "country.deal_label",
        layer=words.layer_title(str(row["layer"])),
        year=year,
        vendor=words.vendor_title(str(row["vendor"]), titles),
        value=words.money(float(row["value_bn"])),
    )


def _number(value: Any) -> str:
    return f"{float(value):+.3f}" if math.isfinite(float(value)) else escape("n/a")
