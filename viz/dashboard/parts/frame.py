"""What every page has: what went wrong, how far the work is, and what one can take along."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import solara
from markupsafe import Markup, escape

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.manifest import version
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.dashboard.downloads.codes import decode, encode
from stackcraft.viz.dashboard.live import Progress
from stackcraft.viz.dashboard.naming import file_name
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.blocs import place_of
from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.state import Question, State, fits_address, read
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.dashboard.widgets.share import Share

log = logging.getLogger("stackcraft.dashboard")
MOST_MISTAKES = 12  # of an address that are listed; the rest are counted
SHARE_WORDS = (
    "copy",
    "copied",
    "copy_code",
    "bring",
    "type_code",
    "open",
    "chart",
    "as_svg",
    "as_png",
    "saving_failed",
)


def Html(markup: str, tag: str = "div", classes: str = "", id_: str = "") -> None:
    """Put ready HTML on the page."""
    solara.HTML(tag=tag, unsafe_innerHTML=str(markup), classes=classes.split(), attributes={"id": id_} if id_ else {})


def notices(state: State) -> Markup:
    """What was not understood in the address; empty where all was."""
    if not state.mistakes:
        return Markup("")
    rest = len(state.mistakes) - MOST_MISTAKES
    told = [*state.mistakes[:MOST_MISTAKES], *([text("frame.more_mistakes", more=rest)] if rest > 0 else [])]
    lines = "".join(f"<li>{escape(one)}</li>" for one in told)
    return Markup(f'<div class="fault" role="alert"><p>{escape(text("frame.mistakes"))}</p><ul>{lines}</ul></div>')


def progress_line(state: State, progress: Progress) -> Markup:
    """How many runs the picture is made of, for eyes and for scripts."""
    summary = progress.value
    made, wanted = (
        (getattr(summary, "paired", 0) or summary.runs, summary.wanted)
        if summary is not None
        else (0, state.question.runs)
    )
    if summary is None:
        words = text("frame.nothing" if progress.error else "frame.first_time")
    elif progress.error:
        words = text("frame.unfinished", done=made, total=wanted) if not progress.stale else text("frame.stale_kept")
    elif progress.stale:
        words = text("frame.stale")
    elif progress.finished:
        words = text("frame.finished", total=wanted, seed=state.question.scenario.seed)
    else:
        words = text("frame.working", done=made, total=wanted)
    if summary is not None and summary.failed:
        words += "; " + text("frame.failed_runs", failed=summary.failed)
    query = state.query()
    told = {
        "done": made,
        "total": wanted,
        "stale": int(progress.stale),
        "finished": int(progress.finished),
        "question": "?" + query if query else "",
    }
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in told.items())
    share = 100 * made / max(wanted, 1) if not progress.stale else 0
    bar = f'<span class="bar-track" aria-hidden="true"><i style="width:{share:.0f}%"></i></span>'
    fault = (
        f'<p class="fault" role="alert">{escape(text("frame.fault"))} {escape(progress.error)}</p>'
        if progress.error
        else ""
    )
    return Markup(
        f'{fault}<p id="progress" role="status" class="quiet" {attributes}>{bar} <span>{escape(words)}</span></p>'
    )


@solara.component
def ShareBox(state: State, go: Go, compared: bool = False) -> None:
    """Show the address, files and prints of what is on screen, and a way in for a scenario file or a code."""
    share = solara.use_memo(lambda: Share(strings={name: text(f"frame.{name}") for name in SHARE_WORDS}), [])
    latest = solara.use_ref(go)
    latest.current = go

    def listen() -> Any:
        def brought(change: Any) -> None:
            _, *content = change.new
            share.error = share.opened = ""
            try:
                if change.name == "brought":
                    asked, opened = asked_by_file(*content)
                else:
                    asked, opened = asked_by_code(*content), text("frame.opened_code")
                latest.current(**asked)
            except InputError as error:
                share.error = " ".join(str(error).split())
            except Exception:  # whatever it is, silence would leave a visitor waiting
                log.exception("a scenario that was brought could not be opened")
                share.error = text("frame.cannot_open")
            else:
                share.opened = opened

        share.observe(brought, ("brought", "typed"))
        return lambda: share.unobserve(brought, ("brought", "typed"))

    def show() -> None:
        share.links, share.code, share.captions = (
            _links(state, compared),
            encode(state.query_in_no_language()),
            captions(state),
        )
        share.file_name = file_of(state, "", "")

    solara.use_effect(listen, [])
    solara.use_memo(show, [state])
    with solara.v.Html(tag="details", class_="share"):
        solara.v.Html(tag="summary", children=[text("frame.share")])
        Shown(share)


def country_in_view(state: State) -> str:
    """Return the name of the country that is looked at; "" where there is none."""
    if not state.view.country:
        return ""
    scenario = state.question.checked
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    code, known = place_of(state.view.country, inputs)
    return words.country_names(known)[code] if code else ""


def file_of(state: State, what: str, ending: str) -> str:
    """Return the name of a file that is taken along: with what was changed and the country that is looked at."""
    return file_name(state.question.names, what, ending, country_in_view(state))


def picture_title(state: State, finding: str) -> str:
    """Return what heads a saved picture: what was changed, where anything was, and the finding."""
    question = state.question
    return text("names.picture", title=question.names.long, finding=finding) if question.changed else finding


def changed_line(state: State) -> Markup:
    """Return what is above a headline: what was changed; empty where nothing is."""
    question = state.question
    if not question.changed:
        return Markup("")
    return Markup('<p class="changed-line">{}</p>').format(text("names.changed_mark", title=question.names.long))


def captions(state: State, runs: int | None = None) -> list[str]:
    """Return what is below a picture that is saved: what was changed, how it was made, by what, and when."""
    scenario, country = state.question.scenario, country_in_view(state)
    title, (first, last) = words.said(scenario.title or scenario.name), scenario.years
    return [
        *([text("names.looked_at", country=country)] if country else []),
        text("frame.caption_run", title=title, runs=runs or scenario.runs, seed=scenario.seed, first=first, last=last),
        text("frame.caption_source", version=version(), day=words.day(date.today())),
    ]


def asked_by_code(code: str) -> dict[str, Any]:
    """Return question, reference and view of a short code. Raises `InputError` for anything else."""
    state = read(decode(code))
    if state.mistakes:
        raise InputError("; ".join(state.mistakes))
    return {"question": state.question, "reference": state.reference, **vars(state.view)}


def asked_by_file(name: str, content: str | None, fault: str = "") -> tuple[dict[str, Any], str]:
    """Return the question that a scenario file asks, compared with nothing else, and what of the file is used.

    `fault` is "too_large" or "unreadable" where the browser has no content to give. Raises `InputError` with what is
    wrong and where.
    """
    from stackcraft.viz.dashboard.downloads.files import read_toml_text

    if content is None:
        raise InputError(text(f"frame.{fault}", name=name))
    scenario = read_toml_text(content, name)
    question = Question.of(scenario)
    if not fits_address(question):
        raise InputError(text("frame.too_long", name=name))
    opened = [text("frame.opened", name=name, runs=question.runs, seed=scenario.seed)]
    if scenario.runs > question.runs:
        opened.append(text("frame.opened_fewer", runs=scenario.runs))
    if scenario.story:
        opened.append(text("frame.opened_no_story"))
    return {"question": question, "reference": None}, " ".join(opened)


def _links(state: State, compared: bool) -> list[dict[str, str]]:
    rows = (
        *((("difference.csv", "difference_csv"),) if compared else ()),
        ("table.csv", "table_csv"),
        ("curves.csv", "curves_csv"),
        ("brief.html", "brief"),
        ("snippet.py", "snippet"),
        ("scenario.toml", "scenario_toml"),
        ("results.json", "results"),
        ("report.html", "report"),
        ("bundle.zip", "bundle"),
    )
    found = []
    for path, key in rows:
        what, _, ending = path.partition(".")
        found.append(
            {
                "href": state.href(f"/download/{path}"),
                "title": text(f"frame.{key}"),
                "note": text(f"frame.{key}_note"),
                "file": "" if ending == "html" else file_of(state, what, ending),  # pages open
            }
        )
    return found
