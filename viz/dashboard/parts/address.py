"""The address bar as the page's state: reading it, moving on, and changes that the Back button does not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anywidget
import solara
import traitlets

from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.parts.speech import speak_as_asked
from stackcraft.viz.dashboard.state import Question, State, read


class AddressBar(anywidget.AnyWidget):
    """Puts `href` into the address bar in place of what is there, and `title` on the window."""

    _esm = """
    export default { render({ model, el }) {
      el.style.display = "none";
      const show = () => {
        const href = model.get("href"), title = model.get("title");
        if (title) document.title = title;
        if (href && href !== location.pathname + location.search) history.replaceState(history.state, "", href);
      };
      model.on("change:href", show); model.on("change:title", show); show();
    } };
    """
    href = traitlets.Unicode("").tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)


Go = Callable[..., None]


def use_address() -> tuple[State, Go]:
    """The state of the address, and `go`.

    `go(question=, reference=, step=True, **view)` moves on: with `step` the Back button leads back here; without, the
    address changes quietly, as while one looks through the years or drags a lever.
    """
    router = solara.use_router()
    query = router.search or ""
    speak_as_asked(query)  # first, for what is not understood in the address is said in its language
    told = solara.use_memo(lambda: read(query), [query])
    # What was changed quietly since the address was last set. It goes with its address: who comes back there finds
    # what it says.
    quiet = solara.use_ref(None)
    at = solara.use_ref(query)
    _, redraw = solara.use_state(0)
    if at.current != query:
        at.current, quiet.current = query, None
    state = quiet.current or told
    latest = solara.use_ref(state)
    latest.current = state

    def go(question: Question | None = None, reference: Any = ..., step: bool = True, **view: Any) -> None:
        before = latest.current
        after = State(
            before.question if question is None else question,
            before.reference if reference is ... else reference,
            replace(before.view, **view),
            language=before.language,
        )
        if after == replace(before, mistakes=()):
            return
        latest.current = after
        if step and after.query() != query:
            router.push(after.href("/" + (router.path or "").strip("/")))
        else:
            quiet.current = after
            redraw(lambda number: number + 1)

    return state, go


@solara.component
def ShowAddress(state: State, title: str = "") -> None:
    """Keeps the address bar at `state` and the window's title at `title`."""
    router = solara.use_router()
    bar = solara.use_memo(AddressBar, [])
    bar.href = state.href("/" + (router.path or "").strip("/"))
    bar.title = title
    Shown(bar)
