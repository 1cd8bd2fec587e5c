"""Taking the state along: the address to copy, files to keep, and a scenario file to bring."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Share(anywidget.AnyWidget):
    """Links to files (each {"href", "title", "note"}), a button that copies the address, and a file input.

    `brought` is set by the browser to the text of a scenario file, with a counter in front; `error` is shown beside the input.
    """

    _esm = (HERE / "share.js").read_text(encoding="utf-8")
    links = traitlets.List(traitlets.Dict()).tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    brought = traitlets.List().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
