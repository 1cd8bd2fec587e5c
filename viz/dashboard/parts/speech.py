"""The language of each visitor: what the address asks for, else what the browser wants, else English."""

from __future__ import annotations

from collections.abc import Callable

import solara.lab
from solara.server import kernel_context

from stackcraft.viz.dashboard.strings import well_translated
from stackcraft.viz.words import languages

_SPOKEN: dict[str, languages.Spoken] = {}  # by visitor


def _of_this_visitor() -> languages.Spoken:
    return _SPOKEN.get(_visitor(), languages.NOBODY)


def _visitor() -> str:
    try:
        return kernel_context.get_current_context().id
    except RuntimeError:  # nobody's thread
        return ""


languages.ask_sessions(_of_this_visitor)


def speak_as_asked(query: str) -> None:
    """Speak to the present visitor in the language of the address or, where it names none, of the browser."""
    if visitor := _visitor():
        header = ",".join((solara.lab.headers.peek() or {}).get("accept-language", []))
        _SPOKEN[visitor] = languages.of_request(query, header, well_translated)


def _forget_with_kernel() -> Callable[[], object]:
    visitor = _visitor()
    return lambda: _SPOKEN.pop(visitor, None)


solara.lab.on_kernel_start(_forget_with_kernel)
