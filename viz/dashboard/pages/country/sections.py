"""The sections of a country's page, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stackcraft.viz.dashboard.pages.country import choices, facts, panels
from stackcraft.viz.dashboard.parts.markup import Section, note
from stackcraft.viz.dashboard.strings import text


def country_parts(
    summary: Any, record: Any, matters: Any, inputs: Any, code: str, view: Any, href: Callable[[str], str],
    explore: str = "",
) -> list[Section]:  # fmt: skip
    """Return the sections in order; what needs `record` or `matters` says so while that is None.

    `href(code)` is the address of a country's page, `explore` that of the page where levers are moved.
    """
    levers = note(text("country.no_levers"), role="status")
    if matters is not None:
        levers = choices.levers_table(matters, code, view.kind, explore)
    found = {
        "has": panels.what_it_has(summary, inputs, code, view),
        "drivers": choices.drivers(record, inputs, code),
        "levers": levers,
        "deals": choices.deals(record, inputs, code),
        "neighbours": panels.neighbours(summary, inputs, code, view, href),
        "multiples": panels.multiples(summary, inputs, panels.region_of(inputs, code)[:12], view, href),
        "trust": panels.trust(summary, inputs, code),
        "facts": facts.facts(inputs, code),
    }
    return [(key, text(f"country.title_{key}"), body) for key, body in found.items()]
