"""Taking the state along: the address and its short code, files to keep, a scenario file or a code to bring."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Share(anywidget.AnyWidget):
    """Links to files, charts as pictures, buttons that copy the address and its code, a file input and a field.

    `links` are {"href", "title", "note"} each, `captions` the lines below a picture. The browser sets `brought` to a
    counter, the name and the text of a scenario file, and, where the text is None, why ("too_large", "unreadable");
    `typed` to a counter and a code. `error` or `opened` is shown beside them.
    """

    _esm = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("saved.js", "share.js"))
    links = traitlets.List(traitlets.Dict()).tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    brought = traitlets.List().tag(sync=True)
    typed = traitlets.List().tag(sync=True)
    opened = traitlets.Unicode("").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    file_name = traitlets.Unicode("stackcraft").tag(sync=True)  # how the names of saved pictures begin
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
