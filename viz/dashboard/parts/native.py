"""The browser's own elements, and our widgets, in a Solara page."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import solara


@solara.component
def Button(label: str, on_click: Callable[[], None], pressed: bool | None = None, disabled: bool = False) -> None:
    """A native button; `pressed` tells whether it is the one chosen, None where that means nothing."""
    attributes: dict[str, object] = {"type": "button"}
    if pressed is not None:
        attributes["aria-pressed"] = "true" if pressed else "false"
    if disabled:
        attributes["disabled"] = "disabled"
    element = solara.v.Html(tag="button", attributes=attributes, children=[label])
    solara.v.use_event(element, "click", lambda *_: on_click())


@solara.component
def Shown(widget: anywidget.AnyWidget) -> None:
    """A widget that was made once, where it is on the page; closed when it leaves."""
    solara.use_effect(lambda: widget.close, [])
    solara.v.Html(tag="div", children=[widget], class_="shown")
