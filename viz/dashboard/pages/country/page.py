"""One country: what it runs on, where that is heading, what it can do, what others can do, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import solara
from markupsafe import Markup

from stackcraft.experiments.evidence import stored_reasons
from stackcraft.experiments.live.estimates import Estimate
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.live import use_effects, use_ensemble, use_moving, use_own_levers, use_reasons, use_record
from stackcraft.viz.dashboard.pages.country import choices, own, today
from stackcraft.viz.dashboard.pages.country import panels as country
from stackcraft.viz.dashboard.pages.country.sections import now_and_ahead, others_and_why, titles
from stackcraft.viz.dashboard.parts import own_levers, rail
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.blocs import is_bloc, members_in, place_of
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox, progress_line
from stackcraft.viz.dashboard.parts.markup import contents, fault, note, paragraph, sections
from stackcraft.viz.dashboard.parts.native import Button, Shown
from stackcraft.viz.dashboard.parts.search import by_region, finder
from stackcraft.viz.dashboard.parts.workspace import workspace
from stackcraft.viz.dashboard.state import Question, State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.choice import Choices, box
from stackcraft.viz.dashboard.widgets.rail import Rail

PATH = "/country"
EXPLORE = "/explore"
Hold = Callable[[tuple[Question | None, int]], None]
STEP = 5  # years between those that can be looked at


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /country."""
    scenario = state.question.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    sought = state.view.country
    code, known = place_of(sought, inputs)
    search = finder(inputs, PATH, parse_qsl(state.query(country="")), "" if code else sought)
    if code:
        Country(state, go, code, known, search)
    else:
        Html(text("country.choose"), tag="h1")
        Html(workspace())
        Html(search + by_region(inputs, lambda chosen: state.href(PATH, country=chosen)))


@solara.component
def Country(state: State, go: Go, code: str, inputs: Any, search: Markup) -> None:
    """The country with that code."""
    question = state.question
    (dragged, message), hold = solara.use_state((None, 0))
    shown = dragged or question  # while a lever is held, what it would ask
    # For the dotted lines, without any change; estimates while a lever is held start from there, too.
    bloc = code if is_bloc(inputs, code) else ""
    usual = use_ensemble(question.plain() if question.base else None, "usual", bloc)
    runs = use_moving(question, dragged, usual, bloc)
    summary = runs.value
    # What "before" means: the same without the country's own levers.
    alone = own_levers.plain(shown, code)
    before = use_ensemble(alone if alone != shown else None, "before", bloc).value
    settled = summary is not None and runs.finished and not runs.stale and dragged is None
    # What is beneath the levers waits while one is held.
    kept = solara.use_ref(None)
    if settled or kept.current is None:
        kept.current = summary
    asked = solara.use_ref((None, None))
    if settled:
        asked.current = (question, summary.representative)
    one = use_record(question, asked.current[1] if asked.current[0] == question else None)
    if summary is None:
        Html(country.name_of(inputs, code), tag="h1")
        Html(progress_line(state, runs))
    else:
        year = today.year_ahead(summary.years, state.view.year)
        there = replace(state, view=replace(state.view, year=year, country=code))
        moving = replace(there, question=shown)
        ready = message if dragged is not None and runs.finished and not runs.stale else 0
        ghost = usual.value if shown.changed else None
        Html(country.headline(summary, inputs, code, there.view), tag="h1")
        Html(progress_line(state, runs))
        with solara.Div(classes=["country-picks"]):
            Html(search)
            Years(summary.years, year, go)
        NowAndAhead(there, code, inputs, summary, ghost)
        # What still answers the question before says nothing of this one; an estimate of a moment ago may stand.
        answer = summary if not runs.stale or isinstance(summary, Estimate) else None
        compared = ((ghost if before is None else before), answer) if shown.changed else (summary, None)
        Own(moving, go, code, inputs, compared, settled, hold, ready)
        OthersAndWhy(there, code, inputs, kept.current, None if one.stale else one.value)
        Html(workspace(code, country.name_of(inputs, code)))
        ShareBox(there, go)


@solara.component
def NowAndAhead(state: State, code: str, inputs: Any, summary: Any, usual: Any) -> None:
    """What the country runs on, and where that is heading."""
    year = state.view.year

    def drawn() -> str:
        order = [(key, title, Markup("")) for key, title in titles(country.name_of(inputs, code), year).items()]
        return str(contents(order) + sections(now_and_ahead(summary, usual, inputs, code, year)))

    Html(solara.use_memo(drawn, [id(summary), id(usual), code, year]))


