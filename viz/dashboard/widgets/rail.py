"""The levers as native inputs: one widget that sends moves to Python and gets back what everything is set to."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from stackcraft.viz.dashboard.parts import rail
from stackcraft.viz.dashboard.state import Question

HERE = Path(__file__).parent


class Rail(anywidget.AnyWidget):
    """Levers to move, strategies and scenarios to choose.

    `description` and `state` are what `stackcraft.viz.dashboard.parts.rail` makes (see `show`). The browser answers in
    `moves`, {"count": n, "moves": [{"name", "value"}, ...], "dragging": whether the lever is still held}, for
    `stackcraft.viz.dashboard.parts.rail.moved`; the next one while it is held waits for the picture of the last. And in
    `reset`, which counts how often all was undone.
    """

    _esm = HERE / "rail.js"
    _css = HERE / "rail.css"
    description = traitlets.Dict({}).tag(sync=True)
    state = traitlets.Dict({}).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)
    moves = traitlets.Dict({}).tag(sync=True)
    reset = traitlets.Int(0).tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)  # number of the newest message whose picture is on the page

    def show(self, question: Question) -> None:
        """Bring the widget to what the question sets; what is in focus stays in focus."""
        with self.hold_sync():
            self.strings = rail.strings()
            self.description = rail.layout()
            # Says which moves are in it: an answer to an older one must not push back a lever that is being dragged.
            self.state = {**rail.state(question), "seen": self.moves.get("count", 0)}
