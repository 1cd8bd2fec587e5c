"""Finding a country by name, code or another name in common use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from stackcraft.agents.countries import folded, meant, other_names, two_letters, usual_name
from stackcraft.agents.errors import nearest
from stackcraft.model.blocs import bloc_of, known
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.markup import each
from stackcraft.viz.dashboard.strings import text

HOMES = {"USA": "US", "CHN": "CN"}  # the two homes are not importers
CUT = 8  # letters of a name that an address keeps


def search_index(inputs: Any) -> list[dict[str, Any]]:
    """Every importer with `code`, `name` and `aliases`, in order of name."""
    rows = [
        {"code": code, "name": name, "aliases": _aliases(code, name)}
        for code, name in words.country_names(inputs).items()
    ]
    return sorted(rows, key=lambda row: folded(row["name"]))


def _aliases(code: str, name: str) -> list[str]:
    """Return other names of a country, its English one among them where `name` is in another language."""
    english = usual_name(code)
    return [*([english] if english and english != name else []), *other_names(code)]


def find_country(typed: str, index: Sequence[dict[str, Any]]) -> str:
    """Return the code for a name, code or alias, whole or in part where only one fits; "" for anything else."""
    sought = folded(typed)
    if not sought or sought in {folded(one.code) for one in known()}:
        return ""
    named = [
        (row["code"], [folded(name) for name in (row["code"], two_letters(row["code"]), row["name"], *row["aliases"])])
        for row in index
    ]
    exact = meant(typed, [row["code"] for row in index], {row["code"]: row["name"] for row in index})
    if len(exact) == 1:
        return exact[0]
    for fits in (lambda name: name.startswith(sought), lambda name: sought in name):
        found = [code for code, names in named if any(map(fits, names))]
        if len(found) == 1:
            return found[0]
    return ""


def offered(inputs: Any) -> list[tuple[str, str]]:
    """Code and name of every bloc that this world has, with its other names."""
    found = [bloc_of(one.code, inputs.iso3) for one in known()]
    return [(one.code, ", ".join(dict.fromkeys((one.name, *one.aliases)))) for one in found if one is not None]


def _is_home(sought: str, code: str) -> bool:
    cut = len(sought) >= CUT and any(folded(name).startswith(folded(sought)) for name in other_names(code))
    return cut or bool(meant(sought, [code]))


def finder(inputs: Any, action: str, kept: Sequence[tuple[str, str]] = (), sought: str = "") -> Markup:
    """Return a form that asks for a country; `kept` are further parts of the address, as (name, value)."""
    index = search_index(inputs)
    every = [*((row["code"], ", ".join([row["name"], *row["aliases"]])) for row in index), *offered(inputs)]
    options = each('<option value="{}">{}</option>', every)
    hidden = each('<input type="hidden" name="{}" value="{}">', kept)
    wrong = Markup("")
    if sought:
        home = next((side for code, side in HOMES.items() if _is_home(sought, code)), "")
        said = (
            text("country.home", name=words.capital(words.HOME_TITLES[home]))
            if home
            else text("country.unknown", name=sought, nearest=nearest(sought, [row["name"] for row in index]))
        )
        wrong = Markup('<p class="notice" role="alert">{}</p>').format(said)
    return Markup(
        '{}<form class="finder" action="{}" method="get" role="search">{}<label for="country-name">{}</label>'
        '<input id="country-name" name="c" type="search" list="countries" autocomplete="off" required maxlength="60">'
        '<datalist id="countries">{}</datalist><button>{}</button></form>'
    ).format(wrong, action, hidden, text("country.search_label"), options, text("country.search_go"))


def by_region(inputs: Any, href: Callable[[str], str]) -> Markup:
    """Every country as a link, by part of the world: the way in without typing."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    region = {str(code): words.said(str(part)) for code, part in zip(inputs.iso3, inputs.region, strict=True)}
    for row in search_index(inputs):
        groups.setdefault(region[row["code"]], []).append(row)
    blocs = [{"code": code, "name": name.partition(", ")[0]} for code, name in offered(inputs)]
    if blocs:
        groups[text("country.blocs_title")] = blocs
    return each(
        '<details open><summary>{}</summary><p class="links">{}</p></details>',
        (
            (name, each('<a href="{}">{}</a> ', ((href(row["code"]), row["name"]) for row in rows)))
            for name, rows in sorted(groups.items())
        ),
    )
