"""The pages and the frame around them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import reacton
import solara
from markupsafe import Markup, escape

from stackcraft.experiments.runs.manifest import version
from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.pages.compare import page as compare
from stackcraft.viz.dashboard.pages.country import page as country
from stackcraft.viz.dashboard.pages.deals import page as deals
from stackcraft.viz.dashboard.pages.evidence import page as evidence
from stackcraft.viz.dashboard.pages.explore import page as explore
from stackcraft.viz.dashboard.pages.matters import page as matters
from stackcraft.viz.dashboard.pages.model import page as model
from stackcraft.viz.dashboard.pages.selftest import page as selftest
from stackcraft.viz.dashboard.pages.start import page as start
from stackcraft.viz.dashboard.parts.address import Go, ShowAddress, use_address
from stackcraft.viz.dashboard.parts.frame import Html, changed_line, notices
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import about_translation, text
from stackcraft.viz.words import languages
from stackcraft.viz.words.languages import address_in_language

PAGES = {
    "/": start,
    "explore": explore,
    "compare": compare,
    "country": country,
    "deals": deals,
    "matters": matters,
    "model": model,
    "evidence": evidence,
    "selftest": selftest,
}
log = logging.getLogger("stackcraft.dashboard")
IN_NAVIGATION = ("/", "explore", "compare", "country", "deals", "matters", "model", "evidence")
NAMED = ("/", "explore", "country", "deals", "matters")  # pages that say above the headline what was changed


def page_name(path: str) -> str:
    """What a page is called in the navigation."""
    return text("shell.start" if path == "/" else f"shell.{path}")


def header(here: str, state: State) -> Markup:
    """Name, ways to the other pages with the same question, and the theme button."""
    links = []
    for path in IN_NAVIGATION:
        current = ' aria-current="page"' if path == here else ""
        href = state.href("/" if path == "/" else f"/{path}")
        links.append(f'<li><a href="{escape(href)}"{current}>{escape(page_name(path))}</a></li>')
    # The style sheet shows the one that holds: the theme is the browser's affair, which the server does not know.
    themes = "".join(
        f'<span data-when="{name}">{escape(text(f"shell.theme_{name}"))}</span>' for name in ("system", "light", "dark")
    )
    return Markup(
        f'<a class="skip" href="#main">{escape(text("shell.skip"))}</a><div class="shell-head">'
        f'<a class="shell-name" href="{escape(state.blank().href("/"))}">{escape(text("shell.name"))}</a>'
        f'<nav aria-label="{escape(text("shell.pages"))}"><ul>{"".join(links)}</ul></nav>'
        f'<button type="button" data-theme-button>{escape(text("shell.theme"))} {themes}</button>'
        f"{language_switch(here, state)}</div>"
    )


def language_switch(here: str, state: State) -> Markup:
    """The same page in each language, behind the name of the present one; empty where there is only English."""
    if len(languages.offered()) < 2:
        return Markup("")
    links = []
    for one in languages.offered():
        href = replace(state, language=one.code).href("/" if here == "/" else f"/{here}")
        now = Markup(' aria-current="true"') if one.code == languages.current() else ""
        links.append(
            Markup('<li><a href="{}" hreflang="{}" lang="{}" dir="{}"{}>{}</a></li>').format(
                href, one.code, one.code, one.direction, now, one.name
            )
        )
    # A list of links and no select box: a box would leave the page at the first arrow key.
    return Markup('<details class="languages"><summary title="{}">{}</summary><ul>{}</ul></details>').format(
        text("shell.language"), languages.LANGUAGES[languages.current()].name, Markup("").join(links)
    )


def footer(state: State) -> Markup:
    """What this is not, the version, the page that checks the installation, and who has read the translation."""
    return (
        Markup(
            f"<p>{escape(text('frame.not_a_forecast'))} {escape(text('shell.version', version=version()))} "
            f'<a href="{escape(state.blank().href("/selftest"))}">{escape(text("shell.selftest"))}</a></p>'
        )
        + translation_note()
    )


def translation_note() -> Markup:
    """How far the translation can be trusted; empty for English."""
    told = about_translation()
    return Markup('<p class="translation">{}</p>').format(" ".join(told)) if told else Markup("")


@solara.component
def Guarded(page: Callable[..., solara.Element], state: State, go: Go) -> None:
    """Draw a page or, where that fails, what one can do about it; the fault goes to the server's own output."""
    fault, forget = reacton.use_exception()
    latest = solara.use_ref((fault, state))
    if fault is not None and latest.current[0] is fault and latest.current[1] != state:
        forget()  # another question may well be drawn
        fault = None
    elif fault is not latest.current[0]:
        if fault is not None:
            log.error("a page could not be drawn: %s", state.query() or "no query", exc_info=fault)
        latest.current = (fault, state)
    # With keys, for what is in the same place is taken for the same component, hooks and all; and with nothing
    # around it, or the renderer goes round in circles.
    if fault is None:
        page(state, go).key("page")
    else:
        solara.HTML(unsafe_innerHTML=broken(fault)).key("fault")


def broken(fault: BaseException) -> Markup:
    """What is said where a page could not be drawn."""
    said = f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"
    return Markup(
        f'<h1>{escape(text("frame.broken"))}</h1><div class="fault" role="alert">'
        f"<p>{escape(text('frame.broken_note'))}</p><p><code>{escape(said)}</code></p></div>"
        f'<p><button type="button" data-reload>{escape(text("shell.reload"))}</button> <a '
        f'href="{escape(address_in_language("/"))}">{escape(text("shell.lost_home"))}</a></p>'
    )


def framed(path: str, page: Callable[..., solara.Element]) -> Callable[[], solara.Element]:
    """A page in its frame, given the state of the address and the way on."""

    @solara.component
    def Framed() -> None:
        state, go = use_address()
        with solara.Div(classes=["shell"]):
            ShowAddress(state, f"{page_name(path)} - {text('shell.name')}")
            Html(header(path, state), tag="header")
            with solara.v.Html(tag="main", attributes={"id": "main", "tabindex": "-1"}):
                Html(kit.patterns() + notices(state) + (changed_line(state) if path in NAMED else ""))
                Guarded(page, state, go)
            Html(footer(state), tag="footer")

    return Framed


@solara.component
def Bare(children: list = []) -> None:  # noqa: B006  Solara's form for a layout
    """No chrome of Solara's: the frame is ours."""
    with solara.Div(children=children):
        pass


Layout = Bare
routes = [
    solara.Route(path=path, component=framed(path, module.Page), label=f"{page_name(path)} - Stackcraft", layout=Bare)
    for path, module in PAGES.items()
]
