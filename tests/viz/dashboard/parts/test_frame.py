"""The frame without a browser: a page that fails does not take the frame with it."""

import pytest

solara = pytest.importorskip("solara", reason="Solara is not installed: pages are not drawn")

from stackcraft.viz.dashboard import app  # noqa: E402
from stackcraft.viz.dashboard.downloads.codes import MARK, encode  # noqa: E402
from stackcraft.viz.dashboard.parts import frame  # noqa: E402
from stackcraft.viz.dashboard.state import MOST_RUNS, Question, State, read  # noqa: E402
from stackcraft.viz.dashboard.widgets.share import Share  # noqa: E402


def shown(widget):
    """Every piece of HTML in a tree of widgets."""
    own = [str(widget.unsafe_innerHTML)] if hasattr(widget, "unsafe_innerHTML") else []
    return own + [
        one for child in getattr(widget, "children", ()) if not isinstance(child, str) for one in shown(child)
    ]


def within(widget):
    """A widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        if not isinstance(child, str):
            yield from within(child)


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
    nav = html.partition("</nav>")[0]
    assert nav.count("<li>") == len(app.IN_NAVIGATION) and 'href="#main"' in html


def test_the_footer_says_what_this_is_not():
    told = app.footer(read("runs=4"))
    assert "not a forecast" in told and 'href="/selftest"' in told and "machines" not in told


@pytest.fixture
def share():
    """The widget to share and to bring with, on a page, and the questions that it went on to."""
    asked = []
    box, context = solara.render(frame.ShareBox(State(), lambda **changes: asked.append(changes)), handle_error=False)
    yield next(widget for widget in within(box) if isinstance(widget, Share)), asked
    context.close()


BRING = {
    "nested too deep": (
        "brought",
        ["deep.toml", "a = " + "[" * 5000, ""],
        "deep.toml: not valid TOML: brackets are nested",
    ),
    "a number too long": (
        "brought",
        ["long.toml", "seed = " + "9" * 5000, ""],
        "long.toml: not valid TOML: a number has",
    ),
    "a year too long": ("brought", ["years.toml", f"years = [2025, 1{'0' * 400}]", ""], "years.toml: years"),
    "a file that the browser cannot read": ("brought", ["gone.toml", None, "unreadable"], "gone.toml cannot be read"),
    "a file too large": ("brought", ["big.toml", None, "too_large"], "big.toml is larger"),
    "a code with an accent": ("typed", [f"{MARK}caf\u00e9"], "mangled"),
    "a code of digits beyond ASCII": ("typed", [f"{MARK}\u0661\u0662\u0663"], "mangled"),
    "a code cut off": ("typed", [encode("set=us_government.supply_bond=0.9")[:-6]], "whole"),
    "nothing": ("typed", [""], "not a scenario code"),
    "the mark alone": ("typed", [MARK], "whole"),
}


@pytest.mark.parametrize(("name", "content", "line"), BRING.values(), ids=BRING)
def test_what_cannot_be_opened_gives_one_clear_line_of_its_own(share, name, content, line):
    widget, asked = share
    widget.brought = [1, "before.toml", "title = ", ""]
    assert widget.error.startswith("before.toml: not valid TOML")
    setattr(widget, name, [2, *content])
    assert line in widget.error and "before.toml" not in widget.error and "\n" not in widget.error
    assert len(widget.error) < 600 and not asked and not widget.opened


def test_a_fault_of_ours_is_not_silent(share, monkeypatch, caplog):
    widget, _ = share
    monkeypatch.setattr(frame, "decode", lambda code: 1 / 0)
    widget.typed = [1, "SC1-x"]
    assert widget.error == "This could not be opened; the server's own output says why."
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(("runs", "used"), [(5, 5), (MOST_RUNS, MOST_RUNS), (1000, MOST_RUNS)])
def test_the_runs_of_a_file_are_used_as_far_as_the_dashboard_goes_and_it_says_so(share, runs, used):
    widget, asked = share
    widget.brought = [1, "mine.toml", f"title = 'Mine'\nruns = {runs}\nseed = 9\nstory = 'Once.'", ""]
    assert asked[-1]["question"].runs == used and asked[-1]["question"].scenario.runs == used
    assert f"{used} runs and seed 9" in widget.opened and "story is not shown" in widget.opened
    assert ("1,000 runs" in widget.opened) == (runs > MOST_RUNS) and not widget.error


def test_a_file_that_opens_takes_the_fault_before_it_away(share):
    widget, asked = share
    widget.brought = [1, "bad.toml", "title = ", ""]
    widget.brought = [2, "good.toml", "title = 'Good'", ""]
    assert widget.error == "" and "good.toml is open" in widget.opened and asked[-1]["question"].runs == Question().runs
