"""What matters: which levers move the outcome, what each recommendation contributes, and what a budget buys."""

from __future__ import annotations

from typing import Any

import solara
from markupsafe import Markup, escape

from stackcraft.experiments.evidence import stored_reasons
from stackcraft.experiments.live.lever_effects import Effects
from stackcraft.experiments.reasons import Reasons
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.dashboard.live import Progress, use_effects, use_reasons
from stackcraft.viz.dashboard.pages.matters import panels, reasons
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox
from stackcraft.viz.dashboard.parts.markup import card, fault, joined, paragraph
from stackcraft.viz.dashboard.parts.native import Button
from stackcraft.viz.dashboard.parts.search import find_country, search_index
from stackcraft.viz.dashboard.state import OUTCOMES, State, exact
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.choice import Choices, box

BUDGETS = (1, 5, 10, 25, 50, 100, 250, 500)
USUAL_BUDGET = 25.0


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /matters."""
    progress, measure = use_effects(state.question)
    scenario, view = state.question.scenario, state.view
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    code = find_country(view.country, search_index(inputs)) if view.country else ""
    place = words.country_names(inputs)[code] if code else ""
    budget = USUAL_BUDGET if view.budget is None else view.budget
    found = None if progress.stale else progress.value
    # What is stored has its reasons beside it; what was measured just now is asked for them once it is whole.
    asked = found if found is not None and not found.about and progress.finished else None
    changes = solara.use_memo(
        lambda: None if asked is None else reasons.wanted(asked, view.outcome, code), [id(asked), view.outcome, code]
    )
    reading = use_reasons(state.question, changes)
    why = stored_reasons.stored() if found is not None and found.about else None if reading.stale else reading.value

    def drawn() -> tuple[str, str]:
        if found is None:
            return text("matters.page_title"), ""
        headline = panels.lever_sentences(found, view.outcome, code, place)
        because = reasons.of_first(found, why, view.outcome, code)
        first, dot, rest = headline.partition(". ")
        return f"{first}{dot}{f'{because} ' if because else ''}{rest}", str(
            _sections(found, why, view.outcome, code, place, budget)
        )

    headline, body = solara.use_memo(drawn, [id(found), id(why), view.outcome, code, budget])
    first, _, rest = headline.partition(". ")
    Html(escape(first + ("." if rest else "")), tag="h1")
    Html(escape(rest), tag="p", classes="lead")
    Picks(state, go, inputs, code, budget)
    Html(_progress(progress))
    if reading.total and not reading.finished:
        Html(paragraph(text("because.waiting", done=reading.done, total=reading.total), "quiet", "status"))
    if progress.finished or (found is None and not progress.total):
        Button(text("matters.measure", title=scenario.title or scenario.name), measure)
    Html(body)
    ShareBox(state, go)


@solara.component
def Picks(state: State, go: Go, inputs: Any, code: str, budget: float) -> None:
    """The outcome, the place and the budget."""
    view = state.view
    sums = sorted({*BUDGETS, budget})
    boxes = [
        box(
            "outcome",
            text("matters.pick_outcome"),
            [(name, text(f"matters.pick_{name}")) for name in OUTCOMES],
            view.outcome,
        ),
        box(
            "country",
            text("matters.pick_place"),
            [("", text("matters.world")), *sorted(words.country_names(inputs).items(), key=lambda pair: pair[1])],
            code,
        ),
        box(
            "budget",
            text("matters.pick_budget"),
            [(exact(value), text("matters.bn", value=f"{value:g}")) for value in sums],
            exact(budget),
        ),
    ]
    Choices(boxes, lambda name, value: go(step=False, **{name: float(value) if name == "budget" else value}))


def _progress(progress: Progress) -> Markup:
    if progress.error:
        return fault(progress.error)
    if progress.total and not progress.finished:
        return paragraph(text("matters.measuring", done=progress.done, total=progress.total), "quiet", "status")
    return Markup("")


def _sections(found: Effects, why: Reasons | None, outcome: str, code: str, place: str, budget: float) -> Markup:
    """Levers, recommendations and the budget, a card each."""
    side = "CN" if outcome.startswith("cn_") else "US"
    nine = panels.recommendation_sentences(found, outcome, code, place)
    bought = panels.budget_sentences(found, budget, outcome, code, place, side)
    return joined(
        (
            card(
                text("matters.heading_levers"),
                panels.tornado(found, outcome, code, place),
                reasons.of_levers(found, why, outcome, code),
            ),
            card(
                text("matters.heading_nine"),
                paragraph(nine),
                panels.recommendations(found, outcome, code, place),
                reasons.of_nine(found, why, outcome, code),
            ),
            card(
                text("matters.heading_budget"),
                paragraph(bought),
                panels.budget_table(found, budget, outcome, code, place, side),
            ),
        )
    )
