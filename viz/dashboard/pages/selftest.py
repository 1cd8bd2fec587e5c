"""The self-test: every asset the dashboard needs, found or missing, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import solara
from markupsafe import Markup, escape

from viz import charts
from viz.dashboard.address import Go
from viz.dashboard.frame import Html
from viz.dashboard.state import State
from viz.dashboard.strings import text


def parts() -> list[tuple[str, bool, str]]:
    """Key of each part, whether it is here, and the key of what to do when it is not."""
    from viz.dashboard import server

    def here(test: Callable[[], object]) -> bool:
        try:
            return bool(test())
        except (OSError, ImportError, ValueError, StopIteration):
            return False

    return [
        ("style", here(lambda: all(path.is_file() for path in server.LOOK) and server.style()), "reinstall"),
        ("script", here(lambda: server.SCRIPTS and all(path.stat().st_size for path in server.SCRIPTS)), "reinstall"),
        ("font", server.font() is not None, "reinstall"),
        ("shapes", here(_shapes), "reinstall"),
        ("solara", here(lambda: find_spec("solara_assets") or _solara_assets()), "reinstall"),
        ("widgets", here(_widgets), "reinstall"),
        ("facts", here(_facts), "reinstall"),
        ("cache", here(_compiled), "compile"),
    ]


def _shapes() -> object:
    from viz.dashboard.widgets.atlas import shapes_json

    return len(shapes_json()) > 10_000


def _solara_assets() -> bool:
    """The package of Solara's assets puts its files beside the interpreter's other shared data."""
    import sys

    return any((Path(sys.prefix) / "share").glob("solara/cdn/**/solara-vuetify-app*"))


def _widgets() -> bool:
    folder = Path(__file__).parents[1] / "widgets"
    return all(path.stat().st_size for path in folder.glob("*.js"))


def _facts() -> bool:
    from model.inputs import load_inputs

    return len(load_inputs("world").iso3) > 150


def _compiled() -> bool:
    import model.loop  # noqa: F401  chooses the cache folder
    from numba.core import config

    return any(Path(config.CACHE_DIR).rglob("*.nbi"))


def page(found: list[tuple[str, bool, str]]) -> Markup:
    """The table of parts under its headline."""
    missing = sum(not here for _, here, _ in found)
    lead = text("selftest.all_found") if not missing else text("selftest.some_missing", missing=missing, all=len(found))
    rows = [
        [text(f"selftest.{key}"), text(f"selftest.{key}_use"), text("selftest.found" if here else "selftest.missing"), "" if here else text(f"selftest.{todo}")]
        for key, here, todo in found
    ]
    head = [text(f"selftest.{name}") for name in ("part", "where", "state", "todo")]
    return Markup(f'<p class="lead">{escape(lead)}</p><div class="scroll">{charts.table(head, rows, text("selftest.title"), kind="words")}</div>')


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /selftest."""
    Html(text("selftest.title"), tag="h1")
    Html(page(solara.use_memo(parts, [])))
