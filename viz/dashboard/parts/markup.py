"""The pieces of markup that every page is made of: notes, cards, tiles, tables, and what opens or scrolls.

Arguments that are `Markup` stay as they are; everything else is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.strings import text


def marked(key: str, **parts: Any) -> Markup:
    """Return the string of `key`, escaped, with `parts` filled in."""
    return escape(text(key, **{name: f"{{{name}}}" for name in parts})).format(**parts)


def joined(parts: Iterable[Any]) -> Markup:
    """Return the parts in a row."""
    return Markup("").join(parts)


def each(template: str, rows: Iterable[Any]) -> Markup:
    """Return the template filled in for each row, in a row; a tuple fills several places."""
    return joined(Markup(template).format(*(row if isinstance(row, tuple) else (row,))) for row in rows)


def paragraph(words: Any, kind: str = "", role: str = "") -> Markup:
    """Return a paragraph of class `kind`; `role` is for screen readers."""
    attributes = each(' {}="{}"', [(name, value) for name, value in (("class", kind), ("role", role)) if value])
    return Markup("<p{}>{}</p>").format(attributes, words)


def note(*sentences: Any, role: str = "") -> Markup:
    """Return sentences as a paragraph in small print."""
    return paragraph(Markup(" ").join(sentence for sentence in sentences if sentence), "note", role)


def fault(words: Any) -> Markup:
    """Return a paragraph that says what went wrong."""
    return paragraph(words, "fault", "alert")


def card(title: str, *body: Any) -> Markup:
    """Return a section in a card, under its heading."""
    return Markup('<section class="card"><h2>{}</h2>{}</section>').format(title, joined(body))


def figure(title: Any, *body: Any, kind: str = "") -> Markup:
    """Return a figure under its heading."""
    return Markup("<figure{}><h3>{}</h3>{}</figure>").format(
        Markup(' class="{}"').format(kind) if kind else "", title, joined(body)
    )


def tiles(rows: Iterable[tuple[str, str, str, str]]) -> Markup:
    """Return a large number for each stack: (stack, title, number, what is below)."""
    drawn = ((kit.key_of(stack), *rest) for stack, *rest in rows)
    template = '<div class="tile {}"><span>{}</span><b>{}</b><span>{}</span></div>'
    return Markup('<div class="tiles three">{}</div>').format(each(template, drawn))


def table(
    head: Iterable[Any], rows: Iterable[Sequence[Any]], caption: Any, kind: str = "words many", name: str = ""
) -> Markup:
    """Return a table; the first cell of a row is its header. Other parts of the page refer to it by `name`."""
    body = (Markup('<th scope="row">{}</th>{}').format(first, each("<td>{}</td>", rest)) for first, *rest in rows)
    return Markup(
        '<table class="{}"{}><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(
        kind,
        Markup(' id="{}"').format(name) if name else "",
        caption,
        each('<th scope="col">{}</th>', head),
        each("<tr>{}</tr>", body),
    )


def folded(summary: Any, body: Any, opened: bool = False, kind: str = "") -> Markup:
    """Return something behind a line that opens it."""
    return Markup("<details{}{}><summary>{}</summary>{}</details>").format(
        Markup(' class="{}"').format(kind) if kind else "", Markup(" open") if opened else "", summary, body
    )


def scrolled(body: Any, label: str, kind: str = "scroll") -> Markup:
    """Return something that may be wider or higher than its place, reachable and named for the keyboard."""
    return Markup('<div class="{}" tabindex="0" role="region" aria-label="{}">{}</div>').format(kind, label, body)


def behind(numbers: Markup, summary: str = "") -> Markup:
    """Return the table of a picture, behind a line that opens it."""
    summary = summary or text("frame.table")
    return folded(summary, scrolled(numbers, summary), kind="behind")


def titled(name: str, title: str, *body: Any, kind: str = "card") -> Markup:
    """Return a section that links lead to by its `name`, in a card."""
    return Markup(
        '<section id="{0}" class="{3}" aria-labelledby="{0}-title"><h2 id="{0}-title">{1}</h2>{2}</section>'
    ).format(name, title, joined(body), kind)


Section = tuple[str, str, Markup]  # of a page: key, title, what is in it


def contents(parts: Iterable[Section]) -> Markup:
    """Return links to the sections."""
    links = each('<a href="#{}">{}</a>', ((key, title) for key, title, _ in parts))
    return Markup('<nav class="toc" aria-label="{}">{}</nav>').format(text("frame.nav"), links)


def sections(parts: Iterable[Section]) -> Markup:
    """Return the sections with their headings."""
    return each(
        '<section id="{}" aria-labelledby="h-{}"><h2 id="h-{}">{}</h2><div class="card">{}</div></section>',
        ((key, key, key, title, body) for key, title, body in parts),
    )
