"""One country: its stacks, its choices and their reasons, its deals, its neighbours, its fears and its facts."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import solara
from markupsafe import Markup

from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.live import use_effects, use_ensemble, use_record
from stackcraft.viz.dashboard.pages.country import panels as country
from stackcraft.viz.dashboard.pages.country.sections import country_parts
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox, progress_line
from stackcraft.viz.dashboard.parts.markup import contents, fault, paragraph, sections
from stackcraft.viz.dashboard.parts.native import Button
from stackcraft.viz.dashboard.parts.search import by_region, find_country, finder, search_index
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text

PATH = "/country"
EXPLORE = "/explore"


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /country."""
    scenario = state.question.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    sought = state.view.country
    code = find_country(sought, search_index(inputs)) if sought else ""
    search = finder(inputs, PATH, parse_qsl(state.query(country="")), "" if code else sought)
    if code:
        Country(state, go, code, inputs, search)
    else:
        Html(text("country.choose"), tag="h1")
        Html(search + by_region(inputs, lambda chosen: state.href(PATH, country=chosen)))


@solara.component
def Country(state: State, go: Go, code: str, inputs: Any, search: Markup) -> None:
    """The country with that code."""
    question, view = state.question, state.view
    runs = use_ensemble(question)
    summary = runs.value
    one = use_record(question, None if summary is None or runs.stale or not runs.finished else summary.representative)
    matters, measure = use_effects(question)
    effects = None if matters.stale else matters.value
    record = None if one.stale else one.value

    def drawn() -> tuple[str, str, str]:
        if summary is None:
            return country.name_of(inputs, code), str(search), ""
        parts = country_parts(
            summary,
            record,
            effects,
            inputs,
            code,
            view,
            lambda chosen: state.href(PATH, country=chosen),
            state.href(EXPLORE),
        )
        first = [key for key, _, _ in parts].index("levers") + 1  # what is asked of the levers is beneath them
        told = country.standfirst(summary, record, inputs, code, view)
        above = search + told + contents(parts) + sections(parts[:first])
        return country.headline(summary, inputs, code, view), str(above), str(sections(parts[first:]))

    headline, above, below = solara.use_memo(drawn, [id(summary), id(record), id(effects), code, state])
    Html(headline, tag="h1")
    Html(progress_line(state, runs))
    Html(above)
    if matters.error:
        Html(fault(matters.error))
    elif matters.total and not matters.finished:
        Html(paragraph(text("country.levers_waiting", done=matters.done, total=matters.total), "quiet", "status"))
    elif effects is None and summary is not None:
        Button(text("country.levers_ask"), measure)
    Html(below)
    ShareBox(state, go)
