"""Downloads, each from its address alone, mounted under /download with the query that every page has.

Work is asked of the server's one queue, so that downloads take their turn with everybody; a handler waits for it in a
thread.
"""

from __future__ import annotations

import contextvars
import io
import itertools
import logging
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from stackcraft.agents.errors import InputError
from stackcraft.experiments.live import OneRun, Pair, Queue
from stackcraft.experiments.live.countries import OwnLevers, WithCountries
from stackcraft.experiments.live.ensemble import played
from stackcraft.experiments.live.queue import Stopped, Task, Work
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.downloads import files
from stackcraft.viz.dashboard.downloads.files import read_toml_text
from stackcraft.viz.dashboard.parts.blocs import is_bloc, place_of
from stackcraft.viz.dashboard.parts.frame import country_in_view, file_of
from stackcraft.viz.dashboard.state import Question, State, read
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import languages

__all__ = ["ROUTES", "read_toml_text"]

SECONDS = 300  # a download that takes longer is given up
MOST_WAITING = 16  # downloads that wait at once; more would take every thread that answers requests
READY_SOON = 2.0  # seconds within which a page is simply given
FORGOTTEN = 120.0  # seconds after which a page that nobody came back for is forgotten
WATCHED_EVERY = 0.5  # seconds between looks at how far a download is
Watch = Callable[[int, int], None]  # told how many parts are done, of how many
log = logging.getLogger("stackcraft.dashboard")
_numbers = itertools.count(1)
_seats = threading.BoundedSemaphore(MOST_WAITING)


def queue() -> Queue:
    """The server's queue."""
    from stackcraft.viz.dashboard.live import QUEUE

    return QUEUE


def wait_for(*works: Work, watch: Watch = lambda done, total: None) -> list[Any]:
    """Return the results of tasks, which take their turn in the queue; `watch` is told how far they are.

    Raises `InputError`, and `TimeoutError` when it takes too long.

    `TimeoutError` comes at once where too many others wait already.
    """
    if not _seats.acquire(blocking=False):
        raise TimeoutError("too many downloads wait")
    shared, visitor = (
        queue(),
        f"download {next(_numbers)}",
    )  # a visitor each: one download must not take the place of another
    try:
        jobs = [shared.ask(visitor, str(place), work) for place, work in enumerate(works)]
        end = time.monotonic() + SECONDS
        while not all(job.finished for job in jobs):
            watch(sum(job.done for job in jobs), sum(job.total for job in jobs))
            waited = next(job for job in jobs if not job.finished)
            try:
                shared.wait(waited, min(WATCHED_EVERY, max(0.01, end - time.monotonic())))
            except TimeoutError:
                if time.monotonic() >= end:
                    raise
        return [shared.wait(job, SECONDS) for job in jobs]
    except Stopped:
        raise TimeoutError("the server is closing") from None
    finally:
        shared.leave(visitor)
        _seats.release()


class Bundle:
    """One run of everything, written out: work for a queue, whose result, bytes of a file, is not kept."""

    keep = False

    def __init__(self, question: Question, write: Callable[[Path, Any], bytes]) -> None:
        self.question, self.write, self.language = question, write, languages.current()
        self.key = ("bundle", next(_numbers))  # nobody shares it: it is large, and gone when it has been sent

    def parts(self) -> Sequence[Task]:
        return [Task(self._run, rank=3, long=True)]

    def _run(self, stop: Callable[[], bool]) -> bytes:
        with (
            languages.using(self.language),
            played(self.question.scenario, stop, ledger_runs=1) as simulation,
            tempfile.TemporaryDirectory() as folder,
        ):
            return self.write(Path(folder), simulation)

    def shows(self, done: set[int]) -> bool:
        return False

    def fold(self, pieces: Mapping[int, bytes]) -> bytes:
        return pieces[0]

    def size(self, value: bytes) -> int:
        return len(value)