@solara.component
def Own(
    state: State, go: Go, code: str, inputs: Any, compared: tuple[Any, Any], settled: bool, hold: Hold, ready: int
) -> None:  # fmt: skip
    """What the country can do: its own levers, what they did when tried, and before and after what is set.

    `compared` are the runs before and after what is set; the second is None where nothing is, or not yet.
    """
    question, year, name = state.question, state.view.year, country.name_of(inputs, code)
    alone = own_levers.plain(question, code)
    # Tried once what is asked has been answered; then it stays, for a lever that is moved leaves it as it was.
    asked = solara.use_ref(False)
    asked.current = asked.current or settled
    tried = use_own_levers(alone if asked.current else None, code, year)
    effects = None if tried.stale else tried.value
    told = own.names_set(question, code) or ([question.names.short] if question.changed else [])
    # Why: once the levers have been tried, and once what is set has been answered.
    changes = solara.use_memo(lambda: own.wanted(effects, year, members_in(inputs, code)), [id(effects), year, code])
    reading = use_reasons(alone, changes, code, year, "own reasons")
    reasons = None if reading.stale or effects is None else reading.value
    before = alone if alone != question else question.plain()
    sets = settled and question.changed and compared[1] is not None
    read = use_reasons(before if sets else None, {own.SET: question.scenario}, code, year, "set reasons")
    why = own.why_set(*compared, code, year, None if read.stale or not sets else read.value)

    def drawn() -> str:
        if compared[0] is None:  # what was before is being worked out
            return ""
        return str(own.before_and_after(*compared, inputs, code, year, told, why))

    answer = solara.use_memo(drawn, [*map(id, compared), code, year, tuple(told), why])
    table = solara.use_memo(lambda: str(own.every_end(effects, inputs, code, year)), [id(effects), code, year])
    with solara.v.Html(tag="section", attributes={"id": "own", "aria-labelledby": "h-own"}, children=[]):
        Html(titles(name, year)["own"], tag="h2", id_="h-own")
        Html(paragraph(text("country.own_lead", name=name)))
        with solara.Div(classes=["own"]):
            with solara.Div(classes=["own-left"]):
                OwnLevers(state, go, code, name, (effects, reasons), (tried.done, tried.total), hold, ready)
            Html(answer, classes="own-right")
        Html(table)


@solara.component
def OthersAndWhy(state: State, code: str, inputs: Any, summary: Any, record: Any) -> None:
    """What others can do, and why it is as it is."""
    matters, measure = use_effects(state.question)
    measured = None if matters.stale else matters.value
    effects = measured if measured is not None else rail.stored()
    # What is stored has its reasons beside it; what was measured for this question is asked for them.
    own_effects = effects if effects is not None and not effects.about and matters.finished else None
    changes = solara.use_memo(
        lambda: {} if own_effects is None else choices.wanted(own_effects, code, state.view.kind),
        [id(own_effects), code, state.view.kind],
    )
    reading = use_reasons(state.question, changes, code)
    read = None if reading.stale else reading.value
    why = read if effects is None or not effects.about else stored_reasons.stored()

    def drawn() -> str:
        parts = others_and_why(
            summary, record, effects, inputs, code, state.view, lambda chosen: state.href(PATH, country=chosen),
            state.href(EXPLORE), measured is None, why,
        )  # fmt: skip
        return str(sections(parts))

    Html(solara.use_memo(drawn, [id(summary), id(record), id(effects), id(why), code, state]))
    if matters.error:
        Html(fault(matters.error))
    elif matters.total and not matters.finished:
        Html(paragraph(text("country.levers_waiting", done=matters.done, total=matters.total), "quiet", "status"))
    elif measured is None:
        Button(text("country.levers_ask"), measure)


@solara.component
def Years(years: tuple[int, ...], year: int, go: Go) -> None:
    """The year that is looked at."""
    shown = sorted({year, *(one for one in years if one % STEP == 0 and one > years[0]), years[-1]})
    boxes = [box("year", text("country.pick_year"), [(str(one), str(one)) for one in shown], str(year))]
    Choices(boxes, lambda _, value: go(step=False, year=int(value)))


@solara.component
def OwnLevers(
    state: State, go: Go, code: str, name: str, tried: tuple[Any, Any], done: tuple[int, int], hold: Hold, ready: int
) -> None:  # fmt: skip
    """The country's own levers, each with what it did when it was tried; Back undoes a lever as a whole.

    `tried` are their effects and the reasons for them. While one is held, `hold` is told what it would ask; `ready` is
    the number of the newest message that is answered.
    """
    effects, reasons = tried
    widget = solara.use_memo(Rail, [])
    latest = solara.use_ref((state, go))
    latest.current = (state, go)
    last = solara.use_ref("")
    year = state.view.year

    def listen() -> Any:
        def moved(change: Any) -> None:
            shown, move_on = latest.current
            question = shown.question
            moves = list(change.new.get("moves", ()))
            for move in moves:
                lever = str(move.get("name"))
                if move.get("value") is None and lever.count(".") == 1:
                    question = own_levers.undone(question, code, lever.partition(".")[2])
                elif len(own_levers.members_here(question, code)) > 1 and move.get("value") is not None:
                    question = own_levers.moved(question, code, lever, float(move["value"]))
                else:
                    question = rail.moved(question, [move])
            if change.new.get("dragging"):
                hold((question, int(change.new.get("count", 0))))
                return
            names = ",".join(sorted(str(move.get("name")) for move in moves))
            step, last.current = names != last.current, names
            move_on(question=question, step=step)
            hold((None, 0))

        def undone(_: Any) -> None:
            shown, move_on = latest.current
            last.current = ""
            move_on(question=own_levers.plain(shown.question, code))

        widget.observe(moved, "moves")
        widget.observe(undone, "reset")
        return lambda: (widget.unobserve(moved, "moves"), widget.unobserve(undone, "reset"))

    # What is in sight stays in sight while more runs come in, or a lever would move away under the hand.
    first = solara.use_memo(lambda: own.first_three(effects, year), [effects is None, code, year])

    def show() -> None:
        told = own.how_measured(effects, year, *done, reasons, name)
        description = own_levers.layout(code, own.sentences(effects, year, reasons), first, told)
        with widget.hold_sync():
            widget.strings = own_levers.strings(name)
            widget.description = description
            widget.state = {**own_levers.state(state.question, code), "seen": widget.moves.get("count", 0)}

    solara.use_effect(listen, [code])
    solara.use_memo(lambda: setattr(widget, "drawn", ready), [ready])
    solara.use_memo(show, [state.question, code, year, id(effects), id(reasons), done if effects is None else 0, first])
    with solara.Div(classes=["own-levers"]):
        Shown(widget)
    Html(note(text("country.own_first_note")))
