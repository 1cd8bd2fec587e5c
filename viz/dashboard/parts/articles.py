"""The parts of the country and the deals page put in order: what stands below the headline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from stackcraft.agents.errors import nearest
from stackcraft.viz.dashboard.pages.country import choices as country_choices
from stackcraft.viz.dashboard.pages.country import facts
from stackcraft.viz.dashboard.pages.country import panels as country
from stackcraft.viz.dashboard.pages.deals import flows
from stackcraft.viz.dashboard.pages.deals import panels as deals
from stackcraft.viz.dashboard.parts.search import folded, search_index
from stackcraft.viz.dashboard.strings import text

# The two homes are no importers; what is typed for them, folded and cut as an address cuts it.
HOME_NAMES = dict.fromkeys(("usa", "us", "united s", "united states", "america"), "The United States") | dict.fromkeys(
    ("chn", "china", "prc"), "China"
)
Part = tuple[str, str, Markup]  # key, title, what stands in it


def country_parts(
    summary: Any, record: Any, matters: Any, inputs: Any, code: str, view: Any, href: Callable[[str], str],
    lever_href: Callable[[str], str] | None = None, title_of: Callable[[str], str] | None = None,
) -> list[Part]:  # fmt: skip
    """The sections of a country's page in order; what needs `record` or `matters` says so while that is None.

    `href(code)` is the address of a country's page, `lever_href(name)` that of where a lever is moved, `title_of(name)`
    its title.
    """
    levers = Markup('<p class="note" role="status">{}</p>').format(text("country.no_levers"))
    if matters is not None:
        levers = country_choices.levers_table(matters, code, view.kind, title_of, lever_href)
    found = {
        "has": country.what_it_has(summary, inputs, code, view),
        "drivers": country_choices.drivers(record, inputs, code),
        "levers": levers,
        "deals": country_choices.deals(record, inputs, code),
        "neighbours": country.neighbours(summary, inputs, code, view, href),
        "multiples": country.multiples(summary, inputs, country.region_of(inputs, code)[:12], view, href),
        "trust": country.trust(summary, inputs, code),
        "facts": facts.facts(inputs, code),
    }
    return [(key, text(f"country.title_{key}"), body) for key, body in found.items()]


def deals_parts(summary: Any, record: Any) -> list[Part]:
    """The sections of the deals page above the ledger."""
    found = {
        "stages": deals.stages(record),
        "years": deals.announced_and_delivered(summary),
        "flows": flows.flows(record),
    }
    return [(key, text(f"deals.title_{key}"), body) for key, body in found.items()]


def contents(parts: Iterable[Part]) -> Markup:
    """Links to the sections."""
    links = Markup("").join(Markup('<a href="#{}">{}</a>').format(key, title) for key, title, _ in parts)
    return Markup('<nav class="toc" aria-label="{}">{}</nav>').format(text("country.nav"), links)


def sections(parts: Iterable[Part]) -> Markup:
    """Sections with their headings."""
    return Markup("").join(
        Markup(
            '<section id="{}" aria-labelledby="h-{}"><h2 id="h-{}">{}</h2><div class="card">{}</div></section>'
        ).format(key, key, key, title, body)
        for key, title, body in parts
    )


def finder(inputs: Any, action: str, kept: Sequence[tuple[str, str]] = (), sought: str = "") -> Markup:
    """A form that asks for a country by name, code or alias; `kept` are further parts of the address, as (name, value)."""
    index = search_index(inputs)
    options = Markup("").join(
        Markup('<option value="{}">{}</option>').format(row["code"], ", ".join([row["name"], *row["aliases"]]))
        for row in index
    )
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in kept
    )
    wrong = Markup("")
    if sought:
        home = HOME_NAMES.get(folded(sought))
        said = (
            text("country.home", name=home)
            if home
            else text("country.unknown", name=sought, nearest=nearest(sought, [row["name"] for row in index]))
        )
        wrong = Markup('<p class="notice" role="alert">{}</p>').format(said)
    return Markup(
        '{}<form class="finder" action="{}" method="get" role="search">{}<label for="country-name">{}</label>'
        '<input id="country-name" name="c" type="search" list="countries" autocomplete="off" required maxlength="60"><datalist id="countries">{}</datalist><button>{}</button></form>'
    ).format(wrong, action, hidden, text("country.search_label"), options, text("country.search_go"))


def by_region(inputs: Any, href: Callable[[str], str]) -> Markup:
    """Every country as a link, by part of the world: the way in without typing."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    region = {str(code): str(part) for code, part in zip(inputs.iso3, inputs.region)}
    for row in search_index(inputs):
        groups.setdefault(region[row["code"]], []).append(row)
    return Markup("").join(
        Markup('<details open><summary>{}</summary><p class="links">{}</p></details>').format(
            name, Markup("").join(Markup('<a href="{}">{}</a> ').format(href(row["code"]), row["name"]) for row in rows)
        )
        for name, rows in sorted(groups.items())
    )
