"""The rail of levers as a component: moves become questions, and the rail shows what the question sets."""

from __future__ import annotations

from typing import Any

import solara

from stackcraft.viz.dashboard.parts import rail as levers
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.widgets.rail import Rail


@solara.component
def LeversPanel(state: State, go: Go) -> None:
    """Levers, strategies and scenarios; Back undoes a lever as a whole, not each step of a drag."""
    rail = solara.use_memo(Rail, [])
    latest = solara.use_ref((state, go))
    latest.current = (state, go)
    last = solara.use_ref("")

    def listen() -> Any:
        def moved(change: Any) -> None:
            shown, move_on = latest.current
            moves = list(change.new.get("moves", ()))
            names = ",".join(sorted(str(move.get("name")) for move in moves))
            step, last.current = names != last.current, names
            move_on(question=levers.moved(shown.question, moves), step=step)

        def undone(_: Any) -> None:
            shown, move_on = latest.current
            last.current = ""
            move_on(question=levers.reset(shown.question))

        rail.observe(moved, "moves")
        rail.observe(undone, "reset")
        return lambda: (rail.unobserve(moved, "moves"), rail.unobserve(undone, "reset"))

    solara.use_effect(listen, [])
    solara.use_memo(lambda: rail.show(state.question), [state.question])
    Shown(rail)
