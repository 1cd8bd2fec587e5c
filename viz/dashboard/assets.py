"""The files that pages are made with: style sheets, scripts, the font, and the assets of Solara."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
LOOK = (HERE.parent / "look.css", *sorted((HERE / "static").glob("*.css")), *sorted((HERE / "widgets").glob("*.css")))
SCRIPTS = sorted((HERE / "static").glob("*.js"))
WIDGET_SCRIPTS = sorted((HERE / "widgets").glob("*.js"))


def style() -> str:
    """Return every style sheet in a row."""
    return "\n".join(path.read_text(encoding="utf-8") for path in LOOK)


def script() -> str:
    """Return every script of the frame in a row."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)


def font() -> Path | None:
    """Return the variable font file of the installed font package; None where it is missing."""
    package = find_spec("fontpkg_source_sans_3")
    if package is None or not package.submodule_search_locations:
        return None
    return next(iter(sorted(Path(package.submodule_search_locations[0], "files").glob("SourceSans3[[]*.ttf"))), None)


def solara_files() -> Path:
    """Return the folder of the scripts and styles of Solara's pages; ask once the server is made."""
    from solara.server import settings

    return Path(settings.assets.proxy_cache_dir)
