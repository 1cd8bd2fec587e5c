"""The rail of levers as a component: moves become questions, and the rail shows what the question sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from stackcraft.viz.dashboard.parts import rail as levers
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.state import Question, State
from stackcraft.viz.dashboard.widgets.rail import Rail

Drag = Callable[[Question | None, int], None]


@solara.component
def LeversPanel(state: State, go: Go, drag: Drag | None = None, drawn: int = 0) -> None:
    """Levers, strategies and scenarios; Back undoes a lever as a whole, not each step of a drag.

    While a lever is held, `drag` is told the question and the number of the message, and `drawn` is the number of the
    newest one whose picture is on the page.
    """
    rail = solara.use_memo(Rail, [])
    latest = solara.use_ref((state, go))
    latest.current = (state, go)
    last = solara.use_ref("")

    def listen() -> Any:
        def moved(change: Any) -> None:
            shown, move_on = latest.current
            moves = list(change.new.get("moves", ()))
            if change.new.get("dragging") and drag is not None:
                drag(levers.moved(shown.question, moves), int(change.new.get("count", 0)))
                return
            names = ",".join(sorted(str(move.get("name")) for move in moves))
            step, last.current = names != last.current, names
            move_on(question=levers.moved(shown.question, moves), step=step)
            if drag is not None:
                drag(None, 0)  # only now, or what was before the drag would flash up

        def undone(_: Any) -> None:
            shown, move_on = latest.current
            last.current = ""
            move_on(question=levers.reset(shown.question))

        rail.observe(moved, "moves")
        rail.observe(undone, "reset")
        return lambda: (rail.unobserve(moved, "moves"), rail.unobserve(undone, "reset"))

    solara.use_effect(listen, [])
    solara.use_memo(lambda: rail.show(state.question), [state.question])
    solara.use_memo(lambda: setattr(rail, "drawn", drawn), [drawn])
    Shown(rail)
