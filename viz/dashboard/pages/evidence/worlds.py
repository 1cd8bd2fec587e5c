"""What the worlds of the usual ensemble look like beside the declared values and beside all that is plausible."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from stackcraft.experiments.evidence import drawn_worlds, staleness
from stackcraft.experiments.evidence.drawn_worlds import Row
from stackcraft.model import worlds
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.markup import folded, joined, note, paragraph, scrolled, table
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words.claims import changed_words


def panel() -> Markup:
    """Return what is known of the worlds: where they come from, how much of their spread is luck, and a table."""
    rows, about = drawn_worlds.stored()
    if not rows or not worlds.SHIPPED.is_file():
        return paragraph(text("evidence.worlds_none"))
    kept = worlds.read(worlds.SHIPPED)
    changed = staleness.what_changed("levels", about)
    stale = paragraph(text("evidence.levels_stale", changed=changed_words(changed)), "notice", "note")
    luck = float(np.nanmedian([row.luck for row in rows]))
    said = text(
        "evidence.worlds_told", number=len(kept), effective=round(kept.effective), luck=words.percent(luck),
        central=sum(row.central for row in rows), outputs=len(rows),
    )  # fmt: skip
    caption = text("evidence.worlds_caption", runs=about.get("worlds", ""))
    return joined((
        note(text("evidence.worlds_note")), paragraph(said), stale if changed else "",
        folded(caption, scrolled(_table(rows, caption), caption, "countries")),
    ))  # fmt: skip


def _table(rows: list[Row], caption: str) -> Markup:
    head = [text(f"evidence.head_{name}") for name in ("what", "default", "plausible", "raw", "luck")]
    body = [[row.what, *(_span(getattr(row, kind)) for kind in worlds.KINDS), words.percent(row.luck)] for row in rows]
    return table(head, body, caption)


def _span(values: tuple[float, ...]) -> str:
    low, _, middle, _, high = (f"{value:.3g}" for value in values)
    return f"{middle} ({text('numbers.span', low=low, high=high)})"
