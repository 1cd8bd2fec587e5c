"""A country or a bloc of countries by its name, and inputs in which a bloc is one more country."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.model.blocs import Bloc, bloc_of, members_of
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.search import find_country, search_index
from stackcraft.viz.dashboard.strings import text

MOST_NAMED = 4  # countries of a list of one's own that are named


class WithBloc:
    """The inputs of a world with a bloc as one more country: it has a code and a name, and no facts of its own."""

    def __init__(self, inputs: Any, bloc: Bloc) -> None:
        self.alone, self.bloc = inputs, bloc
        self.iso3 = np.array([*map(str, inputs.iso3), bloc.code])
        self.name = np.array([*map(str, inputs.name), bloc_name(bloc, inputs)])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.alone, name)


def bloc_name(bloc: Bloc, inputs: Any) -> str:
    """What sentences call a bloc; a list of one's own is called by its countries, or by their number."""
    if bloc.name:
        return words.said(bloc.name)
    names = words.country_names(inputs)
    if len(bloc.members) > MOST_NAMED:
        return text("country.bloc_of", number=len(bloc.members))
    return words.listed([names[code] for code in bloc.members])


def place_of(sought: str, inputs: Any) -> tuple[str, Any]:
    """Return the code of a country or bloc, and the inputs that know its name; "" and the inputs for anything else."""
    bloc = bloc_of(sought, inputs.iso3) if sought else None
    if bloc is not None:
        return bloc.code, WithBloc(inputs, bloc)
    return find_country(sought, search_index(inputs)) if sought else "", inputs


def is_bloc(inputs: Any, code: str) -> bool:
    """Whether a code is that of a bloc in these inputs."""
    return isinstance(inputs, WithBloc) and inputs.bloc.code == code


def members_in(inputs: Any, code: str) -> tuple[str, ...]:
    """The countries behind a code."""
    return members_of(code, [str(one) for one in getattr(inputs, "alone", inputs).iso3])


def about(inputs: Any) -> str:
    """Who the members of a bloc are, and where that is from."""
    bloc = inputs.bloc
    names = words.country_names(inputs.alone)
    told = text(
        "country.bloc_members", number=len(bloc.members), members=words.listed([names[c] for c in bloc.members])
    )
    if not bloc.name:
        return told
    return f"{told} {text('country.bloc_source', year=bloc.year, source=bloc.source, note=bloc.note)}"


def links(inputs: Any, href: Any) -> Markup:
    """The members of a bloc, each with a link to its own page."""
    names = words.country_names(inputs.alone)
    rows = [Markup('<a href="{}">{}</a>').format(href(code), names[code]) for code in inputs.bloc.members]
    return Markup('<p class="links">{}</p>').format(Markup(" ").join(rows))
