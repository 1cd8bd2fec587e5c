"""All deals: announced against delivered, how far they came, who sold to whom, and the ledger to filter and sort."""

from __future__ import annotations

from typing import Any

import solara

from stackcraft.viz.dashboard.live import use_ensemble, use_record
from stackcraft.viz.dashboard.pages.deals import ledger
from stackcraft.viz.dashboard.pages.deals import panels as deals
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html, ShareBox, progress_line
from stackcraft.viz.dashboard.parts.markup import contents, sections
from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.ledger import Ledger


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /deals."""
    runs = use_ensemble(state.question)
    summary = runs.value
    one = use_record(
        state.question, None if summary is None or runs.stale or not runs.finished else summary.representative
    )
    record = None if one.stale else one.value

    def drawn() -> tuple[str, str]:
        if summary is None:
            return text("deals.title_ledger"), ""
        parts = deals.deals_parts(summary, record)
        return deals.headline(summary), str(deals.standfirst(summary) + contents(parts) + sections(parts))

    headline, body = solara.use_memo(drawn, [id(summary), id(record)])
    Html(headline, tag="h1")
    Html(progress_line(state, runs))
    Html(body)
    Table(record)
    ShareBox(state, go)


@solara.component
def Table(record: Any) -> None:
    """The ledger widget: made once, filled whenever there is another run to show."""
    widget = solara.use_memo(
        lambda: Ledger(
            columns=ledger.ledger_columns(),
            filters=list(ledger.FILTERS),
            counted=list(ledger.COUNTED),
            strings=ledger.ledger_strings(),
        ),
        [],
    )

    def fill() -> None:
        widget.explain = None if record is None else lambda number: ledger.explain(record, number)
        widget.selected = -1
        widget.rows = b"" if record is None else ledger.packed_ledger(record)

    solara.use_effect(fill, [id(record)])
    Html(text("deals.title_ledger"), tag="h2")
    Html(text("deals.ledger_note"), tag="p")
    Shown(widget)
