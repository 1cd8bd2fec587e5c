"""Compare: A, B and the difference under the same luck, with what was changed, who moved, and whether it holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara
from markupsafe import Markup, escape

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS, WEIGHTS
from stackcraft.experiments.live import PairSummary
from stackcraft.experiments.runs.compare import check_comparable
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz import words
from stackcraft.viz.dashboard.downloads.files import one_line
from stackcraft.viz.dashboard.live import Progress, use_pair, use_reasons
from stackcraft.viz.dashboard.pages.compare import movers, panels
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox, progress_line
from stackcraft.viz.dashboard.parts.markup import card, folded, joined, note, paragraph
from stackcraft.viz.dashboard.parts.places import layer_place, year_place
from stackcraft.viz.dashboard.parts.workspace import pin
from stackcraft.viz.dashboard.parts.world_maps import WorldMaps
from stackcraft.viz.dashboard.state import KINDS, Question, State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.atlas import named_groups
from stackcraft.viz.dashboard.widgets.choice import Choices, box
from stackcraft.viz.words.names import WEIGHT_TITLES, layer_title
from stackcraft.viz.words.numbers import capital


def reason_against(state: State) -> str:
    """Why the question cannot be compared with its reference; "" where it can."""
    try:
        check_comparable(state.against.scenario, state.question.scenario)
    except InputError as error:
        return one_line(str(error).splitlines())
    return ""


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /compare; B is the address's question, A its reference."""
    against, question, view = state.against, state.question, state.view
    wrong = reason_against(state)
    progress = use_pair(against, None if wrong else question)
    # While the page still answers the previous question, so do the titles.
    shown = solara.use_ref((against, question))
    if not progress.stale:
        shown.current = (against, question)
    pair = None if wrong else progress.value
    if pair is None:
        Html(text("compare.title"), tag="h1")
        Arms(state, go)
        Html(progress_line(state, replace(progress, error=progress.error or wrong)))
        return
    titles = panels.titles_of(*shown.current)
    headline = panels.headline(pair, titles, view.year)
    Html(escape(headline), tag="h1")  # titles come from the address
    Html(panels.beneath(pair, view.year))
    Html(progress_line(state, progress))
    Arms(state, go)
    Html(panels.tiles(pair, view.year))
    cells = [
        (f"A: {titles[0]}", pair.a.cells(view.kind)),
        (f"B: {titles[1]}", pair.b.cells(view.kind)),
        (text("compare.map_difference"), pair.changes[view.kind]),
    ]
    WorldMaps(cells, pair.b, progress, state, go, headline)
    Why(shown.current, pair, progress, view.year)
    Counting(state, go)
    Html(card(text("compare.changed_title"), panels.changed_table(pair.a.scenario, pair.b.scenario, titles)))
    Panels(state, pair, titles)
    Html(pin(text("names.pair", a=titles[0], b=titles[1])))
    ShareBox(state, go, compared=True)


@solara.component
def Why(questions: tuple[Question, Question], pair: PairSummary, progress: Progress, year: int | None) -> None:
    """Through what B works; it is read once all pairs of runs are there."""
    a, b = questions
    settled = progress.finished and not progress.stale
    changes = solara.use_memo(lambda: {panels.CHANGE: b.scenario}, [b])
    reading = use_reasons(a if settled else None, changes)
    found = reading.value if settled and not reading.stale else None

    def drawn() -> str:
        if found is None:
            waits = text("because.waiting", done=reading.done, total=reading.total)
            return str(paragraph(waits, "quiet", "status")) if reading.total else ""
        return str(card(text("compare.why_title"), panels.why(pair, found, year)))

    Html(solara.use_memo(drawn, [id(pair), id(found), year, reading.done if found is None else 0]))


@solara.component
def Panels(state: State, pair: PairSummary, titles: tuple[str, str]) -> None:
    """Curves, layers, movers, groups of countries and scorecards."""
    view, scenario = state.view, pair.a.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    names = words.country_names(inputs)
    regions = {code: words.said(str(part)) for code, part in zip(inputs.iso3, inputs.region, strict=True)}
    at = (year_place(pair.a.years, view.year), layer_place(view.layer), view.kind)

    def part(key: str, *body: Any) -> Markup:
        return folded(text(f"compare.{key}"), joined(body), kind="reason")

    def drawn() -> str:
        parts = (
            card(
                text("compare.curves_title"),
                panels.curves_and_differences(pair, titles, view.weight, view.layer, view.kind, view.year),
            ),
            card(text("compare.layers_title"), panels.by_layer(pair, titles, view.weight, view.kind, view.year)),
            part("movers_heading", note(text("compare.movers_note")), movers.movers(pair, names, *at)),
            part("hands_heading", movers.hands(pair, names, regions, *at)),
            part("groups_heading", movers.groups_table(pair, named_groups(inputs), *at)),
            part("scorecard_heading", panels.scorecard(pair, titles, view.year)),
        )
        return "".join(parts)

    Html(solara.use_memo(drawn, [id(pair), titles, view.weight, *at]))


@solara.component
def Arms(state: State, go: Go) -> None:
    """What A and B are: scenarios that come with the project, or what the address holds."""
    titles = {name: words.said(Scenario.load(name).title) for name in shipped()}
    own = [("", text("compare.own_base"))]
    a = (
        state.reference.base
        if state.reference is not None and not state.reference.changed
        else ""
        if state.reference is None
        else "."
    )
    b = state.question.base if not state.question.changed and state.question.base else "."
    here = [(".", text("compare.in_address"))]
    boxes = [
        box("a", text("compare.reference"), [*(here if a == "." else []), *own, *titles.items()], a),
        box("b", text("compare.question"), [*(here if b == "." else []), *titles.items()], b),
    ]

    def pick(name: str, value: str) -> None:
        if value == ".":
            return
        if name == "a":
            go(reference=Question(base=value) if value else None)
        else:
            mine = state.question
            # A stays what it was, also where it was only understood.
            go(
                question=Question(
                    base=value, years=mine.years, runs=mine.runs, seed=mine.seed, world=mine.world, worlds=mine.worlds
                ),
                reference=state.reference or state.against,
            )

    Choices(boxes, pick)


@solara.component
def Counting(state: State, go: Go) -> None:
    """Which layer, installed or in use, and how countries are weighted."""
    view = state.view
    boxes = [
        box("layer", text("compare.layer"), [(layer, layer_title(layer)) for layer in ("all", *LAYERS)], view.layer),
        box("kind", text("compare.kind"), [(kind, capital(text(f"compare.{kind}"))) for kind in KINDS], view.kind),
        box(
            "weight",
            text("compare.weight"),
            [(weight, capital(WEIGHT_TITLES[weight])) for weight in WEIGHTS],
            view.weight,
        ),
    ]
    Choices(boxes, lambda name, value: go(step=False, **{name: value}))
