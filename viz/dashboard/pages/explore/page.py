"""Explore: move a lever, and see where in the world it changes what, how surely, and whether it lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from stackcraft.agents.names import WEIGHTS
from stackcraft.model.inputs import load_inputs
from stackcraft.model.worlds import KINDS as KINDS_OF_WORLDS
from stackcraft.model.worlds import PLAUSIBLE
from stackcraft.viz.dashboard.live import use_ensemble, use_moving
from stackcraft.viz.dashboard.pages.explore import panels
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox, progress_line
from stackcraft.viz.dashboard.parts.levers_panel import LeversPanel
from stackcraft.viz.dashboard.parts.world_maps import WorldMaps
from stackcraft.viz.dashboard.state import KINDS, State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.choice import Choices, box
from stackcraft.viz.words.names import WEIGHT_TITLES
from stackcraft.viz.words.numbers import capital


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /explore."""
    question = state.question
    (dragged, message), hold = solara.use_state((None, 0))
    usual = use_ensemble(question.plain() if question.base else None, "usual")
    progress = use_moving(question, dragged, usual)
    summary = progress.value
    shown = dragged or question
    before = usual.value if shown.changed and usual.finished and not usual.stale else None
    if summary is None:
        Html(text("frame.explore"), tag="h1")
        Html(progress_line(state, progress))
        return
    view = state.view
    title = shown.names.long
    headline = panels.explore_headline(summary, view)
    with solara.Div(classes=["explore"]):
        with solara.Div(classes=["explore-main"]):
            Html(panels.headline_block(summary, view))
            Html(progress_line(state, progress))
            Html(panels.tiles(summary, view))
            maps = replace(progress, stale=progress.stale and dragged is None)
            WorldMaps([(title, summary.cells(view.kind))], summary, maps, state, go, headline)
            Weighting(state, go)
            Panels(state, summary, before, dragged is not None)
            ShareBox(state, go)
        with solara.Div(classes=["explore-rail"]):
            ready = message if dragged is not None and progress.finished and not progress.stale else 0
            LeversPanel(state, go, lambda asked, number: hold((asked, number)), ready)


@solara.component
def Panels(state: State, summary: Any, before: Any, dragging: bool) -> None:
    """Curves, groups of countries and the programmes' scorecard; all but the curves wait while a lever is dragged."""
    view, scenario = state.view, summary.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)

    settled = solara.use_ref(summary)
    if not dragging:
        settled.current = summary
    looked_at = (view.year, view.layer, view.kind, view.weight)

    def rest() -> str:
        kept = settled.current
        parts = (panels.all_aggregates(kept, inputs, view), panels.small_scorecard(kept, view.year))
        return "".join(f'<section class="card">{part}</section>' for part in parts)

    curves = solara.use_memo(
        lambda: f'<section class="card">{panels.share_curves(summary, view, before)}</section>',
        [id(summary), id(before), *looked_at],
    )
    others = solara.use_memo(rest, [id(settled.current), *looked_at])
    with solara.Div(classes=["explore-cards"]):
        Html(curves)
        Html(others, classes="contents")


@solara.component
def Weighting(state: State, go: Go) -> None:
    """Installed or in use, how countries are weighted in the sentence, the tiles and the curves, and which worlds."""
    view = state.view
    boxes = [
        box("kind", text("frame.kind"), [(kind, text(f"frame.{kind}")) for kind in KINDS], view.kind),
        box(
            "weight",
            text("frame.weight"),
            [(weight, capital(WEIGHT_TITLES[weight])) for weight in WEIGHTS],
            view.weight,
        ),
        box("worlds", text("frame.worlds"), [(kind, text(f"frame.worlds_{kind}")) for kind in KINDS_OF_WORLDS],
            state.question.scenario.worlds),
    ]  # fmt: skip

    def pick(name: str, value: str) -> None:
        if name == "worlds":
            go(question=replace(state.question, worlds="" if value == PLAUSIBLE else value))
        else:
            go(step=False, **{name: value})

    Choices(boxes, pick)
