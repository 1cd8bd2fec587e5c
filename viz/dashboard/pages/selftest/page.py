"""The self-test: every asset the dashboard needs, found or missing, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import solara
from markupsafe import Markup, escape

from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard import assets
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import Html
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text


def parts() -> list[tuple[str, bool, str]]:
    """Key of each part, whether it is here, and the key of what to do when it is not."""

    def here(test: Callable[[], object]) -> bool:
        try:
            return bool(test())
        except (OSError, ImportError, ValueError, StopIteration):
            return False

    return [
        ("style", here(lambda: all(path.is_file() for path in assets.LOOK) and assets.style()), "reinstall"),
        ("script", here(lambda: assets.SCRIPTS and all(path.stat().st_size for path in assets.SCRIPTS)), "reinstall"),
        ("font", assets.font() is not None, "reinstall"),
        ("shapes", here(_shapes), "reinstall"),
        ("solara", here(_solara_assets), "reinstall"),
        ("widgets", here(_widgets), "reinstall"),
        ("facts", here(_facts), "reinstall"),
        ("cache", here(_compiled), "compile"),
    ]


def _shapes() -> object:
    from stackcraft.viz.dashboard.widgets.atlas import shapes_json

    return len(shapes_json()) > 10_000


def _solara_assets() -> bool:
    """Return whether every script and style that Solara's pages ask for is installed, at Solara's own version."""
    from importlib.metadata import version

    from solara.server.server import read_root

    asked = re.findall(r'(?:src|href)="/_solara/cdn/([^"?]+)"', read_root("/selftest") or "")
    return (
        bool(asked)
        and all((assets.solara_files() / path).is_file() for path in asked)
        and version("solara-assets") == version("solara-ui")
    )


def _widgets() -> bool:
    scripts = [path.stat().st_size for path in (Path(__file__).parents[2] / "widgets").glob("*.js")]
    return len(scripts) > 0 and all(scripts)


def _facts() -> bool:
    from stackcraft.model.inputs import load_inputs

    return len(load_inputs("world").iso3) > 150


def _compiled() -> bool:
    from stackcraft.model.loop.cache import kernels

    return kernels() > 0


def page(found: list[tuple[str, bool, str]]) -> Markup:
    """The table of parts under its headline."""
    missing = sum(not here for _, here, _ in found)
    lead = text("selftest.all_found") if not missing else text("selftest.some_missing", missing=missing, all=len(found))
    rows = [
        [
            text(f"selftest.{key}"),
            text(f"selftest.{key}_use"),
            text("selftest.found" if here else "selftest.missing"),
            "" if here else text(f"selftest.{todo}"),
        ]
        for key, here, todo in found
    ]
    head = [text(f"selftest.{name}") for name in ("part", "where", "state", "todo")]
    return Markup(
        f'<p class="lead">{escape(lead)}</p><div '
        f'class="scroll">{kit.table(head, rows, text("selftest.title"), kind="words")}</div>'
    )


@solara.component
def Page(state: State, go: Go) -> None:
    """The page at /selftest."""
    Html(text("selftest.title"), tag="h1")
    Html(page(solara.use_memo(parts, [])))
