"""The ledger: a table of deals to filter, sort and open, drawn in the browser by plain JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Ledger(anywidget.AnyWidget):
    """A table of deals whose rows open to say why each went as it did.

    `rows` are packed by `stackcraft.viz.dashboard.pages.deals.ledger.pack`; `columns` are dicts of key, title and kind
    (text, number, year, money). `filters` are the keys that get a list to choose from, `counted` those that the line of
    sums adds up. `selected` is the number of the deal that is open, -1 for none; `why` the markup shown beneath it,
    which `explain(number)` gives where it is set.
    """

    _esm = HERE / "ledger.js"
    _css = HERE / "ledger.css"
    rows = traitlets.Bytes(b"").tag(sync=True)
    columns = traitlets.List().tag(sync=True)
    filters = traitlets.List().tag(sync=True)
    counted = traitlets.List().tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    why = traitlets.Unicode("").tag(sync=True)

    def __init__(self, explain: Callable[[int], str] | None = None, **traits: Any) -> None:
        self.explain = explain
        super().__init__(**traits)

    @traitlets.observe("selected")
    def _open(self, change: Any) -> None:
        number = int(change["new"])
        self.why = self.explain(number) if self.explain is not None and number >= 0 else ""
