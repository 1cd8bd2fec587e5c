"""The Evidence page: thin; what it shows is made in `stackcraft.viz.dashboard.pages.evidence.panels`."""

from __future__ import annotations

import solara
from markupsafe import Markup

from stackcraft.experiments.evidence.hindcast.declared import Declared, declared
from stackcraft.experiments.evidence.hindcast.stored import Evidence, stored
from stackcraft.viz.dashboard.pages.evidence import panels, places
from stackcraft.viz.dashboard.pages.evidence.naming import name_of
from stackcraft.viz.dashboard.pages.evidence.targets import by_country
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html
from stackcraft.viz.dashboard.parts.markup import joined
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.choice import Choices, box


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /evidence."""
    evidence = solara.use_memo(stored, [])
    plan = solara.use_memo(declared, [])

    def drawn() -> tuple[Markup, Markup]:
        first, _, *rest = panels.SECTIONS
        above = panels.opening(evidence, plan)
        if not evidence.scores:
            return above, Markup("")
        return above + panels.section(first, evidence, plan), joined(
            panels.section(name, evidence, plan) for name in rest
        )

    above, below = solara.use_memo(drawn, [])
    Html(above)
    if evidence.scores:
        Where(evidence, plan, state, go)
    Html(below)


@solara.component
def Where(evidence: Evidence, plan: Declared, state: State, go: Go) -> None:
    """The map of the question that is asked for, or of the one that is lost first."""
    target = state.view.target or places.usual(evidence, plan)
    with solara.v.Html(
        tag="section", attributes={"id": "where", "aria-labelledby": "where-title"}, class_="card", children=[]
    ):
        Html(Markup('<h2 id="where-title">{}</h2>').format(text("evidence.title_where")))
        options = [(one.name, name_of(one.name)) for one in by_country(plan)]
        Choices([box("target", text("evidence.pick_target"), options, target)], lambda name, value: go(**{name: value}))
        Html(solara.use_memo(lambda: places.panel(evidence, target), [target]))
