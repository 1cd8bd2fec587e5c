"""The sections of a country's page, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.country import choices, facts, panels, today
from stackcraft.viz.dashboard.parts.blocs import is_bloc, links
from stackcraft.viz.dashboard.parts.markup import Section, folded, joined, note
from stackcraft.viz.dashboard.strings import text

MOST_SIDE_BY_SIDE = 12
KEYS = ("today", "ahead", "own", "others", "why")  # of the page's sections, in order


def titles(name: str, year: int) -> dict[str, str]:
    """The title of every section."""
    return {key: words.capital(text(f"country.title_{key}", name=name, year=year)) for key in KEYS}


def now_and_ahead(summary: Any, before: Any, inputs: Any, code: str, year: int) -> list[Section]:
    """What a country runs on now, and where that is heading; `before` is the same without what was changed, or None."""
    named = titles(panels.name_of(inputs, code), year)
    return [
        ("today", named["today"], today.today(summary, inputs, code)),
        ("ahead", named["ahead"], today.ahead(summary, before, inputs, code, year)),
    ]


def others_and_why(
    summary: Any, record: Any, matters: Any, inputs: Any, code: str, view: Any, href: Callable[[str], str],
    explore: str = "", at_usual: bool = False, reasons: Any = None,
) -> list[Section]:  # fmt: skip
    """What others can do, and why it is as it is, folded; what needs `record` or `matters` says so while it is None.

    `href(code)` is the address of a country's page, `explore` that of the page where levers are moved; `at_usual` says
    that `matters` is of the status quo. `reasons` are those of what others can do, or None.
    """
    others = note(text("country.no_levers"), role="status")
    if matters is not None:
        others = choices.what_others_can_do(matters, inputs, code, view.kind, explore, at_usual, reasons)
    bloc = is_bloc(inputs, code)
    shown = [code, *inputs.bloc.members[: MOST_SIDE_BY_SIDE - 1]] if bloc else panels.region_of(inputs, code)
    parts: dict[str, Markup] = {
        "drivers": choices.drivers(record, inputs, code),
        "deals": choices.deals(record, inputs, code),
        **({} if bloc else {"neighbours": panels.neighbours(summary, inputs, code, view, href)}),
        "trust": panels.trust(summary, inputs, code),
        "has": panels.what_it_has(summary, inputs, code, view),
        "multiples": panels.multiples(summary, inputs, shown[:MOST_SIDE_BY_SIDE], view, href),
        **({"members": links(inputs, href)} if bloc else {"facts": facts.facts(inputs, code)}),
    }
    summary_line = choices.why_in_short(record, inputs, code)
    body = joined(folded(text(f"country.why_{key}"), part, kind="reason") for key, part in parts.items())
    named = titles(panels.name_of(inputs, code), panels.year_of(summary, view))
    return [("others", named["others"], others), ("why", named["why"], Markup("{}{}").format(summary_line, body))]
