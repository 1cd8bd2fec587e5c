"""Build pages about the public names from their docstrings: static files that open offline.

    python -m stackcraft.viz.docs.api_page build/api

Needs `pdoc` (the extra `test`). The pages hold their own style and search; nothing is asked of the network.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from stackcraft.agents.errors import InputError

MODULES = (
    "stackcraft.model",
    "stackcraft.agents",
    "stackcraft.agents.strategies",
    "stackcraft.agents.view",
    "stackcraft.experiments",  # with its analyses
)


def build(folder: str | Path) -> Path:
    """Write the pages into `folder` and return the first of them. Raises `InputError` where pdoc is missing."""
    try:
        import pdoc
    except ImportError:
        raise InputError("the pages are built with pdoc: make setup-all, or pip install pdoc") from None

    for name in (*MODULES, "stackcraft.experiments.analyses"):
        package = import_module(name)
        for public in getattr(package, "__all__", ()):  # pdoc looks only at what has been loaded
            setattr(package, public, getattr(package, public))
    pdoc.render.configure(docformat="numpy", show_source=False, footer_text="Stackcraft")
    pdoc.pdoc(*MODULES, output_directory=Path(folder))
    return Path(folder) / "index.html"


if __name__ == "__main__":
    print(build(sys.argv[1] if len(sys.argv) > 1 else "build/api"))
