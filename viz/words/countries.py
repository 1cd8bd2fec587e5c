"""Names of countries in the language spoken now.

English names are those of the facts. Other languages take theirs from Unicode's locale data, except where their
`declared_countries.toml` has another, as the United Nations write it. No view is taken on the status of any territory.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from stackcraft.agents.countries import two_letters
from stackcraft.viz.words.declared import said
from stackcraft.viz.words.languages import FIRST, current


def country_name(code: str, english: str) -> str:
    """Return the name of the country of an ISO 3166 alpha-3 code; a made-up one keeps its own."""
    if current() == FIRST:
        return english
    own = said(english)
    return own if own != english else _territories(current()).get(two_letters(code), english)


def country_names(inputs: Any) -> dict[str, str]:
    """Return the name of every importing country by its code."""
    return {str(code): country_name(str(code), str(name)) for code, name in zip(inputs.iso3, inputs.name, strict=True)}


@cache
def _territories(language: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(language).territories)
