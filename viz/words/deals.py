"""The story of a deal: who won what, why, what support did, and what became of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.forms import listed, number
from stackcraft.viz.words.names import FINANCIER_TITLES, Titles, layer_title, vendor_title
from stackcraft.viz.words.numbers import money, percent

# The terms of a choice; `deal_story.toml` has for each its title and how it reads for and against the winner.
TERM_TITLES = Titles(
    "term",
    (
        *"constant price quality incumbency complementarity peers standards supply_fear security_fear".split(),
        *"sovereignty dependence alliance regulation framing affiliation graces capacity delay licence".split(),
        *"finance_gap package pressure leaning".split(),
    ),
    "deal_story",
)
OUTCOMES = (*"pipeline operating renewed lapsed switched novated cancelled defaulted cut restricted".split(),)


def terms_apart(row: Mapping) -> list[tuple[str, float]]:
    """Return the winner's utility less the runner-up's by term, largest first; empty where no runner-up is kept."""
    gaps = []
    for term in TERM_TITLES:
        gap = _number(row.get(f"term_{term}")) - _number(row.get(f"runner_up_term_{term}"))
        if math.isfinite(gap):
            gaps.append((term, gap))
    return sorted(gaps, key=lambda item: -abs(item[1]))


def _number(value) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def deal_title(row: Mapping, countries: Mapping[str, str]) -> str:
    """Return the title of a deal: "Kenya, cloud, 2029"."""
    signed = _number(row.get("signed"))
    values = {"country": countries.get(row["country"], row["country"]), "layer": layer_title(row["layer"]).lower()}
    if math.isfinite(signed):
        return text("deal_story.title", year=int(signed), **values)
    return text("deal_story.title_undated", **values)


def _what(row: Mapping) -> str:
    """Return value, size and form of a deal."""
    size, value = _number(row.get("megawatts")), _number(row.get("value_bn"))
    parts = [money(value) if math.isfinite(value) else text("deal_story.not_announced")]
    if math.isfinite(size) and size >= 1:
        parts.append(text("deal_story.size", size=number(f"{size:,.0f}")))
    if str(row.get("winning_bid")).endswith("_package"):
        parts.append(text("deal_story.package"))
    return ", ".join(parts)


def _named(value: object) -> bool:
    return isinstance(value, str) and value not in ("", "none")


def deal_story(row: Mapping, vendors: Mapping[str, str] | None = None) -> list[str]:
    """Return sentences on one deal: who won what, why, what support did, how it ended; `row` is one of the ledger."""
    other, origin = row.get("runner_up"), str(row.get("origin"))
    has_other = _named(other)
    key = "won" if has_other else "won_alone"
    if origin == "renewal":
        key = "renewal_over" if has_other else "renewal"
    elif origin in ("hedge", "scripted", "legacy"):
        key = origin
    rival = vendor_title(other, vendors) if has_other else ""
    told = text(f"deal_story.{key}", vendor=vendor_title(row["vendor"], vendors), what=_what(row), rival=rival)
    sentences = [told, *_reasons(row, has_other), *_chance(row, has_other)]
    if told := ending(row):
        sentences.append(told)
    return sentences


def _reasons(row: Mapping, has_other: bool) -> list[str]:
    gaps = [(term, gap) for term, gap in terms_apart(row) if abs(gap) >= 0.01]
    for_it = [text(f"deal_story.for_{term}") for term, gap in gaps if gap > 0][:3]
    against = [text(f"deal_story.against_{term}") for term, gap in gaps if gap < 0][:2]
    if not (has_other and for_it):
        return []
    key = "favour_against" if against else "favour"
    return [text(f"deal_story.{key}", for_it=listed(for_it), against=listed(against))]


def _chance(row: Mapping, has_other: bool) -> list[str]:
    lead = _number(row.get("utility")) - _number(row.get("runner_up_utility"))
    chance, bare = _number(row.get("win_probability")), _number(row.get("win_probability_unsupported"))
    if not math.isfinite(chance):
        return []
    luck = f" {text('deal_story.luck')}" if has_other and lead < 0 else ""
    told = [text("deal_story.chance", chance=percent(chance)) + luck]
    if bool(row.get("supported")) and math.isfinite(bare):
        financier = row.get("financier")
        named = FINANCIER_TITLES.get(financier, str(financier)) if _named(financier) else ""
        told.append(
            text(
                "deal_story.support_by" if named else "deal_story.support", financier=named, bare=percent(bare),
                chance=percent(chance),
            )
        )  # fmt: skip
    return told


def ending(row: Mapping) -> str:
    """Return a sentence on what became of a deal; "" for an outcome without words."""
    outcome = row.get("outcome")
    if outcome not in OUTCOMES:
        return ""
    start, stop = _number(row.get("operating")), _number(row.get("ended"))
    known = ("_from" if math.isfinite(start) else "") + ("_in" if math.isfinite(stop) else "")
    years = {name: int(year) for name, year in (("operating", start), ("ended", stop)) if math.isfinite(year)}
    return text(f"deal_story.ended_{outcome}{known}", **years)
