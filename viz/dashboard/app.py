"""The pages and the frame around them."""

from __future__ import annotations

from collections.abc import Callable

import solara
from markupsafe import Markup, escape

from experiments.manifest import version
from viz import charts
from viz.dashboard.address import ShowAddress, use_address
from viz.dashboard.frame import Html, notices
from viz.dashboard.pages import compare, country, deals, explore, matters, model, selftest, start
from viz.dashboard.state import State
from viz.dashboard.strings import text

PAGES = {
    "/": start, "explore": explore, "compare": compare, "country": country, "deals": deals, "matters": matters, "model": model, "selftest": selftest,
}  # fmt: skip
IN_NAVIGATION = ("/", "explore", "compare", "country", "deals", "matters", "model")


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
    return Markup(
        f'<a class="skip" href="#main">{escape(text("shell.skip"))}</a><div class="shell-head"><a class="shell-name" href="/">{escape(text("shell.name"))}</a>'
        f'<nav aria-label="{escape(text("shell.pages"))}"><ul>{"".join(links)}</ul></nav>'
        f'<button type="button" data-theme-button aria-pressed="false">{escape(text("shell.theme"))}</button></div>'
    )


def footer() -> Markup:
    """What this is not, the version, and the page that checks the installation."""
    return Markup(
        f'<p>{escape(text("frame.not_a_forecast"))} {escape(text("shell.version", version=version()))} '
        f'<a href="/selftest">{escape(text("shell.selftest"))}</a></p>'
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
                Html(charts.patterns() + notices(state))
                page(state, go)
            Html(footer(), tag="footer")

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
