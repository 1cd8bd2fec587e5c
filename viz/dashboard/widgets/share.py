"""Taking the state along: the address and its short code to copy, files to keep, and a scenario file or a code to
bring.
"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Share(anywidget.AnyWidget):
    """Links to files (each {"href", "title", "note"}), the page's charts as pictures with `captions` (lines), buttons
    that copy the address and the `code`, a file input and a field.

    The browser sets `brought` to name and text of a scenario file, and `typed` to a code, with a counter in front;
    `error` is shown beside them.
    """

    _esm = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("saved.js", "share.js"))
    links = traitlets.List(traitlets.Dict()).tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    brought = traitlets.List().tag(sync=True)
    typed = traitlets.List().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
