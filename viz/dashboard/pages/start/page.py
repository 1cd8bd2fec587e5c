"""The first page: thin; what it shows is made in `stackcraft.viz.dashboard.pages.start.panels`."""

from __future__ import annotations

import solara
from markupsafe import Markup, escape

from stackcraft.experiments.live.countries import WithCountries
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.live import use_ensemble, use_work
from stackcraft.viz.dashboard.pages.explore import panels as explore
from stackcraft.viz.dashboard.pages.start import panels as start
from stackcraft.viz.dashboard.pages.start import stories
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, progress_line
from stackcraft.viz.dashboard.parts.markup import note
from stackcraft.viz.dashboard.parts.native import Button
from stackcraft.viz.dashboard.parts.workspace import workspace
from stackcraft.viz.dashboard.parts.world_maps import WorldMaps
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text


@solara.component
def Page(state: State, go: Go) -> None:
    """What this is, my country, the guided start, scenarios, how to go on."""
    inputs = load_inputs("world")
    Html(start.opening() + start.my_country(inputs) + workspace())
    World(state, go)
    Html(solara.use_memo(stories.told, []))
    Guide()
    Html(solara.use_memo(lambda: start.scenarios() + start.going_on(), []))


@solara.component
def World(state: State, go: Go) -> None:
    """The map of who leads where, with the finding above it."""
    runs = use_ensemble(state.question)
    summary = runs.value
    if summary is None:
        Html(progress_line(state, runs))
        return
    headline = explore.explore_headline(summary, state.view)
    with solara.v.Html(tag="section", attributes={"id": "world", "aria-label": text("start.map_title")}, children=[]):
        Html(escape(headline), tag="p", classes="lead")
        with solara.Div(classes=["start-map"]):
            WorldMaps([(state.question.names.long, summary.cells("installed"))], summary, runs, state, go, headline)
        Html(note(Markup('<a href="{}">{}</a>').format(state.href("/explore"), text("start.map_more"))))


@solara.component
def Guide() -> None:
    """One question, a guess, and the answer from runs made for it."""
    said, say = solara.use_state("")
    questions = start.guide_questions()
    progress = {
        name: use_work(f"guide {name}", WithCountries(one.scenario) if said else None)
        for name, one in questions.items()
    }
    with solara.v.Html(
        tag="section", attributes={"id": "guide", "aria-labelledby": "guide-title"}, class_="card guide", children=[]
    ):
        Html(start.guide_question())
        with solara.v.Html(tag="p", class_="guess", children=[]):
            for name in start.GUIDE:
                Button(text(f"start.guess_{name}"), lambda name=name: say(name), pressed=said == name)
        if not said:
            return
        if errors := [one.error for one in progress.values() if one.error]:
            Html(Markup('<p class="notice" role="alert">{}</p>').format(text("start.failed", error=errors[0])))
        elif all(one.finished for one in progress.values()):
            Html(start.guide_result({name: one.value for name, one in progress.items()}, said))
        else:
            done, total = (sum(getattr(one, what) for one in progress.values()) for what in ("done", "total"))
            Html(Markup('<p role="status">{}</p>').format(text("start.running", done=done, total=total)))
