"""Explore: move a lever, and see where in the world it changes what, how surely, and whether it lasts."""

from __future__ import annotations

import solara

from agents.names import WEIGHTS
from viz.dashboard import explore_panels as panels
from viz.dashboard.address import Go, ShowAddress, use_address
from viz.dashboard.doubt_words import doubt_sentence
from viz.dashboard.frame import Html, ShareBox, notices, progress_line
from viz.dashboard.levers_panel import LeversPanel
from viz.dashboard.live import use_doubt, use_ensemble
from viz.dashboard.state import KINDS, State
from viz.dashboard.strings import text
from viz.dashboard.widgets.choice import Choices, box
from viz.dashboard.world_maps import WorldMaps, clamp
from viz.words import WEIGHT_TITLES, capital


@solara.component
def Page() -> None:
    """The page at /explore."""
    state, go = use_address()
    progress = use_ensemble(state.question)
    summary = progress.value
    # Doubt is asked only once the answer itself is there.
    doubt = use_doubt(state.question if progress.finished and not progress.error else None)
    title = state.question.scenario.title or state.question.scenario.name
    ShowAddress(state, f"{title} - Stackcraft")
    Html(notices(state, progress))
    if summary is None:
        Html(text("explore.title"), tag="h1")
        Html(progress_line(state, progress))
        return
    year, view = clamp(state.view.year, summary.years), state.view
    headline = panels.headline(summary, year, view.layer, view.kind, view.weight)
    Html(headline, tag="h1")
    told = doubt_sentence(doubt.value) if doubt.value is not None and not doubt.stale else text("frame.doubt_working")
    Html(panels.beneath_headline(summary, year, told))
    Html(progress_line(state, progress))
    with solara.Div(classes=["explore"]):
        with solara.Div(classes=["explore-main"]):
            Html(panels.tiles(summary, year, view.layer, view.kind, view.weight))
            WorldMaps([(title, summary.cells(view.kind))], summary, progress, state, go, headline)
            Weighting(state, go)
            Html(panels.curves(summary, view.layer, view.kind, view.weight, year))
            Html(panels.aggregates(summary, year, view.layer, view.kind))
            Html(panels.scorecard(summary))
            ShareBox(state, go)
        with solara.Div(classes=["explore-rail"]):
            LeversPanel(state, go)


@solara.component
def Weighting(state: State, go: Go) -> None:
    """Installed or in use, and how countries are weighted in the sentence, the tiles and the curves."""
    view = state.view
    boxes = [
        box("kind", text("frame.kind"), [(kind, text(f"frame.{kind}")) for kind in KINDS], view.kind),
        box("weight", text("frame.weight"), [(weight, capital(WEIGHT_TITLES[weight])) for weight in WEIGHTS], view.weight),
    ]
    Choices(boxes, lambda name, value: go(step=False, **{name: value}))
