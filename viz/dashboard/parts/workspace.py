"""A visitor's own workspace: recent countries and pinned comparisons, which the browser keeps and fills in itself."""

from __future__ import annotations

from markupsafe import Markup

from stackcraft.viz.dashboard.parts.markup import each
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words.languages import in_address

WORDS = ("recent", "pinned", "unpin", "clear", "note")


def workspace(code: str = "", name: str = "") -> Markup:
    """Return the place of the workspace; a country or bloc that is looked at is remembered by its code and name."""
    told = [*((one, text(f"workspace.{one}")) for one in WORDS), ("lang", in_address())]
    told += [("country", code), ("name", name)] if code else []
    data = each(' data-{}="{}"', [(key, value) for key, value in told if value])
    return Markup('<section class="workspace" data-workspace hidden aria-label="{}"{}></section>').format(
        text("workspace.title"), data
    )


def pin(title: str) -> Markup:
    """Return the button that keeps the comparison that is looked at, under a title."""
    return Markup('<p><button type="button" data-pin="{}" data-done="{}">{}</button></p>').format(
        title, text("workspace.done"), text("workspace.pin")
    )