def zipped(question: Question) -> Callable[[Path, Any], bytes]:
    """The run bundle as a zip file, in its own folder."""

    def write(place: Path, simulation: Any) -> bytes:
        from stackcraft.viz.report.bundle import write_bundle

        write_bundle(place, question.scenario, simulation, [files.command(question)])
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(place.iterdir()):
                packed = path.suffix in (".nc", ".parquet")  # compressed as they are
                archive.write(path, f"stackcraft/{path.name}", zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    return write


def reported(question: Question) -> Callable[[Path, Any], bytes]:
    """The report of the run, one page."""

    def write(place: Path, simulation: Any) -> bytes:
        from stackcraft.viz.report.build import build_report

        path = build_report(simulation, place / "report.html", {"repeat": files.command(question)})
        return path.read_bytes()

    return write


# what each address gives


def _table(state: State) -> Response:
    (summary,) = wait_for(WithCountries(state.question.scenario))
    return _file(files.table_csv(state, summary), "text/csv", file_of(state, "table", "csv"))


def _curves(state: State) -> Response:
    (summary,) = wait_for(WithCountries(state.question.scenario))
    return _file(files.curves_csv(state, summary), "text/csv", file_of(state, "curves", "csv"))


def _difference(state: State) -> Response:
    (pair,) = wait_for(Pair(state.against.scenario, state.question.scenario))
    return _file(files.difference_csv(state, pair), "text/csv", file_of(state, "difference", "csv"))


def _results(state: State) -> Response:
    (summary,) = wait_for(WithCountries(state.question.scenario))
    return _file(files.results_json(state, summary), "application/json", file_of(state, "results", "json"))


def _scenario(state: State) -> Response:
    return _file(told_of(state).scenario.to_toml(), "application/toml", file_of(state, "scenario", "toml"))


def _snippet(state: State) -> Response:
    return _file(files.snippet(told_of(state), state.view), "text/x-python", file_of(state, "snippet", "py"))


def _bundle(state: State) -> Response:
    question = told_of(state)
    (packed,) = wait_for(Bundle(question, zipped(question)))
    return _file(packed, "application/zip", file_of(state, "bundle", "zip"))


def _report(state: State) -> Response:
    question = told_of(state)
    (page,) = wait_for(Bundle(question, reported(question)))
    return _page(page, file_of(state, "report", "html"))


def _brief(state: State, watch: Watch = lambda done, total: None) -> Response:
    from stackcraft.viz.dashboard.downloads.brief import brief

    question, name = state.question, file_of(state, "brief", "html")
    if country_in_view(state):
        return _page(_of_country(state, watch), name)
    if state.reference is None and not question.changed:
        (summary,) = wait_for(WithCountries(question.scenario), watch=watch)
        return _page(brief(state, summary), name)
    against = state.against.scenario
    (pair,) = wait_for(Pair(against, question.scenario), watch=watch)
    return _page(brief(state, pair.b, pair), name)


def _of_country(state: State, watch: Watch) -> str:
    """The brief about the country that is looked at."""
    from stackcraft.viz.dashboard.downloads.country_brief import Known, country_brief
    from stackcraft.viz.dashboard.pages.country.today import year_ahead
    from stackcraft.viz.dashboard.parts.own_levers import plain

    question = state.question
    scenario = question.scenario
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    code, known = place_of(state.view.country, inputs)
    bloc = code if is_bloc(known, code) else ""
    alone = plain(question, code)
    year = year_ahead(tuple(range(scenario.years[0], scenario.years[1] + 1)), state.view.year)
    works = [WithCountries(scenario, bloc), OwnLevers(alone.scenario, code, year)]
    works += [WithCountries(alone.scenario, bloc)] if alone != question else []
    summary, effects, *before = wait_for(*works, watch=watch)
    (record,) = wait_for(OneRun(scenario, summary.representative))
    return country_brief(state, Known(code, summary, before[0] if before else None, effects, record))


def told_of(state: State) -> Question:
    """The question with a story that names the country that is looked at, where there is one."""
    country = country_in_view(state)
    if not country:
        return state.question
    story = text("names.looked_at", country=country)
    return replace(state.question, story=story)


def _page(content: str | bytes, name: str) -> Response:
    """A page to be looked at, which is saved under a name that says what it is."""
    return HTMLResponse(content, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)


def fault(line: str, status: int) -> Response:
    """A page with one clear line."""
    title = escape(text("takeaway.fault_title"))
    page = Markup(
        '<!doctype html><html {3}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p><p><a href="{4}">{2}</a></p></main></body></html>'
    ).format(
        title, " ".join(line.split()), text("takeaway.fault_back"), Markup(languages.attributes()),
        languages.address_in_language("/"),
    )  # fmt: skip
    return HTMLResponse(str(page), status_code=status)


def answering(make: Callable[..., Response]) -> Callable[[Request], Response]:
    """Return a handler, which Starlette calls in a thread.

    What was not understood in the address is an error here: a file cannot say so beside itself.
    """

    def handle(request: Request) -> Response:
        state = read(request.url.query)
        if state.mistakes:
            more = len(state.mistakes) - 1
            return fault(
                state.mistakes[0].removesuffix(text("mistakes.wrong", given="", why="|").partition("|")[2])
                + (f"; {text('takeaway.fault_more', more=more)}" if more else ""),
                400,
            )
        # A browser that opens a page is shown how far it is; a program waits for it.
        if make in SLOW and request.headers.get("sec-fetch-dest") == "document":
            asked = f"{languages.current()}?{request.url.query}"
            return making.answer(asked, lambda watch: answered(lambda: make(state, watch)))
        return answered(lambda: make(state))

    return handle


def answered(make: Callable[[], Response]) -> Response:
    """What is made, or a page that says why it cannot be."""
    try:
        return make()
    except InputError as error:
        return fault(files.one_line(str(error).splitlines()), 400)
    except TimeoutError:
        return fault(text("takeaway.late"), 503)


class Making:
    """Pages that take a while: each is made once in a thread of its own, while the browser is told how far it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: dict[str, dict[str, Any]] = {}

    def answer(self, query: str, make: Callable[[Watch], Response]) -> Response:
        """Return the page if it is ready soon, and else one that says how far it is and asks again by itself."""
        now = time.monotonic()
        with self._lock:
            for key in [key for key, one in self._pages.items() if now - one["asked"] > FORGOTTEN]:
                del self._pages[key]
            one = self._pages.get(query)
            if one is None:
                if len(self._pages) >= MOST_WAITING:
                    return fault(text("takeaway.late"), 503)
                one = self._pages[query] = {"done": 0, "total": 0, "ready": threading.Event(), "asked": now}
                here = contextvars.copy_context()  # the language of the request goes on in the thread
                threading.Thread(
                    target=here.run, args=(self._make, one, make), name="stackcraft-page", daemon=True
                ).start()
            one["asked"] = now
        if not one["ready"].wait(READY_SOON):
            return _waiting(one["done"], one["total"])
        with self._lock:
            self._pages.pop(query, None)
        return one["page"]

    def _make(self, one: dict[str, Any], make: Callable[[Watch], Response]) -> None:
        def watch(done: int, total: int) -> None:
            one.update(done=done, total=total)

        try:
            one["page"] = make(watch)
        except Exception:
            log.exception("a page could not be made")
            one["page"] = fault(text("frame.broken_note"), 500)
        one["ready"].set()


def _waiting(done: int, total: int) -> Response:
    """A page that says how far the one that was asked for is, and asks again."""
    said = text("takeaway.making_parts", done=done, total=total) if total else text("takeaway.making_begins")
    page = Markup(
        '<!doctype html><html {4}><head><meta charset="utf-8"><meta http-equiv="refresh" content="1">'
        '<link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{0}</title><style>'
        "body{{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:18vh auto;padding:0 16px}}"
        ":root{{color-scheme:light dark}}"
        'progress{{width:100%}}</style></head><body><main><h1>{0}</h1><p role="status">{1}</p>'
        '<progress aria-label="{0}" value="{2}" max="{3}"></progress></main></body></html>'
    ).format(text("takeaway.making"), said, done, max(total, 1), Markup(languages.attributes()))
    return HTMLResponse(str(page), headers={"Cache-Control": "no-store"})


making = Making()


MAKERS: dict[str, Callable[..., Response]] = {
    "table.csv": _table,
    "curves.csv": _curves,
    "difference.csv": _difference,
    "results.json": _results,
    "scenario.toml": _scenario,
    "snippet.py": _snippet,
    "bundle.zip": _bundle,
    "report.html": _report,
    "brief.html": _brief,
}
SLOW = (_brief,)  # pages that a browser is shown the progress of
ROUTES = [Route(f"/{name}", answering(make), methods=["GET"]) for name, make in MAKERS.items()]
