"""The Model page: thin; what it shows is made in `stackcraft.viz.dashboard.pages.model.panels`."""

from __future__ import annotations

import solara

from stackcraft.experiments.checks import FAMILIES
from stackcraft.experiments.live.checking import Checking
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.live import use_work
from stackcraft.viz.dashboard.pages.model import panels as model_page
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html
from stackcraft.viz.dashboard.parts.native import Button
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text


@solara.component
def Page(state: State, go: Go) -> None:
    """What the model is, what it rests on, whether it does what it says, and what it cannot do."""
    inputs = solara.use_memo(lambda: load_inputs("world"), [])
    Html(model_page.before_checks(inputs))
    Checks()
    Html(model_page.after_checks())


@solara.component
def Checks() -> None:
    """The families of checks, each run when somebody asks for it."""
    family, choose = solara.use_state("")
    progress = use_work("checks", Checking(family) if family else None)
    with solara.v.Html(
        tag="section", attributes={"id": "checks", "aria-labelledby": "checks-title"}, class_="card", children=[]
    ):
        Html(model_page.checks_opening())
        with solara.v.Html(tag="p", class_="choices", children=[]):
            for name in FAMILIES:
                Button(
                    text("model.run_check", family=text(f"model.check_{name}")),
                    lambda name=name: choose(name),
                    pressed=family == name,
                )
        if family:
            found = () if progress.stale else progress.value or ()
            Html(model_page.checks_result(found, family, progress.done, progress.total, progress.error))
