"""The frame without a browser: a page that fails does not take the frame with it."""

import pytest

solara = pytest.importorskip("solara", reason="Solara is not installed: pages are not drawn")

from stackcraft.viz.dashboard import app  # noqa: E402
from stackcraft.viz.dashboard.state import State, read  # noqa: E402


def shown(widget):
    """Every piece of HTML in a tree of widgets."""
    own = [str(widget.unsafe_innerHTML)] if hasattr(widget, "unsafe_innerHTML") else []
    return own + [
        one for child in getattr(widget, "children", ()) if not isinstance(child, str) for one in shown(child)
    ]


def test_a_page_that_cannot_be_drawn_says_so_and_another_question_draws_it(caplog):
    broken = State()

    @solara.component
    def Inner():
        raise ValueError("no <such> thing")

    @solara.component
    def Page(state, go):
        solara.use_effect(lambda: None, [])
        solara.HTML(unsafe_innerHTML="the page")
        if state == broken:
            Inner()

    @solara.component
    def Root(state):
        with solara.Div():
            solara.HTML(unsafe_innerHTML="the frame")
            app.Guarded(Page, state, print)

    box, context = solara.render(Root(broken), handle_error=False)
    frame, fault = shown(box)
    assert frame == "the frame" and fault.count("<h1>") == 1 and "ValueError: no &lt;such&gt; thing" in fault
    assert any("a page could not be drawn" in record.message for record in caplog.records)
    context.render(Root(read("runs=4")))
    assert shown(box) == ["the frame", "the page"]
    context.render(Root(broken))
    assert "could not be drawn" in shown(box)[1]
    context.close()


def test_navigation_marks_the_page_and_keeps_the_question():
    html = str(app.header("model", read("runs=4")))
    assert html.count('aria-current="page"') == 1 and '<a href="/model?runs=4" aria-current="page">' in html
    assert html.count("<li>") == len(app.IN_NAVIGATION) and 'href="#main"' in html


def test_the_footer_says_what_this_is_not():
    assert "forecasts nothing" in app.footer() and 'href="/selftest"' in app.footer()
