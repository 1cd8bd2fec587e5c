"""The facts behind one country, with unit, year, source and licence, and what was filled in for lack of a figure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup

from stackcraft.model.describe import FactRow, describe_country
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.blocs import about, is_bloc
from stackcraft.viz.dashboard.parts.markup import each, joined
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.source import facts_columns

UNSAID = (
    "iso3",
    "name",
    "role",
    "iso_number",
    "gdp_source",
    "ai_user_share_region_pooled",
)  # they say nothing about the country


@lru_cache(maxsize=256)
def rows_of(inputs: Any, code: str) -> tuple[FactRow, ...]:
    """Facts first, then what the model makes of them."""
    return tuple(row for row in describe_country(inputs, code) if row.input not in UNSAID)


def filled(inputs: Any, code: str) -> tuple[list[FactRow], list[FactRow]]:
    """Facts that were blank and were filled in, and inputs that rest on something filled in."""
    rows = rows_of(inputs, code)
    return [row for row in rows if row.filled and not row.derived], [row for row in rows if row.filled and row.derived]


def filled_sentence(inputs: Any, code: str) -> str:
    """How many of a country's facts are filled in, and which."""
    if is_bloc(inputs, code):
        return about(inputs)
    facts, resting = filled(inputs, code)
    whole = sum(not row.derived for row in rows_of(inputs, code))
    name = words.country_names(inputs)[code]
    if not facts and not resting:
        return text("country.filled_none", name=name, whole=whole)
    which = list(dict.fromkeys(row.input.replace("_", " ") for row in facts))
    named = words.listed(which[:4] + ([text("country.more", number=len(which) - 4)] if len(which) > 4 else []))
    told = (
        text("country.filled_some", number=len(which), whole=whole, name=name, which=named)
        if which
        else text("country.filled_none_direct", name=name, whole=whole)
    )
    return told + (" " + text("country.filled_resting", number=words.count("input", len(resting))) if resting else "")


def facts(inputs: Any, code: str) -> Markup:
    """Return every fact of the country, then what the model makes of them; what was filled in or judged is marked."""
    rows = rows_of(inputs, code)
    known = {column.get("column", ""): column.get("what", "") for column in facts_columns(inputs)}
    parts = [
        Markup('<p>{}</p><p class="note">{}</p>').format(filled_sentence(inputs, code), text("country.facts_read"))
    ]
    for derived in (False, True):
        mine = [row for row in rows if row.derived == derived]
        table = _table(mine, known, text("country.inputs_caption" if derived else "country.facts_caption"), derived)
        key = "country.inputs_summary" if derived else "country.facts_summary"
        opened = "" if derived else " open"
        parts.append(
            Markup(
                '<details{}><summary>{}</summary><div class="scroll tall" tabindex="0" role="region" '
                'aria-label="{}">{}</div></details>'
            ).format(Markup(opened), text(key, number=len(mine)), text(key, number=len(mine)), table)
        )
    return joined(parts)


def _table(rows: list[FactRow], known: dict[str, str], caption: str, derived: bool) -> Markup:
    heads = [
        "what",
        "value",
        "unit",
        *(() if derived else ("year",)),
        "rule" if derived else "source",
        *(() if derived else ("licence",)),
    ]
    head = each('<th scope="col">{}</th>', (text(f"country.fact_{key}") for key in heads))
    body = joined(_row(row, known, derived) for row in rows)
    return Markup(
        '<table class="words facts"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption, head, body)


def _row(row: FactRow, known: dict[str, str], derived: bool) -> Markup:
    title = words.capital(
        (words.said(known.get(row.input, "")) if not derived else "") or row.input.replace("_", " ").replace(".", ", ")
    )
    marks = Markup("")
    if row.filled:
        marks += Markup('<small class="filled"><b>{}</b> {}</small>').format(text("country.filled_in"), row.filled)
    if row.judgement and (derived or not row.filled):
        marks += Markup('<small class="judgement">{}</small>').format(text("country.judgement"))
    middle = [words.said(row.unit), *(() if derived else (row.year,))]
    last = [row.source, *(() if derived else (row.licence,))]
    code = (
        Markup("<small>{}</small>").format(row.input)
        if title.casefold() != row.input.replace("_", " ").casefold()
        else ""
    )
    return Markup("<tr{}><th scope=\"row\">{}{}</th><td>{}{}</td>{}{}</tr>").format(
        Markup(' class="is-filled"') if row.filled else "", title, code, row.value, marks,
        each('<td>{}</td>', middle),
        each('<td class="long">{}</td>', last))  # fmt: skip
