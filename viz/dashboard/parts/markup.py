"""Catalogue strings with marked-up parts: the string is escaped, the parts keep their markup."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from stackcraft.viz.dashboard.strings import text


def marked(key: str, **parts: Any) -> Markup:
    """The string of `key` with `parts` filled in: `Markup` stays as it is, everything else is escaped."""
    return escape(text(key, **{name: f"{{{name}}}" for name in parts})).format(**parts)


def table(head: Any, rows: Any, caption: Any, kind: str = "words many", rest: str = "") -> Markup:
    """A table whose cells may be marked up; the first cell of a row is its header. `rest` is put into the table's
    opening tag.
    """
    cells = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in head)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            row[0], Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row[1:])
        )
        for row in rows
    )
    return Markup(
        '<table class="{}"{}><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(kind, Markup(rest), caption, cells, body)


def folded(summary: Any, body: Any, opened: bool = False) -> Markup:
    """Something behind a line that opens it."""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(
        Markup(" open") if opened else "", summary, body
    )


def scrolled(body: Any, label: str) -> Markup:
    """Something that may be wider than the page, reachable and named for the keyboard."""
    return Markup('<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>').format(label, body)
